"""Rows of the accounts that a sum is made of: totals, services, lines, categories and what ratios divide by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from gep.reference.members import find_member_title
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.store.rows import Connection


class Counted(Protocol):
    """An account that is summed: where it stands."""

    @property
    def run(self) -> int:
        """Number of the run."""

    @property
    def account(self) -> int:
        """Number of the account in the run."""


@dataclass(frozen=True)
class TotalRow:
    """The total of an account in CNY/yr, what it covers, its state of review and what it was computed by."""

    run: int
    account: int
    gep: float | None
    gep_constant: float | None
    constant_year: int | None
    services_accounted: int
    services_counted: int
    state: str
    results_sha256: str
    rules_sha256: str
    coefficients_sha256: str


@dataclass(frozen=True)
class ServiceRow:
    """A service of an account; values in CNY/yr, None where it is not accounted for."""

    run: int
    account: int
    service: str
    category: str
    status: str
    value: float | None
    value_constant: float | None
    quantity: float | None
    quantity_unit: str | None


@dataclass(frozen=True)
class LineRow:
    """A line of a service of an account with its physical quantity; `product` only where the row is a part of another."""

    service: str
    line: str
    pollutant: str
    product: str
    quantity_unit: str
    quantity: float
    run: int
    account: int


@dataclass(frozen=True)
class ShownRow:
    """A figure of an account that its standard only shows, in `unit`, as its standard calls it; None where it lacks something."""

    figure: str
    title_zh: str
    title_en: str
    service: str
    ecosystem: str
    pollutant: str
    item: str
    unit: str
    value: float | None
    run: int
    account: int

    def name(self, lang: str) -> str:
        """Return what it is called, with the member that it is of."""
        members = [find_member_title(axis, getattr(self, axis))[lang] for axis in ("ecosystem", "pollutant")]
        return " ".join(filter(None, (self.title_zh if lang == "zh" else self.title_en, *members, self.item)))


@dataclass(frozen=True)
class CategoryRow:
    """The value of a category of services in an account, in CNY/yr."""

    category: str
    value: float | None


@dataclass(frozen=True)
class DenominatorRow:
    """Land area in km², population in persons or gross domestic product in CNY/yr of an account."""

    run: int
    account: int
    variable: str
    value: float


def read_totals(connection: Connection, accounts: Sequence[Counted]) -> list[TotalRow]:
    """Return the totals of accounts in CNY/yr, in any order."""
    found = _ask(
        connection,
        accounts,
        "SELECT s.run, s.account, t.value, t.value_constant, r.constant_year, t.accounted, t.counted, s.state, r.results_sha256, "
        "r.rules_sha256, r.coefficients_sha256 FROM chosen JOIN account_state s USING (run, account) JOIN run r USING (run) "
        "JOIN total_result t USING (run, account) WHERE t.category = 'gep'",
    )
    return [TotalRow(*row) for row in found]


def read_services(connection: Connection, accounts: Sequence[Counted]) -> list[ServiceRow]:
    """Return the services of accounts, in any order; values in CNY/yr, quantities in `quantity_unit`."""
    found = _ask(
        connection,
        accounts,
        "SELECT run, account, service, category, status, value, value_constant, quantity, quantity_unit "
        "FROM chosen JOIN service_result USING (run, account)",
    )
    return [ServiceRow(*row) for row in found]


def read_quantities(connection: Connection, accounts: Sequence[Counted]) -> list[LineRow]:
    """Return the physical quantities of accounted lines of accounts, each in its `quantity_unit`, in any order."""
    found = _ask(
        connection,
        accounts,
        "SELECT l.service, l.line, coalesce(l.pollutant, ''), CASE WHEN l.detail THEN coalesce(l.item, '') ELSE '' END, "
        "l.quantity_unit, l.quantity, run, account "
        "FROM chosen JOIN line_result l USING (run, account) JOIN service_result s USING (run, account, service) "
        "WHERE s.status = 'accounted' AND l.status = 'accounted' AND l.quantity IS NOT NULL",
    )
    return [LineRow(*row) for row in found]


def read_shown(connection: Connection, accounts: Sequence[Counted]) -> list[ShownRow]:
    """Return the figures that the standards of accounts only show, those of an account in the order of its standard."""
    found = _ask(
        connection,
        accounts,
        "SELECT s.figure, r.title_zh, r.title_en, coalesce(s.service, ''), coalesce(s.ecosystem, ''), coalesce(s.pollutant, ''), "
        "coalesce(s.item, ''), s.unit, s.value, s.run, s.account "
        "FROM chosen JOIN shown_result s USING (run, account) JOIN rule r ON r.run = s.run AND r.rule = s.figure "
        "ORDER BY s.run, s.account, r.place, s.rowid",
    )
    return [ShownRow(*row) for row in found]


def read_categories(connection: Connection, accounts: Sequence[Counted]) -> list[CategoryRow]:
    """Return the values of the categories of accounts in CNY/yr, without the totals, in any order."""
    found = _ask(
        connection, accounts, "SELECT category, value FROM chosen JOIN total_result USING (run, account) WHERE category <> 'gep'"
    )
    return [CategoryRow(*row) for row in found]


def read_denominators(connection: Connection, accounts: Sequence[Counted]) -> list[DenominatorRow]:
    """Return land area (km²), population (persons) and GDP (CNY/yr) of accounts, as far as given, in any order."""
    found = _ask(
        connection,
        accounts,
        "SELECT run, account, variable, value FROM chosen JOIN input_row USING (run, account) "
        "WHERE variable IN ('land_area', 'population', 'gdp')",
    )
    return [DenominatorRow(*row) for row in found]


def _ask(connection: Connection, accounts: Sequence[Counted], sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query that names the accounts of a sum `chosen`."""
    chosen = "WITH chosen AS (SELECT unnest(?::BIGINT[]) AS run, unnest(?::INTEGER[]) AS account) "
    return fetch_rows(connection, chosen + sql, [[one.run for one in accounts], [one.account for one in accounts]])
