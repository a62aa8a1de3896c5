"""How a variable is declared, and the departments that hold the figures."""

from __future__ import annotations

from typing import Any

from gep.formula.nodes import Observed
from gep.messages.title import Title
from gep.variables.bounds import LARGEST

STATISTICS = "统计局"
AGRICULTURE = "农业农村局"
FORESTRY = "林业局"
WATER = "水利局"
METEOROLOGY = "气象局"
NATURAL_RESOURCES = "自然资源局"
ECOLOGY = "生态环境局"
TOURISM = "文旅局"
HOUSING = "住建局"
PRICES = "发改委"
TRANSPORT = "交通运输局"

DEPARTMENTS = {
    STATISTICS: "Statistics Bureau",
    NATURAL_RESOURCES: "Natural Resources Bureau",
    METEOROLOGY: "Meteorological Bureau",
    WATER: "Water Resources Bureau",
    FORESTRY: "Forestry Bureau",
    ECOLOGY: "Ecology and Environment Bureau",
    AGRICULTURE: "Agriculture and Rural Affairs Bureau",
    TOURISM: "Culture and Tourism Bureau",
    HOUSING: "Housing and Construction Bureau",
    TRANSPORT: "Transport Bureau",
    PRICES: "Development and Reform Commission",
}
"""Chinese name of a department → English name, in the order of the workbook's sheets."""


def declare_variable(
    identity: str, symbol: str, unit: str, axes: tuple[str, ...], zh: str, en: str, department: str, about: str, **more: Any
) -> Observed:
    """Return a variable of the glossary.

    Parameters
    ----------
    symbol : the letter of the guideline
    unit   : of computation; money is CNY, yearly amounts end in /yr
    axes   : what it varies over besides the account: ecosystem, pollutant, or an item axis
    department : the Chinese name of the one that has the figure
    about  : one sentence for the person who fills it in, in Chinese
    more   : other fields of `Observed`; `most` is the largest amount of its unit where it is not given, `least` is 0, or, given as
        None, as far below 0
    """
    more.setdefault("most", LARGEST.get(unit))
    if more.get("least", 0.0) is None and more["most"] is not None:
        more["least"] = -more["most"]
    return Observed(
        identity, symbol=symbol, unit=unit, axes=axes, title=Title(zh, en), department=department, about=Title(about, en), **more
    )
