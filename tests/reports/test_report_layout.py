"""Every table of every form is measured: nothing past the margins, no column under three characters, no number on two lines.

The account has names and sources as long as anybody writes them, amounts of twelve digits, and a negative service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from briefing_texts import ask
from conftest import Program
from kept_stores import UNIT
from measuring import list_numbers, measure_pdf, measure_word, measure_workbook

from gep.messages.layout import measure_width
from gep.messages.tables import GROUP, MONEY, NUMERIC, SUM, Column, Row, Table, print_cell
from gep.products.form import write_form
from gep.reports.briefing import make_briefing
from gep.reports.content import make_report
from gep.reports.forms.html import render_html
from gep.reports.forms.pdf import make_font_faces, render_pdf
from gep.reports.forms.transfer_workbook import write_answers, write_export
from gep.reports.grids import Grid
from gep.reports.layout import BESIDE, LYING, UPRIGHT, lay_out, measure_letters
from gep.reports.maps import thin_ring
from gep.reports.model import Report
from gep.reports.outline import BODIES, BRIEFINGS
from gep.reports.writing import Options, make
from gep.reports.yearbook import Yearbook, is_area, make_yearbook
from gep.store.questions import QUESTIONS
from gep.store.store import Store

LONG = "abcdefghijklmnopqrstuvwxyz" * 5


@pytest.fixture(scope="module", params=["zh", "en"])
def county(request: pytest.FixtureRequest, hostile: Path) -> Report:
    """A county with everything a report can have, its totals so large that columns are wide."""
    with Store(hostile) as store:
        report = make_report(store, 2, 0, request.param)
    return replace(report, tables={name: _widen(one) for name, one in report.tables.items()})


@pytest.fixture(scope="module", params=["zh", "en"])
def yearbook(request: pytest.FixtureRequest, grids: Path) -> Yearbook:
    """The yearbook of a prefecture."""
    area = is_area("361000")
    assert area is not None
    with Store(grids) as store:
        return make_yearbook(store, area, 2019, None, request.param)


def _widen(table: Table) -> Table:
    """Return a table whose amounts are those of a whole province: seven digits more."""
    cells = [
        replace(row, cells=tuple(cell * 54321.0 if isinstance(cell, float) else cell for cell in row.cells)) for row in table.rows
    ]
    return replace(table, rows=tuple(cells))


def _tables(report: Report | Yearbook) -> Iterator[Table]:
    yield from report.tables.values()
    if isinstance(report, Yearbook):
        yield from (page.table for page in report.pages)


def _check_columns(report: Report | Yearbook) -> None:
    for table in _tables(report):
        for part in lay_out(table) if table.rows else ():
            room = LYING if part.lying else UPRIGHT
            for at, (share, column) in enumerate(zip(part.shares, part.table.columns, strict=True)):
                width = share * room - BESIDE
                assert width >= 3 * part.size - 0.01, (table.id, column.id)
                for row in part.table.rows if column.kind in NUMERIC else ():
                    if row.kind != GROUP:
                        shown = print_cell(row.cells[at], column)
                        assert measure_letters(shown, part.size) <= width + 0.01, (table.id, column.id, shown)


def _check_pages(report: Report | Yearbook) -> None:
    numbers = list_numbers(render_html(report))
    assert len(numbers) > 30
    assert measure_pdf(make(report, Options("pdf")), numbers=numbers) == []


def test_no_column_is_narrower_than_its_numbers_or_three_characters(county: Report) -> None:
    _check_columns(county)
    assert measure_word(make(county, Options("docx"))) == []
    assert measure_workbook(make(county, Options("xlsx"))) == []
    assert measure_workbook(make(county, Options("seea"))) == []


def test_no_letter_of_a_report_is_past_the_margin_and_no_number_is_broken(county: Report) -> None:
    _check_pages(replace(county, services=county.services[3:6]))


def test_no_letter_of_a_yearbook_is_past_the_margin_and_no_number_is_broken(yearbook: Yearbook) -> None:
    _check_columns(yearbook)
    _check_pages(yearbook)
    assert measure_workbook(make(yearbook, Options("xlsx"))) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reports_for_those_who_decide_are_measured_in_every_form(two_years: Path, tmp_path: Path, lang: str) -> None:
    with Store(two_years) as store:
        found = store.find("361027", 2022)
        kinds = ("key_counties", "assessment")  # they have all parts between them
        assert {part for kind in kinds for part in BRIEFINGS[kind]} == {*BODIES, "signoff"}
        reports = [make_briefing(store, found, ask(tmp_path, kind), lang) for kind in kinds]
    for report in reports:
        wide = replace(report, tables={name: _widen(one) for name, one in report.tables.items()})
        _check_columns(wide)
        assert measure_word(make(wide, Options("docx"))) == [], report.kind
        assert measure_workbook(make(wide, Options("xlsx"))) == [], report.kind
        assert measure_pdf(make(wide, Options("pdf")), numbers=list_numbers(render_html(wide))) == []


def test_widths_of_all_tables_are_said_so_that_no_page_measures_texts_letter_by_letter(county: Report) -> None:
    tables = re.findall(r'<table[^>]* class="([^"]*)"', render_html(county))
    assert len(tables) > 10
    assert all({"fixed", "sign"} & set(one.split()) for one in tables), tables


def test_borders_on_a_map_are_corners_alone() -> None:
    there_and_back = [(0, 0), (1, 0), (2, 0), (4, 0), (4, 2), (4, 5), (4, 2), (6, 4), (0, 4), (0, 0)]
    found = thin_ring(np.array(there_and_back, dtype=float), 1.0)
    assert found.tolist() == [[0, 0], [4, 0], [4, 2], [6, 4], [0, 4], [0, 0]]


def test_a_table_too_wide_for_any_page_is_set_in_parts() -> None:
    columns = (Column("name", "名称"), *(Column(f"c{at}", f"第 {at} 列", MONEY, "亿元") for at in range(30)))
    rows = (Row(("林地", *(1234567.8 + at for at in range(30)))), Row(("合计", *(9.0 for _ in range(30))), SUM))
    parts = lay_out(Table("wide", "X", "宽表", columns, rows, "注"))
    assert len(parts) > 1
    assert [column.id for part in parts for column in part.table.columns[1:]] == [f"c{at}" for at in range(30)]
    assert all(part.table.columns[0].id == "name" for part in parts)
    assert [part.table.note for part in parts][-1] == "注"
    words = Table("words", "", "", tuple(Column(f"w{at}", "说明" * 4) for at in range(20)), (Row(("很长的文字" * 9,) * 20),))
    assert [len(part.table.columns) for part in lay_out(words)] == [11, 10]


def test_long_sources_get_the_room_that_short_words_leave() -> None:
    columns = (Column("name", "名称"), Column("given", "填报值"), Column("source", "来源"))
    rows = tuple(Row(("常绿阔叶林", "1385.6070000000002", "二〇二二年统计台账" * length)) for length in (1, 20))
    (part,) = lay_out(Table("t", "", "", columns, rows))
    assert part.shares[2] > 0.6
    assert part.shares[0] * UPRIGHT - BESIDE >= measure_letters("常绿阔叶林", part.size)
    assert part.shares[1] * UPRIGHT - BESIDE >= measure_letters("1385.6070000000002", part.size)


def test_a_column_of_long_texts_has_the_room_that_makes_the_table_shortest() -> None:
    names = ("number", "indicator", "office", "figure", "unit", "target", "status", "gap", "place")
    columns = tuple(Column(name, name) for name in names)
    rows = tuple(
        Row(
            (
                str(at),
                "战略性新兴产业增加值占规模以上工业比重（含高新技术）",
                "",
                "",
                "%",
                "不低于国家下发数据",
                "缺数据",
                "",
                "inputs/2022/figures.csv:12",
            )
        )
        for at in range(9)
    )
    (layout,) = lay_out(Table("targets", "", "目标", columns, rows, small=True))
    widths = dict(zip(names, (share * UPRIGHT - BESIDE for share in layout.shares), strict=True))
    assert not layout.lying
    assert measure_letters(str(rows[0].cells[1]), layout.size) / widths["indicator"] < 2.2  # three lines of nine letters before


@pytest.fixture(scope="module")
def scheme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scheme for thirty counties with long names of everything, and facts of twelve digits."""
    folder = tmp_path_factory.mktemp("scheme")
    codes = [*range(360102, 360105), *range(360702, 360705), *range(360722, 360736)]
    codes = [code for code in codes if code not in {360105, 360721, 360730}][:18]
    parties = "".join(f'  c{code}: {{code: "{code}"}}\n' for code in codes)
    name = "江西省流域生态保护补偿与生态产品价值实现综合激励资金分配办法（含跨省断面与湖体考核）"
    (folder / "s.yaml").write_text(
        f'id: wide-scheme\nversion: "1"\neffective: {{from: 2020-01-01}}\ntitle: {{zh: {name}, en: A scheme}}\nkind: vertical\nmark: D\n'
        f'legal: [{{title: {name}, issuer: 江西省人民政府, date: "2026", locator: {LONG}, mark: D}}]\n'
        f'parties:\n  province: {{code: "360000"}}\n{parties}members: [{", ".join(f"c{code}" for code in codes)}]\n'
        "accounts: {from: unstated, to: unstated, mark: D}\n"
        f"funds: {{pool: {{title: {name}, sources: [{{from: province, amount: money, notice: 赣财资环〔2021〕1号}}]}}}}\n"
        f"inputs: {{money: {{unit: 元, group: pool, title: {name}}}, weight: {{by: party, unit: score, title: {name}}}, "
        "bad: {by: party, unit: '1', missing: {as: '0', because: 没有登记}}}\n"
        f"rule:\n  - {{op: allocate, name: a, title: {name}, fund: pool, by: weight, clause: 第九条第二款第三项}}\n"
        f"  - {{op: deduct, name: d, title: {name}, clause: 第九条, taken_from: [a], when: bad, rate: '0.3', to: province}}\n"
        'settlement: {compute: year, netting: gross, due: [{day: "12-31"}], mark: D}\n'
        "rounding: {unit: fen, method: largest_remainder, tie_break: [remainder_desc, party_code_asc], mark: D}\n",
        "utf-8",
    )
    facts = ["indicator,place,period,value,unit,status,source", f"money,,2021,123456789012.01,元,final,{LONG}"]
    facts += [f"weight,c{code},2021,{at},score,final,{LONG}" for at, code in enumerate(codes, 1)]
    facts += [f"bad,c{code},2021,1,1,final,{LONG}" for code in codes[::7]]
    (folder / "f.csv").write_text("\n".join(facts) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        (("--official",), "pdf"),
        (("--unit", "万元", "--official"), "docx"),
        (("--official",), "xlsx"),
        (("--notices",), "pdf"),
        (("--format", "pdf", "-o"), "pdf"),
        (("--format", "xlsx", "-o"), "xlsx"),
    ],
)
def test_papers_about_money_are_measured(gep: Program, scheme: Path, tmp_path: Path, asked: tuple[str, ...], form: str) -> None:
    target = tmp_path / f"paper.{form}"
    called = ("compensate", str(scheme / "s.yaml"), "2021", "--inputs", str(scheme / "f.csv"), "--store", gep.store)
    gep(*called, *asked, str(target))
    content = target.read_bytes()
    if form == "pdf":
        page = target.with_suffix(".html")
        numbers = set()
        if asked[-1] != "-o":
            gep(*called, *asked, str(page))
            numbers = list_numbers(page.read_text("utf-8"))
            assert len(numbers) > 18
        assert measure_pdf(content, numbers=numbers) == []
    elif form == "docx":
        assert measure_word(content) == []
    else:
        assert measure_workbook(content, frozenset({"分配表"})) == []


def test_answers_and_exports_of_transfers_are_measured(tmp_path: Path) -> None:
    row = ("江西省赣州市崇义县人民政府" * 4, Decimal("-123456789012.34"), LONG, 2021)
    answers = [(question, ["payer_name", "amount", "voucher", "year"], [row] * 60) for question in QUESTIONS[:2]]
    for lang in ("zh", "en"):
        write_answers(answers, tmp_path / "a.xlsx", lang)
        assert measure_workbook((tmp_path / "a.xlsx").read_bytes()) == []
    write_export(("收款单位", "金额（元）", "凭证号", "年度"), [row] * 60, [("凭证合计", row[1])], tmp_path / "e.xlsx")
    assert measure_workbook((tmp_path / "e.xlsx").read_bytes()) == []


def test_forms_to_fill_in_are_measured(gep: Program, tmp_path: Path) -> None:
    gep("new", "360725", "2023", "-o", str(tmp_path / "new.xlsx"))
    assert measure_workbook((tmp_path / "new.xlsx").read_bytes()) == []
    assert measure_workbook(write_form("崇义县", 2023)) == []


def test_the_measure_finds_what_is_planted() -> None:
    """A column of one letter a line, a number on two lines, a line that goes on past the margin, a narrow column, a low row."""
    row = ("按水环境质量分配的资金", "崇义县", "123,456,789,012.01")
    grid = Grid(("事由", "收方", "金额"), (row,), frozenset({2}))
    (good,) = grid.lay()
    (bad,) = (replace(one, shares=(0.85, 0.042, 0.108)) for one in grid.lay())
    looks = make_font_faces() + "@page {size: A4; margin: 18mm} body {font: 9pt Report} td, th {padding: 0 1.5mm}"
    for part, found in ((good, []), (bad, ["one letter a line", "broken or missing"])):
        page = "".join(str(one) for one in render_page_of(part, looks))
        wrong = measure_pdf(render_pdf(page), numbers={row[2]})
        assert [any(words in one for one in wrong) for words in found] == [True] * len(found), wrong
        assert bool(wrong) == bool(found), wrong
    wide = measure_pdf(render_pdf(f"<style>{looks}</style><p style='white-space: nowrap'>{LONG}</p>"))
    assert any("beyond the margin" in one for one in wide)


def render_page_of(part: object, looks: str) -> Iterator[str]:
    """A page with one table, its long numbers free to break."""
    yield f"<style>{looks} table {{table-layout: fixed; width: 100%}} td {{overflow-wrap: anywhere}}</style>"
    yield _grid(part)


def _grid(part: object) -> str:
    from jinja2 import Environment, FileSystemLoader

    from gep.paths import TEMPLATES

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return environment.from_string('{% from "grid.html" import grid %}{{ grid(parts) }}').render(parts=(part,))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_screen_is_wider_than_eighty_columns_and_no_cell_runs_into_the_next(gep: Program, hostile: Path, lang: str) -> None:
    for call in (
        ("show", UNIT, "2022"),
        ("compare", UNIT, "2021", "2022"),
        ("list",),
        ("history", UNIT, "2022"),
        ("uncertainty", UNIT, "2022", "--draws", "100"),
    ):
        shown = gep(*call, "--store", str(hostile), "--lang", lang).stdout
        assert [line for line in shown.splitlines() if measure_width(line) > 80] == [], call
        assert not re.search(r"[）)]20\d\d", shown), call
