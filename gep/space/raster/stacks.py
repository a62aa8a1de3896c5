"""Several rasters as one: tiles side by side, or the months and bands of a year added up or averaged; nothing is copied."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS

from gep.messages.problems import Problem, Problems, refuse
from gep.messages.texts import say
from gep.paths import print_path
from gep.space.raster.grid import Grid, Window
from gep.space.raster.sources import Raster, describe_wrong_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

MOSAIC, SUM, MEAN = "mosaic", "sum", "mean"
WIDER = {"uint8": "int16", "int8": "int16", "uint16": "int32", "int16": "int32"}
SAME = 1e-5
"""Share by which numbers of tiles that lie over one another may differ."""
MONTHS = 12


@dataclass(frozen=True)
class Stack(Raster):
    """Rasters as one.

    Attributes
    ----------
    parts  : the rasters
    places : of each, the row and column on the grid at which it begins
    rule   : how they make one: side by side, added up, or averaged
    weights : what each is multiplied by
    """

    parts: tuple[Raster, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    rule: str = MOSAIC
    weights: tuple[float, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether GDAL reads it as one file."""
        return False

    @property
    def name(self) -> str:
        """The first file and how many more there are, as people see them."""
        more = len({one.path for one in self.parts}) - 1
        first = print_path(Path(self.path))
        return f"{first} + {more}" if more else first

    @property
    def cited(self) -> str:
        """The files and one hash over all of theirs, for a source column."""
        more = len({one.path for one in self.parts}) - 1
        how = "" if self.rule == MOSAIC else f"{self.rule} of {len(self.parts)}: "
        return f"{how}{Path(self.path).name}{f' + {more}' if more else ''} sha256:{self.sha256[:16]}"

    def read(self, window: Window) -> NDArray[np.generic]:
        """Return a block, shape (rows, columns).

        Raises
        ------
        Problems : a file is broken there, or tiles that lie over one another say different things
        """
        window = window.shift(*self.corner)
        return self._side_by_side(window) if self.rule == MOSAIC else self._together(window)

    def _side_by_side(self, window: Window) -> NDArray[np.generic]:
        assert self.nodata is not None  # noqa: S101 - make_mosaic sees to it
        found = np.full((window.rows, window.columns), self.nodata, dtype=self.dtype)
        for part, (row, column) in zip(self.parts, self.places, strict=True):
            top, left = max(window.row, row), max(window.column, column)
            bottom = min(window.row + window.rows, row + part.grid.height)
            right = min(window.column + window.columns, column + part.grid.width)
            if top >= bottom or left >= right:
                continue
            stored = part.read(Window(top - row, left - column, bottom - top, right - left))
            has = ~_is_nodata(stored, part.nodata)
            here = found[top - window.row : bottom - window.row, left - window.column : right - window.column]
            both = has & ~_is_nodata(here, self.nodata)
            if both.any():
                one, two = here[both].astype(np.float64), stored[both].astype(np.float64)
                if (np.abs(one - two) > SAME * np.maximum(np.abs(one), np.abs(two))).any():
                    raise describe_wrong_file(
                        part.path,
                        say("it lies over another file and says otherwise there ({one:g}, {two:g})", one=one[0], two=two[0]),
                        "tiles side by side, or the same numbers where they overlap",
                        "which is meant? Months and other bands are added up: sum(FILES), mean(FILES)",
                    )
            here[has] = stored[has]
        return found

    def _together(self, window: Window) -> NDArray[np.generic]:
        found = np.zeros((window.rows, window.columns))
        for part, weight in zip(self.parts, self.weights, strict=True):
            stored = part.read(window)
            values = stored.astype(np.float64)
            values[_is_nodata(stored, part.nodata)] = np.nan
            for low, high in part.fills:
                values[(values >= low) & (values <= high)] = np.nan
            found += (values * part.scale + part.offset) * weight
        return found


def _tell_grid(one: Raster, first: Raster) -> str:
    own, other = (CRS.from_wkt(raster.grid.crs).name for raster in (one, first))
    if own == other:
        return say("its pixels do not lie on the grid of {other}", other=first.name)
    return say("it is in {own}, {other} in {system}", own=own, other=first.name, system=other)


def _is_nodata(stored: NDArray[np.generic], nodata: float | None) -> NDArray[np.bool_]:
    if nodata is None:
        return np.zeros(stored.shape, dtype=bool)
    if nodata != nodata:  # noqa: PLR0124 - NaN
        return np.asarray(np.isnan(stored.astype(np.float64)))
    return np.asarray(stored == np.asarray(nodata).astype(stored.dtype))


def make_mosaic(rasters: Sequence[Raster]) -> Raster:
    """Return rasters of one grid side by side as one.

    Raises
    ------
    Problems : they differ in projection, pixel size, type, scale or unit, or their pixels do not lie on one grid
    """
    if len(rasters) == 1:
        return rasters[0]
    first = rasters[0]
    grid = first.grid
    left, top = min(one.grid.left for one in rasters), max(one.grid.top for one in rasters)
    if grid.step_y > 0:
        top = min(one.grid.top for one in rasters)
    places, problems = [], []
    for one in rasters:
        column, row = (one.grid.left - left) / grid.step_x, (one.grid.top - top) / grid.step_y
        fits = one is first or (
            one.grid.crs == grid.crs
            and np.allclose((one.grid.step_x, one.grid.step_y), (grid.step_x, grid.step_y), rtol=1e-7)
            and abs(column - round(column)) < 1e-2  # noqa: PLR2004 - share of a pixel
            and abs(row - round(row)) < 1e-2  # noqa: PLR2004 - share of a pixel
        )
        alike = (one.dtype, one.scale, one.offset, one.unit, one.fills) == (
            first.dtype,
            first.scale,
            first.offset,
            first.unit,
            first.fills,
        )
        if not fits or not alike:
            found = (
                say("its type, scale or unit is not that of {other}", other=first.name) if not alike else _tell_grid(one, first)
            )
            problems.append(Problem(one.name, 0, found, "tiles of one product", "gdalwarp brings them onto one grid"))
        places.append((round(row), round(column)))
    refuse(problems)
    height = max(row + one.grid.height for (row, _), one in zip(places, rasters, strict=True))
    width = max(column + one.grid.width for (_, column), one in zip(places, rasters, strict=True))
    whole = Grid(grid.crs, left, top, grid.step_x, grid.step_y, width, height)
    nodata, dtype = first.nodata, first.dtype
    if any(one.nodata != nodata for one in rasters) or nodata is None:
        if np.issubdtype(dtype, np.integer):
            dtype = WIDER.get(dtype, "float64")
            nodata = float(np.iinfo(dtype).min) if dtype != "float64" else float("nan")
        else:
            nodata = float("nan")
    return _stack(rasters, whole, dtype, nodata, MOSAIC, places, (1.0,) * len(rasters))


def make_sum(rasters: Sequence[Raster], rule: str, weights: Sequence[float]) -> Raster:
    """Return rasters on one grid added up or averaged, real numbers, NaN where one of them has none.

    Raises
    ------
    Problems : they lie on different grids
    """
    refuse(
        Problem(one.name, 0, say("it does not lie on the grid of {other}", other=rasters[0].name), "rasters on one grid")
        for one in rasters[1:]
        if not one.grid.same_as(rasters[0].grid)
    )
    return _stack(rasters, rasters[0].grid, "float64", float("nan"), rule, ((0, 0),) * len(rasters), weights)


def _stack(
    rasters: Sequence[Raster],
    grid: Grid,
    dtype: str,
    nodata: float,
    rule: str,
    places: Sequence[tuple[int, int]],
    weights: Sequence[float],
) -> Stack:
    first = rasters[0]
    real = rule != MOSAIC
    hashed = hashlib.sha256("\n".join(one.sha256 for one in rasters).encode()).hexdigest()
    return Stack(
        first.path,
        grid,
        dtype,
        nodata,
        1.0 if real else first.scale,
        0.0 if real else first.offset,
        first.unit,
        first.block,
        hashed,
        () if real else first.fills,
        (0, 0),
        stated=first.stated,
        parts=tuple(rasters),
        places=tuple(places),
        rule=rule,
        weights=tuple(weights),
    )


def find_days(year: int, count: int, dates: Sequence[date] = ()) -> list[float]:
    """Return the days that each of so many parts of a year has: its months, or its days.

    Parameters
    ----------
    dates : of the parts, where they are known; else months are in their order

    Raises
    ------
    Problems : neither
    """
    months = [float(monthrange(year, month)[1]) for month in range(1, MONTHS + 1)]
    if count == MONTHS:
        return [float(monthrange(one.year, one.month)[1]) for one in dates] or months
    if count == sum(months):
        return [1.0] * count
    raise Problems(
        [
            Problem(
                "--driver",
                0,
                say("{count} rasters are given for {year}", count=count, year=year),
                say("the 12 months or the {days:.0f} days of the year", days=sum(months)),
            )
        ]
    )
