"""Finds how large one change of a scenario must be for a total or a service to reach an amount."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.inputs.row_units import find_bounds
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.reference.services import SERVICE_TITLES
from gep.scenario.document import AREA
from gep.scenario.outcome import compute_supposed
from gep.units.registry import find_factor, remove_price_year

if TYPE_CHECKING:
    from gep.explain.rebuild import RecomputedAccount
    from gep.scenario.document import Change, Scenario

HIGHEST_FACTOR = 10.0
STEPS = 100
TOTALS = ("gep", "material", "regulating", "cultural")


@dataclass(frozen=True)
class Reach:
    """What it takes to reach an amount.

    Attributes
    ----------
    of     : total or service
    target : what was to be reached, CNY/yr
    change : number of the change in its scenario, from 1
    kind   : area (km²), factor, or value (in the unit of the change)
    amount : how large the change must be; `written` is what the scenario says, `least` and `most` what was tried
    at_least, at_most : what the target comes to at these two, CNY/yr
    """

    of: str
    target: float
    change: int
    kind: str
    unit: str
    amount: float
    written: float
    least: float
    most: float
    at_least: float
    at_most: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return dict(self.__dict__)


def seek(
    account: RecomputedAccount, scenario: Scenario, target: float, of: str = "gep", number: int = 0
) -> tuple[Reach, Scenario]:
    """Return how large a change must be so that a total or service comes to an amount, and the scenario with this change.

    Parameters
    ----------
    target : CNY/yr
    of     : gep, a category, or a service
    number : of the change in its scenario, from 1; 0: the only one

    Raises
    ------
    Problems : no such change or service; an amount that is out of reach, with what can be reached; as `compute_outcomes`

    Source: the root is found by Brent's method (scipy.optimize.brentq).
    """
    from scipy.optimize import brentq

    at = _find_change(scenario, number)
    rule = _find_rule(account, of)
    written, least, most, kind, unit = _find_range(account, scenario, at)

    def change(amount: float) -> Scenario:
        return replace(
            scenario, changes=(*scenario.changes[:at], _resize(scenario.changes[at], amount), *scenario.changes[at + 1 :])
        )

    def evaluate(amount: float) -> float:
        made = compute_supposed(account, (change(amount),))
        return float(made.current.results[rule].reshape(-1)[1])

    ends = (evaluate(least), evaluate(most))
    if not min(ends) <= target <= max(ends) or ends[0] == ends[1]:
        found = say("{name} cannot come to {target:,.2f} yuan by this change", name=of, target=target)
        expected = say(
            "between {low:,.2f} (at {least:g}) and {high:,.2f} (at {most:g})", low=ends[0], least=least, high=ends[1], most=most
        )
        refuse_one(scenario.file, found, expected, line=scenario.changes[at].line)
    amount = float(brentq(lambda one: evaluate(one) - target, least, most, xtol=1e-9 * max(most - least, 1.0), maxiter=STEPS))
    return Reach(of, target, at + 1, kind, unit, amount, written, least, most, *ends), change(amount)


def _find_change(scenario: Scenario, number: int) -> int:
    count = len(scenario.changes)
    if number == 0 and count != 1:
        refuse_one(
            scenario.file,
            say("the scenario has {count:,} changes", count=count),
            "the number of the one to vary",
            "give --change N",
        )
    if not 0 <= number <= count:
        refuse_one(scenario.file, say("there is no change {number}", number=number), say("1 to {count}", count=count))
    return max(number - 1, 0)


def _find_rule(account: RecomputedAccount, of: str) -> str:
    rules = {step.rule.id for step in account.steps}
    rule = "gep.total" if of == "gep" else f"gep.{of}" if of in TOTALS else f"{of}.value"
    if rule not in rules:
        there = ", ".join((*TOTALS, *(name for name in SERVICE_TITLES if f"{name}.value" in rules)))
        refuse_one("--of", say("there is no {name}", name=of), there)
    if not math.isfinite(float(account.evaluation.results[rule].reshape(-1)[0])):
        refuse_one("--of", say("{name} has no value in the account", name=of), "a total or service that has one")
    return rule


def _find_range(account: RecomputedAccount, scenario: Scenario, at: int) -> tuple[float, float, float, str, str]:
    """Return how large a change is as written, the least and the most it can be, its kind and its unit."""
    one = scenario.changes[at]
    if one.is_transition:
        others = sum(other.area for place, other in enumerate(scenario.changes) if other.origin == one.origin and place != at)
        return one.area, 0.0, max(_area_of(account, one.origin) - others, one.area), "area", "km²"
    leaf = account.leaf.get(one.variable)
    if leaf is None:
        found = say("nothing reads {name} under this standard", name=one.variable)
        refuse_one(one.file, found, "a figure that has an effect", line=one.line)
    if one.value is None:
        largest = float(np.nanmax(np.abs(account.bound.arrays[one.variable]), initial=0.0))
        most = find_bounds(leaf)[1] / largest if largest else HIGHEST_FACTOR  # type: ignore[arg-type]
        return one.factor or 0.0, 0.0, min(HIGHEST_FACTOR, most), "factor", ""
    factor = find_factor(remove_price_year(one.unit) or "1", remove_price_year(leaf.unit))
    least, most = (bound / factor for bound in find_bounds(leaf))  # type: ignore[arg-type]
    widest = HIGHEST_FACTOR * abs(one.value)
    return one.value, max(least, 0.0), min(most, widest), "value", one.unit


def _area_of(account: RecomputedAccount, ecosystem: str) -> float:
    rows = [row for row in account.inputs if row["variable"] == AREA and row["ecosystem"] == ecosystem]
    return float(sum(row["value"] for row in rows))


def _resize(change: Change, amount: float) -> Change:
    if change.is_transition:
        return replace(change, area=amount)
    return replace(change, factor=amount) if change.value is None else replace(change, value=amount)
