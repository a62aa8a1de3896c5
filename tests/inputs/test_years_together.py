"""Accounts of several years: stated as means or sums, or made from the figures of their years; never one for the other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest
from conftest import Program

from gep.messages.problems import Problems
from gep.messages.texts import say_in
from gep.reference.periods import Period, find_before, list_years, make_period, read_period
from gep.tasks.compute import fold_years, read_inputs
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "county,year,variable,ecosystem,value,unit,source\n"
STATED = """361027,2016-2020,area,forest,1000.2,km2,s
361027,2016—2020年均,precipitation,,1620,mm,s
361027,2016至2020年合计,evapotranspiration,,4500,mm,s
361027,2016-2020,runoff_coefficient,forest,3,%,s
361027,2016-2020 sum,agricultural_output_value,,60,亿元_2020,s
361027,2011-2015,area,forest,1000,km2,s
361027,2011-2015,precipitation,,1700,mm/yr,s
361027,2011-2015,evapotranspiration,,900,mm/yr,s
361027,2011-2015,runoff_coefficient,forest,3,%,s
361027,2020,area,forest,1000,km2,s
"""
OF_YEARS = "".join(
    f"361027,{year},area,forest,{1000 + year - 2016},km2,s\n361027,{year},precipitation,,{1600 + 10 * (year - 2016)},mm,s\n"
    f"361027,{year},evapotranspiration,,900,mm,s\n361027,{year},runoff_coefficient,forest,3,%,s\n"
    for year in range(2016, 2021)
)


def write(folder: Path, rows: str) -> Path:
    path = folder / "figures.csv"
    path.write_text(HEAD + rows, "utf-8")
    return path


def value_of(path: Path, variable: str, period: str = "") -> float:
    inputs = read_inputs([path])
    if period:
        found = read_period(period)
        assert found is not None
        inputs = fold_years(inputs, found.period, price_year=2020)
    rows = inputs.rows[inputs.rows["variable"] == variable]
    numbers = inputs.accounts["year"].to_numpy()[rows["account"].to_numpy()]
    return float(rows["value"].to_numpy()[numbers == int(make_period(2016, 2020))][0])


def test_a_period_is_written_in_several_ways_and_prints_in_one() -> None:
    for text in ("2016-2020", "2016—2020年", "2016~2020 年度", "2016至2020"):
        found = read_period(text)
        assert found is not None
        assert (str(found.period), found.figures) == ("2016-2020", "")
    assert [read_period(text) for text in ("2020-2016", "2016-2016", "2016-20", "2016-2020年末")] == [None] * 4
    period = make_period(2016, 2020)
    assert (find_before(period), list(list_years(period))) == (make_period(2011, 2015), [2016, 2017, 2018, 2019, 2020])
    assert f"{Period(period)}" == "2016-2020"


def test_means_and_sums_are_one_figure_of_the_mean_year(gep: Program, tmp_path: Path) -> None:
    path = write(tmp_path, STATED)
    assert value_of(path, "evapotranspiration") == 900
    assert value_of(path, "precipitation") == 1620
    assert value_of(path, "agricultural_output_value") == pytest.approx(12e8)
    gep("run", str(path), "--price-year", "2020", "--store", gep.store)
    shown = json.loads(gep("show", "361027", "2016-2020", "--store", gep.store, "--format", "json").stdout)
    assert (shown["year"], shown["period"]["years"], shown["period"]["values"]) == ("2016-2020", 5, "mean")
    assert shown["period"]["gep_sum"] == pytest.approx(5 * shown["gep"])
    assert shown["gep"] == shown["gep_constant"]
    text = gep("show", "361027", "2016-2020", "--store", gep.store, "--lang", "zh").stdout
    assert "5 年合计" in text
    assert "按 2020 年价格" in text
    assert (
        "÷ 5 (sum of / 合计 2016-2020)" in gep("trace", "361027", "2016-2020", "water_conservation", "--store", gep.store).stdout
    )
    listed = json.loads(gep("list", "--store", gep.store, "--format", "json").stdout)
    assert [one["year"] for one in listed] == [2020, "2011-2015", "2016-2020"]
    refused = gep("compare", "361027", "2020", "2016-2020", "--store", gep.store, code=2)
    assert "2020 and 2016-2020 are not equally long" in refused.stderr
    assert "Precipitation 1,700 → 1,620 mm/yr" in gep("compare", "361027", "2011-2015", "2016-2020", "--store", gep.store).stdout
    certificate = tmp_path / "c.json"
    gep("certificate", "361027", "2016-2020", "--store", gep.store, "-o", str(certificate))
    gep("verify", str(certificate), "--store", gep.store)
    report = tmp_path / "r.html"
    gep("report", "361027", "2016-2020", "--store", gep.store, "-o", str(report), "--lang", "zh")
    assert "2016 年 1 月 1 日至 2020 年 12 月 31 日（5 个日历年）" in report.read_text("utf-8")


def test_a_period_is_made_from_its_years(gep: Program, tmp_path: Path) -> None:
    rows = "".join(f"361027,{year},agricultural_output_value,,10,亿元,s\n" for year in range(2016, 2021))
    path = write(tmp_path, OF_YEARS + rows)
    assert value_of(path, "precipitation", "2016-2020") == 1620
    assert value_of(path, "area", "2016-2020") == 1002
    assert 10e8 < value_of(path, "agricultural_output_value", "2016-2020") < 11e8  # brought to 2020 by the price index
    gep("run", str(path), "--period", "2016-2020", "--price-year", "2020", "--store", gep.store)
    traced = gep("trace", "361027", "2016-2020", "water_conservation", "--store", gep.store).stdout.replace("\n        ", " ")
    assert f"2016 1600.0 ({path}:3), 2017 1610.0 ({path}:7)" in traced
    assert [one["year"] for one in json.loads(gep("list", "--store", gep.store, "--format", "json").stdout)] == ["2016-2020"]


@pytest.mark.parametrize(
    ("rows", "english", "chinese"),
    [
        (
            "361027,2016-2020,precipitation,,1600,mm,s\n",
            "of 2016-2020 in mm may be a mean of a year or the sum",
            "可能是年均，也可能是合计",
        ),
        ("361027,2016-2020合计,precipitation,,8000,mm/yr,s\n", "stated as a sum over several years, in mm/yr", "单位却是"),
        ("361027,2016-2020合计,population,,5,万人,s\n", "population is stated as a sum over several years", "按多年合计填报"),
        ("361027,2016-2020年均,agricultural_output_value,,5,亿元,s\n", "of 2016-2020 has no price year", "没有写价格年份"),
        ("361027,2020-2016,population,,5,万人,s\n", "year is '2020-2016'", "2020-2016"),
        ("361027,2016-2020,population,,5,万人,s\n", "361027 2016-2020 has no price year", "没有价格年份"),
    ],
)
def test_what_a_period_leaves_open_is_refused(tmp_path: Path, rows: str, english: str, chinese: str) -> None:
    with pytest.raises(Problems) as error:
        run_account([write(tmp_path, rows)])
    assert any(english in str(one.found) for one in error.value.problems)
    assert any(chinese in say_in(one.found, "zh") for one in error.value.problems)


@pytest.mark.parametrize(
    ("rows", "english", "chinese"),
    [
        (OF_YEARS.replace("361027,2018,precipitation,,1620,mm,s\n", ""), "lacks 2018 of 2016-2020", "缺 2016-2020 中的 2018 年"),
        (
            OF_YEARS + "361027,2016-2020,precipitation,,1,mm/yr,s\n",
            "stated for 2016-2020 and for single years",
            "又有其中单个年份的数",
        ),
        ("361027,2022,area,forest,1,km2,s\n", "no figures of the years of 2016-2020", "没有给出 2016-2020 各年的数"),
        (
            OF_YEARS + "361027,2017,soil_retention,,不适用,,s\n",
            "is said not to apply, but not for 2016, 2018, 2019, 2020",
            "年没有填",
        ),
    ],
)
def test_every_year_of_a_period_is_needed(tmp_path: Path, rows: str, english: str, chinese: str) -> None:
    inputs = read_inputs([write(tmp_path, rows)])
    with pytest.raises(Problems) as error:
        fold_years(inputs, make_period(2016, 2020), price_year=2020)
    assert any(english in str(one.found) for one in error.value.problems)
    assert any(chinese in say_in(one.found, "zh") for one in error.value.problems)


def test_a_workbook_is_of_a_period_and_has_a_sheet_of_months(gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    gep("new", "361027", "2016-2020", "-o", str(path))
    book = openpyxl.load_workbook(path)
    cover = book.worksheets[0]
    labels = {cell.value: cell for row in cover.iter_rows() for cell in row if cell.value}
    assert cover.cell(labels["核算年份"].row, labels["核算年份"].column + 1).value == "2016-2020年均"
    label = next(cell for text, cell in labels.items() if str(text).startswith("不变价年份"))
    cover.cell(label.row, label.column + 1).value = 2020
    sheet = book.create_sheet("各月")
    sheet.append(["编号", "单位", *(f"{at}月" for at in range(1, 13)), "数据来源"])
    sheet.append(["precipitation", "mm", *[135] * 12, "气象站"])
    beside = book.create_sheet("逐月")
    beside.append(["编号", "月份", "数值", "单位", "数据来源"])
    for at in range(1, 13):
        beside.append(["evapotranspiration", at, 75, "mm", "气象站"])
    book.save(path)
    inputs = read_inputs([path])
    found = {str(one["variable"]): one for one in inputs.rows.to_dict("records")}
    assert (found["precipitation"]["value"], found["evapotranspiration"]["value"]) == (1620, 900)
    assert "各月!C2…N2" in found["precipitation"]["note"]
    assert int(inputs.accounts["year"].iloc[0]) == int(make_period(2016, 2020))
    sheet["F2"].value = None
    beside["C1"].value = "一"
    book.save(path)
    with pytest.raises(Problems) as error:
        read_inputs([path])
    assert any("lacks the months 4" in str(one.found) for one in error.value.problems)
