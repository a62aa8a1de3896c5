"""gep extract, map, transitions, terrain, cover, erodibility, erosivity, sediment and nutrients."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gep.commands.common import progress_teller, refuse_usage, standard_option, tell_all
from gep.messages.texts import say

if TYPE_CHECKING:
    from gep.space.routing.landscape import Asked

_land = click.option(
    "--land-cover",
    required=True,
    multiple=True,
    metavar="FILE",
    help="Raster of classes or its tiles (files, a folder, a pattern, a VRT), or polygons of a survey.",
)
_zones = click.option(
    "--zones", required=True, metavar="FILE", help="Polygons of counties or other units: .geojson, .gpkg or .shp."
)
_field = click.option("--zone-field", metavar="NAME", help="Column of the zones with their codes.  [default: found by its name]")
_kind = click.option(
    "--zone-kind",
    metavar="KIND",
    help="What zones are that no list has: township, village, basin, red_line, parcel … where their layer does not say it.",
)
_units = click.option(
    "--units", type=click.Path(path_type=Path), help="Table of units, or folder with one, that the zones are of."
)
_classes = click.option(
    "--classes",
    metavar="CROSSWALK|FILE",
    help="Crosswalk from classes to ecosystem types: a shipped one or a CSV file.  [default: that of the product the file says it is]",
)
_drivers = click.option(
    "--driver",
    "drivers",
    multiple=True,
    metavar="ID=FILE*FACTOR[UNIT]",
    help="Raster of a variable or coefficient; FACTOR and [UNIT] may be left out where the file says them.",
)
_least = click.option(
    "--least-cover",
    type=click.FloatRange(0, 100),
    default=95,
    show_default=True,
    metavar="PERCENT",
    help="A mean is taken only if a driver has data for so much of the area.",
)
_accept = click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="ID",
    help="Take the means of this driver whatever is missing, and however large.",
)
_class_field = click.option(
    "--class-field", default="DLBM", show_default=True, metavar="NAME", help="Column of survey polygons with the class."
)
_inputs = click.option(
    "--inputs", multiple=True, type=click.Path(path_type=Path), help="Table of what no raster gives, county by county."
)
_year = click.option("--year", required=True, type=click.IntRange(1978, 2100), help="Accounting year of the results.")
_split = click.option(
    "--split",
    multiple=True,
    metavar="FILE|classes=CROSSWALK",
    help="Raster or polygons (|field=NAME) that tell apart what land cover or parcels lump, such as a forest map; may be repeated.",
)
_resampling = click.option(
    "--resampling",
    type=click.Choice(["nearest", "bilinear", "average", "cubic"]),
    help="How drivers come onto the grid of the land cover.  [default: average if finer, else bilinear]",
)
_scheduler = click.option("--scheduler", metavar="ADDRESS", help="A running Dask scheduler, tcp://HOST:8786.  [default: threads]")
_threads = click.option("--threads", type=click.IntRange(1, 256), help="Threads without a scheduler.  [default: processors]")
_memory = click.option(
    "--memory", type=click.IntRange(768), default=1024, show_default=True, help="Megabytes the whole process may take."
)


@click.command()
@_land
@_zones
@_units
@_year
@_classes
@_field
@_kind
@_drivers
@_inputs
@_least
@_accept
@_split
@click.option(
    "--split-shares",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Table of shares that divide lumped types: county, ecosystem, into, share, source.",
)
@_resampling
@_class_field
@_scheduler
@_threads
@_memory
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Table to write: .parquet or .csv.")
def extract(land_cover: tuple[str, ...], zones: str, output: Path, units: Path | None, **options: object) -> None:
    """Make the input table of counties from land cover and rasters.

    Areas are geodesic, of exact shares of pixels; drivers are area-weighted
    means by ecosystem type. Sources carry the files' hashes.
    """
    from gep.space.runs import extract_inputs
    from gep.tasks.known_units import know_unit_tables

    know_unit_tables(units)
    done = extract_inputs(Path(",".join(land_cover)), Path(zones), output, progress=progress_teller(), **options)  # type: ignore[arg-type]
    tell_all(done)


@click.command("map")
@_land
@_zones
@_units
@click.option("--service", "services", multiple=True, required=True, metavar="ID", help="Service to map; may be repeated.")
@_year
@_drivers
@_inputs
@standard_option
@_class_field
@click.option("--also", multiple=True, metavar="RULE", help="Write this rule too, such as soil_retention.amount.")
@_classes
@_field
@_kind
@_least
@_accept
@_split
@_resampling
@click.option("--pictures/--no-pictures", default=True, help="Quick looks (PNG) and a page of them.")
@_scheduler
@_threads
@_memory
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write.")
def map_services(
    land_cover: tuple[str, ...], zones: str, services: tuple[str, ...], output: Path, units: Path | None, **options: object
) -> None:
    """Compute services for every pixel, by the rules of the account.

    Writes Cloud Optimized GeoTIFFs of quantities and values, quick looks, and
    zonal sums beside the county accounts made of the same rasters.
    """
    from gep.space.mapping import make_maps
    from gep.tasks.known_units import know_unit_tables

    know_unit_tables(units)
    done = make_maps(Path(",".join(land_cover)), Path(zones), services, output, progress=progress_teller(), **options)  # type: ignore[arg-type]
    tell_all(done)


@click.command()
@click.option(
    "--opening", required=True, metavar="FILE", help="Land cover or survey parcels of the earlier year, as in gep extract."
)
@click.option("--closing", required=True, metavar="FILE", help="Land cover or survey parcels of the later year.")
@click.option("--years", required=True, nargs=2, type=click.IntRange(1978, 2100), metavar="YEAR YEAR", help="The two years.")
@_zones
@_units
@_classes
@click.option("--closing-classes", metavar="CROSSWALK|FILE", help="Crosswalk of the later year.  [default: as of the earlier]")
@_field
@_kind
@_class_field
@click.option("--pictures/--no-pictures", default=True, help="The map of changes as PNG and SVG.")
@_split
@click.option(
    "--closing-split",
    multiple=True,
    metavar="FILE|classes=CROSSWALK",
    help="Second layer of the later year; may be repeated.  [default: those of --split]",
)
@_scheduler
@_threads
@_memory
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write.")
def transitions(opening: str, closing: str, zones: str, output: Path, units: Path | None, **options: object) -> None:
    """Account what became of the land between two years, zone by zone.

    Writes the matrices of ecosystem types and of classes, additions and
    reductions, a raster of changes (of parcels: polygons) and its picture. The
    matrix of types is what gep assets extent takes with --transitions.
    """
    from gep.space.changing import make_transitions
    from gep.tasks.known_units import know_unit_tables

    know_unit_tables(units)
    done = make_transitions(Path(opening), Path(closing), Path(zones), output, progress=progress_teller(), **options)  # type: ignore[arg-type]
    tell_all(done)


@click.command()
@click.argument("dem", type=click.Path(path_type=Path))
@click.option(
    "--slope-length",
    type=click.Choice(["pixel", "flow"]),
    default="pixel",
    show_default=True,
    help="Length of one pixel, or by the area that drains into it (D8).",
)
@click.option(
    "--longest",
    type=click.FloatRange(1, 10_000),
    metavar="METRES",
    help="Metres of slope length that count at most, by flow.  [default: 122]",
)
@click.option("--parts", is_flag=True, help="Write slope, L, S and contributing area too, by flow.")
@click.option(
    "--barriers",
    type=click.Path(path_type=Path),
    help="Raster of 1 where a slope length ends (terrace edges, roads, ditches), by flow.",
)
@_scheduler
@_threads
@_memory
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Raster to write (.tif).")
def terrain(
    dem: Path,
    output: Path,
    slope_length: str,
    longest: float | None,
    parts: bool,  # noqa: FBT001 - a flag of click
    barriers: Path | None,
    **options: object,
) -> None:
    """Compute the slope factor LS from a terrain model in metres.

    With a slope length of one pixel it is a lower bound that depends on the
    resolution; by flow it grows with the area above.
    """
    from gep.space.raster.blocks import Work
    from gep.space.soil.terrain import write_slope_factor

    if slope_length == "flow":
        from gep.space.soil.flow import LONGEST, write_flow_factors

        if options["scheduler"] or options["threads"]:
            refuse_usage(say("--scheduler and --threads go with --slope-length pixel: water flows over the whole terrain"))
        memory = options["memory"]
        tell_all([write_flow_factors(dem, output, longest or LONGEST, memory, progress_teller(), parts=parts, barriers=barriers)])  # type: ignore[arg-type]
        return
    if longest is not None or parts or barriers is not None:
        refuse_usage(say("--longest, --parts and --barriers go with --slope-length flow"))
    tell_all([write_slope_factor(dem, output, Work(progress=progress_teller(), **options))])  # type: ignore[arg-type]


@click.command()
@click.option("--sand", required=True, metavar="FILE*FACTOR[UNIT]", help="Sand of the topsoil.")
@click.option("--silt", required=True, metavar="FILE*FACTOR[UNIT]", help="Silt.")
@click.option("--clay", required=True, metavar="FILE*FACTOR[UNIT]", help="Clay.")
@click.option(
    "--carbon", required=True, metavar="FILE*FACTOR[UNIT]", help="Organic carbon, which is some 58 % of organic matter."
)
@_scheduler
@_threads
@_memory
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Raster to write (.tif).")
def erodibility(sand: str, silt: str, clay: str, carbon: str, output: Path, **options: object) -> None:
    """Compute the soil erodibility K from texture and organic carbon.

    EPIC with the correction of HJ 1173-2021; the raster is a driver of gep
    extract and map.
    """
    from gep.space.raster.blocks import Work
    from gep.space.soil.factors import write_erodibility

    tell_all(write_erodibility((sand, silt, clay, carbon), output, Work(progress=progress_teller(), **options)))  # type: ignore[arg-type]


@click.command()
@click.option("--land-cover", required=True, metavar="FILE", help="Raster of classes.")
@click.option("--vegetation", required=True, metavar="FILE*FACTOR[UNIT]", help="Cover of vegetation, as a share or percent.")
@_year
@_classes
@_scheduler
@_threads
@_memory
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Raster to write (.tif).")
def cover(land_cover: str, vegetation: str, output: Path, year: int, classes: str | None, **options: object) -> None:
    """Compute the cover factor C from land cover and cover of vegetation.

    By the table and formula of HJ 1173-2021; the raster is a driver of gep
    extract and map.
    """
    from gep.space.raster.blocks import Work
    from gep.space.soil.cover import write_cover_factor

    tell_all(write_cover_factor(Path(land_cover), vegetation, output, year, classes, Work(progress=progress_teller(), **options)))  # type: ignore[arg-type]


@click.command()
@click.option(
    "--rain",
    required=True,
    multiple=True,
    metavar="FILES*FACTOR[UNIT]",
    help="All days in their order: files, bands, a folder, a pattern.",
)
@click.option(
    "--years",
    required=True,
    nargs=2,
    type=click.IntRange(1900, 2100),
    metavar="YEAR YEAR",
    help="First and last year of the days.",
)
@click.option(
    "--erosive",
    type=click.FloatRange(0, 100),
    metavar="MM",
    default=12,
    show_default=True,
    help="Millimetres a day from which rain counts.",
)
@_scheduler
@_threads
@_memory
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Raster to write (.tif).")
def erosivity(rain: tuple[str, ...], output: Path, years: tuple[int, int], erosive: float, **options: object) -> None:
    """Compute the rainfall erosivity R from daily rain, averaged over years.

    By the formula of HJ 1173-2021; the raster is a driver of gep extract and
    map.
    """
    from gep.space.raster.blocks import Work
    from gep.space.soil.factors import write_erosivity

    tell_all(write_erosivity(rain, output, years, erosive, Work(progress=progress_teller(), **options)))  # type: ignore[arg-type]


_dem = click.option("--dem", required=True, type=click.Path(path_type=Path), help="Terrain model in metres, square pixels.")
_classed = click.option("--land-cover", required=True, metavar="FILE", help="Raster of classes on the grid of the terrain.")
_table = click.option(
    "--table", required=True, type=click.Path(path_type=Path), help="Table of what each class does, with the columns of InVEST."
)
_streams = click.option(
    "--streams",
    type=click.FloatRange(1),
    default=1000,
    show_default=True,
    metavar="PIXELS",
    help="A stream is where so many pixels drain through (D8: more).",
)
_drainage = click.option(
    "--drainage", type=click.Path(path_type=Path), help="Raster of 1 where water runs into a stream at once, such as ditches."
)
_steepness = click.option(
    "--k",
    type=click.FloatRange(0, 100, min_open=True),
    metavar="VALUE",
    default=2,
    show_default=True,
    help="How steeply delivery rises with connectivity.",
)
_flow = click.option(
    "--flow",
    type=click.Choice(["mfd", "d8"]),
    default="mfd",
    show_default=True,
    help="Water spreads over all lower neighbours, or goes to that of the steepest fall.",
)
_published = click.option(
    "--published", is_flag=True, help="Count ways in metres, as the published equations do.  [default: in steps, as InVEST does]"
)
_whole = click.option(
    "--whole-terrain", is_flag=True, help="Let water run over the whole terrain.  [default: over the zones only, as InVEST]"
)
_routed_least = click.option(
    "--least-cover",
    type=click.FloatRange(0, 100),
    default=95,
    show_default=True,
    metavar="PERCENT",
    help="An input is taken only if so much of the type's area has data and a way to a stream.",
)
_routed_accept = click.option("--accept", "accepted", multiple=True, metavar="ID", help="Take this input whatever is missing.")
_folder = click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write.")


@click.command("sediment")
@_dem
@_classed
@_zones
@_units
@_year
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    help="Table of what each class does, with the columns of InVEST; only of what no raster gives.",
)
@click.option("--cover", metavar="FILE*FACTOR[UNIT]", help="Cover factor C, as of gep cover, in the place of usle_c.")
@click.option("--practice", metavar="FILE*FACTOR[UNIT]", help="Practice factor P, in the place of usle_p.")
@click.option("--erosivity", required=True, metavar="FILE*FACTOR[UNIT]", help="Rainfall erosivity R, as of gep erosivity.")
@click.option("--erodibility", required=True, metavar="FILE*FACTOR[UNIT]", help="Soil erodibility K, as of gep erodibility.")
@_classes
@_field
@_kind
@_streams
@_drainage
@_steepness
@click.option(
    "--ic0",
    metavar="VALUE",
    type=click.FloatRange(-10, 10),
    default=0.5,
    show_default=True,
    help="Connectivity of half the delivery.",
)
@click.option(
    "--most", metavar="SHARE", type=click.FloatRange(0, 1), default=0.8, show_default=True, help="Largest share delivered."
)
@click.option(
    "--longest", metavar="VALUE", type=click.FloatRange(1, 10_000), default=122, show_default=True, help="Largest factor L."
)
@_flow
@_published
@_whole
@_routed_least
@_routed_accept
@_memory
@_folder
def sediment(
    output: Path,
    units: Path | None,
    table: Path | None,
    cover: str | None,
    practice: str | None,
    erosivity: str,
    erodibility: str,
    k: float,
    ic0: float,
    most: float,
    longest: float,
    least_cover: float,
    accepted: tuple[str, ...],
    **asked: object,
) -> None:
    """Follow the sediment to the streams: SDR of InVEST.

    Writes rasters of soil loss, export, deposition and what cover keeps from
    streams, sums by zone, and inputs.csv: soil retained, by type.
    """
    from gep.space.delivery import write_sediment
    from gep.space.routing.cover_and_practice import SoilRasters
    from gep.space.routing.landscape import Asked
    from gep.space.routing.sediment import SedimentSettings
    from gep.tasks.known_units import know_unit_tables

    know_unit_tables(units)
    call = _ask(Asked, asked)
    settings = SedimentSettings(k, ic0, most, longest)
    rasters = SoilRasters(cover, practice)
    done = write_sediment(
        call, table, erosivity, erodibility, output, settings, least_cover, accepted, progress_teller(), rasters
    )
    tell_all(done)


@click.command("nutrients")
@_dem
@_classed
@_zones
@_units
@_year
@_table
@click.option(
    "--runoff", required=True, metavar="FILE*FACTOR[UNIT]", help="Runoff or what stands for it, such as rain of a year."
)
@click.option(
    "--nutrient", "nutrient", multiple=True, type=click.Choice(["n", "p"]), help="Nitrogen or phosphorus.  [default: both]"
)
@click.option(
    "--ground-length", type=click.FloatRange(1, 1e5), metavar="METRES", help="Critical length below ground, for nitrogen."
)
@click.option(
    "--ground-efficiency", metavar="SHARE", type=click.FloatRange(0, 1), help="Largest share retained below ground, for nitrogen."
)
@click.option(
    "--runoff-mean",
    type=click.FloatRange(0, 20_000, min_open=True),
    metavar="MM",
    help="Runoff that counts 1, mm a year.  [default: its mean]",
)
@_classes
@_field
@_kind
@_streams
@_drainage
@_steepness
@_flow
@_published
@_whole
@_routed_least
@_routed_accept
@_memory
@_folder
def nutrients(
    output: Path,
    units: Path | None,
    table: Path,
    runoff: str,
    nutrient: tuple[str, ...],
    ground_length: float | None,
    ground_efficiency: float | None,
    runoff_mean: float | None,
    k: float,
    least_cover: float,
    accepted: tuple[str, ...],
    **asked: object,
) -> None:
    """Follow nitrogen and phosphorus to the streams: NDR of InVEST.

    Writes rasters of loads, export and what is retained, sums by zone, and
    inputs.csv: total nitrogen and phosphorus purified, by type.
    """
    from gep.space.delivery import write_nutrients
    from gep.space.routing.landscape import Asked
    from gep.space.routing.nutrients import Subsurface
    from gep.tasks.known_units import know_unit_tables

    know_unit_tables(units)
    wanted = tuple(dict.fromkeys(nutrient)) or ("n", "p")
    stated = ground_length is not None and ground_efficiency is not None
    if ("n" in wanted) != stated or (ground_length is None) != (ground_efficiency is None):
        refuse_usage(say("--ground-length and --ground-efficiency go with nitrogen, both of them"))
    ground = Subsurface(ground_efficiency or 0.0, ground_length or 0.0) if stated else None
    call = _ask(Asked, asked)
    tell_all(
        write_nutrients(call, table, runoff, wanted, output, k, ground, runoff_mean, least_cover, accepted, progress_teller())
    )


def _ask(make: type[Asked], options: dict[str, object]) -> Asked:
    return make(**{**options, "zones": Path(str(options["zones"])), "land_cover": Path(str(options["land_cover"]))})  # type: ignore[arg-type]
