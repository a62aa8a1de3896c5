"""How wide the columns of a table are and whether it stands or lies on the page, measured from what its cells hold.

A column of numbers is as wide as its longest number, which never wraps, and a number among words does not either; columns of
words are as wide as lets all of them do with the fewest lines, none under four characters. What is too wide for the page upright lies; what is too wide for that is set in parts.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from gep.messages.tables import GROUP, NUMERIC, Column, Row, Table, print_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

UPRIGHT, LYING = 493.0, 739.0
"""Points between the margins of A4: 174 mm and 261 mm."""
SIZE, SMALL = 8.5, 7.5
BESIDE = 10.0
"""Points of white beside the text of a cell: 1.5 mm at each side, lines, and what the rounding of others takes."""
LEAST = 4.0
"""Characters that a column of words holds at least."""
MOST_LINES, LOOSE = 10_000, 1.1
"""Lines of a cell by which every column is as narrow as it can be; what breaking lines between words takes."""
BROAD, NARROW = 1.0, 0.6
"""Widths of a Chinese and of another letter in the bold cut of the shipped font, in its size; capitals and m are broader, i narrower."""
OF_NUMBERS = {**dict.fromkeys("0123456789", 0.64), **dict.fromkeys(",.", 0.4), "−": 0.84}
"""The same of what numbers are made of, in the broadest font that an office program takes where its own is missing."""
PARTS = 100
"""Parts of a line in which the fewest lines are looked for."""
TALL = 6
"""Lines of a cell from which on smaller letters or a page that lies are tried."""
SHORT = 6.0
"""Characters up to which a column of short words is not broken: 自然资源局."""
LONGEST_WORD, LONGEST_NUMBER = 14.0, 24.0
"""Characters of Latin letters that stay on one line, longer addresses and ids are broken; digits of a number that do."""
_WORD = re.compile(r"[\x21-\x7e−–]+|\S")
_NUMBER = re.compile(r"[≈<>+−-]*\d[\d,.]*%?")


@dataclass(frozen=True)
class Layout:
    """A table ready for a page: shares of the width by column, whether the page lies, the size of the letters in points."""

    table: Table
    shares: tuple[float, ...]
    lying: bool
    size: float


def measure_letters(text: str, size: float) -> float:
    """Return how many points a text takes on one line."""
    return size * sum(
        OF_NUMBERS.get(letter) or (BROAD if unicodedata.east_asian_width(letter) in "WFA" else NARROW) for letter in text
    )


@lru_cache(maxsize=64)
def lay_out(table: Table, *, turned: bool | None = None) -> tuple[Layout, ...]:
    """Return a table as one part that fits a page, or as several with the leading columns of words repeated.

    Parameters
    ----------
    turned : whether all pages of the paper lie; None: a table that is too wide upright gets a page that lies
    """
    sizes = (SMALL,) if table.small else (SIZE, SMALL)
    rooms = ((UPRIGHT, False), (LYING, True)) if turned is None else ((LYING if turned else UPRIGHT, turned),)
    found: list[tuple[int, Layout]] = []
    for room, lying in rooms:
        for size in sizes if not lying or turned else (SMALL,):
            widths = _share_out(table, room, size)
            if widths is not None:
                layout = Layout(table, tuple(width / room for width in widths), lying, size)
                tallest = max(_count_lines(table, widths, size), default=1)
                if tallest <= TALL:
                    return (layout,)
                found.append((tallest, layout))
    if found:
        return (min(found, key=lambda one: one[0])[1],)
    if len(table.columns) - _count_leading(table) < 2:  # noqa: PLR2004 - nothing left to divide
        asked = [_ask(table, at, column, SMALL)[0] for at, column in enumerate(table.columns)]
        return (Layout(table, tuple(width / sum(asked) for width in asked), turned is not False, SMALL),)
    return tuple(layout for part in _split(table) for layout in lay_out(part, turned=turned))


def share_words(titles: Sequence[str], rows: Sequence[Sequence[str]], size: float = SMALL) -> list[float]:
    """Return the shares of the width by column of a table of words that stands upright: no page has to measure them letter by letter.

    Parameters
    ----------
    titles : heads of the columns
    rows   : their texts
    size   : of the letters, in points
    """
    table = Table("", "", "", tuple(Column("", title) for title in titles), tuple(Row(tuple(cells)) for cells in rows))
    widths = _share_out(table, UPRIGHT, size) or [UPRIGHT / len(titles)] * len(titles)
    return [width / UPRIGHT for width in widths]


def _share_out(table: Table, room: float, size: float) -> list[float] | None:
    """Return the width of each column in points, or None where the room does not hold the least of each.

    Of two ways the one that makes the table shorter: what is spare goes to all columns that still break their texts alike, which
    spares many a line where little is wanting; or all are narrowed by one share, which spares lines of a column of long texts.
    """
    asked = [_ask(table, at, column, size) for at, column in enumerate(table.columns)]
    if sum(least for least, _ in asked) > room:
        return None
    fewest = bisect_left(range(PARTS * MOST_LINES), True, PARTS, key=lambda parts: sum(_narrow(asked, parts / PARTS)) <= room)
    ways = [_narrow(asked, fewest / PARTS)]
    if fewest > PARTS:
        ways.insert(0, _fill_up(asked, _narrow(asked, math.ceil(fewest / PARTS)), room))
    scaled = [[width * room / sum(widths) for width in widths] for widths in ways]
    return min(scaled, key=lambda widths: sum(_count_lines(table, widths, size)))


def _narrow(asked: list[tuple[float, float]], lines: float) -> list[float]:
    """Return widths by which no cell has more lines, but for columns that cannot be as narrow."""
    return [max(least, min(most / lines * LOOSE, most)) for least, most in asked]


def _fill_up(asked: list[tuple[float, float]], widths: list[float], room: float) -> list[float]:
    """Return widths with what is spare given in equal parts to the columns that are not as wide as they wish."""
    filled, spare = list(widths), room - sum(widths)
    wanting = sorted(range(len(asked)), key=lambda at: asked[at][1] - widths[at])
    for done, at in enumerate(wanting):
        given = min(spare / (len(wanting) - done), max(0.0, asked[at][1] - widths[at]))
        filled[at] += given
        spare -= given
    return filled


def _count_lines(table: Table, widths: list[float], size: float) -> list[int]:
    """Return how many lines each row has that is no heading of a group."""
    return [
        max(
            (
                math.ceil(measure_letters(print_cell(cell, column), size) / (width - BESIDE))
                for cell, column, width in zip(row.cells, table.columns, widths, strict=False)
            ),
            default=1,
        )
        for row in table.rows
        if row.kind != GROUP
    ]


def _ask(table: Table, at: int, column: Column, size: float) -> tuple[float, float]:
    """Return the least and the wished-for width of a column in points."""
    shown = [print_cell(row.cells[at], column) for row in table.rows if row.kind != GROUP and at < len(row.cells)]
    heads = [column.title, *([f"({column.unit})"] if column.unit else [])]
    words = [measure_letters(word, size) for head in heads for word in _WORD.findall(head)]
    least = max([LEAST * size * BROAD if column.kind not in NUMERIC else 3 * size * BROAD, *words])
    longest = max((measure_letters(text, size) for text in shown), default=0.0)
    if column.kind in NUMERIC:
        least = max(least, longest)
        return least + BESIDE, max(least, measure_letters(column.title, size)) + BESIDE
    indent = 14.0 if at == 0 else 0.0
    parts = [min(measure_letters(word, size), _longest(word) * size * NARROW) for text in shown for word in _WORD.findall(text)]
    least = max([least, min(longest, SHORT * size), *parts])
    return least + BESIDE + indent, max(least, longest, *words) + BESIDE + indent


def _longest(word: str) -> float:
    return LONGEST_NUMBER if _NUMBER.fullmatch(word) else LONGEST_WORD


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
