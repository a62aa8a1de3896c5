"""A figure that a standard reads from last year's stored account: the gain over last year is a stored result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from conftest import Program

from gep.messages.problems import Problems
from gep.standards.standard import load_standard

if TYPE_CHECKING:
    from pathlib import Path

STANDARD = """id: soil-gain
title: {zh: 土壤保持增量, en: Gain of soil}
number: 试〔2024〕3号
source: rules
sources: {rules: {title: 办法}}
mark: V
earlier: {soil_retention_reference: soil_retention}
values: {soil_unit_value: [{value: 12, unit: CNY_2022/t, source: rules, locator: 表1, mark: V}]}
services:
  soil_retention:
    mark: V
    variants: {soil_retention.amount: stated, soil_retention.gain: over_reference}
    lines: [soil_retention.gain]
"""


def test_the_gain_is_over_the_stored_account_of_last_year(gep: Program, tmp_path: Path) -> None:
    standard = tmp_path / "gain.yaml"
    standard.write_text(STANDARD, "utf-8")
    for year, tonnes in ((2021, 1000), (2022, 950)):
        rows = f"361027,{year},soil_retention_amount,forest,{tonnes},万t,s\n"
        (tmp_path / f"{year}.csv").write_text(f"county,year,variable,ecosystem,value,unit,source\n{rows}", "utf-8")
        gep("run", str(tmp_path / f"{year}.csv"), "--standard", str(standard), "--store", gep.store)
    first, second = json.loads(gep("list", "--store", gep.store, "--format", "json").stdout)
    assert (first["gep"], second["gep"]) == (None, pytest.approx(-50e4 * 12))
    traced = gep("trace", "361027", "2022", "soil_retention", "--store", gep.store).stdout
    assert "STORE 361027 2021 run 1" in traced
    certificate = tmp_path / "c.json"
    gep("certificate", "361027", "2022", "--standard", "soil-gain", "--store", gep.store, "-o", str(certificate))
    gep("verify", str(certificate), "--store", gep.store)


@pytest.mark.parametrize(
    ("written", "english"),
    [
        ("{soil_retention_referenze: soil_retention}", "earlier names 'soil_retention_referenze'"),
        ("{soil_retention_reference: soil_retention.gains}", "earlier names 'soil_retention.gains'"),
        ("{population: soil_retention}", "population is not soil_retention"),
    ],
)
def test_what_is_read_fits(tmp_path: Path, written: str, english: str) -> None:
    path = tmp_path / "gain.yaml"
    path.write_text(STANDARD.replace("{soil_retention_reference: soil_retention}", written), "utf-8")
    with pytest.raises(Problems) as error:
        load_standard(str(path))
    assert any(english in str(one.found) for one in error.value.problems)
