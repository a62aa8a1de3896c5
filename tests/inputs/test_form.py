"""The form of a county: only what it can use, areas as the land survey has them, spare rows, and folders of forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from workbooks import FIRST, ID, MEMBER, SOURCE, TITLE, UNIT, VALUE

from gep.inputs.read import gather
from gep.inputs.workbook.read import read_workbook
from gep.paths import COEFFICIENTS as FOLDER
from gep.reference.members import read_ecosystems
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conftest import Program

HEAD = 3
NOTE = 8


def _forms(gep: Program, folder: Path, county: str = "婺源县") -> Path:
    target = folder / "form.xlsx"
    gep("new", county, "2025", "-o", str(target))
    return target


def _open_cells(path: Path) -> int:
    count = 0
    for sheet in load_workbook(path).worksheets:
        at = next((cell.column for cell in sheet[HEAD] if cell.value == "数值"), None)
        if at is not None:
            count += sum(not sheet.cell(row, at).protection.locked for row in range(HEAD + 1, sheet.max_row + 1))
    return count


def _write(path: Path, target: Path, areas: Mapping[str, object], **columns: Mapping[str, object]) -> None:
    """Write areas of land classes by their code, and for some another unit, type or class in a spare row."""
    book: Any = load_workbook(path)
    sheet = book["土地调查"]
    for code, value in areas.items():
        rows = range(FIRST, sheet.max_row + 2)
        row = next((at for at in rows if str(sheet.cell(at, TITLE).value or "").split(" ")[0] == code), None)
        if row is None:
            row = next(at for at in rows if not sheet.cell(at, TITLE).value)
            sheet.cell(row, TITLE).value = code
            sheet.cell(row, UNIT).value = "公顷"
        sheet.cell(row, VALUE).value = value
        sheet.cell(row, SOURCE).value = "2025 年国土变更调查"
        if code in columns.get("units", {}):
            sheet.cell(row, UNIT).value = columns["units"][code]
        if code in columns.get("types", {}):
            sheet.cell(row, MEMBER).value = columns["types"][code]
    book.save(target)


def _areas(path: Path) -> dict[str, float]:
    inputs, problems = gather([path], COEFFICIENTS, APPLICABLE)
    assert not problems, problems
    rows = inputs.rows[inputs.rows["variable"] == "area"]
    return dict(zip(rows["ecosystem"].astype(str), rows["value"].astype(float), strict=True))


def test_the_form_of_an_inland_county_is_short_and_loses_no_service(gep: Program, tmp_path: Path) -> None:
    path = _forms(gep, tmp_path)
    assert _open_cells(path) < 150
    book: Any = load_workbook(path)
    ids = {sheet.cell(row, ID).value for sheet in book.worksheets for row in range(FIRST, sheet.max_row + 1)}
    assert "protected_coast_length" not in ids
    for one in (
        "precipitation",
        "net_ecosystem_production",
        "wind_weather_factor",
        "visitors",
        "recreation_hours",
        "gdp",
        "air_emission",
    ):
        assert one in ids
    assert book["气象局"].column_dimensions["I"].hidden
    assert [book["气象局"].cell(row, 1).value for row in range(FIRST, FIRST + 3)] == [1, 2, 3]
    assert book["气象局"]["A1"].value.startswith("GEP-03")
    assert "COUNTBLANK(E4:E" in book["气象局"]["G1"].value
    codes = {str(book["土地调查"].cell(row, TITLE).value)[:4] for row in range(FIRST, 60)}
    assert not {"0303", "1105", "1110"} & codes
    assert {"0101", "0302", "0810", "1104"} <= codes


def test_a_county_by_the_sea_is_asked_for_its_coast(gep: Program, tmp_path: Path) -> None:
    book: Any = load_workbook(_forms(gep, tmp_path, "350925"))
    ids = {sheet.cell(row, ID).value for sheet in book.worksheets for row in range(FIRST, sheet.max_row + 1)}
    assert {"protected_coast_length", "survey3:0303", "survey3:1105"} <= ids


def test_land_classes_become_areas_of_types_with_the_cells_they_come_from(gep: Program, tmp_path: Path) -> None:
    path, target = _forms(gep, tmp_path), tmp_path / "filled.xlsx"
    _write(
        path,
        target,
        {"0101": 12_000.5, "0201": 300, "0202": 1500, "0204": 45, "08": 100, "0810": 25, "0307K": 70},
        units={"0202": "亩"},
    )
    assert _areas(target) == pytest.approx(
        {"paddy": 120.005, "orchard": 4.45, "residential": 0.75, "urban_green": 0.25, "sparse_forest": 0.7}
    )
    book = read_workbook(target)
    orchard = next(row for row in book.rows if row["ecosystem"] == "orchard")
    assert orchard["cell"].startswith("土地调查!E")
    assert orchard["cell"].count("+") == 2
    assert "0202 茶园 1500 亩" in orchard["note"]
    assert "自然资源局" in book.departments


def test_the_county_decides_what_an_ambiguous_class_is(gep: Program, tmp_path: Path) -> None:
    path, target = _forms(gep, tmp_path), tmp_path / "filled.xlsx"
    _write(path, target, {"0301": 1000, "0204": 50}, types={"0301": "常绿阔叶林"})
    assert _areas(target) == pytest.approx({"evergreen_broadleaf_forest": 10, "orchard": 0.5})


@pytest.mark.parametrize(
    ("areas", "columns", "said"),
    [
        ({"01": 100, "0101": 60, "0103": 30}, {}, "class 01 is 1.0000 km2"),
        ({"9901": 5}, {}, "no class 9901"),
        ({"0101": -5}, {}, "class 0101 is '-5'"),
        ({"0101": 5}, {"units": {"0101": "吨"}}, "unit of class 0101 is"),
        ({"0301": 5}, {"types": {"0301": "森森林"}}, "class 0301 is taken as"),
    ],
)
def test_classes_that_cannot_be_right_are_refused_at_their_cell(
    gep: Program, tmp_path: Path, areas: dict[str, object], columns: dict[str, dict[str, object]], said: str
) -> None:
    path, target = _forms(gep, tmp_path), tmp_path / "filled.xlsx"
    _write(path, target, areas, **columns)
    _, problems = gather([target], COEFFICIENTS, APPLICABLE)
    assert [said in one.found for one in problems] == [True], problems
    assert problems[0].cell.startswith("土地调查!")


def test_findings_at_an_area_of_several_cells_are_written_back(gep: Program, tmp_path: Path) -> None:
    path, target = _forms(gep, tmp_path), tmp_path / "filled.xlsx"
    _write(path, target, {"0201": 300, "0202": 1500})
    done = gep.try_out("check", str(target), "--write-back", "-o", str(tmp_path / "copies"))
    assert done.returncode in {0, 2}
    assert (tmp_path / "copies" / "filled.xlsx").exists()


def test_a_spare_row_is_found_by_its_title(gep: Program, tmp_path: Path) -> None:
    path, target = _forms(gep, tmp_path), tmp_path / "filled.xlsx"
    book: Any = load_workbook(path)
    sheet = book["统计局"]
    row = next(at for at in range(FIRST, sheet.max_row + 1) if not sheet.cell(at, TITLE).value)
    for column, text in {TITLE: "农业产品分产品产值", MEMBER: "白莲", UNIT: "万元", VALUE: 120, SOURCE: "年鉴"}.items():
        assert not sheet.cell(row, column).protection.locked
        sheet.cell(row, column).value = text
    book.save(target)
    inputs, problems = gather([target], COEFFICIENTS, APPLICABLE)
    assert not problems
    assert [(row.variable, row.product, row.value) for row in inputs.rows.itertuples()] == [
        ("agricultural_product_value", "白莲", 1_200_000.0)
    ]


def test_a_city_gets_a_folder_of_workbooks(gep: Program, tmp_path: Path) -> None:
    done = gep("new", "景德镇市", "2025", "-o", str(tmp_path / "city"))
    written = sorted(path.name for path in (tmp_path / "city").iterdir())
    assert written == ["360202-2025.xlsx", "360203-2025.xlsx", "360222-2025.xlsx", "360281-2025.xlsx"]
    assert len(done.stdout.split()) == len(written)
    assert "many counties" in gep("new", "景德镇市", "2025", "-o", str(tmp_path / "one.xlsx"), code=2).stderr


def test_absent_classes_are_classes() -> None:
    listed = (FOLDER / "lists" / "absent_classes.csv").read_text("utf-8").splitlines()[1:]
    known = (FOLDER / "crosswalks" / "survey3.csv").read_text("utf-8")
    assert listed
    assert all(f"\nsurvey3,{line.split(',')[0]}," in known for line in listed)
    assert "desert" in read_ecosystems()


@pytest.mark.parametrize(
    ("county", "year", "coast"),
    [("371202", "2017", False), ("梅县区", "2021", False), ("宁河区", "2021", False), ("三门县", "2021", True)],
)
def test_counties_of_coastal_provinces_are_asked_for_a_coast_only_where_there_is_one(
    gep: Program, tmp_path: Path, county: str, year: str, coast: bool
) -> None:
    gep("new", county, year, "-o", str(tmp_path / "form.xlsx"))
    book: Any = load_workbook(tmp_path / "form.xlsx")
    titles = {str(sheet.cell(row, TITLE).value) for sheet in book.worksheets for row in range(FIRST, sheet.max_row + 1)}
    assert ("海堤建设成本" in titles) == ("0303 红树林地" in titles) == coast
    assert "0203 橡胶园" not in titles or county == "梅县区"


def test_the_form_of_a_period_has_the_values_that_hold_in_all_its_years(gep: Program, tmp_path: Path) -> None:
    asked = {}
    for year in ("2018", "2016-2018"):
        gep("new", "平遥县", year, "-o", str(tmp_path / f"{year}.xlsx"))
        book: Any = load_workbook(tmp_path / f"{year}.xlsx")
        sheet = book["本地参数"]
        rows = [row for row in range(FIRST, sheet.max_row + 1) if sheet.cell(row, TITLE).value]
        asked[year] = [sheet.cell(row, TITLE).value for row in rows if not sheet.cell(row, VALUE).protection.locked]
        units = [str(sheet.cell(row, UNIT).value) for row in rows]
        assert not any("0016" in unit for unit in units)
    assert asked["2016-2018"] == asked["2018"]
