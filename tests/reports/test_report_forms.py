"""The other forms of a report, read back: Word, Excel, JSON and the SEEA tables hold the numbers of the store."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from report_store import stored

from gep.reports.content import make_report
from gep.reports.forms.equations import make_omml
from gep.reports.writing import FORMATS, Options, make
from gep.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from gep.reports.model import Report

GEP_2022 = 66.2062016


@pytest.fixture(scope="module")
def years(two_years: Path) -> Path:
    return two_years


@pytest.fixture(scope="module")
def report(years: Path) -> Report:
    with Store(years) as connection:
        return make_report(connection, 2, 0, "zh")


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


@pytest.mark.parametrize("form", ["docx", "xlsx", "json", "seea"])
def test_the_same_report_is_the_same_bytes(years: Path, report: Report, form: str) -> None:
    with Store(years) as connection:
        again = make_report(connection, 2, 0, "zh")
    assert make(report, Options(form)) == make(again, Options(form))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_word_has_real_headings_tables_and_described_pictures(years: Path, lang: str) -> None:
    with Store(years) as connection:
        report = make_report(connection, 2, 0, lang)
    document = Document(io.BytesIO(make(report, Options("docx", lang))))
    headings = [one.text for one in document.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert headings[0] in {"1 摘要", "1 Summary"}
    assert len(headings) == 17
    texts = "\n".join(one.text for one in document.paragraphs)
    assert "66.2062" in texts
    year = "年" if lang == "zh" else "yr"
    assert f"= (325.77 × (1,747.3 − 61.50496 − 930)) × 1,000 = 246,215,350.18 m³/{year}" in texts
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert report.run.results_sha256 in cells
    value = next(
        table
        for table in document.tables
        if table.rows[0].cells[-1].text in {"占比", "Share"} and len(table.columns) == 4 and "GEP" in table.rows[-1].cells[0].text
    )
    assert [cell.text for cell in value.rows[-1].cells] == ["GEP", "66.2062", "64.2941", "100.0%"]
    with_heads = [table for table in document.tables if "w:tblHeader" in table._tbl.xml]
    assert len(with_heads) >= 9
    pictures = [one._inline.docPr.get("descr") for one in document.inline_shapes]
    assert pictures == [report.figures[name].alt for name in ("shares", "ecosystems", "map", "series", "waterfall")]
    assert "TOC" in document.element.xml
    listed = [one.text.strip() for one in document.paragraphs if "w:anchor=" in one._p.xml]
    assert listed == headings
    assert not any(one.different_first_page_header_footer for one in document.sections[1:])
    assert document.core_properties.language == ("zh-CN" if lang == "zh" else "en-GB")


def test_word_holds_formulas_as_mathematics(report: Report) -> None:
    document = Document(io.BytesIO(make(report, Options("docx"))))
    formulas = ["".join(letter.text for letter in one.iter(qn("m:t"))) for one in document.element.iter(qn("m:oMath"))]
    assert "Qwr,i = Ai × (Pi − Ri − ETi)" in formulas
    assert len(formulas) == 2 * sum(len(service.methods) for service in report.services)
    made = make_omml(
        '<span class="formula"><i>Q</i><sub>a</sub> = <span class="frac"><span>(<i>P</i> + 1)<sup>2</sup></span>'
        '<span class="below">2 &lt; e<sup><i>x</i></sup></span></span></span>'
    )
    assert [one.tag.rpartition("}")[2] for one in made] == ["sSub", "r", "f"]
    raised = [["".join(one.itertext()) for one in found] for found in made.iter(qn("m:sSup"))]
    assert raised == [[")", "2"], ["e", "x"]]


def test_excel_holds_live_numbers_and_where_they_are_from(report: Report) -> None:
    found = sheets(make(report, Options("xlsx")))
    value = found["E 价值量"]
    assert value[0][:4] == ["服务", "当年价 (亿元)", "2020 年不变价 (亿元)", "占比"]
    assert value[0][4:] == ["县区代码", "核算年份", "标准", "核算次"]
    total = next(row for row in value if row[0] == "GEP")
    assert total[1] == pytest.approx(GEP_2022)
    assert total[3:] == [1, "361027", 2022, "ndrc-2022", 2]
    inputs = found["I 数据清单"]
    assert any(row[5] == "inputs/361027-2022/land.csv:6" and row[2] == "325.7700" for row in inputs)
    audits = found["附录 C 审计线索"]
    assert any(
        row[7] == "(325.77 × (1,747.3 − 61.50496 − 930)) × 1,000" and row[6] == "inputs/361027-2022/land.csv:6" for row in audits
    )
    quantities = found["C2 各生态系统的实物量"]
    water = next(row for row in quantities if row[0] == "水源涵养")
    assert water[3] + water[4] == pytest.approx(water[6])
    assert water[5] is None  # nothing is left that is not spread over types


def test_excel_is_safe_against_formulas(tmp_path: Path) -> None:
    bad = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK(""http://127.0.0.1"",""x"")', "\t=1", "http://127.0.0.1/"]
    rows = [f'360725,2022,agricultural_output,,"p{at}{text}",1,t,"{text}","{text}"' for at, text in enumerate(bad)]
    rows.append('360725,2022,agricultural_output,,"=cmd|x!A1",1,t,s,n')
    store = stored(tmp_path, *rows, "360725,2022,agricultural_output_value,,,1,亿元,=2+3,=1")
    with Store(store) as connection:
        report = make_report(connection, 1, 0, "zh")
    for form in ("xlsx", "seea"):
        content = make(report, Options(form))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/"):
                    text = archive.read(name).decode()
                    assert "<f>" not in text
                    assert "hyperlink" not in text
        book = load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert not [cell for cell in cells if cell.data_type == "f"]
    found = sheets(make(report, Options("xlsx")))
    assert any(row[4] == "=2+3 (=1)" for row in found["I 数据清单"])


def test_json_is_whole_and_unrounded(report: Report) -> None:
    found = json.loads(make(report, Options("json")))
    assert (found["format"], found["version"]) == ("gep-report", 1)
    inside = found["report"]
    assert inside["facts"]["gep"] == pytest.approx(6620620161.9612, abs=1e-3)
    rows = {row["service"]: row for row in inside["tables"]["value"]["rows"]}
    assert rows["GEP"]["value"] == pytest.approx(GEP_2022)
    assert "svg" not in inside["figures"]["shares"]
    assert inside["services"][-1]["methods"][0]["audits"][0]["value"] == pytest.approx(3930620161.96)


def test_seea_tables_mark_what_cannot_be_filled(report: Report) -> None:
    found = sheets(make(report, Options("seea")))
    extent = {row[0]: row for row in found["1 范围账户"]}
    assert extent["期末面积"][1] == pytest.approx(582.6802)
    assert extent["期初面积"][1] == pytest.approx(582.6802 + 325.77 * 0.02, abs=1e-3)
    assert extent["增加"][1] == ".."
    supply = {row[0]: row for row in found["4 价值供给表"]}
    assert supply["水源涵养"][1] == "water flow regulation: baseline flow"
    assert supply["水源涵养"][-5] == pytest.approx(39.3062016)
    assert supply["SEEA 服务合计"][-5] == pytest.approx(GEP_2022)
    assert supply["农业产品"][3] == ".."
    goods = {row[0]: row for row in found["2 实物供给表"]}
    assert goods["农业产品 粮食"][2:7] == ["t/年", "..", "..", 318000, 318000]
    assert goods["林业产品"][2:7] == [".."] * 5
    use = {row[0]: row for row in found["5 价值使用表"]}
    assert use["水源涵养"][3:8] == [".."] * 5
    assert use["水源涵养"][8] == use["水源涵养"][9] == pytest.approx(39.3062016)
    crosswalk = {row[0]: row for row in found["6 与 SEEA 参考清单对照"]}
    assert len(crosswalk) >= 26
    assert crosswalk["oxygen_release"][2:4] == ["无对应类别", "否"]
    numbers = [cell for row in found["4 价值供给表"][1:] for cell in row[3:-4] if cell == 0]
    assert numbers == []


def test_every_form_of_an_account_without_data_can_be_made(tmp_path: Path) -> None:
    with Store(stored(tmp_path, "360725,2022,gdp,,,1,亿元,s,")) as connection:
        report = make_report(connection, 1, 0, "en")
    for form in FORMATS:
        assert make(report, Options(form, "en"))
