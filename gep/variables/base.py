"""The county itself: its land, people and economy, and the areas of its ecosystems."""

from gep.formula.nodes import ECOSYSTEM
from gep.variables.declare import METEOROLOGY, NATURAL_RESOURCES, STATISTICS, declare_variable

land_area = declare_variable(
    "land_area",
    symbol="A_land",
    unit="km^2",
    axes=(),
    zh="行政区域土地面积",
    en="Land area of the county",
    department=NATURAL_RESOURCES,
    about="国土调查公布的县域总面积,用来核对各类生态系统面积之和。",
    least=0.01,
)
population = declare_variable(
    "population",
    symbol="N_pop",
    unit="person",
    axes=(),
    zh="常住人口",
    en="Resident population",
    department=STATISTICS,
    about="年末常住人口或普查人口,用来计算人均 GEP。",
    least=1.0,
)
gdp = declare_variable(
    "gdp",
    symbol="GDP",
    unit="CNY/yr",
    axes=(),
    zh="地区生产总值",
    en="Gross domestic product",
    department=STATISTICS,
    about="核算年当年价地区生产总值,用来计算 GEP 与 GDP 之比。",
    least=1e5,
    current=True,
)
area = declare_variable(
    "area",
    symbol="A",
    unit="km^2",
    axes=(ECOSYSTEM,),
    zh="生态系统面积",
    en="Area of an ecosystem type",
    department=NATURAL_RESOURCES,
    about="每类生态系统的椭球面积;县内没有的类型填 0,不要留空。",
    extent=True,
)
precipitation = declare_variable(
    "precipitation",
    symbol="P",
    unit="mm/yr",
    axes=(ECOSYSTEM,),
    zh="年降水量",
    en="Precipitation",
    department=METEOROLOGY,
    about="核算年(日历年)降水量;只有全县一个值时生态系统一栏留空。",
    most=8000.0,
)
evapotranspiration = declare_variable(
    "evapotranspiration",
    symbol="ET",
    unit="mm/yr",
    axes=(ECOSYSTEM,),
    zh="年实际蒸散发量",
    en="Actual evapotranspiration",
    department=METEOROLOGY,
    about="核算年实际蒸散发量,可分生态系统类型填写,也可全县填一个值。",
    most=3000.0,
)

price_index = declare_variable(
    "price_index",
    symbol="PI",
    unit="1",
    axes=("index_year",),
    zh="价格指数(上年=100)",
    en="Price index (previous year = 100)",
    department=STATISTICS,
    about="自带的指数停在核算年之前、或改用本省指数时才填,须与核算标准所用的指数同类(一般为居民消费价格指数,见 gep check 的提示):类别一栏写年份(如 2026),数值以上年为 100,单位 %(如 100.2 %),注明来源。",
    extent=True,
    least=0.5,
    most=2.0,
)

ALL = (land_area, population, gdp, price_index, area, precipitation, evapotranspiration)
