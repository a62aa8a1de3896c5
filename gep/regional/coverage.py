"""Chooses the accounts that a regional total is made of: the counties', or an own account of the place where it has no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.texts import join_list, say
from gep.reference.regions import COUNTRY, NATION, find, look_up_division, means_the_nation, read_regions, shorten_code
from gep.standards.standard import DEFAULT
from gep.store.newest import count_accounts, list_counties, list_newest, list_standards

if TYPE_CHECKING:
    from gep.reference.regions import Region
    from gep.store.store import Store


@dataclass(frozen=True)
class CountedAccount:
    """An account that is summed.

    Attributes
    ----------
    stands_for : codes of the counties it covers; itself, or all counties of a prefecture or province with an account of its own
    """

    run: int
    account: int
    code: str
    stands_for: tuple[str, ...]


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


def find_place(text: str) -> Region:
    """Return the one division that a code or name means; CN and 全国 are the nation.

    Raises
    ------
    Problems : unknown, or several divisions of that name
    """
    return COUNTRY if means_the_nation(text) else look_up_division(text, "PLACE")


def find_wider_place(text: str) -> Region | None:
    """Return the province, prefecture or nation that a text means; None if it means a county, several counties or nothing.

    Parameters
    ----------
    text : six-digit code or name; CN and 全国 are the nation
    """
    wider = means_the_nation(text) or any(one.level != "county" for one in find(text))
    return find_place(text) if wider else None


def find_prefix(place: Region) -> str:
    """Return the digits that the codes of all divisions in a place begin with; none for the nation."""
    return "" if place.code == NATION else shorten_code(place.code)


def list_counties_in(place: Region) -> tuple[str, ...]:
    """Return the six-digit codes of the counties in a place, in order; a prefecture without counties (东莞市) is one itself."""
    prefix = find_prefix(place)
    known = read_regions()
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


def make_coverage(store: Store, place: Region, year: int, standard: str | None, *, approved: bool = False) -> Coverage:
    """Return which accounts cover a place in a year.

    Counties go first. An account of a prefecture or province itself stands for its counties only where none of them has
    one, so no county is ever in a sum twice.

    Parameters
    ----------
    standard : id; None: the default one, or the only one there is
    approved : only approved accounts

    Raises
    ------
    Problems : no account at all, or accounts under several standards and none asked for
    """
    counties = list_counties_in(place)
    known = read_regions()
    wider = [
        one.code
        for one in known.values()
        if one.level != "county" and (place.code == NATION or one.code.startswith(shorten_code(place.code)))
    ]
    codes = tuple(dict.fromkeys([*counties, *wider]))
    chosen = look_up_standard(store, codes, year, standard)
    every = list_newest(store, codes, year)
    usable = [one for one in every if one.state == "approved" or not approved]
    found = {one.county: (one.run, one.account) for one in usable if one.standard == chosen}
    waiting = {one.county for one in every if one.standard == chosen} - set(found)
    if not found and waiting:
        raise Problems([describe_unapproved(place, year, chosen, len(waiting))])
    if not found:
        raise _nothing(store, place, year, chosen, codes)
    units = [CountedAccount(*found[code], code, (code,)) for code in counties if code in found]
    covered = {unit.code for unit in units}
    beside = []
    for code in sorted(set(wider) - covered, reverse=True):  # prefectures before their province
        if code not in found:
            continue
        inside = tuple(one for one in counties if one.startswith(shorten_code(code)))
        if covered & set(inside):
            beside.append(CountedAccount(*found[code], code, inside))
        else:
            units.append(CountedAccount(*found[code], code, inside))
            covered |= set(inside)
    missing = tuple(code for code in counties if code not in covered)
    others: dict[str, tuple[str, ...]] = {}
    for one in usable:
        if one.county in missing:
            others[one.county] = (*others.get(one.county, ()), one.standard)
    ordered = tuple(sorted(units, key=lambda unit: unit.code))
    unapproved = tuple(code for code in missing if code in waiting)
    return Coverage(
        place, year, chosen, ordered, counties, missing, unapproved, tuple(sorted(beside, key=lambda unit: unit.code)), others
    )


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


def has_own_account(store: Store, place: Region, year: int, standard: str | None) -> bool:
    """Whether a prefecture or province has an account itself and no county in it has one: then that account is shown whole.

    Parameters
    ----------
    standard : id; None: the default one, or the only one there is
    """
    if place.code == NATION:
        return False
    return list_counties(store, shorten_code(place.code), year, standard) == [place.code]


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
