"""The tonnes of soil retained are the quantity of their service: stored, queried and reported beside silt, nitrogen and phosphorus."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
STANDARD = """id: soil
title: {zh: 土壤, en: Soil}
source: as-entered
mark: V
services:
  soil_retention: {mark: V, variants: {soil_retention.amount: stated, soil_retention.silt_cost: dredging}}
"""


def test_the_tonnes_are_stored_and_reported(gep: Program, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(STANDARD, "utf-8")
    (tmp_path / "f.csv").write_text(HEAD + "360321,2022,soil_retention_amount,,,,123.4,万吨,x,\n", "utf-8")
    store, standard = str(tmp_path / "s.duckdb"), str(tmp_path / "s.yaml")
    gep("run", str(tmp_path / "f.csv"), "--standard", standard, "--store", store)
    asked = "SELECT quantity, quantity_unit FROM gep_service WHERE service = 'soil_retention'"
    said = gep("query", asked, "--store", store, "--lang", "en").stdout
    assert "1,234,000" in said
    assert "t/yr" in said
    page = tmp_path / "r.html"
    gep("report", "360321", "2022", "--standard", standard, "--store", store, "-o", str(page), "--lang", "zh")
    assert "土壤保持 · 土壤保持量" in page.read_text("utf-8")
