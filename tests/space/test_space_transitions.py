"""Two years of land cover become a transition matrix that the extent account takes, and that agrees with extracted areas."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from conftest import Program
from numpy.typing import NDArray
from spaces import write_crosswalk, write_raster, write_zones

CLASSES = {1: "forest", 2: "paddy", 3: "lake", 4: "paddy"}
RNG = np.random.default_rng(5)
BEFORE = RNG.integers(1, 5, (60, 50)).astype(np.uint8)
AFTER = np.where(RNG.random((60, 50)) < 0.3, RNG.integers(1, 5, (60, 50)), BEFORE).astype(np.uint8)
ZONES = {
    "360725": shapely.Polygon([(500, -300), (27_250, -2_100), (23_100, -51_000), (1_300, -59_000)]),
    "360724": shapely.Polygon([(28_000, -1_000), (49_000, -4_000), (47_000, -58_700), (24_000, -51_000)]),
}


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def start(folder: Path, before: NDArray[np.uint8], after: NDArray[np.uint8], **more: float) -> list[str]:
    opening = write_raster(folder / "a.tif", before, nodata=255)
    closing = write_raster(folder / "b.tif", after, nodata=255, **more)  # type: ignore[arg-type]
    zones = write_zones(folder / "zones.gpkg", ZONES)
    classes = write_crosswalk(folder / "classes.csv", CLASSES)
    options = {"--opening": opening, "--closing": closing, "--zones": zones, "--classes": classes, "-o": folder / "out"}
    return ["transitions", *(str(part) for pair in options.items() for part in pair), "--years", "2015", "2020"]


def test_the_matrix_adds_up_to_what_is_extracted_and_the_extent_account_takes_it(gep: Program, tmp_path: Path) -> None:
    before, after = BEFORE.copy(), AFTER.copy()
    after[20, 20:23] = 255
    done = gep(*start(tmp_path, before, after))
    assert "3.0000 km² have data in one of the years only" in done.stdout
    matrix = read(tmp_path / "out" / "transitions.csv")
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    for name, year, side in (("a", 2015, "from"), ("b", 2020, "to")):
        options = {"--land-cover": f"{name}.tif", "--zones": "zones.gpkg", "--classes": "classes.csv", "-o": f"inputs/{year}.csv"}
        gep(
            "extract",
            *(str(tmp_path / part) if part[0] != "-" else part for pair in options.items() for part in pair),
            "--year",
            str(year),
        )
        areas = {
            (one["county"], one["ecosystem"]): float(one["value"])
            for one in read(inputs / f"{year}.csv")
            if one["variable"] == "area"
        }
        sums: dict[tuple[str, str], float] = {}
        for row in matrix:
            sums[row["county"], row[side]] = sums.get((row["county"], row[side]), 0.0) + float(row["area"])
        assert {key: value for key, value in sums.items() if value} == pytest.approx(
            {key: value for key, value in areas.items() if value}
        )
    file = str(tmp_path / "out" / "transitions.csv")
    alone = json.loads(gep("assets", "extent", "--matrix", file, "--zone", "360725", "--format", "json").stdout)
    extents = {
        one["id"]: one
        for one in read(tmp_path / "out" / "extent.csv")
        if (one["county"], one["level"]) == ("360725", "ecosystem")
    }
    assert {row["type"]: row["closing"] for row in alone["types"]} == pytest.approx(
        {name: 100 * float(one["closing"]) for name, one in extents.items()}
    )
    gep("run", str(inputs), "--store", gep.store)
    both = gep("assets", "extent", "360724", "2015", "2020", "--transitions", file, "--store", gep.store)
    assert "Paddy" in both.stdout


def test_areas_by_class_are_those_of_the_pixels_and_the_raster_names_each_change(gep: Program, tmp_path: Path) -> None:
    before = np.full((60, 50), 1, dtype=np.uint8)
    after = before.copy()
    after[10:12, 10:15], after[30, 5] = 2, 4
    gep(*start(tmp_path, before, after))
    rows = read(tmp_path / "out" / "transitions_by_class.csv")
    found = {(one["from_class"], one["to_class"]): float(one["area"]) for one in rows if one["county"] == "360725"}
    assert found["1", "2"] == pytest.approx(10.0)
    assert found["1", "4"] == pytest.approx(1.0)
    extent = {(one["level"], one["id"]): one for one in read(tmp_path / "out" / "extent.csv") if one["county"] == "360725"}
    assert float(extent["ecosystem", "paddy"]["additions"]) == pytest.approx(11.0)
    assert float(extent["ecosystem", "forest"]["reductions"]) == pytest.approx(11.0)
    assert float(extent["class", "4"]["closing"]) == pytest.approx(1.0)
    with rasterio.open(tmp_path / "out" / "change.tif") as file:
        cells, tags = file.read(1), file.tags()
    types = dict(one.split(": ")[::-1] for one in tags["TYPES"].split("; "))
    assert cells[10, 10] == 1 + 100 * int(types["forest"]) + int(types["paddy"])
    assert np.isnan(cells[0, 48])
    assert (tmp_path / "out" / "change.svg").is_file()


def test_another_grid_and_wider_types_are_told(gep: Program, tmp_path: Path) -> None:
    call = start(tmp_path, BEFORE, np.kron(AFTER, np.ones((2, 2), np.uint8)), step=500.0)
    narrow = {1: "evergreen_broadleaf_forest", 2: "paddy", 3: "lake", 4: "dry_cropland"}
    call += ["--closing-classes", str(write_crosswalk(tmp_path / "narrow.csv", narrow)), "--no-pictures"]
    said = " ".join(gep(*call).stdout.split())
    assert "the closing land cover has another grid" in said
    assert "does not tell apart evergreen_broadleaf_forest" in said
    assert "two products" in said
    matrix = read(tmp_path / "out" / "transitions.csv")
    assert {row["to"] for row in matrix} == {"forest", "paddy", "dry_cropland", "lake"}
    stayed = sum(float(row["area"]) for row in matrix if row["from"] == row["to"] == "forest")
    inside = sum(float(row["area"]) for row in matrix)
    assert stayed / inside == pytest.approx(((BEFORE == 1) & (AFTER == 1)).mean(), abs=0.02)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--years", "2020", "2015"), "the earlier year first"),
        (("--closing", "none.tif"), "there is no such file"),
        (("--classes", "worldcover"), "classes have no row"),
    ],
)
def test_wrong_calls_leave_nothing(gep: Program, tmp_path: Path, change: tuple[str, ...], said: str) -> None:
    call = start(tmp_path, BEFORE, AFTER)
    at = call.index(change[0])
    call[at : at + len(change)] = change
    assert said in " ".join(gep(*call, code=2).stderr.split())
    assert not (tmp_path / "out").exists()


def test_a_matrix_of_several_zones_asks_for_one(gep: Program, tmp_path: Path) -> None:
    gep(*start(tmp_path, BEFORE, AFTER), "--no-pictures")
    file = str(tmp_path / "out" / "transitions.csv")
    assert "the matrix is of 2 zones" in gep("assets", "extent", "--matrix", file, code=2).stderr
    assert "no row is of 360700" in gep("assets", "extent", "--matrix", file, "--zone", "360700", code=2).stderr
    plain = tmp_path / "plain.csv"
    plain.write_text("from,to,area,source\npaddy,paddy,1,x\n", "utf-8")
    assert "no row is of 360725" in gep("assets", "extent", "--matrix", str(plain), "--zone", "360725", code=2).stderr


def test_a_second_layer_divides_both_years_or_each_by_its_own(gep: Program, tmp_path: Path) -> None:
    called = start(tmp_path, BEFORE, AFTER)
    forests = write_raster(
        tmp_path / "forests.tif", np.repeat([[1, 2]], 60, axis=0).repeat(25, axis=1).astype(np.uint8), nodata=0
    )
    names = write_crosswalk(tmp_path / "forests.csv", {1: "bamboo_forest", 2: "evergreen_needleleaf_forest"})
    split = ["--split", f"{forests}|classes={names}"]
    done = gep(*called, *split)
    assert "told apart by" in done.stdout
    rows = [row for row in read(tmp_path / "out" / "transitions.csv") if float(row["area"])]
    assert {"bamboo_forest", "evergreen_needleleaf_forest"} <= {row["from"] for row in rows} & {row["to"] for row in rows}
    assert "forest" not in {row["from"] for row in rows} | {row["to"] for row in rows}
    for name, year, side in (("a", "2015", "from"), ("b", "2020", "to")):
        files = {"--land-cover": f"{name}.tif", "--zones": "zones.gpkg", "--classes": "classes.csv", "-o": f"{name}.csv"}
        gep("extract", *(part for key, file in files.items() for part in (key, str(tmp_path / file))), "--year", year, *split)
        sums = dict.fromkeys({(row["county"], row[side]) for row in rows}, 0.0)
        for row in rows:
            sums[row["county"], row[side]] += float(row["area"])
        extracted = {
            (row["county"], row["ecosystem"]): float(row["value"])
            for row in read(tmp_path / f"{name}.csv")
            if row["variable"] == "area" and float(row["value"])
        }
        assert sums == pytest.approx(extracted)
    later = write_raster(tmp_path / "later.tif", np.full((60, 50), 1, np.uint8), nodata=0)
    gep(*called, *split, "--closing-split", f"{later}|classes={names}")
    rows = [row for row in read(tmp_path / "out" / "transitions.csv") if float(row["area"])]
    assert {row["to"] for row in rows if "forest" in row["to"]} == {"bamboo_forest"}
    assert {row["from"] for row in rows if "forest" in row["from"]} == {"bamboo_forest", "evergreen_needleleaf_forest"}
