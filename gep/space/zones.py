"""Zones: which pixels lie in which county, whole or in which exact share.

A pixel inside a zone is found by rasterising; only the pixels a border runs through get exact shares, from exactextract,
over a narrow band of the grid along the border. All is done in pixel coordinates (column, minus row), where the edges of
blocks are whole numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.feature import Feature, FeatureSource
from exactextract.raster import NumPyRasterSource
from rasterio import Affine, features

from gep.messages.problems import Problem, refuse
from gep.messages.texts import join_list, mark_word, say
from gep.paths import print_path
from gep.reference.regions import list_chain, read_regions, shorten_code, suggest_divisions
from gep.space.datum import check_datum
from gep.space.grid import CHANGING_WARNINGS
from gep.space.polygons import Polygons, describe_no_overlap
from gep.space.sources import describe_wrong_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.space.grid import Grid, Window

NO_ZONE = -1
CODE_FIELDS = ("adcode", "county", "unit", "编号", "单元编号", "code", "县代码", "行政区代码", "XZQDM", "ZLDWDM", "PAC", "gb")
BAND = 32
"""Pixels to a side of the squares that make up the band along a border."""
NO_SHARE = 1e-7
"""Shares are computed in single precision: less than this is rounding."""
OVERLAP_TOLERANCE = 1e-4
"""Zones may overlap by this share of the smaller one: digitising."""


@dataclass(frozen=True)
class Zones:
    """The zones of a grid: codes, shapes in pixel coordinates, and the file they came from."""

    codes: tuple[str, ...]
    shapes: tuple[shapely.Geometry, ...]
    cited: str

    def within(self, window: Window) -> ZoneBlock:
        """Return which pixels of a block lie in which zone, whole or in which exact share."""
        label = np.full((window.rows, window.columns), NO_ZONE, dtype=np.int16)
        left, top = window.column, -window.row
        right, bottom = left + window.columns, top - window.rows
        here: list[int] = []
        pieces, border = [], []
        for zone in sorted(self._tree.query(shapely.box(left, bottom, right, top), predicate="intersects").tolist()):
            piece = shapely.clip_by_rect(self.shapes[zone], left, bottom, right, top)
            if piece.area == 0:
                continue
            if piece.area == window.rows * window.columns:
                label[:] = 0
                return ZoneBlock(np.array([zone]), label, *_NOTHING)
            pieces.append((piece, len(here)))
            line = shapely.clip_by_rect(self._borders[zone], left, bottom, right, top)
            border.append(_shares(piece, line, window, len(here)))
            here.append(zone)
        if not pieces:
            return ZoneBlock(np.zeros(0, dtype=np.int64), label, *_NOTHING)
        with CHANGING_WARNINGS:
            features.rasterize(pieces, out=label, transform=Affine(1, 0, left, 0, -1, top))
        at, zone_of, share = (np.concatenate(parts) for parts in zip(*border, strict=True))
        cut = np.zeros(label.size, dtype=bool)
        cut[at[share < 1 - NO_SHARE]] = True
        shared = cut[at]  # with who else has a pixel goes who has it whole: slight overlaps
        return ZoneBlock(np.array(here), label, at[shared], zone_of[shared], share[shared])

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(list(self.shapes))

    @cached_property
    def _borders(self) -> tuple[shapely.Geometry, ...]:
        return tuple(shapely.boundary(shape) for shape in self.shapes)


@dataclass(frozen=True)
class ZoneBlock:
    """A block's zones.

    Attributes
    ----------
    here  : the zones that reach into the block
    label : (rows, columns), the zone at the centre of each pixel as a position in `here`, or NO_ZONE
    at, zone, share : pixels (positions in the flat block) that lie in a zone only in part, once for each such zone
                      (a position in `here`)
    """

    here: NDArray[np.int64]
    label: NDArray[np.int16]
    at: NDArray[np.int64]
    zone: NDArray[np.int64]
    share: NDArray[np.float64]

    def inside(self) -> NDArray[np.int16]:
        """Return the flat labels of pixels that lie in one zone whole; NO_ZONE elsewhere."""
        flat = self.label.ravel().copy()
        flat[self.at] = NO_ZONE
        return flat


_NOTHING = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


def _shares(
    piece: shapely.Geometry, line: shapely.Geometry, window: Window, zone: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the pixels near a zone's border that it covers, and their shares."""
    if line.is_empty:
        return _NOTHING
    left, top = window.column, -window.row
    squares = _squares(window)
    touched = np.sort(squares.query(line, predicate="intersects"))
    band = piece
    if len(touched) < len(squares.geometries):
        band = shapely.intersection(piece, shapely.coverage_union_all(squares.geometries[touched]))
    band = _polygons_of(band)
    if band.is_empty:
        return _NOTHING
    grid = NumPyRasterSource(
        np.broadcast_to(np.uint8(0), (window.rows, window.columns)), left, top - window.rows, left + window.columns, top
    )
    found = exact_extract(grid, _Shapes(band), ["cell_id", "coverage"])[0]["properties"]
    share = np.asarray(found["coverage"], dtype=np.float64)
    at = np.asarray(found["cell_id"], dtype=np.int64)
    has = share > NO_SHARE
    return at[has], np.full(int(has.sum()), zone, dtype=np.int64), share[has]


@lru_cache(maxsize=8)
def _squares(window: Window) -> shapely.STRtree:
    """Return the squares of a block."""
    columns, rows = np.meshgrid(np.arange(0, window.columns, BAND), np.arange(0, window.rows, BAND))
    left, top = window.column + columns.ravel(), -window.row - rows.ravel()
    right = np.minimum(left + BAND, window.column + window.columns)
    return shapely.STRtree(shapely.box(left, np.maximum(top - BAND, -window.row - window.rows), right, top))


class _Shapes(FeatureSource):  # type: ignore[misc]
    """One shape for exactextract, handed over as bytes: as text (GeoJSON) it takes longer than the shares themselves."""

    def __init__(self, shape: shapely.Geometry) -> None:
        super().__init__()
        self.shape = shape

    def count(self) -> int:
        return 1

    def srs_wkt(self) -> None:
        return None

    def __iter__(self) -> Iterator[_Shape]:
        yield _Shape(self.shape)


class _Shape(Feature):  # type: ignore[misc]
    def __init__(self, shape: shapely.Geometry) -> None:
        super().__init__()
        self.shape = shape

    def geometry(self) -> bytes:
        return bytes(shapely.to_wkb(self.shape))

    def fields(self) -> list[str]:
        return []

    def get(self, name: str) -> None:
        raise KeyError(name)


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a shape: cutting along a border may leave lines and points beside them."""
    parts = shapely.get_parts(shapely.make_valid(shape))
    parts = shapely.get_parts(parts)  # a collection may hold multipolygons
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def make_zones(polygons: Polygons, field: str | None, grid: Grid, land_cover: str) -> Zones:
    """Return the zones of a file on a grid.

    Parameters
    ----------
    field : the column with six-digit codes; None: the first usual one that is there
    land_cover : the raster's file, for messages

    Raises
    ------
    Problems : unknown or double codes, zones that overlap each other, none on the grid, coordinates of another system
    """
    path = polygons.path
    codes = read_codes(polygons, field)
    shapes = polygons.onto(grid.crs)
    refuse(find_wrong_zones(codes, shapes, path))
    check_datum(polygons, codes)
    bounds = tuple(float(one) for one in shapely.total_bounds(shapes))
    if not shapely.box(*bounds).intersects(shapely.box(*grid.bounds)):
        raise describe_no_overlap(path, bounds, land_cover, grid.bounds)
    order = np.argsort(np.array(codes))
    in_pixels = shapely.transform(
        shapes,
        lambda points: np.column_stack(((points[:, 0] - grid.left) / grid.step_x, (grid.top - points[:, 1]) / grid.step_y)),
    )
    return Zones(tuple(codes[at] for at in order), tuple(in_pixels[at] for at in order), polygons.cited)


def read_codes(polygons: Polygons, field: str | None) -> tuple[str, ...]:
    """Return the code of each polygon, in the order of the file.

    Parameters
    ----------
    field : the column with the codes; None: the first usual one that is there

    Raises
    ------
    Problems : there is no such column
    """
    if field is not None:
        return _shorten_national(polygons.column(field, "the column with the codes of the zones"))
    folded = {name.casefold(): name for name in polygons.fields}
    for name in CODE_FIELDS:
        if name.casefold() in folded:
            return _shorten_national(polygons.fields[folded[name.casefold()]])
    raise describe_wrong_file(
        polygons.path,
        say(
            "none of the columns {fields} is known to hold county codes",
            fields=join_list(polygons.fields or [mark_word("(none)")]),
        ),
        say("one of {names}", names=join_list(CODE_FIELDS)),
        "--zone-field names it",
    )


def _shorten_national(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes as the lists have them.

    Those of Tianditu (天地图) all begin with 156, the number of China in ISO 3166; those of statistics have twelve digits, counties and
    townships with zeros at the end.
    """
    if all(re.fullmatch(r"156\d{6}", code) for code in codes):
        return tuple(code[3:] for code in codes)
    for pattern, digits in ((r"\d{6}0{6}", 6), (r"\d{9}0{3}", 9)):
        if codes and all(re.fullmatch(pattern, code) for code in codes):
            return tuple(code[:digits] for code in codes)
    return codes


def join_rows(polygons: Polygons, field: str | None) -> tuple[Polygons, list[str]]:
    """Return polygons of which each code has one, those of several rows joined, and what to tell of it.

    Rows of one code that overlap stay as they are: which of them is meant nobody can say, and they are refused as double.

    Parameters
    ----------
    field : the column with the codes; None: the first usual one that is there
    """
    codes = read_codes(polygons, field)
    rows: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        rows.setdefault(code, []).append(at)
    if len(rows) == len(codes):
        return polygons, []
    shapes: list[shapely.Geometry] = []
    kept: list[int] = []
    told: list[str] = []
    for code, several in rows.items():
        parts = polygons.shapes[several]
        if len(several) > 1:
            joined = shapely.union_all(parts)
            if shapely.area(parts).sum() - joined.area > OVERLAP_TOLERANCE * shapely.area(parts).min():
                return polygons, []
            parts = np.array([joined])
            told.append(say("{code} stands in {count} rows, taken as one zone", code=code, count=len(several)))
        shapes.append(parts[0])
        kept.append(several[0])
    fields = {name: tuple(values[at] for at in kept) for name, values in polygons.fields.items()}
    return replace(polygons, shapes=np.array(shapes), fields=fields), told


def find_wrong_zones(codes: tuple[str, ...], shapes: NDArray[np.object_], path: str) -> list[Problem]:
    """Return what is wrong with zones: unknown and double codes, zones that overlap.

    Parameters
    ----------
    codes, shapes : one of each a polygon, in the order of the file
    path          : the file, for messages
    """
    return [*_wrong_codes(codes, path), *_overlaps(shapes, codes, path)]


def _wrong_codes(codes: tuple[str, ...], path: str | Path) -> list[Problem]:
    shown = _shown(path)
    known = read_regions()
    problems = []
    first: dict[str, int] = {}
    for at, code in enumerate(codes, start=1):
        if code not in known:
            hint = suggest_divisions(code) if code else ""
            problems.append(
                Problem(
                    shown,
                    at,
                    say("the code of polygon {at} is {code!r}", at=at, code=code),
                    "a six-digit GB/T 2260 code",
                    hint or suggest_units(code),
                )
            )
        elif code in first:
            problems.append(
                Problem(
                    shown,
                    at,
                    say("code {code} of polygon {at} is that of polygon {first} too", code=code, at=at, first=first[code]),
                    "one polygon a code",
                    "a county in several parts is one multipolygon: dissolve by code",
                )
            )
        first.setdefault(code, at)
    return problems


def suggest_units(code: str) -> str:
    """Return how zones that are no divisions are named; nothing for what looks like a division."""
    if not code or re.fullmatch(r"\d{6}", code):
        return ""
    return "--zone-kind says what zones of your own are (township, basin, red_line, parcel); --units names a table of them"


def _overlaps(shapes: NDArray[np.object_], codes: tuple[str, ...], path: str | Path) -> list[Problem]:
    tree = shapely.STRtree(shapes)
    one, two = tree.query(shapes, predicate="intersects")
    keep = one < two
    one, two = one[keep], two[keep]
    touching = shapely.touches(shapes[one], shapes[two])
    one, two = one[~touching], two[~touching]
    common = shapely.area(shapely.intersection(shapes[one], shapes[two]))
    share = common / np.minimum(shapely.area(shapes[one]), shapely.area(shapes[two]))
    return [
        Problem(
            _shown(path),
            int(two[at]) + 1,
            say(
                "{one} overlaps {other} by {share:.2%} of the smaller", one=codes[two[at]], other=codes[one[at]], share=share[at]
            ),
            "zones side by side",
            _suggest_cut(codes[one[at]], codes[two[at]]),
        )
        for at in np.flatnonzero(share > OVERLAP_TOLERANCE)
        if codes[one[at]] != codes[two[at]]  # told as a double code
    ]


def _suggest_cut(one: str, other: str) -> str:
    for above, below in ((one, other), (other, one)):
        if shorten_code(above) in list_chain(below)[:-1]:
            return say("{above} holds {below}: take its polygon out of the file", above=above, below=below)
    return "land counted in two counties is counted twice; cut one of them"


def _shown(path: str | Path) -> str:
    from pathlib import Path as AnyPath

    return print_path(AnyPath(path))
