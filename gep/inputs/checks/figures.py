"""Gives the checks the rows of validated inputs they ask for, and makes a finding at a row."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.inputs.row_problems import find_cell, list_values
from gep.inputs.wholes import flag_wholes
from gep.messages.findings import Finding
from gep.messages.many_findings import FindingColumns
from gep.messages.problems import Problem
from gep.reference.regions import list_chain
from gep.rules.catalogue import COEFFICIENTS
from gep.units.registry import name_unit, print_unit
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf
    from gep.inputs.rows import Inputs

PLACE = ("account", "file", "line", "cell")
"""Columns that say where a row stands; tables other than workbooks have no cells."""

KNOWN = {**VARIABLES, **COEFFICIENTS}
"""What a row may be about."""


class Figures:
    """The rows of validated inputs of all accounts, found by variable."""

    def __init__(self, inputs: Inputs, own: Mapping[str, Leaf] | None = None) -> None:
        """Find the rows; `own` is what they may be about beside the program's figures and parameters, by id."""
        self.inputs = inputs
        self.known: Mapping[str, Leaf] = {**KNOWN, **(own or {})}
        wholes = flag_wholes(inputs.rows, self.known, dict(enumerate(inputs.accounts["county"])))
        self.rows = inputs.rows[~wholes] if wholes.any() else inputs.rows
        codes = self.rows["variable"].cat.codes.to_numpy()
        order = np.argsort(codes, kind="stable")
        names = self.rows["variable"].cat.categories
        bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
        self.at = {name: order[bounds[at] : bounds[at + 1]] for at, name in enumerate(names) if bounds[at + 1] > bounds[at]}
        self.county = inputs.accounts["county"].astype(str).to_numpy()
        self.year = inputs.accounts["year"].to_numpy()
        self._none = self.rows.iloc[:0]
        self._regions: dict[str, NDArray[np.bool_]] = {}

    def of(self, variable: str) -> pd.DataFrame:
        """Return the rows of a variable, as in `Inputs.rows`; none where nobody gave it."""
        return self.rows.iloc[self.at[variable]] if variable in self.at else self._none

    def records(self, rows: pd.DataFrame, places: NDArray[Any], *also: str) -> list[dict[str, Any]]:
        """Return where rows at some positions stand, and what else is asked, as maps: column → value.

        Mostly there are none, and asking pandas for none costs as much as for a thousand.

        Parameters
        ----------
        also : further columns, beside account, file, line and cell
        """
        if not len(places):
            return []
        names = [name for name in (*PLACE, *also) if name in rows]
        columns = [list_values(rows[name], places) for name in names]
        return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]

    def totals(self, variable: str) -> pd.Series:
        """Return the total of a variable by account number, in the variable's unit."""
        rows = self.of(variable)
        return rows.groupby("account", sort=True, observed=True)["value"].sum()

    def doubt(
        self, row: Mapping[Any, Any] | pd.Series, grade: str, code: str, found: str, rule: str, repair: str = ""
    ) -> Finding:
        """Return a finding at a row.

        Parameters
        ----------
        grade  : A to D, as in `Finding`
        code   : the kind of finding
        found, rule, repair : what was found, the rule it breaks, and what may repair it
        """
        account = int(row["account"])
        return Finding(
            grade,
            code,
            Problem(str(row["file"]), int(row["line"]), found, rule, repair, find_cell(row)),
            str(self.county[account]),
            int(self.year[account]),
        )

    def doubt_each(
        self,
        rows: pd.DataFrame,
        places: NDArray[np.intp],
        grade: str,
        code: str,
        found: str | Sequence[str],
        rule: str | Sequence[str],
        repair: str | Sequence[str] = "",
    ) -> FindingColumns:
        """Return a finding at each of some rows, as `doubt`; a text stands for all, or there is one for each.

        Parameters
        ----------
        places : positions in `rows`
        """
        accounts = rows["account"].to_numpy()[places]
        cells = list_values(rows["cell"], places) if "cell" in rows else []
        return FindingColumns(
            grade,
            code,
            list_values(rows["file"], places),
            rows["line"].to_numpy(dtype=np.int64)[places],
            [str(one) for one in cells],
            self.county[accounts].tolist(),
            self.year[accounts].tolist(),
            found,
            rule,
            repair,
        )

    def within(self, region: str) -> NDArray[np.bool_]:
        """Return which accounts are of counties in a region (CN, or two to six digits), flags of shape (accounts,)."""
        if region not in self._regions:
            self._regions[region] = np.array([region in list_chain(code) for code in self.county], dtype=bool)
        return self._regions[region]


@cache
def space_unit(unit: str) -> str:
    """Return a unit with a space before it, as it follows a number; empty for a plain number."""
    return name_unit(f" {print_unit(unit)}".rstrip())


def find_first_rows(rows: pd.DataFrame, accounts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the position of the first row of each of some accounts that have one."""
    known, first = np.unique(rows["account"].to_numpy(), return_index=True)
    return first[np.searchsorted(known, accounts)]
