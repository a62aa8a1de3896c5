"""Formulas that several services share: quantity × price, a quantity taken over, the cost of reservoir capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import Coefficient, Constant, Rule, Title
from gep.rules.service import STATED, published

if TYPE_CHECKING:
    from gep.formula.nodes import Formula, Node


def value_of(
    identity: str, symbol: str, axes: tuple[str, ...], title: Title, formula: Node, source: str, clause: str, mark: str = "V"
) -> Rule:  # fmt: skip
    """Return the value rule of a line with the one variant that standards share; `clause` and `mark` are of the source."""
    priced = published(formula, source, clause, mark, "实物量 × 单价", "quantity × price")
    return Rule(identity, symbol, "CNY/yr", axes, title, {"priced": priced})


def taken_over(quantity: Node) -> dict[str, Formula]:
    """Return the variant in which a quantity modelled or measured elsewhere is taken over."""
    formula = published(quantity, "as-entered", "entered by the county", "V", "直接采用已测算的实物量", "quantity as entered")
    return {STATED: formula}


construction_cost = Coefficient(
    "reservoir_construction_cost", "c_we", "CNY/m^3", (), Title("水库单位库容建造成本", "Cost of building reservoir capacity"),
    least=0,
)  # fmt: skip
depreciation_rate = Coefficient(
    "reservoir_depreciation_rate", "d", "1/yr", (), Title("水库年折旧率", "Yearly depreciation of reservoirs"), least=0, most=1
)
operating_cost = Coefficient(
    "reservoir_operating_cost", "c_op", "CNY/m^3/yr", (), Title("水库单位库容年运营成本", "Yearly cost of running reservoirs"),
    least=0,
)  # fmt: skip
_ONE_YEAR = Constant(1.0, "yr")
"""A capacity that is used once a year costs one year of depreciation and operation."""

reservoir_cost = Rule(
    "reservoir.unit_cost",
    "p_we",
    "CNY/m^3",
    (),
    Title("单位库容价格", "Price of a cubic metre of capacity"),
    {
        "full_construction_cost": published(
            construction_cost, "garze-2017", "section 2.4.1, shadow project", "V",
            "水库建造成本全额计入当年", "full construction cost in one year",
            "P1:水库建造成本全额计入一年,年折算成本只有其十分之一到三十分之一 | P1: the whole construction cost of a reservoir is charged to one year; an annualised cost is 10 to 30 times less",
        ),
        "annualised": published(
            (construction_cost * depreciation_rate + operating_cost) * _ONE_YEAR,
            "ndrc-2022", "shadow project, annualised (clause not seen)", "K-",
            "水库建造成本年折旧加年运营成本", "yearly depreciation plus yearly operation",
        ),
    },
)  # fmt: skip
