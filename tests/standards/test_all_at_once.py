"""Every mistake of a standard is told at once, also where its head or what it extends is wrong, and nothing that only follows from another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

LAKE = """id: Lake County
title: {zh: 湖区标准}
source: nowhere
mark: Z
classes: [swamp/小湖]
variables:
  water_level: {title: {zh: 水位, en: Level}, unit: metre2x, department: 水利局}
coefficients:
  fish_price:
    title: {zh: 鱼价, en: Fish price}
    unit: CNY/kg
    values: [{value: abc, unit: CNY_2020/kg, source: 表1, mark: V}]
rules:
  other_regulating.stuff: {title: {zh: 某, en: Stuff}, formula: water_level * fish_price, unit: CNY/yr}
  other_regulating.bad: {title: {zh: 坏, en: Bad}, formula: area + + ), unit: m}
lines:
  other_regulating.a: {title: {zh: 甲, en: A}, quantity: area, price: fish_price}
services:
  other_regulating: {mark: V, color: red}
  flood_regulation: {mark: V}
values:
  carbon_price: [{value: -5, unit: CNY_2022/t_CO2, source: 表1, mark: V}]
roll_up:
  one: {title: {zh: 一, en: One}, services: [other_regulating, nix], mark: V}
  two: {title: {zh: 二, en: Two}, services: [other_regulating], mark: V}
price_index: gdp
"""
TOLD = {
    1: "id 为 'Lake County'",
    2: "缺少 title.en",
    3: "source 为 'nowhere'",
    4: "mark 为 'Z'",
    5: "“swamp/小湖”没有已知的上级地类",
    7: "water_level的单位为“metre2x”",
    12: "value 为 'abc'",
    15: "不是公式",
    19: "此处不应有 services.other_regulating.color",
    20: "服务为“flood_regulation”",
    22: "carbon_price 为 -5 CNY/t_CO2",
    24: "服务为“nix”",
    25: "other_regulating 同时列入指标 one 和 two",
    26: "price_index 为“gdp”",
}


def _check(gep: Program, path: Path, text: str) -> tuple[list[tuple[int, str]], str]:
    """Write a standard and return the line and the sentence of each mistake, and all that was said."""
    path.write_text(text, "utf-8")
    said = gep("standards", "check", str(path), "--lang", "zh", code=2).stderr
    return [(int(line), found) for line, found in re.findall(rf"^{re.escape(str(path))}:(\d+): (.*)$", said, re.MULTILINE)], said


def test_a_wrong_head_hides_no_other_mistake_and_nothing_is_told_twice(gep: Program, tmp_path: Path) -> None:
    told, said = _check(gep, tmp_path / "lake.yaml", LAKE)
    assert {line for line, _ in told} == set(TOLD)
    assert len(told) == len(TOLD)
    assert all(TOLD[line] in found for line, found in told)
    assert "应为  不小于 0" in said
    assert "None" not in said
    assert not re.search(r"\ba (service|coefficient|line|rule)\b", said)


def test_an_unknown_standard_to_extend_hides_no_mistake_of_ones_own(gep: Program, tmp_path: Path) -> None:
    head = "id: lake\ntitle: {zh: 湖区, en: Lake}\nsource: lake\nsources: {lake: {number: 1号}}\nmark: V\nextends: mee-2021\n"
    lines = "variables:\n  level: {title: {zh: 水位, en: Level}, unit: metre2x, department: 水利局}\nclasses: [湿地]\n"
    told, said = _check(gep, tmp_path / "own.yaml", head + lines)
    assert [line for line, _ in told] == [4, 6, 8, 9], said
    assert "是否为 mee-2020？" in said


def test_a_line_that_its_service_does_not_count_is_said(gep: Program, tmp_path: Path) -> None:
    head = "id: lake\ntitle: {zh: 湖区, en: Lake}\nsource: lake\nsources: {lake: {title: 湖区}}\nmark: V\n"
    lines = "".join(
        f"  other_regulating.{name}: {{title: {{zh: {name}, en: {name}}}, value: gdp * {share}}}\n"
        for name, share in (("a", 0.1), ("b", 0.2))
    )
    told, said = _check(
        gep,
        tmp_path / "own.yaml",
        f"{head}lines:\n{lines}services:\n  other_regulating: {{mark: V, lines: [other_regulating.a]}}\n",
    )
    assert told == [(8, "other_regulating.b 已声明，但所属服务的 lines 未列入")], said
    assert "lines: [other_regulating.a, other_regulating.b]" in said
