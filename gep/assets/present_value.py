"""Present values of yearly flows by a stated valuation, in the one language of formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.assets.valuation import FORWARD, MID_YEAR
from gep.formula.nodes import Constant, Node
from gep.worked.calculation import Calculation, Given, give_cases, give_one, make_leaf, make_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.assets.valuation import Valuation
    from gep.formula.nodes import Rule
    from gep.worked.calculation import Figure

ZERO, ONE, YEAR = Constant(0.0), Constant(1.0, "1", "1"), Constant(1.0, "yr", "1")
HALF = Constant(0.5, "1", "1/2")
VALUE, FACTOR = "asset_value", "present_value_factor"


@dataclass(frozen=True)
class Flow:
    """A yearly income: its id, names, yuan a year with its origin, and the cells of the account below it."""

    id: str
    zh: str
    en: str
    rent: Figure
    cells: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


def make_calculation(valuation: Valuation, flows: Sequence[Flow]) -> Calculation:
    """Return the calculation whose rule `asset_value` is the present value of each flow in yuan, and `present_value_factor` in years.

    A block of years is the geometric series of its income, which is the sum that the convention prints:
    `sum v (1+g)^(t-1) / (1+r)^t` with income at the end of the year, `sum v ((1+g)/(1+r))^(t-1/2)` in its middle.

    Parameters
    ----------
    flows : the cases, in this order
    """
    how = valuation.convention
    rent = make_leaf("rent", "v", "CNY/yr", "年收益", "yearly income")
    growth = make_leaf("growth", "g", "1", "年增长率", "yearly growth")
    givens: list[Given] = [give_cases(rent, [one.rent for one in flows]), give_one(growth, valuation.growth)]
    rules: list[Rule] = []
    factors: list[Rule] = []
    before: Node | None = None
    """Years before the block."""
    through: Rule | None = None
    """What a yuan at the start of the block is discounted by, with forward rates."""
    for at, block in enumerate(valuation.blocks, start=1):
        rate = make_leaf(f"rate_{at}", f"r_{at}", "1", f"第 {at} 段折现率", f"discount rate of block {at}")
        years = make_leaf(f"years_{at}", f"n_{at}", "1", f"第 {at} 段年数", f"years of block {at}")
        givens.append(give_one(rate, block.rate))
        if block.years is not None:
            givens.append(give_one(years, block.years))
        forward = how.discounting == FORWARD
        series = _make_series(ONE + growth, ONE + rate, before, mid_year=how.timing == MID_YEAR, forward=forward)
        made: Node = YEAR * series / (rate - growth)
        if through is not None:
            made = made / through
        if block.years is not None:
            made = made * (ONE - ((ONE + growth) / (ONE + rate)) ** years)
        factors.append(
            make_rule(
                f"{FACTOR}_{at}",
                f"K_{at}",
                "yr",
                f"第 {at} 段现值系数",
                f"present value factor of block {at}",
                made,
                source=how.source,
                clause=how.locator,
                mark=how.mark,
            )
        )
        rules.append(factors[-1])
        before = years if before is None else before + years
        if forward and block.years is not None:
            grown = (ONE + rate) ** years
            through = make_rule(
                f"forward_{at}",
                f"F_{at}",
                "1",
                f"前 {at} 段累计折现",
                f"discount through block {at}",
                grown if through is None else through * grown,
                source=how.source,
                clause=how.locator,
                mark=how.mark,
            )
            rules.append(through)
    whole: Node = factors[0]
    for one in factors[1:]:
        whole = whole + one
    factor = make_rule(
        FACTOR, "K", "yr", "现值系数", "present value factor", whole, source=how.source, clause=how.locator, mark=how.mark
    )
    value = make_rule(
        VALUE, "V", "CNY", "资产价值", "asset value", rent * factor, source=how.source, clause=how.locator, mark=how.mark
    )
    return Calculation((*rules, factor, value), tuple(givens), tuple(one.id for one in flows))


def _make_series(grown: Node, discounted: Node, before: Node | None, *, mid_year: bool, forward: bool) -> Node:
    """Return the first term of the series of a block times (1+r) over what it grows by: its sum without end is this over r - g.

    Parameters
    ----------
    grown, discounted : 1+g and 1+r
    before : years before the block; None: it is the first
    """
    if mid_year:
        above = grown**HALF if before is None else grown ** (before + HALF)
    else:
        above = grown ** (ZERO if before is None else before)
    if before is None or forward:
        return above * discounted**HALF if mid_year else above
    return above / discounted ** (before - HALF if mid_year else before)
