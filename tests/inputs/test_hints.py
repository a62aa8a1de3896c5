"""Every hint is tried to its end: the refused input, what the hint says, and the input repaired by it, which passes.

Hints that name what to write are followed by the test itself, cell by cell; the others stand in a table with the repair that
somebody makes who reads them. A refusal with a hint that is in neither fails.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from conftest import ROOT

from gep.inputs.read import gather
from gep.messages.problems import Problem
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE

COLUMNS = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
BASE = {"county": "360725", "year": "2022", "source": "s"}
ROWS = {
    "rain": {"variable": "precipitation", "value": "1600", "unit": "mm"},
    "gdp": {"variable": "gdp", "value": "5", "unit": "亿元"},
    "area": {"variable": "area", "ecosystem": "forest", "value": "5", "unit": "km2"},
    "crop": {"variable": "agricultural_output", "product": "稻谷", "value": "5", "unit": "t"},
    "air": {"variable": "air_emission", "pollutant": "SO2", "value": "5", "unit": "t"},
    "share": {"variable": "runoff_coefficient", "ecosystem": "forest", "value": "4", "unit": "%"},
}
WRITE_AND_PUT = re.compile(r"write (\S+) and put (\S+) (in|before the unit in) the column unit")
WRITE = re.compile(r"(?:write|did you mean) (\S+?)(?:\?|,? (?:if|or|without)\b.*|)$")
OR = re.compile(r"write (\S+), or (\S+) if the comma is the decimal mark")
SINCE = re.compile(r"\S+ \S+ is (\S+) \S+ since \d+")

NUMBERS = '1,234.5|1 600|1600mm|1600毫米|1，600|0,856|1.234,5|5*|1600[1]|５|"5"|\'1600|=1600|1600\u200b|1600\u00a0|1’600|1600 mm'
OTHERS = "约100|100-200|<5|1,600,5|10^4|1..6|(5)|5①|½|1/2|无|-|/|N/A|0x10|1_000|￥5|5元|#DIV/0!|=1+1|12%|1.2亿|3万|1.6千|١٢|1e400|1600±5|NaN"
"""Values of rain for which no hint may name a number or unit that would be refused next."""
CELLS = [
    *(("rain", "value", text) for text in (NUMBERS + "|" + OTHERS).split("|")),
    *(("gdp", "value", text) for text in ["1.2亿", "5万", "500000元", "5亿元", "12%", "3千", "1.2 亿", "500千元", "5亿"]),
    *(("share", "value", text) for text in ["3.52%", "12 %", "5‰"]),
    *(("crop", "value", text) for text in ["5万", "5吨", "5 kg", "5亩", "5亿斤", "2元"]),
    *(
        ("rain", "county", text)
        for text in [
            "360799",
            "崇义",
            "崇义县城",
            "崇義县",
            "3607250",
            "36072",
            "360725000000",
            "南康市",
            "龙南县",
            "Chongyi County",
            "360782",
            "360725.0",
            "3６0725",
            "朝阳区",
            "长安区",
            "鼓楼区",
            "市辖区",
            "110228",
            "999999",
            "0",
        ]
    ),
    *(
        ("rain", "year", text)
        for text in ["2022.0", "2022年", "２０２２", "2022年度", "2022-12-31", "'2022", "22", "1922", "2022-2023", "二〇二二"]
    ),
    *(
        ("rain", "variable", text)
        for text in [
            "precipitaton",
            "降水量",
            "年降水量",
            "降雨量",
            "Precipitation",
            "pre cipitation",
            "precip",
            "面积",
            "雨量",
            "rainfall",
        ]
    ),
    *(("gdp", "variable", text) for text in ["GDP", "gdp_", "地区生产总值", "国内生产总值"]),
    *(("crop", "variable", text) for text in ["agricultural_outputs", "agricultural output", "农产品产量"]),
    *(
        ("area", "ecosystem", text)
        for text in ["forrest", "森林", "Forest", "林地", "阔叶林", "水田", "耕地", "湿 地", "灌木林", "竹林", "unknown", "城镇"]
    ),
    *(("air", "pollutant", text) for text in ["so2", "SO3", "二氧化硫", "NOX", "氮氧化物", "PM2,5", "烟粉尘"]),
    *(("crop", "product", text) for text in ["稻谷①", "一、稻谷", "（二）玉米", "3.大豆", "茶叶*", "水果[1]", "油料（注2）"]),
]


def problems_of(text: str, folder: Path) -> list[Problem]:
    path = folder / "inputs.csv"
    path.write_text(text, "utf-8")
    return sorted(set(gather([path], COEFFICIENTS, APPLICABLE)[1]))


def problems_of_row(row: dict[str, str], folder: Path) -> list[Problem]:
    path = folder / "inputs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow({name: row.get(name, "") for name in COLUMNS})
    return sorted(set(gather([path], COEFFICIENTS, APPLICABLE)[1]))


def follow(hint: str, row: dict[str, str], column: str) -> list[dict[str, str]]:
    """The rows that a hint may mean; none where it names nothing to write."""
    if found := WRITE_AND_PUT.fullmatch(hint):
        before = row["unit"] if found[3] != "in" else ""
        return [{**row, "value": found[1], "unit": found[2] + before}]
    if found := OR.fullmatch(hint):
        return [{**row, column: text} for text in found.groups()]
    if hint.startswith("near it: "):
        return [{**row, column: part.split()[0]} for part in hint.removeprefix("near it: ").split(", ")]
    if (found := SINCE.fullmatch(hint)) or ((found := WRITE.fullmatch(hint)) and not hint.startswith("write one number")):
        return [{**row, column: found[1]}]
    return []


@pytest.mark.parametrize(("kind", "column", "text"), CELLS)
def test_what_a_hint_says_to_write_is_accepted(kind: str, column: str, text: str, tmp_path: Path) -> None:
    row = {**BASE, **ROWS[kind], column: text}
    for problem in problems_of_row(row, tmp_path):
        for repaired in follow(problem.hint, row, column):
            assert not problems_of_row(repaired, tmp_path), f"{problem.found}: {problem.hint}"


def test_hints_name_what_to_write_where_it_can_be_known(tmp_path: Path) -> None:
    for text in NUMBERS.split("|"):
        row = {**BASE, **ROWS["rain"], "value": text}
        found = problems_of_row(row, tmp_path)
        assert not found or follow(found[0].hint, row, "value"), text


@pytest.mark.parametrize("text", ["一万二千", "壹万贰仟元整", "八十八", "\u202e00021"])
def test_a_number_in_words_or_turned_round_is_to_be_written_in_digits(text: str, tmp_path: Path) -> None:
    found = problems_of_row({**BASE, **ROWS["rain"], "value": text}, tmp_path)
    assert [one.hint for one in found] == ["write one number in plain digits, with a point before its decimals and nothing else"]


LAND = "360725,2022,land_area,,,,100,km2,自然资源局,\n360725,2022,area,forest,,,60,km2,自然资源局,\n360725,2022,area,cropland,,,30,km2,自然资源局,\n"
REPAIRS: dict[str, list[tuple[str, str]]] = {
    "areas_do_not_add_up": [(LAND, LAND + "360725,2022,area,unclassified,,,10,km2,自然资源局,\n")],
    "broken_bytes": [("统计\ufffd@局", "统计局")],
    "cannot_be_inapplicable": [("360725,2022,precipitation,,,,不适用,,气象局,\n", "360725,2022,gdp,,,,1,亿元,统计局,\n")],
    "duplicated_row": [("360725,2022,area,forest,,,60,km2,林业局,\n", "")],
    "exported_by_a_spreadsheet": [
        ("360725.0", "360725"),
        ("'360725", "360725"),
        ("崇义县", "360725"),
        ("2022.0", "2022"),
        ("２０２２", "2022"),
        ("2022年", "2022"),
    ],
    "line_after_a_quoted_newline": [("360725,2022\n", ""), (",x,", ",1,")],
    "marks_that_are_no_digits": [
        ("212500①", "2125"),
        ("10⁴", "1000"),
        ("½", "0.5"),
        ('"0,856"', "0.856e9"),
        ("１２５００", "12500"),
        ("202²", "2022"),
    ],
    "missing_column": [("unit\n", "unit,source\n"), ("mm\n", "mm,s\n")],
    "moisture_in_percent_without_its_sign": [("60,1,", "60,%,"), ("35,1,", "35,%,")],
    "names_instead_of_ids": [("年降水量", "precipitation"), ("森林", "forest"), ("so2", "SO2")],
    "nan_and_inf": [("360725,2022,precipitation,,,,NaN,mm,气象局,\n", ""), ("inf", "900"), ("1e400", "1e2")],
    "nitrogen_without_its_unit": [("1.53,1,", "1.53,g/kg,")],
    "not_a_number": [
        ('"1,234.5"', "1234.5"),
        ("360725,2022,evapotranspiration,,,,-,mm,气象局,\n", ""),
        ("约100", "100"),
        ("１２３", "123"),
        ("360725,2022,land_area,,,,,km2,自然资源局,", ""),
    ],
    "numbers_of_offices": [
        ('"1600,5"', "1600.5"),
        ('"1,600.5"', "1600.5"),
        ("4.65%,", "4.65,%"),
        ("1.2亿,元", "1.2,亿元"),
        ("−5", "-5"),
    ],
    "one_product_spelled_twice": [
        ("360725,2022,agricultural_output,,,稻 谷,12,t,统计局,\n", ""),
        ("360725,2022,agricultural_output,,,ｔｅａ,1,t,统计局,", ""),
    ],
    "no_unit": [("1700,,气象局", "1700,mm,气象局"), ("precipitation,forest,,,1700,毫", "precipitation,forest,,,1700,mm")],
    "unit_of_another_dimension": [
        ("1700,km2", "1700,mm"),
        ("CNY_2022/t,", "CNY_2022/t_CO2,"),
        ("t C", "t_CO2"),
        ("95,mm", "95,m3"),
    ],
    "unit_that_is_a_tower_of_powers": [("mm*9**9**9**9", "mm")],
    "percent_as_fraction": [("3.52,1,", "3.52,%,")],
    "semicolons": [("1,600", "1600")],
    "soil_erodibility_in_us_units": [("0.28", "0.036876")],
    "too_many_cells": [(",1,700,mm,气象局,,x", ',"1700",mm,气象局,x')],
    "unknown_column": [("remark", "note")],
    "unknown_county": [("360799", "360729"), ("崇义县城", "360725")],
    "unknown_member": [
        ("forrest", "forest"),
        ("SO3", "SO2"),
        ("gdp,forest", "gdp,"),
        ("360725,2022,area,,,,60,km2,自然资源局,", "360725,2022,area,cropland,,,60,km2,自然资源局,"),
    ],
    "unknown_variable": [("precipitaton", "precipitation")],
    "year_out_of_range": [("360725,1922,precipitation,,,,1700,mm,气象局,\n", ""), ("2022年", "2022")],
    "products_of_yearbooks": [
        ("360725,2022,agricultural_product_value,,,稻谷①,100,万元,年鉴,\n", ""),  # write 稻谷, which stands there: one of the two
        ("360725,2022,agricultural_product_value,,,一、稻谷,100,万元,年鉴,\n", ""),
        ("（二）玉米", "玉米"),
        ("3.大豆", "大豆"),
        ("茶叶*", "茶叶"),
        ("水果[1]", "水果"),
        ("油料（注2）", "油料"),
        ("360725,2022,livestock_product_value,,,肉类合计,300,万元,年鉴,\n", ""),
        ("其中：牛肉", "牛肉"),
    ],
}
"""Folder of tests/wrong → what its hints say, as changes of its text: every one of the hints is followed."""
WHOLES = {"products_of_yearbooks"}
"""Where "keep the parts if they are complete, else the whole" is followed by leaving the wholes out."""


def test_every_refusal_with_a_hint_has_its_repair() -> None:
    hinted = {
        path.parent.name for path in (ROOT / "tests" / "wrong").glob("*/message.txt") if "  hint " in path.read_text("utf-8")
    }
    assert set(REPAIRS) == hinted


@pytest.mark.parametrize("name", sorted(REPAIRS))
def test_what_the_hints_say_repairs_the_file(name: str, tmp_path: Path) -> None:
    path = ROOT / "tests" / "wrong" / name / "inputs.csv"
    assert gather([path], COEFFICIENTS, APPLICABLE)[1]
    text = path.read_text("utf-8", errors="replace")
    for old, new in REPAIRS[name]:
        assert old in text, old
        text = text.replace(old, new)
    if name in WHOLES:
        wholes = {int(one.line) for one in problems_of(text, tmp_path) if "keep the parts" in one.hint}
        assert wholes
        text = "".join(line for at, line in enumerate(text.splitlines(keepends=True), 1) if at not in wholes)
    assert problems_of(text, tmp_path) == []
