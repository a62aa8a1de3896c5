"""Two lines of one formula under two names: each counts its own types or pollutants; what is counted twice is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gep.tasks.compute import compute, read_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
FIGURES = HEAD + (
    "361027,2022,area,bamboo_forest,,,100,ha,x,\n"
    "361027,2022,area,mixed_forest,,,200,ha,x,\n"
    "361027,2022,growth,bamboo_forest,,,3,t/ha/yr,x,\n"
    "361027,2022,growth,mixed_forest,,,5,t/ha/yr,x,\n"
    "361027,2022,removed,,COD,,70,t,x,\n"
    "361027,2022,removed,,NH3N,,8,t,x,\n"
)
STANDARD = """id: twice
title: {zh: 分项, en: Lines}
source: as-entered
mark: V
classes: [bamboo_forest/毛竹]
variables:
  growth: {title: {zh: 净增量, en: Growth}, unit: t/ha/yr, axes: [ecosystem], department: 林业局}
  removed: {title: {zh: 净化量, en: Removed}, unit: t/yr, axes: [pollutant], department: 生态环境局, extent: true}
coefficients:
  p_a: {title: {zh: 甲价, en: Price A}, unit: CNY/t, values: [{value: 700, unit: CNY_2022/t, source: 县发, mark: V}]}
  p_b: {title: {zh: 乙价, en: Price B}, unit: CNY/t, values: [{value: 875, unit: CNY_2022/t, source: 县发, mark: V}]}
rules:
  carbon_sequestration.fixed: {title: {zh: 固碳量, en: Carbon fixed}, formula: area * growth, unit: t/yr}
services:
  carbon_sequestration: {mark: V, lines: [carbon_sequestration.one, carbon_sequestration.two]}
  water_purification: {mark: V, lines: [water_purification.cod, water_purification.nh], pollutants: [COD, NH3N]}
lines:
  carbon_sequestration.one: {title: {zh: 竹林固碳, en: Bamboo}, quantity: carbon_sequestration.fixed, price: p_a, ecosystems: [bamboo_forest]}
  carbon_sequestration.two: {title: {zh: 森林固碳, en: Woods}, quantity: carbon_sequestration.fixed, price: p_a, ecosystems: [mixed_forest]}
  water_purification.cod: {title: {zh: 净化COD, en: COD}, quantity: removed, price: p_a, pollutants: [COD]}
  water_purification.nh: {title: {zh: 净化氨氮, en: Ammonia}, quantity: removed, price: p_b, pollutants: [NH3N]}
"""


def test_each_line_counts_its_own(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(FIGURES, "utf-8")
    (tmp_path / "s.yaml").write_text(STANDARD, "utf-8")
    account = compute(read_inputs([tmp_path / "f.csv"], str(tmp_path / "s.yaml")), str(tmp_path / "s.yaml"))
    rows = account.lines[["line", "pollutant", "quantity", "value"]].to_numpy().tolist()
    assert rows == [
        ["water_purification.cod", "COD", 70.0, 49_000.0],
        ["water_purification.nh", "NH3N", 8.0, 7_000.0],
        ["carbon_sequestration.one", "", 300.0, 210_000.0],
        ["carbon_sequestration.two", "", 1000.0, 700_000.0],
    ]
    assert account.totals[account.totals["category"] == "gep"]["value"].iloc[0] == 966_000
    assert not account.unread


TWICE = {
    ("ecosystems: [mixed_forest]", "ecosystems: [bamboo_forest]"): "carbon_sequestration counts one thing twice",
    ("ecosystems: [mixed_forest]", "ecosystems: [forest]"): "carbon_sequestration counts one thing twice",
    ("ecosystems: [mixed_forest]", "ecosystems: [bamboo_forest/毛竹]"): "carbon_sequestration counts one thing twice",
    (", ecosystems: [mixed_forest]", ""): "carbon_sequestration counts one thing twice",
    ("price: p_a, ecosystems: [mixed_forest]", "price: p_b, ecosystems: [forest]"): "besides: [carbon_sequestration.one]",
    (
        "quantity: carbon_sequestration.fixed, price: p_a, ecosystems: [mixed",
        "quantity: area * growth, unit: t/yr, price: p_a, ecosystems: [bamboo",
    ): "counts one thing twice",
    ("pollutants: [NH3N]}\n", "pollutants: [COD]}\n"): "water_purification counts one thing twice",
    ("pollutants: [NH3N]}\n", "pollutants: [lead]}\n"): "a pollutant is 'lead'",
    ("pollutants: [NH3N]}\n", "ecosystems: [forest]}\n"): "does not vary over ecosystem",
    (
        "pollutants: [NH3N]}\n",
        "pollutants: [NH3N], besides: [water_purification.x]}\n",
    ): "counts besides 'water_purification.x', which does not count",
}


@pytest.mark.parametrize("changed", TWICE)
def test_what_overlaps_is_refused(gep: Program, tmp_path: Path, changed: tuple[str, str]) -> None:
    assert STANDARD.count(changed[0]) == 1
    (tmp_path / "s.yaml").write_text(STANDARD.replace(*changed), "utf-8")
    said = gep("standards", "check", str(tmp_path / "s.yaml"), code=2).stderr
    assert TWICE[changed] in said
    assert "1 problem" in said


def test_an_own_line_of_what_a_line_of_the_program_counts_is_refused(gep: Program, tmp_path: Path) -> None:
    text = STANDARD.replace(
        "lines: [carbon_sequestration.one, carbon_sequestration.two]", "variants: {carbon_sequestration.amount: stated}"
    )
    text = text.replace(
        "  carbon_sequestration.two:",
        "  carbon_sequestration.three: {title: {zh: 丙, en: C}, quantity: carbon_sequestration.amount, price: carbon_price, ecosystems: [forest]}\n  carbon_sequestration.two:",
    )
    (tmp_path / "s.yaml").write_text(text, "utf-8")
    said = gep("standards", "check", str(tmp_path / "s.yaml"), code=2).stderr
    assert "carbon_sequestration counts one thing twice: carbon_sequestration.amount and carbon_sequestration.three" in said


def test_one_flow_in_two_respects_counts_twice_where_the_line_says_so(tmp_path: Path) -> None:
    text = STANDARD.replace("price: p_a, ecosystems: [mixed_forest]", "price: p_b, besides: [carbon_sequestration.one]")
    (tmp_path / "f.csv").write_text(FIGURES, "utf-8")
    (tmp_path / "s.yaml").write_text(text, "utf-8")
    account = compute(read_inputs([tmp_path / "f.csv"], str(tmp_path / "s.yaml")), str(tmp_path / "s.yaml"))
    values = account.lines.set_index("line")["value"]
    assert values["carbon_sequestration.two"] == 1300 * 875
    assert values["carbon_sequestration.one"] == 300 * 700


@pytest.mark.parametrize(
    "line",
    [
        "value: removed * p_a",
        "value: p_a * removed",
        "quantity: removed * 1, unit: t/yr, price: p_a",
        "quantity: 'removed * number(100, \"%\")', unit: t/yr, price: p_a",
        "value: 'removed * p_a * p_b / p_b'",
        "quantity: removed, value: p_a * removed",
    ],
)
def test_one_thing_written_in_another_way_is_one_thing(line: str, gep: Program, tmp_path: Path) -> None:
    other = "quantity: removed, price: p_b, pollutants: [NH3N]"
    (tmp_path / "s.yaml").write_text(STANDARD.replace(other, f"{line}, pollutants: [COD]"), "utf-8")
    said = gep("standards", "check", str(tmp_path / "s.yaml"), code=2).stderr
    assert "counts one thing twice: water_purification.cod and water_purification.nh" in said
    (tmp_path / "s.yaml").write_text(STANDARD.replace(other, f"{line}, pollutants: [NH3N]"), "utf-8")
    gep("standards", "check", str(tmp_path / "s.yaml"))


def test_a_class_that_bears_the_name_of_a_type_is_refused(gep: Program, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(STANDARD.replace("bamboo_forest/毛竹", "forest/mixed_forest"), "utf-8")
    assert "'forest/mixed_forest' bears the name of a type" in gep("standards", "check", str(tmp_path / "s.yaml"), code=2).stderr
