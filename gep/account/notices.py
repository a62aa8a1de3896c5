"""Notices beside the numbers: doubtful methods, implausible figures, unverified statements.

The pitfalls P1 to P20 of the field that are not already a unit error or a refused input end here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.formula.nodes import ECOSYSTEM, total
from gep.reference.county_references import is_taken_over
from gep.reference.marks import UNVERIFIED
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import RULES, SERVICES
from gep.units.registry import print_unit
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from gep.account.binding import Binding
    from gep.formula.evaluate import Evaluation
    from gep.inputs.rows import Inputs
    from gep.standards.plan import Plan

EVERY = -1
"""The account of a notice that holds for all accounts of a run."""

OVERLAPS = (
    ("water_conservation", "freshwater_supply"),
    ("water_conservation", "hydropower"),
    ("freshwater_supply", "hydropower"),
    ("soil_retention", "water_purification"),
    ("carbon_sequestration", "oxygen_release"),
    ("tourism_health", "leisure_recreation"),
    ("tourism_health", "landscape_premium"),
    ("leisure_recreation", "landscape_premium"),
    ("agricultural_products", "bioenergy"),
)
"""P9: pairs of services that count part of the same benefit."""

MOST_HOT_DAYS, LEAST_LAKE, MOST_SOIL = 200.0, 1.0, 1000.0
WATER_BAND = (200_000.0, 1_200_000.0)
"""m³ of water conserved per km² of the ecosystems counted, wide: published means (gong-2017) go from 392,100 for the forests of
China to 757,400 for the rivers of the south-east, and a county of Jiangxi should lie near 400,000 to 900,000."""


@dataclass(frozen=True, order=True)
class Notice:
    """One thing that a reader is told.

    Attributes
    ----------
    account : number of the account, -1 for every account of the run
    code    : a pitfall (P1 to P20), or another kind of notice
    service : id of the service it is about; may be empty
    """

    account: int
    code: str
    service: str
    text_zh: str
    text_en: str


def _notice(account: int, code: str, service: str, text: str) -> Notice:
    """Return a notice from a text in two languages, divided by a bar."""
    zh, _, en = text.partition(" | ")
    return Notice(account, code, service, zh, en)


def collect_notices(
    plan: Plan, inputs: Inputs, binding: Binding, evaluation: Evaluation, services: pd.DataFrame
) -> Iterator[Notice]:
    """Yield every notice of a batch, each once.

    Parameters
    ----------
    evaluation : has run at current prices
    services   : as in `Account.services`
    """
    accounted = {str(one) for one in services.loc[services["status"] == "accounted", "service"].unique()}
    yield from dict.fromkeys((*_methods(plan, accounted), *_overlaps(accounted), *_unverified(plan, accounted)))
    yield from _figures(plan, inputs, binding, evaluation)
    yield from _taken_over(inputs)


def _methods(plan: Plan, accounted: set[str]) -> list[Notice]:
    """Return the cautions of the variants that accounted services were computed by."""
    found = []
    for step in plan.steps:
        caution = plan.published[step.rule.id].caution
        service = step.rule.id.partition(".")[0]
        if caution and (service in accounted or (service not in SERVICES and step.scope in accounted)):
            found.append(_notice(EVERY, _code(caution), step.scope or service, caution))
    oxygen = {
        rule: plan.standard.variants.get(rule, ("", ""))[0] for rule in ("oxygen_release.amount", "carbon_sequestration.amount")
    }
    if (
        "oxygen_release" in accounted
        and oxygen["oxygen_release.amount"] == "from_npp"
        and oxygen["carbon_sequestration.amount"] not in {"gross_dry_matter", ""}
    ):
        text = "P4:释氧取自总生产量,固碳取自净生产量,二者不成 32:44 之比 | P4: oxygen comes from gross production and carbon from net production; the two are not linked as 32:44"
        found.append(_notice(EVERY, "P4", "oxygen_release", text))
    return found


def _code(caution: str) -> str:
    found = re.match(r"P\d+", caution)
    return found.group() if found else "method"


def _overlaps(accounted: set[str]) -> list[Notice]:
    return [
        _notice(
            EVERY,
            "P9",
            one,
            f"P9:{SERVICES[one].title.zh}与{SERVICES[two].title.zh}部分计同一效益 | P9: {one} and {two} count part of the same benefit",
        )
        for one, two in OVERLAPS
        if {one, two} <= accounted
    ]


def _unverified(plan: Plan, accounted: set[str]) -> list[Notice]:
    found = []
    standard = plan.standard
    if standard.own_sha256:
        marks = ", ".join(sorted({choice.mark for choice in standard.choices.values()} | {standard.mark}))
        zh = f"{standard.key} 是用户自定的标准(文本 sha256 {standard.own_sha256}),计哪些服务、用哪种方法、标记({marks})均为用户自述,本程序未核实"
        en = f"{standard.key} is a standard of the user's own (sha256 of its text {standard.own_sha256}); what it counts, by which methods, and its marks ({marks}) are the user's statements, not verified by this program"
        found.append(Notice(EVERY, "own standard", "", zh, en))
    for service, choice in plan.standard.choices.items():
        if service in accounted and choice.mark in UNVERIFIED:
            name = SERVICE_TITLES[service][1].zh
            text = f"{plan.standard.id} 计入{name}未经核实 [{choice.mark}] | that {plan.standard.id} counts {service} is not verified [{choice.mark}]"
            found.append(_notice(EVERY, "unverified", service, text))
    for step in plan.steps:
        service = step.rule.id.partition(".")[0]
        if (service if service in SERVICES else step.scope) not in accounted or step.rule.id not in RULES:
            continue
        way = plan.published[step.rule.id]
        _, mark = plan.standard.variants.get(step.rule.id, ("", "V"))
        if mark in UNVERIFIED:
            text = f"{plan.standard.id} 以“{way.title.zh}”计算{step.rule.title.zh}未经核实 [{mark}] | that {plan.standard.id} computes {step.rule.id} by {step.variant} is not verified [{mark}]"
            found.append(_notice(EVERY, "unverified", step.scope or service, text))
        own = way.mark
        if own in UNVERIFIED:
            text = f"{step.rule.title.zh}({way.title.zh})的公式凭记忆转述,未经核实 [{own}] | the formula of {step.rule.id} ({step.variant}) is recalled, not verified [{own}]"
            found.append(_notice(EVERY, "unverified", step.scope or service, text))
    return found


def _figures(plan: Plan, inputs: Inputs, binding: Binding, evaluation: Evaluation) -> list[Notice]:
    """Return what is odd about single accounts."""
    arrays = binding.bound.arrays
    found: list[Notice] = []

    def tell(flags: NDArray[np.bool_], code: str, service: str, text: str) -> None:
        found.extend(_notice(int(account), code, service, text) for account in np.flatnonzero(flags))

    def any_cell(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        whole: NDArray[np.bool_] = np.broadcast_to(flags.any(axis=(1, 2, 3)), (binding.bound.accounts,))
        return whole

    with np.errstate(invalid="ignore", divide="ignore"):
        if "evapotranspiration" in arrays and "precipitation" in arrays:
            tell(
                any_cell(arrays["evapotranspiration"] > arrays["precipitation"]),
                "P18",
                "water_conservation",
                "P18:蒸散发大于降水,请核对蒸散发产品和日历年 | P18: evapotranspiration is larger than precipitation; check the ET product and the calendar year",
            )
        if "hot_days" in arrays:
            tell(
                any_cell(arrays["hot_days"] > MOST_HOT_DAYS),
                "P5",
                "climate_regulation",
                f"P5:高温天数超过 {MOST_HOT_DAYS:.0f} 天 | P5: more than {MOST_HOT_DAYS:.0f} days above 26 °C",
            )
        if "lake_area" in arrays:
            tell(
                any_cell((arrays["lake_area"] < LEAST_LAKE) & (arrays["lake_area"] > 0)),
                "P8",
                "flood_mitigation",
                f"湖泊模型按 {LEAST_LAKE:.0f} km² 以上的湖泊拟合,填报的湖泊更小 | the lake model was fitted on lakes above {LEAST_LAKE:.0f} km²; a smaller one is entered",
            )
        if "area" in arrays:
            tell(
                ~_has_land_area(inputs),
                "P19",
                "",
                "P19:没有填报行政区域面积,无法核对各类面积是否齐全 | P19: land_area is not given, so the areas cannot be checked for completeness",
            )
            found += _per_area(plan, binding, evaluation, "water_conservation.volume", WATER_BAND, "m^3", "P6")
            found += _per_area(plan, binding, evaluation, "soil_retention.amount", (0.0, MOST_SOIL * 100), "t", "P18")
    return found


def _taken_over(inputs: Inputs) -> Iterator[Notice]:
    """Yield for each account the figures that are reference values somebody took over, not the county's own."""
    sources = inputs.rows["source"].astype("category")
    texts = [text for text in sources.cat.categories if is_taken_over(str(text))]
    rows = inputs.rows[sources.isin(texts)]
    for account, of_account in rows.groupby("account", sort=True):
        titles = [VARIABLES[name].title for name in dict.fromkeys(of_account["variable"].astype(str)) if name in VARIABLES]
        zh, en = "、".join(one.zh for one in titles), ", ".join(one.en for one in titles)
        text_zh, text_en = (
            f"{len(of_account)} 个数是参考值,不是本县填报:{zh}",
            f"{len(of_account)} figures are reference values taken over (参考), not the county's own: {en}",
        )
        yield Notice(int(str(account)), "reference", "", text_zh, text_en)


def _per_area(
    plan: Plan, binding: Binding, evaluation: Evaluation, rule: str, band: tuple[float, float], unit: str, code: str
) -> list[Notice]:
    service = rule.partition(".")[0]
    if rule not in evaluation.results or service not in plan.counted or "area" not in plan.observed:
        return []
    area = plan.observed["area"]
    step = evaluation.steps[rule]
    if area not in evaluation.extents(step.formula):
        return []
    whole = evaluation.value(total(step.rule, over=ECOSYSTEM), service)
    land = evaluation.value(total(area, over=ECOSYSTEM), service)
    density = np.broadcast_to(whole / land, (binding.bound.accounts, 1, 1, 1))[:, 0, 0, 0]
    outside = (density < band[0]) | (density > band[1])
    return [
        _notice(
            int(at),
            code,
            service,
            f"{code}:每平方公里{step.rule.title.zh}为 {density[at]:,.0f} {print_unit(unit)}/km²,超出 {band[0]:,.0f} 至 {band[1]:,.0f},请核对单位和来源 | {code}: {density[at]:,.0f} {print_unit(unit)}/km² of {step.rule.title.en.lower()} lies outside {band[0]:,.0f} to {band[1]:,.0f}; check units and sources",
        )
        for at in np.flatnonzero(outside)
    ]


def _has_land_area(inputs: Inputs) -> NDArray[np.bool_]:
    has = np.zeros(len(inputs.accounts), dtype=bool)
    rows = inputs.rows
    has[rows.loc[rows["variable"] == "land_area", "account"].to_numpy()] = True
    no_area = np.ones(len(inputs.accounts), dtype=bool)
    no_area[rows.loc[rows["variable"] == "area", "account"].to_numpy()] = False
    return has | no_area
