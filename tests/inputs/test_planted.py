"""A hundred planted mistakes: what of them the check finds, where, and that it says nothing of the clean workbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from kept_stores import make_once
from languages import HAN, left_in_english
from openpyxl import load_workbook
from workbooks import FIGURES, fill, keep_cells, kept_cells

from gep.messages.texts import say_in
from gep.store.saving import save
from gep.store.store import Store
from gep.tasks.check import check_files, write_copies
from gep.tasks.prepare import write_forms
from gep.tasks.run import run_account
from gep.terminal.findings import print_findings

if TYPE_CHECKING:
    from pathlib import Path

    from gep.messages.findings import Finding

V, U, M, N = "value", "unit", "member", "id"
PLANTED: list[tuple[tuple[str, str], str, Any, str]] = [
    # a unit of the right kind that is not the one meant: found at the figure
    (("gdp", ""), U, "亿元", V),
    (("population", ""), U, "万人", V),
    (("agricultural_output_value", ""), U, "元", V),
    (("forestry_output_value", ""), U, "亿元", V),
    (("livestock_output_value", ""), U, "元", V),
    (("fishery_output_value", ""), U, "亿元", V),
    (("agricultural_product_value", "粮食"), U, "元", V),
    (("agricultural_product_value", "蔬菜"), U, "亿元", V),
    (("forestry_product_value", "木材"), U, "元", V),
    (("livestock_product_value", "猪肉"), U, "元", V),
    (("fishery_product_value", "水产品"), U, "元", V),
    (("agricultural_output", "粮食"), U, "kg", V),
    (("agricultural_output", "油料"), U, "万吨", V),
    (("agricultural_output", "蔬菜"), U, "斤", V),
    (("sown_area", "水果"), U, "亩", V),
    (("forestry_output_volume", "木材"), U, "m³", V),
    (("livestock_output", "猪肉"), U, "kg", V),
    (("livestock_output", "禽肉"), U, "万吨", V),
    (("fishery_output", "水产品"), U, "斤", V),
    (("precipitation", "全县"), U, "m", V),
    (("evapotranspiration", "森林"), U, "cm", V),
    (("surface_runoff", "全县"), U, "cm", V),
    (("storm_rainfall", ""), U, "m", V),
    (("lake_area", "阳明湖"), U, "亩", V),
    (("lake_flood_capacity", "阳明湖"), U, "亿m³", V),
    (("reservoir_capacity", ""), U, "亿m³", V),
    (("reservoir_flood_capacity", ""), U, "m³", V),
    (("marsh_area", ""), U, "公顷", V),
    (("hot_day_water_evaporation", ""), U, "亿m³", V),
    (("air_concentration", "二氧化硫"), U, "mg/m³", V),
    (("air_emission", "二氧化硫"), U, "万吨", V),
    (("water_discharge", "化学需氧量"), U, "kg", V),
    (("visitors", "赣州市"), U, "人次", V),
    (("hot_days", ""), U, "h", V),
    (("green_belt_length", "国道"), U, "m", V),
    (("benefiting_floor_area", "住宅"), U, "km²", V),
    (("nature_share", ""), U, "%", V),
    # a unit of another kind, or none: refused at the unit
    (("evapotranspiration", "农田"), U, "km²", U),
    (("slope_factor", "森林"), U, "mm", U),
    (("water_discharge", "氨氮"), U, "mg/L", U),
    (("direct_cost", "赣州市"), U, "元", U),
    (("wage", "赣州市"), U, "元/d/人", U),
    (("travel_time", "赣州市"), U, "km", U),
    (("air_emission", "氮氧化物"), U, "µg/m³", U),
    (("net_ecosystem_production", "全县"), U, "t CO2", U),
    (("rainfall_erosivity", "全县"), U, "mm", U),
    (("soil_erodibility", "全县"), U, "吨", U),
    (("forestry_output", "油茶籽"), U, "万元", U),
    (("livestock_output", "牛肉"), U, "头", U),
    (("sown_area", "茶叶"), U, "吨", U),
    (("recreation_hours", "县城公园"), U, "人", U),
    (("storm_runoff", "全县"), U, "", U),
    (("roughness_factor", "全县"), U, "坡", U),
    # digits slipped: found at the figure, against its band, its parts or last year
    (("agricultural_product_value", "油料"), V, 24_000, V),
    (("agricultural_product_value", "水果"), V, 310_000, V),
    (("agricultural_product_value", "茶叶"), V, 56, V),
    (("forestry_product_value", "竹材"), V, 120_000, V),
    (("forestry_product_value", "油茶籽"), V, 600, V),
    (("livestock_product_value", "牛肉"), V, 40_000, V),
    (("agricultural_output", "水果"), V, 920_000, V),
    (("agricultural_output", "茶叶"), V, 7_200, V),
    (("sown_area", "粮食"), V, 1050, V),
    (("sown_area", "蔬菜"), V, 3.1, V),
    (("forestry_output_count", "竹材"), V, 60_000_000, V),
    (("livestock_output", "禽蛋"), V, 23_000, V),
    (("evapotranspiration", "全县"), V, 1884.6, V),
    (("slope_factor", "农田"), V, 24, V),
    (("air_emission", "一般性粉尘"), V, 26, V),
    (("water_discharge", "总磷"), V, 880, V),
    (("visitors", "广东省"), V, 9.5, V),
    (("travel_time", "广东省"), V, 60, V),
    (("wage", "广东省"), V, 5.1, V),
    (("direct_cost", "广东省"), V, 8_800, V),
    # what cannot be: refused at the figure
    (("slope_factor", "灌丛"), V, -8.1, V),
    (("wind_erodible_fraction", "全县"), V, 21, V),
    (("soil_crust_factor", "全县"), V, 1.4, V),
    (("wind_vegetation_factor", "全县"), V, -0.3, V),
    (("area", "竹林"), V, -390, V),
    # what is no number: refused at the figure
    (("wind_weather_factor", "全县"), V, "约2", V),
    (("slope_factor", "草地"), V, "6,0", V),
    (("slope_factor", "湿地"), V, "#REF!", V),
    (("area", "河流"), V, "十四", V),
    (("area", "湖泊"), V, "3-4", V),
    (("area", "园地"), V, True, V),
    (("area", "草丛"), V, "25km2", V),
    (("area", "沼泽"), V, "=A1*2", V),
    (("area", "水库坑塘"), V, "9.0.1", V),
    (("area", "城市绿地"), V, "1.5?", V),
    (("livestock_product_value", "羊肉"), V, "九百", V),
    (("livestock_product_value", "禽肉"), V, "8000(含副产品)", V),
    (("livestock_product_value", "禽蛋"), V, "2500-2600", V),
    (("livestock_output", "羊肉"), V, "#N/A", V),
    # stand-ins for no figure, and doubtful words
    (("air_concentration", "氮氧化物"), V, 999, V),
    (("area", "居住地"), V, "无", V),
    (("area", "落叶阔叶林"), V, "-", V),
    # names that are none
    (("area", "常绿阔叶林"), M, "常绿阔叶树", M),
    (("area", "常绿针叶林"), M, "针叶林", M),
    (("area", "水田"), N, "aera", N),
    (("area", "旱地"), N, "耕地面积", N),
    (("evapotranspiration", "湿地"), M, "湿地类", M),
    (("area", "工矿交通"), N, "", N),
    (("area", "常绿阔叶灌丛"), M, "针阔混交林", V),
]
"""Figure, which of its cells is changed, to what, and at which cell it must be found."""


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[tuple[str, str], str], Path]:
    """The clean workbook, the cells of its figures, and a store that holds last year, a little different."""
    folder = make_once(tmp_path_factory, "planted", lambda folder: keep_cells(folder, clean_books(folder)[1]))
    return folder / "clean.xlsx", kept_cells(folder), folder / "gep.duckdb"


def clean_books(folder: Path) -> tuple[Path, dict[tuple[str, str], str], Path]:
    """Write the clean workbook and the store of last year into a folder; return them with the cells of the figures."""
    empty = write_forms("崇义县", 2023, None, folder / "empty.xlsx", None)[0]
    cells = fill(empty, folder / "clean.xlsx", FIGURES)
    before = write_forms("崇义县", 2022, None, folder / "before.xlsx", None)[0]
    fill(
        before,
        before,
        {key: (value if key[0] in {"area", "land_area"} else value * 0.97, unit) for key, (value, unit) in FIGURES.items()},
        2022,
    )
    save(run_account([before]), folder / "gep.duckdb")
    return folder / "clean.xlsx", cells, folder / "gep.duckdb"


def of(cell: str, what: str) -> str:
    """The cell of a figure's unit, member or id."""
    return cell.replace("!E", {V: "!E", U: "!D", M: "!C", N: "!I"}[what])


def plant(clean: Path, cells: dict[tuple[str, str], str], target: Path) -> list[tuple[tuple[str, str], str]]:
    """Plant all mistakes in a copy; return each with the cell where it must be found."""
    book = load_workbook(clean)
    expected = []
    for key, what, value, found_at in PLANTED:
        if key not in cells:
            continue
        title, _, at = of(cells[key], what).partition("!")
        book[title][at].value = value
        expected.append((key, of(cells[key], found_at)))
    book.save(target)
    return expected


def test_nothing_is_said_of_the_clean_workbook(books: tuple[Path, dict[tuple[str, str], str], Path]) -> None:
    clean, _, store = books
    invented = {"published"}  # the figures are any that fit: no published account has such totals
    said = check_files([clean], store=Store(store))
    assert [one for one in said if one.grade in "ABC" and one.code not in invented] == []


def test_a_hundred_planted_mistakes_are_found_at_their_cells(
    books: tuple[Path, dict[tuple[str, str], str], Path], tmp_path: Path
) -> None:
    clean, cells, store = books
    expected = plant(clean, cells, tmp_path / "planted.xlsx")
    assert len(expected) >= 100
    findings = check_files([tmp_path / "planted.xlsx"], store=Store(store))
    of_cell: dict[str, list[Finding]] = {}
    for one in findings:
        if one.grade in "ABC":
            of_cell.setdefault(one.problem.cell, []).append(one)
    missed = [(key, cell) for key, cell in expected if cell not in of_cell]
    assert len(missed) <= 2, missed


def test_each_mistake_alone_is_found_too(books: tuple[Path, dict[tuple[str, str], str], Path], tmp_path: Path) -> None:
    """A sample one by one: no mistake is found only because of its neighbours."""
    clean, cells, store = books
    for at, (key, what, value, found_at) in enumerate(PLANTED):
        if at % 16 or key not in cells:
            continue
        book = load_workbook(clean)
        title, _, place = of(cells[key], what).partition("!")
        book[title][place].value = value
        book.save(tmp_path / "one.xlsx")
        assert any(
            one.problem.cell == of(cells[key], found_at)
            for one in check_files([tmp_path / "one.xlsx"], store=Store(store))
            if one.grade in "ABC"
        ), key


def test_findings_are_said_in_chinese(books: tuple[Path, dict[tuple[str, str], str], Path], tmp_path: Path) -> None:
    clean, cells, store = books
    plant(clean, cells, tmp_path / "planted.xlsx")
    findings = check_files([tmp_path / "planted.xlsx"], store=Store(store))
    assert left_in_english("\n".join(print_findings(findings, "zh"))) == []
    for one in findings:
        for text in (one.problem.found, one.problem.expected, one.problem.hint):
            assert not text or HAN.search(say_in(text, "zh")) or not re.search("[a-z]{3}", text), text
    assert {one.as_dict()["found"] for one in findings} >= {"the cell says '约2'"}
    assert {one.as_dict()["found_zh"] for one in findings} >= {"单元格填“约2”"}


@pytest.mark.parametrize(("lang", "found"), [("zh", "单元格填“约2”"), ("en", "the cell says '约2'")])
def test_a_workbook_is_written_back_in_chinese_unless_asked(
    books: tuple[Path, dict[tuple[str, str], str], Path], tmp_path: Path, lang: str, found: str
) -> None:
    clean, cells, store = books
    plant(clean, cells, tmp_path / "planted.xlsx")
    findings = check_files([tmp_path / "planted.xlsx"], store=Store(store))
    [copy] = write_copies([tmp_path / "planted.xlsx"], findings, lang=lang)
    sheet = load_workbook(copy)["校验"]
    texts = [str(cell.value) for row in sheet.iter_rows(min_row=4, min_col=4, max_col=6) for cell in row if cell.value]
    assert found in texts
    comments = [
        cell.comment.text for page in load_workbook(copy).worksheets for row in page.iter_rows() for cell in row if cell.comment
    ]
    assert len(comments) > 90
    assert (left_in_english("\n".join([*texts, *comments])) == []) is (lang == "zh")
