"""What people enjoy: visits, hours outdoors, and dwellings near green and water; and what a place adds of its own."""

from gep.formula.nodes import Observed
from gep.variables.declare import HOUSING, STATISTICS, TOURISM, observed

visitors = observed(
    "visitors", "N_v", "visit/yr", ("origin",), "自然类景区游客人次", "Visits to nature-based sites by origin", TOURISM,
    "按客源地填写到自然类景区的人次;只有合计时产品一栏填 all。", extent=True,
)  # fmt: skip
nature_share = observed(
    "nature_share", "s_n", "1", (), "自然类游览占比", "Share of visits owed to nature", TOURISM,
    "游客中为自然景观而来的比例;已只统计自然类景区的填 1。", most=1.0,
)  # fmt: skip
travel_time = observed(
    "travel_time",
    "T_v",
    "h/visit",
    ("origin",),
    "旅行与停留时间",
    "Time of travel and stay",
    TOURISM,
    "人均在途和停留小时数(问卷)。",
)
wage = observed(
    "wage", "W", "CNY/h", ("origin",), "客源地小时工资", "Hourly wage at the origin", STATISTICS, "客源地平均小时工资。"
)
direct_cost = observed(
    "direct_cost", "C_v", "CNY/visit", ("origin",), "人均直接花费", "Direct spending a visit", TOURISM,
    "交通、食宿、门票等人均花费(问卷)。",
)  # fmt: skip
recreation_hours = observed(
    "recreation_hours", "H_r", "h/yr", ("site",), "居民休闲游憩时间", "Hours of residents' recreation", HOUSING,
    "本地居民在公园、绿道、湿地等处的总小时数,不含外来游客。", extent=True,
)  # fmt: skip
benefiting_floor_area = observed(
    "benefiting_floor_area", "A_h", "m^2", ("dwelling",), "受益房屋面积", "Floor area that benefits", HOUSING,
    "受绿地、水体等景观增值影响的住房或酒店建筑面积。", extent=True,
)  # fmt: skip
local_value = observed(
    "local_addition_value", "V_x0", "CNY/yr", ("local_item",), "地方增列指标价值", "Value of a locally added indicator",
    STATISTICS, "标准之外地方增列的指标(如历史文化),按指标名填写。", extent=True,
)  # fmt: skip

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Observed))
