"""HJ 1173-2021: physical quantities by the factor chain of its annex A, computed here again in plain Python."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING

import pytest
from platform_site import Platform, make_site, words_of

from gep.store.store import Store
from gep.tasks.run import run_account, run_files

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
WARM, COOL = (30.0, 50.0), (20.0,)
FIGURES: tuple[tuple[str, str, str, float, str], ...] = (
    ("area", "evergreen_broadleaf_forest", "", 10, "km2"),
    ("area", "paddy", "", 5, "km2"),
    ("runoff_producing_rainfall", "", "", 1200, "mm"),
    ("surface_runoff", "evergreen_broadleaf_forest", "", 100, "mm"),
    ("surface_runoff", "paddy", "", 400, "mm"),
    ("evapotranspiration", "", "", 700, "mm"),
    *(("warm_erosive_rain", "", f"2022-05-{at + 1:02}", rain, "mm") for at, rain in enumerate(WARM)),
    *(("cool_erosive_rain", "", f"2022-11-{at + 1:02}", rain, "mm") for at, rain in enumerate(COOL)),
    ("soil_sand", "", "", 40, "%"),
    ("soil_silt", "", "", 35, "%"),
    ("soil_clay", "", "", 25, "%"),
    ("soil_organic_carbon", "", "", 1.5, "%"),
    ("soil_organic_matter", "", "", 2, "%"),
    ("soil_calcium_carbonate", "", "", 0, "%"),
    ("slope_gradient", "evergreen_broadleaf_forest", "", 100 * math.tan(math.radians(20)), "%"),
    ("slope_gradient", "paddy", "", 2, "%"),
    ("slope_length", "", "", 50, "m"),
    ("area_by_cover", "evergreen_broadleaf_forest", "cover_70_90", 10, "km2"),
    ("wind_force", "", "2022-03", 2000, "m3/s3"),
    ("air_density", "", "2022-03", 1.2, "kg/m3"),
    ("soil_wetness", "", "2022-03", 0.7, "1"),
    ("snow_factor", "", "2022-03", 1, "1"),
    ("ridge_roughness", "", "", 0.5, "1"),
    ("vegetation_cover", "", "", 40, "%"),
    ("downwind_distance", "", "", 50, "m"),
    ("wind_cover_exponent", "paddy", "", 0.0438, "1"),
)


def write(path: Path, figures: tuple[tuple[str, str, str, float, str], ...] = FIGURES) -> Path:
    rows = (f"360321,2022,{name},{eco},,{item},{value:.12g},{unit},x,\n" for name, eco, item, value, unit in figures)
    path.write_text(HEAD + "".join(rows), "utf-8")
    return path


def erosivity() -> float:
    return float(sum(0.3937 * rain**1.7265 for rain in WARM) + sum(0.3101 * rain**1.7265 for rain in COOL))


def erodibility(sand: float, silt: float, clay: float, carbon: float) -> float:
    rest = 1 - sand / 100
    epic = (0.2 + 0.3 * math.exp(-0.0256 * sand * (1 - silt / 100))) * (silt / (clay + silt)) ** 0.3
    epic *= 1 - 0.25 * carbon / (carbon + math.exp(3.72 - 2.95 * carbon))
    epic *= 1 - 0.7 * rest / (rest + math.exp(-5.51 + 22.9 * rest))
    return float((-0.01383 + 0.51575 * epic) * 0.1317)


def exponent(degrees: float) -> float:
    sine = math.sin(math.radians(degrees))
    beta = (sine / 0.089) / (3.0 * sine**0.8 + 0.56)
    return float(beta / (1 + beta))


def steepness(degrees: float) -> float:
    sine = math.sin(math.radians(degrees))
    if degrees < 5.14:
        return 10.8 * sine + 0.03
    if degrees < 10.20:
        return 16.8 * sine - 0.5
    return 21.9 * sine - 0.96 if degrees < 28.81 else 9.5988


def test_soil_and_water_by_the_chain_of_factors(tmp_path: Path) -> None:
    account = run_account([write(tmp_path / "f.csv")], "hj1173-2021")
    lines = account.lines.set_index("line")["quantity"]
    assert lines["water_conservation.volume"] == pytest.approx(10e6 * 0.4 + 5e6 * 0.1)
    flat = math.degrees(math.atan(0.02))
    potential = {
        name: area * erosivity() * erodibility(40, 35, 25, 1.5) * (50 / 22.13) ** exponent(slope) * steepness(slope)
        for name, area, slope in (("forest", 1000.0, 20.0), ("paddy", 500.0, flat))
    }
    assert lines["soil_retention.potential_erosion"] == pytest.approx(sum(potential.values()))
    assert lines["soil_retention.actual_erosion"] == pytest.approx(potential["forest"] * 0.004), "paddy has C = 0"
    assert lines["soil_retention.retained"] == pytest.approx(potential["forest"] * 0.996 + potential["paddy"])


def test_sand_by_the_chain_of_factors(tmp_path: Path) -> None:
    account = run_account([write(tmp_path / "f.csv")], "hj1173-2021")
    weather = 2000 * 1.2 / 9.8 * 0.7
    erodible = (29.09 + 0.31 * 40 + 0.17 * 35 + 0.33 * 40 / 25 - 2.59 * 2 - 0) / 100
    bare = weather * erodible / (1 + 0.0066 * 25**2 + 0.021 * 2**2) * math.exp(1.86 * 0.5 - 2.41 * 0.5**0.934)

    def loss(transport: float) -> float:
        length = 150.71 * transport**-0.3711
        return float(2 * 50 / length**2 * 109.8 * transport * math.exp(-((50 / length) ** 2)))

    fixed = sum(
        area * 1000 * (loss(bare) - loss(bare * math.exp(-exponent * 40))) for area, exponent in ((10, 0.1535), (5, 0.0438))
    )
    assert account.lines.set_index("line")["quantity"]["sand_fixation.fixed"] == pytest.approx(fixed)


@pytest.mark.parametrize(("degrees", "published"), [(5, 0.498), (10, 0.600), (20, 0.677), (30, 0.711)])
def test_the_exponent_of_slope_length_is_that_of_the_text(tmp_path: Path, degrees: float, published: float) -> None:
    figures = (("area", "forest", "", 1.0, "km2"), ("slope_gradient", "", "", math.tan(math.radians(degrees)), "1"))
    rest = (("slope_length", "", "", 50.0, "m"), ("rainfall_erosivity", "", "", 5000.0, "MJ*mm/ha/h/yr"))
    soil = (("soil_erodibility", "", "", 0.03, "t*ha*h/ha/MJ/mm"), ("cover_factor", "", "", 0.1, "1"))
    account = run_account([write(tmp_path / "f.csv", (*figures, *rest, *soil))], "hj1173-2021")
    assert float(account.current.results["soil_retention.length_exponent"].max()) == pytest.approx(published, abs=6e-4)
    found = float(account.current.results["soil_retention.steepness_factor"].max())
    assert found == pytest.approx(steepness(degrees))


def test_quantities_stand_everywhere_and_no_price_is_asked_for(gep: Program, tmp_path: Path) -> None:
    store, figures = str(tmp_path / "s.duckdb"), str(write(tmp_path / "f.csv"))
    said = gep("run", figures, "--standard", "hj1173-2021", "--store", store, "--lang", "en").stdout
    assert said.count("quantity only") == 3
    assert "4,500,000 m³/yr" in said
    asked = ("360321", "2022", "--standard", "hj1173-2021", "--store", store)
    traced = gep("trace", "360321", "2022", "soil_retention", *asked[2:], "--lang", "en").stdout
    assert "R_i = " in traced
    assert "f.csv:" in traced
    page = tmp_path / "r.html"
    gep("report", *asked, "-o", str(page), "--lang", "zh")
    text = page.read_text("utf-8")
    assert "只有实物量" in text
    assert "潜在土壤侵蚀" in text
    assert "缺数据" not in gep("check", figures, "--standard", "hj1173-2021", "--lang", "zh").stdout
    form = gep("variables", "--standard", "hj1173-2021", "--lang", "en").stdout
    assert "CNY" not in form


def test_what_is_missing_is_named_and_not_the_price(gep: Program, tmp_path: Path) -> None:
    figures = write(tmp_path / "f.csv", tuple(one for one in FIGURES if one[0] != "evapotranspiration"))
    said = gep("run", str(figures), "--standard", "hj1173-2021", "--store", str(tmp_path / "s.duckdb"), "--lang", "en").stdout
    assert "Water conservation: Actual evapotranspiration (evapotranspiration, Meteorological Bureau)" in " ".join(said.split())
    assert "price" not in said.partition("what they lack")[2].partition("notices")[0]


def test_no_money_is_spoken_of_where_there_is_none(gep: Program, tmp_path: Path) -> None:
    before = tmp_path / "before.csv"
    before.write_text(write(tmp_path / "f.csv").read_text("utf-8").replace(",2022,", ",2021,").replace("1200", "1150"), "utf-8")
    asked = ("--store", str(tmp_path / "s.duckdb"), "--lang", "en")
    gep("run", str(tmp_path / "f.csv"), str(before), "--standard", "hj1173-2021", *asked)
    gep("report", "360321", "2022", *asked, "-o", str(tmp_path / "r.json"))
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))["report"]
    tables = report["tables"]
    assert not tables["value"]["rows"]
    assert not tables["series"]["rows"]
    assert "current prices" not in json.dumps([report[one] for one in ("basis", "scope", "summary", "coverage", "total")])
    water = next(row for row in tables["quantity_matrix"]["rows"] if "Water conservation" in str(row))
    assert "4000000" in str(water)
    assert "500000" in str(water)
    assert "3750000" in str(tables["quantity_series"]["rows"])
    for form in ("html", "docx", "xlsx"):
        gep("report", "360321", "2022", *asked, "-o", str(tmp_path / f"r.{form}"))
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "Gross Ecosystem Product account" not in page
    assert "Physical account of ecosystem products" in page
    assert "CNY" not in re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
    for words in (
        ("show", "360321", "2022"),
        ("history", "360321", "2022"),
        ("trace", "360321", "2022"),
        ("compare", "360321", "2021", "2022"),
    ):
        said = gep(*words, *asked).stdout
        assert "CNY" not in said
        assert "GEP" not in said
    assert "Q_wr,i" in gep("trace", "360321", "2022", *asked).stdout
    assert "services not accounted: 22" in gep("review", "360321", "2022", *asked).stdout
    gep("report", "360000", "2022", *asked, "-o", str(tmp_path / "y.html"))
    assert "108 CNY" not in re.sub(r"<[^>]*>", "", (tmp_path / "y.html").read_text("utf-8"))


def test_pages_show_quantities_by_line_and_ecosystem(tmp_path: Path) -> None:
    run_files(Store(tmp_path / "s.duckdb"), [write(tmp_path / "f.csv")], "hj1173-2021")
    folder = tmp_path / "site"
    folder.mkdir()
    platform = Platform(make_site(tmp_path / "s.duckdb", folder))
    try:
        visitor = platform.visit("zhou")
        said = {
            name: words_of(visitor.get(f"/360321/2022/{name}?run=1&standard=hj1173-2021"))
            for name in ("result", "trace/gep", "review")
        }
    finally:
        platform.close()
    assert "潜在土壤侵蚀" in said["result"]
    assert "各生态系统的实物量" in said["result"]
    assert "4,000,000" in said["result"]
    assert "亿元" not in said["result"]
    assert "实物量 已核算 3/3 项服务" in said["review"]
    assert "400.00 万" in said["trace/gep"]
