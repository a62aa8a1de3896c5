"""Compares the sum of the pixels of every zone with the county account made of the zonal means of the same rasters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.files.writing import write_whole
from gep.formula.evaluate import Evaluation
from gep.formula.nodes import ECOSYSTEM, Node, Rule, total
from gep.messages.numbers import format_amount
from gep.messages.texts import Joined, Name, say
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gep.account.binding import Binding
    from gep.messages.texts import Text
    from gep.space.maps.pixels import Layer
    from gep.space.maps.run import MapBlock
    from gep.space.shapes.zones import Zones
    from gep.standards.plan import Plan

HEADER = (
    "county",
    "year",
    "service",
    "layer",
    "band",
    "unit",
    "sum_of_pixels",
    "area_counted_km2",
    "area_without_result_km2",
    "county_account",
    "difference",
    "relative_difference",
    "state",
)
COMPLETE, PART, NO_DATA, NOT_COUNTED = "complete", "part", "no data", "not counted"
"""What the sum of a zone is of: all pixels that count, some of them, none of them, or none counts at all."""


@dataclass(frozen=True)
class ZoneResult:
    """One layer and band in one zone, in the layer's unit; `account` is NaN where the county account is unknown."""

    county: str
    year: int
    layer: Layer
    band: str
    pixels: float
    counted: float
    lacking: float
    account: float

    @property
    def state(self) -> str:
        """What the sum is of."""
        if self.counted <= 0:
            return NOT_COUNTED
        if self.lacking >= self.counted * (1 - ROUNDING):
            return NO_DATA
        return PART if self.lacking > 0 else COMPLETE

    @property
    def difference(self) -> float:
        """Sum of the pixels less county account."""
        return self.pixels - self.account

    @property
    def relative(self) -> float:
        """The difference as a share of the account; NaN where that is 0 or unknown."""
        none = self.state in {NO_DATA, NOT_COUNTED} or not self.account
        return float("nan") if none else self.difference / self.account

    def cells(self) -> tuple[object, ...]:
        """The row of the table."""
        pixels = float("nan") if self.state in {NO_DATA, NOT_COUNTED} else self.pixels
        numbers = (pixels, self.counted, self.lacking, self.account, pixels - self.account, self.relative)
        return (
            self.county,
            self.year,
            self.layer.service,
            self.layer.id,
            self.band,
            self.layer.unit,
            *("" if np.isnan(number) else f"{number:.12g}" for number in numbers),
            self.state,
        )


ROUNDING = 1e-9


class LayerSums:
    """Sums of the layers over all blocks, added in the order of the blocks."""

    def __init__(self, layers: Sequence[Layer], zones: int) -> None:
        self.layers = tuple(layers)
        self.sums = tuple(np.zeros((zones, len(layer.bands))) for layer in layers)
        self.lacking = tuple(np.zeros_like(one) for one in self.sums)
        self.counted = np.zeros((len(layers), zones))

    def add(self, block: MapBlock) -> None:
        """Add a block."""
        here = block.sums.here
        for total_of, part in zip((*self.sums, *self.lacking), (*block.of_layers, *block.lacking), strict=True):
            total_of[here] += part
        self.counted[:, here] += block.counted


def compare_zones(sums: LayerSums, zones: Zones, year: int, plan: Plan, binding: Binding) -> list[ZoneResult]:
    """Return every layer's sum of pixels beside the county account, in the layer's unit.

    Parameters
    ----------
    binding : of the accounts made of zonal means
    """
    evaluation = Evaluation(plan.steps, binding.bound)
    evaluation.run()
    found = []
    for at, layer in enumerate(sums.layers):
        node: Node = (
            total(layer.node, over=ECOSYSTEM) if isinstance(layer.node, Rule) and ECOSYSTEM in layer.node.axes else layer.node
        )
        with np.errstate(invalid="ignore"):
            values = evaluation.value(node, layer.service)
        values = np.broadcast_to(values, (len(zones.codes), *values.shape[1:]))[:, 0, :, 0]
        places = layer.places or (0,)
        found += [
            ZoneResult(
                code,
                year,
                layer,
                band,
                float(sums.sums[at][zone, place]),
                float(sums.counted[at, zone]),
                float(sums.lacking[at][zone, place]),
                float(values[zone, places[place]]),
            )
            for zone, code in enumerate(zones.codes)
            for place, band in enumerate(layer.bands)
        ]
    return found


def write_results(results: Iterable[ZoneResult], path: Path) -> None:
    """Write the sums as a CSV table, whole or not at all.

    Raises
    ------
    Problems : the file cannot be written
    """
    import csv

    with write_whole(path, "table") as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(one.cells() for one in results)


def describe_differences(results: Iterable[ZoneResult]) -> list[str]:
    """Return, for each layer, how far pixels and county accounts differ, in words."""
    by_layer: dict[str, list[ZoneResult]] = {}
    for one in results:
        by_layer.setdefault(f"{one.layer.id} {one.band}".strip(), []).append(one)
    told: list[str] = []
    for name, of_layer in by_layer.items():
        unit = of_layer[0].layer.unit
        known = [one for one in of_layer if not np.isnan(one.account)]
        pixels, lacking = sum(one.pixels for one in of_layer), sum(one.lacking for one in of_layer)
        parts = [say("{name}: {amount}", name=name, amount=_name_amount(pixels, unit))]
        if known:
            whole, there = sum(one.account for one in known), sum(one.pixels for one in known)
            parts.append(compare_sums(whole, there, unit, every=len(known) == len(of_layer)))
        if len(known) < len(of_layer):
            parts.append(say("{count} county accounts lack a figure", count=len(of_layer) - len(known)))
        if lacking > 0:
            parts.append(say("{lacking:,.2f} km2 have no result for want of a figure", lacking=lacking))
        told.append(Joined(parts, "; ", "；"))
    return told


def compare_sums(whole: float, there: float, unit: str, *, every: bool) -> Text:
    """Return how far the pixels of counties are from their accounts; the sum of these pixels too, where other counties have no account."""
    if not whole:
        return say("county accounts 0")
    shown, gap = _name_amount(whole, unit), round((there - whole) / whole, 4) + 0.0  # never -0.00 %
    if every:
        return say("county accounts {whole}, difference {gap:+.2%}", whole=shown, gap=gap)
    return say(
        "county accounts {whole}, pixels of these counties {there}, difference {gap:+.2%}",
        whole=shown,
        there=_name_amount(there, unit),
        gap=gap,
    )


def _name_amount(value: float, unit: str) -> Name:
    """Return a quantity with its unit as people write it in either language."""
    return Name(*(format_amount(value, print_unit_in(unit, lang), lang) for lang in ("en", "zh")))
