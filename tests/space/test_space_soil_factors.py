"""R of daily rain, K of texture and carbon, LS of the way water flows: against hand calculations, in real files."""

from __future__ import annotations

import math
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio
from conftest import Program
from numpy.typing import NDArray
from spaces import write_days, write_raster


def cells(path: Path) -> NDArray[np.float32]:
    with rasterio.open(path) as file:
        return np.asarray(file.read(1))


@pytest.fixture
def days() -> NDArray[np.float32]:
    found = np.zeros((365, 2, 2), dtype=np.float32)
    found[10], found[200], found[201], found[300] = 20, 50, 11.9, 12
    found[5, 0, 1] = -9999
    return found


# 20 mm on 11 January and 12 mm on 28 October by 0.3101, 50 mm on 20 July by 0.3937; 11.9 mm is not erosive
BY_HAND = 0.3101 * 20**1.7265 + 0.3937 * 50**1.7265 + 0.3101 * 12**1.7265


def test_erosivity_is_that_of_a_hand_calculation_and_a_missing_day_is_no_dry_day(
    gep: Program, tmp_path: Path, days: NDArray[np.float32]
) -> None:
    file = write_days(tmp_path / "rain.tif", days)
    gep("erosivity", "--rain", str(file), "--years", "2022", "2022", "-o", str(tmp_path / "R.tif"))
    found = cells(tmp_path / "R.tif")
    assert found[0, 0] == pytest.approx(BY_HAND, rel=1e-6)
    assert np.isnan(found[0, 1])
    with rasterio.open(tmp_path / "R.tif") as written:
        assert written.units == ("MJ*mm/ha/h/yr",)


def test_files_of_days_in_another_unit_over_two_years_are_averaged(
    gep: Program, tmp_path: Path, days: NDArray[np.float32]
) -> None:
    folder = tmp_path / "days"
    folder.mkdir()
    amounts = (0.0, 0.02, 0.05)
    written = {wet: write_raster(tmp_path / f"{wet}.tif", np.full((1, 2), wet, np.float32), nodata=-1) for wet in amounts}
    for at in range(366 + 365):
        wet = 0.02 if at in {10, 366 + 10} else 0.05 if at == 200 else 0.0
        shutil.copy(written[wet], folder / f"rain_{at}.tif")
    call = ["--years", "2020", "2021", "--erosive", "15", "-o", str(tmp_path / "R.tif")]
    gep("erosivity", "--rain", f"{folder}[m]", *call)
    assert cells(tmp_path / "R.tif")[0, 0] == pytest.approx(0.3101 * 20**1.7265 + 0.3937 * 50**1.7265 / 2, rel=1e-6)
    del days


def test_years_of_days_in_one_file_cost_no_more_than_their_days(gep: Program, tmp_path: Path) -> None:
    """A file was opened, and what it says of all bands read, for each band: forty years of days would have taken hours."""
    file = write_days(tmp_path / "rain.tif", np.full((365 * 7 + 2, 2, 2), 20, dtype=np.float32))
    begun = time.process_time()
    gep("erosivity", "--rain", str(file), "--years", "2015", "2021", "-o", str(tmp_path / "R.tif"))
    assert time.process_time() - begun < 15  # 1.5 here, 190 before
    assert cells(tmp_path / "R.tif")[0, 0] == pytest.approx((0.3101 * 212.29 + 0.3937 * 153) * 20**1.7265, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("short", "mm", "2022"), "364 days are given"),
        (("", "", "2022"), "daily rain is in ''"),
        (("", "mm", "2020"), "the 366 days of 2020 to 2020"),
        (("", "m", "2022"), "rain of a day is"),
        (("", "kg", "2022"), "daily rain is in 'kg'"),
    ],
)
def test_wrong_rain_is_refused(
    gep: Program, tmp_path: Path, days: NDArray[np.float32], change: tuple[str, str, str], said: str
) -> None:
    short, unit, year = change
    file = write_days(tmp_path / "rain.tif", days[1:] if short else days, unit)
    done = gep("erosivity", "--rain", str(file), "--years", year, year, "-o", str(tmp_path / "R.tif"), code=2)
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "R.tif").exists()


def test_days_by_their_names_are_those_they_are_taken_for(gep: Program, tmp_path: Path) -> None:
    """365 files with one day twice and another missing are no year."""
    for at in range(365):
        day = date(2022, 1, 1) + timedelta(at)
        write_raster(tmp_path / f"chirps-v2.0.{day:%Y.%m.%d}.tif", np.full((1, 1), 20, dtype=np.float32), nodata=-9999)
    call = ["erosivity", "--rain", f"{tmp_path}/*.tif", "-o", str(tmp_path / "out" / "R.tif")]
    gep(*call, "--years", "2022", "2022")
    assert "day 1 is 2022-01-01\n  expected  2023-01-01" in gep(*call, "--years", "2023", "2023", code=2).stderr
    (tmp_path / "chirps-v2.0.2022.06.10.tif").rename(tmp_path / "chirps-v2.0.2022.06.09 (2).tif")
    assert "day 161 is 2022-06-09\n  expected  2022-06-10" in gep(*call, "--years", "2022", "2022", code=2).stderr


def test_fill_codes_of_any_day_are_refused_not_of_the_first_alone(gep: Program, tmp_path: Path) -> None:
    """65535 in steps of 0.01 mm would be a day of 655 mm."""
    folder = tmp_path / "days"
    folder.mkdir()
    wet, holes = np.full((2, 2), 2000, np.uint16), np.array([[2000, 65535], [2000, 2000]], np.uint16)
    plain = write_raster(tmp_path / "wet.tif", wet, nodata=0)
    for at in range(1, 366):
        shutil.copy(plain, folder / f"rain_{at:03}.tif")
    call = ["--rain", f"{folder}*0.01[mm]", "--years", "2022", "2022", "-o", str(tmp_path / "R.tif")]
    gep("erosivity", *call)
    assert cells(tmp_path / "R.tif")[0, 1] == pytest.approx((0.3101 * 212 + 0.3937 * 153) * 20**1.7265, rel=1e-6)
    (tmp_path / "R.tif").unlink()
    write_raster(folder / "rain_200.tif", holes, nodata=0)
    done = gep("erosivity", *call, code=2)
    assert "rain_200.tif: 65535 occurs, which" in " ".join(done.stderr.split())
    assert not (tmp_path / "R.tif").exists()
    write_raster(folder / "rain_200.tif", holes, nodata=65535)
    gep("erosivity", *call)
    assert np.isnan(cells(tmp_path / "R.tif")[0, 1])
    write_raster(folder / "rain_200.tif", np.zeros((2, 2), np.uint16))
    assert "0 occurs and the raster states no nodata value" in " ".join(gep("erosivity", *call, code=2).stderr.split())


def write_soil(folder: Path, **of: float) -> list[str]:
    shares = {"sand": 40.0, "silt": 40.0, "clay": 20.0, "carbon": 1.5, **of}
    options = []
    for name, value in shares.items():
        grid = np.array([[value, value], [value, -1]], dtype=np.float32)
        options += [f"--{name}", str(write_raster(folder / f"{name}.tif", grid, nodata=-1, unit="%"))]
    return options


def test_erodibility_is_that_of_a_hand_calculation(gep: Program, tmp_path: Path) -> None:
    gep("erodibility", *write_soil(tmp_path), "-o", str(tmp_path / "K.tif"))
    first = 0.2 + 0.3 * math.exp(-0.0256 * 40 * 0.6)
    second = (40 / 60) ** 0.3
    third = 1 - 0.25 * 1.5 / (1.5 + math.exp(3.72 - 2.95 * 1.5))
    fourth = 1 - 0.7 * 0.6 / (0.6 + math.exp(-5.51 + 22.9 * 0.6))
    found = cells(tmp_path / "K.tif")
    assert found[0, 0] == pytest.approx((-0.01383 + 0.51575 * first * second * third * fourth) * 0.1317, rel=1e-6)
    assert np.isnan(found[1, 1])


def test_soil_in_other_units_and_grids(gep: Program, tmp_path: Path) -> None:
    options = write_soil(tmp_path)
    gep("erodibility", *options, "-o", str(tmp_path / "one.tif"))
    options[1] = str(write_raster(tmp_path / "s.tif", np.full((2, 2), 400, np.float32), nodata=-1)) + "[g/kg]"
    options[7] = str(write_raster(tmp_path / "c.tif", np.full((4, 4), 150, np.int16), nodata=-1, step=500.0)) + "*0.1[g/kg]"
    gep("erodibility", *options, "-o", str(tmp_path / "two.tif"))
    assert cells(tmp_path / "two.tif")[0, 0] == pytest.approx(cells(tmp_path / "one.tif")[0, 0], rel=1e-6)


@pytest.mark.parametrize(
    ("of", "said"), [({"clay": 2.0}, "add up to 82 %"), ({"sand": 400.0}, "reaches 400"), ({"silt": 0.4}, "add up")]
)
def test_wrong_soil_is_refused(gep: Program, tmp_path: Path, of: dict[str, float], said: str) -> None:
    done = gep("erodibility", *write_soil(tmp_path, **of), "-o", str(tmp_path / "K.tif"), code=2)
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "K.tif").exists()


def test_slope_length_by_flow_is_that_of_a_plane(gep: Program, tmp_path: Path) -> None:
    step, rise = 30.0, math.tan(math.radians(12))
    plane = np.repeat(2000 - rise * step * np.arange(12.0)[:, None], 9, axis=1)
    dem = write_raster(tmp_path / "dem.tif", plane.astype(np.float32), step=step, nodata=-9999, unit="m")
    out = tmp_path / "LS.tif"
    gep("terrain", str(dem), "--slope-length", "flow", "--parts", "--longest", "100", "-o", str(out))
    area, slope, length = (cells(tmp_path / f"LS.{name}.tif") for name in ("contributing_area", "slope", "slope_length_factor"))
    assert slope[5, 4] == pytest.approx(12, rel=1e-5)
    assert area[5, 4] == pytest.approx(6 * 900 / 1e6, rel=1e-3)  # its own and five above
    sine = math.sin(math.radians(12))
    beta = sine / 0.089 / (3 * sine**0.8 + 0.56)
    m = beta / (1 + beta)
    for row in (1, 5, 10):
        above = min(math.sqrt(row * 900), 100) ** 2
        by_hand = ((above + 900) ** (m + 1) - above ** (m + 1)) / (30 ** (m + 2) * 22.13**m)
        assert length[row, 4] == pytest.approx(by_hand, rel=1e-3)
        assert cells(out)[row, 4] == pytest.approx(by_hand * (21.9 * sine - 0.96), rel=1e-3)


def test_a_barrier_ends_a_slope_length_and_another_begins(gep: Program, tmp_path: Path) -> None:
    plane = np.repeat(2000 - 6.0 * np.arange(12.0)[:, None], 9, axis=1)
    dem = write_raster(tmp_path / "dem.tif", plane.astype(np.float32), step=30.0, nodata=-9999, unit="m")
    marks = np.zeros((12, 9), np.uint8)
    marks[6, :7] = 1
    barriers = write_raster(tmp_path / "roads.tif", marks, step=30.0, nodata=255)
    call = ["terrain", str(dem), "--slope-length", "flow", "--parts", "-o", str(tmp_path / "LS.tif")]
    done = gep(*call, "--barriers", str(barriers)).stdout
    assert "slope lengths end at 7 pixels of" in done
    area, length = (cells(tmp_path / f"LS.{name}.tif") for name in ("contributing_area", "slope_length_factor"))
    rows = np.arange(11)  # along the edge it runs sideways
    assert area[:11, 3] * 1e6 / 900 == pytest.approx(np.where(rows < 6, rows + 1, np.maximum(rows - 6, 1)), rel=1e-3)
    assert area[:11, 8] * 1e6 / 900 == pytest.approx(rows + 1, rel=1e-3)
    assert length[7, 3] == pytest.approx(length[6, 3], rel=1e-4)
    assert length[8, 3] > 1.2 * length[7, 3]
    gep(*call)
    assert cells(tmp_path / "LS.contributing_area.tif")[10, 3] * 1e6 / 900 == pytest.approx(11, rel=1e-3)
    marks[0, 0] = 7
    for change, said in (
        ({"step": 15.0}, "it does not lie on the grid of"),
        ({"step": 30.0}, "a pixel is 7"),
        ({"step": 30.0, "nodata": 7}, ""),
    ):
        write_raster(barriers, marks, **change)  # type: ignore[arg-type]
        refused = gep(*call, "--barriers", str(barriers), code=2 if said else 0)
        assert said in refused.stderr
    assert np.isnan(cells(tmp_path / "LS.tif")[0, 0])
    write_raster(barriers, np.zeros((12, 9), np.uint8), step=30.0)
    assert "no pixel is 1" in gep(*call, "--barriers", str(barriers), code=2).stderr
    assert (
        "--barriers go with"
        in gep("terrain", str(dem), "--barriers", str(barriers), "-o", str(tmp_path / "LS.tif"), code=2).stderr
    )


def test_a_terrain_larger_than_memory_is_refused(gep: Program, tmp_path: Path) -> None:
    dem = write_raster(tmp_path / "dem.tif", np.zeros((2600, 2600), np.int16), step=30.0, nodata=-1, compress="deflate", unit="m")
    call = ("terrain", str(dem), "--slope-length", "flow", "--memory", "768", "-o", str(tmp_path / "LS.tif"))
    assert "takes 1,031 MB" in " ".join(gep(*call, code=2).stderr.split())
    gep("terrain", str(dem), "--parts", "-o", str(tmp_path / "LS.tif"), code=2)
