"""Noise reduction: green belts along roads, valued at the yearly cost of a sound barrier or of a decibel."""

from gep.formula.nodes import Coefficient, Rule, Title
from gep.reference.services import REGULATING
from gep.rules.parts import value_of
from gep.rules.service import Line, Service, published
from gep.variables.regulating import noise_belt_length, noise_reduced

AXES = ("road",)
barrier_cost = Coefficient("sound_barrier_cost", "c_n", "CNY/km", (), Title("声屏障建设成本", "Cost of a sound barrier"), least=0)
barrier_life = Coefficient("sound_barrier_life", "t_n", "yr", (), Title("声屏障使用年限", "Life of a sound barrier"), least=1)
decibel_cost = Coefficient(
    "noise_abatement_cost", "c_dB", "CNY/dB_A/km/yr", (), Title("降噪成本", "Cost of a decibel on a kilometre"), least=0
)

length = Rule(
    "noise_reduction.length", "Q_nr", "km", AXES, Title("有效绿化带长度", "Length of green belts"),
    {"reported": published(noise_belt_length, "standards-family", "noise reduction (clause not seen)", "K-", "绿化带长度", "length of belts")},
)  # fmt: skip
price = Rule(
    "noise_reduction.price", "p_n", "CNY/km/yr", AXES, Title("降噪单价", "Price of noise reduction"),
    {
        "barrier": published(
            barrier_cost / barrier_life, "standards-family", "noise reduction, barrier over its life (clause not seen)", "K-",
            "声屏障年均成本", "sound barrier over its life",
        ),
        "decibel": published(
            noise_reduced * decibel_cost, "standards-family", "noise reduction, by decibel (clause not seen)", "K-",
            "按分贝计价", "by decibel",
        ),
    },
)  # fmt: skip
value = value_of(
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
    "noise_reduction", REGULATING,
    (Line("noise_reduction.length", Title("噪声消减", "Noise reduction"), (length,), (price,), value),), seea="noise attenuation",
)  # fmt: skip
