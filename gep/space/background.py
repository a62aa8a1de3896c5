"""Land cover whose background is not marked: asked about, since no number says by itself that it is no class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.messages.texts import say
from gep.space.grid import split_windows
from gep.space.sources import describe_wrong_file, read_block

if TYPE_CHECKING:
    from gep.reference.crosswalk import Crosswalk
    from gep.space.sources import Raster

_LOOK = 1 << 22
"""Pixels of one look."""
_BYTE = 255
IGBP = "igbp"


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
    Problems : the raster states no nodata value and such a number occurs; or 0 stands beside 17 in IGBP, both water
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
