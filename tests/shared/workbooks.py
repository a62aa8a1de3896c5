"""Fills workbooks of `gep new` as people do, for tests. The figures of FIGURES are invented; they are plausible for a mountain county."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from gep.formula.nodes import Observed
from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TITLE, MEMBER, UNIT, VALUE, SOURCE, ID = 2, 3, 4, 5, 7, 9
FIRST = 4
"""First row of figures."""

AREAS = {
    "常绿阔叶林": 520.0,
    "常绿针叶林": 640.0,
    "针阔混交林": 310.0,
    "落叶阔叶林": 40.0,
    "竹林": 390.0,
    "稀疏林": 20.0,
    "常绿阔叶灌丛": 35.0,
    "草丛": 25.0,
    "沼泽": 4.0,
    "湖泊": 3.0,
    "河流": 14.0,
    "水库坑塘": 9.0,
    "水田": 90.0,
    "旱地": 30.0,
    "园地": 55.0,
    "居住地": 12.0,
    "城市绿地": 1.5,
    "工矿交通": 7.77,
}
FIGURES: dict[tuple[str, str], tuple[float, str]] = {
    ("population", ""): (177831, "人"),
    ("gdp", ""): (1_120_000, "万元"),
    ("land_area", ""): (2206.27, "km²"),
    ("agricultural_output_value", ""): (98_000, "万元"),
    ("forestry_output_value", ""): (52_000, "万元"),
    ("livestock_output_value", ""): (41_000, "万元"),
    ("fishery_output_value", ""): (8_500, "万元"),
    ("agricultural_product_value", "粮食"): (19_000, "万元"),
    ("agricultural_product_value", "油料"): (2_400, "万元"),
    ("agricultural_product_value", "蔬菜"): (24_000, "万元"),
    ("agricultural_product_value", "水果"): (31_000, "万元"),
    ("agricultural_product_value", "茶叶"): (5_600, "万元"),
    ("forestry_product_value", "木材"): (14_000, "万元"),
    ("forestry_product_value", "竹材"): (12_000, "万元"),
    ("forestry_product_value", "油茶籽"): (6_000, "万元"),
    ("livestock_product_value", "猪肉"): (20_000, "万元"),
    ("livestock_product_value", "牛肉"): (4_000, "万元"),
    ("livestock_product_value", "羊肉"): (900, "万元"),
    ("livestock_product_value", "禽肉"): (8_000, "万元"),
    ("livestock_product_value", "禽蛋"): (2_500, "万元"),
    ("fishery_product_value", "水产品"): (8_400, "万元"),
    ("agricultural_output", "粮食"): (61_000, "吨"),
    ("agricultural_output", "油料"): (3_100, "吨"),
    ("agricultural_output", "蔬菜"): (83_000, "吨"),
    ("agricultural_output", "水果"): (92_000, "吨"),
    ("agricultural_output", "茶叶"): (720, "吨"),
    ("sown_area", "粮食"): (105, "km²"),
    ("sown_area", "油料"): (14, "km²"),
    ("sown_area", "蔬菜"): (31, "km²"),
    ("sown_area", "水果"): (48, "km²"),
    ("sown_area", "茶叶"): (11, "km²"),
    ("forestry_output", "油茶籽"): (4_200, "吨"),
    ("forestry_output_volume", "木材"): (13.0, "万m³"),
    ("forestry_output_count", "竹材"): (6_000_000, "piece"),
    ("livestock_output", "猪肉"): (9_800, "吨"),
    ("livestock_output", "牛肉"): (620, "吨"),
    ("livestock_output", "羊肉"): (140, "吨"),
    ("livestock_output", "禽肉"): (4_100, "吨"),
    ("livestock_output", "禽蛋"): (2_300, "吨"),
    ("fishery_output", "水产品"): (5_200, "吨"),
    ("precipitation", "全县"): (1489.9, "mm"),
    ("evapotranspiration", "全县"): (884.6, "mm"),
    ("evapotranspiration", "森林"): (910.0, "mm"),
    ("evapotranspiration", "农田"): (760.0, "mm"),
    ("evapotranspiration", "湿地"): (980.0, "mm"),
    ("surface_runoff", "全县"): (590.0, "mm"),
    ("storm_rainfall", ""): (310.0, "mm"),
    ("storm_runoff", "全县"): (120.0, "mm"),
    ("rainfall_erosivity", "全县"): (7800.0, "MJ·mm/ha/h"),
    ("hot_days", ""): (62, "d"),
    ("soil_erodibility", "全县"): (0.021, "t·ha·h/ha/MJ/mm"),
    ("slope_factor", "森林"): (9.2, "1"),
    ("slope_factor", "灌丛"): (8.1, "1"),
    ("slope_factor", "农田"): (2.4, "1"),
    ("slope_factor", "草地"): (6.0, "1"),
    ("slope_factor", "湿地"): (0.6, "1"),
    ("lake_area", "阳明湖"): (2.8, "km²"),
    ("lake_flood_capacity", "阳明湖"): (900, "万m³"),
    ("reservoir_capacity", ""): (9_400, "万m³"),
    ("reservoir_flood_capacity", ""): (2_300, "万m³"),
    ("marsh_area", ""): (3.6, "km²"),
    ("hot_day_water_evaporation", ""): (520, "万m³"),
    ("air_concentration", "二氧化硫"): (9, "µg/m³"),
    ("air_concentration", "氮氧化物"): (14, "µg/m³"),
    ("air_emission", "二氧化硫"): (310, "吨"),
    ("air_emission", "氮氧化物"): (480, "吨"),
    ("air_emission", "一般性粉尘"): (260, "吨"),
    ("water_discharge", "化学需氧量"): (5_200, "吨"),
    ("water_discharge", "氨氮"): (270, "吨"),
    ("water_discharge", "总磷"): (88, "吨"),
    ("net_ecosystem_production", "全县"): (690_000, "t C"),
    ("visitors", "赣州市"): (210, "万人次"),
    ("visitors", "广东省"): (95, "万人次"),
    ("travel_time", "赣州市"): (2.5, "h/人次"),
    ("travel_time", "广东省"): (6.0, "h/人次"),
    ("wage", "赣州市"): (33, "元/h"),
    ("wage", "广东省"): (51, "元/h"),
    ("direct_cost", "赣州市"): (320, "元/人次"),
    ("direct_cost", "广东省"): (880, "元/人次"),
    ("nature_share", ""): (0.55, "1"),
    ("recreation_hours", "县城公园"): (4_200_000, "h"),
    ("benefiting_floor_area", "住宅"): (610_000, "m²"),
    ("green_belt_length", "国道"): (46, "km"),
    ("wind_weather_factor", "全县"): (2.1, "kg/m"),
    ("wind_erodible_fraction", "全县"): (0.21, "1"),
    ("soil_crust_factor", "全县"): (0.4, "1"),
    ("roughness_factor", "全县"): (0.6, "1"),
    ("wind_vegetation_factor", "全县"): (0.3, "1"),
    **{("area", name): (value, "km²") for name, value in AREAS.items()},
}


def fill(
    source: Path,
    target: Path,
    figures: Mapping[tuple[str, str], tuple[Any, str]],
    year: int = 2023,
    sources: Mapping[str, str] | None = None,
) -> dict[tuple[str, str], str]:
    """Write figures into a workbook as a person would; return the cell of each, `sheet!E7`."""
    book = load_workbook(source)
    cells: dict[tuple[str, str], str] = {}
    waiting = dict(figures)
    for sheet in book.worksheets:
        for own in (False, True):  # rows with a member first, then the empty rows for members of the county's own
            for row in range(FIRST, sheet.max_row + 1):
                identity, member = sheet.cell(row, ID).value, sheet.cell(row, MEMBER).value or ""
                closed = sheet.cell(row, VALUE).protection.locked
                if closed or sheet.cell(row, VALUE).value is not None or identity is None or sheet.max_column < SOURCE:
                    continue
                if own and not member:
                    key = next((one for one in waiting if one[0] == identity), None)
                else:
                    key = (identity, member) if (identity, member) in waiting else None
                if key is None:
                    continue
                value, unit = waiting.pop(key)
                if own and key[1]:
                    sheet.cell(row, MEMBER).value = key[1]
                sheet.cell(row, UNIT).value = unit
                sheet.cell(row, VALUE).value = value
                sheet.cell(row, SOURCE).value = (sources or {}).get(key[0], f"{year} 年统计台账")
                cells[key] = f"{sheet.title}!{sheet.cell(row, VALUE).coordinate}"
    for key in list(waiting):  # what has no row goes into spare rows, and below them, as people do who add rows
        value, unit = waiting.pop(key)
        leaf = {**VARIABLES, **COEFFICIENTS}[key[0]]
        sheet = book[leaf.department if isinstance(leaf, Observed) else "本地参数"]
        row = FIRST
        while sheet.cell(row, TITLE).value:
            row += 1
        written = {TITLE: leaf.title.zh, MEMBER: key[1], UNIT: unit, VALUE: value}
        for column, text in {**written, SOURCE: (sources or {}).get(key[0], f"{year} 年统计台账")}.items():
            sheet.cell(row, column).value = text
        cells[key] = f"{sheet.title}!{sheet.cell(row, VALUE).coordinate}"
    book.save(target)
    return cells


def keep_cells(folder: Path, cells: Mapping[tuple[str, str], str]) -> None:
    """Write down beside a filled workbook which figure stands in which cell, for the other workers of a run of tests."""
    (folder / "cells.json").write_text(json.dumps([[*key, cell] for key, cell in cells.items()]), "utf-8")


def kept_cells(folder: Path) -> dict[tuple[str, str], str]:
    """The cells that `keep_cells` wrote down."""
    return {(variable, member): cell for variable, member, cell in json.loads((folder / "cells.json").read_text("utf-8"))}
