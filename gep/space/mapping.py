"""Makes maps from files: the public function behind `gep map`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gep.account.binding import Binder, Binding
from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import add_rows
from gep.files.run_folder import write_run_folder
from gep.inputs.read import read_inputs
from gep.messages.texts import say
from gep.paths import print_path
from gep.reference.crosswalk import read_crosswalk
from gep.space.drivers.demands import read_demands
from gep.space.drivers.layers import Layers, look_at_land, make_layers
from gep.space.maps.accounts import LayerSums, compare_zones, describe_differences, write_results
from gep.space.maps.pixels import Layer, make_pixel_rules, make_unit_per_area, name_picture
from gep.space.maps.run import MapBlock, MapTask, map_block, map_classes_to_types
from gep.space.raster.blocks import DEFAULT_MEMORY, count_processors, count_under_way, make_block_runner, plan_blocks
from gep.space.raster.writing import Kind, ResultRasters
from gep.space.shapes.crop import crop_to_zones
from gep.space.shapes.polygons import describe_left_out, is_survey, read_polygons
from gep.space.shapes.zone_units import SETTLED, check_zone_years, settle_zones
from gep.space.shapes.zones import make_zones, read_codes
from gep.space.zonal.extract import describe_gaps, make_zonal_rows, measure_zone_areas
from gep.space.zonal.splitting import describe_division, divide_layers
from gep.space.zonal.sums import ZonalSums, ZonalTask, add_up, describe_drivers
from gep.space.zonal.tables import list_every_type, make_inputs
from gep.standards.plan import Plan, make_plan
from gep.standards.standard import DEFAULT, load_standard
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from gep.coefficients.tables import Tables
    from gep.inputs.rows import Inputs

BYTES_OF_ZONES = 26
SUMS, PAGE = "zonal_sums.csv", "index.html"


def make_maps(
    land_cover: Path,
    zones: Path,
    services: Sequence[str],
    output: Path,
    year: int,
    inputs: Iterable[Path] = (),
    standard: str | None = None,
    also: Sequence[str] = (),
    classes: str | None = None,
    zone_field: str | None = None,
    zone_kind: str | None = None,
    class_field: str = "DLBM",
    drivers: Iterable[str] = (),
    resampling: str | None = None,
    split: Iterable[str] = (),
    scheduler: str | None = None,
    threads: int | None = None,
    memory: int = DEFAULT_MEMORY,
    least_cover: float | None = None,
    accepted: Iterable[str] = (),
    *,
    pictures: bool = True,
    progress: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Write rasters, pictures and zonal sums of some services into a folder; return sentences for the user.

    Parameters
    ----------
    land_cover : raster of classes, or polygons of a land survey
    zones      : polygons of counties, or of accounting units of any kind, with their codes
    services   : ids
    year       : accounting year
    inputs     : tables that give counties what no raster gives
    standard   : id of a shipped standard or path of a YAML file; None: the default
    also       : ids of further rules to write, such as soil_retention.amount
    classes    : scheme or file of the crosswalk; None: the shipped one that fits
    zone_field : column with the codes; None: the first usual one
    zone_kind  : kind of zones that are no divisions, where their rows do not say it
    class_field : column of a survey with its classes
    drivers    : texts `ID=FILE` or `ID[UNIT]=FILE`
    resampling : how drivers are brought onto the grid; None: average finer ones, interpolate coarser ones
    split      : texts FILE|classes=CROSSWALK of rasters and FILE|field=NAME|classes=CROSSWALK of polygons that tell lumped types apart
    scheduler  : address of a running Dask scheduler; None: threads of this process
    threads    : None: as many as there are processors
    memory     : megabytes for the whole process
    least_cover : percent of an area that must have data for its mean to stand beside the pixels; None: 95
    accepted   : ids of drivers whose gaps and sizes are accepted
    progress   : is told each stage

    Raises
    ------
    Problems : everything wrong with files, standard or services; nothing is left behind then
    """
    progress("reading standard, tables and polygons")
    texts = tuple(split)
    if is_survey(land_cover):
        given_drivers = tuple(drivers)
        return _map_survey(
            land_cover,
            zones,
            services,
            output,
            year,
            inputs,
            standard,
            also,
            classes,
            zone_field,
            zone_kind,
            class_field,
            given_drivers,
            least_cover,
            accepted,
            texts,
        )
    plan = make_plan(load_standard(standard or DEFAULT))
    tables = add_rows(read_shipped_tables(), plan.standard.own_rows)
    leaves = {**VARIABLES, **plan.standard.known_leaves}
    land = look_at_land(land_cover)
    settled = settle_zones(read_polygons(zones, (land.grid.crs, land.grid.bounds)), zone_field, zone_kind)
    check_zone_years(settled, year)
    polygons = settled.polygons
    land = crop_to_zones(land, polygons)
    layers = make_layers(land, read_crosswalk(classes) if classes else None, drivers, leaves, resampling, year)
    layers = divide_layers(layers, texts, leaves, year)
    land = layers.land
    demands = read_demands(least_cover, accepted, layers.drivers)
    made = make_zones(polygons, SETTLED, land.grid, land.name)
    paths = list(inputs)
    given = read_inputs(paths, plan.standard.known_leaves, plan.standard.applicable) if paths else None
    names = [driver.id for driver in layers.drivers]
    replaced = frozenset({"area", "land_area", *names})
    listing = _bind(
        plan,
        make_inputs(list_every_type(made.codes, layers.crosswalk, year), given, replaced, plan.standard.known_leaves),
        tables,
    )
    rules, told = make_pixel_rules(plan, listing, names, services, also)
    zonal = ZonalTask(layers, made, layers.class_table())
    task = MapTask(zonal, rules, map_classes_to_types(zonal, rules))
    threads = threads or count_processors()
    bytes_a_pixel = _bytes_a_pixel(layers, rules.layers)
    blocks = plan_blocks(land, bytes_a_pixel)
    under_way = count_under_way(blocks, bytes_a_pixel, memory, threads)
    sums = LayerSums(rules.layers, len(made.codes))
    kinds = [kind for layer in rules.layers for kind in _kinds(layer, layers, plan, year)]
    with write_run_folder(output, _list_files(kinds, rules.layers, pictures=pictures), "maps") as folder:
        rasters = ResultRasters(folder, land.grid, kinds, threads)
        with rasters, make_block_runner(scheduler, threads, under_way, output) as run:
            written = _written(run(map_block, task, blocks), rasters, sums, len(blocks), progress)
            zonal_sums = add_up(written, zonal)
            progress("writing maps")
            land_areas = measure_zone_areas(polygons, made.codes, read_codes(polygons, SETTLED))
            rows, gaps = make_zonal_rows(zonal_sums, made, layers, leaves, year, land_areas, demands)
            binding = _bind(plan, make_inputs(rows, given, replaced, plan.standard.known_leaves), tables)
            results = compare_zones(sums, made, year, plan, binding)
        told += [
            *describe_division(layers.crosswalk, zonal_sums.of_classes, layers.land),
            *gaps,
            *settled.told,
            *describe_left_out(polygons),
            *describe_gaps(rows),
        ]
        write_results(results, folder / SUMS)
        if pictures:
            from gep.space.maps.furniture import LONGEST
            from gep.space.maps.picture import Caption, draw
            from gep.space.maps.province import name_place, write_page
            from gep.space.maps.sheet import make_sheet

            progress("drawing pictures")
            sheet = make_sheet(task, LONGEST)
            caption = Caption(name_place(made.codes), year, plan.standard.title.zh, layers.land.cited)
            drawn = [
                picture
                for layer, path, of, none in zip(rules.layers, rasters.targets[1::2], sums.sums, sums.lacking, strict=True)
                for picture in draw(path, layer, made, land.grid, sheet, task.types, caption, _add_up(of, none), folder)
            ]
            sources = [
                made.cited,
                *(f"{print_path(Path(name))} sha256:{digest[:16]}" for name, digest in (given.files if given else {}).items()),
            ]
            write_page(folder / PAGE, results, drawn, plan.standard, layers, sources, told)
    told += [*layers.stated, *([layers.classes_told] if layers.evidence else []), *describe_drivers(layers, zonal_sums)]
    return [
        *told,
        *describe_differences(results),
        say("{count} maps, zonal_sums.csv: {output}", count=len(rules.layers), output=output),
    ]


def _map_survey(
    survey: Path,
    zones: Path,
    services: Sequence[str],
    output: Path,
    year: int,
    inputs: Iterable[Path],
    standard: str | None,
    also: Sequence[str],
    classes: str | None,
    zone_field: str | None,
    zone_kind: str | None,
    class_field: str,
    drivers: Sequence[str],
    least_cover: float | None,
    accepted: Iterable[str],
    split: Sequence[str],
) -> list[str]:
    """Write the values of parcels and the sums of zones into a folder; return sentences for the user."""
    from gep.space.parcels.maps import SHAPES, TABLE, map_parcels, write_parcels
    from gep.space.parcels.survey import make_survey_rows, read_survey

    plan = make_plan(load_standard(standard or DEFAULT))
    tables = add_rows(read_shipped_tables(), plan.standard.own_rows)
    known = plan.standard.known_leaves
    leaves = {**VARIABLES, **known}
    paths = list(inputs)
    given = read_inputs(paths, known, plan.standard.applicable) if paths else None
    read = read_survey(survey, zones, year, classes, zone_field, class_field, drivers, leaves, zone_kind, split)
    names = [one.id for one in read.layers.drivers]
    replaced = frozenset({"area", "land_area", *names})
    listing = _bind(
        plan, make_inputs(list_every_type(read.zones.codes, read.layers.crosswalk, year), given, replaced, known), tables
    )
    rules, told = make_pixel_rules(plan, listing, names, services, also)
    found = map_parcels(read, rules)
    rows, gaps = make_survey_rows(read, year, leaves, least_cover, tuple(accepted))
    results = compare_zones(found.sums, read.zones, year, plan, _bind(plan, make_inputs(rows, given, replaced, known), tables))
    with write_run_folder(output, [TABLE, SHAPES, SUMS], "maps") as folder:
        write_parcels(read, rules, found, folder)
        write_results(results, folder / SUMS)
    return [
        *told,
        *gaps,
        *describe_gaps(rows),
        *describe_differences(results),
        say("{count} parcels, {files}: {output}", count=len(read.area), files=f"{TABLE}, {SHAPES}, {SUMS}", output=output),
    ]


def _add_up(sums: NDArray[np.float64], lacking: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return of each band the sum of all zones, and the km² without data."""
    return list(zip(sums.sum(axis=0).tolist(), lacking.sum(axis=0).tolist(), strict=True))


def _bind(plan: Plan, inputs: Inputs, tables: Tables) -> Binding:
    binder = Binder(plan, inputs, tables)
    return binder.bind(binder.years)


def _bytes_a_pixel(layers: Layers, results: Sequence[Layer]) -> int:
    stored = sum(np.dtype(one.dtype).itemsize for one in layers.drivers) + np.dtype(layers.land.dtype).itemsize
    return int(stored) + BYTES_OF_ZONES + 8 * sum(len(one.bands) for one in results)


def _written(
    found: Iterator[MapBlock | None], rasters: ResultRasters, sums: LayerSums, count: int, progress: Callable[[str], None]
) -> Iterator[ZonalSums | None]:
    """Write blocks as they come and hand on their zonal sums."""
    for at, block in enumerate(found, start=1):
        progress(say("block {at} of {count}", at=at, count=count))
        if block is None:
            yield None
            continue
        for place, (cells, over_area) in enumerate(zip(block.cells, block.densities, strict=True)):
            rasters.write(2 * place, block.window, cells)
            rasters.write(2 * place + 1, block.window, over_area)
        sums.add(block)
        yield block.sums


def _kinds(layer: Layer, layers: Layers, plan: Plan, year: int) -> tuple[Kind, Kind]:
    """Return the descriptions of a layer's two rasters: amounts of pixels, and amounts over km², which survive another grid."""
    used = [one for one in layers.drivers if one.id in layer.leaves]
    tags = {
        "RULE": layer.rule,
        "VARIANT": layer.variant,
        "FORMULA": layer.equation,
        "STANDARD": plan.standard.id,
        "YEAR": str(year),
        "LAND_COVER": layers.land.cited,
        "CLASSES": layers.crosswalk.scheme,
        "DRIVERS": "; ".join(f"{one.id}: {one.raster.cited}, {one.about}" for one in used),
        "TITLE": layer.title.en,
    }
    of_pixel, over_area = f"{layer.unit} per pixel", make_unit_per_area(layer.unit)
    return (
        Kind(layer.id, layer.bands, of_pixel, {"UNIT": of_pixel, **tags}),
        Kind(f"{layer.id}.per_km2", layer.bands, over_area, {"UNIT": over_area, **tags}),
    )


def _list_files(kinds: Sequence[Kind], layers: Sequence[Layer], *, pictures: bool) -> list[str]:
    """Return the names of all files of a run."""
    named = [Path(name_picture(layer, band)) for layer in layers for band in layer.bands] if pictures else []
    drawn = [str(one.with_name(one.stem + ending)) for one in named for ending in (".png", ".svg")] + [PAGE] * pictures
    return [*(f"{kind.name}.tif" for kind in kinds), SUMS, *drawn]
