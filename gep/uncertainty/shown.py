"""The figures that a standard only shows, cell by cell as they are drawn: in their own units and in no total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.account.shown import flag_members
from gep.formula.nodes import ECOSYSTEM, PLACES, POLLUTANT
from gep.rules.service import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.explain.rebuild import RecomputedAccount
    from gep.messages.title import Title

MOST = 50
"""Cells of figures only shown that are drawn; a figure of every type and pollutant has more than anybody reads."""


@dataclass(frozen=True)
class ShownCell:
    """A figure that is only shown, of a member where it has several.

    Attributes
    ----------
    rule   : its id, such as `gep.per_hectare`
    ecosystem, pollutant, item : member it is of; empty where it has none
    cell   : place in the results of the rule
    """

    rule: str
    title: Title
    ecosystem: str
    pollutant: str
    item: str
    unit: str
    cell: tuple[int, int, int]


def list_shown_cells(account: RecomputedAccount) -> list[ShownCell]:
    """Return the figures that the standard only shows, as far as they have a value, in its order; the first fifty of them."""
    return [one for one, _ in zip(_list_cells(account), range(MOST), strict=False)]


def _list_cells(account: RecomputedAccount) -> Iterator[ShownCell]:
    for step in account.steps:
        if step.variant != SHOWN:
            continue
        result = account.evaluation.results[step.rule.id][:1]
        has = np.broadcast_to(flag_members(account.evaluation, step)[:1], result.shape) & np.isfinite(result)
        for place in np.argwhere(has).tolist():
            names = {
                axis: account.labels.name(axis, 0, place[PLACES.get(axis, 3)])
                for axis in step.rule.axes
                if result.shape[PLACES.get(axis, 3)] > 1
            }
            item = next((text for axis, text in names.items() if axis not in PLACES), "")
            of = (names.get(ECOSYSTEM, ""), names.get(POLLUTANT, ""), item)
            yield ShownCell(step.rule.id, step.rule.title, *of, step.rule.unit, (place[1], place[2], place[3]))
