"""What a reader must know of the totals themselves: that part of them is negative, and that they are no GEP at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.account.notices import EVERY, Notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from gep.standards.plan import Plan

NEGATIVE, NOT_GEP = "negative", "not GEP"
"""Codes of the notices."""


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
    for account in sorted(set(below["account"].tolist())):
        rows = below[below["account"] == account]
        sums = rows.groupby(rows["line"].astype(str), sort=True)["value"].sum()
        zh = "、".join(f"{declared[name].title.zh} {value:,.2f} 元" for name, value in sums.items())
        en = ", ".join(f"{declared[name].title.en} {value:,.2f} CNY" for name, value in sums.items())
        total = float(np.sum(sums.to_numpy()))
        text_zh, text_en = f"其中负值 {total:,.2f} 元:{zh}", f"of which negative {total:,.2f} CNY: {en}"
        yield Notice(int(account), NEGATIVE, "", text_zh, text_en)
        for name in sums.index:
            if not declared[name].negative:
                zh, en = declared[name].title.zh, declared[name].title.en
                service = name.partition(".")[0]
                text_zh, text_en = (
                    f"{zh}为负值,该项没有声明可为负",
                    f"{en} is below zero, and the line does not say that it may be",
                )
                yield Notice(int(account), NEGATIVE, service, text_zh, text_en)
