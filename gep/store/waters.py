"""Figures of waters that several counties may report: items of lines, notes that call a figure shared, equal figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.store.rows import Connection


@dataclass(frozen=True)
class ItemResult:
    """The result of one item of a line: quantity in the line's unit, values in CNY/yr; NaN where it is not known."""

    run: int
    account: int
    service: str
    line: str
    item: str
    quantity: float
    value: float
    value_constant: float


@dataclass(frozen=True)
class LineSum:
    """A line of an account: a quantity in the line's unit, and the sum of its values in CNY/yr; None where none is known."""

    service: str
    line: str
    quantity: float | None
    value: float | None
    value_constant: float | None


@dataclass(frozen=True)
class NotedFigure:
    """An input whose note may say that it is shared."""

    run: int
    account: int
    variable: str
    ecosystem: str
    note: str


@dataclass(frozen=True)
class PositiveFigure:
    """An input above 0, in the variable's unit."""

    run: int
    account: int
    variable: str
    value: float


def list_items(connection: Connection, runs: Iterable[int], lines: Iterable[str]) -> list[ItemResult]:
    """Return the results of the named items of lines in all accounts of runs, where line and service are accounted for.

    Parameters
    ----------
    lines : ids of lines whose items are single waters
    """
    found = fetch_rows(
        connection,
        "SELECT l.run, l.account, l.service, l.line, l.item, l.quantity, l.value, l.value_constant "
        "FROM line_result l JOIN service_result s USING (run, account, service) "
        "WHERE l.line IN (SELECT unnest(?)) AND l.item <> '' AND s.status = 'accounted' AND l.status = 'accounted' "
        "AND l.run IN (SELECT unnest(?)) ORDER BY ALL",
        [list(lines), sorted(set(runs))],
    )
    return [ItemResult(*row[:5], *(math.nan if one is None else float(one) for one in row[5:])) for row in found]


def sum_accounted_lines(connection: Connection, run: int, account: int) -> list[LineSum]:
    """Return the accounted lines of an account, by service and line; quantities in the line's unit, values in CNY/yr.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run
    """
    found = fetch_rows(
        connection,
        "SELECT l.service, l.line, any_value(l.quantity), sum(l.value), sum(l.value_constant) FROM line_result l "
        "JOIN service_result s USING (run, account, service) "
        "WHERE run = ? AND account = ? AND NOT l.detail AND s.status = 'accounted' AND l.status = 'accounted' "
        "GROUP BY l.service, l.line ORDER BY l.service, l.line",
        [run, account],
    )
    return [LineSum(*row) for row in found]


def list_shared_notes(connection: Connection, runs: Iterable[int]) -> list[NotedFigure]:
    """Return the inputs of all accounts of runs whose note says that they are shared, each note of a variable and type once."""
    found = fetch_rows(
        connection,
        "SELECT DISTINCT run, account, variable, ecosystem, note FROM input_row WHERE run IN (SELECT unnest(?)) "
        "AND (note ILIKE '%shared%' OR note LIKE '%共享%' OR note LIKE '%跨界%') ORDER BY ALL",
        [sorted(set(runs))],
    )
    return [NotedFigure(run, account, variable, ecosystem or "", note) for run, account, variable, ecosystem, note in found]


def list_positive_figures(connection: Connection, runs: Iterable[int], variables: Iterable[str]) -> list[PositiveFigure]:
    """Return the figures above 0 of some variables in all accounts of runs."""
    found = fetch_rows(
        connection,
        "SELECT run, account, variable, value FROM input_row WHERE variable IN (SELECT unnest(?)) AND value > 0 "
        "AND run IN (SELECT unnest(?)) ORDER BY ALL",
        [list(variables), sorted(set(runs))],
    )
    return [PositiveFigure(run, account, variable, float(value)) for run, account, variable, value in found]
