"""The report: a real PDF read back, in both languages, with hostile names, and the same bytes twice."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from gep.problems import Problems
from gep.regions import regions
from gep.report import _fetch, render, write_report
from gep.run import run_account
from gep.saving import save
from gep.store import reading

if TYPE_CHECKING:
    from pathlib import Path
from typing import cast


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "gep.duckdb"
    save(run_account([ROOT / "inputs/361027-2022"], price_year=2020), path)
    return path


def pdf_of(store: Path, target: Path, lang: str, run: int = 1) -> PdfReader:
    with reading(store) as connection:
        write_report(connection, run, 0, target, lang)
    return PdfReader(io.BytesIO(target.read_bytes()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pdf_says_what_the_store_holds(store: Path, tmp_path: Path, lang: str) -> None:
    pdf = pdf_of(store, tmp_path / "report.pdf", lang)
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in pdf.pages))
    for wanted in (
        "66.2062",
        "39.3062",
        "18.2400",
        "64.2941",
        "inputs/361027-2022/land.csv:4",
        "coefficients/reservoir.csv:2",
        "garze-2017",
    ):
        assert wanted.replace(" ", "") in text, wanted
    words = (
        ("金溪县", "生态产品总值核算报告", "已核算的5项", "缺数据", "未核实")
        if lang == "zh"
        else ("Jinxi", "GrossEcosystemProduct", "covers5ofthe17", "nodata", "notverified")
    )
    for wanted in words:
        assert wanted in text, wanted
    assert "compliant" not in text.lower()
    assert "built-in" not in text
    assert "�" not in text


def test_every_font_is_embedded_and_no_glyph_is_missing(store: Path, tmp_path: Path) -> None:
    pdf = pdf_of(store, tmp_path / "report.pdf", "zh")
    fonts = set()
    for page in pdf.pages:
        resources = cast("DictionaryObject", page["/Resources"])
        for font in cast("DictionaryObject", resources["/Font"]).values():
            fonts.add(str(cast("DictionaryObject", font.get_object())["/BaseFont"]))
    assert fonts
    assert {name.partition("+")[2] for name in fonts} <= {
        "Report",
        "Report-Bold",
    }  # the shipped face; a fallback would bring its own name
    text = "".join(page.extract_text() for page in pdf.pages)
    known = TTFont(ROOT / "templates/fonts/NotoSansSC-Regular.ttf").getBestCmap()
    assert {letter for letter in text if ord(letter) not in known and not letter.isspace()} == set()


def test_the_font_has_every_county_name_and_the_rare_characters() -> None:
    wanted = {letter for one in regions().values() for letter in one.name_zh} | set("婺峡鄱濂犇㵲浉瀍×÷−Σ≤²³·αβρλΔ")
    for weight in ("Regular", "Bold"):
        known = TTFont(ROOT / f"templates/fonts/NotoSansSC-{weight}.ttf").getBestCmap()
        assert {letter for letter in wanted if ord(letter) not in known} == set()


def test_the_same_run_gives_the_same_bytes(store: Path, tmp_path: Path) -> None:
    pdf_of(store, tmp_path / "a.pdf", "zh")
    pdf_of(store, tmp_path / "b.pdf", "zh")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_what_comes_from_inputs_is_escaped_and_loads_nothing(tmp_path: Path) -> None:
    hostile = "<img src='http://127.0.0.1:9/x'>{{ 7*7 }}"
    path = tmp_path / "inputs.csv"
    path.write_text(
        "county,year,variable,product,value,unit,source,note\n"
        f'360725,2022,agricultural_product_value,"{hostile}",1,亿元,"<script>alert(1)</script>","<style>body{{display:none}}</style>"\n',
        "utf-8",
    )
    store = tmp_path / "gep.duckdb"
    save(run_account([path]), store)
    with reading(store) as connection:
        html = render(connection, 1, 0, "zh")
        write_report(connection, 1, 0, tmp_path / "x.pdf", "zh")
    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;img" in html
    assert "{{ 7*7 }}" in html
    assert "{{ 7*7 }}".replace(" ", "") in re.sub(
        r"\s", "", "".join(page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages)
    )


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x.png", "file:///etc/passwd", "file:///work/../etc/hostname", "data:text/plain,x", "ftp://x/y"]
)
def test_only_the_templates_folder_can_be_loaded(url: str) -> None:
    with pytest.raises(ValueError, match="may not load"):
        _fetch(url)


def test_an_account_without_any_value_is_reported_as_such(tmp_path: Path) -> None:
    path = tmp_path / "inputs.csv"
    path.write_text("county,year,variable,value,unit,source\n360725,2022,gdp,1,亿元,s\n", "utf-8")
    store = tmp_path / "gep.duckdb"
    save(run_account([path]), store)
    text = "".join(page.extract_text() for page in pdf_of(store, tmp_path / "x.pdf", "zh").pages)
    assert "—" in text
    assert "没有填报生态系统面积" in text


def test_a_wrong_target_is_refused(store: Path, tmp_path: Path) -> None:
    with reading(store) as connection, pytest.raises(Problems, match=r"\.docx"):
        write_report(connection, 1, 0, tmp_path / "x.docx", "zh")
