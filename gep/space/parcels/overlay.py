"""What became of the parcels of one survey in a later one: shapes laid over each other, areas as each survey states them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import shapely

from gep.space.parcels.division import Pieces, measure_ellipsoidal_areas
from gep.space.shapes.polygons import Polygons

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from gep.space.parcels.survey import Survey

    Places = NDArray[np.intp]
    Floats = NDArray[np.float64]
    Shapes = NDArray[np.object_]

Kind = TypeVar("Kind", np.intp, np.float64)
LEAST = 1e-6
"""Share of a parcel below which what is left of it is nothing: edges that do not quite meet."""
OVER = 1e-3
"""Share by which shapes of one parcel lie over one another that are more than digitising."""
ROUNDING = 1e-12


@dataclass(frozen=True)
class Parts:
    """Parts of parcels of two years, opening and closing.

    Attributes
    ----------
    zone   : of each part
    parcel : of each part, position of its parcel in the file of each year; -1: none lies there
    place  : of each part, place of its class in the sums of each year; 0: no parcel lies there
    area   : of each part, km² as the survey of each year states it; 0 where no parcel lies there
    shapes : in the system of the opening survey
    """

    zone: Places
    parcel: tuple[Places, Places]
    place: tuple[Places, Places]
    area: tuple[Floats, Floats]
    shapes: Shapes


@dataclass(frozen=True)
class _Year:
    """The distinct shapes of a year, none over another; `place` and `area` of shape (shapes, classes on one): a parcel's own class, ridges deducted from it, what a raster divides it into."""

    shapes: Shapes
    drawn: Floats
    zone: Places
    parcel: Places
    place: Places
    area: Floats


def overlay_surveys(opening: Survey, closing: Survey) -> Parts:
    """Return the parts that parcels of two surveys have in common, and those that one of them has alone.

    Ridges, and what a raster divides a parcel into, have no shapes of their own: what a part has of one class in both years stayed, and
    the rest went over in proportion.

    Parameters
    ----------
    opening, closing : of the same zones
    """
    crs = opening.layers.land.crs
    years = [_list_shapes(_take_pieces(one), one.layers.land.crs, crs) for one in (opening, closing)]
    return _overlay(years[0], years[1], crs)


def divide_parts(parts: Parts, divide: Sequence[Callable[[Pieces], Pieces]], crs: str) -> Parts:
    """Return parts whose classes second layers tell apart, each year by its own: only where years differ there is a change.

    Parts are divided and not parcels, so that one map in both years makes no change of a new border between parcels.

    Parameters
    ----------
    divide : of each year, what divides pieces
    crs    : of the shapes
    """
    _, first, form = np.unique([id(one) for one in parts.shapes], return_index=True, return_inverse=True)
    years = []
    for side in (0, 1):
        has = parts.place[side] > 0
        key = np.column_stack((form, parts.place[side]))[has]
        pairs, inverse = np.unique(key, axis=0, return_inverse=True)
        area = np.zeros(len(pairs))
        np.add.at(area, inverse.ravel(), parts.area[side][has])
        of = pairs[:, 0].astype(np.intp)
        pieces = divide[side](Pieces(of, of, pairs[:, 1].astype(np.intp), parts.shapes[first][of], area))
        years.append(_list_shapes(pieces, crs, crs))
    found = _overlay(years[0], years[1], crs)
    before, after = (np.where(of < 0, of, own[first][found.zone]) for of, own in zip(found.parcel, parts.parcel, strict=True))
    return replace(found, zone=parts.zone[first][found.zone], parcel=(before, after))


def _overlay(opening: _Year, closing: _Year, crs: str) -> Parts:
    years = (opening, closing)
    at, common = _find_common(*years)
    drawn = measure_ellipsoidal_areas(common, crs)
    shares = (_measure_shares(drawn, years[0], at[0]), _measure_shares(drawn, years[1], at[1]))
    found = [_share_out(years, at, shares, common)]
    for side, year in enumerate(years):
        left = np.asarray(1.0 - np.bincount(at[side], weights=shares[side], minlength=len(year.shapes)), dtype=np.float64)
        found.append(_take_rest(year, side, left, at[side], common))
    return _join(found)


def _take_pieces(survey: Survey) -> Pieces:
    return Pieces(survey.zone, survey.parcel, survey.place, survey.shapes, survey.area)


def _join(parts: Sequence[Parts]) -> Parts:
    def both(of: Callable[[Parts], tuple[NDArray[Kind], NDArray[Kind]]]) -> tuple[NDArray[Kind], NDArray[Kind]]:
        return np.concatenate([of(one)[0] for one in parts]), np.concatenate([of(one)[1] for one in parts])

    return Parts(
        np.concatenate([one.zone for one in parts]),
        both(lambda one: one.parcel),
        both(lambda one: one.place),
        both(lambda one: one.area),
        np.concatenate([one.shapes for one in parts]),
    )


def _list_shapes(survey: Pieces, own: str, crs: str) -> _Year:
    """Return the pieces of a survey, whose shapes are in a system of their own, by shape in another: what is deducted from a parcel lies on the shape of the parcel, and is cut where a second layer cuts it."""
    ids = np.array([id(one) for one in survey.shapes], dtype=np.int64)
    _, first, inverse = np.unique(ids, return_index=True, return_inverse=True)
    shapes, zone, parcel = survey.shapes[first], survey.zone[first], survey.parcel[first]
    covered = _find_covered(shapes, zone, parcel)
    by_shape, starts = np.argsort(inverse, kind="stable"), np.searchsorted(np.sort(inverse), np.arange(len(first) + 1))
    on_their_own = np.ones(len(first), dtype=bool)
    on_their_own[np.concatenate([*covered, np.zeros(0, dtype=np.intp)])] = False
    alone = np.flatnonzero(on_their_own[inverse])
    found = [(alone, np.asarray(inverse[alone], dtype=np.intp), np.ones(len(alone)))]
    made, count = [shapes], len(shapes)
    origin = [np.arange(count)]
    for several in covered:
        parts = _cut_up(shapes[several])
        inside = shapely.area(shapely.intersection(shapes[several][:, None], parts)) > shapely.area(parts) / 2
        size = inside * measure_ellipsoidal_areas(parts, own)
        share = size / size.sum(axis=1, keepdims=True)
        for at, one in enumerate(several):
            pieces, here = by_shape[starts[one] : starts[one + 1]], np.flatnonzero(inside[at])
            found.append(
                (np.repeat(pieces, len(here)), np.tile(count + here, len(pieces)), np.tile(share[at, here], len(pieces)))
            )
        made.append(parts)
        origin.append(np.full(len(parts), several[0]))
        count += len(parts)
    of, shape, share = (np.concatenate(one) for one in zip(*found, strict=True))
    shapes, back = np.concatenate(made), np.concatenate(origin)
    zone, parcel = zone[back], parcel[back]
    order = np.lexsort((of, shape))
    of, shape, share = of[order], shape[order], share[order]
    used, begins, column = np.unique(shape, return_index=True, return_inverse=True)
    rank = np.arange(len(shape)) - begins[column]
    place = np.zeros((len(used), int(rank.max(initial=0)) + 1), dtype=np.intp)
    area = np.zeros(place.shape)
    place[column, rank], area[column, rank] = survey.place[of], survey.area[of] * share
    drawn = measure_ellipsoidal_areas(shapes[used], own)
    moved = Polygons("", own, shapes[used], {}, "", "").onto(crs)
    return _Year(moved, drawn, zone[used], parcel[used], place, area)


def _find_covered(shapes: Shapes, zone: Places, parcel: Places) -> list[Places]:
    """Return the shapes of each parcel in a zone of which some lie over others: its ridges on all of it, its class cut by a second layer."""
    order = np.lexsort((parcel, zone))
    ends = np.flatnonzero((np.diff(zone[order]) != 0) | (np.diff(parcel[order]) != 0)) + 1
    several = (np.sort(one) for one in np.split(order, ends) if len(one) > 1)
    return [one for one in several if shapely.area(shapes[one]).sum() > (1 + OVER) * shapely.area(shapely.union_all(shapes[one]))]


def _cut_up(shapes: Shapes) -> Shapes:
    """Return parts side by side of shapes that lie over one another; each shape is some of the parts."""
    trace = LEAST * float(shapely.area(shapes).max())
    parts: list[shapely.Geometry] = []
    for shape in shapes:
        rest, cut = shape, []
        for part in parts:
            cut += [shapely.intersection(part, shape), shapely.difference(part, shape)]
            rest = shapely.difference(rest, part)
        parts = [one for one in (*cut, rest) if one.area > trace]
    return np.array(parts, dtype=object)


def _find_common(one: _Year, two: _Year) -> tuple[tuple[Places, Places], Shapes]:
    """Return which shapes of two years lie over each other in one zone, and what they have in common.

    Shapes that are the same in both years, mostly almost all, are not cut.
    """
    known = {
        (zone, bytes(form)): at for at, (zone, form) in enumerate(zip(one.zone.tolist(), shapely.to_wkb(one.shapes), strict=True))
    }
    forms = zip(two.zone.tolist(), shapely.to_wkb(two.shapes), strict=True)
    same = np.array([known.get((zone, bytes(form)), -1) for zone, form in forms], dtype=np.intp)
    second = np.flatnonzero(same >= 0)
    first = same[second]
    others, rest = np.ones(len(one.shapes), dtype=bool), np.flatnonzero(same < 0)
    others[first] = False
    open_ = np.flatnonzero(others)
    to, of = shapely.STRtree(one.shapes[open_]).query(two.shapes[rest], predicate="intersects")[::-1]
    left, right = open_[to], rest[of]
    inside = one.zone[left] == two.zone[right]
    left, right = left[inside], right[inside]
    cut = shapely.intersection(one.shapes[left], two.shapes[right])
    has = shapely.area(cut) > 0
    return (np.append(first, left[has]), np.append(second, right[has])), np.append(one.shapes[first], cut[has])


def _measure_shares(drawn: Floats, year: _Year, at: Places) -> Floats:
    """Return the share of its shape that each part is; shapes that are covered all but a trace, or more than once, are covered."""
    share: Floats = drawn / year.drawn[at]
    whole = np.bincount(at, weights=share, minlength=len(year.shapes))
    return np.asarray(share / np.where(whole > 1 - LEAST, whole, 1.0)[at])


def _share_out(years: tuple[_Year, _Year], at: tuple[Places, Places], shares: tuple[Floats, Floats], common: Shapes) -> Parts:
    """Return parts by the classes of both years: net areas and ridges of each."""
    place = tuple(year.place[which] for year, which in zip(years, at, strict=True))
    area = tuple(year.area[which] * share[:, None] for year, which, share in zip(years, at, shares, strict=True))
    whole = tuple(one.sum(axis=1) for one in area)
    left = [one / np.where(total > 0, total, 1.0)[:, None] for one, total in zip(area, whole, strict=True)]
    goes = np.zeros((len(common), left[0].shape[1], left[1].shape[1]))
    pairs = list(np.ndindex(goes.shape[1:]))
    for i, j in pairs:
        stays = np.where(place[0][:, i] == place[1][:, j], np.minimum(left[0][:, i], left[1][:, j]), 0.0)
        goes[:, i, j] += stays
        left[0][:, i] -= stays
        left[1][:, j] -= stays
    rest = left[0].sum(axis=1)
    for i, j in pairs:
        goes[:, i, j] += left[0][:, i] * left[1][:, j] / np.where(rest > ROUNDING, rest, np.inf)
    part, mine, its = np.nonzero(goes > 0)
    weight = goes[part, mine, its]
    return Parts(
        years[0].zone[at[0][part]],
        (years[0].parcel[at[0][part]], years[1].parcel[at[1][part]]),
        (place[0][part, mine], place[1][part, its]),
        (whole[0][part] * weight, whole[1][part] * weight),
        common[part],
    )


def _take_rest(year: _Year, side: int, left: Floats, at: Places, common: Shapes) -> Parts:
    """Return what a year has alone: of each shape the share `left`."""
    alone = np.flatnonzero(left > LEAST)
    remains = year.shapes.copy()
    covered = np.argsort(at, kind="stable")
    starts = np.searchsorted(at[covered], np.arange(len(year.shapes) + 1))
    for one in alone:
        parts = common[covered[starts[one] : starts[one + 1]]]
        if len(parts):
            remains[one] = shapely.difference(year.shapes[one], shapely.union_all(parts))
    which, of = np.nonzero(year.area[alone] > 0)
    here = alone[which]
    none = np.zeros(len(here))
    both = (
        (year.parcel[here], np.full(len(here), -1, dtype=np.intp)),
        (year.place[here, of], np.zeros(len(here), dtype=np.intp)),
        (year.area[here, of] * left[here], none),
    )
    parcel, place, area = both if side == 0 else tuple(pair[::-1] for pair in both)
    return Parts(year.zone[here], parcel, place, area, remains[here])  # type: ignore[arg-type]
