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


def list_unread_years(gep: Program, folder: Path, years: tuple[int, ...], *options: str) -> dict[str, list[str]]:
    """Return the years of the index that are said to be read by nothing, by run and by trace."""
    table, store = folder / "index.csv", folder / "of.duckdb"
    lines = [f"361027,2022,price_index,{year},103,%,统计公报" for year in years]
    table.write_text("\n".join(("county,year,variable,product,value,unit,source", *lines)) + "\n", "utf-8")
    run = gep.try_out("run", str(JINXI), str(table), "--store", str(store), "--lang", "en", *options).stdout
    said = " ".join(run.split()).partition("previous year = 100): read by nothing under this standard: ")[2]
    trace = json.loads(gep.try_out("trace", "361027", "2022", "--store", str(store), "--format", "json").stdout)
    return {
        "run": [str(year) for year in years if f"{year} 103 % ({table}:" in said],
        "trace": [one["product"] for one in trace["unread"] if one["variable"] == "price_index"],
    }


@pytest.mark.parametrize(
    ("years", "options", "unread"),
    [
        ((2021, 2022), (), ()),  # shipped prices of earlier years are brought to 2022
        ((2024,), (), ()),  # and one of 2024 is brought back
        ((2005, 2022), (), ("2005",)),  # before every price
        ((2026, 2027), (), ("2026", "2027")),  # after every price
        ((2026, 2027), ("--price-year", "2026"), ("2027",)),  # the second series passes through 2026
    ],
)
def test_an_index_row_that_no_price_passes_through_is_said(
    gep: Program, tmp_path: Path, years: tuple[int, ...], options: tuple[str, ...], unread: tuple[str, ...]
) -> None:
    assert list_unread_years(gep, tmp_path, years, *options) == {"run": list(unread), "trace": list(unread)}


@pytest.mark.parametrize("year", ["", "2026年", "上年"])
def test_an_index_row_without_a_plain_year_is_told_where_the_year_goes(gep: Program, tmp_path: Path, year: str) -> None:
    table = tmp_path / "index.csv"
    table.write_text(f"county,year,variable,product,value,unit,source\n361027,2026,price_index,{year},101,%,统计公报\n", "utf-8")
    (one,) = json.loads(gep("run", str(table), "--store", gep.store, "--format", "json", code=2).stderr)["problems"]
    assert one["expected"] == "the year that the index is of, four digits"
    assert one["hint"] == "write the year alone, such as 2026, in the column product (类别)"
    table.write_text(table.read_text("utf-8").replace(f",{year},101", ",2026,101"), "utf-8")
    gep("check", str(table))
