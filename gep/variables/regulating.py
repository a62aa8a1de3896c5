"""What ecosystems regulate: water, soil, air, climate, and the pressures they act on."""

from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Observed
from gep.variables.declare import AGRICULTURE, ECOLOGY, FORESTRY, METEOROLOGY, NATURAL_RESOURCES, TRANSPORT, WATER, observed

BY_ECOSYSTEM = (ECOSYSTEM,)


def _modelled(identity: str, symbol: str, unit: str, zh: str, en: str, department: str) -> Observed:
    """Return the variable of a quantity that was modelled or measured elsewhere and is valued here."""
    return observed(
        identity, symbol, unit, BY_ECOSYSTEM, zh, en, department,
        "在别处测算好的实物量;可分生态系统类型,也可全县填一个值(生态系统一栏留空)。", extent=True, whole=True,
    )  # fmt: skip


# --- water ---------------------------------------------------------------------------------------
surface_runoff = observed(
    "surface_runoff", "R_m", "mm/yr", BY_ECOSYSTEM, "地表径流量", "Surface runoff", WATER,
    "实测或模型得到的年(暴雨)地表径流深;没有时由降水量乘径流系数得到。", most=8000.0,
)  # fmt: skip
water_conservation_volume = _modelled(
    "water_conservation_volume", "Q_wr0", "m^3/yr", "水源涵养量(已测算)", "Water conserved, modelled elsewhere", WATER
)
water_used = observed(
    "regional_water_use", "W_use", "m^3/yr", (), "区域用水量", "Water used in the region", WATER,
    "区域水量平衡法:全年用水量。",
)  # fmt: skip
water_out = observed(
    "water_outflow", "W_out", "m^3/yr", (), "出境水量", "Water leaving the region", WATER, "区域水量平衡法:全年出境水量。",
)  # fmt: skip
water_in = observed(
    "water_inflow", "W_in", "m^3/yr", (), "入境水量", "Water entering the region", WATER, "区域水量平衡法:全年入境水量。",
)  # fmt: skip

# --- floods --------------------------------------------------------------------------------------
storm_rainfall = observed(
    "storm_rainfall", "P_s", "mm/yr", (), "暴雨日降水总量", "Rain of storm days", METEOROLOGY,
    "全年日降水量不小于 50 mm 的各日降水量之和。", most=5000.0,
)  # fmt: skip
storm_runoff = observed(
    "storm_runoff", "R_s", "mm/yr", BY_ECOSYSTEM, "暴雨径流量", "Runoff of storm days", WATER,
    "各类生态系统在暴雨日的径流深之和。", most=5000.0,
)  # fmt: skip
effective_rainfall = observed(
    "runoff_producing_rainfall", "J_0", "mm/yr", (), "产流降水量", "Runoff-producing rainfall", METEOROLOGY,
    "效益系数法中的产流降水量(不是全年降水量)。", most=5000.0,
)  # fmt: skip
lake_area = observed(
    "lake_area", "A_l", "km^2", ("lake",), "湖泊面积", "Area of a lake", WATER,
    "逐湖填写;模型按面积大于 1 平方公里的湖泊拟合,更小的不填。", extent=True,
)  # fmt: skip
lake_capacity = observed(
    "lake_flood_capacity", "C_l0", "m^3/yr", ("lake",), "湖泊调蓄量(水文资料)", "Flood storage of a lake, from gauges",
    WATER, "有水文资料的湖泊直接填写可调蓄水量,优先于模型。", extent=True,
)  # fmt: skip
reservoir_capacity = observed(
    "reservoir_capacity", "C_t", "m^3", (), "水库总库容", "Total capacity of reservoirs", WATER,
    "县域内水库总库容合计。",
)  # fmt: skip
reservoir_flood_capacity = observed(
    "reservoir_flood_capacity", "C_r0", "m^3/yr", (), "水库防洪库容", "Flood-control capacity of reservoirs", WATER,
    "县域内水库防洪库容合计;已知时优先于按总库容折算。",
)  # fmt: skip
marsh_area = observed(
    "marsh_area", "S_m", "km^2", (), "沼泽面积", "Area of marshes", FORESTRY, "有滞水能力的沼泽湿地面积。",
)  # fmt: skip
marsh_soil_depth = observed(
    "marsh_soil_depth", "h_m", "m/yr", (), "沼泽土壤蓄水深度", "Depth of marsh soil that stores water", FORESTRY,
    "沼泽土壤蓄水层深度(每年按蓄满一次计)。",
)  # fmt: skip
marsh_soil_density = observed(
    "marsh_soil_density", "ρ_m", "t/m^3", (), "沼泽土壤容重", "Bulk density of marsh soil", FORESTRY, "沼泽土壤容重。",
)  # fmt: skip
marsh_saturated = observed(
    "marsh_saturated_moisture", "F", "1", (), "沼泽土壤饱和含水率", "Saturated moisture of marsh soil", FORESTRY,
    "饱和含水率(质量比,按小数或带 % 填写)。", most=20.0,
)  # fmt: skip
marsh_natural = observed(
    "marsh_natural_moisture", "E_m", "1", (), "沼泽土壤自然含水率", "Natural moisture of marsh soil", FORESTRY,
    "自然含水率(质量比,按小数或带 % 填写)。", most=20.0,
)  # fmt: skip
marsh_surface_depth = observed(
    "marsh_surface_depth", "H_m", "m/yr", (), "沼泽地表滞水深度", "Depth of water on the marsh", FORESTRY,
    "地表滞水深度(每年按蓄满一次计)。",
)  # fmt: skip
flood_vegetation_volume = _modelled(
    "flood_vegetation_volume", "C_v0", "m^3/yr", "植被调蓄量(已测算)", "Flood water held by vegetation, modelled elsewhere",
    WATER,
)  # fmt: skip
flood_lake_volume = observed(
    "flood_lake_volume", "C_L0", "m^3/yr", (), "湖泊调蓄量合计(已测算)", "Flood storage of lakes, modelled elsewhere", WATER,
    "在别处测算好的湖泊调蓄量合计。",
)  # fmt: skip
flood_reservoir_volume = observed(
    "flood_reservoir_volume", "C_R0", "m^3/yr", (), "水库调蓄量(已测算)", "Flood storage of reservoirs, modelled elsewhere",
    WATER, "在别处测算好的水库调蓄量。",
)  # fmt: skip
flood_marsh_volume = observed(
    "flood_marsh_volume", "C_M0", "m^3/yr", (), "沼泽调蓄量(已测算)", "Flood storage of marshes, modelled elsewhere",
    FORESTRY, "在别处测算好的沼泽调蓄量。",
)  # fmt: skip

# --- soil and sand -------------------------------------------------------------------------------
rainfall_erosivity = observed(
    "rainfall_erosivity", "R_e", "MJ*mm/ha/h/yr", BY_ECOSYSTEM, "降雨侵蚀力因子", "Rainfall erosivity", METEOROLOGY,
    "年降雨侵蚀力,单位 MJ·mm/(hm2·h·a)。", most=30000.0,
)  # fmt: skip
soil_erodibility = observed(
    "soil_erodibility", "K_s", "t*ha*h/ha/MJ/mm", BY_ECOSYSTEM, "土壤可蚀性因子", "Soil erodibility", AGRICULTURE,
    "国际制单位 t·hm2·h/(hm2·MJ·mm);美制数值须先乘 0.1317。", most=0.12,
)  # fmt: skip
slope_factor = observed(
    "slope_factor", "LS", "1", BY_ECOSYSTEM, "坡长坡度因子", "Slope length and steepness", NATURAL_RESOURCES,
    "由 DEM 计算的 L×S;须注明 DEM 分辨率和坡长方法。", most=150.0,
)  # fmt: skip
area_by_cover = observed(
    "area_by_cover", "A_c", "km^2", (ECOSYSTEM, "cover_band"), "分覆盖度面积", "Area by band of vegetation cover",
    NATURAL_RESOURCES, "按生态系统类型和覆盖度分级(cover_0_10 ... cover_90_100)填写面积。", extent=True,
)  # fmt: skip
soil_retained = _modelled(
    "soil_retention_amount", "Q_sr0", "t/yr", "土壤保持量(已测算)", "Soil retained, modelled elsewhere", WATER
)
sand_fixed = _modelled("sand_fixation_amount", "Q_sf0", "t/yr", "固沙量(已测算)", "Sand fixed, modelled elsewhere", FORESTRY)
weather_factor = observed(
    "wind_weather_factor", "WF", "kg/m", BY_ECOSYSTEM, "气象因子", "Weather factor of wind erosion", METEOROLOGY,
    "修正风蚀方程的气象因子。",
)  # fmt: skip
erodible_fraction = observed(
    "wind_erodible_fraction", "EF", "1", BY_ECOSYSTEM, "土壤可蚀性成分", "Wind-erodible fraction of soil", AGRICULTURE,
    "修正风蚀方程的土壤可蚀性因子。", most=1.0,
)  # fmt: skip
crust_factor = observed(
    "soil_crust_factor", "SCF", "1", BY_ECOSYSTEM, "土壤结皮因子", "Soil crust factor", AGRICULTURE, "修正风蚀方程的结皮因子。",
    most=1.0,
)  # fmt: skip
roughness_factor = observed(
    "roughness_factor", "K'", "1", BY_ECOSYSTEM, "地表糙度因子", "Roughness factor", NATURAL_RESOURCES,
    "修正风蚀方程的地表糙度因子。", most=1.0,
)  # fmt: skip
wind_cover_factor = observed(
    "wind_vegetation_factor", "C_w", "1", BY_ECOSYSTEM, "植被因子(风蚀)", "Vegetation factor of wind erosion", FORESTRY,
    "修正风蚀方程的植被因子。", most=1.0,
)  # fmt: skip
downwind_distance = observed(
    "downwind_distance", "z", "m", BY_ECOSYSTEM, "下风向距离", "Downwind distance", METEOROLOGY, "计算风蚀量的下风向距离。",
)  # fmt: skip
coast_length = observed(
    "protected_coast_length", "L_c", "km", BY_ECOSYSTEM, "受保护海岸线长度", "Length of coast protected", NATURAL_RESOURCES,
    "由红树林、盐沼等保护的海岸线长度。", extent=True, whole=True,
)  # fmt: skip

# --- air and water -------------------------------------------------------------------------------
air_emission = observed(
    "air_emission", "E", "t/yr", (POLLUTANT,), "大气污染物排放量", "Emission to the air", ECOLOGY,
    "环境统计中全县 SO2、NOx、粉尘(dust)等年排放量。",
)  # fmt: skip
air_concentration = observed(
    "air_concentration", "c_a", "ug/m^3", (POLLUTANT,), "环境空气年均浓度", "Yearly mean concentration in the air", ECOLOGY,
    "各污染物年均浓度,用来判断是否达到 GB 3095。",
)  # fmt: skip
air_purified = observed(
    "air_purification_amount", "Q_ap0", "t/yr", (ECOSYSTEM, POLLUTANT), "空气净化量(已测算)",
    "Air pollutants removed, modelled elsewhere", ECOLOGY, "在别处测算好的净化量,按污染物填写。", extent=True, whole=True,
)  # fmt: skip
water_discharge = observed(
    "water_discharge", "D_w", "t/yr", (POLLUTANT,), "水污染物排放量", "Discharge to water", ECOLOGY,
    "全县排入水体的 COD、NH3N、TN、TP。",
)  # fmt: skip
load_in = observed(
    "river_load_in", "L_in", "t/yr", (POLLUTANT,), "入境断面污染负荷", "Load at the entry section", ECOLOGY,
    "入境断面年污染负荷。",
)  # fmt: skip
load_out = observed(
    "river_load_out", "L_out", "t/yr", (POLLUTANT,), "出境断面污染负荷", "Load at the exit section", ECOLOGY,
    "出境断面年污染负荷。",
)  # fmt: skip
load_treated = observed(
    "treated_load", "L_t", "t/yr", (POLLUTANT,), "污水处理厂削减量", "Load removed by treatment plants", ECOLOGY,
    "污水处理设施去除的污染负荷。",
)  # fmt: skip
water_purified = observed(
    "water_purification_amount", "Q_wp0", "t/yr", (ECOSYSTEM, POLLUTANT), "水质净化量(已测算)",
    "Water pollutants removed, modelled elsewhere", ECOLOGY, "在别处测算好的净化量,按污染物填写。", extent=True, whole=True,
)  # fmt: skip
noise_belt_length = observed(
    "green_belt_length", "L_n", "km", ("road",), "有效绿化带道路长度", "Length of roads with a green belt", TRANSPORT,
    "按道路或道路等级填写有降噪绿化带的长度。", extent=True,
)  # fmt: skip
noise_reduced = observed(
    "noise_attenuation", "ΔL", "dB_A", ("road",), "降噪量", "Noise attenuated", ECOLOGY, "绿化带平均降低的噪声级。", most=60.0,
)  # fmt: skip

# --- carbon --------------------------------------------------------------------------------------
nep = observed(
    "net_ecosystem_production", "NEP", "t_C/yr", BY_ECOSYSTEM, "净生态系统生产量", "Net ecosystem production", FORESTRY,
    "以碳计的净生态系统生产量(净初级生产量减土壤异养呼吸)。", extent=True, whole=True, least=None,
)  # fmt: skip
npp_carbon = observed(
    "npp_carbon", "npp_C", "t_C/km^2/yr", BY_ECOSYSTEM, "净初级生产力(碳)", "Net primary production, carbon", FORESTRY,
    "以碳计的单位面积净初级生产力,如 g C/m2。", most=5000.0,
)  # fmt: skip
npp_dry = observed(
    "npp_dry_matter", "npp_D", "t_DM/km^2/yr", BY_ECOSYSTEM, "净初级生产力(干物质)",
    "Net primary production, dry matter", FORESTRY, "以干物质计的单位面积净初级生产力,如 g DM/m2。", most=10000.0,
)  # fmt: skip
npp_dry_total = observed(
    "npp_dry_matter_total", "NPP_T", "t_DM/yr", BY_ECOSYSTEM, "净初级生产量(干物质合计)",
    "Net primary production, dry matter in all", FORESTRY, "各类生态系统全年净初级生产量,以干物质计。", extent=True, whole=True,
)  # fmt: skip
carbon_stock_start = observed(
    "carbon_stock_start", "C_1", "t_C", BY_ECOSYSTEM, "期初碳储量", "Carbon stock at the start", FORESTRY, "森林资源清查期初碳储量。",
    extent=True, whole=True,
)  # fmt: skip
carbon_stock_end = observed(
    "carbon_stock_end", "C_2", "t_C", BY_ECOSYSTEM, "期末碳储量", "Carbon stock at the end", FORESTRY, "森林资源清查期末碳储量。",
    extent=True, whole=True,
)  # fmt: skip
stock_interval = observed(
    "carbon_stock_interval", "Δt", "yr", (), "清查间隔年数", "Years between the inventories", FORESTRY, "两次清查相隔的年数。",
    least=0.5, most=30.0,
)  # fmt: skip
co2_fixed = _modelled(
    "co2_sequestered", "Q_C0", "t_CO2/yr", "固碳量(已测算,CO2)", "CO2 sequestered, modelled elsewhere", FORESTRY
)
o2_released = _modelled("oxygen_released", "Q_O0", "t_O2/yr", "释氧量(已测算)", "Oxygen released, modelled elsewhere", FORESTRY)

# --- climate -------------------------------------------------------------------------------------
hot_days = observed(
    "hot_days", "D", "d/yr", (), "空调开放天数", "Days with air conditioning", METEOROLOGY,
    "日最高气温高于 26 ℃ 的天数。", most=366.0,
)  # fmt: skip
hot_day_et = observed(
    "hot_day_evapotranspiration", "ET_h", "mm/yr", BY_ECOSYSTEM, "高温日蒸腾量", "Transpiration on hot days", METEOROLOGY,
    "高温日各类生态系统的蒸腾(散)量之和。", most=2000.0,
)  # fmt: skip
hot_day_evaporation = observed(
    "hot_day_water_evaporation", "E_w", "m^3/yr", (), "高温日水面蒸发量", "Open-water evaporation on hot days", WATER,
    "高温日水面蒸发的水量(立方米,不是毫米)。",
)  # fmt: skip
transpiration_energy = _modelled(
    "transpiration_energy", "E_pt0", "kWh/yr", "植被蒸腾降温耗能(已测算)", "Energy of transpiration, modelled elsewhere",
    METEOROLOGY,
)  # fmt: skip
evaporation_energy = observed(
    "evaporation_energy", "E_we0", "kWh/yr", (), "水面蒸发降温耗能(已测算)", "Energy of evaporation, modelled elsewhere",
    METEOROLOGY, "在别处测算好的水面蒸发降温耗能。",
)  # fmt: skip

# --- life ----------------------------------------------------------------------------------------
recovering_area = observed(
    "naturally_recovering_area", "A_p", "km^2", BY_ECOSYSTEM, "自然控制病虫害面积", "Area that recovers from pests by itself",
    FORESTRY, "发生病虫害后依靠生态系统自愈的天然林、草地面积。", extent=True,
)  # fmt: skip
natural_forest_area = observed(
    "natural_vegetation_area", "A_nat", "km^2", BY_ECOSYSTEM, "天然植被面积", "Area of natural vegetation", FORESTRY,
    "天然林(草)面积,发生率法需要。", extent=True,
)  # fmt: skip
pest_rate_planted = observed(
    "pest_rate_plantation", "r_p", "1", BY_ECOSYSTEM, "人工林病虫害发生率", "Pest rate of plantations", FORESTRY,
    "人工林病虫害发生率。", most=1.0,
)  # fmt: skip
pest_rate_natural = observed(
    "pest_rate_natural", "r_n", "1", BY_ECOSYSTEM, "天然林病虫害发生率", "Pest rate of natural forest", FORESTRY,
    "天然林病虫害发生率。", most=1.0,
)  # fmt: skip
area_by_diversity = observed(
    "area_by_diversity_class", "S_h", "km^2", ("diversity_class",), "分多样性等级面积", "Area by class of diversity",
    FORESTRY, "按 Shannon-Wiener 指数等级(H_0_1 ... H_6_up)填写森林面积。", extent=True,
)  # fmt: skip
ion_concentration = observed(
    "negative_ion_concentration", "C_i", "ion/cm^3", BY_ECOSYSTEM, "负氧离子浓度", "Concentration of negative ions",
    FORESTRY, "林分负氧离子浓度(个/cm3)。",
)  # fmt: skip
stand_height = observed(
    "stand_height", "H", "m", BY_ECOSYSTEM, "林分高度", "Height of the stand", FORESTRY, "林分平均高度。", most=100.0,
)  # fmt: skip
ion_life = observed(
    "negative_ion_life", "L_i", "min", (), "负氧离子寿命", "Life of a negative ion", FORESTRY, "负氧离子寿命(分钟)。",
)  # fmt: skip

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Observed))
