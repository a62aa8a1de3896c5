"""Stores and workbooks that many tests start from: made once a run, whichever worker comes first; nobody writes to them, who writes takes a copy."""

from __future__ import annotations

import csv
import fcntl
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from gep.reference.members import read_ecosystems, read_pollutants
from gep.store.saving import save
from gep.tasks.run import run_account
from gep.variables.catalogue import VARIABLES

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


def copy_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object], folder: Path) -> Path:
    """Copy what `make_once` made into a folder of one test, to write to, and return the folder."""
    made = make_once(factory, name, make)
    return Path(shutil.copytree(made, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*")))


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


UNIT = "YMS-2022-RESERVE-OF-NATURE-AND-PEOPLE-01"
"""The unit of the hostile store."""
NAMES = (
    "江西省赣州市崇义县阳明山国家级自然保护地及其周边社区生态产品价值实现机制试点区（第一批）",
    "Yangmingshan National Nature Reserve with Neighbouring Communities, Pilot Area of Value Realisation (First Batch)",
)
SOURCES = (f"https://data.example.org/统计台账/{'abcdefghijklmnopqrstuvwxyz0123456789' * 4}", "二〇二二年度" * 25)


def make_hostile(folder: Path) -> Path:
    """Return a store with two years of a reserve with a long name, long sources without spaces, and less water than evaporates."""
    from workbooks import FIGURES

    path = folder / "gep.duckdb"
    ids = {one.title.zh: name for name, one in {**read_ecosystems(), **read_pollutants()}.items()}
    for year, factor in ((2021, 1.0), (2022, 0.93)):
        inputs = folder / str(year)
        inputs.mkdir()
        (inputs / "units.csv").write_text(
            f'unit,name_zh,name_en,kind,parent\n{UNIT},{NAMES[0]},"{NAMES[1]}",reserve,360725\n', "utf-8"
        )
        with (inputs / "figures.csv").open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(
                ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
            )
            for at, ((variable, member), (value, unit)) in enumerate(FIGURES.items()):
                axes = VARIABLES[variable].axes if variable in VARIABLES else ("ecosystem",)
                named = ids.get(member, "") if {"ecosystem", "pollutant"} & {*axes} else member
                members = (named, "", "") if "ecosystem" in axes else ("", named, "") if "pollutant" in axes else ("", "", named)
                given = value * factor if variable.endswith("value") or variable == "precipitation" else value
                writer.writerow((UNIT, year, variable, *members, given, unit, SOURCES[at % 2], "备注" * 20))
        save(run_account([inputs], price_year=2020), path)
    return path


def make_moved(folder: Path) -> None:
    """A store of 361027 in 2021 and 2022; in 2021 two square kilometres more were cropland and so many less mixed forest."""
    for year, change in (("2021", 2.0), ("2022", 0.0)):
        inputs = folder / year
        inputs.mkdir()
        for file in sorted(JINXI.glob("*.csv")):
            with file.open(encoding="utf-8") as source:
                rows = list(csv.DictReader(source))
            for row in rows:
                row["year"] = year
                if row["variable"] == "area" and change:
                    assert row["unit"] == "km2"
                    shift = {"arable": change, "mixed_forest": -change}.get(row["ecosystem"], 0.0)
                    row["value"] = f"{float(row['value']) + shift:.6f}"
            with (inputs / file.name).open("w", encoding="utf-8", newline="") as target:
                writer = csv.DictWriter(target, rows[0].keys())
                writer.writeheader()
                writer.writerows(rows)
        save(run_account([inputs], price_year=2020), folder / "gep.duckdb")
