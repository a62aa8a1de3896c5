"""What settles and what is retained on ways that are spread over several neighbours (MFD), as SDR and NDR of InVEST 3.20 have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.space.routing.drainage import COLUMNS, DIAGONAL, ROWS, TILE, compiled
from gep.space.routing.spread import OUTLET

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.space.routing.drainage import Flags, Floats, Way
    from gep.space.routing.spread import Shares, Spread

FALL = 5.0
"""By so much the logarithm falls over a critical length: 99.3 % of what can be retained is."""


def settle_spread(spread: Spread, delivered: Floats, left: Floats) -> Floats:
    """Return what settles on each pixel of what was left above: the share by which the ratio rises to the next pixels in their mean; all of it on a stream.

    Parameters
    ----------
    delivered : delivery ratio, 1 on streams, NaN where no way leads to one
    left      : what is lost and not delivered, per area
    """
    return _settle(spread.shares, spread.downward, delivered, left)


def retain_spread(spread: Spread, streams: Flags, efficiency: Floats, length: Floats, side: float, *, published: bool) -> Floats:
    """Return the share retained between each pixel and the stream, in the mean of its ways; 0 on streams, NaN where land is not known.

    Parameters
    ----------
    efficiency, length : of the land cover; the largest share retained, and over how many metres
    side      : of a pixel, metres
    published : strictly from the streams, in the mean of the ways that lead to one; else in the order of InVEST 3.20, where what it does not know yet retains nothing
    """
    of_land = streams, efficiency, length, side
    if published:
        return _retain(spread.shares, spread.downward, *of_land)
    return _retain_as_invest(spread.shares, ~np.isnan(spread.heights), *of_land)


@compiled
def _settle(shares: Shares, downward: Way, delivered: Floats, left: Floats) -> Floats:
    rows, columns = delivered.shape
    settled = np.full((rows, columns), np.nan)
    arriving = np.zeros((rows, columns))
    for at in downward:
        row, column = at // columns, at % columns
        own = delivered[row, column]
        if np.isnan(own) or np.isnan(left[row, column]):
            continue
        following, total = 0.0, 0
        if shares[row, column, 0] != OUTLET:
            for way in range(8):
                if shares[row, column, way] > 0:
                    total += shares[row, column, way]
                    after = delivered[row + ROWS[way], column + COLUMNS[way]]
                    if not np.isnan(after):
                        following += after * shares[row, column, way]
        following = max(own, following / total) if total > 0 else own
        share = 1.0 if own == 1.0 else (following - own) / (1.0 - own)
        settled[row, column] = share * arriving[row, column]
        going = (1.0 - share) * arriving[row, column] + left[row, column]
        if total > 0:
            for way in range(8):
                if shares[row, column, way] > 0:
                    arriving[row + ROWS[way], column + COLUMNS[way]] += going * shares[row, column, way] / total
    return settled


@compiled
def _retain(shares: Shares, downward: Way, streams: Flags, efficiency: Floats, length: Floats, side: float) -> Floats:
    rows, columns = streams.shape
    kept = np.full((rows, columns), np.nan)
    for at in downward[::-1]:
        row, column = at // columns, at % columns
        kept[row, column] = _retain_one(row, column, kept, shares, streams, efficiency, length, side, np.nan)
    return kept


@compiled
def _retain_as_invest(shares: Shares, known: Flags, streams: Flags, efficiency: Floats, length: Floats, side: float) -> Floats:
    """Return the share retained, in the order in which InVEST 3.20 goes upward.

    Tile by tile it begins at pixels of which a way leads out of the terrain or to a pixel that is done with; it goes on to those of which every way is done with.
    A pixel may so be computed before all below it are, and once more after; pixels above it keep what they had from it first.
    """
    rows, columns = streams.shape
    kept = np.full((rows, columns), np.nan)
    ways = np.zeros((rows, columns), dtype=np.uint8)
    for row in range(rows):
        for column in range(columns):
            if not known[row, column]:
                continue
            for way in range(8):
                if shares[row, column, 0] == OUTLET or shares[row, column, way] > 0:
                    ways[row, column] |= 1 << way
    todo = [(0, 0) for _ in range(0)]
    for top in range(0, rows, TILE):
        for left in range(0, columns, TILE):
            for row in range(top, min(rows, top + TILE)):
                for column in range(left, min(columns, left + TILE)):
                    _begin(row, column, ways, shares, todo)
            while len(todo) > 0:
                row, column = todo.pop()
                kept[row, column] = _retain_one(row, column, kept, shares, streams, efficiency, length, side, 0.0)
                for way in range(8):
                    r, c = row + ROWS[way], column + COLUMNS[way]
                    if r < 0 or r >= rows or c < 0 or c >= columns or shares[r, c, 0] == OUTLET:
                        continue
                    bit = 1 << ((way + 4) % 8)
                    if shares[r, c, (way + 4) % 8] == 0 or (ways[r, c] & bit) == 0:
                        continue
                    ways[r, c] -= bit
                    if ways[r, c] == 0:
                        todo.append((r, c))
    return kept


@compiled
def _begin(row: int, column: int, ways: NDArray[np.uint8], shares: Shares, todo: list[tuple[int, int]]) -> None:
    """Strike the ways that lead out or to a pixel that is done with; where there are any, the pixel is to be done."""
    if shares[row, column, 0] == OUTLET:
        ways[row, column] = 0
        todo.append((row, column))
        return
    found = False
    left = ways[row, column]
    for way in range(8):
        bit = 1 << way
        if (left & bit) > 0 and ways[row + ROWS[way], column + COLUMNS[way]] == 0:
            left -= bit
            found = True
    ways[row, column] = left
    if found:
        todo.append((row, column))


@compiled
def _retain_one(
    row: int,
    column: int,
    kept: Floats,
    shares: Shares,
    streams: Flags,
    efficiency: Floats,
    length: Floats,
    side: float,
    beyond: float,
) -> float:
    """Return the share retained from a pixel on, from those of the pixels it drains to.

    Parameters
    ----------
    beyond : the share where a way leads out of the terrain, or across land of which nothing is known; NaN: such ways do not count
    """
    if streams[row, column]:
        return 0.0
    most, critical = efficiency[row, column], length[row, column]
    if np.isnan(most) or np.isnan(critical):
        return np.nan
    if shares[row, column, 0] == OUTLET:
        return beyond
    total, parts = 0.0, 0
    for way in range(8):
        share = shares[row, column, way]
        if share == 0:
            continue
        after = kept[row + ROWS[way], column + COLUMNS[way]]
        if np.isnan(after):
            if not np.isnan(beyond):
                parts += share
                total += share * beyond
            continue
        step = side * DIAGONAL if way % 2 == 1 else side
        through = np.exp(-FALL * step / critical) if critical > 0 else 0.0
        parts += share
        total += share * (after * through + most * (1 - through) if most > after else after)
    return total / parts if parts > 0 else np.nan
