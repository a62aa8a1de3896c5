"""The closed list of unit names that may be written; a name that pint knows and the list does not is no unit here."""

from __future__ import annotations

import re
from functools import cache

from gep.files.lists import read_list
from gep.paths import LISTS

_WORD = re.compile(r"%|[^\W\d]\w*|[^\w\s*/^().,+-]+")
_NUMERAL = re.compile(r"(?:千万|百万|[百千万亿])(?=.)")
_COUNT = re.compile(r"(?:千万|百万|[百千万亿])倍\*")
"""How a numeral before a Latin name stands in pint's spelling."""
_COUNTED = re.compile(_COUNT.pattern + r"([^\W\d]\w*)")
_YEAR_OF_MONEY = re.compile(r"(?<![A-Za-z])(CNY|yuan|元|人民币)_[0-9]{4}$")


def find_unknown_name(written: str) -> str:
    """Return the first name in a unit that the list does not have; empty where it has them all.

    Chinese numerals stand before the names whose row says so, nowhere else and only once; other prefixes are rows of their own.

    Parameters
    ----------
    written : the unit in pint's spelling, without its scale, money of a year with its year
    """
    counted = [found[1] for found in _COUNTED.finditer(written) if not _may_be_counted(found[1])]
    return next(
        (word for word in (*counted, *_WORD.findall(_COUNT.sub("", written))) if not _is_known(word) or word in counted), ""
    )


def find_instead(name: str) -> str:
    """Return what to write in place of a name that is read in more than one way or is of another system; empty if nothing is known."""
    found = read_unit_names().get(name)
    return found["instead"] if found else ""


@cache
def read_unit_names() -> dict[str, dict[str, str]]:
    """Return the list by name: `size` in units `of`, `counted` (yes: a Chinese numeral may stand before it), `instead`."""
    return {row["name"]: row for row in read_list(LISTS / "units.csv")}


def _is_known(word: str) -> bool:
    known, name = read_unit_names(), _YEAR_OF_MONEY.sub(r"\1", word)
    if name in known:
        return bool(known[name]["size"])
    return bool(_NUMERAL.match(name)) and _may_be_counted(_NUMERAL.sub("", name, count=1))


def _may_be_counted(word: str) -> bool:
    found = read_unit_names().get(_YEAR_OF_MONEY.sub(r"\1", word))
    return found is not None and found["counted"] == "yes"
