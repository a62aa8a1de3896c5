"""Benchmark of transfers: all counties of the country, twelve months, five schemes, from tables to booked postings; invented figures."""

from __future__ import annotations

import argparse
import gc
import hashlib
import resource
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "shared"))
from two_hands import book

from gep.cli import COLLECT_AFTER
from gep.reference.regions import read_units_of_today
from gep.store.store import Store
from gep.tasks.compensate import compensate

HEAD = """version: "bench"
title: {{zh: 基准, en: bench}}
kind: vertical
mark: D
legal: [{{title: bench, issuer: this project, date: "2026", locator: tests/benchmarks, mark: D}}]
effective: {{from: 2020-01-01}}
accounts: {{from: unstated, to: unstated, mark: D}}
parties: {{province: {{name: payer}}}}
members: {{counties_of: "100000"}}
settlement: {{compute: month, netting: net, due: [{{day: "12-31"}}], mark: D}}
rounding: {{unit: fen, method: largest_remainder, tie_break: [remainder_desc, party_code_asc], mark: D}}
inputs:
  months: {{by: party, every: month, unit: mg/L, range: ["0", "100"]}}
constants:
  limit: {{value: "0.5", unit: mg/L, mark: D}}
  money: {{value: "100", unit: 亿元, mark: D, group: pool}}
values:
  met: {{le: [months, limit]}}
  months_met: {{total: {{of: met, over: month}}}}
"""
RULES = {
    "pool": "funds: {pool: {sources: [{from: province, amount: money}]}}\nrule: [{op: allocate, name: a, fund: pool, by: months_met}]\n",
    "floors": 'funds: {pool: {sources: [{from: province, amount: money}]}}\nrule: [{op: allocate, name: a, fund: pool, by: months_met, floor: "1000000", cap: "9000000"}]\n',
    "flip": 'rule: [{op: pay, name: a, when: {ge: [months_met, "1"]}, cases: [{when: met, from: province, to: self, amount: {mul: ["0.001", {div: [money, "12"]}]}}, {from: self, to: province, amount: {mul: ["0.0001", money]}}]}]\n',
    "subpools": "funds: {one: {sources: [{from: province, amount: money}]}, two: {sources: [{from: province, amount: money}]}}\n"
    'rule: [{op: subpools, name: a, funds: {one: months_met, two: {sub: ["12", months_met]}}, overlap: highest}]\n',
    "deduct": "funds: {pool: {sources: [{from: province, amount: money}]}, award: {rest: province}}\n"
    'rule: [{op: allocate, name: a, fund: pool, by: {sum: ["1", months_met]}}, {op: deduct, name: d, taken_from: [a], when: {lt: [months_met, "6"]}, rate: "0.05", to: "fund:award"}, {op: allocate, name: w, fund: award, by: {ge: [months_met, "9"]}}]\n',
}


ONE_POOL = """inputs:
  score: {by: party, unit: score, range: ["0", "100000"]}
constants:
  money: {value: "100", unit: 亿元, mark: D, group: pool}
funds: {pool: {sources: [{from: province, amount: money}]}}
rule: [{op: allocate, name: a, fund: pool, by: "share(score, over=party)"}]
"""


def share_one_pool(place: Path, parties: int) -> None:
    """Share one pool out to many parties of a table, and print how long it takes."""
    names = [f"p{at:07d}" for at in range(parties)]
    (place / "members.csv").write_text("party,name\n" + "".join(f"{one},单位{one}\n" for one in names), "utf-8")
    head = HEAD.replace("{{", "{").replace("}}", "}").partition("inputs:")[0].replace("compute: month", "compute: year")
    head = head.replace('members: {counties_of: "100000"}', "members: {table: members.csv}")
    (place / "one.yaml").write_text(f"id: bench-one\n{head}{ONE_POOL}", "utf-8")
    columns = ("indicator", "place", "period", "value", "unit", "status", "source")
    scores = [str(at * 7919 % 997 + 1) for at in range(parties)]
    fixed = {"indicator": "score", "period": "2024", "unit": "score", "status": "final", "source": "bench"}
    rows = {name: [fixed[name]] * parties if name in fixed else names if name == "place" else scores for name in columns}
    pq.write_table(pa.table(rows), place / "scores.parquet")
    begin, before = time.perf_counter(), time.process_time()
    result = compensate(Store(place / "none.duckdb"), str(place / "one.yaml"), 2024, [place / "scores.parquet"], []).base
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"(t) one pool   {len(result.postings):,} postings, {time.perf_counter() - begin:.1f} s, {time.process_time() - before:.1f} s of processor, peak {peak:.2f} GB"
    )


def main() -> None:
    """Run all five and print the table, then one pool of many parties."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--parties", type=int, default=100_000, help="parties of the one pool")
    parties = asked.parse_args().parties
    gc.set_threshold(COLLECT_AFTER)  # as every command does
    codes = sorted(one.code for one in read_units_of_today().values() if one.level == "county")
    print(f"transfers: {len(codes):,} counties × 12 months × {len(RULES)} schemes, then {parties:,} parties in one pool")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        rows = [
            (
                "months",
                code,
                f"2024-{month:02d}",
                f"0.{int(hashlib.sha256(f'{code}{month}'.encode()).hexdigest(), 16) % 1000:03d}",
                "mg/L",
                "final",
                "bench",
            )
            for code in codes
            for month in range(1, 13)
        ]
        columns = ("indicator", "place", "period", "value", "unit", "status", "source")
        pq.write_table(pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))), place / "facts.parquet")
        desk = Store(place / "gep.duckdb")
        whole = time.perf_counter()
        for name, rule in RULES.items():
            (place / f"{name}.yaml").write_text(
                f"id: bench-{name}\n" + HEAD.replace("{{", "{").replace("}}", "}") + rule, "utf-8"
            )
            begin = time.perf_counter()
            result, _, facts = compensate(desk, str(place / f"{name}.yaml"), 2024, [place / "facts.parquet"], [])
            computed = time.perf_counter()
            booked = book(desk, result, facts, despite="the same money five times, for the benchmark")
            done = time.perf_counter()
            print(
                f"(t) {name:<10} compute {computed - begin:5.1f} s, book {done - computed:5.1f} s, {booked.postings:>6,} postings, {len(result.steps):>7,} steps"
            )
        size = (place / "gep.duckdb").stat().st_size / 1024**2
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(
            f"(t) all five   {time.perf_counter() - whole:.1f} s, {time.process_time():.1f} s of processor, peak {peak:.2f} GB, store {size:.0f} MB"
        )
        share_one_pool(place, parties)


if __name__ == "__main__":
    main()
