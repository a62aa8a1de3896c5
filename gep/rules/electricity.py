"""The price of electricity, shared by hydropower and local climate regulation."""

from gep.formula.nodes import Coefficient, Title

electricity_price = Coefficient("electricity_price", "p_e", "CNY/kWh", (), Title("电价", "Price of electricity"), least=0)
