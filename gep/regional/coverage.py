"""Which accounts stand for a province, prefecture or the nation: its counties', or an own account where it has no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.texts import listed, say
from gep.reference.regions import COUNTRY, NATION, find, look_up_division, means_the_nation, regions, short
from gep.standards.standard import DEFAULT

if TYPE_CHECKING:
    import duckdb

    from gep.reference.regions import Region


@dataclass(frozen=True)
class Unit:
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
class Cover:
    """What of a place is covered in a year under a standard.

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
    units: tuple[Unit, ...]
    counties: tuple[str, ...]
    missing: tuple[str, ...]
    unapproved: tuple[str, ...]
    beside: tuple[Unit, ...]
    elsewhere: dict[str, tuple[str, ...]]


def find_place(text: str) -> Region:
    """Return the one division that a code or name means; CN and 全国 are the nation.

    Raises
    ------
    Problems : unknown, or several divisions of that name
    """
    return COUNTRY if means_the_nation(text) else look_up_division(text, "PLACE")


def wider_place(text: str) -> Region | None:
    """Return the province, prefecture or nation that a text means; None if it means a county, several counties or nothing."""
    wider = means_the_nation(text) or any(one.level != "county" for one in find(text))
    return find_place(text) if wider else None


def prefix_of(place: Region) -> str:
    """Return what the codes of all divisions in a place begin with."""
    return "" if place.code == NATION else short(place.code)


def counties_of(place: Region) -> tuple[str, ...]:
    """Return the codes of the counties in a place, in order; a prefecture without counties (东莞市) is one itself."""
    prefix = prefix_of(place)
    known = regions()
    parents = {one.parent for one in known.values()}
    return tuple(
        sorted(
            one.code
            for one in known.values()
            if one.code.startswith(prefix) and (one.level == "county" or one.code not in parents)
        )
    )


def look_up_standard(
    connection: duckdb.DuckDBPyConnection, codes: tuple[str, ...], year: int | None, standard: str | None
) -> str:
    """Return the standard asked for, else the default one, else the only one that accounts of the codes are made under.

    Raises
    ------
    Problems : several standards, and none of them is the default
    """
    if standard:
        return standard
    rows = connection.execute(
        "SELECT DISTINCT standard FROM latest WHERE county IN (SELECT unnest(?)) AND (year = ? OR ? IS NULL) ORDER BY 1",
        [list(codes), year, year],
    ).fetchall()
    names = [str(row[0]) for row in rows]
    if DEFAULT in names or not names:
        return DEFAULT
    if len(names) > 1:
        refuse_one(
            "PLACE",
            say("there are accounts under {names}", names=listed(names)),
            "one of them: they are never added up",
            "--standard",
        )
    return names[0]


def make_cover(
    connection: duckdb.DuckDBPyConnection, place: Region, year: int, standard: str | None, *, approved: bool = False
) -> Cover:
    """Return which accounts cover a place in a year; of `approved` ones only if asked for.

    Counties go first. An account of a prefecture or province itself stands for its counties only where none of them has
    one, so no county is ever in a sum twice.

    Raises
    ------
    Problems : no account at all, or accounts under several standards and none asked for
    """
    counties = counties_of(place)
    known = regions()
    wider = [
        one.code
        for one in known.values()
        if one.level != "county" and (place.code == NATION or one.code.startswith(short(place.code)))
    ]
    codes = tuple(dict.fromkeys([*counties, *wider]))
    chosen = look_up_standard(connection, codes, year, standard)
    every = connection.execute(
        "SELECT run, account, county, standard, state FROM latest JOIN account_state s USING (run, account, county, year, standard) "
        "WHERE year = ? AND county IN (SELECT unnest(?)) ORDER BY county, standard",
        [year, list(codes)],
    ).fetchall()
    rows = [row[:4] for row in every if row[4] == "approved" or not approved]
    found = {str(county): (int(run), int(account)) for run, account, county, name in rows if name == chosen}
    waiting = {str(county) for _, _, county, name, _ in every if name == chosen} - set(found)
    if not found and waiting:
        raise Problems([none_approved(place, year, chosen, len(waiting))])
    if not found:
        raise _nothing(connection, place, year, chosen, codes)
    units = [Unit(*found[code], code, (code,)) for code in counties if code in found]
    covered = {unit.code for unit in units}
    beside = []
    for code in sorted(set(wider) - covered, reverse=True):  # prefectures before their province
        if code not in found:
            continue
        inside = tuple(one for one in counties if one.startswith(short(code)))
        if covered & set(inside):
            beside.append(Unit(*found[code], code, inside))
        else:
            units.append(Unit(*found[code], code, inside))
            covered |= set(inside)
    missing = tuple(code for code in counties if code not in covered)
    others: dict[str, tuple[str, ...]] = {}
    for _, _, county, name in rows:
        if county in missing:
            others[str(county)] = (*others.get(str(county), ()), str(name))
    ordered = tuple(sorted(units, key=lambda unit: unit.code))
    unapproved = tuple(code for code in missing if code in waiting)
    return Cover(
        place, year, chosen, ordered, counties, missing, unapproved, tuple(sorted(beside, key=lambda unit: unit.code)), others
    )


def none_approved(place: Region, year: int, standard: str, count: int) -> Problem:
    """Return the problem of a place whose accounts are all still drafts, submitted or returned."""
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


def own_account(connection: duckdb.DuckDBPyConnection, place: Region, year: int, standard: str | None) -> bool:
    """Whether a prefecture or province has an account itself and no county in it has one: then that account is shown whole."""
    if place.code == NATION:
        return False
    prefix = short(place.code)
    rows = connection.execute(
        "SELECT DISTINCT county FROM latest WHERE year = ? AND county LIKE ? AND (standard = ? OR ? IS NULL)",
        [year, f"{prefix}%", standard, standard],
    ).fetchall()
    return [str(row[0]) for row in rows] == [place.code]


def _nothing(connection: duckdb.DuckDBPyConnection, place: Region, year: int, standard: str, codes: tuple[str, ...]) -> Problems:
    rows = connection.execute(
        "SELECT year, standard, count(*) FROM latest WHERE county IN (SELECT unnest(?)) GROUP BY ALL ORDER BY ALL LIMIT 10",
        [list(codes)],
    ).fetchall()
    has = listed(f"{year} ({name}): {count}" for year, name, count in rows) if rows else say("no account of any of its counties")
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
