"""Water purification: pollutants that waters and wetlands take up, valued at the cost of treating them."""

from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Coefficient, Rule, smaller, total
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_taken_over, make_value
from gep.rules.pollutants import treatment_cost
from gep.rules.service import Line, Service, declare_variant
from gep.rules.water_conservation import volume
from gep.variables.base import area
from gep.variables.regulating import load_in, load_out, load_treated, water_discharge, water_purified

AXES = (ECOSYSTEM, POLLUTANT)
wetland_uptake = Coefficient(
    "wetland_purification",
    symbol="P_w",
    unit="t/km^2/yr",
    axes=AXES,
    title=Title("湿地单位面积净化量", "Purification per area of wetland"),
    least=0,
)
_capacity = area * wetland_uptake
_DIRTIER = "P10:按排放量计,污染越重价值越高 | P10: counting discharges gives a dirtier county a higher value"
_ANY_CLASS = "P10:按排放量计,污染越重价值越高;指南只在水质达到 III 类时用负荷平衡,否则按湿地净化能力,此处不核对水质类别 | P10: counting discharges gives a dirtier county a higher value; the guides balance loads only where the water meets class III and take the capacity of wetlands where not, which is not checked here"
amount = Rule(
    "water_purification.amount",
    symbol="Q_wp",
    unit="t/yr",
    axes=AXES,
    title=Title("水质净化量", "Water pollutants removed"),
    variants={
        "capacity": declare_variant(
            _capacity,
            source="standards-family",
            clause="water purification, wetland capacity",
            mark="K",
            zh="按湿地净化能力",
            en="capacity of wetlands",
            caution="P10:净化能力可高出实际排放 | P10: capacity can exceed real discharges",
        ),
        "load_balance": declare_variant(
            water_discharge + load_in - load_out - load_treated,
            source="standards-family",
            clause="water purification, load balance",
            mark="K",
            zh="按负荷平衡",
            en="discharge plus inflow less outflow less treated",
            caution=_ANY_CLASS,
        ),
        "discharge": declare_variant(
            water_discharge,
            source="garze-2017",
            clause="section 2.4.6, discharges",
            mark="V",
            zh="按排放量",
            en="what was discharged",
            caution=_DIRTIER,
        ),
        "guarded_minimum": declare_variant(
            smaller(water_discharge, total(_capacity, over=ECOSYSTEM)),
            source="this-project",
            clause="guard, not a clause of any standard",
            mark="K",
            zh="排放量与净化能力取小",
            en="the smaller of discharge and capacity",
        ),
        **make_taken_over(water_purified),
    },
)
value = make_value(
    "water_purification.amount_value",
    "V_wp0",
    AXES,
    Title("水质净化价值", "Value of water purification"),
    amount * treatment_cost,
    "garze-2017",
    "section 2.4.6, cost of treatment",
)
purification_cost = Coefficient(
    "water_purification_cost",
    symbol="K_w",
    unit="CNY/m^3",
    axes=(),
    title=Title("单位水量净化费用", "Cost of purifying a cubic metre of water"),
    least=0,
)
retained = Rule(
    "water_purification.retained_water",
    symbol="Q_wpv",
    unit="m^3/yr",
    axes=(ECOSYSTEM,),
    title=Title("净化水量", "Water purified"),
    variants={
        "water_conserved": declare_variant(
            volume,
            source="forest-bureau-program",
            clause="lyzy, 10 K A (P − E − C); LY/T 1721 family",
            mark="V-c",
            zh="按调节水量",
            en="the water that is held back",
            caution="P9:净化水量就是水源涵养量,同一水量计价两次 | P9: the water purified is the water conserved, valued a second time",
        )
    },
)
retained_value = make_value(
    "water_purification.retained_water_value",
    "V_wpv",
    (ECOSYSTEM,),
    Title("净化水量价值", "Value of water purified"),
    retained * purification_cost,
    "forest-bureau-program",
    "lyzy, 10 K A (P − E − C); LY/T 1721 family",
    "V-c",
)

SERVICE = Service(
    "water_purification",
    REGULATING,
    (
        Line(
            "water_purification.amount",
            title=Title("水质净化", "Water purification"),
            quantities=(amount,),
            prices=(treatment_cost,),
            value=value,
            negative=True,
        ),
        Line(
            "water_purification.retained_water",
            title=Title("净化水量", "Water purified"),
            quantities=(retained,),
            prices=(purification_cost,),
            value=retained_value,
            negative=True,
            named_only=True,
            instead_of=("water_purification.amount",),
        ),
    ),
    seea="water purification",
)
