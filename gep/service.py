"""What an ecosystem service is made of: lines with a quantity, a price and a value, in one of three categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.formula.nodes import Formula, Title

if TYPE_CHECKING:
    from gep.formula.nodes import Coefficient, Node, Rule

MATERIAL, REGULATING, CULTURAL = "material", "regulating", "cultural"
CATEGORIES = {
    MATERIAL: Title("物质供给", "Material supply"),
    REGULATING: Title("调节服务", "Regulating services"),
    CULTURAL: Title("文化服务", "Cultural services"),
}

SERVICE_TITLES: dict[str, tuple[str, Title]] = {
    "agricultural_products": ("agr", Title("农业产品", "Agricultural products")),
    "forestry_products": ("for", Title("林业产品", "Forestry products")),
    "livestock_products": ("liv", Title("畜牧业产品", "Livestock products")),
    "fishery_products": ("fis", Title("渔业产品", "Fishery products")),
    "bioenergy": ("bio", Title("生物质能", "Bioenergy")),
    "freshwater_supply": ("fws", Title("淡水资源", "Freshwater supply")),
    "hydropower": ("hyd", Title("水电", "Hydropower")),
    "water_conservation": ("wr", Title("水源涵养", "Water conservation")),
    "soil_retention": ("sr", Title("土壤保持", "Soil retention")),
    "sand_fixation": ("sf", Title("防风固沙", "Sand fixation")),
    "coastal_protection": ("cp", Title("海岸带防护", "Coastal protection")),
    "flood_mitigation": ("fm", Title("洪水调蓄", "Flood mitigation")),
    "air_purification": ("ap", Title("空气净化", "Air purification")),
    "water_purification": ("wp", Title("水质净化", "Water purification")),
    "carbon_sequestration": ("cs", Title("固碳", "Carbon sequestration")),
    "oxygen_release": ("or", Title("释氧", "Oxygen release")),
    "climate_regulation": ("cr", Title("局部气候调节", "Local climate regulation")),
    "noise_reduction": ("nr", Title("噪声消减", "Noise reduction")),
    "pest_control": ("pc", Title("病虫害控制", "Pest control")),
    "species_conservation": ("sc", Title("物种保育", "Species conservation")),
    "negative_ions": ("ni", Title("负氧离子", "Negative air ions")),
    "tourism_health": ("th", Title("旅游康养", "Tourism and health")),
    "leisure_recreation": ("lr", Title("休闲游憩", "Leisure and recreation")),
    "landscape_premium": ("lp", Title("景观增值", "Landscape premium")),
    "local_additions": ("lx", Title("地方增列指标", "Locally added indicators")),
}
"""Service id → (the letters used in symbols, what it is called), in the order of the report."""

STATED = "stated"
"""The variant of every service in which a value computed elsewhere is taken over."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of the account: `quantity × price = value`.

    `quantities` and `prices` go in pairs; where a member can be weighed, measured or counted there are several pairs and
    the first known one is printed. `detail` values single members where `value` is of the line as a whole.
    """

    id: str
    title: Title
    quantities: tuple[Rule, ...]
    prices: tuple[Rule | Coefficient | None, ...]
    value: Rule
    detail: Rule | None = None


@dataclass(frozen=True, eq=False)
class Service:
    """One ecosystem service; a standard chooses which of its lines count and by which variant each rule is computed."""

    id: str
    category: str
    lines: tuple[Line, ...]
    seea: str

    @property
    def title(self) -> Title:
        """What the service is called."""
        return SERVICE_TITLES[self.id][1]

    @property
    def code(self) -> str:
        """The letters that mark the service in symbols."""
        return SERVICE_TITLES[self.id][0]


def published(formula: Node, source: str, clause: str, mark: str, zh: str, en: str, caution: str = "") -> Formula:
    """Return a published way to compute a rule, with its source, place, mark and name."""
    return Formula(formula, source, clause, mark, Title(zh, en), caution)
