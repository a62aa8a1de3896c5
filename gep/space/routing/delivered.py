"""What was delivered, added up: a table of sums by zone, and the inputs of accounts by zone and ecosystem type."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.files.writing import write_whole
from gep.inputs.cover import COMPLETE, write_cover
from gep.messages.texts import join_list, say
from gep.reference.members import name_member, order_ecosystems
from gep.space.drivers.reading import name_leaf
from gep.space.zonal.extract import UNCLASSIFIED, Row, write_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gep.space.routing.connectivity import Flags, Floats
    from gep.space.routing.landscape import Landscape

SUMS, INPUTS = "zonal_sums.csv", "inputs.csv"
HECTARES = 100.0
"""In a km²."""
NAMED = 5
HEADER = ("county", "layer", "value", "unit", "value_on_ellipsoid", "pixels", "known", "source", "method")


@dataclass(frozen=True)
class Delivered:
    """Layers to be added up.

    Attributes
    ----------
    layers : name → figure of each pixel, in `unit`
    unit   : t/ha/yr or kg/ha/yr
    known  : pixels of which everything is known
    inputs : variable, pollutant (may be empty) and layer of each input of accounts
    cited  : all files with their hashes
    method : with parameters and marks
    """

    layers: Mapping[str, Floats]
    unit: str
    known: Flags
    inputs: tuple[tuple[str, str, str], ...]
    cited: str
    method: str


@dataclass(frozen=True)
class Partial:
    """An input found from a part of its area."""

    variable: str
    county: str
    ecosystem: str
    share: float


def write_delivered(
    land: Landscape, year: int, found: Delivered, least: float, folder: Path, *, accepted: bool
) -> tuple[list[Partial], list[Partial]]:
    """Write both tables; return the inputs that are not taken, and those taken though a part of their area is not known.

    Sums are those of pixels whose centre lies in a zone: `value` by the flat area of a pixel, as InVEST has it, `value_on_ellipsoid` by that on
    the ellipsoid, by which inputs go, as all areas of accounts do.

    Parameters
    ----------
    least    : share of the area of a type in a zone that must be known for the input to be taken
    accepted : whether inputs are taken all the same
    """
    flat = land.grid.step_x**2 / 1e6
    unit = found.unit.replace("/ha", "")
    rows: list[tuple[str, ...]] = []
    inputs: list[Row] = []
    left_out: list[Partial] = []
    partial: list[Partial] = []
    types = [one.ecosystem for one in land.layers.crosswalk.classes]
    for zone, code in enumerate(land.zones.codes):
        inside = land.label == zone
        share = float(found.known[inside].mean()) if inside.any() else 0.0
        for name, cells in found.layers.items():
            there = inside & ~np.isnan(cells)
            by_pixel, by_ellipsoid = cells[there].sum() * flat, (cells[there] * land.areas[there]).sum()
            numbers = (_print(by_pixel * HECTARES), unit, _print(by_ellipsoid * HECTARES), str(int(there.sum())), f"{share:.6g}")
            rows.append((code, name, *numbers, found.cited, found.method))
        for variable, pollutant, name in found.inputs:
            for ecosystem in order_ecosystems(set(types) - {UNCLASSIFIED}):
                of_type = inside & np.isin(land.places, [at for at, one in enumerate(types) if one == ecosystem])
                if not of_type.any():
                    continue
                known = float(found.known[of_type].mean())
                one = Partial(variable, code, ecosystem, known)
                if known < least and not accepted:
                    left_out.append(one)
                    continue
                there = of_type & ~np.isnan(found.layers[name])
                note = found.method
                if 1 - known > COMPLETE:
                    partial.append(one)
                    note = f"{write_cover(known)}{', accepted by name' if known < least else ''}; {note}"
                value = (found.layers[name][there] * land.areas[there]).sum() * HECTARES / (1000 if unit.startswith("kg") else 1)
                inputs.append(Row(code, year, variable, ecosystem, float(f"{value:.12g}"), "t/yr", found.cited, note, pollutant))
    with write_whole(folder / SUMS, "table") as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
    write_table(inputs, folder / INPUTS)
    return left_out, partial


def describe_delivered(left_out: Sequence[Partial], partial: Sequence[Partial], least: float) -> list[str]:
    """Return, for the user, which inputs were not taken, and which were found from a part of the area."""
    told: list[str] = []
    if left_out:
        told.append(
            say(
                "not taken, since less than {least:.0%} of the area has data or a way to a stream: {variable} of {places}; --accept {id} takes it all the same",
                least=least,
                variable=name_leaf(left_out[0].variable),
                places=_list(left_out),
                id=left_out[0].variable,
            )
        )
    if partial:
        told.append(
            say(
                "{variable} was found from a part of the area only: {places}",
                variable=name_leaf(partial[0].variable),
                places=_list(partial),
            )
        )
    return told


def _list(those: Sequence[Partial]) -> str:
    worst = sorted({(one.county, one.ecosystem): one for one in those}.values(), key=lambda one: one.share)
    named = join_list(
        say(
            "{place} {share:.2%}",
            place=say("{type} in {county}", type=name_member(one.ecosystem), county=one.county),
            share=one.share,
        )
        for one in worst[:NAMED]
    )
    return named if len(worst) <= NAMED else say("{places} and {more} more", places=named, more=len(worst) - NAMED)


def _print(value: float) -> str:
    return np.format_float_positional(float(f"{value:.12g}"), trim="-")
