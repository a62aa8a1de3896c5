"""What people enjoy: visits, hours outdoors, and dwellings near green and water; and what a place adds of its own."""

from gep.formula.nodes import Observed
from gep.variables.declare import HOUSING, STATISTICS, TOURISM, declare_variable

visitors = declare_variable(
    "visitors",
    symbol="N_v",
    unit="visit/yr",
    axes=("origin",),
    zh="自然类景区游客人次",
    en="Visits to nature-based sites by origin",
    department=TOURISM,
    about="按客源地填写到自然类景区的人次;只有合计时产品一栏填 all。",
    extent=True,
)
nature_share = declare_variable(
    "nature_share",
    symbol="s_n",
    unit="1",
    axes=(),
    zh="自然类游览占比",
    en="Share of visits owed to nature",
    department=TOURISM,
    about="游客中为自然景观而来的比例;已只统计自然类景区的填 1。",
    most=1.0,
)
travel_time = declare_variable(
    "travel_time",
    symbol="T_v",
    unit="h/visit",
    axes=("origin",),
    zh="旅行与停留时间",
    en="Time of travel and stay",
    department=TOURISM,
    about="人均在途和停留小时数(问卷)。",
)
wage = declare_variable(
    "wage",
    symbol="W",
    unit="CNY/h",
    axes=("origin",),
    zh="客源地小时工资",
    en="Hourly wage at the origin",
    department=STATISTICS,
    about="客源地平均小时工资。",
)
direct_cost = declare_variable(
    "direct_cost",
    symbol="C_v",
    unit="CNY/visit",
    axes=("origin",),
    zh="人均直接花费",
    en="Direct spending a visit",
    department=TOURISM,
    about="交通、食宿、门票等人均花费(问卷)。",
)
time_cost = declare_variable(
    "time_cost",
    symbol="C_t",
    unit="CNY/visit",
    axes=("origin",),
    zh="人均时间成本",
    en="Cost of time a visit",
    department=TOURISM,
    about="每人次旅行时间的成本(问卷或文献),已知总额而不分小时和工资时填写。",
)
paying_persons = declare_variable(
    "paying_persons",
    symbol="N_w",
    unit="person",
    axes=("survey",),
    zh="受访区人口",
    en="Persons whom a survey stands for",
    department=TOURISM,
    about="支付意愿调查所代表的人数(当地、外地可分行填写)。",
    extent=True,
)
willingness_to_pay = declare_variable(
    "willingness_to_pay",
    symbol="WTP",
    unit="CNY/person/yr",
    axes=("survey",),
    zh="人均年支付意愿",
    en="Willingness to pay a person and year",
    department=TOURISM,
    about="调查得到的人均年支付意愿,注明样本数。",
    least=None,
    most=1e6,
)
paying_share = declare_variable(
    "paying_share",
    symbol="s_w",
    unit="1",
    axes=("survey",),
    zh="支付率",
    en="Share that is willing to pay",
    department=TOURISM,
    about="愿意支付者的比例;人均支付意愿已含零支付者时填 1。",
    most=1.0,
)
recreation_hours = declare_variable(
    "recreation_hours",
    symbol="H_r",
    unit="h/yr",
    axes=("site",),
    zh="居民休闲游憩时间",
    en="Hours of residents' recreation",
    department=HOUSING,
    about="本地居民在公园、绿道、湿地等处的总小时数,不含外来游客。",
    extent=True,
)
benefiting_floor_area = declare_variable(
    "benefiting_floor_area",
    symbol="A_h",
    unit="m^2",
    axes=("dwelling",),
    zh="受益房屋面积",
    en="Floor area that benefits",
    department=HOUSING,
    about="受绿地、水体等景观增值影响的住房或酒店建筑面积。",
    extent=True,
)
local_value = declare_variable(
    "local_addition_value",
    symbol="V_x0",
    unit="CNY/yr",
    axes=("local_item",),
    zh="地方增列指标价值",
    en="Value of a locally added indicator",
    department=STATISTICS,
    about="标准之外地方增列的指标(如历史文化),按指标名填写。",
    extent=True,
    least=None,
)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Observed))
