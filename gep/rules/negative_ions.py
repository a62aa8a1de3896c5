"""Negative air ions given off by forests, at the cost of making them."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, in_units
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.base import area
from gep.variables.regulating import ion_concentration, ion_life, stand_height

AXES = (ECOSYSTEM,)
ion_price = Coefficient(
    "negative_ion_price", symbol="c_i", unit="CNY/ion", axes=(), title=Title("负氧离子单价", "Price of a negative ion"), least=0
)

amount = Rule(
    "negative_ions.amount",
    symbol="Q_ni",
    unit="ion/yr",
    axes=AXES,
    title=Title("负氧离子量", "Negative ions"),
    variants={
        "ly1721": declare_variant(
            Constant(5.256e15, "ion/yr")
            * (in_units(ion_concentration, "ion/cm^3") - Constant(600.0))
            * (area / Constant(1.0, "ha"))
            * in_units(stand_height, "m")
            / in_units(ion_life, "min"),
            source="ly1721-2008",
            clause="negative ions; area in hm2",
            mark="K",
            zh="林业行业标准公式",
            en="formula of the forestry standard",
        )
    },
)
value = make_value(
    "negative_ions.amount_value",
    "V_ni0",
    AXES,
    Title("负氧离子价值", "Value of negative ions"),
    amount * ion_price,
    "ly1721-2008",
    "negative ions, number times price",
    "K",
)

SERVICE = Service(
    "negative_ions",
    REGULATING,
    (
        Line(
            "negative_ions.amount",
            title=Title("负氧离子", "Negative ions"),
            quantities=(amount,),
            prices=(ion_price,),
            value=value,
        ),
    ),
    seea="none",
)
