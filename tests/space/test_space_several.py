"""Several files and bands in one call: tiles, months, variables of containers, projections stated by hand."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from conftest import Program
from scipy.io import netcdf_file
from spaces import ALBERS, write_crosswalk, write_raster, write_zones

from gep.messages.problems import Problems
from gep.space.runs import extract_inputs

FOREST = "evergreen_broadleaf_forest"
ZONE = shapely.box(0, -4000, 4000, 0)
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def extract(folder: Path, *drivers: str, land: str | None = None, **more: Any) -> tuple[dict[tuple[str, str], float], str]:
    """(Variable, type) → value in the zone, and what is told."""
    if land is None:
        write_raster(folder / "land.tif", np.full((4, 4), 1, np.uint8), nodata=255)
    if not (folder / "zones.gpkg").exists():
        write_zones(folder / "zones.gpkg", {"360725": ZONE})
    write_crosswalk(folder / "classes.csv", {1: FOREST, 2: "paddy"})
    told = extract_inputs(
        Path(land or folder / "land.tif"),
        folder / "zones.gpkg",
        folder / "out.csv",
        2022,
        str(folder / "classes.csv"),
        drivers=drivers,
        **more,
    )
    rows = list(csv.DictReader((folder / "out.csv").read_text("utf-8").splitlines()))
    told.append("\n".join(row["source"] for row in rows))
    return {(row["variable"], row["ecosystem"]): float(row["value"]) for row in rows}, "\n".join(told)


def refused(folder: Path, *drivers: str, **more: Any) -> str:
    with pytest.raises(Problems) as caught:
        extract(folder, *drivers, **more)
    return str(caught.value)


def write_tiles(folder: Path, *, nodata: float | None = 255) -> list[Path]:
    folder.mkdir(exist_ok=True)
    cells = np.array([[1, 1, 2, 2]] * 4, np.uint8)
    return [write_raster(folder / f"t{at}.tif", cells[:, 2 * at : 2 * at + 2], left=2000.0 * at, nodata=nodata) for at in (0, 1)]


VRT = """<VRTDataset rasterXSize="4" rasterYSize="4"><VRTRasterBand dataType="Byte" band="1">
<SimpleSource><SourceFilename relativeToVRT="1">t0.tif</SourceFilename><SourceBand>1</SourceBand></SimpleSource>
<ComplexSource><SourceFilename relativeToVRT="1">t1.tif</SourceFilename><SourceBand>1</SourceBand><NODATA>255</NODATA></ComplexSource>
</VRTRasterBand></VRTDataset>"""


@pytest.mark.parametrize("way", ["list", "folder", "glob", "vrt"])
@pytest.mark.parametrize("nodata", [255, None])
def test_tiles_are_one_land_cover_however_they_are_named(tmp_path: Path, way: str, nodata: float | None) -> None:
    tiles = write_tiles(tmp_path / "tiles", nodata=nodata)
    (tmp_path / "tiles" / "all.vrt").write_text(VRT if nodata else VRT.replace("<NODATA>255</NODATA>", ""), "utf-8")
    named = {
        "list": ",".join(map(str, tiles)),
        "folder": str(tmp_path / "tiles"),
        "glob": str(tmp_path / "tiles" / "t*.tif"),
        "vrt": str(tmp_path / "tiles" / "all.vrt"),
    }
    found, told = extract(tmp_path, land=named[way])
    assert found["area", FOREST] == pytest.approx(8.0)
    assert found["area", "paddy"] == pytest.approx(8.0)
    assert "t0.tif + 1 sha256:" in told
    before = told
    write_raster(tiles[1], np.full((4, 2), 1, np.uint8), left=2000.0, nodata=nodata)
    found, told = extract(tmp_path, land=named[way])
    assert found["area", FOREST] == pytest.approx(16.0)
    assert told != before  # the hash is of what is read


def test_two_land_covers_that_contradict_each_other_are_refused(gep: Program, tmp_path: Path) -> None:
    tiles = write_tiles(tmp_path / "tiles")
    write_raster(tmp_path / "tiles" / "again.tif", np.full((4, 2), 2, np.uint8), nodata=255)
    write_zones(tmp_path / "zones.gpkg", {"360725": ZONE})
    write_crosswalk(tmp_path / "classes.csv", {1: FOREST, 2: "paddy"})
    call = ["extract", "--zones", str(tmp_path / "zones.gpkg"), "--classes", str(tmp_path / "classes.csv"), "--year", "2022"]
    call += ["-o", str(tmp_path / "out.csv")]
    first = [part for path in tiles for part in ("--land-cover", str(path))]
    gep(*call, *first)
    said = gep(*call, *first, "--land-cover", str(tmp_path / "tiles" / "again.tif"), code=2).stderr
    assert "it lies over another file and says otherwise there (1, 2)" in said


def test_a_hole_between_tiles_is_no_data(tmp_path: Path) -> None:
    write_raster(tmp_path / "a.tif", np.full((4, 1), 1, np.uint8))
    write_raster(tmp_path / "b.tif", np.full((4, 1), 1, np.uint8), left=3000.0)
    found, _ = extract(tmp_path, land=f"{tmp_path / 'a.tif'},{tmp_path / 'b.tif'}")
    assert found["area", FOREST] == pytest.approx(8.0)
    assert found["area", "unclassified"] == pytest.approx(8.0)


@pytest.mark.parametrize(
    ("left", "step", "dtype", "said"),
    [
        (2000.4, 1000.0, np.uint8, "its pixels do not lie on the grid of"),
        (2000.0, 500.0, np.uint8, "its pixels do not"),
        (2000.0, 1000.0, np.int16, "its type, scale or unit"),
    ],
)
def test_tiles_that_do_not_fit_are_refused(tmp_path: Path, left: float, step: float, dtype: type, said: str) -> None:
    tiles = write_tiles(tmp_path / "tiles")
    write_raster(tiles[1], np.full((4, 2), 2, dtype), left=left + (250 if left == 2000.4 else 0), step=step, nodata=255)
    assert said in refused(tmp_path, land=str(tmp_path / "tiles"))


@pytest.mark.parametrize(
    ("other", "crs", "said"),
    [
        ("49R_20220101-20230101.tif", ALBERS, "it is Esri land cover 10 m, and"),
        ("N50_25_2020LC030.tif", "EPSG:32650", "it is in WGS 84 / UTM zone 50N, "),
    ],
)
def test_tiles_of_two_products_or_projections_are_told_apart(tmp_path: Path, other: str, crs: str, said: str) -> None:
    first = write_raster(tmp_path / "CLCD_v01_2022.tif", np.full((4, 2), 2, np.uint8), nodata=0)
    second = write_raster(tmp_path / other, np.full((4, 2), 2, np.uint8), left=2000.0, crs=crs, nodata=0)
    assert said in refused(tmp_path, land=f"{first},{second}")


@pytest.mark.parametrize(
    "text",
    [
        VRT.replace("t1.tif", "/vsicurl/http://x/t1.tif"),
        VRT.replace("<VRTDataset", '<VRTDataset subClass="VRTWarpedDataset"'),
        VRT.replace("<NODATA>", "<LUT>0:1</LUT><NODATA>"),
        VRT.replace("<NODATA>", "<ScaleOffset>1</ScaleOffset><NODATA>"),
        VRT.replace("<NODATA>", "<ColorTableComponent>1</ColorTableComponent><NODATA>"),
        VRT.replace("SimpleSource", "KernelFilteredSource"),
        VRT.replace("<VRTRasterBand", "<MaskBand/><VRTRasterBand"),
        VRT.replace("<VRTRasterBand", "<SRS>nowhere</SRS><VRTRasterBand"),
        "<!DOCTYPE a [<!ENTITY x 'y'>]>" + VRT,
        "no xml",
    ],
)
def test_a_vrt_that_is_more_than_a_list_of_files_is_refused(tmp_path: Path, text: str) -> None:
    write_tiles(tmp_path / "tiles")
    (tmp_path / "tiles" / "all.vrt").write_text(text, "utf-8")
    assert "all.vrt: " in refused(tmp_path, land=str(tmp_path / "tiles" / "all.vrt"))


def place(system: str = "", transform: str = "0,1000,0,0,0,-1000", band: str = "") -> str:
    """The VRT as gdalbuildvrt writes it, with places of the files in it, a system, and what is said of the band."""
    head, first, second, end = VRT.replace("<SourceBand>1</SourceBand>", "<SourceBand>1</SourceBand>|").splitlines()
    rect = '<SrcRect xOff="0" yOff="0" xSize="2" ySize="4"/><DstRect xOff="{}" yOff="0" xSize="2" ySize="4"/>'
    head = head.replace("<VRTRasterBand", f"{system}<GeoTransform>{transform}</GeoTransform><VRTRasterBand") + band
    return "\n".join([head, first.replace("|", rect.format(0)), second.replace("|", rect.format(2)), end])


def test_what_a_vrt_says_of_its_files_is_what_they_say(tmp_path: Path) -> None:
    write_tiles(tmp_path / "tiles")
    path = tmp_path / "tiles" / "all.vrt"
    path.write_text(place(f"<SRS>{ALBERS}</SRS>", band="<NoDataValue>255</NoDataValue>"), "utf-8")
    found, _ = extract(tmp_path, land=str(path))
    assert found["area", FOREST] == pytest.approx(8.0)
    for text, said in (
        (place("<SRS>EPSG:3857</SRS>"), "all.vrt: it states the system WGS 84 / Pseudo-Mercator, "),
        (place(transform="5000,1000,0,0,0,-1000"), "all.vrt: it puts "),
        (place(band="<NoDataValue>2</NoDataValue>"), "all.vrt: it states the nodata value 2, "),
        (place(band="<UnitType>mm</UnitType>"), "all.vrt: it states the unit mm, "),
    ):
        path.write_text(text, "utf-8")
        assert said in refused(tmp_path, land=str(path))


def test_a_pattern_may_list_letters(tmp_path: Path) -> None:
    write_tiles(tmp_path / "tiles")
    write_raster(tmp_path / "tiles" / "t2.tif", np.full((4, 2), 2, np.uint8), nodata=255)
    found, _ = extract(tmp_path, land=f"{tmp_path}/tiles/t[01].tif")
    assert found["area", FOREST] == pytest.approx(8.0)


def test_tiles_that_contradict_each_other_everywhere_are_told_as_that_without_a_crosswalk(tmp_path: Path) -> None:
    first = write_raster(tmp_path / "CLCD_v01_2022_a.tif", np.full((4, 4), 2, np.uint8), nodata=0)
    second = write_raster(tmp_path / "CLCD_v01_2022_b.tif", np.full((4, 4), 8, np.uint8), nodata=0)
    write_zones(tmp_path / "zones.gpkg", {"360725": ZONE})
    with pytest.raises(Problems, match=r"says otherwise there \(2, 8\)"):
        extract_inputs(Path(f"{first},{second}"), tmp_path / "zones.gpkg", tmp_path / "out.csv", 2022)


def test_land_cover_of_another_year_is_told(tmp_path: Path) -> None:
    write_zones(tmp_path / "zones.gpkg", {"360725": ZONE})
    names = ("CLCD_v01_2022_a.tif", "CLCD_v01_2020_b.tif")
    for at, name in enumerate(names):
        write_raster(tmp_path / name, np.full((4, 2), 8, np.uint8), left=2000.0 * at, nodata=0)
    land = Path(",".join(str(tmp_path / name) for name in names))
    told = "\n".join(extract_inputs(land, tmp_path / "zones.gpkg", tmp_path / "out.csv", 2022))
    assert "CLCD_v01_2020_b.tif: its name says 2020, the account is of 2022" in told
    assert "CLCD_v01_2022_a.tif: its name" not in told


MONTHLY = np.arange(80, 200, 10, dtype=np.float32)


def write_months(folder: Path, name: str = "rain_{}.tif", values: np.ndarray = MONTHLY, **more: Any) -> None:
    for month, value in enumerate(values, start=1):
        write_raster(folder / name.format(month), np.full((4, 4), value, values.dtype), nodata=-9999, **more)


@pytest.mark.parametrize("unit", ["mm", "mm/month"])
def test_twelve_months_are_added_up(tmp_path: Path, unit: str) -> None:
    write_months(tmp_path)
    found, told = extract(tmp_path, f"precipitation=sum({tmp_path}/rain_*.tif)[{unit}]")
    assert found["precipitation", FOREST] == pytest.approx(MONTHLY.sum())
    assert "rain_1.tif + 11 sha256:" in told


def test_twelve_bands_are_added_up_and_one_hole_in_a_month_is_a_hole_in_the_year(tmp_path: Path) -> None:
    path = tmp_path / "rain.tif"
    write_raster(path, np.zeros((4, 4), np.float32), nodata=-1)
    with rasterio.open(path) as file:
        profile = {**file.profile, "count": 12}
    cells = np.broadcast_to(MONTHLY[:, None, None], (12, 4, 4)).copy()
    cells[7, 0, 0] = -1
    with rasterio.open(path, "w", **profile) as file:
        file.write(cells)
    assert "the raster has 12 bands" in refused(tmp_path, f"precipitation={path}[mm]")
    found, told = extract(tmp_path, f"precipitation=sum({path})[mm]", least_cover=90)
    assert found["precipitation", FOREST] == pytest.approx(MONTHLY.sum())
    assert "93.75%" in told
    found, _ = extract(tmp_path, f"precipitation[mm/yr]={path}|band=12*10", accepted=["precipitation"])
    assert found["precipitation", FOREST] == pytest.approx(1900)
    assert "a band from 1 to 12" in refused(tmp_path, f"precipitation[mm/yr]={path}|band=13")


def test_rates_per_day_of_months_count_the_days_of_each(tmp_path: Path) -> None:
    write_months(tmp_path, values=np.arange(1, 13, dtype=np.float32) / 2)
    found, _ = extract(tmp_path, f"precipitation=sum({tmp_path}/rain_*.tif)[mm/d]")
    assert found["precipitation", FOREST] == pytest.approx((np.arange(1, 13) / 2 * DAYS).sum(), rel=1e-6)


def test_a_year_that_lacks_a_month_is_refused(tmp_path: Path) -> None:
    for name in "abcdefghijk":
        write_raster(tmp_path / f"rain_{name}.tif", np.full((4, 4), 100, np.float32), nodata=-9999)
    said = refused(tmp_path, f"precipitation=sum({tmp_path}/rain_*.tif)[mm/month]")
    assert "11 rasters are given for 2022\n  expected  the 12 months or the 365 days of the year" in said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["rain_{}.tif"] * 6 + ["{}.txt"] + ["rain_{}.tif"] * 5, "after 2022-06-01 comes 2022-08-01"),
        (
            ["rain_{}.tif"] * 11 + ["{}.txt"],
            "11 parts are given, 2022-01-01 to 2022-11-01\n  expected  the parts of a whole year",
        ),
        (["pre_2022_{}.tif"] * 4 + ["pre_2023_{}.tif"] + ["pre_2022_{}.tif"] * 7, "after 2022-04-01 comes 2022-06-01"),
        (["p2022{:02d}.tif"] * 4 + ["p202204 ({}).tif"] + ["p2022{:02d}.tif"] * 7, "two of them are of 2022-04-01"),
    ],
)
@pytest.mark.parametrize("unit", ["mm", "mm/month"])
def test_a_month_that_is_missing_a_copy_or_of_another_year_is_no_zero(
    tmp_path: Path, names: list[str], said: str, unit: str
) -> None:
    """Amounts too, which could be added up whatever their number."""
    for month, name in enumerate(names, start=1):
        write_raster(tmp_path / "next.tif", np.full((4, 4), 100, np.float32), nodata=-9999)
        (tmp_path / "next.tif").rename(tmp_path / name.format(month))
    rain = ",".join(str(one) for one in tmp_path.glob("*[rp]*_*.tif")) or f"{tmp_path}/p2022*.tif"
    assert said in refused(tmp_path, f"precipitation=sum({rain})[{unit}]")


@pytest.mark.parametrize("names", ["rain_{}.tif", "pre_2022_{}.tif", "p2022{:02d}.tif", "p.2022.{:02d}.v2.tif"])
def test_months_count_the_days_their_names_say_in_whatever_order_they_are_given(tmp_path: Path, names: str) -> None:
    write_months(tmp_path, names, np.arange(1, 13, dtype=np.float32) / 2)
    rain = ",".join(str(tmp_path / names.format(month)) for month in range(12, 0, -1))
    found, _ = extract(tmp_path, f"precipitation=sum({rain})[mm/d]")
    assert found["precipitation", FOREST] == pytest.approx((np.arange(1, 13) / 2 * DAYS).sum(), rel=1e-6)


def test_components_are_added_up_that_are_no_parts_of_a_time(tmp_path: Path) -> None:
    for name in ("Ec_2022.tif", "Es_2022.tif", "Ei_20220101.tif"):
        write_raster(tmp_path / name, np.full((4, 4), 300, np.float32), nodata=-9999)
    found, _ = extract(tmp_path, f"evapotranspiration=sum({tmp_path}/E*.tif)[mm/yr]")
    assert found["evapotranspiration", FOREST] == pytest.approx(900)


@pytest.mark.parametrize(("days", "fits"), [(46, True), (45, False)])
def test_eight_days_are_added_up_to_a_whole_year(tmp_path: Path, days: int, fits: bool) -> None:
    for at in range(days):
        write_raster(tmp_path / f"ET.A2022{1 + 8 * at:03d}.tif", np.full((4, 4), 20, np.float32), nodata=-9999)
    call = f"evapotranspiration=sum({tmp_path}/ET*.tif)[mm]"
    if fits:
        assert extract(tmp_path, call)[0]["evapotranspiration", FOREST] == pytest.approx(920)
    else:
        assert "45 parts are given, 2022-01-01 to 2022-12-19" in refused(tmp_path, call)


def test_months_without_a_rule_contradict_each_other(tmp_path: Path) -> None:
    write_months(tmp_path)
    assert "sum(FILES), mean(FILES)" in refused(tmp_path, f"precipitation={tmp_path}/rain_*.tif[mm/yr]")


def test_months_of_a_known_product_are_added_up_without_a_word(tmp_path: Path) -> None:
    write_months(tmp_path, "chirps-v2.0.2022.{:02d}.tif")
    found, told = extract(tmp_path, f"precipitation={tmp_path}/chirps*.tif")
    assert found["precipitation", FOREST] == pytest.approx(MONTHLY.sum())
    assert "12 parts of the year, each by its length" in told


def test_a_mean_of_several_years(tmp_path: Path) -> None:
    write_months(tmp_path, "k_{}.tif", np.array([0.02, 0.04], np.float32))
    found, told = extract(tmp_path, f"K=mean({tmp_path}/k_*.tif)[t*ha*h/ha/MJ/mm]")
    assert found["soil_erodibility", FOREST] == pytest.approx(0.03, rel=1e-6)
    assert "mean of 2 rasters" in told


def test_stacks_on_another_grid_are_resampled_without_their_holes(tmp_path: Path) -> None:
    write_months(tmp_path, step=900.0)
    cells = np.full((4, 4), 80, np.float32)
    cells[1, 1] = -9999
    write_raster(tmp_path / "rain_1.tif", cells, nodata=-9999, step=900.0)
    found, _ = extract(tmp_path, f"precipitation=sum({tmp_path}/rain_*.tif)[mm]", accepted=["precipitation"])
    assert found["precipitation", FOREST] == pytest.approx(MONTHLY.sum(), rel=1e-5)


def write_netcdf(path: Path) -> Path:
    with netcdf_file(path, "w") as file:
        file.createDimension("lat", 4)
        file.createDimension("lon", 4)
        for name, values, unit in (
            ("lat", [24.875, 24.625, 24.375, 24.125], "degrees_north"),
            ("lon", [114.125, 114.375, 114.625, 114.875], "degrees_east"),
        ):
            axis = file.createVariable(name, "d", (name,))
            axis[:] = values
            axis.units = unit
            axis.standard_name = {"lat": "latitude", "lon": "longitude"}[name]
        for name, value, unit in (("pre", 16000, "mm/yr"), ("pet", 9000, "mm/yr")):
            cells = file.createVariable(name, "h", ("lat", "lon"))
            cells[:] = np.full((4, 4), value, np.int16)
            cells.scale_factor, cells._FillValue, cells.units = 0.1, np.int16(-32768), unit
    return path


def test_a_variable_of_a_netcdf_is_taken_by_its_name(tmp_path: Path) -> None:
    path = write_netcdf(tmp_path / "climate.nc")
    degrees = {"left": 114.0, "top": 25.0, "step": 0.25, "crs": "EPSG:4326"}
    write_raster(tmp_path / "land.tif", np.full((4, 4), 1, np.uint8), nodata=255, **degrees)  # type: ignore[arg-type]
    write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(114.1, 24.1, 114.9, 24.9)}, crs="EPSG:4326")
    land = str(tmp_path / "land.tif")
    assert "name it: " in refused(tmp_path, f"precipitation={path}", land=land)
    assert "the file has no variable 'tp'\n  expected  one of pre, pet" in refused(
        tmp_path, f"precipitation={path}|variable=tp", land=land
    )
    found, told = extract(
        tmp_path,
        f"precipitation={path}|variable=pre|crs=EPSG:4326",
        f"evapotranspiration={path}|variable=pet|crs=EPSG:4326",
        land=land,
    )
    assert found["precipitation", FOREST] == pytest.approx(1600)
    assert found["evapotranspiration", FOREST] == pytest.approx(900)
    assert "climate.nc sha256:" in told


def test_a_projection_is_stated_by_hand_with_a_word_about_it(tmp_path: Path) -> None:
    degrees = {"left": 114.0, "top": 25.0, "step": 0.25}
    write_raster(tmp_path / "land.tif", np.full((4, 4), 1, np.uint8), nodata=255, crs=None, **degrees)  # type: ignore[arg-type]
    write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(114.1, 24.1, 114.9, 24.9)}, crs="EPSG:4326")
    land = str(tmp_path / "land.tif")
    assert "the raster states no projection" in refused(tmp_path, land=land)
    assert "'EPSG:x' is no system of coordinates" in refused(tmp_path, land=f"{land}|crs=EPSG:x")
    _, told = extract(tmp_path, land=f"{land}|crs=EPSG:4326")
    assert "land.tif: the projection EPSG:4326 is stated in the call, not in the file" in told
    write_raster(tmp_path / "land.tif", np.full((4, 4), 1, np.uint8), nodata=255, crs="EPSG:4326", **degrees)  # type: ignore[arg-type]
    assert "the call states EPSG:3857, the file states EPSG:4326" in refused(tmp_path, land=f"{land}|crs=EPSG:3857")


def test_the_only_variable_of_a_netcdf_may_be_named(gep: Program, tmp_path: Path) -> None:
    file = tmp_path / "cpc.nc"
    with netcdf_file(file, "w") as written:
        for name, values in (("time", np.arange(365.0)), ("lat", [29.0, 28.5]), ("lon", [115.0, 115.5])):
            written.createDimension(name, len(values))
            axis = written.createVariable(name, "d", (name,))
            axis[:] = values
            axis.units = {"time": "days since 2022-01-01", "lat": "degrees_north", "lon": "degrees_east"}[name]
        rain = written.createVariable("precip", "f", ("time", "lat", "lon"))
        rain[:] = np.where(np.arange(365) == 200, 50, 0)[:, None, None] * np.ones((365, 2, 2))
        rain.units, rain._FillValue = "mm", np.float32(-9999)
    call = ["--years", "2022", "2022", "-o", str(tmp_path / "R.tif")]
    gep("erosivity", "--rain", f"{file}|variable=precip|crs=EPSG:4326", *call)
    with rasterio.open(tmp_path / "R.tif") as found:
        assert found.read(1)[0, 0] == pytest.approx(0.3937 * 50**1.7265, rel=1e-6)
    gep("erosivity", "--rain", f"{file}|variable=tp", *call, code=2)
