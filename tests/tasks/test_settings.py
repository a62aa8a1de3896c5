"""A rerun keeps the standard and the price year of a stored account, unless another is asked for."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Program

HEADER = "county,year,variable,ecosystem,pollutant,product,value,unit,source\n"
ROW = "{county},2022,agricultural_output_value,,,,{value},亿元,s\n"


def write(folder: Path, value: int, *counties: str) -> str:
    path = folder / "in.csv"
    path.write_text(HEADER + "".join(ROW.format(county=code, value=value) for code in counties or ("361027",)), "utf-8")
    return str(path)


def head(gep: Program, *more: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(gep("show", "361027", "2022", *more, "--store", gep.store, "--format", "json").stdout)
    return found


def test_the_price_year_of_a_submitted_account_stays(gep: Program, tmp_path: Path) -> None:
    path = write(tmp_path, 5)
    gep("run", path, "--price-year", "2020", "--store", gep.store)
    gep("submit", "361027", "2022", "--by", "张三", "--store", gep.store)
    before = head(gep)
    done = gep("run", path, "--store", gep.store, "--lang", "zh")
    assert "沿用上一次核算的价格年份 2020" in done.stderr
    assert (head(gep)["constant_year"], head(gep)["gep_constant"], head(gep)["state"]) == (
        2020,
        before["gep_constant"],
        "submitted",
    )
    gep("run", path, "--price-year", "2021", "--store", gep.store)
    assert head(gep)["constant_year"] == 2021
    gep("run", path, "--current-prices", "--store", gep.store)
    assert head(gep)["constant_year"] is None
    gep("run", path, "--store", gep.store)
    assert head(gep)["constant_year"] is None
    refused = gep("run", path, "--current-prices", "--price-year", "2020", "--store", gep.store, code=2)
    assert "exclude each other" in refused.stderr


def test_the_standard_of_an_account_stays(gep: Program, tmp_path: Path) -> None:
    path = write(tmp_path, 5)
    gep("run", path, "--standard", "mee-2020", "--store", gep.store)
    done = gep("run", write(tmp_path, 6), "--store", gep.store)
    assert "standard mee-2020 kept from run 1" in done.stderr
    assert head(gep)["standard"] == "mee-2020"
    gep("run", path, "--standard", "ndrc-2022", "--store", gep.store)
    assert head(gep, "--standard", "ndrc-2022")["run"] == 3


def test_accounts_with_settings_that_differ_are_asked_about(gep: Program, tmp_path: Path) -> None:
    gep("run", write(tmp_path, 5, "361027"), "--price-year", "2020", "--store", gep.store)
    gep("run", write(tmp_path, 5, "361022"), "--price-year", "2019", "--store", gep.store)
    both = write(tmp_path, 5, "361027", "361022")
    done = gep("run", both, "--store", gep.store, code=2)
    assert "the accounts were stored with different price years: 2019, 2020" in done.stderr
    assert "nothing was stored" in done.stderr
    gep("run", both, "--price-year", "2020", "--store", gep.store)
    gep("run", write(tmp_path, 5, "361027", "361022", "361023"), "--store", gep.store)
    assert head(gep)["constant_year"] == 2020
