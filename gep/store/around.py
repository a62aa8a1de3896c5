"""Context of an account in a report: its other years, its neighbours, steps of review, findings and coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.store.accounts import USED
from gep.store.rows import fetch_records, fetch_rows

if TYPE_CHECKING:
    from datetime import datetime

    from gep.store.keys import AccountKey
    from gep.store.rows import Connection

Records = list[dict[str, Any]]
"""Rows by the names of their columns."""


@dataclass(frozen=True)
class SignOff:
    """A step of review of a county, year and standard, of whichever run."""

    kind: str
    who: str
    happened_at: datetime
    note: str
    account_sha256: str
    run: int


def list_lines(connection: Connection, run: int, account: int) -> Records:
    """Return a row for each line, pollutant and item of an account's services.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run

    Returns
    -------
    Columns of `line_result`: value and value_constant in CNY/yr, quantity in quantity_unit, unit_price in price_unit; rows with
    `detail` are parts of another and not added
    """
    return fetch_records(connection, "SELECT * FROM line_result WHERE run = ? AND account = ?", [run, account])


def list_ecosystems(connection: Connection, run: int, account: int) -> Records:
    """Return the values of an account by service and ecosystem type.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run

    Returns
    -------
    Columns service, ecosystem, value and value_constant, both in CNY/yr
    """
    return fetch_records(connection, "SELECT * FROM ecosystem_result WHERE run = ? AND account = ?", [run, account])


def list_inputs(connection: Connection, run: int, account: int) -> Records:
    """Return the figures of an account, in the order of their files and cells.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run

    Returns
    -------
    Columns of `input_given`, value in the variable's own unit, and `address`: `file!sheet!cell` or `file:line`
    """
    return fetch_records(
        connection,
        "SELECT *, file || coalesce('!' || cell, ':' || nullif(line, 0), '') AS address FROM input_given WHERE run = ? AND account = ? "
        "ORDER BY file, cell, line, variable",
        [run, account],
    )


def list_areas(connection: Connection, run: int, account: int) -> Records:
    """Return the area of each ecosystem type of an account.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run

    Returns
    -------
    Columns ecosystem, and value in km²
    """
    return fetch_records(
        connection, "SELECT ecosystem, value FROM input_row WHERE run = ? AND account = ? AND variable = 'area'", [run, account]
    )


def list_used(connection: Connection, run: int, account: int) -> Records:
    """Return the coefficients that an account used, with their sources and addresses.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run
    """
    return fetch_records(connection, f"{USED} ORDER BY ALL", [run, account])


def list_sign_offs(connection: Connection, key: AccountKey) -> list[SignOff]:
    """Return the steps of review of all runs of a county, year and standard, the earliest first."""
    found = fetch_rows(
        connection,
        "SELECT kind, who, happened_at, note, account_sha256, run FROM event WHERE county = ? AND year = ? AND standard = ? ORDER BY event",
        [key.county, key.year, key.standard],
    )
    return [SignOff(*row) for row in found]


def list_explanations(connection: Connection, run: int, account: int) -> Records:
    """Return the findings in an account's inputs that the county explained, with the explanations.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run

    Returns
    -------
    Columns check_code, grade, address, found (English), found_zh, explanation
    """
    return fetch_records(
        connection,
        "SELECT check_code, grade, address, found, coalesce(found_zh, found) AS found_zh, explanation FROM explanation WHERE run = ? AND account = ? ORDER BY ALL",
        [run, account],
    )


@dataclass(frozen=True)
class ReportBasis:
    """What the report of a county is made from; if none of it has changed, neither has the report."""

    run: int
    account: int
    county: str
    year: int
    name_zh: str | None
    name_en: str | None
    results_sha256: str
    others: tuple[tuple[Any, ...], ...]
    """Year, run and results of the county's other accounts."""
    events: tuple[tuple[Any, ...], ...]
    """Every step of review of the county."""


def list_report_bases(connection: Connection, year: int, standard: str) -> list[ReportBasis]:
    """Return what the reports of all counties with an account of a year are made from, by code.

    Parameters
    ----------
    standard : id
    """
    found = fetch_rows(
        connection,
        "SELECT l.run, l.account, l.county, l.year, coalesce(n.name_zh, g.name_zh), coalesce(n.name_en, g.name_en), r.results_sha256 FROM latest l JOIN run r USING (run) "
        "LEFT JOIN region g ON g.code = l.county "
        "LEFT JOIN unit_called n ON n.unit_id = l.county AND l.year % 10000 >= n.called_from AND l.year % 10000 < n.called_until WHERE l.year = ? AND l.standard = ? ORDER BY l.county",
        [year, standard],
    )
    others = _grouped(
        fetch_rows(
            connection,
            "SELECT l.county, l.year, l.run, r.results_sha256 FROM latest l JOIN run r USING (run) WHERE l.standard = ? ORDER BY ALL",
            [standard],
        )
    )
    events = _grouped(
        fetch_rows(
            connection, "SELECT county, event, kind, run, account_sha256 FROM event WHERE standard = ? ORDER BY event", [standard]
        )
    )
    return [
        ReportBasis(run, account, county, of, zh, en, sha256, others.get(county, ()), events.get(county, ()))
        for run, account, county, of, zh, en, sha256 in found
    ]


def _grouped(found: list[tuple[Any, ...]]) -> dict[str, tuple[tuple[Any, ...], ...]]:
    groups: dict[str, tuple[tuple[Any, ...], ...]] = {}
    for row in found:
        groups[row[0]] = (*groups.get(row[0], ()), row[1:])
    return groups
