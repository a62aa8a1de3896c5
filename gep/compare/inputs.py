"""What moved a service down to its inputs: rain, evapotranspiration, area by type, prices, coefficients; what came and what went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gep.compare.counterfactual import Mix, find_closure
from gep.compare.owen import all_but, list_moves, only, share_out, weigh_states
from gep.formula.check import is_priced
from gep.formula.nodes import ECOSYSTEM, ITEM_PLACE, PLACES, POLLUTANT, RANK, Coefficient
from gep.formula.walk import list_leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from gep.compare.counterfactual import Counterfactuals
    from gep.compare.owen import Coalition
    from gep.formula.evaluate import Flags, Floats
    from gep.formula.nodes import Leaf
    from gep.messages.title import Title

    Ints = NDArray[np.int64]

QUANTITY, PRICE, COEFFICIENT, COVERAGE, RULES = "quantity", "price", "coefficient", "coverage", "rules"
MOST_FLOATS = 2_000_000
"""Floats of one array that are evaluated at a time."""
Cell = tuple[int, int, int]
"""Place on the axes of an array, without the account."""
State = tuple[int, ...]


@dataclass(frozen=True)
class InputPart:
    """What one input moved a service by, as part of a cause; `part` in whole fen.

    Attributes
    ----------
    cause  : quantity, price, coefficient or coverage
    id     : variable or coefficient; empty where all of a member came or went, or all of a service
    title  : what that is called
    ecosystem, pollutant, product : the member; empty where it holds for all
    before, after : the figure in either year, in `unit`; money as of its own year; None where there is none
    only   : the year that alone knows it, where its coming or going is coverage
    service, status, lacks : where a whole service came or went: which, how it stands in the other year, ids of what that year lacks
    """

    cause: str
    id: str
    part: int
    title: Title | None = None
    ecosystem: str = ""
    pollutant: str = ""
    product: str = ""
    before: float | None = None
    after: float | None = None
    unit: str = ""
    only: int | None = None
    service: str = ""
    status: str = ""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """The exact share of one input in the change of a service, in the unit of its rule; the part is not yet in fen."""

    part: InputPart
    share: Fraction


@dataclass(frozen=True)
class _Player:
    """What is put in as one: cells of one leaf, each of which has a share; or all cells of a member, of which the leaf is None."""

    leaf: Leaf | None
    cells: tuple[Cell, ...]
    member: tuple[str, int] | None = None
    """Axis and place, where it is a member that came or went; the leaf alone where the axis is empty."""


class ServiceInputs:
    """The inputs of one service in two accounts, and what each moves it by."""

    def __init__(self, pair: Counterfactuals, service: str, causes: Sequence[str]) -> None:
        """Find the inputs that differ.

        Parameters
        ----------
        causes : in the order of the states: quantity, price, coefficient, coverage, and rules where they differ
        """
        self.pair, self.rule, self.causes = pair, f"{service}.value", tuple(causes)
        below = [find_closure(self.rule, account.steps) for account in pair.accounts]
        self.steps = tuple(
            tuple(step for step in account.steps if step.rule.id in known)
            for account, known in zip(pair.accounts, below, strict=True)
        )
        self.leaf: dict[str, Leaf] = {
            leaf.id: leaf for steps in self.steps for step in steps for leaf in list_leaves(step.formula)
        }
        self.arrays = {name: self._all_mixes(leaf) for name, leaf in self.leaf.items()}
        one, other = ({name for name in account.bound.inapplicable if name.split(".")[0] == service} for account in pair.accounts)
        self.applies_alike = one == other
        self.players = {
            QUANTITY: self._differing(0, lambda leaf: not isinstance(leaf, Coefficient)),
            PRICE: self._differing(1, is_priced),
            COEFFICIENT: self._differing(0, lambda leaf: isinstance(leaf, Coefficient)),
            COVERAGE: self._coming_and_going(),
        }

    def share_out(self) -> Iterator[Share]:
        """Yield the exact shares of all inputs; a cause that cannot be told apart into inputs has none."""
        active = [cause for cause in self.causes if self.players.get(cause) or cause == RULES or self._is_whole(cause)]
        for cause in active:
            players = self.players.get(cause, ())
            if not players or self._is_whole(cause):
                continue
            others = [one for one in active if one != cause]
            contexts = weigh_states(len(others))
            counts = [1 if player.member is not None else len(player.cells) for player in players]
            moves = list_moves(counts, len(contexts))
            coalitions = list(dict.fromkeys(one for move in moves for one in (move.before, move.after)))
            values = {
                (state, coalition): value
                for state in contexts
                for coalition, value in zip(
                    coalitions, self._evaluate(cause, dict(zip(others, state, strict=True)), coalitions), strict=True
                )
            }
            if not all(np.isfinite(value) for value in values.values()):
                continue
            for player, shares in zip(players, share_out(counts, moves, contexts, values), strict=True):
                for cell, share in zip(player.cells, shares, strict=False):
                    if share:
                        yield Share(self._describe(cause, player, cell), share)

    def _is_whole(self, cause: str) -> bool:
        """Whether what is known or applies cannot be put in member by member."""
        return cause == COVERAGE and not self.applies_alike

    def _all_mixes(self, leaf: Leaf) -> Floats:
        """Return a leaf of every mix, of shape (source, price, coverage, ecosystem, pollutant, item)."""
        cells = [
            self.pair.mix_leaf(leaf, Mix(quantity=source, price=price, coefficient=source, coverage=cover))
            for source in (0, 1)
            for price in (0, 1)
            for cover in (0, 1)
        ]
        shape = np.broadcast_shapes(*(one.shape for one in cells))[1:]
        return np.stack([np.broadcast_to(one[0], shape) for one in cells]).reshape(2, 2, 2, *shape)

    def _differing(self, axis: int, takes: Callable[[Leaf], bool]) -> tuple[_Player, ...]:
        """Return the leaves whose cells differ between the two states of source (axis 0) or price (axis 1)."""
        found = []
        for name, cells in self.arrays.items():
            if not takes(self.leaf[name]):
                continue
            one, other = np.moveaxis(cells, axis, 0)
            differs = ~((one == other) | (np.isnan(one) & np.isnan(other)))
            places = _list_places(differs.any(axis=(0, 1)))
            if places:
                found.append(_Player(self.leaf[name], places))
        return tuple(found)

    def _coming_and_going(self) -> tuple[_Player, ...]:
        """Return the members, and the leaves without members, that only one of the accounts knows."""
        found: dict[tuple[str, int] | tuple[str], list[tuple[str, Cell]]] = {}
        for name, cells in self.arrays.items():
            known = ~np.isnan(cells)
            differs = (known[:, :, 0] != known[:, :, 1]).any(axis=(0, 1))
            places = _list_places(differs)
            axes = sorted(
                (axis for axis in range(RANK - 1) if differs.shape[axis] > 1),
                key=lambda axis, places=places: (len({one[axis] for one in places}), -axis),  # type: ignore[misc]
            )
            for place in places:
                owner = (_axis_name(self.leaf[name], axes[0] + 1), place[axes[0]]) if axes else (name,)
                found.setdefault(owner, []).append((name, place))
        self._owned = {cell: owner for owner, cells in found.items() for cell in cells}
        self._owners = tuple(found)
        return tuple(
            _Player(self.leaf[owner[0]] if len(owner) == 1 else None, (cells[0][1],), ("", 0) if len(owner) == 1 else owner)
            for owner, cells in found.items()
        )

    def _evaluate(self, cause: str, others: Mapping[str, int], coalitions: Sequence[Coalition]) -> Iterator[float]:
        """Yield the service's value for every coalition of a cause's inputs, the other causes standing as they are given."""
        cover = others.get(COVERAGE, 0)
        covering = self.pair.accounts[cover]
        most = max((cells[0, 0, 0].size for cells in self.arrays.values()), default=1)
        size = max(MOST_FLOATS // most, 1)
        for start in range(0, len(coalitions), size):
            batch = np.array(coalitions[start : start + size], dtype=np.int64)
            arrays, listed = {}, {}
            for name, leaf in self.leaf.items():
                states = {one: np.full((1, 1), others.get(one, 0)) for one in (QUANTITY, PRICE, COEFFICIENT, COVERAGE)}
                moved = self._states_of(name, cause, batch)
                if moved is not None:
                    states[cause] = moved
                source = states[COEFFICIENT if isinstance(leaf, Coefficient) else QUANTITY]
                arrays[name] = self._pick(name, source, states[PRICE], states[COVERAGE])
                if cause == COVERAGE and (flags := self._list_cells(name, states[COVERAGE])) is not None:
                    listed[name] = flags
            mixed = covering.with_(arrays=arrays, rules=self.steps[others.get(RULES, 1)], members=self.pair.standards[0])
            if listed:
                mixed = replace(mixed, bound=replace(mixed.bound, listed={**mixed.bound.listed, **listed}))
            result = mixed.evaluation.results[self.rule]
            yield from np.broadcast_to(result.reshape(len(result), -1)[:, 0], (len(batch),)).tolist()

    def _states_of(self, name: str, cause: str, batch: Ints) -> Ints | None:
        """Return 0 or 1 for every coalition and cell of a leaf (cells in one row), or None where the cause does not move it."""
        shape = self.arrays[name].shape[3:]
        if cause == COVERAGE:
            at = {owner: place for place, owner in enumerate(self._owners)}
            owned = {cell: at[owner] for (leaf, cell), owner in self._owned.items() if leaf == name}
            if not owned:
                return None
            found = np.zeros((len(batch), *shape), dtype=np.int64)
            for cell, place in owned.items():
                found[(slice(None), *cell)] = batch[:, place]
            return found.reshape(len(batch), -1)
        player = next((at for at, one in enumerate(self.players[cause]) if one.leaf is not None and one.leaf.id == name), None)
        if player is None:
            return None
        codes = batch[:, player]
        found = np.broadcast_to((codes % 2).reshape(-1, 1, 1, 1), (len(batch), *shape)).copy()
        for number, (one, two, three) in enumerate(self.players[cause][player].cells):
            found[codes == only(number), one, two, three] = 1
            found[codes == all_but(number), one, two, three] = 0
        return found.reshape(len(batch), -1)

    def _pick(self, name: str, source: Ints, price: Ints, cover: Ints) -> Floats:
        """Return a leaf's cells for every coalition: of shape (coalition or 1, ecosystem, pollutant, item)."""
        table = self.arrays[name]
        shape = table.shape[3:]
        flat = table.reshape(8, -1)
        codes = 4 * source + 2 * price + cover
        picked = flat[codes, np.arange(flat.shape[1])] if codes.shape[1] > 1 or flat.shape[1] > 1 else flat[codes[:, 0]]
        found: Floats = picked.reshape(-1, *shape)
        return found

    def _list_cells(self, name: str, cover: Ints) -> Flags | None:
        """Return the cells that an extent lists, of shape (coalition, ecosystem, pollutant, item); None if it is no extent."""
        one, other = (account.bound.listed.get(name) for account in self.pair.accounts)
        if one is None and other is None:
            return None
        shape = self.arrays[name].shape[3:]
        never = np.zeros((1, 1, 1, 1), dtype=bool)
        first, last = (np.broadcast_to(never if flags is None else flags, (1, *shape)) for flags in (one, other))
        chosen = np.broadcast_to(cover, (len(cover), first.size)).reshape(-1, *shape)
        return np.where(chosen == 1, last, first)

    def _describe(self, cause: str, player: _Player, cell: Cell) -> InputPart:
        """Return what an input is and what it was in either year, its part not yet known."""
        if player.member is not None:
            return self._describe_coming(player, cell)
        leaf = player.leaf
        assert leaf is not None  # noqa: S101 - only what comes and goes has no leaf
        table = self.arrays[leaf.id][:, :, :, cell[0], cell[1], cell[2]]
        stated = not isinstance(leaf, Coefficient) and cause == PRICE
        ends = (table[0, 0, 0], table[0, 1, 0]) if stated else (table[0, 0, 0], table[1, 1, 1])
        before, after = (float(one) if np.isfinite(one) else None for one in ends)
        members = dict(self._members_of(leaf, cell))
        return InputPart(
            cause,
            leaf.id,
            0,
            leaf.title,
            members.get(ECOSYSTEM, ""),
            members.get(POLLUTANT, ""),
            members.get("product", ""),
            before,
            after,
            leaf.unit,
        )

    def _describe_coming(self, player: _Player, cell: Cell) -> InputPart:
        axis, place = player.member or ("", 0)
        identity = player.leaf.id if player.leaf is not None else ""
        owner = (identity,) if identity else (axis, place)
        name = next(leaf for (leaf, at), one in self._owned.items() if one == owner and (not identity or at == cell))
        where = next(at for (leaf, at), one in self._owned.items() if one == owner and leaf == name)
        known = ~np.isnan(self.arrays[name][:, :, :, where[0], where[1], where[2]])
        alone = self.pair.accounts[1 if known[:, :, 1].any() else 0].year
        found = InputPart(COVERAGE, identity, 0, player.leaf.title if player.leaf is not None else None, only=alone)
        if identity:
            return found
        member = {_column(axis): self._name(axis, place)}
        return replace(
            found, ecosystem=member.get(ECOSYSTEM, ""), pollutant=member.get(POLLUTANT, ""), product=member.get("product", "")
        )

    def _members_of(self, leaf: Leaf, cell: Cell) -> Iterator[tuple[str, str]]:
        """Yield the members at a place of a leaf; none on an axis that it does not vary over here."""
        for axis in range(1, RANK):
            if self.arrays[leaf.id].shape[axis + 2] > 1:
                name = _axis_name(leaf, axis)
                yield _column(name), self._name(name, cell[axis - 1])

    def _name(self, axis: str, place: int) -> str:
        return self.pair.accounts[0].labels.name(axis, 0, place)


def _list_places(flags: Flags) -> tuple[Cell, ...]:
    return tuple((int(one), int(two), int(three)) for one, two, three in np.argwhere(flags))


def _axis_name(leaf: Leaf, at: int) -> str:
    """Return the name of the axis that stands at a place of a leaf's array."""
    closed = {place: axis for axis, place in PLACES.items()}
    return closed[at] if at != ITEM_PLACE else next(axis for axis in leaf.axes if axis not in PLACES)


def _column(axis: str) -> str:
    return axis if axis in {ECOSYSTEM, POLLUTANT} else "product"
