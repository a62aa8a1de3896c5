"""The one printer of numbers for people: tables, charts, forms and screens; half to even (GB/T 8170), no powers of a computer, no noise.

A column has one number of decimals: what is not zero and would print as zero is shown as smaller than the last place.
"""

from __future__ import annotations

import math
import re
from typing import TypeGuard

MISSING = "—"
MINUS = "−"
LARGEST, LEAST = 1e13, 1e-6
LEAST_SHARE, LARGEST_SHARE = 0.0005, 1e6
YI, WAN, BILLION = 1e8, 1e4, 1e9
SMALL_ACCOUNT = 1e7
"""Below this many yuan an account is printed in 万元."""
MOST_DIGITS = 10
"""Significant digits from which on a number holds more than anybody measured: the rest is the noise of binary arithmetic."""
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])")


def is_known(value: object) -> TypeGuard[float]:
    """Return whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def scale_of(total: float | None) -> float:
    """Return how many yuan the money unit of an account is: 1e8 (亿元), or 1e4 (万元) where the whole account is small.

    Parameters
    ----------
    total : GEP in CNY/yr
    """
    return WAN if total is not None and 0 < abs(total) < SMALL_ACCOUNT else YI


def format_fixed(value: float, decimals: int) -> str:
    """Return a number with thousands marked; what would round to zero is "<0.0001", what is huge a power of ten.

    Source: rounding half to even, GB/T 8170.
    """
    size = abs(value)
    if size >= LARGEST:
        return format_scientific(value)
    if size > 0 and f"{size:.{decimals}f}" == f"{0:.{decimals}f}":
        least = f"{10.0**-decimals:.{decimals}f}"
        return f"<{least}" if value > 0 else f">{MINUS}{least}"
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
    if abs(value) < LEAST:
        return format_scientific(value)
    return format_fixed(value, 3 - math.floor(math.log10(abs(value))))


def format_amount(value: float, unit: str, lang: str) -> str:
    """Return a quantity with its unit: in Chinese from 10⁸ up in 亿, in English from 10⁹ up in bn.

    Parameters
    ----------
    unit : as people write it
    """
    scale, word = (YI, "亿") if lang == "zh" else (BILLION, "bn ")
    if not scale <= abs(value) < LARGEST * scale:
        return f"{format_quantity(value)} {unit}".strip()
    return f"{format_fixed(value / scale, 2)} {word}{unit}".strip()


def format_share(value: float) -> str:
    """Return a fraction (0 to 1) in percent."""
    if 0 < abs(value) < LEAST_SHARE:
        return "<0.1%" if value > 0 else f">{MINUS}0.1%"
    return f"{value * 100:,.1f}%".replace("-", MINUS) if abs(value) < LARGEST_SHARE else format_scientific(value)


def format_digits(value: float, digits: int = 6) -> str:
    """Return a number with at most so many significant digits, thousands marked, whole numbers whole; never as 7.1e+10."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else MISSING
    if not LEAST <= abs(value) < LARGEST:
        return format_scientific(value)
    places = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    shown = f"{value:,.{places}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def shorten_numbers(text: str) -> str:
    """Return a text whose numbers have at most ten digits; large ones with two decimals."""
    return _NUMBER.sub(lambda found: _shorten(found[0]), text)


def _shorten(number: str) -> str:
    """Return a written number without the digits nobody measured; one that is short enough as it is."""
    plain = number.replace(",", "")
    if "e" not in number and ("." not in number or len(plain.replace(".", "").lstrip("0")) <= MOST_DIGITS):
        return number
    value = float(plain)
    if not math.isfinite(value):
        return number
    return f"{value:,.2f}" if 1000 <= abs(value) < LARGEST else format_digits(value, 8)  # noqa: PLR2004 - thousands
