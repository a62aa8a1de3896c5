"""Pixel accounts: the same rules as the county account, the same sums where a rule is linear, the difference where not."""

from __future__ import annotations

import csv
import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from conftest import ROOT, Program
from languages import left_in_english
from spaces import write_crosswalk, write_raster, write_zones

from gep.messages.problems import Problems
from gep.rules.catalogue import COEFFICIENTS
from gep.space.mapping import make_maps
from gep.space.maps.accounts import compare_sums
from gep.space.maps.degree import AREA, NotPerArea, find_area_degree
from gep.space.maps.furniture import fit_line, name_land_cover
from gep.space.maps.picture import name_layer
from gep.space.maps.sheet import find_steps
from gep.space.raster.blocks import Work
from gep.space.soil.terrain import compute_slope_factor, write_slope_factor
from gep.standards.plan import make_plan
from gep.standards.standard import list_shipped_standards, load_standard
from gep.variables.catalogue import VARIABLES

CLASSES = {1: "evergreen_broadleaf_forest", 2: "paddy", 3: "tussock", 4: "urban"}
LOCAL = """county,year,variable,ecosystem,pollutant,product,value,unit,source,note
360725,2022,practice_factor,,,,0.5,1,a,
360724,2022,practice_factor,,,,0.4,1,a,
360725,2022,hot_days,,,,90,d,a,
360724,2022,hot_days,,,,100,d,a,
360725,2022,npp_to_nep_ratio,,,,0.2,1,a,
360724,2022,npp_to_nep_ratio,,,,0.25,1,a,
360725,2022,transpiration_heat,,,,3000,kJ/m2/d,a,
360724,2022,transpiration_heat,,,,2500,kJ/m2/d,a,
360725,2022,pollutant_uptake,,SO2,,9,t/km2/yr,a,
360724,2022,pollutant_uptake,,SO2,,8,t/km2/yr,a,
360725,2022,pollutant_uptake,,NOx,,0.5,t/km2/yr,a,
360724,2022,pollutant_uptake,,NOx,,0.4,t/km2/yr,a,
360725,2022,pollutant_uptake,,dust,,20,t/km2/yr,a,
360724,2022,pollutant_uptake,,dust,,21,t/km2/yr,a,
"""
STANDARD = ROOT / "inputs/jiangxi-2019-space/standard.yaml"
LEAVES = {**VARIABLES, **COEFFICIENTS}
SERVICES = ("water_conservation", "soil_retention", "carbon_sequestration", "climate_regulation", "air_purification")


@pytest.fixture(scope="module")
def landscape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two counties with a slanting border over four classes and rasters of every driver the five services need."""
    folder = tmp_path_factory.mktemp("landscape")
    rng = np.random.default_rng(11)
    shape = (60, 50)
    write_raster(folder / "land.tif", rng.integers(1, 5, shape).astype(np.uint8), nodata=255)
    cut = [(0, 0), (21_333, -15_071.5), (30_111, -33_001), (25_000, -60_000)]
    write_zones(
        folder / "zones.gpkg",
        {
            "360725": shapely.Polygon([*cut, (0, -60_000)]),
            "360724": shapely.Polygon([*cut[::-1], (50_000, 0), (50_000, -60_000)]),
        },
    )
    write_crosswalk(folder / "classes.csv", CLASSES)
    (folder / "local.csv").write_text(LOCAL, "utf-8")
    for name, low, high in (
        ("precipitation", 1200, 2000),
        ("evapotranspiration", 600, 1000),
        ("rainfall_erosivity", 4000, 9000),
        ("soil_erodibility", 0.02, 0.05),
        ("slope_factor", 0.5, 12),
        ("cover_factor", 0.01, 0.3),
        ("npp_dry_matter", 800, 1900),
    ):
        write_raster(folder / f"{name}.tif", rng.uniform(low, high, shape).astype(np.float32), unit=LEAVES[name].unit)
    return folder


def drivers(folder: Path, *names: str) -> tuple[str, ...]:
    return tuple(f"{name}={folder / name}.tif" for name in names)


WATER = ("precipitation", "evapotranspiration")
SOIL = ("rainfall_erosivity", "soil_erodibility", "slope_factor", "cover_factor")


def mapped(
    folder: Path, output: Path, *services: str, given: tuple[str, ...], **more: Any
) -> dict[tuple[str, str, str], dict[str, str]]:
    make_maps(
        folder / "land.tif",
        folder / "zones.gpkg",
        services,
        output,
        2022,
        inputs=[folder / "local.csv"],
        standard=str(STANDARD),
        classes=str(folder / "classes.csv"),
        drivers=drivers(folder, *given),
        **{"pictures": False, **more},
    )
    rows = csv.DictReader((output / "zonal_sums.csv").read_text("utf-8").splitlines())
    return {(row["county"], row["layer"], row["band"]): row for row in rows}


def test_sums_equal_the_county_account_where_the_rule_is_linear(landscape: Path, tmp_path: Path) -> None:
    found = mapped(
        landscape,
        tmp_path,
        "water_conservation",
        "carbon_sequestration",
        "climate_regulation",
        "air_purification",
        given=(*WATER, "npp_dry_matter"),
    )
    layers = {layer for _, layer, _ in found}
    assert {"water_conservation.volume.quantity", "water_conservation.value", "carbon_sequestration.amount.quantity"} <= layers
    assert {band for _, layer, band in found if layer == "air_purification.amount.quantity"} == {"SO2", "NOx", "dust"}
    for row in found.values():
        assert float(row["sum_of_pixels"]) == pytest.approx(float(row["county_account"]), rel=1e-9), row
        assert float(row["sum_of_pixels"]) > 0
        assert float(row["area_without_result_km2"]) == 0


def test_the_difference_is_reported_where_the_rule_multiplies_drivers(landscape: Path, tmp_path: Path) -> None:
    found = mapped(landscape, tmp_path, "soil_retention", given=SOIL, also=("soil_retention.amount",))
    gaps = [abs(float(row["relative_difference"])) for row in found.values()]
    assert min(gaps) > 1e-4  # means of R, K, LS and C multiplied are not the mean of their products
    assert max(gaps) < 0.2
    row = found["360725", "soil_retention.amount.quantity", ""]
    assert float(row["difference"]) == pytest.approx(float(row["sum_of_pixels"]) - float(row["county_account"]), rel=1e-6)


def test_every_pixel_is_what_the_rule_says_by_hand(landscape: Path, tmp_path: Path) -> None:
    mapped(landscape, tmp_path, "water_conservation", "soil_retention", given=(*WATER, *SOIL), also=("soil_retention.amount",))
    read = {path.stem: rasterio.open(path) for path in [*landscape.glob("*.tif"), *tmp_path.glob("*.tif")]}
    cells = {name: file.read(1).astype(np.float64) for name, file in read.items()}
    land = cells["land"]
    forest = land == 1
    west = np.zeros(land.shape, dtype=bool)
    west[25:, :20] = True  # all of it in 360725
    water = 1000 * (cells["precipitation"] * (1 - 0.0465) - cells["evapotranspiration"])
    found = cells["water_conservation.volume.quantity"]
    np.testing.assert_allclose(found[forest], water[forest], rtol=1e-6)
    assert np.isnan(found[(land == 2) | (land == 4)]).all()  # paddy and urban are not counted by the standard
    soil = (
        100 * cells["rainfall_erosivity"] * cells["soil_erodibility"] * cells["slope_factor"] * (1 - cells["cover_factor"] * 0.5)
    )
    np.testing.assert_allclose(cells["soil_retention.amount.quantity"][forest & west], soil[forest & west], rtol=1e-6)
    for file in read.values():
        file.close()


def test_rasters_are_cloud_optimized_and_say_what_they_are(landscape: Path, tmp_path: Path) -> None:
    mapped(landscape, tmp_path, "water_conservation", given=WATER, pictures=True)
    with rasterio.open(tmp_path / "water_conservation.volume.quantity.tif") as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.tags()["FORMULA"] == "Q_wr,i = A_i × (P_i − R_i − ET_i)"
        assert file.tags()["UNIT"] == "m^3/yr per pixel"
        assert "precipitation.tif sha256:" in file.tags()["DRIVERS"]
        assert file.units == ("m^3/yr per pixel",)
    from PIL import Image

    with Image.open(tmp_path / "water_conservation.volume.quantity.png") as picture:
        assert len(set(picture.convert("RGB").get_flattened_data())) > 50
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "水源涵养量" in page
    assert "不是已入库的核算结果" in page
    assert left_in_english(re.sub("<[^>]*>", " ", page.partition("</style>")[2])) == []


def test_a_raster_per_km2_stands_beside_and_tags_name_what_its_layer_used(landscape: Path, tmp_path: Path) -> None:
    mapped(
        landscape, tmp_path / "out", "water_conservation", "soil_retention", given=(*WATER, *SOIL), also=["soil_retention.amount"]
    )
    name = "water_conservation.volume.quantity"
    with (
        rasterio.open(tmp_path / "out" / f"{name}.tif") as cells,
        rasterio.open(tmp_path / "out" / f"{name}.per_km2.tif") as over,
    ):
        assert over.units == ("m^3/km^2/yr",)
        assert over.tags()["UNIT"] == "m^3/km^2/yr"
        np.testing.assert_allclose(over.read(1), cells.read(1), rtol=1e-5)  # pixels of 1 km²
        assert [one for one in (*WATER, *SOIL) if one in cells.tags()["DRIVERS"]] == list(WATER)
    with rasterio.open(tmp_path / "out" / "soil_retention.amount.quantity.tif") as file:
        assert [one for one in (*WATER, *SOIL) if one in file.tags()["DRIVERS"]] == list(SOIL)


def test_a_folder_holds_the_maps_of_one_run(landscape: Path, tmp_path: Path) -> None:
    mapped(landscape, tmp_path / "out", "water_conservation", given=WATER, pictures=True)
    mapped(landscape, tmp_path / "out", "soil_retention", given=SOIL, also=["soil_retention.amount"])
    assert not [
        one.name
        for one in (tmp_path / "out").iterdir()
        if one.name.startswith("water") or one.suffix in {".png", ".svg", ".html"}
    ]
    before = {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()}
    with pytest.raises(Problems):
        mapped(landscape, tmp_path / "out", "water_conservation", given=SOIL)
    assert {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()} == before


def test_maps_are_cropped_to_the_zones_and_say_the_same(landscape: Path, tmp_path: Path) -> None:
    whole = mapped(landscape, tmp_path / "whole", "water_conservation", given=WATER)
    for path in landscape.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(10_300, -30_200, 20_700, -20_100)})
    part = mapped(tmp_path, tmp_path / "part", "water_conservation", given=WATER)
    assert part.keys() < whole.keys()
    name = "water_conservation.volume.quantity.tif"
    with rasterio.open(tmp_path / "part" / name) as file, rasterio.open(tmp_path / "whole" / name) as large:
        assert (file.height, file.width) == (11, 11)
        assert file.bounds == rasterio.coords.BoundingBox(10_000, -31_000, 21_000, -20_000)
        np.testing.assert_array_equal(file.read(1)[1:-1, 1:-1], large.read(1)[21:30, 11:20])


def test_a_hole_in_a_driver_is_missing_and_not_zero(landscape: Path, tmp_path: Path) -> None:
    with rasterio.open(landscape / "precipitation.tif") as file:
        rain = file.read(1)
    for path in landscape.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    rain[10:20, 10:20] = -9
    write_raster(tmp_path / "precipitation.tif", rain, nodata=-9, unit="mm/yr")
    found = mapped(tmp_path, tmp_path / "out", "water_conservation", given=WATER, least_cover=99.9)
    rows = [found[county, "water_conservation.volume.quantity", ""] for county in ("360724", "360725")]
    with rasterio.open(tmp_path / "land.tif") as file:
        lost = np.isin(file.read(1)[10:20, 10:20], [1, 3]).sum()
    assert sum(float(row["area_without_result_km2"]) for row in rows) == pytest.approx(lost)
    assert {row["state"] for row in rows} == {"part"}
    assert all(row["county_account"] == "" for row in rows)  # below the share that is demanded
    found = mapped(tmp_path, tmp_path / "taken", "water_conservation", given=WATER, accepted=["precipitation"])
    assert all(float(found[row["county"], row["layer"], ""]["difference"]) < 0 for row in rows)


def test_small_blocks_give_the_same_bytes_as_large_ones_and_more_threads(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    shape = (1200, 1100)
    write_raster(tmp_path / "land.tif", rng.integers(1, 5, shape).astype(np.uint8), nodata=255, step=100.0, tiled=True)
    write_zones(tmp_path / "zones.gpkg", {"360725": shapely.Point(55_000, -60_000).buffer(50_000)})
    write_crosswalk(tmp_path / "classes.csv", CLASSES)
    (tmp_path / "local.csv").write_text(LOCAL, "utf-8")
    for name in WATER:
        write_raster(
            tmp_path / f"{name}.tif", rng.uniform(700, 900, shape).astype(np.float32), step=100.0, unit="mm/yr", tiled=True
        )
    written = []
    for threads in (1, 2):
        mapped(tmp_path, tmp_path / f"out{threads}", "water_conservation", given=WATER, threads=threads, memory=768)
        written.append({path.name: path.read_bytes() for path in (tmp_path / f"out{threads}").iterdir()})
    assert written[0] == written[1]
    assert len(written[0]) == 6


@pytest.mark.parametrize("name", list_shipped_standards())
def test_rates_and_totals_are_told_apart_in_every_standard(name: str) -> None:
    plan = make_plan(load_standard(name))
    steps = {step.rule.id: step for step in plan.steps}
    degrees = {}
    for rule, step in steps.items():
        try:
            degrees[rule] = find_area_degree(step.rule, steps, None)
        except NotPerArea:
            degrees[rule] = -1
    assert degrees
    assert degrees.get("water_conservation.volume", 1) == 1  # not every standard counts it
    assert degrees.get("reservoir.unit_cost", 0) == 0
    assert degrees.get("climate_regulation.evaporation", 0) == 0  # cubic metres of the whole county
    if name == "hj1173-2021":
        assert degrees["soil_retention.potential"] == 1
    assert AREA == "area"


def test_services_that_are_no_amount_per_area_are_refused_with_the_way_out(gep: Program, landscape: Path, tmp_path: Path) -> None:
    said = gep(
        "map",
        "--land-cover",
        str(landscape / "land.tif"),
        "--zones",
        str(landscape / "zones.gpkg"),
        "--year",
        "2022",
        "--classes",
        str(landscape / "classes.csv"),
        "--service",
        "carbon_sequestration",
        "--service",
        "soil_retention",
        "--service",
        "hydropower",
        "-o",
        str(tmp_path / "out"),
        code=2,
    ).stderr
    assert "carbon_sequestration cannot be mapped: carbon_sequestration.amount: by nep it is a total of the county" in said
    assert "carbon_sequestration.amount: npp_ratio" in said
    assert re.search(r"soil_retention\.silt needs .*slope_factor, soil_erodibility", said)
    assert "ndrc-2022 does not count 'hydropower'" in said
    assert not (tmp_path / "out").exists()


def test_a_plane_has_the_slope_factor_of_its_slope() -> None:
    for degrees, steepness, power in ((2.5, 10.8, 0.3), (8.0, 16.8, 0.5), (20.0, 21.91, 0.5)):
        rise = np.tan(np.radians(degrees)) * 30
        heights = np.add.outer(np.zeros(6), np.arange(7) * rise)
        found = compute_slope_factor(heights, np.full((4, 1), 30.0), np.full((4, 1), 30.0), np.full((4, 1), 30.0))
        offset = {10.8: 0.03, 16.8: -0.5, 21.91: -0.96}[steepness]
        assert found.shape == (4, 5)
        np.testing.assert_allclose(found, (30 / 22.13) ** power * (steepness * np.sin(np.radians(degrees)) + offset))


def test_the_slope_factor_of_blocks_is_that_of_the_whole(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    heights = np.cumsum(rng.normal(0, 2, (700, 900)), axis=1).astype(np.float32)
    dem = write_raster(tmp_path / "dem.tif", heights, step=30.0, nodata=-9999, tiled=True)
    write_slope_factor(dem, tmp_path / "ls.tif", Work(memory=768, threads=1))
    whole = compute_slope_factor(np.pad(heights.astype(float), 1, constant_values=np.nan), *(np.full((700, 1), 30.0),) * 3)
    with rasterio.open(tmp_path / "ls.tif") as file:
        np.testing.assert_allclose(file.read(1), whole, rtol=1e-5)
        assert "slope length is one pixel" in file.tags()["METHOD"]
    assert np.isnan(whole[0]).all()


def test_real_grids_make_maps_of_the_province(gep: Program, tmp_path: Path) -> None:
    folder = ROOT / "inputs" / "jiangxi-2019-space"
    done = gep(
        "map",
        "--land-cover",
        str(folder / "land_cover.tif"),
        "--zones",
        str(folder / "counties.geojson.zip"),
        "--year",
        "2019",
        "--classes",
        "igbp",
        "--inputs",
        str(ROOT / "inputs/jiangxi-2019-grids"),
        "--service",
        "water_conservation",
        "-o",
        str(tmp_path),
    ).stdout
    assert "water_conservation.volume.quantity: 82.83 bn m³/yr; county accounts 82.83 bn m³/yr, difference +0.00%" in done
    assert len(list(itertools.chain(tmp_path.glob("*.tif"), tmp_path.glob("*.png")))) == 6


def test_a_picture_says_all_that_a_printed_map_has_to_say_and_tells_no_data_from_not_counted(
    landscape: Path, tmp_path: Path
) -> None:
    for path in landscape.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with rasterio.open(tmp_path / "precipitation.tif") as file:
        rain = file.read(1)
    rain[10:30, 10:30] = -9
    write_raster(tmp_path / "precipitation.tif", rain, nodata=-9, unit="mm/yr")
    mapped(tmp_path, tmp_path / "out", "water_conservation", given=WATER, pictures=True)
    from matplotlib import rc_context

    with rc_context({"svg.fonttype": "none"}):
        mapped(tmp_path, tmp_path / "text", "water_conservation", given=WATER, pictures=True)
    text = (tmp_path / "text" / "water_conservation.value.svg").read_text("utf-8")
    said = re.findall(r"<text[^>]*>([^<]+)</text>", text)
    assert any(one.endswith(" 2022 年 水源涵养价值") for one in said)
    for wanted in (
        "合计 ",
        "，不含无数据的 ",
        "核算标准 ",
        "land.tif sha256:",
        "万元/km²",
        "1 万元 = 10,000 元",
        "无数据",
        "不计入",
        " km",
        "北",
        "崇义县",
        "审图号",
    ):
        assert any(wanted in one for one in said), wanted
    assert len([one for one in said if re.fullmatch(r"[\d,.]+ – [\d,.]+", one)]) >= 4  # classes with their bounds
    assert text.count("<path") > 10  # outlines are vectors


def test_the_difference_told_is_that_of_the_two_sums_told() -> None:
    said = compare_sums(200.0, 196.0, "m^3/yr", every=False)
    assert said == "county accounts 200.00 m³/yr, pixels of these counties 196.00 m³/yr, difference -2.00%"
    assert compare_sums(200.0, 200.0, "m^3/yr", every=True) == "county accounts 200.00 m³/yr, difference +0.00%"


def test_a_picture_names_its_service_once() -> None:
    assert name_layer("减少泥沙淤积量", "soil_retention") == "土壤保持：减少泥沙淤积量"
    assert name_layer("水源涵养量", "water_conservation") == "水源涵养量"


def test_a_map_in_degrees_is_drawn_as_wide_as_it_is() -> None:
    from gep.space.maps.furniture import measure_sides
    from gep.space.raster.grid import Grid, Window

    wgs84 = rasterio.crs.CRS.from_epsg(4326).to_wkt()
    across, down = measure_sides(Grid(wgs84, 114.0, 30.5, 0.01, -0.01, 100, 100), Window(0, 0, 100, 100))
    assert down == pytest.approx(110.9, rel=5e-3)
    assert across / down == pytest.approx(np.cos(np.radians(30.0)), rel=5e-3)


def test_few_values_are_classes_of_their_own_and_many_are_not() -> None:
    rounded = np.array([8.8649, 8.8651, 15.2, 15.2, 21.6, np.nan])
    assert find_steps(rounded) == pytest.approx((8.865, 15.2, 21.6), rel=1e-4)
    assert find_steps(np.arange(7.0)) == ()
    assert find_steps(np.linspace(1, 2, 20_000)) == ()
    assert find_steps(np.linspace(1, 1.5, 9_000)) == ()
    assert find_steps(np.full(3, np.nan)) == ()


def test_a_line_of_a_picture_has_room() -> None:
    line = "核算标准 ndrc；土地覆盖 land.tif sha256:0123456789abcdef"
    assert fit_line(line, 11, 600) == line
    assert fit_line(line, 11, 280).endswith("sha256:012345")
    assert fit_line(line, 11, 100).endswith("…")
    two = f"土地覆盖 {name_land_cover('a.tif sha256:' + '01' * 8 + ', divided by b.tif sha256:' + '01' * 8)}"
    assert fit_line(two, 11, 250) == "土地覆盖 a.tif，细分用 b.tif"  # whole names rather than hashes
