"""Polygons of classes as a second layer: a forest map, a grassland or wetland survey, on the pixels of land cover or over parcels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from rasterio import Affine, features

from gep.messages.problems import Problem, refuse
from gep.messages.texts import Joined, join_list, mark_word, say
from gep.paths import print_path
from gep.reference.crosswalk import read_crosswalk
from gep.space.raster.grid import CHANGING_WARNINGS
from gep.space.raster.sources import Raster, describe_wrong_file
from gep.space.shapes.polygons import describe_left_out, read_polygons
from gep.space.shapes.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from gep.reference.crosswalk import Crosswalk
    from gep.space.raster.grid import Grid, Window
    from gep.space.shapes.polygons import Polygons

NO_CLASS = -1
OVERLAP = 1e-3
"""Share of the smaller by which polygons of two types may lie over one another: digitising."""
NAMED = 5


@dataclass(frozen=True)
class ClassPolygons:
    """Polygons, the position of each one's class in a crosswalk, and what lies over one another."""

    polygons: Polygons
    crosswalk: Crosswalk
    place: NDArray[np.int16]
    over: Common

    @property
    def told(self) -> list[str]:
        """What to tell of the file."""
        return describe_left_out(self.polygons)


def read_class_polygons(
    name: str, field: str, scheme: str, where: tuple[str, tuple[float, float, float, float]]
) -> ClassPolygons:
    """Return the polygons of a second layer near what they are to divide.

    Parameters
    ----------
    name   : FILE, FILE|layername=NAME
    field  : column with the class of each polygon
    scheme : shipped crosswalk, or file of one
    where  : projection as WKT and bounds of what they are to divide

    Raises
    ------
    Problems : no column or crosswalk is named, wrong shapes, classes without a row, polygons of two types that lie over one another
    """
    polygons = read_polygons(Path(name), where)
    if not field or not scheme:
        raise describe_wrong_file(
            polygons.path,
            say("the second layer is of polygons, and nothing says what their classes are"),
            say("its column and a crosswalk: FILE|field=NAME|classes=CROSSWALK"),
            say("the columns are {fields}", fields=join_list(polygons.fields)),
        )
    crosswalk = read_crosswalk(scheme)
    labels = polygons.column(field, "the column with the class of each polygon (|field=)")
    area = shapely.area(polygons.shapes)
    place = place_classes(labels, area / max(area.sum(), 1e-300), crosswalk, polygons.path, share=True)
    types = np.array([one.ecosystem for one in crosswalk.classes])[place]
    over = _find_common(polygons.shapes)
    refuse(_find_overlaps(polygons, types, over))
    return ClassPolygons(polygons, crosswalk, place.astype(np.int16), over)


def place_classes(
    labels: Sequence[str], area: NDArray[np.float64], crosswalk: Crosswalk, path: str, *, share: bool = False
) -> NDArray[np.intp]:
    """Return the position in a crosswalk of each polygon's class.

    Parameters
    ----------
    area  : of each polygon, km², or its share of all
    share : which of the two

    Raises
    ------
    Problems : classes that have no row, with their areas
    """
    position = {one.code: at for at, one in enumerate(crosswalk.classes)}
    unknown: dict[str, float] = {}
    found = np.zeros(len(area), dtype=np.intp)
    for at, (one, size) in enumerate(zip(labels, area, strict=True)):
        land_class = crosswalk.find(one)
        if land_class is None:
            unknown[one] = unknown.get(one, 0.0) + float(size)
        else:
            found[at] = position[land_class.code]
    if unknown:
        empty = mark_word("(empty)")
        listed = sorted(unknown.items())[:20]
        classes = Joined(
            (
                say("class {code}: {share:.2%}", code=code or empty, share=size)
                if share
                else say("class {code}: {area:,.4f} km²", code=code or empty, area=size)
                for code, size in listed
            ),
            "; ",
            "；",
        )
        raise describe_wrong_file(
            path,
            say("{count} classes have no row in {file}: {classes}", count=len(unknown), file=crosswalk.file, classes=classes),
            "a row for every class",
            _suggest_zeros(unknown, crosswalk)
            or (
                say("also for what is not divided, such as 0,other; |field= names another column")
                if share
                else "add rows to a crosswalk of your own (--classes FILE.csv), or name another column (--class-field)"
            ),
        )
    return found


def _suggest_zeros(unknown: Iterable[str], crosswalk: Crosswalk) -> str:
    """Return what to do where codes have lost the zero they begin with, as in a column of numbers: 101 for 0101; else nothing."""
    lost = next((one for one in sorted(unknown) if one.isdigit() and crosswalk.find(f"0{one}") is not None), "")
    if not lost:
        return ""
    return say(
        "zeros in front seem lost ({code} for 0{code}): make the column one of text, in QGIS lpad(to_string(\"DLBM\"), 4, '0')",
        code=lost,
    )


@dataclass(frozen=True)
class Common:
    """Pairs of polygons that lie over one another, the earlier in the file first, and the share of the smaller that both have."""

    one: NDArray[np.int64]
    two: NDArray[np.int64]
    share: NDArray[np.float64]


def _find_common(shapes: NDArray[np.object_]) -> Common:
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    keep = one < two
    one, two = one[keep], two[keep]
    common = shapely.area(shapely.intersection(shapes[one], shapes[two]))
    share = common / np.minimum(shapely.area(shapes[one]), shapely.area(shapes[two]))
    has = share > 0
    return Common(one[has], two[has], share[has])


def _lay_side_by_side(shapes: NDArray[np.object_], over: Common) -> NDArray[np.object_]:
    """Return polygons of which none lies over another: what a later one covers is cut off, so that no land counts twice."""
    found = shapes.copy()
    for at in np.unique(over.one):
        found[at] = shapely.difference(shapes[at], shapely.union_all(shapes[over.two[over.one == at]]))
    return found


def _find_overlaps(polygons: Polygons, types: NDArray[np.str_], over: Common) -> list[Problem]:
    """Return polygons of different types that lie over one another: which is meant, nobody can say."""
    one, two, share = over.one, over.two, over.share
    return [
        Problem(
            print_path(Path(polygons.path)),
            int(two[at]) + 1,
            say(
                "polygon {two} ({type}) overlaps polygon {one} ({other}) by {share:.2%} of the smaller",
                two=int(two[at]) + 1,
                one=int(one[at]) + 1,
                type=str(types[two[at]]),
                other=str(types[one[at]]),
                share=float(share[at]),
            ),
            "polygons of different types side by side",
            "which of them is meant? cut one of them in the GIS",
        )
        for at in np.flatnonzero((share > OVERLAP) & (types[one] != types[two]))[:NAMED]
    ]


@dataclass(frozen=True)
class PaintedClasses(Raster):
    """Polygons of classes on a grid; nothing is copied. Where a pixel can have one class only, it is that at its centre.

    Attributes
    ----------
    shapes : in pixels of the grid (column, -row)
    place  : position of each one's class in its crosswalk, which stands in the pixels; NO_CLASS where no polygon lies
    """

    shapes: tuple[shapely.Geometry, ...] = ()
    place: tuple[int, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether GDAL reads it as one file."""
        return False

    def read(self, window: Window) -> NDArray[np.int16]:
        """Return the positions of classes in a block, shape (rows, columns)."""
        window = window.shift(*self.corner)
        found = np.full((window.rows, window.columns), NO_CLASS, dtype=np.int16)
        box = shapely.box(window.column, -window.row - window.rows, window.column + window.columns, -window.row)
        here = np.sort(shapely.STRtree(self.shapes).query(box))
        if len(here):
            to = Affine(1, 0, window.column, 0, -1, -window.row)
            with CHANGING_WARNINGS:
                features.rasterize([(self.shapes[at], self.place[at]) for at in here], out=found, transform=to)
        return found


def paint_classes(second: ClassPolygons, grid: Grid) -> PaintedClasses:
    """Return polygons of classes on a grid.

    Raises
    ------
    Problems : the polygons lie where the grid's projection is not defined
    """
    moved = shapely.transform(
        second.polygons.onto(grid.crs),
        lambda points: np.column_stack(((points[:, 0] - grid.left) / grid.step_x, (grid.top - points[:, 1]) / grid.step_y)),
    )
    moved = _lay_side_by_side(moved, second.over)
    of = second.polygons
    block = (256, 256)
    return PaintedClasses(
        of.path,
        grid,
        "int16",
        float(NO_CLASS),
        1.0,
        0.0,
        "",
        block,
        of.sha256,
        stated=of.stated,
        shapes=tuple(moved),
        place=tuple(second.place.tolist()),
    )


def list_positions() -> NDArray[np.int16]:
    """Return the table from a painted pixel's sixteen bits to its class's position: itself."""
    return np.arange(1 << 16, dtype=np.uint16).astype(np.int16)


@dataclass(frozen=True)
class CutClasses:
    """Polygons of classes cut where zones end, so that a pixel on a border has the share of each class in each zone.

    Attributes
    ----------
    pieces : in pixels of the zones' grid
    zone   : of each piece
    place  : position of its class in the crosswalk of each layer, NO_CLASS where that has none; shape (pieces, layers)
    """

    pieces: Zones
    zone: NDArray[np.int64]
    place: NDArray[np.int16]

    def measure(
        self, window: Window, here: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int16], NDArray[np.float64]]:
        """Return the pixels of a block that pieces cover in part: pixel (position in the flat block), zone (position in `here`), classes and share.

        Parameters
        ----------
        here : the zones that reach into the block
        """
        near, cover = self.pieces.cover(window)
        piece = near[cover.shape]
        zone = np.minimum(np.searchsorted(here, self.zone[piece]), len(here) - 1)
        known = here[zone] == self.zone[piece]
        return cover.at[known], zone[known], self.place[piece][known], cover.share[known]


def cut_classes(layers: Sequence[PaintedClasses | None], zones: Zones) -> CutClasses | None:
    """Return polygons of one or two layers cut where zones of the same grid, and polygons of the other layer, end; None where no layer is of polygons.

    Parameters
    ----------
    layers : None: one that is not of polygons; its classes are NO_CLASS
    """
    known = [one for one in layers if one is not None]
    if not known:
        return None
    if len({(one.path, one.sha256, one.place) for one in known}) == 1:
        shapes = np.array(known[0].shapes, dtype=object)
        of_layer = np.array(known[0].place, dtype=np.int16)
        place = np.column_stack([np.full(len(shapes), NO_CLASS, np.int16) if one is None else of_layer for one in layers])
    else:
        shapes, place = _lay_over(*known)
    outlines = np.array(zones.shapes, dtype=object)
    at, zone = shapely.STRtree(outlines).query(shapes, predicate="intersects")
    shapely.prepare(outlines)
    cut = shapes[at]
    crosses = ~shapely.covers(outlines[zone], cut)
    cut[crosses] = shapely.intersection(cut[crosses], outlines[zone[crosses]])
    return CutClasses(Zones((), tuple(cut), ""), zone, place[at])


def _lay_over(one: PaintedClasses, two: PaintedClasses) -> tuple[NDArray[np.object_], NDArray[np.int16]]:
    """Return the pieces that two layers make together, and the class of each in both."""
    shapes = [np.array(layer.shapes, dtype=object) for layer in (one, two)]
    places = [np.array(layer.place, dtype=np.int16) for layer in (one, two)]
    second, first = shapely.STRtree(shapes[0]).query(shapes[1], predicate="intersects")
    alone = []
    for layer, (mine, other) in enumerate(((first, second), (second, first))):
        rest = shapes[layer].copy()
        for at in np.unique(mine):
            rest[at] = shapely.difference(rest[at], shapely.union_all(shapes[1 - layer][other[mine == at]]))
        alone.append(rest)
    both = shapely.intersection(shapes[0][first], shapes[1][second])
    none = [np.full(len(places[layer]), NO_CLASS, np.int16) for layer in (0, 1)]
    place = np.concatenate(
        [
            np.column_stack([places[0][first], places[1][second]]),
            np.column_stack([places[0], none[0]]),
            np.column_stack([none[1], places[1]]),
        ]
    )
    return np.concatenate([both, *alone]), place
