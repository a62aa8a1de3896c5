"""A formula in one account's numbers: the line an auditor checks by hand, and its parts.

The line is arithmetic: read with × as *, ; as a comma and thousands marks dropped it evaluates to the result.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Generic, TypeVar

from gep.formula.nodes import (
    Applying,
    AtLeastZero,
    Bands,
    Binary,
    Constant,
    Earlier,
    FirstKnown,
    Fold,
    Function,
    IfAtMost,
    InUnits,
    Leaf,
    Member,
    Node,
    Power,
    Rule,
    Share,
    Smaller,
    Sum,
    Total,
    array_axis,
)
from gep.formula.show import ATOM, FOLDS, POWER, join, put_brackets, show_constant, show_number, show_scheme_node
from gep.records import dataclass

if TYPE_CHECKING:
    import numpy as np

    from gep.formula.evaluate import Evaluation, Step

    Cell = tuple[int, ...]

At = TypeVar("At")
"""What tells a place: a cell of an array, or members of named axes."""


@dataclass(frozen=True)
class Line:
    """A rule in numbers.

    Attributes
    ----------
    numbers : the arithmetic, in the units of the formula
    factor  : what it is multiplied by to be in the rule's unit
    value   : the result, in the rule's unit
    """

    numbers: str
    factor: float
    value: float

    @property
    def arithmetic(self) -> str:
        """Return the whole right-hand side, factor included."""
        if self.factor == 1:
            return self.numbers
        return f"({self.numbers}) × {show_number(self.factor)}"


def print_audit_line(evaluation: Evaluation, step: Step, cell: Cell) -> Line:
    """Return a rule's formula with the numbers of one account and cell, which an auditor can compute again by hand.

    Parameters
    ----------
    evaluation : has run
    cell       : positions on (account, ecosystem, pollutant, item); 0 on axes that do not vary
    """
    writer = _OfAccount(evaluation, step.scope)
    return Line(writer.text(step.formula, cell)[0], step.factor, pick_cell(evaluation.results[step.rule.id], cell))


def pick_cell(
    cells: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | np.ndarray[tuple[int, ...], np.dtype[np.bool_]], cell: Cell
) -> float:
    """Return one number of an array, whatever axes it does not vary over.

    Parameters
    ----------
    cells : of shape (account, ecosystem, pollutant, item), length 1 on an axis it does not vary over
    cell  : a position on each axis
    """
    return float(cells[tuple(0 if size == 1 else index for index, size in zip(cell, cells.shape, strict=True))])


class Writer(Generic[At]):
    """Writes a formula with the numbers of one place.

    What a place is (a cell of an array, or members of named axes), and where its numbers come from, a subclass says.
    """

    def value(self, node: Node, at: At) -> float | Fraction:
        """Return a node's number at a place; NaN where it is not known.

        Raises
        ------
        NotImplementedError : the subclass does not say it
        """
        raise NotImplementedError

    def number(self, node: Node, at: At) -> tuple[str, int]:
        """Return a quantity in numbers.

        Returns
        -------
        the text, and how strongly its outermost sign binds
        """
        value = self.value(node, at)
        return show_number(float(value)), ATOM if value >= 0 else 0

    def inside(self, node: Total | Fold | Share, at: At) -> list[At] | None:
        """Return the places that a fold runs over, None where its argument does not vary over the axis.

        Raises
        ------
        NotImplementedError : the subclass does not say it
        """
        raise NotImplementedError

    def applies(self, name: str, at: At) -> bool:
        """Return whether a named part of a sum applies at a place.

        Raises
        ------
        NotImplementedError : the subclass does not say it
        """
        raise NotImplementedError

    def before(self, node: Earlier, at: At) -> tuple[str, int]:
        """Return the text of what a node was in an earlier year.

        Raises
        ------
        TypeError : always, unless the subclass says it; only schemes look back
        """
        raise TypeError(node, at)

    def text(self, node: Node, at: At) -> tuple[str, int]:
        """Return a formula in the numbers of a place.

        Returns
        -------
        the text, and how strongly its outermost sign binds
        """
        match node:
            case Constant():
                return show_constant(node)
            case Leaf() | Rule() | Member():
                return self.number(node, at)
            case Binary(sign=sign, left=left, right=right):
                return join(sign, self.text(left, at), self.text(right, at))
            case Power(base=base, exponent=exponent):
                base_text, exponent_text = self.text(base, at), self.text(exponent, at)
                return f"{put_brackets(base_text, POWER, strictly=True)}^{put_brackets(exponent_text, ATOM)}", POWER
            case Function(name=name, argument=argument):
                return f"{name}({self.text(argument, at)[0]})", ATOM
            case Smaller(left=left, right=right):
                return f"min({self.text(left, at)[0]}; {self.text(right, at)[0]})", ATOM
            case AtLeastZero(argument=argument):
                return f"max(0; {self.text(argument, at)[0]})", ATOM
            case InUnits(argument=argument):
                return self.text(argument, at)
            case FirstKnown(options=options):
                for option in options:
                    if not math.isnan(self.value(option, at)):
                        return self.text(option, at)
                return "?", ATOM
            case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
                parts = [self.text(part, at)[0] for part in (left, right, then, otherwise)]
                return f"if({parts[0]} ≤ {parts[1]}; {parts[2]}; {parts[3]})", ATOM
            case Bands(argument=argument, limits=limits, values=values):
                looked_up = self.value(argument, at)
                taken = next((one for one, end in zip(values, limits, strict=False) if looked_up <= Fraction(end)), values[-1])
                return self.text(taken, at)
            case Total() | Fold() | Share():
                return self._folded(node, at)
            case Applying(parts=((name, part),)):
                return self.text(part, at) if self.applies(name, at) else ("0", ATOM)
            case Sum(parts=parts, accounted_only=skip):
                return self._sum(parts, at, skip=skip, empty="0" if isinstance(node, Applying) else "?")
            case Earlier():
                return self.before(node, at)
        return show_scheme_node(node, lambda part: self.text(part, at), lambda sign, _: sign)

    def _folded(self, node: Total | Fold | Share, at: At) -> tuple[str, int]:
        places = self.inside(node, at)
        if places is None:
            return ("1", ATOM) if isinstance(node, Share) else self.text(node.argument, at)
        if isinstance(node, Fold) and node.how in {"least", "most"}:
            return f"{FOLDS[node.how]}({'; '.join(self.text(node.argument, one)[0] for one in places)})", ATOM
        terms = self._shortened(node, places)
        if isinstance(node, Share):
            return f"{put_brackets(self.text(node.argument, at), 2)} / {put_brackets(terms, 2, strictly=True)}", 2
        if isinstance(node, Fold) and node.how == "mean":
            return f"{put_brackets(terms, 2)} / {len(places)}", 2
        return terms

    def _shortened(self, node: Total | Fold | Share, places: list[At]) -> tuple[str, int]:
        return " + ".join(put_brackets(self.text(node.argument, one), 1) for one in places) or "0", 1

    def _sum(self, parts: tuple[tuple[str, Node], ...], at: At, *, skip: bool, empty: str) -> tuple[str, int]:
        terms = [
            put_brackets(self.text(part, at), 1)
            for name, part in parts
            if self.applies(name, at) and not (skip and math.isnan(self.value(part, at)))
        ]
        return " + ".join(terms) or empty, 1


class _OfAccount(Writer["Cell"]):
    """Numbers of one account and cell."""

    def __init__(self, evaluation: Evaluation, scope: str) -> None:
        self.evaluation, self.scope = evaluation, scope

    def value(self, node: Node, at: Cell) -> float:
        return pick_cell(self.evaluation.value(node, self.scope), at)

    def applies(self, name: str, at: Cell) -> bool:
        flags = self.evaluation.bound.inapplicable.get(name)
        return flags is None or not pick_cell(flags, at)

    def inside(self, node: Total | Fold | Share, at: Cell) -> list[Cell] | None:
        axis = array_axis(node.over)
        taking, _ = self.evaluation.members(node, self.scope)
        cells = self.evaluation.value(node.argument, self.scope)
        if cells.shape[axis] == 1:
            return None
        places = [(at[0], *at[1:axis], member, *at[axis + 1 :]) for member in range(cells.shape[axis])]
        return [one for one in places if taking is None or pick_cell(taking, one)]
