"""Keeps a store open for a server: in one process many read while one writes; what is idle is given up, so that other programs get in."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.store.kept import Kept
from gep.store.log import find_log
from gep.store.opening import CLOSED, connect_current, open_to_write, write_inside, write_out
from gep.store.store import Store
from gep.store.turns import is_asked_for

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from pathlib import Path

    import duckdb

    from gep.store.kept import Made

IDLE = 2.0
"""Seconds after the last question when the file is given up."""
TURN, PAUSE = 20.0, 0.2
"""A server that is never idle gives the file up after so many seconds, for so long, so that a command that waits gets its turn."""
ASKED_TURN = 0.5
"""The same, where somebody who waits has left a mark."""
REMEMBERED, LARGE = 4096, 96
"""Answers of the store that are kept until it changes; of large ones (an account with all its arrays is about 1 MB) fewer."""
PATIENCE = 60.0
"""Seconds that `alone` waits for those who are inside."""


class Keeper:
    """Holds the file of a store for all threads of a server.

    Readers see the state at which they began and never wait for a writer of this process; writers follow one another.

    Parameters
    ----------
    path : of the store; it is made by the first writer

    Raises
    ------
    Problems : where a `Store` would raise them
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept, self._large = Kept(REMEMBERED), Kept(LARGE)
        self._kept_of: tuple[int, ...] = ()
        self._changed = threading.Condition()
        self._writer = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._users = 0
        self._opened = self._used = self._free_from = 0.0
        self._ended = self._wanted_alone = False
        self._watch = threading.Thread(target=self._give_up_when_idle, name="keeper", daemon=True)
        self._watch.start()

    def store(self) -> Store:
        """Return a store of one thread whose questions go through this keeper."""
        return Store(self.path, keeper=self)

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open to read one state of the store; nothing can be written."""
        with self._borrow() as cursor:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            try:
                yield cursor
            finally:
                cursor.rollback()

    @contextmanager
    def write(self, *, new: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open to write; everything inside is one transaction.

        Parameters
        ----------
        new : whether a store is made where there is none
        """
        with self._writer:
            if not self.path.exists():
                with open_to_write(self.path, new=new) as connection:
                    yield connection
                return
            with self._borrow() as cursor, write_inside(cursor, self.path):
                yield cursor

    def remember(
        self, key: Hashable, make: Callable[[], Made], state: tuple[int, ...] | None = None, *, large: bool = False
    ) -> Made:
        """Return what `make` returns, kept as long as the file of the store is as it was before it was asked.

        Parameters
        ----------
        state : of the file before it was opened by whoever asks; None: as it is now
        large : whether the answer is one of those of which fewer are kept
        """
        now = self.find_state()
        if now != self._kept_of:  # what was kept of an earlier state is never asked for again, but by those who still see it
            self._kept_of = now
            self._kept.forget()
            self._large.forget()
        return (self._large if large else self._kept).find((now if state is None else state, key), make)

    def find_state(self) -> tuple[int, ...]:
        """Return what changes with everything that is written: times and sizes of the file and its log."""
        found: list[int] = []
        for path in (self.path, find_log(self.path)):
            with suppress(FileNotFoundError):
                state = path.stat()
                found += [state.st_ino, state.st_mtime_ns, state.st_size]
        return tuple(found)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Give the file up to this thread: inside, it may be opened as by a program of its own; all others wait.

        Raises
        ------
        Problems : those who are inside do not leave it
        """
        with self._writer, self._changed:
            self._wanted_alone = True
            try:
                if not self._changed.wait_for(lambda: self._users == 0, timeout=PATIENCE):
                    refuse_one(str(self.path), "the store is busy", "", "try again in a minute")
                self._let_go()
                yield
            finally:
                self._wanted_alone = False
                self._changed.notify_all()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Hold the file still: nobody writes meanwhile, and all that was committed lies in it, to be copied by another process.

        A process that opens and closes a file gives up all locks it has on it, so this one must not copy it itself.
        """
        with self._writer, self._borrow() as cursor:
            write_out(cursor)
            yield

    def close(self) -> None:
        """Wait for those who are inside, and give the file up for good."""
        with self._changed:
            self._ended = True
            self._changed.wait_for(lambda: self._users == 0, timeout=30)
            self._let_go()
            self._changed.notify_all()

    @contextmanager
    def _borrow(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._changed:
            while self._wanted_alone:
                self._changed.wait(timeout=1.0)
            while self._is_turn_over() and self._users > 0:
                self._changed.wait(timeout=1.0)
            if self._is_turn_over():
                self._let_go()
            if self._connection is None:
                time.sleep(max(0.0, self._free_from - time.monotonic()))
                self._connection = connect_current(self.path, CLOSED)
                self._opened = time.monotonic()
            cursor = self._connection.cursor()
            self._users += 1
        try:
            yield cursor
        finally:
            cursor.close()
            with self._changed:
                self._users -= 1
                self._used = time.monotonic()
                self._changed.notify_all()

    def _is_turn_over(self) -> bool:
        if self._connection is None:
            return False
        held = time.monotonic() - self._opened
        return held > TURN or (held > ASKED_TURN and is_asked_for(self.path))

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._free_from = time.monotonic() + PAUSE

    def _give_up_when_idle(self) -> None:
        while True:
            with self._changed:
                self._changed.wait(timeout=0.2)
                if self._ended:
                    return
                if self._users == 0 and (time.monotonic() - self._used > IDLE or self._is_turn_over()):
                    self._let_go()
