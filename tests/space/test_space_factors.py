"""The factor chain of HJ 1173 on pixels: K, L, S and C from rasters, R from the rain of days in a table, against arithmetic."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from conftest import Program
from spaces import write_crosswalk, write_raster, write_zones

GIVEN = {
    "soil_sand": (0.4, "1"),
    "soil_silt": (0.35, "1"),
    "soil_clay": (0.25, "1"),
    "soil_organic_carbon": (0.012, "1"),
    "slope_gradient": (0.2, "1"),
    "slope_length": (50.0, "m"),
    "vegetation_cover": (0.5, "1"),
}
RAIN = "361027,2022,warm_erosive_rain,,,0601,60,mm,x,\n361027,2022,warm_erosive_rain,,,0701,40,mm,x,\n361027,2022,cool_erosive_rain,,,0301,25,mm,x,\n"


def test_factors_from_rasters_and_rain_by_day_give_the_soil_kept(gep: Program, tmp_path: Path) -> None:
    land = np.full((4, 6), 1, np.uint8)
    land[:, 3:] = 2
    write_raster(tmp_path / "land.tif", land)
    write_zones(tmp_path / "zones.gpkg", {"361027": shapely.box(0, -4000, 6000, 0)})
    write_crosswalk(tmp_path / "classes.csv", {1: "dry_cropland", 2: "paddy"})
    (tmp_path / "in.csv").write_text("county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n" + RAIN, "utf-8")
    drivers = []
    for name, (value, unit) in GIVEN.items():
        write_raster(tmp_path / f"{name}.tif", np.full((4, 6), value, np.float32))
        drivers += ["--driver", f"{name}={tmp_path / name}.tif[{unit}]"]
    call = ["map", "--land-cover", str(tmp_path / "land.tif"), "--zones", str(tmp_path / "zones.gpkg"), "--year", "2022"]
    call += ["--classes", str(tmp_path / "classes.csv"), "--service", "soil_retention", "--standard", "hj1173-2021"]
    call += [
        "--inputs",
        str(tmp_path / "in.csv"),
        "--also",
        "soil_retention.actual",
        "--no-pictures",
        "-o",
        str(tmp_path / "out"),
    ]
    gep(*call, *drivers)
    rows = list(csv.DictReader((tmp_path / "out" / "zonal_sums.csv").read_text("utf-8").splitlines()))
    assert [row["layer"].split(".")[1] for row in rows] == ["potential", "actual", "amount"]
    potential, actual, amount = (float(row["sum_of_pixels"]) for row in rows)
    hectare = erosivity() * erodibility() * slope_and_length()
    assert potential == pytest.approx(2400 * hectare, rel=1e-6)
    assert actual == pytest.approx(1200 * hectare * (0.221 - 0.595 * math.log10(0.5)), rel=1e-6)  # paddy has C = 0
    assert amount == pytest.approx(potential - actual, rel=1e-9)
    assert all(abs(float(row["relative_difference"])) < 1e-9 for row in rows), "pixels and the county account are one"


def erosivity() -> float:
    return 0.3937 * (math.pow(60, 1.7265) + math.pow(40, 1.7265)) + 0.3101 * math.pow(25, 1.7265)


def erodibility() -> float:
    sand, silt, clay, carbon = 40.0, 35.0, 25.0, 1.2
    coarse = 0.2 + 0.3 * math.exp(-0.0256 * sand * (1 - silt / 100))
    organic = 1 - 0.25 * carbon / (carbon + math.exp(3.72 - 2.95 * carbon))
    fine = 1 - sand / 100
    epic = coarse * math.pow(silt / (clay + silt), 0.3) * organic * (1 - 0.7 * fine / (fine + math.exp(-5.51 + 22.9 * fine)))
    return (-0.01383 + 0.51575 * epic) * 0.1317


def slope_and_length() -> float:
    sine = math.sin(math.atan(0.2))
    beta = (sine / 0.089) / (3 * math.pow(sine, 0.8) + 0.56)
    return math.pow(50 / 22.13, beta / (1 + beta)) * (21.9 * sine - 0.96)
