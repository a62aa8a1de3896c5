"""Forms and tables as offices shape them: merged cells, second tables, sums and signatures below; understood, or refused with a cure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import small_workbook
from openpyxl import Workbook

from gep.files.table import read_table
from gep.inputs.read import gather
from gep.inputs.rows import Inputs
from gep.messages.problems import Problem
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.worked.written import Reader

RIGHT = [("precipitation", 1600.0), ("gdp", 8.8e9), ("population", 170000.0)]


def read(path: Path) -> tuple[Inputs, list[Problem]]:
    return gather([path], COEFFICIENTS, APPLICABLE)


def figures(inputs: Inputs) -> list[tuple[str, float]]:
    return list(zip(inputs.rows["variable"].astype(str), inputs.rows["value"], strict=True))


def add_title(sheet: Any) -> None:
    sheet.insert_rows(1)
    sheet["A1"] = "2022年核算数据填报表"
    sheet.merge_cells("A1:J1")


def add_blanks(sheet: Any) -> None:
    sheet.insert_rows(1, 3)
    sheet.insert_cols(1, 2)


def add_head_above(sheet: Any) -> None:
    sheet.insert_rows(1)
    sheet["E1"] = "数据"
    sheet.merge_cells("E1:F1")


def sign(sheet: Any) -> None:
    sheet.append(("注:数据来源于年鉴",))
    sheet.append(("填表人:张三", None, None, "日期", dt.date(2023, 1, 1)))
    sheet.append((None, None, None, "审核人", "李四"))


@pytest.mark.parametrize("dress", [add_title, add_blanks, add_head_above, sign, lambda sheet: sheet.merge_cells("B2:B3")])
def test_what_stands_round_the_table_changes_nothing(dress: Any, tmp_path: Path) -> None:
    inputs, problems = read(small_workbook.write(tmp_path / "a.xlsx", dress=dress))
    assert problems == []
    assert figures(inputs) == RIGHT


def test_signatures_below_the_table_are_told(tmp_path: Path) -> None:
    inputs, _ = read(small_workbook.write(tmp_path / "a.xlsx", dress=sign))
    assert [(one.grade, one.problem.cell) for one in inputs.findings if one.code == "remark"] == [
        ("D", "统计局!E6"),
        ("D", "统计局!E7"),
    ]


def test_a_source_merged_down_is_that_of_every_row(tmp_path: Path) -> None:
    inputs, problems = read(small_workbook.write(tmp_path / "a.xlsx", dress=lambda sheet: sheet.merge_cells("G2:G4")))
    assert problems == []
    assert list(inputs.rows["source"]) == ["年鉴"] * 3


def test_units_and_members_merged_down_are_those_of_every_row(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        for line, value in ((2, 4), (3, 5)):
            for column, text in zip("BCDEI", ("径流系数", "森林", "%", value, "runoff_coefficient"), strict=True):
                sheet[f"{column}{line}"] = text
        sheet.merge_cells("C2:C3")
        sheet.merge_cells("D2:D3")

    (problem,) = read(small_workbook.write(tmp_path / "a.xlsx", dress=merge))[1]
    assert problem.found.startswith("runoff_coefficient forest of 360725 2022 stands already in ")
    (problem, other) = read(small_workbook.write(tmp_path / "b.xlsx", dress=lambda sheet: sheet.merge_cells("D2:D4")))[1]
    assert {problem.cell, other.cell} == {"统计局!D3", "统计局!D4"}


SECOND = ("编号", "指标", "数值", "单位", "类别", "数据来源")


@pytest.mark.parametrize(
    ("below", "cell", "found", "hint"),
    [
        (
            [SECOND, ("forestry_output_value", "林业", 5, "亿元", "", "年鉴")],
            "A5",
            "a second row of headings",
            "take the row out if",
        ),
        ([SECOND[:4], ("forestry_output_value", "林业", 5, "亿元")], "A5", "a second row of headings", "take the row out if"),
        ([small_workbook.HEAD], "A5", "a second row of headings", "take the row out if it repeats the headings"),
        ([(4, "合计", "", "亿元", 1705)], "I5", "the figure 1705 has no id", "take the row out: sums are made by the program"),
        (
            [("", "", "", "", "2022年")],
            "E5",
            "the cell says '2022年' in a row without an id",
            "take the row out if it is a heading",
        ),
    ],
)
def test_rows_that_are_no_figures_are_refused_and_taking_them_out_helps(
    below: list[tuple[Any, ...]], cell: str, found: str, hint: str, tmp_path: Path
) -> None:
    path = small_workbook.write(tmp_path / "a.xlsx", dress=lambda sheet: [sheet.append(row) for row in below])
    (problem,) = read(path)[1]
    assert (problem.cell, problem.found) == (f"统计局!{cell}", found)
    assert problem.hint.startswith(hint)
    inputs, problems = read(small_workbook.write(tmp_path / "b.xlsx"))
    assert problems == []
    assert figures(inputs) == RIGHT


def test_tables_with_cells_merged_over_rows_are_refused_until_they_are_split(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.worksheets[0]
    for row in (("2022年", "", ""), ("county", "name", "value"), ("361027", "a", 1), ("361027", "b", 2), ("361027", "c", 3)):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A5")
    path = tmp_path / "a.xlsx"
    book.save(path)
    found = "the cells A3:A5 are merged over several rows"
    reader = Reader()
    reader.rows(path, ("county", "name", "value"))
    assert [(one.cell, one.found) for one in reader.problems] == [("Sheet!A3", found)]
    assert [one.found for one in read_table(path, ("county", "name", "value"))[1]] == [found]
    sheet.unmerge_cells("A3:A5")
    for line in (4, 5):
        sheet[f"A{line}"] = "361027"
    book.save(path)
    again = Reader()
    assert [row["county"] for row in again.rows(path, ("county", "name", "value"))] == ["361027"] * 3
    assert again.problems == []
    assert read_table(path, ("county", "name", "value"))[1] == []
