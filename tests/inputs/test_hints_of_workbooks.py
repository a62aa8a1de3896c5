"""Hints about covers, sheets and columns of a workbook, tried to their end: refused or doubted, done what the hint says, and clean."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from small_workbook import write

from gep.inputs.read import gather
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def put(sheet: str, **cells: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        for at, value in cells.items():
            book[sheet][at] = value

    return change


def second_cover(book: Any) -> None:
    book.copy_worksheet(book["封面"]).title = "封面 (2)"


def hide(letter: str, *, hidden: bool) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book["统计局"].column_dimensions[letter].hidden = hidden

    return change


CASES: list[tuple[str, Any, str, Any]] = [
    ("a code that is gone", put("封面", B1="360782"), "is 360703 南康区 since 2013", put("封面", B1="360703")),
    ("a code beside one", put("封面", B1="360799"), "near it: 360729 全南县", put("封面", B1="360729")),
    ("a code too short", put("封面", B1="36072"), "near it: 360732 兴国县", put("封面", B1="360732")),
    ("a date for a year", put("封面", B2=dt.date(2022, 1, 1)), "write 2022 and format the cell as text", put("封面", B2="2022")),
    ("two covers", second_cover, "keep one of the two sheets", lambda book: book.remove(book["封面 (2)"])),
    ("another title", put("统计局", B3="年末人口"), "", put("统计局", B3="地区生产总值")),
    ("a merged figure", lambda book: book["统计局"].merge_cells("E2:E3"), "split the cells", "split"),
    ("a title of another figure", put("统计局", B3="年降水量"), "put the title back", put("统计局", B3="地区生产总值")),
    ("no id", put("统计局", B3="某某", I3=None), "the sheet 说明 lists what figures are called", put("统计局", I3="gdp")),
    ("a hidden column", hide("E", hidden=True), "show the column", hide("E", hidden=False)),
    ("last year's column", put("统计局", E3=None, F3=90), "move them there", put("统计局", E3=90, F3=80)),
    ("no source", put("统计局", G3="—"), "fill in 数据来源", put("统计局", G3="统计年鉴")),
    ("a column twice", put("统计局", K1="数值"), "", put("统计局", K1="去年的数")),
    ("a unit that is none", put("统计局", D3="亿园"), "", put("统计局", D3="亿元")),
]


def look(path: Path) -> list[str]:
    """The hints of all that is refused or to be confirmed in a workbook, and what was found."""
    from gep.inputs.checks.figures import Figures
    from gep.inputs.checks.single import check_sources

    inputs, problems = gather([path], COEFFICIENTS, APPLICABLE)
    findings = [*inputs.findings, *([] if problems else check_sources(Figures(inputs)))]
    return [f"{one.found} | {one.hint}" for one in problems] + [
        f"{one.problem.found} | {one.problem.hint}" for one in findings if one.grade != "D"
    ]


@pytest.mark.parametrize(("wrong", "hint", "repair"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_the_hint_says_repairs_it(wrong: Any, hint: str, repair: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    assert look(path) == []
    book: Any = load_workbook(path)
    wrong(book)
    book.save(path)
    said = look(path)
    if said:
        assert any(hint in one for one in said), said
    else:
        assert not hint
    book = load_workbook(path)
    if repair == "split":
        book["统计局"].unmerge_cells("E2:E3")
        book["统计局"]["E3"] = 88
    else:
        repair(book)
    book.save(path)
    assert look(path) == []
