"""Flood mitigation: storm water held by vegetation, lakes, reservoirs and marshes, valued at the cost of a reservoir."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, exp, first_known, in_units
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_taken_over, make_value, reservoir_cost
from gep.rules.service import Line, Service, declare_variant
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
    "runoff_rain_ratio",
    symbol="K_j",
    unit="1",
    axes=(),
    title=Title("产流降水占降水比例", "Share of rain that produces runoff"),
    least=0,
    most=1,
)
runoff_reduction = Coefficient(
    "runoff_reduction",
    symbol="R_j",
    unit="1",
    axes=AXES,
    title=Title("减少径流效益系数", "Share of runoff that vegetation prevents"),
    least=0,
    most=1,
)
lake_intercept = Coefficient(
    "lake_model_intercept", symbol="a_r", unit="1", axes=(), title=Title("湖泊模型截距", "Intercept of the lake model")
)
lake_exponent = Coefficient(
    "lake_model_exponent", symbol="b_r", unit="1", axes=(), title=Title("湖泊模型指数", "Exponent of the lake model")
)
lake_exchanges = Coefficient(
    "lake_exchanges",
    symbol="T",
    unit="1/yr",
    axes=LAKES,
    title=Title("湖泊年换水次数", "Exchanges of lake water a year"),
    least=0,
    most=50,
)
flood_share = Coefficient(
    "reservoir_flood_share",
    symbol="s_r",
    unit="1/yr",
    axes=(),
    title=Title("水库防洪库容占比", "Share of reservoir capacity kept for floods"),
    least=0,
    most=1,
)
marsh_depth = Coefficient(
    "marsh_storage_depth",
    symbol="h_w",
    unit="m/yr",
    axes=(),
    title=Title("沼泽滞水深度", "Depth of water a marsh holds"),
    least=0,
    most=5,
)
WATER_DENSITY = Constant(1.0, "t/m^3")

vegetation = Rule(
    "flood_mitigation.vegetation",
    symbol="C_veg",
    unit="m^3/yr",
    axes=AXES,
    title=Title("植被调蓄水量", "Storm water held by vegetation"),
    variants={
        "storm_balance": declare_variant(
            area * (storm_rainfall - storm_runoff),
            source="standards-family",
            clause="flood mitigation, vegetation",
            mark="K",
            zh="暴雨降水减径流",
            en="storm rain less storm runoff",
            caution="P9:植被拦蓄的暴雨也在水源涵养之内 | P9: storm rain kept by vegetation is also inside water conservation",
        ),
        "benefit_coefficient": declare_variant(
            area * effective_rainfall * rain_runoff_share * runoff_reduction,
            source="lianhua-2017",
            clause="table 1, eq. 7-9, A × J0 × K × R",
            mark="V",
            zh="效益系数法",
            en="rain times share producing runoff times reduction",
            caution="P9:植被拦蓄的暴雨也在水源涵养之内 | P9: storm rain kept by vegetation is also inside water conservation",
        ),
        **make_taken_over(flood_vegetation_volume),
    },
)
lake = Rule(
    "flood_mitigation.lake",
    symbol="C_lake",
    unit="m^3/yr",
    axes=LAKES,
    title=Title("湖泊调蓄水量", "Flood storage of lakes"),
    variants={
        "area_model": declare_variant(
            first_known(
                lake_capacity,
                exp(lake_intercept)
                * in_units(lake_area, "km^2") ** lake_exponent
                * Constant(1e4, "m^3", "10000")
                * lake_exchanges,
            ),
            source="garze-2017",
            clause="section 2.4.4, lake model (1e4 m³)",
            mark="V",
            zh="湖泊面积模型(有水文资料者优先)",
            en="lake model, gauges first",
        ),
        **make_taken_over(flood_lake_volume),
    },
)
reservoir = Rule(
    "flood_mitigation.reservoir",
    symbol="C_res",
    unit="m^3/yr",
    axes=(),
    title=Title("水库调蓄水量", "Flood storage of reservoirs"),
    variants={
        "capacity_share": declare_variant(
            first_known(reservoir_flood_capacity, reservoir_capacity * flood_share),
            source="garze-2017",
            clause="section 2.4.4, 0.35 × total capacity",
            mark="V",
            zh="防洪库容,没有时用总库容折算",
            en="flood-control capacity, else share of total",
        ),
        **make_taken_over(flood_reservoir_volume),
    },
)
marsh = Rule(
    "flood_mitigation.marsh",
    symbol="C_marsh",
    unit="m^3/yr",
    axes=(),
    title=Title("沼泽调蓄水量", "Flood storage of marshes"),
    variants={
        "surface_depth": declare_variant(
            marsh_area * marsh_depth,
            source="garze-2017",
            clause="section 2.4.4, 0.3 m × area (labelled 1e4 m³ there, in m³ here)",
            mark="V",
            zh="面积乘滞水深度",
            en="area times depth",
        ),
        "soil_and_surface": declare_variant(
            marsh_area
            * (marsh_soil_depth * marsh_soil_density * (marsh_saturated - marsh_natural) / WATER_DENSITY + marsh_surface_depth),
            source="standards-family",
            clause="flood mitigation, marsh soil and surface",
            mark="K",
            zh="土壤蓄水加地表滞水",
            en="soil water plus surface water",
        ),
        **make_taken_over(flood_marsh_volume),
    },
)


def _line(stem: str, zh: str, en: str, quantity: Rule, axes: tuple[str, ...], letters: str) -> Line:
    title = Title(zh, en)
    value = make_value(
        f"flood_mitigation.{stem}_value",
        f"V_{letters}",
        axes,
        Title(f"{zh}价值", f"Value, {en.lower()}"),
        quantity * reservoir_cost,
        "garze-2017",
        "section 2.4.4",
    )
    return Line(f"flood_mitigation.{stem}", title=title, quantities=(quantity,), prices=(reservoir_cost,), value=value)


SERVICE = Service(
    "flood_mitigation",
    REGULATING,
    (
        _line("vegetation", "植被调蓄", "Vegetation", vegetation, AXES, "veg"),
        _line("lake", "湖泊调蓄", "Lakes", lake, LAKES, "lake"),
        _line("reservoir", "水库调蓄", "Reservoirs", reservoir, (), "res"),
        _line("marsh", "沼泽调蓄", "Marshes", marsh, (), "marsh"),
    ),
    seea="peak flow and river flood mitigation",
)
