"""Leisure and recreation: residents' hours outdoors at the value of an hour."""

from gep.formula.nodes import Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import CULTURAL
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.cultural import recreation_hours

AXES = ("site",)
hour_value = Coefficient(
    "recreation_hour_value",
    symbol="p_h",
    unit="CNY/h",
    axes=(),
    title=Title("休闲小时价值", "Value of an hour of recreation"),
    least=0,
)

hours = Rule(
    "leisure_recreation.hours",
    symbol="Q_lr",
    unit="h/yr",
    axes=AXES,
    title=Title("休闲游憩时间", "Hours of recreation"),
    variants={
        "reported": declare_variant(
            recreation_hours,
            source="standards-family",
            clause="leisure (clause not seen)",
            mark="K-",
            zh="居民休闲小时",
            en="hours of residents",
            caution="P9:同一批人可能已计入旅游 | P9: the same persons may stand in tourism",
        )
    },
)
value = make_value(
    "leisure_recreation.hours_value",
    "V_lr0",
    AXES,
    Title("休闲游憩价值", "Value of recreation"),
    hours * hour_value,
    "standards-family",
    "leisure, hours times value of an hour (clause not seen)",
    "K-",
)

SERVICE = Service(
    "leisure_recreation",
    CULTURAL,
    (
        Line(
            "leisure_recreation.hours",
            title=Title("休闲游憩", "Leisure and recreation"),
            quantities=(hours,),
            prices=(hour_value,),
            value=value,
        ),
    ),
    seea="recreation-related",
)
