"""Shows why an amount is what it is: the formulas of a scheme as mathematics, and with the numbers of one party."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.formulas import TRUE_OR_FALSE
from gep.formula.audit import Writer
from gep.formula.exact import Column
from gep.formula.nodes import TIMES, Fold, InYear, Leaf, Rank, Rule, ShownIn, Since
from gep.formula.show import ATOM, put_brackets, show_text
from gep.formula.written import write
from gep.messages.problems import Problems
from gep.units.exact import convert_to_base
from gep.units.money import format_exact, separate_thousands

if TYPE_CHECKING:
    from gep.compensation.checked import CheckedScheme
    from gep.compensation.compute import Result
    from gep.compensation.steps import Step
    from gep.compensation.values import Values
    from gep.formula.nodes import Earlier, Node, Share, Total

    Place = dict[str, str]

LONG = 12
"""Terms up to which a sum is written out; a sum over 100 counties is one number."""
BARE = ("1", "water_class", "score", "")
"""Units that are not printed beside a number."""


def show_formulas(ready: CheckedScheme) -> list[tuple[str, str, str]]:
    """Return every formula that is more than a name: where it stands, as it is written, and as mathematics."""
    return [
        (".".join(path), write(tree), show_text(tree)) for path, tree in ready.trees.items() if not isinstance(tree, Leaf | Rule)
    ]


def show_formula_of(result: Result, step: Step) -> tuple[str, str]:
    """Return the formula of a value's step as mathematics and in numbers; empty for steps that no formula made."""
    tree = result.ready.trees.get(("values", step.name)) if step.stage == "value" else None
    if tree is None:
        return "", ""
    column = result.values.named(step.name, result.year)
    where = {"party": step.place, "section": step.place, **dict.fromkeys(TIMES, step.period)}
    at = {axis: where[axis] for axis in column.axes}
    if {"party", "section"} <= set(column.axes):
        return show_text(tree), ""  # a step names one place only
    return show_text(tree), _InNumbers(result.values, result.year).text(tree, at)[0]


class _InNumbers(Writer["Place"]):
    """Numbers of members of named axes, each in the unit its input or constant was declared in."""

    def __init__(self, values: Values, year: int) -> None:
        self.values, self.year, self.scheme = values, year, values.ready.scheme
        self.columns: dict[int, Column] = {}

    def column(self, node: Node) -> Column:
        if id(node) not in self.columns:
            try:
                self.columns[id(node)] = self.values.of(node, self.year)
            except Problems:  # a part without a value that no condition asks for, such as a / b where b is 0
                self.columns[id(node)] = Column((), {})
        return self.columns[id(node)]

    def value(self, node: Node, at: Place) -> float | Fraction:
        cell = self.column(node).at(**at)
        return math.nan if cell is None else cell

    def number(self, node: Node, at: Place) -> tuple[str, int]:
        value = self.value(node, at)
        if not isinstance(value, Fraction):
            return "?", ATOM
        return _printed(value, self.unit(node))

    def unit(self, node: Node) -> str:
        """Return the unit a node is printed in: as declared, as its value says, yuan, or none."""
        match node:
            case Leaf(unit=unit):
                return unit
            case ShownIn(unit=unit):
                return unit
            case Rule(id=name):
                unit = self.values.ready.units[name]
                return "1" if unit in {"", TRUE_OR_FALSE} else unit
            case Fold(argument=argument):
                return self.unit(argument)
        return "1"

    def inside(self, node: Total | Fold | Share, at: Place) -> list[Place] | None:
        column = self.column(node.argument)
        if node.over not in column.axes:
            return None
        axis = column.axes.index(node.over)
        by = node.by if isinstance(node, Fold) else ""
        found = {}
        for key in column.cells:
            members = dict(zip(column.axes, key, strict=True))
            if by and self.values.belongs_to(key[axis], node.over, by) != at[by]:
                continue
            if all(members[other] == at[other] for other in column.axes if other != node.over):
                found[key[axis]] = {**at, **members}
        return list(found.values())

    def _beside(self, node: Rank, at: Place) -> list[Place]:
        """Return the other places that a place is ranked among."""
        column = self.column(node.argument)
        if node.over not in column.axes:
            return []
        found = [{**at, **dict(zip(column.axes, key, strict=True))} for key in column.cells]
        fixed = [axis for axis in column.axes if axis != node.over]
        return [one for one in found if one[node.over] != at[node.over] and all(one[axis] == at[axis] for axis in fixed)]

    def applies(self, name: str, at: Place) -> bool:
        raise TypeError(name, at)

    def before(self, node: Earlier, at: Place) -> tuple[str, int]:
        return _InNumbers(self.values, self.year - node.years).text(node.argument, at)

    def text(self, node: Node, at: Place) -> tuple[str, int]:
        match node:
            case Rank(argument=argument, first=first):
                cells = self.column(argument).cells
                others = [self.text(argument, one)[0] for one in self._beside(node, at)] if len(cells) <= LONG else []
                return f"rank_{first}({'; '.join((self.text(argument, at)[0], *others))})", ATOM
            case InYear(argument=argument, year=year):
                return _InNumbers(self.values, year).text(argument, at)
            case Since(argument=argument, first=first, how=how):
                terms = [_InNumbers(self.values, year).text(argument, at) for year in range(first, self.year + 1)]
                if how in {"product", "sum"}:
                    sign = " × " if how == "product" else " + "
                    strength = 2 if how == "product" else 1
                    return sign.join(put_brackets(term, strength) for term in terms) or (
                        "1" if how == "product" else "0"
                    ), strength
                return self.number(node, at)
        return super().text(node, at)

    def _shortened(self, node: Total | Fold | Share, places: list[Place]) -> tuple[str, int]:
        if len(places) <= LONG:
            return super()._shortened(node, places)
        cells = [self.value(node.argument, one) for one in places]
        whole = sum((cell for cell in cells if isinstance(cell, Fraction)), Fraction(0))
        return _printed(whole, self.unit(node.argument))


def _printed(value: Fraction, unit: str) -> tuple[str, int]:
    number = value / convert_to_base(unit) if unit not in {"1", ""} else value
    shown = format_exact(number, 6)
    rounded = shown.startswith("≈")
    shown = separate_thousands(shown.removeprefix("≈")).replace("-", "−")
    beside = "" if unit in BARE else unit if unit == "%" else f" {unit}"
    return f"{'≈' if rounded else ''}{shown}{beside}", ATOM if value >= 0 else 0
