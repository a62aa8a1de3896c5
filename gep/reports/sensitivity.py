"""How far the largest services move when one number at a time is changed, computed again by the stored rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.formula.evaluate import Evaluation
from gep.formula.walk import leaves, rules_named
from gep.reports.numbers import known

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.explain.rebuild import Rebuilt
    from gep.formula.evaluate import Step

STEP = 0.1
"""Where no range is known a number is moved by a tenth each way."""
LARGEST, FACTORS = 3, 5


@dataclass(frozen=True)
class Moved:
    """One factor of a service: what it was changed to and what the service came to, CNY/yr."""

    service: str
    leaf: str
    ranged: bool
    """True: lowest and highest value among sources; False: a tenth less and more."""
    low: float
    high: float
    value: float
    at_low: float
    at_high: float

    @property
    def spread(self) -> float:
        """How far the value moves in all."""
        return abs(self.at_high - self.at_low)


def sensitivities(rebuilt: Rebuilt, used: list[dict[str, Any]], services: list[str]) -> list[Moved]:
    """Return for each service its factors with the widest spread, the widest first.

    Source: one-at-a-time variation; ranges are `low` and `high` of the coefficient rows chosen.
    """
    found = []
    for service in services:
        steps = _below(rebuilt, f"{service}.value")
        names = dict.fromkeys(leaf.id for step in steps for leaf in leaves(step.formula))
        moved = [one for name in names if (one := _move(rebuilt, used, steps, service, name)) is not None]
        moved = [one for one in moved if known(one.at_low) and known(one.at_high) and one.spread > 0]
        found += sorted(moved, key=lambda one: (-one.spread, one.leaf))[:FACTORS]
    return found


def _below(rebuilt: Rebuilt, rule: str) -> list[Step]:
    """Return a rule's step and those of all rules it names, in their order."""
    wanted, waiting = set(), [rule]
    while waiting:
        name = waiting.pop()
        if name in wanted or name not in rebuilt.evaluation.steps:
            continue
        wanted.add(name)
        waiting += [one.id for one in rules_named(rebuilt.evaluation.steps[name].formula)]
    return [step for name, step in rebuilt.evaluation.steps.items() if name in wanted]


def _move(rebuilt: Rebuilt, used: list[dict[str, Any]], steps: list[Step], service: str, leaf: str) -> Moved | None:
    array = rebuilt.evaluation.bound.arrays.get(leaf)
    if array is None or np.isnan(array).all():
        return None
    rows = [row for row in used if row["coefficient"] == leaf]
    ranges = _ranges(rebuilt, rows, array.shape)
    low, high = ranges or (np.full(array.shape, 1 - STEP), np.full(array.shape, 1 + STEP))
    value = rebuilt.evaluation.results[f"{service}.value"].item()
    at_low, at_high = (_value(rebuilt, steps, service, leaf, array * factor) for factor in (low, high))
    return Moved(service, leaf, ranges is not None, float(np.nanmin(low)), float(np.nanmax(high)), value, at_low, at_high)


def _ranges(
    rebuilt: Rebuilt, rows: list[dict[str, Any]], shape: tuple[int, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return for each cell the factor to its lowest and highest known value, or None where no row has a range."""
    low, high = np.ones(shape), np.ones(shape)
    any_known = False
    for row in rows:
        if not row["value"] or row["low"] is None or row["high"] is None or row["low"] == row["high"]:
            continue
        any_known = True
        cell: tuple[int | slice, ...] = (
            slice(None),
            _place(rebuilt.labels.ecosystem, row["ecosystem"], shape[1]),
            _place(rebuilt.labels.pollutant, row["pollutant"], shape[2]),
            slice(None),
        )
        low[cell], high[cell] = row["low"] / row["value"], row["high"] / row["value"]
    return (low, high) if any_known else None


def _place(names: Any, name: str | None, size: int) -> int | slice:
    return list(names).index(name) if name and size > 1 else slice(None)


def _value(rebuilt: Rebuilt, steps: list[Step], service: str, leaf: str, array: NDArray[np.float64]) -> float:
    bound = rebuilt.evaluation.bound
    evaluation = Evaluation(steps, replace(bound, arrays={**bound.arrays, leaf: array}))
    return float(evaluation.run()[f"{service}.value"].item())
