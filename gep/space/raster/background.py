"""Land cover whose background is not marked: asked about, since no number says by itself that it is no class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS

from gep.messages.texts import say
from gep.space.raster.grid import Window, split_windows
from gep.space.raster.sources import describe_wrong_file, read_block

if TYPE_CHECKING:
    from gep.reference.crosswalk import Crosswalk
    from gep.space.raster.grid import Grid
    from gep.space.raster.sources import Raster

_LOOK = 1 << 22
"""Pixels of one look."""
_BYTE = 255
IGBP = "igbp"
_FINER_THAN_MCD12C1 = 0.04
"""Degrees; MCD12C1 has pixels of 0.05°."""
_METRES_PER_DEGREE = 111_320.0
_STRIP = 2
"""Pixels of the strip along a side that is looked at: the zones reach that far."""


def may_hide_background(land: Raster, crosswalk: Crosswalk) -> bool:
    """Whether background may stand among the classes of a raster, so that its numbers must be looked at."""
    return land.nodata is None or crosswalk.scheme == IGBP


def list_background(dtype: str) -> set[int]:
    """Return the numbers that programs fill the outside of a clip with: 0 and both ends of the type."""
    ends = np.iinfo(dtype)
    return {0, int(ends.min), int(ends.max)}


def check_background(land: Raster, crosswalk: Crosswalk, codes: set[int]) -> None:
    """Ask about numbers that may be background and are classes of the crosswalk too.

    Parameters
    ----------
    codes : the classes that occur in the raster

    Raises
    ------
    Problems : the raster states no nodata value and such a number occurs; or 0 occurs in IGBP beside 17, both water, or in pixels
               finer than those of the product whose water it is
    """
    known = crosswalk.numbers
    ends = np.iinfo(land.dtype)
    free = next(one for one in (255, 127, *range(126, 0, -1)) if one <= ends.max and one not in codes | set(known))
    if land.nodata is None:
        for code in sorted(list_background(land.dtype) & codes & set(known)):
            raise describe_wrong_file(
                land.path,
                say(
                    "class {code} occurs and the raster states no nodata value: is {code} {name}, or the background?",
                    code=code,
                    name=known[code].name or known[code].ecosystem,
                ),
                "a nodata value",
                say(
                    "background: gdal_edit.py -a_nodata {code} FILE; a class: gdal_edit.py -a_nodata {free} FILE",
                    code=code,
                    free=free,
                ),
            )
    if crosswalk.scheme == IGBP and {0, 17} <= codes:
        raise describe_wrong_file(
            land.path,
            "classes 0 and 17 both occur: water is 0 in MCD12C1 and 17 in MCD12Q1, never both",
            "classes of one product",
            "background: gdal_edit.py -a_nodata 0 FILE; both water: a crosswalk of your own (--classes FILE.csv)",
        )
    if crosswalk.scheme == IGBP and crosswalk.is_shipped and 0 in codes and _find_pixel_degrees(land.grid) < _FINER_THAN_MCD12C1:
        raise describe_wrong_file(
            land.path,
            "class 0 occurs: it is water in MCD12C1 with its pixels of 0.05°, and no class of MCD12Q1, which has finer ones",
            "classes of one product",
            "background: gdal_edit.py -a_nodata 0 FILE; water (MCD12Q1 up to collection 5): a crosswalk of your own (--classes FILE.csv)",
        )


def doubt_background(land: Raster, crosswalk: Crosswalk) -> str:
    """Return a sentence where class 0 fills a whole side of a raster that marks no data otherwise; else nothing.

    Land cover is cut to the box around its zones, so that every side of it has land of theirs.
    """
    known = crosswalk.numbers
    if land.nodata in {None, 0} or 0 not in known or not _has_side_of_zeros(land):
        return ""
    return say(
        "class 0, {name}, fills a whole side of {file}: if it is the background, gdal_edit.py -a_nodata 0 FILE",
        name=known[0].name or known[0].ecosystem,
        file=land.name,
    )


def _find_pixel_degrees(grid: Grid) -> float:
    crs = CRS.from_wkt(grid.crs)
    return grid.step_x if crs.is_geographic else grid.step_x * crs.axis_info[0].unit_conversion_factor / _METRES_PER_DEGREE


def _has_side_of_zeros(land: Raster) -> bool:
    """Whether a strip along a side holds 0 only; as wide as the margin around the zones and a pixel more."""
    height, width = land.grid.height, land.grid.width
    rows, columns = min(height, _STRIP), min(width, _STRIP)
    sides = (
        Window(0, 0, rows, width),
        Window(height - rows, 0, rows, width),
        Window(0, 0, height, columns),
        Window(0, width - columns, height, columns),
    )
    return any(not read_block(land, one).any() for one in sides)


def ask_about_background(land: Raster, codes: set[int]) -> str:
    """Return the hint for classes without a row in a crosswalk that may be background; empty where none may be."""
    if land.nodata is not None:
        return ""
    for code in sorted(list_background(land.dtype) & codes):
        return say("if {code} is the background: gdal_edit.py -a_nodata {code} FILE", code=code)
    return ""


def suggest_class_repair(land: Raster) -> str:
    """Return what turns classes that are stored as floats into whole numbers without making a class of what marks no data."""
    found: set[float] = set()
    rows = max(1, min(land.grid.height, _LOOK // land.grid.width))
    every = list(split_windows(land.grid, rows, land.grid.width))
    for window in every[:: max(1, len(every) // 16)]:
        found |= set(np.unique(read_block(land, window))[:1000].tolist())
    fills = {one for one in found if one != one or abs(one) > 1e9 or one == land.nodata}  # noqa: PLR0124, PLR2004 - NaN
    classes = found - fills
    if any(one != int(one) for one in classes):
        return "a measured quantity is a --driver"
    kind = "Byte" if all(0 <= one < _BYTE for one in classes) else "Int32"
    if kind == "Byte" and 0 not in classes and all(one != one or one <= 0 for one in fills):  # noqa: PLR0124 - NaN
        return "a measured quantity is a --driver; classes stored as floats: gdal_translate -ot Byte -a_nodata 0"
    free = _BYTE if kind == "Byte" else -9999
    fill = next((f"{one:.9g}" for one in fills if one != land.nodata), "")
    return say(
        "a measured quantity is a --driver; classes stored as floats: gdalwarp{source} -dstnodata {free} -ot {kind}",
        source=f" -srcnodata {fill}" if fill else "",
        free=free,
        kind=kind,
    )
