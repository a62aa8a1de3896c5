"""Money by two people, as the store keeps it: registered schemes, what one person prepared, and what another decided."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from gep.store.opening import insert
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    import duckdb

    from gep.store.rows import Connection

BOOK, REVERSE, PAY = "book", "reverse", "pay"
"""What may be prepared."""
CONFIRMED, REFUSED = "confirmed", "refused"
FACT = ("indicator", "place", "period", "value_given", "unit_given", "fact_status", "source", "note", "address")


@dataclass(frozen=True)
class Registration:
    """A version of a scheme that may post: who registered it when, on which legal basis, and its whole text with its hash."""

    registration: int
    registered_at: datetime
    who: str
    scheme: str
    scheme_version: str
    title_zh: str
    legal_basis: str
    in_force_from: date
    in_force_to: date | None
    scheme_sha256: str
    written_text: str
    scheme_text: str
    reason: str


@dataclass(frozen=True)
class Prepared:
    """What somebody prepared, and what became of it.

    Attributes
    ----------
    act    : book, reverse or pay
    sha256 : hash of the result that was looked at; empty but for a booking
    postings, amount : how many postings or payments, and their sum in fen
    until  : last day of an in-year run
    of_run : the run that is to be taken back
    payments : JSON
    person : account on the platform of who prepared it; empty on the command line
    shown  : the person's name
    decision : confirmed, refused, or empty while it waits
    run    : the transfer run that was booked or made the reversals
    """

    number: int
    act: str
    scheme: str
    year: int
    registration: int | None
    sha256: str
    inputs_sha256: str
    postings: int
    amount: int
    until: date | None
    reason: str
    despite: str
    of_run: int | None
    payments: str
    person: str
    shown: str
    at: datetime
    decision: str = ""
    note: str = ""
    run: int | None = None
    decided_by: str = ""
    decided_at: datetime | None = None


def add_registration(connection: duckdb.DuckDBPyConnection, one: Registration) -> Registration:
    """Add a registration under the next number, and return it."""
    number = int(connection.execute("SELECT nextval('registration_number')").fetchall()[0][0])
    values = (number, *astuple(one)[1:])
    connection.execute(f"INSERT INTO scheme_registration VALUES ({', '.join('?' for _ in values)})", list(values))  # noqa: S608 - our own names
    return Registration(*values)


def list_registrations(connection: Connection, scheme: str = "", registration: int | None = None) -> list[Registration]:
    """Return the registrations of a scheme (empty: of all), or that of a number, the oldest first."""
    rows = fetch_rows(
        connection,
        f"SELECT {', '.join(one.name for one in fields(Registration))} FROM scheme_registration "  # noqa: S608 - our own names
        "WHERE ($scheme = '' OR scheme = $scheme) AND ($number IS NULL OR registration = $number) ORDER BY registration",
        {"scheme": scheme, "number": registration},
    )
    return [Registration(*row) for row in rows]


def add_prepared(
    connection: duckdb.DuckDBPyConnection, one: Prepared, facts: Mapping[str, Sequence[str]] | None = None, content: str = ""
) -> int:
    """Add what somebody prepared, with the facts it rests on, and return its number.

    Parameters
    ----------
    facts   : columns, named as in FACT; None: they stand in `content`
    content : the rows of its run and its facts; empty: it is computed again when it is confirmed
    """
    number = int(connection.execute("SELECT nextval('prepared_number')").fetchall()[0][0])
    connection.execute(
        "INSERT INTO transfer_prepared VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number,
            one.at,
            one.shown,
            one.person,
            one.act,
            one.registration,
            one.scheme,
            one.year,
            one.until,
            one.sha256,
            one.inputs_sha256,
            one.postings,
            one.amount,
            one.reason,
            one.despite,
            one.of_run,
            one.payments,
        ],
    )
    if facts is not None:
        rows = pa.table({name: pa.array(facts[name], pa.string()) for name in FACT})
        rows = rows.add_column(0, "prepared", pa.repeat(pa.scalar(number, pa.int64()), rows.num_rows))
        insert(connection, "prepared_fact", rows)
    if content:
        insert(connection, "prepared_run", pa.table({"prepared": pa.array([number], pa.int64()), "content": [content]}))
    return number


def list_prepared(connection: Connection, number: int | None = None, count: int = 50) -> list[Prepared]:
    """Return what was prepared under a number, or (None) the newest, what waits first."""
    asked = "$number IS NULL OR p.prepared = $number ORDER BY d.decision IS NOT NULL, p.prepared DESC LIMIT $count"
    return _read_prepared(connection, asked, {"number": number, "count": count})


def list_undecided(connection: Connection, act: str) -> list[Prepared]:
    """Return all of one kind that was prepared and nobody decided yet, the oldest first."""
    return _read_prepared(connection, "d.decision IS NULL AND p.act = $act ORDER BY p.prepared", {"act": act})


def _read_prepared(connection: Connection, asked: str, values: dict[str, object]) -> list[Prepared]:
    rows = fetch_rows(
        connection,
        "SELECT p.prepared, p.act, p.scheme, p.year, p.registration, p.results_sha256, p.inputs_sha256, p.posting_count, p.amount_fen, p.settles_to, p.reason, "  # noqa: S608 - our own conditions
        "p.despite, p.transfer_run, p.payments, p.login, p.who, p.prepared_at, coalesce(d.decision, ''), coalesce(d.note, ''), d.transfer_run, "
        f"coalesce(d.who, ''), d.decided_at FROM transfer_prepared p LEFT JOIN transfer_decided d USING (prepared) WHERE {asked}",
        values,
    )
    return [Prepared(*row) for row in rows]


def list_prepared_facts(connection: Connection, number: int) -> list[tuple[Any, ...]]:
    """Return the facts that a prepared booking rests on, cells in the order of FACT."""
    return fetch_rows(
        connection,
        f"SELECT {', '.join(FACT)} FROM prepared_fact WHERE prepared = ? ORDER BY rowid",  # noqa: S608 - our own names
        [number],
    )


def find_prepared_run(connection: Connection, number: int) -> str:
    """Return the rows of the run that was prepared under a number, as one text; empty where they are to be computed again."""
    rows = fetch_rows(connection, "SELECT content FROM prepared_run WHERE prepared = ?", [number])
    return str(rows[0][0]) if rows else ""


def add_decision(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    at: datetime,
    decision: str,
    who: str,
    login: str = "",
    note: str = "",
    run: int | None = None,
) -> None:
    """Add what somebody decided of what was prepared."""
    connection.execute("INSERT INTO transfer_decided VALUES (?, ?, ?, ?, ?, ?, ?)", [number, at, who, login, decision, note, run])


def find_makers(connection: Connection, run: int) -> tuple[str, str]:
    """Return who prepared and who confirmed a transfer run; empty for runs from before two people were asked for."""
    rows = fetch_rows(
        connection,
        "SELECT p.who, d.who FROM transfer_decided d JOIN transfer_prepared p USING (prepared) WHERE d.transfer_run = ? AND d.decision = ?",
        [run, CONFIRMED],
    )
    return (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")
