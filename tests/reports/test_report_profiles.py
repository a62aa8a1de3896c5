"""PDF profiles, looked at with pikepdf: what PDF/UA-1 and PDF/A-2u and 3u ask for and a program can check."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from report_store import stored

from gep.reports.content import make_report
from gep.reports.writing import Options, make
from gep.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.reports.model import Report


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    rows = [
        "360725,2022,agricultural_output_value,,,1,亿元,s,",
        "360725,2022,land_area,,,1000,km2,s,",
        "360725,2022,area,mixed_forest,,900,km2,s,",
        "360725,2022,area,shrub,,100,km2,s,",
    ]
    with Store(stored(tmp_path_factory.mktemp("small"), *rows)) as connection:
        return make_report(connection, 1, 0, "zh")


def document(report: Report, variant: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(make(report, Options("pdf", "zh", None, variant))))


def elements(root: Any) -> Iterator[Any]:
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            yield one
            if "/K" in one:
                waiting.append(one.K)


def fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        yield from page.Resources.get("/Font", {}).values()


def common(pdf: pikepdf.Pdf) -> str:
    assert not pdf.is_encrypted
    assert str(pdf.Root.Lang) == "zh-CN"
    assert "/Names" not in pdf.Root or "/JavaScript" not in pdf.Root.Names
    found = list(fonts(pdf))
    assert found
    for font in found:
        assert "/ToUnicode" in font
        assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        assert str(font.DescendantFonts[0].CIDToGIDMap) == "/Identity"
    return bytes(pdf.Root.Metadata.read_bytes()).decode()


def test_ua_1_is_tagged_titled_and_described(report: Report) -> None:
    pdf = document(report, "pdf/ua-1")
    metadata = common(pdf)
    assert 'pdfuaid:part="1"' in metadata
    assert "崇义县 2022 年生态产品总值核算报告" in metadata
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    found = list(elements(pdf.Root.StructTreeRoot.K))
    kinds = [str(one.S) for one in found]
    for kind in ("/H1", "/H2", "/H3", "/Table", "/THead", "/TBody", "/TH", "/TD", "/Figure", "/Caption", "/L", "/Link"):
        assert kind in kinds, kind
    scopes = [str(one.A.Scope) for one in found if str(one.S) == "/TH"]
    assert set(scopes) == {"/Column", "/Row"}
    figures = [one for one in found if str(one.S) == "/Figure"]
    assert {str(one.Alt) for one in figures} == {figure.alt for figure in report.figures.values()}
    levels = [int(kind[2:]) for kind in kinds[::-1] if kind in {"/H1", "/H2", "/H3"}]
    assert levels[0] in {1, 2, 3}
    assert all(str(page.get("/Tabs", "")) == "/S" for page in pdf.pages if "/Annots" in page)
    assert all("/StructParents" in page for page in pdf.pages)


@pytest.mark.parametrize(("variant", "part"), [("pdf/a-2u", "2"), ("pdf/a-3u", "3")])
def test_a_2u_and_3u_hold_their_colours_fonts_and_claim(report: Report, variant: str, part: str) -> None:
    pdf = document(report, variant)
    metadata = common(pdf)
    assert f'pdfaid:part="{part}"' in metadata
    assert 'pdfaid:conformance="U"' in metadata
    intent = pdf.Root.OutputIntents[0]
    assert str(intent.S) == "/GTS_PDFA1"
    assert len(bytes(intent.DestOutputProfile.read_bytes())) > 500
    assert "/ID" in pdf.trailer
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            assert str(note.Subtype) == "/Link"
            assert int(note.get("/F", 0)) & 4  # printed, not hidden
        for one in page.Resources.get("/XObject", {}).values():
            assert "/Alternates" not in one
            assert "/OPI" not in one
