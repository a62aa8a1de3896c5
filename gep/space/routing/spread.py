"""The way water takes over a terrain, spread over all lower neighbours of a pixel (MFD), as InVEST does it unless told. A frontier to numba.

Water goes to every lower neighbour in proportion to the fall, a diagonal one over √2; shares are whole fifteenths, rounded, over their sum. Level ground
is drained from the pixels of it that fall, only if none does over the border of the terrain; others go to all level neighbours that are nearer to these, a
diagonal one counting 1/√2. Depressions are filled first, as for D8. As pygeoprocessing 2.4 does it, so that results can be compared pixel by pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from gep.space.routing.drainage import COLUMNS, DIAGONAL, ROWS, TILE, compiled, fill_depressions, find_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.space.routing.drainage import Flags, Floats, Way

    Shares = NDArray[np.uint8]

WHOLE = 15
"""Into so many parts water is divided, by rounding; the parts of a pixel need not add up to it."""
OUTLET = 255
"""Share to the east of a pixel that drains out of the terrain."""


@dataclass(frozen=True)
class Spread:
    """Where each pixel of a terrain drains, to several.

    Attributes
    ----------
    heights : depressions filled; NaN where there is none
    shares  : parts that go each way, from the east against the clock, shape (rows, columns, 8); OUTLET first where water leaves the terrain; 0 without a height
    downward: positions of all pixels with a height, each before those it drains to
    count   : pixels that drain through a pixel, by their shares, itself included; 0 without a height
    """

    heights: Floats
    shares: Shares
    downward: Way
    count: Floats

    def gather(self, what: Floats) -> Floats:
        """Return the sum of an amount over all pixels that drain through each, by their shares, itself included; 0 without a height.

        Parameters
        ----------
        what : NaN counts as nothing
        """
        return _gather(self.shares, self.downward, np.where(np.isnan(what), 0.0, what))

    def weigh_way(self, stops: Flags, cost: Floats, side: float | None) -> Floats:
        """Return the sum of costs on the way to where it stops, in the mean of the ways that lead there; 0 there, NaN where none does.

        Parameters
        ----------
        stops : such as streams
        cost  : of a pixel
        side  : of a pixel, metres: each counts by its length; None: a step counts the cost of the pixel it leads to, as InVEST has it
        """
        held = np.where(np.isnan(cost), 0.0, cost)
        return _walk_down(self.shares, self.downward, stops, held, side or 0.0)

    def measure_way(self, stops: Flags) -> Floats:
        """Return the length of the way to where it stops, in widths of a pixel, in the mean of the ways that lead there; NaN where none does."""
        return _walk_down(self.shares, self.downward, stops, np.ones(self.heights.shape), 1.0)

    def find_streams(self, least: float, traced: float) -> Flags:
        """Return the pixels of streams: those from outlets upward through which water of at least so many pixels drains.

        Parameters
        ----------
        traced : share of `least` that suffices between two such pixels
        """
        return cast("Flags", _trace_streams(self.shares, self.count, least, traced * least) == STREAM)

    def count_at_outlets(self) -> float:
        """Return through how many pixels' water the largest outlet drains."""
        return float(self.count[self.shares[..., 0] == OUTLET].max(initial=0))


STREAM, PERHAPS = 1, 2


def find_spread(heights: Floats) -> Spread:
    """Return where the pixels of a terrain drain, to several each.

    Parameters
    ----------
    heights : metres, NaN where there is none
    """
    filled = fill_depressions(heights)
    shares = _find_shares(filled)
    downward = _sort_downward(shares, ~np.isnan(filled))
    count = _gather(shares, downward, np.where(np.isnan(filled), 0.0, 1.0))
    return Spread(filled, shares, downward, count)


@compiled
def _find_shares(heights: Floats) -> Shares:
    rows, columns = heights.shape
    shares = np.zeros((rows, columns, 8), dtype=np.uint8)
    reached = np.zeros((rows, columns), dtype=np.bool_)
    length = np.full((rows, columns), np.inf)
    fall = np.zeros(8)
    for row in range(rows):
        for column in range(columns):
            if np.isnan(heights[row, column]) or reached[row, column]:
                continue
            if _find_falls(heights, row, column, fall):
                _divide(fall, shares[row, column])
            else:
                _spread_level(heights, row, column, shares, reached, length, fall)
    return shares


@compiled
def _find_falls(heights: Floats, row: int, column: int, fall: Floats) -> bool:
    """Put the fall each way into an array, diagonal ones over √2, and return whether there is one."""
    rows, columns = heights.shape
    found = False
    for way in range(8):
        fall[way] = 0.0
        r, c = row + ROWS[way], column + COLUMNS[way]
        if r < 0 or r >= rows or c < 0 or c >= columns or np.isnan(heights[r, c]):
            continue
        down = heights[row, column] - heights[r, c]
        if down > 0:
            fall[way] = down * (1.0 / DIAGONAL) if way % 2 == 1 else down
            found = True
    return found


@compiled
def _divide(fall: Floats, shares: Shares) -> None:
    total = 0.0
    for way in range(8):
        total += fall[way]
    for way in range(8):
        shares[way] = int(0.5 + fall[way] / total * WHOLE)


@compiled
def _spread_level(heights: Floats, row: int, column: int, shares: Shares, reached: Flags, length: Floats, fall: Floats) -> None:
    """Drain level ground from one of its pixels on: begin where it falls (else at the border), and go outwards."""
    rows, columns = heights.shape
    level = heights[row, column]
    found, falls = find_level(heights, row, column, reached, length)
    for r0, c0 in falls:
        if _find_falls(heights, r0, c0, fall):
            _divide(fall, shares[r0, c0])
        else:
            shares[r0, c0, 0] = OUTLET
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
                length[r, c] = longer
                falls.append((r, c))
    for r0, c0 in found:
        if length[r0, c0] == 0.0:
            continue
        for way in range(8):
            fall[way] = 0.0
            r, c = r0 + ROWS[way], c0 + COLUMNS[way]
            if r < 0 or r >= rows or c < 0 or c >= columns or heights[r, c] != level:
                continue
            if length[r, c] < length[r0, c0]:
                fall[way] = 1.0 / DIAGONAL if way % 2 == 1 else 1.0
        _divide(fall, shares[r0, c0])


@compiled
def _sort_downward(shares: Shares, known: Flags) -> Way:
    """Return positions, each before those it drains to."""
    rows, columns = known.shape
    waiting = np.zeros((rows, columns), dtype=np.uint8)
    total = 0
    for row in range(rows):
        for column in range(columns):
            if not known[row, column]:
                continue
            total += 1
            if shares[row, column, 0] == OUTLET:
                continue
            for way in range(8):
                if shares[row, column, way] > 0:
                    waiting[row + ROWS[way], column + COLUMNS[way]] += 1
    order = np.empty(total, dtype=np.int64)
    filled = 0
    for row in range(rows):
        for column in range(columns):
            if known[row, column] and waiting[row, column] == 0:
                order[filled] = row * columns + column
                filled += 1
    at = 0
    while at < filled:
        row, column = order[at] // columns, order[at] % columns
        at += 1
        if shares[row, column, 0] == OUTLET:
            continue
        for way in range(8):
            if shares[row, column, way] > 0:
                r, c = row + ROWS[way], column + COLUMNS[way]
                waiting[r, c] -= 1
                if waiting[r, c] == 0:
                    order[filled] = r * columns + c
                    filled += 1
    return order


@compiled
def _gather(shares: Shares, downward: Way, what: Floats) -> Floats:
    columns = what.shape[1]
    found = what.copy()
    for at in downward:
        row, column = at // columns, at % columns
        if shares[row, column, 0] == OUTLET:
            continue
        total = 0
        for way in range(8):
            total += shares[row, column, way]
        for way in range(8):
            if shares[row, column, way] > 0:
                found[row + ROWS[way], column + COLUMNS[way]] += found[row, column] * shares[row, column, way] / total
    return found


@compiled
def _walk_down(shares: Shares, downward: Way, stops: Flags, cost: Floats, side: float) -> Floats:
    """Return the mean over ways of what steps cost: the cost of the pixel that a step leaves by its length; by no side, of that it leads to."""
    rows, columns = stops.shape
    found = np.full((rows, columns), np.nan)
    for at in downward[::-1]:
        row, column = at // columns, at % columns
        if stops[row, column]:
            found[row, column] = 0.0
            continue
        if shares[row, column, 0] == OUTLET:
            continue
        parts, total = 0.0, 0.0
        for way in range(8):
            share = shares[row, column, way]
            r, c = row + ROWS[way], column + COLUMNS[way]
            if share == 0 or np.isnan(found[r, c]):
                continue
            step = cost[r, c] if side == 0 else cost[row, column] * side * (DIAGONAL if way % 2 == 1 else 1.0)
            parts += share
            total += share * (step + found[r, c])
        if parts > 0:
            found[row, column] = total / parts
    return found


@compiled
def _trace_streams(shares: Shares, count: Floats, least: float, traced: float) -> NDArray[np.uint8]:
    """Return STREAM for pixels of streams, in the order in which pygeoprocessing 2.4 looks.

    It goes upward from each outlet, breadth first, through pixels of `least`, and through those of `traced`, which are streams once a pixel of `least` is found
    above them.
    """
    rows, columns = count.shape
    found = np.zeros((rows, columns), dtype=np.uint8)
    for top in range(0, rows, TILE):
        for left in range(0, columns, TILE):
            for row in range(top, min(rows, top + TILE)):
                for column in range(left, min(columns, left + TILE)):
                    if found[row, column] == 0 and count[row, column] >= least and shares[row, column, 0] == OUTLET:
                        found[row, column] = STREAM
                        _trace_upward(shares, count, least, traced, row, column, found)
    return found


@compiled
def _trace_upward(
    shares: Shares, count: Floats, least: float, traced: float, row: int, column: int, found: NDArray[np.uint8]
) -> None:
    rows, columns = count.shape
    todo = [(row, column)]
    at = 0
    while at < len(todo):
        r0, c0 = todo[at]
        at += 1
        for way in range(8):
            r, c = r0 + ROWS[way], c0 + COLUMNS[way]
            if r < 0 or r >= rows or c < 0 or c >= columns or found[r, c] != 0:
                continue
            if shares[r, c, 0] == OUTLET or shares[r, c, (way + 4) % 8] == 0:
                continue
            if count[r, c] >= least:
                found[r, c] = STREAM
                todo.append((r, c))
                _join_below(shares, r, c, found)
            elif count[r, c] >= traced:
                found[r, c] = PERHAPS
                todo.append((r, c))


@compiled
def _join_below(shares: Shares, row: int, column: int, found: NDArray[np.uint8]) -> None:
    """Make streams of what may be one below a stream."""
    todo = [(row, column)]
    while len(todo) > 0:
        r0, c0 = todo.pop()
        if shares[r0, c0, 0] == OUTLET:
            continue
        for way in range(8):
            if shares[r0, c0, way] > 0:
                r, c = r0 + ROWS[way], c0 + COLUMNS[way]
                if found[r, c] == PERHAPS:
                    found[r, c] = STREAM
                    todo.append((r, c))
