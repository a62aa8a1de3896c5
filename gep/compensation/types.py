"""What an expression measures and over which axes it runs, found before any number is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.compensation.columns import AXES, MONTH, PARTY, QUARTER, SECTION
from gep.compensation.expressions import Call, Literal, Name, Node
from gep.units.exact import MONEY, NUMBER, Dimension, dimension, printed, times
from gep.units.registry import UnitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BARE = (NUMBER, MONEY, dimension("water_class"), dimension("score"))
"""What a bare decimal may stand beside: its unit is plain (yuan, a class, points)."""
COMPARE = ("le", "lt", "ge", "gt", "eq")
TRUTH = ("all", "any", "not", "count_met")


@dataclass(frozen=True)
class Type:
    """Axes and dimension; the dimension of a bare decimal is None."""

    axes: tuple[str, ...]
    dimension: Dimension | None
    zero: bool = False

    @property
    def measured(self) -> Dimension:
        """The dimension, a pure number for a bare decimal."""
        return self.dimension or NUMBER


def infer(node: Node, names: Mapping[str, Type], tell: Callable[..., None]) -> Type:
    """Return the type of a tree; what does not fit is told and the best guess goes on."""
    match node:
        case Literal():
            return Type((), None, node.number == 0)
        case Name():
            return names.get(node.name, Type((), None, zero=True))
        case Call():
            return _call(node, [infer(arg, names, tell) for arg in node.args], tell)


def _call(node: Call, args: list[Type], tell: Callable[..., None]) -> Type:
    op = node.op
    axes = tuple(axis for axis in AXES if any(axis in arg.axes for arg in args))
    if MONTH in axes and QUARTER in axes:
        tell(
            node.path,
            f"{op} combines months with quarters",
            "one of the two",
            "bring one of them to the year with total or mean first",
        )
    if op in {"sum", "sub", "min", "max", "clamp", "deadband"}:
        return Type(axes, _same(node, args, tell))
    if op in COMPARE:
        _same(node, args, tell)
        return Type(axes, NUMBER)
    if op in TRUTH:
        return Type(axes, NUMBER)
    if op == "member":
        return Type((PARTY,), NUMBER)
    if op == "mul":
        found = NUMBER
        for arg in args:
            found = times(found, arg.measured)
        return Type(axes, found)
    if op == "div":
        return Type(axes, times(args[0].measured, args[1].measured, -1))
    if op == "weigh":
        return Type(axes, _same(node, args[1::2], tell))
    if op == "if":
        return Type(axes, _same(node, args[1:], tell))
    if op == "in":
        return _in(node, args[0], tell)
    return _shaped(node, args, axes, tell)


def _shaped(node: Call, args: list[Type], axes: tuple[str, ...], tell: Callable[..., None]) -> Type:
    op, first = node.op, args[0]
    if op in {"share", "minmax", "rank"}:
        if PARTY not in first.axes:
            tell(node.path, f"{op} is asked of a value that does not run over parties", "a value by party")
        return Type(first.axes, NUMBER)
    if op in {"bands", "table"}:
        if first.dimension is not None and first.dimension not in BARE:
            tell(
                node.path,
                f"the rows of {op} are bare numbers, and the value measures {printed(first.dimension)}",
                "a pure number, money, a class or points",
                "divide by a constant with that unit first",
            )
        return Type(axes, _same(node, args[1:], tell))
    if op in {"total", "mean", "most", "least"}:
        axis = node.words[0]
        if axis not in first.axes:
            tell(
                node.path,
                f"{op} is taken over {axis}, along which the value does not run",
                f"over one of {', '.join(first.axes) or 'no axis'}",
            )
        return Type(tuple(one for one in first.axes if one != axis), first.dimension)
    if op == "to_party":
        if SECTION not in first.axes:
            tell(node.path, "to_party is asked of a value that does not run over sections", "a value by section")
        found = {PARTY if axis == SECTION else axis for axis in first.axes}
        return Type(tuple(axis for axis in AXES if axis in found), first.dimension)
    return Type(axes, first.dimension)  # previous, delta, positive, baseline


def _same(node: Call, args: list[Type], tell: Callable[..., None]) -> Dimension | None:
    """Return the one dimension of all, and tell where they differ or a bare number stands beside a unit."""
    known = [arg.dimension for arg in args if arg.dimension is not None]
    if not known:
        return None
    for other in known[1:]:
        if other != known[0]:
            tell(node.path, f"{node.op} puts {printed(known[0])} together with {printed(other)}", "the same kind of quantity")
            return known[0]
    if known[0] not in BARE and any(arg.dimension is None and not arg.zero for arg in args):
        tell(
            node.path,
            f"{node.op} puts a bare number beside {printed(known[0])}",
            "a quantity with a unit",
            "declare the number under constants, with its unit",
        )
    return known[0]


def _in(node: Call, arg: Type, tell: Callable[..., None]) -> Type:
    try:
        wanted = dimension(node.words[0])
    except UnitError as error:
        tell((*node.path, "unit"), str(error), "a unit")
        return arg
    if arg.dimension is not None and arg.dimension != wanted:
        tell(
            node.path,
            f"the value measures {printed(arg.dimension)} and is to be in {node.words[0]}",
            f"a unit of {printed(arg.dimension)}",
        )
    return Type(arg.axes, wanted)
