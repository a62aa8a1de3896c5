"""Walks the chain of a store and names what does not follow: links, rows, and the tables and views that rows are read through."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import mark_word, say
from gep.records import dataclass
from gep.store.chain import (
    LINKS,
    MIGRATED,
    START,
    WRITTEN,
    Head,
    Link,
    RowReader,
    count_rows,
    list_chained_tables,
    list_columns,
    read_links,
    select_rows,
)
from gep.store.digest import hash_rows
from gep.store.marks import compare_marks, count_rows_a_mark, find_way
from gep.store.opening import open_empty, open_to_read
from gep.store.walked import find_state, is_walked, remember_walked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import duckdb
    import pyarrow as pa

SKEW = timedelta(minutes=10)
"""How far clocks of machines that share a store may be apart."""
LONGEST = timedelta(hours=6)
"""How long before its commit a row may have been dated: a run that computes for long."""
KEPT = "event_kept"
"""Table of the sign-offs that were carried over to a later run."""
OF_MONEY = ("transfer_", "scheme_", "prepared_", "encumbrance")
"""How the names of tables of money begin: registered schemes, bookings, payments and the register."""
CELLS = 5
"""Cells of a row that are shown to know it by."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - moments of the store are UTC without saying so
_FIRST, _LAST = datetime.min - _EPOCH, datetime.max - _EPOCH  # noqa: DTZ901 - as above
FEWEST_DIGITS = 16
"""Digits of a printed head that must be given: fewer could be matched by trying."""
MOST_DIGITS = 64
_HEXADECIMAL = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Broken:
    """One place where a store does not follow its chain: `link` is 0 where no link covers it."""

    link: int
    table: str
    found: str
    expected: str


@dataclass(frozen=True)
class Printed:
    """A head that stands on paper: the link of this chain it is, None where it is none, and when that was."""

    sha256: str
    link: int | None
    linked_at: datetime | None


@dataclass(frozen=True)
class Walk:
    """What walking a chain has found; it holds if nothing is `broken` and the printed head, if any, is one of its links."""

    head: Head
    links: int
    rows: int
    tables: int
    migrated_at: datetime | None
    """When the store was upgraded: its rows from before are linked as they were then."""
    migrated_rows: int
    broken: tuple[Broken, ...]
    printed: Printed | None = None

    @property
    def holds(self) -> bool:
        """Whether everything follows."""
        return not self.broken and (self.printed is None or self.printed.link is not None)


def walk_chain(path: Path, head: str = "") -> Walk:
    """Return whether every row of a store follows its chain, and the first place in each table where it does not.

    Parameters
    ----------
    head : one that stands on a report, notice or certificate, whole or at least its first FEWEST_DIGITS digits; empty: none

    Raises
    ------
    Problems : there is no store, or it cannot be read
    """
    with open_to_read(path) as connection:
        links = read_links(connection)
        tables = list_chained_tables(connection)
        broken = list(_check_links(links))
        kept = {event for (event,) in connection.execute("SELECT event FROM event_kept").fetchall()} if KEPT in tables else set()
        rows, known = 0, _Known(list_columns(connection), count_rows(connection, tables))
        for table in sorted({*tables, *(one.table_name for one in links)}):
            broken += _check_table(connection, table, [one for one in links if one.table_name == table], kept, known)
            rows += sum(one.row_count for one in links if one.table_name == table)
        broken += _check_schema(connection)
    last = links[-1] if links else None
    migrated = [one for one in links if one.occasion == MIGRATED]
    return Walk(
        Head(last.link, last.link_sha256, last.linked_at) if last else Head(0, START, None),
        len(links),
        rows,
        len(tables),
        migrated[0].linked_at if migrated else None,
        sum(one.row_count for one in migrated),
        tuple(sorted(broken, key=lambda one: (one.link == 0, one.link))),
        find_printed(links, head) if head else None,
    )


def refuse_forged(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a store whose money does not follow its chain: schemes, postings, payments, the register, and what they are read through.

    It is walked once in a process, and again whenever another program wrote to the file (`gep.store.walked`).

    Parameters
    ----------
    connection : to the file at `path`; nothing was added inside its transaction yet

    Raises
    ------
    Problems : the first place in each table where it does not, as `gep verify --store` says
    """
    if is_walked(find_state(path)):
        return
    links = read_links(connection)
    tables = set(list_chained_tables(connection))
    known = _Known(list_columns(connection), count_rows(connection, sorted(one for one in tables if one.startswith(OF_MONEY))))
    broken = list(_check_links(links))
    for table in sorted({*tables, *(one.table_name for one in links)}):
        if table.startswith(OF_MONEY):
            mine = [one for one in links if one.table_name == table]
            broken += _check_table(connection, table, mine, set(), known) if mine or table in tables else ()
    broken += _check_schema(connection)
    _refuse(path, broken)
    remember_walked(path)


def has_booked(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether postings were ever linked to the chain of a store."""
    return bool(connection.execute("SELECT 1 FROM chain_link WHERE table_name = 'transfer_posting' LIMIT 1").fetchall())


def _refuse(path: Path, broken: Iterable[Broken]) -> None:
    refuse(
        Problem(
            str(path),
            0,
            say("{table}: {found}", table=one.table, found=one.found),
            one.expected,
            "the store was changed by another program: gep verify --store FILE says where; go on from a copy that follows its chain",
        )
        for one in broken
    )


def reads_money(sql: str) -> bool:
    """Whether a query names a table or view of money, or one of the register."""
    return any(name in sql.lower() for name in OF_MONEY)


def read_typed_head(head: str) -> str:
    """Return a head as somebody typed it from paper: without spaces, in plain small digits; empty stays empty.

    Raises
    ------
    Problems : it is no head, or less of one than proves anything: saying that it is not of a store would accuse the wrong one
    """
    plain = "".join(unicodedata.normalize("NFKC", head).split()).lower().rstrip("….")
    if head.strip() and (not FEWEST_DIGITS <= len(plain) <= MOST_DIGITS or set(plain) - _HEXADECIMAL):
        expected = say("{fewest} to {most} of the digits 0-9 and a-f", fewest=FEWEST_DIGITS, most=MOST_DIGITS)
        refuse_one("--head", say("{head!r} is no head", head=head[:80]), expected, "copy more digits of the head from the paper")
    return plain


def find_printed(links: list[Link], head: str) -> Printed:
    """Return which link of a chain a printed head is."""
    wanted = "".join(head.split()).lower()
    for one in links:
        if len(wanted) >= FEWEST_DIGITS and one.link_sha256.startswith(wanted):
            return Printed(wanted, one.link, one.linked_at)
    return Printed(wanted, None, None)


def _check_links(links: list[Link]) -> Iterator[Broken]:
    """Yield the links that do not follow from the link before, or whose own fields were changed."""
    previous, before = START, None
    for at, one in enumerate(links, 1):
        if one.link != at:
            yield Broken(
                one.link,
                LINKS,
                say("link {link} follows link {before}", link=one.link, before=at - 1),
                say("link {link}", link=at),
            )
            return
        if one.previous_sha256 != previous:
            yield Broken(
                one.link, LINKS, _hash("the link before has the hash {digest}", one.previous_sha256), _hash("{digest}", previous)
            )
            return
        if (made := one.compute_hash()) != one.link_sha256:
            yield Broken(
                one.link, LINKS, _hash("the link was changed: its hash is {digest}", one.link_sha256), _hash("{digest}", made)
            )
            return
        if before is not None and one.linked_at < before - SKEW:
            found = say("the link is dated {at:%Y-%m-%d %H:%M} UTC, before the link before it", at=one.linked_at)
            yield Broken(one.link, LINKS, found, say("not before {at:%Y-%m-%d %H:%M} UTC", at=before))
        previous, before = one.link_sha256, one.linked_at
    now = datetime.now(UTC).replace(tzinfo=None)
    if before is not None and before > now + SKEW:
        found = say("the link is dated {at:%Y-%m-%d %H:%M} UTC, which is yet to come", at=before)
        yield Broken(len(links), LINKS, found, say("not after {at:%Y-%m-%d %H:%M} UTC", at=now))


def _hash(template: str, digest: str) -> str:
    return say(template, digest=digest[:16]) if template != "{digest}" else digest[:16]


@dataclass(frozen=True)
class _Known:
    """What the file says of its tables: the columns of each with their types, and the rows of those that are compared."""

    columns: dict[str, dict[str, str]]
    rows: dict[str, int]


def _check_table(
    connection: duckdb.DuckDBPyConnection, table: str, links: list[Link], kept: set[int], known: _Known
) -> Iterator[Broken]:
    """Yield the first place where a table does not follow its links."""
    if table not in known.rows:
        yield Broken(
            links[0].link, table, say("the table is gone"), say("{rows:,} rows", rows=links[-1].first_row + links[-1].row_count)
        )
        return
    columns = known.columns[table]
    total, linked = known.rows[table], sum(one.row_count for one in links)
    reader = RowReader(connection, select_rows(table, columns))
    end = 0
    for one in links:
        covered = _read_covered(one)
        if covered is None or one.row_count < 0:
            yield Broken(one.link, LINKS, say("the link cannot be read"), say("columns and rows of {table}", table=table))
            break
        rows = reader.take(one.row_count)
        later = [name for name in columns if name not in covered]
        if one.first_row != end:
            yield Broken(
                one.link, table, say("the link begins at row {row:,}", row=one.first_row + 1), say("row {row:,}", row=end + 1)
            )
            break
        gone = [name for name in covered if name not in columns]
        if gone:
            yield Broken(one.link, table, say("column {name} is gone", name=gone[0]), say("the columns that were linked"))
            break
        if rows.num_rows != one.row_count or hash_rows(rows.select(covered), find_way(one.row_marks)) != one.rows_sha256:
            yield _name_row(one, rows, covered, gone=total < linked)
            break
        filled = [name for name in later if rows[name].null_count != rows.num_rows]
        if filled:
            yield Broken(
                one.link, table, say("column {name}, which is younger, is filled in", name=filled[0]), say("empty cells")
            )
            break
        yield from _check_dates(one, rows, columns, kept)
        end += one.row_count
    else:
        more = reader.take(1)
        if more.num_rows:
            found = say("row {row:,} is in no link: {shown}", row=end + 1, shown=_show(more, 0))
            yield Broken(0, table, found, say("{rows:,} rows", rows=end))
    reader.close()


def _read_covered(link: Link) -> list[str] | None:
    """Return the columns that a link covers; None where another program wrote there what are no columns."""
    try:
        found = json.loads(link.covered_columns)
    except (ValueError, RecursionError):
        return None
    told = isinstance(found, list) and all(isinstance(one, str) for one in found) and len(set(found)) == len(found)
    return found if told else None


def _check_dates(link: Link, rows: pa.Table, columns: dict[str, str], kept: set[int]) -> Iterator[Broken]:
    """Yield the first row that is dated long before or after it was written; sign-offs carried over keep their date."""
    if link.occasion != WRITTEN:
        return
    at = np.datetime64(link.linked_at, "us").astype(np.int64)
    earliest, latest = (int(at + step / timedelta(microseconds=1)) for step in (-LONGEST, SKEW))
    for name in (name for name, kind in columns.items() if kind == "TIMESTAMP"):
        for row, moment in enumerate(rows[name].to_pylist()):
            if link.table_name == "event" and rows["event"][row].as_py() in kept:
                continue
            if moment is not None and not earliest <= moment <= latest:
                day = _EPOCH + min(max(timedelta(microseconds=moment), _FIRST), _LAST)
                found = say(
                    "row {row:,} is dated {at:%Y-%m-%d %H:%M} UTC: {shown}",
                    row=link.first_row + row + 1,
                    at=day,
                    shown=_show(rows, row),
                )
                yield Broken(
                    link.link,
                    link.table_name,
                    found,
                    say("about {at:%Y-%m-%d %H:%M} UTC, when it was written", at=link.linked_at),
                )
                return


def _name_row(link: Link, rows: pa.Table, covered: list[str], *, gone: bool) -> Broken:
    """Return the first row of a link that is not what was linked, by the marks kept of them.

    Parameters
    ----------
    gone : whether the table has fewer rows than were linked
    """
    step = count_rows_a_mark(link.row_count)
    expected = say("the row as it was linked on {at:%Y-%m-%d %H:%M} UTC ({key})", at=link.linked_at, key=link.row_key)
    whole = rows.num_rows and (rows.num_rows == link.row_count or step == 1)
    kept, now = compare_marks(link.row_marks, rows.select(covered) if whole else None)
    at = next((at for at, (one, two) in enumerate(zip(kept, now, strict=False)) if one != two), min(len(kept), len(now)))
    first = link.first_row + at * step + 1
    if step > 1:
        found = say("one of the rows {first:,} to {last:,} is not what was linked", first=first, last=first + step - 1)
    elif at >= len(now):
        found = say("row {row:,} is gone", row=first)
    elif at + 1 < len(now) and at < len(kept) and now[at + 1] == kept[at]:
        found = say("row {row:,} was put in: {shown}", row=first, shown=_show(rows, at))
    elif now[at] == kept[at + 1] if at + 1 < len(kept) else gone:
        found = say("row {row:,} is gone; in its place stands {shown}", row=first, shown=_show(rows, at))
    else:
        found = say("row {row:,} is not what was linked: {shown}", row=first, shown=_show(rows, at))
    return Broken(link.link, link.table_name, found, expected)


def _show(rows: pa.Table, at: int) -> str:
    """Return the first cells of a row to know it by."""
    cells = [(name, rows[name][at].as_py()) for name in rows.column_names]
    shown = [f"{name} {str(value)[:24]}" for name, value in cells if value not in {None, ""}]
    return ", ".join(shown[:CELLS])


_SCHEMA = """
    SELECT 'view ' || view_name AS named, sql FROM duckdb_views() WHERE NOT internal
    UNION ALL SELECT 'table ' || table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index)
      FROM duckdb_columns() WHERE NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables()) GROUP BY ALL
    UNION ALL SELECT 'macro ' || function_name, macro_definition FROM duckdb_functions() WHERE NOT internal"""


KINDS = {"view": mark_word("view"), "table": mark_word("table"), "macro": mark_word("macro")}
_EXCLUDED = re.compile(r"EXCLUDE \((.*?)\)")


def _read_schema(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the text of each table, view and macro; DuckDB gives excluded columns in any order."""
    found = connection.execute(_SCHEMA).fetchall()
    return {name: _EXCLUDED.sub(lambda one: ", ".join(sorted(one[1].split(", "))), text or "") for name, text in found}


@cache
def _fresh_schema() -> dict[str, str]:
    """Return the text of each table, view and macro as this program makes them."""
    with open_empty() as fresh:
        return _read_schema(fresh)


def _check_schema(connection: duckdb.DuckDBPyConnection) -> Iterator[Broken]:
    """Yield the tables, views and macros that are not those this program makes: what is read through them is not what was linked."""
    wanted = _fresh_schema()
    present = _read_schema(connection)
    for name in sorted({*wanted, *present}):
        kind, _, what = name.partition(" ")
        if name not in present:
            yield Broken(0, what, say("the {kind} is gone", kind=KINDS[kind]), say("as this program makes it"))
        elif name not in wanted:
            yield Broken(
                0, what, say("this {kind} is not of this program", kind=KINDS[kind]), say("no such {kind}", kind=KINDS[kind])
            )
        elif wanted[name] != present[name]:
            yield Broken(0, what, say("the {kind} was changed", kind=KINDS[kind]), say("as this program makes it"))
