"""Zones: which pixels lie in which county, whole or in which exact share.

All is done in pixel coordinates (column, minus row), where the edges of blocks are whole numbers; only borders are walked
(`gep.space.shapes.coverage`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gep.messages.problems import Problem, refuse
from gep.messages.texts import join_list, mark_word, say
from gep.paths import print_path
from gep.reference.regions import list_chain, read_regions, shorten_code, suggest_divisions
from gep.space.raster.sources import describe_wrong_file
from gep.space.shapes.coverage import list_edges, measure_cover
from gep.space.shapes.datum import check_datum
from gep.space.shapes.polygons import Polygons, describe_no_overlap

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.space.raster.grid import Grid, Window
    from gep.space.shapes.coverage import Cover, Edges

NO_ZONE = -1
CODE_FIELDS = ("adcode", "county", "unit", "编号", "单元编号", "code", "县代码", "行政区代码", "XZQDM", "ZLDWDM", "PAC", "gb")
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
        near, cover = self.cover(window)
        has = np.zeros(len(near), dtype=bool)
        has[cover.shape] = has[cover.whole_shape] = True
        place = np.where(has, np.cumsum(has) - 1, NO_ZONE)
        values, bounds = _order_runs(place[cover.centre_shape], cover.first, cover.last, window.rows * window.columns)
        at, zone, share = _add_whole(cover)
        return ZoneBlock(near[has], (window.rows, window.columns), values, bounds, at, place[zone], share)

    def cover(self, window: Window) -> tuple[NDArray[np.int64], Cover]:
        """Return which shapes come near a block, and what they cover of it; shapes in `Cover` are positions among them."""
        box = shapely.box(window.column, -window.row - window.rows, window.column + window.columns, -window.row)
        near = np.sort(self._tree.query(box))
        firsts = self._first_edges
        which = np.concatenate([np.arange(firsts[zone], firsts[zone + 1]) for zone in near] or [_NONE])
        edges = self._edges.take(which).move(window.column, window.row)
        return near, measure_cover(replace(edges, shape=np.searchsorted(near, edges.shape)), window.rows, window.columns)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(list(self.shapes))

    @cached_property
    def _edges(self) -> Edges:
        return list_edges(np.array(self.shapes, dtype=object))

    @cached_property
    def _first_edges(self) -> NDArray[np.intp]:
        """Where the edges of each zone begin."""
        return np.searchsorted(self._edges.shape, np.arange(len(self.shapes) + 1))


@dataclass(frozen=True)
class ZoneBlock:
    """A block's zones.

    Attributes
    ----------
    here  : the zones that reach into the block
    shape : rows and columns
    values, bounds : the zone at the centre of each pixel as a position in `here`, or NO_ZONE, by runs of the flat block; one more bound than values
    at, zone, share : pixels (positions in the flat block) that lie in a zone only in part, once for each such zone
                      (a position in `here`)
    """

    here: NDArray[np.int64]
    shape: tuple[int, int]
    values: NDArray[np.int16]
    bounds: NDArray[np.int64]
    at: NDArray[np.int64]
    zone: NDArray[np.int64]
    share: NDArray[np.float64]

    @cached_property
    def label(self) -> NDArray[np.int16]:
        """The zone at the centre of each pixel, shape (rows, columns), as a position in `here`, or NO_ZONE."""
        return np.repeat(self.values, np.diff(self.bounds)).reshape(self.shape)

    def inside(self) -> NDArray[np.int16]:
        """Return the flat labels of pixels that lie in one zone whole; NO_ZONE elsewhere."""
        flat = self.label.ravel().copy()
        flat[self.at] = NO_ZONE
        return flat


_NONE = np.zeros(0, dtype=np.int64)


def _order_runs(
    zone: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """Return the zones of a flat block by runs side by side, and their bounds; of two zones that overlap a little, the one whose run begins first."""
    order = np.argsort(first, kind="stable")
    zone, first, last = zone[order], first[order], last[order]
    reached = np.maximum.accumulate(last) if len(last) else last
    first = np.maximum(first, np.concatenate(([0], reached[:-1])))
    bounds = np.column_stack((first, reached)).ravel()
    values = np.column_stack((np.full(len(zone), NO_ZONE), zone)).ravel()
    return np.append(values, NO_ZONE).astype(np.int16), np.concatenate(([0], bounds, [size]))


def _add_whole(cover: Cover) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the shared pixels of a block with the zones that have one of them whole, where zones overlap a little."""
    starts, ends = np.sort(cover.start), np.sort(cover.end)
    pixels = np.unique(cover.at)
    deep = pixels[np.searchsorted(starts, pixels, "right") > np.searchsorted(ends, pixels, "right")]
    at, zone, share = [cover.at], [cover.shape], [cover.share]
    if len(deep):
        for whole in np.unique(cover.whole_shape):
            mine = cover.whole_shape == whole
            begun = np.searchsorted(np.sort(cover.start[mine]), deep, "right")
            here = deep[begun > np.searchsorted(np.sort(cover.end[mine]), deep, "right")]
            at, zone, share = [*at, here], [*zone, np.full(len(here), whole)], [*share, np.ones(len(here))]
    return np.concatenate(at), np.concatenate(zone), np.concatenate(share)


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
    townships with zeros at the end; those of land surveys nineteen (ZLDWDM), of which seven zeros follow those of a village.
    """
    if codes and all(re.fullmatch(r"\d{12}0{7}", code) for code in codes):
        codes = tuple(code[:12] for code in codes)
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
