"""Maps on parcels of a survey: the rules of the account on every parcel, as tables; nothing is made into pixels."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gep.files.writing import write_whole
from gep.space.maps.accounts import LayerSums
from gep.space.maps.run import NO_TYPE
from gep.units.registry import print_unit

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.space.maps.pixels import PixelRules
    from gep.space.parcels.survey import Survey

    Floats = NDArray[np.float64]

TABLE, SHAPES = "parcels.csv", "parcels.gpkg"
IDENTITY = ("BSM", "TBBH", "TBYBH", "ZLDWDM")
"""Columns of a survey that say which parcel it is; those that are there are taken over."""
COUNTED, NO_DATA, NOT_COUNTED = "counted", "no data", "not counted"


@dataclass(frozen=True)
class ParcelMap:
    """The layers on parcels, and their sums by zone.

    Attributes
    ----------
    values : for each layer, floats of shape (pieces, bands), NaN where nothing counts or a figure is missing
    states : service → for each piece whether it is counted, has no data, or is not counted
    """

    values: tuple[Floats, ...]
    states: dict[str, list[str]]
    sums: LayerSums


def map_parcels(survey: Survey, rules: PixelRules) -> ParcelMap:
    """Return the layers of all pieces of parcels, each in its unit."""
    position = {name: at for at, name in enumerate(rules.ecosystems)}
    of_class = np.array([NO_TYPE, *(position.get(one.ecosystem, NO_TYPE) for one in survey.layers.crosswalk.classes)])
    types = of_class[survey.place]
    known = np.maximum(types, 0)
    drivers = {name: np.where(share > 0, mean, np.nan) for name, (mean, share) in survey.drivers.items()}
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found = rules.evaluate(survey.zone, known, survey.area, drivers)
    sums = LayerSums(rules.layers, len(survey.zones.codes))
    states: dict[str, list[str]] = {}
    values = []
    for at, (layer, cells) in enumerate(zip(rules.layers, found, strict=True)):
        counts = layer.counted[known] & (types >= 0) & layer.applies[survey.zone]
        here = np.where(counts[:, None], cells, np.nan)
        np.add.at(sums.counted[at], survey.zone[counts], survey.area[counts])
        for band in range(here.shape[1]):
            has = counts & ~np.isnan(here[:, band])
            lacks = counts & ~has
            np.add.at(sums.sums[at][:, band], survey.zone[has], here[has, band])
            np.add.at(sums.lacking[at][:, band], survey.zone[lacks], survey.area[lacks])
        lacking = counts & np.isnan(here).any(axis=1)
        states[layer.service] = [
            NOT_COUNTED if not one else NO_DATA if none else COUNTED for one, none in zip(counts, lacking, strict=True)
        ]
        values.append(here)
    return ParcelMap(tuple(values), states, sums)


def write_parcels(survey: Survey, rules: PixelRules, found: ParcelMap, folder: Path) -> None:
    """Write the parcels with their values as a table, and as polygons with the same columns; numbers that are not known are empty.

    Raises
    ------
    Problems : a file cannot be written
    """
    columns = _make_columns(survey, rules, found)
    with write_whole(folder / TABLE, "table") as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*(_as_texts(values) for values in columns.values()), strict=True))
    import pyogrio

    with write_whole(folder / SHAPES, "polygons") as temporary:
        temporary.unlink()
        pyogrio.raw.write(
            str(temporary),
            shapely.to_wkb(shapely.multipolygons([shapely.get_parts(one) for one in survey.shapes])),
            list(columns.values()),
            list(columns),
            geometry_type="MultiPolygon",
            crs=survey.layers.land.crs,
            driver="GPKG",
            layer="parcels",
        )


def _make_columns(survey: Survey, rules: PixelRules, found: ParcelMap) -> dict[str, NDArray[np.object_] | Floats]:
    codes, classes = np.array(survey.zones.codes, dtype=object), survey.layers.crosswalk.classes
    columns: dict[str, NDArray[np.object_] | Floats] = {"zone": codes[survey.zone]}
    for name in IDENTITY:
        given = next((of for own, of in survey.layers.land.fields.items() if own.casefold() == name.casefold()), None)
        if given is not None:
            columns[name] = np.array(given, dtype=object)[survey.parcel]
    columns["parcel"] = (survey.parcel + 1).astype(np.float64)
    columns["class"] = np.array(["", *(one.name if " / " in one.name else one.code for one in classes)], dtype=object)[
        survey.place
    ]
    columns["ecosystem"] = np.array(["", *(one.ecosystem for one in classes)], dtype=object)[survey.place]
    columns["area_km2"] = survey.area
    for service, states in found.states.items():
        columns[f"{service} state"] = np.array(states, dtype=object)
    for layer, values in zip(rules.layers, found.values, strict=True):
        for band, name in enumerate(layer.bands):
            columns[f"{' '.join(filter(None, (layer.id, name)))} [{print_unit(layer.unit) or '1'}]"] = values[:, band]
    return columns


def _as_texts(values: NDArray[np.object_] | Floats) -> list[str]:
    if values.dtype == object:
        return [str(one) for one in values]
    return ["" if np.isnan(one) else f"{one:.12g}" for one in values]
