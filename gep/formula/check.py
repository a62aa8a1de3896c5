"""What a formula measures: its unit and axes, checked once; refuses what cannot be right and derives the one factor.

One walk serves rules and schemes. What differs between them are customs: rules compute in declared units, so that what is
added has the same unit; schemes compute in base units, so that the kind must be the same, and a bare decimal may stand beside
yuan, a class or points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import (
    ANGLES,
    PLACES,
    AllOf,
    AnyOf,
    AtLeastZero,
    Bands,
    Binary,
    Compare,
    Constant,
    Earlier,
    FirstKnown,
    Fold,
    Function,
    If,
    IfAtMost,
    InUnits,
    InYear,
    Larger,
    Leaf,
    Member,
    Node,
    Not,
    Power,
    Rank,
    RoundTo,
    Rule,
    Share,
    ShownIn,
    Since,
    Smaller,
    Sum,
    Total,
    Weighted,
)
from gep.formula.show import show_equation, show_text
from gep.messages.problems import RuleError
from gep.messages.texts import say
from gep.records import dataclass
from gep.units.measure import PLAIN, Measure
from gep.units.registry import UnitError, find_unit_factor, parse_unit, shorten_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Tell = Callable[[Node, str, str, str], None]


DEGREE = "deg"


@dataclass(frozen=True)
class Meaning:
    """Unit and axes of a part of a formula; the unit of a bare decimal is None where customs let it take its neighbour's."""

    unit: Measure | None
    axes: frozenset[str] = frozenset()
    zero: bool = False
    """A bare 0, which may stand beside anything."""

    @property
    def measured(self) -> Measure:
        """Return the unit, that of a plain number for a bare decimal."""
        return PLAIN if self.unit is None else self.unit


@dataclass(frozen=True)
class Customs:
    """How strictly formulas of one kind are read.

    Attributes
    ----------
    same  : whether two units may be added and compared
    apart : two axes that must not meet, or None
    tell  : what is told of a node: found, expected, hint; where it returns, the walk goes on with the best guess
    name  : what a unit is called in a refusal
    plain : whether a bare decimal may stand beside a unit; None: a number without unit is a plain number and nothing else
    known : what a name means, where its declaration does not say it
    years : whether a formula may look at earlier years, and name members of an axis
    """

    same: Callable[[Measure, Measure], bool]
    apart: Callable[[frozenset[str]], tuple[str, str] | None]
    tell: Tell
    name: Callable[[Measure], str]
    plain: Callable[[Measure], bool] | None
    known: Mapping[str, Meaning]
    years: bool


def derive_factor(rule: Rule, formula: Node) -> float:
    """Return what a formula's bare result is multiplied by to be in the rule's unit.

    Raises
    ------
    RuleError : the units of the formula do not fit each other or the rule's, a text in it is not a unit, or it varies over axes
                that the rule does not declare; with the rule's id and formula
    """
    try:
        found = measure(formula, RULES)
        unit, axes = found.measured, found.axes
        spare = axes - set(rule.axes)
        if spare:
            msg = f"varies over {_words(axes)}, declared {_words(rule.axes)}"
            raise _Wrong(msg)
        declared = parse_unit(rule.unit).measure
        if unit.dimensions != declared.dimensions:
            msg = f"the formula gives {shorten_unit(unit)}, declared is {rule.unit}"
            raise _Wrong(msg)
        return find_unit_factor(unit, declared)
    except (_Wrong, UnitError) as error:
        msg = f"rule {rule.id}: {error}\n  {show_equation(rule, formula)}"
        raise RuleError(msg) from None


class _Wrong(Exception):
    pass


def _refuse(node: Node, found: str, expected: str, hint: str) -> None:  # noqa: ARG001 - one signature for all customs
    raise _Wrong(found)


def _two_item_axes(axes: frozenset[str]) -> tuple[str, str] | None:
    items = sorted(axis for axis in axes if axis not in PLACES)
    return (items[0], items[1]) if len(items) > 1 else None


RULES = Customs(lambda one, other: one.names == other.names, _two_item_axes, _refuse, shorten_unit, None, {}, years=False)
"""Rules of services and indicators."""


def measure(node: Node, customs: Customs) -> Meaning:
    """Return what a formula measures and over which axes it varies.

    What cannot be right is told through `customs.tell`; where that returns, the walk goes on with the best guess.

    Parameters
    ----------
    customs : how strictly formulas of its kind are read

    Raises
    ------
    what `customs.tell` raises
    UnitError : a leaf or constant is declared in what is not a unit
    """
    return _Checker(customs).meaning(node)


def _words(axes: Iterable[str]) -> str:
    return ", ".join(sorted(axes)) or "nothing"


class _Checker:
    def __init__(self, customs: Customs) -> None:
        self.customs, self.tell = customs, customs.tell
        self.number = PLAIN

    def meaning(self, node: Node) -> Meaning:
        match node:
            case Constant(value=value, unit="1") if self.customs.plain is not None:
                return Meaning(None, zero=value == 0)
            case Constant(unit=written):
                return Meaning(parse_unit(written).measure)
            case Leaf(id=name, unit=written, axes=over) | Rule(id=name, unit=written, axes=over):
                return self.customs.known.get(name) or Meaning(parse_unit(written).measure, frozenset(over))
            case Binary(sign="*" | "/" as sign, left=left, right=right):
                one, two = self.meaning(left), self.meaning(right)
                unit = one.measured * two.measured if sign == "*" else one.measured / two.measured
                return Meaning(unit, self._together(node, one, two))
            case Binary() | Smaller() | Larger():
                return self._alike(node, node.left, node.right)
            case Compare(left=left, right=right):
                return Meaning(self.number, self._alike(node, left, right).axes)
            case Power(base=base, exponent=exponent):
                one, two = self._bare(base, "the base of a power"), self._bare(exponent, "an exponent")
                return Meaning(self.number, self._together(node, one, two))
            case Function(name=name, argument=argument) if name in ANGLES:
                return Meaning(self.number, self._angle(argument, name).axes)
            case Function(name=name, argument=argument):
                return Meaning(self.number, self._bare(argument, f"what {name} is taken of").axes)
            case AtLeastZero(argument=argument):
                return self.meaning(argument)
            case FirstKnown(options=options):
                return self._alike(node, *options)
            case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
                tested, found = self._alike(node, left, right), self._alike(node, then, otherwise)
                return Meaning(found.unit, self._together(node, tested, found))
            case If(condition=condition, then=then, otherwise=otherwise):
                tested, found = self.meaning(condition), self._alike(node, then, otherwise)
                return Meaning(found.unit, self._together(node, tested, found))
            case AllOf(parts=several) | AnyOf(parts=several):
                return Meaning(self.number, self._together(node, *(self.meaning(part) for part in several)))
            case Not(argument=argument):
                return Meaning(self.number, self.meaning(argument).axes)
            case Rank():
                self._only_in_schemes(node)
                return self._over(node)
            case Total() | Fold() | Share():
                return self._over(node)
            case Bands():
                return self._bands(node)
            case Weighted(parts=weighted):
                found = self._alike(node, *(part for _, part in weighted))
                return Meaning(found.unit, self._together(node, found, *(self.meaning(weight) for weight, _ in weighted)))
            case InUnits(argument=argument, unit=wanted):
                found = self.meaning(argument)
                if found.measured.names != parse_unit(wanted).measure.names:
                    said = f"{show_text(argument)} is in {self.customs.name(found.measured)}; the formula was fitted in {wanted}"
                    self.tell(node, said, wanted, "")
                return Meaning(self.number, found.axes)
            case ShownIn():
                return self._shown_in(node)
            case Sum(parts=parts):
                return self._alike(node, *(part for _, part in parts))
            case Earlier(argument=argument) | InYear(argument=argument):
                self._only_in_schemes(node)
                return self.meaning(argument)
            case Since(argument=argument, how=how):
                self._only_in_schemes(node)
                return (
                    self._bare(argument, say("what is multiplied over the years")) if how == "product" else self.meaning(argument)
                )
            case RoundTo(argument=argument, step=step):
                self._only_in_schemes(node)
                return self._alike(node, argument, step)
            case Member(over=over):
                self._only_in_schemes(node)
                return Meaning(self.number, frozenset({over}))
        raise TypeError(node)

    def _only_in_schemes(self, node: Node) -> None:
        if not self.customs.years:
            self.tell(node, say("{text} belongs to schemes; a rule knows one year and no names", text=show_text(node)), "", "")

    def _over(self, node: Total | Fold | Share | Rank) -> Meaning:
        found, axis = self.meaning(node.argument), node.over
        if axis not in found.axes and not found.zero:
            what = (
                say("it cannot be summed over it")
                if isinstance(node, Total)
                else say("it has no share over it")
                if isinstance(node, Share)
                else say("it has no rank over it")
                if isinstance(node, Rank)
                else say("it cannot be folded over it")
            )
            said = say("{text} does not vary over {axis}, so {what}", text=show_text(node.argument), axis=axis, what=what)
            self.tell(node, said, say("over one of {axes}", axes=", ".join(sorted(found.axes)) or "no axis"), "")
        if isinstance(node, Share | Rank):
            return Meaning(self.number, found.axes)
        by = {node.by} if isinstance(node, Fold) and node.by else set()
        return Meaning(found.unit, (found.axes - {axis}) | by)

    def _bands(self, node: Bands) -> Meaning:
        looked_up, found = self.meaning(node.argument), self._alike(node, *node.values)
        plain = self.customs.plain or (lambda unit: not unit.dimensions)
        if looked_up.unit is not None and not plain(looked_up.unit):
            said = say(
                "the bands are bare numbers, and {text} is in {unit}",
                text=show_text(node.argument),
                unit=self.customs.name(looked_up.unit),
            )
            self.tell(
                node, said, say("a plain number, money, a class or points"), say("divide by a constant with that unit first")
            )
        return Meaning(found.unit, self._together(node, looked_up, found))

    def _shown_in(self, node: ShownIn) -> Meaning:
        found = self.meaning(node.argument)
        try:
            wanted = parse_unit(node.unit).measure
        except UnitError as error:
            self.tell(node, error.args[0], say("a unit"), "")
            return found
        if found.unit is not None and found.unit.dimensions != wanted.dimensions:
            said = say(
                "{text} is in {unit}, and to be printed in {wanted}",
                text=show_text(node.argument),
                unit=self.customs.name(found.unit),
                wanted=node.unit,
            )
            self.tell(node, said, say("a unit of the same kind"), "")
        return Meaning(wanted, found.axes)

    def _alike(self, node: Node, *parts: Node) -> Meaning:
        """Return the common meaning of parts that are added or compared: the same unit, not only the same kind, in rules."""
        meanings = [self.meaning(part) for part in parts]
        axes = self._together(node, *meanings)
        with_unit = [(part, one.unit) for part, one in zip(parts, meanings, strict=True) if one.unit is not None]
        if not with_unit:
            return Meaning(None, axes)
        first, unit = with_unit[0]
        for part, other in with_unit[1:]:
            if not self.customs.same(unit, other):
                said = say(
                    "cannot put {one} [{unit}] and {two} [{other}] together",
                    one=show_text(first),
                    unit=self.customs.name(unit),
                    two=show_text(part),
                    other=self.customs.name(other),
                )
                if unit.dimensions == other.dimensions:
                    hint = say("declare both in one unit: figures given in another are converted by themselves")
                    self.tell(node, said, say("one unit"), hint)
                else:
                    self.tell(node, said, say("the same kind of quantity"), "")
                return Meaning(unit, axes)
        if self.customs.plain is not None and not self.customs.plain(unit):
            for part, one in zip(parts, meanings, strict=True):
                if one.unit is None and not one.zero:
                    said = say(
                        "{part} is a bare number beside {text} [{unit}]",
                        part=show_text(part),
                        text=show_text(first),
                        unit=self.customs.name(unit),
                    )
                    self.tell(node, said, say("a quantity with a unit"), say("declare the number under constants, with its unit"))
        return Meaning(unit, axes)

    def _angle(self, node: Node, name: str) -> Meaning:
        found = self.meaning(node)
        if found.measured.names != parse_unit(DEGREE).measure.names:
            said = say(
                "{name} is taken of an angle in degrees, {text} is in {unit}",
                name=name,
                text=show_text(node),
                unit=self.customs.name(found.measured),
            )
            self.tell(node, said, DEGREE, say('number(1, "deg") is a degree; a slope given as a tangent needs no function'))
        return found

    def _bare(self, node: Node, what: str) -> Meaning:
        found = self.meaning(node)
        if found.measured.dimensions:
            self.tell(
                node,
                say(
                    "{what} must be a plain number, {text} is in {unit}",
                    what=what,
                    text=show_text(node),
                    unit=self.customs.name(found.measured),
                ),
                "a plain number",
                "",
            )
        return found

    def _together(self, node: Node, *parts: Meaning) -> frozenset[str]:
        axes = frozenset[str]().union(*(part.axes for part in parts))
        apart = self.customs.apart(axes)
        if apart is not None and not any(self.customs.apart(part.axes) for part in parts):
            said = say(
                "{one} and {other} are different lists and cannot meet in {text}",
                one=apart[0],
                other=apart[1],
                text=show_text(node),
            )
            self.tell(node, said, say("one of the two"), say("bring one of them to the year with sum or mean first"))
        return axes


def is_priced(leaf: Leaf) -> bool:
    """Return whether a quantity is money, or holds money (a price).

    Raises
    ------
    UnitError : its unit is not a unit
    """
    return parse_unit(leaf.unit).is_money
