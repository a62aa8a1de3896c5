"""Says which figures of a sheet were read although nobody sees them; what is read is known to whoever looks at the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.files.hidden_cells import find_hidden_columns, is_invisible, is_row_hidden
from gep.files.workbook_cells import print_cell_address, print_column_letters, read_cell_text
from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gep.inputs.workbook.book import Book

_SEEN = ("title", "member", "unit", "value", "source", "note")
"""Columns that people go by; that of ids is hidden in the workbook as it is written."""
_RULE = "figures stand in the open"


def say_hidden(book: Book, sheet: Any, head: int, columns: Mapping[str, int], rows: Sequence[Mapping[str, Any]]) -> None:
    """Put findings into the book for the figures of a sheet that nobody sees.

    Parameters
    ----------
    head    : the row of the headings
    columns : column → its number
    rows    : the figures that were read of the sheet
    """
    for row in rows:
        line = row["line"]
        if is_row_hidden(sheet, line):
            found = say("the row is hidden; its figure {value} is read", value=row["value"])
            book.finding("C", "hidden", row["cell"], line, found, _RULE, "show the row, or empty it")
        for name in ("value", "unit", "member"):
            if name in columns and read_cell_text((cell := sheet.cell(line, columns[name])).value) and is_invisible(cell):
                place = print_cell_address(sheet, line, columns[name])
                found = say(
                    "the cell shows nothing: {text} is written in the colour of its ground, and is read", text=str(cell.value)
                )
                book.finding("C", "hidden", place, line, found, _RULE, "write it in black, or empty the cell")
    hidden = find_hidden_columns(sheet)
    for name in _SEEN:
        column = columns.get(name, 0)
        count = sum(bool(read_cell_text(sheet.cell(row["line"], column).value)) for row in rows) if column in hidden else 0
        if count:
            found = say(
                "the column {column} ({title}) is hidden; what stands in it is read (rows: {count})",
                column=print_column_letters(column),
                title=read_cell_text(sheet.cell(head, column).value),
                count=count,
            )
            book.finding("C", "hidden", print_cell_address(sheet, head, column), head, found, _RULE, "show the column")
    if rows and sheet.sheet_state != "visible":
        found = say("the hidden sheet {title} holds {count} figures; they are read", title=sheet.title, count=len(rows))
        book.finding("C", "hidden", print_cell_address(sheet, 1, 1), 1, found, _RULE, "show the sheet, or delete it")
