"""Stores that the tests of reports read: the demonstration account, an earlier year made from it, and all counties on grids."""

from __future__ import annotations

import csv
from pathlib import Path

from conftest import ROOT

from gep.store.saving import save
from gep.tasks.run import run_account

JINXI = ROOT / "inputs/361027-2022"
GRIDS = ROOT / "inputs/jiangxi-2019-grids"


def two_years(folder: Path) -> Path:
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


def write_inputs(folder: Path, *rows: str) -> Path:
    """Return a file of inputs."""
    path = folder / "inputs.csv"
    path.write_text(
        "county,year,variable,ecosystem,product,value,unit,source,note\n" + "".join(f"{row}\n" for row in rows), "utf-8"
    )
    return path


def stored(folder: Path, *rows: str) -> Path:
    """Return a store with the accounts of some rows."""
    path = folder / "gep.duckdb"
    save(run_account([write_inputs(folder, *rows)]), path)
    return path
