"""Which pixels polygons cover, whole or in which exact share: no raster is painted, only borders are walked.

An edge that goes down through a row of pixels covers everything to the right of it by its height, and the pixels it
crosses by the trapezoid to its right; one that goes up takes the same away. Added up along a row, edges give the exact
share of every pixel, and between two pixels that a border touches the share stays the same. All edges of all polygons
are cut at the lines of the grid at once, as arrays.

Source: signed-area accumulation, as font renderers do it (Heckbert and Levien's `font-rs`); here in double precision and exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

NO_SHARE = 1e-9
"""Less than this of a pixel is rounding: coordinates of 100,000 pixels are known to some 1e-11."""


@dataclass(frozen=True)
class Edges:
    """Edges of polygons in pixels, x to the right and y down; what lies inside is to the right of one that goes down.

    Attributes
    ----------
    shape          : position of the polygon each is of
    x0, y0, x1, y1 : upper and lower end
    sign           : 1 where it goes down, −1 where it goes up
    """

    shape: Whole
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    sign: Floats

    def take(self, which: NDArray[np.bool_] | Whole) -> Edges:
        """Return some of the edges."""
        return Edges(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def move(self, column: float, row: float) -> Edges:
        """Return the edges as seen from a pixel."""
        return Edges(self.shape, self.x0 - column, self.y0 - row, self.x1 - column, self.y1 - row, self.sign)


@dataclass(frozen=True)
class Cover:
    """What shapes cover of a block, pixels as positions in the flat block.

    Attributes
    ----------
    at, shape, share       : pixels that a shape covers in part, and which part
    whole_shape, start, end : runs of pixels that it covers whole
    centre_shape, first, last : runs of pixels whose centre it covers (`last` is the one after the run)
    """

    at: Whole
    shape: Whole
    share: Floats
    whole_shape: Whole
    start: Whole
    end: Whole
    centre_shape: Whole
    first: Whole
    last: Whole


def list_edges(shapes: NDArray[np.object_]) -> Edges:
    """Return the edges of polygons in pixels (column, −row), whichever way round their rings are drawn."""
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    same = of_ring[1:] == of_ring[:-1]
    x, y = points[:, 0], -points[:, 1]
    x0, y0, x1, y1 = (one[same] for one in (x[:-1], y[:-1], x[1:], y[1:]))
    ring = of_ring[1:][same]
    is_hole = np.concatenate(([False], of_part[1:] == of_part[:-1])) if len(of_part) else np.zeros(0, dtype=bool)
    signed = np.bincount(ring, weights=(y0 - y1) * (x0 + x1) / 2, minlength=len(rings))
    turn = np.where((signed < 0) == is_hole, 1.0, -1.0)[ring]
    slanted = y0 != y1
    down = y0 < y1
    ends = (np.where(down, x0, x1), np.minimum(y0, y1), np.where(down, x1, x0), np.maximum(y0, y1))
    every = Edges(of_shape[of_part[ring]].astype(np.int64), *ends, np.where(down, turn, -turn))
    return every.take(slanted)


def measure_cover(edges: Edges, rows: int, columns: int) -> Cover:
    """Return what shapes cover of a block of pixels that begins at column 0 and row 0.

    Edges to the right of the block or above or below it may be left out.
    """
    near = edges.take((edges.y1 > 0) & (edges.y0 < rows) & (np.minimum(edges.x0, edges.x1) < columns))
    pieces, row = _cut_at_rows(near, rows)
    centre = _find_centres(pieces, row, rows, columns)
    key, cover, area = _cut_at_columns(pieces, row, rows, columns)
    order = np.argsort(key, kind="stable")
    key = key[order]
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    if not len(begins):
        none, no = np.zeros(0, dtype=np.int64), np.zeros(0)
        return Cover(none, none, no, none, none, none, *centre)
    key, cover, area = key[begins], np.add.reduceat(cover[order], begins), np.add.reduceat(area[order], begins)
    line = key // columns
    starts_line = np.diff(line, prepend=-1) != 0
    added = np.cumsum(cover)
    behind = added - (added - cover)[starts_line][np.cumsum(starts_line) - 1]
    share = behind - cover + area
    next_key = np.append(key[1:], 0)
    until = np.where(np.append(starts_line[1:], True), (line + 1) * columns, next_key)
    size = rows * columns
    in_whole, gap_whole = share > 1 - NO_SHARE, (behind > 1 - NO_SHARE) & (until > key + 1)
    runs = np.concatenate((key[in_whole], key[gap_whole] + 1))
    ends = np.concatenate((key[in_whole] + 1, until[gap_whole]))
    in_part, gap_part = (share > NO_SHARE) & ~in_whole, (behind > NO_SHARE) & (behind <= 1 - NO_SHARE) & (until > key + 1)
    length = (until - key - 1)[gap_part]
    parts = np.concatenate((key[in_part], np.repeat(key[gap_part] + 1, length) + count_up(length)))
    shares = np.concatenate((share[in_part], np.repeat(behind[gap_part], length)))
    of_run = runs // size
    return Cover(parts % size, parts // size, shares, of_run, runs - of_run * size, ends - of_run * size, *centre)


def _cut_at_rows(edges: Edges, rows: int) -> tuple[Edges, Whole]:
    """Return the pieces of edges that lie in one row each, and their rows."""
    top, bottom = np.maximum(edges.y0, 0.0), np.minimum(edges.y1, float(rows))
    row = np.floor(top).astype(np.int64)
    count = np.ceil(bottom).astype(np.int64) - row
    row = np.repeat(row, count) + count_up(count)
    of = edges.take(np.repeat(np.arange(len(count)), count))
    upper, lower = np.maximum(of.y0, row), np.minimum(of.y1, row + 1.0)
    slope = (of.x1 - of.x0) / (of.y1 - of.y0)
    least, most = np.minimum(of.x0, of.x1), np.maximum(of.x0, of.x1)
    x_upper = np.clip(of.x0 + (upper - of.y0) * slope, least, most)
    x_lower = np.clip(of.x0 + (lower - of.y0) * slope, least, most)
    return Edges(of.shape, x_upper, upper, x_lower, lower, of.sign), row


def _find_centres(pieces: Edges, row: Whole, rows: int, columns: int) -> tuple[Whole, Whole, Whole]:
    """Return the runs of pixels whose centres shapes cover; a border right on a centre counts as GDAL has it."""
    middle = row + 0.5
    crosses = (pieces.y0 <= middle) & (middle < pieces.y1)
    of, row, middle = pieces.take(crosses), row[crosses], middle[crosses]
    x = of.x0 + (middle - of.y0) * (of.x1 - of.x0) / (of.y1 - of.y0)
    column = np.clip(np.floor(x + 0.5), 0, columns).astype(np.int64)
    line = of.shape * rows + row
    order = np.lexsort((column, line))
    line, column, turn = line[order], column[order], of.sign[order].astype(np.int64)
    starts_line = np.diff(line, prepend=-1) != 0
    inside = np.cumsum(turn)
    inside -= (inside - turn)[starts_line][np.cumsum(starts_line) - 1]
    until = np.where(np.append(starts_line[1:], True), columns, np.append(column[1:], 0))
    runs = (inside > 0) & (until > column)
    at = (line % rows * columns)[runs]
    return (line // rows)[runs], at + column[runs], at + until[runs]


def _cut_at_columns(pieces: Edges, row: Whole, rows: int, columns: int) -> tuple[Whole, Floats, Floats]:
    """Return the parts of pieces that lie in one pixel each: its position in the blocks of all shapes, height, and area to the right.

    What lies to the left of the block covers the first column whole; what lies to the right of it covers nothing.
    """
    left, right = np.minimum(pieces.x0, pieces.x1), np.maximum(pieces.x0, pieces.x1)
    first = np.clip(np.floor(left), -1, columns).astype(np.int64)
    last = np.clip(np.ceil(right) - 1, first, columns).astype(np.int64)
    count = last - first + 1
    of = np.repeat(np.arange(len(count)), count)
    column = first[of] + count_up(count)
    start = np.where(column < 0, left[of], np.maximum(left[of], column))
    end = np.where(column == columns, right[of], np.minimum(right[of], column + 1.0))
    wide = (right - left)[of]
    height = (pieces.sign * (pieces.y1 - pieces.y0))[of]
    height = np.where(wide > 0, height * (end - start) / np.where(wide > 0, wide, 1.0), height)
    area = np.where(column < 0, height, height * (column + 1 - (start + end) / 2))
    here = column < columns
    key = ((pieces.shape * rows + row)[of] * columns + np.maximum(column, 0))[here]
    return key, height[here], area[here]


def count_up(lengths: Whole) -> Whole:
    """Return 0, 1, 2 … for each length, one after the other."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
