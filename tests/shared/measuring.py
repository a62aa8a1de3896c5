"""Measures what is printed: PDF by the boxes of its letters, workbooks and Word files by their own widths; what is wrong, in words.

Nothing beyond the margins, no column under three characters, no number on two lines, no row lower than its words, heads on each page.
"""

from __future__ import annotations

import ctypes
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
import pypdfium2 as pdfium
from docx import Document
from openpyxl.utils import range_boundaries
from pypdfium2 import raw

POINTS = 72 / 25.4
HAIR = 2.0
"""Points by which letters may hang over."""
NUMBER = re.compile(r"[≈<>+−-]*\d[\d,]*(?:\.\d+)?%?")
MARK = re.compile(r"\W+|\d+|[KVDT?]")
"""What fills a cell though it is short: a number, a mark, a dash."""
NARROWEST = 3
"""Characters of a column."""
A4 = 9
NAMES_AND_TEXTS = 2
"""Columns of a sheet that needs no head."""


@dataclass(frozen=True)
class Line:
    """A run of letters beside each other on a page, in points from the left and from below."""

    text: str
    left: float
    right: float
    base: float
    size: float


def measure_pdf(content: bytes, margin: float = 18, numbers: set[str] | None = None) -> list[str]:
    """What is wrong with the pages of a PDF.

    Parameters
    ----------
    margin  : millimetres of white at the left and right
    numbers : numbers that must stand somewhere, each on one line; None: none is looked for
    """
    wrong = []
    texts = []
    for at, page in enumerate(pdfium.PdfDocument(content), 1):
        lines = list(_read_lines(page))
        texts += [line.text for line in lines]
        white = margin * POINTS - HAIR
        beyond = [line.text for line in lines if line.left < white or line.right > page.get_width() - white]
        wrong += [f"page {at}: beyond the margin: {text}" for text in beyond]
        wrong += [f"page {at}: one letter a line: {text}" for text in _find_stacks(lines)]
    whole = "\n".join(texts)
    wrong += [f"broken or missing: {number}" for number in sorted(numbers or ()) if number not in whole]
    return wrong


def _read_lines(page: pdfium.PdfPage) -> Iterator[Line]:
    """Letters in the order in which they were written, as runs that go on to the right."""
    text = page.get_textpage()
    box = [ctypes.c_double() for _ in range(4)]
    origin = [ctypes.c_double() for _ in range(2)]
    matrix = raw.FS_MATRIX()
    run: list[tuple[str, float, float, float]] = []
    for at in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text.raw, at))
        if not letter.strip():
            continue
        raw.FPDFText_GetCharBox(text.raw, at, *(ctypes.byref(one) for one in box))
        raw.FPDFText_GetCharOrigin(text.raw, at, *(ctypes.byref(one) for one in origin))
        raw.FPDFText_GetMatrix(text.raw, at, ctypes.byref(matrix))
        left, right, base = box[0].value, box[1].value, origin[1].value
        size = raw.FPDFText_GetFontSize(text.raw, at) * (abs(matrix.d) or 1)  # a browser makes the letters of a wide page smaller
        if run and (left < run[-1][2] - size or left > run[-1][2] + size or abs(base - run[-1][3]) > size * 0.6):
            yield _join(run, size)
            run = []
        run.append((letter, left, right, base))
    if run:
        yield _join(run, size)


def _join(run: list[tuple[str, float, float, float]], size: float) -> Line:
    return Line("".join(one[0] for one in run), run[0][1], run[-1][2], run[0][3], size)


def _find_stacks(lines: list[Line]) -> Iterator[str]:
    """Words that stand one or two letters to a line, three lines below each other."""
    for above, middle, below in zip(lines, lines[1:], lines[2:], strict=False):
        three = (above, middle, below)
        steps = [above.base - middle.base, middle.base - below.base]
        beside = max(one.left for one in three) - min(one.left for one in three) < HAIR
        near = all(0 < step < 1.7 * above.size for step in steps)
        thin = all(measure(one.text) < NARROWEST and not MARK.fullmatch(one.text) for one in three)
        words = len({one.text for one in three}) > 1  # one word three times is a column of units
        if beside and near and thin and words and abs(steps[0] - steps[1]) < 1:
            yield " / ".join(one.text for one in three)


def measure(text: str) -> float:
    """How many characters wide a text is, a Chinese one counted as 2 and a Latin one as 1."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text) / 2


def list_numbers(page: str) -> set[str]:
    """Numbers in the cells of an HTML page that stand at the right, as they are seen."""
    cells = re.findall(r'<td class="r">(.*?)</td>', page, re.DOTALL)
    return {cell for cell in cells if NUMBER.fullmatch(cell)}


def measure_workbook(content: bytes, several: frozenset[str] = frozenset()) -> list[str]:
    """What is wrong with the sheets of a workbook on paper.

    Parameters
    ----------
    several : sheets with several tables below each other, which have no one head to repeat
    """
    wrong = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        if sheet.sheet_state != "visible":
            continue
        setup = sheet.sheet_properties.pageSetUpPr
        if not sheet.print_area:
            wrong.append(f"{sheet.title}: no print area")
            continue
        if setup is None or not setup.fitToPage or (sheet.page_setup.fitToWidth or 1) != 1:
            wrong.append(f"{sheet.title}: not as wide as a page")
        if sheet.page_setup.paperSize != A4:
            wrong.append(f"{sheet.title}: not A4")
        across, down = range_boundaries(sheet.print_area.split("!")[1].replace("$", ""))[2:]
        assert across
        assert down
        if (
            across > NAMES_AND_TEXTS
            and sheet.title not in several
            and not sheet.print_title_rows
            and sheet.page_setup.fitToHeight == 0
            and down > 45
        ):
            wrong.append(f"{sheet.title}: heads are not repeated")
        widths = _list_widths(sheet, across)
        if min(filter(None, widths)) < 2 * NARROWEST - 0.5:
            wrong.append(f"{sheet.title}: a column of {min(widths)} characters")
        if sum(widths) > 230:
            wrong.append(f"{sheet.title}: {sum(widths):.0f} characters across")
        wrong += _measure_cells(sheet, widths)
    return wrong


def _list_widths(sheet: Any, across: int) -> list[float]:
    widths = [8.43] * across
    for one in sheet.column_dimensions.values():
        for at in range(one.min or 0, min(one.max or 0, across) + 1):
            widths[at - 1] = 0.0 if one.hidden else one.width
    return widths


def _measure_cells(sheet: Any, widths: list[float]) -> Iterator[str]:
    merged = {cell for area in sheet.merged_cells.ranges for row in sheet[area.coord] for cell in (one.coordinate for one in row)}
    for row in sheet.iter_rows(max_col=len(widths)):
        for cell, width in zip(row, widths, strict=True):
            if cell.value is None or not width or cell.coordinate in merged:
                continue
            if isinstance(cell.value, int | float):
                shown = _show(cell.value, cell.number_format)
                if len(shown) > width - 0.5:
                    yield f"{sheet.title}!{cell.coordinate}: #### for {shown}"
            elif cell.alignment.wrap_text:
                lines = -(-2 * measure(str(cell.value)) // (width - 1))
                high = sheet.row_dimensions[cell.row].height or 15
                if lines * 12 > high + 3 and high < 400:
                    yield f"{sheet.title}!{cell.coordinate}: {lines:.0f} lines in {high} points: {str(cell.value)[:30]}"


def _show(value: float, form: str) -> str:
    """A number as a spreadsheet shows it in the formats that the program uses."""
    decimals = len(form.partition(".")[2].rstrip("%").replace("#", "0")) if "." in form else 0
    if form == "General":
        return f"{value:.10g}"
    if form.endswith("%"):
        return f"{value:.{decimals}%}"
    return f"{value:,.{decimals}f}" if form.startswith("#,##") else f"{value:.{decimals}f}"


def measure_word(content: bytes) -> list[str]:
    """What is wrong with the tables of a Word file."""
    wrong = []
    document = Document(io.BytesIO(content))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    rooms = _list_rooms(document, w)
    for at, (table, room) in enumerate(zip(document.element.body.iter(f"{w}tbl"), rooms, strict=True), 1):
        widths = [int(one.get(f"{w}w")) / 20 for one in table.find(f"{w}tblGrid")]
        if sum(widths) > room + HAIR:
            wrong.append(f"table {at}: {sum(widths):.0f} points wide on {room:.0f}")
        rows = list(table.iter(f"{w}tr"))
        if len(widths) > NAMES_AND_TEXTS and len(rows) > 40 and rows[0].find(f"{w}trPr/{w}tblHeader") is None:
            wrong.append(f"table {at}: heads are not repeated")
        for row in rows:
            cells = row.findall(f"{w}tc")
            if len(cells) != len(widths):
                continue
            for cell, width in zip(cells, widths, strict=True):
                text = "".join(one.text or "" for one in cell.iter(f"{w}t"))
                size = next((int(one.get(f"{w}val")) / 2 for one in cell.iter(f"{w}sz")), 9.5)
                inside = width - 8
                if text and inside < NARROWEST * size:
                    wrong.append(f"table {at}: a column of {inside / size:.1f} characters: {text[:20]}")
                if NUMBER.fullmatch(text) and sum(0.3 if one in ",." else 0.58 for one in text) * size > inside:
                    wrong.append(f"table {at}: broken: {text}")
    return wrong


def _list_rooms(document: Any, w: str) -> Iterator[float]:
    """Width between the margins of the page that each table stands on, in points."""
    waiting = 0
    for element in document.element.body:
        waiting += element.tag == f"{w}tbl"
        section = element if element.tag == f"{w}sectPr" else element.find(f"{w}pPr/{w}sectPr")
        if section is not None:
            size, margins = section.find(f"{w}pgSz"), section.find(f"{w}pgMar")
            room = (int(size.get(f"{w}w")) - int(margins.get(f"{w}left")) - int(margins.get(f"{w}right"))) / 20
            yield from [room] * waiting
            waiting = 0
