"""Puts what many threads have committed onto the disk at once: who saves waits for one flush that takes all commits before it along.

A disk may take a second for a flush while others use it. With a flush in each commit, inside the lock of the writers, two hundred
who save would wait for two hundred flushes; so SQLite commits into the write-ahead log only (`synchronous = NORMAL`), and the log
is flushed here before anybody is told that something is kept.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

SHORTENED_AFTER = 200
"""Commits after which what the log holds is brought into the file."""


class Flushing:
    """The commits of one office, counted, and how many of them are on the disk.

    Parameters
    ----------
    path : of the file of the office; its log lies beside it
    """

    def __init__(self, path: Path) -> None:
        self._log = path.with_name(f"{path.name}-wal")
        self._flush = threading.Lock()
        self._committed = self._flushed = 0

    def count(self) -> int:
        """Return the number of the commit that was just made; inside the lock of the writers."""
        self._committed += 1
        return self._committed

    def wait(self, number: int) -> None:
        """Return when a commit is on the disk; whoever comes first flushes for all who wait.

        Raises
        ------
        Problems : the disk fails
        """
        with self._flush:
            if self._flushed >= number:
                return
            committed = self._committed
            try:
                flush_file(self._log)
            except FileNotFoundError:  # another program was the last to close it: all of it was brought into the file
                pass
            except OSError as error:
                refuse_one(
                    str(self._log),
                    say("writing failed: {why}", why=str(error.strerror)),
                    "",
                    "what was saved last may be lost: look after the disk, then see whether it is there",
                )
            self._flushed = committed

    def shorten(self, number: int, connection: sqlite3.Connection) -> None:
        """Bring what the log holds into the file, after every so many commits; nobody else who reads or writes waits for that."""
        if number % SHORTENED_AFTER == 0:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def flush_file(path: Path) -> None:
    """Put all that was written into a file onto the disk.

    Raises
    ------
    OSError : there is no such file, or the disk fails
    """
    file = os.open(path, os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)
