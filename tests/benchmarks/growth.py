"""How the store grows: its size, and the time and memory of the real program, against the number of accounts.

Synthetic counties from the fixed seed of bench.py, every input of all 25 services, one run a year, as offices work. Each
figure is one process of the real program, start included. Not a test: nothing here can fail a build.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from bench import SEED, STANDARD, synthetic

from gep.standards.plan import make_plan
from gep.standards.standard import load_standard

ROOT = Path(__file__).parent.parent.parent
FIRST_YEAR = 1995
STEPS = (1, 2, 5, 10, 20, 30)


@dataclass(frozen=True)
class Cost:
    """Wall time and processor time of all threads in seconds, and peak memory in GB, of one process."""

    seconds: float
    processor: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} / {self.processor:.1f} s {self.memory:.1f} GB"


def cost(*arguments: str) -> Cost:
    """Run the program once and return what it cost; its output is thrown away."""
    begin = time.perf_counter()
    with Path(os.devnull).open("w") as nowhere:
        process = subprocess.Popen([sys.executable, "-m", "gep", *arguments], cwd=ROOT, stdout=nowhere)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"gep {' '.join(arguments)} ended with {process.returncode}")
    return Cost(time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024**2)


def of_year(table: pa.Table, year: int) -> pa.Table:
    """Return the inputs of another year: every figure moved by up to a tenth."""
    chance = np.random.default_rng(SEED + year)
    moved = table["value"].to_numpy() * chance.uniform(0.9, 1.0, table.num_rows)
    table = table.set_column(table.column_names.index("value"), "value", pa.array(moved))
    return table.set_column(table.column_names.index("year"), "year", pa.array(np.full(table.num_rows, year, dtype=np.int32)))


def main() -> None:
    """Grow a store and print a row a step."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--counties", type=int, default=2844)
    parser.add_argument("--years", type=int, default=30)
    parser.add_argument("--export", action="store_true", help="also export, which writes the store's size once more")
    size = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gep-growth-"))
    try:
        grow(folder, size.counties, size.years, export=size.export)
    finally:
        shutil.rmtree(folder)


def grow(folder: Path, counties: int, years: int, *, export: bool) -> None:
    standard, store = folder / "bench.yaml", str(folder / "gep.duckdb")
    standard.write_text(STANDARD, "utf-8")
    table = synthetic(make_plan(load_standard(str(standard))), counties, 1)
    asked = {
        "list": ("list",),
        "list --matrix": ("list", "--matrix", "--format", "json"),
        "show county": ("show", "361027"),
        "show 360000": ("show", "360000"),
        "show CN": ("show", "CN"),
        "rank 360000": ("rank", "360000"),
        "rank CN": ("rank", "CN"),
        "neighbours": ("neighbours", "361027"),
        "trace": ("trace", "361027"),
    }
    print(
        f"{counties:,} counties a year, {table.num_rows:,} input rows a year; wall / processor time, peak memory; load {os.getloadavg()[0]:.1f}"
    )
    heads = ["accounts", "store", "run of a year", *asked, *(["export"] if export else [])]
    print("| " + " | ".join(heads) + " |")
    print("|" + "---:|" * len(heads))
    for count in range(1, years + 1):
        year = FIRST_YEAR + count - 1
        pq.write_table(of_year(table, year), folder / "year.parquet")
        last = cost("run", str(folder / "year.parquet"), "--standard", str(standard), "--store", store)
        if count not in STEPS and count != years:
            continue
        cells = [f"{counties * count:,}", f"{Path(store).stat().st_size / 1e9:.2f} GB", str(last)]
        for words in asked.values():
            whole = words if words[0] == "list" else (words[0], words[1], str(year), *words[2:])
            cells.append(str(cost(*whole, "--store", store)))
        if export:
            one = cost("export", str(folder / "out"), "--store", store)
            written = sum(path.stat().st_size for path in (folder / "out").rglob("*") if path.is_file())
            cells.append(f"{one} {written / 1e9:.2f} GB")
            shutil.rmtree(folder / "out")
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
