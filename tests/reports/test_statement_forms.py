"""Every calculation beside an account is told on paper as on the terminal: the same numbers, nothing past a margin, one language."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import docx
import openpyxl
import pypdfium2 as pdfium
import pytest
from conftest import ROOT, Program
from languages import left_in_english
from measuring import measure_pdf, measure_word, measure_workbook

if TYPE_CHECKING:
    from pathlib import Path

FORMS = ("pdf", "html", "docx", "xlsx")
CALLS = {
    "assets.md value": ("assets", "value", "--valuation", "valuation.yaml"),
    "assets.md extent": ("assets", "extent", "--transitions", "transitions.csv"),
    "assets.md condition": ("assets", "condition", "--quality", "quality.csv", "--water", "water.csv", "--indicators", "own.csv"),
    "carbon.md stock": ("carbon", "stock", "inventory.csv"),
    "carbon.md change": ("carbon", "change", "inventory.csv", "--from", "2005", "--to", "2010"),
    "carbon.md flow": ("carbon", "flow", "flows.csv"),
    "carbon.md project": ("carbon", "project", "project.yaml"),
    "damage.md equivalency": ("damage", "equivalency", "meadow.yaml"),
    "damage.md treatment": ("damage", "treatment", "discharges.csv"),
    "damage.md settle": ("damage", "settle", "case.yaml"),
    "parcels.md vep": ("assets", "vep", "tea.yaml"),
    "parcels.md quota": ("assets", "quota", "plots.csv"),
    "products.md catalogue": ("products", "catalogue", "products.csv"),
    "products.md watch": ("products", "watch", "water.csv", "--thresholds", "limits.yaml", "--on", "2023-06-10"),
}
NUMBERS = {
    "assets.md value": "5,659,364.73",
    "assets.md extent": "905.00",
    "assets.md condition": "73.9",
    "carbon.md stock": "57,689,697.4",
    "carbon.md change": "1,353,600.5",
    "carbon.md flow": "379,000.0",
    "carbon.md project": "741",
    "damage.md equivalency": "1,171,806.73",
    "damage.md treatment": "162,000.00",
    "damage.md settle": "557,259.06",
    "parcels.md vep": "2,291,689.16",
    "parcels.md quota": "3.5000",
    "products.md catalogue": "1,200",
    "products.md watch": "2023-05",
}
"""A number of each that stands on every form."""


def put_files(page: str, folder: Path) -> None:
    """Write the files that a page of the documentation shows."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    for name, content in re.findall(r"```\w+ ([\w./-]+)\n(.*?)```", text, re.DOTALL):
        (folder / name).write_text(content, "utf-8")


def place(call: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    """A call with its files where they are."""
    return tuple(str(folder / one) if (folder / one).is_file() else one for one in call)


def read_text(content: bytes, form: str) -> str:
    """What stands on a paper, without breaks of lines; numbers of a workbook as printed with thousands."""
    if form == "pdf":
        with pdfium.PdfDocument(content) as document:
            return " ".join(page.get_textpage().get_text_range() for page in document)
    if form == "html":
        return re.sub(r"<style>.*?</style>|<[^>]+>", " ", content.decode(), flags=re.DOTALL)
    if form == "docx":
        document = docx.Document(io.BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return " ".join([*(one.text for one in document.paragraphs), *cells])
    book = openpyxl.load_workbook(io.BytesIO(content))
    values = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    return " ".join(f"{one:,.4f} {one:,.2f} {one:,.1f} {one}" if isinstance(one, float | int) else str(one) for one in values)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", CALLS)
def test_the_paper_says_what_the_terminal_says(gep: Program, tmp_path: Path, name: str, lang: str) -> None:
    page = name.partition(" ")[0]
    put_files(page, tmp_path)
    more = ("--store", str(tmp_path / "gep.duckdb")) if name == "parcels.md quota" else ()
    wrong = {}
    for form in FORMS:
        target = tmp_path / f"paper.{form}"
        told = gep(*place(CALLS[name], tmp_path), *more, "--lang", lang, "--report", str(target)).stdout
        assert NUMBERS[name] in told
        content = target.read_bytes()
        text = read_text(content, form)
        assert NUMBERS[name] in text, form
        assert (lang == "zh") == ("计算" in text or "依据文件" in text)
        if lang == "zh" and form != "xlsx":
            strange = left_in_english(re.sub(r"[0-9a-f]{64}|\S+\.(csv|yaml)\S*", "", text))
            assert not strange, (form, strange)
        measure = {"pdf": measure_pdf, "docx": measure_word, "xlsx": measure_workbook}.get(form)
        wrong[form] = measure(content) if measure else []
    assert wrong == {form: [] for form in FORMS}


def test_the_value_of_an_account_and_its_change_are_papers_too(gep: Program, two_years: Path, tmp_path: Path) -> None:
    how = tmp_path / "how.yaml"
    how.write_text(
        "convention: finite-year-end\nrates: [{rate: 3 %, years: 30}]\ngrowth: 0 %\nauthor: 王五\nbasis: 试算\n", "utf-8"
    )
    what = tmp_path / "what.yaml"
    what.write_text(
        "title: 少雨\nauthor: 王五\nbasis: 试算\ncost: 500 万元\nchanges:\n- {variable: precipitation, factor: 0.9}\n", "utf-8"
    )
    store = ("--store", str(two_years))
    calls = {
        "value.pdf": ("assets", "value", "361027", "2022", "--valuation", str(how), *store),
        "what.pdf": ("scenario", "361027", "2022", str(what), *store),
        "bands.pdf": ("uncertainty", "361027", "2022", "--draws", "100", "--by-mark", "K=20%", *store),
        "change.pdf": ("uncertainty", "361027", "2022", "--against", "2021", "--draws", "100", "--by-mark", "K=20%", *store),
        "table.pdf": ("assets", "table", "361027", "2021", "2022", "--valuation", str(how), *store),
    }
    for name, call in calls.items():
        gep(*call, "--lang", "zh", "--report", str(tmp_path / name))
        content = (tmp_path / name).read_bytes()
        assert measure_pdf(content) == [], name
        assert "编制人" in read_text(content, "pdf")


def test_the_same_call_gives_the_same_bytes(gep: Program, tmp_path: Path) -> None:
    put_files("carbon.md", tmp_path)
    for form in FORMS:
        made = []
        for at in (1, 2):
            target = tmp_path / f"{at}.{form}"
            gep("carbon", "flow", str(tmp_path / "flows.csv"), "--report", str(target))
            made.append(target.read_bytes())
        assert made[0] == made[1], form


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("flow.txt", "reports are not written as .txt"),
        ("flow", "reports are not written as a file without ending"),
        ("flows.csv", "reports are not written as .csv"),
        ("mine.pdf", "not made by this command"),
    ],
)
def test_a_paper_that_cannot_be_written_is_refused_and_nothing_is_destroyed(
    gep: Program, tmp_path: Path, target: str, said: str
) -> None:
    put_files("carbon.md", tmp_path)
    (tmp_path / "mine.pdf").write_bytes(b"filled in by hand")
    flows = tmp_path / "flows.csv"
    before = flows.read_bytes()
    refused = gep("carbon", "flow", str(flows), "--report", str(tmp_path / target), code=2)
    assert said in refused.stderr
    assert flows.read_bytes() == before
    assert (tmp_path / "mine.pdf").read_bytes() == b"filled in by hand"


def test_hostile_texts_stay_texts_on_paper(gep: Program, tmp_path: Path) -> None:
    name, flows = "=HYPERLINK(1)<script>alert(1)</script>" + "长" * 80, tmp_path / "flows.csv"
    flows.write_text(
        f"year,kind,item,amount,unit,source\n2015,gain,{name},0.9,Tg_C,{name}\n2015,loss,{name},0.1,Tg_C,s\n", "utf-8"
    )
    for form in FORMS:
        gep("carbon", "flow", str(flows), "--lang", "zh", "--report", str(tmp_path / f"flow.{form}"))
    assert "<script>" not in (tmp_path / "flow.html").read_text("utf-8")
    cells = [cell for sheet in openpyxl.load_workbook(tmp_path / "flow.xlsx") for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert measure_pdf((tmp_path / "flow.pdf").read_bytes()) == []
