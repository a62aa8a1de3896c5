"""Stores and workbooks that many tests start from: made once a run, whichever worker comes first; nobody writes to them, who writes takes a copy."""

from __future__ import annotations

import csv
import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

from gep.store.saving import save
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

ROOT = Path(__file__).parent.parent.parent
JINXI = ROOT / "inputs/361027-2022"
GRIDS = ROOT / "inputs/jiangxi-2019-grids"


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder of a run of tests, filled by the first worker that asks for it while the others wait."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared" / name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the worker ends, however it ends
        if not (folder / ".made").exists():
            make(folder)
            (folder / ".made").touch()
    return folder


def make_store(inputs: Path, price_year: int | None = None) -> Callable[[Path], object]:
    """What fills a folder with the store of one run of inputs."""
    return lambda folder: save(run_account([inputs], price_year=price_year), folder / "gep.duckdb")


def make_two_years(folder: Path) -> Path:
    """Return a store with 361027 in 2021 and 2022; 2021 is the input of 2022 with less rain, less crops, more fish and more forest."""
    earlier = folder / "2021"
    earlier.mkdir()
    for file in sorted(JINXI.glob("*.csv")):
        with file.open(encoding="utf-8") as source:
            rows = list(csv.DictReader(source))
        for row in rows:
            row["year"] = "2021"
            factor = {"precipitation": 0.97, "agricultural_output_value": 0.9, "fishery_output_value": 1.5}.get(
                row["variable"], 1.0
            )
            if row["variable"] == "area" and row["ecosystem"] == "mixed_forest":
                factor = 1.02
            if factor != 1:
                row["value"] = f"{float(row['value']) * factor:.4f}"
        with (earlier / file.name).open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    path = folder / "gep.duckdb"
    save(run_account([earlier], price_year=2020), path)
    save(run_account([JINXI], price_year=2020), path)
    return path
