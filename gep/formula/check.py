"""What a formula measures: its unit and axes, checked once; refuses what cannot be right and derives the one factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import (
    PLACES,
    AtLeastZero,
    Binary,
    Coefficient,
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
)
from gep.formula.show import equation, text
from gep.messages.problems import RuleError
from gep.units.registry import UnitError, parse_unit, unit_factor

if TYPE_CHECKING:
    import pint

    Meaning = tuple[pint.Unit, frozenset[str]]


def factor_of(rule: Rule, formula: Node) -> float:
    """Return what a formula's bare result is multiplied by to be in the rule's unit.

    Raises
    ------
    RuleError : units or axes that cannot be right, with the rule's id and formula
    """
    try:
        unit, axes = _meaning(formula)
        spare = axes - set(rule.axes)
        if spare:
            msg = f"varies over {_words(axes)}, declared {_words(rule.axes)}"
            raise _Wrong(msg)
        declared = parse_unit(rule.unit).unit
        if unit.dimensionality != declared.dimensionality:
            msg = f"the formula gives {unit:~P}, declared is {rule.unit}"
            raise _Wrong(msg)
        return unit_factor(unit, declared)
    except (_Wrong, UnitError) as error:
        msg = f"rule {rule.id}: {error}\n  {equation(rule, formula)}"
        raise RuleError(msg) from None


class _Wrong(Exception):
    pass


def _words(axes: frozenset[str] | tuple[str, ...]) -> str:
    return ", ".join(sorted(axes)) or "nothing"


def _meaning(node: Node) -> Meaning:
    match node:
        case Constant(unit=written):
            return parse_unit(written).unit, frozenset()
        case Leaf(unit=written, axes=over) | Rule(unit=written, axes=over):
            return parse_unit(written).unit, frozenset(over)
        case Binary(sign="*" | "/" as sign, left=left, right=right):
            (one, over_one), (two, over_two) = _meaning(left), _meaning(right)
            return one * two if sign == "*" else one / two, _together(node, over_one, over_two)
        case Binary(left=left, right=right) | Smaller(left=left, right=right):
            return _alike(node, left, right)
        case Power(base=base, exponent=exponent):
            axes = _together(node, _bare(base, "the base of a power"), _bare(exponent, "an exponent"))
            return parse_unit("1").unit, axes
        case Function(name=name, argument=argument):
            return parse_unit("1").unit, _bare(argument, f"what {name} is taken of")
        case AtLeastZero(argument=argument):
            return _meaning(argument)
        case FirstKnown(options=options):
            return _alike(node, *options)
        case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
            _, tested = _alike(node, left, right)
            unit, axes = _alike(node, then, otherwise)
            return unit, _together(node, tested, axes)
        case Total(argument=argument, over=axis):
            unit, axes = _meaning(argument)
            if axis not in axes:
                msg = f"{text(argument)} does not vary over {axis}, so it cannot be summed over it"
                raise _Wrong(msg)
            return unit, axes - {axis}
        case InUnits(argument=argument, unit=wanted):
            unit, axes = _meaning(argument)
            if unit != parse_unit(wanted).unit:
                msg = f"{text(argument)} is in {unit:~P}; the formula was fitted in {wanted}"
                raise _Wrong(msg)
            return parse_unit("1").unit, axes
        case Sum(parts=parts):
            return _alike(node, *(part for _, part in parts))
    raise TypeError(node)


def _alike(node: Node, *parts: Node) -> Meaning:
    """Return the common meaning of parts that are added or compared: the same unit, not only the same kind."""
    meanings = [_meaning(part) for part in parts]
    unit, axes = meanings[0]
    for part, (other, over) in zip(parts[1:], meanings[1:], strict=True):
        if unit != other:
            msg = f"cannot put {text(parts[0])} [{unit:~P}] and {text(part)} [{other:~P}] together"
            raise _Wrong(msg)
        axes = _together(node, axes, over)
    return unit, axes


def _bare(node: Node, what: str) -> frozenset[str]:
    unit, axes = _meaning(node)
    if not unit.dimensionless:
        msg = f"{what} must be a plain number, {text(node)} is in {unit:~P}"
        raise _Wrong(msg)
    return axes


def _together(node: Node, one: frozenset[str], two: frozenset[str]) -> frozenset[str]:
    axes = one | two
    items = sorted(axis for axis in axes if axis not in PLACES)
    if len(items) > 1:
        msg = f"{items[0]} and {items[1]} are different lists and cannot meet in {text(node)}"
        raise _Wrong(msg)
    return axes


def is_priced(leaf: Leaf) -> bool:
    """Whether a quantity is money, or holds money (a price)."""
    return parse_unit(leaf.unit).is_money


def is_price(leaf: Leaf) -> bool:
    """Whether a coefficient is a price."""
    return isinstance(leaf, Coefficient) and is_priced(leaf)
