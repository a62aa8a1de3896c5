"""Soil retention: erosion that cover prevents, and with it silt, nitrogen and phosphorus kept out of the water."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, Title, total
from gep.reference.services import REGULATING
from gep.rules.parts import construction_cost, taken_over, value_of
from gep.rules.pollutants import nitrogen_cost, phosphorus_cost
from gep.rules.service import Line, Service, published
from gep.variables.base import area
from gep.variables.regulating import area_by_cover, rainfall_erosivity, slope_factor, soil_erodibility, soil_retained

AXES = (ECOSYSTEM,)
cover_factor = Coefficient("cover_factor", "C", "1", AXES, Title("植被覆盖因子", "Cover factor"), least=0, most=1)
cover_factor_by_cover = Coefficient(
    "cover_factor_by_cover", "C", "1", (ECOSYSTEM, "cover_band"), Title("分覆盖度植被覆盖因子", "Cover factor by band of cover"),
    least=0, most=1,
)  # fmt: skip
practice_factor = Coefficient("practice_factor", "P_p", "1", AXES, Title("水土保持措施因子", "Practice factor"), least=0, most=1)
silting_share = Coefficient("silting_share", "λ", "1", (), Title("泥沙淤积系数", "Share of soil that silts up"), least=0, most=1)
bulk_density = Coefficient("soil_bulk_density", "ρ", "t/m^3", (), Title("土壤容重", "Bulk density of soil"), least=0.1, most=2.7)
nitrogen_content = Coefficient(
    "soil_nitrogen_content", "C_N", "1", (), Title("土壤氮含量", "Nitrogen in soil"), least=0, most=0.02
)
phosphorus_content = Coefficient(
    "soil_phosphorus_content", "C_P", "1", (), Title("土壤磷含量", "Phosphorus in soil"), least=0, most=0.02
)
dredging_cost = Coefficient("dredging_cost", "c_d", "CNY/m^3", (), Title("清淤成本", "Cost of dredging"), least=0)

_potential = area * rainfall_erosivity * soil_erodibility * slope_factor
amount = Rule(
    "soil_retention.amount", "Q_sr", "t/yr", AXES, Title("土壤保持量", "Soil retained"),
    {
        "rusle": published(
            _potential * (Constant(1.0) - cover_factor * practice_factor), "peng-2017", "section 2.2, RUSLE", "V",
            "修正通用土壤流失方程", "RUSLE, potential less actual erosion",
        ),
        "rusle_without_practice": published(
            _potential * (Constant(1.0) - cover_factor), "bo-2017", "section 1.3, USLE", "V",
            "通用土壤流失方程(不计措施因子)", "USLE without practice factor",
        ),
        "rusle_by_cover": published(
            total(
                area_by_cover * rainfall_erosivity * soil_erodibility * slope_factor
                * (Constant(1.0) - cover_factor_by_cover),
                over="cover_band",
            ),
            "bo-2017", "section 1.3, USLE; cover factor by band of cover", "V",
            "通用土壤流失方程(分覆盖度)", "USLE by band of vegetation cover",
        ),
        **taken_over(soil_retained),
    },
)  # fmt: skip
_GARZE = ("garze-2017", "section 2.4.2, soil retention", "V")
silt = Rule(
    "soil_retention.silt", "Q_sd", "m^3/yr", AXES, Title("减少泥沙淤积量", "Silt avoided"),
    {"per_volume": published(amount * silting_share / bulk_density, *_GARZE, "淤积体积", "silt by volume")},
)  # fmt: skip
nitrogen = Rule(
    "soil_retention.nitrogen", "Q_N", "t/yr", AXES, Title("减少氮流失量", "Nitrogen kept"),
    {"content": published(amount * nitrogen_content, *_GARZE, "保持量乘含氮量", "soil retained times content")},
)  # fmt: skip
phosphorus = Rule(
    "soil_retention.phosphorus", "Q_P", "t/yr", AXES, Title("减少磷流失量", "Phosphorus kept"),
    {"content": published(amount * phosphorus_content, *_GARZE, "保持量乘含磷量", "soil retained times content")},
)  # fmt: skip
silt_cost = Rule(
    "soil_retention.silt_cost", "p_sd", "CNY/m^3", (), Title("减淤单价", "Price of silt avoided"),
    {
        "dredging": published(dredging_cost, *_GARZE, "清淤成本", "cost of dredging"),
        "reservoir_capacity": published(
            construction_cost, "chen-2016", "section 2.3.2", "V", "水库库容成本", "cost of reservoir capacity"
        ),
    },
)  # fmt: skip
silt_value = value_of(
    "soil_retention.silt_value",
    "V_sd",
    AXES,
    Title("减淤价值", "Value of silt avoided"),
    silt * silt_cost,
    "garze-2017",
    "section 2.4.2",
)
nitrogen_value = value_of(
    "soil_retention.nitrogen_value",
    "V_N",
    AXES,
    Title("减氮价值", "Value of nitrogen kept"),
    nitrogen * nitrogen_cost,
    "garze-2017",
    "section 2.4.2",
)
phosphorus_value = value_of(
    "soil_retention.phosphorus_value", "V_P", AXES, Title("减磷价值", "Value of phosphorus kept"), phosphorus * phosphorus_cost,
    "garze-2017", "section 2.4.2",
)  # fmt: skip

SERVICE = Service(
    "soil_retention", REGULATING,
    (
        Line("soil_retention.silt", Title("减少泥沙淤积", "Less silt"), (silt,), (silt_cost,), silt_value),
        Line("soil_retention.nitrogen", Title("减少氮面源污染", "Less nitrogen"), (nitrogen,), (nitrogen_cost,), nitrogen_value),
        Line("soil_retention.phosphorus", Title("减少磷面源污染", "Less phosphorus"), (phosphorus,), (phosphorus_cost,), phosphorus_value),
    ),
    seea="soil erosion control",
)  # fmt: skip
