"""Soil retention: erosion that cover prevents, and with it silt, nitrogen and phosphorus kept out of the water."""

from gep.formula.nodes import ECOSYSTEM, Coefficient, Constant, Rule, total
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import construction_cost, make_taken_over, make_value
from gep.rules.pollutants import nitrogen_cost, phosphorus_cost
from gep.rules.service import Line, Service, declare_variant
from gep.rules.soil_lines import make_fertiliser_lines, make_gain_line, make_land_line
from gep.variables.base import area
from gep.variables.regulating import (
    actual_erosion,
    area_by_cover,
    bare_modulus,
    covered_modulus,
    potential_erosion,
    rainfall_erosivity,
    slope_factor,
    soil_erodibility,
    soil_retained,
    soil_retained_before,
)

AXES = (ECOSYSTEM,)
cover_factor = Coefficient(
    "cover_factor", symbol="C", unit="1", axes=AXES, title=Title("植被覆盖因子", "Cover factor"), least=0, most=1
)
cover_factor_by_cover = Coefficient(
    "cover_factor_by_cover",
    symbol="C",
    unit="1",
    axes=(ECOSYSTEM, "cover_band"),
    title=Title("分覆盖度植被覆盖因子", "Cover factor by band of cover"),
    least=0,
    most=1,
)
practice_factor = Coefficient(
    "practice_factor", symbol="P_p", unit="1", axes=AXES, title=Title("水土保持措施因子", "Practice factor"), least=0, most=1
)
silting_share = Coefficient(
    "silting_share", symbol="λ", unit="1", axes=(), title=Title("泥沙淤积系数", "Share of soil that silts up"), least=0, most=1
)
bulk_density = Coefficient(
    "soil_bulk_density", symbol="ρ", unit="t/m^3", axes=(), title=Title("土壤容重", "Bulk density of soil"), least=0.1, most=2.7
)
nitrogen_content = Coefficient(
    "soil_nitrogen_content", symbol="C_N", unit="1", axes=(), title=Title("土壤氮含量", "Nitrogen in soil"), least=0, most=0.02
)
phosphorus_content = Coefficient(
    "soil_phosphorus_content",
    symbol="C_P",
    unit="1",
    axes=(),
    title=Title("土壤磷含量", "Phosphorus in soil"),
    least=0,
    most=0.02,
)
dredging_cost = Coefficient(
    "dredging_cost", symbol="c_d", unit="CNY/m^3", axes=(), title=Title("清淤成本", "Cost of dredging"), least=0
)

_potential = area * rainfall_erosivity * soil_erodibility * slope_factor
_by_cover = area_by_cover * rainfall_erosivity * soil_erodibility * slope_factor
_HJ1173 = "hj1173-2021"
_MODULUS = ("forest-bureau-program", "lyzy, A × X; LY/T 1721 family", "V-c")
potential = Rule(
    "soil_retention.potential",
    symbol="Q_sep",
    unit="t/yr",
    axes=AXES,
    title=Title("潜在土壤侵蚀量", "Potential erosion"),
    variants={
        "factors": declare_variant(_potential, _HJ1173, "annex A.2 p. 7, A.3", "V", "侵蚀因子连乘", "product of the factors"),
        "modulus": declare_variant(area * bare_modulus, *_MODULUS, "无林地侵蚀模数", "erosion of bare ground per area"),
        **make_taken_over(potential_erosion),
    },
    usual="factors",
)
actual = Rule(
    "soil_retention.actual",
    symbol="Q_sea",
    unit="t/yr",
    axes=AXES,
    title=Title("实际土壤侵蚀量", "Actual erosion"),
    variants={
        "factors": declare_variant(
            _potential * cover_factor, _HJ1173, "annex A.2 p. 7, A.4", "V", "乘植被覆盖因子", "times the cover factor"
        ),
        "factors_with_practice": declare_variant(
            _potential * (cover_factor * practice_factor),
            source="peng-2017",
            clause="section 2.2, RUSLE",
            mark="V",
            zh="乘植被覆盖和措施因子",
            en="times cover and practice factors",
        ),
        "by_cover": declare_variant(
            total(_by_cover * cover_factor_by_cover, over="cover_band"),
            _HJ1173,
            "annex A.2 p. 9, table A.1",
            "V",
            "分覆盖度",
            "by band of vegetation cover",
        ),
        "modulus": declare_variant(area * covered_modulus, *_MODULUS, "林地侵蚀模数", "erosion under vegetation per area"),
        **make_taken_over(actual_erosion),
    },
    usual="factors",
)
amount = Rule(
    "soil_retention.amount",
    symbol="Q_sr",
    unit="t/yr",
    axes=AXES,
    title=Title("土壤保持量", "Soil retained"),
    variants={
        "rusle": declare_variant(
            _potential * (Constant(1.0) - cover_factor * practice_factor),
            source="peng-2017",
            clause="section 2.2, RUSLE",
            mark="V",
            zh="修正通用土壤流失方程",
            en="RUSLE, potential less actual erosion",
        ),
        "rusle_without_practice": declare_variant(
            _potential * (Constant(1.0) - cover_factor),
            source="bo-2017",
            clause="section 1.3, USLE",
            mark="V",
            zh="通用土壤流失方程(不计措施因子)",
            en="USLE without practice factor",
        ),
        "rusle_by_cover": declare_variant(
            total(_by_cover * (Constant(1.0) - cover_factor_by_cover), over="cover_band"),
            source="bo-2017",
            clause="section 1.3, USLE; cover factor by band of cover",
            mark="V",
            zh="通用土壤流失方程(分覆盖度)",
            en="USLE by band of vegetation cover",
        ),
        "potential_less_actual": declare_variant(
            potential - actual,
            _HJ1173,
            "annex A.2 p. 7, A.2",
            "V",
            "潜在侵蚀减实际侵蚀",
            "potential less actual erosion, each a result of its own",
        ),
        **make_taken_over(soil_retained),
    },
)
gain = Rule(
    "soil_retention.gain",
    symbol="ΔQ_sr",
    unit="t/yr",
    axes=(),
    title=Title("土壤保持增量", "Gain of soil retained"),
    variants={
        "over_reference": declare_variant(
            total(amount, over=ECOSYSTEM) - total(soil_retained_before, over=ECOSYSTEM),
            source="standards-family",
            clause="soil retention, difference of two states or years",
            mark="K",
            zh="与对照状态或年份之差",
            en="less that of another state or year",
        )
    },
)
_GARZE = ("garze-2017", "section 2.4.2, soil retention", "V")
silt = Rule(
    "soil_retention.silt",
    symbol="Q_sd",
    unit="m^3/yr",
    axes=AXES,
    title=Title("减少泥沙淤积量", "Silt avoided"),
    variants={"per_volume": declare_variant(amount * silting_share / bulk_density, *_GARZE, "淤积体积", "silt by volume")},
)
nitrogen = Rule(
    "soil_retention.nitrogen",
    symbol="Q_N",
    unit="t/yr",
    axes=AXES,
    title=Title("减少氮流失量", "Nitrogen kept"),
    variants={"content": declare_variant(amount * nitrogen_content, *_GARZE, "保持量乘含氮量", "soil retained times content")},
)
phosphorus = Rule(
    "soil_retention.phosphorus",
    symbol="Q_P",
    unit="t/yr",
    axes=AXES,
    title=Title("减少磷流失量", "Phosphorus kept"),
    variants={"content": declare_variant(amount * phosphorus_content, *_GARZE, "保持量乘含磷量", "soil retained times content")},
)
silt_cost = Rule(
    "soil_retention.silt_cost",
    symbol="p_sd",
    unit="CNY/m^3",
    axes=(),
    title=Title("减淤单价", "Price of silt avoided"),
    variants={
        "dredging": declare_variant(dredging_cost, *_GARZE, "清淤成本", "cost of dredging"),
        "reservoir_capacity": declare_variant(
            construction_cost,
            source="chen-2016",
            clause="section 2.3.2",
            mark="V",
            zh="水库库容成本",
            en="cost of reservoir capacity",
        ),
    },
)
silt_value = make_value(
    "soil_retention.silt_value",
    "V_sd",
    AXES,
    Title("减淤价值", "Value of silt avoided"),
    silt * silt_cost,
    "garze-2017",
    "section 2.4.2",
)
nitrogen_value = make_value(
    "soil_retention.nitrogen_value",
    "V_N",
    AXES,
    Title("减氮价值", "Value of nitrogen kept"),
    nitrogen * nitrogen_cost,
    "garze-2017",
    "section 2.4.2",
)
phosphorus_value = make_value(
    "soil_retention.phosphorus_value",
    "V_P",
    AXES,
    Title("减磷价值", "Value of phosphorus kept"),
    phosphorus * phosphorus_cost,
    "garze-2017",
    "section 2.4.2",
)

SERVICE = Service(
    "soil_retention",
    REGULATING,
    (
        Line(
            "soil_retention.silt",
            title=Title("减少泥沙淤积", "Less silt"),
            quantities=(silt,),
            prices=(silt_cost,),
            value=silt_value,
        ),
        Line(
            "soil_retention.nitrogen",
            title=Title("减少氮面源污染", "Less nitrogen"),
            quantities=(nitrogen,),
            prices=(nitrogen_cost,),
            value=nitrogen_value,
        ),
        Line(
            "soil_retention.phosphorus",
            title=Title("减少磷面源污染", "Less phosphorus"),
            quantities=(phosphorus,),
            prices=(phosphorus_cost,),
            value=phosphorus_value,
        ),
        *make_fertiliser_lines(amount, nitrogen, phosphorus),
        make_land_line(amount, bulk_density),
        make_gain_line(gain),
    ),
    seea="soil erosion control",
    headline=amount,
)
