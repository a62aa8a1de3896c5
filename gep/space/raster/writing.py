"""Result rasters: written block by block to a temporary file, then made a Cloud Optimized GeoTIFF under their name."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.shutil import copy

from gep.files.writing import describe_unwritable, explain_cause, write_whole
from gep.space.raster.blocks import TILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from gep.space.raster.grid import Grid, Window

COG = {
    "driver": "COG",
    "compress": "DEFLATE",
    "level": 1,
    "predictor": "YES",
    "blocksize": TILE,
    "bigtiff": "IF_SAFER",
    "overview_resampling": "average",
    "overview_compress": "DEFLATE",
}
WHAT = "raster"
SPARE = 1 << 20
"""Bytes: a disk with less room is full."""


@dataclass(frozen=True)
class Kind:
    """The description of a raster to be written: its name without ending, the names of its bands, their unit, and its tags."""

    name: str
    bands: tuple[str, ...]
    unit: str
    tags: Mapping[str, str]
    overviews: str = "average"
    """How pixels become those of coarser views: `nearest` for codes."""


class ResultRasters:
    """Open rasters of one grid; leaving the block well makes them whole, leaving it otherwise leaves nothing."""

    def __init__(self, folder: Path, grid: Grid, kinds: Sequence[Kind], threads: int) -> None:
        self.grid, self.kinds, self.threads = grid, tuple(kinds), threads
        self.targets = [folder / f"{kind.name}.tif" for kind in self.kinds]
        self.done: list[Path] = []
        self.parts: list[Path] = []
        self.files: list[Any] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._remove_parts)
            for kind, target in zip(self.kinds, self.targets, strict=True):
                done = stack.enter_context(write_whole(target, WHAT, to_disk=False))
                part = done.with_suffix(".raw.tif")
                self.done.append(done)
                self.parts.append(part)
                with _said_plainly(target):
                    self.files.append(self._opened(kind, part))
            self.stack = stack.pop_all()
        return self

    def _opened(self, kind: Kind, path: Path) -> Any:
        grid = self.grid
        file = rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=grid.width,
            height=grid.height,
            count=len(kind.bands),
            dtype="float32",
            crs=rasterio.crs.CRS.from_wkt(grid.crs),
            nodata=np.nan,
            tiled=True,
            blockxsize=TILE,
            blockysize=TILE,
            transform=rasterio.Affine(grid.step_x, 0, grid.left, 0, grid.step_y, grid.top),
            interleave="band",
            bigtiff="IF_SAFER",
            sparse_ok=True,
        )
        file.descriptions = tuple(name or kind.name for name in kind.bands)
        file.units = tuple(kind.unit for _ in kind.bands)
        file.update_tags(**kind.tags)
        return file

    def write(self, at: int, window: Window, bands: NDArray[np.float32]) -> None:
        """Write a block of one raster.

        Parameters
        ----------
        at    : which of the rasters
        bands : shape (bands, rows, columns), in the raster's unit

        Raises
        ------
        Problems : the disk is full, or the file cannot be written
        """
        with _said_plainly(self.targets[at]):
            self.files[at].write(bands, window=window.slices)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            self.stack.__exit__(kind, error, trace)
            return
        with self.stack:
            for kind_of, file, part, done, target in zip(
                self.kinds, self.files, self.parts, self.done, self.targets, strict=True
            ):
                with _said_plainly(target):
                    file.close()
                    copy(str(part), str(done), num_threads=self.threads, **{**COG, "overview_resampling": kind_of.overviews})
                part.unlink()

    def _remove_parts(self) -> None:
        for file, part in zip_longest(self.files, self.parts):
            with suppress(OSError, RasterioError):
                if file is not None:
                    file.close()
            part.unlink(missing_ok=True)


@contextmanager
def _said_plainly(target: Path) -> Iterator[None]:
    """Turn a failure to write into the problem of a raster; rasterio does not say that a disk is full."""
    try:
        yield
    except (OSError, RasterioError) as error:
        full = shutil.disk_usage(target.parent).free < SPARE
        why = os.strerror(errno.ENOSPC) if full else explain_cause(error)
        raise describe_unwritable(target, WHAT, why) from None
