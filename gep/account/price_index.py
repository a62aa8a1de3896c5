"""The price index of each account: the shipped one, continued or corrected by index rows that the county gives itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.messages.problems import Problem, refuse
from gep.messages.texts import name_id, say
from gep.reference.price_indices import name_index
from gep.standards.currency import AS_PRINTED, LAST_YEAR, NO_INDEX
from gep.variables.base import price_index
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gep.coefficients.tables import Tables
    from gep.inputs.rows import Inputs

SHIPPED = 0
"""The chain of accounts that give no index rows."""


class PriceIndices:
    """What yuan of one year are in yuan of another, account by account.

    Attributes
    ----------
    chains     : year → index; the first is the shipped index
    of_account : position in `chains` of each account, of shape (accounts,)
    """

    def __init__(self, tables: Tables, index: str, inputs: Inputs) -> None:
        """Chain the rows of each account on the shipped index.

        Raises
        ------
        Problems : rows of a year before which there is no index, so that they would change nothing
        """
        own = _list_own_rows(inputs)
        self.as_printed = index == AS_PRINTED
        if self.as_printed:
            refuse(_goes_nowhere(row) for rows in own.values() for row in rows.values())
        shipped = {year: point.value for year, point in tables.price_index.get(index, {}).items()}
        self.chains: list[Mapping[int, float]] = [shipped]
        self.of_account: NDArray[np.int64] = np.full(len(inputs.accounts), SHIPPED, dtype=np.int64)
        if index == NO_INDEX and own:
            shipped = {min(year for rows in own.values() for year in rows) - 1: 1.0}
        known: dict[tuple[tuple[int, float], ...], int] = {}
        problems: list[Problem] = []
        for account, rows in own.items():
            rates = {year: float(row["value"]) for year, row in rows.items()}
            chain = chain_index(shipped, rates)
            problems += [
                _hangs_in_the_air(row, year, index, max(shipped, default=0)) for year, row in rows.items() if year not in chain
            ]
            number = known.setdefault(tuple(sorted(rates.items())), len(self.chains))
            if number == len(self.chains):
                self.chains.append(chain)
            self.of_account[account] = number
        refuse(problems)

    def find_ratio(self, chain: int, given: int, wanted: int) -> float | None:
        """Return what yuan of one year are multiplied by to be yuan of another; None where the chain lacks one of the years."""
        if given == wanted or self.as_printed:
            return 1.0
        points = self.chains[chain]
        if given not in points or wanted not in points:
            return None
        return float(f"{points[wanted] / points[given]:.15g}")

    def find_end(self, account: int) -> int:
        """Return the last year of an account's index; 0 without any, and none where prices count as printed."""
        if self.as_printed:
            return LAST_YEAR
        return max(self.chains[self.of_account[account]], default=0)


def chain_index(points: Mapping[int, float], rates: Mapping[int, float]) -> dict[int, float]:
    """Return an index with the given years put on the year before; years after a corrected one keep their own rates.

    Parameters
    ----------
    points : year → index
    rates  : year → index with the year before = 1; a year without any index the year before is left out
    """
    first = min(rates, default=9999)
    found = {year: value for year, value in points.items() if year < first}
    for year in sorted({*rates, *(year for year in points if year >= first)}):
        rate = rates.get(year) or (points[year] / points[year - 1] if year - 1 in points else None)
        if rate is not None and year - 1 in found:
            found[year] = float(f"{found[year - 1] * rate:.15g}")
    return found


def list_ratios(
    indices: PriceIndices, tables: Tables, inputs: Inputs, bases: NDArray[np.int64], constant_year: int | None
) -> list[tuple[int, int, float | None]]:
    """Return every ratio that a run needs, from price years of rows to accounting years and the constant year.

    Parameters
    ----------
    bases : the year whose yuan each account is computed in, of shape (accounts,)

    Raises
    ------
    Problems : accounts of the run need different ratios between the same years, since one store of a run holds one of them
    """
    rows = inputs.rows
    looked_up = {row.price_year for row in tables.rows if row.price_year}
    found: dict[tuple[int, int], tuple[float | None, int]] = {}
    problems = []
    of_rows = indices.of_account[rows["account"].to_numpy()]
    for chain in np.unique(indices.of_account):
        given = looked_up | {int(year) for year in pd.unique(rows["price_year"].to_numpy()[of_rows == chain]) if year}
        wanted = {int(year) for year in bases[indices.of_account == chain] if year} | (
            {constant_year} if constant_year else set()
        )
        for pair in ((one, two) for one in sorted(given) for two in sorted(wanted)):
            ratio = indices.find_ratio(int(chain), *pair)
            before = found.setdefault(pair, (ratio, int(chain)))
            if before[0] != ratio:
                problems.append(_differ(inputs, indices, max(int(chain), before[1]), pair))
    refuse(dict.fromkeys(problems))
    return [(*pair, ratio) for pair, (ratio, _) in sorted(found.items())]


def _list_own_rows(inputs: Inputs) -> dict[int, dict[int, dict[Any, Any]]]:
    """Return the index rows that accounts give, by account and year."""
    found: dict[int, dict[int, dict[Any, Any]]] = {}
    rows = inputs.rows
    for row in rows[rows["variable"] == price_index.id].to_dict("records"):
        found.setdefault(int(row["account"]), {})[int(row["product"])] = row
    return found


def _goes_nowhere(row: Mapping[Any, Any]) -> Problem:
    found = say(
        "{variable} is given, and the standard takes prices as they are printed", variable=name_id(price_index.id, VARIABLES)
    )
    hint = say("leave the row out, or take a standard with a price index")
    return Problem(str(row["file"]), int(row["line"]), found, say("no index rows"), hint, str(row.get("cell") or ""))


def _hangs_in_the_air(row: Mapping[Any, Any], year: int, index: str, end: int) -> Problem:
    return Problem(
        str(row["file"]),
        int(row["line"]),
        say(
            "{variable} is given for {year}, and there is no index of {before} to chain it on",
            variable=name_id(price_index.id, VARIABLES),
            year=year,
            before=year - 1,
        ),
        say("a row for each year after {end}, where the index {index} ends", end=end, index=name_index(index)),
        say("add {variable} of {before}", variable=name_id(price_index.id, VARIABLES), before=year - 1),
        str(row.get("cell") or ""),
    )


def _differ(inputs: Inputs, indices: PriceIndices, chain: int, pair: tuple[int, int]) -> Problem:
    account = int(np.flatnonzero(indices.of_account == chain)[0])
    row = next(iter(_list_own_rows(inputs)[account].values()))
    return Problem(
        str(row["file"]),
        int(row["line"]),
        say("accounts of this run bring yuan of {given} to {wanted} by different indices", given=pair[0], wanted=pair[1]),
        say(
            "the same rows of {variable} for all accounts of a run that need these years",
            variable=name_id(price_index.id, VARIABLES),
        ),
        "give every one the same rows, or run them one after the other",
        str(row.get("cell") or ""),
    )
