"""Coastal protection: length of coast that vegetation shelters, valued at the cost of a sea wall."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.regulating import coast_length

AXES = (ECOSYSTEM,)
dyke_cost = Coefficient(
    "dyke_cost", symbol="c_k", unit="CNY/km", axes=(), title=Title("海堤建设成本", "Cost of a sea wall"), least=0
)
dyke_life = Coefficient("dyke_life", symbol="t_k", unit="yr", axes=(), title=Title("海堤使用年限", "Life of a sea wall"), least=1)

length = Rule(
    "coastal_protection.length",
    symbol="Q_cp",
    unit="km",
    axes=AXES,
    title=Title("受保护海岸线长度", "Coast protected"),
    variants={
        "reported": declare_variant(
            coast_length, source="standards-family", clause="coastal protection", mark="K", zh="调查长度", en="surveyed length"
        )
    },
)
yearly_cost = Rule(
    "coastal_protection.yearly_cost",
    symbol="p_k",
    unit="CNY/km/yr",
    axes=(),
    title=Title("海堤年成本", "Yearly cost of a sea wall"),
    variants={
        "annualised": declare_variant(
            dyke_cost / dyke_life,
            source="standards-family",
            clause="coastal protection; cost over life is a guard of this program (P16)",
            mark="K-",
            zh="建设成本除以年限",
            en="building cost over the life",
        )
    },
)
value = make_value(
    "coastal_protection.length_value",
    "V_cp0",
    AXES,
    Title("海岸带防护价值", "Value of coast protected"),
    length * yearly_cost,
    "standards-family",
    "coastal protection, length times yearly cost",
    "K",
)

SERVICE = Service(
    "coastal_protection",
    REGULATING,
    (
        Line(
            "coastal_protection.length",
            title=Title("海岸带防护", "Coastal protection"),
            quantities=(length,),
            prices=(yearly_cost,),
            value=value,
        ),
    ),
    seea="coastal protection",
)
