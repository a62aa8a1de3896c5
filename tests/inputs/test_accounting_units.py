"""Accounting units of one's own: read from every kind of table, used by every command, added up, and refused with exact messages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from conftest import ROOT, Program
from openpyxl import Workbook, load_workbook
from spaces import write_crosswalk, write_raster, write_zones
from toy_schemes import write_facts, write_scheme

from gep.reference.regions import read_regions
from gep.reports.model import Point
from gep.reports.pictures import map_figure
from gep.reports.words import read_words
from gep.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "unit,name_zh,name_en,kind,parent,hierarchy,area,area_unit,valid_from,valid_to,successor,disjoint\n"
FIGURES = "county,year,variable,value,unit,source\n"


def write(folder: Path, units: str, figures: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "units.csv").write_text(HEAD + units, "utf-8")
    if figures:
        (folder / "figures.csv").write_text(FIGURES + figures, "utf-8")
    return folder


def figure(unit: str, value: float, year: int = 2022) -> str:
    return f"{unit},{year},agricultural_output_value,{value},万元,s\n"


WRONG = {
    "own parent": ("W1,湿地,,wetland,W1,水系,,,,,,\n", "the unit W1 is its own parent", "单元 W1 的上级是它自己"),
    "two parents": (
        "B1,甲,,basin,,,,,,,,\nB2,乙,,basin,,,,,,,,\nW1,湿地,,wetland,B1,水系,,,,,,\nW1,,,,B2,水系,,,,,,\n",
        "the unit W1 has two parents in the hierarchy 水系: B1 and B2",
        "单元 W1 在层级体系“水系”中有两个上级：B1 和 B2",
    ),
    "overlapping validity": (
        "B1,甲,,basin,,,,,,,,\nW1,湿地,,wetland,B1,水系,,,2010,2015,,\nW1,湿地,,wetland,B1,水系,,,2015,2020,,\n",
        "the periods of W1 overlap: 2010–2015 in ",
        "单元 W1 的有效期重叠：2010–2015（",
    ),
    "successor within validity": (
        "W1,湿地,,wetland,,,,,2010,2018,W2,\nW2,新湿地,,wetland,,,,,2016,,,\n",
        "the periods of W1 and of its successor W2 overlap: W1 ends with 2018, W2 begins with 2016",
        "单元 W1 与后继 W2 的有效期重叠：W1 止于 2018 年，W2 始于 2016 年",
    ),
    "unknown kind": ("W1,湿地,,swampland,,,,,,,,\n", "the kind of W1 is 'swampland'", "单元 W1 的类型为“swampland”"),
    "village of another county": (
        "360725101001,村,,village,360724,,,,,,,\n",
        "the code of the village 360725101001 lies under 360725, its parent is 360724",
        "村 360725101001 的代码属于 360725，上级却填的是 360724",
    ),
    "village of no county": (
        "369999101001,村,,village,,,,,,,,\n",
        "the code of 369999101001 lies under 369999, which is no county",
        "单元 369999101001 的代码属于 369999，而没有这个县",
    ),
    "circle": (
        "A,甲,,basin,B,水系,,,,,,\nB,乙,,basin,C,水系,,,,,,\nC,丙,,basin,A,水系,,,,,,\n",
        "units lie in each other in a circle: A → B → C → A",
        "单元的上级成环：A → B → C → A",
    ),
    "unknown parent": (
        "W1,湿地,,wetland,B9,水系,,,,,,\n",
        "the parent of W1 is 'B9', which is no known unit",
        "单元 W1 的上级“B9”不是已知单元",
    ),
    "no name": ("W1,,,wetland,,,,,,,,\n", "the unit W1 has no name", "单元 W1 没有名称"),
    "no kind": ("W1,湿地,,,,,,,,,,\n", "the unit W1 has no kind", "单元 W1 没有填类型"),
    "seven digits": ("3607251,地,,parcel,,,,,,,,\n", "'3607251' cannot be the id of a unit", "“3607251”不能作为单元编号"),
    "county code of a village": (
        "360725999,村,,village,,,,,,,,\n",
        "the unit 360725999 is a village",
        "单元 360725999 的类型为村",
    ),
    "village under a township of another county": (
        "330106201999,村,,village,330110201,,,,,,,\n",
        "the code of the village 330106201999 lies under 330106, its parent is 330110201",
        "村 330106201999 的代码属于 330106，上级却填的是 330110201",
    ),
    "village of a paper that lies nowhere": (
        "V1,村,,village,,,,,,,,\n",
        "a code of 12 digits, or an id with a letter and as parent what it lies in: township, county",
        "12 位代码；没有代码的用含字母的编号，并填所在的上级（乡镇、县）",
    ),
    "village of a paper in a city": (
        "V1,村,,village,330100,,,,,,,\n",
        "the village V1 lies in 330100, which is a prefecture",
        "村 V1 的上级 330100 类型为地市",
    ),
    "parent by its name": ("W1,湿地,,wetland,武汉市,,,,,,,\n", "write 420100", "请写 420100"),
    "no year": (
        "A1,甲,,湿地,,,,,2010,2015,,\nA1,甲,,湿地,,,,,2015年,,,\n",
        "valid_from of A1 is '2015年'",
        "单元 A1 的起始年为“2015年”",
    ),
    "short row": ("W1,湿地,,wetland\n", "the row has 4 cells", "该行有 4 格"),
    "renamed division": ("360725,别的县,,,,,,,,,,\n", "360725 is a division of the list: 崇义县", "360725 是区划表中的 崇义县"),
    "area without unit": ("W1,湿地,,wetland,,,12,,,,,\n", "the area of W1 is '12' ''", "单元 W1 的面积为“12”“”"),
    "two names at a time": (
        "W1,湿地,,wetland,360725,,,,2010,2018,,\nW1,湿地公园,,,B1,水系,,,2015,,,\nB1,甲,,basin,,,,,,,,\n",
        "the unit W1 has two names at a time: 湿地 in ",
        "单元 W1 在同一时期有两个名称：湿地（",
    ),
    "end before beginning": (
        "W1,湿地,,wetland,,,,,2015,2010,,\n",
        "W1 is valid from 2015 to 2010",
        "单元 W1 的有效期为 2015 年至 2010 年",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_table_of_units_has_one_message_and_stores_nothing(name: str, gep: Program, tmp_path: Path) -> None:
    rows, english, chinese = WRONG[name]
    units = dict.fromkeys(("360725", rows.partition(",")[0]))  # a unit whose table is refused is not said to be unknown too
    folder = write(tmp_path / "in", rows, "".join(figure(unit, 1) for unit in units))
    for command, lang, message in (("run", "en", english), ("run", "zh", chinese), ("check", "en", english)):
        done = gep(command, str(folder), "--store", gep.store, "--lang", lang, code=2)
        said = done.stderr if command == "run" else done.stdout
        assert message in re.sub(r"\n +", " ", said), said
        assert command == "check" or re.search(r"^(1 problem|共 1 个)", said, re.MULTILINE), said
    assert not Store(gep.store).exists


def test_villages_without_a_code_lie_in_what_they_name_and_add_up(gep: Program, tmp_path: Path) -> None:
    rows = "T1,己镇,,township,330106,,,,,,,\nV1,戊村,,village,T1,,,,,,,\nV2,庚村,,村,T1,,,,,,,\nV3,辛村,,village,330106,,,,,,,\n"
    gep("run", str(write(tmp_path / "in", rows, figure("V1", 10) + figure("V2", 30) + figure("V3", 2))))
    town = gep("show", "己镇", "2022").stdout
    assert "covers 2 of 2 units" in town
    assert "0.0040" in town
    county = gep("show", "330106", "2022").stdout
    assert "covers 3 of 3 units" in county
    assert "0.0042" in county


def test_an_account_shows_the_name_of_its_year(gep: Program, tmp_path: Path) -> None:
    rows = (
        "360725101,甲乡,Jia village,township,,,,,2010,2014,,\n360725101,,,,360725,,,,2015,2018,,\n360725101,甲镇,Jia town,,,,,,2019,,,\n"
        "W1,旧湿地,,wetland,,,,,,2015,,\nW1,湿地公园,,wetland,,,,,2016,,,\n"
    )
    of = (("360725101", 2015), ("360725101", 2022), ("W1", 2014), ("130502", 2018), ("130502", 2022))
    folder = write(tmp_path / "in", rows, "".join(figure(unit, 10, year) for unit, year in of))
    (folder / "period.csv").write_text(FIGURES + "W1,2016-2020年均,agricultural_output_value,5,万元_2020,s\n", "utf-8")
    store = ("--store", gep.store)
    gep("run", str(folder), *store, "--price-year", "2020")
    again = json.loads(gep("run", str(folder), *store, "--price-year", "2020", "--format", "json").stdout)
    kept = json.loads(gep("query", "SELECT DISTINCT run FROM unit_name", *store, "--format", "json").stdout)
    assert again["run"] == 2
    assert kept == [{"run": 1}]  # units that are as they were are not kept twice
    moved = gep("compare", "130502", "2018", "2022", *store, "--lang", "zh").stdout
    assert moved.startswith("130502 桥东区 → 襄都区  2018 → 2022")
    words, points = read_words("zh"), [Point("130502", 1.0, "130502")]
    drawn = [map_figure("map", "t", points, "", "", words, year=year).points[0].label for year in (2018, 2022, None)]
    assert drawn == ["桥东区", "襄都区", "襄都区"]
    listed = json.loads(gep("list", *store, "--format", "json").stdout)
    assert {(one["county"], str(one["year"]), one["name_zh"], one["name_en"]) for one in listed} == {
        ("360725101", "2015", "甲乡", "Jia village"),
        ("360725101", "2022", "甲镇", "Jia town"),
        ("W1", "2014", "旧湿地", "旧湿地"),
        ("W1", "2016-2020", "湿地公园", "湿地公园"),
        ("130502", "2018", "桥东区", "Xiangdu (former)"),
        ("130502", "2022", "襄都区", "Xiangdu"),
    }
    for asked, year in (("甲乡", "2015"), ("甲镇", "2015"), ("Jia village", "2015"), ("360725101", "2015")):
        said = gep("show", asked, year, *store, "--lang", "zh").stdout
        assert ("甲乡" in said, "甲镇" in said) == (True, False), said
    for command in ("report", "trace"):
        gep(command, "甲乡", "2015", "-o", str(tmp_path / f"{command}.html"), *store, "--lang", "zh")
        page = (tmp_path / f"{command}.html").read_text("utf-8")
        assert ("甲乡" in page, "甲镇" in page) == (True, False), command
    refused = gep("show", "甲乡", "2022", *store, code=2).stderr
    assert "甲乡 is 360725101 甲镇 since 2019" in refused, refused
    summed = json.loads(gep("show", "360725", "2015", *store, "--format", "json").stdout)
    assert [one["name_zh"] for one in summed["accounts"]] == ["甲乡"]
    assert json.loads(gep("show", "桥东区", "2018", *store, "--format", "json").stdout)["county"] == "130502"
    named = json.loads(gep("query", "regions", *store, "--format", "json").stdout)
    assert [one["name_zh"] for one in named if one["code"] in {"W1", "360725101"}] == ["甲镇", "湿地公园"]
    gep("new", "旧湿地", "2015", "-o", str(tmp_path / "form.xlsx"), "--units", str(folder / "units.csv"))
    cover = load_workbook(tmp_path / "form.xlsx").worksheets[0]
    assert "旧湿地" in {cell.value for row in cover.iter_rows() for cell in row}
    gep("check", str(tmp_path / "form.xlsx"), str(folder / "units.csv"))


def sheet_of_units(path: Path, title: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(["编号", "名称", "类型", "上级", "面积", "面积单位"])
    sheet.append(["360725101001", "一村", "村", "360725", 1200, "亩"])
    book.save(path)


LAYER = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"unit": "360725101001", "name_zh": "一村", "kind": "village", "area": 80, "area_unit": "ha"},
            "geometry": {"type": "Polygon", "coordinates": [[[114.0, 25.0], [114.1, 25.0], [114.1, 25.1], [114.0, 25.0]]]},
        }
    ],
}


@pytest.mark.parametrize("form", ["csv", "gbk", "sheet", "english sheet", "layer"])
def test_units_are_read_from_tables_sheets_and_layers(form: str, gep: Program, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "figures.csv").write_text(FIGURES + figure("360725101001", 100), "utf-8")
    if form in {"csv", "gbk"}:
        text = "编号,名称,类型,上级\n360725101001,一村,村,360725\n"
        (folder / "anything.csv").write_bytes(text.encode("utf-8" if form == "csv" else "gb18030"))
    elif form == "layer":
        (folder / "villages.geojson").write_text(json.dumps(LAYER), "utf-8")
    else:
        sheet_of_units(folder / "units.xlsx", "核算单元" if form == "sheet" else "Units")
    gep("run", str(folder), "--store", gep.store)
    shown = json.loads(gep("show", "一村", "2022", "--store", gep.store, "--format", "json").stdout)
    assert (shown["county"], shown["name_zh"], shown["gep"]) == ("360725101001", "一村", 1_000_000)
    kind, polygon = json.loads(
        gep("query", "SELECT unit_kind, polygon FROM accounting_unit", "--store", gep.store, "--format", "json").stdout
    )[0].values()
    assert (kind, bool(polygon)) == ("village", form == "layer")


@pytest.fixture(scope="module")
def villages(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Three villages of Chongyi, the county itself, a city with its own account, a basin of two counties, and the nation."""
    folder = tmp_path_factory.mktemp("units")
    units = (
        "360725101,甲镇,Jia,township,360725,,,,,,,\n360725101001,一村,One,village,360725101,,3,km2,,,,\n"
        "360725101002,二村,Two,village,360725101,,,,,,,\n360725102003,三村,Three,village,360725,,,,,,,\n"
        "B1,一江,First River,basin,,,,,,,,\n360725,,,,B1,水系,,,,,,\n360724,,,,B1,水系,,,,,,\n"
        "R1,保护区,Reserve,reserve,B2,水系,,,,,,\nR2,另一保护区,Other,reserve,B2,水系,,,,,,\nB2,二江,Second River,basin,,,,,,,,\n"
        "OLD,旧湿地,Old,wetland,,,,,,2020,NEW,\nNEW,新湿地,New,wetland,,,,,2021,,,\n"
        "IN,线内,Inside,red_line,360700,,,,,,,\nCUT,线内,Inside again,red_line,360700,红线,,,,,,\nREST,线外,Outside,group,360700,红线,,,,,,\n"
        "360700,,,,,,,,,,,yes\n"
    )
    figures = "".join(
        [
            figure("360725101001", 0.1),
            figure("360725101002", 0.2),
            figure("360724", 7),
            figure("360700", 30),
            figure("B1", 9),
            figure("R1", 1),
            figure("R2", 2),
            figure("CN", 1e6),
            figure("OLD", 1, 2020),
            figure("IN", 4),
            figure("CUT", 18),
            figure("REST", 12.5),
        ]
    )
    program = Program(str(folder / "gep.duckdb"))
    program("run", str(write(folder / "in", units, figures)), "--store", program.store)
    return program


def ask(program: Program, *arguments: str) -> Any:
    return json.loads(program(*arguments, "--store", program.store, "--format", "json").stdout)


def test_villages_add_up_to_the_county_exactly_and_what_is_missing_is_named(villages: Program) -> None:
    county = ask(villages, "show", "360725", "2022")
    assert county["gep"] == 1000.0 + 2000.0
    assert (county["covered"], county["missing"]) == (2, ["360725102003"])
    assert ask(villages, "show", "甲镇", "2022")["missing"] == []
    assert ask(villages, "rank", "360725", "2022")["counties"][0]["county"] == "360725101002"


def test_a_red_line_that_lies_in_a_city_is_in_no_sum_of_its_divisions(villages: Program) -> None:
    city = ask(villages, "show", "360700", "2022", "--hierarchy", "行政区划")
    assert city["gep"] == 73_000
    assert any("not added to the sum: Inside" in str(one) for one in city["notices"])


def test_a_division_may_say_that_the_parts_of_a_hierarchy_do_not_overlap(villages: Program) -> None:
    city = ask(villages, "show", "360700", "2022", "--sum", "--hierarchy", "红线")
    assert (city["gep"], [one["difference"] for one in city["differences"]]) == (305_000.0, [-5_000.0])


def test_a_city_of_its_own_stands_beside_the_sum_of_its_counties_with_the_difference(villages: Program) -> None:
    city = ask(villages, "show", "360700", "2022")
    assert city["gep"] == 73_000
    assert city["differences"] == [
        {
            "code": "360700",
            "name_zh": "赣州市",
            "name_en": "Ganzhou",
            "gep": 300_000,
            "sum_of_parts": 73_000,
            "difference": 227_000,
            "covered": 3,
            "parts": 20,
        }
    ]
    text = re.sub(r"\s", "", villages("show", "360700", "2022", "--store", villages.store, "--lang", "zh").stdout)
    assert "赣州市：自有核算结果0.0030，下级单元合计（20个下级单元中的3个）0.0007，差额0.0023亿元" in text


def test_parts_of_ones_own_hierarchy_are_added_up_only_where_they_cannot_overlap(villages: Program) -> None:
    basin = ask(villages, "show", "一江", "2022")
    assert (basin["gep"], basin["differences"][0]["difference"]) == (73_000, 17_000)
    refused = villages("show", "二江", "2022", "--store", villages.store, code=2).stderr
    assert "the parts of B2 二江 in the hierarchy 水系 are not known not to overlap" in refused


def test_a_wide_unit_without_accounts_of_parts_is_shown_by_its_own(villages: Program) -> None:
    assert ask(villages, "show", "R1", "2022")["gep"] == 10_000
    assert ask(villages, "show", "旧湿地", "2020")["county"] == "OLD"


@pytest.mark.parametrize(
    "command",
    [
        ("report", "一村", "2022"),
        ("trace", "一村", "2022"),
        ("review", "R1", "2022"),
        ("history", "CN", "2022"),
        ("report", "B1", "2022"),
        ("uncertainty", "B1", "2022"),
        ("list",),
        ("list", "--matrix"),
        ("list", "--matrix", "--place", "360725"),
    ],
    ids=" ".join,
)
def test_what_takes_a_county_takes_a_unit(command: tuple[str, ...], villages: Program, tmp_path: Path) -> None:
    extra = ("-o", str(tmp_path / "report.html")) if command[0] == "report" else ()
    villages(*command, "--store", villages.store, *extra)


def test_a_unit_is_signed_and_certified(villages: Program, tmp_path: Path, gep: Program) -> None:
    store = str(tmp_path / "copy.duckdb")
    Store(villages.store).copy(tmp_path / "copy.duckdb")
    gep("submit", "二村", "2022", "--by", "甲", "--store", store)
    gep("approve", "360725101002", "2022", "--by", "乙", "--note", "同意", "--store", store)
    gep("certificate", "二村", "2022", "-o", str(tmp_path / "c.json"), "--store", store)
    gep("verify", str(tmp_path / "c.json"))
    gep("verify", "--store", store)


def test_a_form_is_made_for_a_unit_and_read_back(villages: Program, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    villages("new", "R1", "2023", "-o", str(path), "--store", villages.store)
    villages("check", str(path), "--store", villages.store)
    alone = tmp_path / "city.xlsx"
    villages("new", "360700", "2023", "--alone", "-o", str(alone), "--store", villages.store)
    units = write(tmp_path / "u", "P-7,地块,Plot,parcel,360725,,,,,,,\n")
    villages(
        "new", "P-7", "2023", "--units", str(units), "-o", str(tmp_path / "plot.xlsx"), "--store", str(tmp_path / "none.duckdb")
    )


def test_a_unit_is_a_party_of_a_scheme(villages: Program, tmp_path: Path) -> None:
    body = (
        "funds: {pool: {title: 资金池, sources: [{from: province, amount: money}]}}\n"
        "inputs:\n  money: {unit: 元, group: pool}\n  weight: {by: party, unit: score}\n"
        "rule: [{op: allocate, name: a, fund: pool, by: weight}]\n"
    )
    scheme = write_scheme(tmp_path / "villages.yaml", body)
    text = scheme.read_text("utf-8").replace('"360724"', '"360725101001"').replace('"360725"', '"360725101002"')
    scheme.write_text(text.replace('"360726"', '"R1"'), "utf-8")
    rows = ["money,,2022,100,元", "weight,zhi,2022,1,score", "weight,二村,2022,1,score", "weight,R1,2022,2,score"]
    facts = write_facts(tmp_path / "facts.csv", *rows)
    villages("compensate", str(scheme), "2022", "--inputs", str(facts), "--store", villages.store)
    villages("compensate", str(scheme), "2022", "--inputs", str(facts), "--store", str(tmp_path / "none.duckdb"), code=2)


def test_the_inputs_of_a_unit_are_extracted_from_rasters_and_run(gep: Program, tmp_path: Path) -> None:
    units = write(tmp_path / "u", "R1,保护区,Reserve,reserve,,,,,,,,\n360725101001,一村,One,village,,,,,,,,\n")
    land = write_raster(tmp_path / "land.tif", np.ones((8, 8), dtype=np.uint8), nodata=255)
    zones = {"R1": shapely.box(0, -8000, 3000, 0), "360725101001": shapely.box(3000, -8000, 8000, 0)}
    file = write_zones(tmp_path / "zones.gpkg", zones, field="unit")
    classes = write_crosswalk(tmp_path / "classes.csv", {1: "paddy"})
    target = tmp_path / "out.csv"
    ask_for = ("extract", "--land-cover", str(land), "--zones", str(file), "--year", "2022", "--classes", str(classes))
    gep(*ask_for, "-o", str(target), code=2)
    gep(*ask_for, "--units", str(units), "-o", str(target))
    gep("run", str(target), str(units), "--store", gep.store)
    assert "R1" in gep("show", "保护区", "2022", "--store", gep.store).stdout


def test_the_area_of_the_table_is_held_against_the_land_of_the_account(gep: Program, tmp_path: Path) -> None:
    figures = "P-1,2022,land_area,300,ha,s\nP-2,2022,land_area,3,km2,s\n"
    folder = write(tmp_path / "in", "P-1,一,,parcel,,,2,km2,,,,\nP-2,二,,parcel,,,4500,亩,,,,\n", figures)
    said = " ".join(gep("check", str(folder), "--store", gep.store).stdout.split())
    assert "the land area of P-1 is 3.00 km², its table says 2.00 km²" in said
    assert "of P-2" not in said


def test_a_unit_has_accounts_only_of_its_years(villages: Program, tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_text(FIGURES + figure("OLD", 1, 2021), "utf-8")
    said = villages("run", str(path), "--store", villages.store, code=2).stderr
    assert "OLD 旧湿地 has no account of 2021" in said
    assert "its successor is NEW 新湿地" in said


def test_later_inputs_may_name_units_that_the_store_knows(villages: Program, tmp_path: Path, gep: Program) -> None:
    Store(villages.store).copy(tmp_path / "copy.duckdb")
    path = tmp_path / "later.csv"
    path.write_text(FIGURES + figure("360725102003", 4, 2023), "utf-8")
    gep("run", str(path), "--store", str(tmp_path / "copy.duckdb"))
    gep("run", str(path), "--store", gep.store, code=2)  # a store that does not know it


def test_the_example_of_the_page(gep: Program, tmp_path: Path) -> None:
    page = (ROOT / "docs/units.md").read_text("utf-8")
    folder = tmp_path / "villages"
    folder.mkdir()
    for name, text in re.findall(r"`(\w+\.csv)`:\n\n```csv\n(.*?)```", page, re.DOTALL):
        (folder / name).write_text(text, "utf-8")
    commands = re.search(r"```sh\n(.*?)```", page, re.DOTALL)
    assert commands
    said = "".join(
        gep(*line.replace("villages", str(folder)).split()[1:], "--store", gep.store).stdout for line in commands[1].splitlines()
    )
    for block in re.findall(r"```text\n(.*?)```", page, re.DOTALL):
        for line in block.splitlines():
            assert line in said


def test_an_old_code_holds_for_its_years_and_a_series_goes_across_its_change(gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    rows = [figure("360122", 100, 2013), figure("360122", 120, 2014), figure("360112", 150, 2015), figure("360105", 5, 2014)]
    path.write_text(FIGURES + "".join(rows), "utf-8")
    gep("run", str(path), "--store", gep.store)
    for asked in ("新建县", "360122", "新建区", "360112"):
        assert json.loads(gep("show", asked, "2014", "--store", gep.store, "--format", "json").stdout)["county"] == "360122"
    assert "360122 新建县 is 360112 新建区 since 2015" in gep("show", "新建县", "2015", "--store", gep.store, code=2).stderr
    city = json.loads(gep("show", "南昌市", "2014", "--store", gep.store, "--format", "json").stdout)
    assert {one["code"] for one in city["accounts"]} == {"360122", "360105"}
    assert not {"360112", "360113", "360122"} & set(city["missing"])
    assert (city["counties"], city["gep"]) == (9, 1_250_000)
    compared = gep("compare", "新建区", "2014", "2015", "--store", gep.store).stdout
    assert {gep("compare", old, "2014", "2015", "--store", gep.store).stdout for old in ("360122", "新建县")} == {compared}
    assert "the code changed in 2015: 360122 新建县 → 360112 新建区" in " ".join(compared.split())
    report = tmp_path / "report.html"
    gep("report", "新建区", "2015", "--store", gep.store, "-o", str(report), "--lang", "zh")
    assert "代码于 2015 年变更：360122 新建县 → 360112 新建区" in report.read_text("utf-8")
    late = tmp_path / "late.csv"
    late.write_text(FIGURES + figure("360122", 1, 2016), "utf-8")
    said = gep("run", str(late), "--store", gep.store, "--lang", "zh", code=2).stderr
    assert "360122 新建县 不能核算 2016 年" in said
    assert "360122 新建县自2015年起为360112 新建区" in said


@pytest.mark.parametrize(
    ("old", "year", "new"),
    [("110228", 2014, "110118"), ("520522", 2020, "520581"), ("522423", 2010, "520581"), ("341421", 2010, "340124")],
)
def test_old_codes_of_every_province_are_answered_with_those_of_today(
    old: str, year: int, new: str, gep: Program, tmp_path: Path
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(FIGURES + figure(old, 1, year), "utf-8")
    gep("run", str(path), "--store", gep.store)
    path.write_text(FIGURES + figure(old, 1, 2022), "utf-8")
    assert f"is {new} " in gep("run", str(path), "--store", gep.store, code=2).stderr


def test_a_county_that_was_merged_does_not_bear_the_english_name_of_another_former_one() -> None:
    """湾里区 (360105) went into 新建区, whose code 新建县 (360122) had before: two places of 2016 and 2014, and two names."""
    known = read_regions()
    assert known["360122"].name_en == "Xinjian (former)"
    assert known["360105"].name_en == "湾里区 (now in Xinjian)"
