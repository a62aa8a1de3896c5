"""Rasters of HDF4 as NASA distributes MODIS: a field of a grid by its name, read as it is stored. The one place that knows pyhdf.

Source: HDF-EOS stores where a grid lies in the text `StructMetadata.0` (HDF-EOS Library User's Guide): corners in metres, or packed as DDDMMMSSS.SS
for grids in degrees; a stored number n means scale_factor × (n − add_offset) (HDF User's Guide, calibration of SDS). Recalled [K].
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import CRS

from gep.messages.texts import join_list, say
from gep.paths import print_path
from gep.space.raster.grid import Grid
from gep.space.raster.sources import Raster, describe_wrong_file, hash_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.space.raster.grid import Window

START = b"\x0e\x03\x13\x01"
DTYPES = {
    3: "uint8",
    4: "int8",
    5: "float32",
    6: "float64",
    20: "int8",
    21: "uint8",
    22: "int16",
    23: "uint16",
    24: "int32",
    25: "uint32",
}
"""pyhdf's numbers of types."""
NAMED = 12
DEGREE, MINUTE = 1e6, 1e3
"""Of packed degrees."""
_ONE_AT_A_TIME = threading.Lock()
"""The library of HDF4 must not be called from two threads."""


@dataclass(frozen=True)
class Hdf4Raster(Raster):
    """A field of an HDF4 file; `dataset` is its name, `tags` what the file says of it."""

    tags: tuple[tuple[str, str], ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether GDAL reads it as one file."""
        return False

    def read(self, window: Window) -> NDArray[np.generic]:
        """Return a block as stored, shape (rows, columns).

        Raises
        ------
        Problems : the file is broken there
        """
        from pyhdf.error import HDF4Error
        from pyhdf.SD import SD

        window = window.shift(*self.corner)
        try:
            with _ONE_AT_A_TIME:
                file = SD(self.path)
                try:
                    found = file.select(self.dataset).get(start=(window.row, window.column), count=(window.rows, window.columns))
                finally:
                    file.end()
        except (HDF4Error, ValueError) as error:
            raise describe_wrong_file(
                self.path,
                say(
                    "rows {first:,} to {last:,} cannot be read: {why}",
                    first=window.row,
                    last=window.row + window.rows,
                    why=str(error),
                ),
                "a whole file",
                "it was cut off or damaged; copy it again",
            ) from None
        return np.asarray(found).astype(self.dtype, copy=False)


def is_hdf4(path: Path) -> bool:
    """Whether a file begins as those of HDF4 do."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(START)) == START


def look_at_hdf4(path: Path, field: str, crs: str) -> Hdf4Raster:
    """Return grid, type, nodata, scale, unit and hash of a field.

    Parameters
    ----------
    field : its name; empty: the only one of two dimensions
    crs   : stated by hand; grids of HDF4 state theirs

    Raises
    ------
    Problems : the file is broken, has no such field or several, or a field of no grid in degrees or the sinusoidal projection
    """
    from pyhdf.error import HDF4Error
    from pyhdf.SD import SD

    try:
        with _ONE_AT_A_TIME:
            file = SD(str(path))
            try:
                named = {name: (shape, kind) for name, (_, shape, kind, _) in file.datasets().items() if len(shape) == 2}  # noqa: PLR2004 - rows and columns
                own = {str(name): value for name, value in file.attributes().items()}
                name = _choose(path, field, list(named))
                about = {str(key): value for key, value in file.select(name).attributes().items()}
            finally:
                file.end()
    except (HDF4Error, ValueError) as error:
        raise describe_wrong_file(
            path,
            say("the file cannot be read as a raster: {why}", why=str(error)),
            "a whole file",
            "it was cut off or damaged; copy it again",
        ) from None
    if crs:
        raise describe_wrong_file(
            path,
            say("the call states {crs}, the file states {own}", crs=crs, own="HDF-EOS"),
            "one system of coordinates",
            "leave |crs= out: what the file states is taken",
        )
    (height, width), kind = named[name]
    if kind not in DTYPES:
        raise _refuse(path, say("the numbers of {name} are of no type that is read", name=name))
    grid = _find_grid(path, str(own.get("StructMetadata.0", "")), name, (height, width))
    step = about.get("scale_factor", 1.0)
    scale = float(step[0] if isinstance(step, list) else step)
    shift = about.get("add_offset", 0.0)
    nodata = about.get("_FillValue")
    unit = str(about.get("units", "")).strip("\0 ")
    tags = tuple((key, str(value)) for key, value in about.items() if key not in {"scale_factor", "add_offset"})
    return Hdf4Raster(
        str(path.resolve()),
        grid,
        DTYPES[kind],
        None if nodata is None else float(nodata),
        scale,
        -scale * float(shift),
        "" if unit.casefold() in {"none", "n/a"} else unit,
        (min(height, 256), width),
        hash_file(str(path.resolve())),
        dataset=name,
        tags=(*tags, ("field", name)),
    )


def _choose(path: Path, field: str, names: list[str]) -> str:
    """Return the field that is meant.

    Raises
    ------
    Problems : there is none of the name, or several and none is named
    """
    field = field.rpartition(":")[2].strip("/")
    if field in names:
        return field
    listed = join_list(names[:NAMED]) or "-"
    if field:
        raise describe_wrong_file(
            path, say("the file has no variable {variable!r}", variable=field), say("one of {names}", names=listed)
        )
    if len(names) != 1:
        raise describe_wrong_file(
            path,
            say("the file holds {count} rasters: {names}", count=len(names), names=listed),
            "one raster",
            say("name it: '{file}|variable={name}'", file=print_path(path), name=names[0]) if names else "",
        )
    return names[0]


def _find_grid(path: Path, text: str, field: str, size: tuple[int, int]) -> Grid:
    """Return where a field lies, by what the file says of its grids.

    Raises
    ------
    Problems : it says nothing, or a grid in another projection
    """
    grids = re.split(r"(?m)^\s*GROUP=GRID_\d+\s*$", text)[1:]
    mine = next((one for one in grids if re.search(rf'DataFieldName="{re.escape(field)}"', one)), "")
    said = dict(re.findall(r"(?m)^\s*(XDim|YDim|UpperLeftPointMtrs|LowerRightMtrs|Projection|ProjParams)=(\S+)", mine))
    if not {"UpperLeftPointMtrs", "LowerRightMtrs", "Projection"} <= {*said} or (said.get("YDim"), said.get("XDim")) != (
        str(size[0]),
        str(size[1]),
    ):
        raise _refuse(path, say("the file does not say where {name} lies", name=field))
    kind = said["Projection"].removeprefix("HE5_")
    corners = [[float(one) for one in said[name].strip("()").split(",")] for name in ("UpperLeftPointMtrs", "LowerRightMtrs")]
    if kind == "GCTP_GEO":
        corners = [[_unpack(one) for one in corner] for corner in corners]
        system = CRS.from_epsg(4326)
    elif kind == "GCTP_SNSOID":
        radius = float(said.get("ProjParams", "(0").strip("()").split(",")[0]) or 6371007.181
        system = CRS.from_proj4(f"+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R={radius!r} +units=m +no_defs")
    else:
        raise _refuse(path, say("{name} lies in the projection {projection}", name=field, projection=kind))
    (left, top), (right, bottom) = corners
    if not (left < right and bottom < top):
        raise _refuse(path, say("the file does not say where {name} lies", name=field))
    return Grid(system.to_wkt(), left, top, (right - left) / size[1], (bottom - top) / size[0], size[1], size[0])


def _unpack(packed: float) -> float:
    """Return degrees of DDDMMMSSS.SS."""
    size = abs(packed)
    degrees, rest = divmod(size, DEGREE)
    minutes, seconds = divmod(rest, MINUTE)
    return float(np.copysign(degrees + minutes / 60 + seconds / 3600, packed))


def _refuse(path: Path, found: str) -> Any:
    return describe_wrong_file(
        path,
        found,
        say("a grid of HDF-EOS in degrees or the sinusoidal projection, as MODIS has them, in HDF4"),
        "QGIS, or gdal_translate of a GDAL with HDF4 (conda has one): gdal_translate SUBDATASET ONE.tif; gdalinfo lists the subdatasets",
    )
