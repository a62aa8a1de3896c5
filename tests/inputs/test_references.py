"""Reference values of a county: offered beside the cell, taken over only where somebody writes 参考, and shown as such from there on."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from conftest import Program
from openpyxl import load_workbook

from gep.paths import LISTS
from gep.reference.county_references import find_county_reference
from gep.reference.regions import read_regions
from gep.variables.catalogue import VARIABLES

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
ROWS = "361027,2022,land_area,,,,参考,,,\n361027,2022,area,shrub,,,1356.63,km2,调查,\n361027,2022,precipitation,,,,{rain},mm,,\n"


def read(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((LISTS / name).read_text("utf-8").splitlines()))


def test_nothing_is_filled_in_by_itself_and_the_word_takes_it_over(gep: Program, tmp_path: Path) -> None:
    table, store = tmp_path / "in.csv", str(tmp_path / "a.duckdb")
    table.write_text(HEAD + ROWS.replace("361027,2022,precipitation,,,,{rain},mm,,\n", ""), "utf-8")
    offered = gep("check", str(table), "--lang", "zh").stdout.replace("\n", "").replace(" ", "")
    assert "参考值1747.3mm（itu-r-p837，多年平均，[D]" in offered
    assert "要采用，在数值处填“参考”" in offered
    assert "参考值1356.63" not in offered, "what is given needs no offer"
    table.write_text(HEAD + ROWS.format(rain="参考"), "utf-8")
    said = gep("run", str(table), "--store", store, "--lang", "zh").stdout.replace("\n", "").replace(" ", "")
    assert "2个数是参考值，不是本县填报：行政区域土地面积、年降水量" in said
    traced = gep("trace", "361027", "2022", "water_conservation", "--store", store, "--lang", "zh").stdout
    assert "参考:itu-r-p837,多年平均 [D]" in traced
    assert "1,747.3" in traced


def test_there_is_no_reference_value_of_everything(gep: Program, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text(HEAD + "361027,2022,hot_days,,,,reference,,,\n330122,2022,land_area,,,,参考,km2,,\n", "utf-8")
    said = gep("check", str(table), "--lang", "en", code=2).stdout.replace("\n", " ").replace("  ", "")
    assert "no reference value of hot_days for 361027" in said
    assert "unit of hot_days" not in said
    chinese = gep("check", str(table), "--lang", "zh", code=2).stdout
    assert "金溪县（361027）没有空调开放天数（hot_days）的参考值" in "".join(chinese.split())
    assert "there is no reference value of land_area for 330122" in said


def test_a_workbook_offers_them_and_takes_them_over(gep: Program, tmp_path: Path) -> None:
    book, store = tmp_path / "a.xlsx", str(tmp_path / "a.duckdb")
    gep("new", "361027", "2022", "--output", str(book))
    opened = load_workbook(book)
    cells = [cell for sheet in opened for row in sheet.iter_rows() for cell in row if cell.comment]
    offered = [(cell, str(getattr(cell.comment, "text", ""))) for cell in cells]
    assert {cell.parent.title for cell, _ in offered} == {"自然资源局", "气象局"}
    assert all("要采用，在此填“参考”" in text and cell.value is None for cell, text in offered)
    next(cell for cell, text in offered if "1747.3" in text).value = "参考"
    opened.save(book)
    said = gep("run", str(book), "--store", store, "--lang", "zh").stdout.replace("\n", "").replace(" ", "")
    assert "1个数是参考值，不是本县填报：年降水量" in said


@pytest.mark.parametrize("row", read("county_references.csv")[::37], ids=lambda row: f"{row['county']} {row['variable']}")
def test_a_listed_figure_is_one_of_a_variable_and_a_county(row: dict[str, str]) -> None:
    assert row["variable"] in VARIABLES
    assert row["county"] in read_regions()
    assert row["mark"] == "D"


def test_sums_and_formulas_of_the_list_hold() -> None:
    months = {
        (row["county"], row["quantity"]): [float(row[str(month)]) for month in range(1, 13)] for row in read("county_normals.csv")
    }
    days = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    listed = {(row["county"], row["variable"]): float(row["value"]) for row in read("county_references.csv")}
    counties = {county for county, _ in listed}
    assert len(counties) == 100
    for county in counties:
        rain = listed[county, "precipitation"]
        assert sum(months[county, "precipitation"]) == pytest.approx(rain, abs=0.7)
        warmth = sum(month * length for month, length in zip(months[county, "air_temperature_2m"], days, strict=True)) / sum(days)
        limit = 300 + 25 * warmth + 0.05 * warmth**3
        assert rain / math.sqrt(0.9 + (rain / limit) ** 2) == pytest.approx(listed[county, "evapotranspiration"], abs=1)


def test_a_month_is_found_by_its_number() -> None:
    found = find_county_reference("361027", "month_temperature", ("7月",))
    assert found is not None
    assert 25 < float(found.value) < 32
    assert find_county_reference("361027", "month_temperature", ("13",)) is None
