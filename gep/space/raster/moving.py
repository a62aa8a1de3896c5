"""Brings a raster with several fill codes onto another grid: what is no figure is taken out first, so that nothing mixes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from rasterio import Affine
from rasterio.enums import Resampling
from rasterio.warp import reproject

from gep.space.raster.grid import Grid, Window
from gep.space.raster.sources import Raster, find_moved_type, read_block

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 1 << 24
"""Pixels of the raster that are read at a time."""
MARGIN = 4
"""Pixels around a block that a resampling may reach for."""


def read_moved(raster: Raster, window: Window, onto: Grid, resampling: str) -> NDArray[np.generic]:
    """Return a block of another grid, numbers as stored, NaN where there is no figure.

    Parameters
    ----------
    window     : of the other grid
    resampling : name of a method of rasterio

    Raises
    ------
    Problems : the file is broken there
    """
    dtype = find_moved_type(raster.dtype)
    found = np.full((window.rows, window.columns), np.nan, dtype=dtype)
    source = find_source_window(raster.grid, window, onto)
    if source is None:
        return found
    if source.rows * source.columns > MOST and window.rows * window.columns > 1:
        for part in _halves(window):
            row, column = part.row - window.row, part.column - window.column
            found[row : row + part.rows, column : column + part.columns] = read_moved(raster, part, onto, resampling)
        return found
    reproject(
        read_known(raster, source, dtype),
        found,
        src_transform=make_affine(raster.grid, source),
        src_crs=raster.grid.crs,
        src_nodata=np.nan,
        dst_transform=make_affine(onto, window),
        dst_crs=onto.crs,
        dst_nodata=np.nan,
        resampling=Resampling[resampling],
        tolerance=0.001,
    )
    return found


def read_known(raster: Raster, window: Window, dtype: str) -> NDArray[np.generic]:
    """Return a block of a raster as stored, NaN where there is no figure.

    Raises
    ------
    Problems : the file is broken there
    """
    return mark_unknown(raster, np.asarray(read_block(raster, window)), dtype)


def mark_unknown(raster: Raster, stored: NDArray[np.generic], dtype: str) -> NDArray[np.generic]:
    """Return stored numbers of a raster in a type that has NaN, NaN where there is no figure."""
    known = stored.astype(dtype)
    if raster.nodata is not None and raster.nodata == raster.nodata:
        known[stored == np.asarray(raster.nodata).astype(stored.dtype)] = np.nan
    for low, high in np.array(raster.fills, dtype=np.float64):
        known[(known >= low) & (known <= high)] = np.nan
    return known


def make_affine(grid: Grid, window: Window) -> Affine:
    """Return where the pixels of a block lie, as rasterio takes it."""
    left, top = grid.left + grid.step_x * window.column, grid.top + grid.step_y * window.row
    return Affine(grid.step_x, 0, left, 0, grid.step_y, top)


def find_source_window(grid: Grid, window: Window, onto: Grid) -> Window | None:
    """Return the block of a grid that a block of another needs, with a margin; None where it lies beyond.

    Parameters
    ----------
    grid   : of the raster that is read
    window : of the grid `onto`
    """
    left, top = onto.left + onto.step_x * window.column, onto.top + onto.step_y * window.row
    right, bottom = left + onto.step_x * window.columns, top + onto.step_y * window.rows
    bounds = (left, min(top, bottom), right, max(top, bottom))
    here, there = CRS.from_wkt(onto.crs), CRS.from_wkt(grid.crs)
    if here != there:
        bounds = Transformer.from_crs(here, there, always_xy=True).transform_bounds(*bounds, densify_pts=21)
        if not np.isfinite(bounds).all():
            bounds = grid.bounds
    reach_x = MARGIN * (1 + abs((bounds[2] - bounds[0]) / max(1, window.columns) / grid.step_x))
    reach_y = MARGIN * (1 + abs((bounds[3] - bounds[1]) / max(1, window.rows) / grid.step_y))
    columns = sorted(((bounds[0] - grid.left) / grid.step_x, (bounds[2] - grid.left) / grid.step_x))
    rows = sorted(((bounds[1] - grid.top) / grid.step_y, (bounds[3] - grid.top) / grid.step_y))
    first_column, last_column = max(0, int(columns[0] - reach_x)), min(grid.width, int(np.ceil(columns[1] + reach_x)))
    first_row, last_row = max(0, int(rows[0] - reach_y)), min(grid.height, int(np.ceil(rows[1] + reach_y)))
    if first_column >= last_column or first_row >= last_row:
        return None
    return Window(first_row, first_column, last_row - first_row, last_column - first_column)


def _halves(window: Window) -> tuple[Window, Window]:
    if window.rows >= window.columns:
        half = window.rows // 2
        return (
            Window(window.row, window.column, half, window.columns),
            Window(window.row + half, window.column, window.rows - half, window.columns),
        )
    half = window.columns // 2
    return (
        Window(window.row, window.column, window.rows, half),
        Window(window.row, window.column + half, window.rows, window.columns - half),
    )
