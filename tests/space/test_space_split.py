"""What land cover lumps is told apart by a second layer, pixel by pixel, or by stated shares, zone by zone; never by itself."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import shapely
from conftest import Program
from spaces import write_crosswalk, write_raster, write_zones

FOREST = {0: "other", 11: "evergreen_broadleaf_forest", 12: "deciduous_broadleaf_forest", 13: "bamboo_forest", 20: "marsh"}
LAND = np.array([[2, 2, 2, 2], [2, 2, 1, 1], [2, 2, 6, 6], [4, 4, 6, 6]], dtype=np.uint8)
SECOND = np.array([[11, 11, 12, 12], [13, 255, 11, 11], [0, 20, 20, 20], [11, 11, 0, 0]], dtype=np.uint8)
CLASSES = {1: "paddy", 2: "forest", 4: "grassland", 6: "wetland"}


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def areas(path: Path, code: str = "360725") -> dict[str, float]:
    return {row["ecosystem"]: float(row["value"]) for row in read(path) if (row["variable"], row["county"]) == ("area", code)}


@pytest.fixture
def call(tmp_path: Path) -> list[str]:
    land = write_raster(tmp_path / "land.tif", LAND, nodata=255)
    zones = write_zones(
        tmp_path / "zones.gpkg", {"360725": shapely.box(0, -4000, 4000, 0), "360724": shapely.box(0, -8000, 4000, -4000)}
    )
    tall = write_raster(tmp_path / "tall.tif", np.vstack([LAND, LAND]), nodata=255)
    write_crosswalk(tmp_path / "forest.csv", FOREST)
    one = write_zones(tmp_path / "one.gpkg", {"360725": shapely.box(0, -4000, 4000, 0)})
    del tall, zones
    classes = write_crosswalk(tmp_path / "classes.csv", CLASSES)
    return ["--land-cover", str(land), "--zones", str(one), "--classes", str(classes), "--year", "2022"]


def test_a_second_layer_divides_pixels_and_says_what_it_leaves(gep: Program, tmp_path: Path, call: list[str]) -> None:
    second = write_raster(tmp_path / "forest.tif", SECOND, nodata=255)
    out = tmp_path / "inputs.csv"
    done = gep("extract", *call, "--split", f"{second}|classes={tmp_path / 'forest.csv'}", "-o", str(out))
    found = areas(out)
    assert found["evergreen_broadleaf_forest"] == pytest.approx(2)  # of paddy and grassland nothing becomes forest
    assert found["deciduous_broadleaf_forest"] == pytest.approx(2)
    assert found["bamboo_forest"] == pytest.approx(1)
    assert found["marsh"] == pytest.approx(2)
    assert (found["paddy"], found["grassland"]) == pytest.approx((2, 2))
    assert found["unclassified"] == pytest.approx(5)  # forest: no data, other, marsh; wetland: two of class 0
    assert "forest" not in found
    assert sum(found.values()) == pytest.approx(16)
    said = " ".join(done.stdout.split())
    assert "5.0000 km² of classes that are divided have no narrower type there" in said
    row = next(one for one in read(out) if one["ecosystem"] == "bamboo_forest")
    assert "land.tif" in row["source"]
    assert "forest.tif" in row["source"]
    gep("run", str(out), "--store", gep.store)


def test_another_grid_takes_the_nearest_pixel_and_a_map_counts_by_the_narrower_types(
    gep: Program, tmp_path: Path, call: list[str]
) -> None:
    second = write_raster(tmp_path / "forest.tif", np.kron(SECOND, np.ones((4, 4), np.uint8)), nodata=255, step=250.0)
    rain = write_raster(tmp_path / "rain.tif", np.full((4, 4), 1600, np.float32), unit="mm/yr", nodata=-1)
    dry = write_raster(tmp_path / "et.tif", np.full((4, 4), 800, np.float32), unit="mm/yr", nodata=-1)
    split = ["--split", f"{second}|classes={tmp_path / 'forest.csv'}"]
    drivers = ["--driver", f"precipitation={rain}", "--driver", f"evapotranspiration={dry}"]
    gep("extract", *call, *split, *drivers, "-o", str(tmp_path / "inputs.csv"))
    assert areas(tmp_path / "inputs.csv")["bamboo_forest"] == pytest.approx(1)
    more = [
        "--inputs",
        str(tmp_path / "inputs.csv"),
        "--service",
        "water_conservation",
        "--no-pictures",
        "-o",
        str(tmp_path / "m"),
    ]
    gep("map", *call, *split, *drivers, *more)
    sums = next(one for one in read(tmp_path / "m" / "zonal_sums.csv") if one["unit"].startswith("m"))
    assert float(sums["area_counted_km2"]) >= 9
    assert float(sums["sum_of_pixels"]) > 0
    gep("map", *call, *drivers, *more)
    whole = next(one for one in read(tmp_path / "m" / "zonal_sums.csv") if one["unit"].startswith("m"))
    assert float(whole["area_without_result_km2"]) > float(
        sums["area_without_result_km2"]
    )  # forest alone has no runoff coefficient


def write_shares(path: Path, *rows: str) -> str:
    path.write_text("county,ecosystem,into,share,source\n" + "".join(f"{row}\n" for row in rows), "utf-8")
    return str(path)


def test_shares_divide_a_zone_and_the_nearest_unit_goes_first(gep: Program, tmp_path: Path, call: list[str]) -> None:
    table = write_shares(
        tmp_path / "shares.csv",
        "360725,森林,常绿阔叶林,75 %,县二类调查",
        "360725,forest,bamboo_forest,0.25,县二类调查",
        "36,wetland,marsh,1,湿地调查",
    )
    rain = write_raster(tmp_path / "rain.tif", np.full((4, 4), 1600, np.float32), unit="mm/yr", nodata=-1)
    out = tmp_path / "inputs.csv"
    done = gep("extract", *call, "--driver", f"precipitation={rain}", "--split-shares", table, "-o", str(out), "--lang", "zh")
    found = areas(out)
    assert found["evergreen_broadleaf_forest"] == pytest.approx(6)
    assert found["bamboo_forest"] == pytest.approx(2)
    assert found["marsh"] == pytest.approx(4)
    rows = [one for one in read(out) if one["ecosystem"] == "bamboo_forest"]
    assert {one["variable"]: float(one["value"]) for one in rows}["precipitation"] == 1600
    assert "0.25 of 8 km2 of forest" in next(one["note"] for one in rows if one["variable"] == "area")
    assert "按给定比例拆分" in done.stdout


def test_nothing_is_divided_by_itself_but_published_shares_are_told(gep: Program, tmp_path: Path, call: list[str]) -> None:
    said = " ".join(gep("extract", *call, "-o", str(tmp_path / "inputs.csv")).stdout.split())
    assert areas(tmp_path / "inputs.csv")["forest"] == pytest.approx(8)
    assert "for reference, never taken by itself" in said
    assert "bamboo 3.4 % of tree and bamboo forest, China" in said
    assert "moso bamboo 10.7 %" in said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("360725,forest,bamboo_forest,0.25,x",), "add up to 0.25"),
        (("360725,forest,paddy,1,x",), "paddy is no part of forest"),
        (("360725,forest,bamboo_forest,1.5,x",), "the share is '1.5'"),
        (("360725,forest,bamboo_forest,1,",), "has no source"),
        (("360724,forest,bamboo_forest,1,x",), "no zone has"),
        (("360725,shrub,sparse_shrub,1,x",), "no zone has"),
        (("360725,forest,bamboo_forest,0.5,x", "360725,forest,bamboo_forest,0.5,x"), "stands twice"),
    ],
)
def test_wrong_shares_are_refused(gep: Program, tmp_path: Path, call: list[str], rows: tuple[str, ...], said: str) -> None:
    table = write_shares(tmp_path / "shares.csv", *rows)
    done = gep("extract", *call, "--split-shares", table, "-o", str(tmp_path / "inputs.csv"), code=2)
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "inputs.csv").exists()


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        (
            {11: "evergreen_broadleaf_forest", 12: "deciduous_broadleaf_forest", 13: "bamboo_forest"},
            "has no row in its crosswalk",
        ),
        (dict.fromkeys(FOREST, "paddy"), "tells nothing apart"),
    ],
)
def test_wrong_second_layers_are_refused(
    gep: Program, tmp_path: Path, call: list[str], classes: dict[int, str], said: str
) -> None:
    second = write_raster(tmp_path / "forest.tif", SECOND, nodata=255)
    table = write_crosswalk(tmp_path / "second.csv", classes)
    done = gep("extract", *call, "--split", f"{second}|classes={table}", "-o", str(tmp_path / "inputs.csv"), code=2)
    assert said in " ".join(done.stderr.split())
