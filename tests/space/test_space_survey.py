"""Parcels of the third national land survey: net areas, ridges of fields, geodatabases, and what does not add up."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import pytest
import shapely
from spaces import ALBERS, write_raster, write_zones

from gep.messages.problems import Problems
from gep.space.runs import extract_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

PARCELS = [shapely.box(0, -1000, 1000, 0), shapely.box(1000, -1000, 3000, 0), shapely.box(0, -2000, 3000, -1000)]
GROSS = [1_000_000.0, 2_000_000.0, 3_000_000.0]
SURVEY: dict[str, list[Any]] = {
    "BSM": ["1", "2", "3"],
    "DLBM": ["0101", "0103", "0307K"],
    "DLMC": ["水田", "旱地", "其他林地"],
    "TBMJ": GROSS,
    "KCDLBM": ["1203", "1203", ""],
    "KCXS": [0.1, 0.05, 0.0],
    "KCMJ": [100_000.0, 100_000.0, 0.0],
    "TBDLMJ": [900_000.0, 1_900_000.0, 3_000_000.0],
}


def write_survey(path: Path, columns: dict[str, list[Any]], driver: str = "GPKG", layer: str | None = None) -> Path:
    return write_parcels(path, PARCELS, columns, driver, layer)


def write_parcels(
    path: Path, shapes: list[shapely.Geometry], columns: dict[str, list[Any]], driver: str = "GPKG", layer: str | None = None
) -> Path:
    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(np.array(shapes)),
        [np.array(values, dtype=object if isinstance(values[0], str) else float) for values in columns.values()],
        list(columns),
        geometry_type="Polygon",
        crs=ALBERS,
        driver=driver,
        **({"encoding": "GB18030"} if driver == "ESRI Shapefile" else {}),
        **({"layer": layer} if layer else {}),
    )
    return path


def areas(folder: Path, survey: str, zone: shapely.Geometry | None = None) -> tuple[dict[str, float], str]:
    write_zones(folder / "zones.gpkg", {"360725": shapely.box(0, -2000, 3000, 0) if zone is None else zone})
    told = extract_inputs(folder / survey, folder / "zones.gpkg", folder / "out.csv", 2022)
    rows = csv.DictReader((folder / "out.csv").read_text("utf-8").splitlines())
    found = {row["ecosystem"]: float(row["value"]) for row in rows if row["variable"] == "area" and float(row["value"]) > 0}
    return found, "\n".join(told)


NET = {"paddy": 0.9, "dry_cropland": 1.9, "arable": 0.2, "sparse_forest": 3.0}


@pytest.mark.parametrize(("name", "driver"), [("dltb.gpkg", "GPKG"), ("dltb.shp", "ESRI Shapefile"), ("dltb.gdb", "OpenFileGDB")])
def test_net_areas_are_those_of_the_survey_and_ridges_a_class_of_their_own(tmp_path: Path, name: str, driver: str) -> None:
    write_survey(tmp_path / name, SURVEY, driver)
    if driver == "ESRI Shapefile":
        (tmp_path / "dltb.cpg").unlink(missing_ok=True)
    found, told = areas(tmp_path, name)
    assert found == pytest.approx(NET)
    assert "areas of parcels as stated (TBMJ, TBDLMJ, KCMJ, KCXS): net 5.8000 km², deducted 0.2000 km²" in told


@pytest.mark.parametrize(
    "left", [("TBDLMJ",), ("KCMJ",), ("KCXS",), ("TBDLMJ", "KCMJ"), ("KCMJ", "KCXS"), ("KCDLBM",), ("TBMJ", "KCMJ")]
)
def test_what_is_not_stated_follows_from_the_rest(tmp_path: Path, left: tuple[str, ...]) -> None:
    write_survey(tmp_path / "dltb.gpkg", {name: values for name, values in SURVEY.items() if name not in left})
    assert areas(tmp_path, "dltb.gpkg")[0] == pytest.approx(NET)


@pytest.mark.parametrize(("name", "driver"), [("dltb.gpkg", "GPKG"), ("dltb.shp", "ESRI Shapefile"), ("dltb.gdb", "OpenFileGDB")])
@pytest.mark.parametrize("column", ["KCMJ", "KCXS"])
def test_an_empty_cell_of_what_is_deducted_is_nothing_deducted(tmp_path: Path, name: str, driver: str, column: str) -> None:
    """Columns of numbers come with NaN where a cell is empty, as surveys leave it for what has no ridges."""
    write_survey(tmp_path / name, {**SURVEY, column: [*SURVEY[column][:2], float("nan")]}, driver)
    assert areas(tmp_path, name)[0] == pytest.approx(NET)


def test_an_empty_area_is_refused_as_empty(tmp_path: Path) -> None:
    write_survey(tmp_path / "dltb.gpkg", {**SURVEY, "TBMJ": [*GROSS[:2], float("nan")]})
    with pytest.raises(Problems, match=r"dltb\.gpkg:3: TBMJ is ''"):
        areas(tmp_path, "dltb.gpkg")


def test_codes_that_lost_their_zeros_are_no_other_classes(tmp_path: Path) -> None:
    """101 is paddy, 0101, and nothing of 10, which is land of transport."""
    write_survey(tmp_path / "dltb.gpkg", {**SURVEY, "DLBM": [101.0, 103.0, 307.0]})
    with pytest.raises(Problems) as caught:
        areas(tmp_path, "dltb.gpkg")
    assert "3 classes have no row" in str(caught.value)
    assert "zeros in front seem lost (101 for 0101)" in str(caught.value)


def test_a_parcel_that_stands_twice_is_refused_where_the_zone_has_room_for_both(tmp_path: Path) -> None:
    columns = {name: [*values, values[0]] for name, values in SURVEY.items() if name in {"DLBM", "TBMJ"}}
    inner = shapely.box(200, -800, 800, -200)
    for again, area, said in (
        (PARCELS[0], 1e6, "parcel 4 lies over parcel 1 with 100.00% of the smaller"),
        (inner, 360_000.0, "parcel 4 lies over parcel 1 with 100.00% of the smaller"),
        (shapely.box(-900, -1000, 100, 0), 1e6, "parcel 4 lies over parcel 1 with 10.00% of the smaller"),
    ):
        columns["TBMJ"][3] = area
        write_parcels(tmp_path / "dltb.gpkg", [*PARCELS, again], columns)
        with pytest.raises(Problems) as caught:
            areas(tmp_path, "dltb.gpkg", shapely.box(-5000, -5000, 5000, 5000))
        assert said in str(caught.value)
    write_parcels(tmp_path / "dltb.gpkg", [*PARCELS, shapely.box(-995, -1000, 5, 0)], columns)
    found, _ = areas(tmp_path, "dltb.gpkg", shapely.box(-5000, -5000, 5000, 5000))
    assert found["paddy"] == pytest.approx(2.0)


@pytest.mark.parametrize("stated", [15.0, 100_000.0])
def test_a_parcel_that_states_another_area_than_its_shape_is_refused(tmp_path: Path, stated: float) -> None:
    """One of many: all together still fit the shapes to 1 %."""
    small = [shapely.box(100 * at, 0, 100 * at + 100, 100) for at in range(2)]
    columns: dict[str, list[Any]] = {"DLBM": ["0301", "0301", "0301"], "TBMJ": [1e9, 10_000.0, stated]}
    write_parcels(tmp_path / "dltb.gpkg", [shapely.box(0, -10_000, 100_000, 0), *small], columns)
    with pytest.raises(
        Problems, match=rf"dltb\.gpkg:3: parcel 3 states {stated:,.2f} m², its shape on the ellipsoid has 10,000.0"
    ):
        areas(tmp_path, "dltb.gpkg")


def test_parcels_that_a_border_cuts_count_by_their_share(tmp_path: Path) -> None:
    write_survey(tmp_path / "dltb.gpkg", SURVEY)
    found, _ = areas(tmp_path, "dltb.gpkg", shapely.box(0, -2000, 2000, 0))
    assert found == pytest.approx({"paddy": 0.9, "dry_cropland": 0.95, "arable": 0.15, "sparse_forest": 2.0}, rel=1e-6)


def test_without_stated_areas_the_shapes_are_measured(tmp_path: Path) -> None:
    write_survey(tmp_path / "dltb.gpkg", {"DLBM": SURVEY["DLBM"]})
    found, told = areas(tmp_path, "dltb.gpkg")
    assert found == pytest.approx({"paddy": 1.0, "dry_cropland": 2.0, "sparse_forest": 3.0}, rel=1e-6)
    assert "as stated" not in told


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("TBDLMJ", [900_000.0, 1_900_001.0, 3e6], "dltb.gpkg:2: TBDLMJ is 1,900,001.00, TBMJ − KCMJ is 1,900,000.00"),
        ("TBDLMJ", ["900000", "about 2", "3000000"], "dltb.gpkg:2: TBDLMJ is 'about 2'"),
        ("KCMJ", [-1.0, 1e5, 0.0], "dltb.gpkg:1: TBDLMJ is 900,000.00, TBMJ − KCMJ is 1,000,001.00"),
    ],
)
def test_areas_that_do_not_add_up_are_refused_with_their_row(tmp_path: Path, column: str, values: list[Any], said: str) -> None:
    write_survey(tmp_path / "dltb.gpkg", {**SURVEY, column: values})
    with pytest.raises(Problems) as caught:
        areas(tmp_path, "dltb.gpkg")
    assert said in str(caught.value)


@pytest.mark.parametrize(("unit", "size"), [("亩", 10_000 / 15), ("公顷", 10_000.0), ("km²", 1e6)])
def test_areas_in_another_unit_are_refused_and_the_unit_is_named(tmp_path: Path, unit: str, size: float) -> None:
    write_survey(tmp_path / "dltb.gpkg", {"DLBM": SURVEY["DLBM"], "TBMJ": [one / size for one in GROSS]})
    with pytest.raises(Problems, match=rf"add up to [^$]*they seem to be in {unit}"):
        areas(tmp_path, "dltb.gpkg")


def test_percent_of_what_is_deducted_is_refused(tmp_path: Path) -> None:
    write_survey(tmp_path / "dltb.gpkg", {"DLBM": SURVEY["DLBM"], "TBMJ": GROSS, "KCXS": [10.0, 5.0, 0.0]})
    with pytest.raises(Problems, match="KCXS reaches from 0 to 10"):
        areas(tmp_path, "dltb.gpkg")


def test_a_county_in_several_rows_is_one_zone(tmp_path: Path) -> None:
    write_survey(tmp_path / "dltb.gpkg", SURVEY)
    parts = [shapely.box(0, -2000, 1000, 0), shapely.box(2000, -2000, 3000, 0)]
    codes = np.array(["360725", "360725"], dtype=object)
    pyogrio.raw.write(str(tmp_path / "rows.gpkg"), shapely.to_wkb(parts), [codes], ["XZQDM"], geometry_type="Polygon", crs=ALBERS)
    told = extract_inputs(tmp_path / "dltb.gpkg", tmp_path / "rows.gpkg", tmp_path / "out.csv", 2022)
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    found = {row["ecosystem"]: float(row["value"]) for row in rows if row["variable"] in {"area", "land_area"}}
    assert found[""] == pytest.approx(4.0, rel=1e-3)
    assert found["paddy"] == pytest.approx(0.9, rel=1e-6)
    assert found["sparse_forest"] == pytest.approx(2.0, rel=1e-6)
    assert "360725 stands in 2 rows, taken as one zone" in "\n".join(told)


def test_parcels_are_mapped_by_the_rules_of_the_account(gep: Program, tmp_path: Path) -> None:
    write_survey(tmp_path / "dltb.gpkg", SURVEY)
    write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(0, -2000, 2000, 0)})
    for name, value in (("rain", 1600), ("dry", 700)):
        write_raster(tmp_path / f"{name}.tif", np.full((2, 3), value, np.float32), unit="mm/yr")
    done = gep(
        "map",
        "--land-cover",
        str(tmp_path / "dltb.gpkg"),
        "--zones",
        str(tmp_path / "zones.gpkg"),
        "--year",
        "2022",
        "--service",
        "water_conservation",
        "--driver",
        f"precipitation={tmp_path / 'rain.tif'}",
        "--driver",
        f"evapotranspiration={tmp_path / 'dry.tif'}",
        "-o",
        str(tmp_path / "out"),
    )
    assert "parcels.gpkg" in done.stdout + done.stderr
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "map.json",
        "parcels.csv",
        "parcels.gpkg",
        "zonal_sums.csv",
    ]
    rows = list(csv.DictReader((tmp_path / "out" / "parcels.csv").read_text("utf-8").splitlines()))
    assert {row["ecosystem"] for row in rows} == {"paddy", "dry_cropland", "arable", "sparse_forest"}
    assert sum(float(row["area_km2"]) for row in rows) == pytest.approx(4.0, rel=1e-6)
    (forest,) = [row for row in rows if row["ecosystem"] == "sparse_forest"]
    meta, _, shapes, columns = pyogrio.raw.read(str(tmp_path / "out" / "parcels.gpkg"))
    table = dict(zip(meta["fields"], columns, strict=True))
    at = list(table["ecosystem"]).index("sparse_forest")
    assert shapely.from_wkb(shapes[at]).area == pytest.approx(2e6)
    name = "water_conservation.volume.quantity"
    assert float(forest[f"{name} [m³/yr]"]) == pytest.approx(table[f"{name} [m³/yr]"][at])
    sums = list(csv.DictReader((tmp_path / "out" / "zonal_sums.csv").read_text("utf-8").splitlines()))
    (whole,) = [row for row in sums if row["layer"] == name]
    counted = [float(row[f"{name} [m³/yr]"]) for row in rows if row[f"{name} [m³/yr]"]]
    assert float(whole["sum_of_pixels"]) == pytest.approx(sum(counted))
    assert float(whole["county_account"]) == pytest.approx(sum(counted))
    states = {row["ecosystem"]: row["water_conservation state"] for row in rows}
    assert states["paddy"] == "not counted"
    assert states["sparse_forest"] == "counted"
