"""Bioenergy: straw, firewood and gas used as energy, valued at market price."""

from gep.formula.nodes import Coefficient, Rule, Title, first_known, total
from gep.reference.services import MATERIAL
from gep.rules.service import Line, Service, published
from gep.variables.material import bioenergy_mass, bioenergy_value, bioenergy_volume

AXES = ("energy_source",)
price_by_mass = Coefficient(
    "bioenergy_price", "P_bio,t", "CNY/t", AXES, Title("生物质能源单价(重量)", "Bioenergy price by weight"), least=0
)
price_by_volume = Coefficient(
    "bioenergy_volume_price", "P_bio,m", "CNY/m^3", AXES, Title("生物质能源单价(体积)", "Bioenergy price by volume"), least=0
)  # fmt: skip
coal_by_mass = Coefficient(
    "standard_coal_factor", "k", "tce/t", AXES, Title("折标准煤系数(重量)", "Standard coal by weight"), least=0
)
coal_by_volume = Coefficient(
    "standard_coal_volume_factor", "k_m", "tce/m^3", AXES, Title("折标准煤系数(体积)", "Standard coal by volume"), least=0
)  # fmt: skip

energy = Rule(
    "bioenergy.energy", "Q_bio", "tce/yr", AXES, Title("生物质能源量", "Bioenergy in standard coal"),
    {
        "standard_coal": published(
            first_known(bioenergy_mass * coal_by_mass, bioenergy_volume * coal_by_volume),
            "standards-family", "bioenergy, standard coal", "K", "折标准煤", "converted to standard coal",
        ),
    },
)  # fmt: skip
source_value = Rule(
    "bioenergy.source_value", "v_bio", "CNY/yr", AXES, Title("分品种价值", "Value of a source of bioenergy"),
    {
        "market": published(
            first_known(bioenergy_value, bioenergy_mass * price_by_mass, bioenergy_volume * price_by_volume),
            "standards-family", "bioenergy, market value", "K", "产值,没有时用产量乘单价", "stated value, else output times price",
        ),
    },
)  # fmt: skip
value = Rule(
    "bioenergy.output_value", "V_bio0", "CNY/yr", (), Title("生物质能价值", "Value of bioenergy"),
    {
        "market": published(
            total(source_value, over="energy_source"), "standards-family", "bioenergy, market value", "K", "市场价值", "market value",
            "P9:作能源出售的秸秆不得再计入农业产品 | P9: straw sold as energy must not stand in agricultural products too",
        ),
    },
)  # fmt: skip

SERVICE = Service(
    "bioenergy", MATERIAL, (Line("bioenergy.sources", Title("生物质能", "Bioenergy"), (energy,), (None,), value, source_value),),
    seea="other biomass",
)  # fmt: skip
