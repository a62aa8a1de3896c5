"""Carbon sequestration: carbon dioxide that ecosystems take out of the air and keep, at the price of a tonne of CO2."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, exp, first_known, in_units, ln, ratio, total
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_taken_over, make_value
from gep.rules.service import STATED, Line, Service, declare_variant
from gep.variables.base import area
from gep.variables.regulating import (
    area_before,
    biomass_growth,
    carbon_lost,
    carbon_stock_end,
    carbon_stock_start,
    co2_fixed,
    density_after,
    density_before,
    month_precipitation,
    month_temperature,
    nep,
    npp_carbon,
    npp_dry,
    npp_dry_total,
    soil_respired,
    stock_interval,
    volume_growth,
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
expansion_factor = Coefficient(
    "biomass_expansion_factor",
    symbol="BEF",
    unit="1",
    axes=AXES,
    title=Title("生物量扩展因子", "Expansion from stems to biomass above ground"),
    least=0.5,
    most=10,
)
wood_density = Coefficient(
    "wood_density",
    symbol="D_w",
    unit="t_DM/m^3",
    axes=AXES,
    title=Title("木材基本密度", "Basic density of wood"),
    least=0.1,
    most=1.5,
)
root_ratio = Coefficient(
    "root_shoot_ratio", symbol="R_rs", unit="1", axes=AXES, title=Title("根茎比", "Ratio of roots to shoots"), least=0, most=5
)
carbon_fraction = Coefficient(
    "carbon_fraction", symbol="CF", unit="t_C/t_DM", axes=AXES, title=Title("含碳率", "Carbon in dry matter"), least=0.2, most=0.7
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
growth = Rule(
    "carbon_sequestration.growth",
    symbol="ΔB",
    unit="t_DM/yr",
    axes=AXES,
    title=Title("生物量年增量", "Growth of biomass"),
    variants={
        "stated_or_volume": declare_variant(
            first_known(biomass_growth, volume_growth * expansion_factor * wood_density * (Constant(1.0) + root_ratio)),
            source="ipcc-2006",
            clause="volume 4, eq. 2.9 and 2.10, as the family restates them",
            mark="K",
            zh="填报增量,没有时由蓄积增量折算",
            en="stated growth, else from the growth of volume",
        )
    },
)

_YEAR = Constant(1.0, "yr")
_WARMTH = exp(Constant(0.0913) * in_units(month_temperature, "deg_C"))
_WETNESS = ln(Constant(0.3145) * in_units(month_precipitation, "mm") + Constant(1.0))
_BASE, _DAYS, _CARBON = Constant(0.22), Constant(30.0), Constant(0.465, "g_C/m^2")
respiration = Rule(
    "carbon_sequestration.respiration",
    symbol="R_s",
    unit="t_C/km^2/yr",
    axes=AXES,
    title=Title("土壤异养呼吸", "Respiration of soils"),
    variants={
        "days_over_both_terms": declare_variant(
            total(_BASE * (_WARMTH + _WETNESS) * _DAYS * _CARBON, over="climate_month") / _YEAR,
            source="standards-family",
            clause="soil respiration, 0.22 × (exp(0.0913 T) + ln(0.3145 R + 1)) × 30 × 0.465",
            mark="K",
            zh="天数和含碳率同乘气温项与降水项",
            en="days and carbon over the terms of warmth and rain together",
        ),
        "days_over_rain_alone": declare_variant(
            total(_BASE * (_WARMTH + _WETNESS * _DAYS * Constant(0.465)) * Constant(1.0, "g_C/m^2"), over="climate_month")
            / _YEAR,
            source="piesdk",
            clause="soil respiration, 0.22 × (exp(0.0913 T) + ln(0.3145 R + 1) × 30 × 0.465)",
            mark="V-c",
            zh="天数和含碳率只乘降水项",
            en="days and carbon over the term of rain alone",
            caution="P3:括号位置不同于通行写法,呼吸量只有其一半左右 | P3: the bracket stands elsewhere than as commonly written, and respiration comes to about half",
        ),
        STATED: declare_variant(
            soil_respired, "as-entered", "entered by the county", "V", "直接采用已测算的呼吸量", "respiration as entered"
        ),
    },
)
_stock = (carbon_stock_end - carbon_stock_start) / stock_interval
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
            CO2_PER_C * _stock,
            source="standards-family",
            clause="carbon, change of stock",
            mark="K",
            zh="储量变化法",
            en="change of stock between inventories",
        ),
        "stock_change_of_densities": declare_variant(
            CO2_PER_C * ((area * density_after - area_before * density_before) / stock_interval),
            source="ipcc-2006",
            clause="volume 4, eq. 2.5, stock-difference by densities",
            mark="K",
            zh="储量变化法(面积与密度均变化)",
            en="change of stock, areas and densities at both ends",
            caution="P3:面积变化也计入储量变化,地类调整会被当作固碳或排放 | P3: land that changed its class counts as stock gained or lost",
        ),
        "stock_change_of_constant_area": declare_variant(
            CO2_PER_C * (area * (density_after - density_before) / stock_interval),
            source="ipcc-2006",
            clause="volume 4, eq. 2.5, at the area of the account",
            mark="K",
            zh="储量变化法(面积不变)",
            en="change of density on a constant area",
        ),
        "stock_rate_of_changing_area": declare_variant(
            CO2_PER_C
            * area
            * (
                (carbon_stock_end - carbon_stock_start)
                / (stock_interval * area_before + (stock_interval + _YEAR) / Constant(2.0) * (area - area_before))
            ),
            source="jilin-forest-carbon",
            clause="rate per hectare with changing area, (S2 − S1) / ((t2 − t1) A1 + (1 + 2 + … + n) ΔA)",
            mark="V",
            zh="储量变化法(面积逐年变化的单位面积速率)",
            en="rate per area over an area that changes from year to year",
        ),
        "biomass": declare_variant(
            CO2_PER_C * (carbon_fraction * growth),
            source="gbt46869-2025",
            clause="annex A.7, biomass (formula not seen; growth times carbon fraction)",
            mark="K-",
            zh="生物量法",
            en="growth of biomass",
        ),
        "gain_loss": declare_variant(
            CO2_PER_C * (carbon_fraction * growth - total(carbon_lost, over="carbon_loss_kind")),
            source="ipcc-2006",
            clause="volume 4, eq. 2.4 and 2.7, gain less loss",
            mark="K",
            zh="增减法",
            en="gain less loss",
        ),
        "npp_less_respiration": declare_variant(
            CO2_PER_C * (area * (npp_carbon - respiration)),
            source="bo-2017",
            clause="section 1.3, NEP = NPP − Rs",
            mark="V",
            zh="净初级生产量减土壤呼吸",
            en="net primary production less respiration of soils",
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
            negative=True,
        ),
    ),
    seea="global climate regulation",
)
