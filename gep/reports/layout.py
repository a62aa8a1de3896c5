"""How wide the columns of a table are and whether it stands or lies on the page, measured from what its cells hold.

A column of numbers is as wide as its longest number, which never wraps; columns of words share what is left by how much they
hold, none under four characters. What is too wide for the page upright lies; what is too wide for that is set in parts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from gep.reports.model import GROUP, MONEY, NUMBER, RATIO, SHARE, Column, Table
from gep.reports.numbers import print_cell

NUMERIC = frozenset({NUMBER, MONEY, SHARE, RATIO})
UPRIGHT, LYING = 493.0, 739.0
"""Points between the margins of A4: 174 mm and 261 mm."""
SIZE, SMALL = 8.5, 7.5
BESIDE = 9.0
"""Points of white beside the text of a cell: 1.5 mm at each side and a hair for the rounding of others."""
LEAST, MOST = 4.0, 30.0
"""Widths of a column of words, in characters: it is never narrower, and asks for no more."""
BROAD, NARROW = 1.0, 0.6
"""Widths of a Chinese and of another letter in the bold cut of the shipped font, in its size; capitals and m are broader, i narrower."""
SHORT = 6.0
"""Characters up to which a column of short words is not broken: 自然资源局."""
LONGEST_WORD = 14.0
"""Characters of Latin letters that stay on one line; longer addresses and ids are broken."""
_WORD = re.compile(r"[\x21-\x7e−–]+|\S")


@dataclass(frozen=True)
class Layout:
    """A table ready for a page: shares of the width by column, whether the page lies, the size of the letters in points."""

    table: Table
    shares: tuple[float, ...]
    lying: bool
    size: float


def measure_letters(text: str, size: float) -> float:
    """Return how many points a text takes on one line."""
    return size * sum(BROAD if unicodedata.east_asian_width(letter) in "WFA" and letter != "−" else NARROW for letter in text)


@lru_cache(maxsize=64)
def lay_out(table: Table) -> tuple[Layout, ...]:
    """Return a table as one part that fits a page, or as several with the leading columns of words repeated."""
    sizes = (SMALL,) if table.small else (SIZE, SMALL)
    for room, lying in ((UPRIGHT, False), (LYING, True)):
        for size in sizes if not lying else (SMALL,):
            widths = _share_out(table, room, size)
            if widths is not None:
                return (Layout(table, tuple(width / room for width in widths), lying, size),)
    if len(table.columns) - _count_leading(table) < 2:  # noqa: PLR2004 - nothing left to divide
        asked = [_ask(table, at, column, SMALL)[0] for at, column in enumerate(table.columns)]
        return (Layout(table, tuple(width / sum(asked) for width in asked), True, SMALL),)
    return tuple(layout for part in _split(table) for layout in lay_out(part))


def _share_out(table: Table, room: float, size: float) -> list[float] | None:
    """Return the width of each column in points, or None where the room does not hold the least of each."""
    asked = [_ask(table, at, column, size) for at, column in enumerate(table.columns)]
    spare = room - sum(least for least, _ in asked)
    if spare < 0:
        return None
    more = [max(most - least, 0.0) for least, most in asked]
    part = min(spare / sum(more), 1.0) if sum(more) else 0.0
    widths = [least + part * grow for (least, _), grow in zip(asked, more, strict=True)]
    rest = (room - sum(widths)) / sum(widths)
    return [width * (1 + rest) for width in widths]


def _ask(table: Table, at: int, column: Column, size: float) -> tuple[float, float]:
    """Return the least and the wished-for width of a column in points."""
    shown = [print_cell(row.cells[at], column) for row in table.rows if row.kind != GROUP and at < len(row.cells)]
    heads = [column.title, *([f"({column.unit})"] if column.unit else [])]
    words = [measure_letters(word, size) for head in heads for word in _WORD.findall(head)]
    least = max([LEAST * size * BROAD if column.kind not in NUMERIC else 3 * size * BROAD, *words])
    longest = max((measure_letters(text, size) for text in shown), default=0.0)
    if column.kind in NUMERIC:
        least = max(least, longest)
        return least + BESIDE, max(least, min(measure_letters(column.title, size), MOST * size / 2)) + BESIDE
    indent = 14.0 if at == 0 else 0.0
    parts = [min(measure_letters(word, size), LONGEST_WORD * size * NARROW) for text in shown for word in _WORD.findall(text)]
    least = max([least, min(longest, SHORT * size), *parts])
    return least + BESIDE + indent, max(least, min(max(longest, *words), MOST * size)) + BESIDE + indent


def _count_leading(table: Table) -> int:
    """Return how many columns of words stand before the first number, at least one."""
    return next((at for at, column in enumerate(table.columns) if column.kind in NUMERIC), 1) or 1


def _split(table: Table) -> list[Table]:
    """Return the halves of a table that is too wide: the leading columns of words stand in both."""
    leading = _count_leading(table)
    middle = leading + (len(table.columns) - leading + 1) // 2
    groups = [[*range(leading), *range(leading, middle)], [*range(leading), *range(middle, len(table.columns))]]
    return [
        replace(
            table,
            columns=tuple(table.columns[at] for at in places),
            rows=tuple(
                row if row.kind == GROUP else replace(row, cells=tuple(row.cells[at] for at in places)) for row in table.rows
            ),
            note=table.note if part == len(groups) - 1 else "",
        )
        for part, places in enumerate(groups)
    ]
