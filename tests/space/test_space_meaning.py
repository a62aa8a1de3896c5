"""What the numbers of a raster mean: taken from evidence or from the caller, never guessed from the numbers themselves."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from spaces import ALBERS, write_crosswalk, write_raster, write_zones

from gep.messages.problems import Problems
from gep.space.drivers.reading import read_driver
from gep.space.raster.blocks import Work
from gep.space.runs import extract_inputs
from gep.space.shapes.polygons import read_polygons
from gep.space.soil.flow import write_flow_factors
from gep.space.soil.terrain import describe_heights, write_slope_factor
from gep.variables.catalogue import VARIABLES

ZONE = shapely.box(0, -2000, 2000, 0)
IGBP = np.array([[1, 5], [2, 17]], dtype=np.uint8)
WORLDCOVER = np.array([[10, 40], [50, 80]], dtype=np.uint8)
CLCD = np.array([[1, 2], [3, 4]], dtype=np.uint8)
COLOURS = {10: (0, 100, 0, 255), 40: (240, 150, 255, 255), 50: (250, 0, 0, 255), 80: (0, 100, 200, 255)}


def areas(folder: Path, classes: str | None, name: str = "land.tif") -> tuple[dict[str, float], str]:
    """Ecosystem type → km², only those present, and what is told."""
    write_zones(folder / "zones.gpkg", {"360725": ZONE}) if not (folder / "zones.gpkg").exists() else None
    told = extract_inputs(folder / name, folder / "zones.gpkg", folder / "out.csv", 2022, classes)
    with (folder / "out.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["variable"] == "area" and float(row["value"]) > 0]
    return {row["ecosystem"]: float(row["value"]) for row in rows if row["ecosystem"] != "unclassified"}, "\n".join(told)


@pytest.mark.parametrize(
    "cells", [IGBP, WORLDCOVER, CLCD, np.array([[0, 1], [2, 8]], dtype=np.uint8), np.array([[2]], dtype=np.uint8)]
)
def test_numbers_alone_are_no_evidence(tmp_path: Path, cells: np.ndarray) -> None:
    write_raster(tmp_path / "land.tif", cells, nodata=255)
    with pytest.raises(Problems, match=r"is not certain: nothing in the file says so[^$]*--classes with one of"):
        areas(tmp_path, None)


@pytest.mark.parametrize(
    ("name", "tags", "cells", "scheme", "evidence"),
    [
        ("land.tif", {"LAYER": "MCD12C1 Majority_Land_Cover_Type_1"}, IGBP, "igbp", "the tags of the file"),
        ("MCD12Q1.A2022001.LC_Type1.tif", {}, IGBP, "igbp", "the name of the file"),
        ("ESA_WorldCover_10m_2021_v200_N24E114_Map.tif", {}, WORLDCOVER, "worldcover", "the name of the file"),
        ("CLCD_v01_2022_albert.tif", {}, CLCD, "clcd", "the name of the file"),
        ("n50_25_2020lc030.tif", {}, np.array([[10, 20], [30, 60]], dtype=np.uint8), "globeland30", "the name of the file"),
        ("land.tif", {"colours": "yes"}, WORLDCOVER, "worldcover", "its colour table"),
        ("land.tif", {"categories": "yes"}, CLCD, "clcd", "the names of its categories"),
    ],
)
def test_a_product_is_known_by_what_the_file_says_and_that_is_told(
    tmp_path: Path, name: str, tags: dict[str, str], cells: np.ndarray, scheme: str, evidence: str
) -> None:
    write_raster(tmp_path / name, cells, nodata=255)
    with rasterio.open(tmp_path / name, "r+") as file:
        if "LAYER" in tags:
            file.update_tags(**tags)
        if "colours" in tags:
            file.write_colormap(1, COLOURS)
    if "categories" in tags:
        labels = "".join(f"<Category>{one}</Category>" for one in ("", "Cropland", "Forest", "Shrub", "Grassland"))
        text = f"<PAMDataset><PAMRasterBand band='1'><CategoryNames>{labels}</CategoryNames></PAMRasterBand></PAMDataset>"
        (tmp_path / f"{name}.aux.xml").write_text(text, "utf-8")
    found, told = areas(tmp_path, None, name)
    assert re.search(rf"classes by {scheme} .*: the product is known by {evidence}", told)
    assert found == areas(tmp_path, scheme, name)[0]


@pytest.mark.parametrize(
    "name",
    ["47R_20220101-20230101.tif", "esri_lulc.tif", "DynamicWorld_igbp.tif", "CLCD_worldcover_10m.tif", "MCD12Q1.LC_Type2.tif"],
)
def test_other_products_and_contradictions_are_refused(tmp_path: Path, name: str) -> None:
    write_raster(tmp_path / name, CLCD, nodata=255)
    with pytest.raises(Problems, match="is not certain"):
        areas(tmp_path, None, name)


@pytest.mark.parametrize(("fill", "dtype"), [(0, "uint8"), (255, "uint8"), (-128, "int8"), (32767, "int16")])
def test_background_that_is_not_marked_is_asked_about_and_both_answers_work(tmp_path: Path, fill: int, dtype: str) -> None:
    write_raster(tmp_path / "land.tif", np.array([[5, fill], [5, fill]], dtype=dtype))
    classes = str(write_crosswalk(tmp_path / "own.csv", {5: "mixed_forest", fill: "urban"}))
    with pytest.raises(Problems, match=f"class {fill} occurs and the raster states no nodata value") as caught:
        areas(tmp_path, classes)
    background, free = re.findall(r"-a_nodata (-?\d+)", str(caught.value.problems[0].hint))
    for nodata, wanted in ((background, {"mixed_forest": 2.0}), (free, {"mixed_forest": 2.0, "urban": 2.0})):
        with rasterio.open(tmp_path / "land.tif", "r+") as file:
            file.nodata = int(nodata)
        assert areas(tmp_path, classes)[0] == pytest.approx(wanted)


@pytest.mark.parametrize("name", ["CLCD_v01_2020_reclass.tif", "clcd2020重分类.tif", "ESA_WorldCover_10m_recoded.tif"])
def test_a_name_that_says_its_classes_were_numbered_anew_is_no_evidence(tmp_path: Path, name: str) -> None:
    write_raster(tmp_path / name, CLCD, nodata=255)
    with pytest.raises(Problems, match="nothing in the file says so"):
        areas(tmp_path, None, name)
    assert areas(tmp_path, "clcd", name)[0]


@pytest.mark.parametrize(
    ("name", "given", "cells", "tags", "said"),
    [
        ("esri_lulc_2022.tif", "igbp", CLCD, {}, "the call says igbp; by the name of the file it is Esri"),
        ("land.tif", "clcd", CLCD, {"product": "Dynamic World V1"}, "by the tags of the file it is Dynamic World"),
        (
            "land.tif",
            "globeland30",
            np.array([[10, 10], [20, 30]], np.uint8),
            {"colours": "yes"},
            "its colour table it is worldcover",
        ),
        ("MCD12Q1_LC_Type2_2022.tif", "igbp", CLCD, {}, "other schemes than IGBP[^$]*write its classes into a CSV"),
        ("GLC_FCS30D_2022.tif", "worldcover", WORLDCOVER, {}, "GLC_FCS30"),
    ],
)
def test_classes_that_contradict_what_the_file_says_are_refused(
    tmp_path: Path, name: str, given: str, cells: np.ndarray, tags: dict[str, str], said: str
) -> None:
    write_raster(tmp_path / name, cells, nodata=255)
    with rasterio.open(tmp_path / name, "r+") as file:
        if "colours" in tags:
            file.write_colormap(1, {**COLOURS, 20: (255, 187, 34, 255), 30: (255, 255, 76, 255)})
        else:
            file.update_tags(**tags)
    with pytest.raises(Problems, match=said):
        areas(tmp_path, given, name)
    own = write_crosswalk(tmp_path / "own.csv", dict.fromkeys(sorted(set(cells.ravel().tolist())), "mixed_forest"))
    assert areas(tmp_path, str(own), name)[0] == pytest.approx({"mixed_forest": 4.0})


def test_zeros_of_igbp_finer_than_the_product_with_water_are_asked_about(tmp_path: Path) -> None:
    write_raster(tmp_path / "land.tif", np.array([[0, 5], [0, 5]], dtype=np.uint8), nodata=255)
    with pytest.raises(Problems, match=r"class 0 occurs: it is water in MCD12C1[^$]*-a_nodata 0"):
        areas(tmp_path, "igbp")
    with rasterio.open(tmp_path / "land.tif", "r+") as file:
        file.nodata = 0
    assert areas(tmp_path, "igbp")[0] == pytest.approx({"mixed_forest": 2.0})


def test_a_whole_side_of_water_that_may_be_background_is_said(tmp_path: Path) -> None:
    said = "class 0, water, fills a whole side"
    write_raster(tmp_path / "land.tif", np.array([[0, 0, 1], [0, 0, 1], [0, 0, 1]], dtype=np.uint8), nodata=255)
    assert said in areas(tmp_path, "dynamic-world")[1]
    write_raster(tmp_path / "land.tif", np.array([[1, 0, 1], [0, 0, 1], [0, 1, 1]], dtype=np.uint8), nodata=255)
    assert said not in areas(tmp_path, "dynamic-world")[1]


def test_background_without_a_row_is_hinted_at(tmp_path: Path) -> None:
    write_raster(tmp_path / "land.tif", np.array([[2, 0], [2, 0]], dtype=np.uint8))
    classes = str(write_crosswalk(tmp_path / "own.csv", {2: "mixed_forest"}))
    with pytest.raises(Problems, match=r"if 0 is the background: gdal_edit.py -a_nodata 0 FILE"):
        areas(tmp_path, classes)


def test_two_waters_of_two_products_are_asked_about(tmp_path: Path) -> None:
    write_raster(tmp_path / "land.tif", np.array([[0, 17], [5, 5]], dtype=np.uint8), nodata=255)
    with pytest.raises(Problems, match="classes 0 and 17 both occur"):
        areas(tmp_path, "igbp")


@pytest.mark.parametrize("fill", [-3.4028235e38, np.nan, -9999.0])
def test_the_repair_of_float_classes_works_to_its_end(tmp_path: Path, fill: float) -> None:
    cells = np.array([[5, fill], [5, 1]], dtype=np.float32)
    write_raster(tmp_path / "land.tif", cells, nodata=fill if fill == -9999 else None)
    with pytest.raises(Problems) as caught:
        areas(tmp_path, "igbp")
    hint = str(caught.value.problems[0].hint)
    assert "gdal_translate -ot Byte -a_nodata 0" in hint
    bytes_ = np.clip(np.nan_to_num(cells, nan=0), 0, 255).astype(np.uint8)  # what -ot Byte does
    write_raster(tmp_path / "land.tif", bytes_, nodata=0)
    assert sum(areas(tmp_path, "igbp")[0].values()) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("cells", "hint"),
    [
        ([[0, 5], [5, -3.4028235e38]], "gdalwarp -srcnodata -3.40282347e+38 -dstnodata 255 -ot Byte"),
        ([[300, 5], [5, np.nan]], "gdalwarp -srcnodata nan -dstnodata -9999 -ot Int32"),
        ([[0.5, 5], [5, 1]], "a measured quantity is a --driver"),
    ],
)
def test_the_repair_keeps_classes_apart_from_what_marks_no_data(tmp_path: Path, cells: list[list[float]], hint: str) -> None:
    write_raster(tmp_path / "land.tif", np.array(cells, dtype=np.float32))
    with pytest.raises(Problems) as caught:
        areas(tmp_path, "igbp")
    assert str(caught.value.problems[0].hint).endswith(hint)


def test_heights_that_no_place_has_are_refused_and_the_repair_works(tmp_path: Path) -> None:
    metres = np.add.outer(np.zeros(6), np.arange(6) * 8.0) + 300
    write_raster(tmp_path / "m.tif", metres.astype(np.float32), step=30.0)
    write_slope_factor(tmp_path / "m.tif", tmp_path / "right.tif")
    write_raster(tmp_path / "cm.tif", (metres * 100).astype(np.int32), step=30.0)
    with pytest.raises(Problems, match=r"a height is 34,000 m[^$]*gdal_edit.py -scale 0.01"):
        write_slope_factor(tmp_path / "cm.tif", tmp_path / "ls.tif")
    assert not (tmp_path / "ls.tif").exists()
    with rasterio.open(tmp_path / "cm.tif", "r+") as file:
        file.scales = (0.01,)
    write_slope_factor(tmp_path / "cm.tif", tmp_path / "ls.tif")
    with rasterio.open(tmp_path / "ls.tif") as found, rasterio.open(tmp_path / "right.tif") as wanted:
        np.testing.assert_allclose(found.read(1), wanted.read(1), rtol=1e-5)


WAVES = 30 + 6 * np.sin(np.arange(40) / 6)[None] + 5 * np.cos(np.arange(40) / 5)[:, None]
"""Metres, a low land."""


@pytest.mark.parametrize(("times", "step"), [(100, 30.0), (10, 5.0)])
def test_heights_of_low_land_in_another_unit_are_known_by_their_slopes(tmp_path: Path, times: int, step: float) -> None:
    write_raster(tmp_path / "dem.tif", (WAVES * times).astype(np.float32), step=step)
    with pytest.raises(Problems, match=rf"steeper than [^$]*-scale {1 / times:g}"):
        write_slope_factor(tmp_path / "dem.tif", tmp_path / "ls.tif")
    with rasterio.open(tmp_path / "dem.tif", "r+") as file:
        file.scales = (1 / times,)
    write_slope_factor(tmp_path / "dem.tif", tmp_path / "ls.tif")


def test_a_scale_that_only_a_tag_states_counts_for_heights_too(tmp_path: Path) -> None:
    write_raster(tmp_path / "m.tif", WAVES.astype(np.float32), step=30.0)
    write_raster(tmp_path / "cm.tif", (WAVES * 100).astype(np.int16), step=30.0, nodata=-32768)
    with rasterio.open(tmp_path / "cm.tif", "r+") as file:
        file.update_tags(scale_factor="0.01")
    found = []
    for name in ("m", "cm"):
        write_slope_factor(tmp_path / f"{name}.tif", tmp_path / f"{name}-ls.tif")
        with rasterio.open(tmp_path / f"{name}-ls.tif") as file:
            found.append(file.read(1))
    np.testing.assert_allclose(found[1], found[0], rtol=0.1)


@pytest.mark.parametrize("nodata", [None, -9999])
def test_heights_of_0_far_from_all_others_are_voids(tmp_path: Path, nodata: float | None) -> None:
    cells = (WAVES + 170).astype(np.float32)
    cells[:, :8] = 0
    write_raster(tmp_path / "dem.tif", cells, step=30.0, nodata=nodata)
    with pytest.raises(Problems, match=r"a height is 0 m, and no other is anywhere near it[^$]*-a_nodata 0"):
        write_slope_factor(tmp_path / "dem.tif", tmp_path / "ls.tif")
    with rasterio.open(tmp_path / "dem.tif", "r+") as file:
        file.nodata = 0
    write_slope_factor(tmp_path / "dem.tif", tmp_path / "ls.tif")
    slope = np.add.outer(np.zeros(6), np.arange(6) * 25.0)
    write_raster(tmp_path / "dem.tif", slope.astype(np.float32), step=30.0)
    write_slope_factor(tmp_path / "dem.tif", tmp_path / "ls.tif", Work(threads=1))


def test_voids_and_other_units_of_heights_are_refused(tmp_path: Path) -> None:
    cells = np.full((6, 6), 300, dtype=np.int16)
    cells[2, 2] = -32768
    write_raster(tmp_path / "void.tif", cells, step=30.0)
    with pytest.raises(Problems, match=r"a height is -32,768 m[^$]*-a_nodata -32768"):
        write_slope_factor(tmp_path / "void.tif", tmp_path / "ls.tif")
    with rasterio.open(tmp_path / "void.tif", "r+") as file:
        file.nodata = -32768
    write_slope_factor(tmp_path / "void.tif", tmp_path / "ls.tif")
    write_raster(tmp_path / "feet.tif", np.full((6, 6), 300, dtype=np.int16), step=30.0, unit="ft")
    with pytest.raises(Problems, match="its heights are in 'ft'"):
        write_slope_factor(tmp_path / "feet.tif", tmp_path / "ls.tif")


@pytest.mark.parametrize("name", ["dem_feet", "DEM-ft-2020", "高程英尺", "srtm30_usft"])
def test_feet_that_only_the_name_of_the_file_says_are_refused_and_the_repair_works(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.tif"
    cells = np.arange(300, 336, dtype=np.int16).reshape(6, 6)
    write_raster(path, cells, step=30.0)
    with pytest.raises(Problems, match=r"its name says feet[^$]*-scale 0.3048 -units m"):
        write_slope_factor(path, tmp_path / "ls.tif", Work(threads=1))
    with rasterio.open(path, "r+") as file:
        file.scales, file.units = (0.3048,), ("m",)
    assert "are taken as metres" not in write_slope_factor(path, tmp_path / "ls.tif", Work(threads=1))


def test_that_heights_without_a_unit_are_taken_as_metres_is_said_with_their_range(tmp_path: Path) -> None:
    path = tmp_path / "swift_dem.tif"
    write_raster(path, np.arange(300, 336, dtype=np.int16).reshape(6, 6), step=30.0)
    said = "swift_dem.tif states no unit of its heights: those looked at, from 300 to 335, are taken as metres"
    assert said in write_slope_factor(path, tmp_path / "ls.tif", Work(threads=1))
    assert said in write_flow_factors(path, tmp_path / "flow.tif")
    assert describe_heights(path) == (said,)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rain_2021", "2021"),
        ("pre202107", "2021"),
        ("A2021193", "2021"),
        ("rain-2020-2021", "2020, 2021"),
        ("rain_2022", ""),
        ("rain_2021_2022", ""),
        ("rain_1000m", ""),
        ("rain12021", ""),
    ],
)
def test_a_driver_whose_name_says_another_year_is_told(name: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.tif"
    write_raster(path, np.full((6, 6), 1500, dtype=np.int16), nodata=-9999)
    told = read_driver(f"precipitation={path}*1[mm/yr]", None, VARIABLES, None, 2022).told
    assert ("see that it is the right year" in told) == bool(said)
    if said:
        assert f"its name says {said.replace(', ', ' and ')}" in told or f"its name says {said}" in told
        assert "the account is of 2022" in told
    other = VARIABLES["slope_factor"]
    assert "right year" not in read_driver(f"{other.id}={path}*0.0001[{other.unit}]", None, VARIABLES, None, 2022).told


def test_a_county_is_read_from_polygons_of_the_nation_whatever_is_wrong_elsewhere(tmp_path: Path) -> None:
    write_raster(tmp_path / "land.tif", np.array([[5, 5], [5, 5]], dtype=np.uint8), nodata=255)
    crossed = shapely.Polygon([(9e5, 9e5), (9.1e5, 9.1e5), (9.1e5, 9e5), (9e5, 9.1e5)])
    far = shapely.box(8e5, 8e5, 8.1e5, 8.1e5)
    write_zones(tmp_path / "zones.gpkg", {"360725": ZONE, "650101": crossed, "710000": far, "360782": far})
    found, told = areas(tmp_path, "igbp")
    assert found == pytest.approx({"mixed_forest": 4.0})
    assert "3 polygons beyond the land cover are left out" in told


@pytest.mark.parametrize(
    ("code", "year", "after"), [("360782", 2022, "360703 南康区 since 2013"), ("360727", 2020, "360783 龙南市")]
)
def test_a_zone_under_a_code_of_before_names_its_successor(tmp_path: Path, code: str, year: int, after: str) -> None:
    write_raster(tmp_path / "land.tif", np.array([[5, 5], [5, 5]], dtype=np.uint8), nodata=255)
    write_zones(tmp_path / "zones.gpkg", {code: ZONE})
    call = (tmp_path / "land.tif", tmp_path / "zones.gpkg", tmp_path / "out.csv")
    with pytest.raises(Problems, match=rf"{code} \S+ has no account of {year}[^$]*{after}"):
        extract_inputs(*call, year, "igbp")
    extract_inputs(*call, 2012, "igbp")


def test_a_province_beside_its_counties_is_to_be_taken_out(tmp_path: Path) -> None:
    write_raster(tmp_path / "land.tif", np.array([[5, 5], [5, 5]], dtype=np.uint8), nodata=255)
    write_zones(tmp_path / "zones.gpkg", {"360725": ZONE, "360000": shapely.box(-1e5, -1e5, 1e5, 1e5)})
    with pytest.raises(Problems, match="360000 holds 360725: take its polygon out of the file"):
        areas(tmp_path, "igbp")


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        *((one, "write 5") for one in ("5.0", "５", "5e0", "+5")),
        ("5,000", "write 5000"),
        *((one, "") for one in ("5.5", "①", "5,6", "1e400", "")),
    ],
)
def test_a_class_in_another_form_of_its_number_is_refused(tmp_path: Path, code: str, hint: str) -> None:
    (tmp_path / "own.csv").write_text(f'code,ecosystem\n5,forest\n"{code}",urban\n', "utf-8")
    write_raster(tmp_path / "land.tif", np.array([[5, 5], [5, 5]], dtype=np.uint8), nodata=255)
    with pytest.raises(Problems) as caught:
        areas(tmp_path, str(tmp_path / "own.csv"))
    assert [(one.line, one.hint) for one in caught.value.problems] == [(3, hint)]


def test_a_type_by_its_title_is_answered_with_its_id(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("code,ecosystem\n5,森林\n6,Urban\n", "utf-8")
    write_raster(tmp_path / "land.tif", np.array([[5, 6], [5, 5]], dtype=np.uint8), nodata=255)
    with pytest.raises(Problems) as caught:
        areas(tmp_path, str(tmp_path / "own.csv"))
    assert [one.hint for one in caught.value.problems] == ["write forest", "write urban"]


def test_what_is_wrong_where_the_raster_lies_is_still_refused(tmp_path: Path) -> None:
    write_raster(tmp_path / "land.tif", np.array([[5, 5], [5, 5]], dtype=np.uint8), nodata=255)
    crossed = shapely.Polygon([(0, 0), (2000, -2000), (2000, 0), (0, -2000)])
    write_zones(tmp_path / "zones.gpkg", {"360725": crossed, "360726": shapely.box(9e5, 9e5, 9.1e5, 9.1e5)})
    with pytest.raises(Problems, match="polygon 1 is not valid"):
        areas(tmp_path, "igbp")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("UTF-8", "GB18030"),
        ("GBK", "GB18030"),
        ("UTF-16", "GB18030"),
        ("UTF-16LE", "UTF-8"),
        (None, "GB18030"),
        ("UTF-8", "UTF-8"),
    ],
)
def test_names_are_read_whatever_the_cpg_says(tmp_path: Path, said: str | None, written: str) -> None:
    path = tmp_path / "zones.shp"
    fields = [np.array(["360725"], dtype=object), np.array(["崇义县"], dtype=object)]
    pyogrio.raw.write(
        str(path), shapely.to_wkb([ZONE]), fields, ["adcode", "name"], geometry_type="Polygon", crs=ALBERS, encoding=written
    )
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if said:
        path.with_suffix(".cpg").write_text(said, "ascii")
    assert read_polygons(path).fields == {"adcode": ("360725",), "name": ("崇义县",)}
