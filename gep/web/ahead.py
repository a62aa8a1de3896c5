"""Computes beside the pages what they will show, one piece after another: of a new account after its run, and what pages load first."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING

from gep.office.ahead import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gep.store.accounts import AccountHead
    from gep.store.keeper import Keeper
    from gep.store.kept import Kept

PAUSE = 0.1
"""Seconds between two pieces, in which those who ask for pages come first."""
MOST = 200
"""Accounts that wait; of more, pages compute for themselves."""
log = logging.getLogger("gep.web")


class Ahead:
    """What waits to be computed, and the thread that computes."""

    def __init__(self, keeper: Keeper, kept: Kept) -> None:
        self._keeper, self._kept = keeper, kept
        self._waiting: queue.Queue[Iterator[None] | None] = queue.Queue()
        self._ends = threading.Event()
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

    def close(self) -> None:
        """End after the piece that is being computed."""
        self._ends.set()
        self._waiting.put(None)
        self._thread.join(timeout=30)

    def _work(self) -> None:
        while (pieces := self._waiting.get()) is not None:
            try:
                for _ in pieces:
                    if self._ends.wait(PAUSE):
                        return
            except Exception:  # nobody has asked for it: whoever does will be told
                log.exception("what pages will show")
