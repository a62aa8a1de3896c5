"""Closed lists of words that pages show: states, ways in which a cell was entered."""

from __future__ import annotations

from gep.messages.title import Title

STATES = {
    "typing": Title("填报中", "being filled in"),
    "draft": Title("草稿", "draft"),
    "submitted": Title("已提交", "submitted"),
    "approved": Title("已通过", "approved"),
    "returned": Title("已退回", "returned"),
}
STATUSES = {
    "accounted": Title("已核算", "accounted"),
    "no data": Title("缺数据", "no data"),
    "not applicable": Title("不适用", "not applicable"),
    "excluded": Title("不计入", "excluded"),
}
WAYS = {
    "typed": Title("填写", "typed"),
    "pasted": Title("粘贴", "pasted"),
    "uploaded": Title("上传", "uploaded"),
    "reference": Title("采用参考值", "reference value taken"),
    "api": Title("接口", "by a program"),
    "undo": Title("撤销", "undone"),
}
