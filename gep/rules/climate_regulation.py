"""Local climate regulation: heat that transpiration and evaporation take up on hot days, as electricity saved."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Rule, Title
from gep.reference.services import REGULATING
from gep.rules.electricity import electricity_price
from gep.rules.parts import taken_over, value_of
from gep.rules.service import Line, Service, published
from gep.variables.base import area
from gep.variables.regulating import evaporation_energy, hot_day_et, hot_day_evaporation, hot_days, transpiration_energy

AXES = (ECOSYSTEM,)
heat = Coefficient(
    "transpiration_heat", "EPP", "kJ/m^2/d", AXES, Title("单位面积蒸腾耗热量", "Heat taken up by transpiration"), least=0
)
cop = Coefficient("air_conditioner_cop", "r", "1", (), Title("空调能效比", "Coefficient of performance"), least=1, most=8)
water_density = Coefficient("water_density", "ρ_w", "kg/m^3", (), Title("水的密度", "Density of water"), least=900, most=1100)
latent_heat = Coefficient("latent_heat", "q", "kJ/kg", (), Title("蒸发潜热", "Latent heat of evaporation"), least=2000, most=2600)
humidifier = Coefficient(
    "humidifier_energy", "y", "kJ/m^3", (), Title("加湿耗电", "Energy of humidifying"), least=0, most=3600000
)

transpiration = Rule(
    "climate_regulation.transpiration", "E_pt", "kWh/yr", AXES, Title("植被蒸腾降温耗能", "Energy of transpiration"),
    {
        "heat_table": published(
            area * heat * hot_days / cop, "garze-2017", "section 2.4.8 (1), transpiration", "V", "蒸腾耗热量表", "table of transpiration heat",
            "P5:结果与高温天数成正比,耗热量表取自高原项目 | P5: the result is proportional to the number of hot days, and the heat table comes from plateau projects",
        ),
        "evapotranspiration": published(
            area * hot_day_et * water_density * latent_heat / cop, "standards-family", "climate, by ET of hot days", "K-",
            "高温日蒸腾量", "transpiration of hot days",
        ),
        **taken_over(transpiration_energy),
    },
)  # fmt: skip
_vapour = hot_day_evaporation * water_density * latent_heat
_NO_COP = "P5:不除能效比,水面的价值是植被的三倍 | P5: without the coefficient of performance open water counts three times as much as vegetation"
_HUMID = "P5:湿热天气计加湿缺乏依据 | P5: humidifying is hard to defend on hot and humid days"
_BOTH = "P5:不除能效比,水面的价值是植被的三倍;湿热天气计加湿也缺乏依据 | P5: without the coefficient of performance open water counts three times as much as vegetation; and humidifying is hard to defend on hot and humid days"
evaporation = Rule(
    "climate_regulation.evaporation", "E_we", "kWh/yr", (), Title("水面蒸发降温耗能", "Energy of evaporation"),
    {
        "with_cop": published(
            _vapour / cop, "standards-family", "climate, evaporation over COP", "K-", "蒸发潜热除以能效比", "latent heat over COP"
        ),
        "without_cop": published(
            _vapour, "garze-2017", "section 2.4.8 (2) without its term for humidifying", "K-",
            "蒸发潜热(不除能效比)", "latent heat, no COP", _NO_COP,
        ),
        "with_cop_humidified": published(
            _vapour / cop + hot_day_evaporation * humidifier, "standards-family", "climate, evaporation over COP plus humidifying", "K-",
            "蒸发潜热除以能效比,加湿", "latent heat over COP plus humidifying", _HUMID,
        ),
        "without_cop_humidified": published(
            _vapour + hot_day_evaporation * humidifier, "garze-2017", "section 2.4.8 (2), evaporation", "V",
            "蒸发潜热(不除能效比),加湿", "latent heat plus humidifying", _BOTH,
        ),
        **taken_over(evaporation_energy),
    },
)  # fmt: skip
transpiration_value = value_of(
    "climate_regulation.transpiration_value", "V_pt", AXES, Title("植被蒸腾价值", "Value of transpiration"),
    transpiration * electricity_price, "garze-2017", "section 2.4.8",
)  # fmt: skip
evaporation_value = value_of(
    "climate_regulation.evaporation_value", "V_we", (), Title("水面蒸发价值", "Value of evaporation"),
    evaporation * electricity_price, "garze-2017", "section 2.4.8",
)  # fmt: skip

SERVICE = Service(
    "climate_regulation", REGULATING,
    (
        Line("climate_regulation.transpiration", Title("植被蒸腾", "Transpiration"), (transpiration,), (electricity_price,), transpiration_value),
        Line("climate_regulation.evaporation", Title("水面蒸发", "Open-water evaporation"), (evaporation,), (electricity_price,), evaporation_value),
    ),
    seea="local (micro and meso) climate regulation",
)  # fmt: skip
