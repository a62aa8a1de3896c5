"""Says where a county's own row of the price index is another rate than the index of the standard has for that year."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gep.coefficients.shipped import read_shipped_tables
from gep.messages.findings import Finding
from gep.messages.problems import Problem
from gep.messages.texts import name_id, say
from gep.reference.price_indices import name_index
from gep.variables.base import price_index
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.inputs.rows import Inputs
    from gep.standards.plan import Plan

_SAME = 6e-4
"""Rates that differ by less are the same: they are published with one decimal of a per cent, and the index is chained of such."""


def check_index_rows(inputs: Inputs, plan: Plan) -> Iterator[Finding]:
    """Yield a finding (C) for each row of the index that takes the place of another rate of the standard's index.

    Parameters
    ----------
    plan : of the standard, for the name of its index
    """
    rows = inputs.rows[inputs.rows["variable"] == price_index.id]
    if not len(rows):
        return
    index = plan.standard.price_index
    points = {year: point.value for year, point in read_shipped_tables().price_index.get(index, {}).items()}
    for row in rows.to_dict("records"):
        year, own = int(row["product"]), float(row["value"])
        if year not in points or year - 1 not in points:
            continue
        shipped = points[year] / points[year - 1]
        if math.isclose(own, shipped, abs_tol=_SAME):
            continue
        found = say(
            "{variable} of {year} is {own} % and {shipped} % in the index {index}: every price that passes through this year changes",
            variable=name_id(price_index.id, VARIABLES),
            year=year,
            own=f"{own * 100:.4g}",
            shipped=f"{shipped * 100:.4g}",
            index=name_index(index),
        )
        problem = Problem(
            str(row["file"]),
            int(row["line"]),
            found,
            say("rows for years after {end} alone, unless the county has a rate of its own", end=max(points)),
            "confirm it in writing, or delete the row",
            str(row.get("cell") or ""),
        )
        account = inputs.accounts.iloc[int(row["account"])]
        yield Finding("C", "index_rate", problem, str(account["county"]), int(account["year"]))
