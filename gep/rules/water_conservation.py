"""Water conservation: rain that ecosystems keep back, valued at the cost of a reservoir."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, at_least_zero, e1, exp, first_known, if_at_most, total
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_taken_over, make_value, reservoir_cost
from gep.rules.service import Line, Service, declare_variant
from gep.variables.base import area, evapotranspiration, precipitation
from gep.variables.regulating import (
    daily_rain,
    monthly_rain,
    rain_events,
    surface_runoff,
    water_conservation_volume,
    water_in,
    water_out,
    water_used,
)

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
curve_number = Coefficient(
    "curve_number", symbol="CN", unit="1", axes=AXES, title=Title("径流曲线数", "Curve number"), least=1, most=100
)
_YEAR, _NOTHING, _MOST = Constant(1.0, "yr"), Constant(0.0, "mm"), Constant(100.0)
retention = Rule(
    "water_conservation.retention",
    symbol="S_cn",
    unit="mm",
    axes=AXES,
    title=Title("潜在最大滞留量", "Potential retention"),
    variants={
        "curve_number": declare_variant(
            Constant(25400.0, "mm") / curve_number - Constant(254.0, "mm"),
            source="invest",
            clause="25400 / CN − 254, as its tests assert",
            mark="V-c",
            zh="由曲线数计算",
            en="from the curve number",
        )
    },
)
_initial = Constant(0.2) * retention
_above = daily_rain - _initial
_of_day = if_at_most(daily_rain, _initial, then=_NOTHING, otherwise=_above * _above / (daily_rain + Constant(0.8) * retention))
_of_event = monthly_rain / rain_events
_ratio = retention / _of_event
_of_month = if_at_most(
    monthly_rain,
    _NOTHING,
    then=_NOTHING,
    otherwise=if_at_most(
        retention,
        _NOTHING,
        then=monthly_rain,
        otherwise=if_at_most(
            _MOST,
            _ratio,
            then=_NOTHING,
            otherwise=rain_events
            * (
                (_of_event - retention) * exp(Constant(-0.2) * _ratio)
                + retention * _ratio * exp(Constant(0.8) * _ratio) * e1(_ratio)
            ),
        ),
    ),
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
        ),
        "curve_number": declare_variant(
            total(_of_day, over="rain_day") / _YEAR,
            source="standards-family",
            clause="SCS curve number, day by day, (P − 0.2 S)² / (P + 0.8 S)",
            mark="K",
            zh="曲线数法(逐日)",
            en="curve number, day by day",
        ),
        "quickflow": declare_variant(
            total(_of_month, over="rain_month") / _YEAR,
            source="invest",
            clause="seasonal water yield, monthly quickflow with E1, as its tests assert; nothing where S is 100 times the rain of an event",
            mark="V-c",
            zh="快速径流法(逐月期望值)",
            en="quickflow, expected month by month",
        ),
    },
    usual="measured_or_coefficient",
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
            negative=True,
        ),
    ),
    seea="water flow regulation: baseline flow",
)
