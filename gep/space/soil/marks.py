"""Rasters that mark pixels of a terrain with 1: ditches that water runs into at once, barriers that stop a slope length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.messages.texts import say
from gep.space.raster.grid import Window
from gep.space.raster.sources import describe_wrong_file, read_block

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.space.raster.sources import Raster

    Flags = NDArray[np.bool_]


def read_marks(raster: Raster, meaning: str) -> tuple[Flags, Flags]:
    """Return the pixels of 1, and those of which the raster knows nothing.

    Parameters
    ----------
    meaning : what 1 says of a pixel, for messages

    Raises
    ------
    Problems : a pixel is neither 0 nor 1
    """
    stored = np.asarray(read_block(raster, Window(0, 0, raster.grid.height, raster.grid.width)))
    lacking = np.zeros(stored.shape, dtype=bool) if raster.nodata is None else stored == raster.nodata
    if np.issubdtype(stored.dtype, np.floating):
        lacking |= np.isnan(stored)
    others = set(np.unique(stored[~lacking]).tolist()) - {0, 1}
    if others:
        raise describe_wrong_file(raster.path, say("a pixel is {value:.6g}", value=min(others)), meaning)
    return (stored == 1) & ~lacking, lacking
