"""Remembers which files this process has walked and found whole, so that a chain is walked once and not before each step.

What is remembered is a state of a file: device, number, size and times of the file and of its log. A state holds as long as

- nobody wrote: the system sets the time of the last change whenever anything is written, and no program can set it by hand
  (the time of the last writing it can); where a system keeps no such time, or only in whole seconds, nothing is remembered;
- no change can have fallen on the same tick of that clock: a state is remembered only `TICK` after the file was last changed,
  while this process still holds the file, so that whatever is written later has a later time;
- or only this program wrote: a transaction of `gep.store.opening` that began in such a state has the file to itself until it is
  committed and linked, and the state it ends in is remembered in turn.

It is never read from disk: another process walks the chain itself, and so does `gep verify`, always.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from gep.store.kept import Kept
from gep.store.log import find_log

if TYPE_CHECKING:
    from pathlib import Path

State = tuple[int, ...]
TICK = 0.02
"""Seconds that are longer than a tick of the clock by which files are dated (1 to 10 ms)."""
SECOND = 1_000_000_000
MOST = 64
"""States that are remembered."""
_WALKED = Kept(MOST)


def find_state(path: Path) -> State:
    """Return what changes with everything that is written to a store; empty where the system does not tell it.

    The file is not opened: a process that opens and closes it would give up its lock on it.
    """
    found: list[int] = []
    for file in (path, find_log(path)):
        with suppress(OSError):
            state = file.stat()
            if os.name == "nt" or state.st_ctime_ns % SECOND == 0:
                return ()
            found += [state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns]
    return tuple(found)


def is_walked(state: State) -> bool:
    """Return whether a file in this state was found to follow its chain."""
    return bool(state) and state in _WALKED


def remember_walked(path: Path) -> None:
    """Remember that a file, which this process holds, follows its chain as it is now."""
    state = find_state(path)
    if not state or max(state[4::5]) > time.time_ns():
        return
    time.sleep(max(0.0, TICK - (time.time_ns() - max(state[4::5])) / SECOND))
    if find_state(path) == state:
        _WALKED.find(state, lambda: True)
