"""Noise reduction: green belts along roads, valued at the yearly cost of a sound barrier or of a decibel."""

from gep.formula.nodes import Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.regulating import noise_belt_length, noise_reduced

AXES = ("road",)
barrier_cost = Coefficient(
    "sound_barrier_cost", symbol="c_n", unit="CNY/km", axes=(), title=Title("声屏障建设成本", "Cost of a sound barrier"), least=0
)
barrier_life = Coefficient(
    "sound_barrier_life", symbol="t_n", unit="yr", axes=(), title=Title("声屏障使用年限", "Life of a sound barrier"), least=1
)
decibel_cost = Coefficient(
    "noise_abatement_cost",
    symbol="c_dB",
    unit="CNY/dB_A/km/yr",
    axes=(),
    title=Title("降噪成本", "Cost of a decibel on a kilometre"),
    least=0,
)

length = Rule(
    "noise_reduction.length",
    symbol="Q_nr",
    unit="km",
    axes=AXES,
    title=Title("有效绿化带长度", "Length of green belts"),
    variants={
        "reported": declare_variant(
            noise_belt_length,
            source="standards-family",
            clause="noise reduction (clause not seen)",
            mark="K-",
            zh="绿化带长度",
            en="length of belts",
        )
    },
)
price = Rule(
    "noise_reduction.price",
    symbol="p_n",
    unit="CNY/km/yr",
    axes=AXES,
    title=Title("降噪单价", "Price of noise reduction"),
    variants={
        "barrier": declare_variant(
            barrier_cost / barrier_life,
            source="standards-family",
            clause="noise reduction, barrier over its life (clause not seen)",
            mark="K-",
            zh="声屏障年均成本",
            en="sound barrier over its life",
        ),
        "decibel": declare_variant(
            noise_reduced * decibel_cost,
            source="standards-family",
            clause="noise reduction, by decibel (clause not seen)",
            mark="K-",
            zh="按分贝计价",
            en="by decibel",
        ),
    },
)
value = make_value(
    "noise_reduction.length_value",
    "V_nr0",
    AXES,
    Title("噪声消减价值", "Value of noise reduction"),
    length * price,
    "standards-family",
    "noise reduction, length times price (clause not seen)",
    "K-",
)

SERVICE = Service(
    "noise_reduction",
    REGULATING,
    (
        Line(
            "noise_reduction.length",
            title=Title("噪声消减", "Noise reduction"),
            quantities=(length,),
            prices=(price,),
            value=value,
        ),
    ),
    seea="noise attenuation",
)
