"""The price of electricity, shared by hydropower and local climate regulation."""

from gep.formula.nodes import Coefficient
from gep.messages.title import Title

electricity_price = Coefficient(
    "electricity_price", symbol="p_e", unit="CNY/kWh", axes=(), title=Title("电价", "Price of electricity"), least=0
)
