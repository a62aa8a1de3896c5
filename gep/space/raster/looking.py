"""A first look at a raster: the numbers that occur in some places of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.messages.problems import Problems
from gep.space.raster.grid import Window, split_windows
from gep.space.raster.sources import read_block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gep.space.raster.sources import Raster

PLACES = 16
"""A large raster is looked at in so many places, and at its end."""
PIXELS, TILE = 1 << 20, 512
"""Pixels of one place; rows of it, where tiles are not as wide as the raster."""
_SHORT = 2
"""Bytes of numbers that are marked in a table rather than sorted."""


def look_around(raster: Raster) -> Iterator[NDArray[Any]]:
    """Yield blocks of a raster as stored: all of a small one, else sixteen and the last.

    Blocks that cannot be read are left out: they are told where the run reads them.

    Raises
    ------
    Problems : not one of them can be read
    """
    refused: Problems | None = None
    seen = False
    for window in _choose_windows(raster):
        try:
            block = np.asarray(read_block(raster, window))
        except Problems as error:
            refused = refused or error
            continue
        seen = True
        yield block
    if refused is not None and not seen:
        raise refused


def sees_all_of(raster: Raster) -> bool:
    """Whether the first look reads every pixel of a raster."""
    return len(_choose_windows(raster)) >= len(_split(raster))


def look_at_all_of(raster: Raster) -> Iterator[NDArray[Any]]:
    """Yield all blocks of a raster as stored, but for those that cannot be read."""
    for window in _split(raster):
        with suppress(Problems):
            yield np.asarray(read_block(raster, window))


def _choose_windows(raster: Raster) -> list[Window]:
    every = _split(raster)
    return [*every[:: max(1, len(every) // PLACES)], every[-1]] if len(every) > 1 else every


def _split(raster: Raster) -> list[Window]:
    grid = raster.grid
    if raster.block[1] >= grid.width or grid.width * TILE <= PIXELS:
        rows, columns = max(1, min(grid.height, PIXELS // grid.width)), grid.width
    else:
        rows, columns = TILE, PIXELS // TILE
    return list(split_windows(grid, rows, columns))


def find_numbers(block: NDArray[Any]) -> NDArray[Any]:
    """Return the numbers that occur in a block, each once, in order."""
    if block.dtype.kind not in "iu" or block.dtype.itemsize > _SHORT:
        return np.unique(block)
    without_sign = np.dtype(f"u{block.dtype.itemsize}")
    seen = np.zeros(1 << (8 * block.dtype.itemsize), dtype=bool)
    seen[np.ascontiguousarray(block).view(without_sign).ravel()] = True
    return np.sort(np.flatnonzero(seen).astype(without_sign).view(block.dtype))
