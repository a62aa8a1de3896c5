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
    """Return what to write in place of a name that is read in more than one way; empty if nothing is known.

    A numeral before the name and a power behind it stay: km2 for Km2, 万t for 万T.
    """
    bare = strip_numeral(name)
    for stem, power in ((name, ""), (bare, ""), (bare[:-1], bare[-1:])):
        found = read_unit_names().get(stem)
        if found and found["instead"] and power in {"", "2", "3"}:
            return ", ".join(f"{name[: len(name) - len(stem) - len(power)]}{one}{power}" for one in found["instead"].split(", "))
    return ""


def strip_numeral(name: str) -> str:
    """Return a name without the Chinese numeral before it: 美元 of 万美元."""
    return _NUMERAL.sub("", name, count=1) if _NUMERAL.match(name) else name


@cache
def list_known_names() -> tuple[str, ...]:
    """Return the names that may be written."""
    return tuple(name for name, row in read_unit_names().items() if row["size"])


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
