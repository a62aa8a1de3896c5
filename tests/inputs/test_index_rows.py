"""A county's own rate of a year that the price index of the standard already has is said with both rates; a rate that agrees is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Program
from kept_stores import JINXI


def ask(gep: Program, folder: Path, year: int, value: str, unit: str) -> list[dict[str, Any]]:
    table = folder / "index.csv"
    table.write_text(
        f"county,year,variable,product,value,unit,source\n361027,2022,price_index,{year},{value},{unit},统计公报\n", "utf-8"
    )
    found = json.loads(gep.try_out("check", str(JINXI), str(table), "--format", "json").stdout)
    return [one for one in found["findings"] if one["code"] == "index_rate"]


@pytest.mark.parametrize(("value", "unit", "said"), [("108", "%", "108 %"), ("1.08", "1", "108 %"), ("98.7", "%", "98.7 %")])
def test_another_rate_is_said_with_its_row(gep: Program, tmp_path: Path, value: str, unit: str, said: str) -> None:
    (one,) = ask(gep, tmp_path, 2022, value, unit)
    assert said in one["found"]
    assert "102 % in the index cpi" in one["found"]
    assert one["file"].endswith("index.csv")
    assert one["grade"] == "C"


def test_the_same_rate_and_a_year_after_the_index_are_not_said(gep: Program, tmp_path: Path) -> None:
    assert ask(gep, tmp_path, 2022, "102.0", "%") == []
    assert ask(gep, tmp_path, 2026, "101.5", "%") == []
