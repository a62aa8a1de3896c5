"""Mutants of `fuzz.py` given to the command in a process of its own: it ends with 0 or 2, says no traceback, and is as sure as in process.

    python tests/shared/fuzz_process.py TABLES WORKBOOKS FIRST

Every third goes through `gep run` into a store of its own, the others through `gep check`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import fuzz

LIMIT = 600
"""Seconds by the clock until a process counts as hanging; the machine may be shared."""


def try_number(kind: str, number: int, folder: Path) -> tuple[str, str]:
    """What came of a mutant, `accepted` or `refused`, and what is wrong with it; empty where nothing is."""
    fuzz.clear(folder)
    fuzz.make_mutant(kind, number, folder / "m")
    command = ["run", str(folder / "m"), "--store", str(folder / "s.duckdb")] if number % 3 == 0 else ["check", str(folder / "m")]
    try:
        done = subprocess.run([sys.executable, "-m", "gep", *command], capture_output=True, check=False, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return "hanging", f"{kind} {number}: {command[0]} takes more than {LIMIT} s"
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    came = {0: "accepted", 2: "refused"}.get(done.returncode, f"exit {done.returncode}")
    if came.startswith("exit") or "Traceback" in said or "fault is ours" in said:
        return came, f"{kind} {number}: {command[0]} ends with {done.returncode}: {said[-300:]}"
    if came == "refused" and not said.strip():
        return came, f"{kind} {number}: {command[0]} refuses without a word"
    return came, ""


def run(tables: int, workbooks: int, folder: Path, first: int) -> tuple[Counter[str], list[str]]:
    """Try so many mutants of each kind; what came of them, and what went wrong."""
    counts: Counter[str] = Counter()
    wrong = []
    for kind, count in (("table", tables), ("workbook", workbooks)):
        for number in range(first, first + count):
            came, found = try_number(kind, number, folder)
            counts[f"{kind} {came}"] += 1
            wrong += [found] if found else []
    return counts, wrong


if __name__ == "__main__":
    begin = time.perf_counter()
    many, books, start = (int(text) for text in sys.argv[1:])
    with tempfile.TemporaryDirectory() as temporary:
        came_of, went_wrong = run(many, books, Path(temporary), start)
    summary = ", ".join(f"{count:,} {name}" for name, count in sorted(came_of.items()))
    sys.stdout.write(
        "\n".join([*went_wrong, f"from {start:,}: {summary}; {len(went_wrong)} wrong; {time.perf_counter() - begin:.0f} s"])
        + "\n"
    )
    sys.exit(bool(went_wrong))
