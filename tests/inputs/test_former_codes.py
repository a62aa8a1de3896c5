"""A code that is gone today is taken for its years, and check says which division it is since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Program

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "county,year,variable,value,unit,source\n"


@pytest.mark.parametrize(
    ("code", "year", "said"), [("360782", 2012, "360703 南康区 since 2013"), ("360727", 2019, "360783 龙南市 since 2020")]
)
def test_check_names_the_successor_of_a_code_of_its_year(gep: Program, tmp_path: Path, code: str, year: int, said: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"{HEAD}{code},{year},precipitation,1600,mm,x\n{code},{year},gdp,5,亿元,x\n", "utf-8")
    told = gep("check", str(table), "--store", gep.store).stdout
    assert told.count(f"{code} was its code in {year}") == 1
    assert said in told
    table.write_text(f"{HEAD}360703,2022,precipitation,1600,mm,x\n", "utf-8")
    assert "was its code" not in gep("check", str(table), "--store", gep.store).stdout
