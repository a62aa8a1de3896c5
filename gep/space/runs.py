"""Makes zonal inputs from files: the public function behind `gep extract`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.reference.crosswalk import read_crosswalk
from gep.rules.catalogue import COEFFICIENTS
from gep.space.drivers.demands import read_demands
from gep.space.drivers.layers import look_at_land, make_layers
from gep.space.raster.blocks import DEFAULT_MEMORY, count_processors, count_under_way, make_block_runner, plan_blocks
from gep.space.shapes.crop import crop_to_zones
from gep.space.shapes.polygons import describe_left_out, is_survey, read_polygons
from gep.space.shapes.zone_units import SETTLED, check_zone_years, name_unit_table, settle_zones, write_units
from gep.space.shapes.zones import make_zones, read_codes
from gep.space.zonal.extract import check_axes, describe_gaps, make_zonal_rows, measure_zone_areas, write_table
from gep.space.zonal.shares import describe_lumped, divide_rows, read_shares
from gep.space.zonal.splitting import describe_division, divide_layers
from gep.space.zonal.sums import ZonalTask, add_up, describe_drivers, sum_block
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from gep.inputs.rows import Inputs
    from gep.reference.regions import Region
    from gep.space.zonal.extract import Row

BYTES_OF_SUMS = 26
"""What a pixel takes beside its stored layers when zones are summed: class, label, flat label, area."""


def extract_inputs(
    land_cover: Path,
    zones: Path,
    output: Path,
    year: int,
    classes: str | None = None,
    zone_field: str | None = None,
    zone_kind: str | None = None,
    class_field: str = "DLBM",
    drivers: Iterable[str] = (),
    inputs: Iterable[Path] = (),
    resampling: str | None = None,
    split: Iterable[str] = (),
    split_shares: Path | None = None,
    scheduler: str | None = None,
    threads: int | None = None,
    memory: int = DEFAULT_MEMORY,
    least_cover: float | None = None,
    accepted: Iterable[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Write the input table of the zones, areas in km² and drivers in their leaves' units; return sentences for the user.

    Parameters
    ----------
    land_cover  : raster of classes, or polygons of a land survey
    zones       : polygons of counties, or of accounting units of any kind, with their codes
    output      : ending in .parquet or .csv
    year        : accounting year
    classes     : scheme or file of the crosswalk; None: the shipped one that fits
    zone_field  : column with the codes; None: the first usual one
    zone_kind   : kind of zones that are no divisions, where their rows do not say it
    class_field : column of a survey with its classes
    drivers     : texts `ID=FILE` or `ID[UNIT]=FILE`
    inputs      : tables whose rows about the zones are taken over, but for what land cover and rasters give
    resampling  : how drivers are brought onto the grid; None: average finer ones, interpolate coarser ones
    split       : texts FILE|classes=CROSSWALK of rasters and FILE|field=NAME|classes=CROSSWALK of polygons that tell lumped types apart
    split_shares : table of the shares of areas by which lumped types are divided, zone by zone
    scheduler   : address of a running Dask scheduler; None: threads of this process
    threads     : None: as many as there are processors
    memory      : megabytes for the whole process
    least_cover : percent of an area that must have data for a mean to be taken; None: 95
    accepted    : ids of drivers whose gaps and sizes are accepted
    progress    : is told each stage

    Raises
    ------
    Problems : everything wrong with the files; nothing is written then
    """
    if output.suffix.lower() not in {".parquet", ".csv"}:
        refuse_one("--output", say("the table is to be {name!r}", name=output.name), "a name ending in .parquet or .csv")
    leaves = {**VARIABLES, **COEFFICIENTS}
    paths = list(inputs)
    tables = _read_tables(paths) if paths else None
    shares = read_shares(split_shares) if split_shares else []
    texts = tuple(split)
    progress("reading polygons")
    if is_survey(land_cover):
        from gep.space.parcels.survey import make_survey_rows, read_survey

        survey = read_survey(land_cover, zones, year, classes, zone_field, class_field, tuple(drivers), leaves, zone_kind, texts)
        rows, told = make_survey_rows(survey, year, leaves, least_cover, tuple(accepted))
        rows, parts = divide_rows(rows, shares)
        rows += _others(tables, rows, year)
        write_table(rows, output)
        return [
            *told,
            *parts,
            *describe_lumped(rows),
            *describe_gaps(rows),
            *_write_units(survey.units, output),
            say("{zones} zones, {rows} rows: {output}", zones=len({row.county for row in rows}), rows=len(rows), output=output),
        ]
    land = look_at_land(land_cover)
    crosswalk = read_crosswalk(classes) if classes else None
    settled = settle_zones(read_polygons(zones, (land.grid.crs, land.grid.bounds)), zone_field, zone_kind)
    check_zone_years(settled, year)
    polygons = settled.polygons
    land = crop_to_zones(land, polygons)
    layers = make_layers(land, crosswalk, drivers, leaves, resampling, year)
    layers = divide_layers(layers, texts, leaves, year)
    check_axes(layers, leaves)
    demands = read_demands(least_cover, accepted, layers.drivers)
    made = make_zones(polygons, SETTLED, land.grid, land.name)
    task = ZonalTask(layers, made, layers.class_table())
    threads = threads or count_processors()
    land = layers.land
    stored = sum(_bytes(one.dtype) for one in layers.drivers) + _bytes(land.dtype)
    blocks = plan_blocks(land, stored + BYTES_OF_SUMS)
    under_way = count_under_way(blocks, stored + BYTES_OF_SUMS, memory, threads)
    with make_block_runner(scheduler, threads, under_way, output) as run:
        sums = add_up(run(sum_block, task, blocks), task)
    areas = measure_zone_areas(polygons, made.codes, read_codes(polygons, SETTLED))
    rows, gaps = make_zonal_rows(sums, made, layers, leaves, year, areas, demands)
    rows, parts = divide_rows(rows, shares)
    rows += _others(tables, rows, year)
    write_table(rows, output)
    told = [*layers.stated, *describe_drivers(layers, sums)]
    said = layers.classes_told
    return [
        *told,
        said,
        *describe_division(layers.crosswalk, sums.of_classes, layers.land),
        *parts,
        *describe_lumped(rows),
        *gaps,
        *settled.told,
        *describe_left_out(polygons),
        *describe_gaps(rows),
        *_write_units(settled.units, output),
        say("{zones} zones, {rows} rows: {output}", zones=len(made.codes), rows=len(rows), output=output),
    ]


def _write_units(units: Sequence[Region], output: Path) -> list[str]:
    """Write the units that only the layer of zones names as a table beside the inputs, and return what to tell of it."""
    if not units:
        return []
    table = name_unit_table(output)
    write_units(units, table)
    return [say("their table: {table}; gep run takes it with the inputs", table=table)]


def _read_tables(paths: list[Path]) -> Inputs:
    from gep.inputs.read import read_inputs
    from gep.standards.applicable import APPLICABLE

    return read_inputs(paths, COEFFICIENTS, APPLICABLE)


def _others(tables: Inputs | None, rows: list[Row], year: int) -> list[Row]:
    if tables is None:
        return []
    from gep.space.zonal.tables import take_over_rows

    return take_over_rows(tables, {row.county for row in rows}, year, frozenset(row.variable for row in rows))


def _bytes(dtype: str) -> int:
    import numpy as np

    return int(np.dtype(dtype).itemsize)
