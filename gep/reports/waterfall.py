"""Where the bars of a waterfall stand, and from which value on its axis is drawn so that the changes can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.reports.model import Point

WHOLE = "whole"
SEEN = 0.5
"""Share of the axis below which the way between the totals would be hidden beside them; the axis is cut then."""
MARGIN = 0.4
"""How much of a whole bar is left to be seen before the cut, as a share of the way."""


@dataclass(frozen=True)
class Bar:
    """A bar from `start` to `end`, in the unit of the figure."""

    start: float
    end: float


def place_bars(points: Sequence[Point]) -> tuple[float, tuple[Bar, ...]]:
    """Return where the axis begins, and the bar of each point; totals begin where the axis does, changes where the last one ended.

    The axis begins at zero unless the changes take less than half of it: then a little below the lowest level they reach.
    """
    running = 0.0
    spans = []
    for point in points:
        start = 0.0 if point.group == WHOLE else running
        running = start + point.value
        spans.append((start, running))
    levels = [end for _, end in spans]
    low, high = min(levels), max(levels)
    base = low - (high - low) * MARGIN if 0 < high - low < SEEN * high else 0.0
    base = max(base, 0.0) if low > 0 else 0.0
    return base, tuple(
        Bar(base if point.group == WHOLE else start, end) for point, (start, end) in zip(points, spans, strict=True)
    )
