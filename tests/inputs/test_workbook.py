"""The workbook: written, filled, read back; what is plainly meant is understood, the rest is answered at its cell."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from conftest import Program
from kept_stores import make_once
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula
from workbooks import FIGURES, FIRST, ID, MEMBER, SOURCE, TITLE, UNIT, VALUE, fill, keep_cells, kept_cells

from gep.coefficients.tables import read_tables
from gep.formula.check import is_priced
from gep.formula.nodes import Coefficient
from gep.inputs.read import read_inputs
from gep.inputs.row_units import find_unit_step
from gep.inputs.workbook.layout import list_units
from gep.inputs.workbook.read import read_workbook
from gep.messages.findings import grade_problem
from gep.messages.problems import Problems
from gep.paths import COEFFICIENTS as FOLDER
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.tasks.check import check_files
from gep.tasks.prepare import write_forms
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def write(folder: Path) -> None:
        form = write_forms("崇义县", 2023, None, folder / "崇义县.xlsx", None)[0]
        keep_cells(folder, fill(form, folder / "filled.xlsx", FIGURES))

    return make_once(tmp_path_factory, "form", write) / "崇义县.xlsx"


@pytest.fixture(scope="session")
def filled(empty: Path) -> tuple[Path, dict[tuple[str, str], str]]:
    return empty.with_name("filled.xlsx"), kept_cells(empty.parent)


def changed(source: Path, target: Path, cell: str, value: Any) -> Path:
    book = load_workbook(source)
    title, _, at = cell.partition("!")
    book[title][at].value = value
    book.save(target)
    return target


def test_the_empty_workbook_is_protected_and_says_what_it_wants(empty: Path) -> None:
    book: Any = load_workbook(empty)
    assert book.sheetnames[:3] == ["封面", "统计局", "自然资源局"]
    assert book.sheetnames[-3:] == ["适用性", "本地参数", "说明"]
    sheet = book["气象局"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert sheet.freeze_panes == "A4"
    assert sheet.cell(FIRST, VALUE).protection.locked is False
    assert sheet.cell(FIRST, ID).protection.locked
    assert sheet.cell(FIRST, UNIT).value == "mm"
    lists = [one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert '"mm,m,cm"' in {text.replace("km,", "") for text in lists}
    references = [row[5].value for row in book["本地参数"].iter_rows(min_row=FIRST)]
    assert any("[V] " in str(text) for text in references)
    assert {row[0].value for row in book["说明"].iter_rows(min_row=FIRST)} >= {"precipitation", "sown_area"}
    assert not any(name.startswith(("xl/vbaProject", "xl/externalLinks")) for name in zipfile.ZipFile(empty).namelist())


def test_a_filled_workbook_is_clean_and_gives_the_same_account_as_a_table(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path
) -> None:
    path, cells = filled
    invented = {"published"}  # the figures are any that fit: no published account has such totals
    assert [one for one in check_files([path]) if one.grade in "ABC" and one.code not in invented] == []
    book = read_workbook(path)
    lines = ["county,year,variable,ecosystem,pollutant,product,value,unit,source"]
    lines += [
        f"360725,2023,{row['variable']},{row['ecosystem']},{row['pollutant']},{row['product']},{row['value']},{row['unit']},x"
        for row in book.rows
    ]
    table = tmp_path / "same.csv"
    table.write_text("\n".join(lines), "utf-8")
    one, other = run_account([path]), run_account([table])
    assert one.services.drop(columns="reason").equals(other.services.drop(columns="reason"))
    assert one.totals.equals(other.totals)
    given = {f"{row['cell']}" for row in one.inputs.rows.to_dict("records")}
    assert given == set(cells.values())


def test_libreoffice_opens_recalculates_and_saves_the_same_values(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path
) -> None:
    path, _ = filled
    assert shutil.which("soffice"), "make test installs LibreOffice"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    before, after = read_workbook(path), read_workbook(tmp_path / path.name)
    assert after.problems == []
    assert [(row["cell"], row["variable"], float(row["value"]), row["unit"]) for row in after.rows] == [
        (row["cell"], row["variable"], float(row["value"]), row["unit"]) for row in before.rows
    ]
    assert (after.county, after.year, after.standard) == ("360725", "2023", "ndrc-2022")
    saved = load_workbook(tmp_path / path.name)
    assert saved["统计局"].protection.sheet
    assert any(one.type == "list" for one in saved["统计局"].data_validations.dataValidation)


def rich(plain: str, marked: str, *, superscript: bool) -> CellRichText:
    """Return the text of a cell with a run that is raised, or struck out."""
    font = InlineFont(vertAlign="superscript") if superscript else InlineFont(strike=True)
    return CellRichText(*filter(None, [plain]), TextBlock(font, marked))


CELLS = [  # what stands in the cell of GDP, the figure it is read as, and the finding or problem
    (1_120_000, 1_120_000, ""),
    ("1120000", 1_120_000, ""),
    ("1,120,000", 1_120_000, "D"),
    ("１１２００００", 1_120_000, "D"),
    (" 1120000 ", 1_120_000, "D"),
    ("1.12e6", 1_120_000, ""),
    ("1 120 000", None, "write 1120000"),
    ("1,12,000", None, "write one number in plain digits"),
    ("1.234,5", None, "write 1234.5 if the comma is the decimal mark"),
    ("1.234.567", None, "write 1234567 if the points part thousands"),
    ("212'500", None, "write 212500"),
    ("212500[1]", None, "write 212500, without the mark of a note"),
    ("212500*", None, "write 212500, without the mark of a note"),
    ("2125O0", None, "write one number in plain digits"),
    ("21万2500", None, "write one number in plain digits"),
    ("1/2", None, "write one number in plain digits"),
    ("5-6", None, "write one number in plain digits"),
    ("−5", None, "write -5"),
    ("=1120000", None, "has no stored value"),
    ("112万", None, "write 112 if the unit 万元 is meant"),
    ("约112", None, "the cell says '约112'"),
    ("-", None, "C"),
    ("/", None, "C"),
    ("无", None, "C"),
    ("—", None, "C"),
    (True, None, "the cell is TRUE"),
    (dt.date(2023, 5, 1), None, "the cell is a date or time"),
    ("#DIV/0!", None, "the cell shows the error #DIV/0!"),
    ("=1+1", None, "has no stored value"),
    ("1120000万元", None, "write 1120000 and put 万元 in the column 单位"),
    ("", None, ""),
    (None, None, ""),
    ("@SUM(A1)", None, "the cell says '@SUM(A1)'"),
    (-5, -5, ""),
    ("1e400", float("inf"), "A"),
    ("nan", None, "the cell says 'nan'"),
    ("１，１２０", 1120, "D"),
    ("212500①", None, "① is no digit: leave the mark of a note out"),
    ("212500²", None, "² is no digit"),
    ("2.1×10⁵", None, "⁵ is no digit"),
    ("½", None, "½ is no digit"),
    ("٣", None, "٣ is no digit"),
    ("0,856", None, "write 0.856 if the comma is the decimal mark"),
    ("12,5", None, "write 12.5 if the comma is the decimal mark"),
    ("1,120万", None, "write 1120 if the unit 万元 is meant"),
    (rich("21", "2", superscript=True), None, "of which 2 is raised or struck out"),
    (rich("", "1120000", superscript=False), None, "of which 1120000 is raised or struck out"),
    (ArrayFormula("E5", "=SUM(F4:F5)"), None, "has no stored value"),
]


FORMATS = [  # a figure, its number format and unit, and what is said of it
    (11_577_000_000, '0!.0,"万"', "万元", "shows '1157700.0万', the figure stored is 11,577,000,000, and its unit is 万元"),
    (115.77, '0.00"亿元"', "万元", "shows '115.77亿元'"),
    (88, "0*0", "亿元", "shows '880'"),
    (115.77, '0.00"亿元"', "亿元", ""),
    (11_577_000_000, '0!.0,"万元"', "元", ""),
    (1_234_567, "#,##0,", "万元", "shows '1,235'"),
    (5, "0.0‰", "万元", "shows '5.0‰'"),
    (0.5, "0.00%", "万元", "shows '50.00%'"),
    (5, ";;;", "万元", "shows ''"),
    (1_120_000, "#,##0.00", "万元", ""),
    (1_120_000, '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', "万元", ""),
    (1_120_000, '0.00"万"', "万元", ""),
    (45_000, "yyyy-mm-dd", "万元", "the cell is a date or time"),
]


@pytest.mark.parametrize(("stored", "code", "unit", "said"), FORMATS)
def test_what_a_number_format_shows_is_held_against_the_unit(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, stored: float, code: str, unit: str, said: str
) -> None:
    path, cells = filled
    book = load_workbook(path)
    title, _, at = cells["gdp", ""].partition("!")
    cell: Any = book[title][at]
    cell.value, cell.number_format = stored, code
    cell.offset(0, -1).value = unit
    book.save(tmp_path / "x.xlsx")
    found = read_workbook(tmp_path / "x.xlsx")
    if said:
        assert [one.cell for one in found.problems] == [cells["gdp", ""]]
        assert said in found.problems[0].found
    else:
        assert found.problems == []
        assert [float(row["value"]) for row in found.rows if row["variable"] == "gdp"] == [stored]


@pytest.mark.parametrize("unit", ["10⁴ t", "10⁴t", CellRichText("10", TextBlock(InlineFont(vertAlign="superscript"), "4"), " t")])
def test_raised_powers_of_a_unit_mean_the_same_in_a_workbook_as_in_a_table(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, unit: Any
) -> None:
    path, cells = filled
    place = next(cell for (name, _), cell in cells.items() if name == "agricultural_output")
    title, _, at = place.partition("!")
    book = load_workbook(path)
    cell: Any = book[title][at]
    cell.value = 3.18
    cell.offset(0, -1).value = unit
    book.save(tmp_path / "x.xlsx")
    rows = read_inputs([tmp_path / "x.xlsx"], COEFFICIENTS, APPLICABLE).rows
    assert float(rows[rows["cell"] == place]["value"].iloc[0]) == 31_800


def test_a_source_that_says_as_above_is_the_source_of_the_row_above(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path
) -> None:
    path, _ = filled
    book = load_workbook(path)
    sheet = book["统计局"]
    lines = [line for line in range(FIRST, sheet.max_row + 1) if sheet.cell(line, VALUE).value is not None][:3]
    for line, source in zip(lines, ("〃", "年鉴第3页", "同上"), strict=True):
        sheet.cell(line, SOURCE).value = source
    for line in range(FIRST, lines[0]):
        sheet.cell(line, SOURCE).value = None
    book.save(tmp_path / "x.xlsx")
    found = read_workbook(tmp_path / "x.xlsx")
    sources = {row["line"]: row["source"] for row in found.rows if row["sheet"] == "统计局"}
    assert [sources[line] for line in lines] == ["〃", "年鉴第3页", "年鉴第3页"]
    said = [(one.grade, one.problem.line) for one in found.findings if one.code == "ditto"]
    assert sorted(said) == [("C", lines[0]), ("D", lines[2])]


@pytest.mark.parametrize("array", [False, True])
def test_a_formula_that_gives_empty_text_is_no_figure(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, array: bool
) -> None:
    path, cells = filled
    at = cells["gdp", ""].partition("!")[2]
    formula = '=IF(F4="","",F4*10000)'
    changed(path, tmp_path / "x.xlsx", cells["gdp", ""], ArrayFormula(at, formula) if array else formula)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as old, zipfile.ZipFile(tmp_path / "y.xlsx", "w") as new:
        for name in old.namelist():  # as Excel leaves it once calculated
            new.writestr(
                name,
                re.sub(
                    rb'(<c r="%s"[^>]*?)(?: t="\w+")?>(<f.*?</f>)(?:<v ?/>|<v></v>)' % at.encode(),
                    rb'\1 t="str">\2<v></v>',
                    old.read(name),
                ),
            )
    found = read_workbook(tmp_path / "y.xlsx")
    assert found.problems == []
    assert [row for row in found.rows if row["variable"] == "gdp"] == []
    assert [one.cell for one in read_workbook(tmp_path / "x.xlsx").problems] == [cells["gdp", ""]]


@pytest.mark.parametrize(("written", "read", "said"), CELLS)
def test_a_cell_is_understood_or_answered(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, written: Any, read: float | None, said: str
) -> None:
    path, cells = filled
    book = changed(path, tmp_path / "x.xlsx", cells["gdp", ""], written)
    found = read_workbook(book)
    rows = [row for row in found.rows if row["variable"] == "gdp"]
    assert [float(row["value"]) for row in rows] == (
        [] if read is None and said != "A" else [float("inf")] if said == "A" else [read]
    )
    here = [*map(grade_problem, found.problems), *found.findings]
    texts = [f"{one.grade} {one.problem.cell} {one.problem.found} {one.problem.hint}" for one in here]
    if said == "A":
        assert any("value is" in one.problem.found and one.problem.cell == cells["gdp", ""] for one in check_files([book]))
    elif said in {"C", "D"}:
        assert texts[0].startswith(f"{said} {cells['gdp', '']} ")
    elif said:
        assert len(found.problems) == 1
        assert said in texts[0]
        assert found.problems[0].cell == cells["gdp", ""]
    else:
        assert texts == []


def test_moved_columns_and_rows_extra_sheets_and_hidden_ones_are_understood(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path
) -> None:
    path, _ = filled
    book = load_workbook(path)
    sheet = book["统计局"]
    for row in range(FIRST - 1, sheet.max_row + 1):  # the columns of unit and value change places
        one, two = sheet.cell(row, UNIT), sheet.cell(row, VALUE)
        one.value, two.value = two.value, one.value
    sheet.insert_rows(1, 3)
    book.create_sheet("草稿")["B3"] = "随便写的 123"
    book["气象局"].sheet_state = "hidden"
    target = tmp_path / "moved.xlsx"
    book.save(target)
    before, after = read_workbook(path), read_workbook(target)
    assert after.problems == []

    def figures(found: Any) -> list[tuple[str, ...]]:
        return sorted((row["variable"], row["ecosystem"], row["product"], row["value"], row["unit"]) for row in found.rows)

    assert figures(before) == figures(after)
    said = {(one.grade, one.problem.cell, one.code) for one in after.findings}
    assert said == {("D", "草稿!A1", "sheet"), ("C", "气象局!A1", "hidden")}


def test_a_shifted_unit_column_is_never_accepted(filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path) -> None:
    path, _ = filled
    book = load_workbook(path)
    sheet = book["统计局"]
    units = [sheet.cell(row, UNIT).value for row in range(FIRST, sheet.max_row + 1)]
    for row, unit in zip(range(FIRST + 1, sheet.max_row + 1), units, strict=False):
        sheet.cell(row, UNIT).value = unit
    target = tmp_path / "shifted.xlsx"
    book.save(target)
    assert any(
        "unit of gdp is '人'" in one.problem.found and one.problem.cell.startswith("统计局!D")
        for one in check_files([target])
        if one.grade == "A"
    )


COVERS = [
    ("B3", "360799", "封面!B3", "the county is '360799'"),
    ("B4", "上犹县", "封面!B4", "the name is 上犹县, but 360725 is 崇义县"),
    ("B5", dt.date(2023, 1, 1), "封面!B5", "the year is the date 2023-01-01"),
    ("B5", "23", "封面!B5", "the year is '23'"),
    ("B5", None, "封面!B5", "the year is empty"),
    ("B6", "ndrc-2023", "", "ndrc-2023"),
    ("B7", "去年", "封面!B7", "the price year is '去年'"),
]


@pytest.mark.parametrize(("at", "value", "cell", "said"), COVERS)
def test_covers_are_answered_at_their_cell(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, at: str, value: Any, cell: str, said: str
) -> None:
    path, _ = filled
    wrong = [one for one in check_files([changed(path, tmp_path / "x.xlsx", f"封面!{at}", value)]) if one.grade == "A"]
    assert len(wrong) == 1
    assert said in wrong[0].problem.found
    assert wrong[0].problem.cell == cell


def test_a_year_written_as_people_do(filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path) -> None:
    for value in ("2023年", "２０２３", 2023, 2023.0, " 2023 "):
        assert read_workbook(changed(filled[0], tmp_path / "x.xlsx", "封面!B5", value)).year == "2023"


def test_departments_come_in_any_order_and_the_missing_ones_are_named(tmp_path: Path, gep: Program) -> None:
    paths = write_forms("崇义县", 2023, None, tmp_path / "forms", None, departments=True)
    assert len(paths) == 11
    given = [path for path in paths if path.stem.endswith(("气象局", "自然资源局", "统计局"))]
    wanted = {
        "气象局": (
            "precipitation",
            "evapotranspiration",
            "storm_rainfall",
            "rainfall_erosivity",
            "hot_days",
            "wind_weather_factor",
        ),
        "自然资源局": ("land_area", "area", "slope_factor", "roughness_factor"),
        "统计局": ("population", "gdp", "agricultural_output_value"),
    }
    for path in given:
        names = wanted[path.stem.rpartition("-")[2]]
        fill(path, path, {key: value for key, value in FIGURES.items() if key[0] in names})
    done = gep("run", *[str(path) for path in reversed(given)], "--store", gep.store, "--lang", "en")
    assert (
        "360725 2023: no sheet of 水利局、林业局、生态环境局、农业农村局、文旅局、住建局、交通运输局 was given"
        in done.stderr.replace("\n  ", "")
    )
    assert "13.0" in gep("show", "360725", "2023", "--store", gep.store, "--lang", "zh").stdout or done.stdout
    one = read_inputs(given, COEFFICIENTS, APPLICABLE)
    other = read_inputs(given[::-1], COEFFICIENTS, APPLICABLE)
    columns = ["variable", "ecosystem", "value", "file", "cell"]

    def rows(found: Any) -> list[tuple[Any, ...]]:
        return sorted(found.rows[columns].astype(str).itertuples(index=False, name=None))

    assert rows(one) == rows(other)


def test_local_coefficients_and_applicability_travel_from_their_sheets(empty: Path, tmp_path: Path) -> None:
    book: Any = load_workbook(empty)
    sheet = book["本地参数"]
    row = next(at for at in range(FIRST, sheet.max_row + 1) if sheet.cell(at, ID).value == "electricity_price")
    assert sheet.cell(row, UNIT).value == "元_2023/kWh"
    offered = [one.formula1 for one in sheet.data_validations.dataValidation if f"D{row}" in str(one.sqref).split()]
    assert offered == ['"元_2023/kWh,CNY_2023/kWh"']
    shown = next(at for at in range(FIRST, sheet.max_row + 1) if sheet.cell(at, TITLE).value == "碳价(每吨 CO2)")
    assert "95.84" in sheet.cell(shown, 6).value
    assert sheet.cell(shown, VALUE).protection.locked
    row = next(at for at in range(FIRST, sheet.max_row + 1) if not sheet.cell(at, TITLE).value)
    assert not sheet.cell(row, TITLE).protection.locked
    sheet.cell(row, TITLE).value, sheet.cell(row, UNIT).value = "碳价(每吨 CO2)", "元_2023/吨 CO₂"
    sheet.cell(row, VALUE).value, sheet.cell(row, 7).value = 68.15, "全国碳市场年报"
    other = book["适用性"]
    row = FIRST
    other.cell(row, TITLE).value = "防风固沙"
    other.cell(row, 3).value, other.cell(row, 5).value = "不适用", "无沙化土地"
    target = tmp_path / "local.xlsx"
    book.save(target)
    fill(target, target, {("net_ecosystem_production", "全县"): (690_000, "t C")})
    account = run_account([target])
    services = account.services.set_index("service")
    assert services.loc["carbon_sequestration", "value"] == pytest.approx(690_000 * 44 / 12 * 68.15)
    assert services.loc["sand_fixation", "status"] == "not applicable"
    assert "无沙化土地" in services.loc["sand_fixation", "reason"]  # type: ignore[operator]


def test_last_year_stands_beside_the_empty_cells(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, gep: Program
) -> None:
    path, _ = filled
    last = changed(path, tmp_path / "last.xlsx", "封面!B5", "2022")
    gep("run", str(last), "--store", gep.store, "--lang", "zh")
    target = tmp_path / "next.xlsx"
    gep("new", "崇义县", "2023", "--from-last-year", "--store", gep.store, "-o", str(target))
    sheet: Any = load_workbook(target)["统计局"]
    shown = {
        (sheet.cell(row, ID).value, sheet.cell(row, MEMBER).value or ""): (sheet.cell(row, 6).value, sheet.cell(row, UNIT).value)
        for row in range(FIRST, sheet.max_row + 1)
    }
    assert shown["gdp", ""] == (pytest.approx(1_120_000), "万元")
    assert shown["agricultural_product_value", "粮食"] == (pytest.approx(19_000), "万元")
    assert [one.code for one in read_workbook(target).findings] == ["empty"]
    at = next(row for row in range(FIRST, sheet.max_row + 1) if sheet.cell(row, ID).value == "population")
    typed = read_workbook(changed(target, tmp_path / "typed.xlsx", f"统计局!F{at}", 180_000))
    assert [(one.code, one.problem.cell) for one in typed.findings if one.code != "empty"] == [("beside", f"统计局!F{at}")]


def test_everything_a_workbook_holds_is_kept_for_the_next_year(empty: Path, tmp_path: Path, gep: Program) -> None:
    last = tmp_path / "last.xlsx"
    figures = {
        **FIGURES,
        ("agricultural_output", "烟叶"): (52_000, "吨"),
        ("price_index", "2022"): (102.1, "%"),
        ("carbon_price", ""): (68.15, "元_2021/吨 CO₂"),
        ("cover_factor", "森林"): (0.03, "1"),
    }
    sources = {"carbon_price": "县碳汇交易公告", "cover_factor": "本县小区观测", "price_index": "2022 年统计公报"}
    fill(empty, last, figures, 2022, sources)
    book: Any = load_workbook(last)
    book["封面"]["B5"], book["封面"]["B6"], book["封面"]["B7"] = "2022", "mee-2020", "2020"
    for sheet, identity, value, unit in (("气象局", "evapotranspiration", 925, "mm"), ("本地参数", "cover_factor", 0.02, "1")):
        book[sheet].append([None, identity, "竹林", unit, value, None, "本县小区观测"])
    answers = book["适用性"]
    for column, text in {TITLE: "防风固沙", 3: "不适用", 5: "无沙化土地"}.items():
        answers.cell(FIRST, column).value = text
    book.save(last)
    gep("run", str(last), "--store", gep.store)
    target = tmp_path / "next.xlsx"
    said = gep("new", "崇义县", "2023", "--from-last-year", "--store", gep.store, "-o", str(target), "--lang", "zh").stderr
    assert "沿用 2022 年的核算标准 mee-2020" in said
    assert "已按 2022 年填好：本地参数、价格和指数 4 行，“适用性”表 1 项" in said
    made: Any = load_workbook(target)
    assert (made["封面"]["B6"].value, made["封面"]["B7"].value) == ("mee-2020", "2020")
    rows = {
        (sheet.cell(row, ID).value, sheet.cell(row, MEMBER).value or ""): [sheet.cell(row, at).value for at in range(1, 9)]
        for sheet in made.worksheets
        for row in range(FIRST, sheet.max_row + 1)
        if sheet.cell(row, ID).value
    }
    assert rows["agricultural_output", "烟叶"][4:6] == [None, 52_000]
    assert rows["evapotranspiration", "竹林"][4:6] == [None, 925]
    assert rows["price_index", "2022"][3:] == ["%", 102.1, pytest.approx(1.021 * 100), "2022 年统计公报", "沿用 2022 年填报"]
    assert [rows["carbon_price", ""][at] for at in (3, 4, 6, 7)] == [
        "元_2021/吨 CO₂",
        68.15,
        "县碳汇交易公告",
        "沿用 2022 年填报",
    ]
    assert rows["cover_factor", "竹林"][4] == 0.02
    answers = [cell.value for cell in made["适用性"][FIRST]]
    assert answers[1:6] == ["防风固沙", "不适用", "", "无沙化土地", "sand_fixation"]
    figures = {key: (value, unit) for key, (value, unit) in figures.items() if key[0] not in {"price_index", *COEFFICIENTS}}
    figures["evapotranspiration", "竹林"] = (925.0, "mm")
    fill(target, target, figures)
    gep("check", str(target), "--store", str(tmp_path / "none.duckdb"))
    account = run_account([target])
    services = account.services.set_index("service")
    assert services.loc["sand_fixation", "status"] == "not applicable"
    kept = account.inputs.rows.set_index("variable")["value_given"]
    assert float(kept["carbon_price"]) == 68.15
    assert float(kept["price_index"]) == 102.1
    assert len(account.inputs.rows) == len(figures) + 4


@pytest.mark.parametrize("leaf", [one for one in COEFFICIENTS.values() if is_priced(one)], ids=lambda one: one.id)
def test_every_unit_offered_for_a_price_is_understood(leaf: Coefficient) -> None:
    assert {find_unit_step(leaf, unit) for unit in list_units(leaf, 2023)} == {(1.0, 2023)}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "库中没有 360725 崇义县 2022 年的核算结果，上年数留空\n"),
        ("en", "the store has no account of 360725 Chongyi for 2022: last year's figures stay empty\n"),
    ],
)
def test_a_store_without_last_year_is_said(
    lang: str, said: str, filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, gep: Program
) -> None:
    gep("run", str(filled[0]), "--store", gep.store, "--lang", "zh")
    target = tmp_path / "next.xlsx"
    done = gep("new", "崇义县", "2023", "--from-last-year", "--store", gep.store, "-o", str(target), "--lang", lang)
    assert (done.stdout, done.stderr) == (f"{target}\n", said)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--lang", "zh"), "蒸散发量（evapotranspiration）1,600 mm 大于降水量"),
        (("--lang", "en"), "evapotranspiration 1,600 mm is above precipitation"),
    ],
)
def test_findings_are_written_into_a_copy_and_explanations_travel_into_the_store(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, gep: Program, options: tuple[str, ...], said: str
) -> None:
    path, cells = filled
    cell = cells["evapotranspiration", "全县"]
    book = changed(path, tmp_path / "崇义县.xlsx", cell, 1600)
    book = changed(
        book, book, cells["gdp", ""], 100
    )  # its band is in CNY/km²: a text that does not come back from a cell as it went
    done = gep("check", str(book), "--write-back", "--store", gep.store, *options)
    assert "B " in done.stdout
    copy = tmp_path / "校验" / "崇义县.xlsx"
    written: Any = load_workbook(copy)
    title, _, at = cell.partition("!")
    assert said in written[title][at].comment.text
    assert written[title][at].fill.start_color.rgb.endswith("F9D9A8")
    assert written[title][at].value == 1600
    sheet = written["校验"]
    rows = [row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value.startswith("B")]
    assert len(rows) > 1
    for row in rows:
        sheet.cell(row, 7).value = "=高山云雾带,遥感产品高估,已向气象局核实"
        sheet.cell(row, 7).data_type = "s"
    written.save(copy)
    gep("run", str(copy), "--store", gep.store, "--lang", "zh")
    kept = gep(
        "query", "SELECT grade, address, explanation FROM explanation WHERE grade = 'B'", "--store", gep.store, "--format", "json"
    ).stdout
    assert "已向气象局核实" in kept
    assert cell in kept
    again = check_files([copy])
    assert all(one.explanation for one in again if one.grade == "B")


ARCHIVES = ("not a workbook", "empty file", "cut off", "zip without workbook", "bomb", "million rows", "entities", "old format")


@pytest.mark.parametrize("kind", ARCHIVES)
def test_dangerous_and_broken_files_are_refused_quickly(
    kind: str, filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, gep: Program
) -> None:
    path = tmp_path / "x.xlsx"
    content = filled[0].read_bytes()
    if kind == "not a workbook":
        path.write_bytes(b"county,year\n1,2\n")
    elif kind == "empty file":
        path.write_bytes(b"")
    elif kind == "cut off":
        path.write_bytes(content[: len(content) // 2])
    elif kind == "old format":
        path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(2000))
    elif kind == "zip without workbook":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "x")
    else:
        with zipfile.ZipFile(filled[0]) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in old.namelist():
                text = old.read(name)
                if name == "xl/worksheets/sheet2.xml":
                    if kind == "bomb":
                        text = text.replace(b"<sheetData>", b"<sheetData>" + b" " * 140_000_000)
                    elif kind == "million rows":
                        rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(1, 200_001))
                        text = text[: text.index(b"<sheetData>")] + b"<sheetData>" + rows + text[text.index(b"</sheetData>") :]
                    else:
                        text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
                archive.writestr(name, text)
    begin = dt.datetime.now(dt.UTC)
    done = gep("run", str(path), "--store", gep.store, code=2)
    assert (dt.datetime.now(dt.UTC) - begin).total_seconds() < 20
    said = {
        "not a workbook": "the file is damaged or is not a workbook",
        "empty file": "the file is empty",
        "cut off": "the file is damaged",
        "zip without workbook": "the archive holds no workbook",
        "bomb": "unpacks to 140 MB",
        "million rows": "has 200,000 rows",
        "entities": "declares entities",
        "old format": "the file is cut short",
    }[kind]
    assert said in done.stderr
    assert done.stderr.count("\n") <= 5


def test_merged_cells_and_twice_named_columns_are_answered(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path
) -> None:
    book = load_workbook(filled[0])
    sheet = book["气象局"]
    sheet.merge_cells(start_row=FIRST, end_row=FIRST + 2, start_column=VALUE, end_column=VALUE)
    book["水利局"].cell(3, SOURCE).value = "数值"
    del book["统计局"]["D3"]
    target = tmp_path / "x.xlsx"
    book.save(target)
    said = {one.cell: one.found for one in read_workbook(target).problems}
    assert said["气象局!E4"] == "the figure stands in the merged cells E4:E6"
    assert "the column 数值 appears twice (E、G)" in said.values()
    assert "there is no column 单位" in said.values()


def test_text_that_looks_like_a_formula_stays_text_in_what_we_write(tmp_path: Path, gep: Program) -> None:
    table = tmp_path / "x.csv"
    name = '=HYPERLINK("http://x")'
    rows = [
        "county,year,variable,product,value,unit,source",
        f'361027,2022,agricultural_output,"{name.replace(chr(34), chr(34) * 2)}",5,t,@x',
    ]
    table.write_text("\n".join(rows), "utf-8")
    gep("run", str(table), "--store", gep.store, "--lang", "zh")
    target = tmp_path / "x.xlsx"
    gep("new", "金溪县", "2023", "--from-last-year", "--store", gep.store, "-o", str(target))
    with zipfile.ZipFile(target) as archive:
        formulas = [one for part in archive.namelist() for one in re.findall(rb"<f>(.*?)</f>", archive.read(part))]
    assert formulas
    assert all(b"COUNTBLANK(" in one or b"TEXT(SUM(" in one for one in formulas)


def test_every_reference_value_is_the_row_that_wins(empty: Path) -> None:
    tables = read_tables(FOLDER, COEFFICIENTS)
    sheet: Any = load_workbook(empty)["本地参数"]
    shown = [
        (sheet.cell(row, ID).value, str(sheet.cell(row, 6).value))
        for row in range(FIRST, sheet.max_row + 1)
        if sheet.cell(row, 6).value
    ]
    assert len(shown) > 20
    for identity, text in shown:
        assert any(text.startswith(f"{row.value:g} ") for row in tables.candidates(identity, "360725", 2023))


def test_wrong_arguments_of_new_are_answered(tmp_path: Path, gep: Program) -> None:
    assert "there is no county '崇义'" not in gep("new", "崇义", "2023", "-o", str(tmp_path / "a.xlsx")).stdout
    assert "several counties" in gep("new", "鼓楼区", "2023", "-o", str(tmp_path / "b.xlsx"), code=2).stderr
    assert "there is no county 'Atlantis'" in gep("new", "Atlantis", "2023", code=2).stderr
    with pytest.raises(Problems, match="--departments writes several files"):
        write_forms("崇义县", 2023, None, tmp_path / "x.xlsx", None, departments=True)


def _crossed_unit(sheet: Any, row: int) -> None:
    sheet.cell(row, UNIT).value = CellRichText("万", TextBlock(InlineFont(strike=True), "亿"), "元")


def _crossed_whole_unit(sheet: Any, row: int) -> None:
    sheet.cell(row, UNIT).font = Font(strike=True)


def _other_title(sheet: Any, row: int) -> None:
    sheet.cell(row, TITLE).value = "常住人口"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_crossed_unit, "of which 亿 is struck out"),
        (_crossed_whole_unit, "of which 万元 is struck out"),
        (_other_title, "the row is called 常住人口, its id is that of 地区生产总值"),
    ],
)
def test_a_row_that_says_two_things_is_refused(
    filled: tuple[Path, dict[tuple[str, str], str]], tmp_path: Path, change: Any, said: str
) -> None:
    path, cells = filled
    book = load_workbook(path)
    title, _, at = cells["gdp", ""].partition("!")
    sheet: Any = book[title]
    change(sheet, sheet[at].row)
    book.save(tmp_path / "x.xlsx")
    found = read_workbook(tmp_path / "x.xlsx")
    assert [said in str(one.found) for one in found.problems] == [True]
    assert "gdp" not in {row["variable"] for row in found.rows}
