"""Accounts mixed of two, on the same axes: this year's areas at last year's prices, one standard's rules on another's prices."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from gep.account.arrays import LeafArrays
from gep.explain.rebuild import fill_leaves, rebuild_together
from gep.formula.check import is_priced
from gep.formula.nodes import Coefficient
from gep.formula.walk import list_leaves, list_rules_named

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from gep.explain.rebuild import RecomputedAccount
    from gep.formula.evaluate import Evaluation, Floats, Step
    from gep.formula.nodes import Leaf
    from gep.store.record import StoredRecord

State = TypeVar("State", bound="Hashable")

AREA = "area"
"""The variable that says which ecosystem types a county has."""
NEITHER = -1


@dataclass(frozen=True)
class Mix:
    """The choice, for each part of a mixed account, of which of two accounts (0 or 1) it is taken from."""

    quantity: int = 0
    price: int = 0
    coefficient: int = 0
    coverage: int = 0
    """What is known, listed and applicable."""
    rules: int = 0
    members: int = 0
    """Which ecosystem types and pollutants count."""
    gained: int | None = None
    """Areas of the types that the second account has more of than the first; None: as `quantity`."""
    lost: int | None = None
    """Areas of the other types; None: as `quantity`."""


class Counterfactuals:
    """Accounts mixed of two: each says which arrays, rules and members it takes from which, and is computed again."""

    def __init__(
        self, one: StoredRecord, other: StoredRecord, constant: int | None = None, like: Counterfactuals | None = None
    ) -> None:
        """Fill all arrays on common axes.

        Parameters
        ----------
        constant : a price year for both; None: each in its own year's prices
        like     : the same two accounts in other prices, whose axes and rules need not be read again
        """
        basis = (one.basis_year, other.basis_year) if constant is None else (constant, constant)
        pair = (replace(one, ratios=_ratios(one, other, basis)), replace(other, ratios=_ratios(other, one, basis)))
        self.accounts: tuple[RecomputedAccount, ...] = (
            rebuild_together(pair, basis)
            if like is None
            else tuple(
                replace(account, record=record).with_(prices=prices)
                for account, record, prices in zip(like.accounts, pair, basis, strict=True)
            )
        )
        self.standards = tuple(account.standard for account in self.accounts)
        self.leaf = self.accounts[0].leaf
        self._asked: tuple[set[str], ...] = (
            like._asked  # noqa: SLF001 - of the same kind
            if like is not None
            else tuple({leaf.id for step in account.steps for leaf in list_leaves(step.formula)} for account in self.accounts)
        )
        self._local = tuple(_fill_local(account) for account in self.accounts)
        self._arrays = tuple(self._in_both_prices(at, basis) for at in (0, 1))
        self.same_rules = one.rules[["rule", "tree", "factor", "scope"]].equals(other.rules[["rule", "tree", "factor", "scope"]])

    def evaluate(self, mix: Mix) -> Evaluation:
        """Return the results of a mixed account, in the units of the rules; prices are those of the account that `price` names."""
        arrays = {name: self.mix_leaf(one, mix) for name, one in self.leaf.items()}
        covering, ruling = self.accounts[mix.coverage], self.accounts[mix.rules]
        return covering.with_(arrays=arrays, rules=ruling.steps, members=self.standards[mix.members]).evaluation

    def evaluate_all(self, mixes: Mapping[State, Mix], rules: Iterable[str]) -> dict[State, dict[str, Fraction | None]]:
        """Return the values of rules in many mixed accounts; those of one coverage and the same rules are computed in one pass.

        Parameters
        ----------
        mixes : by whatever they are called
        rules : ids
        """
        names = tuple(rules)
        groups: dict[tuple[int, int, int], list[State]] = {}
        for state, mix in mixes.items():
            groups.setdefault((mix.coverage, mix.rules, mix.members), []).append(state)
        found: dict[State, dict[str, Fraction | None]] = {}
        for (coverage, ruling, members), states in groups.items():
            arrays = {name: self._mix_all(one, [mixes[state] for state in states]) for name, one in self.leaf.items()}
            evaluation = (
                self.accounts[coverage]
                .with_(arrays=arrays, rules=self.accounts[ruling].steps, members=self.standards[members])
                .evaluation
            )
            for at, state in enumerate(states):
                found[state] = {name: find_value(evaluation, name, at) for name in names}
        return {state: found[state] for state in mixes}

    def _mix_all(self, leaf: Leaf, mixes: Sequence[Mix]) -> Floats:
        """Return a leaf of several mixed accounts, one after the other on the first axis; of length 1 where it is the same in all."""
        own = "coefficient" if isinstance(leaf, Coefficient) else "quantity"
        cells: dict[tuple[int | None, ...], Floats] = {}
        keys = []
        for mix in mixes:
            key = (getattr(mix, own), mix.price, mix.gained, mix.lost)
            keys.append(key)
            if key not in cells:
                cells[key] = self.mix_leaf(leaf, mix)
        first = cells[keys[0]]
        if all(one is first or (one.shape == first.shape and one.tobytes() == first.tobytes()) for one in cells.values()):
            return first
        shape = np.broadcast_shapes(*(one.shape for one in cells.values()))
        return np.concatenate([np.broadcast_to(cells[key], shape) for key in keys])

    def _in_both_prices(self, at: int, basis: tuple[int, int]) -> tuple[Mapping[str, Floats], Mapping[str, Floats]]:
        """Return the arrays of an account in its own prices and in the other's, in the order of the accounts."""
        own, others = self.accounts[at].bound.arrays, self.accounts[1 - at].bound.arrays
        found = self.accounts[at].with_(prices=basis[1 - at]).bound.arrays
        repriced = {name: _repriced(own[name], found[name], others[name]) for name in self.leaf}
        return (own, repriced) if at == 0 else (repriced, own)

    def mix_leaf(self, leaf: Leaf, mix: Mix) -> Floats:
        """Return a leaf of the mixed account: the chosen account's value where coverage knows one, else the value that is there."""
        name, price, cover = leaf.id, mix.price, mix.coverage
        if name == AREA and mix.gained is not None and mix.lost is not None:
            one, other = (self._arrays[at][price][name] for at in (0, 1))
            chosen = np.where(other > one, (one, other)[mix.gained], (one, other)[mix.lost])
            return self._covered(chosen, name, NEITHER, price, cover)
        if not isinstance(leaf, Coefficient):
            return self._covered(self._arrays[mix.quantity][price][name], name, mix.quantity, price, cover)
        source = mix.coefficient if name in self._asked[mix.coefficient] else 1 - mix.coefficient
        cover = cover if name in self._asked[cover] else source
        chosen = self._arrays[source][price][name]
        if is_priced(leaf) and source != price:
            both_local = ~np.isnan(self._local[0][name]) & ~np.isnan(self._local[1][name])
            if both_local.any():
                return self._covered(
                    np.where(both_local, self._arrays[price][price][name], chosen), name, 1 - cover, price, cover
                )
        return self._covered(chosen, name, source, price, cover)

    def _covered(self, chosen: Floats, name: str, source: int, price: int, cover: int) -> Floats:
        """Return an array that is known exactly where the covering account knows it."""
        if source == cover:
            return chosen
        covering = self._arrays[cover][price][name]
        return np.where(np.isnan(covering), np.nan, np.where(np.isnan(chosen), covering, chosen))


def find_value(evaluation: Evaluation, rule: str, at: int = 0) -> Fraction | None:
    """Return a result that is one number, as an exact fraction in the rule's unit; None where it is unknown or does not apply.

    Parameters
    ----------
    rule : id
    at   : which of several variants that were evaluated in one pass
    """
    if rule not in evaluation.results or rule.removesuffix(".value") in evaluation.bound.inapplicable:
        return None
    several = evaluation.results[rule]
    value = float(several[at if len(several) > 1 else 0].reshape(-1)[0])
    return Fraction(value) if math.isfinite(value) else None


def find_closure(rule: str, steps: Iterable[Step]) -> dict[str, Step]:
    """Return a rule and every rule below it, by id, from the top down."""
    known = {step.rule.id: step for step in steps}
    found: dict[str, Step] = {}
    waiting = [rule]
    while waiting:
        identity = waiting.pop(0)
        if identity not in found and identity in known:
            found[identity] = known[identity]
            waiting += [one.id for one in list_rules_named(known[identity].formula)]
    return found


def _fill_local(account: RecomputedAccount) -> dict[str, Floats]:
    """Return the arrays of priced coefficients of which the county itself gave figures, and of nothing else."""
    priced = {name: one for name, one in account.leaf.items() if isinstance(one, Coefficient) and is_priced(one)}
    inputs_only = replace(account.record, used=account.record.used.iloc[:0])
    own = account.rows["own"].to_numpy(dtype=bool)
    cells = LeafArrays(account.rows[own], account.labels, account.cells.wholes[own])
    return fill_leaves(inputs_only, priced, cells, account.prices)[0]


def _repriced(own: Floats, found: Floats, other: Floats) -> Floats:
    """Return an array in the other year's prices; in its own where there is no index, or the other account knows no such cell."""
    if np.array_equal(own, found, equal_nan=True):
        return own
    return np.where(np.isnan(own) | np.isnan(found) | np.isnan(other), own, found)


def _ratios(record: StoredRecord, other: StoredRecord, basis: tuple[int, int]) -> Mapping[tuple[int, int], float | None]:
    """Return an account's index ratios, with those to the other's price basis: the other's own, or by way of a common year."""
    if record.head["price_index"] != other.head["price_index"]:
        return record.ratios
    found = {**other.ratios, **record.ratios}
    for given in {int(year) for frame in (record.inputs, record.used) for year in frame["price_year"] if year}:
        for wanted in basis:
            if found.get((given, wanted)) is None:
                found[given, wanted] = 1.0 if given == wanted else _by_way_of(found, given, wanted, record.basis_year)
    return found


def _by_way_of(ratios: Mapping[tuple[int, int], float | None], given: int, wanted: int, year: int) -> float | None:
    """Return a ratio from a year to another by way of the account's own year and a third one from which both are known."""
    to_own = 1.0 if given == year else ratios.get((given, year))
    for third in sorted({pair[0] for pair in ratios}):
        one, two = ratios.get((third, year)), ratios.get((third, wanted))
        if to_own is not None and one is not None and two is not None:
            return to_own / one * two
    return None
