"""Carbon sequestration: carbon dioxide that ecosystems take out of the air and keep, at the price of a tonne of CO2."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, first_known, ratio
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_taken_over, make_value
from gep.rules.service import Line, Service, declare_variant
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
npp_to_nep = Coefficient(
    "npp_to_nep_ratio", symbol="α_n", unit="1", axes=AXES, title=Title("NEP 与 NPP 之比", "Ratio of NEP to NPP"), least=0, most=1
)
carbon_rate = Coefficient(
    "carbon_rate",
    symbol="r_C",
    unit="t_C/ha/yr",
    axes=AXES,
    title=Title("固碳速率", "Rate of carbon sequestration"),
    least=0,
    most=50,
)
soil_ratio = Coefficient(
    "soil_carbon_ratio",
    symbol="β",
    unit="1",
    axes=AXES,
    title=Title("土壤与植被固碳之比", "Ratio of soil to vegetation carbon"),
    least=0,
    most=10,
)
carbon_price = Coefficient(
    "carbon_price", symbol="c_C", unit="CNY/t_CO2", axes=(), title=Title("碳价(每吨 CO2)", "Price of a tonne of CO2"), least=0
)

CO2_PER_C = ratio(44, 12, "t_CO2/t_C")
C_PER_DRY_MATTER = ratio(72, 162, "t_C/t_DM")

dry_matter = Rule(
    "carbon_sequestration.dry_matter",
    symbol="NPP_D",
    unit="t_DM/yr",
    axes=AXES,
    title=Title("净初级生产量(干物质)", "Net primary production, dry matter"),
    variants={
        "total_or_area": declare_variant(
            first_known(npp_dry_total, area * npp_dry),
            source="lianhua-2017",
            clause="tables 1 and 2, NPP",
            mark="V",
            zh="合计值,没有时用面积乘生产力",
            en="total, else area times productivity",
        )
    },
)
amount = Rule(
    "carbon_sequestration.amount",
    symbol="Q_CO2",
    unit="t_CO2/yr",
    axes=AXES,
    title=Title("固碳量(CO2)", "CO2 sequestered"),
    variants={
        "nep": declare_variant(
            CO2_PER_C * nep,
            source="bo-2017",
            clause="section 1.3, NEP",
            mark="V",
            zh="净生态系统生产量法",
            en="net ecosystem production",
        ),
        "npp_ratio": declare_variant(
            CO2_PER_C * npp_to_nep * (area * npp_carbon),
            source="standards-family",
            clause="carbon, NEP = α × NPP",
            mark="K",
            zh="NPP 折算系数法",
            en="ratio of NEP to NPP, carbon",
        ),
        "npp_ratio_dry_matter": declare_variant(
            CO2_PER_C * C_PER_DRY_MATTER * npp_to_nep * dry_matter,
            source="standards-family",
            clause="carbon, NEP = α × NPP, dry matter",
            mark="K",
            zh="NPP 折算系数法(干物质)",
            en="ratio of NEP to NPP, dry matter",
        ),
        "area_rates": declare_variant(
            CO2_PER_C * (area * carbon_rate * (Constant(1.0) + soil_ratio)),
            source="standards-family",
            clause="carbon, rates per area",
            mark="K",
            zh="固碳速率法",
            en="rates per area",
        ),
        "stock_change": declare_variant(
            CO2_PER_C * ((carbon_stock_end - carbon_stock_start) / stock_interval),
            source="standards-family",
            clause="carbon, change of stock",
            mark="K",
            zh="储量变化法",
            en="change of stock between inventories",
        ),
        "gross_dry_matter": declare_variant(
            Constant(1.63, "t_CO2/t_DM") * dry_matter,
            source="lianhua-2017",
            clause="table 1, eq. 3, 1.63 × NPP",
            mark="V",
            zh="1.63 × 净初级生产量",
            en="1.63 × net primary production",
            caution="P3:1.63 × NPP 是总固定量,未扣除土壤呼吸 | P3: 1.63 × NPP counts gross fixation and ignores the respiration of soils",
        ),
        **make_taken_over(co2_fixed),
    },
)
value = make_value(
    "carbon_sequestration.amount_value",
    "V_cs0",
    AXES,
    Title("固碳价值", "Value of carbon sequestered"),
    amount * carbon_price,
    "garze-2017",
    "section 2.4.7",
)

SERVICE = Service(
    "carbon_sequestration",
    REGULATING,
    (
        Line(
            "carbon_sequestration.amount",
            title=Title("固碳", "Carbon sequestration"),
            quantities=(amount,),
            prices=(carbon_price,),
            value=value,
        ),
    ),
    seea="global climate regulation",
)
