"""Fresh water supplied, use by use, at the price of that use."""

from gep.formula.nodes import Coefficient, Rule, Title
from gep.reference.services import MATERIAL
from gep.rules.parts import value_of
from gep.rules.service import Line, Service, published
from gep.variables.material import water_use

AXES = ("water_use",)
water_price = Coefficient("water_price", "P_w", "CNY/m^3", AXES, Title("水价", "Price of water"), least=0)

volume = Rule(
    "freshwater_supply.volume", "Q_fws", "m^3/yr", AXES, Title("用水量", "Water supplied"),
    {"reported": published(water_use, "garze-2017", "section 2.3 (2) and table 3", "V", "分用途用水量", "water use by purpose",
        "P9:淡水资源与水源涵养重叠 | P9: fresh water overlaps with water conservation")},
)  # fmt: skip
value = value_of(
    "freshwater_supply.use_value",
    "V_fws0",
    AXES,
    Title("淡水资源价值", "Value of fresh water"),
    volume * water_price,
    "garze-2017",
    "section 2.3 (2), eq. 1",
)

SERVICE = Service(
    "freshwater_supply", MATERIAL,
    (Line("freshwater_supply.use", Title("淡水资源", "Fresh water"), (volume,), (water_price,), value),), seea="water supply",
)  # fmt: skip
