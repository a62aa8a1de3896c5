"""Finds names in a scheme that nobody could tell from others: letters that are not seen, or that look like others, and twins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gep.files.written_names import find_lookalike, find_unseen, fold_name, show_code
from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gep.compensation.scheme import Scheme

_HAN = re.compile(r"[\u4e00-\u9fff]+")


def check_names(scheme: Scheme, tell: Callable[..., None]) -> None:
    """Tell every name with characters that nobody sees or that look like others, and two parties whose names look alike."""
    for path, text in _list_names(scheme):
        letter = find_unseen(text)[:1]
        if letter:
            found = say("{what} holds a character that nobody sees: {code}", what=".".join(path), code=show_code(letter))
            tell(path, found, "letters, digits and signs that can be seen", "type it again instead of copying it")
        elif path == ("version",) and find_lookalike(text):
            found = say("version is {text!r}, with {code}", text=text, code=show_code(find_lookalike(text)))
            tell(path, found, "letters of one script", "type it again instead of copying it")
    named = {name: one.name for name, one in scheme.parties.items() if one.name}
    plain = {text: name for name, text in named.items()}
    odd: dict[str, tuple[str, str]] = {}
    for name, text in named.items():
        if _HAN.fullmatch(text):
            continue
        folded = fold_name(text)
        other = odd.setdefault(folded, (name, text))
        if other[1] == text and folded != text and folded in plain:
            other = (plain[folded], folded)
        if other[1] != text:
            found = say("the names of {one} and {other} look alike: {text!r}", one=other[0], other=name, text=text)
            tell(("parties", name, "name"), found, "names that people can tell apart")


def _list_names(scheme: Scheme) -> Iterator[tuple[tuple[str, ...], str]]:
    yield ("version",), scheme.version
    yield ("title", "zh"), scheme.title.zh
    yield ("title", "en"), scheme.title.en
    for at, legal in enumerate(scheme.legal):
        for name in ("title", "number", "issuer"):
            yield ("legal", str(at), name), getattr(legal, name)
    for name, party in scheme.parties.items():
        yield ("parties", name, "name"), party.name
    for name, section in scheme.sections.items():
        yield ("sections", name, "name"), section.name
    for name, fund in scheme.funds.items():
        yield ("funds", name, "title"), fund.title
        for at, source in enumerate(fund.sources):
            yield ("funds", name, "sources", str(at), "notice"), source.notice
