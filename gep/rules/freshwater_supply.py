"""Fresh water supplied, use by use, at the price of that use."""

from gep.formula.nodes import Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import MATERIAL
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.material import water_use

AXES = ("water_use",)
water_price = Coefficient("water_price", symbol="P_w", unit="CNY/m^3", axes=AXES, title=Title("水价", "Price of water"), least=0)

volume = Rule(
    "freshwater_supply.volume",
    symbol="Q_fws",
    unit="m^3/yr",
    axes=AXES,
    title=Title("用水量", "Water supplied"),
    variants={
        "reported": declare_variant(
            water_use,
            source="garze-2017",
            clause="section 2.3 (2) and table 3",
            mark="V",
            zh="分用途用水量",
            en="water use by purpose",
            caution="P9:淡水资源与水源涵养重叠 | P9: fresh water overlaps with water conservation",
        )
    },
)
value = make_value(
    "freshwater_supply.use_value",
    "V_fws0",
    AXES,
    Title("淡水资源价值", "Value of fresh water"),
    volume * water_price,
    "garze-2017",
    "section 2.3 (2), eq. 1",
)

SERVICE = Service(
    "freshwater_supply",
    MATERIAL,
    (
        Line(
            "freshwater_supply.use",
            title=Title("淡水资源", "Fresh water"),
            quantities=(volume,),
            prices=(water_price,),
            value=value,
        ),
    ),
    seea="water supply",
)
