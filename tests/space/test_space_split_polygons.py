"""A second layer of polygons, or one over parcels of a survey, tells apart what is lumped: by areas, exactly; never by the last that is drawn."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from conftest import Program
from spaces import ALBERS, write_raster, write_zones

ZONE = shapely.box(0, -4000, 4000, 0)
CLASSES = {"1": "paddy", "2": "forest", "4": "grassland", "6": "wetland"}
LAND = np.array([[2, 2, 2, 2], [2, 2, 1, 1], [2, 2, 6, 6], [4, 4, 6, 6]], dtype=np.uint8)
TREES = {"毛竹": "bamboo_forest", "杉木": "evergreen_needleleaf_forest", "栎类": "deciduous_broadleaf_forest", "农地": "paddy"}
STANDS = {
    "毛竹": shapely.box(0, -1000, 2000, 0),
    "杉木": shapely.box(2000, -2000, 4000, 0),
    "农地": shapely.box(0, -4000, 1000, -2000),
}
PARCELS = {
    "0101": shapely.box(0, -1000, 4000, 0),
    "0301": shapely.box(0, -3000, 4000, -1000),
    "0302": shapely.box(0, -4000, 4000, -3000),
}


def write_classes(path: Path, classes: dict[str, str]) -> Path:
    path.write_text("code,ecosystem\n" + "".join(f"{code},{name}\n" for code, name in classes.items()), "utf-8")
    return path


def write_polygons(path: Path, shapes: list[tuple[str, shapely.Geometry]], field: str, **more: list[Any]) -> Path:
    columns = {field: [one for one, _ in shapes], **more}
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(np.array([one for _, one in shapes])),
        [np.array(values, dtype=object if isinstance(values[0], str) else float) for values in columns.values()],
        list(columns),
        geometry_type="Polygon",
        crs=ALBERS,
        driver={".gpkg": "GPKG", ".shp": "ESRI Shapefile"}[path.suffix],
        **({"encoding": "GB18030"} if path.suffix == ".shp" else {}),
    )
    return path


def areas(path: Path) -> dict[str, float]:
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return {row["ecosystem"]: float(row["value"]) for row in rows if row["variable"] == "area" and float(row["value"])}


@pytest.fixture
def call(tmp_path: Path) -> list[str]:
    land = write_raster(tmp_path / "land.tif", LAND, nodata=255)
    classes = write_classes(tmp_path / "classes.csv", CLASSES)
    write_classes(tmp_path / "trees.csv", TREES)
    zones = write_zones(tmp_path / "zones.gpkg", {"360725": ZONE})
    return ["--land-cover", str(land), "--zones", str(zones), "--classes", str(classes), "--year", "2022"]


@pytest.fixture
def parcels(tmp_path: Path, call: list[str]) -> list[str]:
    file = write_polygons(tmp_path / "dltb.gpkg", list(PARCELS.items()), "DLBM")
    return ["--land-cover", str(file), *call[2:4], *call[6:]]


@pytest.mark.parametrize("name", ["stands.gpkg", "stands.shp"])
def test_a_forest_map_of_polygons_divides_pixels(gep: Program, tmp_path: Path, call: list[str], name: str) -> None:
    stands = write_polygons(tmp_path / name, list(STANDS.items()), "SZ")
    out = tmp_path / "inputs.csv"
    done = gep("extract", *call, "--split", f"{stands}|field=SZ|classes={tmp_path / 'trees.csv'}", "-o", str(out))
    assert areas(out) == pytest.approx(
        {"bamboo_forest": 2, "evergreen_needleleaf_forest": 2, "unclassified": 4, "paddy": 2, "grassland": 2, "wetland": 4},
        rel=1e-6,
    )
    assert f"told apart by {name}" in " ".join(done.stdout.split()).replace(f"{tmp_path}/", "")
    assert "land.tif sha256:" in out.read_text("utf-8")
    assert f"divided by {name} sha256:" in out.read_text("utf-8")


def test_land_without_a_water_result_gets_one(gep: Program, tmp_path: Path, call: list[str]) -> None:
    stands = write_polygons(tmp_path / "stands.gpkg", list(STANDS.items()), "SZ")
    split = ["--split", f"{stands}|field=SZ|classes={tmp_path / 'trees.csv'}"]
    drivers: list[str] = []
    for name, value in (("precipitation", 1600), ("evapotranspiration", 800)):
        file = write_raster(tmp_path / f"{name}.tif", np.full((4, 4), value, np.float32), unit="mm/yr", nodata=-1)
        drivers += ["--driver", f"{name}={file}"]
    without = {}
    for at, more in enumerate(([], split)):
        out = tmp_path / f"m{at}"
        gep("map", *call, *more, *drivers, "--service", "water_conservation", "--no-pictures", "-o", str(out))
        sums = list(csv.DictReader((out / "zonal_sums.csv").read_text("utf-8").splitlines()))
        without[at] = {row["band"]: float(row["area_without_result_km2"]) for row in sums if row["unit"].startswith("m")}
    assert all(without[1][band] < without[0][band] for band in without[0])


def test_parcels_are_cut_by_polygons_and_stated_areas_divided(gep: Program, tmp_path: Path, parcels: list[str]) -> None:
    gross = [4e6, 8e6, 4e6]
    more: dict[str, list[Any]] = {"TBMJ": gross, "KCMJ": [4e5, 0.0, 0.0], "TBDLMJ": [3.6e6, 8e6, 4e6]}
    write_polygons(tmp_path / "dltb.gpkg", list(PARCELS.items()), "DLBM", **more)
    stands = write_polygons(
        tmp_path / "stands.gpkg",
        [
            ("毛竹", shapely.box(500, -1500, 1500, -500)),
            ("毛竹", shapely.box(1000, -1500, 2000, -1000)),
            ("栎类", shapely.box(3000, -3500, 4000, -2000)),
        ],
        "SZ",
    )
    out = tmp_path / "inputs.csv"
    split = ["--split", f"{stands}|field=SZ|classes={tmp_path / 'trees.csv'}"]
    gep("extract", *parcels, *split, "-o", str(out))
    # of 0301 (8 km²): bamboo 0.5 and 0.25 of it twice, oak 1; of 0302, which says itself that it is bamboo, nothing
    expected = {"paddy": 3.6, "arable": 0.4, "bamboo_forest": 4.75, "deciduous_broadleaf_forest": 1.0, "mixed_forest": 6.25}
    assert areas(out) == pytest.approx(expected, rel=1e-6)
    rain = write_raster(tmp_path / "rain.tif", np.full((4, 4), 1600, np.float32), unit="mm/yr")
    dry = write_raster(tmp_path / "et.tif", np.full((4, 4), 800, np.float32), unit="mm/yr")
    drivers = ["--driver", f"precipitation={rain}", "--driver", f"evapotranspiration={dry}"]
    gep("map", *parcels, *split, *drivers, "--service", "water_conservation", "-o", str(tmp_path / "m"))
    rows = list(csv.DictReader((tmp_path / "m" / "parcels.csv").read_text("utf-8-sig").splitlines()))
    assert sum(float(row["area_km2"]) for row in rows) == pytest.approx(16, rel=1e-6)
    oak = next(row for row in rows if row["ecosystem"] == "deciduous_broadleaf_forest")
    assert oak["class"] == "0301 乔木林地 / trees 栎类"
    shapes = pyogrio.raw.read(str(tmp_path / "m" / "parcels.gpkg"))[2]
    assert shapely.area(shapely.union_all(shapely.from_wkb(shapes))) == pytest.approx(16e6)


@pytest.mark.parametrize("step", [1000.0, -1000.0])
def test_a_raster_divides_parcels_by_exact_shares(gep: Program, tmp_path: Path, parcels: list[str], step: float) -> None:
    cells = np.array([[13, 13, 0], [13, 12, 255], [13, 12, 0]], dtype=np.uint8)  # three columns: nothing is known of the fourth
    second = write_raster(tmp_path / "trees.tif", cells, nodata=255, top=-500)
    if step < 0:
        import rasterio
        from rasterio import Affine

        with rasterio.open(second, "r+") as file:
            file.transform = Affine(1000, 0, 0, 0, 1000, -3500)
            file.write(cells[::-1], 1)
    table = write_classes(tmp_path / "second.csv", {"0": "other", "12": "deciduous_broadleaf_forest", "13": "bamboo_forest"})
    gep("extract", *parcels, "--split", f"{second}|classes={table}", "-o", str(tmp_path / "inputs.csv"))
    expected = {"paddy": 4, "bamboo_forest": 4 + 2 + 0.5, "deciduous_broadleaf_forest": 1.5, "mixed_forest": 4.0}
    assert areas(tmp_path / "inputs.csv") == pytest.approx(expected, rel=1e-6)


def test_shares_divide_trees_of_a_survey_and_are_added_to_what_is_there(gep: Program, tmp_path: Path, parcels: list[str]) -> None:
    table = tmp_path / "shares.csv"
    table.write_text(
        "county,ecosystem,into,share,source\n360725,mixed_forest,bamboo_forest,0.25,x\n360725,针阔混交林,mixed_forest,75 %,x\n",
        "utf-8",
    )
    rain = write_raster(
        tmp_path / "rain.tif", np.repeat(np.array([[1000], [1200], [1200], [1600]], np.float32), 4, 1), unit="mm/yr"
    )
    out = tmp_path / "inputs.csv"
    said = gep("extract", *parcels, "--driver", f"precipitation={rain}", "-o", str(out)).stdout
    assert "bamboo 3.4 % of tree and bamboo forest, China" in " ".join(said.split())
    gep("extract", *parcels, "--driver", f"precipitation={rain}", "--split-shares", str(table), "-o", str(out))
    assert areas(out) == pytest.approx({"paddy": 4, "bamboo_forest": 6, "mixed_forest": 6}, rel=1e-6)
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    means = {row["ecosystem"]: float(row["value"]) for row in rows if row["variable"] == "precipitation"}
    assert means["bamboo_forest"] == pytest.approx((4 * 1600 + 2 * 1200) / 6, rel=1e-6)
    gep("run", str(out), "--store", gep.store)


@pytest.mark.parametrize(
    ("shapes", "behind", "said"),
    [
        (list(STANDS.items()), "|classes=trees.csv", "nothing says what their classes are"),
        (list(STANDS.items()), "|field=SZ", "nothing says what their classes are"),
        (list(STANDS.items()), "|field=XX|classes=trees.csv", "there is no column 'XX'"),
        ([*STANDS.items(), ("火星", shapely.box(1000, -4000, 2000, -3000))], "|field=SZ|classes=trees.csv", "class 火星: 11.11%"),
        (
            [*STANDS.items(), ("栎类", shapely.box(1000, -1000, 2000, 0))],
            "|field=SZ|classes=trees.csv",
            "polygon 4 (deciduous_broadleaf_forest) overlaps polygon 1",
        ),
        ([("农地", ZONE)], "|field=SZ|classes=paddy.csv", "tells nothing apart"),
    ],
)
@pytest.mark.parametrize("of", ["call", "parcels"])
def test_wrong_polygons_are_refused(
    gep: Program, tmp_path: Path, request: pytest.FixtureRequest, of: str, shapes: list[tuple[str, Any]], behind: str, said: str
) -> None:
    start = request.getfixturevalue(of)
    write_classes(tmp_path / "paddy.csv", {"农地": "paddy"})
    stands = write_polygons(tmp_path / "stands.gpkg", shapes, "SZ")
    behind = behind.replace("classes=", f"classes={tmp_path}/")
    done = gep("extract", *start, "--split", f"{stands}{behind}", "-o", str(tmp_path / "inputs.csv"), code=2)
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "inputs.csv").exists()


WETLANDS = {"沼泽": "marsh", "湖泊": "lake"}
SMALL = [
    ("沼泽", shapely.box(2100, -2300, 2350, -2100)),  # 5 ha of a pixel of 1 km², away from its centre
    ("沼泽", shapely.box(2100, -3400, 2300, -3300)),  # with the next one 3 ha: 1 ha of it lies in both
    ("沼泽", shapely.box(2200, -3400, 2400, -3300)),
    ("湖泊", shapely.box(3200, -3900, 3440, -3650)),  # 6 ha, of which 2.5 lie west and 3.5 east of the border at 3300
]


def test_a_wetland_smaller_than_a_pixel_counts_its_true_area_in_each_zone(gep: Program, tmp_path: Path, call: list[str]) -> None:
    """By hand: two counties meet at 3300 m, so 2.6 and 1.4 km² of the land cover's four km² of wetland are theirs."""
    write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(0, -4000, 3300, 0), "360724": shapely.box(3300, -4000, 4000, 0)})
    table = write_classes(tmp_path / "wet.csv", WETLANDS)
    split = ["--split", f"{write_polygons(tmp_path / 'wet.gpkg', SMALL, 'LX')}|field=LX|classes={table}"]
    drivers: list[str] = []
    for name, value in (("precipitation", 1600), ("evapotranspiration", 800)):
        file = write_raster(tmp_path / f"{name}.tif", np.full((4, 4), value, np.float32), unit="mm/yr", nodata=-1)
        drivers += ["--driver", f"{name}={file}"]
    for more in ([], drivers):  # areas by runs of pixels, and pixel by pixel
        gep("extract", *call, *split, *more, "-o", str(tmp_path / "inputs.csv"))
        rows = list(csv.DictReader((tmp_path / "inputs.csv").read_text("utf-8").splitlines()))
        found = {(row["county"], row["ecosystem"]): float(row["value"]) for row in rows if row["variable"] == "area"}
        assert found["360725", "marsh"] == pytest.approx(0.05 + 0.03, rel=1e-6)
        assert found["360724", "marsh"] == 0
        assert found["360725", "lake"] == pytest.approx(0.025, rel=1e-6)
        assert found["360724", "lake"] == pytest.approx(0.035, rel=1e-6)
        assert found["360725", "unclassified"] == pytest.approx(2.6 - 0.105, rel=1e-6)
        assert found["360724", "unclassified"] == pytest.approx(1.4 - 0.035, rel=1e-6)
    gep("map", *call, *split, *drivers, "--service", "water_conservation", "--no-pictures", "-o", str(tmp_path / "m"))
    with rasterio.open(tmp_path / "m" / "water_conservation.volume.quantity.tif") as file:
        cells = file.read(1).astype(float)
    assert cells[2, 2] / cells[3, 2] == pytest.approx(5 / 3, rel=1e-6)
    assert np.isnan(cells[2, 3])  # wetland of which nothing more is known
    sums = list(csv.DictReader((tmp_path / "m" / "zonal_sums.csv").read_text("utf-8").splitlines()))
    of_zones = [float(row["sum_of_pixels"]) for row in sums if row["unit"].startswith("m")]
    assert np.nansum(cells) == pytest.approx(sum(of_zones), rel=1e-6)


def test_two_layers_of_polygons_divide_one_pixel(gep: Program, tmp_path: Path, call: list[str]) -> None:
    """By hand: 5 ha of marsh in one pixel of wetland; a later layer divides the forest beside it and leaves the marsh."""
    wet, table = write_polygons(tmp_path / "wet.gpkg", SMALL[:1], "LX"), write_classes(tmp_path / "wet.csv", WETLANDS)
    trees = write_polygons(tmp_path / "trees.gpkg", [("毛竹", shapely.box(1600, -2350, 2200, -1700))], "SZ")
    split = ["--split", f"{wet}|field=LX|classes={table}", "--split", f"{trees}|field=SZ|classes={tmp_path / 'trees.csv'}"]
    for order in (split, [*split[2:], *split[:2]]):
        gep("extract", *call, *order, "-o", str(tmp_path / "inputs.csv"))
        bamboo = 0.4 * 0.65  # what of it lies on forest: west of 2000, the pixels north and south of 2000
        found = areas(tmp_path / "inputs.csv")
        assert found == pytest.approx(
            {"bamboo_forest": bamboo, "marsh": 0.05, "unclassified": 8 - bamboo + 4 - 0.05, "paddy": 2, "grassland": 2}, rel=1e-6
        )


@pytest.mark.parametrize("own", [False, True])
def test_what_became_of_parts_of_pixels_agrees_with_both_years(gep: Program, tmp_path: Path, call: list[str], own: bool) -> None:
    """By hand: the pixel with 5 ha of marsh becomes paddy, so the marsh does; the lake at the border stays, or is marsh by a later survey."""
    write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(0, -4000, 3300, 0), "360724": shapely.box(3300, -4000, 4000, 0)})
    later = LAND.copy()
    later[2, 2] = 1
    files = {"opening": tmp_path / "land.tif", "closing": write_raster(tmp_path / "later.tif", later, nodata=255)}
    table = write_classes(tmp_path / "wet.csv", WETLANDS)
    first = f"{write_polygons(tmp_path / 'wet.gpkg', SMALL, 'LX')}|field=LX|classes={table}"
    again = [("沼泽", shapely.box(3200, -3900, 3500, -3650))]
    second = f"{write_polygons(tmp_path / 'again.gpkg', again, 'LX')}|field=LX|classes={table}" if own else first
    years = ["--opening", str(files["opening"]), "--closing", str(files["closing"]), "--years", "2021", "2022"]
    split = ["--split", first, *(["--closing-split", second] if own else [])]
    gep("transitions", *years, *call[2:6], *split, "--no-pictures", "-o", str(tmp_path / "t"))
    rows = list(csv.DictReader((tmp_path / "t" / "transitions.csv").read_text("utf-8-sig").splitlines()))
    for side, name, by, year in (("from", "opening", first, "2021"), ("to", "closing", second, "2022")):
        out = tmp_path / f"{name}.csv"
        gep("extract", "--land-cover", str(files[name]), *call[2:6], "--split", by, "--year", year, "-o", str(out))
        sums: dict[tuple[str, str], float] = {}
        for row in rows:
            key = (row["county"], row[side])
            sums[key] = sums.get(key, 0.0) + float(row["area"])
        stated = {
            (row["county"], row["ecosystem"]): float(row["value"])
            for row in csv.DictReader(out.read_text("utf-8").splitlines())
            if row["variable"] == "area"
        }
        assert {key: one for key, one in sums.items() if one} == pytest.approx({key: one for key, one in stated.items() if one})
    moved = {(row["county"], row["from"], row["to"]): float(row["area"]) for row in rows if float(row["area"])}
    assert moved["360725", "marsh", "paddy"] == pytest.approx(0.05, rel=1e-6)
    if own:
        assert moved["360725", "lake", "marsh"] == pytest.approx(0.025, rel=1e-6)
        assert moved["360724", "lake", "marsh"] == pytest.approx(0.035, rel=1e-6)
        assert moved["360724", "unclassified", "marsh"] == pytest.approx(0.015, rel=1e-6)
        assert ("360724", "lake", "unclassified") not in moved
    else:
        assert moved["360725", "marsh", "marsh"] == pytest.approx(0.03, rel=1e-6)
        assert moved["360725", "lake", "lake"] == pytest.approx(0.025, rel=1e-6)
        assert moved["360724", "lake", "lake"] == pytest.approx(0.035, rel=1e-6)
        assert ("360725", "marsh", "unclassified") not in moved
