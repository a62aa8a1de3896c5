"""The report: a real PDF read back, in both languages, with hostile names, and the same bytes twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import pytest
from conftest import ROOT
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from report_store import stored

from gep.messages.problems import Problems
from gep.reference.regions import read_regions
from gep.reports.content import make_report
from gep.reports.forms.html import render_html
from gep.reports.forms.pdf import make_fetcher, make_font_faces, render_pdf
from gep.reports.writing import Options, make, write_report
from gep.store.keys import AccountKey
from gep.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from gep.reports.model import Report

RARE = "婺峡鄱濂犇㵲浉瀍"


@pytest.fixture(scope="module")
def store(jinxi_2020: Path) -> Path:
    return jinxi_2020


@pytest.fixture(scope="module")
def years(two_years: Path) -> Path:
    return two_years


def report_of(store: Path, lang: str = "zh", run: int = 1) -> Report:
    with Store(store) as connection:
        return make_report(connection, run, 0, lang)


def pdf_of(store: Path, target: Path, lang: str = "zh", run: int = 1) -> PdfReader:
    with Store(store) as connection:
        write_report(connection, AccountKey(run, 0, "", 0, ""), target, lang)
    return PdfReader(target)


@pytest.fixture(scope="module")
def documents(years: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, PdfReader]:
    """The report of a county in each language, to read."""
    folder = tmp_path_factory.mktemp("documents")
    return {lang: pdf_of(years, folder / f"{lang}.pdf", lang, 2) for lang in ("zh", "en")}


@pytest.fixture(scope="module")
def texts(documents: dict[str, PdfReader]) -> dict[str, str]:
    """What stands in each."""
    return {lang: text_of(document) for lang, document in documents.items()}


def letters_of(weight: str) -> set[int]:
    with TTFont(ROOT / f"templates/fonts/NotoSansSC-{weight}.ttf") as font:
        return set(font.getBestCmap())


def text_of(document: PdfReader) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in document.pages))


def fonts_of(document: PdfReader) -> set[str]:
    found = set()
    for page in document.pages:
        for font in cast("DictionaryObject", cast("DictionaryObject", page["/Resources"])["/Font"]).values():
            one = cast("DictionaryObject", font.get_object())
            found.add(str(one["/BaseFont"]).partition("+")[2])
            below = cast("DictionaryObject", one["/DescendantFonts"][0].get_object())  # type: ignore[index]
            assert "/FontFile2" in cast("DictionaryObject", below["/FontDescriptor"].get_object())
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pdf_says_what_the_store_holds(documents: dict[str, PdfReader], texts: dict[str, str], lang: str) -> None:
    document, text = documents[lang], texts[lang]
    for wanted in (
        "66.2062",
        "39.3062",
        "18.2400",
        "64.2941",
        "inputs/361027-2022/land.csv:4",
        "coefficients/reservoir.csv:2",
        "garze-2017",
        "246,215,350.18",
    ):
        assert wanted in text, wanted
    words = (
        ("金溪县", "生态产品总值核算报告", "已核算的5项", "缺数据", "未核实", "草稿：第2次核算尚未送审。", "附录C审计线索")
        if lang == "zh"
        else (
            "Jinxi",
            "GrossEcosystemProduct",
            "covers5ofthe17",
            "nodata",
            "notverified",
            "Draft:run2wasneversubmitted.",
            "10 8 CNY".replace(" ", ""),
        )
    )
    for word in words:
        assert word in text, word
    assert "compliant" not in text.lower()
    assert "built-in" not in text
    assert "�" not in text
    catalog = cast("DictionaryObject", document.trailer["/Root"])
    assert str(catalog["/Lang"]) == ("zh-CN" if lang == "zh" else "en")
    assert "/StructTreeRoot" in catalog


def test_every_font_is_embedded_and_no_glyph_is_missing(documents: dict[str, PdfReader], texts: dict[str, str]) -> None:
    assert fonts_of(documents["zh"]) == {"Report", "Report-Bold"}  # the shipped face; a fallback would bring its own name
    known = letters_of("Regular")
    assert {letter for letter in texts["zh"] if ord(letter) not in known} == set()


def test_a_pdf_gives_every_county_name_and_rare_character_back(tmp_path: Path) -> None:
    names = [one.name_zh for one in read_regions().values() if one.code.startswith("36") and one.level == "county"]
    assert len(names) > 100  # those that are gone among them
    page = f"<html lang=zh-CN><style>{make_font_faces()} p {{ font-family: Report }} b {{ font-weight: 700 }}</style><p>{' '.join(names)} {RARE} <b>{' '.join(names)} {RARE}</b></p></html>"
    path = tmp_path / "names.pdf"
    path.write_bytes(render_pdf(page))
    document = PdfReader(path)
    text = text_of(document)
    for name in (*names, RARE):
        assert text.count(name) == 2 or name in {"安源区", "袁州区"} or text.count(name) >= 2, name
    assert fonts_of(document) == {"Report", "Report-Bold"}
    every = {letter for one in read_regions().values() for letter in one.name_zh} | set(RARE) | set("×÷−Σ≤²³·αβρλΔ←±–—")
    for weight in ("Regular", "Bold"):
        known = letters_of(weight)
        assert {letter for letter in every if ord(letter) not in known} == set()


def test_names_of_people_are_shown_and_what_no_font_has_is_spelled_out(tmp_path: Path) -> None:
    names = "张喆李旻王玥赵昇朱镕"
    store = stored(tmp_path, f"360725,2022,agricultural_product_value,,x,1,亿元,{names}㛃𠮷\ufe0f,")
    path = tmp_path / "x.pdf"
    document = pdf_of(store, path)
    assert f"{names}[U+36C3][U+20BB7]" in text_of(document)
    assert fonts_of(document) == {"Report", "Report-Bold"}
    own = tmp_path / "own"
    own.mkdir()
    broken = own / "mine.ttf"
    broken.write_bytes(b"none")
    with pytest.raises(Problems, match=r"mine\.ttf: this is not a font"):
        make(report_of(store), Options(templates=own))


def test_the_same_run_gives_the_same_bytes(years: Path, documents: dict[str, PdfReader], tmp_path: Path) -> None:
    for name in ("a.html", "b.html", "a.pdf"):
        with Store(years) as connection:
            write_report(connection, AccountKey(2, 0, "", 0, ""), tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    before = documents["zh"].stream
    before.seek(0)
    assert (tmp_path / "a.pdf").read_bytes() == before.read()


def test_what_comes_from_inputs_is_escaped_and_loads_nothing(tmp_path: Path) -> None:
    hostile = "<img src='http://127.0.0.1:9/x'>{{ 7*7 }}{% raise %}"
    store = stored(
        tmp_path,
        f'360725,2022,agricultural_product_value,,"{hostile}",1,亿元,"<script>alert(1)</script>{{{{x}}}}","<style>body{{display:none}}</style>{{0}}"',
    )
    with Store(store) as connection:
        page = render_html(make_report(connection, 1, 0, "zh"))
        write_report(connection, AccountKey(1, 0, "", 0, ""), tmp_path / "x.pdf")
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;img" in page
    assert "{{ 7*7 }}{% raise %}" in page
    assert "{{7*7}}" in text_of(PdfReader(tmp_path / "x.pdf"))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x.png", "file:///etc/passwd", "file:///work/../etc/hostname", "data:text/plain,x", "ftp://x/y"]
)
def test_only_the_templates_folder_can_be_loaded(url: str) -> None:
    with pytest.raises(ValueError, match="may not load"):
        make_fetcher(None).fetch(url)


def test_one_html_file_needs_nothing_else(store: Path) -> None:
    page = make(report_of(store), Options("html")).decode()
    assert not re.search(r"(?:src|href)=[\"'](?!#|data:)", page.replace("xlink:href", "href"))
    assert not re.search(r"url\([\"']?(?!#|data:)", page)
    assert page.count("data:font/woff;base64,") == 2
    assert len(page) < 900_000
    assert page.count("<title>") == 1 + len(report_of(store).figures)


def test_an_account_without_any_value_is_reported_as_such(tmp_path: Path) -> None:
    store = stored(tmp_path, "360725,2022,gdp,,,1,亿元,s,")
    text = text_of(pdf_of(store, tmp_path / "x.pdf"))
    assert "没有任何一项服务的数据足以核算" in text
    assert "不等于总值为零" in text
    assert "没有填报生态系统面积" in text
    assert "0.0000" not in text


def test_a_wrong_target_is_refused(store: Path, tmp_path: Path) -> None:
    with Store(store) as connection, pytest.raises(Problems, match=r"\.txt"):
        write_report(connection, AccountKey(1, 0, "", 0, ""), tmp_path / "x.txt")
    (tmp_path / "file").write_text("")
    with Store(store) as connection, pytest.raises(Problems, match="cannot be written"):
        write_report(connection, AccountKey(1, 0, "", 0, ""), tmp_path / "file" / "x.html")


def test_headings_are_in_the_bookmarks_and_the_contents_lead_to_them(documents: dict[str, PdfReader]) -> None:
    document = documents["zh"]
    titles = [str(one.title) for one in document.outline if not isinstance(one, list)] + [
        str(inner.title) for one in document.outline if isinstance(one, list) for inner in one if not isinstance(inner, list)
    ]
    assert "1 摘要" in titles
    assert "附录 C 审计线索" in titles
    links = [note for page in document.pages[1:2] for note in page.get("/Annots", [])]
    assert len(links) >= 14
