"""After a run, computes beside the pages what they will show of the new account, one piece after another."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING

from gep.office.ahead import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.store.accounts import AccountHead
    from gep.store.keeper import Keeper
    from gep.store.kept import Kept
    from gep.store.keys import AccountKey

PAUSE = 0.2
"""Seconds between two pieces, in which those who ask for pages come first."""
MOST = 200
"""Accounts that wait; of more, pages compute for themselves."""
log = logging.getLogger("gep.web")


class Ahead:
    """The accounts that wait, and the thread that computes."""

    def __init__(self, keeper: Keeper, kept: Kept) -> None:
        self._keeper, self._kept = keeper, kept
        self._waiting: queue.Queue[AccountKey | None] = queue.Queue()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ahead", daemon=True)
        self._thread.start()

    def add(self, accounts: Iterable[AccountHead]) -> None:
        """Put new accounts at the end of those that wait."""
        for one in accounts:
            if self._waiting.qsize() < MOST:
                self._waiting.put(one.key)

    def close(self) -> None:
        """End after the piece that is being computed."""
        self._ends.set()
        self._waiting.put(None)
        self._thread.join(timeout=30)

    def _work(self) -> None:
        while (key := self._waiting.get()) is not None:
            try:
                for _ in prepare(self._kept, self._keeper.store(), key):
                    if self._ends.wait(PAUSE):
                        return
            except Exception:  # nobody has asked for it: whoever does will be told
                log.exception("what the pages of %s will show", key)
