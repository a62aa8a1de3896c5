"""A second layer tells apart what parcels of a survey lump: by the area of its polygons, or of its pixels, in each parcel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gep.messages.texts import say
from gep.space.drivers.layers import UNKNOWN, classify_pixels
from gep.space.parcels.over_pixels import lay_over_pixels
from gep.space.raster.grid import make_equal_area
from gep.space.raster.sources import Raster, describe_wrong_file, read_block
from gep.space.shapes.class_polygons import NO_CLASS, ClassPolygons, read_class_polygons
from gep.space.shapes.polygons import Polygons
from gep.space.zonal.splitting import join_classes, read_second_name, read_second_raster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf
    from gep.reference.crosswalk import Crosswalk
    from gep.space.drivers.layers import Layers
    from gep.space.raster.grid import Window

    Places = NDArray[np.intp]
    Floats = NDArray[np.float64]

LEAST = 1e-9
"""Share of a piece below which nothing is left of it."""


@dataclass(frozen=True)
class Pieces:
    """Parts of parcels: the zone, parcel, and place in sums of the class of each; shapes; area, km²."""

    zone: Places
    parcel: Places
    place: Places
    shapes: NDArray[np.object_]
    area: Floats


@dataclass(frozen=True)
class Division:
    """Pieces after all second layers: the classes of all together, the second layers, and what to tell of them."""

    pieces: Pieces
    crosswalk: Crosswalk
    seconds: tuple[Raster | Polygons, ...] = ()
    told: tuple[str, ...] = ()


def divide_pieces(
    pieces: Pieces, crosswalk: Crosswalk, texts: Iterable[str], crs: str, leaves: Mapping[str, Leaf], year: int
) -> Division:
    """Return pieces whose lumped classes second layers tell apart, one after the other.

    A piece is cut where a polygon of the second layer ends; of a raster each class takes its exact share of the piece, on the same shape.

    Parameters
    ----------
    texts : FILE|field=NAME|classes=CROSSWALK of polygons, FILE|classes=CROSSWALK of rasters
    crs   : system of the pieces' shapes, as WKT

    Raises
    ------
    Problems : a layer cannot be used, tells nothing apart, or has classes without a row in its crosswalk
    """
    found = Division(pieces, crosswalk)
    for text in texts:
        found = _divide(found, text, crs, leaves, year)
    return found


def _divide(before: Division, text: str, crs: str, leaves: Mapping[str, Leaf], year: int) -> Division:
    pieces, name = before.pieces, read_second_name(text)
    left, bottom, right, top = map(float, shapely.total_bounds(pieces.shapes))
    second: ClassPolygons | Layers
    if name.is_of_polygons:
        second = read_class_polygons(name.file, name.field, name.classes, (crs, (left, bottom, right, top)))
        file: Raster | Polygons = second.polygons
        told = second.told
    else:
        second = read_second_raster(name, leaves, year)
        file, told = second.land, second.stated
    crosswalk, pairs = join_classes(before.crosswalk, second.crosswalk, file.path)
    divided = (pairs > 0).any(axis=1)
    lumped = np.flatnonzero(np.asarray(divided)[np.maximum(pieces.place - 1, 0)] & (pieces.place > 0))
    shapes = pieces.shapes[lumped]
    if isinstance(second, ClassPolygons):
        of, to, share, parts = _cut(shapes, second, crs, pairs[pieces.place[lumped] - 1])
    else:
        of, to, share = _measure_shares(Polygons("", crs, shapes, {}, "", "").onto(second.grid.crs), second)
        has = pairs[pieces.place[lumped[of]] - 1, to + 1] > 0
        of, to, share = of[has], to[has], share[has]
        parts = shapes[of]
    whole = np.bincount(of, weights=share, minlength=len(lumped))
    share = share / np.maximum(whole, 1.0)[of]
    rest = np.maximum(1.0 - whole, 0.0)
    remaining = shapes.copy()
    if isinstance(second, ClassPolygons):
        for at in np.unique(of[rest[of] > LEAST]):
            remaining[at] = shapely.difference(shapes[at], shapely.union_all(parts[of == at]))
    stays = np.ones(len(pieces.zone), dtype=bool)
    stays[lumped[rest <= LEAST]] = False
    kept_area, kept_shapes = pieces.area.copy(), pieces.shapes.copy()
    kept_area[lumped] *= rest
    kept_shapes[lumped] = remaining
    origin = lumped[of]
    place = len(before.crosswalk.classes) + pairs[pieces.place[origin] - 1, to + 1]
    parted = Pieces(
        np.append(pieces.zone[stays], pieces.zone[origin]),
        np.append(pieces.parcel[stays], pieces.parcel[origin]),
        np.append(pieces.place[stays], place),
        np.append(kept_shapes[stays], parts),
        np.append(kept_area[stays], pieces.area[origin] * share),
    )
    return Division(parted, crosswalk, (*before.seconds, file), (*before.told, *told))


def _cut(
    shapes: NDArray[np.object_], second: ClassPolygons, crs: str, pairs: NDArray[np.int32]
) -> tuple[Places, Places, Floats, NDArray[np.object_]]:
    """Return the parts that narrower classes of polygons take: of which shape, class, share of its area on the ellipsoid, and shape.

    Parameters
    ----------
    pairs : of each shape, class of the second + 1 → 0 where it is not narrower
    """
    moved = second.polygons.onto(crs)
    of, at = shapely.STRtree(moved).query(shapes, predicate="intersects")
    to = second.place[at].astype(np.intp)
    has = pairs[of, to + 1] > 0
    of, at, to = of[has], at[has], to[has]
    parts = shapely.intersection(shapes[of], moved[at])
    has = shapely.area(parts) > 0
    of, to, parts = of[has], to[has], parts[has]
    width = len(second.crosswalk.classes)
    keys, first, inverse = np.unique(of * width + to, return_index=True, return_inverse=True)
    joined = parts[first]
    several = np.flatnonzero(np.bincount(inverse, minlength=len(keys)) > 1)
    for key in several:
        joined[key] = shapely.union_all(parts[inverse == key])
    of, to = keys // width, keys % width
    share = measure_ellipsoidal_areas(joined, crs) / measure_ellipsoidal_areas(shapes, crs)[of]
    return of, to, share, joined


def _measure_shares(shapes: NDArray[np.object_], second: Layers) -> tuple[Places, Places, Floats]:
    """Return which classes of a raster lie in each shape: shape, class, and its share of the shape's area.

    Raises
    ------
    Problems : a class has no row in the crosswalk
    """
    table, nodata = second.class_table(), second.land.nodata

    def read(window: Window) -> NDArray[np.int16]:
        return classify_pixels(np.asarray(read_block(second.land, window)), table, nodata)

    width = len(second.crosswalk.classes) - UNKNOWN
    keys: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    areas: list[Floats] = [np.zeros(0)]
    for block in lay_over_pixels(shapes, second.grid, read, NO_CLASS):
        key, place = np.unique(block.shape * width + block.cells[block.at].astype(np.int64) - UNKNOWN, return_inverse=True)
        keys.append(key)
        areas.append(np.asarray(np.bincount(place, weights=block.area), dtype=np.float64))
    key, place = np.unique(np.concatenate(keys), return_inverse=True)
    area = np.bincount(place, weights=np.concatenate(areas), minlength=len(key))
    of, to = key // width, key % width + UNKNOWN
    share = area / np.bincount(of, weights=area, minlength=len(shapes))[of]
    if (to == UNKNOWN).any():
        raise describe_wrong_file(
            second.land.path,
            say("a class of the second layer has no row in its crosswalk"),
            "a row for every class",
            say("also for what is not divided, such as 0,other"),
        )
    return of, to, share


def measure_ellipsoidal_areas(shapes: NDArray[np.object_], crs: str) -> Floats:
    """Return the area of each shape on the ellipsoid, km².

    Parameters
    ----------
    crs : system of coordinates of the shapes, as WKT

    Source: flat areas in the cylindrical equal-area projection of the same ellipsoid, as computed by PROJ.
    """
    transformer = make_equal_area(crs)
    moved = shapely.transform(shapes, lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1])))
    return np.asarray(shapely.area(moved) / 1e6)
