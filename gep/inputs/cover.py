"""How much of an area a figure was found from: written into the note of its row, and read back where figures are judged and explained."""

from __future__ import annotations

import math
import re

COMPLETE = 1e-9
"""A share of area without data below this is rounding."""
USUAL_LEAST = 0.95
"""The share of an area that has to have data for a mean to be taken for all of it, unless another is stated."""
_SHARE = re.compile(r"only (\d{1,3}(?:\.\d+)?)% of the area has data")


def write_cover(share: float) -> str:
    """Return, for a note, the share of an area that has data; it is never rounded up."""
    return f"only {math.floor(share * 1e4 + 1e-6) / 100:.2f}% of the area has data"


def read_cover(note: str) -> float | None:
    """Return the share that a note speaks of; None where it speaks of none."""
    found = _SHARE.search(note)
    return float(found[1]) / 100 if found else None
