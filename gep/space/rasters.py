"""Result rasters: written block by block to a temporary file, then made a Cloud Optimized GeoTIFF under their name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import rasterio
from rasterio.shutil import copy

from gep.space.blocks import TILE
from gep.space.files import said_plainly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from gep.space.grid import Grid, Window

COG = {
    "driver": "COG", "compress": "DEFLATE", "level": 1, "predictor": "YES", "blocksize": TILE, "bigtiff": "IF_SAFER",
    "overview_resampling": "average", "overview_compress": "DEFLATE",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What a raster is: its name without ending, the names of its bands, their unit, and its tags."""

    name: str
    bands: tuple[str, ...]
    unit: str
    tags: Mapping[str, str]


class ResultRasters:
    """Open rasters of one grid; leaving the block well makes them whole, leaving it otherwise leaves nothing."""

    def __init__(self, folder: Path, grid: Grid, kinds: Sequence[Kind], threads: int) -> None:
        self.folder, self.grid, self.kinds, self.threads = folder, grid, tuple(kinds), threads
        self.parts = [folder / f".{kind.name}.part.tif" for kind in self.kinds]
        self.done = [folder / f".{kind.name}.cog.tif" for kind in self.kinds]
        self.files: list[Any] = []

    @property
    def targets(self) -> list[Path]:
        """The files that will be there."""
        return [self.folder / f"{kind.name}.tif" for kind in self.kinds]

    def __enter__(self) -> Self:
        with said_plainly(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        grid = self.grid
        for kind, path in zip(self.kinds, self.parts, strict=True):
            with said_plainly(path):
                file = rasterio.open(
                    path, "w", driver="GTiff", width=grid.width, height=grid.height, count=len(kind.bands), dtype="float32",
                    crs=rasterio.crs.CRS.from_wkt(grid.crs), nodata=np.nan, tiled=True, blockxsize=TILE, blockysize=TILE,
                    transform=rasterio.Affine(grid.step_x, 0, grid.left, 0, grid.step_y, grid.top), interleave="band",
                    bigtiff="IF_SAFER", sparse_ok=True,
                )  # fmt: skip
                file.descriptions = tuple(name or kind.name for name in kind.bands)
                file.units = tuple(kind.unit for _ in kind.bands)
                file.update_tags(**kind.tags)
            self.files.append(file)
        return self

    def write(self, at: int, window: Window, bands: NDArray[np.float32]) -> None:
        """Write a block of one raster, shape (bands, rows, columns)."""
        with said_plainly(self.parts[at]):
            self.files[at].write(bands, window=window.slices)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            for file, path in zip(self.files, self.parts, strict=False):
                with said_plainly(path):
                    file.close()
            if error is None:
                for part, done in zip(self.parts, self.done, strict=True):
                    with said_plainly(done):
                        copy(str(part), str(done), num_threads=self.threads, **COG)
                    part.unlink()
                for done, target in zip(self.done, self.targets, strict=True):
                    done.replace(target)
        finally:
            for path in (*self.parts, *self.done):
                path.unlink(missing_ok=True)
