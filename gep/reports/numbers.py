"""Formats the numbers of a report: rounded half to even for the eye (GB/T 8170), never losing what is small or large."""

from __future__ import annotations

import math
from typing import TypeGuard

from gep.reports.model import MONEY, NUMBER, RATIO, SHARE, Cell, Column

MISSING = "—"
YI, WAN = 1e8, 1e4
SMALL_ACCOUNT = 1e7
"""Below this many yuan an account is printed in 万元."""
LARGEST, LEAST = 1e13, 1e-6
LEAST_SHARE, LARGEST_SHARE = 0.0005, 1e6
MINUS = "−"


def scale_of(total: float | None) -> float:
    """Return how many yuan the money unit of a report is: 1e8 (亿元), or 1e4 (万元) where the whole account is small.

    Parameters
    ----------
    total : GEP in CNY/yr
    """
    return WAN if total is not None and 0 < abs(total) < SMALL_ACCOUNT else YI


def is_known(value: object) -> TypeGuard[float]:
    """Return whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def format_fixed(value: float, decimals: int) -> str:
    """Return a number with thousands marked; what would round to zero keeps two digits, what is huge a power of ten.

    Source: rounding half to even, GB/T 8170.
    """
    size = abs(value)
    if size >= LARGEST or 0 < size < LEAST:
        return format_scientific(value)
    if 0 < size < 0.5 * 10**-decimals:
        decimals = 1 - math.floor(math.log10(size))
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def format_scientific(value: float) -> str:
    """Return a number as digits and a power of ten; `^` is what the writers turn into a superscript."""
    digits, _, exponent = f"{value:.3e}".partition("e")
    return f"{digits}×10^{int(exponent)}".replace("-", MINUS)


def format_quantity(value: float) -> str:
    """Return a quantity: two decimals from 1 up, four digits below."""
    if value == 0:
        return "0"
    if abs(value) >= 1:
        return format_fixed(value, 2)
    return format_fixed(value, 3 - math.floor(math.log10(abs(value))))


def format_share(value: float) -> str:
    """Return a fraction (0 to 1) in percent."""
    if 0 < abs(value) < LEAST_SHARE:
        return "<0.1%" if value > 0 else f">{MINUS}0.1%"
    return f"{value * 100:,.1f}%".replace("-", MINUS) if abs(value) < LARGEST_SHARE else format_scientific(value)


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
