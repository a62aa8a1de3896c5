"""The journal: everything that changes anything, and every login; only ever added to, each entry chained to the one before."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gep.office.failures import tell_failures

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

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


def read_last_entry(office: Office) -> int:
    """Return the number of the last entry; 0 for an empty journal."""
    found = office.rows("SELECT max(entry) FROM journal")
    return int(found[0][0] or 0)


def read_entries(office: Office, *, before: int | None = None, count: int = 100, search: str = "") -> list[Entry]:
    """Return entries, the newest first.

    Parameters
    ----------
    before : entries older than this one; None: from the newest
    search : a part of the person, act, object or result; empty: all
    """
    like = "%" + "".join(f"\\{one}" if one in "%_\\" else one for one in search) + "%"
    found = office.rows(
        "SELECT * FROM journal WHERE entry < ? AND (person LIKE ? ESCAPE '\\' OR act LIKE ? ESCAPE '\\' OR object LIKE ? ESCAPE '\\' OR result LIKE ? ESCAPE '\\') ORDER BY entry DESC LIMIT ?",
        (before if before is not None else 2**62, like, like, like, like, count),
    )
    return [Entry(*row) for row in found]


def write_entries(entries: Iterable[Entry]) -> bytes:
    """Return entries as CSV in UTF-8, as spreadsheets open it: a text that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([*FIELDS, "hash"])
    for one in entries:
        cells = (str(value) for value in astuple(one))
        rows.writerow([f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def find_break(office: Office) -> int | None:
    """Return the first entry that does not follow from the one before; None: the chain holds."""
    previous = ""
    with tell_failures(office.path):
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
