"""Sand fixation: wind erosion that cover prevents, valued at the cost of sand-control works."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, exp, in_units
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_taken_over, make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.base import area
from gep.variables.regulating import (
    crust_factor,
    downwind_distance,
    erodible_fraction,
    roughness_factor,
    sand_fixed,
    weather_factor,
    wind_cover_factor,
)

AXES = (ECOSYSTEM,)
sand_density = Coefficient(
    "sand_density", symbol="ρ_s", unit="t/m^3", axes=(), title=Title("沙土容重", "Density of sand"), least=0.5, most=2.7
)
sand_depth = Coefficient(
    "sand_depth", symbol="h_s", unit="m", axes=(), title=Title("覆沙厚度", "Depth of sand cover"), least=0.001, most=10
)
control_cost = Coefficient(
    "sand_control_cost", symbol="c_s", unit="CNY/m^2", axes=(), title=Title("治沙工程成本", "Cost of sand control"), least=0
)

_weather = weather_factor * erodible_fraction * crust_factor * roughness_factor


def _loss(bare: Rule | object) -> object:
    """Return the loss of sand of the wind-erosion equation, kg/m² in a year, from its transport term in kg/m."""
    fitted = in_units(bare, "kg/m")  # type: ignore[arg-type]
    most = Constant(109.8, "kg/m") * fitted
    length = Constant(150.71, "m") * fitted ** Constant(-0.3711)
    ratio = downwind_distance / length
    return Constant(2.0) * downwind_distance / (length * length) * most * exp(Constant(0.0) - ratio * ratio)


amount = Rule(
    "sand_fixation.amount",
    symbol="Q_sf",
    unit="t/yr",
    axes=AXES,
    title=Title("固沙量", "Sand fixed"),
    variants={
        "rweq": declare_variant(
            area * (_loss(_weather) - _loss(_weather * wind_cover_factor)) / Constant(1.0, "yr"),  # type: ignore[operator]
            source="peng-2017",
            clause="section 2.3, RWEQ",
            mark="V",
            zh="修正风蚀方程(潜在减实际)",
            en="RWEQ, potential less actual",
        ),
        "rweq_closed_form": declare_variant(
            area
            * (Constant(0.1699, "kg/m^2/yr") * in_units(_weather, "kg/m") ** Constant(1.3711))
            * (Constant(1.0) - wind_cover_factor ** Constant(1.3711)),
            source="standards-family",
            clause="sand fixation, closed form",
            mark="K",
            zh="修正风蚀方程(简式)",
            en="RWEQ, closed form",
        ),
        **make_taken_over(sand_fixed),
    },
)
fixed_area = Rule(
    "sand_fixation.area",
    symbol="A_sf",
    unit="km^2/yr",
    axes=AXES,
    title=Title("固沙面积", "Area kept from sand"),
    variants={
        "depth": declare_variant(
            amount / sand_density / sand_depth,
            source="garze-2017",
            clause="section 2.4.3, sand fixation",
            mark="V",
            zh="固沙量折算面积",
            en="mass over density and depth",
        )
    },
)
value = make_value(
    "sand_fixation.area_value",
    "V_sf0",
    AXES,
    Title("防风固沙价值", "Value of sand fixed"),
    fixed_area * control_cost,
    "garze-2017",
    "section 2.4.3",
)

SERVICE = Service(
    "sand_fixation",
    REGULATING,
    (
        Line(
            "sand_fixation.area",
            title=Title("防风固沙", "Sand fixation"),
            quantities=(fixed_area,),
            prices=(control_cost,),
            value=value,
        ),
    ),
    seea="soil erosion control (wind)",
)
