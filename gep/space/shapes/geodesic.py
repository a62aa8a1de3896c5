"""Areas of polygons on the ellipsoid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from pyproj import Geod


def measure_area(shape: shapely.Geometry, geod: Geod) -> float:
    """Return the area of polygons in degrees, km²: of each outer ring less its holes, whichever way round a file has them.

    Source: geodesic polygon areas on the ellipsoid, Karney 2013, as computed by PROJ.
    """
    total = 0.0
    for polygon in shapely.get_parts(shape):
        rings = shapely.get_rings(polygon)
        for at, ring in enumerate(rings):
            points = shapely.get_coordinates(ring)
            area = abs(geod.polygon_area_perimeter(*np.ascontiguousarray(points.T))[0])
            total += -area if at else area
    return total / 1e6
