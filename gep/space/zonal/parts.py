"""Pixels that polygons of second layers divide, part by part: a wetland smaller than a pixel counts its true area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.space.shapes.class_polygons import PaintedClasses, cut_classes
from gep.space.shapes.coverage import count_up
from gep.space.zonal.splitting import DividedLand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gep.space.raster.grid import Window
    from gep.space.raster.sources import Raster
    from gep.space.shapes.class_polygons import CutClasses
    from gep.space.shapes.zones import ZoneBlock, Zones

    Whole = NDArray[np.int64]
    Cut = tuple[CutClasses | None, ...]

LEAST = 1e-9
"""Share of a pixel below which nothing is left of it."""


@dataclass(frozen=True)
class Parts:
    """Parts of pixels in zones, of which each land cover has one class.

    Attributes
    ----------
    at    : pixel, as position in the flat block
    zone  : position in the block's zones
    codes : classes as stored, shape (parts, land covers)
    share : of the pixel
    """

    at: Whole
    zone: Whole
    codes: NDArray[np.int32]
    share: NDArray[np.float64]

    def join(self, other: Parts) -> Parts:
        """Return both."""
        return Parts(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in self.__dataclass_fields__))

    def keys(self, block: ZoneBlock) -> Whole:
        """Return a number for each pixel in each zone."""
        return self.at * len(block.here) + self.zone


def make_no_parts(lands: int = 1) -> Parts:
    """Return no parts of some land covers."""
    none = np.zeros(0, dtype=np.int64)
    return Parts(none, none, np.zeros((0, lands), dtype=np.int32), np.zeros(0))


def cut_second_layers(lands: Sequence[Raster], zones: Zones) -> Cut:
    """Return the second layers of land covers on one grid in their order, polygons cut where zones end; None where no land cover has polygons.

    Parameters
    ----------
    lands : one, or those of two years
    """
    if not (most := max(map(_count_layers, lands))):
        return ()
    here = [one.second if isinstance(one, DividedLand) and _count_layers(one) == most else None for one in lands]
    painted = [one if isinstance(one, PaintedClasses) else None for one in here]
    return (*cut_second_layers([_go_down(one, most) for one in lands], zones), cut_classes(painted, zones))


def _count_layers(land: Raster) -> int:
    return 1 + _count_layers(land.first) if isinstance(land, DividedLand) else 0


def _go_down(land: Raster, layers: int) -> Raster:
    """Return what the last of some second layers divides; land cover of fewer layers as it is."""
    return land.first if isinstance(land, DividedLand) and _count_layers(land) == layers else land


def read_parts(lands: Sequence[Raster], window: Window, block: ZoneBlock, cut: Cut) -> Parts:
    """Return the pixels of a block that polygons of second layers divide, part by part; no pixel that one class has whole.

    Where two layers of one land cover divide the same part of a pixel, the shares of the later are taken of the parts of the earlier.

    Parameters
    ----------
    lands : land covers on one grid
    cut   : their second layers, as `cut_second_layers` gives them
    """
    if not any(cut):
        return make_no_parts(len(lands))
    below = [_go_down(one, len(cut)) for one in lands]
    before = read_parts(below, window, block, cut[:-1])
    pieces = cut[-1]
    measured = None if pieces is None else pieces.measure(window, block.here)
    if not len(before.at) and (measured is None or not len(measured[0])):
        return before
    at, zone, to, share = measured or (before.at[:0], before.zone[:0], np.zeros((0, len(lands)), np.int16), before.share[:0])
    stored = np.column_stack([np.asarray(one.read(window)).ravel().astype(np.int32) for one in below])
    rows = before.join(take_whole(block, np.setdiff1d(at, before.at), stored))
    _, of_key = np.unique(rows.keys(block), return_inverse=True)
    row, piece = pair_up(rows.keys(block), at * len(block.here) + zone)
    codes, left = rows.codes[row], rows.codes.copy()
    alone = np.isin(rows.at, at, invert=True)
    for year, (one, first) in enumerate(zip(lands, below, strict=True)):
        if one is first or not isinstance(one, DividedLand):
            continue
        if isinstance(one.second, PaintedClasses):
            codes[:, year] = one.narrow(codes[:, year], to[piece, year])
            if alone.any():  # pixels that an earlier layer divides, and this one does not: one class of it, or none
                left[alone, year] = one.narrow(left[alone, year], one.read_second(window).ravel()[rows.at[alone]])
        else:
            second = one.read_second(window).ravel()
            codes[:, year] = one.narrow(codes[:, year], second[rows.at[row]])
            left[:, year] = one.narrow(left[:, year], second[rows.at])
    narrower = (codes != left[row]).any(axis=1)
    row, piece, codes = row[narrower], piece[narrower], codes[narrower]
    whole = np.bincount(of_key, weights=rows.share)[of_key]
    part = rows.share[row] * np.minimum(share[piece] / whole[row], 1.0)
    rest = rows.share - np.bincount(row, weights=part, minlength=len(rows.at))
    stays = np.isin(rows.at, np.concatenate([before.at, rows.at[row]])) & (rest > LEAST)
    parts = Parts(rows.at[row], rows.zone[row], codes, part)
    return parts.join(Parts(rows.at[stays], rows.zone[stays], left[stays], rest[stays]))


def take_whole(block: ZoneBlock, pixels: Whole, stored: NDArray[np.int32]) -> Parts:
    """Return pixels as they are: one part a zone.

    Parameters
    ----------
    stored : classes, shape (pixels of the block, land covers)
    """
    wanted = np.zeros(len(stored), dtype=bool)
    wanted[pixels] = True
    inside = block.inside()[pixels]
    pixels, inside = pixels[inside >= 0], inside[inside >= 0]
    shared = wanted[block.at]
    at = np.concatenate([pixels, block.at[shared]])
    zone = np.concatenate([inside.astype(np.int64), block.zone[shared]])
    return Parts(at, zone, stored[at], np.concatenate([np.ones(len(pixels)), block.share[shared]]))


def pair_up(one: Whole, other: Whole) -> tuple[Whole, Whole]:
    """Return the positions of all pairs of equal keys."""
    order = np.argsort(other, kind="stable")
    first, last = (np.searchsorted(other[order], one, side) for side in ("left", "right"))
    times = last - first
    return np.repeat(np.arange(len(one)), times), order[np.repeat(first, times) + count_up(times)]
