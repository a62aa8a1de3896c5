"""Coastal protection: length of coast that vegetation shelters, valued at the cost of a sea wall."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Rule, Title
from gep.reference.services import REGULATING
from gep.rules.parts import value_of
from gep.rules.service import Line, Service, published
from gep.variables.regulating import coast_length

AXES = (ECOSYSTEM,)
dyke_cost = Coefficient("dyke_cost", "c_k", "CNY/km", (), Title("海堤建设成本", "Cost of a sea wall"), least=0)
dyke_life = Coefficient("dyke_life", "t_k", "yr", (), Title("海堤使用年限", "Life of a sea wall"), least=1)

length = Rule(
    "coastal_protection.length", "Q_cp", "km", AXES, Title("受保护海岸线长度", "Coast protected"),
    {"reported": published(coast_length, "standards-family", "coastal protection", "K", "调查长度", "surveyed length")},
)  # fmt: skip
yearly_cost = Rule(
    "coastal_protection.yearly_cost", "p_k", "CNY/km/yr", (), Title("海堤年成本", "Yearly cost of a sea wall"),
    {
        "annualised": published(
            dyke_cost / dyke_life, "standards-family", "coastal protection; cost over life is a guard of this program (P16)", "K-",
            "建设成本除以年限", "building cost over the life",
        ),
    },
)  # fmt: skip
value = value_of(
    "coastal_protection.length_value", "V_cp0", AXES, Title("海岸带防护价值", "Value of coast protected"), length * yearly_cost,
    "standards-family", "coastal protection, length times yearly cost", "K",
)  # fmt: skip

SERVICE = Service(
    "coastal_protection", REGULATING,
    (Line("coastal_protection.length", Title("海岸带防护", "Coastal protection"), (length,), (yearly_cost,), value),),
    seea="coastal protection",
)  # fmt: skip
