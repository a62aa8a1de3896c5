"""A formula in one account's numbers: the line an auditor checks by hand, and its parts.

The line is arithmetic: read with × as *, ; as a comma and thousands marks dropped it evaluates to the result.
"""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.formula.nodes import (
    AtLeastZero,
    Binary,
    Constant,
    FirstKnown,
    Function,
    IfAtMost,
    InUnits,
    Leaf,
    Node,
    Power,
    Rule,
    Smaller,
    Sum,
    Total,
    place,
)
from gep.formula.show import ATOM, POWER, bracket, join, number

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from gep.formula.evaluate import Evaluation, Step

    Cell = tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """A rule in numbers: `numbers` is the arithmetic, `factor` what it is multiplied by, `value` the result."""

    numbers: str
    factor: float
    value: float

    @property
    def arithmetic(self) -> str:
        """The whole right-hand side, factor included."""
        if self.factor == 1:
            return self.numbers
        return f"({self.numbers}) × {number(self.factor)}"


def line(evaluation: Evaluation, step: Step, cell: Cell) -> Line:
    """Return a rule's formula with the numbers of one account and cell (0 on axes that do not vary)."""
    writer = _Writer(evaluation, step.scope)
    return Line(writer.text(step.formula, cell)[0], step.factor, at(evaluation.results[step.rule.id], cell))


def at(
    cells: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | np.ndarray[tuple[int, ...], np.dtype[np.bool_]], cell: Cell
) -> float:
    """Return one cell of an array, whatever axes it does not vary over."""
    return float(cells[tuple(0 if size == 1 else index for index, size in zip(cell, cells.shape, strict=True))])


class _Writer:
    def __init__(self, evaluation: Evaluation, scope: str) -> None:
        self.evaluation, self.scope = evaluation, scope

    def value(self, node: Node, cell: Cell) -> float:
        return at(self.evaluation.value(node, self.scope), cell)

    def text(self, node: Node, cell: Cell) -> tuple[str, int]:
        match node:
            case Constant(value=value, text=shown):
                return (shown, 2) if "/" in shown else (shown or number(value), ATOM)
            case Leaf() | Rule():
                value = self.value(node, cell)
                return number(value), ATOM if value >= 0 else 0
            case Binary(sign=sign, left=left, right=right):
                return join(sign, self.text(left, cell), self.text(right, cell))
            case Power(base=base, exponent=exponent):
                base_text, exponent_text = self.text(base, cell), self.text(exponent, cell)
                return f"{bracket(base_text, POWER, strictly=True)}^{bracket(exponent_text, ATOM)}", POWER
            case Function(name=name, argument=argument):
                return f"{name}({self.text(argument, cell)[0]})", ATOM
            case Smaller(left=left, right=right):
                return f"min({self.text(left, cell)[0]}; {self.text(right, cell)[0]})", ATOM
            case AtLeastZero(argument=argument):
                return f"max(0; {self.text(argument, cell)[0]})", ATOM
            case InUnits(argument=argument):
                return self.text(argument, cell)
            case FirstKnown(options=options):
                for option in options:
                    if not math.isnan(self.value(option, cell)):
                        return self.text(option, cell)
                return "?", ATOM
            case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
                parts = [self.text(part, cell)[0] for part in (left, right, then, otherwise)]
                return f"if({parts[0]} ≤ {parts[1]}; {parts[2]}; {parts[3]})", ATOM
            case Total():
                return self._total(node, cell)
            case Sum(parts=parts, accounted_only=skip):
                return self._sum(parts, cell, skip=skip)
        raise TypeError(node)

    def _total(self, node: Total, cell: Cell) -> tuple[str, int]:
        axis = place(node.over)
        taking, _ = self.evaluation.members(node, self.scope)
        cells = self.evaluation.value(node.argument, self.scope)
        if cells.shape[axis] == 1:
            return self.text(node.argument, cell)
        terms = []
        for member in range(cells.shape[axis]):
            inside = (cell[0], *cell[1:axis], member, *cell[axis + 1 :])
            if taking is None or at(taking, inside):
                terms.append(bracket(self.text(node.argument, inside), 1))
        return (" + ".join(terms) or "0"), 1

    def _sum(self, parts: tuple[tuple[str, Node], ...], cell: Cell, *, skip: bool) -> tuple[str, int]:
        terms = []
        for name, part in parts:
            flags = self.evaluation.bound.inapplicable.get(name)
            if flags is not None and at(flags, cell):
                continue
            if skip and math.isnan(self.value(part, cell)):
                continue
            terms.append(bracket(self.text(part, cell), 1))
        return " + ".join(terms) or "?", 1


_ALLOWED: dict[str, Callable[..., float]] = {"min": min, "max": max, "exp": math.exp, "ln": math.log}


def recompute(arithmetic: str) -> float:
    """Evaluate a printed line as arithmetic: the reader that proves that print and result agree."""
    plain = arithmetic.replace("×", "*").replace("−", "-").replace("^", "**").replace(";", ",")
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    plain = re.sub(r"\bif\(", "choose(", plain).replace("≤", "<=")
    return _compute(ast.parse(plain.strip(), mode="eval").body)


def _compute(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=float() | int() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_compute(operand)
        case ast.BinOp(left=left, op=op, right=right):
            one, two = _compute(left), _compute(right)
            match op:
                case ast.Add():
                    return one + two
                case ast.Sub():
                    return one - two
                case ast.Mult():
                    return one * two
                case ast.Div():
                    return one / two
                case ast.Pow():
                    return float(one**two)
        case ast.Call(func=ast.Name(id="choose"), args=[ast.Compare(left=left, comparators=[right]), then, otherwise]):
            return _compute(then) if _compute(left) <= _compute(right) else _compute(otherwise)
        case ast.Call(func=ast.Name(id=name), args=args) if name in _ALLOWED:
            return float(_ALLOWED[name](*[_compute(arg) for arg in args]))
    msg = f"not arithmetic: {ast.dump(node)}"
    raise ValueError(msg)
