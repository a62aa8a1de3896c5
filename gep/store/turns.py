"""A mark beside a store that a program leaves while it waits for the file, so that a server that holds it gives it up soon."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FRESH = 2.0
"""Seconds after which a mark that was not renewed is that of a program which was stopped."""


def find_mark(store: Path) -> Path:
    """Return where those who wait for a store leave their mark."""
    return Path(f"{store}.asked")


@contextmanager
def asking_for(store: Path) -> Iterator[Callable[[], None]]:
    """Give a function that leaves the mark, or renews it; it is taken away at the end.

    Where no file can be made there is no mark, and the server's turn is waited for.
    """
    mark, left = find_mark(store), False

    def renew() -> None:
        nonlocal left
        with suppress(OSError):
            mark.touch()
            left = True

    try:
        yield renew
    finally:
        if left:
            with suppress(OSError):
                mark.unlink()


def is_asked_for(store: Path) -> bool:
    """Whether another program waits for a store; a mark that was left behind is taken away."""
    mark = find_mark(store)
    try:
        age = time.time() - mark.stat().st_mtime
        if abs(age) < FRESH:
            return True
        mark.unlink()
    except OSError:
        pass
    return False
