"""Parcels of two surveys laid over each other: what became of the land adds up to what both surveys state, and the extent account takes it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from conftest import Program
from spaces import ALBERS, write_raster, write_zones

ZONES = {"360725": shapely.box(0, -4000, 2000, 0), "360724": shapely.box(2000, -4000, 6000, 0)}
Rows = list[tuple[str, shapely.Geometry, float]]
BEFORE: Rows = [
    ("0101", shapely.box(0, -2000, 2000, 0), 0.1),
    ("0301", shapely.box(2000, -2000, 6000, 0), 0.0),
    ("0103", shapely.box(0, -4000, 2000, -2000), 0.05),
    ("0103", shapely.box(2000, -4000, 6000, -2000), 0.05),
]
AFTER: Rows = [
    ("0101", shapely.box(0, -2000, 1000, 0), 0.12),
    ("0701", shapely.box(1000, -2000, 2000, 0), 0.0),
    ("0301", shapely.box(2000, -2000, 6000, 0), 0.0),
    ("0103", shapely.box(0, -4000, 2000, -2000), 0.05),
    ("0103", shapely.box(2000, -4000, 4000, -2000), 0.05),
    ("0301", shapely.box(4000, -4000, 6000, -2000), 0.0),
]


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def write_survey(path: Path, rows: Rows, *, stated: bool = True, larger: float = 1.0, crs: str = ALBERS) -> Path:
    shapes = np.array([one for _, one, _ in rows])
    gross = shapely.area(shapes) * larger
    ridges = np.round(gross * [one for *_, one in rows], 2)
    columns: dict[str, Any] = {"BSM": [f"{path.stem}{at}" for at in range(len(rows))], "DLBM": [one for one, *_ in rows]}
    if stated:
        columns |= {"TBMJ": gross, "KCMJ": ridges, "TBDLMJ": gross - ridges}
    if crs != ALBERS:
        from pyproj import Transformer

        to = Transformer.from_crs(ALBERS, crs, always_xy=True)
        shapes = shapely.transform(shapely.segmentize(shapes, 50), lambda at: np.column_stack(to.transform(at[:, 0], at[:, 1])))
    values = [np.array(of, dtype=object if isinstance(of[0], str) else float) for of in columns.values()]
    pyogrio.raw.write(str(path), shapely.to_wkb(shapes), values, list(columns), geometry_type="Polygon", crs=crs, driver="GPKG")
    return path


def start(folder: Path, before: Path, after: Path) -> list[str]:
    zones = write_zones(folder / "zones.gpkg", ZONES)
    options = {"--opening": before, "--closing": after, "--zones": zones, "-o": folder / "out"}
    return ["transitions", *(str(part) for pair in options.items() for part in pair), "--years", "2015", "2020"]


def sum_matrix(rows: list[dict[str, str]], side: str) -> dict[tuple[str, str], float]:
    sums: dict[tuple[str, str], float] = {}
    for row in rows:
        sums[row["county"], row[side]] = sums.get((row["county"], row[side]), 0.0) + float(row["area"])
    return {key: value for key, value in sums.items() if value > 1e-9}


def test_net_areas_and_ridges_go_where_the_shapes_go(gep: Program, tmp_path: Path) -> None:
    call = start(tmp_path, write_survey(tmp_path / "a.gpkg", BEFORE), write_survey(tmp_path / "b.gpkg", AFTER))
    done = gep(*call)
    rows = read(tmp_path / "out" / "transitions_by_class.csv")
    found = {(one["from_class"], one["to_class"]): float(one["area"]) for one in rows if one["county"] == "360725"}
    expected = {
        ("0101", "0101"): 2 * 0.88,
        ("0101", "1203"): 2 * 0.02,  # more ridges on the half that stayed
        ("1203", "1203"): 2 * 0.1 + 4 * 0.05,
        ("0101", "0701"): 2 * 0.9,
        ("1203", "0701"): 2 * 0.1,
        ("0103", "0103"): 4 * 0.95,
    }
    assert found == pytest.approx(expected, rel=1e-9)
    other = {(one["from_class"], one["to_class"]): float(one["area"]) for one in rows if one["county"] == "360724"}
    assert other["0103", "0301"] == pytest.approx(4 * 0.95)
    assert "stated differently" not in done.stdout
    extent = {(one["level"], one["id"]): one for one in read(tmp_path / "out" / "extent.csv") if one["county"] == "360724"}
    assert float(extent["class", "0301"]["additions"]) == pytest.approx(4.0)
    assert float(extent["class", "0103"]["reductions"]) == pytest.approx(3.8)
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    for name, year in (("a", "2015"), ("b", "2020")):
        files = ["--land-cover", str(tmp_path / f"{name}.gpkg"), "--zones", str(tmp_path / "zones.gpkg")]
        gep("extract", *files, "-o", str(inputs / f"{year}.csv"), "--year", year)
    gep("run", str(inputs), "--store", gep.store)
    file = str(tmp_path / "out" / "transitions.csv")
    gep("assets", "extent", "360724", "2015", "2020", "--transitions", file, "--store", gep.store)
    names, _, shapes, columns = pyogrio.raw.read(str(tmp_path / "out" / "change.gpkg"))
    parts = dict(zip(names["fields"], columns, strict=True))
    assert {("a0", "b1", "0101", "0701"), ("a3", "b5", "0103", "0301")} <= set(
        zip(parts["from_parcel"], parts["to_parcel"], parts["from_class"], parts["to_class"], strict=True)
    )
    assert shapely.area(shapely.union_all(shapely.from_wkb(shapes))) == pytest.approx(8e6)  # with the half whose ridges changed
    assert (tmp_path / "out" / "change.png").stat().st_size > 10_000
    assert (tmp_path / "out" / "change.svg").is_file()


@pytest.mark.parametrize("crs", [ALBERS, "EPSG:4490"])
def test_rows_and_columns_are_the_areas_that_are_extracted(gep: Program, tmp_path: Path, crs: str) -> None:
    after = [(one, shapely.affinity.translate(shape, 37, 11), ridges) for one, shape, ridges in AFTER]
    call = start(
        tmp_path, write_survey(tmp_path / "a.gpkg", BEFORE, larger=1.002), write_survey(tmp_path / "b.gpkg", after, crs=crs)
    )
    said = " ".join(gep(*call).stdout.split())
    assert "are stated differently by the two surveys" in said
    assert "have data in one of the years only" in said
    matrix = read(tmp_path / "out" / "transitions.csv")
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    for name, year, side in (("a", "2015", "from"), ("b", "2020", "to")):
        out = inputs / f"{year}.csv"
        files = ["--land-cover", str(tmp_path / f"{name}.gpkg"), "--zones", str(tmp_path / "zones.gpkg"), "-o", str(out)]
        gep("extract", *files, "--year", year)
        areas = {(one["county"], one["ecosystem"]): float(one["value"]) for one in read(out) if one["variable"] == "area"}
        sums = sum_matrix(matrix, side)
        for key, value in areas.items():  # what is unclassified is told, and is no less than one survey leaves of the zone
            assert sums.get(key, 0.0) == pytest.approx(value, rel=1e-6) or (key[1] == "unclassified" and sums[key] > value)
    file = str(tmp_path / "out" / "transitions.csv")
    alone = gep("assets", "extent", "--matrix", file, "--zone", "360724", "--format", "json")
    types = {one["type"]: one for one in json.loads(alone.stdout)["types"]}
    assert types["mixed_forest"]["closing"] > types["mixed_forest"]["opening"]


def test_without_stated_areas_the_shapes_are_measured(gep: Program, tmp_path: Path) -> None:
    call = start(
        tmp_path, write_survey(tmp_path / "a.gpkg", BEFORE, stated=False), write_survey(tmp_path / "b.gpkg", AFTER, stated=False)
    )
    said = gep(*call, "--no-pictures", "--lang", "zh").stdout
    matrix = sum_matrix(read(tmp_path / "out" / "transitions.csv"), "to")
    assert matrix["360724", "mixed_forest"] == pytest.approx(12.0, rel=1e-6)
    assert "类型改变" in said or "改变了类型" in said
    assert not (tmp_path / "out" / "change.png").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("raster", "one year is parcels of a survey, the other a raster"),
        ("far", "no parcel of it lies near zone 360724, which"),
        ("class", "classes have no row"),
        ("field", "there is no column"),
        ("split", "land.tif: there is no such file"),
    ],
)
def test_wrong_calls_leave_nothing(gep: Program, tmp_path: Path, change: str, said: str) -> None:
    after = AFTER
    if change == "far":
        after = [(one, shape, ridges) for one, shape, ridges in AFTER if shape.bounds[2] <= 1000]
    elif change == "class":
        after = [("9999", *AFTER[0][1:]), *AFTER[1:]]
    call = start(tmp_path, write_survey(tmp_path / "a.gpkg", BEFORE), write_survey(tmp_path / "b.gpkg", after))
    if change == "raster":
        raster = write_raster(tmp_path / "b.tif", np.ones((4, 6), np.uint8))
        call[call.index("--closing") + 1] = str(raster)
    elif change == "field":
        call += ["--class-field", "XX"]
    elif change == "split":
        call += ["--split", f"{tmp_path / 'land.tif'}|classes=igbp"]
    assert said in " ".join(gep(*call, code=2).stderr.split())
    assert not (tmp_path / "out").exists()


def write_second(folder: Path, kind: str, name: str, bamboo: float) -> str:
    """A forest map of bamboo from 2000 to an edge and needleleaf beyond it, as polygons or pixels."""
    classes = folder / "trees.csv"
    classes.write_text("code,ecosystem\n1,bamboo_forest\n2,evergreen_needleleaf_forest\n", "utf-8")
    if kind == "raster":
        cells = np.where(np.arange(2500, 6000, 1000) < bamboo, 1, 2).astype(np.uint8)
        path = write_raster(folder / f"{name}.tif", np.tile(cells, (4, 1)), left=2000.0, nodata=0)
        return f"{path}|classes={classes}"
    path = write_zones(
        folder / f"{name}.gpkg",
        {"1": shapely.box(2000, -4000, bamboo, 0), "2": shapely.box(bamboo, -4000, 6000, 0)},
        field="kind",
    )
    return f"{path}|field=kind|classes={classes}"


@pytest.mark.parametrize(
    ("opening", "closing"), [("polygons", "polygons"), ("polygons", ""), ("raster", "raster"), ("raster", "")]
)
@pytest.mark.parametrize("ridges", [0.0, 0.1])
def test_second_layers_tell_parcels_of_both_years_apart(
    gep: Program, tmp_path: Path, opening: str, closing: str, ridges: float
) -> None:
    """Forest of 8 km² is a quarter bamboo before, and half of it after where the later year has a map of its own; its ridges stay."""
    rows = (
        [(one, shape, ridges if one == "0301" and shape.bounds[3] == 0 else of) for one, shape, of in year]
        for year in (BEFORE, AFTER)
    )
    first, second = (write_survey(tmp_path / f"{name}.gpkg", of) for name, of in zip("ab", rows, strict=True))
    seconds = [write_second(tmp_path, opening, "first", 3000)]
    call = [*start(tmp_path, first, second), "--split", seconds[0], "--no-pictures"]
    if closing:
        seconds.append(write_second(tmp_path, closing, "second", 4000))
        call += ["--closing-split", seconds[1]]
    gep(*call)
    matrix = read(tmp_path / "out" / "transitions.csv")
    found = {
        (one["from"], one["to"]): float(one["area"]) for one in matrix if one["county"] == "360724" and float(one["area"]) > 1e-9
    }
    net, later = 1 - ridges, 2.0 if closing else 0.0
    expected = {
        ("bamboo_forest", "bamboo_forest"): 2 * net,
        ("evergreen_needleleaf_forest", "bamboo_forest"): later * net,
        ("evergreen_needleleaf_forest", "evergreen_needleleaf_forest"): (6 - later) * net,
        ("dry_cropland", "evergreen_needleleaf_forest"): 3.8,
        ("arable", "evergreen_needleleaf_forest"): 0.2,
        ("dry_cropland", "dry_cropland"): 3.8,
        ("arable", "arable"): 0.2 + 8 * ridges,
    }
    assert found == pytest.approx({pair: area for pair, area in expected.items() if area}, rel=1e-6)
    for side, survey, split, year in (("from", first, seconds[0], "2015"), ("to", second, seconds[-1], "2020")):
        files = [
            "--land-cover",
            str(survey),
            "--zones",
            str(tmp_path / "zones.gpkg"),
            "--split",
            split,
            "-o",
            str(tmp_path / f"{year}.csv"),
        ]
        gep("extract", *files, "--year", year)
        areas = {
            (one["county"], one["ecosystem"]): float(one["value"])
            for one in read(tmp_path / f"{year}.csv")
            if one["variable"] == "area"
        }
        sums = sum_matrix(matrix, side)
        assert {key: value for key, value in areas.items() if value} == pytest.approx({key: sums[key] for key in sums}, rel=1e-6)


@pytest.mark.parametrize("kind", ["polygons", "raster"])
def test_one_map_in_both_years_makes_no_change_of_a_new_border_between_parcels(gep: Program, tmp_path: Path, kind: str) -> None:
    """The forest parcel is cut in two, of which one has all the bamboo: each part is what the map says of it in both years."""
    after = [
        *BEFORE[:1],
        ("0301", shapely.box(2000, -2000, 4000, 0), 0.0),
        ("0301", shapely.box(4000, -2000, 6000, 0), 0.0),
        *BEFORE[2:],
    ]
    first, second = (write_survey(tmp_path / f"{name}.gpkg", of) for name, of in (("a", BEFORE), ("b", after)))
    gep(*start(tmp_path, first, second), "--split", write_second(tmp_path, kind, "map", 3000), "--no-pictures")
    matrix = read(tmp_path / "out" / "transitions.csv")
    found = {(one["from"], one["to"]): float(one["area"]) for one in matrix if "forest" in one["from"] + one["to"]}
    assert found == pytest.approx(
        {("bamboo_forest", "bamboo_forest"): 2, ("evergreen_needleleaf_forest", "evergreen_needleleaf_forest"): 6}, rel=1e-6
    )
