"""Polygons of a land survey as land cover: parcels cut by zones, measured on the ellipsoid, drivers over each parcel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gep.messages.problems import Problem, Problems, refuse
from gep.messages.texts import say
from gep.paths import print_path
from gep.reference.crosswalk import read_crosswalk
from gep.space.drivers.demands import read_demands
from gep.space.drivers.reading import Driver, read_driver
from gep.space.parcels.areas import ParcelAreas, read_parcel_areas
from gep.space.parcels.division import Pieces, divide_pieces, measure_ellipsoidal_areas
from gep.space.parcels.over_pixels import lay_over_pixels
from gep.space.raster.moving import read_known
from gep.space.raster.sources import find_moved_type
from gep.space.shapes.class_polygons import place_classes
from gep.space.shapes.datum import check_datum
from gep.space.shapes.polygons import Polygons, describe_left_out, describe_no_overlap, read_polygons
from gep.space.shapes.zone_units import SETTLED, check_zone_years, settle_zones
from gep.space.shapes.zones import Zones, find_wrong_zones, read_codes
from gep.space.zonal.extract import SurveyLayers, check_axes, make_zonal_rows, measure_zone_areas
from gep.space.zonal.splitting import describe_division
from gep.space.zonal.sums import ZonalSums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf
    from gep.reference.crosswalk import Crosswalk
    from gep.reference.regions import Region
    from gep.space.zonal.extract import Row

DEFAULT_SCHEME = "survey3"
COUNTED_TWICE = 1e-3
"""Parcels may add up to more than a zone by this share: digitising."""
OVERLAP = 0.01
"""Share of the smaller by which two parcels may lie over one another: digitising."""
NAMED = 5
WHOLE = 1e-6
"""Share of a parcel that a border may seem to cut off: it lies in the zone as a whole."""


@dataclass(frozen=True)
class Survey:
    """Parcels of a survey cut by zones.

    Attributes
    ----------
    zone, parcel, place : of each piece: its zone, its parcel, and where its class stands in sums; ridges deducted from a parcel are
                          pieces of their own, on the same shape
    shapes   : of each piece, in the parcels' system
    area     : of each piece, km²
    drivers  : id → (mean over each piece, in the leaf's unit, NaN where there is no data; share of the piece with data)
    land     : code → geodesic area of the zone, km²
    units    : accounting units that only the layer of zones names
    """

    layers: SurveyLayers
    zones: Zones
    zone: NDArray[np.intp]
    parcel: NDArray[np.intp]
    place: NDArray[np.intp]
    shapes: NDArray[np.object_]
    area: NDArray[np.float64]
    drivers: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]
    land: Mapping[str, float]
    units: tuple[Region, ...]
    told: tuple[str, ...]

    def sum_up(self) -> ZonalSums:
        """Return areas and drivers by zone and class."""
        shape = (len(self.zones.codes), len(self.layers.crosswalk.classes) + 1)
        places = (self.zone, self.place)
        sums = np.zeros(shape)
        np.add.at(sums, places, self.area)
        of_drivers = {}
        for name, (mean, share) in self.drivers.items():
            weighted, known = np.zeros(shape), np.zeros(shape)
            np.add.at(weighted, places, np.where(share > 0, mean, 0.0) * self.area * share)
            np.add.at(known, places, self.area * share)
            of_drivers[name] = (weighted, known)
        return ZonalSums(np.arange(shape[0]), sums, of_drivers, {})


def read_survey(
    survey: Path,
    zones: Path,
    year: int,
    classes: str | None,
    zone_field: str | None,
    class_field: str,
    drivers: Sequence[str],
    leaves: Mapping[str, Leaf],
    zone_kind: str | None = None,
    split: Sequence[str] = (),
) -> Survey:
    """Return the parcels of a survey in zones, with their areas and the means of drivers.

    Parameters
    ----------
    classes     : scheme or file of the crosswalk; None: the shipped one that fits
    zone_field  : column with the codes of the zones; None: the first usual one
    class_field : column with the class of each parcel
    drivers     : texts `ID=FILE` or `ID=FILE*FACTOR[UNIT]`
    leaves      : variables and coefficients by id
    zone_kind   : kind of zones that are no divisions, where their rows do not say it
    split       : texts of second layers that tell lumped types apart, FILE|field=NAME|classes=CROSSWALK

    Raises
    ------
    Problems : wrong shapes, stated areas that do not add up, classes without a row in the crosswalk (with their area), parcels that
               overlap
    """
    parcels = read_polygons(survey)
    left, bottom, right, top = map(float, shapely.total_bounds(parcels.shapes))
    counties = read_polygons(zones, (parcels.crs, (left, bottom, right, top)))
    settled = settle_zones(counties, zone_field, zone_kind)
    check_zone_years(settled, year)
    counties = settled.polygons
    crosswalk = read_crosswalk(classes or DEFAULT_SCHEME)
    given = parcels.column(class_field, "the column with the class of each parcel (--class-field)")
    codes = read_codes(counties, SETTLED)
    shapes = counties.onto(parcels.crs)
    refuse(find_wrong_zones(codes, shapes, counties.path))
    check_datum(counties, codes)
    bounds, others = (tuple(map(float, shapely.total_bounds(one))) for one in (shapes, parcels.shapes))
    if not shapely.box(*bounds).intersects(shapely.box(*others)):
        raise describe_no_overlap(counties.path, bounds, parcels.name, others)
    rasters: list[Driver] = []
    problems: list[Problem] = []
    for text in drivers:
        try:
            rasters.append(read_driver(text, None, leaves, None, year))
        except Problems as error:
            problems += error.problems
    refuse(problems)
    check_axes(SurveyLayers(parcels, crosswalk, tuple(rasters)), leaves)
    order = np.argsort(np.array(codes))
    made = Zones(tuple(codes[at] for at in order), tuple(shapes[order]), counties.cited)
    drawn = measure_ellipsoidal_areas(parcels.shapes, parcels.crs)
    stated = read_parcel_areas(parcels, drawn)
    land = measure_zone_areas(counties, made.codes, codes)
    pieces = _cut(made, parcels, given, crosswalk, drawn, stated, land)
    division = divide_pieces(pieces, crosswalk, split, parcels.crs, leaves, year)
    pieces, parcels = division.pieces, replace(parcels, divided_by=division.seconds)
    layers = SurveyLayers(parcels, division.crosswalk, tuple(rasters))
    values = {one.id: _driver_means(one, pieces.shapes, parcels.crs) for one in rasters}
    told = [*(one.told for one in rasters), *settled.told, *describe_left_out(counties), *([stated.told] if stated else [])]
    told += division.told
    found = Survey(
        layers,
        made,
        pieces.zone,
        pieces.parcel,
        pieces.place,
        pieces.shapes,
        pieces.area,
        values,
        land,
        settled.units,
        tuple(told),
    )
    return replace(found, told=(*told, *describe_division(division.crosswalk, found.sum_up().of_classes, parcels)))


def make_survey_rows(
    survey: Survey, year: int, leaves: Mapping[str, Leaf], least: float | None, accepted: Sequence[str]
) -> tuple[list[Row], list[str]]:
    """Return the rows of all zones from the parcels of a survey, areas in km², drivers as means in the leaf's unit; and what to tell.

    Parameters
    ----------
    leaves   : variables and coefficients by id
    least    : percent of an area that must have data; None: 95
    accepted : ids of drivers whose gaps and sizes are accepted

    Raises
    ------
    Problems : drivers without data, means outside their plausible band
    """
    demands = read_demands(least, accepted, survey.layers.drivers)
    rows, gaps = make_zonal_rows(survey.sum_up(), survey.zones, survey.layers, leaves, year, survey.land, demands)
    return rows, [*survey.told, *gaps]


def _cut(
    zones: Zones,
    parcels: Polygons,
    given: Sequence[str],
    crosswalk: Crosswalk,
    drawn: NDArray[np.float64],
    stated: ParcelAreas | None,
    land: Mapping[str, float],
) -> Pieces:
    """Return the pieces of parcels in zones; ridges deducted from a parcel are pieces of their own.

    Parameters
    ----------
    given : class of each parcel
    drawn : area of its shape on the ellipsoid, km²
    land  : code → area of the zone, km²

    Raises
    ------
    Problems : parcels that overlap, classes without a row in the crosswalk
    """
    tree = shapely.STRtree(parcels.shapes)
    zone, parcel = tree.query(np.array(zones.shapes), predicate="intersects")
    cut = shapely.intersection(np.array(zones.shapes)[zone], parcels.shapes[parcel])
    has = shapely.area(cut) > 0
    zone, parcel, cut = zone[has], parcel[has], cut[has]
    refuse(_find_overlaps(parcels, np.unique(parcel)))
    area = measure_ellipsoidal_areas(cut, parcels.crs)
    refuse(
        _twice(
            np.asarray(np.bincount(zone, weights=area, minlength=len(zones.codes)), dtype=np.float64), zones, land, parcels.path
        )
    )
    labels = [given[one] for one in parcel]
    if stated is not None:
        share = area / drawn[parcel]
        share[share > 1 - WHOLE] = 1.0
        ridges = np.flatnonzero(stated.deducted[parcel] > 0)
        area = np.concatenate([stated.net[parcel] * share, (stated.deducted[parcel] * share)[ridges]])
        labels += [stated.deducted_class[one] for one in parcel[ridges]]
        zone, parcel, cut = (np.concatenate([one, one[ridges]]) for one in (zone, parcel, cut))
    return Pieces(zone, parcel, place_classes(labels, area, crosswalk, parcels.path) + 1, cut, area)


def _find_overlaps(parcels: Polygons, here: NDArray[np.intp]) -> list[Problem]:
    """Return parcels that lie over one another, also where zones are larger than what is surveyed of them.

    Parameters
    ----------
    here : the parcels that lie in zones
    """
    shapes = parcels.shapes[here]
    doubtful = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))  # a parcel in another: the inner one
    one, two = shapely.STRtree(shapes).query(shapes[doubtful], predicate="intersects")
    pairs = np.unique(np.sort(np.column_stack((doubtful[one], two)), axis=1), axis=0)
    one, two = pairs[pairs[:, 0] < pairs[:, 1]].T
    common = shapely.area(shapely.intersection(shapes[one], shapes[two]))
    share = common / np.minimum(shapely.area(shapes[one]), shapely.area(shapes[two]))
    return [
        Problem(
            print_path(Path(parcels.path)),
            int(here[two[at]]) + 1,
            say(
                "parcel {two} lies over parcel {one} with {share:.2%} of the smaller",
                two=int(here[two[at]]) + 1,
                one=int(here[one[at]]) + 1,
                share=float(share[at]),
            ),
            "parcels side by side",
            "land would be counted twice: take one of them out, or cut it",
        )
        for at in np.flatnonzero(share > OVERLAP)[:NAMED]
    ]


def _twice(sums: NDArray[np.float64], zones: Zones, land: Mapping[str, float], path: str) -> list[Problem]:
    return [
        Problem(
            print_path(Path(path)),
            0,
            say(
                "parcels in {code} add up to {sums:,.4f} km2, the zone has {land:,.4f} km2",
                code=code,
                sums=sums[at],
                land=land[code],
            ),
            "parcels side by side",
            "parcels overlap: land would be counted twice",
        )
        for at, code in enumerate(zones.codes)
        if sums[at] > land[code] * (1 + COUNTED_TWICE)
    ]


def _driver_means(driver: Driver, cut: NDArray[np.object_], crs: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean of a driver over each shape, in its unit, and the share with data; each pixel by its exact share.

    Shapes that several pieces have in common (a parcel and its ridges) are measured once.
    """
    _, first, inverse = np.unique(np.array([id(one) for one in cut], dtype=np.int64), return_index=True, return_inverse=True)
    mean, share = _measure_means(driver, cut[first], crs)
    return mean[inverse], share[inverse]


def _measure_means(driver: Driver, cut: NDArray[np.object_], crs: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    moved = Polygons("", crs, cut, {}, "", "").onto(driver.raster.grid.crs)
    raster = driver.raster
    dtype = find_moved_type(raster.dtype)
    weighted, known, whole = np.zeros(len(cut)), np.zeros(len(cut)), np.zeros(len(cut))
    for block in lay_over_pixels(moved, raster.grid, lambda window: read_known(raster, window, dtype), np.nan):
        values = block.cells[block.at].astype(np.float64)
        has = ~np.isnan(values)
        whole += np.bincount(block.shape, weights=block.area, minlength=len(cut))
        known += np.bincount(block.shape[has], weights=block.area[has], minlength=len(cut))
        weighted += np.bincount(block.shape[has], weights=block.area[has] * values[has], minlength=len(cut))
    mean = np.divide(weighted, known, out=np.full(len(cut), np.nan), where=known > 0)
    share = np.divide(known, whole, out=np.zeros(len(cut)), where=whole > 0)
    return driver.values(mean, marked=False), np.minimum(share, 1.0)
