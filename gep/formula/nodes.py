"""The whole vocabulary of formulas: immutable nodes that are put together with ordinary signs.

Axes: the first axis of every array is the account (one county in one year); then `ecosystem`, `pollutant`, and one
*item* axis, whose members an account lists itself (its lakes, its products, its zones of origin). Two different item
axes never meet in one term.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NoReturn

from gep.messages.title import Title
from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

ANGLES = ("sin", "cos", "tan")
"""Functions of an angle."""
ECOSYSTEM, POLLUTANT = "ecosystem", "pollutant"
PARTY, SECTION, QUARTER, MONTH, WEEK, DAY = "party", "section", "quarter", "month", "week", "day"
TIMES = (QUARTER, MONTH, WEEK, DAY)
RESULT = "result."
"""How the name of what an operation moved begins, which `result(allocation)` means."""
"""Axes of schemes, which know no arrays: their members are named."""
PLACES = {ECOSYSTEM: 1, POLLUTANT: 2}
"""Where an axis stands in an array; every other axis is an item axis and stands at `ITEM_PLACE`."""
ITEM_PLACE = 3
RANK = 4


def array_axis(axis: str) -> int:
    """Return the position of an axis in every array: ecosystem 1, pollutant 2, any item axis 3; the account is 0."""
    return PLACES.get(axis, ITEM_PLACE)


@dataclass(frozen=True, eq=False)
class Node:
    """A part of a formula. `==` is identity, and a formula has no truth: what needs a choice has a node for it."""

    def __add__(self, other: Node) -> Binary:
        return Binary("+", self, _node(other))

    def __sub__(self, other: Node) -> Binary:
        return Binary("-", self, _node(other))

    def __mul__(self, other: Node | float) -> Binary:
        return Binary("*", self, _node(other))

    def __truediv__(self, other: Node | float) -> Binary:
        return Binary("/", self, _node(other))

    def __rsub__(self, other: float) -> Binary:
        return Binary("-", _node(other), self)

    def __radd__(self, other: float) -> Binary:
        return Binary("+", _node(other), self)

    def __rmul__(self, other: float) -> Binary:
        return Binary("*", _node(other), self)

    def __rtruediv__(self, other: float) -> Binary:
        return Binary("/", _node(other), self)

    def __pow__(self, exponent: Node | float) -> Power:
        return Power(self, _node(exponent))

    def __bool__(self) -> NoReturn:
        msg = "a formula has no truth value; choose between formulas with first_known or if_at_most"
        raise TypeError(msg)


@dataclass(frozen=True, eq=False)
class Constant(Node):
    """A number of the published formula.

    Attributes
    ----------
    unit : its unit, `1` for a plain number
    text : how it is printed there (44/12); empty: as the number
    """

    value: float
    unit: str = "1"
    text: str = ""


@dataclass(frozen=True, eq=False)
class Leaf(Node):
    """A named quantity that comes from outside.

    Attributes
    ----------
    symbol : the letter of the guideline
    unit   : of computation
    axes   : what it varies over besides the account
    """

    id: str
    symbol: str
    unit: str
    axes: tuple[str, ...]
    title: Title


@dataclass(frozen=True, eq=False)
class Observed(Leaf):
    """A quantity observed in a county.

    Attributes
    ----------
    extent : whether its rows say which members of its axes the county has (areas, visitors); 0 says "none, stated"
    whole  : whether a row with an empty ecosystem, pollutant or item means the county as a whole, not allotted to
             members; otherwise such a row holds for every member, and on an extent it is refused
    least, most : bounds of what is possible, in `unit`
    current : whether its money must be at prices of the accounting year, since no index carries it there
    """

    department: str = ""
    about: Title = field(default_factory=lambda: Title("", ""))
    extent: bool = False
    whole: bool = False
    least: float | None = 0.0
    most: float | None = None
    current: bool = False


@dataclass(frozen=True, eq=False)
class Coefficient(Leaf):
    """A parameter or price looked up in the coefficient tables, or entered by the county under the same id."""

    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, eq=False)
class Variant:
    """One published way to compute a rule.

    Attributes
    ----------
    source  : key of `coefficients/sources.yaml`
    clause  : where the formula stands in the source
    mark    : how far it is known that the source says so
    caution : what a reader is told where it was used, `中文 | English`; may be empty
    """

    expression: Node
    source: str
    clause: str
    mark: str
    title: Title
    caution: str = ""


@dataclass(frozen=True, eq=False)
class Rule(Node):
    """A named result.

    Attributes
    ----------
    symbol   : the letter of the guideline
    unit     : of the result; yearly money is CNY/yr
    axes     : what it varies over besides the account
    variants : the published ways to compute it, of which a standard chooses one
    usual    : the variant where a standard chooses none; empty: it must choose where there are several
    """

    id: str
    symbol: str
    unit: str
    axes: tuple[str, ...]
    title: Title
    variants: Mapping[str, Variant]
    usual: str = ""


@dataclass(frozen=True, eq=False)
class Binary(Node):
    """One of + - * /."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class Power(Node):
    """A base without unit raised to an exponent without unit."""

    base: Node
    exponent: Node


@dataclass(frozen=True, eq=False)
class Function(Node):
    """`exp`, `ln`, `log10` or `E1` (the exponential integral) of something without unit; `sin`, `cos` or `tan` of an angle in degrees."""

    name: str
    argument: Node


@dataclass(frozen=True, eq=False)
class Smaller(Node):
    """The smaller of two, cell by cell."""

    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class AtLeastZero(Node):
    """Negative cells become zero: the documented clipping of a water balance."""

    argument: Node


@dataclass(frozen=True, eq=False)
class FirstKnown(Node):
    """Cell by cell the first option that is known: a stated value before a computed one."""

    options: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class IfAtMost(Node):
    """`then` where `left` is at most `right`, `otherwise` elsewhere."""

    left: Node
    right: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, eq=False)
class Total(Node):
    """The sum over the members of an axis that the county has and the standard counts; keeps the axis, length 1."""

    argument: Node
    over: str


@dataclass(frozen=True, eq=False)
class InUnits(Node):
    """The bare number of a quantity in one stated unit, for formulas fitted to numbers: the visible hole."""

    argument: Node
    unit: str


@dataclass(frozen=True, eq=False)
class Sum(Node):
    """The sum of named parts that apply to an account; an unknown part makes it unknown, unless `accounted_only`."""

    parts: tuple[tuple[str, Node], ...]
    accounted_only: bool = False


@dataclass(frozen=True, eq=False)
class Applying(Sum):
    """The sum of named parts that apply to an account, 0 where none of them does; an unknown part makes it unknown."""


@dataclass(frozen=True, eq=False)
class Larger(Node):
    """The larger of two, cell by cell."""

    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class Compare(Node):
    """1 where the comparison holds, 0 where it does not; `sign` is one of <= < >= > ==."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class AllOf(Node):
    """1 where no part is 0, else 0."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class AnyOf(Node):
    """1 where a part is not 0, else 0."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Not(Node):
    """1 where the argument is 0, else 0."""

    argument: Node


@dataclass(frozen=True, eq=False)
class If(Node):
    """`then` where the condition is not 0, `otherwise` elsewhere."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, eq=False)
class Fold(Node):
    """One number for all members of an axis: their sum, mean, least or most.

    `by` keeps one number for each member of another axis to which those of `over` belong, as sections do to parties. A sum
    over all members is a `Total`, under which name stored formulas know it.
    """

    argument: Node
    over: str
    how: str
    by: str = ""


@dataclass(frozen=True, eq=False)
class Share(Node):
    """What each member of an axis has of the sum over all of them."""

    argument: Node
    over: str


@dataclass(frozen=True, eq=False)
class Rank(Node):
    """The place of each member of an axis among all of them: 1 is the first; equal ones share the better place, and the next is left out."""

    argument: Node
    over: str
    first: str
    """highest or lowest: which number has the place 1."""


@dataclass(frozen=True, eq=False)
class Weighted(Node):
    """The sum of parts, each with its weight; the weights sum to 1, which is checked."""

    parts: tuple[tuple[Node, Node], ...]
    """(weight, part)."""


@dataclass(frozen=True, eq=False)
class Bands(Node):
    """The value of the band that a number lies in; `limits` are the upper ends, rising decimals, which belong to their band.

    With one limit less than values the last band is open.
    """

    argument: Node
    limits: tuple[str, ...]
    values: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Earlier(Node):
    """What the argument was some years before the year that is computed."""

    argument: Node
    years: int


@dataclass(frozen=True, eq=False)
class InYear(Node):
    """What the argument was in one fixed year."""

    argument: Node
    year: int


@dataclass(frozen=True, eq=False)
class Since(Node):
    """The product, sum, mean, least or most of the argument over the years from a first one to the year that is computed.

    Before the first year a product is 1 and a sum 0.
    """

    argument: Node
    first: int
    how: str


@dataclass(frozen=True, eq=False)
class RoundTo(Node):
    """The argument as a whole number of steps, the next one up (`ceil`) or down (`floor`)."""

    argument: Node
    step: Node
    how: str


@dataclass(frozen=True, eq=False)
class Member(Node):
    """1 for one member of an axis, 0 for all others."""

    id: str
    over: str


@dataclass(frozen=True, eq=False)
class ShownIn(Node):
    """The argument as it is, printed in a unit that measures the same."""

    argument: Node
    unit: str


def total(argument: Node, over: str) -> Total:
    """Return the sum of a formula over the members of an axis."""
    return Total(argument, over)


def smaller(left: Node, right: Node) -> Smaller:
    """Return the smaller of two formulas of one unit, cell by cell."""
    return Smaller(left, right)


def at_least_zero(argument: Node) -> AtLeastZero:
    """Return a formula with its negative cells as zero."""
    return AtLeastZero(argument)


def first_known(*options: Node) -> FirstKnown:
    """Return, cell by cell, the first option that is known."""
    return FirstKnown(options)


def if_at_most(left: Node, right: Node, *, then: Node, otherwise: Node) -> IfAtMost:
    """Return `then` where the left is at most the right, which has the same unit, else `otherwise`."""
    return IfAtMost(left, right, then, otherwise)


def in_units(argument: Node, unit: str) -> InUnits:
    """Return the bare number of a formula, for an empirical formula that was fitted to numbers in one unit.

    Parameters
    ----------
    unit : the unit it was fitted in, in which the argument must be already; nothing is converted
    """
    return InUnits(argument, unit)


def exp(argument: Node) -> Function:
    """Return e raised to a formula without unit."""
    return Function("exp", argument)


def ln(argument: Node) -> Function:
    """Return the natural logarithm of a formula without unit."""
    return Function("ln", argument)


def e1(argument: Node) -> Function:
    """Return the exponential integral E1 of a formula without unit."""
    return Function("E1", argument)


def deadband(argument: Node, band: Node) -> If:
    """Return 0 where a formula differs from 0 by at most a band, either way, and all of it beyond."""
    nothing = Constant(0.0, "1", "0")
    return If(Compare("<=", Larger(argument, Binary("-", nothing, argument)), band), nothing, argument)


def ratio(above: float, below: float, unit: str = "1") -> Constant:
    """Return a constant that the published formula prints as a fraction, such as 44/12.

    Parameters
    ----------
    unit : of the quotient; `1` for a plain number
    """
    return Constant(above / below, unit, f"{above:g}/{below:g}")


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts a node is made of; a rule's parts depend on the variant and are not among them.

    Raises
    ------
    TypeError : a kind of node that this function does not know; a mistake of ours
    """
    match node:
        case Constant() | Leaf() | Rule() | Member():
            return ()
        case (
            Binary(left=left, right=right)
            | Smaller(left=left, right=right)
            | Larger(left=left, right=right)
            | Compare(left=left, right=right)
        ):
            return (left, right)
        case Power(base=base, exponent=exponent):
            return (base, exponent)
        case Function(argument=argument) | AtLeastZero(argument=argument):
            return (argument,)
        case Total(argument=argument) | InUnits(argument=argument) | Not(argument=argument) | Fold(argument=argument):
            return (argument,)
        case Share(argument=argument) | Rank(argument=argument) | Earlier(argument=argument) | ShownIn(argument=argument):
            return (argument,)
        case InYear(argument=argument) | Since(argument=argument):
            return (argument,)
        case RoundTo(argument=argument, step=step):
            return (argument, step)
        case AllOf(parts=several) | AnyOf(parts=several):
            return several
        case If(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Weighted(parts=weighted):
            return tuple(side for pair in weighted for side in pair)
        case Bands(argument=argument, values=values):
            return (argument, *values)
        case FirstKnown(options=options):
            return options
        case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
            return (left, right, then, otherwise)
        case Sum(parts=parts):
            return tuple(part for _, part in parts)
    raise TypeError(node)


def axes_of(node: Node) -> frozenset[str]:
    """Return the axes a formula varies over."""
    if isinstance(node, Leaf | Rule):
        return frozenset(node.axes)
    axes = frozenset[str]().union(*(axes_of(part) for part in children(node)))
    match node:
        case Total(over=over):
            return axes - {over}
        case Fold(over=over, by=by):
            return (axes - {over}) | ({by} if by else set())
        case Member(over=over):
            return frozenset({over})
    return axes


def _node(value: Node | float) -> Node:
    return value if isinstance(value, Node) else Constant(float(value))
