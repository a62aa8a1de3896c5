"""Figures of many counties side by side: totals, ratios and services of a year under a standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.records import dataclass
from gep.store.newest import list_newest_kept
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gep.store.accounts import OpenStore
    from gep.store.keys import AccountKey
    from gep.store.rows import Connection


@dataclass(frozen=True)
class CountyTotals:
    """Totals of the newest account of a county; money in CNY/yr, over km², heads and CNY. None: missing, never zero."""

    county: str
    gep: float | None
    gep_per_km2: float | None
    gep_per_head: float | None
    gep_per_gdp: float | None
    services_accounted: int
    services_counted: int
    state: str


@dataclass(frozen=True)
class CountyValue:
    """A service of a county, or its total (`gep`); a value in CNY/yr, or in CNY/km²/yr where land is compared."""

    county: str
    service: str
    value: float


@dataclass(frozen=True)
class CountyQuantity:
    """The physical quantity of a service of a county in `unit`; `priced`: it also has a value."""

    county: str
    service: str
    quantity: float
    unit: str
    priced: bool


def list_service_quantities(store: OpenStore, year: int, standard: str, codes: Iterable[str]) -> list[CountyQuantity]:
    """Return the quantities of the services that the newest accounts of counties have one for, by county and service.

    Parameters
    ----------
    standard : id
    codes    : six-digit codes
    """
    rows = _ask_newest(
        store,
        year,
        standard,
        codes,
        "SELECT county, service, quantity, quantity_unit, status = 'accounted' FROM {services} WHERE quantity IS NOT NULL "
        "ORDER BY county, service",
    )
    return [CountyQuantity(*row) for row in rows]


def list_quantities_of(connection: Connection, run: int, account: int) -> dict[str, tuple[float, str]]:
    """Return service → quantity and its unit of an account, for services that have a quantity of one unit."""
    found = fetch_rows(
        connection,
        "SELECT service, quantity, quantity_unit FROM service_result WHERE run = ? AND account = ? AND quantity IS NOT NULL",
        [run, account],
    )
    return {service: (quantity, unit) for service, quantity, unit in found}


def count_quantities_only(connection: Connection) -> dict[tuple[int, int], int]:
    """Return (run, account) → how many services have a quantity and no value, since the standard has no prices."""
    query = "SELECT run, account, count(*) FROM service_result WHERE status = 'quantity only' GROUP BY run, account"
    return {(run, account): count for run, account, count in fetch_rows(connection, query)}


def count_quantities_of(store: OpenStore, key: AccountKey) -> int:
    """Return how many services of an account have a quantity and no value, since the standard has no prices."""
    query = "SELECT count(*) FROM service_result WHERE run = ? AND account = ? AND status = 'quantity only'"
    return int(fetch_rows(store, query, [key.run, key.account])[0][0])


def has_notice(connection: Connection, year: int, standard: str, code: str) -> bool:
    """Return whether an account of a year under a standard has a notice of a code, as one whose totals are no GEP has."""
    query = (
        "SELECT count(*) FROM notice n JOIN gep_account_run a ON n.run = a.run AND n.account IN (a.account, -1) "
        "WHERE a.superseded_by IS NULL AND a.year = ? AND a.standard = ? AND n.code = ?"
    )
    return bool(fetch_rows(connection, query, [year, standard, code])[0][0])


def list_runs_with_notice(connection: Connection, code: str) -> frozenset[int]:
    """Return the runs in which an account has a notice of a code."""
    return frozenset(run for (run,) in fetch_rows(connection, "SELECT DISTINCT run FROM notice WHERE code = ?", [code]))


def list_totals(store: OpenStore, year: int, standard: str, codes: Iterable[str] | None = None) -> list[CountyTotals]:
    """Return the totals of the newest accounts of a year, by code; values in CNY/yr, over km², heads and CNY.

    Parameters
    ----------
    standard : id
    codes    : six-digit codes; None: all counties
    """
    wanted = None if codes is None else set(codes)
    if not store.keeps:
        return _read_totals(store, year, standard, wanted)
    found = store.remember(("totals", year, standard), lambda: _read_totals(store, year, standard, None))
    return [one for one in found if wanted is None or one.county in wanted]


def _read_totals(connection: Connection, year: int, standard: str, codes: Iterable[str] | None) -> list[CountyTotals]:
    found = fetch_rows(
        connection,
        "SELECT county, gep, gep_per_km2, gep_per_head, gep_per_gdp, services_accounted, services_counted, state FROM gep_account "
        "WHERE year = $year AND standard = $standard AND ($codes IS NULL OR county IN (SELECT unnest($codes))) ORDER BY county",
        {"year": year, "standard": standard, "codes": None if codes is None else list(codes)},
    )
    return [CountyTotals(*row) for row in found]


def list_service_values(store: OpenStore, year: int, standard: str, codes: Iterable[str]) -> list[CountyValue]:
    """Return the values, in CNY/yr, of the services that the newest accounts of counties account for, in any order.

    Parameters
    ----------
    standard : id
    codes    : six-digit codes
    """
    rows = _ask_newest(store, year, standard, codes, "SELECT county, service, value FROM {services} WHERE status = 'accounted'")
    return [CountyValue(*row) for row in rows]


def _ask_newest(store: OpenStore, year: int, standard: str, codes: Iterable[str], sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a question to the services of the newest accounts of a year; looked up by account, whatever else is stored."""
    newest = [one for one in list_newest_kept(store, codes, year) if one.standard == standard]
    chosen = "(SELECT unnest(?::VARCHAR[]) AS county, unnest(?::BIGINT[]) AS run, unnest(?::INTEGER[]) AS account)"
    given = [[getattr(one, name) for one in newest] for name in ("county", "run", "account")]
    return fetch_rows(store, sql.format(services=f"{chosen} JOIN service_result USING (run, account)"), given) if newest else []


def list_values_per_km2(connection: Connection, key: AccountKey, years_apart: int) -> list[CountyValue]:
    """Return values in CNY/km²/yr of all counties under a standard, each county's year nearest to that of an account.

    Parameters
    ----------
    key : the account that is compared; of its own county only its year is taken
    years_apart : how many years another county's account may be away
    """
    found = fetch_rows(
        connection,
        """WITH near AS (
             SELECT run, account, county FROM latest WHERE standard = ? AND abs(year - ?) <= ? AND (county <> ? OR year = ?)
             QUALIFY row_number() OVER (PARTITION BY county ORDER BY abs(year - ?), year DESC) = 1),
           land AS (
             SELECT run, account, max(value) AS km2 FROM input_row SEMI JOIN near USING (run, account)
             WHERE variable = 'land_area' GROUP BY run, account),
           worth AS (
             SELECT run, account, service, value FROM service_result WHERE status = 'accounted'
             UNION ALL SELECT run, account, 'gep', value FROM total_result WHERE category = 'gep')
           SELECT n.county, w.service, w.value / l.km2 FROM near n JOIN land l USING (run, account) JOIN worth w USING (run, account)
           WHERE l.km2 > 0 AND w.value > 0 ORDER BY ALL""",
        [key.standard, key.year, years_apart, key.county, key.year, key.year],
    )
    return [CountyValue(*row) for row in found]


def read_values(connection: Connection, key: AccountKey, *, constant: bool = False) -> dict[str, float]:
    """Return service → value of an account in CNY/yr, and its total as `gep`.

    Parameters
    ----------
    constant : values at constant prices, of `read_constant_year`
    """
    column = "value_constant" if constant else "value"
    found = fetch_rows(
        connection,
        f"SELECT service, {column} FROM service_result WHERE run = ? AND account = ? AND {column} IS NOT NULL "  # noqa: S608 - our own names
        f"UNION ALL SELECT 'gep', {column} FROM total_result WHERE run = ? AND account = ? AND category = 'gep' AND {column} IS NOT NULL",
        [key.run, key.account, key.run, key.account],
    )
    return dict(found)


def read_constant_year(connection: Connection, run: int) -> int | None:
    """Return the price year of a run's second, constant-price series; None without one."""
    year = fetch_rows(connection, "SELECT constant_year FROM run WHERE run = ?", [run])[0][0]
    return None if year is None else int(year)


@dataclass(frozen=True)
class YearbookRow:
    """The newest account of a county in a yearbook: its figures in CNY/yr, its state of review and the run it is of."""

    county: str
    standard: str
    material: float | None
    regulating: float | None
    cultural: float | None
    gep: float | None
    gep_per_km2: float | None
    gep_per_head: float | None
    gep_per_gdp: float | None
    services_accounted: int
    services_counted: int
    results_sha256: str
    run: int
    account: int
    state: str
    made_at: datetime
    program: str
    standard_text: str


@dataclass(frozen=True)
class YearbookService:
    """A service of an account in a yearbook; value in CNY/yr."""

    run: int
    account: int
    service: str
    category: str
    status: str
    value: float | None
    quantity: float | None = None
    quantity_unit: str | None = None


def list_yearbook_rows(connection: Connection, prefix: str, year: int) -> list[YearbookRow]:
    """Return the newest accounts of a year whose codes begin with a prefix, under all standards, by code.

    Parameters
    ----------
    prefix : first digits of the codes: two of a province, four of a prefecture, none of the nation
    """
    found = fetch_rows(
        connection,
        "SELECT g.county, g.standard, g.material, g.regulating, g.cultural, g.gep, g.gep_per_km2, g.gep_per_head, g.gep_per_gdp, "
        "g.services_accounted, g.services_counted, g.results_sha256, g.run, g.account, g.state, r.made_at, r.program, r.standard_text "
        "FROM gep_account_run g JOIN run r USING (run) WHERE g.superseded_by IS NULL AND g.year = ? AND regexp_full_match(g.county, '[0-9]{6}') AND starts_with(g.county, ?) "
        "ORDER BY g.county",
        [year, prefix],
    )
    return [YearbookRow(*row) for row in found]


def list_yearbook_services(connection: Connection, runs: Iterable[int]) -> list[YearbookService]:
    """Return the services of all accounts of runs, in the order they are stored; values in CNY/yr."""
    found = fetch_rows(
        connection,
        "SELECT run, account, service, category, status, value, quantity, quantity_unit FROM service_result WHERE run IN (SELECT unnest(?))",
        [sorted(set(runs))],
    )
    return [YearbookService(*row) for row in found]
