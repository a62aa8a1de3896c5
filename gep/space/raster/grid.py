"""The grid of a raster: where its pixels lie and how large each is on the ellipsoid, never in degrees."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Geod, Transformer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

LATTICE = 64
"""Pixels between the points at which the areal scale of a projection is computed; in between it is interpolated."""
FINE = 5000.0
"""Metres: the lattice is at most this wide, and larger pixels are measured at several points."""
NEAR = 50.0
"""Metres between a point and those its scale is found from."""
_MIDDLE = ((0.5,), (1.0,))
_GAUSS = ((0.5 - 0.15**0.5, 0.5, 0.5 + 0.15**0.5), (5 / 18, 8 / 18, 5 / 18))
"""Places within a pixel and their weights; three points of Gauss and Legendre."""
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

    def shift(self, rows: int, columns: int) -> Window:
        """Return the block of the same size some rows and columns further."""
        return Window(self.row + rows, self.column + columns, self.rows, self.columns)

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

    def crop(self, window: Window) -> Grid:
        """Return the grid of a block."""
        left, top = self.left + self.step_x * window.column, self.top + self.step_y * window.row
        return Grid(self.crs, left, top, self.step_x, self.step_y, window.columns, window.rows)

    def find_on(self, other: Grid) -> Window | None:
        """Return where a grid lies on a larger one whose pixels are its own, to a thousandth of a pixel; None where it does not."""
        same = CRS.from_wkt(self.crs) == CRS.from_wkt(other.crs)
        if not same or (self.step_y < 0) != (other.step_y < 0):
            return None
        column, row = (self.left - other.left) / other.step_x, (self.top - other.top) / other.step_y
        window = Window(round(row), round(column), self.height, self.width)
        fits = window.row >= 0 and window.column >= 0
        fits = fits and window.row + window.rows <= other.height and window.column + window.columns <= other.width
        return window if fits and self.same_as(other.crop(window)) else None

    def same_as(self, other: Grid) -> bool:
        """Whether pixels of two grids lie on each other, to a thousandth of a pixel."""
        near = 1e-3 * abs(self.step_x)
        return self == other or (
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


def find_window(grid: Grid, bounds: tuple[float, ...], margin: int = 0) -> Window:
    """Return the block of a grid that bounds lie in, at least a pixel of it.

    Parameters
    ----------
    bounds : left, bottom, right, top in the grid's system
    margin : pixels more on every side
    """
    left, right = ((one - grid.left) / grid.step_x for one in (bounds[0], bounds[2]))
    first, last = sorted((one - grid.top) / grid.step_y for one in (bounds[1], bounds[3]))
    column = min(max(0, int(np.floor(left)) - margin), grid.width - 1)
    row = min(max(0, int(np.floor(first)) - margin), grid.height - 1)
    end_column = max(min(grid.width, int(np.ceil(right)) + margin), column + 1)
    end_row = max(min(grid.height, int(np.ceil(last)) + margin), row + 1)
    return Window(row, column, end_row - row, end_column - column)


def measure_pixel_areas(grid: Grid, window: Window) -> NDArray[np.float64]:
    """Return the areas of a block's pixels on the ellipsoid, km²; shape (rows, 1) or (rows, columns).

    A pixel between two meridians and two parallels is measured in the cylindrical equal-area projection of the ellipsoid,
    where it is a rectangle of the same area: exact. A projected pixel is its flat area times the areal scale of the way to
    that projection, at the points of Gauss within it (one point for pixels below 5 km). Latitudes on a sphere (MODIS, ERA5)
    are taken as those of WGS 84, as their makers do.

    Source: cylindrical equal-area projection of the ellipsoid, as computed by PROJ; quadrature of Gauss and Legendre.
    """
    if _crs(grid.crs).is_geographic:
        edges = grid.top + grid.step_y * np.arange(window.row, window.row + window.rows + 1)
        to_equal = make_equal_area(grid.crs)
        width = to_equal.transform([0.0, grid.step_x], [0.0, 0.0])[0]
        heights = np.abs(np.diff(to_equal.transform(np.zeros_like(edges), np.clip(edges, -90.0, 90.0))[1]))
        return np.asarray((heights * (width[1] - width[0]) / M2_PER_KM2)[:, None])
    return abs(grid.step_x * grid.step_y) / M2_PER_KM2 * _areal_scale(grid, window)


def _areal_scale(grid: Grid, window: Window) -> NDArray[np.float64]:
    """Return m² on the ground of a unit of area of a projection at the pixels of a block, interpolated between the points of a lattice."""
    metre = _crs(grid.crs).axis_info[0].unit_conversion_factor
    size = max(abs(grid.step_x), abs(grid.step_y)) * metre
    every = int(min(LATTICE, max(1, FINE // size)))
    across, weights_x = _lattice(window.column, window.columns, every)
    down, weights_y = _lattice(window.row, window.rows, every)
    nodes, weights = _GAUSS if size > FINE else _MIDDLE
    scale = np.zeros((len(down), len(across)))
    for part_x, weight_x in zip(nodes, weights, strict=True):
        for part_y, weight_y in zip(nodes, weights, strict=True):
            x, y = np.meshgrid(grid.left + grid.step_x * (across + part_x), grid.top + grid.step_y * (down + part_y))
            scale += weight_x * weight_y * _scale_at(grid.crs, x, y, NEAR / metre)
    on_earth = np.isfinite(scale)
    known = scale[on_earth]
    if known.size and np.ptp(known) < 1e-9:  # noqa: PLR2004 - an equal-area projection
        return np.full((window.rows, 1), known.mean())
    found = np.asarray(weights_y @ np.where(on_earth, scale, 0.0) @ weights_x.T)
    if on_earth.all():
        return found
    with np.errstate(invalid="ignore"):
        return np.asarray(found / (weights_y @ on_earth.astype(float) @ weights_x.T))


def _scale_at(wkt: str, x: NDArray[np.float64], y: NDArray[np.float64], near: float) -> NDArray[np.float64]:
    """Return m² on the ground of a unit of area at points of a projection, from the points `near` to them on four sides."""
    to_equal = make_equal_area(wkt)
    east, west = to_equal.transform(x + near, y), to_equal.transform(x - near, y)
    north, south = to_equal.transform(x, y + near), to_equal.transform(x, y - near)
    with np.errstate(invalid="ignore"):  # beyond the edge of the world points are infinite
        xx, yx = (np.asarray(one) - two for one, two in zip(east, west, strict=True))
        xy, yy = (np.asarray(one) - two for one, two in zip(north, south, strict=True))
        return np.asarray(np.abs(xx * yy - xy * yx) / (4 * near**2))


def _lattice(start: int, length: int, every: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the positions of lattice points along an axis, `every` some pixels, and the weight of each point at each pixel."""
    points = np.append(np.arange(start, start + length, every, dtype=np.float64), start + length - 1.0)
    points = np.unique(points)
    at = np.arange(start, start + length, dtype=np.float64)
    weights = np.zeros((length, len(points)))
    right = np.clip(np.searchsorted(points, at), 1, max(1, len(points) - 1))
    if len(points) == 1:
        return points, weights + 1
    left = right - 1
    share = (at - points[left]) / (points[right] - points[left])
    weights[np.arange(length), left] = 1 - share
    weights[np.arange(length), right] = share
    return points, weights


@cache
def _crs(wkt: str) -> CRS:
    return CRS.from_wkt(wkt)


@cache
def make_equal_area(wkt: str) -> Transformer:
    """Return the transformation from a system's own coordinates to the cylindrical equal-area projection of its ellipsoid.

    Parameters
    ----------
    wkt : the system of coordinates; results are metres
    """
    shape = make_geod(wkt)
    there = CRS.from_dict({"proj": "cea", "a": shape.a, "b": shape.b})
    here = _crs(wkt)
    if here.is_geographic:  # on its own ellipsoid, so that nothing is shifted
        here = CRS.from_dict({"proj": "longlat", "a": shape.a, "b": shape.b})
    return Transformer.from_crs(here, there, always_xy=True)


@cache
def make_geod(wkt: str) -> Geod:
    """Return the geodesics of the ellipsoid that areas of a system are measured on; WGS 84 for systems on a sphere.

    Parameters
    ----------
    wkt : the system of coordinates
    """
    crs = _crs(wkt)
    found = (crs.geodetic_crs or crs).get_geod()
    return Geod(ellps="WGS84") if found is None or found.sphere else found
