"""Prices that count as a standard's document prints them: which years they are of is said, and constant prices are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.account.notices import EVERY, Notice
from gep.messages.problems import Problem
from gep.messages.texts import say
from gep.reference.periods import is_period
from gep.standards.currency import AS_PRINTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.account.binding import Binding
    from gep.inputs.rows import Inputs
    from gep.standards.model import Standard
    from gep.standards.plan import Plan

PRINTED = "as printed"
"""Code of the notice."""


def check_constant_year(standard: Standard, inputs: Inputs, constant_year: int | None) -> Iterator[Problem]:
    """Yield that constant prices are asked for under a standard that carries no price from one year to another."""
    years = inputs.accounts["year"].tolist()
    if standard.price_index == AS_PRINTED and constant_year is not None and not all(is_period(year) for year in years):
        found = say("prices of {year} are asked for, and the standard takes prices as they are printed", year=constant_year)
        yield Problem("--price-year", 0, found, say("current prices, or a standard with a price index"))


def note_printed_prices(plan: Plan, inputs: Inputs, binding: Binding) -> Iterator[Notice]:
    """Yield of which years the prices are that count as printed."""
    if plan.standard.price_index != AS_PRINTED:
        return
    chosen = (
        choice.rows[at].price_year
        for choice in binding.choices.values()
        for at in np.unique(choice.winner)
        if 0 <= at < len(choice.rows)
    )
    years = sorted({*(year for year in chosen if year), *(int(year) for year in inputs.rows["price_year"].unique() if year > 0)})
    if years:
        text = ", ".join(map(str, years))
        zh = f"价格按标准所列年份原值计入,不折算为核算年价格:{text.replace(', ', '、')} 年"
        yield Notice(
            EVERY, PRINTED, "", zh, f"prices count as they are printed and are not carried to the year of the account: of {text}"
        )
