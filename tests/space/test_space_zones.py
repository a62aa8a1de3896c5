"""Zones of any kind are accounting units: by the fields of their layer, by a kind that the call states, or by their digits."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from conftest import Program
from spaces import ALBERS, write_crosswalk, write_raster, write_zones

CLASSES = {1: "evergreen_broadleaf_forest", 2: "paddy"}


def write_layer(path: Path, columns: dict[str, list[str]], driver: str = "GPKG") -> Path:
    """Write strips of 2 km, one a row."""
    count = len(next(iter(columns.values())))
    shapes = np.array([shapely.box(2000 * at, -4000, 2000 * at + 2000, 0) for at in range(count)], dtype=object)
    values = [np.array(texts, dtype=object) for texts in columns.values()]
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(shapes),
        values,
        list(columns),
        geometry_type="Polygon",
        crs=ALBERS,
        driver=driver,
        encoding="UTF-8",
    )
    return path


@pytest.fixture
def land(tmp_path: Path) -> list[str]:
    cells = np.tile(np.array([1, 2], dtype=np.uint8), (4, 3))
    land = write_raster(tmp_path / "land.tif", cells, nodata=255)
    return ["--land-cover", str(land), "--classes", str(write_crosswalk(tmp_path / "classes.csv", CLASSES)), "--year", "2022"]


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def areas(path: Path) -> dict[str, float]:
    return {row["county"]: float(row["value"]) for row in read(path) if row["ecosystem"] == "paddy"}


@pytest.mark.parametrize(
    ("columns", "options", "ids", "kind"),
    [
        ({"XZQDM": ["360725101", "360725102"], "XZQMC": ["甲镇", "乙乡"]}, (), ["360725101", "360725102"], "township"),
        ({"XZQDM": ["360725101000", "360725102000"], "XZQMC": ["甲镇", "乙乡"]}, (), ["360725101", "360725102"], "township"),
        (
            {"ZLDWDM": ["360725101001", "360725101002"], "ZLDWMC": ["一村", "二村"]},
            (),
            ["360725101001", "360725101002"],
            "village",
        ),
        ({"编号": ["LY-1", "LY-2"], "名称": ["甲江", "乙河"], "类型": ["流域", "流域"]}, (), ["LY-1", "LY-2"], "basin"),
        ({"HX": ["1", "2"]}, ("--zone-field", "HX", "--zone-kind", "生态保护红线区"), ["red_line-1", "red_line-2"], "red_line"),
        (
            {"DK": ["P07", "P08"], "parent": ["360725", "360725"]},
            ("--zone-field", "dk", "--zone-kind", "parcel"),
            ["P07", "P08"],
            "parcel",
        ),
    ],
)
def test_any_kind_of_zone_is_extracted_and_run(
    gep: Program,
    tmp_path: Path,
    land: list[str],
    columns: dict[str, list[str]],
    options: tuple[str, ...],
    ids: list[str],
    kind: str,
) -> None:
    zones = write_layer(tmp_path / "zones.gpkg", columns)
    folder = tmp_path / "inputs"
    folder.mkdir()
    gep("extract", *land, "--zones", str(zones), *options, "-o", str(folder / "figures.csv"))
    assert areas(folder / "figures.csv") == pytest.approx(dict.fromkeys(ids, 4.0))
    units = read(folder / "figures.units.csv")
    assert [(one["unit"], one["kind"]) for one in units] == [(one, kind) for one in ids]
    gep("run", str(folder), "--store", str(tmp_path / "s.duckdb"))
    assert all(one in gep("list", "--store", str(tmp_path / "s.duckdb")).stdout for one in ids)


def test_units_of_the_nation_say_so_and_numbers_get_their_kind(gep: Program, tmp_path: Path, land: list[str]) -> None:
    zones = write_layer(tmp_path / "zones.shp", {"unit": ["7", "8"], "name": ["七号", "八号"]}, "ESRI Shapefile")
    done = gep(
        "extract", *land, "--zones", str(zones), "--zone-kind", "basin", "-o", str(tmp_path / "figures.csv"), "--lang", "zh"
    )
    assert "7 → basin-7" in done.stdout
    assert "2 个分区未注明所属县" in done.stdout


def test_ids_of_a_table_go_before_the_layer(gep: Program, tmp_path: Path, land: list[str]) -> None:
    (tmp_path / "units.csv").write_text(
        "unit,kind,name_zh,parent\nA-1,reserve,甲保护区,360725\nA-2,wetland,乙湿地,360725\n", "utf-8"
    )
    zones = write_zones(tmp_path / "z.gpkg", {"A-1": shapely.box(0, -4000, 2000, 0), "A-2": shapely.box(2000, -4000, 4000, 0)})
    out = tmp_path / "figures.csv"
    gep("extract", *land, "--zones", str(zones), "--units", str(tmp_path / "units.csv"), "-o", str(out))
    assert set(areas(out)) == {"A-1", "A-2"}
    assert not (tmp_path / "figures.units.csv").exists()


@pytest.mark.parametrize(
    ("columns", "options", "said"),
    [
        ({"unit": ["A", "B"]}, (), "--zone-kind says what zones of your own are"),
        ({"unit": ["360725", "360799"]}, (), "code of polygon 2 is '360799'"),
        ({"unit": ["A", "B"]}, ("--zone-kind", "county"), "the kind is 'county'"),
        ({"unit": ["A", "B"]}, ("--zone-kind", "bassin"), "basin"),
        ({"unit": ["A b", "B"]}, ("--zone-kind", "basin"), "'A b' cannot be the id of a unit"),
        ({"unit": ["", "B"]}, ("--zone-kind", "basin"), "names no unit"),
        ({"unit": ["A", "B"], "parent": ["360725", "Z"]}, ("--zone-kind", "basin"), "the parent of B is 'Z'"),
        ({"XZQDM": ["999999101", "360725102"]}, (), "lies under 999999, which is no county"),
    ],
)
def test_wrong_zones_are_refused(
    gep: Program, tmp_path: Path, land: list[str], columns: dict[str, list[str]], options: tuple[str, ...], said: str
) -> None:
    zones = write_layer(tmp_path / "zones.gpkg", columns)
    done = gep("extract", *land, "--zones", str(zones), *options, "-o", str(tmp_path / "figures.csv"), code=2)
    assert said in " ".join(done.stderr.split())
    assert not list(tmp_path.glob("figures*"))


def test_a_map_of_basins_is_made(gep: Program, tmp_path: Path, land: list[str]) -> None:
    zones = write_layer(tmp_path / "zones.gpkg", {"编号": ["LY-1", "LY-2"], "名称": ["甲江", "乙河"], "类型": ["流域", "流域"]})
    rain, dry, flow = (
        write_raster(tmp_path / f"{name}.tif", np.full((4, 6), value, dtype=np.float32), unit="mm/yr", nodata=-1)
        for name, value in (("rain", 1600.0), ("evaporation", 800.0), ("runoff", 300.0))
    )
    drivers = (f"precipitation={rain}", f"evapotranspiration={dry}", f"surface_runoff={flow}")
    options = [part for one in drivers for part in ("--driver", one)]
    gep(
        "map",
        *land,
        "--zones",
        str(zones),
        "--service",
        "water_conservation",
        *options,
        "-o",
        str(tmp_path / "maps"),
        "--pictures",
    )
    assert {row["county"] for row in read(tmp_path / "maps" / "zonal_sums.csv")} == {"LY-1", "LY-2"}
    assert "甲江、乙河" in (tmp_path / "maps" / "index.html").read_text("utf-8")
