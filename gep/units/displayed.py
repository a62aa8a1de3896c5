"""Holds what a cell shows against its column of units: a label or a scale of a number format that says something else is no figure."""

from __future__ import annotations

from gep.units.registry import UnitError, find_factor, parse_unit, remove_price_year

_NUMERALS = {"千", "万", "百万", "千万", "亿"}
_YUAN = {"¥", "￥"}
_YEARLY = ("/yr", "/a", "/年")
_CLOSE = 1e-12


def agrees_with_unit(scale: float, label: str, unit: str) -> bool:
    """Return whether a number that is shown times `scale` with a label is the same amount as the stored number in its unit.

    0.05 shown as 5 % agrees with the unit 1; 115.77 shown as 115.77 亿元 agrees with 亿元 and not with 万元.

    Parameters
    ----------
    label : words that the format writes beside the number; empty: none
    unit  : as given on the row
    """
    if not label:
        return scale == 1
    if scale == 1 and (label == unit or (label in _NUMERALS and unit.startswith(label))):
        return True
    try:
        if label in _YUAN:
            return scale == 1 and parse_unit(unit).is_money
        wanted = remove_price_year(unit)
        yearly = label if "/" in label or not wanted.endswith(_YEARLY) else f"{label}/yr"  # 3 t in a column of t/yr
        return abs(scale * find_factor(remove_price_year(yearly), wanted) - 1) < _CLOSE
    except UnitError:
        return False
