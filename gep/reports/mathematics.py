"""Formulas and arithmetic as offices read them: what stands in for what has no data said in words, numbers with the digits that matter.

The trace, JSON and certificates keep every digit; here more than ten are rounded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gep.formula.show import show_number

if TYPE_CHECKING:
    from gep.reports.words import Words

FIRST_KNOWN = "known("
"""How the formula printer writes the first of several that has data."""
MOST_DIGITS = 10
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*\.\d+(?![\w.])")


def say_first_known(formula: str, words: Words) -> str:
    """Return a formula, as text or HTML, in which `known(a; b)` is said in words."""
    begin = formula.find(FIRST_KNOWN)
    if begin < 0:
        return formula
    depth, start, options = 1, begin + len(FIRST_KNOWN), []
    for at in range(start, len(formula)):
        letter = formula[at]
        depth += (letter == "(") - (letter == ")")
        if depth == 0 or (depth == 1 and letter == ";" and not re.search(r"&#?\w+$", formula[start:at])):
            options.append(formula[start:at].strip())
            start = at + 1
        if depth == 0:
            said = options[0]
            for option in options[1:]:
                said = words.say("first_known", one=said, other=option)
            return f"{formula[:begin]}({say_first_known(said, words)}){say_first_known(formula[start:], words)}"
    return formula


def shorten_numbers(text: str) -> str:
    """Return arithmetic with at most ten digits a number; money and large quantities with two decimals."""
    return _NUMBER.sub(lambda found: _shorten(found[0]), text)


def show_short(value: float) -> str:
    """Return a number as arithmetic has it, with at most ten digits."""
    return shorten_numbers(show_number(value))


def _shorten(number: str) -> str:
    digits = re.sub(r"[.,]", "", number).lstrip("0")
    if len(digits) <= MOST_DIGITS:
        return number
    value = float(number.replace(",", ""))
    if value >= 1000:  # noqa: PLR2004 - thousands
        return f"{value:,.2f}"
    shown = f"{value:.8g}"
    return number if "e" in shown else shown
