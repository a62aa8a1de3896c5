"""County polygons of a province, for small maps; see templates/maps/README.md for their origin and licence."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gep.paths import TEMPLATES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ring = NDArray[np.float64]


CORNERS = 4
"""Points of a ring that is at least a triangle, the first one twice."""


@lru_cache(maxsize=4)
def read_polygons(province: str) -> dict[str, list[Ring]]:
    """Return county code → rings of a province, longitude and latitude in degrees; empty: no map.

    Parameters
    ----------
    province : its two digits
    """
    path = TEMPLATES / "maps" / f"{province}.json"
    if not path.exists():
        return {}
    found = json.loads(path.read_text("utf-8"))
    return {
        code: [np.cumsum(np.array(ring, dtype=np.int64).reshape(-1, 2), axis=0) / found["steps"] for ring in rings]
        for code, rings in found["counties"].items()
    }


@lru_cache(maxsize=4)
def make_coarse(province: str, step: float = 0.03) -> dict[str, list[Ring]]:
    """Return county code → rings on a grid of `step` degrees, as far as a map of a whole province shows them.

    Parameters
    ----------
    province : its two digits
    """
    return {
        code: [thinned for ring in rings if len(thinned := thin_ring(ring, step)) >= CORNERS]
        for code, rings in read_polygons(province).items()
    }


def thin_ring(ring: Ring, step: float) -> Ring:
    """Return a ring on a grid of `step` degrees: its corners alone, without what lies on a straight line or goes out and back."""
    found: list[tuple[int, int]] = []
    for x, y in np.round(ring / step).astype(np.int64).tolist():
        while len(found) > 1 and _is_straight(*found[-2], *found[-1], x, y):
            found.pop()
        if not found or found[-1] != (x, y):
            found.append((x, y))
    return np.array(found) * step


def _is_straight(x1: int, y1: int, x2: int, y2: int, x3: int, y3: int) -> bool:
    return (x2 - x1) * (y3 - y2) == (y2 - y1) * (x3 - x2)
