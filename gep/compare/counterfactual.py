"""Two accounts on the same axes, and accounts made of both: this year's areas at last year's prices, one standard's rules on another's prices."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from gep.explain.rebuild import counted_flags, fill_leaves, inapplicable_flags, joined_rows, own_labels, read_steps
from gep.formula.check import is_priced
from gep.formula.evaluate import Bound, Evaluation
from gep.formula.nodes import Coefficient
from gep.standards.standard import Standard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.explain.rebuild import Kept
    from gep.formula.evaluate import Flags, Floats, Step
    from gep.formula.nodes import Leaf


@dataclass(frozen=True)
class Mixture:
    """Which of two accounts (0 or 1) each part of a mixed account is taken from."""

    quantity: int = 0
    price: int = 0
    coefficient: int = 0
    coverage: int = 0
    """What is known, listed and applicable."""
    rules: int = 0
    members: int = 0
    """Which ecosystem types and pollutants count."""


class Pair:
    """Two accounts with all leaves as arrays of one shape, in prices of either's own year or of one common year."""

    def __init__(self, one: Kept, other: Kept, constant: int | None = None) -> None:
        """Fill all arrays; `constant` is a price year for both, None: each in its own year's prices."""
        self.kept = (one, other)
        self.standards = tuple(Standard.model_validate_json(kept.head["standard_text"]) for kept in self.kept)
        read = [read_steps(kept.rules) for kept in self.kept]
        self.steps: tuple[list[Step], ...] = tuple(steps for steps, _ in read)
        self.asked: tuple[dict[str, Leaf], ...] = tuple(leaf for _, leaf in read)
        self.leaf: dict[str, Leaf] = {**self.asked[1], **self.asked[0]}
        rows = joined_rows(self.kept)
        self.labels = own_labels(rows, self.leaf, self.standards)
        basis = [constant if constant is not None else kept.year for kept in self.kept]
        self.arrays: list[list[dict[str, Floats]]] = []
        self.listed: list[dict[str, Flags]] = []
        self.local: list[dict[str, Floats]] = []
        filled: list[list[dict[str, Floats]]] = []
        for at in (0, 1):
            kept = replace(self.kept[at], ratios=_ratios(self.kept[at], self.kept[1 - at], basis))
            own = rows[rows["of"] == at]
            priced = [fill_leaves(kept, self.leaf, self.labels, own, year) for year in basis]
            filled.append([arrays for arrays, _, _ in priced])
            self.listed.append(priced[at][1])
            inputs_only = replace(kept, used=kept.used.iloc[:0])
            self.local.append(fill_leaves(inputs_only, self.leaf, self.labels, own[own["own"].astype(bool)], basis[at])[0])
        for at in (0, 1):
            own_prices, others = filled[at][at], filled[1 - at][1 - at]
            self.arrays.append(
                [
                    own_prices
                    if price == at
                    else {name: _repriced(own_prices[name], filled[at][price][name], others[name]) for name in self.leaf}
                    for price in (0, 1)
                ]
            )
        self.same_rules = one.rules[["rule", "tree", "factor", "scope"]].equals(other.rules[["rule", "tree", "factor", "scope"]])

    def evaluate(self, mixture: Mixture) -> Evaluation:
        """Return the mixed account, evaluated."""
        steps = self.steps[mixture.rules]
        arrays = {name: self._array(one, mixture) for name, one in self.leaf.items()}
        counted = counted_flags(self.standards[mixture.members], self.labels)
        inapplicable = inapplicable_flags(self.kept[mixture.coverage], steps)
        evaluation = Evaluation(steps, Bound(1, arrays, self.listed[mixture.coverage], counted, inapplicable))
        evaluation.run()
        return evaluation

    def _array(self, leaf: Leaf, mixture: Mixture) -> Floats:
        """Return a leaf of the mixed account: the chosen account's value where coverage knows one, else the value that is there."""
        name, price, cover = leaf.id, mixture.price, mixture.coverage
        if not isinstance(leaf, Coefficient):
            return self._covered(self.arrays[mixture.quantity][price][name], name, mixture.quantity, price, cover)
        source = mixture.coefficient if name in self.asked[mixture.coefficient] else 1 - mixture.coefficient
        cover = cover if name in self.asked[cover] else source
        chosen = self.arrays[source][price][name]
        if is_priced(leaf) and source != price:
            both_local = ~np.isnan(self.local[0][name]) & ~np.isnan(self.local[1][name])
            if both_local.any():
                return self._covered(np.where(both_local, self.arrays[price][price][name], chosen), name, 1 - cover, price, cover)
        return self._covered(chosen, name, source, price, cover)

    def _covered(self, chosen: Floats, name: str, source: int, price: int, cover: int) -> Floats:
        """Return an array that is known exactly where the covering account knows it."""
        if source == cover:
            return chosen
        covering = self.arrays[cover][price][name]
        return np.where(np.isnan(covering), np.nan, np.where(np.isnan(chosen), covering, chosen))


def known(evaluation: Evaluation, rule: str) -> Fraction | None:
    """Return a result that is one number, as an exact fraction; None where it is unknown or does not apply."""
    if rule not in evaluation.results or rule.removesuffix(".value") in evaluation.bound.inapplicable:
        return None
    value = float(evaluation.results[rule].reshape(-1)[0])
    return Fraction(value) if math.isfinite(value) else None


def _repriced(own: Floats, found: Floats, other: Floats) -> Floats:
    """Return an array in the other year's prices; in its own where there is no index, or the other account knows no such cell."""
    if np.array_equal(own, found, equal_nan=True):
        return own
    return np.where(np.isnan(own) | np.isnan(found) | np.isnan(other), own, found)


def _ratios(kept: Kept, other: Kept, basis: list[int]) -> Mapping[tuple[int, int], float | None]:
    """Return an account's index ratios, with those to the other's price basis: the other's own, or by way of a common year."""
    if kept.head["price_index"] != other.head["price_index"]:
        return kept.ratios
    found = {**other.ratios, **kept.ratios}
    for given in {int(year) for frame in (kept.inputs, kept.used) for year in frame["price_year"] if year}:
        for wanted in basis:
            if found.get((given, wanted)) is None:
                found[given, wanted] = 1.0 if given == wanted else _by_way_of(found, given, wanted, kept.year)
    return found


def _by_way_of(ratios: Mapping[tuple[int, int], float | None], given: int, wanted: int, year: int) -> float | None:
    """Return a ratio from a year to another by way of the account's own year and a third one from which both are known."""
    to_own = 1.0 if given == year else ratios.get((given, year))
    for third in sorted({pair[0] for pair in ratios}):
        one, two = ratios.get((third, year)), ratios.get((third, wanted))
        if to_own is not None and one is not None and two is not None:
            return to_own / one * two
    return None
