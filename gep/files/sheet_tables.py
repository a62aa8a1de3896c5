"""Sheets of workbooks as tables of text, for readers of tables: what a cell shows counts, and what nobody sees is refused."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gep.files.hidden_cells import find_hidden_columns, judge_unseen
from gep.files.merged_cells import find_merged_rows
from gep.files.number_formats import read_display_of
from gep.files.workbook_cells import find_struck_text, judge_formula, open_workbook, print_cell_address, read_cell_text
from gep.messages.problems import Problem
from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Row = tuple[int, list[str]]

SEARCHED = 20
"""Rows from the top among which the heads of a table are looked for: titles and notes may stand above them."""
LONGEST = 15
"""Digits that spreadsheets keep of a number; those behind them are zeros that nobody wrote."""
_PLAIN = {"", "元", "¥", "￥"}
_ZEROS = re.compile("0{2,}")


def read_sheet_rows(path: Path, shown: str, wanted: Sequence[str]) -> tuple[list[Row], list[Problem]]:
    """Return the rows of the one visible sheet that has the heads, from the row of the heads on, with their numbers; and what is wrong.

    Parameters
    ----------
    wanted : heads that the table must have; where no sheet has them, the first sheet is returned for the reader to say so
    """
    opened = open_workbook(path, shown)
    if isinstance(opened, Problem):
        return [], [opened]
    sheets = [sheet for sheet in opened[0].worksheets if sheet.sheet_state == "visible"]
    having = [(sheet, line) for sheet in sheets if (line := _find_head(sheet, wanted))]
    if len(having) > 1:
        names = "、".join(sheet.title for sheet, _ in having)
        return [], [
            Problem(
                shown, 0, say("several sheets hold such a table: {names}", names=names), "one table", "a file for each of them"
            )
        ]
    if not sheets:
        return [], [Problem(shown, 0, "the cell stands in a hidden sheet", "what counts stands in the open")]
    sheet, head = having[0] if having else (sheets[0], 1)
    rows: list[Row] = []
    problems = find_merged_rows(shown, sheet, head, range(1, sheet.max_column + 1))
    formulas, hidden = opened[1][sheet.title], find_hidden_columns(sheet)
    for cells in sheet.iter_rows(min_row=head):
        line = cells[0].row
        problems += [
            Problem(shown, line, *wrong, print_cell_address(sheet, line, cell.column))
            for cell in cells
            if (wrong := _judge(sheet, cell, formulas, hidden))
        ]
        rows.append((line, [_read_text(cell) for cell in cells]))
    width = max((at for _, row in rows for at, text in enumerate(row, 1) if text), default=0)
    return [(line, row[:width]) for line, row in rows], problems


def _find_head(sheet: Any, wanted: Sequence[str]) -> int:
    """Return the row that has the heads, from 1; 0 where none of the first rows does."""
    rows = sheet.iter_rows(max_row=SEARCHED, values_only=True)
    return next((at for at, row in enumerate(rows, 1) if set(wanted) <= {str(cell).strip() for cell in row}), 0)


def _judge(sheet: Any, cell: Any, formulas: Any, hidden: frozenset[int]) -> tuple[str, str, str] | None:
    """Return what is wrong with a cell, what is expected and a hint; None where its text counts."""
    if cell.value is None and formulas is sheet:
        return None
    if cell.value is None:
        return judge_formula(cell, formulas.cell(cell.row, cell.column).value)
    if unseen := judge_unseen(sheet, [cell], hidden):
        return unseen
    if struck := find_struck_text(cell):
        return (
            say("the cell shows {value}, of which {marked} is struck out", value=_read_text(cell)[:40], marked=struck[:40]),
            "a figure or a text that counts",
            "take out what is struck out",
        )
    if cell.data_type == "e":
        return say("the cell shows the error {text}", text=str(cell.value)), "a figure or a text that counts", ""
    display = read_display_of(cell)
    if display is not None and (display.scale != 1 or display.label not in _PLAIN):
        found = say("the cell holds {value} and shows {text}", value=_read_text(cell), text=display.text)
        return found, "a number that is shown as it is", "format the cell as General or as text, and write what is meant"
    if isinstance(cell.value, int | float) and len(_read_text(cell).lstrip("-").partition(".")[0]) > LONGEST:
        return (
            say("{text} is a number of more than {count} digits", text=_read_text(cell), count=LONGEST),
            "such a number as text",
            "spreadsheets keep 15 digits of a number; format the cell as text and write it again",
        )
    return None


def _read_text(cell: Any) -> str:
    """Return the text of a cell: a day as 2024-03-31, a month as 2024-03, a number in plain decimals, 0012 where the format fills up."""
    value = cell.value
    if isinstance(value, datetime | date):
        code = re.sub(r'\[[^\]]*\]|"[^"]*"', "", cell.number_format or "").lower()
        return f"{value:%Y-%m-%d}" if "d" in code or "y" not in code else f"{value:%Y-%m}"
    if isinstance(value, int) and not isinstance(value, bool) and _ZEROS.fullmatch(cell.number_format or ""):
        return f"{value:0{len(cell.number_format)}d}"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return read_cell_text(value).strip()
