"""A county of all services, entered from the form alone: after one pass of check it is complete, and worth what paper says.

The arithmetic below is of the formulas of ndrc-2022, with fractions, and knows nothing of the program; the figures are invented.
"""

from __future__ import annotations

import csv
import json
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import Program
from workbooks import fill

from gep.reference.members import read_ecosystems, read_pollutants

COUNTY, YEAR = "330225", 2023  # 象山县: a county with a coast, so that no service is left out
LAND = {  # class of the land survey: its type, hectares
    "0101": ("paddy", "9000"),
    "0103": ("dry_cropland", "3000"),
    "0201": ("orchard", "5500"),
    "0301": ("mixed_forest", "47000.5"),
    "0302": ("bamboo_forest", "39000"),
    "0305": ("shrub", "3500"),
    "0307": ("sparse_forest", "2000"),
    "0401": ("tussock", "2500"),
    "07": ("residential", "1200"),
    "0810": ("urban_green", "150"),
    "10": ("industrial_transport", "777"),
    "1101": ("river", "1400"),
    "1102": ("lake", "280"),
    "1103": ("reservoir_pond", "900"),
    "1108": ("marsh", "400"),
}
FIRST_PASS = {
    ("population", ""): ("56.72", "万人"),
    ("gdp", ""): ("660.5", "亿元"),
    ("land_area", ""): ("1166.075", "km²"),
    ("agricultural_output_value", ""): ("98000", "万元"),
    ("forestry_output_value", ""): ("5.2", "亿元"),
    ("livestock_output_value", ""): ("41000", "万元"),
    ("fishery_output_value", ""): ("8500", "万元"),
    ("bioenergy_product_value", "沼气"): ("320", "万元"),
    ("precipitation", "全县"): ("1489.9", "mm"),
    ("evapotranspiration", "全县"): ("884.6", "mm"),
    ("evapotranspiration", "森林"): ("910", "mm"),
    ("evapotranspiration", "湿地"): ("98", "cm"),
    ("surface_runoff", "全县"): ("420", "mm"),
    ("storm_rainfall", ""): ("310", "mm"),
    ("storm_runoff", "全县"): ("120", "mm"),
    ("rainfall_erosivity", "全县"): ("7800", "MJ·mm/ha/h"),
    ("soil_erodibility", "全县"): ("0.021", "t·ha·h/ha/MJ/mm"),
    ("slope_factor", "全县"): ("5.5", "1"),
    ("slope_factor", "农田"): ("2.4", "1"),
    ("wind_weather_factor", "全县"): ("2.1", "kg/m"),
    ("wind_erodible_fraction", "全县"): ("21", "%"),
    ("soil_crust_factor", "全县"): ("0.4", "1"),
    ("roughness_factor", "全县"): ("0.6", "1"),
    ("wind_vegetation_factor", "全县"): ("0.3", "1"),
    ("protected_coast_length", "全县"): ("12.5", "km"),
    ("lake_flood_capacity", "大目湖"): ("900", "万m³"),
    ("reservoir_flood_capacity", ""): ("2300", "万m³"),
    ("marsh_area", ""): ("3.6", "km²"),
    ("hot_days", ""): ("62", "d"),
    ("hot_day_water_evaporation", ""): ("520", "万m³"),
    ("air_emission", "二氧化硫"): ("310", "吨"),
    ("air_emission", "氮氧化物"): ("480", "吨"),
    ("air_emission", "一般性粉尘"): ("260", "吨"),
    ("air_concentration", "二氧化硫"): ("9", "µg/m³"),
    ("air_concentration", "氮氧化物"): ("55", "µg/m³"),
    ("air_concentration", "一般性粉尘"): ("80", "µg/m³"),
    ("water_discharge", "化学需氧量"): ("5200", "吨"),
    ("water_discharge", "氨氮"): ("270", "吨"),
    ("water_discharge", "总磷"): ("88", "吨"),
    ("river_load_in", "化学需氧量"): ("120", "吨"),
    ("river_load_in", "氨氮"): ("11", "吨"),
    ("river_load_in", "总磷"): ("2.5", "吨"),
    ("river_load_out", "化学需氧量"): ("900", "吨"),
    ("river_load_out", "氨氮"): ("44", "吨"),
    ("river_load_out", "总磷"): ("9.25", "吨"),
    ("treated_load", "化学需氧量"): ("2100", "吨"),
    ("treated_load", "氨氮"): ("105", "吨"),
    ("treated_load", "总磷"): ("31", "吨"),
    ("net_ecosystem_production", "全县"): ("69", "万t C"),
    ("visitors", "宁波市"): ("210", "万人次"),
    ("visitors", "上海市"): ("950000", "人次"),
    ("nature_share", ""): ("0.55", "1"),
    ("travel_time", "全县"): ("2.5", "h/人次"),
    ("travel_time", "上海市"): ("6", "h/人次"),
    ("wage", "全县"): ("33", "元/h"),
    ("wage", "上海市"): ("51.5", "元/h"),
    ("direct_cost", "全县"): ("320", "元/人次"),
    ("direct_cost", "上海市"): ("880", "元/人次"),
    ("recreation_hours", "县城公园"): ("420", "万h"),
    ("benefiting_floor_area", "住宅"): ("610000", "m²"),
    ("green_belt_length", "国道"): ("46", "km"),
}
SECOND_PASS = {  # parameters and prices of the county, which check asks for
    ("cover_factor", "森林"): ("0.01", "1"),
    ("cover_factor", "灌丛"): ("0.04", "1"),
    ("cover_factor", "草地"): ("0.09", "1"),
    ("cover_factor", "旱地"): ("0.24", "1"),
    ("cover_factor", "园地"): ("0.14", "1"),
    ("practice_factor", "森林"): ("1", "1"),
    ("practice_factor", "灌丛"): ("1", "1"),
    ("practice_factor", "草地"): ("1", "1"),
    ("practice_factor", "农田"): ("0.35", "1"),
    ("soil_bulk_density", ""): ("1.25", "t/m³"),
    ("dyke_cost", ""): ("800", "万元_2023/km"),
    ("dyke_life", ""): ("40", "yr"),
    ("pollutant_uptake", "灌丛 / 氮氧化物"): ("4", "kg/ha/yr"),
    ("pollutant_uptake", "草地 / 氮氧化物"): ("0.3", "t/km²/yr"),
    ("pollutant_uptake", "湿地 / 氮氧化物"): ("2", "kg/ha/yr"),
    ("pollutant_uptake", "农田 / 氮氧化物"): ("2.5", "kg/ha/yr"),
    **{
        ("pollutant_uptake", f"{land} / {name}"): (value, "t/km²/yr")
        for land in ("森林", "灌丛", "草地", "湿地", "农田")
        for name, value in (("二氧化硫", "9"), ("一般性粉尘", "100"))
    },
    ("pollutant_treatment_cost", "二氧化硫"): ("1263.16", "元_2023/吨"),
    ("pollutant_treatment_cost", "氮氧化物"): ("1.2", "元_2023/kg"),
    ("pollutant_treatment_cost", "一般性粉尘"): ("300", "元_2023/吨"),
    ("pollutant_treatment_cost", "化学需氧量"): ("1400", "元_2023/吨"),
    ("pollutant_treatment_cost", "氨氮"): ("1750", "元_2023/吨"),
    ("pollutant_treatment_cost", "总磷"): ("5600", "元_2023/吨"),
    ("electricity_price", ""): ("0.538", "元_2023/kWh"),
    ("sound_barrier_cost", ""): ("120", "万元_2023/km"),
    ("sound_barrier_life", ""): ("15", "yr"),
    ("recreation_hour_value", ""): ("8.5", "元_2023/小时"),
    ("landscape_rent_premium", ""): ("14.2", "元_2023/m²/年"),
}
CPI = Fraction("132.2291519") / 100  # from prices of 2010 to those of 2023


def of(key: str, member: str = "") -> Fraction:
    return Fraction({**FIRST_PASS, **SECOND_PASS}[key, member][0])


AREA = {kind: Fraction(hectares) / 100 for kind, hectares in LAND.values()}  # km²
FOREST = ("mixed_forest", "bamboo_forest", "sparse_forest")
WETLAND = ("river", "lake", "reservoir_pond", "marsh")
CROPLAND = ("paddy", "dry_cropland", "orchard")


def area(*kinds: str) -> Fraction:
    return sum((AREA[kind] for kind in kinds), Fraction(0))


def power(base: Fraction, exponent: Fraction) -> Fraction:
    with localcontext() as precise:
        precise.prec = 50
        one, other = (Decimal(number.numerator) / Decimal(number.denominator) for number in (base, exponent))
        return Fraction(one**other)


def conserve_water() -> Fraction:
    rain, runoff = of("precipitation", "全县"), of("surface_runoff", "全县")
    balance = (
        area(*FOREST) * (rain - runoff - 910)
        + area(*WETLAND) * (rain - runoff - 980)
        + area("shrub", "tussock", "orchard") * (rain - runoff - Fraction("884.6"))
    )  # km² · mm = 1,000 m³
    return balance * 1000 * Fraction("7.06") * CPI


def keep_soil() -> Fraction:
    factors = {**dict.fromkeys(FOREST, Fraction("0.01")), "shrub": Fraction("0.04"), "tussock": Fraction("0.09")}
    eroded = sum((AREA[kind] * Fraction("5.5") * (1 - cover) for kind, cover in factors.items()), Fraction(0))
    covers = {"paddy": Fraction("0.1"), "dry_cropland": Fraction("0.24"), "orchard": Fraction("0.14")}  # paddy: redline-2017
    eroded += sum(AREA[kind] * Fraction("2.4") * (1 - cover * Fraction("0.35")) for kind, cover in covers.items())
    tonnes = eroded * 100 * 7800 * Fraction("0.021")  # hectares
    silt = tonnes * Fraction("0.24") / Fraction("1.25") * Fraction("15.58")
    return (silt + tonnes * Fraction("0.0037") * 875 + tonnes * Fraction("0.00108") * 2800) * CPI


def hold_sand() -> Fraction:
    wind = Fraction("2.1") * Fraction("0.21") * Fraction("0.4") * Fraction("0.6")
    per_area = Fraction("0.1699") * power(wind, Fraction("1.3711")) * (1 - power(Fraction("0.3"), Fraction("1.3711")))  # kg/m²
    tonnes = sum(AREA.values()) * 1000 * per_area
    return tonnes / Fraction("1.28") / Fraction("0.1") * Fraction("3.75") * CPI


def soften_floods() -> Fraction:
    plants = area(*FOREST, "shrub", "tussock") * (310 - 120) * 1000
    return (plants + 9_000_000 + 23_000_000 + Fraction("3.6") * 10**6 * Fraction("0.3")) * Fraction("7.06") * CPI


def clean_air() -> Fraction:
    taken = (
        area(*FOREST) * Fraction("0.6") + area("shrub") * Fraction("0.4") + area("tussock") * Fraction("0.3")
    )  # forest: 6 kg/ha
    taken += area(*WETLAND) * Fraction("0.2") + area(*CROPLAND) * Fraction("0.25")
    return 310 * Fraction("1263.16") + taken * 1200 + 260 * Fraction(300)  # only NOx is above its limit


def clean_water() -> Fraction:
    worth = Fraction(0)
    for name, cost in {"化学需氧量": 1400, "氨氮": 1750, "总磷": 5600}.items():
        brought, taken = (
            of("water_discharge", name) + of("river_load_in", name),
            of("river_load_out", name) + of("treated_load", name),
        )
        worth += (brought - taken) * cost
    return worth


def cool() -> Fraction:
    heat = (
        area(*FOREST) * Fraction("2837.27") + area("shrub") * Fraction("1300.95") + area("tussock") * Fraction("969.83")
    )  # kJ/m²/d
    plants = heat * 10**6 * 62 / 3 / 3600  # kWh
    water = Fraction(5_200_000) * 1000 * 2453 / 3 / 3600
    return (plants + water) * Fraction("0.538")


@cache
def by_hand() -> dict[str, Fraction]:
    return {
        "agricultural_products": Fraction(980_000_000),
        "forestry_products": Fraction(520_000_000),
        "livestock_products": Fraction(410_000_000),
        "fishery_products": Fraction(85_000_000),
        "bioenergy": Fraction(3_200_000),
        "water_conservation": conserve_water(),
        "soil_retention": keep_soil(),
        "sand_fixation": hold_sand(),
        "coastal_protection": Fraction("12.5") * 8_000_000 / 40,
        "flood_mitigation": soften_floods(),
        "air_purification": clean_air(),
        "water_purification": clean_water(),
        "carbon_sequestration": Fraction(690_000)
        * Fraction(44, 12)
        * Fraction("95.84")
        * Fraction("132.2291519")
        / Fraction("132.5175819"),
        "climate_regulation": cool(),
        "noise_reduction": Fraction(46) * 1_200_000 / 15,
        "tourism_health": 2_100_000 * Fraction("0.55") * (Fraction("2.5") * 33 + 320)
        + 950_000 * Fraction("0.55") * (6 * Fraction("51.5") + 880),
        "leisure_recreation": 4_200_000 * Fraction("8.5"),
        "landscape_premium": 610_000 * Fraction("14.2"),
    }


def number(text: str) -> int | float:
    return int(text) if "." not in text else float(text)


def enter(figures: dict[tuple[str, str], tuple[str, str]], source: Path, target: Path) -> None:
    fill(source, target, {key: (number(value), unit) for key, (value, unit) in figures.items()})


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The form after the departments have filled it, and after the county has added what check asked for."""
    folder = tmp_path_factory.mktemp("county")
    Program("")("new", COUNTY, str(YEAR), "-o", str(folder / "form.xlsx"))
    titles = {f"survey3:{code}": hectares for code, (_, hectares) in LAND.items()}
    from openpyxl import load_workbook

    book = load_workbook(folder / "form.xlsx")
    sheet: Any = book["土地调查"]
    for row in range(1, sheet.max_row + 1):
        if (hectares := titles.pop(str(sheet.cell(row, 9).value), None)) is not None:
            sheet.cell(row, 5).value, sheet.cell(row, 7).value = number(hectares), "2023 年变更调查"
    assert titles == {}
    book.save(folder / "form.xlsx")
    first, second = folder / "first.xlsx", folder / "second.xlsx"
    enter(FIRST_PASS, folder / "form.xlsx", first)
    enter(SECOND_PASS, first, second)
    return first, second


def test_one_pass_of_check_says_all_that_is_lacking(books: tuple[Path, Path]) -> None:
    said = json.loads(Program("").try_out("check", str(books[0]), "--format", "json").stdout)["findings"]
    assert [one["found"] for one in said if one["grade"] == "A"] == []
    lacking = {detail["id"] for one in said if one["code"] == "needed" for detail in one["details"]}
    assert lacking == {key for key, _ in SECOND_PASS}
    said = json.loads(Program("").try_out("check", str(books[1]), "--format", "json").stdout)["findings"]
    assert [one["found"] for one in said if one["code"] == "needed" or one["grade"] == "A"] == []


def test_a_county_from_the_form_is_worth_what_paper_says(books: tuple[Path, Path], gep: Program) -> None:
    done = gep("run", str(books[1]), "--store", gep.store, "--format", "json")
    services = {one["service"]: one for one in json.loads(done.stdout)["accounts"][0]["services"]}
    counted = {name for name, one in services.items() if one["status"] != "excluded"}
    assert counted == set(by_hand())
    for name, value in by_hand().items():
        assert services[name]["status"] == "accounted", (name, services[name])
        assert services[name]["value"] == pytest.approx(float(value), rel=1e-12), name
    shown = gep("show", COUNTY, str(YEAR), "--store", gep.store, "--lang", "en").stdout
    assert f"{float(sum(by_hand().values())) / 1e8:,.4f}" in shown


def test_the_same_county_as_a_table_is_the_same(books: tuple[Path, Path], gep: Program, tmp_path: Path) -> None:
    axes = {one.title.zh: ("ecosystem", name) for name, one in read_ecosystems().items()}
    axes |= {one.title.zh: ("pollutant", name) for name, one in read_pollutants().items()}
    header = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source")
    with (tmp_path / "county.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, header, restval="")
        table.writeheader()
        same = {"county": COUNTY, "year": YEAR, "source": "年鉴"}
        for kind, hectares in LAND.values():
            table.writerow({**same, "variable": "area", "ecosystem": kind, "value": hectares, "unit": "公顷"})
        for (variable, member), (value, unit) in {**FIRST_PASS, **SECOND_PASS}.items():
            names = dict(axes.get(part, ("product", part)) for part in member.split(" / ") if part not in {"", "全县"})
            table.writerow({**same, "variable": variable, **names, "value": value, "unit": unit})
    found = [
        {
            one["service"]: one["value"]
            for one in json.loads(gep("run", str(path), "--store", f"{gep.store}{at}", "--format", "json").stdout)["accounts"][0][
                "services"
            ]
        }
        for at, path in enumerate((books[1], tmp_path / "county.csv"))
    ]
    assert found[0] == found[1]


def test_outputs_that_were_entered_are_asked_their_prices_not_the_value_of_the_branch(tmp_path: Path) -> None:
    rows = [
        "fishery_output,,,水产品,100,t",
        "livestock_output,,,猪肉,5,t",
        "livestock_output,,,牛肉,5,t",
        "livestock_price,,,牛肉,5,CNY_2022/t",
        "agricultural_output_value,,,,5,元",
    ]
    header = "county,year,variable,ecosystem,pollutant,product,value,unit,source\n"
    (tmp_path / "in.csv").write_text(header + "".join(f"361027,2022,{row},s\n" for row in rows), "utf-8")
    said = json.loads(Program("").try_out("check", str(tmp_path / "in.csv"), "--format", "json").stdout)["findings"]
    asked = {
        detail["service"]: [detail["id"], *(member["product"] for member in detail["members"])]
        for one in said
        if one["code"] == "needed"
        for detail in one["details"]
    }
    assert asked["fishery_products"] == ["fishery_price", "水产品"]
    assert asked["livestock_products"] == ["livestock_price", "猪肉"]
    assert asked["forestry_products"] == ["forestry_output_value"]
    assert "agricultural_products" not in asked
