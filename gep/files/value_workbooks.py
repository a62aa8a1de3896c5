"""Workbooks in the binary formats of Excel and WPS (.xls, .et, .xlsb): their values, laid out as openpyxl reads a workbook.

Nothing else of them is known: no formula, no number format, no raised or struck-out character, no hidden row; a cell that shows
an error is empty. Whoever reads them says so.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from gep.files.compound_files import is_cut_short
from gep.files.ghost_rows import MOST_CELLS, MOST_ROWS
from gep.files.workbook_guard import OLD
from gep.messages.problems import Problem
from gep.messages.texts import say

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_WANTED = "a workbook in .xlsx, as gep new writes it"
BINARY_PART = "xl/workbook.bin"


def holds_values_only(content: bytes) -> bool:
    """Return whether a file is a workbook in a binary format, whatever its name ends in."""
    if content.startswith(OLD):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return BINARY_PART in archive.namelist()
    except zipfile.BadZipFile:
        return False


def read_values(content: bytes, shown: str) -> Any | Problem:
    """Return a workbook of the values of a binary one, or the problem that keeps it from being read.

    Parameters
    ----------
    content : of a file that may be opened
    shown   : the path as the problem names it
    """
    from openpyxl import Workbook
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    if content.startswith(OLD) and is_cut_short(content):
        found_text = "the file is cut short: it names more parts than it holds"
        return Problem(shown, 0, found_text, _WANTED, "copy it again from where it was made, whole")
    made = Workbook()
    made.remove(made.worksheets[0])
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for about in book.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = made.create_sheet(about.name)
                sheet.title = about.name
                sheet.sheet_state = "visible" if about.visible == SheetVisibleEnum.Visible else "hidden"
                found = _lay_out(book.get_sheet_by_name(about.name), sheet, shown)
                if found is not None:
                    return found
    except PasswordError:
        return Problem(shown, 0, "the file has a password", _WANTED, "save it as .xlsx without a password")
    except BaseException as error:  # whatever the reader meets in a broken file, its own panics too, which are no `Exception`
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        hint = "open it in Excel or WPS and save it as .xlsx; if it does not open there, copy it again from where it was made"
        return Problem(shown, 0, "the file is damaged, or locked in a way that is not known", _WANTED, hint)
    return made


def _lay_out(source: CalamineSheet, sheet: Any, shown: str) -> Problem | None:
    from openpyxl.utils.exceptions import IllegalCharacterError

    if source.end is None:
        return None
    rows, columns = source.end[0] + 1, source.end[1] + 1
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        found = say("the sheet {sheet} has {rows:,} rows", sheet=source.name, rows=rows)
        return Problem(shown, 0, found, say("at most {rows:,} rows", rows=MOST_ROWS), "large tables are given as CSV or Parquet")
    for line, row in enumerate(source.to_python(skip_empty_area=False), start=1):
        for column, value in enumerate(row, start=1):
            if value != "":
                try:
                    sheet.cell(line, column).value = value
                except IllegalCharacterError:
                    sheet.cell(line, column).value = "".join(letter for letter in str(value) if letter.isprintable())
                if isinstance(value, str):
                    sheet.cell(line, column).data_type = "s"  # text that begins with = is no formula
    for (top, left), (bottom, right) in source.merged_cell_ranges or ():
        if (bottom - top + 1) * (right - left + 1) > 1:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return None
