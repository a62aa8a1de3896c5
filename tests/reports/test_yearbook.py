"""The yearbook of an area: sums, ranks, maps and pages against the store."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from report_store import write_inputs

from gep.messages.problems import Problems
from gep.reports.writing import Options, make
from gep.reports.yearbook import Yearbook, is_area, make_yearbook
from gep.store.saving import save
from gep.store.store import Store
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def store(grids: Path) -> Path:
    return grids


def yearbook(store: Path, area: str, year: int = 2019, lang: str = "zh") -> Yearbook:
    found = is_area(area)
    assert found is not None
    with Store(store) as connection:
        return make_yearbook(connection, found, year, None, lang)


def test_an_area_is_a_province_or_prefecture() -> None:
    for text, code in (("360000", "360000"), ("江西省", "360000"), ("赣州市", "360700"), ("360700", "360700")):
        found = is_area(text)
        assert found is not None
        assert found.code == code
    assert is_area("361027") is None
    assert is_area("nowhere") is None


def test_the_province_is_the_sum_of_its_counties_in_order(store: Path) -> None:
    made = yearbook(store, "360000")
    with Store(store) as connection:
        rows = connection.execute(
            "SELECT county, gep / 1e8 FROM gep_account WHERE year = 2019 ORDER BY gep DESC, county"
        ).fetchall()
    ranking = [row for row in made.tables["ranking"].rows if row.kind == ""]
    assert [row.cells[2] for row in ranking] == [code for code, _ in rows]
    assert [row.cells[3] for row in ranking] == pytest.approx([value for _, value in rows])
    total = sum(value for _, value in rows)
    assert made.tables["ranking"].rows[-1].cells[3] == pytest.approx(total)
    assert sum(cell for cell in made.tables["prefectures"].column("gep") if isinstance(cell, float)) == pytest.approx(total)
    assert made.tables["ranking"].rows[-1].cells[4] is None  # no county has material supply: not zero
    assert len(made.pages) == 100
    assert [page.rank for page in made.pages] == list(range(1, 101))
    assert {len(figure.points) for figure in made.figures.values()} == {100}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_prefecture_as_pdf_and_html(store: Path, lang: str) -> None:
    made = yearbook(store, "360300", lang=lang)  # 5 counties
    pdf = PdfReader(io.BytesIO(make(made, Options("pdf", lang))))
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in pdf.pages))
    assert len(made.pages) == 5
    for page in made.pages:
        assert page.name.replace(" ", "") in text
        assert page.total.shown in text
    assert ("萍乡市" if lang == "zh" else "Pingxiang") in text
    assert "审图号" in text
    assert make(made, Options("html", lang)) == make(yearbook(store, "360300", lang=lang), Options("html", lang))


def test_other_forms_of_a_yearbook(store: Path) -> None:
    made = yearbook(store, "360300")
    found = json.loads(make(made, Options("json")))
    assert found["format"] == "gep-yearbook"
    assert len(found["report"]["pages"]) == 5
    book = load_workbook(io.BytesIO(make(made, Options("xlsx"))))
    assert book["1 各县排名"]["D2"].value == pytest.approx(made.pages[0].total.value / 1e8 if made.pages[0].total.value else 0)
    for form in ("docx", "seea"):
        with pytest.raises(Problems, match="a report of this kind is not written as"):
            make(made, Options(form))


def test_counties_without_data_or_account_are_named_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "gep.duckdb"
    save(
        run_account([write_inputs(tmp_path, "360302,2022,agricultural_output_value,,,2,亿元,s,", "360313,2022,gdp,,,1,亿元,s,")]),
        path,
    )
    made = yearbook(path, "萍乡市", 2022)
    assert made.total.shown == "2.0000"
    assert [row.cells[0] for row in made.tables["ranking"].rows] == ["1", "", ""]
    assert made.pages[1].total.shown == "—"
    page = make(made, Options("html")).decode()
    assert page.count("在 1 个县中列第 1 位。") == 1  # a county without a value has no place
    assert "在 1 个县中列第 2 位" not in page
    said = " ".join(made.summary)
    assert "有 1 个县完成核算" in said
    assert "没有该年核算结果的有 3 个" in said
    with pytest.raises(Problems, match="no county of 萍乡市 has an account of 2020"):
        yearbook(path, "萍乡市", 2020)
