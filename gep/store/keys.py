"""The key of an account in a store, and how it is found by county and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.records import dataclass
from gep.reference.regions import look_up_divisions
from gep.reference.retired import list_codes_over_time
from gep.standards.model import OWN_KEY as OWN
from gep.standards.standard import DEFAULT
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from gep.store.rows import Connection


@dataclass(frozen=True)
class AccountKey:
    """The key of an account in a store: run, number in the run, and the county (six-digit code), year and standard of it."""

    run: int
    account: int
    county: str
    year: int
    standard: str


def find_account(
    connection: Connection, county: str, year: int, standard: str | None = None, run: int | None = None
) -> AccountKey:
    """Return where the newest account of a county, year and standard stands, or that of a run, superseded or not.

    Parameters
    ----------
    county   : six-digit code, or a name in Chinese or English
    standard : id; None: the default one, or the only one there is
    run      : number of a run; None: the newest

    Raises
    ------
    Problems : unknown county, several counties of that name, or no such account, with what there is
    """
    if run is not None:
        return _find_in_run(connection, county, year, standard, run)
    meant = look_up_divisions(county, year=year)
    codes = list(dict.fromkeys(code for region in meant for code in list_codes_over_time(region.code)))
    found = fetch_rows(
        connection,
        "SELECT run, account, county, year, standard FROM latest WHERE county IN (SELECT unnest(?)) ORDER BY county, year, standard",
        [codes],
    )
    of_year = [AccountKey(*row) for row in found if row[3] == year]
    wanted = [place for place in of_year if _is_named(place.standard, standard)] if standard else of_year
    if not standard and len(wanted) > 1:
        wanted = [place for place in of_year if place.standard == DEFAULT] or wanted
    if len(wanted) == 1:
        return wanted[0]
    if wanted:
        several = join_list(f"{place.county} ({place.standard})" for place in wanted)
        refuse_one(
            "COUNTY",
            say("{county} {year} is several accounts: {several}", county=county, year=year, several=several),
            "one of them",
            "give the code, and --standard",
        )
    has = join_list(f"{row[2]} {row[3]} ({row[4]})" for row in found[:10]) if found else say("no account of it")
    refuse_one(
        "COUNTY",
        say("there is no account of {county} {year} under {standard}", county=county, year=year, standard=standard)
        if standard
        else say("there is no account of {county} {year}", county=county, year=year),
        say("the store has {has}", has=has),
    )


def _is_named(key: str, standard: str) -> bool:
    """Return whether a standard is meant by its key, or by the id before the hash of its text."""
    return key == standard or key.startswith(f"{standard}{OWN}")


def _find_in_run(connection: Connection, county: str, year: int, standard: str | None, run: int) -> AccountKey:
    """Return the account of a county and year in a run, superseded or not.

    Raises
    ------
    Problems : unknown county, or the run has no such account, with the runs that have one
    """
    meant = look_up_divisions(county, year=year)
    codes = list(dict.fromkeys(code for region in meant for code in list_codes_over_time(region.code)))
    found = fetch_rows(
        connection,
        "SELECT a.run, a.account, a.county, a.year, r.standard FROM account a JOIN run r USING (run) "
        "WHERE a.county IN (SELECT unnest(?)) AND a.year = ? AND (? IS NULL OR r.standard = ? OR starts_with(r.standard, ? || '+')) ORDER BY a.run",
        [codes, year, standard, standard, standard],
    )
    of_run = [AccountKey(*row) for row in found if row[0] == run]
    if len(of_run) == 1:
        return of_run[0]
    has = join_list(str(row[0]) for row in found)
    asked = f"{county} {year} ({standard})" if standard else f"{county} {year}"
    refuse_one(
        "--run",
        say("run {run} has no account of {asked}", run=run, asked=asked),
        say("a run that has one: {runs}", runs=has) if found else "a run that has one",
        "gep history lists them",
    )
