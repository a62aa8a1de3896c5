"""Refuses results that are no numbers: a formula that divides by zero, or grows beyond what a number can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.account.shown import flag_members
from gep.formula.nodes import Binary, Rule
from gep.formula.show import show_equation
from gep.formula.walk import list_leaves, walk_parts
from gep.messages.problems import Problem
from gep.messages.texts import Name, join_list, say
from gep.rules.service import SHOWN
from gep.standards.formulas import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gep.formula.evaluate import Evaluation, Step
    from gep.formula.nodes import Leaf, Node
    from gep.inputs.rows import Inputs
    from gep.standards.plan import Plan


def list_unusable(plan: Plan, inputs: Inputs, evaluation: Evaluation) -> Iterator[Problem]:
    """Yield a problem for each account and rule whose result is infinite, or of a formula of one's own divides 0 by 0.

    Only the first such rule of an account is told: those that rest on it are not finite either.
    """
    told: set[int] = set()
    for step in plan.steps:
        result = evaluation.results[step.rule.id]
        cells = np.isinf(result)
        divisors = [part.right for part in walk_parts(step.formula) if isinstance(part, Binary) and part.sign == "/"]
        own = step.variant in {OWN, SHOWN} and bool(divisors)
        if not own and not cells.any():
            continue
        zeros = [divisor for divisor in divisors if (_value(evaluation, divisor, step) == 0).any()]
        if own:
            for divisor in zeros:
                cells = cells | (np.isnan(result) & (_value(evaluation, divisor, step) == 0))
        if step.variant == SHOWN:  # of a type that the account has none of, nothing is shown
            cells = cells & flag_members(evaluation, step)
        for account in np.flatnonzero(np.broadcast_to(cells.any(axis=(1, 2, 3)), (len(inputs.accounts),))).tolist():
            if account not in told:
                told.add(account)
                yield _describe(step, zeros, inputs, account)


def _value(evaluation: Evaluation, node: Node, step: Step) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        return evaluation.value(node, step.scope)


def _describe(step: Step, zeros: list[Node], inputs: Inputs, account: int) -> Problem:
    rule = step.rule
    said = {
        "county": str(inputs.accounts["county"].iloc[account]),
        "year": int(inputs.accounts["year"].iloc[account]),
        "title": Name(rule.title.en, rule.title.zh),
        "rule": rule.id,
        "formula": show_equation(rule, step.formula),
    }
    if not zeros:
        found = say("{county} {year}: {title} ({rule}) comes to more than a number can hold: {formula}", **said)
        return Problem("", 0, found, say("figures of a county"), say("see which of its numbers is too large, or too near to 0"))
    found = say("{county} {year}: {title} ({rule}) divides by zero: {formula}", **said)
    names = dict.fromkeys(leaf.id for zero in zeros for leaf in _list_leaves_below(zero))
    rows = inputs.rows
    wanted = rows[(rows["account"] == account) & rows["variable"].astype(str).isin(names) & (rows["value"] == 0)]
    expected = say("a number other than 0 to divide by")
    hint = say("{names} must not be 0 here, or the formula says what then: a if b > 0 else c", names=join_list(names))
    if wanted.empty:
        return Problem("", 0, found, expected, hint)
    first = wanted.iloc[0]
    cell = str(first["cell"]) if "cell" in wanted and first["cell"] else ""
    return Problem(str(first["file"]), int(first["line"]), found, expected, hint, cell)


def _list_leaves_below(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a formula and of the rules it names, in whatever variant."""
    yield from list_leaves(node)
    for part in walk_parts(node):
        if isinstance(part, Rule):
            for variant in part.variants.values():
                yield from _list_leaves_below(variant.expression)
