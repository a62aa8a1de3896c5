"""Water conservation: rain that ecosystems keep back, valued at the cost of a reservoir."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Rule, at_least_zero, first_known
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_taken_over, make_value, reservoir_cost
from gep.rules.service import Line, Service, declare_variant
from gep.variables.base import area, evapotranspiration, precipitation
from gep.variables.regulating import surface_runoff, water_conservation_volume, water_in, water_out, water_used

AXES = (ECOSYSTEM,)
runoff_coefficient = Coefficient(
    "runoff_coefficient",
    symbol="α",
    unit="1",
    axes=AXES,
    title=Title("地表径流系数", "Surface runoff coefficient"),
    least=0,
    most=1,
)
runoff = Rule(
    "water_conservation.runoff",
    symbol="R",
    unit="mm/yr",
    axes=AXES,
    title=Title("地表径流量", "Surface runoff"),
    variants={
        "measured_or_coefficient": declare_variant(
            first_known(surface_runoff, precipitation * runoff_coefficient),
            source="gong-2017",
            clause="section 1.2, R = P × α",
            mark="V",
            zh="实测径流,没有时用降水量乘径流系数",
            en="measured runoff, else rain times runoff coefficient",
        )
    },
)
_balance = area * (precipitation - runoff - evapotranspiration)
volume = Rule(
    "water_conservation.volume",
    symbol="Q_wr",
    unit="m^3/yr",
    axes=AXES,
    title=Title("水源涵养量", "Water conserved"),
    variants={
        "water_balance": declare_variant(
            _balance,
            source="gong-2017",
            clause="section 1.2, eq. 1",
            mark="V",
            zh="水量平衡法(负值保留)",
            en="water balance, negative cells kept",
        ),
        "water_balance_clipped": declare_variant(
            at_least_zero(_balance),
            source="gong-2017",
            clause="section 1.2, eq. 1; clipping is a choice of the user",
            mark="K-",
            zh="水量平衡法(负值取零)",
            en="water balance, negative cells clipped to zero",
        ),
        "regional_balance": declare_variant(
            water_used + (water_out - water_in),
            source="standards-family",
            clause="regional balance (clause not seen)",
            mark="K-",
            zh="区域水量平衡法",
            en="regional balance of water used and passed on",
        ),
        **make_taken_over(water_conservation_volume),
    },
)
value = make_value(
    "water_conservation.volume_value",
    "V_wr0",
    AXES,
    Title("水源涵养价值", "Value of water conserved"),
    volume * reservoir_cost,
    "garze-2017",
    "section 2.4.1",
)

SERVICE = Service(
    "water_conservation",
    REGULATING,
    (
        Line(
            "water_conservation.volume",
            title=Title("水源涵养", "Water conservation"),
            quantities=(volume,),
            prices=(reservoir_cost,),
            value=value,
        ),
    ),
    seea="water flow regulation: baseline flow",
)
