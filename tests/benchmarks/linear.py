"""No command grows worse than linearly: 1, 10 and 100 times the input in each direction, in processor seconds of one process.

Growth is what 100 times costs over what 10 times costs, each without what the smallest costs: 11 where it is linear, 110 where
it is quadratic. Not a test: nothing here can fail a build; tests/tasks/test_growth.py holds the directions that were wrong once.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from gep.cli import main as gep
from gep.office.database import Office
from gep.office.journal import find_break, note_act, read_entries
from gep.reference.regions import list_counties_within

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "county,year,variable,product,value,unit,source,note\n"
LINEAR = 11
SIZES = (1, 10, 100)
COUNTIES = [one.code for one in list_counties_within("360000")][:90]


def main() -> None:
    """Measure each direction and print a row of it."""
    print("direction: processor seconds of 1, 10 and 100 times the input; growth (11 is linear, 110 quadratic)")
    for name, (least, measure) in DIRECTIONS.items():
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), 1)  # what is made once is no growth
            costs = [measure(Path(folder), least * size) for size in SIZES]
        first, second, third = costs
        print(f"{name:<40} {first:7.2f} {second:7.2f} {third:7.2f}  {find_growth(costs):6.1f}", flush=True)


def find_growth(costs: list[float]) -> float:
    """Return how much more 100 times cost than 10 times, each without the smallest; what is too short to measure counts as 0.1 s."""
    first, second, third = costs
    return (third - first) / max(second - first, 0.1)


def run(folder: Path, rows: list[str], *more: str) -> float:
    """Return what a run of rows into a new store costs, in processor seconds."""
    (folder / "figures.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    (folder / "gep.duckdb").unlink(missing_ok=True)
    return cost("run", *more, str(folder / "figures.csv"), "--store", str(folder / "gep.duckdb"))


def cost(*arguments: str) -> float:
    """Return what a command costs, in processor seconds."""
    begin = time.process_time()
    done = CliRunner().invoke(gep, list(arguments))
    if done.exit_code:
        sys.exit(done.output[-2000:])
    return time.process_time() - begin


def list_figures(unit: str, year: int) -> list[str]:
    """Return figures of an account that the checks doubt and that nothing reads: findings and notices grow too."""
    return [
        f"{unit},{year},precipitation,,99,mm,s,",
        f"{unit},{year},evapotranspiration,,98,mm,s,",
        f"{unit},{year},land_area,,10,km^2,s,",
        f"{unit},{year},gdp,,20,万元,s,",
        f"{unit},{year},agricultural_output_value,,900,万元,s,",
        f"{unit},{year},agricultural_product_value,稻谷,20,万元,s,",
    ]


def measure_units(folder: Path, count: int) -> float:
    codes = [f"{COUNTIES[at % len(COUNTIES)]}101{1 + at // len(COUNTIES):03d}" for at in range(count)]
    (folder / "units.csv").write_text(
        "unit,name_zh,kind\n" + "".join(f"{code},村{code[-6:]},village\n" for code in codes), "utf-8"
    )
    return run(folder, [row for code in codes for row in list_figures(code, 2022)], str(folder / "units.csv"))


def measure_accounts(folder: Path, count: int) -> float:
    wanted = [(COUNTIES[at % len(COUNTIES)], 2022 - at // len(COUNTIES)) for at in range(count)]
    return run(folder, [row for county, year in wanted for row in list_figures(county, year)])


def measure_rows(folder: Path, count: int) -> float:
    return run(folder, [f"360102,2022,agricultural_product_value,品种{at}号,2,万元,s," for at in range(count)])


def measure_products(folder: Path, count: int) -> float:
    rows = [
        row.format(at)
        for at in range(count)
        for row in ("360102,2022,agricultural_output,品种{}号,2,t,s,", "360102,2022,agricultural_price,品种{}号,9,CNY_2022/t,s,")
    ]
    spent = run(folder, rows)
    return spent + cost("trace", "360102", "2022", "agricultural_products", "--store", str(folder / "gep.duckdb"))


def measure_note(folder: Path, count: int) -> float:
    row = {
        "county": "360102",
        "year": "2022",
        "variable": "agricultural_output_value",
        "value": "900",
        "unit": "万元",
        "source": "s",
    }
    pq.write_table(pa.Table.from_pylist([{**row, "note": "注" * count}]), folder / "figures.parquet")
    (folder / "gep.duckdb").unlink(missing_ok=True)
    return cost("run", str(folder / "figures.parquet"), "--store", str(folder / "gep.duckdb"))


def measure_runs(folder: Path, count: int) -> float:
    spent = run(folder, list_figures("360102", 2022))
    for _ in range(count - 1):
        spent += cost("run", str(folder / "figures.csv"), "--store", str(folder / "gep.duckdb"))
    return spent + cost("history", "360102", "2022", "--store", str(folder / "gep.duckdb"))


def measure_journal(folder: Path, count: int) -> float:
    for file in folder.glob("journal.*"):
        file.unlink()
    begin = time.process_time()
    office = Office(folder / "journal.duckdb")
    for at in range(count):
        with office.changing() as connection:
            note_act(connection, "admin", "", "login", f"p{at}", "accepted")
    read_entries(office, search="p1")
    assert find_break(office) is None
    office.close()
    return time.process_time() - begin


DIRECTIONS: dict[str, tuple[int, Callable[[Path, int], float]]] = {
    "accounting units (30 to 3,000)": (30, measure_units),
    "counties × years (10 to 1,000)": (10, measure_accounts),
    "rows of one account (100 to 10,000)": (100, measure_rows),
    "products, stored and explained (40 to 4,000)": (40, measure_products),
    "letters of a note (10⁴ to 10⁶)": (10_000, measure_note),
    "runs of one account (1 to 100)": (1, measure_runs),
    "entries of the journal (100 to 10,000)": (100, measure_journal),
}

if __name__ == "__main__":
    main()
