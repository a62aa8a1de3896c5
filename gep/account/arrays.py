"""Turns rows into arrays: one place an account, ecosystem, pollutant and item; NaN where nobody gave a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gep.formula.nodes import ECOSYSTEM, PLACES, POLLUTANT, Leaf, Observed
from gep.inputs.row_numbers import list_keys, sort_by_number
from gep.records import dataclass
from gep.reference.members import WHOLE, list_types_above, order_ecosystems, read_pollutants

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from gep.formula.evaluate import Flags, Floats

NOBODY = -1
NO_MEMBER = "\0"
"""What stands at a place that fills up an axis."""
LEAST_LENGTH = 2
"""A bound axis has at least two places, so that an axis of length 1 always means: does not vary."""


@dataclass(frozen=True)
class Items:
    """The members of an item axis, account by account: `codes[account, place]` is a position in `names`, or NOBODY."""

    codes: NDArray[np.int64]
    names: tuple[str, ...]
    keys: NDArray[np.int64]
    places: NDArray[np.int64]

    def place_of(self, accounts: NDArray[np.int64], codes: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Return the places of items on their axis.

        Parameters
        ----------
        accounts, codes : account number and position in `names` of each item, arrays of one shape; each pair occurs in the rows
        """
        found: NDArray[np.int64] = self.places[np.searchsorted(self.keys, accounts * max(len(self.names), 1) + codes)]
        return found


@dataclass(frozen=True)
class Labels:
    """The members of every axis of a batch.

    Attributes
    ----------
    accounts : how many
    ecosystem, pollutant : ids at each place; the first is the county as a whole
    items    : item axis → its members, account by account
    """

    accounts: int
    ecosystem: tuple[str, ...]
    pollutant: tuple[str, ...]
    items: Mapping[str, Items]

    def length(self, axis: str) -> int:
        """Return the number of places on an axis, at least 2."""
        if axis in PLACES:
            return len(self.ecosystem if axis == ECOSYSTEM else self.pollutant)
        return self.items[axis].codes.shape[1] if axis in self.items else LEAST_LENGTH

    def names(self, place: int) -> tuple[str, ...]:
        """Return the members of the closed axis that stands at a place of every array."""
        return self.ecosystem if place == PLACES[ECOSYSTEM] else self.pollutant

    def name(self, axis: str, account: int, place: int) -> str:
        """Return the name of the member at a place of an axis; empty where the account has none there."""
        if axis in PLACES:
            return (self.ecosystem if axis == ECOSYSTEM else self.pollutant)[place]
        if axis not in self.items:
            return ""
        code = int(self.items[axis].codes[account, place])
        return self.items[axis].names[code] if code != NOBODY else ""


def find_item_axis(leaf: Leaf) -> str | None:
    """Return the axis of a leaf that is neither ecosystem nor pollutant, None if it has no such axis."""
    return next((axis for axis in leaf.axes if axis not in PLACES), None)


def make_labels(rows: pd.DataFrame, leaves: Mapping[str, Leaf], accounts: int, counted: Iterable[str]) -> Labels:
    """Return the members that occur in the rows, in their fixed order, and the pollutants that a standard counts.

    Parameters
    ----------
    rows     : as in `Inputs.rows`, texts as categories
    leaves   : the variables and coefficients of the plan, by id
    accounts : how many
    counted  : ids of pollutants
    """
    used = set(rows["ecosystem"].cat.categories[np.unique(rows["ecosystem"].cat.codes)])
    types = (WHOLE, *order_ecosystems(used))
    used = {*rows["pollutant"].cat.categories[np.unique(rows["pollutant"].cat.codes)], *counted}
    kinds = (WHOLE, *(name for name in read_pollutants() if name in used))
    names = tuple(rows["product"].cat.categories)
    order = np.argsort(np.array(names, dtype=object), kind="stable")
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    ordered = tuple(names[at] for at in order)
    variables = rows["variable"].cat
    axis_of = [find_item_axis(leaves[name]) if name in leaves else None for name in variables.categories]
    items = {}
    axes = sorted({axis for axis in axis_of if axis})
    products = rows["product"].cat.codes.to_numpy()
    of_rows = np.array([axes.index(axis) if axis else NOBODY for axis in axis_of], dtype=np.int16)[variables.codes.to_numpy()]
    of_rows[np.array([name == "" for name in names], dtype=bool)[products]] = NOBODY
    for at, axis in enumerate(axes):
        own = np.flatnonzero(of_rows == at)
        if not len(own):
            continue
        keys = list_keys(rows["account"].to_numpy()[own] * len(names) + rank[products[own]], accounts * len(names))
        of_account = keys // len(names)
        starts = np.searchsorted(of_account, np.arange(accounts))
        places = np.arange(len(keys)) - starts[of_account]
        table = np.full((accounts, max(int(places.max()) + 1, LEAST_LENGTH)), NOBODY, dtype=np.int64)
        table[of_account, places] = keys % len(names)
        items[axis] = Items(table, ordered, keys, places)
    return Labels(accounts, _padded(types), _padded(kinds), items)


def _padded(members: tuple[str, ...]) -> tuple[str, ...]:
    return members if len(members) >= LEAST_LENGTH else (*members, NO_MEMBER)


def group_by_leaf(rows: pd.DataFrame) -> dict[str, NDArray[np.intp]]:
    """Return the positions of the rows of each variable or coefficient that has rows."""
    order, bounds = sort_by_number(rows["variable"].cat.codes.to_numpy(), len(rows["variable"].cat.categories))
    return {
        name: order[bounds[at] : bounds[at + 1]]
        for at, name in enumerate(rows["variable"].cat.categories)
        if bounds[at] < bounds[at + 1]
    }


class LeafArrays:
    """Writes the rows of variables and coefficients into arrays, one leaf after the other."""

    def __init__(self, rows: pd.DataFrame, labels: Labels, wholes: Flags) -> None:
        """Prepare to write rows.

        Parameters
        ----------
        rows   : as in `Inputs.rows`
        labels : the members of every axis, of the rows that are counted
        wholes : rows that stand beside their parts, and are not counted themselves; flags of shape (rows,)
        """
        self.labels = labels
        self.account = rows["account"].to_numpy()
        self.ecosystem = _positions(rows["ecosystem"], labels.ecosystem)
        self.pollutant = _positions(rows["pollutant"], labels.pollutant)
        names = tuple(rows["product"].cat.categories)
        rank = {name: at for at, name in enumerate(sorted(names))}
        self.product = (
            np.array([rank[name] for name in names], dtype=np.int32)[rows["product"].cat.codes.to_numpy()]
            if names
            else np.zeros(len(rows), dtype=np.int32)
        )
        self.blank_product: Flags = np.asarray(rank.get("", NOBODY) == self.product) if names else np.ones(len(rows), dtype=bool)
        self.wholes = wholes
        self.at = group_by_leaf(rows)
        if wholes.any():
            counted = {name: places[~wholes[places]] for name, places in self.at.items()}
            self.at = {name: places for name, places in counted.items() if len(places)}

    def fill(self, leaf: Leaf, values: NDArray[np.float64]) -> Floats:
        """Return the array of a leaf.

        A row that names no member of an axis holds for all of them, one that names a group of ecosystem types holds for its
        types, and the row that says most goes before the others, as in the coefficient tables: pollutant or item first, then
        type, group, county. For a leaf with a whole a row without members is the county as a whole, and nothing is handed down
        where rows say what the county has.

        Parameters
        ----------
        values : of all rows of the inputs, in the unit of the leaf where they are its own

        Returns
        -------
        floats of shape (account, ecosystem, pollutant, item); NaN where nobody gave a figure; length 1 on an axis that no row
        names, unless the leaf's rows say who its members are; (1, 1, 1, 1) without any row
        """
        at = self.at.get(leaf.id)
        whole = isinstance(leaf, Observed) and leaf.whole
        extent = isinstance(leaf, Observed) and leaf.extent
        item = find_item_axis(leaf)
        if at is None:
            return np.full((1, 1, 1, 1), np.nan)
        level = np.zeros(len(at), dtype=np.int8)
        eco = self.ecosystem[at] if ECOSYSTEM in leaf.axes else _nobody(len(at))
        if ECOSYSTEM in leaf.axes and not extent:
            at, eco, level = self._hand_down(at, eco)
        accounts = self.account[at]
        pol = self.pollutant[at] if POLLUTANT in leaf.axes else _nobody(len(at))
        place: NDArray[np.integer[Any]] = _nobody(len(at))
        if item and item in self.labels.items:
            place = np.full(len(at), NOBODY)
            named = ~self.blank_product[at]
            place[named] = self.labels.items[item].place_of(accounts[named], self.product[at][named])
        eco = (np.where(eco == NOBODY, 0, eco) if ECOSYSTEM in leaf.axes else eco) if whole else np.where(eco == 0, NOBODY, eco)
        pol = np.where(pol == 0, NOBODY, pol)
        lengths = [
            self.labels.length(axis) if axis and (extent or (positions != NOBODY).any()) else 1
            for axis, positions in (
                (ECOSYSTEM if ECOSYSTEM in leaf.axes else None, eco),
                (POLLUTANT if POLLUTANT in leaf.axes else None, pol),
                (item, place),
            )
        ]
        cells = np.full((*lengths, self.labels.accounts), np.nan)
        kinds = np.where(eco != NOBODY, level + np.int8(4 * 4), np.int8(0))
        kinds += (pol != NOBODY) * np.int8(2 * 4)
        kinds += (place != NOBODY) * np.int8(4)
        present = np.flatnonzero(np.bincount(kinds))
        for kind in sorted(present.tolist(), key=_specificity):
            of, pattern = kinds == kind if len(present) > 1 else slice(None), kind // 4
            index = (
                eco[of] if pattern & 4 else slice(None),
                pol[of] if pattern & 2 else slice(None),
                place[of] if pattern & 1 else slice(None),
                accounts[of],
            )
            kept = values[at[of]]
            if isinstance(index[0], slice) or isinstance(index[1], slice) or isinstance(index[2], slice):
                _assign(cells, index, kept)
            else:
                cells[index] = kept
        return np.moveaxis(cells, -1, 0)

    def _hand_down(
        self, at: NDArray[np.intp], eco: NDArray[np.int32]
    ) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int8]]:
        """Return rows with those of groups repeated for each of their types, the types, and the level: 1 group, 2 type, 3 class."""
        depth = np.array(
            [len(list_types_above(name)) if name.strip("\0") else 0 for name in self.labels.ecosystem], dtype=np.int8
        )
        level = np.where(eco == NOBODY, np.int8(0), depth[eco])
        rows, types, levels = [at], [eco], [level]
        for place, below in self._places_below().items():
            own = np.flatnonzero(eco == place)
            for one in below if len(own) else ():
                rows.append(at[own])
                types.append(np.full(len(own), one, dtype=np.int32))
                levels.append(np.full(len(own), depth[place]))
        return np.concatenate(rows), np.concatenate(types), np.concatenate(levels)

    def _places_below(self) -> dict[int, list[int]]:
        """Return the places of ecosystem types that hold others which occur, with the places of these."""
        known = {name: place for place, name in enumerate(self.labels.ecosystem) if name.strip("\0")}
        found: dict[int, list[int]] = {}
        for name, place in known.items():
            for above in list_types_above(name)[1:]:
                if above in known:
                    found.setdefault(known[above], []).append(place)
        return found


def _specificity(kind: int) -> tuple[int, int]:
    """Return how much rows of a kind (named axes × 4 + level) say, as `gep.account.binding` ranks the rows of tables."""
    pattern, level = divmod(int(kind), 4)
    return (pattern & 3).bit_count() * 4 + level, pattern


def _assign(cells: Floats, index: tuple[NDArray[np.integer[Any]] | slice, ...], values: NDArray[np.float64]) -> None:
    """Write values along the slices of an index: for each place on the sliced axes, one plain assignment."""
    lengths = [range(size) if isinstance(part, slice) else (None,) for part, size in zip(index, cells.shape, strict=True)]
    for one in lengths[0]:
        for two in lengths[1]:
            for three in lengths[2]:
                places = (one, two, three)
                full = tuple(part if place is None else place for part, place in zip(index, (*places, None), strict=True))
                cells[full] = values


def _positions(column: pd.Series, members: tuple[str, ...]) -> NDArray[np.int32]:
    at = {name: place for place, name in enumerate(members)}
    lookup = np.array([at.get(name, NOBODY) for name in column.cat.categories], dtype=np.int32)
    found: NDArray[np.int32] = lookup[column.cat.codes.to_numpy()] if len(lookup) else np.zeros(len(column), dtype=np.int32)
    return found


def _nobody(count: int) -> NDArray[np.int32]:
    return np.broadcast_to(np.array(NOBODY, dtype=np.int32), count)


def make_flags_over(members: tuple[str, ...], counted: Iterable[str], axis: str) -> Flags:
    """Return which members of a closed axis are counted, flags of length 1 on all other axes."""
    wanted = set(counted)
    shape = [1, 1, 1, 1]
    shape[PLACES[axis]] = len(members)
    return np.array([name in wanted for name in members], dtype=bool).reshape(shape)
