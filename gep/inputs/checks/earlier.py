"""Checks figures against those of the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.inputs.checks.figures import space_unit
from gep.messages.texts import name_title, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gep.inputs.checks.figures import Figures
    from gep.messages.findings import Finding

CHANGE_CONFIRMED, CHANGE_EXPLAINED = 1.5, 4.0
"""Factors against last year: beyond the first a figure is confirmed (C), beyond the second explained (B)."""
STEADY_CHANGE = 1.02
"""Factor for what hardly changes in a year: the land area of a county."""


def check_last_year(figures: Figures, before: pd.DataFrame | None) -> Iterator[Finding]:
    """Yield findings where a figure changed by more than a factor of 1.5 (C) or 4 (B); land area by more than 1.02 (B).

    Parameters
    ----------
    before : last year's figures, as in `check_inputs`; None: no findings
    """
    if before is None or before.empty:
        return
    rows = figures.rows
    now, earlier = _number_figures(figures, before)
    known = earlier >= 0
    given = pd.DataFrame({"figure": now, "at": np.arange(len(now)), "value": rows["value"].to_numpy()})
    stored = pd.DataFrame({"figure": earlier[known], "before": before["value"].to_numpy()[known]})
    both = given.merge(stored, on="figure")
    both = both[(both["value"] != both["before"]) & (both["before"] != 0)]
    ratio = both["value"] / both["before"]
    change = ratio.where(ratio > 1, 1 / ratio.where(ratio > 0)).fillna(np.inf)
    is_land = rows["variable"].to_numpy()[both["at"]] == "land_area"
    both = both.assign(ratio=ratio, change=change, limit=np.where(is_land, STEADY_CHANGE, CHANGE_CONFIRMED))
    both = both[change > both["limit"]]
    places = figures.records(rows, both["at"].to_numpy(), "variable")
    for row, place in zip(both.to_dict("records"), places, strict=True):
        grade = "B" if row["change"] > CHANGE_EXPLAINED or row["limit"] == STEADY_CHANGE else "C"
        leaf = figures.known[place["variable"]]
        text = say(
            "{title} is {now:,.6g}, last year {before:,.6g}{unit}: a factor of {ratio:,.3g}",
            title=name_title(leaf),
            now=row["value"],
            before=row["before"],
            unit=space_unit(leaf.unit),
            ratio=row["ratio"],
        )
        yield figures.doubt(
            place,
            grade,
            "last-year",
            text,
            say("a change by a factor of at most {limit:g}", limit=row["limit"]),
            "check unit and source; explain the change",
        )


def _number_figures(figures: Figures, before: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return a number for each figure of this year and of last year, the same where account, variable and members are the same.

    A figure of last year that this year does not have is -1.
    """
    counties, years = pd.Index(np.unique(figures.county)), pd.Index(np.unique(figures.year))
    account_of = np.full((len(counties), len(years)), -1)
    account_of[counties.get_indexer(pd.Index(figures.county)), years.get_indexer(pd.Index(figures.year))] = np.arange(
        len(figures.county)
    )
    county, year = _translate(before["county"], counties), years.get_indexer(pd.Index(before["year"]))
    now = [figures.rows["account"].to_numpy()]
    earlier = [np.where((county < 0) | (year < 0), -1, account_of[county, year])]
    sizes = [len(figures.county)]
    for name in ("variable", "ecosystem", "pollutant", "product"):
        column = figures.rows[name].astype("category").cat
        now.append(column.codes.to_numpy())
        earlier.append(_translate(before[name], column.categories))
        sizes.append(len(column.categories))
    known = np.all([codes >= 0 for codes in earlier], axis=0)
    numbers = np.full(len(before), -1)
    numbers[known] = np.ravel_multi_index([codes[known] for codes in earlier], sizes)
    return np.ravel_multi_index(now, sizes), numbers


def _translate(column: pd.Series, names: pd.Index) -> NDArray[np.intp]:
    """Return the place of each text of a column among some names, -1 where it is none of them."""
    coded = column.astype("category").cat
    return names.get_indexer(coded.categories)[coded.codes.to_numpy()]
