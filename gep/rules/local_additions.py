"""Locally added indicators: values of indicators outside the standards, taken over as stated (historic culture, ...)."""

from gep.formula.nodes import Rule, Title
from gep.reference.services import CULTURAL
from gep.rules.service import Line, Service, published
from gep.variables.cultural import local_value

AXES = ("local_item",)
value = Rule(
    "local_additions.item_value", "V_lx0", "CNY/yr", AXES, Title("地方增列指标价值", "Value of local indicators"),
    {
        "as_stated": published(
            local_value, "as-entered", "entered by the county", "V", "直接采用", "value as entered",
            "标准指标之外的价值 | a value outside the indicators of the standards",
        ),
    },
)  # fmt: skip
SERVICE = Service(
    "local_additions",
    CULTURAL,
    (Line("local_additions.items", Title("地方增列指标", "Local indicators"), (), (), value),),
    seea="other",
)
