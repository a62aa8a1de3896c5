"""Finds a figure that is to its last digit the sum of others beside it: a whole under a name that no list has (经济作物, 中药材).

A whole that the names tell is found in `wholes.py`. Here only the figures speak: the figure of an item that equals the sum of all
others of its variable, or of those that stand together before or behind it, as tables print a whole and its parts.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import numpy as np

from gep.inputs.row_problems import find_cell, place_of
from gep.inputs.wholes import AREA, is_additive
from gep.messages.problems import Problem
from gep.messages.texts import join_names, name_id, say
from gep.reference.members import name_member
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf

MOST_PARTS = 12
"""Parts beyond which those that stand together are not added up."""
DIGITS_OF_ALL, DIGITS_OF_SOME = 3, 4
"""Significant digits from which an equal sum is no chance: of all others, and of some."""
EXACT = 1e-12
"""Share by which binary numbers of one sum of decimals may differ."""
NO_TOTAL = ("非合计", "not a total")
"""What a note says of a figure that is a sum by chance."""


def check_sums(rows: pd.DataFrame, wholes: NDArray[np.bool_], known: Mapping[str, Leaf] = VARIABLES) -> list[Problem]:
    """Return a problem for each item whose figure is the sum of others of its variable, so that both would be counted.

    Parameters
    ----------
    rows   : as in `Inputs.rows`
    wholes : rows that are known as wholes and are not counted, as in `flag_wholes`
    known  : what rows may be about, by id
    """
    names = rows["variable"].cat.categories
    additive = np.array([name in known and is_additive(known[name]) and name != AREA for name in names], dtype=bool)
    is_named = np.array([name != "" for name in rows["product"].cat.categories], dtype=bool)
    named = is_named[rows["product"].cat.codes.to_numpy()]
    values = rows["value"].to_numpy()
    taken = np.flatnonzero(additive[rows["variable"].cat.codes.to_numpy()] & named & ~wholes & (values > 0))
    if len(taken) < 1 + 2:
        return []
    group = np.zeros(len(taken), dtype=np.int64)
    for name in ("variable", "ecosystem", "pollutant"):
        group = group * (len(rows[name].cat.categories) + 1) + rows[name].cat.codes.to_numpy()[taken]
    account = rows["account"].to_numpy()[taken]
    order = np.lexsort((rows["line"].to_numpy()[taken], rows["file"].cat.codes.to_numpy()[taken], group, account))
    taken, group, account = taken[order], group[order], account[order]
    starts = np.concatenate(([True], (np.diff(group) != 0) | (np.diff(account) != 0)))
    found: dict[int, tuple[int, ...]] = {}
    for at, parts in _list_sums(values[taken], np.cumsum(starts) - 1):
        found.setdefault(at, parts)
    problems = []
    for at in sorted(found):
        row = rows.iloc[taken[at]]
        if any(word in str(row["note"]).casefold() for word in NO_TOTAL):
            continue
        parts, alone = found[at], int((np.cumsum(starts) == np.cumsum(starts)[at]).sum()) == len(found[at]) + 1
        if _count_digits(str(row["value_given"])) < (DIGITS_OF_ALL if alone else DIGITS_OF_SOME):
            continue
        said = [
            name_id(str(row["variable"]), known),
            *(name_member(str(row[name])) for name in ("ecosystem", "pollutant", "product")),
        ]
        what = say(
            "{whole} is exactly the sum of {places}",
            whole=join_names(name for name in said if name),
            places=join_names(place_of(rows.iloc[taken[part]]) for part in parts),
        )
        hint = say("leave out the total or its parts; if it is no total, write 非合计 (not a total) as its note")
        problems.append(Problem(str(row["file"]), int(row["line"]), what, _EXPECTED, hint, find_cell(row)))
    return problems


_EXPECTED = "products that do not hold one another"


def _list_sums(values: NDArray[np.float64], group: NDArray[np.int64]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield each place whose value is the sum of all others of its group, or of those next to it, and their places."""
    count = len(values)
    total = np.bincount(group, weights=values)[group]
    size = np.bincount(group)[group]
    for at in np.flatnonzero((size > 2) & (np.abs(total - 2 * values) <= EXACT * total)):  # noqa: PLR2004 - itself and two more
        first = int(np.searchsorted(group, group[at]))
        yield int(at), tuple(one for one in range(first, first + int(size[at])) if one != at)
    for step in (1, -1):
        added = np.zeros(count)
        for parts in range(1, min(MOST_PARTS, int(size.max(initial=1)) - 1) + 1):
            shift = step * parts
            here = np.arange(max(0, -shift), count - max(0, shift))
            beside = here + shift
            same = group[here] == group[beside]
            here, beside = here[same], beside[same]
            added[here] += values[beside]
            if parts == 1:
                continue
            for at in here[np.abs(added[here] - values[here]) <= EXACT * values[here]]:
                yield int(at), tuple(sorted(int(at) + step * one for one in range(1, parts + 1)))


def _count_digits(given: str) -> int:
    """Return the significant digits of a figure as given; none where it is no plain number."""
    try:
        written = Decimal(given.replace(",", ""))
    except InvalidOperation:
        return 0
    return len(written.normalize().as_tuple().digits) if written.is_finite() else 0
