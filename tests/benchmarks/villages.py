"""All villages of a province over ten years, every service, into one store; and a county as the exact sum of its villages.

Synthetic figures from the fixed seed of bench.py, one run a year, as offices work. Not a test: nothing here can fail a build.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from bench import STANDARD, synthetic
from growth import Cost, cost, of_year

from gep.reference.regions import list_counties_within
from gep.standards.plan import make_plan
from gep.standards.standard import load_standard

MOST_SECONDS, MOST_MEMORY = 300, 6


def main() -> None:
    """Store all years and print what they cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--villages", type=int, default=17_000)
    parser.add_argument("--years", type=int, default=10)
    size = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gep-villages-"))
    try:
        measure(folder, size.villages, size.years)
    finally:
        shutil.rmtree(folder)


def list_villages(count: int) -> list[str]:
    """Return codes of villages, spread over the counties of Jiangxi."""
    counties = [one.code for one in list_counties_within("360000")]
    return [f"{counties[at % len(counties)]}{101 + at // 2000 % 899}{1 + at // len(counties) % 999:03d}" for at in range(count)]


def measure(folder: Path, villages: int, years: int) -> None:
    """Store all villages year by year, and compare a county with its villages."""
    standard, store = folder / "bench.yaml", str(folder / "gep.duckdb")
    standard.write_text(STANDARD, "utf-8")
    codes = list(dict.fromkeys(list_villages(villages)))
    table = pa.table({"unit": codes, "name_zh": [f"村{code[-6:]}" for code in codes], "kind": ["village"] * len(codes)})
    pq.write_table(table, folder / "units.parquet")
    figures = synthetic(make_plan(load_standard(str(standard))), len(codes), 1, codes)
    total = Cost(0, 0, 0)
    for at in range(years):
        pq.write_table(of_year(figures, 2012 + at), folder / "figures.parquet")
        one = cost(
            "run", str(folder / "units.parquet"), str(folder / "figures.parquet"), "--standard", str(standard), "--store", store
        )
        print(f"  {2012 + at}: {one}", flush=True)
        total = Cost(total.seconds + one.seconds, total.processor + one.processor, max(total.memory, one.memory))
    rows = figures.num_rows * years
    print(
        f"(e) {len(codes):,} villages × {years} years, {rows:,} figures, every service: {total}, at most {MOST_SECONDS} s, {MOST_MEMORY} GB"
    )
    county = codes[0][:6]
    shown = ask("show", county, "2012", "--store", store)
    parts = ask("query", f"SELECT gep FROM gep_account WHERE year = 2012 AND county LIKE '{county}%'", "--store", store)
    exact = shown["gep"] == math.fsum(one["gep"] for one in parts)
    print(
        f"(e) {county} is {'exactly' if exact else 'NOT'} the sum of its {len(parts)} villages; the store has {Path(store).stat().st_size / 1e9:.2f} GB"
    )


def ask(*arguments: str):
    """Return what a command prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "gep", *arguments, "--format", "json"], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
