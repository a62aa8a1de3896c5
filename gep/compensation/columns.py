"""Exact values along the axes of a scheme (party, section, quarter, month) and how they combine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

PARTY, SECTION, QUARTER, MONTH = "party", "section", "quarter", "month"
AXES = (PARTY, SECTION, QUARTER, MONTH)
Key = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """Cells by key; a key has one member for each axis, in the order of `AXES`."""

    axes: tuple[str, ...]
    cells: dict[Key, Fraction]

    @property
    def scalar(self) -> Fraction:
        """The one cell of a column without axes."""
        if () not in self.cells:
            refuse_one("inputs", "a figure that the rule needs once for the whole scheme was skipped", "a row for it")
        return self.cells[()]

    def at(self, **members: str) -> Fraction | None:
        """Return the cell at members of the axes; axes the column does not have do not count."""
        return self.cells.get(tuple(members[axis] for axis in self.axes))


def constant(number: Fraction) -> Column:
    """Return a column without axes."""
    return Column((), {(): number})


def joint_axes(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the axes of what comes out when columns are combined."""
    return tuple(axis for axis in AXES if any(axis in column.axes for column in columns))


def join(combine: Callable[..., Fraction], *columns: Column) -> Column:
    """Return the columns combined cell by cell; one without an axis counts for all members; a cell missing in any is missing."""
    axes = joint_axes(columns)
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
    picks = [[axes.index(axis) for axis in column.axes] for column in columns]
    for key in _keys(axes, columns):
        found = [column.cells.get(tuple(key[at] for at in pick)) for column, pick in zip(columns, picks, strict=True)]
        if all(cell is not None for cell in found):
            cells[key] = combine(*found)
    return Column(axes, cells)


def _keys(axes: tuple[str, ...], columns: Sequence[Column]) -> list[Key]:
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
    """Return a column with one axis folded away."""
    at = column.axes.index(axis)
    groups: dict[Key, list[Fraction]] = {}
    for key, cell in column.cells.items():
        groups.setdefault(key[:at] + key[at + 1 :], []).append(cell)
    axes = column.axes[:at] + column.axes[at + 1 :]
    return Column(axes, {key: combine(cells) for key, cells in groups.items()})


def along(change: Callable[[dict[str, Fraction]], dict[str, Fraction]], column: Column, axis: str) -> Column:
    """Return a column in which the cells along one axis are replaced together, as a share of their sum is."""
    at = column.axes.index(axis)
    groups: dict[Key, dict[str, Fraction]] = {}
    for key, cell in column.cells.items():
        groups.setdefault(key[:at] + key[at + 1 :], {})[key[at]] = cell
    cells: dict[Key, Fraction] = {}
    for rest, group in groups.items():
        for member, cell in change(group).items():
            cells[(*rest[:at], member, *rest[at:])] = cell
    return Column(column.axes, cells)
