"""The journal: everything that changes anything, and every login; only ever added to, each entry chained to the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from gep.office.database import Office

FIELDS = ("entry", "at", "person", "address", "act", "object", "result", "previous")


@dataclass(frozen=True)
class Entry:
    """One entry: when (UTC), who, from which address, what, on which object, with which result; hashes in hex."""

    entry: int
    at: str
    person: str
    address: str
    act: str
    object: str
    result: str
    previous: str
    hash: str


def note_act(connection: sqlite3.Connection, person: str, address: str, act: str, thing: str, result: str = "") -> None:
    """Add an entry, in the transaction of what it tells of.

    Parameters
    ----------
    connection : inside `Office.changing()`
    person : name of the account; empty for the program itself
    address : of the network; empty for the server's own machine
    act    : a word such as `login`, `save`, `run`
    thing  : what it was done to
    result : what came of it
    """
    last = connection.execute("SELECT entry, hash FROM journal ORDER BY entry DESC LIMIT 1").fetchone()
    entry, previous = (last[0] + 1, last[1]) if last else (1, "")
    values = (entry, now(), person, address, act, thing, result, previous)
    connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, _hash(values)))


def read_head(office: Office) -> str:
    """Return the hash of the last entry; empty for an empty journal."""
    found = office.rows("SELECT hash FROM journal ORDER BY entry DESC LIMIT 1")
    return str(found[0][0]) if found else ""


def read_entries(office: Office, *, before: int | None = None, count: int = 100, search: str = "") -> list[Entry]:
    """Return entries, the newest first.

    Parameters
    ----------
    before : entries older than this one; None: from the newest
    search : a part of the person, act, object or result; empty: all
    """
    like = f"%{search}%"
    found = office.rows(
        "SELECT * FROM journal WHERE entry < ? AND (person LIKE ? OR act LIKE ? OR object LIKE ? OR result LIKE ?) ORDER BY entry DESC LIMIT ?",
        (before if before is not None else 2**62, like, like, like, like, count),
    )
    return [Entry(*row) for row in found]


def find_break(office: Office) -> int | None:
    """Return the first entry that does not follow from the one before; None: the chain holds."""
    previous = ""
    for number, row in enumerate(office.connection.execute("SELECT * FROM journal ORDER BY entry"), start=1):
        if row["entry"] != number or row["previous"] != previous or row["hash"] != _hash(tuple(row)[:-1]):
            return number
        previous = row["hash"]
    return None


def now() -> str:
    """Return the time in UTC, to the millisecond, as it is stored."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _hash(values: tuple[object, ...]) -> str:
    return hashlib.sha256(json.dumps(dict(zip(FIELDS, values, strict=True)), ensure_ascii=False).encode()).hexdigest()
