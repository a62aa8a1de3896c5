"""Checks figures against those of the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.inputs.checks.figures import space_unit
from gep.messages.texts import name_title, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

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
    names = ["variable", "ecosystem", "pollutant", "product"]
    rows = figures.rows.reset_index()
    rows = rows.assign(
        county=figures.county[rows["account"]],
        year=figures.year[rows["account"]],
        **{name: rows[name].astype(str) for name in names},
    )
    both = rows.merge(before.astype(dict.fromkeys(names, str)), on=["county", "year", *names], suffixes=("", "_before"))
    both = both[(both["value"] != both["value_before"]) & (both["value_before"] != 0)]
    ratio = both["value"] / both["value_before"]
    change = ratio.where(ratio > 1, 1 / ratio.where(ratio > 0)).fillna(np.inf)
    limit = np.where(both["variable"] == "land_area", STEADY_CHANGE, CHANGE_CONFIRMED)
    both = both.assign(ratio=ratio, change=change, limit=limit)
    for row in both[change > limit].to_dict("records"):
        grade = "B" if row["change"] > CHANGE_EXPLAINED or row["limit"] == STEADY_CHANGE else "C"
        leaf = figures.known[row["variable"]]
        text = say(
            "{title} is {now:,.6g}, last year {before:,.6g}{unit}: a factor of {ratio:,.3g}",
            title=name_title(leaf),
            now=row["value"],
            before=row["value_before"],
            unit=space_unit(leaf.unit),
            ratio=row["ratio"],
        )
        yield figures.doubt(
            row,
            grade,
            "last-year",
            text,
            say("a change by a factor of at most {limit:g}", limit=row["limit"]),
            "check unit and source; explain the change",
        )
