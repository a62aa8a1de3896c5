"""A map run: every block read once, the rules evaluated on its pixels, zones summed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.space.drivers.layers import UNKNOWN
from gep.space.shapes.zones import NO_ZONE
from gep.space.zonal.sums import Summing, ZonalSums, ZonalTask, read_layers, split_pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.space.maps.pixels import PixelRules
    from gep.space.raster.grid import Window
    from gep.space.zonal.sums import ReadBlock

    Floats = NDArray[np.float64]

NO_TYPE = -1


@dataclass(frozen=True)
class MapTask:
    """The input of every block: layers and zones, the rules, and the ecosystem type of each class."""

    zonal: ZonalTask
    rules: PixelRules
    types: NDArray[np.int16]
    """Class position + 2 → position among the rules' ecosystem types, NO_TYPE for land that no service counts."""


@dataclass(frozen=True)
class MapBlock:
    """The result of a block.

    Attributes
    ----------
    cells : for each layer, floats of shape (bands, rows, columns); NaN where nothing counts or a figure is missing
    densities : the same over km²
    sums  : areas and drivers by zone and class
    of_layers : for each layer, floats of shape (zones here, bands): the sum of its pixels
    lacking : for each layer, floats of the same shape: km² that count but have no result
    counted : for each layer and zone here, km² that count
    """

    window: Window
    cells: tuple[NDArray[np.float32], ...]
    densities: tuple[NDArray[np.float32], ...]
    sums: ZonalSums
    of_layers: tuple[Floats, ...]
    lacking: tuple[Floats, ...]
    counted: Floats


def map_block(task: MapTask, window: Window) -> MapBlock | None:
    """Return the layers of a block and its sums; None where no zone reaches into it."""
    block = task.zonal.zones.within(window)
    if not len(block.here):
        return None
    read = read_layers(task.zonal, block, window, task.zonal.read_parts(block, window))
    label = block.label.ravel()
    layers = task.rules.layers
    cells = tuple(np.full((len(layer.bands), window.rows * window.columns), np.nan, dtype=np.float32) for layer in layers)
    sums = Summing(block, task.zonal)
    zones = len(block.here)
    of_layers = tuple(np.zeros((zones, len(layer.bands))) for layer in layers)
    lacking = tuple(np.zeros_like(one) for one in of_layers)
    counted = np.zeros((len(layers), zones))
    mixed = [_MixedPixels(read, len(layer.bands)) for layer in layers] if read.mixed < len(read.parts.at) else []
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for piece in split_pieces(read):
            sums.add(piece)
            place = _Places(piece.zone, zones)
            types = task.types[piece.classes + 2]
            outside = types < 0
            if place.only is not None:
                zone = block.here[place.only : place.only + 1]
            else:
                here = piece.zone if piece.at is None else label[piece.at]
                zone = block.here[np.maximum(here, 0)]
                outside |= here < 0
            np.maximum(types, 0, out=types)
            found = task.rules.evaluate(zone, types, piece.area, piece.drivers)
            of_service: dict[str, tuple[NDArray[np.bool_], Floats, Floats]] = {}
            for at, (layer, values) in enumerate(zip(layers, found, strict=True)):
                if layer.service not in of_service:
                    counts = layer.counted[types] & ~outside
                    if not layer.applies.all():
                        counts &= layer.applies[zone]
                    area = np.where(counts, piece.area, 0.0)
                    of_service[layer.service] = counts, area, place.sum(area)
                counts, area, whole = of_service[layer.service]
                counted[at] += whole
                _add(values, counts, area, place, of_layers[at], lacking[at])
                if piece.at is not None:
                    for band in range(values.shape[1]):
                        np.copyto(cells[at][band, piece.at], values[:, band], where=counts, casting="same_kind")
                elif piece.mixed is not None:
                    mixed[at].add(piece.mixed, values, counts)
    for one, band_cells in zip(mixed, cells, strict=False):
        one.put(band_cells, label)
    shaped = tuple(one.reshape(-1, window.rows, window.columns) for one in cells)
    over_area = (1 / read.areas).astype(np.float32)
    densities = tuple(one * over_area for one in shaped)
    return MapBlock(window, shaped, densities, sums.result(read.unknown), of_layers, lacking, counted)


class _MixedPixels:
    """The cells of a layer where a pixel has several classes: what its parts come to together."""

    def __init__(self, read: ReadBlock, bands: int) -> None:
        self.pixels, place = np.unique(read.parts.at[read.mixed :], return_inverse=True)
        self.share = np.bincount(place, weights=read.parts.share[read.mixed :])
        self.values = np.zeros((bands, len(self.pixels)))
        self.counts = np.zeros(len(self.pixels), dtype=bool)

    def add(self, pixels: NDArray[np.int64], values: Floats, counts: NDArray[np.bool_]) -> None:
        """Add the values of parts that count."""
        place = np.searchsorted(self.pixels, pixels[counts])
        self.counts[place] = True
        for band, of_band in enumerate(self.values):
            np.add.at(of_band, place, values[counts, band])

    def put(self, cells: NDArray[np.float32], label: NDArray[np.int16]) -> None:
        """Write the pixels into the cells of a block: as any other, whole where its centre lies in a zone, though parts may lie in none."""
        has = self.counts & (label[self.pixels] >= 0)
        cells[:, self.pixels] = np.where(has, self.values / self.share, np.nan)


class _Places:
    """Adds numbers of pixels by the zone they lie in; most chunks lie in one."""

    def __init__(self, zone: NDArray[np.int16], zones: int) -> None:
        self.zones = zones
        first, last = int(zone.min(initial=zones)), int(zone.max(initial=NO_ZONE))
        self.empty = last == NO_ZONE
        self.only = None if self.empty or first != last else first
        self.keys = None if self.only is not None or self.empty else zone.astype(np.int64) + 1

    def sum(self, values: Floats) -> Floats:
        """Return the sum in each zone."""
        found = np.zeros(self.zones)
        if self.keys is not None:
            return np.asarray(np.bincount(self.keys, weights=values, minlength=self.zones + 1)[1:], dtype=np.float64)
        if not self.empty:
            found[self.only] = values.sum()
        return found


def _add(values: Floats, counts: NDArray[np.bool_], area: Floats, place: _Places, sums: Floats, lacking: Floats) -> None:
    """Add the values of pixels that count to the sums of their zones; one without a value adds to what is lacking."""
    if place.empty:
        return
    for band in range(values.shape[1]):
        taken = np.where(counts, values[:, band], 0.0)
        added = place.sum(taken)
        if np.isnan(added).any():
            unknown = np.isnan(taken)
            taken[unknown] = 0.0
            added = place.sum(taken)
            lacking[:, band] += place.sum(np.where(unknown, area, 0.0))
        sums[:, band] += added


def map_classes_to_types(task: ZonalTask, rules: PixelRules) -> NDArray[np.int16]:
    """Return the table from a class's position + 2 to the position of its ecosystem type."""
    position = {name: at for at, name in enumerate(rules.ecosystems)}
    found = np.full(len(task.layers.crosswalk.classes) - UNKNOWN, NO_TYPE, dtype=np.int16)
    for at, one in enumerate(task.layers.crosswalk.classes):
        found[at - UNKNOWN] = position.get(one.ecosystem, NO_TYPE)
    return found
