"""Accounting units: the administrative divisions that are shipped and the units of somebody's own; which lies in which."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.messages.problems import refuse_one
from gep.messages.suggest import find_closest
from gep.messages.texts import Name, join_list, mark_word, say
from gep.paths import LISTS
from gep.records import dataclass
from gep.reference.adopted import ADOPTED
from gep.reference.periods import find_first_year, find_last_year
from gep.reference.retired import RENAMED, find_latest, read_retired

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from gep.reference.retired import Retired

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
        return (self.first is None or self.first <= find_first_year(year)) and (
            self.last is None or find_last_year(year) <= self.last
        )


@dataclass(frozen=True)
class DatedName:
    """What a unit is called from one year to another; None: without end."""

    zh: str
    en: str
    first: int | None = None
    last: int | None = None


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
    names    : by period, the oldest first, where it was not always called the same; the latest is `name_zh`, `name_en`
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
    names: tuple[DatedName, ...] = ()

    def name(self, language: str, year: int | None = None) -> str:
        """Return the name of the unit in a language (`zh` or `en`), that of a year where one is given."""
        one = self if year is None else self.named_in(year)
        return one.name_zh if language == "zh" else one.name_en

    def named_in(self, year: int) -> Region:
        """Return the unit under the name that it has in a year, of a period in its last one; a name holds until the next one begins."""
        if not self.names:
            return self
        last = find_last_year(year)
        one = next((one for one in reversed(self.names) if (one.first or 0) <= last), self.names[0])
        return replace(self, name_zh=one.zh, name_en=one.en)

    def existed_in(self, years: Collection[int]) -> bool:
        """Whether it may have an account of each of some years; of none: whether it is in use today."""
        if not years:
            return self.valid_to is None
        return all(
            (self.valid_from or 0) <= find_first_year(year)
            and find_last_year(year) <= (self.valid_to if self.valid_to is not None else find_last_year(year))
            for year in years
        )

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
    old: dict[str, tuple[DatedName, ...]] = {}
    rows = read_list(LISTS / "regions.csv")
    today = {row["code"]: row for row in rows}
    for one in sorted(read_retired(), key=lambda one: one.year):
        if one.successor == one.code and one.change == RENAMED and one.code in today:
            before = old.get(one.code, ())
            first = (before[-1].last or 0) + 1 if before else None
            english = name_former(one.name_zh, today[one.code]["name_en"], one.change)
            old[one.code] = (*before, DatedName(one.name_zh, english, first, one.year - 1))
    return {
        code: Region(code, row["name_zh"], row["name_en"], row["level"], row["parent"], names=_end_names(row, old.get(code, ())))
        for code, row in today.items()
    }


def _end_names(row: Mapping[str, str], names: tuple[DatedName, ...]) -> tuple[DatedName, ...]:
    """Return the former names of a division with that of today after them."""
    return (*names, DatedName(row["name_zh"], row["name_en"], (names[-1].last or 0) + 1)) if names else ()


@dataclass(frozen=True)
class _Known:
    """All units of a call; of those of somebody's own the parts of each in each hierarchy; and where they came from."""

    regions: Mapping[str, Region]
    parts: Mapping[tuple[str, str], tuple[str, ...]]
    own: Mapping[str, Region]
    given: Mapping[str, Region]
    stored: Mapping[str, Region]
    store: str


def read_regions() -> Mapping[str, Region]:
    """Return every unit by its code: the nation and the divisions shipped, and those of somebody's own that this call has read."""
    known = _find_adopted()
    return _read_shipped() if known is None else known.regions


def read_units_of_today() -> dict[str, Region]:
    """Return every unit by its code but the divisions that are gone."""
    old = read_retired_divisions()
    return {code: one for code, one in read_regions().items() if code not in old}


@cache
def _read_shipped() -> dict[str, Region]:
    return {**read_retired_divisions(), **read_divisions(), NATION: COUNTRY}


def _find_adopted() -> _Known | None:
    known: _Known | None = ADOPTED.get()
    return known


def _recall() -> _Known:
    return _find_adopted() or _Known(_read_shipped(), {}, {}, {}, {}, "")


def read_own_units() -> Mapping[str, Region]:
    """Return the units of somebody's own that this call has read, by code, and the divisions that are parts of them."""
    known = _find_adopted()
    return {} if known is None else known.own


def adopt_units(units: Iterable[Region]) -> None:
    """Make units of somebody's own known to everything that this call does from here on; they go before those of a store."""
    found = {one.code: one for one in units}
    if found:
        known = _recall()
        _know({**known.given, **found}, known.stored, known.store)


def adopt_stored_units(store: str, units: Callable[[], Iterable[Region]]) -> None:
    """Make the units of a store known, in place of those of another state or store.

    Parameters
    ----------
    store : what tells one state of a store from all others; units are only asked for where it is another
    """
    before = _find_adopted()
    if store != (before.store if before else ""):
        known = _recall()
        _know(known.given, {one.code: one for one in units()}, store)


def _know(given: Mapping[str, Region], stored: Mapping[str, Region], store: str) -> None:
    own = {**stored, **given}
    parts: dict[tuple[str, str], list[str]] = {}
    for one in own.values():
        for key in dict.fromkeys((at.hierarchy, at.parent) for at in one.memberships):
            parts.setdefault(key, []).append(one.code)
    together = {key: tuple(codes) for key, codes in parts.items()}
    ADOPTED.set(_Known({**_read_shipped(), **own}, together, own, given, stored, store))


def add_memberships(division: Region, memberships: tuple[Membership, ...], *, disjoint: bool, area_km2: float | None) -> Region:
    """Return a division that is a part of units of somebody's own, and what its owner says of it."""
    return replace(division, memberships=memberships, disjoint=disjoint, area_km2=area_km2)


def find_retired(text: str) -> list[Retired]:
    """Return the abolished or renamed divisions that a code or a name means, the latest first; none that is in use today."""
    wanted = text.strip()
    if wanted in read_divisions() or wanted in _names_of_today():
        return []
    return sorted((one for one in read_retired() if wanted in {one.code, one.name_zh}), key=lambda one: (-one.year, one.code))


@cache
def _names_of_today() -> frozenset[str]:
    return frozenset(one.name_zh for one in read_divisions().values())


def describe_change(codes: Iterable[str]) -> str:
    """Return in a sentence which codes a series of one division goes through; empty where it is one."""
    chain = list(dict.fromkeys(codes))
    if len(chain) < 2:  # noqa: PLR2004 - one code is no change
        return ""
    known = read_regions()
    old = {one.code: one.year for one in read_retired()}
    steps = [f"{code} {known[code].name_zh}" for code in chain]
    when = join_list(str(old[code]) for code in chain[:-1] if code in old)
    return say("the code changed in {years}: {steps}", years=when, steps=" → ".join(steps))


@cache
def read_retired_divisions() -> dict[str, Region]:
    """Return the divisions whose code is no longer in use, by code, each with its last year and its successor."""
    divisions = read_divisions()
    found = {}
    for one in read_retired():
        if one.code not in divisions:
            latest = divisions.get(find_latest(one.code))
            level = "prefecture" if one.code.endswith("00") else "county"
            english = name_former(one.name_zh, latest.name_en, one.change) if latest else one.name_zh
            parent = one.code[:PREFECTURE_DIGITS] + "00" if level == "county" else one.code[:PROVINCE_DIGITS] + "0000"
            found[one.code] = Region(
                one.code, one.name_zh, english, level, parent, valid_to=one.year - 1, successor=one.successor
            )
    return found


def name_former(old: str, name: str, change: str) -> str:
    """Return the English name of a division that became another: the list of old ones has Chinese names only.

    One that was merged keeps its Chinese name: that of its successor is the name of several then.
    """
    return f"{name} (former)" if change == RENAMED else f"{old} (now in {name})"


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
    known = _find_adopted()
    if known is None:
        return ()
    found = known.parts.get((hierarchy, code), ())
    return tuple(sorted(one for one in found if known.own[one].parent_in(hierarchy, year) == code))


def list_hierarchies_of(code: str) -> tuple[str, ...]:
    """Return the hierarchies in which a unit has parts of somebody's own, by name."""
    known = _find_adopted()
    return () if known is None else tuple(sorted(hierarchy for hierarchy, parent in known.parts if parent == code))


def list_counties_within(code: str) -> list[Region]:
    """Return the counties of a province or city, by code; of a county itself."""
    start = shorten_code(code)
    return [one for one in read_divisions().values() if one.level == "county" and one.code.startswith(start)]


def shorten_code(code: str) -> str:
    """Return a division in the short form: 360000 → 36, 360700 → 3607; the code of any other unit as it is."""
    if not code.endswith("00") or not is_division_code(code):
        return code
    return code[: PROVINCE_DIGITS if code.endswith("0000") else PREFECTURE_DIGITS]


def find(text: str) -> list[Region]:
    """Return the divisions that a code, a Chinese name (with or without 县) or an English name means; none, one or several."""
    wanted, folded = text.strip(), _fold(text.strip())
    known = read_units_of_today()
    if wanted in known:
        return [known[wanted]]
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


def look_up_divisions(text: str, where: str = "COUNTY", *, level: str = "", year: int | None = None) -> list[Region]:
    """Return every division that a code or name means, at least one.

    Parameters
    ----------
    where : the argument or option that the text stands in, for the refusal
    level : province, prefecture or county; empty: any

    Raises
    ------
    Problems : no division is meant, with those nearest to it
    """
    named = find(text) if year is None else find_of_year(text, year)
    meant = [one for one in named if level in {"", one.level}]
    if meant:
        return meant
    if where == _ANY_LEVEL:
        refuse_one(where, say("there is no place {text!r}", text=text), "a code, a name, or CN", suggest_divisions(text))
    refuse_one(where, say("there is no county {county!r}", county=text), "a code or a name", suggest_divisions(text))


def look_up_division(
    text: str, where: str = "COUNTY", *, level: str = "", likely: Callable[[Region], bool] | None = None, year: int | None = None
) -> Region:
    """Return the one division that a code or name means.

    Parameters
    ----------
    where  : the argument or option that the text stands in, for the refusal
    level  : province, prefecture or county; empty: any
    likely : of several divisions those for which it holds count, where there are any
    year   : divisions of that year that are gone since are meant too; None: those of today

    Raises
    ------
    Problems : no division is meant, with those nearest to it; or several are
    """
    meant = look_up_divisions(text, where, level=level, year=year)
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


def suggest_divisions(text: str, years: Collection[int] = ()) -> str:
    """Return the successor of a retired division as a hint, else the divisions nearest to an unknown one; empty if none is near.

    Parameters
    ----------
    years : in which they are asked for; none: what is in use today
    """
    for one in find_retired(text):
        return describe_retired(one)
    for renamed in _list_renamed(text):
        return describe_rename(renamed, text)
    near = find_nearest(text, years)
    return say("near it: {near}", near=join_list(near)) if near else ""


def describe_retired(one: Retired) -> str:
    """Return in a sentence since when an old division is which other one of today."""
    old, latest = f"{one.code} {one.name_zh}", read_divisions().get(find_latest(one.successor) if one.successor else "")
    if latest is None:
        return say("{old} is no division of its own since {year}", old=old, year=one.year)
    return say("{old} is {new} since {year}", old=old, new=f"{latest.code} {latest.name_zh}", year=one.year)


def describe_rename(unit: Region, text: str) -> str:
    """Return in a sentence until when a unit had a name, and what it is called since."""
    at = next(at for at, one in enumerate(unit.names) if text.strip() == one.zh or _fold(text) == _fold(one.en))
    since = next((one.first for one in unit.names[at + 1 :] if one.first), (unit.names[at].last or 0) + 1)
    return say("{old} is {new} since {year}", old=unit.names[at].zh, new=f"{unit.code} {unit.name_zh}", year=since)


def find_of_year(text: str, year: int) -> list[Region]:
    """Return the units that a code or name means for a year: those of today, and a division of that year that is gone since."""
    old, last = read_retired_divisions(), find_last_year(year)
    gone = [old[one.code] for one in find_retired(text) if one.code in old and last < one.year]
    return [*gone, *_list_renamed(text, year)] or find(text)


def _list_renamed(text: str, year: int | None = None) -> list[Region]:
    """Return the units that had a name that they no longer have: in a year; without one, at any time."""
    wanted, folded = text.strip(), _fold(text)
    return [
        one
        for one in read_regions().values()
        for name in one.names
        if wanted == name.zh != one.name_zh or folded == _fold(name.en) != _fold(one.name_en)
        if year is None or one.named_in(year).name_zh == name.zh
    ]


def _fold(name: str) -> str:
    return name.casefold().replace("ü", "u").replace(" ", "").replace("'", "")


def find_nearest(text: str, years: Collection[int] = ()) -> list[str]:
    """Return names and codes close to an unknown one, of divisions that existed in all of some years; none: that are in use today."""
    known = {code: one for code, one in read_regions().items() if one.existed_in(years)}
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


def name_region(code: str, year: int | None = None) -> str:
    """Return the code of a unit; in Chinese its name, that of a year where one is given, stands before it. An unknown code stays as it is."""
    found = read_regions().get(code)
    return Name(code, f"{found.name('zh', year)}（{code}）") if found else code


def name_in_years(code: str, years: Iterable[int], lang: str) -> str:
    """Return the name of a unit in some years: 庐山区 → 濂溪区 where it was called otherwise in between."""
    return " → ".join(dict.fromkeys(read_regions()[code].name(lang, year) for year in years))


def list_counties_inside(code: str) -> list[Region]:
    """Return the counties inside a prefecture or province of today, by code; none of a county."""
    width = 2 if code.endswith("0000") else 4 if code.endswith("00") else 0
    found = [one for one in read_regions().values() if width and one.level == "county" and one.code[:width] == code[:width]]
    return [one for one in found if find(one.code)]
