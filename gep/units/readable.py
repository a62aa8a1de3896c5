"""Quantities as offices write them: 万m³, 吨, 千瓦时; the number scaled, the unit in the words of the reader."""

from __future__ import annotations

import re

from gep.messages.numbers import LARGEST, MISSING, format_quantity, is_known
from gep.units.registry import print_unit_in

_CHINESE = {
    "t": "吨",
    "kg": "千克",
    "g": "克",
    "kWh": "千瓦时",
    "MWh": "兆瓦时",
    "ha": "公顷",
    "km": "公里",
    "m": "米",
    "h": "小时",
    "d": "天",
}
"""Unit at the beginning of a compound → what offices call it; areas and volumes keep m², m³ and km²."""
_SCALES = {"zh": ((1e8, "亿"), (1e4, "万")), "en": ((1e9, "billion "), (1e6, "million "))}
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def print_readable(value: float | None, unit: str, lang: str) -> tuple[str, str]:
    """Return a quantity as a number of a readable size, and the unit that it is then in; a dash where there is no number.

    Parameters
    ----------
    unit : as the store has it: `m^3/yr`
    lang : zh or en

    Returns
    -------
    Number and unit: `12,707.10` and `万m³/年` for 127071000 m^3/yr
    """
    shown = print_unit_readable(unit, lang)
    if not is_known(value):
        return MISSING, shown
    scale, word = next(((by, name) for by, name in _SCALES[lang] if by <= abs(value) < LARGEST * by), (1.0, ""))
    return format_quantity(value / scale), f"{word}{shown}" if shown or not word else word.strip()


def print_given(text: str, lang: str) -> str:
    """Return a figure as it was given, number and unit, with powers raised and in Chinese the yuan of its year; the rest as it is."""
    if lang == "zh":
        text = re.sub(r"(?<![A-Za-z])CNY(?:_(\d{4}))?(?![A-Za-z_])", lambda found: f"元({found[1]})" if found[1] else "元", text)
    return raise_powers(text)


def format_digits(value: float) -> str:
    """Return a number with six digits that count, and all of those before the point: 0.123457, 1,478,441."""
    return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:,.6g}"


_WHOLE = 1e6


def raise_powers(text: str) -> str:
    """Return a text with the powers in its units raised, whether they are marked or, of lengths, written without: m^3 and m3 are m³."""
    marked = re.sub(r"(?<![A-Za-z_])([kdhcm]?m)([23])(?![0-9A-Za-z_])", r"\1^\2", text)
    return re.sub(r"(?<=[A-Za-z])\^(\d+)", lambda found: found[1].translate(_POWERS), marked)


def print_unit_readable(unit: str, lang: str) -> str:
    """Return a unit with its powers raised, as they are written km2 or hm2 too, in Chinese with the names that offices use."""
    shown = raise_powers(print_unit_in(unit, lang))
    if lang == "zh":
        shown = re.sub(r"(?<![A-Za-z])(" + "|".join(_CHINESE) + r")(?![A-Za-z⁰-⁹²³])", lambda found: _CHINESE[found[1]], shown)
    shown = shown.replace("_CO2", " CO₂").replace("吨 CO₂", "吨CO₂")
    return "" if shown in {"1", "1/年", "1/yr"} else shown
