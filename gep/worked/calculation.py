"""A calculation on given figures: checked rules, evaluated together for many cases, and what each result was made of."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.explain.explain import Explained, Origin
from gep.formula.audit import pick_cell, print_audit_line
from gep.formula.check import derive_factor
from gep.formula.evaluate import Evaluation, EvaluationInputs, Step
from gep.formula.nodes import ITEM_PLACE, Coefficient, Rule
from gep.formula.show import show_equation, show_html_equation
from gep.formula.walk import list_leaves, list_rules_named
from gep.messages.title import Title
from gep.rules.service import declare_variant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.formula.evaluate import Floats
    from gep.formula.nodes import Leaf, Node


@dataclass(frozen=True)
class Figure:
    """A number that somebody gave.

    Attributes
    ----------
    value   : in the unit of its leaf
    given   : number and unit as written
    address : cell or line it stands in; empty: it is no figure but a place in a row, such as the number of a year
    source, mark : where it is from, and how far that is known
    """

    value: float
    given: str
    address: str
    source: str = ""
    mark: str = ""

    def from_(self, source: str, mark: str = "") -> Figure:
        """Return it with its source and mark."""
        return replace(self, source=source, mark=mark)


@dataclass(frozen=True)
class Given:
    """The figures of one leaf, by case and along its axis; one row holds for all cases, one figure for all members; None is missing."""

    leaf: Leaf
    rows: tuple[tuple[Figure | None, ...], ...]

    @property
    def array(self) -> Floats:
        """The values, of shape (cases or 1, 1, 1, members or 1), NaN where there is none."""
        values = [[math.nan if one is None else one.value for one in row] for row in self.rows]
        return np.array(values, dtype=np.float64)[:, None, None, :]

    def at(self, case: int, member: int) -> Figure | None:
        """Return the figure of a case and member."""
        row = self.rows[case if len(self.rows) > 1 else 0]
        return row[member if len(row) > 1 else 0]


def make_leaf(identity: str, symbol: str, unit: str, zh: str, en: str, axes: tuple[str, ...] = ()) -> Leaf:
    """Return a named quantity of a calculation.

    Parameters
    ----------
    symbol : the letter it is printed with
    unit   : of computation
    zh, en : what it is called
    axes   : at most one item axis
    """
    return Coefficient(identity, symbol, unit, axes, Title(zh, en))


def make_rule(
    identity: str,
    symbol: str,
    unit: str,
    zh: str,
    en: str,
    formula: Node,
    *,
    source: str,
    clause: str = "",
    mark: str = "D",
    axes: tuple[str, ...] = (),
) -> Rule:
    """Return a rule with its one published way.

    Parameters
    ----------
    source, clause, mark : where the formula stands, and how far that is known

    Raises
    ------
    RuleError : units that do not balance
    """
    rule = Rule(identity, symbol, unit, axes, Title(zh, en), {"own": declare_variant(formula, source, clause, mark, zh, en)})
    derive_factor(rule, formula)
    return rule


def give_one(leaf: Leaf, figure: Figure | None) -> Given:
    """Return a figure that holds for all cases and members."""
    return Given(leaf, ((figure,),))


def give_cases(leaf: Leaf, figures: Sequence[Figure | None]) -> Given:
    """Return one figure a case."""
    return Given(leaf, tuple((one,) for one in figures))


def give_members(leaf: Leaf, figures: Sequence[Figure | None]) -> Given:
    """Return one figure a member of the leaf's axis, for all cases."""
    return Given(leaf, (tuple(figures),))


@dataclass(frozen=True)
class Calculation:
    """Rules evaluated on given figures.

    Attributes
    ----------
    rules   : in order of evaluation
    givens  : the figures of every leaf
    cases   : names of the cases, one or more
    members : names of the members of the item axis; empty: there is none
    """

    rules: tuple[Rule, ...]
    givens: tuple[Given, ...]
    cases: tuple[str, ...] = ("",)
    members: tuple[str, ...] = ()
    _given: dict[str, Given] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find the figures by leaf."""
        object.__setattr__(self, "_given", {one.leaf.id: one for one in self.givens})

    @cached_property
    def evaluation(self) -> Evaluation:
        """All results, in the units of the rules."""
        steps = [
            Step(rule, "own", rule.variants["own"].expression, derive_factor(rule, rule.variants["own"].expression))
            for rule in self.rules
        ]
        found = Evaluation(steps, EvaluationInputs(len(self.cases), {one.leaf.id: one.array for one in self.givens}))
        found.run()
        return found

    def value(self, rule: str, case: int = 0, member: int = 0) -> float:
        """Return a result in the unit of its rule; NaN where a figure is missing.

        Parameters
        ----------
        rule : id
        """
        return pick_cell(self.evaluation.results[rule], (case, 0, 0, member))

    def known(self, rule: str, case: int = 0, member: int = 0) -> float | None:
        """Return a result in the unit of its rule; None where a figure is missing.

        Parameters
        ----------
        rule : id
        """
        value = self.value(rule, case, member)
        return value if math.isfinite(value) else None

    def explain(self, rule: str, case: int = 0) -> list[Explained]:
        """Return a result and every result below it, the asked one first: formula, numbers, and where each number stands.

        Parameters
        ----------
        rule : id
        """
        found: list[Explained] = []
        waiting, seen = [rule], set()
        while waiting:
            identity = waiting.pop(0)
            if identity in seen:
                continue
            seen.add(identity)
            step = self.evaluation.steps[identity]
            length = self.evaluation.results[identity].shape[ITEM_PLACE]
            found += [self._explained(step, case, member, one_of=length) for member in range(length)]
            waiting += [named.id for named in list_rules_named(step.formula)]
        return found

    def _explained(self, step: Step, case: int, member: int, *, one_of: int) -> Explained:
        line = print_audit_line(self.evaluation, step, (case, 0, 0, member))
        way = step.rule.variants["own"]
        name = " ".join(filter(None, (self.cases[case], self.members[member] if one_of > 1 else "")))
        return Explained(
            step.rule.id,
            step.variant,
            step.rule.title.zh,
            step.rule.title.en,
            show_equation(step.rule, step.formula),
            show_html_equation(step.rule, step.formula),
            name,
            line.arithmetic,
            line.value,
            step.rule.unit,
            way.source,
            way.clause,
            way.mark,
            tuple(self._origins(step, case, member, one_of=one_of)),
        )

    def _origins(self, step: Step, case: int, member: int, *, one_of: int) -> list[Origin]:
        found = []
        for leaf in list_leaves(step.formula):
            given = self._given[leaf.id]
            row = given.rows[case if len(given.rows) > 1 else 0]
            places = [member] if one_of > 1 and len(row) > 1 else range(len(row))
            for at in places:
                one = row[at]
                if one is None or not one.address:
                    continue
                name = self.members[at] if len(row) > 1 and at < len(self.members) else ""
                found.append(
                    Origin(
                        leaf.id,
                        leaf.symbol,
                        leaf.title.zh,
                        leaf.title.en,
                        name,
                        one.value,
                        leaf.unit,
                        one.given,
                        one.address,
                        one.source,
                        one.mark,
                    )
                )
        return found


def list_marks(parts: Sequence[Explained]) -> list[str]:
    """Return the marks of formulas and figures of an explanation, each once, as they come."""
    found = [mark for part in parts for mark in (part.mark, *(one.mark for one in part.origins)) if mark]
    return list(dict.fromkeys(found))


def describe(parts: Sequence[Explained]) -> list[dict[str, Any]]:
    """Return an explanation as plain values."""
    from dataclasses import asdict

    return [{name: value for name, value in asdict(part).items() if name != "html"} for part in parts]
