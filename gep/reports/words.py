"""Texts of reports in one language, an office's own before the shipped ones, and Chinese punctuation in full width."""

from __future__ import annotations

import re
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING

from gep.messages.catalogue import FILE, CatalogueError, list_keyed, parse_catalogue
from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.punctuation import widen_punctuation
from gep.messages.texts import say
from gep.reports.own_files import check_own_folder
from gep.standards.currency import AS_PRINTED
from gep.units.currencies import YUAN, show_money
from gep.units.readable import raise_powers
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gep.messages.catalogue import Entry

PREFIX = "report."


EQUIVALENTS = "title_of_equivalents"
_GEP = re.compile(r"生态产品总值(?:\s?[(（]?GEP[)）]?)?|[Gg]ross [Ee]cosystem [Pp]roduct(?: \(GEP\))?|\bGEP\b")
"""What the total of an account is called."""


class Words:
    """The texts of one language, by key; `say` fills in what a sentence tells of."""

    def __init__(self, lang: str, texts: Mapping[str, str]) -> None:
        self.lang = lang
        self.texts = texts

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def __getattr__(self, key: str) -> str:
        try:
            return self.texts[key]
        except KeyError:
            raise AttributeError(key) from None

    def say(self, key: str, **parts: object) -> str:
        """Return a sentence with its parts; parts are put in as they are."""
        return self.texts[key].format(**parts)

    def for_equivalents(self) -> Words:
        """Return the same texts for values by equivalent factors, which none of them calls GEP."""
        zh, en = "当量因子法价值（非生态产品总值）", "value by equivalent factors (not GEP)"
        said = zh if self.lang == "zh" else en
        return Words(self.lang, {key: text if key == EQUIVALENTS else _GEP.sub(said, text) for key, text in self.texts.items()})

    def for_quantities(self) -> Words:
        """Return the same texts for an account of quantities without prices, which none of its headings calls GEP."""
        return Words(self.lang, {**self.texts, "title": self["title_of_quantities"]})

    def for_currency(self, currency: str) -> Words:
        """Return the same texts with the name of a currency where they say yuan."""
        if currency == YUAN:
            return self
        return Words(self.lang, {key: show_money(text, currency) for key, text in self.texts.items()})

    def join(self, parts: list[str]) -> str:
        """Return a list as it is written in a sentence."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def unit(self, text: str) -> str:
        """Return a unit for people, in the words of the language."""
        return raise_powers(print_unit_in(text, self.lang))

    def wide(self, text: str) -> str:
        """Return a text of ours with the punctuation of the language."""
        return widen_punctuation(text) if self.lang == "zh" else text


def read_words(lang: str, folder: Path | None = None) -> Words:
    """Return the texts of reports in a language.

    Parameters
    ----------
    lang   : zh or en
    folder : one with a `zh.po` of the user's own, whose texts go before the shipped ones

    Raises
    ------
    Problems : the folder's catalogue cannot be read, has a key that no text has, or the folder reaches out of itself
    """
    if folder is not None:
        check_own_folder(folder)
    return _read_words(lang, folder)


@lru_cache(maxsize=8)
def _read_words(lang: str, folder: Path | None) -> Words:
    texts = {key.removeprefix(PREFIX): entry[lang] for key, entry in list_keyed().items() if key.startswith(PREFIX)}
    own = folder / FILE if folder else None
    if own is not None and own.exists():
        texts |= _read_own(own, lang, texts)
    if folder is not None and (folder / "texts.yaml").exists():
        refuse_one(str(folder / "texts.yaml"), "texts of one's own stand in zh.po", "zh.po", "docs/report-templates.md shows one")
    return Words(lang, texts)


def _read_own(path: Path, lang: str, texts: dict[str, str]) -> dict[str, str]:
    """Return the user's own texts of a language; each may hold what the shipped one of its key is filled in with.

    Raises
    ------
    Problems : all texts that are not of the catalogue, or ask for what they cannot have, with their lines
    """
    try:
        entries = parse_catalogue(read_utf8(path))
    except CatalogueError as error:
        refuse_one(str(path), "the texts cannot be read", "msgctxt, msgid and msgstr, each in quotes", line=error.line)
    found: dict[str, str] = {}
    problems = []
    for entry in entries:
        key = entry.key.removeprefix(PREFIX)
        if not entry.key.startswith(PREFIX) or key not in texts:
            problems.append(
                Problem(
                    str(path),
                    entry.line,
                    say("there is no text {key!r}", key=entry.key or entry.en),
                    "a msgctxt of templates/zh.po that begins with report.",
                )
            )
            continue
        if entry[lang]:
            found[key] = entry[lang]
            problems += _check_braces(path, entry, list_keyed()[entry.key], lang)
    if problems:
        raise Problems(problems)
    return found


def _check_braces(path: Path, own: Entry, shipped: Entry, lang: str) -> Iterator[Problem]:
    """Yield what is wrong with the braces of a text of one's own."""
    allowed = _slots(shipped[lang])
    try:
        unknown = sorted(_slots(own[lang]) - allowed)
    except ValueError as error:
        sentence = say("{key} cannot be filled in: {error}", key=own.key, error=error)
        yield Problem(str(path), own.line, sentence, "braces in pairs, a brace itself doubled")
        return
    if unknown:
        names = say("of {names}", names=", ".join(sorted(allowed))) if allowed else "no braces"
        sentence = say("{key} cannot have {unknown!r} in braces", key=own.key, unknown=unknown[0])
        yield Problem(str(path), own.line, sentence, names)


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def read_utf8(path: Path) -> str:
    """Return the text of a file of the user's.

    Raises
    ------
    Problems : it is not UTF-8, with the line
    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        refuse_one(str(path), "the file is not UTF-8", "UTF-8", "save it again as UTF-8", line=line)


def say_basis(year: int, index: str, words: Words) -> str:
    """Return in whose yuan the values of a year are, and by which index prices came there."""
    return words["basis_as_printed"] if index == AS_PRINTED else words.say("basis", year=year, index=index)
