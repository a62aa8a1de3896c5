"""Opens the SQLite file beside a store. Drafts, people and the journal live there: DuckDB is made for results, not for tiny commits.

A commit is on the disk before it is acknowledged (see `flushing`), and readers never wait for a writer (write-ahead log).
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.failures import tell_failures
from gep.office.flushing import Flushing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCHEMA = Path(__file__).parent / "schema"
ENDING = ".office.sqlite"
WAIT = 30.0
"""Seconds a writer waits for another one."""


class Office:
    """The file of people and drafts beside a store; a connection a thread, one writer at a time.

    Parameters
    ----------
    store : path of the store; the file of `gep.duckdb` is `gep.office.sqlite`

    Raises
    ------
    Problems : the file is no office of this program, or of a newer one
    """

    def __init__(self, store: Path | str) -> None:
        self.path = Path(store).with_suffix(ENDING)
        self._local = threading.local()
        self._writing = threading.RLock()
        self._flushing = Flushing(self.path)
        self._all: list[sqlite3.Connection] = []

    @property
    def exists(self) -> bool:
        """Whether there is a file at all."""
        return self.path.exists()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread, opened, and made or brought up to date, when it is first asked for."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._open()
            self._all.append(found)
        return found

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Return the rows of one SELECT."""
        with tell_failures(self.path):
            return self.connection.execute(query, parameters).fetchall()

    @contextmanager
    def changing(self, *, flushed: bool = True) -> Iterator[sqlite3.Connection]:
        """Open a transaction to write; kept whole, and on the disk when this is left, or undone.

        Parameters
        ----------
        flushed : False for what may be lost when the power fails, such as when somebody was last seen
        """
        with tell_failures(self.path):
            with self._writing:
                connection = self.connection
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:  # a full disk has undone it already
                        connection.execute("ROLLBACK")
                    raise
                number = self._flushing.count()
            if flushed:
                self._flushing.wait(number)
            self._flushing.shorten(number, connection)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Keep all others of this process from writing; who is inside may."""
        with self._writing:
            yield

    def copy(self, target: Path) -> None:
        """Write a copy of one point in time, for a backup."""
        with sqlite3.connect(target) as copy:
            self.connection.backup(copy)
        copy.close()

    def close(self) -> None:
        """Close the connections of all threads; the next question opens one again."""
        while self._all:
            self._all.pop().close()
        self._local = threading.local()

    def _open(self) -> sqlite3.Connection:
        with tell_failures(self.path):
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self.path, timeout=WAIT, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        connection.row_factory = sqlite3.Row
        try:
            if new:
                self.path.chmod(0o600)
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            flushes = "NORMAL" if mode == "wal" else "FULL"  # some file systems have no such log
            for line in (
                f"synchronous = {flushes}",
                "wal_autocheckpoint = 0",
                "foreign_keys = ON",
                f"busy_timeout = {int(WAIT * 1000)}",
            ):
                connection.execute(f"PRAGMA {line}")
            _upgrade(connection, self.path)
        except sqlite3.DatabaseError:
            connection.close()
            if new and self.path.exists() and self.path.stat().st_size == 0:
                self.path.unlink()
            raise
        return connection


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    files = sorted(SCHEMA.glob("*.sql"), key=lambda file: int(file.name.partition("-")[0]))
    version = _version(connection)
    if version > len(files):
        found = say("the office is of version {version}, this program knows {known}", version=version, known=len(files))
        refuse_one(str(path), found, "", "use a newer program")
    while version < len(files):
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == version:  # another thread may have been first
            for statement in files[version].read_text("utf-8").split(";\n"):
                connection.execute(statement)
        connection.execute("COMMIT")
        version = _version(connection)


def _version(connection: sqlite3.Connection) -> Any:
    return connection.execute("PRAGMA user_version").fetchone()[0]
