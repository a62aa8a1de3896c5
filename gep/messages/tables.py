"""A table as it is told, on a terminal, on paper or on a page: columns with kind and unit, cells that hold numbers unrounded."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gep.messages.numbers import MISSING, format_fixed, format_quantity, format_share

TEXT, NUMBER, MONEY, SHARE, MARK, RATIO = "text", "number", "money", "share", "mark", "ratio"
"""Kinds of columns: words, quantities, money in the report's unit, fractions of 1, verification marks, pure numbers."""

NUMERIC = frozenset({NUMBER, MONEY, SHARE, RATIO})
"""Kinds whose cells are numbers."""
PLAIN, SUM, MINOR, GROUP = "", "sum", "minor", "group"
"""Kinds of rows: as any other, a total, a part of the row above, a heading within the table."""

Cell = str | float | int | None


@dataclass(frozen=True)
class Column:
    """A column: its id is the same in every language and form."""

    id: str
    title: str
    kind: str = TEXT
    unit: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class Row:
    """One row; None is what is not known, never zero."""

    cells: tuple[Cell, ...]
    kind: str = PLAIN


@dataclass(frozen=True)
class Table:
    """A table; `code` is its letter among the standard tables (A to I), or empty."""

    id: str
    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    small: bool = False

    def column(self, identity: str) -> list[Cell]:
        """Return the cells of one column."""
        at = [column.id for column in self.columns].index(identity)
        return [row.cells[at] for row in self.rows]


def print_cell(value: Cell, column: Column) -> str:
    """Return the text of a cell, formatted by the kind, unit and decimals of its column; what is unknown is a dash."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "" if column.kind not in {NUMBER, MONEY, SHARE, RATIO} else MISSING
    if isinstance(value, str):
        return value
    match column.kind:
        case "share":
            return format_share(value)
        case "money":
            return format_fixed(value, 4 if column.decimals is None else column.decimals)
        case "number" | "ratio":
            return format_quantity(value) if column.decimals is None else format_fixed(value, column.decimals)
    return str(value)
