"""Other material supply: lines that a standard of one's own declares, and the resource rent of wind, sun and the heat of the earth."""

from gep.formula.nodes import Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import MATERIAL
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.material import renewable_generation

AXES = ("renewable_source",)
_SOURCE = ("standards-family", "resource rent, share of the price", "K")
energy_price = Coefficient(
    "renewable_price",
    symbol="p_k",
    unit="CNY/kWh",
    axes=AXES,
    title=Title("可再生能源价格", "Price of renewable energy"),
    least=0,
)
rent_share = Coefficient(
    "renewable_rent_share",
    symbol="s_r",
    unit="1",
    axes=AXES,
    title=Title("可再生能源资源租金占比", "Share of resource rent in renewable energy"),
    least=-1,
    most=1,
)
energy = Rule(
    "other_material.energy",
    symbol="Q_ren",
    unit="kWh/yr",
    axes=AXES,
    title=Title("风能、太阳能、地热能", "Energy of wind, sun and the heat of the earth"),
    variants={
        "reported": declare_variant(
            renewable_generation,
            *_SOURCE,
            "统计供能量",
            "energy as reported",
            "P9:非生物流量,SEEA 不列为生态系统服务 | P9: an abiotic flow, no ecosystem service in SEEA",
        )
    },
)
rent = Rule(
    "other_material.energy_rent_price",
    symbol="p_rk",
    unit="CNY/kWh",
    axes=AXES,
    title=Title("单位能量资源租金", "Resource rent of a kilowatt-hour"),
    variants={
        "share": declare_variant(energy_price * rent_share, *_SOURCE, "价格乘资源租金占比", "price times the share of rent")
    },
)
value = make_value(
    "other_material.energy_value",
    "V_ren",
    AXES,
    Title("可再生能源资源租金", "Resource rent of renewable energy"),
    energy * rent,
    *_SOURCE,
)

SERVICE = Service(
    "other_material",
    MATERIAL,
    (
        Line(
            "other_material.energy",
            title=Title("风能、太阳能、地热能(资源租金)", "Wind, sun and heat of the earth, resource rent"),
            quantities=(energy,),
            prices=(rent,),
            value=value,
            negative=True,
            named_only=True,
        ),
    ),
    seea="other",
)
