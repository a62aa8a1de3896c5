"""Words for statuses, states and causes in two languages."""

from __future__ import annotations

STATUS = {
    "accounted": ("已核算", "accounted"),
    "no data": ("缺数据", "no data"),
    "not applicable": ("不适用", "not applicable"),
    "excluded": ("标准不计", "excluded"),
}


STATE = {
    "draft": ("草稿", "draft"),
    "submitted": ("已送审", "submitted"),
    "approved": ("已批准", "approved"),
    "returned": ("已退回", "returned"),
}


CATEGORY_ORDER = ("material", "regulating", "cultural")


def said(text: str, lang: str) -> str:
    """Return one language of a text written in two, divided by a bar."""
    zh, bar, en = text.partition(" | ")
    return (zh if lang == "zh" else en) if bar else text


CAUSE_WORDS = {
    "quantity": ("实物量", "quantity"),
    "price": ("价格", "price"),
    "coefficient": ("参数", "coefficients"),
    "coverage": ("覆盖范围", "coverage"),
    "rules": ("规则", "rules"),
    "formula": ("方法", "formula"),
    "members": ("计入类型", "members counted"),
    "rounding": ("取整", "rounding"),
}
"""Cause of a change → what it is called."""
