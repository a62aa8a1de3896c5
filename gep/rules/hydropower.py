"""Hydropower generated in the county at the price of electricity."""

from gep.formula.nodes import Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import MATERIAL
from gep.rules.electricity import electricity_price
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.material import hydropower_generation

generation = Rule(
    "hydropower.generation",
    symbol="Q_hyd",
    unit="kWh/yr",
    axes=(),
    title=Title("水力发电量", "Electricity generated"),
    variants={
        "reported": declare_variant(
            hydropower_generation,
            source="garze-2017",
            clause="section 2.3 (3) and table 3",
            mark="V",
            zh="统计发电量",
            en="generation as reported",
            caution="P9:价值大部分来自工程资本,且与水源涵养重叠 | P9: most of the value is produced capital, and it overlaps with water conservation",
        )
    },
)
value = make_value(
    "hydropower.generation_value",
    "V_hyd0",
    (),
    Title("水电价值", "Value of hydropower"),
    generation * electricity_price,
    "garze-2017",
    "section 2.3 (3) and table 3",
)
rent_share = Coefficient(
    "hydropower_rent_share",
    symbol="s_r",
    unit="1",
    axes=(),
    title=Title("水电资源租金占比", "Share of resource rent in hydropower"),
    least=-1,
    most=1,
)
rent = Rule(
    "hydropower.rent_price",
    symbol="p_r",
    unit="CNY/kWh",
    axes=(),
    title=Title("单位电量资源租金", "Resource rent of a kilowatt-hour"),
    variants={
        "share": declare_variant(
            electricity_price * rent_share,
            source="standards-family",
            clause="resource rent, share of the price",
            mark="K",
            zh="电价乘资源租金占比",
            en="price times the share of resource rent",
        )
    },
)
rent_value = make_value(
    "hydropower.rent_value",
    "V_hyr",
    (),
    Title("水电资源租金", "Resource rent of hydropower"),
    generation * rent,
    "standards-family",
    "resource rent, share of the price",
    "K",
)

SERVICE = Service(
    "hydropower",
    MATERIAL,
    (
        Line(
            "hydropower.generation",
            title=Title("水电", "Hydropower"),
            quantities=(generation,),
            prices=(electricity_price,),
            value=value,
        ),
        Line(
            "hydropower.rent",
            title=Title("水电(资源租金)", "Hydropower, resource rent"),
            quantities=(generation,),
            prices=(rent,),
            value=rent_value,
            negative=True,
            named_only=True,
            instead_of=("hydropower.generation",),
        ),
    ),
    seea="abiotic flow, outside ecosystem services",
)
