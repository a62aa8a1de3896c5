"""A whole under a name that no list has is told by its figure: the sum of what stands beside it; places have classes by their names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Program

HEADER = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
COUNTIES = ("361027", "361002", "360423", "360725", "361130")


def write(folder: Path, *accounts: tuple[str, Mapping[str, object], str]) -> str:
    """Write one account a county: variable and unit, figures by item, the note of the first."""
    rows = []
    for county, (variable, items, note) in zip(COUNTIES, accounts, strict=False):
        name, unit = variable.split()
        rows += [
            f"{county},2022,{name},,,{item},{value},{unit},年鉴,{note if at == 0 else ''}\n"
            for at, (item, value) in enumerate(items.items())
        ]
    path = folder / "in.csv"
    path.write_text(HEADER + "".join(rows), "utf-8")
    return str(path)


CROPS, ROADS, HOURS = "agricultural_product_value 万元", "green_belt_length km", "recreation_hours h"


def test_a_figure_that_is_the_sum_of_others_is_refused_and_its_repairs_pass(gep: Program, tmp_path: Path) -> None:
    named = {"山区特产": 201, "岩耳": 100, "葛根": 101}
    some = {"大米": 55, "山区特产": "201.5", "岩耳": "100.25", "葛根": "101.25", "莼菜": 7}
    before = {"大米": 55, "岩耳": "100.25", "葛根": "101.25", "野菜": "201.5"}
    visitors = {"周边客源": 3210, "浙江省": 1210, "福建省": 2000}
    path = write(
        tmp_path,
        (CROPS, named, ""),
        (CROPS, some, ""),
        (CROPS, before, ""),
        ("visitors 人次", visitors, ""),
        (HOURS, {"环湖": "12.5", "东段": "6.25", "西段": "6.25"}, "非合计"),
    )
    problems = json.loads(gep("run", path, "--store", gep.store, "--format", "json", code=2).stderr)["problems"]
    assert [(one["line"], one["found"].partition(" is exactly")[0]) for one in problems] == [
        (2, "agricultural_product_value 山区特产"),
        (6, "agricultural_product_value 山区特产"),
        (13, "agricultural_product_value 野菜"),
        (14, "visitors 周边客源"),
    ]
    assert {one["hint_zh"] for one in problems} == {"去掉合计或其分项；确不是合计的，在备注写“非合计”"}
    path = write(
        tmp_path,
        (CROPS, named, "经核实，非合计"),
        (CROPS, {name: value for name, value in some.items() if name != "山区特产"}, ""),
        (CROPS, {name: value for name, value in before.items() if name not in {"岩耳", "葛根"}}, ""),
        ("visitors 人次", visitors, "not a total"),
    )
    gep("run", path, "--store", gep.store)


def test_sums_by_chance_of_few_digits_and_sums_across_variables_are_none(gep: Program, tmp_path: Path) -> None:
    small = {"国道": 3, "省道": 2, "县道": 1}
    across = {"稻谷": 300, "油菜籽": "120.5", "茶叶": "179.4"}
    some = {"大米": 55, "山药": 201, "岩耳": 100, "葛根": 101}
    gep("run", write(tmp_path, (ROADS, small, ""), (CROPS, across, ""), (CROPS, some, "")), "--store", gep.store)


@pytest.mark.parametrize("more", [0, 40])
def test_classes_of_places_hold_what_is_named_after_them(more: int, gep: Program, tmp_path: Path) -> None:
    price = f"{{}},2022,{{}},,,,1,{{}},{'公报'},\n"
    path = write(
        tmp_path,
        (HOURS, {"公园": 250 + more, "森林公园": 100, "湿地公园": 150}, ""),
        (HOURS, {"全部公园": 250 + more, "中山园": 100, "人民园": 150}, ""),
        (ROADS, {"公路总里程": 300 + more, "国道": 90, "G70福银高速": 100, "农村公路": 110, "县道": 110}, ""),
        (ROADS, {"城市道路": 250 + more, "主干道": 100, "滨江大道": 150}, ""),
        (ROADS, {"全县道路": 250 + more, "国道": 250, "G206": 100, "G316": 150}, ""),
    )
    with Path(path).open("a", encoding="utf-8") as file:
        file.writelines(price.format(county, "recreation_hour_value", "CNY_2022/h") for county in COUNTIES[:2])
        file.writelines(
            price.format(county, "sound_barrier_cost", "CNY_2022/km") + price.format(county, "sound_barrier_life", "yr")
            for county in COUNTIES[2:]
        )
    done = gep("run", path, "--store", gep.store, "--format", "json", code=2 if more else 0)
    if more:
        assert [one["line"] for one in json.loads(done.stderr)["problems"]] == [2, 5, 8, 13, 16]
        return
    asked = "SELECT county, value FROM gep_service WHERE service IN ('leisure_recreation', 'noise_reduction') AND value > 0"
    found = json.loads(gep("query", asked, "--store", gep.store, "--format", "json").stdout)
    assert {one["county"]: one["value"] for one in found} == dict(zip(COUNTIES, (250, 250, 300, 250, 250), strict=True))


def test_a_whole_and_its_parts_in_traditional_characters(gep: Program, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        (CROPS, {"蔬菜": 571, "蘿蔔": 300}, ""),
        ("livestock_product_value 万元", {"肉類": 571, "豬肉": 300}, ""),
        ("visitors 人次", {"廣東省": 571, "广州市": 300}, ""),
        ("fishery_product_value 万元", {"草魚": 57, "草鱼": 31}, ""),
    )
    problems = json.loads(gep("run", path, "--store", gep.store, "--format", "json", code=2).stderr)["problems"]
    assert [one["line"] for one in problems] == [2, 4, 6, 9]
