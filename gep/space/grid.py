"""The grid of a raster: where its pixels lie and how large each is on the ellipsoid, never in degrees."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Proj, Transformer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

LATTICE = 64
"""Pixels between the points at which the areal scale of a projection is computed; in between it is interpolated."""
M2_PER_KM2 = 1e6
CHANGING_WARNINGS = threading.Lock()
"""Held while pyproj or rasterio silences its own warnings: the filters are the process's, and two threads undo each other's."""


@dataclass(frozen=True)
class Window:
    """A block of pixels; `rows` and `columns` are its size."""

    row: int
    column: int
    rows: int
    columns: int

    @property
    def slices(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The block as rasterio takes it."""
        return (self.row, self.row + self.rows), (self.column, self.column + self.columns)


@dataclass(frozen=True)
class Grid:
    """A north-up grid: `left` and `top` of its corner, `step_x` and `step_y` (negative: rows go south) of a pixel."""

    crs: str
    left: float
    top: float
    step_x: float
    step_y: float
    width: int
    height: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        ends = (self.top, self.top + self.step_y * self.height)
        return self.left, min(ends), self.left + self.step_x * self.width, max(ends)

    def same_as(self, other: Grid) -> bool:
        """Whether pixels of two grids lie on each other, to a thousandth of a pixel."""
        near = 1e-3 * abs(self.step_x)
        return (
            CRS.from_wkt(self.crs) == CRS.from_wkt(other.crs)
            and (self.width, self.height) == (other.width, other.height)
            and (self.step_y < 0) == (other.step_y < 0)
            and all(abs(one - two) <= near for one, two in zip(self.bounds, other.bounds, strict=True))
        )


def split_windows(grid: Grid, rows: int, columns: int) -> Iterator[Window]:
    """Yield the blocks of a grid, row by row."""
    for row in range(0, grid.height, rows):
        for column in range(0, grid.width, columns):
            yield Window(row, column, min(rows, grid.height - row), min(columns, grid.width - column))


def measure_pixel_areas(grid: Grid, window: Window) -> NDArray[np.float64]:
    """Return the areas of a block's pixels on the ellipsoid, km²; shape (rows, 1) or (rows, columns).

    A pixel between two meridians and two parallels is measured in the cylindrical equal-area projection of the same
    ellipsoid, where it is a rectangle of the same area: exact. A projected pixel is its flat area over the projection's
    areal scale at its centre (1 everywhere in an equal-area projection).

    Source: cylindrical equal-area projection of the ellipsoid, as computed by PROJ.
    """
    crs = _crs(grid.crs)
    if crs.is_geographic:
        edges = grid.top + grid.step_y * np.arange(window.row, window.row + window.rows + 1)
        to_equal = _equal_area(grid.crs)
        width = to_equal.transform([0.0, grid.step_x], [0.0, 0.0])[0]
        heights = np.abs(np.diff(to_equal.transform(np.zeros_like(edges), np.clip(edges, -90.0, 90.0))[1]))
        return np.asarray((heights * (width[1] - width[0]) / M2_PER_KM2)[:, None])
    metre = crs.axis_info[0].unit_conversion_factor
    flat = abs(grid.step_x * grid.step_y) * metre**2 / M2_PER_KM2
    return np.asarray(flat / _areal_scale(grid, window))


def _areal_scale(grid: Grid, window: Window) -> NDArray[np.float64]:
    """Return the areal scale of a projection at the pixels of a block, interpolated between the points of a lattice."""
    across, weights_x = _lattice(window.column, window.columns)
    down, weights_y = _lattice(window.row, window.rows)
    x, y = np.meshgrid(grid.left + grid.step_x * (across + 0.5), grid.top + grid.step_y * (down + 0.5))
    longitude, latitude = _to_geographic(grid.crs).transform(x, y)
    scale = np.asarray(_projection(grid.crs).get_factors(longitude, latitude).areal_scale)
    if np.ptp(scale) < 1e-9:  # noqa: PLR2004 - an equal-area projection
        return np.full((window.rows, 1), scale.mean())
    return np.asarray(weights_y @ scale @ weights_x.T)


def _lattice(start: int, length: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the positions of lattice points along an axis and the weight of each point at each pixel."""
    points = np.append(np.arange(start, start + length, LATTICE, dtype=np.float64), start + length - 1.0)
    points = np.unique(points)
    at = np.arange(start, start + length, dtype=np.float64)
    weights = np.empty((length, len(points)))
    for place in range(len(points)):
        weights[:, place] = np.interp(at, points, np.eye(len(points))[place])
    return points, weights


@cache
def _crs(wkt: str) -> CRS:
    return CRS.from_wkt(wkt)


@cache
def _projection(wkt: str) -> Proj:
    with CHANGING_WARNINGS:
        return Proj(_crs(wkt))


@cache
def _equal_area(wkt: str) -> Transformer:
    """Return the way from degrees on a system's ellipsoid to its cylindrical equal-area projection."""
    here, there = _ellipsoidal(wkt)
    return Transformer.from_crs(here, there, always_xy=True)


def make_equal_area(wkt: str) -> Transformer:
    """Return the transformation from a system's own coordinates to the cylindrical equal-area projection of its ellipsoid.

    Parameters
    ----------
    wkt : the system of coordinates; results are metres
    """
    return Transformer.from_crs(_crs(wkt), _ellipsoidal(wkt)[1], always_xy=True)


def _ellipsoidal(wkt: str) -> tuple[CRS, CRS]:
    crs = _crs(wkt)
    shape = (crs.geodetic_crs or crs).ellipsoid or CRS.from_epsg(4326).ellipsoid
    assert shape is not None  # noqa: S101 - EPSG:4326 has one
    size = {"a": shape.semi_major_metre, "b": shape.semi_minor_metre}
    return CRS.from_dict({"proj": "longlat", **size}), CRS.from_dict({"proj": "cea", **size})


def _to_geographic(wkt: str) -> Transformer:
    crs = _crs(wkt)
    return Transformer.from_crs(crs, crs.geodetic_crs or CRS.from_epsg(4326), always_xy=True)
