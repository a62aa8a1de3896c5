"""Checks that units of rows fit their variables, and numbers their bounds; gives the factor to the unit of computation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.files.dittos import say_written_out, stands_for_another
from gep.formula.check import is_priced
from gep.formula.nodes import Coefficient, Leaf, Observed
from gep.inputs import hints
from gep.inputs.months import is_per_month
from gep.inputs.row_numbers import number_keys, sort_by_number
from gep.inputs.row_problems import RowProblems, group_unique, say_always
from gep.messages.texts import Text, join_list, name_id, say
from gep.reference.county_references import is_reference_word
from gep.reference.periods import is_period, list_years
from gep.units.registry import (
    UnitError,
    count_joined_years,
    find_factor,
    find_yearly_factor,
    name_unit,
    parse_unit,
    print_unit,
    remove_price_year,
)
from gep.units.repairs import suggest_unit
from gep.variables.bounds import LARGEST

if TYPE_CHECKING:
    from numpy.typing import NDArray


def convert_units(
    finder: RowProblems, leaves: dict[str, Leaf], stated: NDArray[np.bool_], years: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the factor of each row to the unit of its variable, and its price year; units that do not fit are noted as problems.

    Parameters
    ----------
    leaves : variables and coefficients by id
    stated : rows that state that something does not apply, flags
    years  : accounting years of the rows, 0 where there is none

    Returns
    -------
    two arrays of shape (rows,): factors, NaN where there is none; price years, 0: not money, -1: the account's own year
    """
    factors = np.full(len(finder.rows), np.nan)
    price_years = np.zeros(len(finder.rows), dtype=np.int64)
    units = finder.rows["unit"].cat
    variables = finder.rows["variable"].cat
    pair = variables.codes.to_numpy().astype(np.int64) * len(units.categories) + units.codes.to_numpy() + 1
    pair[stated] = 0
    number, pairs = number_keys(pair, len(variables.categories) * len(units.categories) + 1)
    order, bounds = sort_by_number(number, len(pairs))
    for at, code in enumerate(pairs.tolist()):
        if code == 0:
            continue
        leaf = leaves.get(variables.categories[(code - 1) // len(units.categories)])
        if leaf is None:
            continue
        text, positions = units.categories[(code - 1) % len(units.categories)], order[bounds[at] : bounds[at + 1]]
        try:
            factors[positions], price_years[positions] = find_unit_step(leaf, text)
            if joins_days(leaf, text):
                for year in np.unique(years[positions]):
                    factors[positions[years[positions] == year]] = find_unit_step(leaf, text, int(year))[0]
        except UnitError as error:
            expected = (
                say("a unit of {unit} with its price year, such as CNY_2020", unit=name_unit(leaf.unit))
                if _needs_year(leaf)
                else say("a unit of {unit}", unit=name_unit(leaf.unit))
            )
            measured = [at for at in positions.tolist() if not is_reference_word(str(finder.rows["value"].iloc[at]))]
            finder.add(
                measured,
                say_always(
                    say(
                        "unit of {variable} is {text!r}: {error}",
                        variable=name_id(leaf.id, leaves),
                        text=hints.cut(text),
                        error=error.args[0],
                    )
                ),
                expected,
                finder.guess(suggest_unit_of, leaf, text),
                column="cell_unit",
            )
    return factors, price_years


def suggest_unit_of(leaf: Leaf, text: str) -> Text | str:
    """Return a hint what to write in place of a unit that does not fit a variable: another spelling, else units that fit; empty if none."""
    if stands_for_another(text):
        return say_written_out(text)
    if unit := suggest_unit(text, lambda one: fits_leaf(leaf, one)):
        return say("write {text}", text=unit)
    own = leaf.unit if leaf.unit == "1" else print_unit(leaf.unit)
    fitting = [one for one in (own, *_COMMON) if fits_leaf(leaf, one)]
    return say("write the figure in a unit such as {units}", units=join_list(fitting[:_OFFERED])) if fitting else ""


_COMMON = [
    "ha",
    "亩",
    "km2",
    "t",
    "万t",
    "kg",
    "m3",
    "万m3",
    "亿m3",
    "万元",
    "亿元",
    "h",
    "m",
    "mm",
    "万人",
    "万人次",
    "万kWh",
    "%",
]
_OFFERED = 4

DEPTH = "mm/yr"
"""Unit of rain and evapotranspiration, of which offices have months."""


def joins_days(leaf: Leaf, text: str) -> bool:
    """Return whether a figure in a unit is a rate per day, hour or second of a variable per year, so that days of the year count."""
    try:
        return (
            count_joined_years(remove_price_year(text), leaf.unit) != 0 and find_factor(remove_price_year(text), leaf.unit) != 0
        )
    except UnitError:
        return False


def _needs_year(leaf: Leaf) -> bool:
    return isinstance(leaf, Coefficient) and is_priced(leaf)


def fits_leaf(leaf: Leaf, text: str) -> bool:
    """Return whether figures of a variable or coefficient may be given in a unit."""
    try:
        find_unit_step(leaf, text)
    except UnitError:
        return False
    return True


def find_unit_step(leaf: Leaf, text: str, account_year: int = 0) -> tuple[float, int]:
    """Return the factor from a unit as given to the unit of computation, and the price year.

    A yearly amount may be written without its year.

    Parameters
    ----------
    text : the unit as written; empty for a plain number
    account_year : whose 365 or 366 days a rate per day, hour or second is taken over, of a period their mean; 0: the Julian year of 365.25 days

    Returns
    -------
    the factor; the price year, 0: not money, -1: the account's own year

    Raises
    ------
    UnitError : no unit, one that measures something else, or a price in a coefficient without its price year
    """
    if text == "" and leaf.unit != "1":
        msg = say("no unit")
        raise UnitError(msg)
    if leaf.unit == DEPTH and is_per_month(text):
        msg = say("months differ, and a year is no twelve of one")
        raise UnitError(msg)
    basis = remove_price_year(text)
    found = basis
    try:
        number = find_factor(basis, leaf.unit)
    except UnitError:
        if not (isinstance(leaf, Observed) and leaf.unit.endswith("/yr")):
            raise
        try:  # a yearly amount may be written without the year: the row's own year says it
            number = find_factor(f"{basis}/yr", leaf.unit)
            found = f"{basis}/yr"
        except UnitError:
            number = find_factor(basis, leaf.unit)
    if account_year and count_joined_years(found, leaf.unit):
        every = [find_yearly_factor(found, leaf.unit, one) for one in list_years(account_year)]
        number = every[0] if len(set(every)) == 1 else sum(every) / len(every)
    if not is_priced(leaf):
        return number, 0
    year = parse_unit(text).price_year
    if year is None and isinstance(leaf, Coefficient):
        msg = say("money without a price year")
        raise UnitError(msg)
    return number, year or -1


def check_bounds(finder: RowProblems, leaves: dict[str, Leaf], values: NDArray[np.float64]) -> None:
    """Note values beyond the bounds of their variables as problems.

    Parameters
    ----------
    leaves : variables and coefficients by id
    values : in the units of computation, of shape (rows,)
    """
    for identity, of_leaf in group_unique(finder, "variable"):
        leaf = leaves.get(identity)
        if not isinstance(leaf, Observed | Coefficient):
            continue
        for bound, wrong in zip(find_bounds(leaf), (np.less, np.greater), strict=True):
            positions = of_leaf[wrong(values[of_leaf], bound) & ~finder.bad[of_leaf]]
            limit = _amount(bound, leaf)
            finder.add(
                positions,
                lambda at, leaf=leaf: say(
                    "{variable} is {amount}", variable=name_id(leaf.id, leaves), amount=_amount(float(values[at]), leaf)
                ),  # type: ignore[misc]
                say("at least {amount}", amount=limit) if wrong is np.less else say("at most {amount}", amount=limit),
                _BOUND_HINTS.get(identity, ""),
            )


def find_bounds(leaf: Observed | Coefficient) -> tuple[float, float]:
    """Return the least and the largest amount that is possible, in its unit; where none is declared, by its unit."""
    of_unit = LARGEST.get(leaf.unit, np.finfo(np.float64).max)
    most = leaf.most if leaf.most is not None else of_unit
    return leaf.least if leaf.least is not None else -most if most > 0 else -of_unit, most


def check_finite(finder: RowProblems, given: NDArray[np.float64], converted: NDArray[np.float64]) -> None:
    """Note figures that are finite as given and in the unit of their variable no longer."""
    finder.add(
        np.flatnonzero(np.isfinite(given) & np.isinf(converted)),
        lambda at: say("value is {value} {unit}", value=f"{given[at]:g}", unit=str(finder.rows["unit"].iloc[at])),
        "a finite number",
        "no figure is as large as this",
    )


def check_price_years(
    finder: RowProblems, leaves: dict[str, Leaf], price_years: NDArray[np.int64], years: NDArray[np.int64]
) -> None:
    """Note money at prices of another year where it must be at those of the accounting year.

    Parameters
    ----------
    leaves      : variables and coefficients by id
    price_years : of the rows, 0: not money, -1: the accounting year
    years       : accounting years of the rows, 0 where there is none
    """
    for identity, of_leaf in group_unique(finder, "variable"):
        leaf = leaves.get(identity)
        if not (isinstance(leaf, Observed) and leaf.current):
            continue
        other = (price_years[of_leaf] > 0) & (years[of_leaf] > 0) & (price_years[of_leaf] != years[of_leaf])
        other &= ~is_period(years[of_leaf])
        finder.add(
            of_leaf[other & ~finder.bad[of_leaf]],
            lambda at, leaf=leaf: say(  # type: ignore[misc]
                "{variable} is at prices of {price_year}, the account at those of {year}",
                variable=name_id(leaf.id, leaves),
                price_year=int(price_years[at]),
                year=int(years[at]),
            ),
            "at prices of the accounting year",
            "write the figure at current prices: a ratio to GEP has one price year",
            column="cell_unit",
        )


def _amount(value: float, leaf: Leaf) -> Text | str:
    return f"{value:g}" if leaf.unit == "1" else say("{value:g} {unit}", value=value, unit=name_unit(print_unit(leaf.unit)))


_BOUND_HINTS = {
    "runoff_coefficient": "a percentage needs the unit %",
    "soil_erodibility": "a value in US units is multiplied by 0.1317 first",
    "soil_nitrogen_content": "a content in g/kg needs that unit",
    "soil_phosphorus_content": "a content in g/kg needs that unit",
    "nature_share": "a percentage needs the unit %",
    "price_index": "an index with the previous year = 100 has the unit %",
    "marsh_saturated_moisture": "a percentage needs the unit %",
    "marsh_natural_moisture": "a percentage needs the unit %",
}
