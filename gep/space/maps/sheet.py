"""The state of every place of a picture: outside the zones, with a value, without data, or not counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from rasterio import Affine, features

from gep.space.drivers.layers import classify_pixels
from gep.space.raster.grid import CHANGING_WARNINGS, Window
from gep.space.raster.sources import read_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gep.space.maps.pixels import Layer
    from gep.space.maps.run import MapTask

OUTSIDE, SHOWN, NO_DATA, NOT_COUNTED = 0, 1, 2, 3
NO_ZONE = -1
MANY = 10_000
"""Values from which on they are not looked at one by one."""
ROUNDING = 1e-4
"""Values that differ by this share of them are one."""


@dataclass(frozen=True)
class Sheet:
    """What lies at each place of a picture: position of its zone or NO_ZONE, and of its class in the table of types.

    Attributes
    ----------
    window : block of the grid that is shown
    zone, classes : shape (height, width)
    """

    window: Window
    zone: NDArray[np.int16]
    classes: NDArray[np.int16]

    def judge(self, values: NDArray[np.float64], layer: Layer, types: NDArray[np.int16]) -> NDArray[np.uint8]:
        """Return the state of each place.

        Parameters
        ----------
        values : of the layer, NaN where there is none
        types  : class position + 2 → position of its ecosystem type, below 0 for land that no service counts
        """
        kind = types[self.classes + 2]
        counts = (kind >= 0) & layer.counted[np.maximum(kind, 0)] & layer.applies[np.maximum(self.zone, 0)]
        unknown = self.classes < 0
        state = np.where(counts | unknown, NO_DATA, NOT_COUNTED)
        state = np.where(np.isfinite(values), SHOWN, state)
        return np.where(self.zone == NO_ZONE, OUTSIDE, state).astype(np.uint8)


def make_sheet(task: MapTask, longest: int) -> Sheet:
    """Return the places of a picture around the zones, at most `longest` to a side.

    Raises
    ------
    Problems : the land cover is broken somewhere
    """
    zonal = task.zonal
    grid = zonal.layers.grid
    left, bottom, right, top = shapely.total_bounds(np.array(zonal.zones.shapes))
    first_column, last_column = max(0, int(left)), min(grid.width, int(np.ceil(right)))
    first_row, last_row = max(0, int(-top)), min(grid.height, int(np.ceil(-bottom)))
    window = Window(first_row, first_column, max(1, last_row - first_row), max(1, last_column - first_column))
    shrink = max(1.0, max(window.rows, window.columns) / longest)
    height, width = max(1, round(window.rows / shrink)), max(1, round(window.columns / shrink))
    zone = np.full((height, width), NO_ZONE, dtype=np.int16)
    place = Affine(window.columns / width, 0, window.column, 0, -window.rows / height, -window.row)
    with CHANGING_WARNINGS:
        features.rasterize(((shape, at) for at, shape in enumerate(zonal.zones.shapes)), out=zone, transform=place)
    return Sheet(window, zone, _sample_classes(task, window, height, width))


def _sample_classes(task: MapTask, window: Window, height: int, width: int) -> NDArray[np.int16]:
    """Return the classes of the pixels in the middle of each place."""
    layers = task.zonal.layers
    rows = window.row + ((np.arange(height) + 0.5) * window.rows / height).astype(int)
    columns = ((np.arange(width) + 0.5) * window.columns / width).astype(int)
    found = np.empty((height, width), dtype=np.int16)
    for at, row in enumerate(rows.tolist()):
        stored = np.asarray(read_block(layers.land, Window(row, window.column, 1, window.columns)))
        found[at] = classify_pixels(stored[:, columns], task.zonal.table, layers.land.nodata)[0]
    return found


def find_breaks(values: NDArray[np.float64], most: int = 6) -> Sequence[float]:
    """Return the bounds of classes of about equal numbers of places, each with two digits that count; at least two bounds."""
    known = values[np.isfinite(values)]
    if not known.size:
        return (0.0, 1.0)
    marks = np.quantile(known, np.linspace(0, 1, most + 1))
    inner = sorted({float(f"{one:.2g}") for one in marks[1:-1]} - {0.0})
    low, high = float(marks[0]), float(marks[-1])
    bounds = [low, *(one for one in inner if low < one < high), high]
    return tuple(bounds) if high > low else (min(low, 0.0), max(high, low + 1.0) if low == 0 else max(high, 0.0))


def find_steps(values: NDArray[np.float64], most: int = 6) -> Sequence[float]:
    """Return the values that occur, but for rounding, where they are so few that each is a class of its own; else nothing."""
    known = np.unique(values[np.isfinite(values)])
    if not known.size or known.size > MANY:
        return ()
    groups = np.split(known, np.flatnonzero(np.diff(known) > ROUNDING * np.abs(known[1:])) + 1)
    if len(groups) > most or any(np.ptp(one) > 10 * ROUNDING * np.abs(one).max() for one in groups):
        return ()
    return tuple(float(np.median(one)) for one in groups)
