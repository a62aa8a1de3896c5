"""Formulas and arithmetic as offices read them: what stands in for what has no data said in words, numbers with the digits that matter.

The trace, JSON and certificates keep every digit; here more than ten are rounded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gep.formula.show import show_number
from gep.messages.numbers import shorten_numbers

if TYPE_CHECKING:
    from gep.reports.words import Words

FIRST_KNOWN = "known("
"""How the formula printer writes the first of several that has data."""


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


def show_short(value: float) -> str:
    """Return a number as arithmetic has it, with at most ten digits."""
    return shorten_numbers(show_number(value))
