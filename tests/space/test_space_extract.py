"""Land cover and rasters become inputs: exact shares on invented landscapes, and the province against other code."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from conftest import ROOT, Program
from numpy.typing import NDArray
from spaces import ALBERS, write_crosswalk, write_raster, write_zones

from gep.reference.crosswalk import list_shipped_crosswalks, read_crosswalk
from gep.reference.members import read_ecosystems
from gep.space.raster.grid import Grid, Window, measure_pixel_areas
from gep.space.runs import extract_inputs
from gep.space.shapes.geodesic import measure_area

INPUTS = ROOT / "inputs" / "jiangxi-2019-space"
CLASSES = {1: "evergreen_broadleaf_forest", 2: "paddy", 3: "lake"}
Areas = dict[tuple[str, str, str], float]


def extracted(path: Path) -> Areas:
    text = "" if path.suffix == ".parquet" else path.read_text("utf-8")
    rows = csv.DictReader(text.splitlines()) if text else pq.read_table(path).to_pylist()
    return {(row["county"], row["variable"], row["ecosystem"]): float(row["value"]) for row in rows}


def run(folder: Path, cells: NDArray[np.uint8], zones: dict[str, shapely.Geometry], **more: object) -> Areas:
    land = write_raster(folder / "land.tif", cells, nodata=255)
    file = write_zones(folder / "zones.gpkg", zones)
    classes = write_crosswalk(folder / "classes.csv", CLASSES)
    extract_inputs(land, file, folder / "inputs.parquet", 2022, str(classes), **more)  # type: ignore[arg-type]
    return extracted(folder / "inputs.parquet")


def test_a_checkerboard_is_split_exactly_by_a_border_through_pixels(tmp_path: Path) -> None:
    cells = np.indices((8, 8)).sum(axis=0).astype(np.uint8) % 2 + 1
    west, east = shapely.box(0, -8000, 3250, 0), shapely.box(3250, -8000, 8000, 0)
    found = run(tmp_path, cells, {"360725": west, "360724": east})
    for code, width in (("360725", 3.25), ("360724", 4.75)):
        for name in ("evergreen_broadleaf_forest", "paddy"):
            assert found[code, "area", name] == pytest.approx(width * 4, rel=1e-6)  # every column is half one, half the other
        assert found[code, "area", "lake"] == 0.0
        assert found[code, "land_area", ""] == pytest.approx(width * 8, rel=1e-3)  # Albers bends straight edges a little


def test_a_slanting_border_and_a_hole_give_the_areas_of_geometry(tmp_path: Path) -> None:
    cells = np.full((40, 40), 1, dtype=np.uint8)
    cells[:, 20:] = 2
    outer = [(1000, -1500), (38500, -3300), (35700, -38100), (2600, -33300)]
    hole = [(8100, -9050), (30700, -10020), (25000, -26000)]
    zone = shapely.Polygon(outer, [hole])
    found = run(tmp_path, cells, {"360725": zone})
    west = shapely.intersection(zone, shapely.box(0, -40000, 20000, 0)).area / 1e6
    assert found["360725", "area", "evergreen_broadleaf_forest"] == pytest.approx(west, rel=1e-6)
    assert found["360725", "area", "paddy"] == pytest.approx(zone.area / 1e6 - west, rel=1e-6)


def test_zones_side_by_side_lose_and_double_nothing_in_small_blocks(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    cells = rng.integers(1, 4, (1100, 700)).astype(np.uint8)
    cut = [(0, 0), (210_333, -150_721.5), (402_118, -333_001), (350_000, -777_777), (333_333, -1_100_000)]
    west = shapely.Polygon([*cut, (0, -1_100_000)])
    east = shapely.Polygon([*cut[::-1], (700_000, 0), (700_000, -1_100_000)])
    found = run(tmp_path, cells, {"360725": west, "360724": east}, memory=768, threads=2)
    for value, name in CLASSES.items():
        assert found["360725", "area", name] + found["360724", "area", name] == pytest.approx((cells == value).sum(), rel=1e-9)
    assert sum(found["360725", "area", name] for name in CLASSES.values()) == pytest.approx(west.area / 1e6, rel=1e-7)


def test_nodata_is_land_of_unknown_class_and_never_zero(tmp_path: Path) -> None:
    cells = np.full((4, 4), 2, dtype=np.uint8)
    cells[1, 1] = cells[3, 0] = 255
    found = run(tmp_path, cells, {"360725": shapely.box(0, -4000, 3500, 0)})
    assert found["360725", "area", "unclassified"] == pytest.approx(2.0)
    assert found["360725", "area", "paddy"] == pytest.approx(12.0)


def test_drivers_are_weighted_by_area_and_holes_are_left_out_and_told(tmp_path: Path) -> None:
    cells = np.array([[1, 1, 2], [1, 2, 2]], dtype=np.uint8)
    rain = np.array([[1000.0, 2000.0, 900.0], [4000.0, -1.0, 3000.0]], dtype=np.float32)
    path = write_raster(tmp_path / "rain.tif", rain, nodata=-1, unit="mm/yr")
    found = run(tmp_path, cells, {"360725": shapely.box(500, -2000, 3000, 0)}, drivers=(f"precipitation={path}",), least_cover=60)
    assert found["360725", "precipitation", "evergreen_broadleaf_forest"] == pytest.approx((0.5 * 1000 + 2000 + 0.5 * 4000) / 2)
    assert found["360725", "precipitation", "paddy"] == pytest.approx(1950.0)
    notes = [row["note"] for row in pq.read_table(tmp_path / "inputs.parquet").to_pylist() if row["variable"] == "precipitation"]
    assert any("only 66.66% of the area has data" in note for note in notes)


def test_units_of_drivers_are_converted_and_other_grids_are_resampled(tmp_path: Path) -> None:
    cells = np.full((4, 4), 1, dtype=np.uint8)
    fine = np.arange(64, dtype=np.float32).reshape(8, 8) / 10
    path = write_raster(tmp_path / "rain.tif", fine, step=500.0, nodata=-1)
    found = run(tmp_path, cells, {"360725": shapely.box(0, -4000, 4000, 0)}, drivers=(f"precipitation[m/yr]={path}",))
    assert found["360725", "precipitation", "evergreen_broadleaf_forest"] == pytest.approx(3150.0, rel=1e-6)
    notes = [row["note"] for row in pq.read_table(tmp_path / "inputs.parquet").to_pylist() if row["variable"] == "precipitation"]
    assert notes == ["area-weighted mean; unit mm/yr; resampled: average"]


def test_pixels_at_the_edge_of_the_world_are_whole(tmp_path: Path) -> None:
    cells = np.full((2, 4), 1, dtype=np.uint8)
    land = write_raster(tmp_path / "land.tif", cells, left=178.0, top=28.0, step=0.5, crs="EPSG:4326", nodata=255)
    zones = write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(178.25, 27.0, 180.0, 28.0)}, crs="EPSG:4326")
    classes = write_crosswalk(tmp_path / "classes.csv", CLASSES)
    extract_inputs(land, zones, tmp_path / "inputs.csv", 2022, str(classes))
    found = extracted(tmp_path / "inputs.csv")
    assert found["360725", "area", "evergreen_broadleaf_forest"] == pytest.approx(found["360725", "land_area", ""], rel=1e-4)


def test_a_pixel_in_degrees_has_the_area_of_the_ellipsoid() -> None:
    from pyproj import CRS, Geod

    grid = Grid(CRS.from_epsg(4326).to_wkt(), 113.0, 30.0, 0.05, -0.05, 100, 100)
    found = measure_pixel_areas(grid, Window(10, 0, 1, 1))[0, 0]
    edge = np.linspace(113.0, 113.05, 200)
    ring = [*((x, 29.5) for x in edge), *((x, 29.45) for x in edge[::-1])]
    assert found == pytest.approx(abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.Polygon(ring))[0]) / 1e6, rel=1e-7)
    world = Grid(CRS.from_epsg(4326).to_wkt(), -180.0, 90.0, 1.0, -1.0, 360, 180)
    assert measure_pixel_areas(world, Window(0, 0, 180, 360)).sum() * 360 == pytest.approx(510_065_621.724, rel=1e-9)


def test_a_hole_is_taken_off_whichever_way_round_it_is_drawn() -> None:
    from pyproj import Geod

    shell, hole = shapely.box(114.0, 25.6, 114.2, 25.8), shapely.box(114.05, 25.65, 114.15, 25.75)
    globe = Geod(ellps="WGS84")
    wanted = measure_area(shell, globe) - measure_area(hole, globe)
    for ring in (hole.exterior.coords, hole.exterior.coords[::-1]):
        assert measure_area(shapely.MultiPolygon([shapely.Polygon(shell.exterior.coords, [ring])]), globe) == pytest.approx(
            wanted
        )


def test_a_pixel_of_a_projection_that_stretches_is_measured_on_the_ground() -> None:
    from pyproj import CRS, Geod, Transformer

    crs = CRS.from_epsg(32650)
    grid = Grid(crs.to_wkt(), 200_000.0, 3_100_000.0, 30.0, -30.0, 4000, 4000)
    found = measure_pixel_areas(grid, Window(100, 100, 300, 200))
    assert found.shape == (300, 200)
    to_degrees = Transformer.from_crs(crs, 4326, always_xy=True)
    for row, column in ((0, 0), (37, 91), (299, 199)):
        x, y = 200_000.0 + 30 * (100 + column), 3_100_000.0 - 30 * (100 + row)
        ring = shapely.Polygon([to_degrees.transform(*point) for point in ((x, y), (x + 30, y), (x + 30, y - 30), (x, y - 30))])
        assert found[row, column] == pytest.approx(abs(Geod(ellps="WGS84").geometry_area_perimeter(ring)[0]) / 1e6, rel=1e-6)


@pytest.mark.parametrize("name", list_shipped_crosswalks())
def test_a_shipped_crosswalk_never_puts_a_type_beside_the_one_that_holds_it(name: str) -> None:
    used = {one.ecosystem for one in read_crosswalk(name).classes}
    assert not {read_ecosystems()[one].parent for one in used} & used
    assert all(one.note for one in read_crosswalk(name).classes if one.ambiguous)


def test_a_survey_code_with_a_letter_is_the_class_of_its_code() -> None:
    survey = read_crosswalk("survey3")
    assert survey.find("0307K").ecosystem == "sparse_forest"  # type: ignore[union-attr]
    assert survey.find("1104A").ecosystem == "reservoir_pond"  # type: ignore[union-attr]
    assert survey.find("0399") is None


IGBP = {
    "evergreen_needleleaf_forest": (1,),
    "evergreen_broadleaf_forest": (2,),
    "deciduous_broadleaf_forest": (4,),
    "mixed_forest": (5, 8),
    "sparse_forest": (9,),
    "tussock": (10,),
    "wetland": (0, 11),
    "arable": (12, 14),
    "urban": (13,),
}


def other_code() -> dict[str, dict[str, float]]:
    with (ROOT / "tests/cases/space/county_landcover.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    found = {}
    for row in table:
        classes = {int(name[1:3]): float(value) for name, value in row.items() if name.startswith("c") and name[1:3].isdigit()}
        found[row["adcode"]] = {name: math.fsum(classes.get(one, 0.0) for one in of) for name, of in IGBP.items()}
        found[row["adcode"]]["land"] = float(row["area_km2_polygon"])
    return found


def test_the_province_matches_areas_made_by_other_code(gep: Program, tmp_path: Path) -> None:
    """Within 0.1 % of each county's area; simplified polygons where simplifying moved less, the others unsimplified."""
    gep(
        "extract",
        "--land-cover",
        str(INPUTS / "land_cover.tif"),
        "--zones",
        str(INPUTS / "counties.geojson.zip"),
        "--year",
        "2019",
        "--classes",
        "igbp",
        "-o",
        str(tmp_path / "province.csv"),
    )
    gep(
        "extract",
        "--land-cover",
        str(INPUTS / "land_cover.tif"),
        "--zones",
        str(ROOT / "tests/cases/space/districts.geojson.zip"),
        "--year",
        "2019",
        "--classes",
        "igbp",
        "-o",
        str(tmp_path / "districts.csv"),
    )
    wanted = other_code()
    province, districts = extracted(tmp_path / "province.csv"), extracted(tmp_path / "districts.csv")
    small = {county for county, _, _ in districts}
    assert len(small) == 11
    for county, areas in wanted.items():
        found = districts if county in small else province
        for name in IGBP:
            assert abs(found[county, "area", name] - areas[name]) <= 1e-3 * areas["land"], (county, name)
    assert len(wanted) == 100


def test_rows_of_tables_are_taken_over_but_for_what_rasters_give(tmp_path: Path) -> None:
    cells = np.full((4, 4), 2, dtype=np.uint8)
    header = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
    (tmp_path / "local.csv").write_text(
        header + "360725,2022,gdp,,,,12.5,亿元,yearbook,p. 7\n360725,2022,area,paddy,,,99,km2,x,\n360725,2021,gdp,,,,11,亿元,x,\n"
        "360724,2022,gdp,,,,13,亿元,x,\n",
        "utf-8",
    )
    found = run(tmp_path, cells, {"360725": shapely.box(0, -4000, 4000, 0)}, inputs=[tmp_path / "local.csv"])
    assert found["360725", "area", "paddy"] == pytest.approx(16.0)
    rows = [row for row in pq.read_table(tmp_path / "inputs.parquet").to_pylist() if row["variable"] == "gdp"]
    assert [(row["county"], row["year"], row["value"], row["unit"]) for row in rows] == [("360725", "2022", 12.5, "亿元")]
    assert rows[0]["note"].startswith("p. 7; taken over from ")
    assert rows[0]["note"].endswith("local.csv:2")


def test_extracted_inputs_run(gep: Program, tmp_path: Path) -> None:
    table = tmp_path / "inputs.parquet"
    gep(
        "extract",
        "--land-cover",
        str(INPUTS / "land_cover.tif"),
        "--zones",
        str(INPUTS / "counties.geojson.zip"),
        "--year",
        "2019",
        "--classes",
        "igbp",
        "-o",
        str(table),
    )
    assert "100 个核算结果已存入" in gep("run", str(table), "--store", gep.store, "--lang", "zh").stdout
    sources = set(pq.read_table(table)["source"].to_pylist())
    assert any("land_cover.tif sha256:" in source and "counties.geojson.zip sha256:" in source for source in sources)
    assert ALBERS  # the landscapes above lie in it


def test_survey_parcels_with_gbk_codes_are_land_cover(tmp_path: Path) -> None:
    import pyogrio

    parcels = [shapely.box(0, -4000, 2000, 0), shapely.box(2000, -4000, 4000, 0), shapely.box(0, -6000, 4000, -4000)]
    path = tmp_path / "survey.shp"
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(np.array(parcels)),
        [np.array(["0101", "0307K", "1104"], dtype=object), np.array(["水田", "其他林地", "坑塘水面"], dtype=object)],
        ["DLBM", "DLMC"],
        geometry_type="Polygon",
        crs=ALBERS,
        driver="ESRI Shapefile",
        encoding="GB18030",
    )
    path.with_suffix(".cpg").unlink(missing_ok=True)
    zones = write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(500, -5000, 3000, -1000)})
    rain = write_raster(
        tmp_path / "rain.tif", np.array([[1000, 1000], [2000, -1], [1500, 1500]], dtype=np.float32), step=2000.0, nodata=-1
    )
    extract_inputs(path, zones, tmp_path / "inputs.csv", 2022, drivers=(f"precipitation[mm/yr]={rain}",), least_cover=30)
    found = extracted(tmp_path / "inputs.csv")
    assert found["360725", "area", "paddy"] == pytest.approx(1.5 * 3, rel=1e-5)
    assert found["360725", "area", "sparse_forest"] == pytest.approx(1.0 * 3, rel=1e-5)
    assert found["360725", "area", "reservoir_pond"] == pytest.approx(2.5, rel=1e-5)
    assert found["360725", "precipitation", "paddy"] == pytest.approx((1 * 1000 + 2 * 2000) / 3, rel=1e-6)
    assert found["360725", "precipitation", "sparse_forest"] == pytest.approx(1000.0, rel=1e-6)
    from gep.space.shapes.polygons import read_polygons

    assert read_polygons(path).fields["DLMC"] == ("水田", "其他林地", "坑塘水面")


@pytest.mark.parametrize(("year", "days"), [(2023, 365), (2024, 366)])
def test_a_driver_per_day_is_taken_over_the_days_of_the_year(tmp_path: Path, year: int, days: int) -> None:
    path = write_raster(tmp_path / "classes.tif", np.full((2, 2), 2, np.uint8), step=1000.0)
    zones = write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(0, -2000, 2000, 0)})
    rain = write_raster(tmp_path / "rain.tif", np.full((2, 2), 4.0, np.float32), step=1000.0, nodata=-1)
    said = extract_inputs(path, zones, tmp_path / "inputs.csv", year, classes="clcd", drivers=(f"precipitation[mm/d]={rain}",))
    found = extracted(tmp_path / "inputs.csv")
    assert {value for (_, variable, _), value in found.items() if variable == "precipitation"} == {4.0 * days}
    assert f"rates per day over the {days} days of the year" in " ".join(map(str, said))


def test_a_survey_class_nobody_knows_is_named_with_its_area(gep: Program, tmp_path: Path) -> None:
    import pyogrio

    pyogrio.raw.write(
        str(tmp_path / "survey.gpkg"),
        shapely.to_wkb(np.array([shapely.box(0, -2000, 3000, 0)])),
        [np.array(["0399"], dtype=object)],
        ["DLBM"],
        geometry_type="Polygon",
        crs=ALBERS,
        driver="GPKG",
    )
    zones = write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(0, -2000, 2000, 0)})
    said = gep(
        "extract",
        "--land-cover",
        str(tmp_path / "survey.gpkg"),
        "--zones",
        str(zones),
        "--year",
        "2022",
        "-o",
        str(tmp_path / "inputs.csv"),
        code=2,
    ).stderr
    assert "1 classes have no row in coefficients/crosswalks/survey3.csv: class 0399: 4.0000 km²" in said
    assert not (tmp_path / "inputs.csv").exists()


def test_zones_and_drivers_in_other_projections_come_onto_the_land_cover(tmp_path: Path) -> None:
    from pyproj import Transformer

    cells = np.full((60, 60), 1, dtype=np.uint8)
    land = write_raster(tmp_path / "land.tif", cells, left=900_000, top=3_000_000, nodata=255)
    rain = write_raster(
        tmp_path / "rain.tif",
        np.full((40, 40), 1234.5, dtype=np.float64),
        left=112.0,
        top=28.5,
        step=0.1,
        crs="EPSG:4490",
        unit="mm/yr",
    )
    square = shapely.segmentize(shapely.box(910_000, 2_950_000, 950_000, 2_990_000), 100)
    to_degrees = Transformer.from_crs(ALBERS, 4490, always_xy=True)
    moved = shapely.transform(square, lambda points: np.column_stack(to_degrees.transform(points[:, 0], points[:, 1])))
    zones = write_zones(tmp_path / "zones.geojson", {"360725": moved}, crs="EPSG:4490")
    classes = write_crosswalk(tmp_path / "classes.csv", CLASSES)
    extract_inputs(land, zones, tmp_path / "inputs.csv", 2022, str(classes), drivers=(f"precipitation={rain}",))
    found = extracted(tmp_path / "inputs.csv")
    assert found["360725", "area", "evergreen_broadleaf_forest"] == pytest.approx(1600.0, rel=1e-5)
    assert found["360725", "land_area", ""] == pytest.approx(1600.0, rel=1e-5)
    assert found["360725", "precipitation", "evergreen_broadleaf_forest"] == pytest.approx(1234.5, rel=1e-9)


def test_scale_and_offset_of_a_file_are_applied(tmp_path: Path) -> None:
    import rasterio

    cells = np.full((2, 2), 1, dtype=np.uint8)
    path = write_raster(tmp_path / "rain.tif", np.array([[1000, 1200], [-32768, 900]], dtype=np.int16), nodata=-32768)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets, file.units = (0.1,), (5.0,), ("cm/yr",)
    found = run(
        tmp_path,
        cells,
        {"360725": shapely.box(0, -2000, 2000, 0)},
        drivers=(f"precipitation={path}",),
        accepted=["precipitation"],
    )
    assert found["360725", "precipitation", "evergreen_broadleaf_forest"] == pytest.approx(10 * (105 + 125 + 95) / 3)


SYSTEMS = {
    "sinusoidal": "+proj=sinu +lon_0=0 +R=6371007.181 +units=m",
    "web mercator": "EPSG:3857",
    "mollweide": "ESRI:54009",
    "eckert": "ESRI:54012",
    "gauss": "EPSG:4549",
    "sphere": "+proj=lcc +lat_1=25 +lat_2=47 +lon_0=105 +R=6370000",
}


@pytest.mark.parametrize("step", [30.0, 5_000.0, 50_000.0])
@pytest.mark.parametrize("name", SYSTEMS)
def test_pixels_of_every_projection_have_their_exact_area_on_the_ellipsoid(name: str, step: float) -> None:
    from pyproj import CRS, Geod, Transformer

    crs = CRS.from_user_input(SYSTEMS[name])
    for longitude, latitude in ((114.0, 24.6), (125.0, 45.0)):
        left, top = Transformer.from_crs(4326, crs, always_xy=True).transform(longitude, latitude)
        grid = Grid(crs.to_wkt(), left, top, step, -step, 100, 100)
        found = np.broadcast_to(measure_pixel_areas(grid, Window(0, 0, 100, 100)), (100, 100))
        for row, column in ((0, 0), (5, 11)):
            x, y = left + column * step, top - row * step
            ring = shapely.segmentize(shapely.box(x, y - step, x + step, y), step / 50)
            corners = Transformer.from_crs(crs, 4326, always_xy=True).transform(*shapely.get_coordinates(ring).T)
            exact = abs(Geod(ellps="WGS84").polygon_area_perimeter(*corners)[0]) / 1e6
            assert found[row, column] == pytest.approx(exact, rel=1e-6)


def test_a_grid_beyond_the_edge_of_the_world_has_areas_on_it() -> None:
    from pyproj import CRS

    crs = CRS.from_user_input("ESRI:54009").to_wkt()
    grid = Grid(crs, -18_100_000.0, 9_100_000.0, 100_000.0, -100_000.0, 362, 182)
    found = measure_pixel_areas(grid, Window(0, 0, 182, 362))
    assert np.isfinite(found[91, 181])
    assert np.nansum(np.broadcast_to(found, (182, 362))[90:92, 100:262]) > 0


def test_an_option_given_twice_never_means_the_last(gep: Program) -> None:
    call = ("extract", "--land-cover", "a.tif", "--year", "2022", "-o", "x.csv", "--zones", "z.gpkg", "--zones", "y.gpkg")
    assert "Error: --zones is given twice" in gep(*call, code=2).stderr
    assert "--zones 给出了两次" in gep(*call, "--lang", "zh", code=2).stderr
