"""A workbook of three figures as a person fills it in, made by hand: a cover and one sheet with the columns of `gep new`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = ("序号", "指标", "类别", "单位", "数值", "上年值", "数据来源", "备注", "编号", "上年值(随表)")
ROWS = (
    (1, "年降水量", "全县", "mm", 1600, 1500, "年鉴", "", "precipitation", 1500),
    (2, "地区生产总值", "", "亿元", 88, 80, "年鉴", "", "gdp", 80),
    (3, "常住人口", "", "万人", 17, 16, "年鉴", "", "population", 16),
)
Change = tuple[str, Any]


def write(path: Path, *changes: Change, dress: Callable[[Any], object] = lambda _: None, without_shipped: bool = False) -> Path:
    """Write the workbook with some cells changed and the sheet dressed; without the column of last year's figures as they came."""
    book = Workbook()
    cover: Any = book.active
    cover.title = "封面"
    for row in (("县区代码", "360725"), ("核算年份", 2022)):
        cover.append(row)
    sheet = book.create_sheet("统计局")
    for one in (HEAD, *ROWS):
        sheet.append(one[: -1 if without_shipped else None])
    for at, value in changes:
        sheet[at].value = value
    dress(sheet)
    book.save(path)
    return path
