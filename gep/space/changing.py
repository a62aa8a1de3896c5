"""Makes the transition matrix of two years of land cover: the public function behind `gep transitions`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from rasterio.enums import Resampling
from rasterio.windows import Window as RasterWindow

from gep.files.run_folder import write_run_folder
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.reference.crosswalk import read_crosswalk
from gep.reference.members import name_member
from gep.rules.catalogue import COEFFICIENTS
from gep.space.change.files import BY_CLASS, EXTENT, MATRIX, Changes, write_change_tables
from gep.space.change.transitions import BlockOfChange, TransitionTask, add_changes, find_change, make_code
from gep.space.change.types import find_types
from gep.space.drivers.layers import Layers, look_at_land, make_layers
from gep.space.maps.province import name_place
from gep.space.raster.blocks import DEFAULT_MEMORY, count_processors, count_under_way, make_block_runner, plan_blocks
from gep.space.raster.confined import open_confined
from gep.space.raster.writing import Kind, ResultRasters
from gep.space.shapes.crop import crop_to_zones
from gep.space.shapes.polygons import describe_left_out, is_survey, read_polygons
from gep.space.shapes.zone_units import SETTLED, check_zone_years, settle_zones
from gep.space.shapes.zones import make_zones, read_codes
from gep.space.zonal.extract import OUTSIDE, UNCLASSIFIED, measure_zone_areas
from gep.space.zonal.splitting import describe_division, divide_layers
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.reference.crosswalk import Crosswalk
    from gep.space.raster.grid import Window
    from gep.space.shapes.zones import Zones

BYTES = 60
"""What a pixel takes in a block."""
RASTER = "change"
NAMED = 5


def make_transitions(
    opening: Path,
    closing: Path,
    zones: Path,
    output: Path,
    years: tuple[int, int],
    classes: str | None = None,
    closing_classes: str | None = None,
    zone_field: str | None = None,
    zone_kind: str | None = None,
    class_field: str = "DLBM",
    split: Iterable[str] = (),
    closing_split: Iterable[str] = (),
    scheduler: str | None = None,
    threads: int | None = None,
    memory: int = DEFAULT_MEMORY,
    *,
    pictures: bool = True,
    progress: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Write into a folder what became of the land of each zone: matrices by type and class, extents, a raster and its picture.

    Areas are those that `gep extract` gives; land without data in a year is `unclassified` in that year, as there.

    Parameters
    ----------
    opening, closing : rasters of classes, the closing one brought onto the grid of the opening one, nearest pixel, where it has another; or parcels of two surveys
    zones     : polygons of counties, or of accounting units of any kind, with their codes
    years     : opening and closing
    classes   : scheme or file of the crosswalk of both, or of the opening; None: the shipped one that fits
    closing_classes : of the closing; None: `classes`, else the shipped one that fits
    zone_field : column with the codes; None: the first usual one
    zone_kind : kind of zones that are no divisions, where their rows do not say it
    class_field : column of survey parcels with their classes
    split     : texts of second layers that tell lumped types apart, as in `gep extract`, in both years, or in the opening
    closing_split : in the closing; none: those of `split`
    scheduler : address of a running Dask scheduler; None: threads of this process
    threads   : None: as many as there are processors
    memory    : megabytes for the whole process
    progress  : is told each stage

    Raises
    ------
    Problems : everything wrong with the files; nothing is left behind then
    """
    seconds = (tuple(split), tuple(closing_split) or tuple(split))
    if years[0] >= years[1]:
        refuse_one(
            "--years",
            say("the opening is {one} and the closing {other}", one=years[0], other=years[1]),
            say("the earlier year first"),
        )
    if is_survey(opening) or is_survey(closing):
        if not (is_survey(opening) and is_survey(closing)):
            refuse_one(
                str(closing if is_survey(opening) else opening),
                say("one year is parcels of a survey, the other a raster"),
                say("parcels of both years, or rasters of both"),
                "gdal_rasterize makes one of parcels",
            )
        return _compare_parcels(
            (opening, closing),
            zones,
            output,
            years,
            (classes, closing_classes or classes),
            zone_field,
            zone_kind,
            class_field,
            seconds,
            progress,
            pictures=pictures,
        )
    progress("reading polygons")
    first, second = look_at_land(opening), look_at_land(closing)
    settled = settle_zones(read_polygons(zones, (first.grid.crs, first.grid.bounds)), zone_field, zone_kind)
    check_zone_years(settled, years[1])
    polygons = settled.polygons
    first = crop_to_zones(first, polygons)
    leaves = {**VARIABLES, **COEFFICIENTS}
    crosswalk = read_crosswalk(classes) if classes else None
    after = read_crosswalk(closing_classes) if closing_classes else crosswalk
    lands: tuple[Layers, Layers] = (
        make_layers(first, crosswalk, (), leaves, None, years[0]),
        make_layers(second, after, (), leaves, None, years[1]),
    )
    on_it = first.grid.find_on(second.grid)
    if on_it is not None:
        lands = (lands[0], replace(lands[1], land=second.crop(on_it)))
    lands = (divide_layers(lands[0], seconds[0], leaves, years[0]), divide_layers(lands[1], seconds[1], leaves, years[1]))
    first = lands[0].land
    made = make_zones(polygons, SETTLED, first.grid, first.name)
    types = find_types(lands[0].crosswalk, lands[1].crosswalk)
    tables = (lands[0].class_table(), lands[1].class_table())
    task = TransitionTask(*lands, None if on_it is not None else first.grid, made, tables, types.tables)
    threads = threads or count_processors()
    blocks = plan_blocks(first, BYTES)
    under_way = count_under_way(blocks, BYTES, memory, threads)
    cited = f"{first.cited} | {lands[1].land.cited} | {made.cited}"
    kind = _describe_raster(types.names, years, cited, lands)
    names = [MATRIX, BY_CLASS, EXTENT, f"{RASTER}.tif", *([f"{RASTER}.png", f"{RASTER}.svg"] if pictures else [])]
    with write_run_folder(output, names, "maps") as folder:
        rasters = ResultRasters(folder, first.grid, [kind], threads)
        with rasters, make_block_runner(scheduler, threads, under_way, output) as run:
            found = add_changes(_written(run(find_change, task, blocks), rasters, len(blocks), progress), task)
        land = measure_zone_areas(polygons, made.codes, read_codes(polygons, SETTLED))
        changes = _gather(found, task, types.names, land, years, cited)
        write_change_tables(changes, folder)
        if pictures:
            from gep.space.change.picture import draw_change

            progress("drawing pictures")
            codes = {(one, two): make_code(at, to) for at, one in enumerate(types.names) for to, two in enumerate(types.names)}

            def read(window: Window, size: tuple[int, int]) -> NDArray[np.float32]:
                with open_confined(rasters.targets[0]) as source:
                    part = RasterWindow.from_slices(*window.slices)
                    return np.asarray(source.read(1, window=part, out_shape=size, resampling=Resampling.nearest))

            draw_change(read, changes, codes, made, first.grid, name_place(made.codes), folder)
    return [
        *(text for one in lands for text in (*one.stated, one.classes_told)),
        *dict.fromkeys(
            text
            for side, one in enumerate(lands)
            for text in describe_division(one.crosswalk, _sum_classes(changes, side, len(one.crosswalk.classes)), one.land)
        ),
        *_tell((lands[0].crosswalk, lands[1].crosswalk), types.lifted, changes, moved=on_it is None),
        *settled.told,
        *describe_left_out(polygons),
        say("{zones} zones, {files}: {output}", zones=len(made.codes), files=join_list(names[:4]), output=output),
    ]


def _compare_parcels(
    files: tuple[Path, Path],
    zones: Path,
    output: Path,
    years: tuple[int, int],
    classes: tuple[str | None, str | None],
    zone_field: str | None,
    zone_kind: str | None,
    class_field: str,
    seconds: tuple[tuple[str, ...], tuple[str, ...]],
    progress: Callable[[str], None],
    *,
    pictures: bool,
) -> list[str]:
    from gep.space.parcels.changing import lay_over, read_surveys, write_parcel_changes

    progress("reading polygons")
    surveys = read_surveys(files, zones, years, classes, zone_field, zone_kind, class_field)
    progress("laying the parcels over each other")
    parts, surveys = lay_over(surveys, years, seconds)
    crosswalks = (surveys[0].layers.crosswalk, surveys[1].layers.crosswalk)
    types = find_types(*crosswalks)
    place = name_place(surveys[0].zones.codes)
    changes, names, uneven = write_parcel_changes(surveys, parts, years, types, output, place, progress, pictures=pictures)
    return [
        *dict.fromkeys(text for one in surveys for text in one.told),
        *_tell(crosswalks, types.lifted, changes, moved=False),
        *uneven,
        say("{zones} zones, {files}: {output}", zones=len(changes.zones), files=join_list(names), output=output),
    ]


def _describe_raster(types: Sequence[str], years: tuple[int, int], cited: str, lands: tuple[Layers, Layers]) -> Kind:
    listed = "; ".join(f"{at}: {name}" for at, name in enumerate(types))
    tags = {
        "UNIT": "code",
        "CODES": "0: type unchanged; else 1 + 100 x opening type + closing type",
        "TYPES": listed,
        "YEARS": f"{years[0]}-{years[1]}",
        "LAND_COVER": cited,
        "CLASSES": " | ".join(one.crosswalk.scheme for one in lands),
    }
    return Kind(RASTER, ("change",), "code", tags, "nearest")


def _written(
    found: Iterator[BlockOfChange | None], rasters: ResultRasters, count: int, progress: Callable[[str], None]
) -> Iterator[BlockOfChange | None]:
    """Write blocks as they come and hand on their sums."""
    for at, block in enumerate(found, start=1):
        progress(say("block {at} of {count}", at=at, count=count))
        if block is not None:
            rasters.write(0, block.window, block.change[None])
        yield block


def _gather(
    found: dict[tuple[int, int, int], float],
    task: TransitionTask,
    types: tuple[str, ...],
    land: dict[str, float],
    years: tuple[int, int],
    cited: str,
) -> Changes:
    zones: Zones = task.zones
    of_classes: dict[tuple[str, int, int], float] = {}
    of_types: dict[tuple[str, str, str], float] = {}
    for (zone, one, two), area in sorted(found.items()):
        of_classes[zones.codes[zone], one, two] = area
    for code in zones.codes:
        inside = sum(area for (zone, _, _), area in of_classes.items() if zone == code)
        outside = land[code] - inside
        if outside > OUTSIDE * inside:
            of_classes[code, 0, 0] = of_classes.get((code, 0, 0), 0.0) + outside
    for (code, one, two), area in of_classes.items():
        key = (code, types[task.types[0][one]], types[task.types[1][two]])
        of_types[key] = of_types.get(key, 0.0) + area
    crosswalks = (task.opening.crosswalk, task.closing.crosswalk)
    return Changes(years, zones.codes, types, of_types, of_classes, crosswalks, cited)


def _sum_classes(changes: Changes, side: int, count: int) -> NDArray[np.float64]:
    """Return the area of each class of a year in all zones, km²."""
    found = np.zeros(count + 1)
    for (_, *pair), area in changes.of_classes.items():
        found[pair[side]] += area
    return found[1:]


def _tell(crosswalks: tuple[Crosswalk, Crosswalk], lifted: Sequence[str], changes: Changes, *, moved: bool) -> list[str]:
    told: list[str] = []
    one, two = (crosswalk.scheme for crosswalk in crosswalks)
    if one != two:
        told.append(
            say("the years are of two products ({one}, {two}): what differs may be the products, not the land", one=one, two=two)
        )
    if lifted:
        names = join_list(name_member(name) for name in lifted)
        told.append(say("one year does not tell apart {types}; they are taken as the type that holds them", types=names))
    if moved:
        told.append(
            say(
                "the closing land cover has another grid: the nearest pixel counts, and shifts of less than a pixel look like change"
            )
        )
    lost = sum(area for (_, before, after), area in changes.of_classes.items() if (before == 0) != (after == 0))
    whole, changed = (
        sum(changes.of_types.values()),
        sum(area for (_, a, b), area in changes.of_types.items() if a != b and UNCLASSIFIED not in {a, b}),
    )
    if lost > 0:
        told.append(
            say(
                "{area:,.4f} km² have data in one of the years only: unclassified in the other, which is no change of the land",
                area=lost,
            )
        )
    if whole:
        told.append(say("{area:,.4f} km² ({share:.2%}) changed their type", area=changed, share=changed / whole))
    return told
