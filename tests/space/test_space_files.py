"""Rasters and polygons as other programs write them: upside down, whole numbers, odd nodata values, zipped, many layers."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pyogrio
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from PIL import Image
from spaces import ALBERS, write_crosswalk, write_raster, write_zones

from gep.messages.problems import Problems
from gep.space.mapping import make_maps
from gep.space.runs import extract_inputs

LAND = np.array([[1, 1], [2, 2]], dtype=np.uint8)
ZONE = shapely.box(0, -2000, 2000, 0)
FOREST, PADDY = "evergreen_broadleaf_forest", "paddy"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_raster(tmp_path / "land.tif", LAND, nodata=255)
    write_zones(tmp_path / "zones.gpkg", {"360725": ZONE})
    write_crosswalk(tmp_path / "classes.csv", {1: FOREST, 2: PADDY})
    return tmp_path


def extracted(folder: Path, zones: str = "zones.gpkg", **more: object) -> dict[tuple[str, str], float]:
    rain = (f"precipitation[mm/yr]={folder / 'rain.tif'}",) if (folder / "rain.tif").exists() else ()
    extract_inputs(
        folder / "land.tif",
        folder / zones,
        folder / "inputs.parquet",
        2022,
        str(folder / "classes.csv"),
        drivers=rain,
        accepted=["precipitation"] if rain else [],
        **more,  # type: ignore[arg-type]
    )
    rows = pq.read_table(folder / "inputs.parquet").to_pylist()
    return {(row["variable"], row["ecosystem"]): row["value"] for row in rows}


def write_south_up(path: Path, cells: NDArray[np.generic]) -> None:
    """The first row is the southernmost, as files that were NetCDF have it."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=2,
        height=2,
        count=1,
        dtype=cells.dtype,
        crs=ALBERS,
        transform=rasterio.Affine(1000, 0, 0, 0, 1000, -2000),
    ) as file:
        file.write(cells[::-1], 1)


def test_a_driver_whose_rows_run_north_is_not_taken_upside_down(folder: Path) -> None:
    write_south_up(folder / "rain.tif", np.array([[1000, 1000], [2000, 2000]], dtype=np.float32))
    found = extracted(folder)
    assert found["precipitation", FOREST] == pytest.approx(1000)
    assert found["precipitation", PADDY] == pytest.approx(2000)


def test_land_cover_whose_rows_run_north_gives_the_same_areas_and_a_picture_north_up(folder: Path, tmp_path: Path) -> None:
    write_zones(tmp_path / "half.gpkg", {"360725": shapely.box(0, -1000, 2000, 0)})
    made = []
    for upside_down in (False, True):
        if upside_down:
            write_south_up(folder / "land.tif", LAND)
        found = extracted(folder, "half.gpkg")
        assert found["area", FOREST] == pytest.approx(2)
        assert found["area", PADDY] == 0
        for name, north in (("precipitation", 1500), ("evapotranspiration", 700)):
            write_raster(folder / f"{name}.tif", np.array([[north, north], [900, 900]], dtype=np.float32))
        (folder / "classes.csv").write_text(f"code,ecosystem\n1,{FOREST}\n2,tussock\n", "utf-8")
        make_maps(
            folder / "land.tif",
            folder / "zones.gpkg",
            ["water_conservation"],
            folder / "maps",
            2022,
            classes=str(folder / "classes.csv"),
            drivers=[f"{name}[mm/yr]={folder / name}.tif" for name in ("precipitation", "evapotranspiration")],
        )
        with Image.open(folder / "maps" / "water_conservation.volume.quantity.png") as picture:
            made.append(np.asarray(picture)[184:].copy())  # below the title, which names the file by its hash
        write_crosswalk(folder / "classes.csv", {1: FOREST, 2: PADDY})
    assert (made[0] == made[1]).all()


def test_below_parcels_a_driver_whose_rows_run_north_is_taken_as_it_lies(folder: Path) -> None:
    write_zones(
        folder / "parcels.gpkg",
        {"0301": shapely.box(0, -1000, 2000, 0), "0101": shapely.box(0, -2000, 2000, -1000)},
        field="DLBM",
    )
    write_south_up(folder / "rain.tif", np.array([[1000, 1000], [2000, 2000]], dtype=np.float32))
    extract_inputs(
        folder / "parcels.gpkg",
        folder / "zones.gpkg",
        folder / "inputs.parquet",
        2022,
        drivers=(f"precipitation[mm/yr]={folder / 'rain.tif'}",),
    )
    rows = pq.read_table(folder / "inputs.parquet").to_pylist()
    means = {row["ecosystem"]: row["value"] for row in rows if row["variable"] == "precipitation"}
    assert means == pytest.approx({"mixed_forest": 1000, PADDY: 2000})


def test_below_parcels_land_that_a_driver_does_not_reach_is_a_hole(folder: Path) -> None:
    write_zones(folder / "parcels.gpkg", {"0301": ZONE}, field="DLBM")
    rain = write_raster(folder / "rain.tif", np.full((2, 1), 1000, dtype=np.float32))  # the western half
    call = (folder / "parcels.gpkg", folder / "zones.gpkg", folder / "inputs.parquet", 2022)
    extract_inputs(*call, drivers=(f"precipitation[mm/yr]={rain}",), accepted=["precipitation"])
    rows = pq.read_table(folder / "inputs.parquet").to_pylist()
    found = next(row for row in rows if row["variable"] == "precipitation")
    assert found["value"] == pytest.approx(1000)
    assert "only 50.00% of the area has data" in found["note"]


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_beyond_the_edge_of_a_driver_nothing_is_known_whatever_its_type(folder: Path, dtype: str) -> None:
    write_raster(folder / "rain.tif", np.full((1, 1), 200, dtype=dtype), step=2000.0)  # on another grid, all of the zone
    assert extracted(folder)["precipitation", PADDY] == pytest.approx(200)
    write_raster(folder / "rain.tif", np.full((1, 2), 200, dtype=dtype), step=1000.0)  # the north only, and no nodata value
    found = extracted(folder)
    assert found["precipitation", FOREST] == pytest.approx(200)
    assert ("precipitation", PADDY) not in found, "beyond the file is no data, not zero"


def test_means_of_whole_numbers_are_no_whole_numbers(folder: Path) -> None:
    fine = np.zeros((8, 8), dtype=np.uint8)
    fine[::2] = 1
    fine[:, ::4] = 1  # five eighths
    write_raster(folder / "rain.tif", fine, step=250.0, nodata=255)
    assert extracted(folder)["precipitation", FOREST] == pytest.approx(0.625)


@pytest.mark.parametrize(("nodata", "forest"), [(-2147483648, 1.0), (65537, 2.0), (1000001, 2.0)])
def test_a_nodata_value_beyond_sixteen_bits_marks_itself_and_no_class(folder: Path, nodata: int, forest: float) -> None:
    cells = LAND.astype(np.int32)
    if forest == 1.0:
        cells[0, 0] = nodata
    write_raster(folder / "land.tif", cells, nodata=nodata)
    found = extracted(folder)
    assert found["area", FOREST] == pytest.approx(forest)
    assert found["area", PADDY] == pytest.approx(2)
    assert found.get(("area", "unclassified"), 0.0) == pytest.approx(2 - forest)


def write_gbk_shapefile(folder: Path, name: str = "县界") -> None:
    pyogrio.raw.write(
        str(folder / f"{name}.shp"),
        shapely.to_wkb(np.array([ZONE])),
        [np.array(["360725"], dtype=object)],
        ["县代码"],
        geometry_type="Polygon",
        crs=ALBERS,
        driver="ESRI Shapefile",
        encoding="GBK",
    )
    (folder / f"{name}.cpg").unlink(missing_ok=True)


def test_a_zipped_shapefile_that_does_not_say_it_is_in_gbk_is_read(folder: Path) -> None:
    write_gbk_shapefile(folder)
    with zipfile.ZipFile(folder / "zones.zip", "w") as packed:
        for path in folder.glob("县界.*"):
            packed.write(path, path.name)
    assert extracted(folder, "zones.zip")["area", FOREST] == pytest.approx(2)


def write_layer(path: Path, layer: str, shape: shapely.Geometry) -> None:
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(np.array([shape])),
        [np.array(["360725"], dtype=object)],
        ["adcode"],
        layer=layer,
        geometry_type=shape.geom_type,
        crs=ALBERS,
        driver="GPKG",
    )


def test_of_several_layers_the_polygons_are_taken_and_several_of_polygons_are_asked_for(folder: Path) -> None:
    write_layer(folder / "many.gpkg", "towns", shapely.Point(1, 1))
    write_layer(folder / "many.gpkg", "counties", ZONE)
    assert extracted(folder, "many.gpkg")["area", FOREST] == pytest.approx(2)
    write_layer(folder / "many.gpkg", "parks", shapely.box(0, -1000, 1000, 0))
    with pytest.raises(Problems, match=r"the file has 2 layers of polygons: counties, parks"):
        extracted(folder, "many.gpkg")
    assert extracted(folder, "many.gpkg|layername=counties")["area", FOREST] == pytest.approx(2)
    assert extracted(folder, "many.gpkg|layername=parks")["area", FOREST] == pytest.approx(1)
    with pytest.raises(Problems, match="cannot be read as polygons"):
        extracted(folder, "many.gpkg|layername=none")


def test_land_that_no_class_is_known_of_is_told(folder: Path) -> None:
    write_zones(folder / "wide.gpkg", {"360725": shapely.box(0, -2000, 4000, 0)})
    told = extract_inputs(folder / "land.tif", folder / "wide.gpkg", folder / "inputs.parquet", 2022, str(folder / "classes.csv"))
    assert "land of unknown type: 360725 50.0%; the rows of unclassified say why" in told


def test_a_shapefile_in_a_folder_of_a_zip_is_read(folder: Path) -> None:
    write_zones(folder / "zones.shp", {"360725": ZONE})
    with zipfile.ZipFile(folder / "zones.zip", "w") as packed:
        for part in folder.glob("zones.*"):
            if part.suffix in {".shp", ".shx", ".dbf", ".prj"}:
                packed.write(part, f"县界/{part.name}")
    assert extracted(folder, "zones.zip") == extracted(folder, "zones.gpkg")


@pytest.mark.parametrize("ending", [".shx", ".dbf"])
def test_a_shapefile_that_lacks_a_part_is_refused_with_the_part(folder: Path, ending: str) -> None:
    write_zones(folder / "zones.shp", {"360725": ZONE})
    (folder / f"zones{ending}").unlink()
    with pytest.raises(Problems, match=rf"zones\.shp: \{ending} of the Shapefile are missing beside it"):
        extracted(folder, "zones.shp")


@pytest.mark.parametrize(
    ("file", "said"), [("a00000004.gdbtablx", "lacks some of its files"), ("a00000001.gdbtable", "it is damaged")]
)
def test_a_geodatabase_that_is_not_whole_is_refused(folder: Path, file: str, said: str, recwarn: pytest.WarningsRecorder) -> None:
    """GDAL would guess where its shapes lie, and say so in a warning of Python."""
    pyogrio.raw.write(
        str(folder / "zones.gdb"),
        shapely.to_wkb(np.array([ZONE])),
        [np.array(["360725"], dtype=object)],
        ["adcode"],
        geometry_type="Polygon",
        crs=ALBERS,
        driver="OpenFileGDB",
    )
    part = folder / "zones.gdb" / file
    if file.endswith("x"):
        part.unlink()
    else:
        part.write_bytes(b"xx")
    with pytest.raises(Problems, match=said):
        extracted(folder, "zones.gdb")
    assert not [one for one in recwarn if issubclass(one.category, RuntimeWarning)]


def test_codes_of_a_land_survey_are_those_of_villages_or_townships(folder: Path) -> None:
    halves = [shapely.box(0, -2000, 1000, 0), shapely.box(1000, -2000, 2000, 0)]
    for codes, expected in (
        (("3607251002010000000", "3607251002020000000"), {"360725100201", "360725100202"}),
        (("3607251000000000000", "3607252000000000000"), {"360725100", "360725200"}),
    ):
        (folder / "zones.gpkg").unlink()
        write_zones(folder / "zones.gpkg", dict(zip(codes, halves, strict=True)), field="ZLDWDM")
        extracted(folder)
        assert set(pq.read_table(folder / "inputs.parquet")["county"].to_pylist()) == expected
