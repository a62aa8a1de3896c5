"""Pest control: vegetation that recovers by itself, valued at the cost of control by hand."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.regulating import natural_forest_area, pest_rate_natural, pest_rate_planted, recovering_area

AXES = (ECOSYSTEM,)
control_cost = Coefficient(
    "pest_control_cost", symbol="c_p", unit="CNY/ha/yr", axes=AXES, title=Title("病虫害防治成本", "Cost of pest control"), least=0
)

protected = Rule(
    "pest_control.area",
    symbol="Q_pc",
    unit="km^2",
    axes=AXES,
    title=Title("自然控制面积", "Area that recovers by itself"),
    variants={
        "recovering": declare_variant(
            recovering_area,
            source="garze-2017",
            clause="section 2.4.9, area that recovers",
            mark="V",
            zh="自愈面积",
            en="area that recovers",
        ),
        "rate_difference": declare_variant(
            natural_forest_area * (pest_rate_planted - pest_rate_natural),
            source="standards-family",
            clause="pest control, difference of rates",
            mark="K",
            zh="发生率差值法",
            en="difference of pest rates",
        ),
    },
)
value = make_value(
    "pest_control.area_value",
    "V_pc0",
    AXES,
    Title("病虫害控制价值", "Value of pest control"),
    protected * control_cost,
    "garze-2017",
    "section 2.4.9",
)

SERVICE = Service(
    "pest_control",
    REGULATING,
    (
        Line(
            "pest_control.area",
            title=Title("病虫害控制", "Pest control"),
            quantities=(protected,),
            prices=(control_cost,),
            value=value,
        ),
    ),
    seea="biological control",
)
