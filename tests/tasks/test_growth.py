"""What is asked costs no more than in proportion to what there is: accounts, years, rows, letters of a note, runs of an account."""

from __future__ import annotations

import shutil
import time
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Program
from growing import count_calls

from gep.reference.regions import list_counties_within
from gep.store.store import Store
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FIGURES = (
    "{unit},{year},precipitation,,99,mm,s",
    "{unit},{year},evapotranspiration,,98,mm,s",
    "{unit},{year},land_area,,10,km^2,s",
    "{unit},{year},agricultural_output_value,,900,万元,s",
    "{unit},{year},agricultural_product_value,稻谷,20,万元,s",
)
"""Figures that checks doubt and that nothing reads."""
HEAD = "county,year,variable,product,value,unit,source\n"
GROWTH = 40
"""100 times may cost so many times what 10 times cost, each without the smallest: 11 is linear, 110 quadratic."""


def write_villages(folder: Path, count: int) -> list[Path]:
    """Write so many villages, and figures of a year of each."""
    codes = [f"360102101{at:03d}" if at < 1000 else "360102102001" for at in range(1, count + 1)]
    (folder / "units.csv").write_text(
        "unit,name_zh,kind\n" + "".join(f"{code},村{code[-6:]},village\n" for code in codes), "utf-8"
    )
    write_rows(folder, (one.format(unit=code, year=2022) for code in codes for one in FIGURES))
    return [folder / "units.csv", folder / "figures.csv"]


def write_years(folder: Path, count: int) -> list[Path]:
    """Write figures of so many accounts: ten years of each county."""
    counties = [one.code for one in list_counties_within("360000")]
    accounts = [(counties[at // 10], 2013 + at % 10) for at in range(count)]
    return write_rows(folder, (one.format(unit=code, year=year) for code, year in accounts for one in FIGURES))


def write_products(folder: Path, count: int) -> list[Path]:
    """Write so many rows of one account."""
    return write_rows(folder, (f"360102,2022,agricultural_product_value,品种{at}号,2,万元,s" for at in range(count)))


def write_note(folder: Path, letters: int) -> list[Path]:
    """Write a figure with a note of so many letters."""
    row = dict(zip(HEAD.strip().split(","), FIGURES[3].format(unit="360102", year=2022).split(","), strict=True))
    pq.write_table(pa.Table.from_pylist([{**row, "note": "注" * letters}]), folder / "figures.parquet")
    return [folder / "figures.parquet"]


def write_rows(folder: Path, rows: Iterable[str]) -> list[Path]:
    (folder / "figures.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return [folder / "figures.csv"]


@pytest.mark.parametrize(
    ("write", "least"), [(write_villages, 10), (write_years, 10), (write_products, 100), (write_note, 10_000)]
)
def test_a_hundred_times_the_input_costs_no_more_than_linear(
    write: Callable[[Path, int], list[Path]], least: int, tmp_path: Path
) -> None:
    find_cost(tmp_path, write, least)  # what is made once is no growth
    one, ten, hundred = (find_cost(tmp_path, write, least * times) for times in (1, 10, 100))
    assert hundred - one < GROWTH * max(ten - one, 0.1)


def find_cost(folder: Path, write: Callable[[Path, int], list[Path]], size: int) -> float:
    """Processor seconds of a run into a new store, of its list and of the trace of an account."""
    files, store = [str(file) for file in write(folder, size)], folder / "gep.duckdb"
    store.unlink(missing_ok=True)
    program = Program(str(store))
    begin = time.process_time()
    program("run", *files, "--store", str(store))
    program("list", "--store", str(store))
    if write is not write_villages:
        program("trace", "360102", "2022", "agricultural_products", "--store", str(store))
    return time.process_time() - begin


ASKED = {
    "run": ("run", "{figures}", "--reason", "again"),
    "list": ("list",),
    "show": ("show", "360102", "2022"),
    "history": ("history", "360102", "2022"),
    "diff": ("diff", "1", "2"),
    "review": ("review", "360102", "2022"),
    "verify": ("verify",),
}


def test_runs_of_one_account_cost_no_command_more_than_linear(tmp_path: Path) -> None:
    figures = write_rows(tmp_path, (one.format(unit="360102", year=2022) for one in FIGURES))
    store, asked, account = tmp_path / "gep.duckdb", tmp_path / "asked.duckdb", run_account(figures)
    program, runs = Program(str(asked)), 0
    counts: dict[str, list[int]] = {name: [] for name in ASKED}
    for size in (2, 2, 6, 18):  # the first time, for what is made once
        for _ in range(size - runs):
            Store(store).save(account, "again")
        runs = size
        for name, words in ASKED.items():
            shutil.copy(store, asked)
            call = partial(program, *(one.format(figures=figures[0]) for one in words), "--store", str(asked))
            counts[name].append(count_calls(call))
    for name, (_, few, many, most) in counts.items():
        assert most - many < 4 * max(many - few, 2_000), f"{name}: 3 times is linear, 9 times quadratic: {counts[name]}"
