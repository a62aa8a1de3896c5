"""Months of a table: added up where all twelve are there, refused where one is missing, never one times twelve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from conftest import Program

from gep.messages.problems import Problems
from gep.messages.texts import say_in
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "county,year,month,variable,ecosystem,value,unit,source\n"
RAIN = [80.1, 110.2, 170.3, 210.4, 260.5, 280.6, 140.7, 130.8, 90.9, 60.0, 70.1, 50.2]


def row(month: str, value: object, variable: str = "precipitation", unit: str = "mm", ecosystem: str = "") -> str:
    return f"360725,2022,{month},{variable},{ecosystem},{value},{unit},气象站\n"


def write(folder: Path, rows: list[str]) -> Path:
    path = folder / "months.csv"
    path.write_text(HEAD + "".join(rows), "utf-8")
    return path


def test_twelve_months_are_the_year_and_say_where_they_stand(gep: Program, tmp_path: Path) -> None:
    rows = [row(f"{at}月" if at % 2 else str(at), value) for at, value in enumerate(RAIN, 1)]
    rows += [row(str(at), 50, "evapotranspiration", "mm", "forest") for at in range(12, 0, -1)]
    path = write(tmp_path, [row("", 100, "land_area", "km2"), *rows])
    inputs = run_account([path]).inputs.rows
    found = {str(one["variable"]): one for one in inputs.to_dict("records")}
    assert found["precipitation"]["value"] == 1654.8
    assert found["evapotranspiration"]["value"] == 600
    assert found["land_area"]["value"] == 100
    assert f"sum of 12 months ({path}:3-14)" in found["precipitation"]["note"]
    gep("run", str(path), "--store", gep.store)
    shown = json.loads(
        gep(
            "query", "SELECT value FROM gep_input WHERE variable = 'precipitation'", "--store", gep.store, "--format", "json"
        ).stdout
    )
    assert shown == [{"value": 1654.8}]


@pytest.mark.parametrize(
    ("rows", "english", "chinese"),
    [
        ([row(str(at), 100) for at in (1, 2, 4, 5, 6, 8, 9, 10, 11, 12)], "of 360725 2022 lacks the months 3, 7", "缺 3、7 月"),
        ([row(str(at), 100) for at in range(1, 14)], "month is '13'", "月份为“13”"),
        ([*(row(str(at), 100) for at in range(1, 13)), row("5", 1)], "month 5 of precipitation stands twice", "5 月填了两次"),
        ([row("3", 100, "population", "人")], "population has no months", "不按月填报"),
        (
            [row(str(at), 100, unit="mm/月") for at in range(1, 13)],
            "the unit of a month of precipitation is 'mm/月'",
            "某月的单位为“mm/月”",
        ),
        ([row("", 100, unit="mm/month")], "months differ, and a year is no twelve of one", "不能以一个月乘十二作全年"),
        ([row(str(at), "1,2" if at == 4 else 1) for at in range(1, 13)], "the row has 9 cells", "9"),
    ],
)
def test_what_is_no_whole_year_is_refused(rows: list[str], english: str, chinese: str, tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        run_account([write(tmp_path, rows)])
    assert english in caught.value.text("en")
    assert chinese in caught.value.text("zh")


@pytest.mark.parametrize(
    ("unit", "at", "found"), [("mm/month", 1, "某月的单位为“mm/month”"), ("cm", 1, "各月单位不一"), ("cm", 7, "各月单位不一")]
)
def test_one_month_in_another_unit_is_one_problem_at_its_line(unit: str, at: int, found: str, tmp_path: Path) -> None:
    path = write(tmp_path, [row(str(month), 100, unit=unit if month == at else "mm") for month in range(1, 13)])
    with pytest.raises(Problems) as error:
        run_account([path])
    assert [one.line for one in error.value.problems] == [at + 1]
    assert found in say_in(error.value.problems[0].found, "zh")
