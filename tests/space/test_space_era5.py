"""netCDF files in the structure of ERA5: whole numbers with scale and offset, hours since 1900, degrees and no projection."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from scipy.io import netcdf_file
from spaces import write_raster, write_zones

from gep.space.runs import extract_inputs

if TYPE_CHECKING:
    from pathlib import Path

WGS84 = "EPSG:4326"
SCALE, OFFSET, FILL = 1.2e-6, 0.0393, -32767
HOURS_TO_2022 = 1_069_440


def write_era5(path: Path, *, first: int = HOURS_TO_2022, metres_a_day: float = 0.005, east: str = "degrees_east") -> Path:
    with netcdf_file(str(path), "w") as file:
        latitudes, longitudes = np.arange(26.25, 25.0, -0.25), np.arange(113.75, 114.75, 0.25)
        for name, values, unit in (("longitude", longitudes, east), ("latitude", latitudes, "degrees_north")):
            file.createDimension(name, len(values))
            axis = file.createVariable(name, "f4", (name,))
            axis[:], axis.units = values, unit.encode()
        file.createDimension("time", 12)
        time = file.createVariable("time", "i4", ("time",))
        time[:], time.units = first + np.arange(12) * 730, b"hours since 1900-01-01 00:00:00.0"
        rain = file.createVariable("tp", "i2", ("time", "latitude", "longitude"))
        rain.scale_factor, rain.add_offset, rain._FillValue, rain.units = SCALE, OFFSET, np.int16(FILL), b"m"
        rain[:] = np.full(rain.shape, round((metres_a_day - OFFSET) / SCALE), np.int16)
    return path


def extract(folder: Path, file: Path) -> tuple[float, str]:
    land = write_raster(
        folder / "CLCD_2022.tif", np.full((20, 20), 2, np.uint8), left=114, top=25.8, step=0.01, crs=WGS84, nodata=0
    )
    zones = write_zones(folder / "zones.gpkg", {"360725": shapely.box(114, 25.6, 114.2, 25.8)}, crs=WGS84)
    told = extract_inputs(land, zones, folder / "out.csv", 2022, drivers=[f"precipitation=sum({file}|variable=tp)"])
    rows = list(csv.DictReader((folder / "out.csv").read_text("utf-8").splitlines()))
    return next(float(row["value"]) for row in rows if row["variable"] == "precipitation"), "\n".join(told)


def test_degrees_scale_offset_and_months_are_those_of_the_file(tmp_path: Path) -> None:
    found, told = extract(tmp_path, write_era5(tmp_path / "era5_monthly.nc"))
    assert found == pytest.approx(0.005 * 1000 * 365, rel=2e-4)
    assert "its times are" not in told


def test_times_of_another_year_are_told(tmp_path: Path) -> None:
    _, told = extract(tmp_path, write_era5(tmp_path / "era5_monthly.nc", first=HOURS_TO_2022 - 184 * 24))
    assert "its times are 2021-07-01 to 2022-05-31, the account is of 2022: see that it is the right year" in told


def test_axes_that_are_no_degrees_state_no_projection(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="states no projection"):
        extract(tmp_path, write_era5(tmp_path / "era5_monthly.nc", east="km"))
