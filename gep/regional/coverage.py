"""Chooses the accounts that a regional total is made of: the counties', or an own account of the place where it has no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.texts import join_list, say
from gep.records import dataclass
from gep.reference.regions import (
    COUNTRY,
    NATION,
    find,
    find_of_year,
    look_up_division,
    means_the_nation,
    read_divisions,
    shorten_code,
)
from gep.regional.parts import SMALL, has_parts, make_every_part, make_parts
from gep.standards.standard import DEFAULT
from gep.store.newest import count_accounts, list_newest, list_standards

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.reference.regions import Region
    from gep.regional.parts import Part
    from gep.store.store import Store


@dataclass(frozen=True)
class CountedAccount:
    """An account that is summed.

    Attributes
    ----------
    stands_for : codes of the counties it covers; itself, or all parts of a place with an account of its own
    parts : of an account that is not summed: codes of the accounts that are, in its place
    lacking : of such an account: codes of its parts without an account
    """

    run: int
    account: int
    code: str
    stands_for: tuple[str, ...]
    parts: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """The part of a place that accounts cover in a year under a standard.

    Attributes
    ----------
    counties : codes of all its counties in the list of divisions, in order
    missing  : those without an account
    unapproved : those of the missing that have an account which is not approved, where only approved ones were asked for
    beside   : own accounts of the place or of places in it that are not summed, because counties' accounts are
    elsewhere : missing county → other standards under which it has an account of the year
    apart    : units in it that have an account and are not summed, since they may overlap its other parts
    """

    place: Region
    year: int
    standard: str
    units: tuple[CountedAccount, ...]
    counties: tuple[str, ...]
    missing: tuple[str, ...]
    unapproved: tuple[str, ...]
    beside: tuple[CountedAccount, ...]
    elsewhere: dict[str, tuple[str, ...]]
    apart: tuple[str, ...] = ()


def find_place(text: str) -> Region:
    """Return the one division that a code or name means; CN and 全国 are the nation.

    Raises
    ------
    Problems : unknown, or several divisions of that name
    """
    return COUNTRY if means_the_nation(text) else look_up_division(text, "PLACE")


def find_wider_place(text: str, year: int | None = None) -> Region | None:
    """Return the place of several units that a text means; None if it means a unit without parts, several units or nothing.

    Parameters
    ----------
    text : code or name; CN and 全国 are the nation
    year : divisions of that year that are gone since are meant too
    """
    if means_the_nation(text):
        return COUNTRY
    found = find(text) if year is None else find_of_year(text, year)
    wider = [one for one in found if has_parts(one)]
    return (
        look_up_division(text, "PLACE", year=year)
        if wider and (len(found) == 1 or any(one.level not in SMALL for one in wider))
        else None
    )


def find_prefix(place: Region) -> str:
    """Return the digits that the codes of all divisions in a place begin with; none for the nation."""
    return "" if place.code == NATION else shorten_code(place.code)


def list_counties_in(place: Region) -> tuple[str, ...]:
    """Return the six-digit codes of the counties in a place, in order; a prefecture without counties (东莞市) is one itself."""
    prefix = find_prefix(place)
    known = read_divisions()
    parents = {one.parent for one in known.values()}
    return tuple(
        sorted(
            one.code
            for one in known.values()
            if one.code.startswith(prefix) and (one.level == "county" or one.code not in parents)
        )
    )


def look_up_standard(store: Store, codes: tuple[str, ...], year: int | None, standard: str | None) -> str:
    """Return the standard asked for, else the default one, else the only one that accounts of the codes are made under.

    Parameters
    ----------
    codes    : six-digit codes
    year     : None: accounts of any year
    standard : id; None: not asked

    Raises
    ------
    Problems : several standards, and none of them is the default
    """
    if standard:
        return standard
    names = list_standards(store, year, codes)
    if DEFAULT in names or not names:
        return DEFAULT
    if len(names) > 1:
        refuse_one(
            "PLACE",
            say("there are accounts under {names}", names=join_list(names)),
            "one of them: they are never added up",
            "--standard",
        )
    return names[0]


def make_coverage(
    store: Store, place: Region, year: int, standard: str | None, *, approved: bool = False, hierarchy: str | None = None
) -> Coverage:
    """Return which accounts cover a place in a year.

    Parts go first. An account of a prefecture, a province or a unit of several stands for its parts only where none of them
    has one, so none is ever in a sum twice; a county's own account goes before those of its villages.

    Parameters
    ----------
    standard  : id; None: the default one, or the only one there is
    approved  : only approved accounts
    hierarchy : along which the place is made of its parts; None: the administrative one, or the only one

    Raises
    ------
    Problems : no account at all, accounts under several standards and none asked for, or parts that may overlap
    """
    whole = make_parts(place, year, hierarchy)
    codes = tuple(dict.fromkeys(whole.list_codes()))
    chosen = look_up_standard(store, codes, year, standard)
    every = list_newest(store, codes, year)
    usable = [one for one in every if one.state == "approved" or not approved]
    found = {one.county: (one.run, one.account) for one in usable if one.standard == chosen}
    waiting = {one.county for one in every if one.standard == chosen} - set(found)
    if not found and waiting:
        raise Problems([describe_unapproved(place, year, chosen, len(waiting))])
    if not found:
        raise _nothing(store, place, year, chosen, codes)
    cover, apart = _cover(whole, found, top=True), tuple(whole.list_apart())
    missing = tuple(sorted(cover.missing))
    others: dict[str, tuple[str, ...]] = {}
    for one in usable:
        if one.county in cover.missing:
            others[one.county] = (*others.get(one.county, ()), one.standard)
    counties = tuple(sorted({*missing, *(code for unit in cover.units for code in unit.stands_for)}))
    return Coverage(
        place,
        year,
        chosen,
        tuple(sorted(cover.units, key=lambda unit: unit.code)),
        counties,
        missing,
        tuple(code for code in missing if code in waiting),
        tuple(sorted(cover.beside, key=lambda unit: unit.code)),
        others,
        tuple(sorted(one.county for one in list_newest(store, apart, year) if one.standard == chosen)) if apart else (),
    )


@dataclass
class _Cover:
    units: list[CountedAccount]
    missing: list[str]
    beside: list[CountedAccount]


def _cover(part: Part, found: Mapping[str, tuple[int, int]], *, top: bool) -> _Cover:
    """Return what covers a unit: its parts' accounts, else its own; of a county, unless it is the place itself, its own first."""
    code = next((one for one in (part.unit, *part.also) if one in found), part.unit)
    own = found.get(code)
    if own and (not part.parts or (part.small and not top)):
        return _Cover([CountedAccount(*own, code, (code,))], [], [])
    inside = [_cover(one, found, top=False) for one in part.parts]
    units = [unit for one in inside for unit in one.units]
    beside = [unit for one in inside for unit in one.beside]
    missing = [code for one in inside for code in one.missing]
    if units:
        if own:
            summed = tuple(sorted(unit.code for unit in units))
            beside.append(CountedAccount(*own, code, part.list_counted_leaves(), summed, tuple(missing)))
        return _Cover(units, missing, beside)
    if own:
        return _Cover([CountedAccount(*own, code, part.list_counted_leaves())], [], [])
    if part.younger and not missing:
        return _Cover([], [], [])
    return _Cover([], [part.unit] if part.county or not missing else missing, [])


def describe_unapproved(place: Region, year: int, standard: str, count: int) -> Problem:
    """Return the problem of a place whose accounts are all still drafts, submitted or returned.

    Parameters
    ----------
    count : how many there are
    """
    where = f"{place.code} {place.name_zh}"
    if count == 1:
        found = say(
            "the account of {year} under {standard} in {place} is not approved", year=year, standard=standard, place=where
        )
    else:
        found = say(
            "none of the {count} accounts of {year} under {standard} in {place} is approved",
            count=count,
            year=year,
            standard=standard,
            place=where,
        )
    return Problem(
        "--approved", 0, found, "approved accounts", "gep list shows the state of each; without --approved all are shown"
    )


def is_shown_by_its_own(store: Store, place: Region, year: int, standard: str | None) -> bool:
    """Whether a place is shown by its own account: a county that has one, and a wider unit none of whose parts has one.

    Parameters
    ----------
    standard : id; None: the default one, or the only one there is
    """
    codes = [place.code] if place.level in SMALL else list(make_every_part(place, year))
    found = {one.county for one in list_newest(store, codes, year) if standard in {None, one.standard}}
    return found == {place.code}


def _nothing(store: Store, place: Region, year: int, standard: str, codes: tuple[str, ...]) -> Problems:
    counts = count_accounts(store, codes, most=10)
    has = (
        join_list(f"{one.year} ({one.standard}): {one.accounts}" for one in counts)
        if counts
        else say("no account of any of its counties")
    )
    return Problems(
        [
            Problem(
                "PLACE",
                0,
                say(
                    "there is no account of {year} under {standard} in {code} {place}",
                    year=year,
                    standard=standard,
                    code=place.code,
                    place=place.name_zh,
                ),
                say("the store has {has}", has=has),
            )
        ]
    )
