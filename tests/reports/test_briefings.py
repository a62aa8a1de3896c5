"""Reports for those who decide: every kind, in every form, says what the store holds and what the office wrote, and nothing else."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from briefing_texts import FIGURES, ask
from conftest import ROOT, Program
from docx import Document
from measuring import measure_pdf, measure_word
from openpyxl import load_workbook

from gep.commands.reports import KINDS
from gep.reports.briefing import NEEDS_INDICATORS, NEEDS_OPENING, make_briefing
from gep.reports.outline import BODIES, BRIEFINGS, WRITTEN, make_outline
from gep.reports.words import read_words
from gep.reports.writing import Options, make
from gep.store.store import Store
from gep.tasks.asset_accounts import read_areas


def test_the_command_has_all_kinds() -> None:
    assert list(BRIEFINGS) == KINDS
    assert {name for parts in BRIEFINGS.values() for name in parts} == {*BODIES, "signoff"}
    assert {*NEEDS_OPENING, *NEEDS_INDICATORS} <= {*BRIEFINGS}
    assert set(BODIES) >= WRITTEN


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_parts_and_numbers(two_years: Path, tmp_path: Path, kind: str, lang: str) -> None:
    """Parts stand in their order and numbered; the change of the total is that of the two stored accounts."""
    with Store(two_years) as store:
        report = make_briefing(store, store.find("361027", 2022), ask(tmp_path, kind), lang)
    outline = make_outline(report, read_words(lang))
    names = [one.id for one in outline]
    assert names == [name for name in BRIEFINGS[kind] if name in names]
    assert [one.number for one in outline] == [str(at) for at in range(1, len(outline) + 1)]
    assert {"status", "open", "analysis", "signoff"} <= set(names)
    assert [one.code for one in report.tables.values()] == [str(at) for at in range(1, len(report.tables) + 1)]
    if "causes" in names:
        sums = report.tables["change"].rows[-1].cells
        assert sums[3] == pytest.approx(sum(part for part in sums[4:] if isinstance(part, float)), abs=1e-9)
    page = make(report, Options("html", lang)).decode()
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "价值随&lt;降水&gt;变化。" in body
    assert ("本部分尚未编写。" in body or "The office has written nothing here." in body) is ("proposals" in names)
    assert report.title in html.unescape(body)


def test_an_assessment_scores_departments_and_never_zero_for_what_lacks(two_years: Path, tmp_path: Path) -> None:
    with Store(two_years) as store:
        report = make_briefing(store, store.find("361027", 2022), ask(tmp_path, "assessment"), "zh")
    rows = {row.cells[0]: row.cells for row in report.tables["departments"].rows}
    assert rows["县林业局"] == ("县林业局", 1, 0, 100.0)
    counted, lacking, score = rows["未指明部门"][1:]
    assert isinstance(counted, int)
    assert isinstance(lacking, int)
    assert counted - lacking == 1
    one = next(row for row in report.tables["targets"].rows if row.cells[2] == "" and row.cells[3] == "28")
    assert score == one.cells[8]
    assert "不按零分计" in report.tables["targets"].note


def test_forms_hold_the_same(two_years: Path, tmp_path: Path) -> None:
    """Word, Excel and JSON have the office's text with its author, and the tables of the report."""
    with Store(two_years) as store:
        report = make_briefing(store, store.find("361027", 2022), ask(tmp_path, "congress"), "zh")
    word = Document(io.BytesIO(make(report, Options("docx"))))
    paragraphs = [one.text for one in word.paragraphs]
    assert "价值随<降水>变化。" in paragraphs
    assert "编写：金溪县统计局 李四" in paragraphs
    book = load_workbook(io.BytesIO(make(report, Options("xlsx"))))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "价值随<降水>变化。" in cells
    plain = json.loads(make(report, Options("json")))
    assert plain["report"]["kind"] == "congress"
    assert plain["report"]["texts"][0]["source"] == "县人民政府网站"
    assert set(plain["report"]["tables"]) == set(report.tables)


def test_a_term_is_from_the_year_that_is_asked_for(gep: Program, two_years: Path, tmp_path: Path) -> None:
    target = tmp_path / "term.html"
    gep(
        "report",
        "361027",
        "2022",
        "--kind",
        "term",
        "--since",
        "2021",
        "--store",
        str(two_years),
        "-o",
        str(target),
        "--lang",
        "zh",
    )
    assert "较 2021 年" in target.read_text("utf-8")
    called = ("report", "361027", "2022", "--kind", "term", "--store", str(two_years))
    assert "the opening year is missing" in gep(*called, code=2).stderr
    told = gep(*called, "--since", "2015", code=2).stderr
    assert "there is no account of 2015 under ndrc-2022" in told
    assert "one of the earlier years that are stored: 2021" in told
    assert "there are no figures of indicators" in gep(*called[:4], "assessment", *called[5:], code=2).stderr
    assert "a report of this kind is not written as seea" in gep(*called, "--since", "2021", "--format", "seea", code=2).stderr
    assert "--texts, --since and --indicators" in gep("report", "361027", "2022", "--since", "2021", code=2).stderr


WRONG = {
    "an unknown part": ("author: a\ntexts:\n  - {part: anlysis, text: x}\n", "there is no part 'anlysis' in this report"),
    "no source": ("author: a\ntexts:\n  - {part: overview, text: x}\n", "a fact about the place has no source"),
    "no author": ("texts:\n  - {part: analysis, text: x}\n", "author is missing"),
    "two departments": ("author: a\ndepartments:\n  b: [x]\n  c: [x]\n", "x stands under b and c"),
    "an unknown key": ("author: a\ntext: []\n", "text is not known here"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_texts_are_refused_with_their_line(gep: Program, two_years: Path, tmp_path: Path, case: str) -> None:
    text, said = WRONG[case]
    (tmp_path / "words.yaml").write_text(text, "utf-8")
    target = tmp_path / "r.html"
    called = ("report", "361027", "2022", "--kind", "congress", "--texts", str(tmp_path / "words.yaml"))
    told = gep(*called, "--store", str(two_years), "-o", str(target), code=2).stderr
    assert said in told
    assert re.search(r"words\.yaml:\d+: ", told)
    assert not target.exists()


def test_the_page_of_these_reports_shows_a_file_that_is_taken(two_years: Path, tmp_path: Path) -> None:
    text = (ROOT / "docs/briefings.md").read_text("utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    with Store(two_years) as store:
        report = make_briefing(store, store.find("361027", 2022), ask(tmp_path, "congress", example[1]), "zh")
    assert [one.part for one in report.texts] == ["overview", "analysis", "proposals"]
    assert all(f"`{kind}`" in text for kind in KINDS)


QUALITY = "type,parameter,opening,closing,unit,reference,source\n林,LAI,3,4.5,m2/m2,6,a\n林,FVC,60,90,%,90,a\n林,GPP,1000,1500,gC/m2/yr,2000,a\n"
WATER = "section,opening,closing,source\n金临渡,III,II,月报\n"
OWN = "type,indicator,opening,closing,unit,poor,reference,weight,source\n农田,有机质,21,23,g/kg,10,40,,s\n"
BOTH = QUALITY.replace("林", "常绿阔叶林") + QUALITY.partition("\n")[2].replace("林", "针阔混交林").replace(
    "3,4.5", "3,3"
).replace("60,90", "60,60").replace("1000,1500", "1000,1000")
PRODUCTS = "product,kind,place,amount,unit,quality,season,department,evidence\n蜜桔,material,琉璃乡,1200,t,绿色食品,10-12,农业农村局,表 3\n"
SERIES = "variable,place,time,value,unit,source\ncodmn,金临渡,2022-04,4,mg/L,月报\ncodmn,金临渡,2022-05,6.4,mg/L,月报\n"
LIMITS = "author: 县生态环境局\nthresholds:\n- {id: level, variable: codmn, when: level > 6, unit: mg/L, basis: III 类}\n"


def test_condition_products_and_alerts_stand_in_these_reports(gep: Program, two_years: Path, tmp_path: Path) -> None:
    store = tmp_path / "gep.duckdb"
    shutil.copy(two_years, store)
    for name, text in (("q", QUALITY), ("w", WATER), ("o", OWN), ("p", PRODUCTS), ("s", SERIES)):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    (tmp_path / "l.yaml").write_text(LIMITS, "utf-8")
    whose = ("--county", "361027", "--keep", "--by", "王五", "--store", str(store))
    gep("products", "catalogue", str(tmp_path / "p.csv"), "--year", "2022", *whose)
    watched = (str(tmp_path / "s.csv"), "--thresholds", str(tmp_path / "l.yaml"), "--on", "2022-06-10")
    gep("products", "watch", *watched, *whose)
    options = ("--quality", str(tmp_path / "q.csv"), "--water", str(tmp_path / "w.csv"), "--condition", str(tmp_path / "o.csv"))
    for form in ("json", "docx", "pdf"):
        target = ("-o", str(tmp_path / f"r.{form}"), "--lang", "zh")
        gep("report", "361027", "2022", "--kind", "province", *options, "--store", str(store), *target)
    tables = json.loads((tmp_path / "r.json").read_text("utf-8"))["report"]["tables"]
    rows = {name: [list(row.values())[1:] for row in tables[name]["rows"]] for name in tables}
    assert rows["condition_quality"][0] == [
        "林",
        pytest.approx(55.5556, abs=1e-4),
        pytest.approx(27.7778, abs=1e-4),
        pytest.approx(83.3333, abs=1e-4),
    ]
    assert "未计算全域指数：库中两年账户未都给出 林" in tables["condition_own"]["note"]
    assert rows["condition_sections"][0][:4] == ["金临渡", "Ⅲ", "Ⅱ", "变好"]
    assert rows["products"][0][:7] == ["物质供给", "蜜桔", "琉璃乡", "1,200 t", "绿色食品", "10–12", "农业农村局"]
    assert "王五" in tables["products"]["note"]
    assert rows["alerts"][0][2:4] == ["codmn 金临渡", "2022-05"]
    assert rows["alerts"][0][-1] == "未处理"
    assert measure_word((tmp_path / "r.docx").read_bytes()) == []
    assert measure_pdf((tmp_path / "r.pdf").read_bytes()) == []


def test_the_index_of_the_unit_counts_by_the_areas_of_the_store(gep: Program, two_years: Path, tmp_path: Path) -> None:
    """Two types: one goes from 5/9 to 5/6 of its reference, the other stays at 5/9; each end by the areas of its own year."""
    (tmp_path / "q.csv").write_text(BOTH, "utf-8")
    call = (
        "report",
        "361027",
        "2022",
        "--kind",
        "term",
        "--since",
        "2021",
        "--quality",
        str(tmp_path / "q.csv"),
        "--store",
        str(two_years),
    )
    gep(*call, "-o", str(tmp_path / "r.json"), "--lang", "en")
    table = json.loads((tmp_path / "r.json").read_text("utf-8"))["report"]["tables"]["condition_quality"]
    whole = list(table["rows"][-1].values())
    assert whole[1] == "whole unit, by area"
    with Store(two_years) as store:
        areas = [read_areas(store, store.find("361027", year)) for year in (2021, 2022)]
    broad, mixed = ([side[name].value for side in areas] for name in ("evergreen_broadleaf_forest", "mixed_forest"))
    expected = [100 * (end * b + 5 / 9 * m) / (b + m) for end, b, m in zip((5 / 9, 5 / 6), broad, mixed, strict=True)]
    assert [whole[2], whole[4]] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("kind", "option", "said"),
    [
        ("assessment", "--quality", "has no part condition"),
        ("province", "--indicators", "has no part targets"),
        (None, "--water", "are of a report of a --kind"),
    ],
)
def test_figures_that_a_kind_has_no_part_for_are_refused(
    gep: Program, two_years: Path, tmp_path: Path, kind: str | None, option: str, said: str
) -> None:
    given = tmp_path / "given.csv"
    given.write_text(QUALITY, "utf-8")
    figures = tmp_path / "figures.csv"
    figures.write_text(FIGURES, "utf-8")
    more = ("--kind", kind, "--indicators", str(figures)) if kind == "assessment" else ("--kind", kind) if kind else ()
    called = ("report", "361027", "2022", *more, option, str(given), "--store", str(two_years), "-o", str(tmp_path / "r.html"))
    assert said in gep(*called, code=2).stderr
    assert not (tmp_path / "r.html").exists()


def test_who_decides_reads_titles_signs_and_no_ids(two_years: Path, tmp_path: Path) -> None:
    with Store(two_years) as store:
        report = make_briefing(store, store.find("361027", 2022), ask(tmp_path, "congress"), "zh")
    reasons = " ".join(str(one) for one in report.tables["missing"].column("reason"))
    assert "农业农村局" in reasons
    assert re.findall(r"[a-z]+_[a-z_]+", reasons) == []
    targets = report.tables["targets"]
    assert "text" not in targets.column("unit")
    assert not [one for one in targets.column("target") if isinstance(one, str) and (">=" in one or "<=" in one)]
    assert any(isinstance(one, str) and "≥" in one for one in targets.column("target"))
