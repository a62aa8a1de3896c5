"""Flood mitigation: storm water held by vegetation, lakes, reservoirs and marshes, valued at the cost of a reservoir."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, Title, exp, first_known, in_units
from gep.reference.services import REGULATING
from gep.rules.parts import reservoir_cost, taken_over, value_of
from gep.rules.service import Line, Service, published
from gep.variables.base import area
from gep.variables.regulating import (
    effective_rainfall,
    flood_lake_volume,
    flood_marsh_volume,
    flood_reservoir_volume,
    flood_vegetation_volume,
    lake_area,
    lake_capacity,
    marsh_area,
    marsh_natural,
    marsh_saturated,
    marsh_soil_density,
    marsh_soil_depth,
    marsh_surface_depth,
    reservoir_capacity,
    reservoir_flood_capacity,
    storm_rainfall,
    storm_runoff,
)

AXES = (ECOSYSTEM,)
LAKES = ("lake",)
rain_runoff_share = Coefficient(
    "runoff_rain_ratio", "K_j", "1", (), Title("产流降水占降水比例", "Share of rain that produces runoff"), least=0, most=1
)
runoff_reduction = Coefficient(
    "runoff_reduction", "R_j", "1", AXES, Title("减少径流效益系数", "Share of runoff that vegetation prevents"), least=0, most=1
)
lake_intercept = Coefficient("lake_model_intercept", "a_r", "1", (), Title("湖泊模型截距", "Intercept of the lake model"))
lake_exponent = Coefficient("lake_model_exponent", "b_r", "1", (), Title("湖泊模型指数", "Exponent of the lake model"))
lake_exchanges = Coefficient(
    "lake_exchanges", "T", "1/yr", LAKES, Title("湖泊年换水次数", "Exchanges of lake water a year"), least=0, most=50
)
flood_share = Coefficient(
    "reservoir_flood_share",
    "s_r",
    "1/yr",
    (),
    Title("水库防洪库容占比", "Share of reservoir capacity kept for floods"),
    least=0,
    most=1,
)
marsh_depth = Coefficient(
    "marsh_storage_depth", "h_w", "m/yr", (), Title("沼泽滞水深度", "Depth of water a marsh holds"), least=0, most=5
)
WATER_DENSITY = Constant(1.0, "t/m^3")

vegetation = Rule(
    "flood_mitigation.vegetation", "C_veg", "m^3/yr", AXES, Title("植被调蓄水量", "Storm water held by vegetation"),
    {
        "storm_balance": published(
            area * (storm_rainfall - storm_runoff), "standards-family", "flood mitigation, vegetation", "K",
            "暴雨降水减径流", "storm rain less storm runoff", "P9:植被拦蓄的暴雨也在水源涵养之内 | P9: storm rain kept by vegetation is also inside water conservation",
        ),
        "benefit_coefficient": published(
            area * effective_rainfall * rain_runoff_share * runoff_reduction, "lianhua-2017", "table 1, eq. 7-9, A × J0 × K × R", "V",
            "效益系数法", "rain times share producing runoff times reduction",
            "P9:植被拦蓄的暴雨也在水源涵养之内 | P9: storm rain kept by vegetation is also inside water conservation",
        ),
        **taken_over(flood_vegetation_volume),
    },
)  # fmt: skip
lake = Rule(
    "flood_mitigation.lake", "C_lake", "m^3/yr", LAKES, Title("湖泊调蓄水量", "Flood storage of lakes"),
    {
        "area_model": published(
            first_known(
                lake_capacity,
                exp(lake_intercept) * in_units(lake_area, "km^2") ** lake_exponent * Constant(1e4, "m^3", "10000")
                * lake_exchanges,
            ),
            "garze-2017", "section 2.4.4, lake model (1e4 m³)", "V", "湖泊面积模型(有水文资料者优先)", "lake model, gauges first",
        ),
        **taken_over(flood_lake_volume),
    },
)  # fmt: skip
reservoir = Rule(
    "flood_mitigation.reservoir", "C_res", "m^3/yr", (), Title("水库调蓄水量", "Flood storage of reservoirs"),
    {
        "capacity_share": published(
            first_known(reservoir_flood_capacity, reservoir_capacity * flood_share), "garze-2017", "section 2.4.4, 0.35 × total capacity",
            "V", "防洪库容,没有时用总库容折算", "flood-control capacity, else share of total",
        ),
        **taken_over(flood_reservoir_volume),
    },
)  # fmt: skip
marsh = Rule(
    "flood_mitigation.marsh", "C_marsh", "m^3/yr", (), Title("沼泽调蓄水量", "Flood storage of marshes"),
    {
        "surface_depth": published(
            marsh_area * marsh_depth, "garze-2017", "section 2.4.4, 0.3 m × area (labelled 1e4 m³ there, in m³ here)", "V", "面积乘滞水深度", "area times depth"
        ),
        "soil_and_surface": published(
            marsh_area
            * (marsh_soil_depth * marsh_soil_density * (marsh_saturated - marsh_natural) / WATER_DENSITY + marsh_surface_depth),
            "standards-family", "flood mitigation, marsh soil and surface", "K", "土壤蓄水加地表滞水", "soil water plus surface water",
        ),
        **taken_over(flood_marsh_volume),
    },
)  # fmt: skip


def _line(stem: str, zh: str, en: str, quantity: Rule, axes: tuple[str, ...], letters: str) -> Line:
    title = Title(zh, en)
    value = value_of(
        f"flood_mitigation.{stem}_value", f"V_{letters}", axes, Title(f"{zh}价值", f"Value, {en.lower()}"),
        quantity * reservoir_cost, "garze-2017", "section 2.4.4",
    )  # fmt: skip
    return Line(f"flood_mitigation.{stem}", title, (quantity,), (reservoir_cost,), value)


SERVICE = Service(
    "flood_mitigation", REGULATING,
    (
        _line("vegetation", "植被调蓄", "Vegetation", vegetation, AXES, "veg"),
        _line("lake", "湖泊调蓄", "Lakes", lake, LAKES, "lake"),
        _line("reservoir", "水库调蓄", "Reservoirs", reservoir, (), "res"),
        _line("marsh", "沼泽调蓄", "Marshes", marsh, (), "marsh"),
    ),
    seea="peak flow and river flood mitigation",
)  # fmt: skip
