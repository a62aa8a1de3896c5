"""Heights before they are trusted: voids that nobody marked, and numbers that are no metres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.messages.texts import say
from gep.space.raster.grid import Window, split_windows
from gep.space.raster.sources import describe_wrong_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gep.space.raster.sources import Raster

    Floats = NDArray[np.float64]

_SIDE = 512
"""Pixels to a side of a block of the look."""
_LOOKS = 16
STEEPEST = 50.0
"""Degrees: half of no county lies steeper. The steepest of the Hengduan mountains reach 35° on 30 m."""
_NEAR_ZERO = 20.0
"""Metres: where the sea or a coast is, some land lies lower."""
_GAPS = 3.0
"""How many times the largest step between other heights the step from 0 to the next is where 0 is no height."""


def check_heights(
    raster: Raster, read: Callable[[Raster, Window], Floats], find_slope: Callable[[Floats, Window], Floats]
) -> tuple[float, float]:
    """Return the lowest and the highest of the heights that were looked at, sixteen blocks; refuse numbers that are no heights in metres.

    Parameters
    ----------
    read       : heights of a block and of the pixels around it, metres; refuses those that no place has
    find_slope : slope of such heights, radians

    Returns
    -------
    metres; two NaN where no height is known

    Raises
    ------
    Problems : heights of 0 that may be voids that nobody marked, slopes that no county has
    """
    blocks = list(split_windows(raster.grid, _SIDE, _SIDE))
    chosen = blocks[:: max(1, len(blocks) // _LOOKS)]
    slopes, heights = [], [np.zeros(0)]
    for window in chosen:
        wide = read(raster, window)
        heights.append(np.unique(wide[~np.isnan(wide)]))
        found = find_slope(wide, window)
        slopes.append(found[~np.isnan(found)])
    known = np.unique(np.concatenate(heights))
    if _stands_alone(known):
        raise describe_wrong_file(
            raster.path,
            "a height is 0 m, and no other is anywhere near it",
            "voids marked as nodata",
            "gdal_edit.py -a_nodata 0 FILE",
        )
    every = np.degrees(np.concatenate(slopes))
    if every.size and float(np.median(every)) > STEEPEST:
        raise describe_wrong_file(
            raster.path,
            say("half of the land is steeper than {degrees:.0f}°", degrees=float(np.median(every))),
            say("at most {degrees:.0f}°: heights in metres, and pixels as large as the file says", degrees=STEEPEST),
            "centimetres: gdal_edit.py -scale 0.01 FILE; decimetres: -scale 0.1; feet: -scale 0.3048",
        )
    return (float(known[0]), float(known[-1])) if known.size else (np.nan, np.nan)


def _stands_alone(heights: Floats) -> bool:
    """Whether 0 is one of some heights, given each once and in order, and much further from the next than any two others."""
    others = heights[heights != 0]
    if others.size == heights.size or others.size < 3:  # noqa: PLR2004 - two steps at least to compare with
        return False
    gap = float(np.abs(others).min())
    return gap > _NEAR_ZERO and gap > _GAPS * float(np.diff(others).max())
