"""Where something stands in its source, in two languages: `section 2.4.6, discharges` is said piece by piece.

Locators of coefficients and clauses of rules are written once, in English or as the source prints them. In Chinese a text that
the catalogue has whole is taken from it; another is taken apart at commas, semicolons, brackets and `and`, and each piece is
looked up or is a numbered place (a section, a table, a page, an equation). Where one piece is not known the text stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gep.messages.texts import Text, Word, say, say_in

_NUMBERED = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (r"section (?P<number>\d[\d.]*)", "section {number}"),
        (r"section (?P<number>\d[\d.]*) \((?P<part>\d+)\)", "section {number} ({part})"),
        (r"table (?P<number>[A-Z]?[\d.]+)", "table {number}"),
        (r"table (?P<number>[A-Z]?[\d.]+) p\. (?P<page>\d+)", "table {number}, page {page}"),
        (r"annex (?P<number>[A-Z]?[\d.]+)", "annex {number}"),
        (r"annex (?P<number>[A-Z]?[\d.]+) p\. (?P<page>\d+)", "annex {number}, page {page}"),
        (r"(?P<number>[A-Z][\d.]+) p\. (?P<page>\d+)", "{number}, page {page}"),
        (r"p\. (?P<number>\d+)", "page {number}"),
        (r"eq\. (?P<number>\d[\d.-]*)", "equation {number}"),
        (r"equation (?P<number>\d[\d.-]*)", "equation {number}"),
        (r"formula \((?P<number>\d+)\)", "equation ({number})"),
        (r"volume (?P<number>\d+)", "volume {number}"),
        (r"附表 no\.(?P<number>\d+)", "annexed table, number {number}"),
        (r"chapter (?P<number>\d+)", "chapter {number}"),
    )
)
_ENGLISH = re.compile(r"(?<![A-Za-z0-9._-])(?:[A-Za-z]?(?!exp)[a-z]{3,}|an|as|at|by|in|is|no|of|on|to)(?![A-Za-z0-9]*\d)")
"""An English word, as against a symbol, a function of a formula or the name of a series."""
_BRACKETS = re.compile(r"(?P<text>.+?) \((?P<within>.*)\)")
_BETWEEN = (("; ", "；"), (", ", "，"))


class Cited(Word):
    """Where something stands in its source; in Chinese said piece by piece."""

    __slots__ = ()

    @property
    def zh(self) -> str:
        """The place in Chinese; as it is where a piece of it is not known."""
        return _say_chinese(str(self))


def mark_cited(text: str) -> Cited:
    """Return a locator or clause as a string that also knows itself in Chinese."""
    return Cited(text)


def say_cited(text: str, lang: str) -> str:
    """Return a locator or clause in a language."""
    return say_in(Cited(text) if type(text) is str else text, lang)


def cite(source: str, locator: str, region: str = "") -> Text:
    """Return the id of a source with the place in it, and the region that a row is of, in both languages."""
    if region:
        return say("{source}, {locator} ({region})", source=source, locator=Cited(locator), region=region)
    return say("{source}, {locator}", source=source, locator=Cited(locator))


@lru_cache(maxsize=4096)
def _say_chinese(text: str) -> str:
    """Return a place in Chinese, whole, or as it is."""
    said = _say_piece(text)
    return text if said is None else said


def _say_piece(text: str) -> str | None:
    """Return a piece in Chinese; None where it has English that is not known."""
    whole = Word(text).zh
    if whole != text:
        return whole
    for pattern, template in _NUMBERED:
        if found := pattern.fullmatch(text):
            return Text(template, found.groupdict()).zh
    for sign, chinese in _BETWEEN:
        pieces = _divide(text, sign)
        if len(pieces) > 1:
            return _join(pieces, chinese)
    if not _ENGLISH.search(text):
        return text
    both = text.split(" and ")
    if all(map(_is_numbered, both)):
        return _join(both, "和")
    if found := _BRACKETS.fullmatch(text):
        said, within = _say_piece(found["text"]), _say_piece(found["within"])
        return None if said is None or within is None else f"{said}（{within}）"
    return None


def _is_numbered(piece: str) -> bool:
    """Return whether a piece is a numbered place or only a number."""
    return not _ENGLISH.search(piece) or any(pattern.fullmatch(piece) for pattern, _ in _NUMBERED)


def _join(pieces: list[str], sign: str) -> str | None:
    """Return all pieces in Chinese, or None where one is not known."""
    said = [_say_piece(piece) for piece in pieces]
    return None if None in said else sign.join(filter(None, said))


def _divide(text: str, sign: str) -> list[str]:
    """Return the pieces of a text between signs that stand outside brackets."""
    pieces, depth, start, at = [], 0, 0, 0
    while at < len(text):
        depth += (text[at] == "(") - (text[at] == ")")
        if not depth and text.startswith(sign, at):
            pieces.append(text[start:at])
            at += len(sign)
            start = at
        else:
            at += 1
    return [*pieces, text[start:]]
