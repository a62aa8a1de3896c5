"""Opens files that are handed in as rasters or polygons, and nothing beyond them: no address of the network, no other file.

A file may be a list of other files under any name (a VRT in `land_cover.tif`), local ones or such of the network. So GDAL may
try only the formats named here, none of which stands for other files, and its reader of the network is shut; polygons, whose
reader cannot be told so, are looked at first.
"""

from __future__ import annotations

import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import rasterio
from rasterio._path import _UnparsedPath
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import DatasetReader

from gep.files.zipped import DAMAGED
from gep.space.raster.grid import CHANGING_WARNINGS

if TYPE_CHECKING:
    from pathlib import Path

RASTERS = [
    "GTiff",
    "HFA",
    "AAIGrid",
    "netCDF",
    "HDF5",
    "HDF5Image",
    "HDF4",
    "HDF4Image",
    "ENVI",
    "EHdr",
    "SRTMHGT",
    "GPKG",
    "PNG",
    "JPEG",
]
"""Formats of rasters that are read."""
SHUT = {"CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".nothing", "GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_MAX_RETRY": "0"}
"""What shuts the network, for overviews that a file beside a raster may name."""
_STARTS = (b"{", b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"fgb\x03")
"""How files of polygons begin: GeoJSON, GeoPackage, Shapefile, FlatGeobuf."""
_ZIP = b"PK\x03\x04"
_VECTORS = (".geojson", ".json", ".shp", ".gpkg", ".fgb")
GEODATABASE = ".gdb"
"""Ending of the folder that an Esri geodatabase is."""
LARGEST_PLAIN = 4096
"""Bytes that are looked at."""


def open_confined(path: Path | str) -> Any:
    """Return an open raster file.

    Raises
    ------
    rasterio.errors.RasterioError : it is in none of the formats that are read
    """
    with rasterio.Env(**SHUT), CHANGING_WARNINGS, warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", NotGeoreferencedWarning
        )  # containers lie nowhere, their variables do; the rest is refused
        return DatasetReader(_UnparsedPath(str(path)), driver=RASTERS)  # rasterio.open takes one driver only


def is_of_polygons(path: Path) -> bool:
    """Whether a file is in one of the formats of polygons that stand for no other files, zipped or not.

    Raises
    ------
    OSError : it cannot be read
    """
    if path.is_dir():
        return path.suffix.lower() == GEODATABASE and (path / "a00000001.gdbtable").is_file()
    with path.open("rb") as file:
        start = file.read(LARGEST_PLAIN)
    if not start.startswith(_ZIP):
        return _begins_right(start)
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
            return all(_is_plain_member(archive, name) for name in names if not name.endswith("/"))
    except DAMAGED:
        return False


def _is_plain_member(archive: zipfile.ZipFile, name: str) -> bool:
    if not name.lower().endswith(_VECTORS):
        with archive.open(name) as file:
            return b"VRT" not in file.read(LARGEST_PLAIN)
    with archive.open(name) as file:
        return _begins_right(file.read(LARGEST_PLAIN))


def _begins_right(start: bytes) -> bool:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(_STARTS) or start.startswith(_STARTS)
