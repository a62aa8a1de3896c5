"""Hydropower generated in the county at the price of electricity."""

from gep.formula.nodes import Rule
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
    ),
    seea="abiotic flow, outside ecosystem services",
)
