"""Scale, unit, fill codes and classes of products as their files come; means that are no means; gaps that are said and not filled."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
import shapely
import yaml
from conftest import ROOT
from spaces import ALBERS, write_crosswalk, write_raster, write_zones

from gep.messages.problems import Problems
from gep.reference.crosswalk import list_shipped_crosswalks
from gep.reference.plausible import read_bands
from gep.space.raster.products import DRIVER, read_products
from gep.space.runs import extract_inputs
from gep.units.registry import parse_unit
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program
    from numpy.typing import NDArray

ZONE = shapely.box(0, -4000, 4000, 0)
FOREST = "evergreen_broadleaf_forest"


def extract(folder: Path, *drivers: str, **more: object) -> tuple[dict[tuple[str, str], float], str]:
    """(Variable, type) → value in the zone, and what is told."""
    write_raster(folder / "land.tif", np.full((4, 4), 1, np.uint8), nodata=255)
    write_zones(folder / "zones.gpkg", {"360725": ZONE})
    write_crosswalk(folder / "classes.csv", {1: FOREST})
    told = extract_inputs(
        folder / "land.tif",
        folder / "zones.gpkg",
        folder / "out.csv",
        2022,
        str(folder / "classes.csv"),
        drivers=drivers,
        **more,  # type: ignore[arg-type]
    )
    rows = csv.DictReader((folder / "out.csv").read_text("utf-8").splitlines())
    return {(row["variable"], row["ecosystem"]): float(row["value"]) for row in rows}, "\n".join(told)


def refused(folder: Path, *drivers: str, **more: object) -> str:
    with pytest.raises(Problems) as caught:
        extract(folder, *drivers, **more)
    return str(caught.value)


def test_the_list_of_products_is_whole() -> None:
    sources = yaml.safe_load((ROOT / "coefficients/sources.yaml").read_text("utf-8"))
    for one in read_products():
        assert one.source in sources
        assert set(one.variables) <= set(VARIABLES)
        assert one.scheme in {"", *list_shipped_crosswalks()}
        assert not one.unit or parse_unit(one.unit)
        assert one.kind == "land" or one.variables
    for band in read_bands():
        assert band.low < band.high


NPP = np.full((4, 4), 6500, np.int16)


@pytest.mark.parametrize("name", ["NPP", "npp_C", "npp_carbon"])
def test_factor_and_unit_stand_behind_the_file(tmp_path: Path, name: str) -> None:
    path = write_raster(tmp_path / "mine.tif", NPP, nodata=-1)
    found, told = extract(tmp_path, f"{name}={path}*0.0001[kg C/m2/yr]")
    assert found["npp_carbon", FOREST] == pytest.approx(650.0)
    assert "stored numbers times 0.0001 are kg C/m2/yr" in told
    found, _ = extract(tmp_path, f"{name}[kg C/m2/yr]={path}*1e-4")
    assert found["npp_carbon", FOREST] == pytest.approx(650.0)


def test_a_letter_of_several_leaves_is_asked_about(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "mine.tif", NPP, nodata=-1)
    assert "NPP may be npp_carbon [t_C/km^2/yr], npp_dry_matter [t_DM/km^2/yr]" in refused(tmp_path, f"NPP={path}*0.0001")
    found, _ = extract(tmp_path, f"NPP={path}*0.0001[kg DM/m2/yr]")
    assert found["npp_dry_matter", FOREST] == pytest.approx(650.0)


def test_a_file_with_a_star_or_brackets_in_its_name_is_that_file(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "rain*2[mm].tif", np.full((4, 4), 1600, np.int16), nodata=-1, unit="mm/yr")
    assert extract(tmp_path, f"precipitation={path}")[0]["precipitation", FOREST] == pytest.approx(1600)


@pytest.mark.parametrize("text", ["*0", "*0.0", "*1e999"])
def test_a_factor_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = write_raster(tmp_path / "mine.tif", NPP, nodata=-1)
    assert "the factor of npp_carbon is" in refused(tmp_path, f"npp_carbon={path}{text}[kg C/m2/yr]")


def test_two_units_of_one_driver_are_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "mine.tif", NPP, nodata=-1)
    assert "is given in two units: mm/yr and m/yr" in refused(tmp_path, f"precipitation[mm/yr]={path}[m/yr]")


@pytest.mark.parametrize(
    ("variable", "unit"), [("precipitation", "mm/yr"), ("slope_factor", "1"), ("wind_erodible_fraction", "1")]
)
def test_a_driver_whose_unit_nobody_states_is_refused(tmp_path: Path, variable: str, unit: str) -> None:
    path = write_raster(tmp_path / "some.tif", np.full((4, 4), 0.5 if unit == "1" else 1600, np.float32))
    said = refused(tmp_path, f"{variable}={path}")
    assert f"no unit of {variable} is stated, neither in the call nor in the file\n  expected  a unit of {unit}" in said
    extract(tmp_path, f"{variable}[{unit}]={path}")
    with rasterio.open(path, "r+") as file:
        file.update_tags(1, units=unit)
    extract(tmp_path, f"{variable}={path}")


def test_a_scale_that_stands_in_a_tag_only_is_applied(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "et.tif", np.full((4, 4), 8000, np.int16), nodata=-1)
    with rasterio.open(path, "r+") as file:
        file.update_tags(scale_factor="0.1", add_offset="0", units="mm/yr")
    found, told = extract(tmp_path, f"evapotranspiration={path}")
    assert found["evapotranspiration", FOREST] == pytest.approx(800)
    assert "stored numbers times 0.1 are mm/yr" in told


@pytest.mark.parametrize(
    ("dtype", "tags"),
    [
        ("int16", {"scale_factor": "10000"}),
        ("int16", {"scale_factor": "0.1", "add_offset": "-100"}),
        ("float32", {"scale_factor": "0.1"}),
        ("int16", {"scale_factor": "one tenth"}),
    ],
)
def test_a_tag_that_may_mean_two_things_is_asked_about(tmp_path: Path, dtype: str, tags: dict[str, str]) -> None:
    path = write_raster(tmp_path / "et.tif", np.full((4, 4), 800, dtype), nodata=-1, unit="mm/yr")
    with rasterio.open(path, "r+") as file:
        file.update_tags(**tags)
    assert "which makers of files mean in different ways" in refused(tmp_path, f"evapotranspiration={path}")
    with rasterio.open(path, "r+") as file:  # as the hint says
        file.scales = (0.9,)
    assert extract(tmp_path, f"evapotranspiration={path}")[0]["evapotranspiration", FOREST] == pytest.approx(720)


def test_a_factor_of_the_call_beside_one_of_the_file_is_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "et.tif", np.full((4, 4), 8000, np.int16), nodata=-1, unit="mm/yr")
    with rasterio.open(path, "r+") as file:
        file.scales = (0.1,)
    assert "the file itself says times 0.1, and the call times 0.1" in refused(tmp_path, f"evapotranspiration={path}*0.1")


PRODUCTS = [
    ("MOD17A3HGF.061_Npp_500m_doy2022001_aid0001.tif", "npp_carbon", np.int16, 6500, 32767, [32762, 32766], 650.0),
    ("MOD17A3.A2014.055.uint16.tif", "npp_carbon", np.uint16, 6500, 65535, [65530, 65534], 650.0),
    ("mod17.tif", "npp_carbon", np.int16, 6500, None, [32761, 32767], 650.0),
    ("MOD16A3GF.A2022001.h28v06.061.ET_500m.tif", "evapotranspiration", np.uint16, 8000, 65535, [65529, 65533], 800.0),
    ("MOD16A3GF.061_ET_500m_doy2022001_aid0001.tif", "evapotranspiration", np.int16, 8000, 32767, [32761, 32765], 800.0),
    ("chirps-v2.0.2022.tif", "precipitation", np.float32, 1600, None, [-9999], 1600.0),
    ("wc2.1_30s_bio_12.tif", "precipitation", np.float32, 1600, None, [-3.4e38], 1600.0),
]


@pytest.mark.parametrize(("name", "variable", "dtype", "stored", "nodata", "fills", "wanted"), PRODUCTS)
@pytest.mark.parametrize("step", [1000.0, 900.0])
def test_products_are_read_with_their_own_scale_unit_and_fill_codes(
    tmp_path: Path,
    name: str,
    variable: str,
    dtype: type,
    stored: float,
    nodata: float | None,
    fills: list[float],
    wanted: float,
    step: float,
) -> None:
    cells: NDArray[Any] = np.full((6, 6), stored, dtype)
    cells[3, 1 : 1 + len(fills)] = np.array(fills, dtype)
    path = write_raster(tmp_path / name, cells, nodata=nodata, step=step)
    found, told = extract(tmp_path, f"{variable}={path}", least_cover=50)
    assert found[variable, FOREST] == pytest.approx(wanted, rel=1e-6)
    assert "by its name or tags" in told
    assert f"{variable} was found from a part of the area only: evergreen_broadleaf_forest in 360725" in told
    found, _ = extract(tmp_path, f"{variable}={path}", accepted=[variable])
    assert found[variable, FOREST] == pytest.approx(wanted, rel=1e-6)


def test_parcels_leave_out_the_fill_codes_of_products_too(tmp_path: Path) -> None:
    import pyogrio

    cells = np.full((4, 4), 6500, np.int16)
    cells[0, 0] = 32762
    path = write_raster(tmp_path / "MOD17A3HGF.Npp.tif", cells, nodata=32767)
    write_zones(tmp_path / "zones.gpkg", {"360725": ZONE})
    fields = [np.array(["0301"], dtype=object)]
    pyogrio.raw.write(str(tmp_path / "dltb.gpkg"), shapely.to_wkb([ZONE]), fields, ["DLBM"], geometry_type="Polygon", crs=ALBERS)
    extract_inputs(
        tmp_path / "dltb.gpkg", tmp_path / "zones.gpkg", tmp_path / "out.csv", 2022, drivers=(f"NPP={path}",), least_cover=90
    )
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    (npp,) = [row for row in rows if row["variable"] == "npp_carbon"]
    assert float(npp["value"]) == pytest.approx(650.0)
    assert "only 93.75% of the area has data" in npp["note"]


@pytest.mark.parametrize(
    ("name", "variable", "dtype"),
    [
        ("MOD17A2H.A2022001.tif", "npp_carbon", np.int16),
        ("MOD16A2GF.A2022001.ET_500m.tif", "evapotranspiration", np.uint16),
        ("chirps-v2.0.2022.07.tif", "precipitation", np.float32),
        ("chirps-v2.0.2022.07.21.tif", "precipitation", np.float32),
        ("wc2.1_2.5m_prec_07.tif", "precipitation", np.int16),
        ("era5_land_monthly_tp_2022.tif", "precipitation", np.float32),
    ],
)
def test_a_month_or_a_day_is_no_year(tmp_path: Path, name: str, variable: str, dtype: type) -> None:
    path = write_raster(tmp_path / name, np.full((4, 4), 120, dtype), nodata=-9999 if dtype is not np.uint16 else 65535)
    assert ": one file is no year" in refused(tmp_path, f"{variable}={path}")


def test_a_call_that_contradicts_a_product_is_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "MOD17A3HGF.tif", NPP, nodata=32767)
    assert "is stored in steps of 0.0001, the call says 0.001" in refused(tmp_path, f"npp_carbon={path}*0.001")
    assert extract(tmp_path, f"npp_carbon={path}*0.0001[kg C/m2/yr]")[0]["npp_carbon", FOREST] == pytest.approx(650.0)


@pytest.mark.parametrize(
    ("name", "cells", "scheme", "unknown"),
    [
        ("CLCD_v01_2022.tif", [[1, 2], [0, 4]], "clcd", 4.0),
        ("ESA_WorldCover_10m_2021.tif", [[10, 40], [0, 80]], "worldcover", 4.0),
        ("n50_25_2020lc030.tif", [[10, 255], [0, 80]], "globeland30", 8.0),
        ("MCD12Q1.A2022.LC_Type1.tif", [[1, 255], [5, 17]], "igbp", 4.0),
        ("esri_lulc_2022.tif", [[1, 2], [0, 11]], "esri", 4.0),
        ("50R_20220101-20230101.tif", [[1, 2], [0, 11]], "esri", 4.0),
        ("dynamic_world_2022.tif", [[1, 0], [255, 8]], "dynamic-world", 4.0),
    ],
)
def test_land_cover_products_know_their_classes_and_what_marks_no_data(
    tmp_path: Path, name: str, cells: list[list[int]], scheme: str, unknown: float
) -> None:
    write_raster(tmp_path / name, np.array(cells, np.uint8), step=2000.0, nodata=255 if scheme == "dynamic-world" else None)
    write_zones(tmp_path / "zones.gpkg", {"360725": ZONE})
    told = "\n".join(extract_inputs(tmp_path / name, tmp_path / "zones.gpkg", tmp_path / "out.csv", 2022))
    assert f"classes by {scheme} (" in told
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    areas = {row["ecosystem"]: float(row["value"]) for row in rows if row["variable"] == "area"}
    assert areas["unclassified"] == pytest.approx(unknown)
    assert sum(areas.values()) == pytest.approx(16.0)


def test_a_mean_outside_its_plausible_band_stops_the_run_unless_accepted_by_name(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "rain.tif", np.full((4, 4), 160, np.int16), nodata=-1, unit="mm/yr")
    said = refused(tmp_path, f"precipitation={path}")
    assert (
        "the mean of precipitation in evergreen_broadleaf_forest in 360725 is 160 mm/yr\n  expected  700 to 3,200 mm/yr" in said
    )
    assert not (tmp_path / "out.csv").exists()
    assert extract(tmp_path, f"precipitation={path}", accepted=["precipitation"])[0]["precipitation", FOREST] == 160
    assert "outside 700 to 3200 mm/yr, accepted by name" in (tmp_path / "out.csv").read_text("utf-8")


def test_an_accepted_name_that_is_no_driver_is_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "rain.tif", np.full((4, 4), 1600, np.int16), nodata=-1, unit="mm/yr")
    said = refused(tmp_path, f"precipitation={path}", accepted=["evapotranspiration"])
    assert "evapotranspiration is no driver of this call" in said


def test_a_hole_is_missing_and_said_wherever_the_figure_goes(gep: Program, tmp_path: Path) -> None:
    cells = np.full((4, 4), 1600, np.int16)
    cells[0, :3] = cells[1, :3] = -1
    rain = write_raster(tmp_path / "rain.tif", cells, nodata=-1, unit="mm/yr")
    dry = write_raster(tmp_path / "dry.tif", np.full((4, 4), 800, np.int16), nodata=-1, unit="mm/yr")
    given = (f"precipitation={rain}", f"evapotranspiration={dry}")
    found, told = extract(tmp_path, *given)
    assert ("precipitation", FOREST) not in found
    assert (
        "not taken, since less than 95% of the area has data: precipitation of evergreen_broadleaf_forest in 360725 62.50%; "
        "--accept precipitation takes it all the same" in told
    )
    found, told = extract(tmp_path, *given, accepted=["precipitation"])
    assert found["precipitation", FOREST] == 1600
    assert "62.50%" in told
    table = tmp_path / "inputs.csv"
    text = (tmp_path / "out.csv").read_text("utf-8")
    assert "only 62.50% of the area has data, accepted by name" in text
    table.write_text(text, "utf-8")
    for command in (("check", str(table)), ("run", str(table), "--store", gep.store)):
        done = gep.try_out(*command)
        assert "precipitation was found from 62.50% of its area" in " ".join((done.stdout + done.stderr).split()), command
    zh = gep.try_out("check", str(table), "--lang", "zh")
    assert "仅由其 62.50% 的面积求得" in zh.stdout + zh.stderr
    traced = gep("trace", "360725", "2022", "water_conservation", "--store", gep.store).stdout
    assert "62.50%" in traced


def test_every_driver_product_has_a_test() -> None:
    said = [(name, variable, np.dtype(dtype).name) for name, variable, dtype, *_ in PRODUCTS]
    yearly = [one for one in read_products() if one.kind == DRIVER and one.period == "year"]
    for one in yearly:
        assert any(
            one.is_said_by(name) and variable in one.variables and (not one.dtypes or dtype in one.dtypes)
            for name, variable, dtype in said
        )
