"""Fill codes of products and unmarked backgrounds are no figures, and the repair that is said is one that works."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
import shapely
from spaces import ALBERS, write_crosswalk, write_raster, write_zones

from gep.messages.problems import Problems
from gep.space.raster.fills import read_fill_values
from gep.space.runs import extract_inputs
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from pathlib import Path


def extract(folder: Path, driver: str) -> dict[tuple[str, str, str], float]:
    write_raster(folder / "land.tif", np.full((2, 2), 1, np.uint8), nodata=255)
    write_zones(folder / "zones.gpkg", {"360725": shapely.box(0, -2000, 2000, 0)})
    write_crosswalk(folder / "classes.csv", {1: "evergreen_broadleaf_forest"})
    extract_inputs(
        folder / "land.tif",
        folder / "zones.gpkg",
        folder / "inputs.csv",
        2022,
        str(folder / "classes.csv"),
        drivers=(driver,),
        accepted=[driver.partition("=")[0]],
    )
    rows = csv.DictReader((folder / "inputs.csv").read_text("utf-8").splitlines())
    return {(row["county"], row["variable"], row["ecosystem"]): float(row["value"]) for row in rows}


@pytest.mark.parametrize("row", read_fill_values(), ids=lambda row: row["product"])
def test_every_fill_code_is_refused_and_passes_once_it_is_marked(tmp_path: Path, row: dict[str, str]) -> None:
    assert set(row["variables"].split()) <= set(VARIABLES)
    assert row["mark"] == "K"
    variable = (row["variables"].split() or ["precipitation"])[0]
    kind = np.dtype((row["dtype"].split() or ["float32"])[0])
    codes = [float(row["low"]), float(row["high"])]
    for code in codes if abs(codes[0]) < 1e30 else [-3.4e38]:
        cells = np.array([[100, 120], [code, 110]], dtype=np.float64).astype(kind)
        unit = VARIABLES[variable].unit
        path = write_raster(tmp_path / "driver.tif", cells, unit=unit)
        with pytest.raises(Problems, match="occurs, which"):
            extract(tmp_path, f"{variable}={path}")
        with rasterio.open(path, "r+") as file:  # as gdal_edit.py -a_nodata does
            file.nodata = float(cells[1, 0])
        found = extract(tmp_path, f"{variable}={path}")
        assert found["360725", variable, "evergreen_broadleaf_forest"] == pytest.approx(110.0)


def test_one_marked_code_does_not_hide_another(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "npp.tif", np.array([[100, 32766], [32767, 120]], np.int16), nodata=32767, unit="t_C/km^2/yr")
    with pytest.raises(Problems, match="32766 occurs"):
        extract(tmp_path, f"npp_carbon={path}")


@pytest.mark.parametrize(
    ("kind", "code"), [(np.int16, 0), (np.uint8, 255), (np.int16, 32767), (np.uint16, 65535), (np.float32, 0), (np.float64, 0)]
)
def test_a_driver_without_nodata_is_asked_about_what_may_be_background(tmp_path: Path, kind: type, code: int) -> None:
    path = write_raster(tmp_path / "rain.tif", np.array([[100, 120], [code, 110]]).astype(kind), unit="mm/yr")
    with pytest.raises(Problems, match=f"{code} occurs"):
        extract(tmp_path, f"precipitation={path}")
    if code == 0:  # a figure: another nodata value says so
        with rasterio.open(path, "r+") as file:
            file.nodata = 254 if kind is np.uint8 else -9999
        assert extract(tmp_path, f"precipitation={path}")["360725", "precipitation", "evergreen_broadleaf_forest"] == 82.5


def test_a_year_without_rain_beside_another_nodata_value_is_said(tmp_path: Path) -> None:
    told = []
    for low in (0, 1):
        write_raster(tmp_path / "rain.tif", np.array([[100, 120], [low, 110]], np.float32), nodata=-9999, unit="mm/yr")
        extract(tmp_path, f"precipitation={tmp_path / 'rain.tif'}")
        told.append(
            extract_inputs(
                tmp_path / "land.tif",
                tmp_path / "zones.gpkg",
                tmp_path / "inputs.csv",
                2022,
                str(tmp_path / "classes.csv"),
                drivers=(f"precipitation={tmp_path / 'rain.tif'}",),
                accepted=["precipitation"],
            )[0]
        )
    assert "0 occurs in it: if that is the background, gdal_edit.py -a_nodata 0 FILE" in told[0]
    assert "0 occurs" not in told[1]


def test_a_driver_whose_nan_marks_no_data_may_hold_nothing(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "rain.tif", np.array([[100, 0], [np.nan, 110]], np.float32), unit="mm/yr")
    assert extract(tmp_path, f"precipitation={path}")["360725", "precipitation", "evergreen_broadleaf_forest"] == pytest.approx(
        70
    )


@pytest.mark.parametrize(("scale", "offset"), [(0.1, 0.0), (0.0001, 0.0), (1.0, 50.0), (0.1, -5.0)])
def test_scale_and_offset_of_the_file_are_applied(tmp_path: Path, scale: float, offset: float) -> None:
    path = write_raster(
        tmp_path / "rain.tif", np.full((2, 2), 12_000, np.int16), nodata=-32768, unit="mm/yr" if scale > 0.001 else "m/yr"
    )
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (scale,), (offset,)
    by = 1 if scale > 0.001 else 1000
    if 12_000 * scale + offset > 8000:
        with pytest.raises(Problems, match="precipitation reaches"):
            extract(tmp_path, f"precipitation={path}")
        return
    found = extract(tmp_path, f"precipitation={path}")
    assert found["360725", "precipitation", "evergreen_broadleaf_forest"] == pytest.approx((12_000 * scale + offset) * by)


TALL, WIDE = 40 * 1024, 1024
"""A raster of which the first look sees every second of forty places."""


@pytest.fixture(scope="module")
def tall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with land cover and rain of 42 million pixels, as whole numbers without and as floats with a nodata value."""
    folder = tmp_path_factory.mktemp("tall")
    write_crosswalk(folder / "classes.csv", {1: "evergreen_broadleaf_forest"})
    made = {
        "land.tif": (1, "uint8", 255, 0.0),
        "whole.tif": (1500, "uint16", None, 0.0),
        "floats.tif": (1500, "float32", -1, 0.0),
        "moved.tif": (1500, "uint16", None, 7.0),
    }
    for name, (value, kind, nodata, shift) in made.items():
        corner = rasterio.Affine(30, 0, shift, 0, -30, 0)
        about = {"driver": "GTiff", "width": WIDE, "height": TALL, "count": 1, "dtype": kind, "crs": ALBERS, "transform": corner}
        with rasterio.open(folder / name, "w", compress="deflate", zlevel=1, nodata=nodata, **about) as file:
            file.units = ("mm/yr",)
            file.write(np.full((TALL, WIDE), value, kind), 1)
    return folder


def extract_near(folder: Path, name: str, row: int, column: int, code: float) -> list[str]:
    """Plant a number into a raster, extract a zone around it, and take it out again."""
    x, y = column * 30.0, -row * 30.0
    write_zones(folder / "zones.gpkg", {"360725": shapely.box(x - 200, y - 200, x + 200, y + 200)})
    place = rasterio.windows.Window(column, row, 1, 1)
    with rasterio.open(folder / name, "r+") as file:
        before = file.read(1, window=place)
        file.write(np.full((1, 1), code).astype(before.dtype), 1, window=place)
    try:
        driver, classes = f"precipitation={folder / name}", str(folder / "classes.csv")
        return extract_inputs(
            folder / "land.tif",
            folder / "zones.gpkg",
            folder / "inputs.csv",
            2022,
            classes,
            drivers=(driver,),
            accepted=["precipitation"],
        )
    finally:
        with rasterio.open(folder / name, "r+") as file:
            file.write(before, 1, window=place)


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("whole.tif", 65535, "65535 occurs, which SoilGrids and others writes for no data"),
        ("whole.tif", 0, "0 occurs and the raster states no nodata value"),
        ("floats.tif", 3276.7, "3276\\.69995 occurs, which 16 bits times 0.1 writes for no data"),
        ("floats.tif", -9999, "-9999 occurs, which CHIRPS"),
        ("moved.tif", 65535, "65535 occurs, which SoilGrids and others writes for no data"),
        ("moved.tif", 0, "0 occurs and the raster states no nodata value"),
    ],
)
def test_a_code_where_the_first_look_sees_nothing_is_refused_by_the_run(tall: Path, name: str, code: float, told: str) -> None:
    rng = np.random.default_rng([int(abs(code)), len(name)])
    row, column = 1024 * (2 * int(rng.integers(0, 19)) + 1) + int(rng.integers(10, 1000)), int(rng.integers(10, 1000))
    with pytest.raises(Problems, match=told):
        extract_near(tall, name, row, column, code)


def test_a_zero_where_the_first_look_sees_nothing_is_told_beside_another_nodata_value(tall: Path) -> None:
    told = "\n".join(extract_near(tall, "floats.tif", 1024 * 3 + 77, 500, 0))
    assert "0 occurs in it: if that is the background, gdal_edit.py -a_nodata 0 FILE" in told
    assert "0 occurs" not in "\n".join(extract_near(tall, "floats.tif", 1024 * 3 + 77, 500, 1400))
