"""Bioenergy: straw, firewood and gas used as energy, valued at market price."""

from gep.formula.nodes import Coefficient, Rule, first_known, total
from gep.messages.title import Title
from gep.reference.services import MATERIAL
from gep.rules.service import Line, Service, declare_variant
from gep.variables.material import bioenergy_mass, bioenergy_value, bioenergy_volume

AXES = ("energy_source",)
price_by_mass = Coefficient(
    "bioenergy_price",
    symbol="P_bio,t",
    unit="CNY/t",
    axes=AXES,
    title=Title("生物质能源单价(重量)", "Bioenergy price by weight"),
    least=0,
)
price_by_volume = Coefficient(
    "bioenergy_volume_price",
    symbol="P_bio,m",
    unit="CNY/m^3",
    axes=AXES,
    title=Title("生物质能源单价(体积)", "Bioenergy price by volume"),
    least=0,
)
coal_by_mass = Coefficient(
    "standard_coal_factor",
    symbol="k",
    unit="tce/t",
    axes=AXES,
    title=Title("折标准煤系数(重量)", "Standard coal by weight"),
    least=0,
)
coal_by_volume = Coefficient(
    "standard_coal_volume_factor",
    symbol="k_m",
    unit="tce/m^3",
    axes=AXES,
    title=Title("折标准煤系数(体积)", "Standard coal by volume"),
    least=0,
)

energy = Rule(
    "bioenergy.energy",
    symbol="Q_bio",
    unit="tce/yr",
    axes=AXES,
    title=Title("生物质能源量", "Bioenergy in standard coal"),
    variants={
        "standard_coal": declare_variant(
            first_known(bioenergy_mass * coal_by_mass, bioenergy_volume * coal_by_volume),
            source="standards-family",
            clause="bioenergy, standard coal",
            mark="K",
            zh="折标准煤",
            en="converted to standard coal",
        )
    },
)
source_value = Rule(
    "bioenergy.source_value",
    symbol="v_bio",
    unit="CNY/yr",
    axes=AXES,
    title=Title("分品种价值", "Value of a source of bioenergy"),
    variants={
        "market": declare_variant(
            first_known(bioenergy_value, bioenergy_mass * price_by_mass, bioenergy_volume * price_by_volume),
            source="standards-family",
            clause="bioenergy, market value",
            mark="K",
            zh="产值,没有时用产量乘单价",
            en="stated value, else output times price",
        )
    },
)
value = Rule(
    "bioenergy.output_value",
    symbol="V_bio0",
    unit="CNY/yr",
    axes=(),
    title=Title("生物质能价值", "Value of bioenergy"),
    variants={
        "market": declare_variant(
            total(source_value, over="energy_source"),
            source="standards-family",
            clause="bioenergy, market value",
            mark="K",
            zh="市场价值",
            en="market value",
            caution="P9:作能源出售的秸秆不得再计入农业产品 | P9: straw sold as energy must not stand in agricultural products too",
        )
    },
)

SERVICE = Service(
    "bioenergy",
    MATERIAL,
    (
        Line(
            "bioenergy.sources",
            title=Title("生物质能", "Bioenergy"),
            quantities=(energy,),
            prices=(None,),
            value=value,
            detail=source_value,
        ),
    ),
    seea="other biomass",
)
