"""Zonal sums of a block: area by zone and class, and area-weighted sums of drivers, chunk by chunk inside the cache."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gep.messages.texts import Joined, say
from gep.space.drivers.layers import NODATA, UNKNOWN, Layers, classify_pixels
from gep.space.raster.background import ask_about_background
from gep.space.raster.fills import doubt_zeros
from gep.space.raster.grid import Window, measure_pixel_areas
from gep.space.raster.sources import describe_wrong_file
from gep.space.shapes.zones import NO_ZONE
from gep.space.zonal.class_runs import sum_class_runs
from gep.space.zonal.parts import Parts, cut_second_layers, read_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from gep.space.drivers.reading import Driver
    from gep.space.shapes.zones import ZoneBlock, Zones
    from gep.space.zonal.parts import Cut

    Floats = NDArray[np.float64]

CHUNK = 1 << 16
"""Pixels computed at a time: their numbers stay in the processor's cache."""


@dataclass(frozen=True)
class ZonalTask:
    """The input of every block; sent to a worker once."""

    layers: Layers
    zones: Zones
    table: NDArray[np.int16]

    def read_parts(self, block: ZoneBlock, window: Window) -> Parts:
        """Return the pixels of a block that polygons of second layers divide, part by part."""
        return read_parts([self.layers.land], window, block, self._cut)

    @cached_property
    def _cut(self) -> Cut:
        return cut_second_layers([self.layers.land], self.zones)


@dataclass(frozen=True)
class ZonalSums:
    """Sums over pixels, shapes (zone, class + 1); the first class is land cover without data.

    Attributes
    ----------
    here    : the zones the sums are of
    area    : km²
    of_drivers : id → (area-weighted sum, area with data)
    unknown : stored value → km², of classes that are in no crosswalk
    zeros   : ids of drivers that are 0 somewhere though nothing of it is 0 anywhere
    """

    here: NDArray[np.int64]
    area: Floats
    of_drivers: dict[str, tuple[Floats, Floats]]
    unknown: dict[int, float]
    zeros: frozenset[str] = frozenset()

    @property
    def of_classes(self) -> Floats:
        """Area of each class in all zones, km², without land that has no data."""
        return np.asarray(self.area.sum(axis=0)[1:])


def sum_block(task: ZonalTask, window: Window) -> ZonalSums | None:
    """Return the sums of a block; None where no zone reaches into it."""
    block = task.zones.within(window)
    if not len(block.here):
        return None
    parts = task.read_parts(block, window)
    if not task.layers.drivers and not len(parts.at) and (found := _sum_runs(task, block, window)) is not None:
        return found
    read = read_layers(task, block, window, parts)
    sums = Summing(block, task)
    for piece in split_pieces(read):
        sums.add(piece)
    return sums.result(read.unknown)


def _sum_runs(task: ZonalTask, block: ZoneBlock, window: Window) -> ZonalSums | None:
    """Return the areas of a block; None where its classes change too often to be added run by run."""
    land, count = task.layers.land, len(task.layers.crosswalk.classes)
    areas = measure_pixel_areas(task.layers.grid, window)
    found = sum_class_runs(block, task.layers.read_land(window), task.table, land.nodata, areas, count)
    return None if found is None else ZonalSums(block.here, found[0], {}, found[1])


@dataclass(frozen=True)
class ReadBlock:
    """A block as read: flat classes, stored numbers of the drivers, areas of pixels, its zones.

    Attributes
    ----------
    inside  : flat labels of pixels that one zone and one class have whole, NO_ZONE elsewhere
    parts   : of pixels that zones share, or classes of second layers; of the former only those before `mixed`
    classes_of_parts : as `classes`
    """

    window: Window
    inside: NDArray[np.int16]
    parts: Parts
    classes_of_parts: NDArray[np.int16]
    mixed: int
    classes: NDArray[np.int16]
    areas: Floats
    drivers: tuple[tuple[Driver, NDArray[np.generic]], ...]
    unknown: dict[int, float]


@dataclass(frozen=True)
class Piece:
    """Some pixels of a block.

    Attributes
    ----------
    at      : which, in the flat block; None for parts of pixels, on a border or where second layers divide them
    mixed   : where second layers divide them, the pixel that each is a part of, else None
    zone    : position in the block's zones, NO_ZONE outside and (but for border pieces) on a border
    area    : km² that counts for the zone
    drivers : id → values in the driver's unit
    """

    at: slice | None
    mixed: NDArray[np.int64] | None
    zone: NDArray[np.int16]
    classes: NDArray[np.int16]
    area: Floats
    drivers: dict[str, Floats]


def read_layers(task: ZonalTask, block: ZoneBlock, window: Window, divided: Parts) -> ReadBlock:
    """Return a block of all layers.

    Parameters
    ----------
    divided : as `ZonalTask.read_parts` gives them
    """
    stored = task.layers.read_land(window)
    nodata = task.layers.land.nodata
    classes = classify_pixels(stored, task.table, nodata).ravel()
    areas = measure_pixel_areas(task.layers.grid, window)
    drivers = tuple((one, one.read(window).ravel()) for one in task.layers.drivers)
    unknown = find_unknown_classes(stored, classes, block, areas)
    inside, at, zone, share = block.inside(), block.at, block.zone, block.share
    if len(divided.at):
        inside[divided.at] = NO_ZONE
        kept = np.isin(at, divided.at, invert=True)
        at, zone, share = at[kept], zone[kept], share[kept]
    parts = Parts(at, zone, np.zeros((len(at), 1), dtype=np.int32), share).join(divided)
    of_parts = np.concatenate([classes[at], classify_pixels(divided.codes[:, 0], task.table, nodata)])
    return ReadBlock(window, inside, parts, of_parts, len(at), classes, areas, drivers, unknown)


class Summing:
    """Adds up areas and drivers of a block, piece by piece."""

    def __init__(self, block: ZoneBlock, task: ZonalTask) -> None:
        self.here = block.here
        self.shape = (len(block.here) + 1, len(task.layers.crosswalk.classes) + 1)
        size = self.shape[0] * self.shape[1]
        self.area = np.zeros(size)
        self.of_drivers = {one.id: (np.zeros(size), np.zeros(size)) for one in task.layers.drivers}
        self.never_zero = {one.id for one in task.layers.drivers if one.zeros}
        self.zeros: set[str] = set()

    def add(self, piece: Piece) -> None:
        """Add some pixels."""
        size = len(self.area)
        key = np.multiply(piece.zone, self.shape[1], dtype=np.int64)
        key += np.maximum(piece.classes, NODATA)
        key += self.shape[1] + 1  # the first row is NO_ZONE, the first class NODATA
        areas = np.bincount(key, weights=piece.area, minlength=size)
        self.area += areas
        for name, values in piece.drivers.items():
            if name in self.never_zero and not values.all():
                self.zeros.add(name)
            weighted, known = self.of_drivers[name]
            product = piece.area * values
            added = np.bincount(key, weights=product, minlength=size)
            if np.isnan(added).any():
                has = ~np.isnan(product)
                weighted += np.bincount(key[has], weights=product[has], minlength=size)
                known += np.bincount(key[has], weights=piece.area[has], minlength=size)
            else:
                weighted += added
                known += areas

    def result(self, unknown: dict[int, float]) -> ZonalSums:
        """Return the sums."""
        of_drivers = {
            name: (one.reshape(self.shape)[1:], two.reshape(self.shape)[1:]) for name, (one, two) in self.of_drivers.items()
        }
        return ZonalSums(self.here, self.area.reshape(self.shape)[1:], of_drivers, unknown, frozenset(self.zeros))


def split_pieces(read: ReadBlock) -> Iterator[Piece]:
    """Yield a block in chunks that fit the cache, rows whole; then parts of pixels."""
    window, inside = read.window, read.inside
    rows = max(1, CHUNK // window.columns)
    for row in range(0, window.rows, rows):
        count = min(rows, window.rows - row)
        at = slice(row * window.columns, (row + count) * window.columns)
        area = np.broadcast_to(read.areas[row : row + count], (count, window.columns)).ravel()
        drivers = {one.id: one.values(numbers[at]) for one, numbers in read.drivers}
        yield Piece(at, None, inside[at], read.classes[at], area, drivers)
    flat, parts = np.broadcast_to(read.areas, (window.rows, window.columns)), read.parts
    for first, last, is_mixed in ((0, read.mixed, False), (read.mixed, len(parts.at), True)):
        for start in range(first, last, CHUNK):
            some = slice(start, min(start + CHUNK, last))
            pixel = parts.at[some]
            area = flat[np.divmod(pixel, window.columns)] * parts.share[some]
            drivers = {one.id: one.values(numbers[pixel]) for one, numbers in read.drivers}
            mixed = pixel if is_mixed else None
            yield Piece(None, mixed, parts.zone[some].astype(np.int16), read.classes_of_parts[some], area, drivers)


def find_unknown_classes(
    stored: NDArray[np.generic], classes: NDArray[np.int16], block: ZoneBlock, areas: Floats
) -> dict[int, float]:
    """Return the classes in the zones that no crosswalk has, and their areas in km²."""
    wrong = classes == UNKNOWN
    if not wrong.any():
        return {}
    share = (block.inside() >= 0).astype(np.float64)
    np.add.at(share, block.at, block.share)
    weights = (share.reshape(stored.shape) * areas).ravel()
    values, places = np.unique(stored.ravel()[wrong], return_inverse=True)
    found = np.bincount(places, weights=weights[wrong])
    return {int(value): float(area) for value, area in zip(values, found, strict=True) if area > 0}


def add_up(results: Iterable[ZonalSums | None], task: ZonalTask) -> ZonalSums:
    """Return the sums of all blocks, areas in km².

    Raises
    ------
    Problems : classes that are in no crosswalk, with their areas
    """
    shape = (len(task.zones.codes), len(task.layers.crosswalk.classes) + 1)
    area = np.zeros(shape)
    of_drivers = {one.id: (np.zeros(shape), np.zeros(shape)) for one in task.layers.drivers}
    unknown: dict[int, float] = {}
    zeros: set[str] = set()
    for result in results:
        if result is None:
            continue
        zeros |= result.zeros
        area[result.here] += result.area
        for name, (one, two) in result.of_drivers.items():
            of_drivers[name][0][result.here] += one
            of_drivers[name][1][result.here] += two
        for value, found in result.unknown.items():
            unknown[value] = unknown.get(value, 0.0) + found
    refuse_unknown(unknown, task.layers)
    return ZonalSums(np.arange(shape[0]), area, of_drivers, {}, frozenset(zeros))


def describe_drivers(layers: Layers, sums: ZonalSums) -> list[str]:
    """Return what a run reports of each driver at its end, with what only the run itself saw."""
    return [(replace(one, doubt=one.doubt or doubt_zeros()) if one.id in sums.zeros else one).told for one in layers.drivers]


def refuse_unknown(unknown: dict[int, float], layers: Layers) -> None:
    """Refuse land-cover classes that are in no crosswalk.

    Parameters
    ----------
    unknown : stored value of the raster → km²

    Raises
    ------
    Problems : there is any, with the areas of the first 20
    """
    if not unknown:
        return
    classes = Joined(
        (say("class {code}: {area:,.4f} km²", code=code, area=area) for code, area in sorted(unknown.items())[:20]), "; ", "；"
    )
    raise describe_wrong_file(
        layers.land.path,
        say("{count} classes have no row in {file}: {classes}", count=len(unknown), file=layers.crosswalk.file, classes=classes),
        "a row for every class",
        ask_about_background(layers.land, set(unknown))
        or "add rows to a crosswalk of your own (--classes FILE.csv); the ecosystem unclassified keeps land that no service counts",
    )
