"""Says how a figure as given became the value used, in the words of a language: × 100,000,000（亿元 → 元/年）."""

from __future__ import annotations

import re

from gep.messages.numbers import format_digits
from gep.units.registry import print_unit_in

_FACTOR = re.compile(r"(?<=× )\S+")
_BRACKET = re.compile(r"\((.+? → .+?)\)")
_DAYS = re.compile(r", (\d+) d/a")
DIGITS = 10
"""Digits of a factor that anybody checks by hand; JSON has all."""


def say_conversion(steps: str, lang: str) -> str:
    """Return the steps of an `Origin`, units and brackets in the words of a language, factors with thousands marked."""
    shown = _FACTOR.sub(lambda found: format_digits(float(found[0]), DIGITS), steps)
    return _BRACKET.sub(lambda found: _say_bracket(found[1], lang), shown).replace(" （", "（")


def _say_bracket(text: str, lang: str) -> str:
    """Return what stands in brackets: from which unit to which, or from the prices of which year to which."""
    shown = " → ".join(print_unit_in(one, lang) for one in text.split(" → "))
    if lang != "zh":
        return f"({shown})"
    return f"（{_DAYS.sub(lambda found: f'，一年 {found[1]} 天', shown)}）"
