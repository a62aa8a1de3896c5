"""Polygon files: GeoPackage, Shapefile (names in GBK too) and GeoJSON, read whole, with what is wrong with their shapes."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gep.messages.problems import Problem, Problems, refuse
from gep.messages.texts import Joined, join_list, mark_word, say
from gep.paths import print_path
from gep.space.raster.confined import GEODATABASE, is_of_polygons
from gep.space.raster.sources import check_system, describe_wrong_file, explain_reason, hash_file, tell_stated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.space.raster.sources import Raster

LAYER = "|layername="
"""Between a file and the layer that is meant, as QGIS writes it."""
POLYGON_FILES = {".gpkg", ".shp", ".geojson", ".json", ".fgb", ".zip", ".gdb"}
POLYGONAL = (3, 6)
"""Polygon and MultiPolygon in shapely's numbers."""
PIECES = 64
"""Straight edges are cut into this many pieces of a file's extent before they are brought into another projection."""


@dataclass(frozen=True)
class Polygons:
    """The polygons of a layer and their attributes as text; `encoding` is how names were written, `left_out` how many lie elsewhere, `stated` the projection of the call, `divided_by` second layers that tell their classes apart."""

    path: str
    crs: str
    shapes: NDArray[np.object_]
    fields: dict[str, tuple[str, ...]]
    encoding: str
    sha256: str
    left_out: int = 0
    stated: str = ""
    divided_by: tuple[Raster | Polygons, ...] = ()

    @property
    def name(self) -> str:
        """The file as people see it."""
        return print_path(Path(self.path))

    @property
    def cited(self) -> str:
        """File and hash, for a source column."""
        own = f"{Path(self.path).name} sha256:{self.sha256[:16]}"
        return ", divided by ".join([own, *(one.cited for one in self.divided_by)])

    def column(self, name: str, expected: str) -> tuple[str, ...]:
        """Return the texts of an attribute, one a polygon, whatever the case of its name.

        Parameters
        ----------
        expected : what the column is for, for the message

        Raises
        ------
        Problems : there is no such column
        """
        for own, values in self.fields.items():
            if own.casefold() == name.casefold():
                return values
        raise describe_wrong_file(
            self.path,
            say("there is no column {name!r}", name=name),
            say("{expected}; the columns are {fields}", expected=mark_word(expected), fields=join_list(self.fields)),
        )

    def onto(self, crs: str) -> NDArray[np.object_]:
        """Return the shapes in another projection; long edges are cut first, so that they bend with the map.

        Parameters
        ----------
        crs : the projection, as WKT

        Raises
        ------
        Problems : the polygons lie where the projection is not defined
        """
        here, there = CRS.from_wkt(self.crs), CRS.from_wkt(crs)
        if here == there or here.equals(there, ignore_axis_order=True):
            return self.shapes
        transformer = Transformer.from_crs(here, there, always_xy=True)
        left, bottom, right, top = shapely.total_bounds(self.shapes)
        cut = shapely.segmentize(self.shapes, max(right - left, top - bottom) / PIECES / 16)
        moved = shapely.transform(cut, lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1])))
        if not np.isfinite(shapely.total_bounds(moved)).all():
            raise describe_wrong_file(
                self.path, "the polygons cannot be brought into the projection of the land cover", "a projection they lie in"
            )
        return np.asarray(moved)


def read_polygons(path: Path, where: tuple[str, tuple[float, float, float, float]] | None = None) -> Polygons:
    """Return the polygons of a file's only polygon layer, or of the layer that is named behind it: FILE|layername=NAME.

    Parameters
    ----------
    where : projection as WKT and bounds of what is looked at; polygons elsewhere are left out and counted, whatever their
            faults. None, or where none is there: all polygons

    Raises
    ------
    Problems : no such file, no polygon layer or several, no projection, shapes that are not polygons or intersect themselves
    """
    path, layer, stated = _split_name(str(path))
    if not path.is_file() and not (path.is_dir() and path.suffix.lower() == GEODATABASE):
        what = "this is a folder" if path.is_dir() else "there is no such file"
        raise describe_wrong_file(path, what, "polygons in GeoPackage, Shapefile, geodatabase (.gdb) or GeoJSON")
    if not is_of_polygons(path):
        raise describe_wrong_file(
            path,
            say("the file cannot be read as polygons: {said}", said=mark_word("it is in none of the formats that are read")),
            "GeoPackage, Shapefile or GeoJSON",
            "a list of other files (VRT) is opened under no name: save the polygons themselves",
        )
    _check_whole(path)
    source = _find_source(path)
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always", RuntimeWarning)
            meta, _, geometry, columns = _read(path, source, layer or _only_layer(path, source))
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        said = explain_reason(error)
        raise describe_wrong_file(
            path, say("the file cannot be read as polygons: {said}", said=said), "GeoPackage, Shapefile or GeoJSON"
        ) from None
    if any(_NOT_WHOLE in str(one.message) for one in heard):
        raise describe_wrong_file(path, "the geodatabase lacks some of its files", "the whole folder", "copy the folder again")
    if not meta["crs"] and _is_topojson(path):
        raise describe_wrong_file(
            path,
            "this is TopoJSON, which states no projection and shares the borders of its polygons",
            "polygons in GeoPackage, Shapefile or GeoJSON",
            "ogr2ogr -a_srs EPSG:4326 -f GPKG NEW.gpkg FILE, if its coordinates are degrees of WGS 84",
        )
    system = _state_system(path, meta["crs"], stated)
    if not system:
        raise describe_wrong_file(
            path,
            "the polygons state no projection",
            "a coordinate reference system",
            "a Shapefile needs its .prj file; FILE|crs=EPSG:4490 states it in the call",
        )
    if geometry is None or not len(geometry):
        raise describe_wrong_file(path, "the file holds no polygon", "at least one")
    crs = CRS.from_user_input(system).to_wkt()
    check_system(path, crs)
    shapes = shapely.force_2d(shapely.from_wkb(geometry))
    fields = {str(name): tuple(_text(value) for value in values) for name, values in zip(meta["fields"], columns, strict=True)}
    found = Polygons(
        str(path.resolve()), crs, shapes, fields, meta["encoding"], _hash(path), stated=stated if not meta["crs"] else ""
    )
    if where is not None:
        found = _keep_near(found, *where)
    refuse(_wrong_shapes(found))
    return found


def _split_name(text: str) -> tuple[Path, str, str]:
    """Return file, layer and projection of FILE|layername=NAME|crs=CODE; empty where nothing is said.

    Raises
    ------
    Problems : something else stands behind the file
    """
    name, *options = text.split("|")
    said = dict.fromkeys(("layername", "crs"), "")
    for option in options:
        key, _, value = option.partition("=")
        if key not in said or not value:
            raise describe_wrong_file(
                name, say("behind the file stands {option!r}", option=option), "|layername=NAME or |crs=CODE"
            )
        said[key] = value
    return Path(name), said["layername"], said["crs"]


def _state_system(path: Path, own: str | None, stated: str) -> str | None:
    """Return the system of coordinates of a file, or the one stated by hand where the file states none.

    Raises
    ------
    Problems : the stated one is none, or is not that of the file
    """
    if not stated:
        return own
    try:
        found = CRS.from_user_input(stated)
    except CRSError:
        raise describe_wrong_file(
            path, say("{crs!r} is no system of coordinates", crs=stated), "a code such as EPSG:4326 or EPSG:4490"
        ) from None
    if own and not CRS.from_user_input(own).equals(found, ignore_axis_order=True):
        raise describe_wrong_file(
            path,
            say("the call states {crs}, the file states {own}", crs=stated, own=CRS.from_user_input(own).name),
            "one system of coordinates",
            "leave |crs= out: what the file states is taken",
        )
    return stated


def is_survey(land_cover: Path | str) -> bool:
    """Whether land cover is given as polygons: parcels of a survey, not a raster."""
    return Path(str(land_cover).partition("|")[0]).suffix.lower() in POLYGON_FILES


def _is_topojson(path: Path) -> bool:
    if path.is_dir():
        return False
    with path.open("rb") as file:
        return b'"Topology"' in file.read(1 << 16)


def _keep_near(polygons: Polygons, crs: str, bounds: tuple[float, float, float, float]) -> Polygons:
    """Return the polygons that may meet bounds in a projection; all of them where none does."""
    here, there = CRS.from_wkt(polygons.crs), CRS.from_wkt(crs)
    moved = bounds if here == there else Transformer.from_crs(there, here, always_xy=True).transform_bounds(*bounds)
    if not np.isfinite(moved).all():
        return polygons
    left, bottom, right, top = shapely.bounds(polygons.shapes).T
    near = (left <= moved[2]) & (right >= moved[0]) & (bottom <= moved[3]) & (top >= moved[1])
    sound = near & shapely.is_valid(polygons.shapes)
    near[sound] = shapely.intersects(polygons.shapes[sound], shapely.box(*moved))
    if near.all() or not near.any():
        return polygons
    fields = {name: tuple(np.array(values, dtype=object)[near]) for name, values in polygons.fields.items()}
    return replace(polygons, shapes=polygons.shapes[near], fields=fields, left_out=int((~near).sum()))


def describe_left_out(polygons: Polygons) -> list[str]:
    """Return, for the user, how many polygons of a file were left out because they lie elsewhere; empty where none were."""
    stated = tell_stated(polygons.name, polygons.stated)
    if not polygons.left_out:
        return stated
    return [*stated, say("{count:,} polygons beyond the land cover are left out", count=polygons.left_out)]


_NOT_WHOLE = "gdbtablx could not be found"
"""What GDAL says before it guesses where shapes lie."""
_PARTS = (".shx", ".dbf")


def _check_whole(path: Path) -> None:
    """Refuse a Shapefile of which a part is missing that holds its shapes together or its columns.

    Raises
    ------
    Problems : no .shx or .dbf lies beside it
    """
    missing = [one for one in _PARTS if _find_part(path, one) is None] if path.suffix.lower() == ".shp" else []
    if missing:
        raise describe_wrong_file(
            path,
            say("{parts} of the Shapefile are missing beside it", parts=join_list(missing)),
            say("all parts of a Shapefile in one folder: .shp, .shx, .dbf, .prj"),
            "copy them all; a GeoPackage is one file",
        )


def _find_source(path: Path) -> str:
    """Return what GDAL calls a file: of a zip with one file of polygons in a folder of it, that file."""
    if path.is_dir() or not zipfile.is_zipfile(path):
        return str(path)
    with zipfile.ZipFile(path) as packed:
        inner = [
            one for one in packed.namelist() if Path(one).suffix.lower() in POLYGON_FILES and not one.startswith("__MACOSX/")
        ]
    return f"/vsizip/{path.resolve()}/{inner[0]}" if len(inner) == 1 and "/" in inner[0] else str(path)


def _only_layer(path: Path, source: str) -> str | None:
    """Return the name of the one layer that may hold polygons; None where no layer says so."""
    layers = [(str(name), str(kind or "")) for name, kind in pyogrio.list_layers(source)]
    found = [name for name, kind in layers if "Polygon" in kind or kind in {"", "Unknown", "GeometryCollection"}]
    if len(found) > 1:
        raise describe_wrong_file(
            path,
            say("the file has {count} layers of polygons: {layers}", count=len(found), layers=join_list(found)),
            "one",
            say("name it: '{file}'", file=f"{path}{LAYER}{found[0]}"),
        )
    return found[0] if found else None


def _read(path: Path, source: str, layer: str | None) -> tuple[dict[str, Any], Any, Any, list[Any]]:
    """Read a layer; a Shapefile is tried as its .cpg says, without one in UTF-8, and then in GB 18030: a .cpg may lie."""
    encodings: tuple[str | None, ...] = ("UTF-8" if _is_silent_on_encoding(path) else None, "GB18030")
    for encoding in encodings:
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings(
                    "ignore", category=UserWarning
                )  # a layer without projection is refused below, in our words
                return pyogrio.raw.read(source, layer=layer, encoding=encoding)  # type: ignore[no-any-return]
        except UnicodeDecodeError:
            if encoding == encodings[-1]:
                raise
    raise AssertionError


def _is_silent_on_encoding(path: Path) -> bool:
    """Whether a file is a Shapefile, zipped or not, without a .cpg that names an encoding its table can have (UTF-16 is none)."""
    if path.suffix.lower() == ".shp":
        part = _find_part(path, ".cpg")
        return part is None or re.search(rb"(?i)utf[-_ ]?(?:16|32)|ucs", part.read_bytes()[:100]) is not None
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as packed:
        endings = {Path(name).suffix.lower() for name in packed.namelist()}
    return ".shp" in endings and ".cpg" not in endings


def _text(value: object) -> str:
    """Return a cell as text; an empty cell of a column of numbers comes as NaN, one of dates as NaT."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or value != value else str(value).strip()  # noqa: PLR0124 - NaN and NaT


def _hash(path: Path) -> str:
    """Return the hash of a file, of a Shapefile with the files that belong to it."""
    import hashlib

    digest = hashlib.sha256()
    if path.is_dir():
        for file in sorted(one for one in path.iterdir() if one.is_file() and one.suffix != ".lock"):
            digest.update(f"{file.name}\n".encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()
    if path.suffix.lower() != ".shp":
        return hash_file(str(path.resolve()))
    for suffix in (".shp", ".dbf", ".prj"):
        part = _find_part(path, suffix)
        if part is not None:
            digest.update(part.read_bytes())
    return digest.hexdigest()


def _find_part(path: Path, suffix: str) -> Path | None:
    """Return the file that belongs to a Shapefile, whatever the case of its ending; None where there is none."""
    return next(
        (
            one
            for one in sorted(path.parent.iterdir())
            if one.stem == path.stem and one.suffix.lower() == suffix and one.is_file()
        ),
        None,
    )


def _wrong_shapes(polygons: Polygons) -> list[Problem]:
    shown = print_path(Path(polygons.path))
    kinds = shapely.get_type_id(polygons.shapes)
    valid = shapely.is_valid(polygons.shapes)
    problems = [
        Problem(shown, int(at) + 1, say("shape {at} is {kind}", at=at + 1, kind=_kind(polygons.shapes[at])), "a polygon")
        for at in np.flatnonzero(~np.isin(kinds, POLYGONAL) | shapely.is_empty(polygons.shapes))
    ]
    for at in np.flatnonzero(~valid & np.isin(kinds, POLYGONAL)):
        why = _invalid(shapely.is_valid_reason(polygons.shapes[at]))
        problems.append(
            Problem(
                shown,
                int(at) + 1,
                say("polygon {at} is not valid: {why}", at=at + 1, why=why),
                "a polygon that does not cross itself",
                "repair it in the GIS (Fix geometries); gep does not guess which side was meant",
            )
        )
    left, bottom, right, top = shapely.total_bounds(polygons.shapes)
    if CRS.from_wkt(polygons.crs).is_geographic and (bottom < -90 or top > 90 or left < -360 or right > 360):  # noqa: PLR2004 - degrees of latitude and longitude
        swapped = left >= -90 and right <= 90 and bottom >= -180 and top <= 180  # noqa: PLR2004 - degrees of latitude and longitude
        problems.append(
            Problem(
                shown,
                0,
                say(
                    "the polygons are stated to be in degrees and reach from {left:,.6g}, {bottom:,.6g} to {right:,.6g}, {top:,.6g}",
                    left=left,
                    bottom=bottom,
                    right=right,
                    top=top,
                ),
                "longitude within -180 to 180, latitude within -90 to 90",
                "longitude and latitude seem swapped" if swapped else "the projection is probably not the one stated",
            )
        )
    return problems


KINDS = ("a Point", "a MultiPoint", "a LineString", "a MultiLineString", "a LinearRing", "a GeometryCollection")
"""What stands in layers of polygons without being one; the catalogue has them in Chinese, and the faults of shapes too."""
FAULTS = (
    "Self-intersection",
    "Ring Self-intersection",
    "Hole lies outside shell",
    "Holes are nested",
    "Interior is disconnected",
    "Nested shells",
    "Duplicate Rings",
    "Too few points in geometry component",
    "Ring is not closed",
)
"""What GEOS finds wrong with polygons."""


def _kind(shape: shapely.Geometry | None) -> str:
    return mark_word("empty") if shape is None or shape.is_empty else mark_word(f"a {shape.geom_type}")


def _invalid(reason: str) -> str:
    """Return what GEOS says of a shape: a kind of fault and, in brackets, its place."""
    kind, bracket, place = reason.partition("[")  # "Self-intersection[1000 -1000]"
    return Joined([mark_word(kind), f"{bracket}{place}"], "", "")


def describe_no_overlap(left_name: str, left: tuple[float, ...], right_name: str, right: tuple[float, ...]) -> Problems:
    """Return, to be raised, the problem of two extents in one projection that have nothing in common.

    Parameters
    ----------
    left, right : west, south, east and north edge
    """
    said = say(
        "it lies at {left}, {right_name} at {right}: they have nothing in common",
        left=_box(left),
        right_name=right_name,
        right=_box(right),
    )
    swapped = left[0] <= right[3] and right[1] <= left[2] and left[1] <= right[2] and right[0] <= left[3]
    hint = "x and y seem swapped in one of them" if swapped else "one of them states a wrong projection, or is of another place"
    return describe_wrong_file(left_name, said, "extents that overlap", hint)


def _box(bounds: tuple[float, ...]) -> str:
    return say(
        "({left:,.6g}, {bottom:,.6g}) to ({right:,.6g}, {top:,.6g})",
        left=bounds[0],
        bottom=bounds[1],
        right=bounds[2],
        top=bounds[3],
    )
