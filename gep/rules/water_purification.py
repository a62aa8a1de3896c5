"""Water purification: pollutants that waters and wetlands take up, valued at the cost of treating them."""

from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Coefficient, Rule, Title, smaller, total
from gep.reference.services import REGULATING
from gep.rules.parts import taken_over, value_of
from gep.rules.pollutants import treatment_cost
from gep.rules.service import Line, Service, published
from gep.variables.base import area
from gep.variables.regulating import load_in, load_out, load_treated, water_discharge, water_purified

AXES = (ECOSYSTEM, POLLUTANT)
wetland_uptake = Coefficient(
    "wetland_purification", "P_w", "t/km^2/yr", AXES, Title("湿地单位面积净化量", "Purification per area of wetland"), least=0
)
_capacity = area * wetland_uptake
_DIRTIER = "P10:按排放量计,污染越重价值越高 | P10: counting discharges gives a dirtier county a higher value"
_ANY_CLASS = "P10:按排放量计,污染越重价值越高;指南只在水质达到 III 类时用负荷平衡,否则按湿地净化能力,此处不核对水质类别 | P10: counting discharges gives a dirtier county a higher value; the guides balance loads only where the water meets class III and take the capacity of wetlands where not, which is not checked here"
amount = Rule(
    "water_purification.amount", "Q_wp", "t/yr", AXES, Title("水质净化量", "Water pollutants removed"),
    {
        "capacity": published(
            _capacity, "standards-family", "water purification, wetland capacity", "K", "按湿地净化能力", "capacity of wetlands",
            "P10:净化能力可高出实际排放 | P10: capacity can exceed real discharges",
        ),
        "load_balance": published(
            water_discharge + load_in - load_out - load_treated, "standards-family", "water purification, load balance", "K",
            "按负荷平衡", "discharge plus inflow less outflow less treated", _ANY_CLASS,
        ),
        "discharge": published(
            water_discharge, "garze-2017", "section 2.4.6, discharges", "V", "按排放量", "what was discharged", _DIRTIER
        ),
        "guarded_minimum": published(
            smaller(water_discharge, total(_capacity, over=ECOSYSTEM)), "this-project", "guard, not a clause of any standard", "K",
            "排放量与净化能力取小", "the smaller of discharge and capacity",
        ),
        **taken_over(water_purified),
    },
)  # fmt: skip
value = value_of(
    "water_purification.amount_value", "V_wp0", AXES, Title("水质净化价值", "Value of water purification"), amount * treatment_cost,
    "garze-2017", "section 2.4.6, cost of treatment",
)  # fmt: skip

SERVICE = Service(
    "water_purification", REGULATING,
    (Line("water_purification.amount", Title("水质净化", "Water purification"), (amount,), (treatment_cost,), value),),
    seea="water purification",
)  # fmt: skip
