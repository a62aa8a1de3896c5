"""Answers that are kept as long as nothing new is in the store: drawings, and what each page asks of it again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Made = TypeVar("Made")

WAITED_FOR = 1.0
"""Seconds that one waits for an answer that another is making: not for ever, since that one may wait for a store that this one holds."""
MOST = 256
"""Answers that are kept; the one asked for longest ago goes first."""


class Kept:
    """Answers by their keys; the head of the store's chain belongs into a key, so that nothing outdated is ever found."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: Hashable) -> bool:
        """Whether the answer of a key is kept."""
        with self._lock:
            return key in self._found

    def forget(self) -> None:
        """Keep nothing of what is kept."""
        with self._lock:
            self._found.clear()

    def find(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the answer of a key, made where it is not kept; of several who ask at the same time one makes it."""
        with self._lock:
            if key in self._found:
                found: Made = self._take(key)
                return found
            other = self._making.get(key)
            if other is None:
                self._making[key] = threading.Event()
        if other is not None:
            other.wait(WAITED_FOR)
            with self._lock:
                if key in self._found:
                    theirs: Made = self._take(key)
                    return theirs
        try:
            answer = make()
            with self._lock:
                self._found[key] = answer
                while len(self._found) > self._most:
                    self._found.popitem(last=False)
        finally:
            if other is None:
                with self._lock:
                    self._making.pop(key).set()
        return answer

    def _take(self, key: Hashable) -> Any:
        self._found.move_to_end(key)
        return self._found[key]
