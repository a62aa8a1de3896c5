"""Local climate regulation: heat that transpiration and evaporation take up on hot days, as electricity saved."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.electricity import electricity_price
from gep.rules.parts import make_taken_over, make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.base import area
from gep.variables.regulating import (
    air_layer,
    evaporation_energy,
    hot_day_et,
    hot_day_evaporation,
    hot_days,
    temperature_difference,
    transpiration_energy,
)

AXES = (ECOSYSTEM,)
heat = Coefficient(
    "transpiration_heat",
    symbol="EPP",
    unit="kJ/m^2/d",
    axes=AXES,
    title=Title("单位面积蒸腾耗热量", "Heat taken up by transpiration"),
    least=0,
)
cop = Coefficient(
    "air_conditioner_cop", symbol="r", unit="1", axes=(), title=Title("空调能效比", "Coefficient of performance"), least=1, most=8
)
water_density = Coefficient(
    "water_density", symbol="ρ_w", unit="kg/m^3", axes=(), title=Title("水的密度", "Density of water"), least=900, most=1100
)
latent_heat = Coefficient(
    "latent_heat", symbol="q", unit="kJ/kg", axes=(), title=Title("蒸发潜热", "Latent heat of evaporation"), least=2000, most=2600
)
humidifier = Coefficient(
    "humidifier_energy",
    symbol="y",
    unit="kJ/m^3",
    axes=(),
    title=Title("加湿耗电", "Energy of humidifying"),
    least=0,
    most=3600000,
)

transpiration = Rule(
    "climate_regulation.transpiration",
    symbol="E_pt",
    unit="kWh/yr",
    axes=AXES,
    title=Title("植被蒸腾降温耗能", "Energy of transpiration"),
    variants={
        "heat_table": declare_variant(
            area * heat * hot_days / cop,
            source="garze-2017",
            clause="section 2.4.8 (1), transpiration",
            mark="V",
            zh="蒸腾耗热量表",
            en="table of transpiration heat",
            caution="P5:结果与高温天数成正比,耗热量表取自高原项目 | P5: the result is proportional to the number of hot days, and the heat table comes from plateau projects",
        ),
        "evapotranspiration": declare_variant(
            area * hot_day_et * water_density * latent_heat / cop,
            source="standards-family",
            clause="climate, by ET of hot days",
            mark="K-",
            zh="高温日蒸腾量",
            en="transpiration of hot days",
        ),
        **make_taken_over(transpiration_energy),
    },
)
_vapour = hot_day_evaporation * water_density * latent_heat
_NO_COP = "P5:不除能效比,水面的价值是植被的三倍 | P5: without the coefficient of performance open water counts three times as much as vegetation"
_HUMID = "P5:湿热天气计加湿缺乏依据 | P5: humidifying is hard to defend on hot and humid days"
_BOTH = "P5:不除能效比,水面的价值是植被的三倍;湿热天气计加湿也缺乏依据 | P5: without the coefficient of performance open water counts three times as much as vegetation; and humidifying is hard to defend on hot and humid days"
evaporation = Rule(
    "climate_regulation.evaporation",
    symbol="E_we",
    unit="kWh/yr",
    axes=(),
    title=Title("水面蒸发降温耗能", "Energy of evaporation"),
    variants={
        "with_cop": declare_variant(
            _vapour / cop,
            source="standards-family",
            clause="climate, evaporation over COP",
            mark="K-",
            zh="蒸发潜热除以能效比",
            en="latent heat over COP",
        ),
        "without_cop": declare_variant(
            _vapour,
            source="garze-2017",
            clause="section 2.4.8 (2) without its term for humidifying",
            mark="K-",
            zh="蒸发潜热(不除能效比)",
            en="latent heat, no COP",
            caution=_NO_COP,
        ),
        "with_cop_humidified": declare_variant(
            _vapour / cop + hot_day_evaporation * humidifier,
            source="standards-family",
            clause="climate, evaporation over COP plus humidifying",
            mark="K-",
            zh="蒸发潜热除以能效比,加湿",
            en="latent heat over COP plus humidifying",
            caution=_HUMID,
        ),
        "without_cop_humidified": declare_variant(
            _vapour + hot_day_evaporation * humidifier,
            source="garze-2017",
            clause="section 2.4.8 (2), evaporation",
            mark="V",
            zh="蒸发潜热(不除能效比),加湿",
            en="latent heat plus humidifying",
            caution=_BOTH,
        ),
        **make_taken_over(evaporation_energy),
    },
)
air_heat = Coefficient(
    "air_heat_capacity",
    symbol="ρ_c",
    unit="kJ/m^3/deg_C",
    axes=(),
    title=Title("空气体积热容", "Heat capacity of air by volume"),
    least=0.5,
    most=2,
)
cooling_turnover = Coefficient(
    "cooling_turnover",
    symbol="n_c",
    unit="1/d",
    axes=(),
    title=Title("每日降温次数", "Times a day that the air is cooled"),
    least=0,
    most=288,
)
cooling = Rule(
    "climate_regulation.cooling",
    symbol="E_dt",
    unit="kWh/yr",
    axes=AXES,
    title=Title("实测降温折合能耗", "Energy of the measured cooling"),
    variants={
        "temperature_difference": declare_variant(
            area * air_layer * temperature_difference * air_heat * cooling_turnover * hot_days / cop,
            source="gbt46869-2025",
            clause="annex A.11, measured temperature difference (formula not seen; difference × heat capacity × volume × days)",
            mark="K-",
            zh="实测温差法",
            en="measured temperature difference",
            caution="P5:结果与空气层高度、每日降温次数和天数成正比 | P5: the result is proportional to the height of the air, the times a day and the days",
        )
    },
)
cooling_value = make_value(
    "climate_regulation.cooling_value",
    "V_dt",
    AXES,
    Title("实测降温价值", "Value of the measured cooling"),
    cooling * electricity_price,
    "gbt46869-2025",
    "annex A.11 (formula not seen)",
    "K-",
)
transpiration_value = make_value(
    "climate_regulation.transpiration_value",
    "V_pt",
    AXES,
    Title("植被蒸腾价值", "Value of transpiration"),
    transpiration * electricity_price,
    "garze-2017",
    "section 2.4.8",
)
evaporation_value = make_value(
    "climate_regulation.evaporation_value",
    "V_we",
    (),
    Title("水面蒸发价值", "Value of evaporation"),
    evaporation * electricity_price,
    "garze-2017",
    "section 2.4.8",
)

SERVICE = Service(
    "climate_regulation",
    REGULATING,
    (
        Line(
            "climate_regulation.transpiration",
            title=Title("植被蒸腾", "Transpiration"),
            quantities=(transpiration,),
            prices=(electricity_price,),
            value=transpiration_value,
        ),
        Line(
            "climate_regulation.evaporation",
            title=Title("水面蒸发", "Open-water evaporation"),
            quantities=(evaporation,),
            prices=(electricity_price,),
            value=evaporation_value,
        ),
        Line(
            "climate_regulation.cooling",
            title=Title("实测温差降温", "Measured cooling"),
            quantities=(cooling,),
            prices=(electricity_price,),
            value=cooling_value,
            negative=True,
            named_only=True,
            instead_of=("climate_regulation.transpiration", "climate_regulation.evaporation"),
        ),
    ),
    seea="local (micro and meso) climate regulation",
)
