"""Exact units for transfers: every number becomes a rational in base units; the dimension is checked before anything is computed."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from gep.messages.texts import Joined, mark_word, say
from gep.units.registry import JULIAN_YEAR, UnitError, count_days, count_joined_years, find_factor, parse_unit

Dimension = tuple[tuple[str, Fraction], ...]
"""Sorted base dimensions with their powers; () is a pure number."""

NUMBER: Dimension = ()
MONEY: Dimension = (("[money]", Fraction(1)),)


def find_dimension(unit: str) -> Dimension:
    """Return the dimension of a unit: (name of a base dimension, power) in order of name, () for a plain number.

    Raises
    ------
    UnitError : the text is not a unit, or holds money of two years
    """
    return parse_unit(unit).measure.dimensions


@cache
def convert_to_base(unit: str) -> Fraction:
    """Return the exact factor from a unit to the base unit of its dimension (yuan, m, kg, s ...).

    Raises
    ------
    UnitError : the text is not a unit, or its factor is not rational
    """
    parsed = parse_unit(unit)
    if isinstance(parsed.measure.size, float):
        raise UnitError(say("the factor of {unit!r} is not exact", unit=unit))
    return parsed.measure.size * Fraction(parsed.scale)


@cache
def convert_to_base_of_year(given: str, wanted: str, year: int) -> Fraction:
    """Return the exact factor from a unit to the base unit of its dimension, where it is meant for another unit in a year.

    Where the two join days, hours or seconds with years, the 365 or 366 days of that year count: what is given per day is then as
    much per year as that year has.

    Parameters
    ----------
    given, wanted : of one dimension
    year          : the year the figure is of

    Raises
    ------
    UnitError : a text is not a unit, one is a share of time and the other is not, or the factor is not rational
    """
    factor = convert_to_base(given)
    if given == wanted:
        return factor
    find_factor(given, wanted)
    return factor * (count_days(year) / JULIAN_YEAR) ** count_joined_years(given, wanted)


_KNOWN = {
    find_dimension("mg/L"): "a concentration",
    find_dimension("m^3"): "a volume",
    find_dimension("m^2"): "an area",
    find_dimension("t"): "a mass",
    find_dimension("元/t"): "money for a mass",
    find_dimension("元/m^2"): "money for an area",
    find_dimension("元/m^3"): "money for a volume",
    MONEY: "money",
}


def print_dimension(found: Dimension) -> str:
    """Return a dimension in words, such as "a volume" or "length^2·time^-1"; also in Chinese."""
    if found in _KNOWN:
        return mark_word(_KNOWN[found])
    if not found:
        return mark_word("a pure number")
    return Joined([_powered(mark_word(name.strip("[]").replace("_", " ")), power) for name, power in found], "·", "·")


def _powered(name: str, power: Fraction) -> str:
    return Joined([name, f"^{power}"], "", "") if power != 1 else name
