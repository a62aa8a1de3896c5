"""Values of whole services that were computed elsewhere: used only where a standard says `value: stated`."""

from gep.reference.services import SERVICE_TITLES
from gep.variables.declare import PRICES, declare_variable

STATED = {
    identity: declare_variable(
        f"{identity}_value",
        symbol=f"V0_{code}",
        unit="CNY/yr",
        axes=(),
        zh=f"{title.zh}价值(已测算)",
        en=f"{title.en}, value computed elsewhere",
        department=PRICES,
        about="在别处测算好的当年价值,只在所用标准写明“直接采用”时使用。",
        least=None,
    )
    for identity, (code, title) in SERVICE_TITLES.items()
}

ALL = tuple(STATED.values())
