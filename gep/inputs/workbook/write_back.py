"""Writes what a check found into a copy of the user's own workbook: a sheet with room for explanations, comments and colours."""

from __future__ import annotations

import math
import unicodedata
import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.properties import PageSetupProperties

from gep.files.ghost_rows import drop_ghost_rows
from gep.files.strict_workbooks import make_transitional
from gep.files.writing import write_file
from gep.inputs.workbook.layout import read_texts
from gep.inputs.workbook.survey_rows import JOIN
from gep.messages.findings import GRADES
from gep.messages.texts import say_in

if TYPE_CHECKING:
    from pathlib import Path

    from gep.messages.findings import Finding

COLOURS = {"A": "F4B6B6", "B": "F9D9A8", "C": "FFF2A8", "D": "DCE6F1"}
COLUMNS = ("等级", "代码", "位置", "发现", "规则", "怎样修改", "书面说明")
WIDTHS = (14, 12, 22, 52, 44, 40, 44)
LINE_HEIGHT = 15.0
_AUTHOR = "gep check"


def write_back(source: Path, findings: list[Finding], target: Path, lang: str) -> None:
    """Write a copy of a workbook with its findings: comments and colours at the cells, and a sheet with room for explanations.

    The user's cells keep their contents.

    Parameters
    ----------
    lang : of the texts, `zh` or `en`

    Raises
    ------
    Problems : the copy cannot be written
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(make_transitional(drop_ghost_rows(source.read_bytes()))))
    name = read_texts()["sheets"]["findings"]
    if name in book.sheetnames:
        del book[name]
    of_cell: dict[str, list[Finding]] = {}
    for one in findings:
        if one.problem.cell:
            of_cell.setdefault(one.problem.cell, []).append(one)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == _AUTHOR:
                    cell.comment = None
    for place, several in of_cell.items():
        title, _, at = place.rpartition("!")
        if title not in book.sheetnames:
            continue
        cell = book[title][at.partition(JOIN)[0]]
        if type(cell).__name__ == "MergedCell":
            continue
        said = "\n".join(
            "\n  ".join(filter(None, [f"{one.grade} {one.code}: {found}", *rest]))
            for one in several
            for found, *rest in [_texts(one, lang)]
        )
        comment = Comment(said[:2000], _AUTHOR)
        comment.width, comment.height = 420, 40 + 60 * len(several)
        cell.comment = comment
        cell.fill = PatternFill("solid", start_color=COLOURS[min(one.grade for one in several)])
    sheet = book.create_sheet(name)
    sheet["A1"] = "校验结果：B 级须在“书面说明”一栏写明原因，A 级更正后重新校验"
    sheet["A1"].font = Font(bold=True, size=13)
    for number, (title, wide) in enumerate(zip(COLUMNS, WIDTHS, strict=True), start=1):
        head = sheet.cell(3, number, title)
        head.font, head.fill = Font(bold=True), PatternFill("solid", start_color="D9E2EC")
        sheet.column_dimensions[head.column_letter].width = wide
    for line, one in enumerate(findings, start=4):
        grade = f"{one.grade} {GRADES[one.grade][lang]}"
        row_of = (grade, one.code, one.problem.cell or one.where, *_texts(one, lang), one.explanation)
        for column, text in enumerate(row_of, start=1):
            cell = sheet.cell(line, column)
            cell.value = text
            cell.data_type = "s"  # text stays text, whatever it begins with
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[line].height = LINE_HEIGHT * max(
            _lines(text, wide) for text, wide in zip(row_of, WIDTHS, strict=True)
        )
        sheet.cell(line, 1).fill = PatternFill("solid", start_color=COLOURS[one.grade])
        field = sheet.cell(line, len(COLUMNS))
        field.protection = Protection(locked=False)
        field.fill = PatternFill("solid", start_color="FFF8DC")
    sheet.freeze_panes = "A4"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "3:3"
    book.active = book.sheetnames.index(name)
    content = BytesIO()
    book.save(content)
    write_file(target, content.getvalue(), "copy")


def _lines(text: str, wide: int) -> int:
    """Return how many lines a text takes in a column; not every program works it out when it opens the sheet."""
    columns = sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)
    return max(1, math.ceil(columns / (wide - 2)))


def _texts(one: Finding, lang: str) -> tuple[str, str, str]:
    found, rule, repair = (say_in(text, lang) for text in (one.problem.found, one.problem.expected, one.problem.hint))
    return found, rule, repair
