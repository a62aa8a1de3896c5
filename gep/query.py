"""What can be asked of a store: accounts, named queries, and SQL that can only read."""

from __future__ import annotations

import difflib
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.problems import Problem, Problems
from gep.regions import find, nearest
from gep.standard import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

TIME_LIMIT = 60.0
"""Seconds a query may take."""

NAMED: dict[str, tuple[str, str]] = {
    "accounts": ("one row a county, year and standard", "SELECT * FROM gep_account ORDER BY county, year, standard"),
    "services": ("one row a service", "SELECT * FROM gep_service ORDER BY county, year, standard, service"),
    "items": ("one row a line and item", "SELECT * FROM gep_service_item ORDER BY ALL"),
    "ecosystems": (
        "value by service and ecosystem type",
        "SELECT * FROM gep_service_ecosystem ORDER BY county, year, service, ecosystem",
    ),
    "inputs": ("every input with its address", "SELECT * FROM gep_input ORDER BY county, year, address"),
    "coefficients-used": (
        "every coefficient used, its source and what it beat",
        "SELECT * FROM gep_coefficient_used ORDER BY ALL",
    ),
    "missing": (
        "services without data and what they lack",
        "SELECT county, year, standard, service, missing FROM gep_service WHERE status = 'no data' ORDER BY ALL",
    ),
    "runs": ("all runs with their hashes", "SELECT * EXCLUDE (standard_text) FROM run ORDER BY run"),
    "regions": ("codes and names of all divisions", "SELECT * FROM region ORDER BY code"),
}
"""Name → (what it answers, SQL)."""


@dataclass(frozen=True)
class Place:
    """Where an account stands in the store."""

    run: int
    account: int
    county: str
    year: int
    standard: str


def find_account(connection: duckdb.DuckDBPyConnection, county: str, year: int, standard: str | None) -> Place:
    """Return the newest run of a county, year and standard.

    Raises
    ------
    Problems : unknown county, several counties of that name, or no such account, with what there is
    """
    meant = find(county)
    if not meant:
        near = nearest(county)
        raise Problems(
            [
                Problem(
                    "COUNTY",
                    0,
                    f"there is no county {county!r}",
                    "a code or a name",
                    f"near it: {', '.join(near)}" if near else "",
                )
            ]
        )
    codes = [region.code for region in meant]
    rows = connection.execute(
        "SELECT run, account, county, year, standard FROM latest WHERE county IN (SELECT unnest(?)) ORDER BY county, year, standard",
        [codes],
    ).fetchall()
    of_year = [Place(*row) for row in rows if row[3] == year]
    wanted = [place for place in of_year if place.standard == standard] if standard else of_year
    if not standard and len(wanted) > 1:
        wanted = [place for place in of_year if place.standard == DEFAULT] or wanted
    if len(wanted) == 1:
        return wanted[0]
    if wanted:
        several = ", ".join(f"{place.county} ({place.standard})" for place in wanted)
        raise Problems(
            [
                Problem(
                    "COUNTY", 0, f"{county} {year} is several accounts: {several}", "one of them", "give the code, and --standard"
                )
            ]
        )
    has = ", ".join(f"{row[2]} {row[3]} ({row[4]})" for row in rows[:10]) or "no account of it"
    raise Problems(
        [
            Problem(
                "COUNTY",
                0,
                f"there is no account of {county} {year}{f' under {standard}' if standard else ''}",
                f"the store has {has}",
            )
        ]
    )


def listed_accounts(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the newest account of every county, year and standard."""
    return _dicts(connection, "SELECT * FROM gep_account ORDER BY county, year, standard")


def shown_accounts(connection: duckdb.DuckDBPyConnection, run: int, account: int | None = None) -> list[dict[str, Any]]:
    """Return accounts of a run with their services and notices."""
    heads = _dicts(
        connection,
        "SELECT v.*, l.account FROM gep_account v JOIN latest l ON l.run = v.run AND l.county = v.county AND l.year = v.year AND l.standard = v.standard "
        "WHERE v.run = ? AND (? IS NULL OR l.account = ?) ORDER BY l.account",
        [run, account, account],
    )
    if len(heads) > 1:
        return heads
    for head in heads:
        head["services"] = _dicts(
            connection,
            "SELECT service, category, status, missing, reason, quantity, quantity_unit, unit_price, price_unit, value, value_constant "
            "FROM service_result WHERE run = ? AND account = ?",
            [run, head["account"]],
        )
        head["roll_ups"] = _roll_ups(connection, run, head["services"])
        head["notices"] = _dicts(
            connection,
            "SELECT code, service, text_zh, text_en FROM notice WHERE run = ? AND account IN (-1, ?) ORDER BY ALL",
            [run, head["account"]],
        )
    return heads


def _roll_ups(connection: duckdb.DuckDBPyConnection, run: int, services: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the indicators that the run's standard makes of several services, with how many of them are accounted for."""
    text = connection.execute("SELECT standard_text FROM run WHERE run = ?", [run]).fetchall()[0][0]
    of_service = {one["service"]: one for one in services}
    found = []
    for name, part in json.loads(text)["roll_up"].items():
        members = [
            of_service[service] for service in part["services"] if of_service[service]["status"] in {"accounted", "no data"}
        ]
        known = [one["value"] for one in members if one["value"] is not None]
        found.append(
            {"id": name, "title_zh": part["title"]["zh"], "title_en": part["title"]["en"], "services": part["services"],
             "category": of_service[part["services"][0]]["category"], "value": sum(known) if known else None,
             "accounted": len(known), "counted": len(members), "mark": part["mark"]}
        )  # fmt: skip
    return found


def run_query(connection: duckdb.DuckDBPyConnection, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of a named query or of SQL; stops after a minute.

    Raises
    ------
    Problems : SQL that is wrong, wants to write or takes too long
    """
    import duckdb

    if text in NAMED:
        text = NAMED[text][1]
    elif " " not in text.strip():
        close = difflib.get_close_matches(text, NAMED, n=1)
        hint = f"did you mean {close[0]}?" if close else "gep query --list names them"
        raise Problems([Problem("QUERY", 0, f"there is no query {text!r}", f"one of {', '.join(NAMED)}, or SQL", hint)])
    timer = threading.Timer(TIME_LIMIT, connection.interrupt)
    timer.start()
    try:
        found = connection.execute(text)
        columns = [column[0] for column in found.description or []]
        return columns, found.fetchall()
    except duckdb.InterruptException:
        raise Problems(
            [Problem("QUERY", 0, f"the query took more than {TIME_LIMIT:.0f} seconds and was stopped", "a smaller question")]
        ) from None
    except duckdb.Error as error:
        raise Problems([Problem("QUERY", 0, str(error).splitlines()[0], "SQL that reads the views; gep query --list")]) from None
    finally:
        timer.cancel()


def unknown_service(service: str, rules: Iterable[str]) -> Problems:
    """Return the problem of a service that the account's standard does not count."""
    known = [rule.removesuffix(".value") for rule in rules if rule.endswith(".value")]
    close = difflib.get_close_matches(service, known, n=1)
    return Problems(
        [
            Problem(
                "SERVICE",
                0,
                f"the standard counts no service {service!r}",
                f"one of {', '.join(known)}",
                f"did you mean {close[0]}?" if close else "",
            )
        ]
    )


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    found = connection.execute(sql, values or [])
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
