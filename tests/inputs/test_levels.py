"""A figure of a type goes before that of its group, and this before that of the county; what nothing reads is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Program

HEADER = "county,year,variable,ecosystem,pollutant,product,value,unit,source\n"
LAND = "361027,2022,area,{type},,,100,km2,s\n"


def write(folder: Path, *rows: str, types: tuple[str, ...] = ("evergreen_broadleaf_forest", "mixed_forest")) -> str:
    """Write a table with the areas of two types of forest and more rows, and return its path."""
    path = folder / "in.csv"
    areas = "".join(LAND.format(type=name) for name in types)
    path.write_text(HEADER + areas + "".join(f"361027,2022,{row},s\n" for row in rows), "utf-8")
    return str(path)


RAIN = ("precipitation,,,,1600,mm", "precipitation,forest,,,1700,mm", "precipitation,mixed_forest,,,1800,mm")
DRY = ("evapotranspiration,forest,,,700,mm", "surface_runoff,,,,100,mm")


def run(gep: Program, path: str) -> dict[str, object]:
    account = json.loads(gep("run", path, "--store", gep.store, "--format", "json").stdout)["accounts"][0]
    return {str(one["service"]): one["quantity"] for one in account["services"]} | {"notices": account["notices"]}


@pytest.mark.parametrize(
    ("rain", "each"),
    [
        (RAIN, (1700, 1800)),
        (RAIN[:2], (1700, 1700)),
        (RAIN[1:2], (1700, 1700)),
        (RAIN[:1], (1600, 1600)),
        ((RAIN[0], RAIN[2]), (1600, 1800)),
    ],
)
def test_the_type_then_its_group_then_the_county(
    rain: tuple[str, ...], each: tuple[int, int], gep: Program, tmp_path: Path
) -> None:
    expected = sum(100e6 * (one - 700 - 100) / 1000 for one in each)
    for rows in (rain + DRY, tuple(reversed(rain + DRY))):
        assert run(gep, write(tmp_path, *rows))["water_conservation"] == pytest.approx(expected, rel=1e-12)


def test_local_coefficients_go_by_the_same_order(gep: Program, tmp_path: Path) -> None:
    runoff = ("runoff_coefficient,forest,,,10,%", "runoff_coefficient,,,,50,%", "runoff_coefficient,mixed_forest,,,20,%")
    found = run(gep, write(tmp_path, RAIN[0], DRY[0], *runoff))
    assert found["water_conservation"] == pytest.approx(100e6 * ((1600 * 0.9 - 700) + (1600 * 0.8 - 700)) / 1000, rel=1e-12)
    alone = run(gep, write(tmp_path, RAIN[0], DRY[0], runoff[0]))
    assert alone["water_conservation"] == pytest.approx(200e6 * (1600 * 0.9 - 700) / 1000, rel=1e-12)


def test_a_trace_says_the_level_and_what_it_beat(gep: Program, tmp_path: Path) -> None:
    path = write(tmp_path, *RAIN, *DRY)
    run(gep, path)
    steps = json.loads(gep("trace", "361027", "2022", "water_conservation", "--store", gep.store, "--format", "json").stdout)[
        "steps"
    ]
    of_rain = {
        step["members"]: next(
            (one["level"], one["members"], one["beaten"]) for one in step["origins"] if one["id"] == "precipitation"
        )
        for step in steps
        if step["rule"] == "water_conservation.volume"
    }
    assert of_rain == {
        "evergreen_broadleaf_forest": ("group", "forest", f"{path}:4"),
        "mixed_forest": ("type", "mixed_forest", f"{path}:4 {path}:5"),
    }
    text = gep("trace", "361027", "2022", "water_conservation", "--store", gep.store, "--lang", "zh").stdout
    assert "所属大类填报值，优先于" in text


def test_a_figure_that_no_rule_reads_is_said_with_its_cell(gep: Program, tmp_path: Path) -> None:
    path = write(tmp_path, *RAIN, *DRY, "precipitation,desert,,,99,mm", "gdp,,,,1,亿元")
    notices = [one["text_en"] for one in run(gep, path)["notices"] if one["code"] == "unread"]  # type: ignore[attr-defined]
    # the county's rain is beaten for every type, the desert is not there; GDP stands under the total
    assert notices == [f"precipitation: read by nothing under this standard: 1600 mm ({path}:4); desert 99 mm ({path}:9)"]
    said = gep("run", path, "--store", gep.store, "--lang", "zh").stdout
    assert "本标准下没有规则使用此填报值" in said
    at = ("361027", "2022", "--store", gep.store)
    assert f"{path}:9" in "".join(gep("trace", *at, "--lang", "en").stdout.split("\n")).replace("  ", "")
    of_service = json.loads(gep("trace", *at[:2], "water_conservation", *at[2:], "--format", "json").stdout)["unread"]
    assert [one["place"] for one in of_service] == [f"{path}:4", f"{path}:9"]
    other = json.loads(gep("trace", *at[:2], "tourism_health", *at[2:], "--format", "json").stdout)["unread"]
    assert other == []
    page = tmp_path / "r.html"
    gep("report", *at, "-o", str(page), "--lang", "en")
    rows = [row for row in page.read_text("utf-8").split("<tr>") if "; read by nothing under this standard" in row]
    assert [next(n for n in ("1600", ">99") if n in row) for row in rows] == ["1600", ">99"]


def test_many_accounts_say_their_unread_figures_too(gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    row = "{county},2022,{rest},s\n"
    path.write_text(
        HEADER
        + "".join(row.format(county=code, rest="lake_area,,,湖,5,km2") for code in ("361027", "361022"))
        + row.format(county="361022", rest="protected_coast_length,forest,,,5,km"),
        "utf-8",
    )
    done = gep("run", str(path), "--store", gep.store, "--format", "json", "--standard", "db36-2021")
    unread = json.loads(done.stdout)["unread"]
    assert [(one["county"], one["place"]) for one in unread] == [("361022", f"{path}:4")]
    assert f"{path}:4" in gep("run", str(path), "--store", gep.store, "--standard", "db36-2021").stderr.replace("\n", "").replace(
        " ", ""
    )
