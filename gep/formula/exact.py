"""A formula computed exactly: fractions along named axes (party, section, quarter, month), for one year and those before it.

A cell that an input skipped is missing; whatever is combined with it is missing there too, and a fold runs over the cells that are
there. Nothing here knows of money: what names mean, which members there are and how a refusal is worded is asked of a `Source`.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import ceil, floor, prod
from typing import TYPE_CHECKING, Protocol, TypeVar

from gep.formula.nodes import (
    DAY,
    MONTH,
    PARTY,
    QUARTER,
    SECTION,
    WEEK,
    AllOf,
    AnyOf,
    AtLeastZero,
    Bands,
    Binary,
    Compare,
    Constant,
    Earlier,
    Fold,
    If,
    IfAtMost,
    InYear,
    Larger,
    Leaf,
    Member,
    Node,
    Not,
    Rank,
    RoundTo,
    Rule,
    Share,
    ShownIn,
    Since,
    Smaller,
    Total,
    Weighted,
)
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.units.money import format_exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

AXES = (PARTY, SECTION, QUARTER, MONTH, WEEK, DAY)
"""The axes in the order in which a key has their members."""
Changed = TypeVar("Changed")
Key = tuple[str, ...]
ZERO, ONE = Fraction(0), Fraction(1)
AT_ONCE = 50_000
"""Cells of a column that are combined at a time: what is kept on the way stays small."""
MOST_KNOWN = 4096
"""Combinations of cells that are remembered while columns are joined: rows of the same numbers are computed once."""


@dataclass(frozen=True)
class Column:
    """Exact numbers by member of named axes.

    Attributes
    ----------
    axes  : the axes it varies over, in the order of `AXES`
    cells : one member for each axis → number in base units; a cell that is missing is not there
    """

    axes: tuple[str, ...]
    cells: dict[Key, Fraction]

    @property
    def scalar(self) -> Fraction:
        """Return the one cell of a column without axes.

        Raises
        ------
        Problems : the figure was skipped by the input
        """
        if () not in self.cells:
            refuse_one("inputs", "a figure that the rule needs once for the whole scheme was skipped", "a row for it")
        return self.cells[()]

    def at(self, **members: str) -> Fraction | None:
        """Return the cell at members of the axes, None where it is missing; axes the column does not have do not count."""
        return self.cells.get(tuple(members[axis] for axis in self.axes))


class Source(Protocol):
    """What a formula is computed on: what names mean, which members there are, and how a refusal is worded."""

    def named(self, name: str, year: int, /) -> Column:
        """Return the numbers that a name means in a year, in base units."""

    def members(self, over: str, /) -> Sequence[str]:
        """Return the members of an axis, in their order."""

    def belongs_to(self, member: str, over: str, by: str, /) -> str:
        """Return the member of `by` that a member of `over` belongs to."""

    def spread(self, column: Column, node: Node, year: int, /) -> Column:
        """Return a column, the same for all members of the axes that a formula varies along besides; the formula is not computed."""

    def refused(self, node: Node, found: str, expected: str, hint: str = "", /) -> Exception:
        """Return the exception to raise where a formula has no value.

        Parameters
        ----------
        found, expected, hint : as in `Problem`
        """


def make_constant(number: Fraction) -> Column:
    """Return a number as a column without axes."""
    return Column((), {(): number})


def evaluate(node: Node, year: int, source: Source) -> Column:
    """Return what a formula comes to in a year.

    Parameters
    ----------
    year   : the year that is computed; a node may look at earlier ones
    source : answers what the names mean

    Returns
    -------
    exact numbers in base units, by member of the axes the formula varies over

    Raises
    ------
    what `source.refused` returns : division by zero, a number no band holds, a share of nothing, weights that do not sum to 1
    """
    return _Exact(source).of(node, year)


class _Exact:
    """Computes nodes of one formula.

    Parameters
    ----------
    chosen : conditions and how each must turn out for a cell to count; elsewhere a quotient need not exist
    """

    def __init__(self, source: Source, chosen: tuple[tuple[Column, bool], ...] = ()) -> None:
        self.source, self.chosen = source, chosen

    def where(self, condition: Column, *, holds: bool) -> _Exact:
        """Return what computes a part that counts only where a condition holds, or does not."""
        return _Exact(self.source, (*self.chosen, (condition, holds)))

    def of(self, node: Node, year: int) -> Column:
        """Return what a node comes to; what is put together over an axis or of other years is computed whole, whatever the conditions."""
        if self.chosen and isinstance(node, Earlier | InYear | Since | Total | Fold | Share | Rank | Weighted):
            return _Exact(self.source).of(node, year)
        match node:
            case Constant(value=value, text=text):
                return make_constant(Fraction(text or repr(value)))
            case Leaf(id=name) | Rule(id=name):
                return self.source.named(name, year)
            case Earlier(argument=argument, years=years):
                return self.of(argument, year - years)
            case InYear(argument=argument, year=fixed):
                return self.of(argument, fixed)
            case Since(argument=argument, first=first, how=how):
                return self._since([self.of(argument, at) for at in range(first, year + 1)], how, node)
            case RoundTo(argument=argument, step=step, how=how):
                rounded = lambda one, other: self._rounded(node, one, other, how)  # noqa: E731 - a name for the branch below
                return join(rounded, self.of(argument, year), self.of(step, year))
            case Member(id=name, over=over):
                return Column((over,), {(one,): ONE if one == name else ZERO for one in self.source.members(over)})
            case Binary(sign="/", left=left, right=right):
                divisor = self._spare(self.of(right, year), lambda cell: cell == 0, ONE)
                return join(lambda one, other: self._divided(node, one, other), self.of(left, year), divisor)
            case Binary(sign=sign, left=left, right=right):
                return join(_SIGNS[sign], self.of(left, year), self.of(right, year))
            case Smaller(left=left, right=right):
                return join(min, self.of(left, year), self.of(right, year))
            case Larger(left=left, right=right):
                return join(max, self.of(left, year), self.of(right, year))
            case AtLeastZero(argument=argument):
                return join(lambda cell: max(cell, ZERO), self.of(argument, year))
            case Compare(sign=sign, left=left, right=right):
                compare = _COMPARED[sign]
                return join(lambda one, other: _truth(compare(one, other)), self.of(left, year), self.of(right, year))
            case AllOf(parts=parts):
                return self._until(parts, year, holds=True)
            case AnyOf(parts=parts):
                return self._until(parts, year, holds=False)
            case Not(argument=argument):
                return join(lambda cell: _truth(not cell), self.of(argument, year))
            case If(condition=condition, then=then, otherwise=otherwise):
                held = self.of(condition, year)
                if not held.axes and held.cells:
                    taken, left = (then, otherwise) if held.scalar else (otherwise, then)
                    return self.source.spread(self.of(taken, year), left, year)
                branches = self.where(held, holds=True).of(then, year), self.where(held, holds=False).of(otherwise, year)
                return _choose(lambda tested, one, other: None if tested is None else one if tested else other, held, *branches)
            case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
                return self.of(If(Compare("<=", left, right), then, otherwise), year)
            case Total(argument=argument):
                return self._fold(node, self.of(argument, year), "sum")
            case Fold(argument=argument, how=how):
                return self._fold(node, self.of(argument, year), how)
            case Share(argument=argument, over=over):
                column = self.of(argument, year)  # an input that is switched off is a bare zero
                return replace_along(lambda group: self._shares(node, group), column, over) if over in column.axes else column
            case Rank(argument=argument, over=over, first=first):
                column = self.of(argument, year)
                if over not in column.axes:
                    return join(lambda _: Fraction(1), column)
                return replace_along(lambda group: find_ranks(group, first), column, over)
            case Weighted(parts=pairs):
                return self._weighted(node, [(self.of(weight, year), self.of(part, year)) for weight, part in pairs])
            case Bands(argument=argument, values=values):
                most = Fraction(node.limits[-1]) if len(node.limits) == len(values) else None
                cells = self.of(argument, year)
                held = cells if most is None else self._spare(cells, lambda cell: cell > most, most)
                columns = [held, *(self.of(part, year) for part in values)]
                return join(lambda cell, *found: self._in_band(node, cell, found), *columns)
            case ShownIn(argument=argument):
                return self.of(argument, year)
        raise TypeError(node)

    def _until(self, parts: Sequence[Node], year: int, *, holds: bool) -> Column:
        """Return whether all conditions hold, or none; each counts only where those before it leave the matter open."""

        def settle(*cells: Fraction | None) -> Fraction | None:
            ends = next((cell for cell in cells if cell is None or bool(cell) != holds), ONE if holds else ZERO)
            return None if ends is None else _truth(bool(ends))

        found: list[Column] = []
        computer = self
        for at, part in enumerate(parts, start=1):
            column = computer.of(part, year)
            found.append(column)
            if not column.axes and column.cells and bool(column.scalar) != holds:  # settled for all: the rest is not asked
                settled = _choose(settle, *found)
                for left in parts[at:]:
                    settled = self.source.spread(settled, left, year)
                return settled
            computer = computer.where(column, holds=holds)
        return _choose(settle, *found)

    def _spare(self, column: Column, fails: Callable[[Fraction], bool], instead: Fraction) -> Column:
        """Return a column with `instead` where a cell has no value to give, and a condition says that nobody asks for it."""
        if not self.chosen or not any(map(fails, column.cells.values())):
            return column
        wanted = [holds for _, holds in self.chosen]

        def choose(cell: Fraction, *tested: Fraction) -> Fraction:
            asked = all(bool(one) == holds for one, holds in zip(tested, wanted, strict=True))
            return cell if asked or not fails(cell) else instead

        return join(choose, column, *(condition for condition, _ in self.chosen))

    def _divided(self, node: Node, one: Fraction, other: Fraction) -> Fraction:
        if other == 0:
            raise self.source.refused(node, say("the divisor is zero"), say("a divisor other than 0"))
        return one / other

    def _since(self, columns: list[Column], how: str, node: Node) -> Column:
        if not columns and how in {"product", "sum"}:
            return make_constant(ONE if how == "product" else ZERO)
        if not columns:
            raise self.source.refused(node, say("the first year is not reached yet"), say("a year from it on"))
        return join(lambda *cells: _FOLDS[how](list(cells)), *columns)

    def _rounded(self, node: Node, one: Fraction, step: Fraction, how: str) -> Fraction:
        if step <= 0:
            raise self.source.refused(node, say("the step is {step}", step=format_exact(step)), say("a step above 0"))
        return (ceil(one / step) if how == "ceil" else floor(one / step)) * step

    def _fold(self, node: Total | Fold, column: Column, how: str) -> Column:
        """Return one cell for all of an axis; the sum of cells that were all skipped is 0, and nothing else is left of them."""
        if node.over not in column.axes:
            return column
        by = node.by if isinstance(node, Fold) else ""
        if by:
            return _fold_to(_FOLDS[how], column, node.over, by, lambda member: self.source.belongs_to(member, node.over, by))
        if column.cells:
            return fold(_FOLDS[how], column, node.over)
        rest = tuple(axis for axis in column.axes if axis != node.over)
        if how != "sum":
            found = say("every row is skipped: nothing is left to fold")
            raise self.source.refused(node, found, say("at least one row"))
        return Column(rest, {}) if rest else make_constant(ZERO)

    def _shares(self, node: Node, group: dict[str, Fraction]) -> dict[str, Fraction]:
        whole = add_up(group.values())
        if whole == 0:
            found = say("the values sum to zero: there is no share of nothing")
            raise self.source.refused(node, found, say("at least one value above 0"))
        return {member: cell / whole for member, cell in group.items()}

    def _weighted(self, node: Node, pairs: list[tuple[Column, Column]]) -> Column:
        wholes = join(lambda *cells: sum(cells, ZERO), *(weight for weight, _ in pairs))
        wrong = next((whole for whole in (wholes.cells.values() if wholes.axes else [wholes.scalar]) if whole != 1), None)
        if wrong is not None:
            raise self.source.refused(node, say("the weights sum to {sum}", sum=format_exact(wrong)), say("exactly 1"))
        products = [join(operator.mul, weight, part) for weight, part in pairs]
        return join(lambda *cells: sum(cells, ZERO), *products)

    def _in_band(self, node: Bands, cell: Fraction, found: tuple[Fraction, ...]) -> Fraction:
        for at, value in enumerate(found):
            if at >= len(node.limits) or cell <= Fraction(node.limits[at]):
                return value
        above, most = (
            say("{number} lies above the last band", number=format_exact(cell)),
            say("at most {number}", number=node.limits[-1]),
        )
        raise self.source.refused(node, above, most, say("a last band [above, …]"))


def _truth(holds: bool) -> Fraction:  # noqa: FBT001 - it turns a truth into a number
    return ONE if holds else ZERO


def add_up(cells: Iterable[Fraction]) -> Fraction:
    """Return an exact sum; numbers over the same divisor are added as whole numbers."""
    sums: dict[int, int] = {}
    for cell in cells:
        over, under = cell.as_integer_ratio()
        sums[under] = sums.get(under, 0) + over
    if len(sums) == 1:
        ((under, over),) = sums.items()
        return Fraction(over, under)
    return sum((Fraction(over, under) for under, over in sums.items()), ZERO)


_SIGNS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_COMPARED: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}
_FOLDS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "sum": add_up,
    "mean": lambda cells: add_up(cells) / len(cells),
    "most": max,
    "least": min,
    "product": lambda cells: prod(cells, start=ONE),
}


def join_axes(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the axes that a combination of columns varies over, in the order of `AXES`."""
    return tuple(axis for axis in AXES if any(axis in column.axes for column in columns))


def join(combine: Callable[..., Fraction], *columns: Column) -> Column:
    """Return columns combined cell by cell.

    A column without an axis counts for all members of it; a cell missing in any column is missing.

    Parameters
    ----------
    combine : gets one number of each column, and returns one number
    """
    axes = join_axes(columns)
    wide = [column for column in columns if column.axes]
    if len(wide) == 1 and len(wide[0].cells) > 1:
        return _join_alone(combine, wide[0], columns)
    combine = _remember(combine)
    if all(column.axes == axes for column in columns):
        first, *rest = columns
        return Column(
            axes,
            {
                key: combine(cell, *(other.cells[key] for other in rest))
                for key, cell in first.cells.items()
                if all(key in other.cells for other in rest)
            },
        )
    cells = {}
    readers = [make_reader(column, axes) for column in columns]
    for key in list_keys(axes, columns):
        found = [cell for read in readers if (cell := read(key)) is not None]
        if len(found) == len(readers):
            cells[key] = combine(*found)
    return Column(axes, cells)


def _choose(combine: Callable[..., Fraction | None], *columns: Column) -> Column:
    """Return columns combined as `join` does, of which not all cells need to be there.

    Parameters
    ----------
    combine : gets the number of each column or None where it is missing, and returns one number, or None
    """
    axes = join_axes(columns)
    readers = [make_reader(column, axes) for column in columns]
    found = ((key, combine(*(read(key) for read in readers))) for key in list_keys(axes, columns))
    return Column(axes, {key: cell for key, cell in found if cell is not None})


def _join_alone(combine: Callable[..., Fraction], wide: Column, columns: Sequence[Column]) -> Column:
    """Return a column combined with numbers that stand for all of its members; the same cells are combined once, as in `_remember`."""
    if not all(column.cells for column in columns):
        return Column(wide.axes, {})
    fixed = [None if column is wide else column.scalar for column in columns]
    cells: dict[Key, Fraction] = {}
    waiting = iter(wide.cells.items())
    while some := [*islice(waiting, AT_ONCE)]:
        found = map_alike(lambda cell: combine(*(cell if one is None else one for one in fixed)), [cell for _, cell in some])
        cells.update(zip((key for key, _ in some), found, strict=True))
    return Column(wide.axes, cells)


def map_alike(change: Callable[[Fraction], Changed], numbers: Sequence[Fraction]) -> list[Changed]:
    """Return what a function makes of each number; a number that stands in many places is one object, and is changed once."""
    at = [*map(id, numbers)]
    found = {key: change(number) for key, number in dict(zip(at, numbers, strict=True)).items()}
    return [*map(found.__getitem__, at)]


def _remember(combine: Callable[..., Fraction]) -> Callable[..., Fraction]:
    """Return a function that combines the same cells once, while the columns hold them; cells are known by what they are, not by value."""
    known: dict[tuple[int, ...], Fraction] = {}

    def combined(*cells: Fraction) -> Fraction:
        key = tuple(map(id, cells))
        found = known.get(key)
        if found is None:
            found = combine(*cells)
            if len(known) < MOST_KNOWN:
                known[key] = found
        return found

    return combined


def make_reader(column: Column, axes: tuple[str, ...]) -> Callable[[Key], Fraction | None]:
    """Return a function from a key of axes, the column's own among them, to the cell of a column that lies under it; None: there is none."""
    if column.axes == axes:
        return column.cells.get
    if not column.axes:
        alone = column.cells.get(())
        return lambda _: alone
    cells, pick = column.cells, [axes.index(axis) for axis in column.axes]
    if len(pick) == 1:
        by_member, at = {key[0]: cell for key, cell in cells.items()}, pick[0]
        return lambda key: by_member.get(key[at])
    return lambda key: cells.get(tuple(key[at] for at in pick))


def list_keys(axes: tuple[str, ...], columns: Sequence[Column]) -> list[Key]:
    """Return every key of the joint axes: of the widest column, extended by the members the others bring."""
    members: dict[str, dict[str, None]] = {axis: {} for axis in axes}
    for column in columns:
        for key in column.cells:
            for axis, member in zip(column.axes, key, strict=True):
                members[axis][member] = None
    keys: list[Key] = [()]
    for axis in axes:
        keys = [(*key, member) for key in keys for member in members[axis]]
    return keys


def fold(combine: Callable[[list[Fraction]], Fraction], column: Column, axis: str) -> Column:
    """Return a column with one of its axes folded away.

    Parameters
    ----------
    combine : gets the cells along the axis that are there, and returns one number
    """
    at = column.axes.index(axis)
    groups: dict[Key, list[Fraction]] = {}
    for key, cell in column.cells.items():
        groups.setdefault(key[:at] + key[at + 1 :], []).append(cell)
    axes = column.axes[:at] + column.axes[at + 1 :]
    return Column(axes, {key: combine(cells) for key, cells in groups.items()})


def find_ranks(cells: Mapping[str, Fraction], first: str) -> dict[str, Fraction]:
    """Return member → place: one more than how many are before it, so that equal ones share the better place.

    Parameters
    ----------
    first : highest or lowest: which number has the place 1
    """
    order = sorted(cells.values(), reverse=first == "highest")
    places: dict[Fraction, int] = {}
    for at, cell in enumerate(order, start=1):
        places.setdefault(cell, at)
    return {member: Fraction(places[cell]) for member, cell in cells.items()}


def replace_along(change: Callable[[dict[str, Fraction]], dict[str, Fraction]], column: Column, axis: str) -> Column:
    """Return a column in which the cells along one axis are replaced together, as a share of their sum is.

    Parameters
    ----------
    change : gets the cells along the axis that are there, by member, and returns those that replace them
    """
    at = column.axes.index(axis)
    groups: dict[Key, dict[str, Fraction]] = {}
    for key, cell in column.cells.items():
        groups.setdefault(key[:at] + key[at + 1 :], {})[key[at]] = cell
    cells: dict[Key, Fraction] = {}
    for rest, group in groups.items():
        for member, cell in change(group).items():
            cells[(*rest[:at], member, *rest[at:])] = cell
    return Column(column.axes, cells)


def _fold_to(
    combine: Callable[[list[Fraction]], Fraction], column: Column, over: str, by: str, belongs_to: Callable[[str], str]
) -> Column:
    """Return a column in which an axis gave way to one that its members belong to, such as sections to parties."""
    at = column.axes.index(over)
    axes = tuple(axis for axis in AXES if axis in {by, *column.axes} - {over})
    groups: dict[Key, list[Fraction]] = {}
    for key, cell in column.cells.items():
        members = {**dict(zip(column.axes, key, strict=True)), by: belongs_to(key[at])}
        groups.setdefault(tuple(members[axis] for axis in axes), []).append(cell)
    return Column(axes, {key: combine(cells) for key, cells in groups.items()})
