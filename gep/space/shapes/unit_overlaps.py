"""Units of one hierarchy whose borders overlap by more than slivers: what lies in both would be counted twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
import shapely.geometry
from pyproj import Geod

from gep.reference.regions import ADMINISTRATIVE
from gep.space.shapes.geodesic import measure_area

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gep.reference.regions import Region

SLIVER = 0.005
"""Share of the smaller unit below which an overlap is a sliver of drawing."""
_GLOBE = Geod(ellps="GRS80")


@dataclass(frozen=True)
class Overlap:
    """Two parts of one unit in a hierarchy, and the km² that lie in both."""

    one: str
    other: str
    parent: str
    hierarchy: str
    area_km2: float
    share: float
    """Of the smaller of the two."""


def list_overlaps(units: Iterable[Region]) -> list[Overlap]:
    """Return the overlaps, beyond slivers, of units with borders that are parts of the same unit in the same years.

    Borders are in degrees of WGS 84 or CGCS2000; a border that crosses itself is mended first.
    """
    drawn = [one for one in units if one.polygon]
    shapes = {one.code: shapely.make_valid(shapely.geometry.shape(json.loads(one.polygon))) for one in drawn}
    order = [one.code for one in drawn]
    if len(order) < 2:  # noqa: PLR2004 - a pair
        return []
    tree = shapely.STRtree([shapes[code] for code in order])
    known = {one.code: one for one in drawn}
    found = []
    for at, code in enumerate(order):
        for near in sorted(int(one) for one in tree.query(shapes[code], predicate="intersects")):
            if near <= at:
                continue
            for hierarchy, parent in _list_common(known[code], known[order[near]]):
                shared = _measure(shapely.intersection(shapes[code], shapes[order[near]]))
                smaller = min(_measure(shapes[code]), _measure(shapes[order[near]]))
                if smaller > 0 and shared > SLIVER * smaller:
                    found.append(Overlap(code, order[near], parent, hierarchy, shared, shared / smaller))
    return found


def _list_common(one: Region, other: Region) -> Iterator[tuple[str, str]]:
    """Yield hierarchy and unit that both are parts of at one time."""
    mine, theirs = ([*unit.memberships] for unit in (one, other))
    seen: set[tuple[str, str]] = set()
    for first in mine:
        for second in theirs:
            key = (first.hierarchy, first.parent)
            together = (first.first or 0) <= (second.last or 9999) and (second.first or 0) <= (first.last or 9999)
            if key == (second.hierarchy, second.parent) and first.parent and together and key not in seen:
                seen.add(key)
                yield key
    if not mine and not theirs and one.parent and one.parent == other.parent:
        yield ADMINISTRATIVE, one.parent


def _measure(shape: shapely.Geometry) -> float:
    """Return the area of a shape on the ellipsoid, in km²."""
    return measure_area(shape, _GLOBE)
