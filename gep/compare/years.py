"""Splits the change of an account from one year to another into quantity, price, coefficients, coverage and rules, to the fen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.compare.counterfactual import Counterfactuals, Mix, find_value
from gep.compare.shapley import compute_shapley_shares, list_states
from gep.reference.services import SERVICE_TITLES
from gep.store.record import read_record
from gep.units.allocation import round_together
from gep.units.money import FEN_PER_YUAN, round_to_fen

if TYPE_CHECKING:
    from gep.formula.evaluate import Evaluation
    from gep.store.keys import AccountKey
    from gep.store.rows import Connection

QUANTITY, PRICE, COEFFICIENT, COVERAGE, RULES, ROUNDING = "quantity", "price", "coefficient", "coverage", "rules", "rounding"
CAUSES = (QUANTITY, PRICE, COEFFICIENT, COVERAGE, RULES)


@dataclass(frozen=True)
class Decomposition:
    """A value in two years and what moved it, all in whole fen; `one` + the parts = `other`. None: not accounted for."""

    name: str
    one: int | None
    other: int | None
    parts: dict[str, int]

    @property
    def change(self) -> int:
        """The change in fen; what is not accounted for counts as nothing here, and its coming or going as coverage."""
        return (self.other or 0) - (self.one or 0)


@dataclass(frozen=True)
class Comparison:
    """The change of every service and of the total in whole fen, in current and in constant prices."""

    county: str
    standard: str
    years: tuple[int, int]
    runs: tuple[int, int]
    constant_year: int | None
    current: tuple[Decomposition, ...]
    """Services that either year accounts for, then the total."""
    constant: tuple[Decomposition, ...]
    neither: tuple[str, ...]
    """Services that the standard counts and neither year accounts for."""


def compare_years(connection: Connection, one: AccountKey, other: AccountKey, constant_year: int | None = None) -> Comparison:
    """Return what moved an account from one year to another, service by service, in whole fen.

    Parameters
    ----------
    one, other    : accounts of the same county in two years
    constant_year : price year of the second series; None: that of both runs, or else the first of the two years

    Each service's change is shared out by Shapley's value over mixed accounts, each of which is evaluated with the rules the
    store keeps; see `docs/compare.md` for what counts as quantity, price, coefficient and coverage.

    Source: Shapley's value, as in `gep.compare.shapley`.
    """
    before, after = read_record(connection, one.run, one.account), read_record(connection, other.run, other.account)
    common = {_year(kept.head["constant_year"]) for kept in (before, after)}
    basis = constant_year or (common.pop() if len(common) == 1 else None) or before.year
    pair = Counterfactuals(before, after)
    services = [name for name in SERVICE_TITLES if any(name in standard.choices for standard in pair.standards)]
    current = _splits(pair, services)
    constant = _splits(Counterfactuals(before, after, basis), services)
    if any(split.one is None and split.other is None for split in constant[-1:]) and current[-1].other is not None:
        constant, basis = (), 0
    return Comparison(
        one.county,
        other.standard,
        (one.year, other.year),
        (one.run, other.run),
        basis or None,
        current,
        constant,
        tuple(name for name in services if name not in {split.name for split in current}),
    )


def split_change(connection: Connection, one: AccountKey, other: AccountKey) -> tuple[Decomposition, ...]:
    """Return what moved the services of an account from one year to another, in current prices, whole fen; without the total."""
    pair = Counterfactuals(read_record(connection, one.run, one.account), read_record(connection, other.run, other.account))
    return _splits(pair, list(SERVICE_TITLES))[:-1]


def _year(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not math.isnan(value) else None


def _splits(pair: Counterfactuals, services: list[str]) -> tuple[Decomposition, ...]:
    causes = CAUSES[:-1] if pair.same_rules else CAUSES
    mixed: dict[tuple[int, ...], Evaluation] = {}
    for state in list_states(len(causes)):
        quantity, price, coefficient, coverage, *rules = state
        mix = Mix(quantity, price, coefficient, coverage, rules=rules[0] if rules else 1)
        mixed[state] = pair.evaluate(mix)
    first, last = mixed[(0,) * len(causes)], mixed[(1,) * len(causes)]
    found = [split for name in services if (split := _split(name, f"{name}.value", mixed, causes)) is not None]
    one, other = find_value(first, "gep.total"), find_value(last, "gep.total")
    parts = {cause: sum(split.parts.get(cause, 0) for split in found) for cause in CAUSES}
    total = Decomposition(
        "gep", None if one is None else round_to_fen(one), None if other is None else round_to_fen(other), parts
    )
    parts[ROUNDING] = total.change - sum(parts.values())
    return (*found, total)


def _split(name: str, rule: str, mixed: dict[tuple[int, ...], Evaluation], causes: tuple[str, ...]) -> Decomposition | None:
    count = len(causes)
    one, other = find_value(mixed[(0,) * count], rule), find_value(mixed[(1,) * count], rule)
    if one is None and other is None:
        return None
    before, after = None if one is None else round_to_fen(one), None if other is None else round_to_fen(other)
    change = (after or 0) - (before or 0)
    values = {state: find_value(evaluation, rule) for state, evaluation in mixed.items()}
    finite = {state: value for state, value in values.items() if value is not None}
    if len(finite) < len(values):  # it came, it went, or other rules ask for what the other year does not have
        own = RULES if one is not None and other is not None else COVERAGE
        return Decomposition(name, before, after, {own: change})
    shares = round_together([part * FEN_PER_YUAN for part in compute_shapley_shares(finite)], change)
    return Decomposition(name, before, after, dict(zip(causes, shares, strict=True)))
