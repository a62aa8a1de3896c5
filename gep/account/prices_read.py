"""Finds the years whose rows of the price index an account passes through, and so which of its own index rows have an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.records import dataclass
from gep.variables.base import price_index

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from gep.account.binding import Choice
    from gep.formula.evaluate import Flags


@dataclass(frozen=True)
class PriceYears:
    """In which years' money the figures of accounts are, and in which they are wanted.

    Attributes
    ----------
    of_rows  : price year of each row of the inputs, 0 where it is not of money; of shape (rows,)
    of_index : the year that a row of the price index is for, 0 for all other rows; of shape (rows,)
    wanted   : the years that money is brought to, account by account; arrays of shape (accounts,), 0 where there is none
    of_cells : coefficient → price year of the row of the tables that was chosen, in the shape of its array; 0 where none was
    """

    of_rows: NDArray[np.int64]
    of_index: NDArray[np.int64]
    wanted: tuple[NDArray[np.int64], ...]
    of_cells: Mapping[str, NDArray[np.int64]]


def read_price_years(
    rows: pd.DataFrame, price_years: NDArray[np.int64], wanted: tuple[NDArray[np.int64], ...], choices: Mapping[str, Choice]
) -> PriceYears:
    """Return the price years of a batch of accounts.

    Parameters
    ----------
    rows        : `variable` and `product` of each row
    price_years : of each row, 0 where it is not of money
    wanted      : the years that money is brought to, arrays of shape (accounts,)
    choices     : what was chosen from the tables, by coefficient
    """
    own = (rows["variable"] == price_index.id).to_numpy()
    of_index = np.zeros(len(rows), dtype=np.int64)
    if own.any():
        of_index[own] = rows["product"].astype(str).to_numpy()[own].astype(np.int64)
    of_cells = {}
    for name, choice in choices.items() if own.any() else ():
        years = np.array([*(row.price_year for row in choice.rows), 0, 0], dtype=np.int64)  # two places for no row and own row
        of_cells[name] = years[choice.winner]
    return PriceYears(price_years, of_index, wanted, of_cells)


def find_index_rows_read(
    prices: PriceYears, accounts: NDArray[np.int64], read: NDArray[np.bool_], reached: Mapping[str, Flags]
) -> NDArray[np.bool_]:
    """Return which rows are of an index year that some price with an effect passes through on its way to a wanted year.

    Parameters
    ----------
    accounts : number of the account of each row, of shape (rows,)
    read     : which rows have an effect themselves, flags of shape (rows,)
    reached  : leaf → cells that results were made of

    Returns
    -------
    flags of shape (rows,)
    """
    found = np.zeros(len(read), dtype=bool)
    at = np.flatnonzero(prices.of_index)
    if not len(at):
        return found
    passed: dict[int, set[int]] = {int(account): set() for account in np.unique(accounts[at])}
    counted = read & (prices.of_rows > 0)
    for account, year in np.unique(np.stack([accounts[counted], prices.of_rows[counted]], axis=1), axis=0).tolist():
        if account in passed:
            passed[account].add(year)
    for name in reached.keys() & prices.of_cells.keys():
        flags, years = np.broadcast_arrays(reached[name], prices.of_cells[name])
        for account, given in passed.items():
            place = account if len(years) > 1 else 0
            given.update(np.unique(years[place][flags[place]]).tolist())
    for row in at.tolist():
        account, year = int(accounts[row]), int(prices.of_index[row])
        wanted = [int(years[account]) for years in prices.wanted if years[account]]
        found[row] = any(min(one, two) < year <= max(one, two) for one in passed[account] if one for two in wanted)
    return found
