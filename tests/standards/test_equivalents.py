"""Equivalent factors are a method of their own whose totals are no GEP; lines below zero are told and never clipped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from gep.tasks.run import run_account

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
FIGURES = HEAD + "".join(
    f"360321,2022,{row},x,\n"
    for row in (
        "area,forest,,,100,ha",
        "area,paddy,,,50,ha",
        "value_equivalent,forest,,气候调节,6.5,1",
        "value_equivalent,forest,,水资源供给,0.34,1",
        "value_equivalent,paddy,,气候调节,0.57,1",
        "value_equivalent,paddy,,水资源供给,-2.63,1",
        "biomass_correction,,,,1,1",
        "regional_correction,,,,1.2,1",
        "grain_sown_area,,,稻谷,300,ha",
        "grain_sown_area,,,玉米,100,ha",
        "grain_net_profit,,,稻谷,3000,元_2022/公顷",
        "grain_net_profit,,,玉米,-200,元_2022/公顷",
    )
)


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    path = tmp_path / "figures.csv"
    path.write_text(FIGURES, "utf-8")
    return path


def test_a_factor_is_the_profit_of_grain_and_equivalents_multiply_it(figures: Path) -> None:
    account = run_account([figures], "equivalent-factors")
    factor = (300 * 3000 - 100 * 200) / 400
    lines = account.lines[~account.lines["detail"].astype(bool)].set_index("item")["value"]
    assert lines["气候调节"] == pytest.approx((100 * 6.5 + 50 * 0.57) * factor * 1.2)
    assert lines["水资源供给"] == pytest.approx((100 * 0.34 - 50 * 2.63) * factor * 1.2)
    total = account.totals.set_index("category")["value"]["gep"]
    assert total == pytest.approx(lines.sum())


def test_the_report_and_every_total_say_that_it_is_no_gep(gep: Program, figures: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "s.duckdb")
    said = gep("run", str(figures), "--standard", "equivalent-factors", "--store", store, "--lang", "en").stdout
    assert "value by equivalent factors (not GEP)" in said
    assert "\nGEP " not in said
    assert "the totals are values by equivalent factors, not GEP" in " ".join(said.split())
    asked = ("360321", "2022", "--standard", "equivalent-factors", "--store", store)
    for lang, name in (("zh", "当量因子法价值（非生态产品总值）"), ("en", "value by equivalent factors (not GEP)")):
        page = tmp_path / f"r.{lang}.html"
        gep("report", *asked, "-o", str(page), "--lang", lang)
        text = page.read_text("utf-8")
        assert name in text.partition("</title>")[0]
        assert text.count(name) > 3
    assert "V_eq = " in gep("trace", "360321", "2022", *asked[2:]).stdout


NOT_HEADED = re.compile(r"生态产品总值 GEP|(?<!not )(?<!与 )(?<!with )(?<![(（])\bGEP\b")


def test_no_command_calls_them_gep(gep: Program, figures: Path, tmp_path: Path) -> None:
    store, later = str(tmp_path / "s.duckdb"), tmp_path / "later.csv"
    text = FIGURES.replace(",2022,", ",2023,").replace("area,forest,,,100", "area,forest,,,200").replace("元_2022", "元_2023")
    later.write_text(text, "utf-8")
    both = (str(figures), str(later), "--standard", "equivalent-factors", "--store", store)
    of = ("--standard", "equivalent-factors", "--store", store)
    spreads = tmp_path / "spreads.csv"
    spreads.write_text("id,member,kind,low,high,sd,unit,source\narea,forest,normal,,,5,ha,县林业局\n", "utf-8")
    drawn = ("--spreads", str(spreads), "--draws", "200")
    scenario = tmp_path / "more.yaml"
    scenario.write_text(
        "title: 造林\nauthor: 县林业局\nbasis: 规划\nchanges:\n  - {from: paddy, to: forest, area: 10 hm2}\n", "utf-8"
    )
    commands = [
        ("run", *both),
        ("list", "--store", store),
        ("show", "CN", "2022", *of),
        ("rank", "CN", "2022", *of),
        ("neighbours", "360321", "2022", *of),
        ("compare", "360321", "2022", "2023", *of),
        ("history", "360321", "2022", *of),
        ("review", "360321", "2022", *of),
        ("uncertainty", "360321", "2022", *drawn, *of),
        ("uncertainty", "360321", "2023", "--against", "2022", *drawn, *of),
        ("uncertainty", "CN", "2022", *drawn, *of),
        ("scenario", "360321", "2022", str(scenario), "--reach", "181 万元", "--change", "1", *of),
        ("verify", str(tmp_path / "c.json")),
        ("diff", "1", "2", "--store", store),
    ]
    gep("run", *both)
    later.write_text(text.replace("area,forest,,,200", "area,forest,,,300"), "utf-8")
    gep("run", *both)
    gep("certificate", "360321", "2022", "-o", str(tmp_path / "c.json"), *of)
    for lang, name in (("zh", "当量"), ("en", "equivalent")):
        for command in commands:
            said = gep(*command, "--lang", lang).stdout
            assert name in said, command
            assert not NOT_HEADED.search(" ".join(said.split())), (command, said)


def test_gep_beside_them_is_not_marked(gep: Program, figures: Path, tmp_path: Path) -> None:
    store, other, standard = str(tmp_path / "s.duckdb"), tmp_path / "gep.csv", tmp_path / "own.yaml"
    other.write_text(HEAD + "360321,2022,climate_regulation_value,,,,6,万元,x,\n", "utf-8")
    own = "id: own\ntitle: {zh: 本县, en: Own}\nsource: as-entered\nmark: V\nservices: {climate_regulation: {mark: V, value: stated}}\n"
    standard.write_text(own, "utf-8")
    gep("run", str(figures), "--standard", "equivalent-factors", "--store", store)
    gep("run", str(other), "--standard", str(standard), "--store", store)
    said = gep("list", "--store", store, "--lang", "zh").stdout
    rows = [row.split() for row in said.splitlines()]
    assert rows[0][4] == "价值（亿元）"
    totals = {row[-4].partition("+")[0]: row[-3] for row in rows[1:-1]}
    assert totals["own"] == "0.0006", said
    assert totals["equivalent-factors"].endswith("*")
    assert rows[-1] == ["*", "当量因子法价值（非生态产品总值）"]


def test_what_is_negative_stands_under_the_total(gep: Program, figures: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "s.duckdb")
    said = gep("run", str(figures), "--standard", "equivalent-factors", "--store", store, "--lang", "zh").stdout
    assert "其中负值" in said
    assert "-257,400.00 元" in said
    page = tmp_path / "r.html"
    gep("report", "360321", "2022", "--standard", "equivalent-factors", "--store", store, "-o", str(page), "--lang", "zh")
    assert "其中负值" in page.read_text("utf-8")


OWN = """id: losses
title: {zh: 损失, en: Losses}
source: as-entered
mark: V
variables:
  flood_damage: {title: {zh: 洪灾损失, en: Flood damage}, unit: CNY/yr, least: null}
services: {other_regulating: {mark: V}}
lines:
  other_regulating.damage: {title: {zh: 洪灾损失, en: Flood damage}, value: flood_damage, negative: NEGATIVE}
"""


@pytest.mark.parametrize("declared", [True, False])
def test_a_negative_amount_is_taken_as_stated_and_told_where_it_was_not_declared(tmp_path: Path, *, declared: bool) -> None:
    standard, figures = tmp_path / "losses.yaml", tmp_path / "f.csv"
    standard.write_text(OWN.replace("NEGATIVE", str(declared).lower()), "utf-8")
    figures.write_text(HEAD + "360321,2022,flood_damage,,,,-12,万元,x,\n", "utf-8")
    account = run_account([figures], str(standard))
    assert account.totals.set_index("category")["value"]["gep"] == pytest.approx(-120000)
    told = [one.text_en for one in account.notices if one.code == "negative"]
    assert any("of which negative -120,000.00 CNY" in text for text in told)
    assert any("does not say that it may be" in text for text in told) is not declared


def test_a_figure_that_may_not_be_negative_is_refused(gep: Program, tmp_path: Path) -> None:
    standard, figures = tmp_path / "losses.yaml", tmp_path / "f.csv"
    standard.write_text(OWN.replace("NEGATIVE", "true").replace(", least: null", ""), "utf-8")
    figures.write_text(HEAD + "360321,2022,flood_damage,,,,-12,万元,x,\n", "utf-8")
    said = gep(
        "run", str(figures), "--standard", str(standard), "--store", str(tmp_path / "s.duckdb"), "--lang", "en", code=2
    ).stderr
    assert "flood_damage" in said
    assert "at least 0" in said or "not below 0" in said
