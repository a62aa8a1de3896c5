"""LS, the slope factor of soil loss, from a terrain model, by published formulas.

Slope: Horn 1981, eight neighbours. S: McCool 1987 (10.8 sin θ + 0.03 below 5°, 16.8 sin θ − 0.5 up to 10°) and Liu 1994
(21.91 sin θ − 0.96 above). L: (λ / 22.13)^m with m = 0.2, 0.3, 0.4, 0.5 by slope (up to 1°, 3°, 5°, above). The slope
length λ is the horizontal length of one pixel: no upslope area is gathered, so LS is a lower bound, and depends on the
resolution. All coefficients recalled, not checked against the papers [K].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Geod

from gep.messages.problems import refuse_one
from gep.messages.texts import mark_word, say
from gep.space.drivers.reading import UNIT_TAGS, scale_raster
from gep.space.drivers.texts import DriverText
from gep.space.raster.blocks import USUAL, Work
from gep.space.raster.collect import look_at_all
from gep.space.raster.grid import Grid, Window, measure_pixel_areas
from gep.space.raster.heights import check_heights
from gep.space.raster.products import read_tags
from gep.space.raster.sources import Raster, describe_wrong_file, read_block
from gep.space.raster.stacks import make_mosaic
from gep.space.raster.writing import Kind
from gep.space.soil.factors import write_factor

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.messages.texts import Text

    Floats = NDArray[np.float64]

UNIT_PLOT = 22.13
"""Metres of the plot that L is relative to."""
GENTLE, STEEP = 5, 10
"""Degrees between the formulas of S."""
POWERS = ((1, 0.2), (3, 0.3), (5, 0.4))
"""Degrees up to which L has which power; 0.5 above."""
METHOD = "S: McCool 1987 and Liu 1994; L: slope length is one pixel; slope: Horn 1981"
LOWEST, HIGHEST = -500.0, 9000.0
"""Metres between which every place on land lies: the Dead Sea and Mount Everest with room to spare."""
_FEET = re.compile(r"(?:^|[\W_\d])(?:us)?(?:ft|feet|foot)(?:$|[\W_\d])|英尺", re.IGNORECASE)
METRES = {"", "m", "metre", "meter", "metres", "meters", "米"}
"""What a file may say of the unit of its heights."""
BYTES = 64
"""What a pixel takes while its slope is computed."""


def write_slope_factor(dem: Path, output: Path, work: Work = USUAL) -> str:
    """Write LS, without a unit, of a terrain model in metres as a raster on its grid; return what was done, in words.

    Parameters
    ----------
    dem       : heights in metres
    output    : ending in .tif

    Raises
    ------
    Problems : a model that cannot be read, or heights that are not metres

    Source: Horn 1981, McCool 1987, Liu 1994; recalled, not checked against the papers [K].
    """
    raster = look_at_terrain(dem, output)
    tags = {"UNIT": "1", "RULE": "slope_factor", "METHOD": METHOD, "DEM": raster.cited, "MARK": "K"}
    kind = Kind(output.stem, ("slope_factor",), "1", tags)
    write_factor(_Slope(raster), raster, kind, output, work, BYTES)
    return describe_written(METHOD, output.with_suffix(".tif"), dem)


@dataclass(frozen=True)
class _Slope:
    """A terrain model whose slope factor is computed."""

    terrain: Raster

    def compute(self, window: Window) -> NDArray[np.float32]:
        """Return LS of a block; NaN where a neighbour has no height."""
        grid = self.terrain.grid
        heights = read_heights(self.terrain, window)
        across, down = measure_pixel_size(grid, window)
        return compute_slope_factor(heights, across, down, np.sqrt(measure_pixel_areas(grid, window) * 1e6)).astype(np.float32)


def describe_written(method: str, output: object, dem: Path) -> str:
    """Return what was written of a terrain model by a method, and what was assumed of its heights."""
    assumed = describe_heights(dem)
    if not assumed:
        return say("{method}: {output}", method=mark_word(method), output=output)
    return say("{method}: {output}; {assumed}", method=mark_word(method), output=output, assumed=assumed[0])


def look_at_terrain(dem: Path, output: Path | None = None) -> Raster:
    """Return a terrain model.

    Parameters
    ----------
    output : raster to be written; None: none is

    Raises
    ------
    Problems : it cannot be read, is not in metres or may hold voids; the raster to be written has another ending
    """
    if output is not None and output.suffix.lower() not in {".tif", ".tiff"}:
        refuse_one("--output", say("the raster is to be {name!r}", name=output.name), "a name ending in .tif")
    raster, unit = _open_terrain(dem)
    if unit not in METRES:
        found = say("its heights are in {unit!r}", unit=unit)
        raise describe_wrong_file(
            dem, found, "heights in metres", "gdal_edit.py -scale FACTOR -units m FILE says what a number is"
        )
    if not unit and _FEET.search(dem.stem):
        raise describe_wrong_file(
            dem,
            "its name says feet, and the file states no unit of its heights",
            "heights in metres",
            "feet: gdal_edit.py -scale 0.3048 -units m FILE; metres: gdal_edit.py -units m FILE",
        )
    _look(raster)
    return raster


def describe_heights(dem: Path) -> tuple[Text, ...]:
    """Return what is assumed of the heights of a terrain model, in words, nothing where the file states their unit.

    Parameters
    ----------
    dem : that `look_at_terrain` takes
    """
    raster, unit = _open_terrain(dem)
    low, high = _look(raster)
    if unit or not isfinite(low):
        return ()
    told = say(
        "{file} states no unit of its heights: those looked at, from {low:,.0f} to {high:,.0f}, are taken as metres",
        file=dem.name,
        low=low,
        high=high,
    )
    return (told,)


def _open_terrain(dem: Path) -> tuple[Raster, str]:
    """Return a terrain model by what it says of itself, and the unit it states, in small letters; empty where it states none."""
    tiles = look_at_all(str(dem))
    tags = read_tags(tiles)
    unit = tiles[0].unit or next((tags[0][name] for name in UNIT_TAGS if tags[0].get(name, "").strip()), "")
    as_it_says = DriverText("", "", None, "")
    return make_mosaic(
        [scale_raster(one, its_own, as_it_says, None) for one, its_own in zip(tiles, tags, strict=True)]
    ), unit.strip().casefold()


def _look(raster: Raster) -> tuple[float, float]:
    def find_slope(heights: Floats, window: Window) -> Floats:
        return compute_slope(heights, *measure_pixel_size(raster.grid, window))

    return check_heights(raster, read_heights, find_slope)


def read_heights(raster: Raster, window: Window) -> Floats:
    """Return the heights of a block and of the pixels around it, metres; NaN where there is none.

    Raises
    ------
    Problems : heights that no place has
    """
    grid = raster.grid
    row, column = max(0, window.row - 1), max(0, window.column - 1)
    end_row = min(grid.height, window.row + window.rows + 1)
    end_column = min(grid.width, window.column + window.columns + 1)
    wide = Window(row, column, end_row - row, end_column - column)
    stored = read_block(raster, wide)
    heights = np.full((window.rows + 2, window.columns + 2), np.nan)
    top, left = row - window.row + 1, column - window.column + 1
    inner = heights[top : top + wide.rows, left : left + wide.columns]
    inner[:] = stored
    if raster.nodata is not None:
        inner[stored == raster.nodata] = np.nan
    heights = heights * raster.scale + raster.offset
    _refuse_impossible(raster, heights)
    return heights


def _refuse_impossible(raster: Raster, heights: Floats) -> None:
    """Refuse heights in metres that no place has."""
    known = heights[~np.isnan(heights)]
    if not known.size or (known.min() >= LOWEST and known.max() <= HIGHEST):
        return
    value = float(known.min() if known.min() < LOWEST else known.max())
    stored = (value - raster.offset) / raster.scale
    raise describe_wrong_file(
        raster.path,
        say("a height is {value:,.6g} m", value=value),
        say("between {least} and {most}", least=f"{LOWEST:,.0f}", most=f"{HIGHEST:,.0f} m"),
        say(
            "centimetres: gdal_edit.py -scale 0.01 FILE; no height at all: gdal_edit.py -a_nodata {stored} FILE",
            stored=f"{stored:.9g}",
        ),
    )


def compute_slope_factor(heights: Floats, across: Floats, down: Floats, length: Floats) -> Floats:
    """Return LS of a terrain, without a unit; NaN where a height is missing.

    Parameters
    ----------
    heights : metres, one row and column more on every side than the result
    across, down : size of a pixel, metres, shape (rows, 1)
    length  : slope length, metres, broadcastable to the result

    Source: slope by Horn 1981, S by McCool 1987 and Liu 1994, L = (length / 22.13) ** m; recalled, not checked [K].
    """
    slope = compute_slope(heights, across, down)
    degrees, sine = np.degrees(slope), np.sin(slope)
    steepness = np.where(degrees < GENTLE, 10.8 * sine + 0.03, np.where(degrees < STEEP, 16.8 * sine - 0.5, 21.91 * sine - 0.96))
    power = np.select([degrees <= most for most, _ in POWERS], [power for _, power in POWERS], 0.5)
    return np.asarray((length / UNIT_PLOT) ** power * steepness)


def compute_slope(heights: Floats, across: Floats, down: Floats) -> Floats:
    """Return the slope, radians, by Horn 1981; NaN where a height is missing."""
    a, b, c = heights[:-2, :-2], heights[:-2, 1:-1], heights[:-2, 2:]
    d, f = heights[1:-1, :-2], heights[1:-1, 2:]
    g, h, i = heights[2:, :-2], heights[2:, 1:-1], heights[2:, 2:]
    east = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * across)
    south = ((g + 2 * h + i) - (a + 2 * b + c)) / (8 * down)
    slope = np.arctan(np.hypot(east, south))
    slope[np.isnan(heights[1:-1, 1:-1])] = np.nan
    return np.asarray(slope)


def measure_pixel_size(grid: Grid, window: Window) -> tuple[Floats, Floats]:
    """Return width and height of a block's pixels in metres, shape (rows, 1)."""
    crs = CRS.from_wkt(grid.crs)
    if not crs.is_geographic:
        metre = crs.axis_info[0].unit_conversion_factor
        return np.full((window.rows, 1), grid.step_x * metre), np.full((window.rows, 1), abs(grid.step_y) * metre)
    geod = crs.get_geod() or Geod(ellps="WGS84")
    middle = grid.top + grid.step_y * (window.row + np.arange(window.rows) + 0.5)
    zero = np.zeros_like(middle)
    across = geod.inv(zero, middle, zero + grid.step_x, middle)[2]
    down = geod.inv(zero, middle - grid.step_y / 2, zero, middle + grid.step_y / 2)[2]
    return np.asarray(across)[:, None], np.asarray(down)[:, None]
