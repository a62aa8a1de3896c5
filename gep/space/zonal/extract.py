"""Zonal inputs: areas of ecosystem types and means of drivers in every zone, as the rows of a tidy input table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS

from gep.formula.nodes import ECOSYSTEM, PLACES, Leaf
from gep.inputs.cover import COMPLETE
from gep.messages.problems import Problem, refuse
from gep.messages.texts import join_list, mark_word, say
from gep.reference.members import order_ecosystems
from gep.space.drivers.demands import Demands, Judgement
from gep.space.drivers.reading import name_leaf
from gep.space.raster.grid import make_geod
from gep.space.shapes.geodesic import measure_area

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.reference.crosswalk import Crosswalk
    from gep.space.drivers.layers import Layers
    from gep.space.drivers.reading import Driver
    from gep.space.shapes.polygons import Polygons
    from gep.space.shapes.zones import Zones
    from gep.space.zonal.sums import ZonalSums

COLUMNS = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
UNCLASSIFIED = "unclassified"


@dataclass(frozen=True)
class SurveyLayers:
    """Parcels of a survey in the place of a land-cover raster."""

    land: Polygons
    crosswalk: Crosswalk
    drivers: tuple[Driver, ...]


@dataclass(frozen=True)
class Row:
    """A row of the tidy table."""

    county: str
    year: int
    variable: str
    ecosystem: str
    value: float
    unit: str
    source: str
    note: str
    pollutant: str = ""
    product: str = ""

    def cells(self) -> tuple[object, ...]:
        """The row in the order of the table's columns."""
        labels = (self.ecosystem, self.pollutant, self.product)
        return self.county, self.year, self.variable, *labels, self.value, self.unit, self.source, self.note


def measure_zone_areas(polygons: Polygons, codes: Sequence[str], field: Sequence[str]) -> dict[str, float]:
    """Return six-digit code → geodesic area of the zone's polygon, km².

    Parameters
    ----------
    codes : of the zones wanted
    field : the code of each polygon, in the order of the file

    Source: as `measure_area`.
    """
    crs = CRS.from_wkt(polygons.crs)
    geodetic = crs if crs.is_geographic else crs.geodetic_crs
    shapes = polygons.onto(geodetic.to_wkt()) if geodetic is not None else polygons.shapes
    geod = make_geod(polygons.crs)
    found = {code: measure_area(shape, geod) for code, shape in zip(field, shapes, strict=True)}
    return {code: found[code] for code in codes}


def make_zonal_rows(
    sums: ZonalSums,
    zones: Zones,
    layers: Layers | SurveyLayers,
    leaves: Mapping[str, Leaf],
    year: int,
    land: Mapping[str, float],
    demands: Demands,
) -> tuple[list[Row], list[str]]:
    """Return the rows of all zones: land area, area by type (0 for a type the crosswalk knows and the zone lacks), drivers.

    Parameters
    ----------
    sums   : of the zones, by class
    leaves : variables and coefficients by id
    land   : six-digit code → geodesic area of the zone, km²
    demands : on the means of drivers

    Returns
    -------
    Rows with areas in km² and drivers as area-weighted means in the leaf's unit, and what to tell of gaps

    Raises
    ------
    Problems : zones that the land cover does not reach, drivers without any data in a zone, means outside their plausible band
    """
    problems: list[Problem] = []
    rows: list[Row] = []
    judgement = Judgement(demands)
    types, taken = list_types(layers.crosswalk)
    for at, code in enumerate(zones.codes):
        inside = float(sums.area[at].sum())
        if inside <= COMPLETE * land[code]:
            problems.append(
                Problem(
                    layers.land.name,
                    0,
                    say("the land cover does not reach zone {code}", code=code),
                    "land cover for every zone",
                    "take the zone out, or give a larger raster",
                )
            )
            continue
        rows.append(
            Row(
                code,
                year,
                "land_area",
                "",
                round(land[code], 6),
                "km2",
                zones.cited,
                "geodesic area of the polygon, not the official area",
            )
        )
        rows += _areas(sums.area[at], layers, zones, types, taken, code, year, max(0.0, land[code] - inside))
        for driver in layers.drivers:
            weighted, known = (part[at] for part in sums.of_drivers[driver.id])
            if known.sum() <= 0:
                problems.append(
                    Problem(
                        driver.raster.name,
                        0,
                        say("{variable} has no data anywhere in zone {code}", variable=name_leaf(driver.id), code=code),
                        "data in every zone",
                        "take the zone out, or the driver",
                    )
                )
                continue
            source = f"{driver.raster.cited} | {layers.land.cited} | {zones.cited}"
            of_types = ECOSYSTEM in leaves[driver.id].axes
            for name, places in zip(types, taken, strict=True) if of_types else [("", np.arange(len(weighted)))]:
                total, some, whole = weighted[places].sum(), known[places].sum(), sums.area[at][places].sum()
                if some <= 0:
                    judgement.miss(driver, code, name, whole)
                    continue
                gaps = judgement.take(driver, code, name, total / some, some / whole)
                if gaps is None:
                    continue
                note = "; ".join(filter(None, ["area-weighted mean", driver.about, gaps]))
                rows.append(Row(code, year, driver.id, name, float(f"{total / some:.12g}"), driver.unit, source, note))
    refuse([*problems, *judgement.problems])
    return rows, judgement.sentences()


def list_types(crosswalk: Crosswalk) -> tuple[list[str], list[NDArray[np.intp]]]:
    """Return the ecosystem types of a crosswalk in their fixed order, and the positions of their classes in sums (0: no data)."""
    used = {one.ecosystem for one in crosswalk.classes}
    types = list(order_ecosystems(used))
    return types, [
        np.array([at + 1 for at, one in enumerate(crosswalk.classes) if one.ecosystem == name], dtype=np.intp) for name in types
    ]


def _areas(
    area: NDArray[np.float64],
    layers: Layers | SurveyLayers,
    zones: Zones,
    types: Sequence[str],
    taken: Sequence[NDArray[np.intp]],
    code: str,
    year: int,
    outside: float,
) -> Iterable[Row]:
    source = f"{layers.land.cited} | {layers.crosswalk.file} | {zones.cited}"
    nothing, notes = float(area[0]), []
    if nothing > 0:
        notes.append(f"land cover without data: {nothing:,.4f} km2")
    if outside > OUTSIDE * area.sum():
        nothing += outside
        notes.append(f"outside the land cover: {outside:,.4f} km2")
    for name, places in zip(types, taken, strict=True):
        value = float(area[places].sum())
        note = describe_classes(layers.crosswalk, area, places)
        if name == UNCLASSIFIED:
            value, note, nothing = value + nothing, "; ".join([note, *notes]), 0.0
        yield Row(code, year, "area", name, float(f"{value:.12g}"), "km2", source, note)
    if nothing > 0:
        yield Row(code, year, "area", UNCLASSIFIED, float(f"{nothing:.12g}"), "km2", source, "; ".join(notes))


def describe_gaps(rows: Iterable[Row]) -> list[str]:
    """Return, in words, the zones in which much is unclassified: no data, outside the land cover, or a class taken as such."""
    land: dict[str, float] = {}
    unknown: dict[str, float] = {}
    for row in rows:
        if row.variable == "land_area":
            land[row.county] = row.value
        elif row.variable == "area" and row.ecosystem == UNCLASSIFIED:
            unknown[row.county] = row.value
    shares = {code: area / land[code] for code, area in unknown.items() if area > WORTH_TELLING * land.get(code, np.inf)}
    if not shares:
        return []
    worst = sorted(shares, key=lambda code: -shares[code])
    zones = join_list(f"{code} {shares[code]:.1%}" for code in worst[:NAMED])
    if len(worst) <= NAMED:
        return [say("land of unknown type: {zones}; the rows of unclassified say why", zones=zones)]
    more = len(worst) - NAMED
    return [say("land of unknown type: {zones} and {more} more; the rows of unclassified say why", zones=zones, more=more)]


WORTH_TELLING, NAMED = 0.01, 5
OUTSIDE = 2e-4
"""The area of a polygon and that of its pixels differ by less: polygons' edges are straight on different maps."""


def describe_classes(crosswalk: Crosswalk, area: NDArray[np.float64], places: NDArray[np.intp]) -> str:
    """Return, in words, the classes that an area is made of, and those among them that others take otherwise.

    Parameters
    ----------
    area   : km² by position of the class in sums
    places : positions of the classes wanted
    """
    present = [crosswalk.classes[at - 1] for at in places if area[at] > 0]
    if not present:
        return f"{crosswalk.scheme}: none of its classes occurs"
    said = ", ".join(
        f"{one.code} {one.name} ({area[at]:,.4f} km2)"
        for one, at in zip(present, [at for at in places if area[at] > 0], strict=True)
    )
    doubts = [f"class {one.code} is ambiguous: {one.note}" for one in present if one.ambiguous]
    return "; ".join([f"{crosswalk.scheme} {said}", *doubts])


def check_axes(layers: Layers | SurveyLayers, leaves: Mapping[str, Leaf]) -> None:
    """Refuse drivers that no raster can give: totals of a county, and figures by pollutant or item.

    Raises
    ------
    Problems : every such driver
    """
    refuse(
        Problem(
            driver.raster.name,
            0,
            say("{variable} is {why}", variable=name_leaf(driver.id), why=_why_not(leaves[driver.id])),
            "a quantity that has a value at a place",
            "enter it as a row of the input table",
        )
        for driver in layers.drivers
        if _why_not(leaves[driver.id])
    )


def _why_not(leaf: Leaf) -> str:
    axes = [axis for axis in leaf.axes if axis != ECOSYSTEM]
    if axes:
        axis = mark_word(axes[0])
        return (
            say("given for each {axis}", axis=axis)
            if axes[0] in PLACES
            else say("given for each {axis} of the county", axis=axis)
        )
    return say("a total, which cannot be averaged") if getattr(leaf, "extent", False) else ""


def write_table(rows: Iterable[Row], path: Path) -> None:
    """Write rows as a tidy table, CSV or Parquet by the file's ending, whole or not at all.

    Raises
    ------
    Problems : the ending is neither, or the file cannot be written
    """
    import pyarrow as pa
    import pyarrow.csv as pacsv
    import pyarrow.parquet as pq

    from gep.files.writing import write_whole

    columns = list(zip(*(row.cells() for row in rows), strict=True)) or [()] * len(COLUMNS)
    table = pa.table({name: pa.array(list(values)) for name, values in zip(COLUMNS, columns, strict=True)})
    table = table.set_column(1, "year", table["year"].cast(pa.string()))
    with write_whole(path, "table") as temporary:
        if path.suffix.lower() == ".parquet":
            pq.write_table(table, temporary)
        else:
            pacsv.write_csv(table, temporary)
