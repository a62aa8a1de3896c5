"""Formats the cells of a report's tables, by the one printer of numbers; money in 亿元, or in 万元 where the account is small."""

from __future__ import annotations

import math

from gep.messages.numbers import MISSING, YI, format_fixed, format_quantity, format_share
from gep.reports.model import MONEY, NUMBER, RATIO, SHARE, Cell, Column

WAN = 1e4
SMALL_ACCOUNT = 1e7
"""Below this many yuan an account is printed in 万元."""


def scale_of(total: float | None) -> float:
    """Return how many yuan the money unit of a report is: 1e8 (亿元), or 1e4 (万元) where the whole account is small.

    Parameters
    ----------
    total : GEP in CNY/yr
    """
    return WAN if total is not None and 0 < abs(total) < SMALL_ACCOUNT else YI


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
