"""A run costs no more than in proportion to its accounts: findings, notices, marks and rows of every kind grow with them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from conftest import Program

if TYPE_CHECKING:
    from pathlib import Path

FIGURES = (
    "{unit},2022,precipitation,,99,mm,s",
    "{unit},2022,evapotranspiration,,98,mm,s",
    "{unit},2022,land_area,,10,km^2,s",
    "{unit},2022,agricultural_output_value,,900,万元,s",
    "{unit},2022,agricultural_product_value,稻谷,20,万元,s",
)
"""Figures that checks doubt and that nothing reads."""
GROWTH = 40
"""1,000 units may cost so many times what 100 cost, each without what 10 cost: 11 is linear, 110 quadratic."""


def test_a_hundred_times_the_units_cost_no_more_than_linear(tmp_path: Path) -> None:
    cost_of(tmp_path, 10)  # what is made once is no growth
    ten, hundred, thousand = (cost_of(tmp_path, count) for count in (10, 100, 1000))
    assert thousand - ten < GROWTH * max(hundred - ten, 0.1)


def cost_of(folder: Path, count: int) -> float:
    """Processor seconds of a run of so many villages into a new store."""
    codes = [f"360102101{at:03d}" if at < 1000 else "360102102001" for at in range(1, count + 1)]
    units, figures = folder / f"units{count}.csv", folder / f"figures{count}.csv"
    units.write_text("unit,name_zh,kind\n" + "".join(f"{code},村{code[-6:]},village\n" for code in codes), "utf-8")
    rows = (one.format(unit=code) for code in codes for one in FIGURES)
    figures.write_text("county,year,variable,product,value,unit,source\n" + "\n".join(rows) + "\n", "utf-8")
    store = folder / f"store{count}.duckdb"
    store.unlink(missing_ok=True)
    begin = time.process_time()
    Program(str(store))("run", str(units), str(figures), "--store", str(store))
    return time.process_time() - begin
