"""Asks an open store: anything that runs SQL, and its rows as tuples or as dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from gep.reference.periods import as_year, is_period

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    import duckdb

    from gep.store.kept import Made


class Connection(Protocol):
    """An open store: a DuckDB connection, or a `Store` inside its `with`."""

    def execute(self, query: str, parameters: object = ..., /) -> duckdb.DuckDBPyConnection:
        """Run one statement and return what can be fetched from."""


@runtime_checkable
class _Keeping(Protocol):
    """An open store that may be shared: a `Store`."""

    def remember(self, key: Hashable, make: Callable[[], Made], *, large: bool) -> Made:
        """Return what `make` returns, kept where answers are kept."""


def remember_large(connection: Connection, key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what `make` returns; where the store keeps answers for many, it is made once. Who gets it must not change it."""
    return connection.remember(key, make, large=True) if isinstance(connection, _Keeping) else make()


def remember(connection: Connection, key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what `make` returns, an answer that many accounts share; made once where the store keeps answers. Who gets it must not change it."""
    return connection.remember(key, make, large=False) if isinstance(connection, _Keeping) else make()


def fetch_rows(
    connection: Connection, sql: str, values: Sequence[object] | Mapping[str, object] | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows of a query as tuples.

    Parameters
    ----------
    values : what stands for `?` (a sequence) or `$name` (a mapping) in the query
    """
    found = connection.execute(sql, values or None)
    return _name_periods([column[0] for column in found.description or []], found.fetchall())


def fetch_records(
    connection: Connection, sql: str, values: Sequence[object] | Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts, by the names of its columns.

    Parameters
    ----------
    values : what stands for `?` (a sequence) or `$name` (a mapping) in the query
    """
    found = connection.execute(sql, values or None)
    columns = [column[0] for column in found.description or []]
    return make_dicts(columns, _name_periods(columns, found.fetchall()))


def _name_periods(columns: list[str], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows whose years that are periods of several years print as such."""
    for at in (at for at, name in enumerate(columns) if name == "year"):
        if any(isinstance(row[at], int) and is_period(row[at]) for row in rows):
            rows = [(*row[:at], as_year(row[at]) if isinstance(row[at], int) else row[at], *row[at + 1 :]) for row in rows]
    return rows


def make_dicts(columns: Sequence[str], found: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return rows as dicts, by the names of their columns."""
    return [dict(zip(columns, row, strict=True)) for row in found]
