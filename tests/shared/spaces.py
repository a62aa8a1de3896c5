"""Small invented landscapes with known answers, written as real files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio import Affine

ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=WGS84 +units=m"
"""Equal-area: a pixel of 1000 m is 1 km²."""


def write_raster(
    path: Path,
    cells: NDArray[Any],
    *,
    left: float = 0.0,
    top: float = 0.0,
    step: float = 1000.0,
    crs: str | None = ALBERS,
    nodata: float | None = None,
    unit: str = "",
    **more: Any,
) -> Path:
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=cells.shape[0],
        width=cells.shape[1],
        count=1,
        dtype=cells.dtype,
        crs=crs,
        transform=Affine(step, 0, left, 0, -step, top),
        nodata=nodata,
        **more,
    ) as file:
        file.write(cells, 1)
        if unit:
            file.units = (unit,)
    return path


def write_days(path: Path, days: NDArray[np.float32], unit: str = "mm") -> Path:
    """A raster with a band a day."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=days.shape[1],
        width=days.shape[2],
        count=len(days),
        dtype="float32",
        crs=ALBERS,
        transform=Affine(1000, 0, 0, 0, -1000, 0),
        nodata=-9999,
    ) as file:
        file.write(days)
        file.units = (unit,) * len(days)
    return path


def write_zones(path: Path, zones: dict[str, shapely.Geometry], crs: str | None = ALBERS, field: str = "adcode") -> Path:
    shapes = np.array(list(zones.values()), dtype=object)
    driver = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON"}[path.suffix]
    kinds = {shape.geom_type for shape in zones.values()}
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(shapes),
        [np.array(list(zones), dtype=object)],
        [field],
        geometry_type="Polygon" if kinds == {"Polygon"} else "MultiPolygon" if "MultiPolygon" in kinds else kinds.pop(),
        crs=crs,
        driver=driver,
        promote_to_multi="MultiPolygon" in kinds,
    )
    return path


def write_crosswalk(path: Path, classes: Mapping[int, str]) -> Path:
    path.write_text("code,ecosystem\n" + "".join(f"{code},{name}\n" for code, name in classes.items()), "utf-8")
    return path
