"""Zonal sums of a block: area by zone and class, and area-weighted sums of drivers, chunk by chunk inside the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.space.grid import Window, pixel_areas
from gep.space.layers import UNKNOWN, Layers, to_classes
from gep.space.sources import problem
from gep.space.zones import ZoneBlock, Zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CHUNK = 1 << 16
"""Pixels computed at a time: their numbers stay in the processor's cache."""


@dataclass(frozen=True)
class ZonalTask:
    """What every block needs; sent to a worker once."""

    layers: Layers
    zones: Zones
    table: NDArray[np.int16]


@dataclass(frozen=True)
class ZonalSums:
    """Sums over pixels, shapes (zone, class + 1); the first class is land cover without data.

    Attributes
    ----------
    here    : the zones the sums are of
    area    : km²
    of_drivers : id → (area-weighted sum, area with data)
    unknown : stored value → km², of classes that are in no crosswalk
    """

    here: NDArray[np.int64]
    area: Floats
    of_drivers: dict[str, tuple[Floats, Floats]]
    unknown: dict[int, float]


def zonal_block(task: ZonalTask, window: Window) -> ZonalSums | None:
    """Return the sums of a block; None where no zone reaches into it."""
    block = task.zones.within(window)
    if not len(block.here):
        return None
    stored = task.layers.read_land(window)
    classes = to_classes(stored, task.table).ravel()
    areas = pixel_areas(task.layers.grid, window)
    drivers = {one.id: (one, one.read(window).ravel()) for one in task.layers.drivers}
    shape = (len(block.here) + 1, len(task.layers.crosswalk.classes) + 1)
    size = shape[0] * shape[1]
    area = np.zeros(size)
    of_drivers = {name: (np.zeros(size), np.zeros(size)) for name in drivers}
    unknown = unknown_classes(stored, classes, block, areas)
    for at, zone, weight in pieces(block, areas, window):
        key = (zone + 1) * shape[1] + np.maximum(classes[at], -1) + 1
        area += np.bincount(key, weights=weight, minlength=size)
        for name, (driver, numbers) in drivers.items():
            values = driver.values(numbers[at])
            known = ~np.isnan(values)
            if known.all():
                of_drivers[name][0][:] += np.bincount(key, weights=weight * values, minlength=size)
                of_drivers[name][1][:] += np.bincount(key, weights=weight, minlength=size)
            else:
                of_drivers[name][0][:] += np.bincount(key[known], weights=(weight * values)[known], minlength=size)
                of_drivers[name][1][:] += np.bincount(key[known], weights=weight[known], minlength=size)
    return ZonalSums(
        block.here, area.reshape(shape)[1:],
        {name: (one.reshape(shape)[1:], two.reshape(shape)[1:]) for name, (one, two) in of_drivers.items()}, unknown,
    )  # fmt: skip


def pieces(
    block: ZoneBlock, areas: Floats, window: Window
) -> Iterator[tuple[slice | NDArray[np.int64], NDArray[np.int64], Floats]]:
    """Yield a block in chunks: which pixels, their zones, the area that counts; border pixels last, once a zone they lie in."""
    inside = block.inside()
    rows = max(1, CHUNK // window.columns)
    for row in range(0, window.rows, rows):
        count = min(rows, window.rows - row)
        at = slice(row * window.columns, (row + count) * window.columns)
        yield at, inside[at].astype(np.int64), np.broadcast_to(areas[row : row + count], (count, window.columns)).ravel()
    flat = np.broadcast_to(areas, (window.rows, window.columns))
    for start in range(0, len(block.at), CHUNK):
        some = slice(start, start + CHUNK)
        at_border = block.at[some]
        yield at_border, block.zone[some], flat[np.divmod(at_border, window.columns)] * block.share[some]


def unknown_classes(
    stored: NDArray[np.generic], classes: NDArray[np.int16], block: ZoneBlock, areas: Floats
) -> dict[int, float]:  # fmt: skip
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
    """Return the sums of all blocks.

    Raises
    ------
    Problems : classes that are in no crosswalk, with their areas
    """
    shape = (len(task.zones.codes), len(task.layers.crosswalk.classes) + 1)
    area = np.zeros(shape)
    of_drivers = {one.id: (np.zeros(shape), np.zeros(shape)) for one in task.layers.drivers}
    unknown: dict[int, float] = {}
    for result in results:
        if result is None:
            continue
        area[result.here] += result.area
        for name, (one, two) in result.of_drivers.items():
            of_drivers[name][0][result.here] += one
            of_drivers[name][1][result.here] += two
        for value, found in result.unknown.items():
            unknown[value] = unknown.get(value, 0.0) + found
    refuse_unknown(unknown, task.layers)
    return ZonalSums(np.arange(shape[0]), area, of_drivers, {})


def refuse_unknown(unknown: dict[int, float], layers: Layers) -> None:
    """Raise the problem of classes that are in no crosswalk."""
    if not unknown:
        return
    listed = "; ".join(f"class {value}: {area:,.4f} km²" for value, area in sorted(unknown.items())[:20])
    raise problem(
        layers.land.path, f"{len(unknown)} classes have no row in {layers.crosswalk.file}: {listed}", "a row for every class",
        "add rows to a crosswalk of your own (--classes FILE.csv); the ecosystem unclassified keeps land that no service counts",
    )  # fmt: skip
