"""The chain of a store: rows are linked by hash in the transaction that adds them, so that the head stands for all of them.

Nobody needs to call this: whatever is added to any table inside `open_to_write` is linked when it is committed.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

from gep.messages.problems import Problem, refuse
from gep.messages.texts import say
from gep.records import dataclass
from gep.store.digest import choose_expression, hash_rows
from gep.store.marks import mark_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    import duckdb

    from gep.store.rows import Connection

LINKS = "chain_link"
MADE, MIGRATED, WRITTEN = "made", "migrated", "written"
"""Occasions of a link: an empty store was made, a store without a chain was upgraded, something was written."""

MOST_ROWS = 1_000_000
"""Rows that one link covers at most, so that walking the chain takes bounded memory."""

START = "0" * 64


@dataclass(frozen=True)
class Link:
    """One link: the rows `first_row` up to `first_row + row_count` of a table, counted from 0 in the order they were added."""

    link: int
    linked_at: datetime
    occasion: str
    table_name: str
    first_row: int
    row_count: int
    row_key: str
    covered_columns: str
    rows_sha256: str
    row_marks: bytes
    previous_sha256: str
    link_sha256: str = ""

    def compute_hash(self) -> str:
        """Return the hash that the link must have: sha256 over all its other fields as JSON, and the marks."""
        head = [
            str(self.linked_at.isoformat()),
            *(value for value in tuple(vars(self).values())[:-1] if not isinstance(value, bytes | datetime)),
        ]
        return hashlib.sha256(json.dumps(head, ensure_ascii=False).encode() + b"\n" + self.row_marks).hexdigest()


@dataclass(frozen=True)
class Part:
    """Rows of a table that one link is to cover, and what proves them; fields as of `Link`."""

    table_name: str
    first_row: int
    row_count: int
    row_key: str
    covered_columns: str
    rows_sha256: str
    row_marks: bytes


@dataclass(frozen=True)
class Head:
    """The last link of a chain: its number, from 1, and its hash, which stands for everything stored up to then."""

    link: int
    sha256: str
    linked_at: datetime | None


def read_head(connection: Connection) -> Head:
    """Return the head of the chain; link 0 where nothing is linked."""
    rows = connection.execute(f"SELECT link, link_sha256, linked_at FROM {LINKS} ORDER BY link DESC LIMIT 1").fetchall()  # noqa: S608 - our own names
    return Head(*rows[0]) if rows else Head(0, START, None)


def read_links(connection: Connection) -> list[Link]:
    """Return all links in the order they were made; a date that no calendar here has is the last or first there is."""
    query = f"SELECT * REPLACE (greatest(least(linked_at, ?), ?) AS linked_at) FROM {LINKS} ORDER BY link"  # noqa: S608 - our own names
    return [Link(*row) for row in connection.execute(query, [datetime.max, datetime.min]).fetchall()]  # noqa: DTZ901 - moments of the store are UTC


def list_chained_tables(connection: Connection) -> list[str]:
    """Return all tables of the store but the chain's own, by name."""
    found = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary AND table_name <> ? ORDER BY table_name",
        [LINKS],
    ).fetchall()
    return [name for (name,) in found]


def count_rows(connection: Connection, tables: list[str] | None = None) -> dict[str, int]:
    """Return the number of rows of each table.

    Parameters
    ----------
    tables : None: all that are chained
    """
    tables = list_chained_tables(connection) if tables is None else tables
    query = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables)  # noqa: S608 - names of tables of the store
    return dict(connection.execute(query).fetchall()) if tables else {}


def count_covered(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each table that links cover."""
    return dict(
        connection.execute(f"SELECT table_name, CAST(max(first_row + row_count) AS BIGINT) FROM {LINKS} GROUP BY ALL").fetchall()  # noqa: S608 - our own names
    )


def refuse_unlinked(connection: Connection, path: Path) -> None:
    """Refuse to write to a store that has other rows than its chain covers: the next link would cover them as if they were ours.

    Raises
    ------
    Problems : each table with rows too many or too few
    """
    covered = count_covered(connection)
    refuse(
        Problem(
            str(path),
            0,
            say(
                "table {name} has {rows:,} rows, its chain covers {covered:,}", name=name, rows=rows, covered=covered.get(name, 0)
            ),
            "rows that this program wrote",
            "gep verify --store FILE says which; go on from a copy that follows its chain",
        )
        for name, rows in count_rows(connection).items()
        if rows != covered.get(name, 0)
    )


def link_new_rows(connection: duckdb.DuckDBPyConnection, occasion: str = WRITTEN) -> None:
    """Link all rows that no link covers yet; called once, at the end of the transaction that added them.

    Parameters
    ----------
    occasion : MADE, MIGRATED or WRITTEN
    """
    covered = count_covered(connection)
    new = [(name, covered.get(name, 0), rows) for name, rows in count_rows(connection).items() if rows > covered.get(name, 0)]
    if not new:
        return
    columns_of = list_columns(connection)
    newest = cache(lambda run: connection.execute(f'SELECT max("{run}") FROM "{run}"').fetchall()[0][0])  # noqa: S608 - our own names
    with ThreadPoolExecutor(1) as beside:  # rows are hashed while the next ones are read
        proofs: list[tuple[Part, Future[tuple[str, bytes]]]] = []
        for name, begin, end in new:
            columns, first = columns_of[name], begin
            for rows in _read_new(connection, name, columns, begin, end, newest):
                key = f"{rows.column_names[0]} {rows[0][0].as_py()}"
                part = Part(name, first, rows.num_rows, key, json.dumps(rows.column_names), "", b"")
                for _, before in proofs[-1:]:
                    before.result()  # two portions of rows at a time and not more
                proofs.append((part, beside.submit(_prove, rows)))
                first += rows.num_rows
        parts = [replace(part, rows_sha256=proof.result()[0], row_marks=proof.result()[1]) for part, proof in proofs]
    append_links(connection, parts, occasion)  # not before all rows were read: a table is read as a stream


def append_links(connection: duckdb.DuckDBPyConnection, parts: Iterable[Part], occasion: str = WRITTEN) -> None:
    """Append a link a part to the chain, in their order.

    Parameters
    ----------
    occasion : MADE, MIGRATED or WRITTEN
    """
    head, at = read_head(connection), datetime.now(UTC).replace(tzinfo=None)
    links = []
    for part in parts:
        link = Link(head.link + 1, at, occasion, **vars(part), previous_sha256=head.sha256)
        head = Head(link.link, link.compute_hash(), at)
        links.append(vars(replace(link, link_sha256=head.sha256)))
    if links:
        places = f"({', '.join('?' for _ in links[0])})"
        connection.execute(
            f"INSERT INTO {LINKS} VALUES {', '.join(places for _ in links)}",  # noqa: S608 - our own names
            [value for link in links for value in link.values()],
        )


def _prove(rows: pa.Table) -> tuple[str, bytes]:
    return hash_rows(rows), mark_rows(rows)


def list_columns(connection: Connection) -> dict[str, dict[str, str]]:
    """Return the columns of each table with their types, in their order: asking once costs as much as asking for one table."""
    found: dict[str, dict[str, str]] = {}
    for table, name, kind in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"
    ).fetchall():
        found.setdefault(table, {})[name] = kind
    return found


def select_rows(table: str, columns: dict[str, str]) -> str:
    """Return the query for the rows of a table in the order they were added, as numbers and texts that hash alike everywhere.

    Parameters
    ----------
    columns : name → type, as `list_columns` gives them of the table
    """
    chosen = ", ".join(choose_expression(column, kind) for column, kind in columns.items())
    return f'SELECT {chosen} FROM "{table}"'  # noqa: S608 - names of the store


def _read_new(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: dict[str, str],
    first: int,
    end: int,
    newest: Callable[[str], int | None],
) -> Iterator[pa.Table]:
    """Yield the rows from `first` on; those of a new run are looked up by its number, which needs no walk through the table.

    Parameters
    ----------
    newest : returns the highest number in a table of runs
    """
    where = f"rowid >= {first}" if first else ""
    run = next((name for name in ("run", "transfer_run") if name in columns and table != name), None)
    if first and run is not None:
        last = newest(run)
        quick = f'"{run}" = {int(last)} AND {where}' if last is not None else ""
        if quick and connection.execute(f'SELECT count(*) FROM "{table}" WHERE {quick}').fetchall()[0][0] == end - first:  # noqa: S608 - our own names
            where = quick
    query = select_rows(table, columns) + (f" WHERE {where}" if where else "")
    reader = RowReader(connection, query)
    for start in range(0, end - first, MOST_ROWS):
        yield reader.take(min(MOST_ROWS, end - first - start))
    reader.close()


class RowReader:
    """Reads the rows of a query in their order, so many at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, query: str) -> None:
        self._batches = connection.sql(query).to_arrow_reader(100_000)
        self._held = pa.Table.from_batches([], self._batches.schema)

    def take(self, count: int) -> pa.Table:
        """Return the next rows, fewer where they run out."""
        parts, have = [self._held], self._held.num_rows
        while have < count:
            try:
                parts.append(pa.Table.from_batches([self._batches.read_next_batch()]))
            except StopIteration:
                break
            have += parts[-1].num_rows
        whole = pa.concat_tables(parts)
        self._held = whole.slice(count)
        return whole.slice(0, count)

    def close(self) -> None:
        """Let go of the table, so that the next one can be read."""
        self._batches.close()
