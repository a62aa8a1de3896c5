"""How much work something takes, whatever else the machine does: the calls of functions in it."""

from __future__ import annotations

import cProfile
import pstats
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def count_calls(work: Callable[[], object], named: str = "") -> int:
    """Calls of functions that some work takes, Python's and built in: of all, or of those with a word in their names."""
    profile = cProfile.Profile()
    profile.runcall(work)
    stats: dict[tuple[str, int, str], tuple[int, ...]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return sum(calls for (*_, name), (_, calls, *_) in stats.items() if named in name)
