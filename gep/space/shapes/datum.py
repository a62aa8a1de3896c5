"""Polygons that are said to be in WGS 84 and lie where maps in GCJ-02 or BD-09 draw a county: noticed by the shipped centroids."""

from __future__ import annotations

import re
from functools import cache
from math import cos, hypot, pi, radians, sin, sqrt
from typing import TYPE_CHECKING

import shapely
from pyproj import CRS, Geod, Transformer

from gep.files.lists import read_list
from gep.messages.texts import say
from gep.paths import LISTS
from gep.space.raster.sources import describe_wrong_file
from gep.space.shapes.geodesic import measure_area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.space.shapes.polygons import Polygons

_METRES_PER_DEGREE = 111_320.0
_SAME_AREA = 0.03
"""Outlines whose areas differ by more are of other borders, and their centroids tell nothing."""
_NEAR = 0.35
"""How far an offset may be from that of the other system, as a share of it."""
_DIGITS = 6
_PARTS = re.compile(r"[0-9]{9}|[0-9]{12}")
"""Codes of townships and villages, which begin with that of their county."""
_AXIS, _FLATTENING = 6378245.0, 0.00669342162296594
"""Krassowski's ellipsoid, on which GCJ-02 is computed."""


def check_datum(polygons: Polygons, codes: Sequence[str]) -> None:
    """Refuse polygons whose counties lie as far off their place as another Chinese system of coordinates puts them.

    Counties that the shipped table does not have, and outlines of other areas, are not judged; townships and villages are where they make up a county.

    Parameters
    ----------
    codes : one a polygon, in the order of the file

    Raises
    ------
    Problems : more than half of the counties that can be judged lie where GCJ-02 or BD-09 puts them
    """
    offsets = _find_offsets(polygons, codes)
    for system, shift in (("GCJ-02", shift_to_gcj02), ("BD-09", shift_to_bd09)):
        fitting = [(east, north) for east, north, lon, lat in offsets if _fits((east, north), _in_metres(shift(lon, lat), lat))]
        if len(fitting) * 2 > len(offsets):
            east, north = sorted(fitting)[len(fitting) // 2]
            raise describe_wrong_file(
                polygons.path,
                say(
                    "the counties lie {east:.0f} m east and {north:.0f} m north of their place, as coordinates in {system} do",
                    east=east,
                    north=north,
                    system=system,
                ),
                "coordinates in WGS 84 or CGCS2000, as the file states",
                say(
                    "turn them from {system} into WGS 84 first; web maps of Amap, Tencent and Baidu use such coordinates",
                    system=system,
                ),
            )


def shift_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return by how many degrees GCJ-02 moves a place of WGS 84 to the east and to the north.

    Source: the formula in general use (published with open map software), recalled [K].
    """
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    magic = 1 - _FLATTENING * sin(radians(lat)) ** 2
    return (
        east * 180.0 / (_AXIS / sqrt(magic) * cos(radians(lat)) * pi),
        north * 180.0 / (_AXIS * (1 - _FLATTENING) / (magic * sqrt(magic)) * pi),
    )


def shift_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """Return by how many degrees BD-09 moves a place of WGS 84, about: GCJ-02 and some 0.0065° and 0.006° more; recalled [K]."""
    east, north = shift_to_gcj02(lon, lat)
    return east + 0.0065, north + 0.006


@cache
def _read_centres() -> dict[str, tuple[float, float, float]]:
    """Return county → longitude and latitude of its centroid, and its area in km²."""
    return {
        row["county"]: (float(row["longitude"]), float(row["latitude"]), float(row["area_km2"]))
        for row in read_list(LISTS / "county_centres.csv")
    }


def _find_offsets(polygons: Polygons, codes: Sequence[str]) -> list[tuple[float, float, float, float]]:
    """Return how many metres each known county lies to the east and north of its place, and that place; townships or villages make up theirs."""
    known = _read_centres()
    counties: dict[str, list[shapely.Geometry]] = {}
    for code, shape in zip(codes, polygons.shapes, strict=True):
        county = code[:_DIGITS] if _PARTS.fullmatch(code) else code
        if county in known:
            counties.setdefault(county, []).append(shape)
    if not counties:
        return []
    turned = Transformer.from_crs(CRS.from_wkt(polygons.crs), CRS.from_epsg(4326), always_xy=True)
    earth = Geod(ellps="WGS84")
    found = []
    for county, parts in counties.items():
        lon, lat, area = known[county]
        whole = shapely.union_all(parts) if len(parts) > 1 else parts[0]
        here = shapely.transform(whole, turned.transform, interleaved=False)
        if not shapely.is_valid(here) or abs(measure_area(here, earth) / area - 1) > _SAME_AREA:
            continue
        centre = shapely.centroid(here)
        found.append((*_in_metres((centre.x - lon, centre.y - lat), lat), lon, lat))
    return found


def _in_metres(degrees: tuple[float, float], lat: float) -> tuple[float, float]:
    return degrees[0] * _METRES_PER_DEGREE * cos(radians(lat)), degrees[1] * _METRES_PER_DEGREE


def _fits(found: tuple[float, float], wanted: tuple[float, float]) -> bool:
    return hypot(found[0] - wanted[0], found[1] - wanted[1]) < _NEAR * hypot(*wanted)
