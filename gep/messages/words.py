"""Words for statuses, states and causes in two languages."""

from __future__ import annotations

from gep.messages.punctuation import widen_punctuation
from gep.messages.texts import translate
from gep.messages.title import Title

STATUS = {
    "accounted": Title("已核算", "accounted"),
    "quantity only": Title("只有实物量", "quantity only"),
    "no data": Title("缺数据", "no data"),
    "not applicable": Title("不适用", "not applicable"),
    "excluded": Title("标准不计", "excluded"),
}


STATE = {
    "draft": Title("草稿", "draft"),
    "submitted": Title("已送审", "submitted"),
    "approved": Title("已批准", "approved"),
    "returned": Title("已退回", "returned"),
}


CATEGORY_ORDER = ("material", "regulating", "cultural")


STATED = "县报不适用"
"""Begins a text that holds the county's own words, whose punctuation is theirs."""


NOT_LISTED = "not in the list of the standard"
"""Why a service is excluded of which the standard says nothing; stored in English since the first version of the store."""


def pick_language(text: str, lang: str) -> str:
    """Return one language of a stored text that holds both.

    Parameters
    ----------
    text : `中文 | English`; a text without a bar is both
    lang : `zh` or `en`; Chinese of ours gets full-width punctuation
    """
    if text == NOT_LISTED:
        return translate(lang, text)
    zh, bar, en = text.partition(" | ")
    if lang != "zh":
        return en if bar else text
    if zh.startswith(STATED + ":"):
        return f"{STATED}：{zh[len(STATED) + 1 :]}"
    return widen_punctuation(zh) if bar else zh


CAUSE_WORDS = {
    "quantity": Title("实物量", "quantity"),
    "price": Title("价格", "price"),
    "coefficient": Title("参数", "coefficients"),
    "coverage": Title("覆盖范围", "coverage"),
    "rules": Title("规则", "rules"),
    "formula": Title("方法", "formula"),
    "members": Title("计入类型", "members counted"),
    "rounding": Title("取整", "rounding"),
}
"""Cause of a change → what it is called."""


RATIOS = {
    "gep_per_km2": (Title("单位面积", "per km²"), 1e4, Title("万元/km²", "1e4 CNY")),
    "gep_per_head": (Title("人均", "per head"), 1.0, Title("元", "CNY")),
    "gep_per_gdp": (Title("GEP/GDP", "GEP/GDP"), 1.0, Title("", "")),
}
"""Ratio → title, yuan a unit, and the unit it is printed in."""
