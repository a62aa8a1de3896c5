"""Tourism and health: visits to nature-based sites at what they cost the visitors, origin by origin."""

from gep.formula.nodes import Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import CULTURAL
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.cultural import direct_cost, nature_share, time_cost, travel_time, visitors, wage

AXES = ("origin",)
time_value_share = Coefficient(
    "time_value_share",
    symbol="s_t",
    unit="1",
    axes=(),
    title=Title("时间价值占工资比例", "Share of the wage that time is worth"),
    least=0,
    most=1,
)
consumer_surplus = Coefficient(
    "consumer_surplus_per_visit",
    symbol="CS",
    unit="CNY/visit",
    axes=(),
    title=Title("人均消费者剩余", "Consumer surplus of a visit"),
    least=0,
)
visit_value = Coefficient(
    "value_per_visit", symbol="v_v", unit="CNY/visit", axes=(), title=Title("单次游览价值", "Value of a visit"), least=0
)

visits = Rule(
    "tourism_health.visits",
    symbol="Q_th",
    unit="visit/yr",
    axes=AXES,
    title=Title("自然类游览人次", "Nature-based visits"),
    variants={
        "nature_share": declare_variant(
            visitors * nature_share,
            source="standards-family",
            clause="tourism, nature-based share",
            mark="K",
            zh="人次乘自然占比",
            en="visits times share owed to nature",
        ),
        "all_visits": declare_variant(
            visitors,
            source="garze-2017",
            clause="section 2.5 and table 3",
            mark="V",
            zh="全部人次",
            en="all visits as entered",
            caution="P15:全部人次计入,其中不得含城市和红色文化景点 | P15: all visitors count; city and red-culture sites must not be among them",
        ),
    },
)
_shared = travel_time * wage * time_value_share + direct_cost
price = Rule(
    "tourism_health.price",
    symbol="p_v",
    unit="CNY/visit",
    axes=AXES,
    title=Title("单次游览费用", "Cost of a visit"),
    variants={
        "travel_cost": declare_variant(
            travel_time * wage + direct_cost,
            source="standards-family",
            clause="travel cost",
            mark="K",
            zh="旅行费用法",
            en="travel cost, time at the full wage",
        ),
        "travel_cost_time_share": declare_variant(
            _shared,
            source="baiyangdian-2017",
            clause="section 2.2, travel cost",
            mark="V",
            zh="旅行费用法(时间按工资比例)",
            en="travel cost, time at a share of the wage",
        ),
        "with_consumer_surplus": declare_variant(
            _shared + consumer_surplus,
            source="baiyangdian-2017",
            clause="section 2.2, consumer surplus",
            mark="V",
            zh="旅行费用(时间按工资比例)加消费者剩余",
            en="travel cost, time at a share of the wage, plus consumer surplus",
            caution="P15:消费者剩余不属于交换价值(SEEA) | P15: consumer surplus lies outside exchange values (SEEA)",
        ),
        "travel_cost_time_stated": declare_variant(
            direct_cost + time_cost,
            source="baiyangdian-2017",
            clause="section 2.2, direct cost plus cost of time a visit",
            mark="V",
            zh="旅行费用法(时间成本按人次填报)",
            en="travel cost, cost of time stated a visit",
        ),
        "time_stated_with_consumer_surplus": declare_variant(
            direct_cost + time_cost + consumer_surplus,
            source="baiyangdian-2017",
            clause="section 2.2, direct cost, cost of time and consumer surplus a visit",
            mark="V",
            zh="旅行费用(时间成本按人次填报)加消费者剩余",
            en="travel cost, cost of time stated a visit, plus consumer surplus",
            caution="P15:消费者剩余不属于交换价值(SEEA) | P15: consumer surplus lies outside exchange values (SEEA)",
        ),
        "per_visit": declare_variant(
            visit_value,
            source="garze-2017",
            clause="table 3: visits and value are printed, a visit is their quotient",
            mark="D",
            zh="单次游览价值",
            en="value of a visit",
        ),
    },
)
value = make_value(
    "tourism_health.visit_value",
    "V_th0",
    AXES,
    Title("旅游康养价值", "Value of tourism"),
    visits * price,
    "standards-family",
    "travel cost, visits times cost of a visit",
    "K",
)

SERVICE = Service(
    "tourism_health",
    CULTURAL,
    (
        Line(
            "tourism_health.visits",
            title=Title("旅游康养", "Tourism and health"),
            quantities=(visits,),
            prices=(price,),
            value=value,
        ),
    ),
    seea="recreation-related",
)
