"""C and P of sediment as rasters are those of the table; and what routing demands of memory is what it keeps to."""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from conftest import ROOT, Program
from routed import HEADER, LEFT, ROWS, SIDE, TOP, UTM, make_landscape, table
from spaces import write_crosswalk, write_raster, write_zones

PLACE = {"left": LEFT, "top": TOP, "step": SIDE, "crs": UTM}


def read_sums(folder: Path) -> dict[tuple[str, str], float]:
    with (folder / "zonal_sums.csv").open(encoding="utf-8") as file:
        return {(row["county"], row["layer"]): float(row["value"]) for row in csv.DictReader(file)}


@pytest.fixture
def call(tmp_path: Path) -> list[str]:
    folder = make_landscape(tmp_path / "land", "rugged")
    with rasterio.open(folder / "land.tif") as file:
        land, nodata = file.read(1), file.nodata
    for name, file_name in (("usle_c", "C.tif"), ("usle_p", "P_practice.tif")):
        of = {int(key): float(value) for key, value in table(name).items()}
        cells = np.array([of.get(int(one), np.nan) if one != nodata else np.nan for one in land.ravel()]).reshape(land.shape)
        write_raster(folder / file_name, cells, nodata=float("nan"), **PLACE)  # type: ignore[arg-type]
    options = {"--dem": "dem.tif", "--land-cover": "land.tif", "--zones": "zones.gpkg", "--classes": "classes.csv"}
    options |= {"--erosivity": "R.tif", "--erodibility": "K.tif"}
    given = [part for option, name in options.items() for part in (option, str(folder / name))]
    return ["sediment", *given, "--year", "2022", "--streams", "30"]


@pytest.mark.parametrize("flow", ["mfd", "d8"])
def test_rasters_of_c_and_p_are_columns_of_the_table(gep: Program, tmp_path: Path, call: list[str], flow: str) -> None:
    land = tmp_path / "land"
    one = ["--cover", f"{land / 'C.tif'}[1]"]
    both = [*one, "--practice", f"{land / 'P_practice.tif'}[1]"]
    ways = {"table": ["--table", str(land / "table.csv")], "both": both}
    columns = HEADER.strip().split(",")
    if flow == "mfd":
        at = columns.index("usle_c")
        rows = [row.split(",") for row in (HEADER + ROWS).strip().splitlines()]
        (land / "rest.csv").write_text("".join(",".join(row[:at] + row[at + 1 :]) + "\n" for row in rows), "utf-8")
        ways["one"] = [*one, "--table", str(land / "rest.csv")]
    found = {}
    for name, more in ways.items():
        gep(*call, *more, "--flow", flow, "-o", str(tmp_path / name))
        found[name] = read_sums(tmp_path / name)
    for name in ways:
        assert found[name] == pytest.approx(found["table"], rel=1e-9)
    inputs = (tmp_path / "both" / "inputs.csv").read_text("utf-8")
    assert "C C.tif sha256:" in inputs
    assert "P P_practice.tif sha256:" in inputs
    assert "table.csv" not in inputs


def test_a_gap_of_c_is_told_and_water_is_not_followed_there(gep: Program, tmp_path: Path, call: list[str]) -> None:
    land = tmp_path / "land"
    with rasterio.open(land / "C.tif", "r+") as file:
        cells = file.read(1)
        cells[8:12, 10:14] = np.nan
        file.write(cells, 1)
    more = ["--cover", f"{land / 'C.tif'}[1]", "--table", str(land / "table.csv")]
    said = " ".join(gep(*call, *more, "-o", str(tmp_path / "out")).stdout.split())
    assert "of the land has no C: water is not followed there" in said
    with rasterio.open(tmp_path / "out" / "soil_loss.tif") as file:
        assert np.isnan(file.read(1)).any()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "nothing gives usle_c, usle_p"),
        (["--cover", "C"], "nothing gives usle_p"),
        (["--cover", "C", "--practice", "P", "--table", "T"], "--cover and --practice give C and P"),
        (["--cover", "K", "--table", "T"], "cover_factor"),
    ],
)
def test_wrong_factors_are_refused(gep: Program, tmp_path: Path, call: list[str], more: list[str], said: str) -> None:
    land = tmp_path / "land"
    files = {
        "C": f"{land / 'C.tif'}[1]",
        "P": f"{land / 'P_practice.tif'}[1]",
        "K": str(land / "K.tif"),
        "T": str(land / "table.csv"),
    }
    done = gep(*call, *(files.get(one, one) for one in more), "-o", str(tmp_path / "out"), code=2)
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A slope of 1.3 million pixels with some relief."""
    folder = tmp_path_factory.mktemp("plain")
    rows, columns = np.mgrid[0:1300, 0:1000]
    heights = 800 - 0.5 * rows + 10 * np.sin(rows / 37.0) + 12 * np.sin(columns / 23.0)
    write_raster(folder / "dem.tif", heights.astype(np.float32), nodata=-9999, **PLACE)  # type: ignore[arg-type]
    write_raster(folder / "land.tif", ((columns // 40) % 2 + 1).astype(np.uint8), nodata=255, **PLACE)  # type: ignore[arg-type]
    for name, value, unit in (("R", 5000, "MJ*mm/ha/h/yr"), ("K", 0.03, "t*ha*h/ha/MJ/mm"), ("P", 1600, "mm/yr")):
        write_raster(folder / f"{name}.tif", np.full(rows.shape, value, np.float32), unit=unit, **PLACE)  # type: ignore[arg-type]
    box = shapely.box(LEFT, TOP - 1300 * SIDE, LEFT + 1000 * SIDE, TOP)
    write_zones(folder / "zones.gpkg", {"360725": box}, crs=UTM)
    write_crosswalk(folder / "classes.csv", {1: "forest", 2: "paddy"})
    kept = [row for row in ROWS.strip().splitlines() if row.split(",")[0] in {"1", "2"}]
    (folder / "table.csv").write_text(HEADER + "\n".join(kept) + "\n", "utf-8")
    return folder


DEMANDED = 821
"""Megabytes that 1.3 million pixels take by what the call says."""


@pytest.mark.parametrize(("command", "flow"), [("sediment", "mfd"), ("nutrients", "d8")])
def test_routing_keeps_to_the_memory_it_demands(gep: Program, tmp_path: Path, plain: Path, command: str, flow: str) -> None:
    more = {
        "sediment": ["--erosivity", str(plain / "R.tif"), "--erodibility", str(plain / "K.tif")],
        "nutrients": ["--runoff", str(plain / "P.tif"), "--ground-length", "200", "--ground-efficiency", "0.8"],
    }[command]
    options = {"--dem": "dem.tif", "--land-cover": "land.tif", "--zones": "zones.gpkg", "--classes": "classes.csv"}
    given = [part for option, name in {**options, "--table": "table.csv"}.items() for part in (option, str(plain / name))]
    call = [command, *given, *more, "--year", "2022", "--flow", flow, "-o", str(tmp_path / "out")]
    said = gep(*call, "--memory", str(DEMANDED - 1), code=2).stderr
    assert f"--memory {DEMANDED} allows it" in said

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (DEMANDED << 20, DEMANDED << 20))

    done = subprocess.run(
        [sys.executable, "-m", "gep", *call, "--memory", str(DEMANDED)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
    assert done.returncode == 0, done.stderr[-2000:]
