"""The uncertain numbers of an account: each input and each coefficient row once, however many cells it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.explain.rebuild import MEMBERS
from gep.uncertainty.spread import Spread
from gep.uncertainty.stated import Stated, find_bounds, find_lines, is_share, read_stated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gep.explain.rebuild import RecomputedAccount
    from gep.messages.problems import Problem


@dataclass(frozen=True)
class Parameter:
    """A number of an account that is not certain.

    Attributes
    ----------
    key    : tells it from all others; the same for all accounts that used the same coefficient row
    leaf   : id of the variable or coefficient
    member : members it is of, as ids
    row    : its number among the rows of the account
    spread : in the leaf's own unit
    """

    key: str
    leaf: str
    member: str
    row: int
    spread: Spread


def list_parameters(
    account: RecomputedAccount, stated: Sequence[Stated], by_mark: Mapping[str, float], spare: set[int], problems: list[Problem]
) -> list[Parameter]:
    """Return the uncertain numbers of an account that its rules use.

    Parameters
    ----------
    stated  : spreads of a table; they go before all others
    by_mark : mark → relative standard deviation of every coefficient with this mark that nothing else is known of
    spare   : is given the places of lines that no number answers to
    problems : is given what is wrong with lines that cannot be meant of the value they are of

    Returns
    -------
    in the order of the account's rows: with a stated spread, with the range of its sources (triangular), or by its mark (normal, cut
    at what the number can be)
    """
    taken: set[int] = set()
    found = []
    own = len(account.inputs)
    members = [" ".join(filter(None, map(str, row))) for row in zip(*(account.rows[name] for name in MEMBERS), strict=True)]
    for row, leaf, value in account.numbers:
        member = members[row]
        lines = find_lines(account, stated, leaf, member)
        spread: Spread | None = None
        if lines:
            line = lines[-1][1]
            taken |= {number for number, _ in lines}
            if not value and is_share(line, account.leaf[leaf].unit):
                continue  # a share of nothing is nothing
            spread = read_stated(account, line, leaf, value, problems)
        elif row >= own:
            used = account.used[row - own]
            if used["low"] is not None and used["high"] is not None and used["low"] < used["high"] and used["value"]:
                factor = value / used["value"]
                low, high = sorted((used["low"] * factor, used["high"] * factor))
                low, high = min(low, value), max(high, value)  # a bound that is the value itself stays so after its factor
                spread = Spread("triangular", value, low, high, origin="table")
            elif used["mark"] in by_mark and value:
                low, high = find_bounds(account.leaf[leaf])
                spread = Spread("truncated", value, low, high, abs(value) * by_mark[used["mark"]], "mark")
        if spread is not None:
            found.append(Parameter(_name_row(account, row, leaf, member), leaf, member, row, spread))
    spare |= set(range(len(stated))) - taken
    return found


def count_numbers(account: RecomputedAccount) -> int:
    """Return how many numbers have an effect on the account, certain or not."""
    return len(account.numbers)


def find_cells(account: RecomputedAccount, parameter: Parameter) -> NDArray[np.bool_]:
    """Return the cells of the leaf that have their value from the parameter's row, flags of the leaf's shape."""
    return np.asarray(account.winners[parameter.leaf] == parameter.row)


def _name_row(account: RecomputedAccount, row: int, leaf: str, member: str) -> str:
    own = len(account.inputs)
    if row < own:
        return f"{account.record.head['county']} {account.year} {leaf} {member}"
    used = account.used[row - own]
    return " ".join(
        [leaf, *(str(used[name]) for name in ("set", "region", "year", "source") if used.get(name) is not None), member]
    )
