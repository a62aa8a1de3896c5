"""Sediment and nutrients delivered to streams: the public functions behind `gep sediment` and `gep nutrients`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.files.run_folder import write_run_folder
from gep.formula.nodes import Observed
from gep.inputs.cover import USUAL_LEAST
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.messages.title import Title
from gep.space.raster.writing import Kind, ResultRasters
from gep.space.routing import nutrients, sediment
from gep.space.routing.class_values import APPLIED, BELOW, MEASURED, NUTRIENT, ClassValues, read_class_values
from gep.space.routing.cover_and_practice import SoilRasters, read_cover_and_practice
from gep.space.routing.delivered import INPUTS, SUMS, Delivered, describe_delivered, write_delivered
from gep.space.routing.drainage import Drainage
from gep.space.routing.landscape import MFD, Asked, Landscape, read_landscape
from gep.space.routing.nutrients import Land, Subsurface, compute_nutrient, index_runoff
from gep.space.routing.sediment import SedimentSettings, compute_sediment, is_known
from gep.space.shapes.zone_units import name_unit_table, write_units
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from gep.space.routing.connectivity import Floats, Terrain

SOIL_KEPT, PURIFIED = "soil_retention_amount", "water_purification_amount"
POLLUTANTS = {"n": "TN", "p": "TP"}
RUNOFF = "runoff_proxy"
_RUNOFF = Observed(RUNOFF, RUNOFF, "mm/yr", (), Title("径流代理", "Proxy of runoff"), least=0.0, most=20000.0)
SDR = "SDR: Borselli 2008, Vigiak 2012, as in InVEST 3.20"
NDR = "NDR: Borselli 2008, Vigiak 2012, as in InVEST 3.20"


def write_sediment(
    asked: Asked,
    table: Path | None,
    erosivity: str,
    erodibility: str,
    output: Path,
    settings: SedimentSettings | None = None,
    least_cover: float | None = None,
    accepted: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
    rasters: SoilRasters | None = None,
) -> list[str]:
    """Write into a folder what soil is lost, delivered to streams and kept from them: rasters, sums by zone, inputs of accounts; return what was done.

    Parameters
    ----------
    table     : usle_c and usle_p of each class of the land cover, but for what a raster gives; None: rasters give both
    erosivity, erodibility : FILE*FACTOR[UNIT]
    settings  : None: those that InVEST has
    least_cover : percent of a type's area in a zone of which everything must be known for the input to be taken; None: 95
    accepted  : ids of inputs that are taken all the same
    rasters   : of C and P

    Raises
    ------
    Problems : files that cannot be used; nothing is left behind then
    """
    settings = settings or SedimentSettings()
    _check_accepted(accepted, SOIL_KEPT)
    progress("reading the terrain")
    land = read_landscape(asked, VARIABLES)
    factors = read_cover_and_practice(land, asked.year, table, rasters or SoilRasters())
    cover, practice = factors.values
    r, cited_r, told_r = land.read("rainfall_erosivity", erosivity, VARIABLES, asked.year)
    k, cited_k, told_k = land.read("soil_erodibility", erodibility, VARIABLES, asked.year)
    progress("following the water")
    known = (land.places >= 0) & ~np.isnan(r) & ~np.isnan(k) & ~np.isnan(cover) & ~np.isnan(practice)
    terrain = land.find_terrain(asked, known, sediment.TRACED)
    streams = _describe_streams(land, terrain)
    layers = compute_sediment(terrain, cover, practice, r, k, settings)
    method = f"{SDR} [V]; k {settings.k:g}, IC0 {settings.ic0:g}, SDRmax {settings.most:g}, L at most {settings.longest:g}, {_describe_routing(asked)}"
    found = Delivered(
        {name: layers[name] for name in list(sediment.LAYERS)[: sediment.SUMMED]},
        sediment.PER_AREA,
        is_known(layers, terrain.streams),
        ((SOIL_KEPT, "", "avoided_export"),),
        _cite(land, f"R {cited_r}", f"K {cited_k}", *factors.cited),
        method,
    )
    kinds = [(name, unit, layers[name]) for name, unit in sediment.LAYERS.items()]
    told = _write(land, asked, found, kinds, output, least_cover, accepted, progress)
    return [told_r, told_k, *factors.told, *streams, *told]


def write_nutrients(
    asked: Asked,
    table: Path,
    runoff: str,
    nutrient: Sequence[str],
    output: Path,
    k: float = 2.0,
    ground: Subsurface | None = None,
    runoff_mean: float | None = None,
    least_cover: float | None = None,
    accepted: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Write into a folder what nutrients are delivered to streams and kept from them: rasters, sums by zone, inputs of accounts; return what was done.

    Parameters
    ----------
    table    : of each class of the land cover load_n, eff_n, crit_len_n, load_type_n, proportion_subsurface_n, and the same of p but for the last
    runoff   : FILE*FACTOR[UNIT], such as the rain of a year
    nutrient : n, p or both
    ground   : what the ground retains of nitrogen, needed for it
    runoff_mean : mm a year that runoff is compared with; None: its mean over the landscape
    least_cover, accepted : as of `write_sediment`

    Raises
    ------
    Problems : files that cannot be used; nothing is left behind then
    """
    _check_accepted(accepted, PURIFIED)
    progress("reading the terrain")
    land = read_landscape(asked, VARIABLES)
    figures = {f"{name}_{of}": ends for of in nutrient for name, ends in NUTRIENT.items()}
    if "n" in nutrient:
        figures[BELOW] = (0.0, 1.0)
    values = read_class_values(table, figures, {f"load_type_{of}": (APPLIED, MEASURED) for of in nutrient}, land.present)
    rain, cited, told_rain = land.read(RUNOFF, runoff, {RUNOFF: _RUNOFF}, asked.year)
    progress("following the water")
    terrain = land.find_terrain(asked, None, nutrients.TRACED)
    streams = _describe_streams(land, terrain)
    counted = ~np.isnan(land.heights) if asked.whole_terrain else land.inside
    index = index_runoff(rain, counted, runoff_mean)
    connectivity = terrain.find_connectivity(1.0)
    summed: dict[str, Floats] = {}
    kinds: list[tuple[str, str, Floats]] = []
    known = np.ones(land.heights.shape, dtype=bool)
    for of in nutrient:
        layers = compute_nutrient(terrain, connectivity, _find_land(values, land, of), index, k, ground if of == "n" else None)
        known &= terrain.streams | ~np.isnan(layers["retained"])
        names = [name for name in (*nutrients.SUMMED, *nutrients.RATIOS) if name in layers]
        summed |= {f"{of}_{name}": layers[name] for name in names if name in nutrients.SUMMED}
        kinds += [(f"{of}_{name}", nutrients.PER_AREA if name in nutrients.SUMMED else "1", layers[name]) for name in names]
    kinds += [
        ("connectivity", "1", connectivity),
        ("streams", "1", np.where(terrain.drainage.count > 0, terrain.streams * 1.0, np.nan)),
    ]
    method = f"{NDR} [V]; k {k:g}, {_describe_routing(asked)}"
    if ground is not None:
        method += f", below ground at most {ground.efficiency:g} over {ground.length:g} m"
    inputs = tuple((PURIFIED, POLLUTANTS[of], f"{of}_retained") for of in nutrient)
    found = Delivered(summed, nutrients.PER_AREA, known, inputs, _cite(land, f"runoff {cited}", values.cited), method)
    told = _write(land, asked, found, kinds, output, least_cover, accepted, progress)
    return [told_rain, *streams, *told]


def _find_land(values: ClassValues, land: Landscape, of: str) -> Land:
    load, efficiency, length = (values.spread(f"{name}_{of}", land.places, land.numbers) for name in NUTRIENT)
    applied = {number: float(word == APPLIED) for number, word in values.words[f"load_type_{of}"].items()}
    share = ClassValues({"applied": applied}, {}, "").spread("applied", land.places, land.numbers)
    below = values.spread(BELOW, land.places, land.numbers) if of == "n" else None
    return Land(load * (1 - efficiency * share), efficiency, length, below)


def _check_accepted(accepted: Sequence[str], variable: str) -> None:
    for name in accepted:
        if name != variable:
            refuse_one("--accept", say("{name} is no input of this call", name=name), say("one of {names}", names=variable))


def _describe_routing(asked: Asked) -> str:
    way = "ways in metres, as published" if asked.published else "a step of a way counts 1, as in InVEST"
    where = "over the whole terrain" if asked.whole_terrain else "water of the zones only, as in InVEST"
    least = "at least" if asked.flow == MFD else "more than"
    return f"flow {asked.flow.upper()}, streams of {least} {asked.streams:g} pixels{' and as stated' if asked.drainage else ''}, {way}, {where}"


def _cite(land: Landscape, *others: str) -> str:
    return " | ".join((land.dem.cited, land.layers.land.cited, *others, land.zones.cited))


def _describe_streams(land: Landscape, terrain: Terrain) -> list[str]:
    known = terrain.drainage.count > 0
    if not terrain.streams.any():
        refuse_one(
            "--streams",
            say("no pixel has so many pixels above it; the most are {count:,.0f}", count=terrain.drainage.count.max(initial=0))
            if isinstance(terrain.drainage, Drainage)
            else say(
                "nowhere does water of so many pixels leave the terrain; the most are {count:,.0f}",
                count=terrain.drainage.count_at_outlets(),
            ),
            say("fewer pixels from which a stream begins"),
        )
    share = float(terrain.streams.sum() / known.sum())
    length = int(terrain.streams.sum())
    return [*land.told, say("{count:,} pixels are streams ({share:.2%})", count=length, share=share)]


def _describe_choices(asked: Asked) -> list[str]:
    where = (
        say("water runs over the whole terrain")
        if asked.whole_terrain
        else say("water of the zones only, as in InVEST; --whole-terrain lets it run over all of the terrain")
    )
    way = (
        say("ways to streams in metres, as in the published equations")
        if asked.published
        else say("ways to streams in steps, as InVEST 3.20 counts them; --published counts metres")
    )
    flow = (
        say(
            "water spreads over all lower neighbours (MFD), as in InVEST unless told; --flow d8 sends it to that of the steepest fall"
        )
        if asked.flow == MFD
        else say(
            "water goes to the neighbour of the steepest fall (D8); --flow mfd spreads it over all lower ones, as in InVEST unless told"
        )
    )
    return [flow, where, way]


def _write(
    land: Landscape,
    asked: Asked,
    found: Delivered,
    kinds: Sequence[tuple[str, str, Floats]],
    output: Path,
    least_cover: float | None,
    accepted: Sequence[str],
    progress: Callable[[str], None],
) -> list[str]:
    tags: Mapping[str, str] = {"METHOD": found.method, "SOURCE": found.cited, "YEAR": str(asked.year), "MARK": "V"}
    described = [Kind(name, (name,), unit, {"UNIT": unit, "RULE": name, **tags}) for name, unit, _ in kinds]
    units = [name_unit_table(output / INPUTS).name] if land.units else []
    names = [SUMS, INPUTS, *units, *(f"{kind.name}.tif" for kind in described)]
    least = USUAL_LEAST if least_cover is None else least_cover / 100
    with write_run_folder(output, names, "maps") as folder:
        progress("writing rasters")
        with ResultRasters(folder, land.grid, described, 1) as rasters:
            for at, (_, _, cells) in enumerate(kinds):
                rasters.write(at, land.whole, cells.astype(np.float32)[None])
        left_out, partial = write_delivered(land, asked.year, found, least, folder, accepted=bool(accepted))
        if land.units:
            write_units(land.units, folder / units[0])
    told = [say("their table: {table}; gep run takes it with the inputs", table=output / units[0])] if units else []
    return [
        *describe_delivered(left_out, partial, least),
        *told,
        *_describe_choices(asked),
        say("{zones} zones, {files}: {output}", zones=len(land.zones.codes), files=join_list([SUMS, INPUTS]), output=output),
    ]
