"""A formula of one's own that divides by zero is refused with its place; totals with and without products from outside are both said."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Program

STANDARD = """id: mine
title: {{zh: 自备, en: Mine}}
source: this-project
mark: V
variables:
  load_a: {{title: {{zh: 甲负荷, en: A}}, unit: t/yr, department: 水利局}}
  load_b: {{title: {{zh: 乙负荷, en: B}}, unit: t/yr, axes: [ecosystem], extent: true, department: 水利局}}
  price_x: {{title: {{zh: 单价, en: P}}, unit: CNY/t, department: 水利局}}
rules:
  other_regulating.ratio: {{title: {{zh: 比值, en: Ratio}}, formula: "{formula}", unit: "1"}}
lines:
  other_regulating.x: {{title: {{zh: 核算项, en: X}}, quantity: load_a * other_regulating.ratio, unit: t/yr, price: price_x, price_unit: CNY/t}}
services:
  other_regulating: {{mark: V}}
"""
HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
FIGURES = "361027,2022,load_a,,,,{a},t,x,\n361027,2022,load_b,shrub,,,0,t,x,\n361027,2022,price_x,,,,5,CNY_2022/t,x,\n"


@pytest.mark.parametrize("above", ["5", "0"])
def test_a_division_by_zero_is_a_sentence_with_its_place(gep: Program, tmp_path: Path, above: str) -> None:
    standard, table, store = tmp_path / "s.yaml", tmp_path / "in.csv", tmp_path / "a.duckdb"
    standard.write_text(STANDARD.format(formula="load_a / sum(load_b, over=ecosystem)"), "utf-8")
    table.write_text(HEAD + FIGURES.format(a=above), "utf-8")
    call = ("run", str(table), "--standard", str(standard), "--store", str(store))
    said = gep(*call, "--lang", "zh", code=2).stderr.replace("\n", "")
    assert f"{table}:3: 361027 2022 年：比值（other_regulating.ratio）除数为 0" in said
    assert "load_b 此处不得为 0" in said
    assert "divides by zero" in gep(*call, "--lang", "en", code=2).stderr
    assert not store.exists() or "361027" not in gep("list", "--store", str(store)).stdout


def test_a_formula_that_says_what_holds_at_zero_is_computed(gep: Program, tmp_path: Path) -> None:
    standard, table = tmp_path / "s.yaml", tmp_path / "in.csv"
    formula = 'load_a / sum(load_b, over=ecosystem) if sum(load_b, over=ecosystem) > number(0, "t/yr") else 1'
    standard.write_text(STANDARD.replace('"{formula}"', "{formula}").format(formula=f"'{formula}'"), "utf-8")
    table.write_text(HEAD + FIGURES.format(a="5000000"), "utf-8")
    said = gep("run", str(table), "--standard", str(standard), "--store", str(tmp_path / "a.duckdb"), "--lang", "en").stdout
    assert "0.2500" in said


@pytest.mark.parametrize(("way", "shown"), [("gross_output", "3.0000"), ("gross_less_outside", "2.6000")])
def test_totals_with_and_without_products_from_outside_are_both_said(gep: Program, tmp_path: Path, way: str, shown: str) -> None:
    standard, table = tmp_path / "s.yaml", tmp_path / "in.csv"
    standard.write_text(
        "id: mine\ntitle: {zh: 自备, en: Mine}\nsource: this-project\nmark: V\nservices:\n  agricultural_products: "
        f"{{mark: V, variants: {{agricultural_products.output_value: {way}}}}}\n",
        "utf-8",
    )
    rows = "361027,2022,agricultural_product_value,,,粮食,3,亿元,x,\n361027,2022,agricultural_value_from_outside,,,粮食,0.4,亿元,x,\n"
    table.write_text(HEAD + rows, "utf-8")
    call = ("run", str(table), "--standard", str(standard), "--store", str(tmp_path / "a.duckdb"))
    said = gep(*call, "--lang", "zh").stdout
    assert shown in said
    assert "总值含区外产品为300,000,000.00元，扣除区外产品为260,000,000.00元" in "".join(said.split())
