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
    """Return a ring on a grid of `step` degrees, points that fall together taken once."""
    points = np.round(ring / step) * step
    new = np.ones(len(points), dtype=bool)
    new[1:] = np.any(points[1:] != points[:-1], axis=1)
    found: Ring = points[new]
    return found
