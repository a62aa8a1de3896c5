"""Reads one figure of a workbook: what is plainly meant is understood and noted, the rest is a problem of its cell."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from gep.files.workbook_cells import is_empty_by_formula, judge_formula, read_cell_text, read_formula
from gep.files.written_numbers import NUMBER, THOUSANDS, narrow_digits
from gep.inputs.hints import suggest_number
from gep.messages.texts import say
from gep.reference.county_references import is_reference_word
from gep.units.figure_cells import is_same_kind, judge_display, judge_marks

if TYPE_CHECKING:
    from gep.inputs.workbook.book import Book

NOTHING = {"-", "--", "—", "——", "/", "\\", "无", "暂无", "缺", "n/a", "na", "null", "none", "*"}
DOES_NOT_APPLY = {"不适用", "not applicable"}
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}


def read_figure(book: Book, cell: Any, formula: object, place: str, line: int, unit: str) -> str | None:
    """Return the figure in a cell as text, or None where nothing is filled in or a problem was noted in the book.

    Parameters
    ----------
    cell    : with its stored value
    formula : what the cell holds in place of the value, if anything
    place   : `sheet!E7`
    line    : the row of the sheet
    unit    : as given on the row, against which what the number format shows is judged
    """
    value = cell.value
    expected = "a number without unit and words"
    unsaved, formula = judge_formula(cell, formula), read_formula(formula)
    if unsaved:
        book.problem(place, line, *unsaved)
        return None
    if formula:
        if is_empty_by_formula(cell):
            return None
        if "[" in formula or "://" in formula or "|" in formula:
            book.finding(
                "C",
                "link",
                place,
                line,
                say("the figure {value} comes from another file by {formula}", value=read_cell_text(value), formula=formula[:40]),
                "figures stand in this workbook",
                "paste it as a value; links are not followed",
            )
    if value is None:
        return None
    if marked := judge_marks(cell):
        book.problem(place, line, *marked)
        return None
    if isinstance(value, bool):
        book.problem(place, line, say("the cell is {value}", value=str(value).upper()), expected)
        return None
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        book.problem(
            place,
            line,
            say("the cell is a date or time ({value})", value=value),
            expected,
            "format the cell as a number and write the figure again",
        )
        return None
    if isinstance(value, int | float):
        if shown := judge_display(cell, unit):
            book.problem(place, line, *shown)
            return None
        return repr(float(value)) if isinstance(value, float) else str(value)
    return read_number(book, str(value), place, line, expected, unit)


def read_number(book: Book, written: str, place: str, line: int, expected: str, unit: str = "") -> str | None:
    """Return the number that a person wrote as a text, or None where it is none or a problem was noted in the book; as `read_figure`."""
    text = narrow_digits(written)
    if not text or text.lower() in DOES_NOT_APPLY or is_reference_word(text):
        return text or None
    if text.lower() in NOTHING:
        book.finding(
            "C",
            "nothing",
            place,
            line,
            say("the cell says {text!r}; it is read as no figure", text=written.strip()),
            "a figure that is not at hand is left empty, a true zero is 0",
            "empty the cell, or write 0",
        )
        return None
    if text in _ERRORS:
        book.problem(
            place, line, say("the cell shows the error {text}", text=text), expected, "correct the formula, or write the figure"
        )
        return None
    repaired = text.replace(",", "") if THOUSANDS.fullmatch(text) else text
    if NUMBER.fullmatch(repaired):
        if repaired != written:
            book.finding(
                "D",
                "text",
                place,
                line,
                say("the text {text!r} is read as {number}", text=written, number=repaired),
                "figures are numbers, not text",
            )
        return repaired
    book.problem(
        place,
        line,
        say("the cell says {text!r}", text=written.strip()),
        expected,
        suggest_number(text, "单位", unit, lambda other: not unit or is_same_kind(other, unit))
        or "a figure that is not at hand is left empty",
    )
    return None
