"""Accounting units: the administrative divisions that are shipped and the units of somebody's own; which lies in which."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.messages.problems import refuse_one
from gep.messages.suggest import find_closest
from gep.messages.texts import Name, join_list, mark_word, say
from gep.paths import LISTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

NATION = "CN"
PROVINCE_DIGITS, PREFECTURE_DIGITS = 2, 4


ADMINISTRATIVE = "administrative"
"""The hierarchy of villages, townships, counties, cities, provinces and the nation; all others are somebody's own."""
DIVISION_DIGITS = 6


@dataclass(frozen=True)
class Membership:
    """A unit's place in a hierarchy: the unit it is a part of, from one year to another; None: without end."""

    hierarchy: str
    parent: str
    first: int | None = None
    last: int | None = None

    def holds_in(self, year: int | None) -> bool:
        """Return whether it holds in a year; without a year, whether it holds to this day."""
        if year is None:
            return self.last is None
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class Region:
    """An accounting unit: the nation, a province, prefecture or county as shipped, or a unit of somebody's own.

    Attributes
    ----------
    code  : six digits, as in GB/T 2260; nine of a township, twelve of a village; of other units what its owner calls it
    level : kind: nation, province, prefecture, county, township, village, reserve, wetland, basin, red_line, group, parcel
    parent : the unit it lies in by administration; empty where it lies in several, or in none
    memberships : of a unit of somebody's own, and of a division that is a part of one: its places in hierarchies
    area_km2 : as its owner states it; None: not stated
    valid_from, valid_to : years of the first and last account it may have; None: without end
    successor : the unit that takes its place after `valid_to`
    disjoint : whether its owner says that its parts do not overlap
    polygon  : GeoJSON of its border; empty: none
    address  : where its owner gave it; empty of what is shipped
    """

    code: str
    name_zh: str
    name_en: str
    level: str
    parent: str
    memberships: tuple[Membership, ...] = ()
    area_km2: float | None = None
    valid_from: int | None = None
    valid_to: int | None = None
    successor: str = ""
    disjoint: bool = False
    polygon: str = ""
    address: str = ""

    def name(self, language: str) -> str:
        """Return the name of the unit in a language (`zh` or `en`)."""
        return self.name_zh if language == "zh" else self.name_en

    def parent_in(self, hierarchy: str, year: int | None = None) -> str:
        """Return the unit it is a part of in a hierarchy and year; empty where there is none."""
        for one in self.memberships:
            if one.hierarchy == hierarchy and one.holds_in(year):
                return one.parent
        return self.parent if hierarchy == ADMINISTRATIVE else ""


COUNTRY = Region(NATION, "全国", "China", "nation", "")
_COUNTRY_NAMES = {"cn", "china", "nation", "中国", "全国"}


@cache
def read_divisions() -> dict[str, Region]:
    """Return the administrative divisions that are shipped, by their six-digit code."""
    rows = read_list(LISTS / "regions.csv")
    return {row["code"]: Region(row["code"], row["name_zh"], row["name_en"], row["level"], row["parent"]) for row in rows}


@dataclass(frozen=True)
class _Known:
    """All units of a call; of those of somebody's own the parts of each in each hierarchy; and where they came from."""

    regions: Mapping[str, Region]
    parts: Mapping[tuple[str, str], tuple[str, ...]]
    own: Mapping[str, Region]
    given: Mapping[str, Region]
    stored: Mapping[str, Region]
    store: str


_KNOWN: ContextVar[_Known] = ContextVar("gep_units")


def read_regions() -> Mapping[str, Region]:
    """Return every unit by its code: the nation and the divisions shipped, and those of somebody's own that this call has read."""
    known = _KNOWN.get(None)
    return _read_shipped() if known is None else known.regions


@cache
def _read_shipped() -> dict[str, Region]:
    return {**read_divisions(), NATION: COUNTRY}


@cache
def _know_nothing() -> _Known:
    return _Known(_read_shipped(), {}, {}, {}, {}, "")


def read_own_units() -> Mapping[str, Region]:
    """Return the units of somebody's own that this call has read, by code, and the divisions that are parts of them."""
    known = _KNOWN.get(None)
    return {} if known is None else known.own


def adopt_units(units: Iterable[Region]) -> None:
    """Make units of somebody's own known to everything that this call does from here on; they go before those of a store."""
    found = {one.code: one for one in units}
    if found:
        known = _KNOWN.get(_know_nothing())
        _know({**known.given, **found}, known.stored, known.store)


def adopt_stored_units(store: str, units: Callable[[], Iterable[Region]]) -> None:
    """Make the units of a store known, in place of those of another state or store.

    Parameters
    ----------
    store : what tells one state of a store from all others; units are only asked for where it is another
    """
    known = _KNOWN.get(_know_nothing())
    if store != known.store:
        _know(known.given, {one.code: one for one in units()}, store)


def _know(given: Mapping[str, Region], stored: Mapping[str, Region], store: str) -> None:
    own = {**stored, **given}
    parts: dict[tuple[str, str], list[str]] = {}
    for one in own.values():
        for key in dict.fromkeys((at.hierarchy, at.parent) for at in one.memberships):
            parts.setdefault(key, []).append(one.code)
    together = {key: tuple(codes) for key, codes in parts.items()}
    _KNOWN.set(_Known({**_read_shipped(), **own}, together, own, given, stored, store))


@contextmanager
def forget_units() -> Iterator[None]:
    """Let everything inside begin with what is shipped; what it adopts is forgotten at its end."""
    token = _KNOWN.set(_know_nothing())
    try:
        yield
    finally:
        _KNOWN.reset(token)


def add_memberships(division: Region, memberships: tuple[Membership, ...]) -> Region:
    """Return a division that is a part of units of somebody's own."""
    return replace(division, memberships=memberships)


@dataclass(frozen=True)
class Retired:
    """A county that was abolished or renamed: its old code and name, the code of its successor, and the year of the change."""

    code: str
    name_zh: str
    successor: str
    year: int


@cache
def read_retired() -> tuple[Retired, ...]:
    """Return the counties of Jiangxi that became a district or a city since 2013; of other provinces none are known."""
    rows = read_list(LISTS / "retired_regions.csv")
    return tuple(Retired(row["code"], row["name_zh"], row["successor"], int(row["year"])) for row in rows)


@cache
def read_founded() -> dict[str, int]:
    """Return code → year of founding of the counties of Jiangxi that are no successor of one county and younger than 2013."""
    return {row["code"]: int(row["year"]) for row in read_list(LISTS / "founded_regions.csv")}


def find_retired(text: str) -> list[Retired]:
    """Return the abolished or renamed counties that a code or a name means; none that is in use today."""
    wanted = text.strip()
    return [one for one in read_retired() if wanted in {one.code, one.name_zh} and wanted not in read_regions()]


def is_division_code(code: str) -> bool:
    """Return whether a text is written as the code of a division: six digits."""
    return len(code) == DIVISION_DIGITS and code.isascii() and code.isdigit()


def list_chain(code: str, year: int | None = None) -> tuple[str, ...]:
    """Return the regions a unit lies in by administration, itself included, widest first, in the short form of the coefficient tables.

    Parameters
    ----------
    code : 360725 gives CN, 36, 3607, 360725; a village all these, its township and itself; a unit of several counties CN and itself
    year : the year in which it lies there; None: today
    """
    if is_division_code(code):
        return (NATION, code[:PROVINCE_DIGITS], code[:PREFECTURE_DIGITS], code)
    if code == NATION:
        return (NATION,)
    known, inner = read_own_units(), [code]
    while code in known and len(inner) < _DEEPEST:
        code = known[code].parent_in(ADMINISTRATIVE, year)
        if not code or code == NATION or is_division_code(code):
            break
        inner.append(code)
    return (*(_shorten_chain(code) if is_division_code(code) else (NATION,)), *reversed(inner))


_DEEPEST = 20
"""Steps from a unit to the nation at most: circles are refused where units are read, and end here."""


def _shorten_chain(code: str) -> tuple[str, ...]:
    """Return the chain of a division in which others lie: a province or city in its short form."""
    short = shorten_code(code)
    return tuple(dict.fromkeys((NATION, short[:PROVINCE_DIGITS], short[:PREFECTURE_DIGITS], short)))


def find_level(code: str) -> str:
    """Return the kind of a unit; empty where it is not known."""
    one = read_regions().get(code)
    return one.level if one else ""


def find_province(code: str) -> str:
    """Return the two digits of the province a unit lies in; empty where it lies in none, or in several."""
    chain = list_chain(code)
    return chain[1] if len(chain) > 1 and len(chain[1]) == PROVINCE_DIGITS and chain[1].isdigit() else ""


def list_parts(code: str, hierarchy: str, year: int | None = None) -> tuple[str, ...]:
    """Return the units that are parts of a unit in a hierarchy and year, by code; those of somebody's own, not the counties of a city."""
    known = _KNOWN.get(None)
    if known is None:
        return ()
    found = known.parts.get((hierarchy, code), ())
    return tuple(sorted(one for one in found if known.own[one].parent_in(hierarchy, year) == code))


def list_hierarchies_of(code: str) -> tuple[str, ...]:
    """Return the hierarchies in which a unit has parts of somebody's own, by name."""
    known = _KNOWN.get(None)
    return () if known is None else tuple(sorted(hierarchy for hierarchy, parent in known.parts if parent == code))


def list_counties_within(code: str) -> list[Region]:
    """Return the counties of a province or city, by code; of a county itself."""
    start = shorten_code(code)
    return [one for one in read_divisions().values() if one.level == "county" and one.code.startswith(start)]


def shorten_code(code: str) -> str:
    """Return a division in the short form: 360000 → 36, 360700 → 3607; the code of any other unit as it is."""
    if not is_division_code(code):
        return code
    if code.endswith("0000"):
        return code[:PROVINCE_DIGITS]
    return code[:PREFECTURE_DIGITS] if code.endswith("00") else code


def find(text: str) -> list[Region]:
    """Return the divisions that a code, a Chinese name (with or without 县) or an English name means; none, one or several."""
    known = read_regions()
    wanted = text.strip()
    if wanted in known:
        return [known[wanted]]
    folded = _fold(wanted)
    exact = [
        region
        for region in known.values()
        if wanted == region.name_zh or folded in {_fold(region.name_en), _fold(region.name_en.replace("ü", "v"))}
    ]
    if exact:
        return exact
    return [region for region in known.values() if len(wanted) > 1 and region.name_zh[:-1] == wanted]


def means_the_nation(text: str) -> bool:
    """Return whether a text means the whole nation: CN, 全国."""
    return text.strip().casefold() in _COUNTRY_NAMES


def look_up_divisions(text: str, where: str = "COUNTY", *, level: str = "") -> list[Region]:
    """Return every division that a code or name means, at least one.

    Parameters
    ----------
    where : the argument or option that the text stands in, for the refusal
    level : province, prefecture or county; empty: any

    Raises
    ------
    Problems : no division is meant, with those nearest to it
    """
    meant = [one for one in find(text) if level in {"", one.level}]
    if meant:
        return meant
    if where == _ANY_LEVEL:
        refuse_one(where, say("there is no place {text!r}", text=text), "a code, a name, or CN", suggest_divisions(text))
    refuse_one(where, say("there is no county {county!r}", county=text), "a code or a name", suggest_divisions(text))


def look_up_division(
    text: str, where: str = "COUNTY", *, level: str = "", likely: Callable[[Region], bool] | None = None
) -> Region:
    """Return the one division that a code or name means.

    Parameters
    ----------
    where  : the argument or option that the text stands in, for the refusal
    level  : province, prefecture or county; empty: any
    likely : of several divisions those for which it holds count, where there are any

    Raises
    ------
    Problems : no division is meant, with those nearest to it; or several are
    """
    meant = look_up_divisions(text, where, level=level)
    meant = [one for one in meant if likely(one)] or meant if likely else meant
    if len(meant) == 1:
        return meant[0]
    several = join_list(
        say("{place} ({level})", place=f"{one.code} {one.name_zh}", level=mark_word(one.level)) for one in meant[:_SHOWN]
    )
    found = (
        say("{text} is several places: {several}", text=text, several=several)
        if where == _ANY_LEVEL
        else say("{county} is several counties: {several}", county=text, several=several)
    )
    refuse_one(where, found, "one of them", "give the code")


_ANY_LEVEL = "PLACE"
"""The argument that takes places of every level; all others ask for a county."""

_SHOWN = 10


def suggest_divisions(text: str) -> str:
    """Return the successor of a retired division as a hint, else the divisions nearest to an unknown one; empty if none is near."""
    for one in find_retired(text):
        new = f"{one.successor} {read_regions()[one.successor].name_zh}"
        return say("{old} is {new} since {year}", old=f"{one.code} {one.name_zh}", new=new, year=one.year)
    near = find_nearest(text)
    return say("near it: {near}", near=join_list(near)) if near else ""


def _fold(name: str) -> str:
    return name.casefold().replace("ü", "u").replace(" ", "").replace("'", "")


def find_nearest(text: str) -> list[str]:
    """Return names and codes close to an unknown one."""
    known = read_regions()
    if text[:PREFECTURE_DIGITS].isdigit():
        inside = [
            region
            for region in known.values()
            if region.code[:PREFECTURE_DIGITS] == text[:PREFECTURE_DIGITS] and region.level == "county"
        ]
        close = find_closest(text, [region.code for region in inside], count=3, alike=0)
        return [f"{code} {known[code].name_zh}" for code in close]
    names = {name: region for region in known.values() for name in (region.name_zh, region.name_en, region.code)}
    close = find_closest(text, names, count=3)
    return [f"{names[name].code} {names[name].name_zh}" for name in close]


def name_region(code: str) -> str:
    """Return the code of a division; in Chinese its name stands before it. A code that is not known stays as it is."""
    return Name(code, f"{read_regions()[code].name_zh}（{code}）") if code in read_regions() else code
