"""Areas by zone and class of a block without drivers: from runs of equal pixels along a row, each looked up and added once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.space.drivers.layers import UNKNOWN, classify_pixels
from gep.space.shapes.zones import NO_ZONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.space.shapes.zones import ZoneBlock

    Floats = NDArray[np.float64]

SHORT = 4
"""Runs of fewer pixels than this on average are no gain over the pixels one by one."""


def sum_class_runs(
    block: ZoneBlock, stored: NDArray[np.integer], table: NDArray[np.int16], nodata: float | None, areas: Floats, classes: int
) -> tuple[Floats, dict[int, float]] | None:
    """Return km² of shape (zone of the block, class + 1), the first of them no data, and stored value → km² of unknown classes.

    None where the land cover changes too often for runs to be of use.

    Parameters
    ----------
    stored  : land cover as stored, shape (rows, columns)
    table   : as `Layers.class_table` gives it
    areas   : of the pixels, shape (rows, 1) or (rows, columns)
    classes : how many the crosswalk has
    """
    columns = stored.shape[1]
    flat = stored.ravel()
    begins = np.ones(flat.size + 1, dtype=bool)
    np.not_equal(flat[1:], flat[:-1], out=begins[1:-1])
    begins[::columns] = True
    begins[block.bounds] = True
    if np.count_nonzero(begins) * SHORT > flat.size:
        return None
    begins[block.at] = begins[block.at + 1] = True
    bounds = np.flatnonzero(begins)
    inside = np.repeat(block.values, np.diff(np.searchsorted(bounds, block.bounds)))
    inside[np.searchsorted(bounds, block.at)] = NO_ZONE
    has = inside != NO_ZONE
    start, end = bounds[:-1][has], bounds[1:][has]
    at = np.concatenate((start, block.at))
    zone = np.concatenate((inside[has], block.zone))
    area = np.concatenate((_measure_runs(start, end, areas, columns), _measure_shares(block, areas, columns)))
    found = classify_pixels(flat[at], table, nodata)
    key = zone.astype(np.int64) * (classes + 1) + np.maximum(found, -1) + 1
    sums = np.bincount(key, weights=area, minlength=len(block.here) * (classes + 1))
    wrong = found == UNKNOWN
    if not wrong.any():
        return np.asarray(sums, dtype=np.float64).reshape(-1, classes + 1), {}
    values, places = np.unique(flat[at[wrong]], return_inverse=True)
    unknown = dict(zip(values.tolist(), np.bincount(places, weights=area[wrong]).tolist(), strict=True))
    return np.asarray(sums, dtype=np.float64).reshape(-1, classes + 1), unknown


def _measure_runs(start: NDArray[np.int64], end: NDArray[np.int64], areas: Floats, columns: int) -> Floats:
    """Return the area of each run, km²."""
    row = start // columns
    if areas.shape[1] == 1:
        return np.asarray(areas[row, 0] * (end - start))
    before = np.zeros((len(areas), columns + 1))
    np.cumsum(areas, axis=1, out=before[:, 1:])
    return np.asarray(before[row, end - row * columns] - before[row, start - row * columns])


def _measure_shares(block: ZoneBlock, areas: Floats, columns: int) -> Floats:
    row, column = np.divmod(block.at, columns)
    return np.asarray((areas[row, 0] if areas.shape[1] == 1 else areas[row, column]) * block.share)
