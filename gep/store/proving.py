"""Links of large tables, made of what is inserted while DuckDB inserts it: nothing is read back.

What the store then holds is compared with it by whoever walks the chain.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from gep.records import dataclass
from gep.store.chain import MOST_ROWS, Part, append_links, count_covered, count_rows, list_columns
from gep.store.digest import hash_rows
from gep.store.marks import mark_rows

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    import duckdb

FEWEST_ROWS = 20_000
"""Rows from which on this pays; smaller tables are read back and linked with all others."""

MOST_TEXTS = 2_000
"""Texts of a column that are kept coded."""

_WHOLE = {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "BOOLEAN"}


@dataclass(frozen=True)
class _Proven:
    table: str
    rows: int
    names: str
    parts: tuple[tuple[str, int, Future[tuple[str, bytes]]], ...]
    """Key of the first row, number of rows, hash and marks of each link to be; the rows themselves are let go once they are proven."""


class Proofs:
    """Collects what is inserted in a transaction, hashes and marks it in threads, and links it at the end."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, beside: Executor) -> None:
        """Prepare to prove tables.

        Parameters
        ----------
        beside : in whose threads rows are hashed and marked
        """
        self._connection, self._beside = connection, beside
        self._columns: dict[str, dict[str, str]] = {}
        self._proven: list[_Proven] = []

    def add(self, name: str, table: pa.Table, run: int) -> None:
        """Begin to prove the rows of a table that are inserted with the number of a run; small ones are left to be read back."""
        if table.num_rows < FEWEST_ROWS:
            return
        self._columns = self._columns or list_columns(self._connection)
        rows = _as_read(table, self._columns[name], run)
        if rows is None:
            return
        parts = [rows.slice(first, MOST_ROWS) for first in range(0, rows.num_rows, MOST_ROWS)]
        names = json.dumps(rows.column_names)
        proofs = [(f"{one.column_names[0]} {one[0][0].as_py()}", one.num_rows, self._beside.submit(_prove, one)) for one in parts]
        self._proven.append(_Proven(name, rows.num_rows, names, tuple(proofs)))

    def link(self) -> None:
        """Link what was proven; a table to which others added rows in this transaction is left to be read back."""
        if not self._proven:
            return
        covered = count_covered(self._connection)
        present = count_rows(self._connection, [one.table for one in self._proven])
        found: list[Part] = []
        for one in self._proven:
            first = covered.get(one.table, 0)
            if present[one.table] != first + one.rows:
                continue
            for key, rows, proof in one.parts:
                found.append(Part(one.table, first, rows, key, one.names, *proof.result()))
                first += rows
        append_links(self._connection, found)


def _prove(rows: pa.Table) -> tuple[str, bytes]:
    return hash_rows(rows), mark_rows(rows)


def _as_read(table: pa.Table, columns: dict[str, str], run: int) -> pa.Table | None:
    """Return rows as they are read from the store when it is walked; None where DuckDB converts a column as it inserts it."""
    found = {}
    for name, kind in columns.items():
        if name not in table.column_names:
            column = pa.repeat(run, table.num_rows) if name == "run" else pa.nulls(table.num_rows, _type_of(kind))
            found[name] = pa.chunked_array([column])
            continue
        given = table[name]
        of_number = pa.types.is_integer(given.type) or pa.types.is_boolean(given.type)
        if kind in _WHOLE and of_number:
            found[name] = given.cast(pa.int64())
        elif kind == "DOUBLE" and pa.types.is_float64(given.type):
            found[name] = given
        elif kind == "VARCHAR" and (texts := _read_texts(given)) is not None:
            found[name] = texts
        else:
            return None
    return pa.table(found)


def _type_of(kind: str) -> pa.DataType:
    return pa.int64() if kind in _WHOLE else pa.float64() if kind == "DOUBLE" else pa.large_string()


def _read_texts(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return texts, coded where each code is a text of its own and there are few; None where they are no texts."""
    kind = column.type
    coded = pa.types.is_dictionary(kind)
    if coded:
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    if not coded:
        return column
    column = column.unify_dictionaries()
    texts = column.chunk(0).dictionary if column.num_chunks else pa.array([], kind)
    if texts.null_count or len(texts) > MOST_TEXTS or len(pc.unique(texts)) < len(texts):
        return column.cast(kind)
    return column
