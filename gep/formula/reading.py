"""Which cells of the leaves the results of an evaluation were made of: its own record of what was read.

A cell is read where a rule needed it: the option that was known, the members that are summed, the branch that was taken. Where
a result is unknown every way to it counts as read, for any of them would have led there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.formula.evaluate import NEVER, UNKNOWN
from gep.formula.nodes import FirstKnown, Fold, If, IfAtMost, Leaf, Observed, Rule, Share, Sum, Total, children

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from gep.formula.evaluate import Evaluation, Flags, Floats
    from gep.formula.nodes import Node

EVERYWHERE: Flags = np.ones((1, 1, 1, 1), dtype=bool)


def find_cells_read(evaluation: Evaluation, rules: Iterable[tuple[str, Flags]]) -> dict[str, Flags]:
    """Return the cells of every leaf that rules were computed from, directly or through the rules they name.

    Parameters
    ----------
    evaluation : has run
    rules      : id of a rule that counts, and the accounts it counts for, flags of shape (accounts or 1, 1, 1, 1)

    Returns
    -------
    leaf id → flags of the shape of its array; a leaf that no rule reaches is absent. Cells of an extent that state 0 are read
    """
    reading = _Reading(evaluation)
    for identity, where in rules:
        step = evaluation.steps[identity]
        whole: Node = step.rule
        for axis in step.rule.axes:
            whole = Total(whole, axis)
        reading.mark(whole, step.scope, where)
    reading.run()
    return reading.found


class _Reading:
    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.asked: dict[str, Flags] = {}
        self.found: dict[str, Flags] = {}

    def ask(self, rule: str, where: Flags) -> None:
        asked = _within(where, self.evaluation.results[rule])
        self.asked[rule] = self.asked[rule] | asked if rule in self.asked else asked

    def run(self) -> None:
        """Walk the steps backwards: each comes after all the rules that name it."""
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            for step in reversed(self.evaluation.steps.values()):
                if step.rule.id in self.asked:
                    self.mark(step.formula, step.scope, self.asked[step.rule.id])

    def mark(self, node: Node, scope: str, where: Flags) -> None:
        if not where.any():
            return
        match node:
            case Rule(id=identity):
                self.ask(identity, where)
            case Leaf(id=identity):
                array = self.evaluation.bound.arrays.get(identity, UNKNOWN)
                read = _within(where, array)
                if isinstance(node, Observed) and node.extent:
                    read = read | (array == 0)
                self.found[identity] = self.found[identity] | read if identity in self.found else read
            case FirstKnown(options=options):
                open_ = where
                for option in options:
                    known = ~np.isnan(self.evaluation.value(option, scope))
                    self.mark(option, scope, open_ & known)
                    open_ = open_ & ~known
                for option in options:
                    self.mark(option, scope, open_)
            case Total(argument=argument) | Fold(argument=argument) | Share(argument=argument):
                taking, listed = self.evaluation.members(node, scope)
                if taking is not None:
                    where = where & (taking | ~listed) if listed is not None else where & taking
                self.mark(argument, scope, where)
            case Sum(parts=parts):
                for name, part in parts:
                    self.mark(part, scope, where & ~self.evaluation.bound.inapplicable.get(name, NEVER))
            case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
                one, two = self.evaluation.value(left, scope), self.evaluation.value(right, scope)
                self.mark(left, scope, where)
                self.mark(right, scope, where)
                self._branches((then, otherwise), scope, where, one <= two, np.isnan(one) | np.isnan(two))
            case If(condition=condition, then=then, otherwise=otherwise):
                tested = self.evaluation.value(condition, scope)
                self.mark(condition, scope, where)
                self._branches((then, otherwise), scope, where, tested != 0, np.isnan(tested))
            case _:
                for part in children(node):
                    self.mark(part, scope, where)

    def _branches(self, branches: tuple[Node, Node], scope: str, where: Flags, holds: Flags, unknown: Flags) -> None:
        self.mark(branches[0], scope, where & (holds | unknown))
        self.mark(branches[1], scope, where & (~holds | unknown))


def _within(where: Flags, array: Floats | NDArray[np.bool_]) -> Flags:
    """Return flags in the shape of an array: any along an axis that it does not have."""
    shape = np.broadcast_shapes(where.shape, array.shape)
    summed = tuple(at for at, size in enumerate(array.shape) if size == 1 and shape[at] > 1)
    found = where.any(axis=summed, keepdims=True) if summed else where
    return np.array(np.broadcast_to(found, array.shape))
