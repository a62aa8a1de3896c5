"""Pixels of a raster below parcels: each by the area on the ellipsoid of its exact share, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gep.space.raster.grid import Grid, Window, measure_pixel_areas
from gep.space.shapes.coverage import count_up
from gep.space.shapes.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

SIDE = 1024
"""Pixels of a block to a side."""


@dataclass(frozen=True)
class Overlay:
    """What shapes cover of a block of a raster, once for each shape and pixel.

    Attributes
    ----------
    shape : position of the shape
    at    : pixel, as position in the flat block
    area  : of the shape in it, km²
    cells : the flat block; what a raster says beyond its edge is up to who reads it
    """

    shape: NDArray[np.int64]
    at: NDArray[np.int64]
    area: NDArray[np.float64]
    cells: NDArray[np.generic]


def lay_over_pixels(
    shapes: NDArray[np.object_], grid: Grid, read: Callable[[Window], NDArray[np.generic]], beyond: float
) -> Iterator[Overlay]:
    """Yield what shapes cover of a raster and beyond its edge, block by block.

    Parameters
    ----------
    shapes : in the raster's system
    read   : gives a block of the raster
    beyond : what stands for pixels that the raster does not reach
    """
    moved = shapely.transform(
        shapes,
        lambda points: np.column_stack(((points[:, 0] - grid.left) / grid.step_x, (points[:, 1] - grid.top) / -grid.step_y)),
    )
    pieces = Zones((), tuple(moved), "")
    left, bottom, right, top = shapely.total_bounds(moved) if len(moved) else (0.0, 0.0, 0.0, 0.0)
    for row in range(int(np.floor(-top)), int(np.ceil(-bottom)), SIDE):
        for column in range(int(np.floor(left)), int(np.ceil(right)), SIDE):
            window = Window(row, column, SIDE, SIDE)
            near, cover = pieces.cover(window)
            length = cover.end - cover.start
            at = np.concatenate([cover.at, np.repeat(cover.start, length) + count_up(length)])
            if not len(at):
                continue
            shape = near[np.concatenate([cover.shape, np.repeat(cover.whole_shape, length)])]
            share = np.concatenate([cover.share, np.ones(length.sum())])
            areas = np.broadcast_to(measure_pixel_areas(grid, window), (SIDE, SIDE))
            yield Overlay(shape, at, areas[np.divmod(at, SIDE)] * share, _read_around(grid, window, read, beyond))


def _read_around(grid: Grid, window: Window, read: Callable[[Window], NDArray[np.generic]], beyond: float) -> NDArray[np.generic]:
    """Return a flat block of a raster that may reach beyond its edge."""
    top, left = max(0, window.row), max(0, window.column)
    bottom, right = min(grid.height, window.row + window.rows), min(grid.width, window.column + window.columns)
    if top >= bottom or left >= right:
        return np.full(window.rows * window.columns, beyond)
    inside = read(Window(top, left, bottom - top, right - left))
    found = np.full((window.rows, window.columns), beyond, dtype=inside.dtype)
    found[top - window.row : bottom - window.row, left - window.column : right - window.column] = inside
    return found.ravel()
