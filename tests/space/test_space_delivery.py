"""Sediment and nutrients that reach streams: against the equations cell by cell, against InVEST 3.20.2 as it was run, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from conftest import ROOT, Program
from routed import (
    GROUND,
    HEADER,
    LEFT,
    ROWS,
    SIDE,
    STREAMS,
    TOP,
    UTM,
    Cell,
    Floats,
    Routed,
    make_landscape,
    route_nutrient,
    route_sediment,
    table,
)
from spaces import write_raster, write_zones

from gep.space.routing.spread import find_spread

CASES = ROOT / "tests" / "cases" / "space"


@pytest.fixture(scope="module")
def rugged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_landscape(tmp_path_factory.mktemp("rugged"), "rugged")


def call(folder: Path, command: str, flow: str = "d8") -> list[str]:
    more = {
        "sediment": ["--erosivity", str(folder / "R.tif"), "--erodibility", str(folder / "K.tif")],
        "nutrients": [
            "--runoff",
            str(folder / "P.tif"),
            "--ground-length",
            str(GROUND["length"]),
            "--ground-efficiency",
            str(GROUND["efficiency"]),
        ],
    }[command]
    files = {
        "--dem": "dem.tif",
        "--land-cover": "land.tif",
        "--zones": "zones.gpkg",
        "--table": "table.csv",
        "--classes": "classes.csv",
    }
    given = [part for option, name in files.items() for part in (option, str(folder / name))]
    return [command, *given, *more, "--year", "2022", "--flow", flow, "--streams", str(STREAMS)]


def read_sums(folder: Path, column: str = "value") -> dict[tuple[str, str], float]:
    with (folder / "zonal_sums.csv").open(encoding="utf-8") as file:
        return {(row["county"], row["layer"]): float(row[column]) for row in csv.DictReader(file)}


def read_cells(path: Path) -> Floats:
    with rasterio.open(path) as file:
        found = file.read(1).astype(float)
        return np.asarray(np.where(found == file.nodata, np.nan, found))


def add_up(folder: Path, layers: dict[str, dict[Cell, float]], prefix: str = "") -> dict[tuple[str, str], float]:
    """Sums by zone of cells whose centre lies in it, by flat hectares."""
    zones = {"360725": (LEFT + 40, 0), "360726": (0, 50)}
    shape = read_cells(folder / "dem.tif").shape
    middle = LEFT + SIDE * shape[1] // 2 + 7
    found = {}
    for name, cells in layers.items():
        for code in zones:
            found[code, prefix + name] = (
                sum(one for cell, one in cells.items() if find_zone(cell, shape, middle) == code) * SIDE**2 / 1e4
            )
    return found


def find_zone(cell: Cell, shape: tuple[int, ...], middle: float) -> str:
    x, y = LEFT + SIDE * (cell[1] + 0.5), TOP - SIDE * (cell[0] + 0.5)
    if x < middle:
        return "360725" if x > LEFT + 40 else ""
    return "360726" if y > TOP - SIDE * shape[0] + 50 else ""


def mask(folder: Path) -> Floats:
    """Heights in zones only, as water is followed unless told."""
    heights = read_cells(folder / "dem.tif")
    middle = LEFT + SIDE * heights.shape[1] // 2 + 7
    for cell in np.ndindex(heights.shape):
        if not find_zone(cell, heights.shape, middle):
            heights[cell] = np.nan
    return heights


@pytest.mark.parametrize("published", [False, True])
def test_sediment_is_that_of_the_equations_cell_by_cell(gep: Program, rugged: Path, tmp_path: Path, published: bool) -> None:
    gep(*call(rugged, "sediment"), *(["--published"] if published else []), "-o", str(tmp_path / "out"))
    land, r, k = (read_cells(rugged / name) for name in ("land.tif", "R.tif", "K.tif"))
    heights = np.where(np.isnan(land) | np.isnan(r) | np.isnan(k), np.nan, mask(rugged))
    routed = Routed(heights, metres=published)
    cover, practice = ({cell: float(table(name)[int(land[cell])]) for cell in routed.filled} for name in ("usle_c", "usle_p"))
    wanted = add_up(rugged, route_sediment(routed, cover, practice, {cell: r[cell] * k[cell] for cell in routed.filled}))
    found = read_sums(tmp_path / "out")
    assert found == pytest.approx(wanted, rel=1e-9)
    assert min(found.values()) > 0
    assert any(routed.filled[cell] > routed.height[cell] for cell in routed.filled)  # there are pits


def test_nutrients_are_those_of_the_equations_cell_by_cell(gep: Program, rugged: Path, tmp_path: Path) -> None:
    gep(*call(rugged, "nutrients"), "--published", "-o", str(tmp_path / "out"))
    land, rain, heights = read_cells(rugged / "land.tif"), read_cells(rugged / "P.tif"), mask(rugged)
    middle = LEFT + SIDE * heights.shape[1] // 2 + 7
    inside = [cell for cell in np.ndindex(heights.shape) if find_zone(cell, heights.shape, middle)]
    routed = Routed(heights, metres=True)
    classes = {cell: int(land[cell]) for cell in inside if not np.isnan(land[cell])}
    runoff = {cell: float(rain[cell]) for cell in inside if not np.isnan(rain[cell])}
    wanted: dict[tuple[str, str], float] = {}
    for of in "np":
        wanted |= add_up(rugged, route_nutrient(routed, classes, runoff, of), f"{of}_")
    found = read_sums(tmp_path / "out")
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("flow", ["mfd", "d8"])
@pytest.mark.parametrize("kind", ["rugged", "stepped"])
def test_sums_are_those_that_invest_gave_for_the_same_files(gep: Program, tmp_path: Path, kind: str, flow: str) -> None:
    """natcap.invest 3.20.2 with pygeoprocessing 2.4.11, run on these files on 2026-11-28; level ground, lakes, ditches, holes and outlets."""
    folder = make_landscape(tmp_path, kind)
    ditches = draw_ditch(folder)
    wanted: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    with (CASES / f"invest_{flow}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["landscape"] == kind:
                of = wanted.setdefault((row["command"], row["with"]), {})
                of[row["county"], row["layer"]] = float(row["value"])
    assert len(wanted) == 3
    for (command, more), values in wanted.items():
        given = call(folder, command, flow)
        if flow == "mfd":  # which is the default
            given = [one for one in given if one not in {"--flow", "mfd"}]
        told = gep(*given, *(["--drainage", str(ditches)] if more else []), "-o", str(tmp_path / f"{command}{more}")).stdout
        assert f"({flow.upper()})" in told
        assert f"flow {flow.upper()}, streams of" in (tmp_path / f"{command}{more}" / "zonal_sums.csv").read_text("utf-8")
        found = read_sums(tmp_path / f"{command}{more}")
        assert {name: found[name] for name in values} == pytest.approx(values, rel=1e-6), (command, more)


def test_water_goes_to_lower_neighbours_in_whole_fifteenths() -> None:
    """Falls of 3 and 1 are 11.25 and 3.75 fifteenths: 11 and 4; a diagonal fall of √2 more counts the same."""
    nan = np.nan
    found = find_spread(np.array([[6.0, 9.0, 8.0]]))
    assert found.count.tolist() == [[1 + 11 / 15, 1.0, 1 + 4 / 15]]
    found = find_spread(np.array([[nan, nan, 9.0 - 2**0.5], [6.0, 9.0, nan]]))
    assert found.count.tolist() == [[0.0, 0.0, 1 + 4 / 15], [1 + 11 / 15, 1.0, 0.0]]


@pytest.mark.parametrize("command", ["sediment", "nutrients"])
def test_ways_in_metres_that_do_not_part_are_the_same_however_water_goes(gep: Program, tmp_path: Path, command: str) -> None:
    """Along a bent strip one pixel wide, each pixel has one lower neighbour."""
    folder = make_landscape(tmp_path / "land", "rugged")
    cells = np.full(read_cells(folder / "dem.tif").shape, -9999.0)
    row, column, height = 1, 2, 500.0
    for step, times in (((0, 1), 8), ((1, 1), 14), ((1, 0), 9), ((1, -1), 11)):
        for _ in range(times):
            cells[row, column] = height
            row, column, height = row + step[0], column + step[1], height - 1.7 - (row * column) % 5
    write_raster(folder / "dem.tif", cells.astype(np.float32), nodata=-9999, left=LEFT, top=TOP, step=SIDE, crs=UTM)
    sums = []
    for flow in ("mfd", "d8"):
        given = [*call(folder, command, flow)[:-1], "30.5"]  # more than, or at least: the same
        gep(*given, "--published", "-o", str(tmp_path / flow))
        sums.append(read_sums(tmp_path / flow))
    assert sums[0] == pytest.approx(sums[1], rel=1e-9)
    assert sums[0]["360726", "soil_loss" if command == "sediment" else "n_surface_export"] > 0


def draw_ditch(folder: Path) -> Path:
    rows, columns = read_cells(folder / "dem.tif").shape
    cells = np.zeros((rows, columns), dtype=np.uint8)
    cells[rows // 3, 5 : columns - 8] = 1
    cells[2, 3] = 255
    return write_raster(folder / "ditch.tif", cells, nodata=255, left=LEFT, top=TOP, step=SIDE, crs=UTM)


def test_inputs_go_by_areas_on_the_ellipsoid_with_source_mark_and_share(gep: Program, rugged: Path, tmp_path: Path) -> None:
    for command, variable, layers in (
        ("sediment", "soil_retention_amount", {"": ("avoided_export", 1)}),
        ("nutrients", "water_purification_amount", {"TN": ("n_retained", 1000), "TP": ("p_retained", 1000)}),
    ):
        out = tmp_path / command
        told = gep(*call(rugged, command), "--accept", variable, "-o", str(out)).stdout
        assert "was found from a part of the area only" in told
        sums = read_sums(out, "value_on_ellipsoid")
        with (out / "inputs.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert {row["variable"] for row in rows} == {variable}
        for pollutant, (layer, by) in layers.items():
            for county in ("360725", "360726"):
                mine = [row for row in rows if (row["pollutant"], row["county"]) == (pollutant, county)]
                assert {row["ecosystem"] for row in mine} == {"evergreen_broadleaf_forest", "paddy", "tussock", "residential"}
                # land of no class is in no row
                assert sum(float(row["value"]) for row in mine) * by == pytest.approx(sums[county, layer], rel=1e-9)
                assert all(row["unit"] == "t/yr" and "dem.tif sha256:" in row["source"] and "[V]" in row["note"] for row in mine)
        flat = read_sums(out)
        assert 1e-4 < abs(sums["360725", layer] / flat["360725", layer] - 1) < 1e-3  # 0.9996 squared, on the meridian of the zone
        gep("check", str(out / "inputs.csv"))


def test_inputs_of_which_much_is_unknown_are_not_taken_unless_accepted(gep: Program, rugged: Path, tmp_path: Path) -> None:
    told = gep(*call(rugged, "sediment"), "--least-cover", "99", "-o", str(tmp_path / "out")).stdout
    assert "not taken, since less than 99% of the area has data or a way to a stream: soil_retention_amount of" in told
    rows = (tmp_path / "out" / "inputs.csv").read_text("utf-8").count("\n")
    gep(*call(rugged, "sediment"), "--least-cover", "99", "--accept", "soil_retention_amount", "-o", str(tmp_path / "all"))
    assert rows < (tmp_path / "all" / "inputs.csv").read_text("utf-8").count("\n")
    assert "accepted by name" in (tmp_path / "all" / "inputs.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("sediment", ["--k", "1"]),
        ("sediment", ["--ic0", "0.4"]),
        ("sediment", ["--most", "0.7"]),
        ("sediment", ["--longest", "1"]),
        ("sediment", ["--streams", "40"]),
        ("sediment", ["--published"]),
        ("sediment", ["--flow", "mfd"]),
        ("sediment", ["--whole-terrain"]),
        ("nutrients", ["--k", "1"]),
        ("nutrients", ["--streams", "40"]),
        ("nutrients", ["--runoff-mean", "1000"]),
        ("nutrients", ["--ground-length", "20"]),
        ("nutrients", ["--ground-efficiency", "0.1"]),
        ("nutrients", ["--published"]),
        ("nutrients", ["--flow", "mfd"]),
        ("nutrients", ["--whole-terrain"]),
    ],
)
def test_every_option_tells(gep: Program, rugged: Path, tmp_path: Path, command: str, more: list[str]) -> None:
    arguments = call(rugged, command)
    if more[0] in arguments:
        at = arguments.index(more[0])
        arguments = arguments[:at] + arguments[at + 2 :]
    layer = "avoided_export" if command == "sediment" else "n_total_export"
    gep(*arguments, *more, "-o", str(tmp_path / "out"))
    found = read_sums(tmp_path / "out")["360725", layer]
    plain = float(
        next(row["value"] for row in read_run() if (row["command"], row["with"]) == (command, "") and row["layer"] == layer)
    )
    assert abs(found / plain - 1) > 1e-4


def read_run() -> list[dict[str, str]]:
    with (CASES / "invest_d8.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["landscape"] == "rugged" and row["county"] == "360725"]


def write_beside(folder: Path, name: str, **changes: Any) -> None:
    """Write a raster again with something changed."""
    with rasterio.open(folder / name) as file:
        cells, nodata = file.read(1), file.nodata
    place: dict[str, Any] = {"left": LEFT, "top": TOP, "step": SIDE, "crs": UTM, "nodata": nodata, **changes}
    put = place.pop("put", None)
    if put is not None:
        cells[10, 20] = put
    write_raster(folder / name, cells, **place)


FEET = "+proj=utm +zone=50 +datum=WGS84 +units=us-ft"
WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "degrees": (
        "dem.tif",
        {"crs": "EPSG:4326", "left": 117.0, "top": 29.0, "step": 0.0003},
        "its system of coordinates counts in degrees",
    ),
    "feet": ("dem.tif", {"crs": FEET}, "its pixels are 30 by 30 units of its system"),
    "shifted": ("land.tif", {"left": LEFT + 10}, "it does not lie on the grid of"),
    "elsewhere": ("land.tif", {"left": LEFT + 30000}, "it does not lie on the grid of"),
    "unknown class": ("land.tif", {"put": 9}, "the classes 9 occur, which classes does not know"),
    "erosivity": ("R.tif", {"put": 90000, "unit": "MJ*mm/ha/h/yr"}, "rainfall_erosivity"),
    "no unit": ("K.tif", {}, "soil_erodibility"),
}


@pytest.mark.parametrize("what", WRONG)
def test_files_that_cannot_be_routed_are_refused_and_nothing_is_written(
    gep: Program, rugged: Path, tmp_path: Path, what: str
) -> None:
    folder = make_landscape(tmp_path / "land", "rugged")
    name, changes, said = WRONG[what]
    write_beside(folder, name, **changes)
    refused = gep(*call(folder, "sediment"), "-o", str(tmp_path / "out"), code=2).stderr
    assert said in refused
    assert "1 problem" in refused
    assert not (tmp_path / "out").exists()
    del rugged


@pytest.mark.parametrize(
    ("table_of", "said"),
    [
        (HEADER + ROWS.replace("2,0.2,0.8", "2,1.2,0.8"), "table.csv:3: usle_c of class 2 is '1.2'\n  expected  between 0 and 1"),
        (HEADER + ROWS.replace("2,0.2,0.8", "2,,0.8"), "table.csv:3: usle_c of class 2 is ''"),
        (HEADER + ROWS.replace("2,0.2,0.8", "2,nan,0.8"), "table.csv:3: usle_c of class 2 is 'nan'"),
        (HEADER + "".join(ROWS.splitlines(keepends=True)[:3]), "table.csv: there is no row for the classes 4, which occur"),
        (HEADER + ROWS + ROWS.splitlines(keepends=True)[0], "table.csv:6: class 1 stands already in line 2"),
        (HEADER + ROWS.replace("4,0.6", "rice,0.6"), "table.csv:5: the class is 'rice'"),
        (HEADER.replace("usle_p", "p_factor") + ROWS, "usle_p"),
    ],
)
def test_tables_of_classes_are_held_to_their_meaning(gep: Program, tmp_path: Path, table_of: str, said: str) -> None:
    folder = make_landscape(tmp_path / "land", "rugged")
    (folder / "table.csv").write_text(table_of, "utf-8")
    assert said in gep(*call(folder, "sediment"), "-o", str(tmp_path / "out"), code=2).stderr
    assert not (tmp_path / "out").exists()


def test_words_of_tables_and_calls_are_held_to_their_meaning(gep: Program, rugged: Path, tmp_path: Path) -> None:
    out = ["-o", str(tmp_path / "out")]
    folder = make_landscape(tmp_path / "land", "rugged")
    (folder / "table.csv").write_text(HEADER + ROWS.replace("application-rate,0.3", "applied,0.3"), "utf-8")
    assert "load_type_n of class 2 is 'applied'" in gep(*call(folder, "nutrients"), *out, code=2).stderr
    sediment, nutrients = call(rugged, "sediment"), call(rugged, "nutrients")
    assert "the most are" in gep(*sediment[:-1], "100000", *out, code=2).stderr
    spread = call(rugged, "sediment", "mfd")
    assert "nowhere does water of so many pixels leave the terrain" in gep(*spread[:-1], "100000", *out, code=2).stderr
    assert "one of soil_retention_amount" in gep(*sediment, "--accept", "rain", *out, code=2).stderr
    assert "go with nitrogen, both of them" in gep(*nutrients, "--nutrient", "p", *out, code=2).stderr
    without = [one for one in nutrients if one not in {"--ground-length", str(GROUND["length"])}]
    assert "go with nitrogen, both of them" in gep(*without, *out, code=2).stderr
    write_raster(tmp_path / "big.tif", np.zeros((1500, 1500), np.float32) + 5, left=LEFT, top=TOP, step=SIDE, crs=UTM)
    write_raster(tmp_path / "bigland.tif", np.ones((1500, 1500), np.uint8), left=LEFT, top=TOP, step=SIDE, crs=UTM, nodata=255)
    write_zones(tmp_path / "big.gpkg", {"360725": shapely.box(LEFT, TOP - 45000, LEFT + 45000, TOP)}, crs=UTM)
    big = [
        *sediment,
        "--dem",
        str(tmp_path / "big.tif"),
        "--land-cover",
        str(tmp_path / "bigland.tif"),
        "--zones",
        str(tmp_path / "big.gpkg"),
    ]
    for option in ("--dem", "--land-cover", "--zones"):
        at = big.index(option)
        del big[at : at + 2]
    assert "the way of water over 2,250,000 pixels takes 1,093 MB" in gep(*big, *out, code=2).stderr
    ditches = draw_ditch(folder)
    write_beside(folder, "ditch.tif", put=7)
    assert "a pixel is 7" in gep(*sediment, "--drainage", str(ditches), *out, code=2).stderr
    assert not (tmp_path / "out").exists()


def test_nitrogen_or_phosphorus_alone(gep: Program, rugged: Path, tmp_path: Path) -> None:
    arguments = [one for one in call(rugged, "nutrients") if not one.startswith("--ground") and one not in {"200.0", "0.8"}]
    gep(*arguments, "--nutrient", "p", "-o", str(tmp_path / "p"))
    assert {name for _, name in read_sums(tmp_path / "p")} == {
        "p_surface_load",
        "p_surface_export",
        "p_total_export",
        "p_retained",
    }
    assert not (tmp_path / "p" / "n_retained.tif").exists()
    with rasterio.open(tmp_path / "p" / "p_retained.tif") as file:
        assert file.units == ("kg/ha/yr",)
        assert "Borselli" in file.tags()["METHOD"]
