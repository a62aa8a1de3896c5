"""Cells of workbooks that people filled in: opened only when they may be, read by their stored values, found by their headings.

Macros, links and objects are never run or followed.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any, TypeGuard

from gep.files.ghost_rows import drop_ghost_rows
from gep.files.strict_workbooks import make_transitional
from gep.files.value_workbooks import holds_values_only, read_values
from gep.files.workbook_guard import find_refusal
from gep.files.written_numbers import normalise_text
from gep.messages.problems import Problem
from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from openpyxl.cell.rich_text import CellRichText, TextBlock

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]|\x00|<!DOCTYPE")
"""The element of a formula; in UTF-16, or with entities of its own, a part may hide it."""
_RAISED = {"superscript", "subscript"}
_SUPERSCRIPTS = str.maketrans("0123456789-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻")
_WITHOUT_CELLS = ("xl/media/", "xl/printerSettings/", "docProps/")


def open_workbook(path: Path, shown: str) -> tuple[Any, Any] | Problem:
    """Return a workbook as its stored values and as its formulas, or the problem that keeps it from being read.

    The file is never written to; macros, links and objects are not run or followed.

    Parameters
    ----------
    shown : the path as problems name it

    Returns
    -------
    two openpyxl workbooks, values and formulas, one and the same where no cell holds a formula or none can be known; or a problem
    """
    problem = find_refusal(path, shown)
    if problem is not None:
        return problem
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says what it drops
            content = path.read_bytes()  # a path would stay open if a part is broken
            if holds_values_only(content):
                read = read_values(content, shown)
                return read if isinstance(read, Problem) else (read, read)
            content = make_transitional(drop_ghost_rows(content))
            values = load_workbook(io.BytesIO(content), data_only=True, keep_links=False, rich_text=True)
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
    return normalise_text(str(value))


def print_cell_address(sheet: Any, row: int, column: int) -> str:
    """Return the address of a cell, such as `sheet!E7`; rows and columns count from 1."""
    return f"{sheet.title}!{print_column_letters(column)}{row}"


def print_column_letters(column: int) -> str:
    """Return the letters by which spreadsheets call a column, counted from 1: 5 → E."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


def find_marked_text(cell: Any) -> str:
    """Return the part of a cell's content that is raised, lowered or struck out; empty where nothing is."""
    if cell.value is None:
        return ""
    if cell.has_style and (cell.font.strike or cell.font.vertAlign in _RAISED):
        return str(cell.value)
    if not _is_in_runs(cell.value):
        return ""
    return "".join(str(part) for part in cell.value if not isinstance(part, str) and (part.font.strike or _is_raised(part)))


def find_struck_text(cell: Any) -> str:
    """Return the part of a cell's content that is struck out; empty where nothing is. Raised and lowered runs of a unit are its powers."""
    if cell.value is None:
        return ""
    if cell.has_style and cell.font.strike:
        return str(cell.value)
    parts = cell.value if _is_in_runs(cell.value) else ()
    return "".join(str(part) for part in parts if not isinstance(part, str) and part.font.strike)


def read_unit_text(value: object) -> str:
    """Return a unit as it stands in a cell, with its powers: 10⁴ t stays 10⁴ t, and a run that is raised becomes raised digits."""
    if not _is_in_runs(value):
        return "" if value is None else read_cell_text(value) if isinstance(value, int | float) else str(value).strip()
    parts = (
        str(part).translate(_SUPERSCRIPTS) if not isinstance(part, str) and _is_raised(part) else str(part) for part in value
    )
    return "".join(parts).strip()


def read_formula(content: object) -> str:
    """Return the formula of a cell, of an array formula too; empty where the cell holds none."""
    if isinstance(content, str) or content is None:
        return content if content and content.startswith("=") else ""
    from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

    text = content.text if isinstance(content, ArrayFormula) else None
    return text if text and text.startswith("=") else "=" if isinstance(content, DataTableFormula) else ""


def is_empty_by_formula(cell: Any) -> bool:
    """Return whether a formula was calculated and gives empty text; the cell looks empty and holds no figure."""
    return cell.value is None and cell.data_type == "str"


def judge_formula(cell: Any, content: object) -> tuple[str, str, str] | None:
    """Return what is wrong with a cell whose formula was never calculated, what is expected and a hint; None with any other.

    Parameters
    ----------
    content : what the cell holds in place of its value
    """
    formula = read_formula(content)
    if not formula or cell.value is not None or is_empty_by_formula(cell):
        return None
    return (
        say("the formula {formula} has no stored value", formula=formula[:40]),
        "a figure",
        "open the file in Excel or WPS, let it calculate, and save it",
    )


def _is_in_runs(value: object) -> TypeGuard[CellRichText]:
    """Return whether the text of a cell has fonts of its own inside: openpyxl gives a list of texts and of runs then."""
    return isinstance(value, list)


def _is_raised(part: TextBlock) -> bool:
    return part.font.vertAlign in _RAISED


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
    wide = sheet.max_column if columns is None else min(columns, sheet.max_column)
    for row in sheet.iter_rows(min_row=1, max_row=min(rows, sheet.max_row), max_col=wide):  # beyond it cells would be made
        texts: dict[str, list[int]] = {}
        for cell in row:
            texts.setdefault(read_cell_text(cell.value).lower().replace(" ", ""), []).append(cell.column)
        found = {name: [at for word in words for at in texts.get(word, ())] for name, words in known.items()}
        found = {name: places for name, places in found.items() if places}
        if len(found) > len(best[1]):
            best = (row[0].row, found)
    return best
