"""Figures stated for a period of several years: the mean of a year, or the sum of all of them where that says so; never one for the other.

An account of a period is computed from the figures of its mean year. What is a flow (its unit is per year) may be stated either way;
what is a state, a rate or a price only as a mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.formula.check import is_priced
from gep.formula.nodes import Observed
from gep.inputs.row_problems import RowProblems, group_unique, say_always
from gep.messages.texts import name_id, say
from gep.reference.periods import MEAN, SUM, as_year, count_years, is_period
from gep.units.registry import UnitError, find_factor, name_unit, remove_price_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf

PER_YEAR = "/yr"
WAYS = (MEAN, SUM)


def list_ways(leaf: Leaf) -> tuple[str, ...]:
    """Return how a figure of several years may be stated: a flow as mean or sum, everything else as mean."""
    return WAYS if isinstance(leaf, Observed) and leaf.unit.endswith(PER_YEAR) else (MEAN,)


def share_sums(
    finder: RowProblems,
    leaves: Mapping[str, Leaf],
    factors: NDArray[np.float64],
    years: NDArray[np.int64],
    stated_as: NDArray[np.object_],
) -> None:
    """Divide the factors of sums over a period by its years, and note figures of periods that leave open what they are.

    Parameters
    ----------
    factors   : to the units of computation, changed in place
    stated_as : MEAN, SUM or nothing, of each row
    """
    of_periods = is_period(years) & ~finder.bad
    if not of_periods.any():
        return
    for identity, of_leaf in group_unique(finder, "variable"):
        leaf = leaves.get(identity)
        positions = of_leaf[of_periods[of_leaf]]
        if leaf is None or not len(positions):
            continue
        sums = stated_as[positions] == SUM
        units = finder.rows["unit"].iloc[positions].astype(str)
        rates = np.array([_is_per_year(leaf, text) for text in units])
        name = name_id(identity, dict(leaves))
        if SUM not in list_ways(leaf):
            finder.add(
                positions[sums],
                say_always(say("{variable} is stated as a sum over several years", variable=name)),
                say("the mean of the years: it is no amount of a year"),
            )
            continue
        finder.add(
            positions[sums & rates],
            lambda at, name=name: say(  # type: ignore[misc]
                "{variable} is stated as a sum over several years, in {unit}",
                variable=name,
                unit=name_unit(str(finder.rows["unit"].iloc[at])),
            ),
            say("a sum without the year in its unit, or a mean"),
            column="cell_unit",
        )
        finder.add(
            positions[(stated_as[positions] == "") & ~rates],
            lambda at, name=name: say(  # type: ignore[misc]
                "{variable} of {period} in {unit} may be a mean of a year or the sum of all",
                variable=name,
                period=as_year(int(years[at])),
                unit=name_unit(str(finder.rows["unit"].iloc[at])),
            ),
            say("the unit with /yr, or the word 年均 or 合计 behind the years: 2016-2020年均"),
            column="cell_unit",
        )
        for at in positions[sums & ~rates]:
            factors[at] /= count_years(int(years[at]))


def find_shared_years(note: str, year: int) -> int:
    """Return by how many years a figure was divided, as its note says: the years of a period whose sum was stated, else 1."""
    said = f"{as_year(year)} 年合计,除以 {count_years(year)} 年 | "
    return count_years(year) if is_period(year) and said in note.rpartition("; ")[2] else 1


def check_dated(
    finder: RowProblems, leaves: Mapping[str, Leaf], price_years: NDArray[np.int64], years: NDArray[np.int64]
) -> None:
    """Note money of periods that does not say of which year its yuan are.

    Parameters
    ----------
    price_years : of the rows, 0: not money, -1: none was written
    """
    open_rows = (price_years < 0) & is_period(years)
    if not open_rows.any():
        return
    for identity, of_leaf in group_unique(finder, "variable"):
        if identity not in leaves or not is_priced(leaves[identity]):
            continue
        name = name_id(identity, dict(leaves))
        finder.add(
            of_leaf[open_rows[of_leaf] & ~finder.bad[of_leaf]],
            lambda at, name=name: say(  # type: ignore[misc]
                "{variable} of {period} has no price year", variable=name, period=as_year(int(years[at]))
            ),
            say("money of several years with its price year, such as 万元_2020"),
            column="cell_unit",
        )


def note_sums(notes: pd.Series, years: NDArray[np.int64], stated_as: NDArray[np.object_]) -> pd.Series:
    """Return the notes of rows; those of a period say behind what was written whether they were stated as sum or mean."""
    told = np.flatnonzero(is_period(years))
    if not len(told):
        return notes
    texts = notes.astype(str).to_numpy(dtype=object)
    for at in told:
        period, count = as_year(int(years[at])), count_years(int(years[at]))
        text = (
            f"{period} 年合计,除以 {count} 年 | sum of {period}, divided by {count} years"
            if stated_as[at] == SUM
            else f"{period} 年平均 | mean of {period}"
        )
        texts[at] = "; ".join(filter(None, (texts[at], text)))
    return pd.Series(texts, index=notes.index).astype("category")


def _is_per_year(leaf: Leaf, text: str) -> bool:
    """Return whether a unit is that of the variable as it stands, the year in it."""
    try:
        find_factor(remove_price_year(text), leaf.unit)
    except UnitError:
        return False
    return True
