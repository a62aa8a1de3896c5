"""Findings that say the same are one line with their places; what a service that does not apply would need is not asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from conftest import Program
from openpyxl import load_workbook
from workbooks import FIRST, TITLE, fill

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("lang", "said"), [("en", "(4 in all)"), ("zh", "（共 4 处）")])
def test_findings_that_say_the_same_are_one_line_with_their_places(lang: str, said: str, gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    gep("new", "崇义县", "2023", "-o", str(path))
    cells = fill(path, path, {("livestock_output", name): (500, "吨") for name in ("猪肉", "牛肉", "羊肉", "禽肉")}, 2019)
    done = " ".join(gep("check", str(path), "--store", gep.store, "--lang", lang).stdout.split())
    assert done.replace(" ", "").count("2019年统计台账") == 1
    assert said in done
    assert all(cell in done.replace(" ", "") for cell in cells.values())
    as_json = json.loads(gep("check", str(path), "--store", gep.store, "--format", "json").stdout)
    assert sum("2019" in one["found"] for one in as_json["findings"]) == 4


def test_what_only_a_service_that_does_not_apply_needs_is_not_asked_for(gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    gep("new", "崇义县", "2023", "-o", str(path))
    asked = gep("check", str(path), "--store", gep.store).stdout
    assert "wind_weather_factor" in asked
    book = load_workbook(path)
    for column, text in {TITLE: "防风固沙", 3: "不适用", 5: "无沙化土地"}.items():
        book["适用性"].cell(FIRST, column).value = text
    book.save(path)
    assert "wind_weather_factor" not in gep("check", str(path), "--store", gep.store).stdout


def test_figures_of_services_that_do_not_apply_are_not_doubted(gep: Program, tmp_path: Path) -> None:
    """Sources and bands of what only such a service asks for: said without the statement, not with it, nor kept for review."""
    path = tmp_path / "a.xlsx"
    gep("new", "崇义县", "2023", "-o", str(path))
    fill(path, path, {("livestock_output", "猪肉"): (500, "吨")}, 2019)
    assert "2019" in gep("check", str(path), "--store", gep.store).stdout
    book = load_workbook(path)
    for column, text in {TITLE: "畜牧业产品", 3: "不适用", 5: "无养殖"}.items():
        book["适用性"].cell(FIRST, column).value = text
    book.save(path)
    assert "2019" not in gep("check", str(path), "--store", gep.store).stdout

    head = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
    figures = "360725,2023,rainfall_erosivity,,,,30,MJ*mm/ha/h,s,\n360725,2023,gdp,,,,90,亿元,s,\n"
    table = tmp_path / "a.csv"

    def list_bands(text: str) -> list[str]:
        table.write_text(head + text, "utf-8")
        found = json.loads(gep("check", str(table), "--format", "json").stdout)["findings"]
        return [one["found"] for one in found if one["code"] == "band"]

    assert len(list_bands(figures)) == 1
    assert not list_bands(figures + "360725,2023,soil_retention,,,,不适用,,水利局,无\n")
    gep("run", str(table), "--store", gep.store)
    assert (
        "erosivity"
        not in gep("review", "360725", "2023", "--store", gep.store, "--lang", "en").stdout.lower().split("6 services")[0]
    )
