"""Formulas that several services share: quantity × price, a quantity taken over, the cost of reservoir capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import Coefficient, Constant, Rule
from gep.messages.title import Title
from gep.rules.service import STATED, declare_variant

if TYPE_CHECKING:
    from gep.formula.nodes import Node, Variant


def make_value(
    identity: str, symbol: str, axes: tuple[str, ...], title: Title, formula: Node, source: str, clause: str, mark: str = "V"
) -> Rule:
    """Return the rule of the value of a line, in CNY/yr, with the one variant that standards share.

    Parameters
    ----------
    axes   : what the value varies over besides the account
    source : key of `coefficients/sources.yaml`
    clause : where the formula stands in the source
    mark   : how far it is known that the source says so
    """
    priced = declare_variant(formula, source=source, clause=clause, mark=mark, zh="实物量 × 单价", en="quantity × price")
    return Rule(identity, symbol=symbol, unit="CNY/yr", axes=axes, title=title, variants={"priced": priced})


def make_taken_over(quantity: Node) -> dict[str, Variant]:
    """Return the variant in which a quantity modelled or measured elsewhere is taken over."""
    formula = declare_variant(
        quantity,
        source="as-entered",
        clause="entered by the county",
        mark="V",
        zh="直接采用已测算的实物量",
        en="quantity as entered",
    )
    return {STATED: formula}


not_priced = Coefficient(
    "not_priced",
    symbol="—",
    unit="CNY/yr",
    axes=(),
    title=Title("本方法只核算实物量,不计价", "This method accounts quantities and no values"),
)
"""Stands where a method has no value; it has no rows and nobody can enter it, so that a value never comes of it."""

construction_cost = Coefficient(
    "reservoir_construction_cost",
    symbol="c_we",
    unit="CNY/m^3",
    axes=(),
    title=Title("水库单位库容建造成本", "Cost of building reservoir capacity"),
    least=0,
)
depreciation_rate = Coefficient(
    "reservoir_depreciation_rate",
    symbol="d",
    unit="1/yr",
    axes=(),
    title=Title("水库年折旧率", "Yearly depreciation of reservoirs"),
    least=0,
    most=1,
)
operating_cost = Coefficient(
    "reservoir_operating_cost",
    symbol="c_op",
    unit="CNY/m^3/yr",
    axes=(),
    title=Title("水库单位库容年运营成本", "Yearly cost of running reservoirs"),
    least=0,
)
_ONE_YEAR = Constant(1.0, "yr")
"""A capacity that is used once a year costs one year of depreciation and operation."""

reservoir_cost = Rule(
    "reservoir.unit_cost",
    symbol="p_we",
    unit="CNY/m^3",
    axes=(),
    title=Title("单位库容价格", "Price of a cubic metre of capacity"),
    variants={
        "full_construction_cost": declare_variant(
            construction_cost,
            source="garze-2017",
            clause="section 2.4.1, shadow project",
            mark="V",
            zh="水库建造成本全额计入当年",
            en="full construction cost in one year",
            caution="P1:水库建造成本全额计入一年,年折算成本只有其十分之一到三十分之一 | P1: the whole construction cost of a reservoir is charged to one year; an annualised cost is 10 to 30 times less",
        ),
        "annualised": declare_variant(
            (construction_cost * depreciation_rate + operating_cost) * _ONE_YEAR,
            source="ndrc-2022",
            clause="shadow project, annualised (clause not seen)",
            mark="K-",
            zh="水库建造成本年折旧加年运营成本",
            en="yearly depreciation plus yearly operation",
        ),
    },
)
