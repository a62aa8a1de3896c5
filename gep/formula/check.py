"""What a formula measures: its unit and axes, checked once; refuses what cannot be right and derives the one factor."""

from __future__ import annotations

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
from gep.units.measure import PLAIN, Measure
from gep.units.registry import UnitError, parse_unit, short_name, unit_factor

Meaning = tuple[Measure, frozenset[str]]


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
        declared = parse_unit(rule.unit).measure
        if unit.dimensions != declared.dimensions:
            msg = f"the formula gives {short_name(unit)}, declared is {rule.unit}"
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
            return parse_unit(written).measure, frozenset()
        case Leaf(unit=written, axes=over) | Rule(unit=written, axes=over):
            return parse_unit(written).measure, frozenset(over)
        case Binary(sign="*" | "/" as sign, left=left, right=right):
            (one, over_one), (two, over_two) = _meaning(left), _meaning(right)
            return one * two if sign == "*" else one / two, _together(node, over_one, over_two)
        case Binary(left=left, right=right) | Smaller(left=left, right=right):
            return _alike(node, left, right)
        case Power(base=base, exponent=exponent):
            axes = _together(node, _bare(base, "the base of a power"), _bare(exponent, "an exponent"))
            return PLAIN, axes
        case Function(name=name, argument=argument):
            return PLAIN, _bare(argument, f"what {name} is taken of")
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
            if unit.names != parse_unit(wanted).measure.names:
                msg = f"{text(argument)} is in {short_name(unit)}; the formula was fitted in {wanted}"
                raise _Wrong(msg)
            return PLAIN, axes
        case Sum(parts=parts):
            return _alike(node, *(part for _, part in parts))
    raise TypeError(node)


def _alike(node: Node, *parts: Node) -> Meaning:
    """Return the common meaning of parts that are added or compared: the same unit, not only the same kind."""
    meanings = [_meaning(part) for part in parts]
    unit, axes = meanings[0]
    for part, (other, over) in zip(parts[1:], meanings[1:], strict=True):
        if unit.names != other.names:
            msg = f"cannot put {text(parts[0])} [{short_name(unit)}] and {text(part)} [{short_name(other)}] together"
            raise _Wrong(msg)
        axes = _together(node, axes, over)
    return unit, axes


def _bare(node: Node, what: str) -> frozenset[str]:
    unit, axes = _meaning(node)
    if unit.dimensions:
        msg = f"{what} must be a plain number, {text(node)} is in {short_name(unit)}"
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
