"""A second layer tells apart what parcels of a survey lump: by the area of its polygons, or of its pixels, in each parcel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS

from gep.messages.texts import say
from gep.space.drivers.layers import UNKNOWN, classify_pixels
from gep.space.raster.grid import Window, make_equal_area
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
    grid = second.grid
    left, bottom, right, top = map(float, shapely.total_bounds(shapes)) if len(shapes) else (0.0, 0.0, 0.0, 0.0)
    columns = sorted(((left - grid.left) / grid.step_x, (right - grid.left) / grid.step_x))
    rows = sorted(((top - grid.top) / grid.step_y, (bottom - grid.top) / grid.step_y))
    row, column = int(np.floor(rows[0])), int(np.floor(columns[0]))
    window = Window(row, column, max(1, int(np.ceil(rows[1])) - row), max(1, int(np.ceil(columns[1])) - column))
    cells = np.full((window.rows, window.columns), NO_CLASS, dtype=np.int16)
    first_row, first_column = max(0, row), max(0, column)
    last_row, last_column = min(grid.height, row + window.rows), min(grid.width, column + window.columns)
    if first_row < last_row and first_column < last_column:
        inside = Window(first_row, first_column, last_row - first_row, last_column - first_column)
        stored = np.asarray(read_block(second.land, inside))
        cells[first_row - row : last_row - row, first_column - column : last_column - column] = classify_pixels(
            stored, second.class_table(), second.land.nodata
        )
    x0, y0 = grid.left + grid.step_x * column, grid.top + grid.step_y * row
    x1, y1 = x0 + grid.step_x * window.columns, y0 + grid.step_y * window.rows
    if grid.step_y > 0:
        cells = cells[::-1]
    source = NumPyRasterSource(cells, x0, min(y0, y1), x1, max(y0, y1), srs_wkt=grid.crs)
    weight = "area_spherical_km2" if CRS.from_wkt(grid.crs).is_geographic else "fraction"
    features = [{"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(one)} for one in shapes]
    found = exact_extract(source, features, [f"unique(coverage_weight={weight})", f"frac(coverage_weight={weight})"])
    properties = [one["properties"] for one in found]
    classes = [np.asarray(next(value for key, value in one.items() if "unique" in key), dtype=np.intp) for one in properties]
    shares = [np.asarray(next(value for key, value in one.items() if "frac" in key), dtype=np.float64) for one in properties]
    of = np.repeat(np.arange(len(shapes)), [len(one) for one in classes])
    to = np.concatenate([*classes, np.zeros(0, dtype=np.intp)])
    share = np.concatenate([*shares, np.zeros(0)])
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
