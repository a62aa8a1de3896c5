"""Wrong rasters and polygons: one precise message each, nothing half-written, never a traceback."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from conftest import Program
from languages import check_both, left_in_english
from spaces import ALBERS, write_crosswalk, write_raster, write_zones

from gep.messages.problems import Problems
from gep.space.runs import extract_inputs

Make = Callable[[Path], None]
LAND = np.array([[1, 2], [2, 1]], dtype=np.uint8)
ZONE = shapely.box(0, -2000, 2000, 0)


def sound(folder: Path) -> None:
    write_raster(folder / "land.tif", LAND, nodata=255)
    write_raster(folder / "rain.tif", np.full((2, 2), 1600, dtype=np.float32), unit="mm/yr")
    write_zones(folder / "zones.gpkg", {"360725": ZONE})
    write_crosswalk(folder / "classes.csv", {1: "evergreen_broadleaf_forest", 2: "paddy"})


def extract(folder: Path, *drivers: str) -> None:
    extract_inputs(
        folder / "land.tif",
        folder / "zones.gpkg",
        folder / "out" / "inputs.parquet",
        2022,
        str(folder / "classes.csv"),
        drivers=(f"precipitation={folder / 'rain.tif'}", *drivers),
    )


def test_sound_files_pass(tmp_path: Path) -> None:
    sound(tmp_path)
    extract(tmp_path)
    assert (tmp_path / "out" / "inputs.parquet").exists()


def no_projection(folder: Path) -> None:
    write_raster(folder / "land.tif", LAND, nodata=255, crs=None)


def polygons_without_projection(folder: Path) -> None:
    (folder / "zones.gpkg").unlink()
    with pytest.warns(UserWarning, match="crs"):
        write_zones(folder / "zones.gpkg", {"360725": ZONE}, crs=None)


def wrong_projection(folder: Path) -> None:
    write_raster(folder / "land.tif", LAND, nodata=255, crs="EPSG:4326", left=500_000, top=3_000_000)


def swapped_raster(folder: Path) -> None:
    write_raster(folder / "land.tif", LAND, nodata=255, crs="EPSG:4326", left=25.0, top=117.0, step=0.01)


def swapped_polygons(folder: Path) -> None:
    write_raster(folder / "land.tif", LAND, nodata=255, crs="EPSG:4326", left=115.0, top=25.0, step=0.01)
    (folder / "zones.gpkg").unlink()
    write_zones(folder / "zones.gpkg", {"360725": shapely.box(24.98, 60.0, 25.0, 60.02)}, crs="EPSG:4326")
    write_raster(
        folder / "rain.tif",
        np.full((2, 2), 1600, dtype=np.float32),
        unit="mm/yr",
        crs="EPSG:4326",
        left=115.0,
        top=25.0,
        step=0.01,
    )


def swapped_beyond_the_pole(folder: Path) -> None:
    (folder / "zones.gpkg").unlink()
    write_zones(folder / "zones.gpkg", {"360725": shapely.box(24.98, 115.0, 25.0, 115.02)}, crs="EPSG:4326")


def float_land_cover(folder: Path) -> None:
    write_raster(folder / "land.tif", LAND.astype(np.float32))


def unknown_class(folder: Path) -> None:
    write_raster(folder / "land.tif", np.array([[1, 7], [2, 1]], dtype=np.uint8), nodata=255)
    (folder / "zones.gpkg").unlink()
    write_zones(folder / "zones.gpkg", {"360725": shapely.box(0, -2000, 1250, 0)})


def no_overlap(folder: Path) -> None:
    (folder / "zones.gpkg").unlink()
    write_zones(folder / "zones.gpkg", {"360725": shapely.box(50_000, -2000, 52_000, 0)})


def no_raster(folder: Path) -> None:
    (folder / "land.tif").write_text("not a raster", "utf-8")


def truncated(folder: Path) -> None:
    rng = np.random.default_rng(1)
    write_raster(folder / "land.tif", rng.integers(1, 3, (400, 400)).astype(np.uint8), nodata=255, step=5.0)
    whole = (folder / "land.tif").read_bytes()
    (folder / "land.tif").write_bytes(whole[: len(whole) // 2])


def huge_header(folder: Path) -> None:
    with rasterio.open(
        folder / "land.tif",
        "w",
        driver="GTiff",
        width=330_000,
        height=330_000,
        count=1,
        dtype="uint8",
        crs=ALBERS,
        transform=rasterio.Affine(2, 0, 0, 0, -2, 0),
        sparse_ok=True,
        tiled=True,
        blockxsize=4096,
        blockysize=4096,
        bigtiff="YES",
    ):
        pass


def bow_tie(folder: Path) -> None:
    (folder / "zones.gpkg").unlink()
    write_zones(folder / "zones.gpkg", {"360725": shapely.Polygon([(0, 0), (2000, -2000), (2000, 0), (0, -2000)])})


def overlapping(folder: Path) -> None:
    (folder / "zones.gpkg").unlink()
    write_zones(folder / "zones.gpkg", {"360725": shapely.box(0, -2000, 1200, 0), "360724": shapely.box(1000, -2000, 2000, 0)})


def double_codes(folder: Path) -> None:
    import pyogrio

    (folder / "zones.gpkg").unlink()
    shapes = np.array([shapely.box(0, -2000, 1200, 0), shapely.box(1000, -2000, 2000, 0)])
    pyogrio.raw.write(
        str(folder / "zones.gpkg"),
        shapely.to_wkb(shapes),
        [np.array(["360725", "360725"], dtype=object)],
        ["adcode"],
        geometry_type="Polygon",
        crs=ALBERS,
        driver="GPKG",
    )


def unknown_code(folder: Path) -> None:
    (folder / "zones.gpkg").unlink()
    write_zones(folder / "zones.gpkg", {"360799": ZONE})


def no_code_column(folder: Path) -> None:
    (folder / "zones.gpkg").unlink()
    write_zones(folder / "zones.gpkg", {"360725": ZONE}, field="label")


def absent(folder: Path) -> None:
    (folder / "land.tif").unlink()


def rain_elsewhere(folder: Path) -> None:
    write_raster(folder / "rain.tif", np.full((2, 2), 1600, dtype=np.float32), left=900_000, unit="mm/yr")


def rain_in_metres(folder: Path) -> None:
    write_raster(folder / "rain.tif", np.full((2, 2), 160_000, dtype=np.float32), unit="mm/yr")


def rain_in_kilograms(folder: Path) -> None:
    write_raster(folder / "rain.tif", np.full((2, 2), 1600, dtype=np.float32), unit="kg")


def rain_without_data(folder: Path) -> None:
    write_raster(folder / "rain.tif", np.full((2, 2), -1, dtype=np.float32), nodata=-1, unit="mm/yr")


def rotated(folder: Path) -> None:
    with rasterio.open(
        folder / "land.tif",
        "w",
        driver="GTiff",
        width=2,
        height=2,
        count=1,
        dtype="uint8",
        crs=ALBERS,
        transform=rasterio.Affine(1000, 100, 0, 100, -1000, 0),
    ) as file:
        file.write(LAND, 1)


def many_bands(folder: Path) -> None:
    with rasterio.open(
        folder / "rain.tif",
        "w",
        driver="GTiff",
        width=2,
        height=2,
        count=12,
        dtype="float32",
        crs=ALBERS,
        transform=rasterio.Affine(1000, 0, 0, 0, -1000, 0),
    ) as file:
        file.write(np.full((12, 2, 2), 130, dtype=np.float32))


def masked(folder: Path) -> None:
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(
            folder / "land.tif",
            "w",
            driver="GTiff",
            width=2,
            height=2,
            count=1,
            dtype="uint8",
            crs=ALBERS,
            transform=rasterio.Affine(1000, 0, 0, 0, -1000, 0),
        ) as file,
    ):
        file.write(LAND, 1)
        file.write_mask(np.array([[0, 255], [255, 255]], dtype=np.uint8))


def complex_numbers(folder: Path) -> None:
    write_raster(folder / "rain.tif", np.full((2, 2), 1600, dtype=np.complex64))


def building_site(folder: Path) -> None:
    write_raster(folder / "land.tif", LAND, nodata=255, crs='LOCAL_CS["site",UNIT["metre",1]]')


def geodatabase(folder: Path) -> None:
    (folder / "zones.gpkg").unlink()
    (folder / "zones.gpkg").mkdir()


WRONG_PLACE = (
    "land.tif: it is stated to be in degrees and reaches from 500,000, 2.998e+06 to 502,000, 3e+06\n"
    "  expected  longitude within -180 to 180, latitude within -90 to 90\n"
    "  hint      the projection is probably not the one stated"
)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (no_projection, "land.tif: the raster states no projection"),
        (polygons_without_projection, "zones.gpkg: the polygons state no projection"),
        (wrong_projection, WRONG_PLACE),
        (swapped_raster, "hint      longitude and latitude seem swapped"),
        (swapped_polygons, "they have nothing in common"),
        (swapped_beyond_the_pole, "zones.gpkg: the polygons are stated to be in degrees and reach from 24.98, 115 to 25, 115.02"),
        (float_land_cover, "land.tif: the land cover is of type float32\n  expected  whole numbers: classes"),
        (unknown_class, "land.tif: 1 classes have no row in"),
        (unknown_class, "class 7: 0.2500 km²"),
        (no_overlap, "zones.gpkg: it lies at (50,000, -2,000) to (52,000, 0), "),
        (no_raster, "land.tif: the file cannot be read as a raster"),
        (truncated, "land.tif: rows 0 to 400 cannot be read"),
        (huge_header, "land.tif: the header promises 330,000 x 330,000 pixels (109 GB), the file has"),
        (bow_tie, "zones.gpkg:1: polygon 1 is not valid: Self-intersection[1000 -1000]"),
        (overlapping, "zones.gpkg:2: 360724 overlaps 360725 by 20.00% of the smaller"),
        (double_codes, "zones.gpkg:2: code 360725 of polygon 2 is that of polygon 1 too"),
        (unknown_code, "zones.gpkg:1: the code of polygon 1 is '360799'\n  expected  a six-digit GB/T 2260 code"),
        (no_code_column, "zones.gpkg: none of the columns label is known to hold county codes"),
        (absent, "land.tif: there is no such file"),
        (rain_elsewhere, "rain.tif: it lies at (900,000, -2,000) to (902,000, 0), "),
        (rain_in_metres, "rain.tif: precipitation reaches 160,000 mm/yr\n  expected  between 0.0 and 8000.0"),
        (rain_in_kilograms, "rain.tif: precipitation is in 'kg': kg measures mass"),
        (rain_without_data, "rain.tif: precipitation has no data anywhere in zone 360725"),
        (many_bands, "rain.tif: the raster has 12 bands\n  expected  one band"),
        (masked, "land.tif: the raster marks pixels without data by a mask"),
        (complex_numbers, "rain.tif: its pixels are of type complex64"),
        (building_site, "land.tif: its coordinates are of site, which has no place on the earth"),
        (geodatabase, "zones.gpkg: this is a folder\n  expected  polygons in GeoPackage"),
        (rotated, "land.tif: the raster is rotated or mirrored"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_wrong_file_is_one_message(tmp_path: Path, make: Make, said: str) -> None:
    sound(tmp_path)
    make(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Problems) as caught:
        extract(tmp_path)
    assert said in str(caught.value)
    assert "\n1 problem" in str(caught.value)
    assert sorted(tmp_path.iterdir()) == before
    check_both(caught.value)


def test_options_that_cannot_be_meant_are_said_at_once(tmp_path: Path) -> None:
    sound(tmp_path)
    with pytest.raises(Problems) as caught:
        extract(tmp_path, "rainfall=x.tif", "precipitation", "area=x.tif")
    text = str(caught.value)
    assert "a driver is named 'rainfall'" in text
    assert "a driver is 'precipitation'\n  expected  ID=FILE, ID[UNIT]=FILE or ID=FILE*FACTOR[UNIT]" in text
    assert "areas come from the land cover" in text
    assert "3 problems" in text
    check_both(caught.value)


def test_a_crosswalk_with_a_type_beside_the_one_that_holds_it_is_refused(tmp_path: Path) -> None:
    sound(tmp_path)
    write_crosswalk(tmp_path / "classes.csv", {1: "forest", 2: "bamboo_forest"})
    with pytest.raises(Problems) as caught:
        extract(tmp_path)
    assert "classes.csv:3: class 2 is bamboo_forest, another class is forest, which holds it" in str(caught.value)
    assert "classes.csv:3: 地类 2 归为竹林（bamboo_forest），另一地类归为其上级类型森林（forest）" in caught.value.text("zh")
    check_both(caught.value)


def test_classes_without_evidence_are_asked_for(gep: Program, tmp_path: Path) -> None:
    sound(tmp_path)
    said = gep(
        "extract",
        "--land-cover",
        str(tmp_path / "land.tif"),
        "--zones",
        str(tmp_path / "zones.gpkg"),
        "--year",
        "2022",
        "-o",
        str(tmp_path / "inputs.csv"),
        code=2,
    ).stderr
    assert (
        "land.tif: which classes its numbers (1, 2) are is not certain: nothing in the file says so\n  expected  --classes with one of clcd, dynamic-world"
        in said
    )


def test_refusals_of_rasters_are_printed_in_chinese(gep: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound(tmp_path)
    monkeypatch.setenv("GEP_LANG", "zh")
    files = ["--land-cover", tmp_path / "land.tif", "--zones", tmp_path / "zones.gpkg", "-o", tmp_path / "inputs.csv"]
    asked = ["extract", *map(str, files), "--year", "2022", "--driver", f"precipitation={tmp_path / 'rain.tif'}"]
    refused = gep(*asked, code=2).stderr
    assert (
        "land.tif: 不能确定其中的数（1、2）是哪套分类：文件中没有任何说明\n  应为  用 --classes 指定下列之一：clcd、" in refused
    )
    assert not left_in_english(refused)
    done = gep(*asked, "--classes", str(tmp_path / "classes.csv")).stdout
    assert "rain.tif: " not in done
    assert "rain.tif：年降水量（precipitation），单位 mm/yr；与土地覆盖数据同一格网" in done
    assert not left_in_english(done)


def test_a_map_of_a_broken_raster_leaves_no_file(gep: Program, tmp_path: Path) -> None:
    sound(tmp_path)
    truncated(tmp_path)
    said = gep(
        "map",
        "--land-cover",
        str(tmp_path / "land.tif"),
        "--zones",
        str(tmp_path / "zones.gpkg"),
        "--year",
        "2022",
        "--classes",
        str(tmp_path / "classes.csv"),
        "--driver",
        f"precipitation={tmp_path / 'rain.tif'}",
        "--driver",
        f"evapotranspiration={tmp_path / 'rain.tif'}",
        "--service",
        "water_conservation",
        "-o",
        str(tmp_path / "out"),
        code=2,
    ).stderr
    assert "cannot be read" in said
    assert not (tmp_path / "out").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A file system of 300 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("mounting needs root")
    return folder


def test_no_space_left_is_said_and_nothing_stays(gep: Program, tmp_path: Path, small_disk: Path) -> None:
    sound(tmp_path)
    rng = np.random.default_rng(1)
    for name in ("rain", "dry"):
        write_raster(tmp_path / f"{name}.tif", rng.uniform(800, 900, (600, 600)).astype(np.float32), step=4.0, unit="mm/yr")
    write_raster(tmp_path / "land.tif", np.ones((600, 600), dtype=np.uint8), nodata=255, step=4.0)
    try:
        said = gep(
            "map",
            "--land-cover",
            str(tmp_path / "land.tif"),
            "--zones",
            str(tmp_path / "zones.gpkg"),
            "--year",
            "2022",
            "--classes",
            str(tmp_path / "classes.csv"),
            "--driver",
            f"precipitation={tmp_path / 'rain.tif'}",
            "--driver",
            f"evapotranspiration={tmp_path / 'dry.tif'}",
            "--service",
            "water_conservation",
            "-o",
            str(small_disk / "out"),
            code=2,
        ).stderr
        assert "the raster cannot be written: No space left on device" in said
        assert not (small_disk / "out").exists()
    finally:
        subprocess.run(["umount", str(small_disk)], check=True)
