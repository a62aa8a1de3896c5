"""Locally added indicators: values of indicators outside the standards, taken over as stated (historic culture, ...)."""

from gep.formula.nodes import Rule
from gep.messages.title import Title
from gep.reference.services import CULTURAL
from gep.rules.service import Line, Service, declare_variant
from gep.variables.cultural import local_value

AXES = ("local_item",)
value = Rule(
    "local_additions.item_value",
    symbol="V_lx0",
    unit="CNY/yr",
    axes=AXES,
    title=Title("地方增列指标价值", "Value of local indicators"),
    variants={
        "as_stated": declare_variant(
            local_value,
            source="as-entered",
            clause="entered by the county",
            mark="V",
            zh="直接采用",
            en="value as entered",
            caution="标准指标之外的价值 | a value outside the indicators of the standards",
        )
    },
)
SERVICE = Service(
    "local_additions",
    CULTURAL,
    (
        Line(
            "local_additions.items",
            title=Title("地方增列指标", "Local indicators"),
            quantities=(),
            prices=(),
            value=value,
            negative=True,
        ),
    ),
    seea="other",
)
