"""Only what the zones reach is looked at: the part of a land-cover raster around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from gep.space.raster.grid import Window, find_window

if TYPE_CHECKING:
    from gep.space.raster.sources import Raster
    from gep.space.shapes.polygons import Polygons

LARGE = 1 << 24
"""Pixels from which a part begins where a tile of the file does, so that no tile is unpacked twice."""
LARGEST_TILE = 1024


def crop_to_zones(land: Raster, polygons: Polygons) -> Raster:
    """Return the part of a raster that polygons lie in; the whole where none does, which is refused later.

    Raises
    ------
    Problems : the polygons lie where the raster's projection is not defined
    """
    bounds = tuple(float(one) for one in shapely.total_bounds(polygons.onto(land.grid.crs)))
    if not shapely.box(*bounds).intersects(shapely.box(*land.grid.bounds)):
        return land
    window = find_window(land.grid, bounds)
    if window.rows * window.columns > LARGE:
        row, column = (
            at // size * size if size <= LARGEST_TILE else at
            for at, size in ((window.row, land.block[0]), (window.column, land.block[1]))
        )
        window = Window(row, column, window.rows + window.row - row, window.columns + window.column - column)
    return land.crop(window)
