"""The cost of treating a tonne of a pollutant; shared by air, water and the nutrients that soil keeps."""

from gep.formula.nodes import POLLUTANT, Coefficient
from gep.messages.title import Title

treatment_cost = Coefficient(
    "pollutant_treatment_cost",
    symbol="c_t",
    unit="CNY/t",
    axes=(POLLUTANT,),
    title=Title("污染物治理成本", "Cost of treating a pollutant"),
    least=0,
)
nitrogen_cost = Coefficient(
    "nitrogen_treatment_cost",
    symbol="p_N",
    unit="CNY/t",
    axes=(),
    title=Title("氮治理成本", "Cost of treating nitrogen"),
    least=0,
)
phosphorus_cost = Coefficient(
    "phosphorus_treatment_cost",
    symbol="p_P",
    unit="CNY/t",
    axes=(),
    title=Title("磷治理成本", "Cost of treating phosphorus"),
    least=0,
)
