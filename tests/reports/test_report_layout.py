"""Every table of every form is measured: nothing past the margins, no column under three characters, no number on two lines."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pypdfium2 as pdfium
import pytest
from openpyxl.utils import range_boundaries
from pypdfium2 import raw

from gep.reports.content import make_report
from gep.reports.layout import BESIDE, LYING, NUMERIC, UPRIGHT, lay_out, measure_letters
from gep.reports.model import GROUP, MONEY, NUMBER, SUM, Column, Report, Row, Table
from gep.reports.numbers import print_cell
from gep.reports.writing import Options, make
from gep.reports.yearbook import Yearbook, is_area, make_yearbook
from gep.store.store import Store

MARGIN = 18 / 25.4 * 72
"""Points of white at the left and right of a page."""
HAIR = 2.0
"""Points by which letters may hang over."""


@pytest.fixture(params=["zh", "en"])
def reports(request: pytest.FixtureRequest, two_years: Path, grids: Path) -> list[Report | Yearbook]:
    """A county with everything a report can have, its totals so large that columns are wide, and a yearbook."""
    with Store(two_years) as store:
        county = make_report(store, 2, 0, request.param)
    area = is_area("361000")
    assert area is not None
    with Store(grids) as store:
        book = make_yearbook(store, area, 2019, None, request.param)
    return [county, replace(county, tables={name: _widen(one) for name, one in county.tables.items()}), book]


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


def test_no_column_is_narrower_than_its_numbers_or_three_characters(reports: list[Report | Yearbook]) -> None:
    for report in reports:
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


def _lines(page: pdfium.PdfPage) -> tuple[list[str], float, float]:
    """Return the lines of a page's text, and how far left and right its letters reach, in points."""
    text = page.get_textpage()
    found = text.get_text_range()
    left, right = 1e9, 0.0
    box = [ctypes.c_double() for _ in range(4)]
    for at in range(text.count_chars()):
        if chr(raw.FPDFText_GetUnicode(text.raw, at)).strip():
            raw.FPDFText_GetCharBox(text.raw, at, *(ctypes.byref(one) for one in box))
            left, right = min(left, box[0].value), max(right, box[1].value)
    return found.splitlines(), left, right


def test_no_letter_of_a_pdf_is_past_the_margin_and_no_number_is_broken(reports: list[Report | Yearbook]) -> None:
    for report in reports:
        pages = pdfium.PdfDocument(make(report, Options("pdf")))
        lines: list[str] = []
        for number, page in enumerate(pages, 1):
            found, left, right = _lines(page)
            lines += found
            assert left >= MARGIN - HAIR, number
            assert right <= page.get_width() - MARGIN + HAIR, (number, found[:3])
        together = "\n".join(lines)
        for table in _tables(report):
            for row in table.rows:
                for cell, column in zip(row.cells, table.columns, strict=False) if row.kind != GROUP else ():
                    shown = print_cell(cell, column)
                    if column.kind in {NUMBER, MONEY} and "^" not in shown:
                        assert shown in together, (table.id, shown)


def test_every_sheet_of_a_workbook_fits_the_width_of_its_pages(reports: list[Report | Yearbook]) -> None:
    for report in reports[:1] + reports[2:]:
        book = openpyxl.load_workbook(io.BytesIO(make(report, Options("xlsx"))))
        for sheet in book.worksheets:
            assert sheet.print_area, sheet.title
            setup = sheet.sheet_properties.pageSetUpPr
            assert setup is not None
            assert setup.fitToPage
            assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)  # 1 is what is not written
            assert sheet.page_setup.paperSize == 9
            last = range_boundaries(sheet.print_area.split("!")[1].replace("$", ""))[2] or 0
            spans = [(one.min or 0, one.max or 0, one.width) for one in sheet.column_dimensions.values()]
            widths = [width for low, high, width in spans for at in range(low, high + 1) if at <= last]
            assert len(widths) == last, sheet.title
            assert min(widths) >= 6, sheet.title
            assert sum(widths) <= 190, sheet.title  # a page that lies holds 150 characters; the printer makes it a little smaller
