"""Says which figures stand beside the column of values, in rows whose value is empty: in last year's column, among the notes, in a column of somebody's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.files.workbook_cells import print_cell_address, print_column_letters, read_cell_text
from gep.files.written_numbers import NUMBER, THOUSANDS, is_year, narrow_digits
from gep.inputs.workbook.layout import read_texts
from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gep.inputs.workbook.book import Book

_NAMED = 8
"""Cells that a finding names one by one."""
_NO_FIGURES = ("id", "title", "member", "value")
_AT_MOST = 40
"""Columns of a sheet that are looked at."""
_SAME = 1e-9
"""Relative difference of two figures that programs which save workbooks make of one."""


def say_beside(
    book: Book, sheet: Any, head: int, columns: Mapping[str, int], empty: Sequence[int], filled: Sequence[int]
) -> None:
    """Put a finding (C) into the book for each column whose figures stand where the value of the row is empty.

    A figure of last year that was changed beside a value has no effect, which is said too (D).

    Parameters
    ----------
    head    : the row of the headings
    columns : column → its number
    empty, filled : the rows of figures whose value is empty, and those whose value was read
    """
    titles = {at: read_cell_text(sheet.cell(head, at).value) for at in range(1, min(sheet.max_column, _AT_MOST) + 1)}
    words = read_texts()["columns"]
    known = {
        name: next((at for at, title in titles.items() if title == words[name]), 0) for name in ("number", "last", "shipped")
    }
    left_out = {columns.get(name, 0) for name in _NO_FIGURES} | {known["number"], known["shipped"]}
    text_columns = {columns.get(name, 0) for name in ("unit", "source", "note")}
    value = titles[columns["value"]]
    for column, title in titles.items():
        if column in left_out:
            continue
        lines = [line for line in empty if _is_figure(sheet.cell(line, column).value, among_texts=column in text_columns)]
        changed: list[int] = []
        if column == known["last"]:
            changed = _list_changed(sheet, filled, column, known["shipped"]) if known["shipped"] else []
            lines = _list_typed(sheet, lines, filled, column, known["shipped"])
        letters = print_column_letters(column)
        if lines:
            found = say(
                "the column {column} holds figures where {value} is empty: {cells}; they are not read (figures: {count})",
                column=title or letters,
                value=value,
                cells=_name_cells(sheet, lines, column),
                count=len(lines),
            )
            rule = say("the figures of the year stand in the column {value}", value=value)
            place = print_cell_address(sheet, lines[0], column)
            book.finding("C", "beside", place, lines[0], found, rule, "move them there, or take them out")
        if changed:
            found = say(
                "figures of {column} were changed: {cells}; they are not read (figures: {count})",
                column=title or letters,
                cells=_name_cells(sheet, changed, column),
                count=len(changed),
            )
            rule = say("the figures of the year stand in the column {value}", value=value)
            book.finding("D", "beside", print_cell_address(sheet, changed[0], column), changed[0], found, rule)


def _name_cells(sheet: Any, lines: Sequence[int], column: int) -> str:
    named = (f"{print_column_letters(column)}{at} ({read_cell_text(sheet.cell(at, column).value)})" for at in lines[:_NAMED])
    return ", ".join(named) + (" …" if len(lines) > _NAMED else "")


def _list_typed(sheet: Any, lines: Sequence[int], filled: Sequence[int], last: int, shipped: int) -> list[int]:
    """Return the rows whose figure of last year was typed: it is not the one that the workbook came with.

    A workbook that does not say what it came with shows last year's figures in rows with a value too, if it came with any.
    """
    if shipped:
        return _list_changed(sheet, lines, last, shipped)
    return [] if any(_is_figure(sheet.cell(line, last).value) for line in filled) else list(lines)


def _list_changed(sheet: Any, lines: Sequence[int], last: int, shipped: int) -> list[int]:
    return [
        line
        for line in lines
        if (now := _read(sheet.cell(line, last).value)) is not None
        and ((came := _read(sheet.cell(line, shipped).value)) is None or abs(now - came) > _SAME * max(abs(now), abs(came)))
    ]


def _is_figure(value: object, *, among_texts: bool = False) -> bool:
    """Return whether a cell holds a number; the plain unit 1 and years among texts are none."""
    number = _read(value)
    return number is not None and not (among_texts and (number == 1 or is_year(read_cell_text(value))))


def _read(value: object) -> float | None:
    """Return the number in a cell, None where it holds none."""
    if value is None or isinstance(value, bool):
        return None
    text = narrow_digits(read_cell_text(value))
    return float(text.replace(",", "")) if NUMBER.fullmatch(text) or THOUSANDS.fullmatch(text) else None
