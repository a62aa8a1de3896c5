"""What ecosystems regulate: water, soil, air, climate, and the pressures they act on."""

from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Observed
from gep.variables.declare import (
    AGRICULTURE,
    ECOLOGY,
    FORESTRY,
    METEOROLOGY,
    NATURAL_RESOURCES,
    TRANSPORT,
    WATER,
    declare_variable,
)

BY_ECOSYSTEM = (ECOSYSTEM,)


def _modelled(identity: str, symbol: str, unit: str, zh: str, en: str, department: str, *, negative: bool = False) -> Observed:
    """Return the variable of a quantity that was modelled or measured elsewhere and is valued here.

    Parameters
    ----------
    negative : whether it may be below zero, as the line it is valued in
    """
    return declare_variable(
        identity,
        symbol=symbol,
        unit=unit,
        axes=BY_ECOSYSTEM,
        zh=zh,
        en=en,
        department=department,
        about="在别处测算好的实物量;可分生态系统类型,也可全县填一个值(生态系统一栏留空)。",
        extent=True,
        whole=True,
        least=None if negative else 0.0,
    )


# --- water ---------------------------------------------------------------------------------------
surface_runoff = declare_variable(
    "surface_runoff",
    symbol="R_m",
    unit="mm/yr",
    axes=BY_ECOSYSTEM,
    zh="地表径流量",
    en="Surface runoff",
    department=WATER,
    about="实测或模型得到的年(暴雨)地表径流深;没有时由降水量乘径流系数得到。",
    most=8000.0,
)
daily_rain = declare_variable(
    "daily_rain",
    symbol="P_d",
    unit="mm",
    axes=("rain_day",),
    zh="逐日降水量",
    en="Rain of a day",
    department=METEOROLOGY,
    about="曲线数法:全年各降雨日的降水量,一日一行。",
    extent=True,
    most=2000.0,
)
monthly_rain = declare_variable(
    "monthly_rain",
    symbol="P_m",
    unit="mm",
    axes=("rain_month",),
    zh="逐月降水量",
    en="Rain of a month",
    department=METEOROLOGY,
    about="快速径流法:各月降水量,一月一行。",
    extent=True,
    most=5000.0,
)
rain_events = declare_variable(
    "rain_events",
    symbol="n_m",
    unit="1",
    axes=("rain_month",),
    zh="逐月降雨场次",
    en="Events of rain in a month",
    department=METEOROLOGY,
    about="快速径流法:各月降雨场次(日降水不小于 0.1 mm 的日数)。",
    most=31.0,
)
water_conservation_volume = _modelled(
    "water_conservation_volume",
    symbol="Q_wr0",
    unit="m^3/yr",
    zh="水源涵养量(已测算)",
    en="Water conserved, modelled elsewhere",
    department=WATER,
    negative=True,
)
water_used = declare_variable(
    "regional_water_use",
    symbol="W_use",
    unit="m^3/yr",
    axes=(),
    zh="区域用水量",
    en="Water used in the region",
    department=WATER,
    about="区域水量平衡法:全年用水量。",
)
water_out = declare_variable(
    "water_outflow",
    symbol="W_out",
    unit="m^3/yr",
    axes=(),
    zh="出境水量",
    en="Water leaving the region",
    department=WATER,
    about="区域水量平衡法:全年出境水量。",
)
water_in = declare_variable(
    "water_inflow",
    symbol="W_in",
    unit="m^3/yr",
    axes=(),
    zh="入境水量",
    en="Water entering the region",
    department=WATER,
    about="区域水量平衡法:全年入境水量。",
)

# --- floods --------------------------------------------------------------------------------------
storm_rainfall = declare_variable(
    "storm_rainfall",
    symbol="P_s",
    unit="mm/yr",
    axes=(),
    zh="暴雨日降水总量",
    en="Rain of storm days",
    department=METEOROLOGY,
    about="全年日降水量不小于 50 mm 的各日降水量之和。",
    most=5000.0,
)
storm_runoff = declare_variable(
    "storm_runoff",
    symbol="R_s",
    unit="mm/yr",
    axes=BY_ECOSYSTEM,
    zh="暴雨径流量",
    en="Runoff of storm days",
    department=WATER,
    about="各类生态系统在暴雨日的径流深之和。",
    most=5000.0,
)
effective_rainfall = declare_variable(
    "runoff_producing_rainfall",
    symbol="J_0",
    unit="mm/yr",
    axes=(),
    zh="产流降水量",
    en="Runoff-producing rainfall",
    department=METEOROLOGY,
    about="效益系数法中的产流降水量(不是全年降水量)。",
    most=5000.0,
)
lake_area = declare_variable(
    "lake_area",
    symbol="A_l",
    unit="km^2",
    axes=("lake",),
    zh="湖泊面积",
    en="Area of a lake",
    department=WATER,
    about="逐湖填写;模型按面积大于 1 平方公里的湖泊拟合,更小的不填。",
    extent=True,
)
lake_capacity = declare_variable(
    "lake_flood_capacity",
    symbol="C_l0",
    unit="m^3/yr",
    axes=("lake",),
    zh="湖泊调蓄量(水文资料)",
    en="Flood storage of a lake, from gauges",
    department=WATER,
    about="有水文资料的湖泊直接填写可调蓄水量,优先于模型。",
    extent=True,
)
reservoir_capacity = declare_variable(
    "reservoir_capacity",
    symbol="C_t",
    unit="m^3",
    axes=(),
    zh="水库总库容",
    en="Total capacity of reservoirs",
    department=WATER,
    about="县域内水库总库容合计。",
)
reservoir_flood_capacity = declare_variable(
    "reservoir_flood_capacity",
    symbol="C_r0",
    unit="m^3/yr",
    axes=(),
    zh="水库防洪库容",
    en="Flood-control capacity of reservoirs",
    department=WATER,
    about="县域内水库防洪库容合计;已知时优先于按总库容折算。",
)
marsh_area = declare_variable(
    "marsh_area",
    symbol="S_m",
    unit="km^2",
    axes=(),
    zh="沼泽面积",
    en="Area of marshes",
    department=FORESTRY,
    about="有滞水能力的沼泽湿地面积。",
)
marsh_soil_depth = declare_variable(
    "marsh_soil_depth",
    symbol="h_m",
    unit="m/yr",
    axes=(),
    zh="沼泽土壤蓄水深度",
    en="Depth of marsh soil that stores water",
    department=FORESTRY,
    about="沼泽土壤蓄水层深度(每年按蓄满一次计)。",
)
marsh_soil_density = declare_variable(
    "marsh_soil_density",
    symbol="ρ_m",
    unit="t/m^3",
    axes=(),
    zh="沼泽土壤容重",
    en="Bulk density of marsh soil",
    department=FORESTRY,
    about="沼泽土壤容重。",
)
marsh_saturated = declare_variable(
    "marsh_saturated_moisture",
    symbol="F",
    unit="1",
    axes=(),
    zh="沼泽土壤饱和含水率",
    en="Saturated moisture of marsh soil",
    department=FORESTRY,
    about="饱和含水率(质量比,按小数或带 % 填写)。",
    most=20.0,
)
marsh_natural = declare_variable(
    "marsh_natural_moisture",
    symbol="E_m",
    unit="1",
    axes=(),
    zh="沼泽土壤自然含水率",
    en="Natural moisture of marsh soil",
    department=FORESTRY,
    about="自然含水率(质量比,按小数或带 % 填写)。",
    most=20.0,
)
marsh_surface_depth = declare_variable(
    "marsh_surface_depth",
    symbol="H_m",
    unit="m/yr",
    axes=(),
    zh="沼泽地表滞水深度",
    en="Depth of water on the marsh",
    department=FORESTRY,
    about="地表滞水深度(每年按蓄满一次计)。",
)
flood_vegetation_volume = _modelled(
    "flood_vegetation_volume",
    symbol="C_v0",
    unit="m^3/yr",
    zh="植被调蓄量(已测算)",
    en="Flood water held by vegetation, modelled elsewhere",
    department=WATER,
)
flood_lake_volume = declare_variable(
    "flood_lake_volume",
    symbol="C_L0",
    unit="m^3/yr",
    axes=(),
    zh="湖泊调蓄量合计(已测算)",
    en="Flood storage of lakes, modelled elsewhere",
    department=WATER,
    about="在别处测算好的湖泊调蓄量合计。",
)
flood_reservoir_volume = declare_variable(
    "flood_reservoir_volume",
    symbol="C_R0",
    unit="m^3/yr",
    axes=(),
    zh="水库调蓄量(已测算)",
    en="Flood storage of reservoirs, modelled elsewhere",
    department=WATER,
    about="在别处测算好的水库调蓄量。",
)
flood_marsh_volume = declare_variable(
    "flood_marsh_volume",
    symbol="C_M0",
    unit="m^3/yr",
    axes=(),
    zh="沼泽调蓄量(已测算)",
    en="Flood storage of marshes, modelled elsewhere",
    department=FORESTRY,
    about="在别处测算好的沼泽调蓄量。",
)

# --- soil and sand -------------------------------------------------------------------------------
rainfall_erosivity = declare_variable(
    "rainfall_erosivity",
    symbol="R_e",
    unit="MJ*mm/ha/h/yr",
    axes=BY_ECOSYSTEM,
    zh="降雨侵蚀力因子",
    en="Rainfall erosivity",
    department=METEOROLOGY,
    about="年降雨侵蚀力,单位 MJ·mm/(hm2·h·a)。",
    most=30000.0,
)
soil_erodibility = declare_variable(
    "soil_erodibility",
    symbol="K_s",
    unit="t*ha*h/ha/MJ/mm",
    axes=BY_ECOSYSTEM,
    zh="土壤可蚀性因子",
    en="Soil erodibility",
    department=AGRICULTURE,
    about="国际制单位 t·hm2·h/(hm2·MJ·mm);美制数值须先乘 0.1317。",
    most=0.12,
)
slope_factor = declare_variable(
    "slope_factor",
    symbol="LS",
    unit="1",
    axes=BY_ECOSYSTEM,
    zh="坡长坡度因子",
    en="Slope length and steepness",
    department=NATURAL_RESOURCES,
    about="由 DEM 计算的 L×S;须注明 DEM 分辨率和坡长方法。",
    most=150.0,
)
area_by_cover = declare_variable(
    "area_by_cover",
    symbol="A_c",
    unit="km^2",
    axes=(ECOSYSTEM, "cover_band"),
    zh="分覆盖度面积",
    en="Area by band of vegetation cover",
    department=NATURAL_RESOURCES,
    about="按生态系统类型和覆盖度分级(cover_0_10 ... cover_90_100)填写面积。",
    extent=True,
)
soil_retained = _modelled(
    "soil_retention_amount",
    symbol="Q_sr0",
    unit="t/yr",
    zh="土壤保持量(已测算)",
    en="Soil retained, modelled elsewhere",
    department=WATER,
)
soil_retained_before = _modelled(
    "soil_retention_reference",
    symbol="Q_sr1",
    unit="t/yr",
    zh="对照状态土壤保持量",
    en="Soil retained in the state compared with",
    department=WATER,
)
potential_erosion = _modelled(
    "potential_soil_erosion",
    symbol="Q_sep0",
    unit="t/yr",
    zh="潜在土壤侵蚀量(已测算)",
    en="Potential erosion, modelled elsewhere",
    department=WATER,
)
actual_erosion = _modelled(
    "actual_soil_erosion",
    symbol="Q_sea0",
    unit="t/yr",
    zh="实际土壤侵蚀量(已测算)",
    en="Actual erosion, modelled elsewhere",
    department=WATER,
)
bare_modulus = declare_variable(
    "bare_erosion_modulus",
    symbol="X_2",
    unit="t/km^2/yr",
    axes=BY_ECOSYSTEM,
    zh="无林地土壤侵蚀模数",
    en="Erosion of bare ground",
    department=WATER,
    about="没有植被覆盖时单位面积的年土壤侵蚀量。",
)
covered_modulus = declare_variable(
    "erosion_modulus",
    symbol="X_1",
    unit="t/km^2/yr",
    axes=BY_ECOSYSTEM,
    zh="林地土壤侵蚀模数",
    en="Erosion under vegetation",
    department=WATER,
    about="现有植被下单位面积的年土壤侵蚀量(水土保持监测)。",
)
sand_fixed = _modelled(
    "sand_fixation_amount",
    symbol="Q_sf0",
    unit="t/yr",
    zh="固沙量(已测算)",
    en="Sand fixed, modelled elsewhere",
    department=FORESTRY,
)
weather_factor = declare_variable(
    "wind_weather_factor",
    symbol="WF",
    unit="kg/m",
    axes=BY_ECOSYSTEM,
    zh="气象因子",
    en="Weather factor of wind erosion",
    department=METEOROLOGY,
    about="修正风蚀方程的气象因子。",
)
erodible_fraction = declare_variable(
    "wind_erodible_fraction",
    symbol="EF",
    unit="1",
    axes=BY_ECOSYSTEM,
    zh="土壤可蚀性成分",
    en="Wind-erodible fraction of soil",
    department=AGRICULTURE,
    about="修正风蚀方程的土壤可蚀性因子。",
    most=1.0,
)
crust_factor = declare_variable(
    "soil_crust_factor",
    symbol="SCF",
    unit="1",
    axes=BY_ECOSYSTEM,
    zh="土壤结皮因子",
    en="Soil crust factor",
    department=AGRICULTURE,
    about="修正风蚀方程的结皮因子。",
    most=1.0,
)
roughness_factor = declare_variable(
    "roughness_factor",
    symbol="K'",
    unit="1",
    axes=BY_ECOSYSTEM,
    zh="地表糙度因子",
    en="Roughness factor",
    department=NATURAL_RESOURCES,
    about="修正风蚀方程的地表糙度因子。",
    most=1.0,
)
wind_cover_factor = declare_variable(
    "wind_vegetation_factor",
    symbol="C_w",
    unit="1",
    axes=BY_ECOSYSTEM,
    zh="植被因子(风蚀)",
    en="Vegetation factor of wind erosion",
    department=FORESTRY,
    about="修正风蚀方程的植被因子。",
    most=1.0,
)
downwind_distance = declare_variable(
    "downwind_distance",
    symbol="z",
    unit="m",
    axes=BY_ECOSYSTEM,
    zh="下风向距离",
    en="Downwind distance",
    department=METEOROLOGY,
    about="计算风蚀量的下风向距离。",
)
coast_length = declare_variable(
    "protected_coast_length",
    symbol="L_c",
    unit="km",
    axes=BY_ECOSYSTEM,
    zh="受保护海岸线长度",
    en="Length of coast protected",
    department=NATURAL_RESOURCES,
    about="由红树林、盐沼等保护的海岸线长度。",
    extent=True,
    whole=True,
)

# --- air and water -------------------------------------------------------------------------------
air_emission = declare_variable(
    "air_emission",
    symbol="E",
    unit="t/yr",
    axes=(POLLUTANT,),
    zh="大气污染物排放量",
    en="Emission to the air",
    department=ECOLOGY,
    about="环境统计中全县 SO2、NOx、粉尘(dust)等年排放量。",
)
air_concentration = declare_variable(
    "air_concentration",
    symbol="c_a",
    unit="ug/m^3",
    axes=(POLLUTANT,),
    zh="环境空气年均浓度",
    en="Yearly mean concentration in the air",
    department=ECOLOGY,
    about="各污染物年均浓度,用来判断是否达到 GB 3095。",
)
air_purified = declare_variable(
    "air_purification_amount",
    symbol="Q_ap0",
    unit="t/yr",
    axes=(ECOSYSTEM, POLLUTANT),
    zh="空气净化量(已测算)",
    en="Air pollutants removed, modelled elsewhere",
    department=ECOLOGY,
    about="在别处测算好的净化量,按污染物填写。",
    extent=True,
    whole=True,
)
water_discharge = declare_variable(
    "water_discharge",
    symbol="D_w",
    unit="t/yr",
    axes=(POLLUTANT,),
    zh="水污染物排放量",
    en="Discharge to water",
    department=ECOLOGY,
    about="全县排入水体的 COD、NH3N、TN、TP。",
)
load_in = declare_variable(
    "river_load_in",
    symbol="L_in",
    unit="t/yr",
    axes=(POLLUTANT,),
    zh="入境断面污染负荷",
    en="Load at the entry section",
    department=ECOLOGY,
    about="入境断面年污染负荷。",
)
load_out = declare_variable(
    "river_load_out",
    symbol="L_out",
    unit="t/yr",
    axes=(POLLUTANT,),
    zh="出境断面污染负荷",
    en="Load at the exit section",
    department=ECOLOGY,
    about="出境断面年污染负荷。",
)
load_treated = declare_variable(
    "treated_load",
    symbol="L_t",
    unit="t/yr",
    axes=(POLLUTANT,),
    zh="污水处理厂削减量",
    en="Load removed by treatment plants",
    department=ECOLOGY,
    about="污水处理设施去除的污染负荷。",
)
water_purified = declare_variable(
    "water_purification_amount",
    symbol="Q_wp0",
    unit="t/yr",
    axes=(ECOSYSTEM, POLLUTANT),
    zh="水质净化量(已测算)",
    en="Water pollutants removed, modelled elsewhere",
    department=ECOLOGY,
    about="在别处测算好的净化量,按污染物填写。",
    extent=True,
    whole=True,
    least=None,
)
noise_belt_length = declare_variable(
    "green_belt_length",
    symbol="L_n",
    unit="km",
    axes=("road",),
    zh="有效绿化带道路长度",
    en="Length of roads with a green belt",
    department=TRANSPORT,
    about="按道路或道路等级填写有降噪绿化带的长度。",
    extent=True,
)
noise_reduced = declare_variable(
    "noise_attenuation",
    symbol="ΔL",
    unit="dB_A",
    axes=("road",),
    zh="降噪量",
    en="Noise attenuated",
    department=ECOLOGY,
    about="绿化带平均降低的噪声级。",
    most=60.0,
)

# --- carbon --------------------------------------------------------------------------------------
nep = declare_variable(
    "net_ecosystem_production",
    symbol="NEP",
    unit="t_C/yr",
    axes=BY_ECOSYSTEM,
    zh="净生态系统生产量",
    en="Net ecosystem production",
    department=FORESTRY,
    about="以碳计的净生态系统生产量(净初级生产量减土壤异养呼吸)。",
    extent=True,
    whole=True,
    least=None,
)
npp_carbon = declare_variable(
    "npp_carbon",
    symbol="npp_C",
    unit="t_C/km^2/yr",
    axes=BY_ECOSYSTEM,
    zh="净初级生产力(碳)",
    en="Net primary production, carbon",
    department=FORESTRY,
    about="以碳计的单位面积净初级生产力,如 g C/m2。",
    most=5000.0,
)
npp_dry = declare_variable(
    "npp_dry_matter",
    symbol="npp_D",
    unit="t_DM/km^2/yr",
    axes=BY_ECOSYSTEM,
    zh="净初级生产力(干物质)",
    en="Net primary production, dry matter",
    department=FORESTRY,
    about="以干物质计的单位面积净初级生产力,如 g DM/m2。",
    most=10000.0,
)
npp_dry_total = declare_variable(
    "npp_dry_matter_total",
    symbol="NPP_T",
    unit="t_DM/yr",
    axes=BY_ECOSYSTEM,
    zh="净初级生产量(干物质合计)",
    en="Net primary production, dry matter in all",
    department=FORESTRY,
    about="各类生态系统全年净初级生产量,以干物质计。",
    extent=True,
    whole=True,
)
month_temperature = declare_variable(
    "month_temperature",
    symbol="T_m",
    unit="deg_C",
    axes=("climate_month",),
    zh="逐月平均气温",
    en="Mean temperature of a month",
    department=METEOROLOGY,
    about="土壤呼吸:各月平均气温(℃),一月一行。",
    extent=True,
    least=-60.0,
    most=50.0,
)
month_precipitation = declare_variable(
    "month_precipitation",
    symbol="P_rm",
    unit="mm",
    axes=("climate_month",),
    zh="逐月降水量(土壤呼吸)",
    en="Rain of a month, for the respiration of soils",
    department=METEOROLOGY,
    about="土壤呼吸:各月降水量,一月一行。",
    most=5000.0,
)
soil_respired = declare_variable(
    "soil_respiration",
    symbol="R_s0",
    unit="t_C/km^2/yr",
    axes=BY_ECOSYSTEM,
    zh="土壤异养呼吸(已测算)",
    en="Respiration of soils, modelled elsewhere",
    department=FORESTRY,
    about="以碳计的单位面积年土壤异养呼吸,如 g C/m2。",
    most=5000.0,
)
biomass_growth = declare_variable(
    "biomass_growth",
    symbol="ΔB_0",
    unit="t_DM/yr",
    axes=BY_ECOSYSTEM,
    zh="生物量年增量",
    en="Growth of biomass",
    department=FORESTRY,
    about="地上和地下生物量的年净增量,以干物质计。",
    extent=True,
    whole=True,
    least=None,
)
volume_growth = declare_variable(
    "stock_volume_growth",
    symbol="ΔV",
    unit="m^3/yr",
    axes=BY_ECOSYSTEM,
    zh="蓄积年增量",
    en="Growth of the volume of stems",
    department=FORESTRY,
    about="森林蓄积的年净增量;没有生物量年增量时由它折算。",
    extent=True,
    whole=True,
    least=None,
)
carbon_lost = declare_variable(
    "carbon_loss",
    symbol="L_C",
    unit="t_C/yr",
    axes=(ECOSYSTEM, "carbon_loss_kind"),
    zh="碳损失量",
    en="Carbon lost",
    department=FORESTRY,
    about="采伐、薪材、灾害等各类生物量碳损失,按地类和种类填写。",
    extent=True,
)
area_before = declare_variable(
    "area_at_start",
    symbol="A_1",
    unit="km^2",
    axes=BY_ECOSYSTEM,
    zh="期初面积",
    en="Area at the first inventory",
    department=FORESTRY,
    about="清查期初各类生态系统面积。",
    extent=True,
)
density_before = declare_variable(
    "carbon_density_start",
    symbol="c_1",
    unit="t_C/ha",
    axes=BY_ECOSYSTEM,
    zh="期初碳密度",
    en="Carbon density at the start",
    department=FORESTRY,
    about="清查期初单位面积碳储量。",
    most=5000.0,
)
density_after = declare_variable(
    "carbon_density_end",
    symbol="c_2",
    unit="t_C/ha",
    axes=BY_ECOSYSTEM,
    zh="期末碳密度",
    en="Carbon density at the end",
    department=FORESTRY,
    about="清查期末单位面积碳储量。",
    most=5000.0,
)
carbon_stock_start = declare_variable(
    "carbon_stock_start",
    symbol="C_1",
    unit="t_C",
    axes=BY_ECOSYSTEM,
    zh="期初碳储量",
    en="Carbon stock at the start",
    department=FORESTRY,
    about="森林资源清查期初碳储量。",
    extent=True,
    whole=True,
)
carbon_stock_end = declare_variable(
    "carbon_stock_end",
    symbol="C_2",
    unit="t_C",
    axes=BY_ECOSYSTEM,
    zh="期末碳储量",
    en="Carbon stock at the end",
    department=FORESTRY,
    about="森林资源清查期末碳储量。",
    extent=True,
    whole=True,
)
stock_interval = declare_variable(
    "carbon_stock_interval",
    symbol="Δt",
    unit="yr",
    axes=(),
    zh="清查间隔年数",
    en="Years between the inventories",
    department=FORESTRY,
    about="两次清查相隔的年数。",
    least=0.5,
    most=30.0,
)
co2_fixed = _modelled(
    "co2_sequestered",
    symbol="Q_C0",
    unit="t_CO2/yr",
    zh="固碳量(已测算,CO2)",
    en="CO2 sequestered, modelled elsewhere",
    department=FORESTRY,
    negative=True,
)
o2_released = _modelled(
    "oxygen_released",
    symbol="Q_O0",
    unit="t_O2/yr",
    zh="释氧量(已测算)",
    en="Oxygen released, modelled elsewhere",
    department=FORESTRY,
)

# --- climate -------------------------------------------------------------------------------------
hot_days = declare_variable(
    "hot_days",
    symbol="D",
    unit="d/yr",
    axes=(),
    zh="空调开放天数",
    en="Days with air conditioning",
    department=METEOROLOGY,
    about="日最高气温高于 26 ℃ 的天数。",
    most=366.0,
)
hot_day_et = declare_variable(
    "hot_day_evapotranspiration",
    symbol="ET_h",
    unit="mm/yr",
    axes=BY_ECOSYSTEM,
    zh="高温日蒸腾量",
    en="Transpiration on hot days",
    department=METEOROLOGY,
    about="高温日各类生态系统的蒸腾(散)量之和。",
    most=2000.0,
)
hot_day_evaporation = declare_variable(
    "hot_day_water_evaporation",
    symbol="E_w",
    unit="m^3/yr",
    axes=(),
    zh="高温日水面蒸发量",
    en="Open-water evaporation on hot days",
    department=WATER,
    about="高温日水面蒸发的水量(立方米,不是毫米)。",
)
temperature_difference = declare_variable(
    "temperature_difference",
    symbol="ΔT",
    unit="deg_C",
    axes=BY_ECOSYSTEM,
    zh="实测降温幅度",
    en="Measured temperature difference",
    department=METEOROLOGY,
    about="空调开放日生态系统外与内的平均气温差;内比外热时为负。",
    least=-30.0,
    most=30.0,
)
air_layer = declare_variable(
    "cooled_air_height",
    symbol="H_a",
    unit="m",
    axes=BY_ECOSYSTEM,
    zh="受影响空气层高度",
    en="Height of the air that is cooled",
    department=METEOROLOGY,
    about="被降温的空气层高度(林分高度加影响层)。",
    most=1000.0,
)
transpiration_energy = _modelled(
    "transpiration_energy",
    symbol="E_pt0",
    unit="kWh/yr",
    zh="植被蒸腾降温耗能(已测算)",
    en="Energy of transpiration, modelled elsewhere",
    department=METEOROLOGY,
)
evaporation_energy = declare_variable(
    "evaporation_energy",
    symbol="E_we0",
    unit="kWh/yr",
    axes=(),
    zh="水面蒸发降温耗能(已测算)",
    en="Energy of evaporation, modelled elsewhere",
    department=METEOROLOGY,
    about="在别处测算好的水面蒸发降温耗能。",
)

# --- life ----------------------------------------------------------------------------------------
recovering_area = declare_variable(
    "naturally_recovering_area",
    symbol="A_p",
    unit="km^2",
    axes=BY_ECOSYSTEM,
    zh="自然控制病虫害面积",
    en="Area that recovers from pests by itself",
    department=FORESTRY,
    about="发生病虫害后依靠生态系统自愈的天然林、草地面积。",
    extent=True,
)
natural_forest_area = declare_variable(
    "natural_vegetation_area",
    symbol="A_nat",
    unit="km^2",
    axes=BY_ECOSYSTEM,
    zh="天然植被面积",
    en="Area of natural vegetation",
    department=FORESTRY,
    about="天然林(草)面积,发生率法需要。",
    extent=True,
)
pest_rate_planted = declare_variable(
    "pest_rate_plantation",
    symbol="r_p",
    unit="1",
    axes=BY_ECOSYSTEM,
    zh="人工林病虫害发生率",
    en="Pest rate of plantations",
    department=FORESTRY,
    about="人工林病虫害发生率。",
    most=1.0,
)
pest_rate_natural = declare_variable(
    "pest_rate_natural",
    symbol="r_n",
    unit="1",
    axes=BY_ECOSYSTEM,
    zh="天然林病虫害发生率",
    en="Pest rate of natural forest",
    department=FORESTRY,
    about="天然林病虫害发生率。",
    most=1.0,
)
area_by_diversity = declare_variable(
    "area_by_diversity_class",
    symbol="S_h",
    unit="km^2",
    axes=("diversity_class",),
    zh="分多样性等级面积",
    en="Area by class of diversity",
    department=FORESTRY,
    about="按 Shannon-Wiener 指数等级(H_0_1 ... H_6_up)填写森林面积。",
    extent=True,
)
ion_concentration = declare_variable(
    "negative_ion_concentration",
    symbol="C_i",
    unit="ion/cm^3",
    axes=BY_ECOSYSTEM,
    zh="负氧离子浓度",
    en="Concentration of negative ions",
    department=FORESTRY,
    about="林分负氧离子浓度(个/cm3)。",
)
stand_height = declare_variable(
    "stand_height",
    symbol="H",
    unit="m",
    axes=BY_ECOSYSTEM,
    zh="林分高度",
    en="Height of the stand",
    department=FORESTRY,
    about="林分平均高度。",
    most=100.0,
)
ion_life = declare_variable(
    "negative_ion_life",
    symbol="L_i",
    unit="min",
    axes=(),
    zh="负氧离子寿命",
    en="Life of a negative ion",
    department=FORESTRY,
    about="负氧离子寿命(分钟)。",
)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Observed))
