"""make bench-report: what our own part adds to WeasyPrint, 100 reports in one process and on all cores, memory per worker.

Bare is WeasyPrint rendering the same finished HTML in the same run. Times are of the processor (for the share of our own
part) and of the clock (for 100 reports); on a machine that others use too, only the first can be compared.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from gep.reports.content import make_report
from gep.reports.forms.drawing import draw_figures
from gep.reports.forms.html import render_html
from gep.reports.forms.pdf import make_font_faces, render_pdf
from gep.reports.many import make_many, plan
from gep.reports.words import read_words
from gep.reports.writing import Options
from gep.store.saving import save
from gep.store.store import Store
from gep.tasks.run import run_account

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 3


def one_report(store: Path, run: int, name: str) -> None:
    """Print what a report takes, apart and together."""
    own, bare = [], []
    for at in range(ROUNDS + 1):
        with Store(store) as connection:
            began = time.process_time()
            report = make_report(connection, run, 0, "zh")
        report = replace(report, figures=draw_figures(report.figures, read_words("zh")))
        page = render_html(report, fonts=make_font_faces())
        made = time.process_time()
        render_pdf(page)
        if at:
            own.append(made - began)
            bare.append(time.process_time() - made)
    part, whole = min(own), min(bare)
    print(f"{name:<44} own part {part:5.2f} s, WeasyPrint bare {whole:5.2f} s: {part / whole:5.1%} on top")


def hundred(store: Path, folder: Path, jobs: int, count: int) -> tuple[float, float]:
    """Return wall and processor seconds of many reports, and print the memory of the workers."""
    tasks = plan(store, 2019, None, Options())[:count]
    began, before = time.perf_counter(), os.times()
    memory: dict[int, list[int]] = {}
    for done in make_many(store, tasks, folder, Options(), jobs=jobs):
        assert not done.problem, done.problem
        memory.setdefault(done.worker, []).append(done.memory)
    wall, after = time.perf_counter() - began, os.times()
    cpu = (after.user + after.children_user + after.system + after.children_system) - (
        before.user + before.children_user + before.system + before.children_system
    )
    for found in memory.values():
        tenth = max(len(found) // 10, 1)
        first, last = sum(found[tenth : 2 * tenth]) / tenth, sum(found[-tenth:]) / tenth
        print(
            f"  process of {len(found)} reports: {first / 1e6:,.0f} MB in the second tenth, {last / 1e6:,.0f} MB in the last, most {max(found) / 1e6:,.0f} MB"
        )
    print(
        f"{len(tasks)} reports, {jobs} process{'es' if jobs > 1 else ''}: {wall:,.1f} s on the clock, {cpu:,.1f} s of processor"
    )
    return wall, cpu


def main(count: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = folder / "gep.duckdb"
        save(run_account([ROOT / "inputs/361027-2022"], price_year=2020), store)
        save(run_account([ROOT / "inputs/jiangxi-2019-grids"]), store)
        print(f"cores {len(os.sched_getaffinity(0))}, load before {os.getloadavg()[0]:.1f}")
        one_report(store, 1, "361027 2022, 5 services, 15 pages")
        one_report(store, 2, "a county of 2019, map of 100 counties")
        alone, _ = hundred(store, folder / "one", 1, count)
        cores = len(os.sched_getaffinity(0))
        together, _ = hundred(store, folder / "all", cores, count)
        print(f"all cores against one process: {together / alone:.2f} of the time")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
