"""The way water takes over a terrain, each pixel to one neighbour (D8), with level ground drained as InVEST drains it. A frontier to pyflwdir and numba.

Depressions are filled to where they run over (priority flood: Barnes 2014). A pixel drains to the neighbour of the steepest fall,
a diagonal fall over √2, the first of equals counted from the east against the clock. Level ground drains along the shortest way to its edge
where it falls, and only if it falls nowhere over the border of the terrain. Where ways are equally long, the first found counts, in the order in which
pygeoprocessing 2.4 looks (tiles of 256 pixels, row by row), so that results can be compared pixel by pixel.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
import numpy as np
import pyflwdir

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Way = NDArray[np.int64]

Function = TypeVar("Function", bound="Callable[..., Any]")
compiled = cast("Callable[[Function], Function]", numba.njit(cache=True))

TILE = 256
ROWS = np.array([0, -1, -1, -1, 0, 1, 1, 1])
COLUMNS = np.array([1, 1, 0, -1, -1, -1, 0, 1])
CODES = np.array([1, 128, 64, 32, 16, 8, 4, 2, 0], dtype=np.uint8)
"""What D8 calls the eight ways, from the east against the clock; last: out of the terrain."""
OUT, UNKNOWN = 8, 247
DIAGONAL = 2**0.5


@dataclass(frozen=True)
class Drainage:
    """Where each pixel of a terrain drains.

    Attributes
    ----------
    heights : depressions filled, metres; NaN where there is none
    below   : position (in the flat grid) of the pixel it drains to, itself where it drains out of the terrain; −1 without a height
    diagonal: whether that way is a diagonal
    upward  : positions of all pixels with a height, each after the one it drains to
    count   : pixels that drain through a pixel, itself included; 0 without a height
    """

    heights: Floats
    below: Way
    diagonal: Flags
    upward: Way
    count: Floats
    flow: Any

    def gather(self, what: Floats) -> Floats:
        """Return the sum of an amount over all pixels that drain through each, itself included; 0 without a height.

        Parameters
        ----------
        what : NaN counts as nothing
        """
        found = self.flow.accuflux(np.where(np.isnan(what), 0.0, what), nodata=-1.0)
        return np.where(self.below.reshape(self.heights.shape) < 0, 0.0, found)

    @property
    def length(self) -> Floats:
        """Of the step from each pixel, in widths of a pixel."""
        return np.where(self.diagonal, DIAGONAL, 1.0)

    def weigh_way(self, stops: Flags, cost: Floats, side: float | None) -> Floats:
        """Return the sum of costs on the way to the first pixel where it stops; 0 there, NaN for ways that reach none.

        Parameters
        ----------
        stops : such as streams
        cost  : of leaving a pixel
        side  : of a pixel, metres: each step counts by its length; None: 1
        """
        steps = cost if side is None else cost * self.length * side
        found = _walk_down(self.upward, self.below, stops.ravel(), steps.ravel())
        return cast("Floats", found.reshape(self.heights.shape))

    def measure_way(self, stops: Flags) -> Floats:
        """Return the length of the way to the first pixel where it stops, in widths of a pixel; NaN for ways that reach none."""
        return self.weigh_way(stops, self.length, None)


def find_drainage(heights: Floats) -> Drainage:
    """Return where the pixels of a terrain drain.

    Parameters
    ----------
    heights : metres, NaN where there is none
    """
    filled = fill_depressions(heights)
    ways = _find_ways(filled)
    codes = np.where(np.isnan(heights), np.uint8(UNKNOWN), CODES[np.maximum(ways, 0)])
    flow = pyflwdir.from_array(codes, ftype="d8", check_ftype=False)
    below = _find_below(ways)
    upward = np.asarray(flow.idxs_seq, dtype=np.int64)
    known = ~np.isnan(heights)
    count = np.where(known, flow.accuflux(known.astype(np.float64), nodata=-1.0), 0.0)
    return Drainage(filled, below, (ways != OUT) & (ways % 2 == 1), upward, count, flow)


@compiled
def fill_depressions(heights: Floats) -> Floats:
    """Return heights with depressions filled to where they run over into the border or into pixels without a height."""
    rows, columns = heights.shape
    filled = heights.copy()
    seen = np.zeros((rows, columns), dtype=np.bool_)
    queue = [(heights[0, 0], 0, 0) for _ in range(0)]
    for row in range(rows):
        for column in range(columns):
            if np.isnan(heights[row, column]):
                continue
            for way in range(8):
                r, c = row + ROWS[way], column + COLUMNS[way]
                if r < 0 or r >= rows or c < 0 or c >= columns or np.isnan(heights[r, c]):
                    seen[row, column] = True
                    heapq.heappush(queue, (heights[row, column], row, column))
                    break
    while len(queue) > 0:
        level, row, column = heapq.heappop(queue)
        for way in range(8):
            r, c = row + ROWS[way], column + COLUMNS[way]
            if r < 0 or r >= rows or c < 0 or c >= columns or seen[r, c] or np.isnan(heights[r, c]):
                continue
            seen[r, c] = True
            filled[r, c] = max(level, heights[r, c])
            heapq.heappush(queue, (filled[r, c], r, c))
    return filled


@compiled
def _find_ways(heights: Floats) -> NDArray[np.int8]:
    """Return the way each pixel drains, 0 to 7 from the east against the clock, OUT, or −1 without a height.

    Parameters
    ----------
    heights : metres, depressions filled
    """
    rows, columns = heights.shape
    ways = np.full((rows, columns), -1, dtype=np.int8)
    reached = np.zeros((rows, columns), dtype=np.bool_)
    length = np.full((rows, columns), np.inf)
    for top in range(0, rows, TILE):
        for left in range(0, columns, TILE):
            for row in range(top, min(rows, top + TILE)):
                for column in range(left, min(columns, left + TILE)):
                    if np.isnan(heights[row, column]) or ways[row, column] >= 0:
                        continue
                    way = _find_fall(heights, row, column)
                    if way >= 0:
                        ways[row, column] = way
                    else:
                        _drain_level(heights, row, column, ways, reached, length)
    return ways


@compiled
def _find_fall(heights: Floats, row: int, column: int) -> int:
    """Return the way of the steepest fall from a pixel; −1 where nothing falls."""
    rows, columns = heights.shape
    found, steepest = -1, 0.0
    for way in range(8):
        r, c = row + ROWS[way], column + COLUMNS[way]
        if r < 0 or r >= rows or c < 0 or c >= columns or np.isnan(heights[r, c]):
            continue
        fall = heights[row, column] - heights[r, c]
        if way % 2 == 1:
            fall *= 1.0 / DIAGONAL
        if fall > steepest:
            found, steepest = way, fall
    return found


@compiled
def find_level(
    heights: Floats, row: int, column: int, reached: Flags, length: Floats
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return all of the level ground around a pixel, and where its draining begins: where it falls, else at the border.

    What is found is marked in `reached`; the beginnings have the length 0.
    """
    rows, columns = heights.shape
    level = heights[row, column]
    found = [(row, column)]
    falls = [(row, column) for _ in range(0)]
    border = [(row, column) for _ in range(0)]
    reached[row, column] = True
    at = 0
    while at < len(found):
        r0, c0 = found[at]
        at += 1
        on_border = False
        for way in range(8):
            r, c = r0 + ROWS[way], c0 + COLUMNS[way]
            if r < 0 or r >= rows or c < 0 or c >= columns or np.isnan(heights[r, c]):
                on_border = True
            elif heights[r, c] == level and not reached[r, c]:
                reached[r, c] = True
                found.append((r, c))
        if _find_fall(heights, r0, c0) >= 0:
            falls.append((r0, c0))
        elif on_border:
            border.append((r0, c0))
    begins = falls if len(falls) > 0 else border
    for r0, c0 in begins:
        length[r0, c0] = 0.0
    return found, begins


@compiled
def _drain_level(heights: Floats, row: int, column: int, ways: NDArray[np.int8], reached: Flags, length: Floats) -> None:
    """Drain level ground from one of its pixels on: begin where it falls (else at the border), and go outwards."""
    rows, columns = heights.shape
    level = heights[row, column]
    _, falls = find_level(heights, row, column, reached, length)
    for r0, c0 in falls:
        way = _find_fall(heights, r0, c0)
        ways[r0, c0] = way if way >= 0 else OUT
    at = 0
    while at < len(falls):
        r0, c0 = falls[at]
        at += 1
        for way in range(8):
            r, c = r0 + ROWS[way], c0 + COLUMNS[way]
            if r < 0 or r >= rows or c < 0 or c >= columns or heights[r, c] != level:
                continue
            longer = length[r0, c0] + (DIAGONAL if way % 2 == 1 else 1.0)
            if length[r, c] > longer:
                ways[r, c] = (way + 4) % 8
                length[r, c] = longer
                falls.append((r, c))


@compiled
def _find_below(ways: NDArray[np.int8]) -> Way:
    rows, columns = ways.shape
    below = np.full(rows * columns, -1, dtype=np.int64)
    for row in range(rows):
        for column in range(columns):
            way = ways[row, column]
            if way == OUT:
                below[row * columns + column] = row * columns + column
            elif way >= 0:
                below[row * columns + column] = (row + ROWS[way]) * columns + column + COLUMNS[way]
    return below


@compiled
def _walk_down(upward: Way, below: Way, stops: Flags, steps: Floats) -> Floats:
    found = np.full(len(below), np.nan)
    for at in upward:
        if stops[at]:
            found[at] = 0.0
        elif below[at] != at:
            found[at] = found[below[at]] + steps[at]
    return found
