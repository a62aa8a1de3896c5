"""The ecosystem services, their three categories, letters and names."""

from __future__ import annotations

from gep.messages.texts import Name
from gep.messages.title import Title

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
    "other_material": ("om", Title("其他物质供给", "Other material supply")),
    "other_regulating": ("og", Title("其他调节服务", "Other regulating services")),
    "other_cultural": ("oc", Title("其他文化服务", "Other cultural services")),
}
"""Service id → (the letters used in symbols, what it is called), in the order of the report."""

OPEN_SERVICES = ("other_material", "other_regulating", "other_cultural")
"""Services without lines of their own: they hold what a standard of one's own counts that is none of the others."""


def name_service(identity: str) -> Name:
    """Return what a service is called, in the language of the reader."""
    title = SERVICE_TITLES[identity][1]
    return Name(title.en, title.zh)
