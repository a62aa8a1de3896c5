"""Air purification: pollutants that ecosystems take up, valued at the cost of treating them."""

from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Coefficient, Rule, if_at_most, smaller, total
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_taken_over, make_value
from gep.rules.pollutants import treatment_cost
from gep.rules.service import Line, Service, declare_variant
from gep.variables.base import area
from gep.variables.regulating import air_concentration, air_emission, air_purified

AXES = (ECOSYSTEM, POLLUTANT)
uptake = Coefficient(
    "pollutant_uptake",
    symbol="q",
    unit="t/km^2/yr",
    axes=AXES,
    title=Title("单位面积净化量", "Uptake of a pollutant per area"),
    least=0,
)
limit = Coefficient(
    "concentration_limit",
    symbol="s_a",
    unit="ug/m^3",
    axes=(POLLUTANT,),
    title=Title("环境空气质量限值", "Limit of concentration"),
    least=0,
)

_capacity = area * uptake
_DIRTIER = "P10:按排放量计,污染越重价值越高 | P10: counting emissions gives a dirtier county a higher value"
amount = Rule(
    "air_purification.amount",
    symbol="Q_ap",
    unit="t/yr",
    axes=AXES,
    title=Title("空气净化量", "Air pollutants removed"),
    variants={
        "capacity": declare_variant(
            _capacity,
            source="bo-2017",
            clause="section 1.3, uptake per area",
            mark="V",
            zh="按净化能力",
            en="capacity of the ecosystems",
            caution="P10:林区的净化能力可高出实际排放几个数量级 | P10: capacity can exceed real emissions by orders of magnitude in forest counties",
        ),
        "emission": declare_variant(
            air_emission,
            source="garze-2017",
            clause="section 2.4.5, emissions",
            mark="V",
            zh="按排放量",
            en="what was emitted",
            caution=_DIRTIER,
        ),
        "guarded_minimum": declare_variant(
            smaller(air_emission, total(_capacity, over=ECOSYSTEM)),
            source="this-project",
            clause="guard, not a clause of any standard",
            mark="K",
            zh="排放量与净化能力取小",
            en="the smaller of emission and capacity",
        ),
        "by_concentration": declare_variant(
            if_at_most(air_concentration, limit, then=air_emission, otherwise=total(_capacity, over=ECOSYSTEM)),
            source="mee-2020",
            clause="air purification (clause not seen)",
            mark="K",
            zh="达标按排放量,超标按净化能力",
            en="emission where the air meets the limit, capacity where not",
            caution=_DIRTIER,
        ),
        **make_taken_over(air_purified),
    },
)
value = make_value(
    "air_purification.amount_value",
    "V_ap0",
    AXES,
    Title("空气净化价值", "Value of air purification"),
    amount * treatment_cost,
    "garze-2017",
    "section 2.4.5, cost of treatment",
)

SERVICE = Service(
    "air_purification",
    REGULATING,
    (
        Line(
            "air_purification.amount",
            title=Title("空气净化", "Air purification"),
            quantities=(amount,),
            prices=(treatment_cost,),
            value=value,
        ),
    ),
    seea="air filtration",
)
