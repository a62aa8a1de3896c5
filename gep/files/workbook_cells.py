"""Cells of workbooks that people filled in: opened only when they may be, read by their stored values, found by their headings.

Macros, links and objects are never run or followed.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from gep.files.workbook_guard import find_refusal
from gep.messages.problems import Problem
from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]|\x00|<!DOCTYPE")
"""The element of a formula; in UTF-16, or with entities of its own, a part may hide it."""
_WITHOUT_CELLS = ("xl/media/", "xl/printerSettings/", "docProps/")


def open_workbook(path: Path, shown: str) -> tuple[Any, Any] | Problem:
    """Return a workbook as its stored values and as its formulas, or the problem that keeps it from being read.

    The file is never written to; macros, links and objects are not run or followed.

    Parameters
    ----------
    shown : the path as problems name it

    Returns
    -------
    two openpyxl workbooks, values and formulas, one and the same where no cell holds a formula; or a problem
    """
    problem = find_refusal(path, shown)
    if problem is not None:
        return problem
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says what it drops
            content = path.read_bytes()  # a path would stay open if a part is broken
            values = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            formulas = load_workbook(io.BytesIO(content), keep_links=False) if _has_formulas(content) else values
    except Exception as error:  # noqa: BLE001 - a broken part raises whatever the parser meets
        found = say("the file cannot be read as a workbook: {kind}", kind=type(error).__name__)
        return Problem(shown, 0, found, "a workbook in .xlsx", "open it in Excel or WPS and save it again")
    return values, formulas


def _has_formulas(content: bytes) -> bool:
    """Return whether a part may hold a formula; most workbooks that are filled in hold none, and parsing twice takes as long again."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if not name.startswith(_WITHOUT_CELLS)]
        return any(_FORMULA.search(archive.read(name)) for name in names)


def read_cell_text(value: object) -> str:
    """Return a stored value as text.

    Full-width letters become half width, a whole number loses its decimals, and an empty cell is an empty text.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFKC", str(value)).strip()


def print_cell_address(sheet: Any, row: int, column: int) -> str:
    """Return the address of a cell, such as `sheet!E7`; rows and columns count from 1."""
    return f"{sheet.title}!{print_column_letters(column)}{row}"


def print_column_letters(column: int) -> str:
    """Return the letters by which spreadsheets call a column, counted from 1: 5 → E."""
    return str(get_column_letter(column))


def is_shown_as_percent(cell: Any) -> bool:
    """Return whether a cell holds a number and shows it a hundred times larger, with a per cent sign."""
    return isinstance(cell.value, int | float) and "%" in (cell.number_format or "")


def find_headings(
    sheet: Any, known: Mapping[str, Sequence[str]], rows: int, columns: int | None = None
) -> tuple[int, dict[str, list[int]]]:
    """Return the row of a sheet that holds most of the known headings, and the columns under each of them.

    Parameters
    ----------
    known : column → what its heading may be, in small letters without spaces
    rows, columns : how much of the sheet is searched, from its upper left corner; without `columns` the whole width

    Returns
    -------
    the number of the row; column → the numbers of the columns that bear it, in the order of its headings; both count from 1
    """
    best: tuple[int, dict[str, list[int]]] = (0, {})
    for row in sheet.iter_rows(min_row=1, max_row=rows, max_col=columns):
        texts: dict[str, list[int]] = {}
        for cell in row:
            texts.setdefault(read_cell_text(cell.value).lower().replace(" ", ""), []).append(cell.column)
        found = {name: [at for word in words for at in texts.get(word, ())] for name, words in known.items()}
        found = {name: places for name, places in found.items() if places}
        if len(found) > len(best[1]):
            best = (row[0].row, found)
    return best
