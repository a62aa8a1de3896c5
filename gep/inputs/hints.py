"""What the text of a mistaken cell was probably meant to be; a guess for people, never used in place of what was written."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING

from gep.regions import find, nearest, regions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.formula.nodes import Title

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([, '][0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]+)")
_NOTHING = {"", "-", "--", "—", "——", "/", "无", "n/a", "na", "nan", "null", "none", "\\n"}
_DASHES = str.maketrans("−–—", "---")
_LONGEST = 60


def shown(text: str) -> str:
    """Return a cell's text in quotes, cut where it is long."""
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def nearest_id(text: str, known: Mapping[str, Title | None]) -> str:
    """Return the id that a text means by its name in either language or by its spelling, as a sentence; empty if none does."""
    folded = _folded(text)
    for identity, title in known.items():
        if folded and folded in {_folded(identity), *((_folded(title.zh), _folded(title.en)) if title else ())}:
            return f"write {identity}"
    close = difflib.get_close_matches(text[:_LONGEST], list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else ""


def number(text: str) -> str:
    """Return what to do about a value that is no number; empty if nothing can be said."""
    if text.lower() in _NOTHING:
        return "a figure that is not at hand: take the row out; a true zero: write 0"
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().lstrip("'=").strip()
    if NUMBER.fullmatch(text):
        return "no figure is as large as this"
    if _THOUSANDS.fullmatch(plain):
        return "write " + re.sub("[, ']", "", plain)
    if found := _DECIMAL_COMMA.fullmatch(plain):
        return f"write {found[1]}.{found[2]} if the comma is the decimal mark"
    if NUMBER.fullmatch(plain):
        return f"write {plain}"
    if found := re.fullmatch(rf"({NUMBER.pattern})\s*((?:[%‰°]|[^\W\d_](?![0-9])).*)", plain):
        return f"write {found[1]} and put {found.groups()[-1].strip()} in the column unit"
    return ""


def county(text: str) -> str:
    """Return the code that an unknown county probably means, or codes near it."""
    code = re.fullmatch(r"([0-9]{6})(?:\.0+|000000)?", _bare(text))
    if code and code[1] in regions():
        return f"write {code[1]}"
    near = [f"{one.code} {one.name_zh}" for one in find(text)] or nearest(text[:_LONGEST])
    return f"near it: {', '.join(near)}" if near else "gep query regions lists all codes"


def year(text: str) -> str:
    """Return the year that a text probably means; empty if none."""
    found = re.fullmatch(r"([0-9]{4})(?:\.0+|年.*|[-/][0-9]{1,2}([-/][0-9]{1,2})?( [0-9:.]+)?)?", _bare(text))
    return f"write {found[1]}" if found and found[1] != text else ""


def _bare(text: str) -> str:
    """Return a code without what spreadsheets put round it: full-width letters, quotes, an equals sign, spaces."""
    return re.sub(r"""[\s='"]""", "", unicodedata.normalize("NFKC", text))


def _folded(text: str) -> str:
    return re.sub(r"[\s_·-]", "", unicodedata.normalize("NFKC", text).casefold())
