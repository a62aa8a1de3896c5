"""Hydropower generated in the county at the price of electricity."""

from gep.formula.nodes import Rule, Title
from gep.reference.services import MATERIAL
from gep.rules.electricity import electricity_price
from gep.rules.parts import value_of
from gep.rules.service import Line, Service, published
from gep.variables.material import hydropower_generation

generation = Rule(
    "hydropower.generation", "Q_hyd", "kWh/yr", (), Title("水力发电量", "Electricity generated"),
    {"reported": published(hydropower_generation, "garze-2017", "section 2.3 (3) and table 3", "V", "统计发电量", "generation as reported",
        "P9:价值大部分来自工程资本,且与水源涵养重叠 | P9: most of the value is produced capital, and it overlaps with water conservation")},
)  # fmt: skip
value = value_of(
    "hydropower.generation_value", "V_hyd0", (), Title("水电价值", "Value of hydropower"), generation * electricity_price,
    "garze-2017", "section 2.3 (3) and table 3",
)  # fmt: skip

SERVICE = Service(
    "hydropower", MATERIAL,
    (Line("hydropower.generation", Title("水电", "Hydropower"), (generation,), (electricity_price,), value),),
    seea="abiotic flow, outside ecosystem services",
)  # fmt: skip
