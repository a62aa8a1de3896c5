"""C of land cover and cover of vegetation: against the printed table and formula, in real files."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from conftest import Program
from spaces import write_crosswalk, write_raster, write_zones

TYPES = {1: "evergreen_broadleaf_forest", 2: "tussock", 3: "dry_cropland", 4: "paddy", 5: "residential", 6: "arable", 7: "shrub"}
# class, cover in percent (-1: no data), C by HJ 1173-2021 A.2; paddy by the reference set
CELLS = [
    (1, 5, 0.1),
    (1, 10, 0.08),
    (1, 90, 0.004),
    (1, 90.5, 0.001),
    (1, 100, 0.001),
    (2, 49.9, 0.15),
    (7, 50, 0.085),
    (3, 50, 0.221 - 0.595 * math.log10(0.5)),
    (3, 3, 1.0),
    (3, 0, 1.0),
    (3, -1, math.nan),
    (4, 40, 0.1),
    (4, -1, 0.1),
    (5, 40, 0.01),
    (6, 40, math.nan),
    (1, -1, math.nan),
    (255, 40, math.nan),
]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    write_raster(tmp_path / "land.tif", np.array([[one[0] for one in CELLS]], dtype=np.uint8), nodata=255)
    write_raster(tmp_path / "fvc.tif", np.array([[one[1] for one in CELLS]], dtype=np.float32), nodata=-1)
    write_crosswalk(tmp_path / "classes.csv", TYPES)
    return tmp_path


def call(files: Path, vegetation: str) -> list[str]:
    given = ["--land-cover", str(files / "land.tif"), "--vegetation", vegetation, "--classes", str(files / "classes.csv")]
    return ["cover", *given, "--year", "2022", "-o", str(files / "C.tif")]


def test_it_is_that_of_the_printed_table_and_a_driver(gep: Program, files: Path) -> None:
    told = gep(*call(files, f"{files / 'fvc.tif'}[%]")).stdout
    with rasterio.open(files / "C.tif") as file:
        found = file.read(1)[0]
        assert "hj1173-2021 table A.1, p. 9 [V]" in file.tags()["METHOD"]
    assert found == pytest.approx([one[2] for one in CELLS], rel=1e-6, nan_ok=True)
    assert "no cover factor for arable" in told
    write_zones(files / "zones.gpkg", {"360725": shapely.box(0, -1000, 1000 * len(CELLS), 0)})
    space = [
        "--land-cover",
        str(files / "land.tif"),
        "--zones",
        str(files / "zones.gpkg"),
        "--classes",
        str(files / "classes.csv"),
    ]
    driver = ["--driver", f"cover_factor={files / 'C.tif'}", "--least-cover", "80", "--year", "2022"]
    gep("extract", *space, *driver, "-o", str(files / "inputs.csv"))
    with (files / "inputs.csv").open(encoding="utf-8") as file:
        rows = {row["ecosystem"]: float(row["value"]) for row in csv.DictReader(file) if row["variable"] == "cover_factor"}
    assert rows["evergreen_broadleaf_forest"] == pytest.approx(np.mean([0.1, 0.08, 0.004, 0.001, 0.001]), rel=1e-6)
    assert "arable" not in rows


def test_shares_are_percent_and_wrong_calls_are_refused(gep: Program, files: Path) -> None:
    gep(*call(files, f"{files / 'fvc.tif'}*0.01[1]"))
    with rasterio.open(files / "C.tif") as file:
        assert file.read(1)[0, 1] == pytest.approx(0.08)
    (files / "C.tif").unlink()
    for vegetation, said in (
        (f"{files / 'fvc.tif'}", "unit"),
        (f"{files / 'fvc.tif'}*2[%]", "200"),
        (f"{files / 'fvc.tif'}*0.01[%]", "the cover of vegetation is at most 1 %"),
        (f"{files / 'no.tif'}[%]", "no.tif"),
    ):
        refused = gep(*call(files, vegetation), code=2).stderr
        assert said in refused
        assert "1 problem" in refused
    write_crosswalk(files / "classes.csv", {code: name for code, name in TYPES.items() if code != 2})
    assert "the classes 2 occur" in gep(*call(files, f"{files / 'fvc.tif'}[%]"), code=2).stderr
    write_crosswalk(files / "classes.csv", dict.fromkeys(TYPES, "arable"))
    assert "none of its types has a cover factor" in gep(*call(files, f"{files / 'fvc.tif'}[%]"), code=2).stderr
    assert not (files / "C.tif").exists()
