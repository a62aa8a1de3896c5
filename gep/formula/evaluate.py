"""A formula computed for all accounts at once, in plain numpy.

Inside, NaN means *unknown* and nothing else: arithmetic hands it on, so that a missing number can only become a missing
result, never a zero. It is made when leaves are bound (a cell nobody filled) and no input file can bring one in. A sum
runs over the members that the account has and the standard counts, in their fixed order, one by one: the same bytes
whoever else is in the batch and whatever the number of threads.
"""

from __future__ import annotations

from dataclasses import field
from functools import reduce
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from gep.formula.exponential_integral import exponential_integral
from gep.formula.nodes import (
    RANK,
    AllOf,
    AnyOf,
    Applying,
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
    Observed,
    Power,
    Rule,
    Share,
    ShownIn,
    Smaller,
    Sum,
    Total,
    Weighted,
    array_axis,
    axes_of,
    children,
)
from gep.formula.walk import list_names
from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_Cell = TypeVar("_Cell", np.float64, np.bool_)
UNKNOWN: Floats = np.full((1,) * RANK, np.nan)
NEVER: Flags = np.zeros((1,) * RANK, dtype=bool)
_SIGNS = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
_FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "exp": np.exp,
    "ln": np.log,
    "log10": np.log10,
    "E1": exponential_integral,
    "sin": lambda cells: np.sin(np.radians(cells)),
    "cos": lambda cells: np.cos(np.radians(cells)),
    "tan": lambda cells: np.tan(np.radians(cells)),
}
"""Function of a formula → what computes it; angles are in degrees."""
_COMPARISONS = {"<=": np.less_equal, "<": np.less, ">=": np.greater_equal, ">": np.greater, "==": np.equal}


@dataclass(frozen=True)
class Step:
    """One rule with the formula that a standard chose for it.

    Attributes
    ----------
    factor : from the formula's bare result to the rule's unit
    """

    rule: Rule
    variant: str
    formula: Node
    factor: float
    scope: str = ""
    """The service whose list of counted members applies."""


@dataclass(frozen=True)
class EvaluationInputs:
    """Everything a set of rules is evaluated on.

    Attributes
    ----------
    accounts : how many
    arrays   : leaf id → floats of shape (accounts or 1, ecosystem or 1, pollutant or 1, item or 1); NaN is unknown
    listed   : extent id → cells that the account lists, a stated 0 included
    counted  : (service, axis) → flags over the members of the axis that the standard counts; absent: all
    inapplicable : service or line id → flags of the accounts it does not apply to, of shape (accounts, 1, 1, 1)
    """

    accounts: int
    arrays: Mapping[str, Floats]
    listed: Mapping[str, Flags] = field(default_factory=dict)
    counted: Mapping[tuple[str, str], Flags] = field(default_factory=dict)
    inapplicable: Mapping[str, Flags] = field(default_factory=dict)


class Evaluation:
    """Computes steps on bound arrays, and answers which cells a sum ran over.

    Parameters
    ----------
    steps : each after the steps whose rules it names

    Attributes
    ----------
    results : rule id → its array in the rule's unit, of shape (account, ecosystem, pollutant, item), length 1 on an axis it does
              not vary over; filled by `run`
    """

    def __init__(self, steps: Iterable[Step], bound: EvaluationInputs) -> None:
        self.steps = {step.rule.id: step for step in steps}
        self.bound = bound
        self.results: dict[str, Floats] = {}
        self._members: dict[tuple[tuple[str, ...], str, str, tuple[int, ...]], tuple[Flags | None, Flags | None]] = {}
        self._runs: dict[tuple[int, int], list[tuple[int, Flags | None]]] = {}
        self._extents: dict[int, frozenset[Observed]] = {}

    def run(self) -> dict[str, Floats]:
        """Evaluate every step once, in order, and return the results.

        Returns
        -------
        rule id → array in the rule's unit, of shape (account, ecosystem, pollutant, item), length 1 on an axis it does not vary
        over; NaN is unknown
        """
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            for step in self.steps.values():
                value = self.value(step.formula, step.scope)
                if step.factor != 1:
                    value = np.multiply(value, step.factor, out=value if _is_new(step.formula) else None)
                self.results[step.rule.id] = value
        return self.results

    def value(self, node: Node, scope: str) -> Floats:
        """Return the array of a node, in the units of the formula; rules named in it must have been evaluated.

        Parameters
        ----------
        scope : the service whose list of counted members applies

        Returns
        -------
        floats of shape (account, ecosystem, pollutant, item), length 1 on an axis the node does not vary over; NaN is unknown

        Raises
        ------
        TypeError : a node that only schemes use
        """
        match node:
            case Constant(value=value):
                return np.full((1,) * RANK, value)
            case Rule(id=identity):
                return self.results[identity]
            case Leaf(id=identity):
                return self.bound.arrays.get(identity, UNKNOWN)
            case Binary(sign=sign, left=left, right=right):
                one, two = self.value(left, scope), self.value(right, scope)
                found: Floats = _SIGNS[sign](
                    one, two, out=_reusable(left, one, two) if _is_new(left) else _reusable(right, two, one)
                )
                return found
            case Power(base=base, exponent=exponent):
                return np.asarray(np.power(self.value(base, scope), self.value(exponent, scope)))
            case Function(name=name, argument=argument):
                return np.asarray(_FUNCTIONS[name](self.value(argument, scope)))
            case Smaller(left=left, right=right):
                return np.minimum(self.value(left, scope), self.value(right, scope))
            case AtLeastZero(argument=argument):
                return np.maximum(self.value(argument, scope), 0.0)
            case Larger(left=left, right=right):
                return np.maximum(self.value(left, scope), self.value(right, scope))
            case InUnits(argument=argument) | ShownIn(argument=argument):
                return self.value(argument, scope)
            case Compare(sign=sign, left=left, right=right):
                one, two = self.value(left, scope), self.value(right, scope)
                return _where_known(_COMPARISONS[sign](one, two), one, two)
            case AllOf(parts=several):
                cells = [self.value(part, scope) for part in several]
                return _where_known(reduce(np.logical_and, (one != 0 for one in cells)), *cells)
            case AnyOf(parts=several):
                cells = [self.value(part, scope) for part in several]
                return _where_known(reduce(np.logical_or, (one != 0 for one in cells)), *cells)
            case Not(argument=argument):
                one = self.value(argument, scope)
                return _where_known(one == 0, one)
            case If(condition=condition, then=then, otherwise=otherwise):
                tested = self.value(condition, scope)
                return _where_known(np.where(tested != 0, self.value(then, scope), self.value(otherwise, scope)), tested)
            case Weighted(parts=pairs):
                return reduce(np.add, (self.value(weight, scope) * self.value(part, scope) for weight, part in pairs))
            case Bands(argument=argument, limits=limits, values=values):
                return _in_bands(self.value(argument, scope), limits, [self.value(value, scope) for value in values])
            case Fold():
                return self._fold(node, scope)
            case Share(argument=argument, over=over):
                one = self.value(argument, scope)
                return np.asarray(one / self._total(one, *self.members(node, scope), array_axis(over)))
            case FirstKnown(options=options):
                return self._first_known([self.value(option, scope) for option in options])
            case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
                one, two = self.value(left, scope), self.value(right, scope)
                chosen = np.where(one <= two, self.value(then, scope), self.value(otherwise, scope))
                return np.where(np.isnan(one) | np.isnan(two), np.nan, chosen)
            case Total(argument=argument, over=over):
                return self._total(self.value(argument, scope), *self.members(node, scope), array_axis(over))
            case Sum(parts=parts, accounted_only=skip):
                added = [(name, self.value(part, scope)) for name, part in parts]
                return self._sum(added, skip=skip, empty=0.0 if isinstance(node, Applying) else np.nan)
        raise TypeError(node)

    def members(self, node: Total | Fold | Share, scope: str) -> tuple[Flags | None, Flags | None]:
        """Return the cells a sum runs over, and the accounts that list at least one of them.

        Returns
        -------
        two arrays of flags on (account, ecosystem, pollutant, item), length 1 on axes they do not vary over; None: all
        """
        extents = tuple(sorted(leaf.id for leaf in self.extents(node.argument) if node.over in leaf.axes))
        varies = {array_axis(axis) for axis in axes_of(node.argument)}
        summed = tuple(at for at in range(1, RANK) if at not in varies)
        key = (extents, node.over, scope, summed)
        if key not in self._members:
            taking, listed = self._find_members(extents, node.over, scope)
            self._members[key] = _without(taking, summed), _without(listed, summed)
        return self._members[key]

    def _find_members(self, extents: tuple[str, ...], over: str, scope: str) -> tuple[Flags | None, Flags | None]:
        counted = self.bound.counted.get((scope, over))
        if counted is not None and counted.all():
            counted = None
        if not extents:
            return counted, None
        if counted is not None:
            taking, listed = self._listed_by(extents)
            taking, listed = taking & counted, listed & counted
            return taking, np.asarray(listed.any(axis=array_axis(over), keepdims=True))
        key = (extents, over, "", ())  # what every scope without a choice of its own shares
        if key not in self._members:
            taking, listed = self._listed_by(extents)
            self._members[key] = taking, np.asarray(listed.any(axis=array_axis(over), keepdims=True))
        return self._members[key]

    def _listed_by(self, extents: tuple[str, ...]) -> tuple[Flags, Flags]:
        """Return the cells that any of the extents gives and that are not zero, and all that it gives."""
        taking, listed = NEVER, NEVER
        for identity in extents:
            cells = self.bound.listed.get(identity, NEVER)
            present = cells & (self.bound.arrays.get(identity, UNKNOWN) != 0)
            listed = cells if listed is NEVER else listed | cells
            taking = present if taking is NEVER else taking | present
        return taking, listed

    def extents(self, node: Node) -> frozenset[Observed]:
        """Return the variables below a node that say which members of an axis the county has, also through the rules it names."""
        key = id(node)
        if key not in self._extents:
            found: set[Observed] = {node} if isinstance(node, Observed) and node.extent else set()
            parts = (self.steps[node.id].formula,) if isinstance(node, Rule) else children(node)
            for part in parts:
                found |= self.extents(part)
            self._extents[key] = frozenset(found)
        return self._extents[key]

    @staticmethod
    def _first_known(options: list[Floats]) -> Floats:
        found = options[0]
        for option in options[1:]:
            if found is UNKNOWN:
                found = option
            elif option is not UNKNOWN:
                found = np.where(np.isnan(found), option, found)
        return found

    def _total(self, cells: Floats, taking: Flags | None, listed: Flags | None, axis: int) -> Floats:
        """Add the cells one member after the other; no member listed is unknown.

        An axis of length 1 is one the cells do not vary over (a bound axis has at least two places): nothing to add.
        """
        length = cells.shape[axis]
        if length == 1:
            return cells
        if taking is None:
            runs: list[tuple[int, Flags | None]] = [(member, None) for member in range(length)]
        else:
            if (id(taking), axis) not in self._runs:
                self._runs[id(taking), axis] = list(_run(taking, axis))
            runs = self._runs[id(taking), axis]
        shape = [max(sizes) for sizes in zip(cells.shape, (1,) * RANK if taking is None else taking.shape, strict=True)]
        shape[axis] = 1
        found = _empty(tuple(shape))
        begun = False
        for member, flags in runs:
            cell = _at(cells, axis, member)
            if flags is None and begun:
                np.add(found, cell, out=found)
            elif flags is None:
                found[...] = cell
            else:
                if not begun:
                    found[...] = 0.0
                np.add(found, cell, out=found, where=flags)
            begun = True
        if not begun:
            found[...] = 0.0
        if listed is not None and not listed.all():
            found = np.where(listed, found, np.nan)
        return found

    def _fold(self, node: Fold, scope: str) -> Floats:
        """Return the sum, mean, least or most of the members that a total would run over; none is unknown."""
        cells, (taking, listed), axis = self.value(node.argument, scope), self.members(node, scope), array_axis(node.over)
        if node.by:
            raise TypeError(node)
        if node.how == "sum":
            return self._total(cells, taking, listed, axis)
        if cells.shape[axis] == 1:
            return cells
        runs_over = np.broadcast_to(
            True if taking is None else taking, np.broadcast_shapes(cells.shape, NEVER.shape if taking is None else taking.shape)
        )
        count = runs_over.sum(axis=axis, keepdims=True)
        if node.how == "mean":
            found = np.where(runs_over, cells, 0.0).sum(axis=axis, keepdims=True) / count
        elif node.how == "least":
            found = np.where(runs_over, cells, np.inf).min(axis=axis, keepdims=True)
        else:
            found = np.where(runs_over, cells, -np.inf).max(axis=axis, keepdims=True)
        return np.where(count > 0, found, np.nan)

    def _sum(self, parts: list[tuple[str, Floats]], *, skip: bool, empty: float) -> Floats:
        found = np.zeros((self.bound.accounts, 1, 1, 1))
        counts = np.zeros((self.bound.accounts, 1, 1, 1), dtype=bool)
        for name, cells in parts:
            leave_out = self.bound.inapplicable.get(name, NEVER)
            if skip:
                leave_out = leave_out | np.isnan(cells)
            if leave_out.any():
                counts |= ~leave_out
                np.add(found, cells, out=found, where=~leave_out)
            else:
                counts |= True
                np.add(found, cells, out=found)
        return found if counts.all() else np.where(counts, found, empty)

    def _find_missing_of_nearest(self, options: tuple[Node, ...], scope: str, unknown: Flags, found: _Missing) -> None:
        """Blame, account by account, the option that lacks least: it is the shortest way to a result."""
        lacking = [_Missing(by_account=found.by_account) for _ in options]
        for option, blamed in zip(options, lacking, strict=True):
            self._find_missing(option, scope, unknown, blamed)
        counts = np.stack(
            [
                np.sum([*blamed.of_accounts(self.bound.accounts).values(), np.zeros(self.bound.accounts)], axis=0)
                for blamed in lacking
            ]
        )
        known = np.stack([self._partly_known(option) for option in options])
        nearest = np.argmin(counts - 0.5 * known, axis=0)
        for at, blamed in enumerate(lacking):
            for leaf, flags in blamed.flags.items():
                found.add(leaf, flags & (nearest == at).reshape(-1, 1, 1, 1))

    def _partly_known(self, option: Node) -> Flags:
        """Return the accounts that gave at least one figure of an option, or of the rules it names."""
        given = np.zeros(self.bound.accounts, dtype=bool)
        seen: set[str] = set()
        waiting: list[Node] = [option]
        while waiting:
            part = waiting.pop()
            for one in list_names(part):
                if one.id in self.bound.arrays and (part is option or isinstance(one, Observed)):
                    given |= ~np.isnan(self.bound.arrays[one.id]).all(axis=(1, 2, 3))
                elif isinstance(one, Rule) and one.id not in seen and one.id in self.steps:
                    seen.add(one.id)
                    waiting.append(self.steps[one.id].formula)
        return given

    def missing_leaves(self, node: Node, scope: str, where: Flags) -> dict[str, Flags]:
        """Return the leaves for want of which a node is unknown.

        Parameters
        ----------
        scope : the service whose list of counted members applies
        where : the cells that are asked about, flags on (account, ecosystem, pollutant, item)

        Returns
        -------
        leaf id → flags of shape (accounts,)
        """
        found = _Missing(by_account=True)
        self._find_missing(node, scope, where, found)
        return found.of_accounts(self.bound.accounts)

    def missing_cells(self, node: Node, scope: str, where: Flags) -> dict[str, Flags]:
        """Return the leaves for want of which a node is unknown, cell by cell.

        Parameters
        ----------
        scope, where : as in `missing_leaves`

        Returns
        -------
        leaf id → flags on (account, ecosystem, pollutant, item), length 1 on axes that the node does not ask it over
        """
        found = _Missing(by_account=False)
        self._find_missing(node, scope, where, found)
        return found.flags

    def _find_missing(self, node: Node, scope: str, where: Flags, found: _Missing) -> None:
        if not where.any():
            return
        match node:
            case Rule(id=identity):
                step = self.steps[identity]
                unknown = np.isnan(self.results[identity]) & where
                self._find_missing(step.formula, step.scope, unknown, found)
            case Leaf(id=identity):
                found.add(identity, np.isnan(self.bound.arrays.get(identity, UNKNOWN)) & where)
            case FirstKnown(options=options):
                unknown = np.isnan(self.value(node, scope)) & where
                self._find_missing_of_nearest(options, scope, unknown, found)
            case Total(argument=argument, over=over) | Fold(argument=argument, over=over) | Share(argument=argument, over=over):
                taking, listed = self.members(node, scope)
                if listed is not None and (where & ~listed).any():
                    for leaf in self.extents(argument):
                        if over in leaf.axes:
                            found.add(leaf.id, where & ~listed)
                self._find_missing(argument, scope, where if taking is None else where & taking, found)
            case Sum(parts=parts):
                for name, part in parts:
                    applies = where & ~self.bound.inapplicable.get(name, NEVER)
                    self._find_missing(part, scope, applies, found)
            case _:
                for part in children(node):
                    self._find_missing(part, scope, where, found)


class _Missing:
    """Leaves that are missing: id → flags on (account, ecosystem, pollutant, item), or of each account alone."""

    def __init__(self, *, by_account: bool) -> None:
        self.by_account = by_account
        self.flags: dict[str, Flags] = {}

    def add(self, leaf: str, cells: Flags) -> None:
        """Add the cells in which a leaf is missing."""
        kept = np.asarray(cells.any(axis=(1, 2, 3), keepdims=True)) if self.by_account else cells
        self.flags[leaf] = self.flags[leaf] | kept if leaf in self.flags else kept

    def of_accounts(self, accounts: int) -> dict[str, Flags]:
        """Return leaf id → flags of shape (accounts,)."""
        return {leaf: np.broadcast_to(flags.any(axis=(1, 2, 3)), (accounts,)).copy() for leaf, flags in self.flags.items()}


def _where_known(found: Floats | Flags, *parts: Floats) -> Floats:
    """Return what was found as numbers, unknown where any part is."""
    unknown = reduce(np.logical_or, (np.isnan(part) for part in parts))
    return np.where(unknown, np.nan, np.asarray(found, dtype=np.float64))


def _in_bands(cells: Floats, limits: tuple[str, ...], values: list[Floats]) -> Floats:
    """Return the value of the band each cell lies in; unknown above the last limit."""
    found = values[-1] if len(values) > len(limits) else UNKNOWN
    for limit, value in reversed(list(zip(limits, values, strict=False))):
        found = np.where(cells <= float(limit), value, found)
    return _where_known(found, cells)


def _is_new(node: Node) -> bool:
    """Whether a node's array was made for it alone, so that it may be written over."""
    return isinstance(node, Binary | Power | Function | Smaller | AtLeastZero)


def _reusable(node: Node, own: Floats, other: Floats) -> Floats | None:
    """Return an array of the node to hold the result of a sign, if it is new and large enough: one allocation less."""
    fits = all(size >= against for size, against in zip(own.shape, other.shape, strict=True))
    return own if fits and _is_new(node) else None


def _without(flags: Flags | None, summed: tuple[int, ...]) -> Flags | None:
    """Return flags without the axes that were summed before: any member there lists the cell."""
    if flags is None or all(flags.shape[at] == 1 for at in summed):
        return flags
    return np.asarray(flags.any(axis=summed, keepdims=True))


def _empty(shape: tuple[int, ...]) -> Floats:
    """Return an array whose accounts lie side by side in memory, so that a step over members is a plain vector sum."""
    return np.moveaxis(np.empty((*shape[1:], shape[0])), -1, 0)


def _run(taking: Flags, axis: int) -> Iterator[tuple[int, Flags | None]]:
    """Yield the members that any account takes, with the flags of those that do; None where all do."""
    for member in range(taking.shape[axis]):
        flags = _at(taking, axis, member)
        if flags.all():
            yield member, None
        elif flags.any():
            yield member, flags


def _at(cells: NDArray[_Cell], axis: int, member: int) -> NDArray[_Cell]:
    index: list[slice] = [slice(None)] * RANK
    if cells.shape[axis] > 1:
        index[axis] = slice(member, member + 1)
    return cells[tuple(index)]
