"""Figures that a standard only shows: value of a hectare, share of GDP, sums of its own. Printed, stored, traced and proved; in no total."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from gep.tasks.compute import compute, read_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program
    from platform_site import Platform

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
FIGURES = HEAD + (
    "361027,2022,area,forest/竹林,,,100,ha,x,\n"
    "361027,2022,area,forest/杉木林,,,200,ha,x,\n"
    "361027,2022,area,cropland,,,100,ha,x,\n"
    "361027,2022,area,mixed_forest,,,0,ha,x,\n"
    "361027,2022,growth,forest/竹林,,,3,t/ha/yr,x,\n"
    "361027,2022,growth,forest/杉木林,,,5,t/ha/yr,x,\n"
    "361027,2022,land_area,,,,400,ha,x,\n"
    "361027,2022,gdp,,,,50,万元,x,\n"
    "361027,2022,climate_regulation_value,,,,6,万元,x,\n"
)
STANDARD = """id: shown
title: {zh: 竹林县, en: Bamboo}
source: as-entered
mark: V
classes: [forest/竹林, forest/杉木林]
variables:
  growth: {title: {zh: 净增量, en: Growth}, unit: t/ha/yr, axes: [ecosystem], department: 林业局}
rules:
  carbon_sequestration.fixed: {title: {zh: 固碳量, en: Carbon fixed}, formula: 'area * growth * number(1, "t_CO2/t")', unit: t_CO2/yr}
values:
  carbon_price: [{value: 100, unit: CNY_2022/t_CO2, source: 县发, mark: V}]
lines:
  carbon_sequestration.woods: {title: {zh: 森林固碳, en: Carbon of woods}, quantity: carbon_sequestration.fixed, price: carbon_price}
services:
  carbon_sequestration: {mark: V, lines: [carbon_sequestration.woods], ecosystems: [forest]}
  climate_regulation: {mark: V, value: stated}
roll_up:
  air: {title: {zh: 大气, en: Air}, services: [carbon_sequestration, climate_regulation], mark: V}
shown:
"""
SHOWN = """  gep.per_hectare: {title: {zh: 单位面积价值, en: Value of a hectare}, formula: gep.total / land_area, unit: 元/hm2/yr}
  gep.share_of_gdp: {title: {zh: 绿金指数, en: Share of GDP}, formula: gep.total / gdp, unit: "%"}
  gep.per_head: {title: {zh: 人均价值, en: Value a head}, formula: gep.total / population, unit: 元/人/yr}
  gep.less: {title: {zh: 调节服务不含气候, en: Regulating less climate}, formula: gep.regulating - climate_regulation.value, unit: 万元/yr}
  gep.less_of_air: {title: {zh: 其占大气, en: Of air}, formula: gep.less / roll_up.air, unit: "%"}
  carbon_sequestration.density: {title: {zh: 单位面积固碳, en: Carbon of a hectare}, formula: carbon_sequestration.woods / area, unit: t_CO2/ha/yr}
  carbon_sequestration.mean: {title: {zh: 平均固碳, en: Mean carbon}, formula: "sum(carbon_sequestration.fixed, over=ecosystem) / sum(area, over=ecosystem)", unit: t_CO2/ha/yr}
"""
TOTAL = (300 + 1000) * 100 + 60_000
BY_HAND = {
    ("gep.per_hectare", ""): TOTAL / 400,
    ("gep.share_of_gdp", ""): TOTAL / 500_000 * 100,
    ("gep.less", ""): 13.0,
    ("gep.less_of_air", ""): 130_000 / TOTAL * 100,
    ("carbon_sequestration.density", "forest/竹林"): 3.0,
    ("carbon_sequestration.density", "forest/杉木林"): 5.0,
    ("carbon_sequestration.mean", ""): 1300 / 300,
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str, str]:
    (tmp_path / "f.csv").write_text(FIGURES, "utf-8")
    (tmp_path / "s.yaml").write_text(STANDARD + SHOWN, "utf-8")
    return str(tmp_path / "f.csv"), "--standard", str(tmp_path / "s.yaml")


def test_each_is_that_of_the_hand_calculation_and_no_total_counts_it(files: tuple[str, str, str], tmp_path: Path) -> None:
    account = compute(read_inputs([tmp_path / "f.csv"], files[2]), files[2])
    found = {(row["figure"], row["ecosystem"]): row["value"] for row in account.shown.to_dict("records") if row["missing"] == ""}
    assert found == pytest.approx(BY_HAND)
    lacking = account.shown[account.shown["missing"] != ""]
    assert lacking[["figure", "missing"]].to_numpy().tolist() == [["gep.per_head", "population"]]
    assert account.totals[account.totals["category"] == "gep"]["value"].iloc[0] == TOTAL
    assert [one.members for one in account.unread] == [("cropland",)]


def test_check_asks_for_what_a_figure_lacks(gep: Program, files: tuple[str, str, str], tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        STANDARD
        + SHOWN
        + "  carbon_sequestration.wage: {title: {zh: 每公顷造林固碳, en: Carbon of planted}, formula: carbon_sequestration.fixed / shifts, unit: t_CO2/ha}\n",
        "utf-8",
    )
    text = (tmp_path / "s.yaml").read_text("utf-8")
    own = "  shifts: {title: {zh: 造林面积, en: Planted}, unit: ha/yr, axes: [ecosystem], department: 林业局}\nrules:"
    (tmp_path / "s.yaml").write_text(text.replace("rules:", own, 1), "utf-8")
    found = [one for one in json.loads(gep("check", *files, "--format", "json").stdout)["findings"] if one["code"] == "needed"]
    asked = {one["details"][0]["service"]: [(each["id"], each["department"]) for each in one["details"]] for one in found}
    assert asked == {"gep.per_head": [("population", "统计局")], "carbon_sequestration.wage": [("shifts", "林业局")]}
    assert [each["ecosystem"] for one in found for each in one["details"][0]["members"]] == ["forest/杉木林", "forest/竹林"]
    said = {lang: "".join(gep("--lang", lang, "check", *files).stdout.split()) for lang in ("zh", "en")}
    assert "仅列示的人均价值（gep.per_head）尚缺：" in said["zh"]
    assert "Valueahead(gep.per_head),whichisonlyshown,stillneeds" in said["en"]
    given = (
        FIGURES
        + "361027,2022,population,,,,100,人,x,\n361027,2022,shifts,forest/竹林,,,2,ha/yr,x,\n361027,2022,shifts,forest/杉木林,,,4,ha/yr,x,\n"
    )
    (tmp_path / "f.csv").write_text(given, "utf-8")
    findings = json.loads(gep("check", *files, "--format", "json").stdout)["findings"]
    assert not [one for one in findings if one["code"] in {"needed", "unread"}]
    account = compute(read_inputs([tmp_path / "f.csv"], files[2]), files[2])
    assert [one.members for one in account.unread] == [("cropland",)]


FLUX = STANDARD.replace("t/ha/yr", "FLUX") + SHOWN


@pytest.mark.parametrize("unit", ["g/m^2/d", "mg/m^2/h", "ug/m^2/s"])
def test_a_rate_by_the_day_in_a_formula_of_the_year_is_refused(gep: Program, tmp_path: Path, unit: str) -> None:
    (tmp_path / "s.yaml").write_text(FLUX.replace("unit: FLUX", f"unit: {unit}", 1).replace("FLUX", "t_CO2/ha/yr"), "utf-8")
    said = " ".join(gep("standards", "check", str(tmp_path / "s.yaml"), "--lang", "en", code=2).stderr.split())
    assert "a year has 365 or 366 days, and the formula does not say whose" in said
    assert "in d/yr or h/yr" in said
    assert said.count("365 or 366") == 1


def test_a_value_by_the_day_in_the_file_is_of_no_year(gep: Program, tmp_path: Path) -> None:
    own = "  uptake_rate: {title: {zh: 速率, en: Rate}, unit: t/ha/yr, values: [{value: 12, unit: g/m2/d, source: 某文, mark: V}]}\n"
    (tmp_path / "s.yaml").write_text(
        STANDARD.partition("shown:")[0].replace("values:\n", "coefficients:\n" + own + "values:\n", 1), "utf-8"
    )
    said = " ".join(gep("standards", "check", str(tmp_path / "s.yaml"), "--lang", "en", code=2).stderr.split())
    assert "write it by the year; by the day it may stand among the figures" in said, said


@pytest.mark.parametrize(("year", "days"), [(2022, 365), (2024, 366)])
def test_a_rate_by_the_day_among_the_figures_goes_by_the_days_of_its_year(tmp_path: Path, year: int, days: int) -> None:
    figures = FIGURES.replace("3,t/ha/yr", "3,kg/ha/d").replace("5,t/ha/yr", "5,kg/ha/d").replace(",2022,", f",{year},")
    (tmp_path / "f.csv").write_text(figures, "utf-8")
    (tmp_path / "s.yaml").write_text(STANDARD.partition("shown:")[0].replace("CNY_2022", f"CNY_{year}"), "utf-8")
    account = compute(read_inputs([tmp_path / "f.csv"], str(tmp_path / "s.yaml")), str(tmp_path / "s.yaml"))
    line = account.lines[(account.lines["line"] == "carbon_sequestration.woods") & ~account.lines["detail"].astype(bool)]
    assert line["value"].iloc[0] == pytest.approx((100 * 3 + 200 * 5) * days / 1000 * 100)


def test_a_place_and_its_yearbook_show_from_which_county_to_which(
    gep: Program, files: tuple[str, str, str], tmp_path: Path
) -> None:
    rows = FIGURES.removeprefix(HEAD)
    zixi = rows.replace("361027", "361028").replace(",50,万元,x", ",80,万元,x").replace(",5,t/ha", ",7,t/ha")
    nancheng = rows.replace("361027", "361021").replace("361021,2022,gdp,,,,50,万元,x,\n", "")
    (tmp_path / "f.csv").write_text(HEAD + rows + zixi + nancheng, "utf-8")
    store = ("--store", str(tmp_path / "s.duckdb"))
    gep("run", *files, *store)
    found = json.loads(gep("show", "361000", "2022", *store, "--format", "json").stdout)
    more = (300 + 1400) * 100 + 60_000
    ranges = {(one["figure"], one["ecosystem"]): one for one in found["shown"]}
    assert list(dict.fromkeys(figure for figure, _ in ranges)) == re.findall(r"^  (\S+\.\S+):", SHOWN, re.MULTILINE)
    of_gdp = ranges["gep.share_of_gdp", ""]
    assert (of_gdp["accounts"], of_gdp["lacking"]) == (2, ["361021"])
    assert (of_gdp["low_code"], of_gdp["high_code"]) == ("361028", "361027")
    assert (of_gdp["low"], of_gdp["high"]) == pytest.approx((more / 8000, TOTAL / 5000))
    fir = ranges["carbon_sequestration.density", "forest/杉木林"]
    assert (fir["low"], fir["high"]) == (5, 7)
    assert (ranges["gep.per_head", ""]["accounts"], ranges["gep.per_head", ""]["low"]) == (0, None)
    said = {lang: gep("--lang", lang, "show", "361000", "2022", *store).stdout for lang in ("zh", "en")}
    assert "    绿金指数                              2/3                    28.75 – 38.00 %\n      资溪县 – 金溪县" in said["zh"]
    assert "only shown, in no total and never added up" in said["en"]
    assert "    Value a head                          0/3                            no data" in said["en"]
    gep("report", "361000", "2022", *store, "--lang", "zh", "-o", str(tmp_path / "y.html"))
    page = re.sub(r"<[^>]*>\s*", "|", (tmp_path / "y.html").read_text("utf-8"))
    assert re.search(r"绿金指数\|+2(\.00)?\|+28\.75\|+资溪县\|+38\.00\|+金溪县\|+%", page)
    assert page.count("绿金指数") == 4  # from which to which, and each county


def test_compare_shows_both_years_side_by_side(gep: Program, files: tuple[str, str, str], tmp_path: Path) -> None:
    later, store = tmp_path / "later.csv", ("--store", str(tmp_path / "s.duckdb"))
    text = FIGURES.replace(",2022,", ",2023,").replace("forest/竹林,,,3,", "forest/竹林,,,4,")
    later.write_text(text, "utf-8")
    (tmp_path / "s.yaml").write_text(STANDARD.replace("services:", "price_index: as-printed\nservices:", 1) + SHOWN, "utf-8")
    gep("run", files[0], str(later), *files[1:], *store)
    stored = json.loads(gep("list", *store, "--format", "json").stdout)[0]["standard"]
    asked = ("compare", "361027", "2022", "2023", "--standard", stored, *store)
    found = {
        (one["figure"], one["title"]["zh"]): (one["one"], one["other"])
        for one in json.loads(gep(*asked, "--format", "json").stdout)["shown"]
    }
    total = (400 + 1000) * 100 + 60_000
    assert found["gep.per_hectare", "单位面积价值"] == pytest.approx((TOTAL / 400, total / 400))
    assert found["carbon_sequestration.mean", "平均固碳"] == pytest.approx((1300 / 300, 1400 / 300))
    assert found["gep.per_head", "人均价值"] == (None, None)
    row = next(line for line in gep(*asked, "--lang", "zh").stdout.splitlines() if "单位面积价值" in line)
    assert [part for part in row.split() if part[0].isdigit()] == ["475", "500"]


def test_what_a_service_is_asked_for_is_not_asked_again(gep: Program, files: tuple[str, str, str], tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(FIGURES.replace("361027,2022,growth,forest/竹林,,,3,t/ha/yr,x,\n", ""), "utf-8")
    found = json.loads(gep("check", *files, "--format", "json").stdout)["findings"]
    asked = {one["details"][0]["service"]: [each["id"] for each in one["details"]] for one in found if one["code"] == "needed"}
    assert asked == {"carbon_sequestration": ["growth"], "gep.per_head": ["population"]}


def test_a_service_that_does_not_apply_is_nothing_in_a_sum(files: tuple[str, str, str], tmp_path: Path) -> None:
    text = FIGURES.replace("climate_regulation_value,,,,6,万元,x,", "climate_regulation,,,,不适用,,x,没有")
    (tmp_path / "f.csv").write_text(text, "utf-8")
    account = compute(read_inputs([tmp_path / "f.csv"], files[2]), files[2])
    shown = account.shown.set_index("figure")["value"]
    assert shown["gep.less"] == pytest.approx(13.0)
    assert shown["gep.per_hectare"] == pytest.approx(325.0)


def test_they_are_printed_stored_traced_reported_and_proved(gep: Program, files: tuple[str, str, str], tmp_path: Path) -> None:
    shown = gep("run", *files, "--store", gep.store, "--lang", "zh").stdout
    assert re.search(
        r"只列示、不计入总值：\n    单位面积价值 +475 元/hm²/年\n    绿金指数 +38 %\n    人均价值：缺数据：常住人口", shown
    )
    place = ("361027", "2022", "--store", gep.store)
    asked = json.loads(gep("show", *place, "--format", "json").stdout)
    assert {one["figure"]: one["value"] for one in asked["shown"]}["gep.share_of_gdp"] == pytest.approx(38)
    traced = gep("trace", "361027", "2022", "gep.less", "--store", gep.store, "--lang", "en").stdout
    assert "X_less = V_reg − V_cr" in traced
    assert "f.csv:10" in traced
    assert "carbon_sequestration.density" in gep("trace", "361027", "2022", "固碳", "--store", gep.store).stdout
    assert "gep.per_hectare" in gep("query", "shown", "--store", gep.store).stdout
    for name in ("r.html", "r.json"):
        gep("report", *place, "-o", str(tmp_path / name), "--lang", "zh")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "只列示的指标" in page
    assert "标准未列入" in page, "of services that the standard says nothing of"
    assert "not in the list" not in page
    gep("certificate", *place, "-o", str(tmp_path / "c.json"))
    assert "equal" in gep("verify", str(tmp_path / "c.json")).stdout
    certificate = json.loads((tmp_path / "c.json").read_text("utf-8"))
    certificate["results"]["shown_result"][0]["value"] += 1
    (tmp_path / "c.json").write_text(json.dumps(certificate), "utf-8")
    assert "results.shown_result[0].value" in gep("verify", str(tmp_path / "c.json"), code=2).stdout


WRONG = {
    "gep.total: {title: T, formula: gdp, unit: CNY/yr}": "gep.total is already an id of the program or of the standard",
    "soil_retention.a: {title: T, formula: gdp, unit: CNY/yr}": "'soil_retention.a' cannot be the id of a figure that is only shown",
    "gep.a: {title: T, formula: soil_retention.amount, unit: t/yr}": "gep.a names soil_retention.amount, of a service that the standard does not count",
    "gep.a: {title: T, formula: gep.total / land_area, unit: t/yr}": "the formula gives CNY/km²/a, declared is t/yr",
    "gep.a: {title: T, formula: gep.total / area, unit: CNY/ha/yr}": "gep.a divides GEP, which is of the whole, by A_i",
    "carbon_sequestration.a: {title: T, formula: 2 * carbon_sequestration.value / (area * growth), unit: CNY/t}": "which varies over ecosystem",
    "gep.a: {title: T, formula: ln(land_area), unit: '1'}": "what ln is taken of must be a plain number",
    "gep.a: {title: T, formula: cos(gep.total / gdp), unit: '1'}": "cos is taken of an angle in degrees",
    "gep.a: {title: T, formula: gep.b, unit: CNY/yr}": "there is no quantity 'gep.b'",
    "gep.a: {title: T, formula: gep.total + , unit: CNY/yr}": "column",
    "gep.a: {title: T, formula: gep.total, unit: CNY/yr, clause: 2.1}": 'in quotes: "2.1"',
    "gep.a: {title: T, formula: gep.total}": "unit",
    "gep.a: {title: T, formula: gep.total, unit: CNY/yr, price: 3}": "price",
}


@pytest.mark.parametrize("declared", WRONG)
def test_what_is_wrong_with_a_declaration_is_one_message(gep: Program, tmp_path: Path, declared: str) -> None:
    text = STANDARD + "  " + declared.replace("title: T", "title: {zh: 甲, en: A}") + "\n"
    (tmp_path / "s.yaml").write_text(text, "utf-8")
    said = gep("standards", "check", str(tmp_path / "s.yaml"), code=2).stderr
    assert WRONG[declared] in said
    assert "1 problem" in said
    assert f"s.yaml:{text.count(chr(10))}" in said


def test_a_figure_of_the_whole_varies_over_types_where_services_count_all(tmp_path: Path) -> None:
    text = STANDARD.replace(", ecosystems: [forest]}", "}")
    one = "  gep.by_type: {title: {zh: 各类单位面积价值, en: By type}, formula: carbon_sequestration.woods_value / area, unit: 元/hm2/yr}\n"
    (tmp_path / "s.yaml").write_text(text + one, "utf-8")
    (tmp_path / "f.csv").write_text(
        FIGURES.replace("area,cropland,,,100", "area,cropland,,,0").replace(",400,ha", ",300,ha"), "utf-8"
    )
    account = compute(read_inputs([tmp_path / "f.csv"], str(tmp_path / "s.yaml")), str(tmp_path / "s.yaml"))
    assert dict(zip(account.shown["ecosystem"], account.shown["value"], strict=True)) == pytest.approx(
        {"forest/竹林": 300, "forest/杉木林": 500}
    )


def test_a_figure_of_the_whole_is_0_in_types_that_one_service_leaves_out_and_no_row_where_all_do(tmp_path: Path) -> None:
    fields = "  other_regulating.fields: {title: {zh: 农田, en: Fields}, quantity: area, price: field_value}\nservices:\n"
    text = STANDARD.replace("services:\n", fields + "  other_regulating: {mark: V, ecosystems: [cropland, mixed_forest]}\n", 1)
    value = "coefficients:\n  field_value: {title: {zh: 农田单价, en: Of a field}, unit: CNY/ha/yr, values: [{value: 7, unit: CNY_2022/ha/yr, source: 县发, mark: V}]}\n"
    shown = "  gep.by_type: {title: {zh: 各类单位面积价值, en: By type}, formula: (carbon_sequestration.woods_value + other_regulating.fields_value) / area, unit: 元/hm2/yr}\n"
    (tmp_path / "s.yaml").write_text(text.replace("rules:\n", value + "rules:\n", 1) + shown, "utf-8")
    figures = FIGURES.replace("area,mixed_forest,,,0,ha", "area,bare,,,50,ha").replace(",400,ha", ",450,ha")
    (tmp_path / "f.csv").write_text(figures, "utf-8")
    account = compute(read_inputs([tmp_path / "f.csv"], str(tmp_path / "s.yaml")), str(tmp_path / "s.yaml"))
    assert dict(zip(account.shown["ecosystem"], account.shown["value"], strict=True)) == pytest.approx(
        {"forest/竹林": 300, "forest/杉木林": 500, "cropland": 7}
    )


def test_an_extension_may_only_add_figures(gep: Program, tmp_path: Path) -> None:
    head = "id: more\ntitle: {zh: 甲, en: A}\nsource: as-entered\nmark: V\n"
    figure = "shown: {gep.density: {title: {zh: 甲, en: A}, formula: gep.regulating / land_area, unit: 万元/hm2/yr}}\n"
    (tmp_path / "s.yaml").write_text(head + "extends: ndrc-2022\n" + figure, "utf-8")
    assert "gep.density (shown)" in gep("standards", "show", str(tmp_path / "s.yaml")).stdout
    (tmp_path / "s.yaml").write_text(head + figure, "utf-8")
    assert "services is missing" in gep("standards", "check", str(tmp_path / "s.yaml"), code=2).stderr


def test_a_standard_without_prices_shows_quantities_only(gep: Program, tmp_path: Path) -> None:
    text = STANDARD.replace("mark: V\nclasses", "mark: V\nphysical: true\nclasses").replace(
        "  climate_regulation: {mark: V, value: stated}\n", ""
    )
    text = re.sub(r"roll_up:\n.*\n", "", text)
    (tmp_path / "s.yaml").write_text(text + SHOWN.splitlines()[-2] + "\n", "utf-8")
    (tmp_path / "f.csv").write_text(FIGURES.replace("361027,2022,climate_regulation_value,,,,6,万元,x,\n", ""), "utf-8")
    files = (str(tmp_path / "f.csv"), "--standard", str(tmp_path / "s.yaml"))
    assert "单位面积固碳 竹林" in gep("run", *files, "--store", gep.store, "--lang", "zh").stdout
    gep("report", "361027", "2022", "--store", gep.store, "-o", str(tmp_path / "r.docx"))
    (tmp_path / "s.yaml").write_text(text + SHOWN.splitlines()[0] + "\n", "utf-8")
    said = gep("standards", "check", str(tmp_path / "s.yaml"), code=2).stderr
    assert "gep.per_hectare names gep.total, and the standard has no prices" in said


def test_the_documentation_shows_one() -> None:
    found = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/standards.md").read_text("utf-8"), re.DOTALL)
    assert found
    assert "\nshown:\n  gep.per_hectare:" in found[1]


def test_a_page_shows_them_and_leads_to_their_trace(
    gep: Program, platform: Platform, files: tuple[str, str, str], tmp_path: Path
) -> None:
    store = str(tmp_path / "gep.duckdb")
    gep("run", *files, "--store", store)
    page = platform.visit("wu").get("/361027/2022/result?run=2")
    words = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "只列示的指标（不计入总值）" in words
    assert "单位面积价值 475" in words
    assert "人均价值 — 常住人口" in words
    assert "gep.share_of_gdp" in platform.visit("wu").get("/361027/2022/trace/gep?run=2").text
