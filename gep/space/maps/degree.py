"""Tells whether a formula may run on a pixel: its result must grow with the area, or a pixel would get the county's total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import (
    AllOf,
    AnyOf,
    AtLeastZero,
    Bands,
    Binary,
    Compare,
    Constant,
    FirstKnown,
    Fold,
    Function,
    If,
    IfAtMost,
    InUnits,
    Larger,
    Leaf,
    Node,
    Not,
    Power,
    Rule,
    ShownIn,
    Smaller,
    Sum,
    Total,
    Weighted,
    children,
)
from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from gep.formula.evaluate import Step

AREA = "area"


class NotPerArea(Exception):
    """Parts of a formula that grow with the area are added to parts that do not."""


def find_area_degree(node: Node, steps: Mapping[str, Step], known: AbstractSet[str] | None) -> int:
    """Return the power of the area that a formula grows with: 1 for an amount, 0 for a rate, a price or a county's total.

    Parameters
    ----------
    steps : rules by id, for those that the formula names
    known : leaves there are figures for; of alternatives only those that can be computed count. None: all can

    Raises
    ------
    NotPerArea : terms of different powers are added or compared, or an area stands in a power or function
    """

    def of(part: Node) -> int:
        return find_area_degree(part, steps, known)

    def alike(*parts: Node) -> int:
        powers = {of(part) for part in parts}
        if len(powers) > 1:
            raise NotPerArea(say("an amount per area meets a total"))
        return powers.pop()

    match node:
        case Constant():
            return 0
        case Leaf(id=identity):
            return int(identity == AREA)
        case Rule(id=identity):
            return of(steps[identity].formula)
        case Binary(sign="*", left=left, right=right):
            return of(left) + of(right)
        case Binary(sign="/", left=left, right=right):
            return of(left) - of(right)
        case Binary(left=left, right=right) | Smaller(left=left, right=right) | Larger(left=left, right=right):
            return alike(left, right)
        case Power(base=part) | Function(argument=part) | InUnits(argument=part):
            if of(part):
                raise NotPerArea(say("a power or function of an area"))
            return 0
        case AtLeastZero(argument=part) | Total(argument=part) | Fold(argument=part) | ShownIn(argument=part):
            return of(part)
        case Compare(left=left, right=right):
            alike(left, right)
            return 0
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return max(of(part) for part in parts)
        case Not(argument=part):
            return of(part)
        case If(condition=condition, then=then, otherwise=otherwise):
            of(condition)
            return alike(then, otherwise)
        case Bands(argument=part, values=values):
            if of(part):
                raise NotPerArea(say("a power or function of an area"))
            return alike(*values)
        case Weighted(parts=pairs):
            return alike(*(weight * part for weight, part in pairs))
        case FirstKnown(options=options):
            usable = [option for option in options if known is None or not find_missing(option, steps, known)]
            return alike(*usable) if usable else of(options[-1])
        case IfAtMost(then=then, otherwise=otherwise):
            return alike(then, otherwise)
        case Sum(parts=parts):
            return alike(*(part for _, part in parts))
    raise NotPerArea(say("{kind} has no meaning on a pixel", kind=type(node).__name__))


def find_missing(node: Node, steps: Mapping[str, Step], known: AbstractSet[str]) -> set[str]:
    """Return the leaves that keep a formula from being computed; of alternatives those of the one that lacks least."""
    match node:
        case Leaf(id=identity):
            return set() if identity in known else {identity}
        case Rule(id=identity):
            return find_missing(steps[identity].formula, steps, known)
        case FirstKnown(options=options):
            return min((find_missing(option, steps, known) for option in options), key=len)
    found: set[str] = set()
    for part in children(node):
        found |= find_missing(part, steps, known)
    return found
