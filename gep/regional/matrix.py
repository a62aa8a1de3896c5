"""The matrix of counties, years and steps of review: what is approved, submitted, returned, a draft, or not there at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.reference.regions import COUNTRY, NATION, find_province, list_chain, read_regions
from gep.regional.coverage import find_prefix, list_counties_in, look_up_standard
from gep.store.newest import list_newest

if TYPE_CHECKING:
    from gep.reference.regions import Region
    from gep.store.store import Store

STATES = ("approved", "submitted", "returned", "draft")


@dataclass(frozen=True)
class Row:
    """A county; year → state of its newest account, no entry where there is none; `voided`: years whose approval a later run voids."""

    county: str
    name_zh: str
    name_en: str
    states: dict[int, str]
    voided: tuple[int, ...]


@dataclass(frozen=True)
class Matrix:
    """All rows; `absent` counts the counties of the same provinces that have no account in any year and are not listed."""

    standard: str
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    absent: int


def make_matrix(store: Store, place: Region | None, standard: str | None) -> Matrix:
    """Return the matrix of a place's counties, those without any account included; without a place, of those in the store.

    Parameters
    ----------
    standard : id; None: the default one, or the only one there is

    Raises
    ------
    Problems : several standards and none asked for
    """
    every = list_counties_in(place or COUNTRY)
    prefix = find_prefix(place or COUNTRY)
    short = prefix or NATION
    asked = tuple(code for code in read_regions() if code == short or short in list_chain(code))
    chosen = look_up_standard(store, asked, None, standard)
    found = [one for one in list_newest(store, asked) if one.standard == chosen]
    states: dict[str, dict[int, str]] = {}
    voided: dict[str, list[int]] = {}
    for one in found:
        states.setdefault(one.county, {})[one.year] = one.state
        if one.voided:
            voided.setdefault(one.county, []).append(one.year)
    known = read_regions()
    codes = sorted(set(states) | set(every)) if place else sorted(states)
    rows = tuple(
        Row(code, known[code].name_zh, known[code].name_en, states.get(code, {}), tuple(voided.get(code, ()))) for code in codes
    )
    provinces = {find_province(code) for code in states}
    absent = 0 if place else sum(1 for code in every if find_province(code) in provinces and code not in states)
    return Matrix(chosen, tuple(sorted({one.year for one in found})), rows, absent)
