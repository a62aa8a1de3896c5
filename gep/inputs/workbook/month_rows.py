"""Figures of single months in a workbook: a column of months beside the value, or twelve columns of values; added up like those of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.inputs.months import MONTHS, group_months

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.inputs.workbook.book import Book

_CHINESE = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
OF_MONTHS = {f"month{at}": tuple(dict.fromkeys((f"{at}月", f"{at:02}月", f"{_CHINESE[at - 1]}月", f"{at}月份"))) for at in MONTHS}
"""Headings of twelve columns of values."""
BESIDE = {"month": ("月份", "月", "month")}
"""Heading of the column that says the month of a row."""


def list_value_columns(columns: Mapping[str, int]) -> dict[str, int]:
    """Return the columns of values of a sheet, by month; one, of no month or the month beside it, where it has a column of values."""
    if "value" in columns:
        return {"": columns["value"]}
    return {name.removeprefix("month"): columns[name] for name in OF_MONTHS if name in columns}


def add_up_months(book: Book) -> None:
    """Put the year's sums in the place of a book's rows of single months; what is wrong with these is noted."""
    if not any(row.get("month") for row in book.rows):
        return
    single: list[tuple[str, dict[Any, Any]]] = [(str(row["month"]), row) for row in book.rows if row.get("month")]
    left = [row for row in book.rows if not row.get("month")]
    sums, problems = group_months(single, book.file)
    book.rows = [*left, *sums]
    book.problems += problems
