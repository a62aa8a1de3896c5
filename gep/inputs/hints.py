"""Guesses what the text of a mistaken cell was meant to be; for people only, never used in place of what was written."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from gep.files.written_numbers import DECIMAL_COMMA, NUMBER, find_false_digits, narrow_digits, normalise_text, split_number
from gep.messages.suggest import find_closest
from gep.messages.texts import join_list, name_id, say
from gep.reference.regions import find, read_regions, suggest_divisions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.messages.texts import Titled

_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}([, '][0-9]{3})+(\.[0-9]+)?")
_NOTHING = {"", "-", "--", "—", "——", "/", "无", "n/a", "na", "nan", "null", "none", "\\n"}
_DASHES = str.maketrans("−–—", "---")
_LONGEST = 60


def cut(text: str) -> str:
    """Return a cell's text, cut after 60 letters."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def suggest_id(text: str, known: Mapping[str, Titled | None]) -> str:
    """Return a hint with the id that a text probably means, by its title in either language or by its spelling; empty if none.

    Parameters
    ----------
    known : id → what has its title, or None
    """
    folded = _folded(text)
    meant: dict[str, str] = {}
    for identity, one in known.items():
        names = (one.title.zh, one.title.en) if one is not None else ()
        if folded and folded in {_folded(identity), *map(_folded, names)}:
            return say("write {text}", text=identity)
        meant |= {identity: identity, **dict.fromkeys(names[:1], identity)}
    close = find_closest(text[:_LONGEST], meant)
    if not close:
        return ""
    identity = meant[close[0]]
    one = known[identity]
    return say("did you mean {name}?", name=name_id(identity, {identity: one}) if one is not None else identity)


def suggest_number(text: str) -> str:
    """Return a hint what to write in place of a text that is not a number; empty if nothing can be said."""
    if text.lower() in _NOTHING:
        return "a figure that is not at hand: take the row out; a true zero: write 0"
    plain = narrow_digits(text).translate(_DASHES).strip().lstrip("'=").strip().replace("\u00a0", " ").replace("\u202f", " ")
    if NUMBER.fullmatch(text):
        return "no figure is as large as this"
    if _THOUSANDS.fullmatch(plain):
        return say("write {text}", text=re.sub("[, ']", "", plain))
    if found := DECIMAL_COMMA.fullmatch(plain):
        return say("write {text} if the comma is the decimal mark", text=f"{found[1]}.{found[2]}")
    if NUMBER.fullmatch(plain):
        return say("write {text}", text=plain)
    number, unit = split_number(plain)
    if number and re.match(r"[%‰°]|[^\W\d_](?![0-9])", unit):
        return say("write {text} and put {unit} in the column unit", text=number, unit=unit)
    return say_false_digits(text)


def say_false_digits(text: str) -> str:
    """Return a hint about raised, circled and other marks in a figure that are no digits; empty where there are none."""
    marks = find_false_digits(narrow_digits(text))
    if not marks:
        return ""
    return say(
        "{marks} is no digit: leave the mark of a note out; write a power or a fraction out in plain digits", marks=marks[:20]
    )


def suggest_county(text: str) -> str:
    """Return a hint with the code that an unknown county probably means, or codes near it."""
    code = re.fullmatch(r"([0-9]{6})(?:\.0+|000000)?", _bare(text))
    if code and code[1] in read_regions():
        return say("write {text}", text=code[1])
    called = find(text)
    if len(called) == 1:
        return say("write {text}", text=called[0].code)
    if called:
        return say("near it: {near}", near=join_list(f"{one.code} {one.name_zh}" for one in called))
    return suggest_divisions(text[:_LONGEST]) or "gep query regions lists all codes"


def suggest_year(text: str) -> str:
    """Return a hint with the year that a text probably means; empty if none."""
    found = re.fullmatch(r"([0-9]{4})(?:\.0+|年.*|[-/][0-9]{1,2}([-/][0-9]{1,2})?( [0-9:.]+)?)?", _bare(text))
    return say("write {text}", text=found[1]) if found and found[1] != text else ""


def _bare(text: str) -> str:
    """Return a code without what spreadsheets put round it: full-width letters, quotes, an equals sign, spaces."""
    return re.sub(r"""[\s='"]""", "", normalise_text(text))


def _folded(text: str) -> str:
    return re.sub(r"[\s_·-]", "", unicodedata.normalize("NFKC", text).casefold())
