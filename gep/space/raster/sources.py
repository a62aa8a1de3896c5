"""Raster files as they are found: their grid, type, nodata and hash, or one precise problem for each that cannot be used."""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("GDAL_CACHEMAX", "64")  # megabytes; GDAL would take a share of the machine, whatever is allowed

import rasterio
from rasterio.errors import RasterioError

from gep.messages.problems import Problem, Problems
from gep.messages.texts import join_list, mark_word, say
from gep.paths import print_path
from gep.space.raster.confined import open_confined
from gep.space.raster.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.space.raster.grid import Window

NOT_CREDIBLE = 4_000_000_000
"""Bytes of pixels a header may promise before the size of the file is looked at."""
STRONGEST_COMPRESSION = 2000
"""No usual compression makes real rasters smaller by more than this."""

_NAMED = 12
"""Rasters of a container that are named in a refusal."""


@dataclass(frozen=True)
class Raster:
    """A raster band on disk.

    Attributes
    ----------
    scale, offset : turn stored into real numbers
    unit  : what the file says, or empty
    fills : stored numbers beside `nodata` that are no figures, from and to
    corner : row and column of the file at which the grid begins
    dataset : what GDAL calls it where that is not the file, such as a variable of a container
    band   : of the file
    stated : system of coordinates that the call states, and the file does not; mostly empty
    """

    path: str
    grid: Grid
    dtype: str
    nodata: float | None
    scale: float
    offset: float
    unit: str
    block: tuple[int, int]
    sha256: str
    fills: tuple[tuple[float, float], ...] = ()
    corner: tuple[int, int] = (0, 0)
    dataset: str = ""
    band: int = 1
    stated: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether GDAL reads it as one file."""
        return True

    def read(self, window: Window) -> Any:
        """Return a block as stored, shape (rows, columns).

        Raises
        ------
        Problems : the file is broken there
        """
        return _read_file(self, window, None, "nearest")

    def crop(self, window: Window) -> Raster:
        """Return the part of a raster in a block of its grid; nothing is copied."""
        row, column = self.corner
        return replace(self, grid=self.grid.crop(window), corner=(row + window.row, column + window.column))

    @property
    def name(self) -> str:
        """The file as people see it."""
        return print_path(Path(self.path))

    @property
    def cited(self) -> str:
        """File and hash, for a source column."""
        return f"{Path(self.path).name} sha256:{self.sha256[:16]}"


def describe_wrong_file(path: Path | str, found: str, expected: str = "", hint: str = "") -> Problems:
    """Return, to be raised, one problem of a file."""
    return Problems([Problem(print_path(Path(path)), 0, found, expected, hint)])


def tell_stated(name: str, crs: str) -> list[str]:
    """Return, for the user, that a projection is stated in the call and not in the file; nothing where none is."""
    return [say("{file}: the projection {crs} is stated in the call, not in the file", file=name, crs=crs)] if crs else []


def hash_file(path: str) -> str:
    """Return the SHA-256 of a file's bytes; computed once while the file does not change."""
    found = Path(path).stat()
    return _sha256(path, found.st_mtime_ns, found.st_size)


@cache
def _sha256(path: str, changed: int, size: int) -> str:  # noqa: ARG001 - they say when it must be computed again
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def look_at_bands(path: Path, variable: str = "", band: int | None = None, crs: str = "") -> list[Raster]:
    """Return grid, type, nodata, scale, unit and hash of bands of a raster file, which is opened once for all of them.

    Parameters
    ----------
    variable : of a container of several rasters
    band     : of several; 0: the only one; None: all
    crs      : system of coordinates stated by hand, taken where the file states none

    Raises
    ------
    Problems : the file is absent, not a raster, rotated, without projection, or promises more pixels than it can hold
    """
    if not path.exists():
        raise describe_wrong_file(path, "there is no such file", "a raster such as a GeoTIFF")
    if not path.is_file():
        raise describe_wrong_file(path, "this is a folder", "a raster such as a GeoTIFF")
    try:
        with open_confined(path) as source:
            if variable and not _is_only_variable(source, variable):
                with open_confined(_find_variable(path, source, variable)) as inner:
                    return _describe(path, inner, band, crs, inner.name)
            return _describe(path, source, band, crs, "")
    except RasterioError as error:
        raise describe_wrong_file(
            path, say("the file cannot be read as a raster: {why}", why=explain_reason(error)), "a raster such as a GeoTIFF"
        ) from None


def _is_only_variable(source: Any, variable: str) -> bool:
    """Whether a container holds one raster of this name, which GDAL opens as the file itself."""
    return not source.subdatasets and source.count > 0 and source.tags(1).get("NETCDF_VARNAME") == variable.strip("/")


def _find_variable(path: Path, source: Any, variable: str) -> str:
    """Return what GDAL calls a variable of a container.

    Raises
    ------
    Problems : there is no such variable
    """
    names = {one.rpartition(":")[2].strip("/"): one for one in source.subdatasets}
    found = [whole for name, whole in names.items() if variable.strip("/") in {name, name.rpartition("/")[2]}]
    if len(found) == 1:
        return str(found[0])
    raise describe_wrong_file(
        path,
        say("the file has no variable {variable!r}", variable=variable),
        say("one of {names}", names=join_list(list(names)[:_NAMED]) or mark_word("(none)")),
    )


def _describe(path: Path, source: Any, band: int | None, crs: str, dataset: str) -> list[Raster]:
    if source.subdatasets:
        names = [one.rpartition(":")[2] for one in source.subdatasets]
        raise describe_wrong_file(
            path,
            say("the file holds {count} rasters: {names}", count=len(names), names=join_list(names[:_NAMED])),
            "one raster",
            say("name it: '{file}|variable={name}'", file=print_path(path), name=names[0])
            if len(set(names)) == len(names)
            else say("take the one that is meant out: gdal_translate '{name}' ONE.tif", name=source.subdatasets[0]),
        )
    system = _state_system(path, source, crs)
    if system is None:
        raise describe_wrong_file(
            path,
            "the raster states no projection",
            "a coordinate reference system, such as EPSG:4326 or EPSG:4490",
            "FILE|crs=EPSG:4326 states it in the call, gdal_edit.py -a_srs EPSG:4326 FILE writes it, if that is what it is",
        )
    _check_bands(path, source, band)
    transform = source.transform
    if transform.is_identity:
        raise describe_wrong_file(path, "the raster says nowhere it lies", "a geotransform", "gdal_edit.py -a_ullr writes it")
    if transform.b or transform.d or transform.a < 0:
        raise describe_wrong_file(
            path, "the raster is rotated or mirrored", "rows from west to east", "gdalwarp makes one that is not"
        )
    promised = source.width * source.height * source.count * _bytes(source.dtypes[0])
    size = path.stat().st_size
    if source.driver == "GTiff" and promised > NOT_CREDIBLE and promised > STRONGEST_COMPRESSION * size:
        raise describe_wrong_file(
            path,
            say(
                "the header promises {width:,} x {height:,} pixels ({promised:,.0f} GB), the file has {size:,} bytes",
                width=source.width,
                height=source.height,
                promised=promised / 1e9,
                size=size,
            ),
            "a file that holds its pixels",
            "it was not copied whole, or made empty",
        )
    check_system(path, system.to_wkt())
    grid = Grid(system.to_wkt(), transform.c, transform.f, transform.a, transform.e, source.width, source.height)
    _check_place(path, grid, system)
    bands = range(source.count) if band is None else (max(band, 1) - 1,)
    kinds, absent, scales, offsets = source.dtypes, source.nodatavals, source.scales, source.offsets  # each a list of all bands
    units, blocks, sha256 = source.units, source.block_shapes, hash_file(str(path.resolve()))
    return [
        Raster(
            str(path.resolve()),
            grid,
            kinds[at],
            absent[at],
            scales[at],
            offsets[at],
            units[at] or "",
            blocks[at],
            sha256,
            dataset=dataset,
            band=at + 1,
            stated=crs if source.crs is None else "",
        )
        for at in bands
    ]


def _state_system(path: Path, source: Any, stated: str) -> Any:
    """Return the system of coordinates of a file, or the one stated by hand where the file states none.

    Raises
    ------
    Problems : the stated one is none, or is not that of the file
    """
    if not stated:
        return source.crs if source.crs is not None else _find_degrees(source)
    try:
        found = rasterio.crs.CRS.from_user_input(stated)
    except (RasterioError, ValueError):
        raise describe_wrong_file(
            path, say("{crs!r} is no system of coordinates", crs=stated), "a code such as EPSG:4326 or EPSG:4490"
        ) from None
    if source.crs is not None and source.crs != found:
        raise describe_wrong_file(
            path,
            say("the call states {crs}, the file states {own}", crs=stated, own=source.crs.to_string()),
            "one system of coordinates",
            "leave |crs= out: what the file states is taken",
        )
    return found


def _find_degrees(source: Any) -> Any:
    """Return WGS 84 for a netCDF whose axes are in degrees east and north, which is all that ERA5 and others say of their system; else None.

    Source: Climate and Forecast conventions 1.11, sections 4.1 and 4.2: such units mark longitude and latitude.
    """
    tags = source.tags()
    units = {value.strip().casefold() for name, value in tags.items() if name.endswith("#units")}
    projected = any(value.startswith("projection_") for name, value in tags.items() if name.endswith("#standard_name"))
    left, bottom, right, top = source.bounds
    on_earth = -360 <= left < right <= 360 and min(bottom, top) >= -90.5 and max(bottom, top) <= 90.5  # noqa: PLR2004 - degrees
    if source.driver not in _WITH_AXES or projected or not on_earth or not (units & _EAST and units & _NORTH):
        return None
    return rasterio.crs.CRS.from_epsg(4326)


_WITH_AXES = {"netCDF", "HDF5", "HDF5Image"}
_EAST = {"degrees_east", "degree_east", "degree_e", "degrees_e", "degreee", "degreese"}
_NORTH = {"degrees_north", "degree_north", "degree_n", "degrees_n", "degreen", "degreesn"}


def check_system(path: Path | str, wkt: str) -> None:
    """Refuse systems of coordinates that have no place on the earth, such as those of a building site.

    Parameters
    ----------
    path : the file, for the message
    wkt  : its system of coordinates

    Raises
    ------
    Problems : the system is neither geographic nor projected
    """
    from pyproj import CRS

    crs = CRS.from_wkt(wkt)
    if not crs.is_geographic and not crs.is_projected:
        raise describe_wrong_file(
            path,
            say(
                "its coordinates are of {system}, which has no place on the earth", system=crs.name or mark_word("a local system")
            ),
            "a geographic or projected coordinate reference system",
        )


def _check_bands(path: Path, source: Any, band: int | None) -> None:
    """Refuse what one band of real numbers does not hold: other bands, masks, complex numbers."""
    import numpy as np
    from rasterio.enums import MaskFlags

    if band is not None and band > source.count:
        raise describe_wrong_file(
            path, say("the raster has {count} bands", count=source.count), say("a band from 1 to {count}", count=source.count)
        )
    if source.count > 1 and band == 0:
        raise describe_wrong_file(
            path,
            say("the raster has {count} bands", count=source.count),
            "one band",
            "FILE|band=1 takes one out of it; the months of a year are added up: --driver 'ID=sum(FILE)[UNIT]'",
        )
    if MaskFlags.per_dataset in source.mask_flag_enums[0]:
        raise describe_wrong_file(
            path,
            "the raster marks pixels without data by a mask, not by a value",
            "a nodata value",
            "gdalwarp -dstnodata 255 writes one, for classes stored as bytes",
        )
    if source.dtypes[0].startswith("complex") or not _is_number(np, source.dtypes[0]):
        raise describe_wrong_file(path, say("its pixels are of type {kind}", kind=source.dtypes[0]), "real numbers")


def _is_number(np: Any, dtype: str) -> bool:
    try:
        return np.dtype(dtype).kind in "iuf"
    except TypeError:
        return False


def _check_place(path: Path, grid: Grid, crs: Any) -> None:
    left, bottom, right, top = grid.bounds
    if not crs.is_geographic:
        return
    near = 1e-6
    if abs(bottom) > 90 + near or abs(top) > 90 + near or right - left > 360 + near or abs(left) > 360 + near:
        swapped = abs(left) <= 90 and abs(right) <= 90 and abs(bottom) <= 180 and abs(top) <= 180  # noqa: PLR2004 - degrees of latitude and longitude
        hint = "longitude and latitude seem swapped" if swapped else "the projection is probably not the one stated"
        raise describe_wrong_file(
            path,
            say(
                "it is stated to be in degrees and reaches from {left:,.6g}, {bottom:,.6g} to {right:,.6g}, {top:,.6g}",
                left=left,
                bottom=bottom,
                right=right,
                top=top,
            ),
            "longitude within -180 to 180, latitude within -90 to 90",
            hint,
        )


def _bytes(dtype: str) -> int:
    import numpy as np

    return int(np.dtype(dtype).itemsize)


_REASONS = {
    "not recognized as being in a supported file format": "the format is not known",
    "not recognized as a supported file format": "the format is not known",
    "IReadBlock failed": "a block of it cannot be read",
    "Read failed": "a block of it cannot be read",
    "Read or write failed": "a block of it cannot be read",
    "No such file or directory": "No such file or directory",
    "Error occurred in ": "it is damaged",
}
"""What GDAL says → what it comes to."""


def explain_reason(error: Exception) -> str:
    """Return why a library could not read a file: in our words where the cause is known, else the first line of its own."""
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return next((mark_word(ours) for theirs, ours in _REASONS.items() if theirs in first), first)


_open = threading.local()


def open_raster(raster: Raster, onto: Grid | None = None, resampling: str = "nearest") -> Any:
    """Return the open raster of this thread, brought onto another grid if one is given."""
    cached: dict[Any, Any] = _open.__dict__.setdefault("files", {})
    key = (raster.path, raster.dataset, raster.band if onto is not None else 0, raster.sha256, onto, resampling)
    if key not in cached:
        while len(cached) >= MOST_OPEN:
            cached.pop(next(iter(cached))).close()
        source = open_confined(raster.dataset or raster.path)
        if onto is not None:
            from rasterio.enums import Resampling
            from rasterio.vrt import WarpedVRT

            source = WarpedVRT(
                source,
                crs=onto.crs,
                transform=rasterio.Affine(onto.step_x, 0, onto.left, 0, onto.step_y, onto.top),
                width=onto.width,
                height=onto.height,
                resampling=Resampling[resampling],
                tolerance=0.001,
                src_nodata=raster.nodata,
                nodata=float("nan"),
                dtype=find_moved_type(raster.dtype),
            )
        cached[key] = source
    return cached[key]


MOST_OPEN = 64


def find_moved_type(dtype: str) -> str:
    """Return the type of a raster's numbers once they are brought onto another grid: means are no whole numbers, and NaN is no data."""
    return "float32" if dtype in EXACT_IN_SINGLE else "float64"


EXACT_IN_SINGLE = {"uint8", "int8", "uint16", "int16", "float32"}


def read_block(raster: Raster, window: Window, onto: Grid | None = None, resampling: str = "nearest") -> Any:
    """Return a block's numbers as stored, shape (rows, columns).

    Parameters
    ----------
    onto       : grid to bring them onto; None: the raster's own
    resampling : name of a method of rasterio

    Raises
    ------
    Problems : the file is broken there
    """
    if onto is None:
        return raster.read(window)
    return _read_file(raster, window, onto, resampling)


def read_bands(rasters: Sequence[Raster], window: Window) -> Iterator[Any]:
    """Yield a block of each raster as stored, in their order; bands of one file some at a time, for each call looks through all bands.

    Raises
    ------
    Problems : a file is broken there
    """
    for (*_, plain), alike in groupby(rasters, lambda one: (one.path, one.dataset, one.corner, one.dtype, one.is_plain)):
        bands = list(alike)
        for at in range(0, len(bands), BANDS_AT_ONCE):
            part = bands[at : at + BANDS_AT_ONCE]
            if plain:
                yield from _read_file(part[0], window, None, "nearest", [one.band for one in part])
            else:
                yield from (one.read(window) for one in part)


BANDS_AT_ONCE = 8


def _read_file(raster: Raster, window: Window, onto: Grid | None, resampling: str, bands: list[int] | None = None) -> Any:
    try:
        placed = window if onto is not None else window.shift(*raster.corner)
        return open_raster(raster, onto, resampling).read(bands or (raster.band if onto is None else 1), window=placed.slices)
    except RasterioError as error:
        raise describe_wrong_file(
            raster.path,
            say(
                "rows {first:,} to {last:,} cannot be read: {why}",
                first=window.row,
                last=window.row + window.rows,
                why=explain_reason(error),
            ),
            "a whole file",
            "it was cut off or damaged; copy it again",
        ) from None
