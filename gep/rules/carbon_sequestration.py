"""Carbon sequestration: carbon dioxide that ecosystems take out of the air and keep, at the price of a tonne of CO2."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, Title, first_known, ratio
from gep.reference.services import REGULATING
from gep.rules.parts import taken_over, value_of
from gep.rules.service import Line, Service, published
from gep.variables.base import area
from gep.variables.regulating import (
    carbon_stock_end,
    carbon_stock_start,
    co2_fixed,
    nep,
    npp_carbon,
    npp_dry,
    npp_dry_total,
    stock_interval,
)

AXES = (ECOSYSTEM,)
npp_to_nep = Coefficient("npp_to_nep_ratio", "α_n", "1", AXES, Title("NEP 与 NPP 之比", "Ratio of NEP to NPP"), least=0, most=1)
carbon_rate = Coefficient(
    "carbon_rate", "r_C", "t_C/ha/yr", AXES, Title("固碳速率", "Rate of carbon sequestration"), least=0, most=50
)
soil_ratio = Coefficient(
    "soil_carbon_ratio", "β", "1", AXES, Title("土壤与植被固碳之比", "Ratio of soil to vegetation carbon"), least=0, most=10
)
carbon_price = Coefficient("carbon_price", "c_C", "CNY/t_CO2", (), Title("碳价(每吨 CO2)", "Price of a tonne of CO2"), least=0)

CO2_PER_C = ratio(44, 12, "t_CO2/t_C")
C_PER_DRY_MATTER = ratio(72, 162, "t_C/t_DM")

dry_matter = Rule(
    "carbon_sequestration.dry_matter", "NPP_D", "t_DM/yr", AXES, Title("净初级生产量(干物质)", "Net primary production, dry matter"),
    {
        "total_or_area": published(
            first_known(npp_dry_total, area * npp_dry), "lianhua-2017", "tables 1 and 2, NPP", "V",
            "合计值,没有时用面积乘生产力", "total, else area times productivity",
        ),
    },
)  # fmt: skip
amount = Rule(
    "carbon_sequestration.amount", "Q_CO2", "t_CO2/yr", AXES, Title("固碳量(CO2)", "CO2 sequestered"),
    {
        "nep": published(CO2_PER_C * nep, "bo-2017", "section 1.3, NEP", "V", "净生态系统生产量法", "net ecosystem production"),
        "npp_ratio": published(
            CO2_PER_C * npp_to_nep * (area * npp_carbon), "standards-family", "carbon, NEP = α × NPP", "K",
            "NPP 折算系数法", "ratio of NEP to NPP, carbon",
        ),
        "npp_ratio_dry_matter": published(
            CO2_PER_C * C_PER_DRY_MATTER * npp_to_nep * dry_matter, "standards-family", "carbon, NEP = α × NPP, dry matter", "K",
            "NPP 折算系数法(干物质)", "ratio of NEP to NPP, dry matter",
        ),
        "area_rates": published(
            CO2_PER_C * (area * carbon_rate * (Constant(1.0) + soil_ratio)), "standards-family", "carbon, rates per area", "K",
            "固碳速率法", "rates per area",
        ),
        "stock_change": published(
            CO2_PER_C * ((carbon_stock_end - carbon_stock_start) / stock_interval), "standards-family", "carbon, change of stock", "K",
            "储量变化法", "change of stock between inventories",
        ),
        "gross_dry_matter": published(
            Constant(1.63, "t_CO2/t_DM") * dry_matter, "lianhua-2017", "table 1, eq. 3, 1.63 × NPP", "V",
            "1.63 × 净初级生产量", "1.63 × net primary production",
            "P3:1.63 × NPP 是总固定量,未扣除土壤呼吸 | P3: 1.63 × NPP counts gross fixation and ignores the respiration of soils",
        ),
        **taken_over(co2_fixed),
    },
)  # fmt: skip
value = value_of(
    "carbon_sequestration.amount_value", "V_cs0", AXES, Title("固碳价值", "Value of carbon sequestered"), amount * carbon_price,
    "garze-2017", "section 2.4.7",
)  # fmt: skip

SERVICE = Service(
    "carbon_sequestration", REGULATING,
    (Line("carbon_sequestration.amount", Title("固碳", "Carbon sequestration"), (amount,), (carbon_price,), value),),
    seea="global climate regulation",
)  # fmt: skip
