"""What land cover became: the area that went from each class to each between two years, zone by zone, exact along borders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gep.space.drivers.layers import NODATA, classify_pixels
from gep.space.raster.grid import measure_pixel_areas
from gep.space.raster.moving import read_moved
from gep.space.shapes.zones import NO_ZONE
from gep.space.zonal.parts import cut_second_layers, read_parts
from gep.space.zonal.sums import find_unknown_classes, refuse_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from gep.space.drivers.layers import Layers
    from gep.space.raster.grid import Grid, Window
    from gep.space.shapes.zones import ZoneBlock, Zones
    from gep.space.zonal.parts import Cut, Parts

NO_CHANGE = 0
COUNTED = 1 << 20
"""Zones times pairs of classes up to which each has a place in a list; beyond it those that occur are sorted, which takes more memory."""


def make_code(opening: int, closing: int) -> int:
    """Return the number of a change in the raster, by the positions of the two types; 0 where they are one."""
    return NO_CHANGE if opening == closing else 1 + opening * 100 + closing


@dataclass(frozen=True)
class TransitionTask:
    """The input of every block: land cover of two years, the grid of the opening one, zones, and the types of classes.

    Attributes
    ----------
    onto   : grid that the closing land cover is brought onto; None: it lies on it
    types  : of each year, class position + 1 → position of its ecosystem type
    """

    opening: Layers
    closing: Layers
    onto: Grid | None
    zones: Zones
    tables: tuple[NDArray[np.int16], NDArray[np.int16]]
    types: tuple[NDArray[np.int16], NDArray[np.int16]]

    def read_parts(self, block: ZoneBlock, window: Window) -> Parts:
        """Return the pixels of a block that polygons of second layers divide, part by part; none where the years lie on two grids."""
        return read_parts((self.opening.land, self.closing.land), window, block, self._cut)

    @cached_property
    def _cut(self) -> Cut:
        return cut_second_layers((self.opening.land, self.closing.land), self.zones) if self.onto is None else ()

    @property
    def shape(self) -> tuple[int, int]:
        """How many classes the years have, land without data included."""
        return len(self.opening.crosswalk.classes) + 1, len(self.closing.crosswalk.classes) + 1


@dataclass(frozen=True)
class BlockOfChange:
    """Areas of a block by zone and pair of classes (only those that occur), unknown classes of each year, and the picture of its change.

    Attributes
    ----------
    zone, pair : zone, and opening class × number of closing classes + closing class (0: no data)
    area       : km²
    unknown    : of each year, stored value → km²
    change     : 1 + opening type × 100 + closing type where the type changed, 0 where it did not, NaN outside the zones
    """

    window: Window
    zone: NDArray[np.int64]
    pair: NDArray[np.int64]
    area: NDArray[np.float64]
    unknown: tuple[dict[int, float], dict[int, float]]
    change: NDArray[np.float32]


def find_change(task: TransitionTask, window: Window) -> BlockOfChange | None:
    """Return what became of a block; None where no zone reaches into it.

    Raises
    ------
    Problems : a file is broken there
    """
    block = task.zones.within(window)
    if not len(block.here):
        return None
    areas = measure_pixel_areas(task.opening.grid, window)
    first = task.opening.read_land(window)
    second, missing = _read_closing(task, window)
    stored, lands = (first, second), (task.opening.land, task.closing.land)
    classes = [
        classify_pixels(cells, table, land.nodata).ravel() for cells, table, land in zip(stored, task.tables, lands, strict=True)
    ]
    classes[1][missing] = NODATA
    unknown = tuple(find_unknown_classes(cells, of, block, areas) for cells, of in zip(stored, classes, strict=True))
    places = [np.maximum(one, -1).astype(np.int32) + 1 for one in classes]
    width = task.shape[1]
    pairs = places[0] * width + places[1]
    parts = task.read_parts(block, window)
    of_parts = [
        np.maximum(classify_pixels(parts.codes[:, at], table, land.nodata), -1).astype(np.int32) + 1
        for at, (table, land) in enumerate(zip(task.tables, lands, strict=True))
    ]
    flat = np.broadcast_to(areas, first.shape).ravel()
    zone, pair, area = _sum_pairs(block, pairs, flat, task.shape[0] * width, parts, of_parts[0] * width + of_parts[1])
    types = [of[places_] for of, places_ in zip(task.types, places, strict=True)]
    change = np.where(types[0] == types[1], NO_CHANGE, 1 + types[0].astype(np.int32) * 100 + types[1]).astype(np.float32)
    covered = block.label.ravel() >= 0
    change[~covered] = np.nan
    return BlockOfChange(window, block.here[zone], pair, area, (unknown[0], unknown[1]), change.reshape(first.shape))


def _read_closing(task: TransitionTask, window: Window) -> tuple[NDArray[np.integer], NDArray[np.bool_]]:
    """Return the closing classes as stored on the opening grid, and which of the flat pixels lie beyond them or have none."""
    if task.onto is None:
        stored = task.closing.read_land(window)
        return stored, np.zeros(stored.size, dtype=bool)
    moved = np.asarray(read_moved(task.closing.land, window, task.onto, "nearest"))
    missing = np.isnan(moved)
    return np.where(missing, 0, moved).astype(np.int64), missing.ravel()


def _sum_pairs(
    block: ZoneBlock, pairs: NDArray[np.int32], areas: NDArray[np.float64], width: int, parts: Parts, of_parts: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return zone, pair and area of what occurs."""
    inside = block.inside()
    inside[parts.at] = NO_ZONE
    has, shared = inside >= 0, np.isin(block.at, parts.at, invert=True)
    at, zone, share = block.at[shared], block.zone[shared], block.share[shared]
    of_pixels, of_border = inside[has].astype(np.int64) * width + pairs[has], zone * width + pairs[at]
    weights = np.concatenate([areas[has], areas[at] * share, areas[parts.at] * parts.share])
    keys = np.concatenate([of_pixels, of_border, parts.zone * width + of_parts])
    if len(block.here) * width <= COUNTED:
        found = np.flatnonzero(np.bincount(keys))
        sums = np.bincount(keys, weights=weights)[found]
    else:
        found, places = np.unique(keys, return_inverse=True)
        sums = np.bincount(places, weights=weights, minlength=len(found))
    return found // width, found % width, np.asarray(sums, dtype=np.float64)


def add_changes(blocks: Iterable[BlockOfChange | None], task: TransitionTask) -> dict[tuple[int, int, int], float]:
    """Return zone, opening class and closing class (0: no data) → km².

    Raises
    ------
    Problems : classes that are in no crosswalk, with their areas
    """
    width = task.shape[1]
    found: dict[tuple[int, int, int], float] = {}
    unknown: tuple[dict[int, float], dict[int, float]] = ({}, {})
    for block in blocks:
        if block is None:
            continue
        for zone, pair, area in zip(block.zone.tolist(), block.pair.tolist(), block.area.tolist(), strict=True):
            key = (zone, *divmod(pair, width))
            found[key] = found.get(key, 0.0) + area
        for whole, part in zip(unknown, block.unknown, strict=True):
            for value, area in part.items():
                whole[value] = whole.get(value, 0.0) + area
    for whole, layers in zip(unknown, (task.opening, task.closing), strict=True):
        refuse_unknown(whole, layers)
    return found
