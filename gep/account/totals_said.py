"""What a reader must know of the totals themselves: that part of them is negative, and that they are no GEP at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.account.notices import EVERY, Notice
from gep.variables.material import BRANCHES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from gep.inputs.rows import Inputs
    from gep.standards.plan import Plan

NEGATIVE, NOT_GEP, OUTSIDE = "negative", "not GEP", "outside"
"""Codes of the notices."""
_BRANCHES = {branch.value_from_outside.id: f"{branch.id}_products" for branch in BRANCHES}


def note_totals(plan: Plan, lines: pd.DataFrame) -> Iterator[Notice]:
    """Yield notices about totals: lines below zero with their sum, those among them that may not be, and values that are no GEP.

    Parameters
    ----------
    lines : as in `Account.lines`, values in CNY/yr
    """
    if plan.standard.measures == "equivalents":
        zh = "总数是当量因子法价值,不是生态产品总值(GEP),不可与 GEP 比较或相加"
        en = "the totals are values by equivalent factors, not GEP; they are not comparable with GEP and do not add up with it"
        yield Notice(EVERY, NOT_GEP, "", zh, en)
    if lines.empty or "value" not in lines:
        return
    below = lines[(~lines["detail"].astype(bool)) & (lines["value"] < 0)]
    declared = {line.id: line for part in plan.counted.values() for line in part.lines}
    by_account: dict[int, dict[str, list[float]]] = {}
    for account, line, value in zip(below["account"].tolist(), below["line"].astype(str), below["value"].tolist(), strict=True):
        by_account.setdefault(account, {}).setdefault(line, []).append(value)
    for account, parts in sorted(by_account.items()):
        sums = {line: _add(values) for line, values in sorted(parts.items())}
        said = {name: f"{value:,.2f}" for name, value in sums.items()}
        zh = "、".join([f"{declared[name].title.zh} {amount} 元" for name, amount in said.items()])
        en = ", ".join([f"{declared[name].title.en} {amount} CNY" for name, amount in said.items()])
        total = f"{_add(list(sums.values())):,.2f}"
        text_zh, text_en = f"其中负值 {total} 元:{zh}", f"of which negative {total} CNY: {en}"
        yield Notice(int(account), NEGATIVE, "", text_zh, text_en)
        for name in sums:
            if not declared[name].negative:
                zh, en = declared[name].title.zh, declared[name].title.en
                service = name.partition(".")[0]
                text_zh, text_en = (
                    f"{zh}为负值,该项没有声明可为负",
                    f"{en} is below zero, and the line does not say that it may be",
                )
                yield Notice(int(account), NEGATIVE, service, text_zh, text_en)


def _add(values: list[float]) -> float:
    """Return the sum of values as numpy adds them, which is what stored texts say; of one value it is that value."""
    return values[0] if len(values) == 1 else float(np.sum(np.array(values)))


def note_outside(plan: Plan, services: pd.DataFrame, inputs: Inputs) -> Iterator[Notice]:
    """Yield for each account that states products from outside its total with and without them.

    Parameters
    ----------
    services : as in `Account.services`, values in CNY/yr
    """
    given: dict[int, dict[str, float]] = {}
    rows = inputs.rows[inputs.rows["variable"].isin(_BRANCHES)]
    for account, variable, value in zip(rows["account"], rows["variable"].astype(str), rows["value"], strict=True):
        of_account, service = given.setdefault(int(account), {}), _BRANCHES[variable]
        if service in plan.counted:
            of_account[service] = of_account.get(service, 0.0) + float(value)
    own = services[services["account"].isin(given) & (services["status"] == "accounted")]
    values_of: dict[int, dict[str, float]] = {}
    for account, service, value in zip(own["account"].tolist(), own["service"].astype(str), own["value"].tolist(), strict=True):
        values_of.setdefault(account, {})[service] = value
    for account, outside in sorted(given.items()):
        values = values_of.get(account, {})
        stated = {service: amount for service, amount in outside.items() if service in values}
        if not stated:
            continue
        total, away = float(np.sum(list(values.values()))), float(np.sum(list(stated.values())))
        ways = {service: plan.standard.variant_of(f"{service}.output_value") for service in stated}
        taken = float(np.sum([amount for service, amount in stated.items() if ways[service].endswith("_less_outside")]))
        gross = total + taken
        text_zh = f"区外产品 {away:,.2f} 元:总值含区外产品为 {gross:,.2f} 元,扣除区外产品为 {gross - away:,.2f} 元"
        text_en = f"products from outside {away:,.2f} CNY: the total with them is {gross:,.2f} CNY, without them {gross - away:,.2f} CNY"
        yield Notice(account, OUTSIDE, "", text_zh, text_en)
