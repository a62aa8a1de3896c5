"""Makes the transition matrix of two years of survey parcels: what `gep transitions` does where both years are polygons."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely
from rasterio import Affine, features

from gep.files.run_folder import write_run_folder
from gep.files.writing import write_whole
from gep.messages.problems import Problem, refuse
from gep.messages.texts import say
from gep.rules.catalogue import COEFFICIENTS
from gep.space.change.files import BY_CLASS, EXTENT, MATRIX, Changes, write_change_tables
from gep.space.change.transitions import NO_CHANGE, make_code
from gep.space.parcels.division import Division, Pieces, divide_pieces
from gep.space.parcels.overlay import Parts, divide_parts, overlay_surveys
from gep.space.parcels.survey import Survey, read_survey
from gep.space.raster.grid import CHANGING_WARNINGS, Grid
from gep.space.zonal.extract import OUTSIDE
from gep.space.zonal.splitting import describe_division
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.space.change.types import TypesOfBoth
    from gep.space.raster.grid import Window
    from gep.space.shapes.zones import Zones

SHAPES, PICTURE = "change.gpkg", "change"
DOTS = 1800
"""Pixels of the longer side of the grid around the zones."""
ROUNDING = 1e-7
"""Share by which areas of the same land are the same: straight edges of parts are not quite those of their parcel on the ellipsoid."""
IDENTITY = ("BSM", "TBBH")
"""Columns that say which parcel it is, the first of them that a survey has."""


def read_surveys(
    files: tuple[Path, Path],
    zones: Path,
    years: tuple[int, int],
    classes: tuple[str | None, str | None],
    zone_field: str | None,
    zone_kind: str | None,
    class_field: str,
) -> tuple[Survey, Survey]:
    """Return the parcels of two years in the same zones.

    Raises
    ------
    Problems : a survey cannot be used, or does not reach a zone that the other reaches
    """
    leaves = {**VARIABLES, **COEFFICIENTS}
    opening, closing = (
        read_survey(file, zones, year, of, zone_field, class_field, (), leaves, zone_kind)
        for file, year, of in zip(files, years, classes, strict=True)
    )
    refuse(
        Problem(
            mine.layers.land.name,
            0,
            say("no parcel of it lies near zone {code}, which {file} reaches", code=code, file=other.layers.land.name),
            say("parcels of both years in every zone"),
            say("take the zone out, or give the whole survey"),
        )
        for mine, other in ((opening, closing), (closing, opening))
        for code in sorted({*other.zones.codes} - {*mine.zones.codes})
    )
    return opening, closing


def lay_over(
    surveys: tuple[Survey, Survey], years: tuple[int, int], splits: tuple[tuple[str, ...], tuple[str, ...]]
) -> tuple[Parts, tuple[Survey, Survey]]:
    """Return the parts of parcels of two years, and the surveys with the classes that second layers add.

    Parameters
    ----------
    splits : of each year, texts of second layers that tell lumped types apart

    Raises
    ------
    Problems : a second layer cannot be used, or tells nothing apart
    """
    parts = overlay_surveys(*surveys)
    if not any(splits):
        return parts, surveys
    crs = surveys[0].layers.land.crs
    divisions: dict[int, Division] = {}

    def divide(side: int, pieces: Pieces) -> Pieces:
        crosswalk = surveys[side].layers.crosswalk
        divisions[side] = divide_pieces(pieces, crosswalk, splits[side], crs, {**VARIABLES, **COEFFICIENTS}, years[side])
        return divisions[side].pieces

    parts = divide_parts(parts, [partial(divide, 0), partial(divide, 1)], crs)
    first, second = (_with_division(surveys[side], divisions[side]) for side in (0, 1))
    return parts, (first, second)


def _with_division(survey: Survey, division: Division) -> Survey:
    """Return a survey that says what divides it; its own pieces stay whole."""
    land = replace(survey.layers.land, divided_by=division.seconds)
    sums = np.zeros(len(division.crosswalk.classes) + 1)
    np.add.at(sums, division.pieces.place, division.pieces.area)
    told = (*survey.told, *division.told, *describe_division(division.crosswalk, sums[1:], land))
    return replace(survey, layers=replace(survey.layers, land=land, crosswalk=division.crosswalk), told=told)


def write_parcel_changes(
    surveys: tuple[Survey, Survey],
    parts: Parts,
    years: tuple[int, int],
    types: TypesOfBoth,
    output: Path,
    place: str,
    progress: Callable[[str], None],
    *,
    pictures: bool,
) -> tuple[Changes, list[str], list[str]]:
    """Write tables, changed parts and picture into a folder; return the changes, the names of the files, and what to tell.

    Raises
    ------
    Problems : the folder cannot be written
    """
    changes, uneven = _gather(parts, surveys, years, types)
    names = [MATRIX, BY_CLASS, EXTENT, SHAPES, *([f"{PICTURE}.png", f"{PICTURE}.svg"] if pictures else [])]
    with write_run_folder(output, names, "maps") as folder:
        write_change_tables(changes, folder)
        _write_shapes(parts, surveys, types, folder)
        if pictures:
            from gep.space.change.picture import draw_change

            progress("drawing pictures")
            codes = {(one, two): make_code(at, to) for at, one in enumerate(types.names) for to, two in enumerate(types.names)}
            grid = _make_grid(surveys[0])
            painted = _list_painted(parts, types)

            def paint(window: Window, size: tuple[int, int]) -> NDArray[np.float32]:
                return _paint(painted, surveys[0].zones, grid.crop(window), size)

            draw_change(paint, changes, codes, _move_zones(surveys[0].zones, grid), grid, place, folder)
    told: list[str] = []
    if uneven > 0:
        told.append(
            say(
                "{area:,.4f} km² are stated differently by the two surveys for the same land: unclassified in the year that states less, so that the parts add up to both",
                area=uneven,
            )
        )
    return changes, names[:4], told


def _gather(parts: Parts, surveys: tuple[Survey, Survey], years: tuple[int, int], types: TypesOfBoth) -> tuple[Changes, float]:
    """Return the areas by zone and pair of classes, which add up to what both surveys state, and how much they state differently for the same land, km²."""
    zones = surveys[0].zones
    sums: dict[tuple[int, int, int], NDArray[np.float64]] = {}
    for zone, one, two, before, after in zip(
        parts.zone.tolist(), *(one.tolist() for one in parts.place), *(one.tolist() for one in parts.area), strict=True
    ):
        sums.setdefault((zone, one, two), np.zeros(2))[:] += (before, after)
    of_classes: dict[tuple[str, int, int], float] = {}
    uneven = 0.0

    def add(zone: int, one: int, two: int, area: float) -> None:
        if area > 0:
            key = (zones.codes[zone], one, two)
            of_classes[key] = of_classes.get(key, 0.0) + area

    for (zone, one, two), (before, after) in sorted(sums.items()):
        if not one or not two:
            add(zone, one, two, float(before + after))
            continue
        both = float(min(before, after))
        if abs(before - after) <= ROUNDING * (before + after):
            add(zone, one, two, float(before))
            continue
        add(zone, one, two, both)
        add(zone, one, 0, float(before) - both)
        add(zone, 0, two, float(after) - both)
        uneven += abs(float(before - after))
    for at, code in enumerate(zones.codes):
        inside = sum(area for (of, _, _), area in of_classes.items() if of == code)
        outside = surveys[0].land[code] - inside
        if outside > OUTSIDE * inside:
            add(at, 0, 0, outside)
    of_types: dict[tuple[str, str, str], float] = {}
    for (code, one, two), area in of_classes.items():
        key = (code, types.names[types.tables[0][one]], types.names[types.tables[1][two]])
        of_types[key] = of_types.get(key, 0.0) + area
    cited = " | ".join([*(one.layers.land.cited for one in surveys), zones.cited])
    crosswalks = (surveys[0].layers.crosswalk, surveys[1].layers.crosswalk)
    return Changes(years, zones.codes, types.names, of_types, of_classes, crosswalks, cited), uneven


def _write_shapes(parts: Parts, surveys: tuple[Survey, Survey], types: TypesOfBoth, folder: Path) -> None:
    """Write the parts whose class changed, with their parcels, classes, types and areas by each survey."""
    names = [np.array(["", *(one.code for one in survey.layers.crosswalk.classes)], dtype=object) for survey in surveys]
    classes = [of[place] for of, place in zip(names, parts.place, strict=True)]
    at = np.flatnonzero((classes[0] != classes[1]) & (shapely.area(parts.shapes) > 0))
    columns: dict[str, NDArray[np.generic]] = {"zone": np.array(surveys[0].zones.codes, dtype=object)[parts.zone[at]]}
    kinds = np.array(types.names, dtype=object)
    for side, said in enumerate(("from", "to")):
        columns[f"{said}_parcel"] = _name_parcels(surveys[side], parts.parcel[side][at])
        columns[f"{said}_class"] = classes[side][at]
        columns[f"{said}_type"] = kinds[types.tables[side][parts.place[side][at]]]
        columns[f"{said}_km2"] = parts.area[side][at]
    import pyogrio

    with write_whole(folder / SHAPES, "polygons") as temporary:
        temporary.unlink()
        pyogrio.raw.write(
            str(temporary),
            shapely.to_wkb(np.array([_as_polygons(one) for one in parts.shapes[at]], dtype=object)),
            list(columns.values()),
            list(columns),
            geometry_type="MultiPolygon",
            crs=surveys[0].layers.land.crs,
            driver="GPKG",
            layer="change",
        )


def _name_parcels(survey: Survey, parcel: NDArray[np.intp]) -> NDArray[np.object_]:
    """Return how the survey names parcels, else their row in its file; empty where there is none."""
    fields = {name.casefold(): values for name, values in survey.layers.land.fields.items()}
    own = next((fields[name.casefold()] for name in IDENTITY if name.casefold() in fields), None)
    return np.array(["" if one < 0 else str(one + 1) if own is None else own[one] for one in parcel.tolist()], dtype=object)


def _as_polygons(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    parts = shapely.get_parts(parts)  # a collection may hold multipolygons
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _make_grid(survey: Survey) -> Grid:
    """Return a grid around the zones, for the picture: the figures are those of the shapes."""
    left, bottom, right, top = map(float, shapely.total_bounds(np.array(survey.zones.shapes)))
    step = max(right - left, top - bottom) / DOTS
    size = (max(1, int(np.ceil((right - left) / step))), max(1, int(np.ceil((top - bottom) / step))))
    return Grid(survey.layers.land.crs, left, top, step, -step, *size)


def _move_zones(zones: Zones, grid: Grid) -> Zones:
    """Return zones in pixels of the grid (column, -row)."""
    moved = shapely.transform(
        np.array(zones.shapes), lambda points: (points - (grid.left, grid.top)) / (grid.step_x, -grid.step_y)
    )
    return replace(zones, shapes=tuple(moved))


def _list_painted(parts: Parts, types: TypesOfBoth) -> list[tuple[shapely.Geometry, int]]:
    """Return shapes and the codes of their changes; of parts on one shape (a parcel and its ridges) the largest."""
    of_shape: dict[int, int] = {}
    area = np.maximum(*parts.area)
    for at in np.argsort(area, kind="stable").tolist():
        of_shape[id(parts.shapes[at])] = at
    before, after = (table[places] for table, places in zip(types.tables, parts.place, strict=True))
    codes = [(parts.shapes[at], make_code(int(before[at]), int(after[at]))) for at in sorted(of_shape.values())]
    return [(shape, code) for shape, code in codes if code != NO_CHANGE and shape.area > 0]


def _paint(painted: list[tuple[shapely.Geometry, int]], zones: Zones, grid: Grid, size: tuple[int, int]) -> NDArray[np.float32]:
    """Return the codes of changes in the dots of a picture, NaN outside the zones; shape `size`."""
    found = np.full(size, np.nan, dtype=np.float32)
    step_x, step_y = grid.step_x * grid.width / size[1], grid.step_y * grid.height / size[0]
    shapes = [*((one, NO_CHANGE) for one in zones.shapes), *painted]
    with CHANGING_WARNINGS:
        features.rasterize(shapes, out=found, transform=Affine(step_x, 0, grid.left, 0, step_y, grid.top))
    return found
