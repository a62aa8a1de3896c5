"""Checks that accounts are of years in which their unit was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.inputs.row_problems import say_always
from gep.messages.texts import say
from gep.reference.periods import as_year, find_first_year, find_last_year
from gep.reference.regions import describe_retired, find_retired, read_own_units, read_regions, read_retired_divisions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gep.inputs.row_problems import RowProblems
    from gep.reference.regions import Region


def check_unit_years(
    finder: RowProblems, counties: pd.Categorical[str], moment: NDArray[np.int64], moments: NDArray[np.int64]
) -> None:
    """Note rows of units that did not exist in their year, with the successor where there is one.

    Parameters
    ----------
    counties, moment : of the rows
    moments : the year of each moment
    """
    dated = {
        code: one
        for code, one in {**read_retired_divisions(), **read_own_units()}.items()
        if one.valid_from is not None or one.valid_to is not None
    }
    if not dated:
        return
    codes, units = counties.codes, counties.categories
    first, last = (np.array([find(int(year)) for year in moments]) for find in (find_first_year, find_last_year))
    known = [dated.get(str(code)) for code in units]
    begins = np.array([one.valid_from or 0 if one else 0 for one in known])
    ends = np.array([np.inf if one is None or one.valid_to is None else one.valid_to for one in known])
    early = (first < begins[:, None]) & (moments > 0)
    late = last > ends[:, None]
    for wrong in (early, late):
        if not wrong.any():
            continue
        rows_of: dict[str, list[int]] = {}
        for at in np.flatnonzero(wrong[codes, moment]).tolist():
            rows_of.setdefault(units[codes[at]], []).append(at)
        for code, rows in rows_of.items():
            positions = np.array(rows)
            found, expected, hint = describe_wrong_year(dated[code], as_year(moments[moment[rows[0]]]))
            of_tables = finder.of_tables(positions)
            finder.add(of_tables if len(of_tables) else positions[:1], say_always(found), expected, hint)


def describe_wrong_year(one: Region, year: int) -> tuple[str, str, str]:
    """Return that a unit has no account of a year: found, expected, and its successor where there is one."""
    found = say("{unit} {name} has no account of {year}", unit=one.code, name=one.name_zh, year=year)
    expected = say(
        "a year from {first} to {last}", first=one.valid_from or "…", last=one.valid_to if one.valid_to is not None else "…"
    )
    if not one.address and (gone := find_retired(one.code)):
        return found, expected, describe_retired(gone[0])
    if one.successor and find_last_year(year) > (one.valid_to or find_last_year(year)):
        after = read_regions().get(one.successor)
        return (
            found,
            expected,
            say("its successor is {successor}", successor=f"{one.successor} {after.name_zh}" if after else one.successor),
        )
    return found, expected, ""
