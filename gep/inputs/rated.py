"""Finds totals that stand beside the rates of the same thing: a mass of a group of land beside masses per area of its types.

A rule that takes the total where it is known, and area times rate elsewhere, would count both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.row_problems import find_cell, place_of
from gep.messages.problems import Problem
from gep.messages.texts import join_names, name_id, say
from gep.reference.members import WHOLE, list_types_above, name_member
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    import pandas as pd

RATED = {"npp_dry_matter_total": "npp_dry_matter"}
"""Total of a place → what it is per area; rules take the first of the two that is known, type by type."""
PLACES_SHOWN = 8


def check_rated(rows: pd.DataFrame) -> list[Problem]:
    """Return a problem for each total of the county or of a group of land within which types have rates of their own.

    Parameters
    ----------
    rows : as in `Inputs.rows`
    """
    problems: list[Problem] = []
    known = set(rows["variable"].cat.categories)
    for total, rate in RATED.items():
        if not {total, rate, "area"} <= known:
            continue
        taken = rows[rows["variable"].isin([total, rate, "area"])]
        for _, of_account in taken.groupby("account"):
            by_variable = {name: of_account[of_account["variable"] == name] for name in (total, rate, "area")}
            types = by_variable["area"].loc[by_variable["area"]["value"] > 0, "ecosystem"].astype(str)
            own = set(by_variable[total]["ecosystem"].astype(str))
            for _, row in by_variable[total].iterrows():
                whole = str(row["ecosystem"])
                below = [one for one in types if one not in own and whole in {WHOLE, *list_types_above(one)[1:]}]
                rated = by_variable[rate][
                    [
                        any(str(name) in {WHOLE, *list_types_above(one)} for one in below)
                        for name in by_variable[rate]["ecosystem"]
                    ]
                ]
                if len(rated):
                    problems.append(_problem(row, total, rate, [place_of(one) for _, one in rated.iterrows()]))
    return problems


def _problem(row: pd.Series, total: str, rate: str, places: list[str]) -> Problem:
    whole = join_names(name for name in (name_id(total, VARIABLES), name_member(str(row["ecosystem"]))) if name)
    found = say(
        "{whole} stands beside {other} of its parts ({places})",
        whole=whole,
        other=name_id(rate, VARIABLES),
        places=join_names(places[:PLACES_SHOWN]),
    )
    expected = say("a whole that is the sum of its parts, or one of the two")
    hint = say("keep the parts if they are complete, else the whole; both would count twice")
    return Problem(str(row["file"]), int(row["line"]), found, expected, hint, find_cell(row))
