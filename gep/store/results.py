"""Results and notes of one account: what its services came to, the cautions for its readers, and who signed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.records import dataclass
from gep.reference.periods import find_last_year
from gep.store.rows import fetch_records, fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.store.keys import AccountKey
from gep.store.rows import Connection

SHOWN_TABLE = "shown_result"
"""Of figures that a standard only shows; an account without any has no such table in its hashes and certificates."""
RESULTS = {
    "service_result": (
        "service",
        "category",
        "status",
        "missing",
        "reason",
        "quantity",
        "quantity_unit",
        "unit_price",
        "price_unit",
        "value",
        "value_constant",
    ),
    "line_result": (
        "service",
        "line",
        "detail",
        "pollutant",
        "item",
        "status",
        "quantity",
        "quantity_unit",
        "unit_price",
        "price_unit",
        "value",
        "value_constant",
    ),
    "ecosystem_result": ("service", "ecosystem", "value", "value_constant"),
    "total_result": ("category", "value", "value_constant", "accounted", "counted"),
    SHOWN_TABLE: ("figure", "service", "ecosystem", "pollutant", "item", "value", "unit", "value_constant", "missing"),
}
"""Result table → its columns."""
KEYS = {
    "service_result": ("service",),
    "line_result": ("service", "line", "detail", "pollutant", "item"),
    "ecosystem_result": ("service", "ecosystem"),
    "total_result": ("category",),
    SHOWN_TABLE: ("figure", "ecosystem", "pollutant", "item"),
}
"""Result table → the columns that name a row of an account."""
Records = list[dict[str, Any]]
"""Rows by the names of their columns."""


@dataclass(frozen=True)
class ServiceStatus:
    """The status of a service in an account: accounted, no data, not applicable or excluded; why; and ids of what it lacks."""

    status: str
    reason: str
    missing: str


def read_names(connection: Connection, county: str, year: int) -> tuple[str, str]:
    """Return the Chinese and the English name of a unit in a year as the store has them; empty where it does not know it."""
    found = fetch_rows(
        connection,
        "SELECT coalesce(n.name_zh, g.name_zh), coalesce(n.name_en, g.name_en) FROM region g "
        "LEFT JOIN unit_called n ON n.unit_id = g.code AND n.called_from <= ? AND ? < n.called_until WHERE g.code = ?",
        [find_last_year(year), find_last_year(year), county],
    )
    return (found[0][0], found[0][1]) if found else ("", "")


def read_statuses(connection: Connection, key: AccountKey) -> dict[str, ServiceStatus]:
    """Return service → how it stands in an account."""
    found = fetch_rows(
        connection,
        "SELECT service, status, coalesce(reason, ''), coalesce(missing, '') FROM service_result WHERE run = ? AND account = ?",
        [key.run, key.account],
    )
    return {service: ServiceStatus(*row) for service, *row in found}


def sum_lines(connection: Connection, key: AccountKey) -> dict[str, dict[str, float | None]]:
    """Return service → line → value in CNY/yr, summed over items and pollutants; None where no part is known."""
    found: dict[str, dict[str, float | None]] = {}
    for service, line, value in fetch_rows(
        connection,
        "SELECT service, line, value FROM line_result WHERE run = ? AND account = ? AND NOT detail ORDER BY ALL",
        [key.run, key.account],
    ):
        of_service = found.setdefault(service, {})
        known = of_service.get(line)
        of_service[line] = known if value is None else value + (known or 0.0)
    return found


def list_results(connection: Connection, key: AccountKey) -> dict[str, Records]:
    """Return result table → the account's rows in it, in order of their keys; without the table of figures only shown where there are none."""
    found = {
        name: fetch_records(
            connection,
            f"SELECT {', '.join(columns)} FROM {name} WHERE run = ? AND account = ? ORDER BY {', '.join(KEYS[name])}",  # noqa: S608 - our own names
            [key.run, key.account],
        )
        for name, columns in RESULTS.items()
    }
    return {name: rows for name, rows in found.items() if rows or name != SHOWN_TABLE}


def list_notices(connection: Connection, key: AccountKey) -> Records:
    """Return the cautions for readers of an account, or of its whole run: code, service, text_zh, text_en."""
    return fetch_records(
        connection,
        "SELECT code, service, text_zh, text_en FROM notice WHERE run = ? AND account IN (-1, ?) ORDER BY ALL",
        [key.run, key.account],
    )


def list_explained(connection: Connection, key: AccountKey) -> Records:
    """Return the findings in an account's inputs that the county explained: check_code, grade, address, found, explanation."""
    return fetch_records(
        connection,
        "SELECT check_code, grade, address, found, explanation FROM explanation WHERE run = ? AND account = ? ORDER BY ALL",
        [key.run, key.account],
    )


def list_findings(connection: Connection, key: AccountKey) -> Records:
    """Return the findings of grade A or B in an account's inputs or in its whole run, and totals unlike published ones, A first.

    Returns
    -------
    Columns check_code, grade, address, found (English), found_zh, explanation
    """
    return fetch_records(
        connection,
        "SELECT check_code, grade, address, found, coalesce(found_zh, found) AS found_zh, explanation FROM explanation "
        "WHERE run = ? AND account IN (-1, ?) AND (grade IN ('A', 'B') OR check_code = 'published') ORDER BY grade, address, check_code",
        [key.run, key.account],
    )


def count_open_findings(connection: Connection, keys: Iterable[AccountKey]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return run and account → how many findings of grade A and of grade B nobody has explained; none: no entry."""
    wanted = list(keys)
    found = fetch_rows(
        connection,
        "SELECT w.run, w.account, count(*) FILTER (e.grade = 'A'), count(*) FILTER (e.grade = 'B' AND trim(e.explanation) = '') "
        "FROM (SELECT DISTINCT unnest(?) AS run, unnest(?) AS account) w JOIN explanation e ON e.run = w.run AND e.account IN (-1, w.account) "
        "WHERE e.grade IN ('A', 'B') GROUP BY ALL",
        [[one.run for one in wanted], [one.account for one in wanted]],
    )
    return {(run, account): (errors, warnings) for run, account, errors, warnings in found if errors or warnings}


def list_events(connection: Connection, key: AccountKey) -> Records:
    """Return the steps of review of an account in their order: event, happened_at, kind, account_sha256, who, note."""
    return fetch_records(
        connection,
        "SELECT event, happened_at, kind, account_sha256, who, note FROM event WHERE run = ? AND account = ? ORDER BY event",
        [key.run, key.account],
    )


def find_superseding_run(connection: Connection, key: AccountKey) -> int | None:
    """Return the number of the run that has superseded an account; None while it is the newest."""
    found = fetch_rows(
        connection, "SELECT superseded_by FROM account_state WHERE run = ? AND account = ?", [key.run, key.account]
    )
    superseding: int | None = found[0][0]
    return superseding
