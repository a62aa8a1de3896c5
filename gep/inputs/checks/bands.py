"""Checks figures against their plausible band, and names the unit that would fit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.inputs.checks.figures import KNOWN, space_unit
from gep.inputs.workbook.layout import list_units
from gep.messages.texts import mark_word, name_id, name_title, say
from gep.reference.plausible import read_bands
from gep.units.registry import UnitError, find_factor, remove_price_year
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gep.formula.nodes import Leaf
    from gep.inputs.checks.figures import Figures
    from gep.messages.findings import Finding
    from gep.reference.plausible import Band


def check_bands(figures: Figures) -> Iterator[Finding]:
    """Yield a finding for each figure outside its plausible band, with the grade of the band."""
    narrowest: dict[tuple[str, str, str], list[Band]] = {}
    for band in read_bands():
        narrowest.setdefault((band.variable, band.product, band.per), []).append(band)
    of_product: dict[str, set[str]] = {}
    for variable, product, _ in narrowest:
        of_product.setdefault(variable, set()).update({product} - {""})
    for (variable, product, per), several in narrowest.items():
        if variable not in figures.at or (per and per not in figures.at):
            continue
        rows = figures.of(variable)
        if product:
            rows = rows[rows["product"] == product]
        elif per == "sown_area":
            rows = rows[~rows["product"].isin(of_product[variable])]
        if rows.empty:
            continue
        values = rows["value"].to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):
            against = values / _per(figures, rows, per) if per else values
        taken = np.zeros(len(rows), dtype=bool)
        for band in sorted(several, key=lambda one: -len(one.region) if one.region != "CN" else 0):
            within = figures.within(band.region)[rows["account"].to_numpy()] & ~taken
            taken |= within
            wrong = np.flatnonzero(within & ((against < band.low) | (against > band.high)) & np.isfinite(against) & (values != 0))
            for at, row in zip(wrong, figures.records(rows, wrong), strict=True):
                yield _outside(figures, row, band, float(against[at]))


def _per(figures: Figures, rows: pd.DataFrame, per: str) -> Any:
    if per == "sown_area":
        sown = figures.of(per).set_index(["account", "product"])["value"]
        return sown.reindex(pd.MultiIndex.from_frame(rows[["account", "product"]])).to_numpy()
    return figures.totals(per).reindex(rows["account"]).to_numpy()


def _outside(figures: Figures, row: Mapping[Any, Any], band: Band, against: float) -> Finding:
    leaf = KNOWN[band.variable]
    given, per = " ".join(f"{row['value_given']} {row['unit_given']}".split()), name_id(band.per, VARIABLES)
    parts: dict[str, Any] = {
        "title": name_title(leaf),
        "given": given,
        "value": against,
        "unit": space_unit(band.unit),
        "per": per,
    }
    limits: dict[str, Any] = {
        "low": band.low,
        "high": band.high,
        "unit": space_unit(band.unit),
        "per": per,
        "source": mark_word(band.source),
        "place": mark_word(band.locator or band.note),
        "mark": band.mark,
    }
    if band.per:
        found = say("{title} {given} is {value:,.4g}{unit} per {per}", **parts)
        rule = say("{low:,g} to {high:,g}{unit} per {per} ({source}: {place} [{mark}])", **limits)
    else:
        found = say("{title} {given} is {value:,.4g}{unit}", **parts)
        rule = say("{low:,g} to {high:,g}{unit} ({source}: {place} [{mark}])", **limits)
    return figures.doubt(row, band.grade, "band", found, rule, _unit_that_fits(leaf, row, band, against))


def _unit_that_fits(leaf: Leaf, row: Mapping[Any, Any], band: Band, against: float) -> str:
    """Return which unit would bring a figure into its band: the commonest mistake, named."""
    own = leaf.unit.removesuffix("/yr")
    now = _factor(str(row["unit_given"]), own)
    if now is None:
        return "check the unit and the source"
    for unit in _offered(leaf.id):
        other = _factor(unit, own)
        if other is not None and other != now and band.low <= against * other / now <= band.high:
            return say("with the unit {unit} it would fit; check which is meant", unit=unit)
    return "check the unit and the source"


@cache
def _offered(identity: str) -> tuple[str, ...]:
    return list_units(KNOWN[identity])


@cache
def _factor(unit: str, own: str) -> float | None:
    try:
        return find_factor(remove_price_year(unit), own)
    except UnitError:
        return None
