"""All villages of a province over ten years, every service, into one store; and a county as the exact sum of its villages.

Synthetic figures from the fixed seed of bench.py, one run a year, two at the same time. Not a test: nothing here can fail a build.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from bench import STANDARD, print_table, synthetic
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
    parser.add_argument(
        "--at-once", type=int, default=2, help="runs at the same time; each waits for the store while another writes"
    )
    size = parser.parse_args()
    os.environ["GEP_WAIT"] = str(MOST_SECONDS)
    folder = Path(tempfile.mkdtemp(prefix="gep-villages-"))
    try:
        measure(folder, size.villages, size.years, size.at_once)
    finally:
        shutil.rmtree(folder)


def list_villages(count: int) -> list[str]:
    """Return codes of villages, spread over the counties of Jiangxi."""
    counties = [one.code for one in list_counties_within("360000")]
    return [f"{counties[at % len(counties)]}{101 + at // 2000 % 899}{1 + at // len(counties) % 999:03d}" for at in range(count)]


def measure(folder: Path, villages: int, years: int, at_once: int) -> None:
    """Store all villages year by year, and compare a county with its villages."""
    standard, store = folder / "bench.yaml", str(folder / "gep.duckdb")
    standard.write_text(STANDARD, "utf-8")
    codes = list(dict.fromkeys(list_villages(villages)))
    table = pa.table({"unit": codes, "name_zh": [f"村{code[-6:]}" for code in codes], "kind": ["village"] * len(codes)})
    pq.write_table(table, folder / "units.parquet")
    figures = synthetic(make_plan(load_standard(str(standard))), len(codes), 1, codes)

    def run(year: int) -> Cost:
        table = folder / f"figures-{year}.parquet"
        pq.write_table(of_year(figures, year), table)
        one = cost("run", str(folder / "units.parquet"), str(table), "--standard", str(standard), "--store", store)
        print(f"  {year}: {one}", flush=True)
        return one

    begin = time.perf_counter()
    with ThreadPoolExecutor(at_once) as several:
        runs = list(several.map(run, range(2012, 2012 + years)))
    wall, processor = time.perf_counter() - begin, sum(one.processor for one in runs)
    memory = sum(sorted(one.memory for one in runs)[-at_once:])
    accounts = len(codes) * years
    rows = [
        (
            "(e) accounts, figures",
            f"{len(codes):,} villages × {years} years, every service; {figures.num_rows * years:,} figures",
        ),
        (
            "(e) wall, runs at once",
            f"{wall:.0f} s, {at_once} at once; at most {MOST_SECONDS} s where nobody else works (load {os.getloadavg()[0]:.1f})",
        ),
        (
            "(e) processor, an account",
            f"{processor:.0f} s, {processor / accounts * 1e3:.2f} ms; on {at_once} idle cores {processor / at_once:.0f} s at best",
        ),
        ("(e) memory of those at once", f"{memory:.1f} GB, at most {MOST_MEMORY} GB"),
    ]
    print_table(rows)
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
