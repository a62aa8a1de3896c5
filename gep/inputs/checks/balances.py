"""Checks that water balances, and that no figure is above what it is part of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.inputs.checks.figures import find_first_rows, space_unit
from gep.messages.many_texts import say_each
from gep.messages.texts import name_id, name_title, say
from gep.reference.members import list_types_above
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gep.inputs.checks.figures import Figures
    from gep.messages.many_findings import FindingColumns

BALANCE_TOLERANCE = 0.2
"""Rain may differ from evapotranspiration and runoff by this share: storage between years, water from elsewhere."""
NOT_ABOVE = (
    ("storm_rainfall", "precipitation"),
    ("storm_runoff", "storm_rainfall"),
    ("surface_runoff", "precipitation"),
    ("lake_area", "land_area"),
    ("marsh_area", "land_area"),
    ("naturally_recovering_area", "land_area"),
    ("area_by_diversity_class", "land_area"),
)
"""Pairs of variables: the total of the first is not above the second."""


def balance(figures: Figures) -> Iterator[FindingColumns]:
    """Yield findings where evapotranspiration is above precipitation (B), or with runoff differs from it by over 20 % (C)."""
    if "precipitation" not in figures.at or "evapotranspiration" not in figures.at:
        return
    rows = figures.of("evapotranspiration")
    gone, rain, flow = (
        rows["value"].to_numpy(),
        _for_types(figures, "precipitation", rows),
        _for_types(figures, "surface_runoff", rows),
    )
    above = np.flatnonzero((rain > 0) & (gone > rain))
    if len(above):
        text = say_each(
            "evapotranspiration {gone:,g} mm is above precipitation {rain:,g} mm",
            {"gone": gone[above].tolist(), "rain": rain[above].tolist()},
        )
        yield figures.doubt_each(
            rows,
            above,
            "B",
            "balance",
            text,
            "evapotranspiration is not above precipitation",
            "check both sources and their years",
        )
    off = np.flatnonzero((rain > 0) & (np.abs(rain - gone - flow) > BALANCE_TOLERANCE * rain))
    if len(off):
        rule = say("a difference of at most {share:.0%} of precipitation", share=BALANCE_TOLERANCE)
        text = say_each(
            "precipitation {rain:,g} mm is not evapotranspiration {gone:,g} mm and runoff {flow:,g} mm together",
            {"rain": rain[off].tolist(), "gone": gone[off].tolist(), "flow": flow[off].tolist()},
        )
        yield figures.doubt_each(
            rows, off, "C", "balance", text, rule, "confirm that storage or water from elsewhere explains it"
        )


def check_not_above(figures: Figures) -> Iterator[FindingColumns]:
    """Yield findings where a figure is above what it is part of (B), or lakes or marshes above the wetlands of the survey (C)."""
    for small, large in NOT_ABOVE:
        if small not in figures.at or large not in figures.at:
            continue
        whole = figures.of(large)
        limit = (
            whole[whole["ecosystem"] == ""].groupby("account", observed=True)["value"].max()
            if large == "precipitation"
            else figures.totals(large)
        )
        rows = figures.of(small)
        parts = rows.groupby("account", observed=True)["value"].max() if small == "surface_runoff" else figures.totals(small)
        both = parts.index.intersection(limit.index)
        above = both[(parts[both] > limit[both]).to_numpy()]
        if above.empty:
            continue
        one, two = VARIABLES[small], VARIABLES[large]
        text = say_each(
            "{one} {small:,g} is above {two} {large:,g}{unit}",
            {"small": parts[above].tolist(), "large": limit[above].tolist()},
            one=name_title(one),
            two=name_title(two),
            unit=space_unit(two.unit),
        )
        rule = say("{one} is not above {two}", one=name_id(small, VARIABLES), two=name_id(large, VARIABLES))
        first = find_first_rows(rows, above.to_numpy())
        yield figures.doubt_each(rows, first, "B", "bound", text, rule, "check the units of both")
    yield from _wetlands(figures)


def _for_types(figures: Figures, variable: str, rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return a variable beside rows by ecosystem type: of the type if it is given, else of the county; NaN where neither is."""
    given = figures.of(variable)
    if given.empty:
        return np.full(len(rows), np.nan)
    whole = given[given["ecosystem"] == ""].set_index("account")["value"]
    own = given.set_index(["account", "ecosystem"])["value"]
    of_type = own.reindex(pd.MultiIndex.from_arrays([rows["account"], rows["ecosystem"].astype(str)])).to_numpy(dtype=float)
    return np.where(np.isnan(of_type), whole.reindex(rows["account"]).to_numpy(dtype=float), of_type)


def _wetlands(figures: Figures) -> Iterator[FindingColumns]:
    area = figures.of("area")
    for small, kinds in (("lake_area", ("lake", "wetland")), ("marsh_area", ("marsh", "wetland"))):
        rows = figures.of(small)
        if rows.empty or area.empty:
            continue
        known = (
            area[
                area["ecosystem"].isin(
                    [name for name in area["ecosystem"].cat.categories if set(kinds) & set(list_types_above(name))]
                )
            ]
            .groupby("account", observed=True)["value"]
            .sum()
        )
        parts = rows.groupby("account", observed=True)["value"].sum()
        both = parts.index.intersection(known.index)
        above = both[(parts[both] > known[both] * 1.05).to_numpy()]
        if above.empty:
            continue
        text = say_each(
            "{title} {area:,g} km² is above the wetlands of the land survey, {known:,g} km²",
            {"area": parts[above].tolist(), "known": known[above].tolist()},
            title=name_title(VARIABLES[small]),
        )
        first = find_first_rows(rows, above.to_numpy())
        yield figures.doubt_each(
            rows, first, "C", "bound", text, "part of the wetland area", "confirm the survey each comes from"
        )
