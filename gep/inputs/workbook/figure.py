"""Reads one figure of a workbook: what is plainly meant is understood and noted, the rest is a problem of its cell."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from gep.files.workbook_cells import is_shown_as_percent, read_cell_text
from gep.messages.texts import say

if TYPE_CHECKING:
    from gep.inputs.workbook.book import Book

_NOTHING = {"-", "--", "—", "——", "/", "\\", "无", "暂无", "缺", "n/a", "na", "null", "none", "*"}
_DOES_NOT_APPLY = {"不适用", "not applicable"}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}


def read_figure(book: Book, cell: Any, formula: object, place: str, line: int, unit: str) -> str | None:
    """Return the figure in a cell as text, or None where nothing is filled in or a problem was noted in the book.

    Parameters
    ----------
    cell    : with its stored value
    formula : what the cell holds in place of the value, if anything
    place   : `sheet!E7`
    line    : the row of the sheet
    unit    : as given on the row, against which a cell that is shown as per cent is judged
    """
    value = cell.value
    expected = "a number without unit and words"
    if isinstance(formula, str) and formula.startswith("="):
        if value is None:
            book.problem(
                place,
                line,
                say("the formula {formula} has no stored value", formula=formula[:40]),
                "a figure",
                "open the file in Excel or WPS, let it calculate, and save it",
            )
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
        if is_shown_as_percent(cell) and unit not in {"1", "", "-"}:
            book.problem(
                place,
                line,
                say("the cell is formatted as per cent and shows {value:.6%}, and its unit is {unit}", value=value, unit=unit),
                say("a plain number in {unit}", unit=unit),
                "format the cell as a number and write the figure again, or choose the unit 1",
            )
            return None
        return repr(float(value)) if isinstance(value, float) else str(value)
    return _number(book, str(value), place, line, expected)


def _number(book: Book, written: str, place: str, line: int, expected: str) -> str | None:
    text = unicodedata.normalize("NFKC", written).strip().replace("\u200b", "").replace("\ufeff", "")
    if not text or text.lower() in _DOES_NOT_APPLY:
        return text or None
    if text.lower() in _NOTHING:
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
    repaired = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    if _NUMBER.fullmatch(repaired):
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
    tight = text.replace(",", "").replace(" ", "")
    hint = say("write {number}", number=tight) if _NUMBER.fullmatch(tight) else ""
    leading = re.match(r"[+-]?\d+(\.\d+)?", tight)
    if not hint and leading:
        hint = say(
            "write {number} and put {rest} into the column 单位, or {number} alone",
            number=leading.group(),
            rest=tight[leading.end() :],
        )
    book.problem(
        place,
        line,
        say("the cell says {text!r}", text=written.strip()),
        expected,
        hint or "a figure that is not at hand is left empty",
    )
    return None
