"""Accounts of a store: found by county and year, listed, shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.suggest import did_you_mean
from gep.messages.texts import listed, say
from gep.reference.regions import look_up_divisions
from gep.standards.standard import DEFAULT
from gep.store.keys import AccountKey
from gep.store.signing import account_hashes, state_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb


def find_account(connection: duckdb.DuckDBPyConnection, county: str, year: int, standard: str | None) -> AccountKey:
    """Return the newest run of a county, year and standard.

    Raises
    ------
    Problems : unknown county, several counties of that name, or no such account, with what there is
    """
    codes = [region.code for region in look_up_divisions(county)]
    rows = connection.execute(
        "SELECT run, account, county, year, standard FROM latest WHERE county IN (SELECT unnest(?)) ORDER BY county, year, standard",
        [codes],
    ).fetchall()
    of_year = [AccountKey(*row) for row in rows if row[3] == year]
    wanted = [place for place in of_year if place.standard == standard] if standard else of_year
    if not standard and len(wanted) > 1:
        wanted = [place for place in of_year if place.standard == DEFAULT] or wanted
    if len(wanted) == 1:
        return wanted[0]
    if wanted:
        several = listed(f"{place.county} ({place.standard})" for place in wanted)
        refuse_one(
            "COUNTY",
            say("{county} {year} is several accounts: {several}", county=county, year=year, several=several),
            "one of them",
            "give the code, and --standard",
        )
    has = listed(f"{row[2]} {row[3]} ({row[4]})" for row in rows[:10]) if rows else say("no account of it")
    refuse_one(
        "COUNTY",
        say("there is no account of {county} {year} under {standard}", county=county, year=year, standard=standard)
        if standard
        else say("there is no account of {county} {year}", county=county, year=year),
        say("the store has {has}", has=has),
    )


def account_of_run(connection: duckdb.DuckDBPyConnection, county: str, year: int, standard: str | None, run: int) -> AccountKey:
    """Return the account of a county and year in a run, superseded or not.

    Raises
    ------
    Problems : unknown county, or the run has no such account, with the runs that have one
    """
    codes = [region.code for region in look_up_divisions(county)]
    rows = connection.execute(
        "SELECT a.run, a.account, a.county, a.year, r.standard FROM account a JOIN run r USING (run) "
        "WHERE a.county IN (SELECT unnest(?)) AND a.year = ? AND (? IS NULL OR r.standard = ?) ORDER BY a.run",
        [codes, year, standard, standard],
    ).fetchall()
    found = [AccountKey(*row) for row in rows if row[0] == run]
    if len(found) == 1:
        return found[0]
    has = listed(str(row[0]) for row in rows)
    asked = f"{county} {year} ({standard})" if standard else f"{county} {year}"
    refuse_one(
        "--run",
        say("run {run} has no account of {asked}", run=run, asked=asked),
        say("a run that has one: {runs}", runs=has) if rows else "a run that has one",
        "gep history lists them",
    )


def listed_accounts(connection: duckdb.DuckDBPyConnection, *, approved: bool = False) -> list[dict[str, Any]]:
    """Return the newest account of every county, year and standard with its state of review; or only those approved."""
    condition = "AND state = 'approved'" if approved else ""
    found = _dicts(
        connection,
        f"SELECT * FROM gep_account_run WHERE superseded_by IS NULL {condition} ORDER BY county, year, standard",  # noqa: S608 - ours
    )
    return _checked(connection, found)


def shown_accounts(connection: duckdb.DuckDBPyConnection, run: int, account: int | None = None) -> list[dict[str, Any]]:
    """Return accounts of a run, superseded or not, with their state of review, services and notices."""
    heads = _checked(
        connection,
        _dicts(
            connection,
            "SELECT g.*, s.kept_from, s.kept_in FROM gep_account_run g JOIN account_state s USING (run, account) "
            "WHERE run = ? AND (? IS NULL OR account = ?) ORDER BY account",
            [run, account, account],
        ),
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
        review = {"code": "review", "service": None, "text_zh": head["state_zh"], "text_en": head["state_en"]}
        head["notices"] = [
            review,
            *_dicts(
                connection,
                "SELECT code, service, text_zh, text_en FROM notice WHERE run = ? AND account IN (-1, ?) ORDER BY ALL",
                [run, head["account"]],
            ),
        ]
    return heads


def _checked(connection: duckdb.DuckDBPyConnection, heads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to accounts whether their results are still those that were signed, and their state in words."""
    signed = [(head["run"], head["account"]) for head in heads if head["signed_sha256"] is not None]
    hashes = account_hashes(connection, signed) if signed else {}
    for head in heads:
        sha256 = hashes.get((head["run"], head["account"]))
        head["hash_matches"] = None if sha256 is None else sha256 == head["signed_sha256"]
        head["state_zh"], head["state_en"] = state_in_words(head)
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
            {
                "id": name,
                "title_zh": part["title"]["zh"],
                "title_en": part["title"]["en"],
                "services": part["services"],
                "category": of_service[part["services"][0]]["category"],
                "value": sum(known) if known else None,
                "accounted": len(known),
                "counted": len(members),
                "mark": part["mark"],
            }
        )
    return found


@dataclass(frozen=True)
class Approved:
    """How many newest accounts are approved, how many are not, and whose results are no longer those approved."""

    approved: int
    others: int
    changed: tuple[str, ...]


def approved_only(connection: duckdb.DuckDBPyConnection) -> Approved:
    """Return what is to be said where only approved results are shown."""
    found = listed_accounts(connection, approved=True)
    count = connection.execute("SELECT count(*) FROM account_state WHERE superseded_by IS NULL").fetchall()[0][0]
    changed = tuple(f"{one['county']} {one['year']} ({one['standard']})" for one in found if not one["hash_matches"])
    return Approved(len(found), int(count) - len(found), changed)


def unknown_service(service: str, rules: Iterable[str]) -> Problems:
    """Return the problem of a service that the account's standard does not count."""
    known = [rule.removesuffix(".value") for rule in rules if rule.endswith(".value")]
    return Problems(
        [
            Problem(
                "SERVICE",
                0,
                say("the standard counts no service {service!r}", service=service),
                say("one of {names}", names=listed(known)),
                did_you_mean(service, known),
            )
        ]
    )


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    found = connection.execute(sql, values or [])
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
