"""Computes beside the pages what they will show, one piece after another: of a new account after its run, and what pages load first."""

from __future__ import annotations

import logging
import queue
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gep.office.ahead import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gep.store.accounts import AccountHead
    from gep.store.keeper import Keeper
    from gep.store.kept import Kept

QUIET, LONGEST = 0.05, 3.0
"""Seconds in which nobody has asked for anything before the next piece is computed, so that those who ask come first; it waits no longer than this."""
MOST = 200
"""Accounts that wait; of more, pages compute for themselves."""
log = logging.getLogger("gep.web")


class Ahead:
    """What waits to be computed, and the thread that computes."""

    def __init__(self, keeper: Keeper, kept: Kept) -> None:
        self._keeper, self._kept = keeper, kept
        self._waiting: queue.Queue[Iterator[None] | None] = queue.Queue()
        self._ends = threading.Event()
        self._visitors, self._left_at = 0, 0.0
        self._thread = threading.Thread(target=self._work, name="ahead", daemon=True)
        self._thread.start()

    def add(self, accounts: Iterable[AccountHead]) -> None:
        """Put new accounts at the end of those that wait."""
        for one in accounts:
            if self._waiting.qsize() < MOST:
                self.take(prepare(self._kept, self._keeper.store(), one.key))

    def take(self, pieces: Iterator[None]) -> None:
        """Put work at the end of what waits; it stops after each piece."""
        self._waiting.put(pieces)

    @contextmanager
    def visited(self) -> Iterator[None]:
        """Know that somebody is being answered; from the one thread that takes requests."""
        self._visitors += 1
        try:
            yield
        finally:
            self._visitors -= 1
            self._left_at = time.monotonic()

    def close(self) -> None:
        """End after the piece that is being computed."""
        self._ends.set()
        self._waiting.put(None)
        self._thread.join(timeout=30)

    def _work(self) -> None:
        while (pieces := self._waiting.get()) is not None:
            try:
                for _ in pieces:
                    self._wait_until_quiet()
                    if self._ends.is_set():
                        return
            except Exception:  # nobody has asked for it: whoever does will be told
                log.exception("what pages will show")

    def _wait_until_quiet(self) -> None:
        until = time.monotonic() + LONGEST
        while time.monotonic() < until and (self._visitors or time.monotonic() - self._left_at < QUIET):
            if self._ends.wait(QUIET / 2):
                return
