"""Finds how far the largest services move when one number at a time is changed, computed again by the stored rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.formula.walk import list_leaves, list_rules_named
from gep.messages.numbers import is_known

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.explain.rebuild import RecomputedAccount
    from gep.formula.evaluate import Step

STEP = 0.1
"""Where no range is known a number is moved by a tenth each way."""
LARGEST, FACTORS = 3, 5


@dataclass(frozen=True)
class Moved:
    """One factor of a service, changed to `low` and `high`; the service came to `at_low` and `at_high`, CNY/yr."""

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
        """How far the value moves in all, CNY/yr."""
        return abs(self.at_high - self.at_low)


def find_sensitivities(account: RecomputedAccount, used: list[dict[str, Any]], services: list[str]) -> list[Moved]:
    """Return for each service its factors with the widest spread, the widest first.

    Parameters
    ----------
    used     : the coefficient rows of the account
    services : ids

    Source: one-at-a-time variation; ranges are `low` and `high` of the coefficient rows chosen.
    """
    found = []
    for service in services:
        below = account.with_(rules=_below(account, f"{service}.value"))
        names = dict.fromkeys(leaf.id for step in below.steps for leaf in list_leaves(step.formula))
        moved = [one for name in names if (one := _move(account, below, used, service, name)) is not None]
        moved = [one for one in moved if is_known(one.at_low) and is_known(one.at_high) and one.spread > 0]
        found += sorted(moved, key=lambda one: (-one.spread, one.leaf))[:FACTORS]
    return found


def _below(account: RecomputedAccount, rule: str) -> list[Step]:
    """Return a rule's step and those of all rules it names, in their order."""
    steps = account.evaluation.steps
    wanted, waiting = set(), [rule]
    while waiting:
        name = waiting.pop()
        if name in wanted or name not in steps:
            continue
        wanted.add(name)
        waiting += [one.id for one in list_rules_named(steps[name].formula)]
    return [step for name, step in steps.items() if name in wanted]


def _move(
    account: RecomputedAccount, below: RecomputedAccount, used: list[dict[str, Any]], service: str, leaf: str
) -> Moved | None:
    """Return a service with one leaf moved each way; `below` is the account with the rules of the service alone."""
    array = account.bound.arrays.get(leaf)
    if array is None or np.isnan(array).all():
        return None
    rows = [row for row in used if row["coefficient"] == leaf]
    ranges = _ranges(account, rows, array.shape)
    low, high = ranges or (np.full(array.shape, 1 - STEP), np.full(array.shape, 1 + STEP))
    rule = f"{service}.value"
    value = account.evaluation.results[rule].item()
    at_low, at_high = (below.with_(arrays={leaf: array * factor}).evaluation.results[rule].item() for factor in (low, high))
    return Moved(service, leaf, ranges is not None, float(np.nanmin(low)), float(np.nanmax(high)), value, at_low, at_high)


def _ranges(
    account: RecomputedAccount, rows: list[dict[str, Any]], shape: tuple[int, ...]
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
            _place(account.labels.ecosystem, row["ecosystem"], shape[1]),
            _place(account.labels.pollutant, row["pollutant"], shape[2]),
            slice(None),
        )
        low[cell], high[cell] = row["low"] / row["value"], row["high"] / row["value"]
    return (low, high) if any_known else None


def _place(names: Any, name: str | None, size: int) -> int | slice:
    return list(names).index(name) if name and size > 1 else slice(None)
