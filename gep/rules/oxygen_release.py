"""Oxygen release: oxygen given off in photosynthesis, at the price of industrial or medical oxygen."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, ratio
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules import carbon_sequestration
from gep.rules.parts import make_taken_over, make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.regulating import o2_released

AXES = (ECOSYSTEM,)
TWO_SIDES = "P9:固碳与释氧是同一光合作用的两面 | P9: carbon and oxygen are two sides of one photosynthesis"
oxygen_price = Coefficient(
    "oxygen_price", symbol="c_O", unit="CNY/t_O2", axes=(), title=Title("氧气价格", "Price of oxygen"), least=0
)

amount = Rule(
    "oxygen_release.amount",
    symbol="Q_O2",
    unit="t_O2/yr",
    axes=AXES,
    title=Title("释氧量", "Oxygen released"),
    variants={
        "from_co2": declare_variant(
            ratio(32, 44, "t_O2/t_CO2") * carbon_sequestration.amount,
            source="standards-family",
            clause="oxygen, 32/44 of CO2",
            mark="K",
            zh="由固碳量折算",
            en="from the CO2 sequestered",
            caution=TWO_SIDES,
        ),
        "from_npp": declare_variant(
            Constant(1.19, "t_O2/t_DM") * carbon_sequestration.dry_matter,
            source="lianhua-2017",
            clause="table 1, eq. 4, 1.19 × NPP",
            mark="V",
            zh="1.19 × 净初级生产量",
            en="1.19 × net primary production",
            caution=TWO_SIDES,
        ),
        "from_npp_rounded": declare_variant(
            Constant(1.2, "t_O2/t_DM") * carbon_sequestration.dry_matter,
            source="standards-family",
            clause="oxygen, 1.2 t per t of dry matter",
            mark="K",
            zh="1.2 × 净初级生产量",
            en="1.2 × net primary production",
            caution=TWO_SIDES,
        ),
        "from_carbon": declare_variant(
            Constant(2.67, "t_O2/t_C") / carbon_sequestration.CO2_PER_C * carbon_sequestration.amount,
            source="standards-family",
            clause="oxygen, 2.67 t per t of carbon",
            mark="K",
            zh="2.67 × 固碳量(碳)",
            en="2.67 × carbon sequestered",
            caution=TWO_SIDES,
        ),
        "from_co2_rounded": declare_variant(
            Constant(0.73, "t_O2/t_CO2") * carbon_sequestration.amount,
            source="standards-family",
            clause="oxygen, 0.73 t per t of CO2",
            mark="K",
            zh="0.73 × 固碳量(CO2)",
            en="0.73 × CO2 sequestered",
            caution=TWO_SIDES,
        ),
        **make_taken_over(o2_released),
    },
)
value = make_value(
    "oxygen_release.amount_value",
    "V_or0",
    AXES,
    Title("释氧价值", "Value of oxygen released"),
    amount * oxygen_price,
    "garze-2017",
    "section 2.4.7",
)

SERVICE = Service(
    "oxygen_release",
    REGULATING,
    (
        Line(
            "oxygen_release.amount",
            title=Title("释氧", "Oxygen release"),
            quantities=(amount,),
            prices=(oxygen_price,),
            value=value,
        ),
    ),
    seea="none",
)
