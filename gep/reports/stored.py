"""What a report takes from the store: one account, its neighbours in time and place, and what reviewers did with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.compare.years import split_change
from gep.explain.rebuild import rebuild
from gep.reference.regions import PROVINCE_DIGITS, regions
from gep.reports.schemes import read_postings
from gep.store.accounts import shown_accounts
from gep.store.keys import AccountKey
from gep.store.signing import account_hash, state_of

if TYPE_CHECKING:
    import duckdb

    from gep.compare.years import Decomposition
    from gep.explain.rebuild import RecomputedAccount

Dicts = list[dict[str, Any]]


@dataclass(frozen=True)
class Earlier:
    """The account of the year a report compares with: its results, as far as the comparison needs them."""

    year: int
    splits: tuple[Decomposition, ...]
    """What each service changed by since then, and why."""
    areas: Dicts


@dataclass(frozen=True)
class Stored:
    """Everything the store holds about one account that a report tells."""

    head: dict[str, Any]
    rebuilt: RecomputedAccount
    lines: Dicts
    ecosystems: Dicts
    inputs: Dicts
    used: Dicts
    state: dict[str, Any]
    account_sha256: str
    events: Dicts
    explanations: Dicts
    series: Dicts
    earlier: Earlier | None
    postings: Dicts
    """Compensation money of the year that the county pays or receives."""
    neighbours: Dicts
    """Accounts of the same province, year and standard: county and GEP per km²."""


def read_stored(connection: duckdb.DuckDBPyConnection, run: int, account: int) -> Stored:
    """Return what the store holds about an account."""
    head = shown_accounts(connection, run, account)[0]
    rebuilt = rebuild(connection, run, account)
    series = _rows(
        connection,
        "SELECT g.*, l.account FROM gep_account g JOIN latest l USING (run, county, year, standard) "
        "WHERE g.county = ? AND g.standard = ? AND g.year <= ? ORDER BY g.year",
        [head["county"], head["standard"], head["year"]],
    )
    before = [one for one in series if one["year"] < head["year"]]
    province = head["county"][:PROVINCE_DIGITS]
    return Stored(
        head,
        rebuilt,
        _of(connection, "SELECT * FROM line_result WHERE run = ? AND account = ?", run, account),
        _of(connection, "SELECT * FROM ecosystem_result WHERE run = ? AND account = ?", run, account),
        _of(
            connection,
            "SELECT *, file || coalesce('!' || cell, ':' || line) AS address FROM input_row WHERE run = ? AND account = ? "
            "ORDER BY file, cell, line, variable",
            run,
            account,
        ),
        _of(connection, _USED, run, account),
        state_of(connection, AccountKey(run, account, head["county"], head["year"], head["standard"])),
        account_hash(connection, run, account),
        _rows(
            connection,
            "SELECT kind, who, happened_at, note, account_sha256, run FROM event WHERE county = ? AND year = ? AND standard = ? ORDER BY event",
            [head["county"], head["year"], head["standard"]],
        ),
        _of(
            connection,
            "SELECT check_code, grade, address, found, coalesce(found_zh, found) AS found_zh, explanation FROM explanation WHERE run = ? AND account = ? ORDER BY ALL",
            run,
            account,
        ),
        series,
        _earlier(connection, before[-1], AccountKey(run, account, head["county"], head["year"], head["standard"]))
        if before
        else None,
        read_postings(connection, head["county"], head["year"]),
        [
            one
            for one in _rows(
                connection,
                "SELECT county, gep, gep_per_km2, services_accounted, services_counted FROM gep_account WHERE year = ? AND standard = ? ORDER BY county",
                [head["year"], head["standard"]],
            )
            if one["county"].startswith(province) and one["county"] in regions()
        ],
    )


_USED = """SELECT c.coefficient, c.ecosystem, c.pollutant, c.product, w.value, w.unit, w.computed, w.price_year, w.low, w.high, w.source,
       w.locator, w.mark, w.region, w.note, w.file || ':' || w.line AS address, c.beaten, p.ratio
  FROM coefficient_account a JOIN account n USING (run, account) JOIN coefficient_choice c USING (run, pattern) JOIN run r USING (run)
  JOIN coefficient_row w ON w.coefficients_sha256 = r.coefficients_sha256 AND w.row_id = c.row_id
  LEFT JOIN price_ratio p ON p.run = a.run AND p.given = w.price_year AND p.wanted = n.year
  WHERE a.run = ? AND a.account = ? ORDER BY ALL"""


def _earlier(connection: duckdb.DuckDBPyConnection, head: dict[str, Any], now: AccountKey) -> Earlier:
    run, account = head["run"], head["account"]
    return Earlier(
        head["year"],
        split_change(connection, AccountKey(run, account, now.county, head["year"], now.standard), now),
        _of(
            connection, "SELECT ecosystem, value FROM input_row WHERE run = ? AND account = ? AND variable = 'area'", run, account
        ),
    )


def _of(connection: duckdb.DuckDBPyConnection, sql: str, run: int, account: int) -> Dicts:
    return _rows(connection, sql, [run, account])


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: list[Any]) -> Dicts:
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
