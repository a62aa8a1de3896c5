"""Checks figures against their plausible band, and names the unit that would fit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.inputs.checks.figures import KNOWN, space_unit
from gep.inputs.row_problems import list_values
from gep.inputs.workbook.layout import list_units
from gep.messages.citing import mark_cited
from gep.messages.many_texts import say_each
from gep.messages.texts import mark_word, name_id, name_title, say
from gep.reference.plausible import read_bands
from gep.units.registry import UnitError, find_factor, remove_price_year
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gep.inputs.checks.figures import Figures
    from gep.messages.many_findings import FindingColumns
    from gep.reference.plausible import Band


_CHECK = "check the unit and the source"
GIVEN = ("value_given", "unit_given")
"""Columns that say what was typed."""


def check_bands(figures: Figures) -> Iterator[FindingColumns]:
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
            if len(wrong):
                yield _Judged(band).doubt(figures, rows, wrong, against[wrong])


def _per(figures: Figures, rows: pd.DataFrame, per: str) -> Any:
    if per == "sown_area":
        sown = figures.of(per).set_index(["account", "product"])["value"]
        return sown.reindex(pd.MultiIndex.from_frame(rows[["account", "product"]])).to_numpy()
    return figures.totals(per).reindex(rows["account"]).to_numpy()


class _Judged:
    """A band that figures lie outside of: what is said of each alike is made once."""

    def __init__(self, band: Band) -> None:
        self.band, self.leaf = band, KNOWN[band.variable]
        self.own = self.leaf.unit.removesuffix("/yr")
        per = name_id(band.per, VARIABLES)
        self.parts: dict[str, Any] = {"title": name_title(self.leaf), "unit": space_unit(band.unit), "per": per}
        limits: dict[str, Any] = {
            "low": band.low,
            "high": band.high,
            "unit": space_unit(band.unit),
            "per": per,
            "source": mark_word(band.source),
            "place": mark_cited(band.locator or band.note),
            "mark": band.mark,
        }
        if band.per:
            self.found = "{title} {given} is {value:,.4g}{unit} per {per}"
            self.rule = say("{low:,g} to {high:,g}{unit} per {per} ({source}: {place} [{mark}])", **limits)
        else:
            self.found = "{title} {given} is {value:,.4g}{unit}"
            self.rule = say("{low:,g} to {high:,g}{unit} ({source}: {place} [{mark}])", **limits)

    def doubt(self, figures: Figures, rows: pd.DataFrame, wrong: NDArray[np.intp], values: NDArray[np.float64]) -> FindingColumns:
        """Return the findings of figures at some positions; `values` are compared with the band."""
        given = [list_values(rows[name], wrong) for name in GIVEN]
        columns = {"given": [" ".join(f"{value} {unit}".split()) for value, unit in zip(*given, strict=True)]}
        found = say_each(self.found, {**columns, "value": values.tolist()}, **self.parts)
        units = np.array([str(unit) for unit in given[1]], dtype=object)
        return figures.doubt_each(rows, wrong, self.band.grade, "band", found, self.rule, self._list_repairs(units, values))

    def _list_repairs(self, given: NDArray[np.object_], values: NDArray[np.float64]) -> list[str]:
        """Return which unit would bring each figure into its band: the commonest mistake, named."""
        repairs = np.full(len(given), _CHECK, dtype=object)
        for unit in dict.fromkeys(given.tolist()):
            now = _factor(unit, self.own)
            if now is None:
                continue
            open_ones = np.flatnonzero(given == unit)
            for offered, other in _list_others(self.leaf.id, self.own, now):
                moved = values[open_ones] * other / now
                fits = (self.band.low <= moved) & (moved <= self.band.high)
                repairs[open_ones[fits]] = _say_unit(offered)
                open_ones = open_ones[~fits]
        return list(repairs)


@cache
def _say_unit(unit: str) -> str:
    return say("with the unit {unit} it would fit; check which is meant", unit=unit)


@cache
def _offered(identity: str) -> tuple[str, ...]:
    return list_units(KNOWN[identity])


@cache
def _list_others(identity: str, own: str, now: float) -> tuple[tuple[str, float], ...]:
    """Return the units that are offered for a variable, with their factors, but for those that say the same."""
    factors = [(unit, _factor(unit, own)) for unit in _offered(identity)]
    return tuple((unit, other) for unit, other in factors if other is not None and other != now)


@cache
def _factor(unit: str, own: str) -> float | None:
    try:
        return find_factor(remove_price_year(unit), own)
    except UnitError:
        return None
