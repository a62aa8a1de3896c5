"""Cells merged over several rows: what a form understands, and what a table refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.files.workbook_cells import print_cell_address, read_cell_text
from gep.messages.problems import Problem
from gep.messages.texts import Text, say

if TYPE_CHECKING:
    from collections.abc import Collection


def find_text_cell(sheet: Any, line: int, column: int, area: Any) -> Any:
    """Return the cell whose text counts in a row: of cells merged down one column that of the first, else the cell itself.

    Parameters
    ----------
    area : the merged range that the cell lies in, None where it lies in none
    """
    down = area is not None and area.min_col == area.max_col == column
    return sheet.cell(area.min_row if down else line, column)


def find_merged_rows(file: str, sheet: Any, head: int, columns: Collection[int]) -> list[Problem]:
    """Return a problem for every merged range that holds text in more than one row of a table.

    Parameters
    ----------
    head    : row of the headings; what is merged above it is a title
    columns : numbers of the columns that are read
    """
    found = []
    for area in sheet.merged_cells.ranges:
        if area.max_row == area.min_row or area.max_row <= head or not {*range(area.min_col, area.max_col + 1)} & {*columns}:
            continue
        if area.min_row <= head or read_cell_text(sheet.cell(area.min_row, area.min_col).value):
            where = print_cell_address(sheet, max(area.min_row, head), area.min_col)
            found.append(Problem(file, area.min_row, _say_merged(area.coord), "one cell a row", _HINT, where))
    return found


def _say_merged(area: str) -> Text:
    return say("the cells {area} are merged over several rows", area=area)


_HINT = "split the cells and write in every row what stands in the first"
