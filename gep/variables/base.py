"""The county itself: its land, people and economy, and the areas of its ecosystems."""

from gep.formula.nodes import ECOSYSTEM
from gep.variables.declare import METEOROLOGY, NATURAL_RESOURCES, STATISTICS, observed

land_area = observed(
    "land_area", "A_land", "km^2", (), "行政区域土地面积", "Land area of the county", NATURAL_RESOURCES,
    "国土调查公布的县域总面积,用来核对各类生态系统面积之和。",
)  # fmt: skip
population = observed(
    "population", "N_pop", "person", (), "常住人口", "Resident population", STATISTICS,
    "年末常住人口或普查人口,用来计算人均 GEP。",
)  # fmt: skip
gdp = observed(
    "gdp", "GDP", "CNY/yr", (), "地区生产总值", "Gross domestic product", STATISTICS,
    "核算年当年价地区生产总值,用来计算 GEP 与 GDP 之比。", least=None,
)  # fmt: skip
area = observed(
    "area", "A", "km^2", (ECOSYSTEM,), "生态系统面积", "Area of an ecosystem type", NATURAL_RESOURCES,
    "每类生态系统的椭球面积;县内没有的类型填 0,不要留空。", extent=True,
)  # fmt: skip
precipitation = observed(
    "precipitation", "P", "mm/yr", (ECOSYSTEM,), "年降水量", "Precipitation", METEOROLOGY,
    "核算年(日历年)降水量;只有全县一个值时生态系统一栏留空。", most=8000.0,
)  # fmt: skip
evapotranspiration = observed(
    "evapotranspiration", "ET", "mm/yr", (ECOSYSTEM,), "年实际蒸散发量", "Actual evapotranspiration", METEOROLOGY,
    "核算年实际蒸散发量,可分生态系统类型填写,也可全县填一个值。", most=3000.0,
)  # fmt: skip

ALL = (land_area, population, gdp, area, precipitation, evapotranspiration)
