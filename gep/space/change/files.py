"""Tables of what land cover became: pairs of types, pairs of classes, and the extent of each type and class, zone by zone."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from gep.files.writing import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from gep.reference.crosswalk import Crosswalk

Key = TypeVar("Key", str, int)
MATRIX, BY_CLASS, EXTENT = "transitions.csv", "transitions_by_class.csv", "extent.csv"
AREA = "km2"


@dataclass(frozen=True)
class Changes:
    """Areas between two years, km².

    Attributes
    ----------
    years    : opening and closing
    zones    : ids
    types    : ecosystem types in their order
    of_types : zone, opening type, closing type → area
    of_classes : zone, opening class, closing class (0: no data, else position in the crosswalk + 1) → area
    crosswalks : of each year
    cited    : the files it is from
    """

    years: tuple[int, int]
    zones: tuple[str, ...]
    types: tuple[str, ...]
    of_types: Mapping[tuple[str, str, str], float]
    of_classes: Mapping[tuple[str, int, int], float]
    crosswalks: tuple[Crosswalk, Crosswalk]
    cited: str

    def name_class(self, side: int, place: int) -> tuple[str, str]:
        """Return code and name of a class; of land without data two empty texts."""
        if place == 0:
            return "", ""
        one = self.crosswalks[side].classes[place - 1]
        return one.code, one.name


def write_change_tables(changes: Changes, folder: Path) -> None:
    """Write the three tables, each whole or not at all.

    Raises
    ------
    Problems : a file cannot be written
    """
    _write(folder / MATRIX, ("county", "from", "to", "area", "unit", "source"), list_matrix(changes))
    header = ("county", "from_class", "from_name", "to_class", "to_name", "area", "unit", "source")
    classes = (
        (zone, *changes.name_class(0, one), *changes.name_class(1, two), _print(area), AREA, changes.cited)
        for (zone, one, two), area in sorted(changes.of_classes.items())
    )
    _write(folder / BY_CLASS, header, classes)
    columns = ("opening", "additions", "reductions", "closing", "net_change")
    _write(folder / EXTENT, ("county", "level", "id", "name", *columns, "unit", "source"), _list_extent(changes))


def list_matrix(changes: Changes) -> Iterable[tuple[str, ...]]:
    """Yield the rows of the matrix of types, as `gep assets extent` reads them: every type's own row, 0 where nothing stayed."""
    for zone in changes.zones:
        mine = {(one, two): area for (of, one, two), area in changes.of_types.items() if of == zone}
        there = {name for pair in mine for name in pair}
        for one in (name for name in changes.types if name in there):
            for two in (name for name in changes.types if name in there):
                if one == two or (one, two) in mine:
                    yield zone, one, two, _print(mine.get((one, two), 0.0)), AREA, changes.cited


def _list_extent(changes: Changes) -> Iterable[tuple[str, ...]]:
    same = changes.crosswalks[0] == changes.crosswalks[1]
    for zone in changes.zones:
        types = {(one, two): area for (of, one, two), area in changes.of_types.items() if of == zone}
        for name in changes.types:
            yield from _sum_side(zone, "ecosystem", name, "", types, name, changes.cited)
        if same:  # classes of two schemes have no common extent
            classes = {(one, two): area for (of, one, two), area in changes.of_classes.items() if of == zone}
            for place in range(len(changes.crosswalks[0].classes) + 1):
                code, title = changes.name_class(0, place)
                yield from _sum_side(zone, "class", code, title, classes, place, changes.cited)


def _sum_side(
    zone: str, level: str, name: str, title: str, pairs: Mapping[tuple[Key, Key], float], key: Key, cited: str
) -> Iterable[tuple[str, ...]]:
    opening = sum(area for (one, _), area in pairs.items() if one == key)
    closing = sum(area for (_, two), area in pairs.items() if two == key)
    stayed = sum(area for (one, two), area in pairs.items() if one == two == key)
    if opening or closing:
        numbers: tuple[float, ...] = (opening, closing - stayed, opening - stayed, closing, closing - opening)
        yield zone, level, name, title, *map(_print, numbers), AREA, cited


def _print(area: float) -> str:
    return np.format_float_positional(float(f"{area:.12g}"), trim="-")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with write_whole(path, "table") as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
