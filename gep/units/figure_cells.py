"""Judges the cell of a figure before its number counts: a formula never calculated, raised marks, another number shown than is stored."""

from __future__ import annotations

from typing import Any

from gep.files.number_formats import read_display_of
from gep.files.workbook_cells import find_marked_text, judge_formula
from gep.messages.texts import say
from gep.units.displayed import agrees_with_unit
from gep.units.registry import UnitError, find_factor, remove_price_year

Fault = tuple[str, str, str]
"""What was found, what was expected, and a hint."""


def judge_figure(cell: Any, content: object, unit: str, *, is_of_unit: bool = True) -> Fault | None:
    """Return what is wrong with the cell of a figure; None where the text in it counts.

    Parameters
    ----------
    content : what the cell holds in place of its value: a formula
    unit    : as given on the row
    is_of_unit : whether the unit of the row is certainly that of this cell; if not, only a label of the same kind is held against it
    """
    return judge_formula(cell, content) or judge_marks(cell) or judge_display(cell, unit, is_of_unit=is_of_unit)


def judge_marks(cell: Any) -> Fault | None:
    """Return that a part of a cell is raised or struck out; None where none is."""
    marked = find_marked_text(cell).strip()
    if not marked:
        return None
    return (
        say("the cell shows {value}, of which {marked} is raised or struck out", value=str(cell.value), marked=marked),
        "a number without unit and words",
        "write the figure alone, without the mark of a note; empty the cell if the figure was struck out",
    )


def judge_display(cell: Any, unit: str, *, is_of_unit: bool = True) -> Fault | None:
    """Return that a cell shows another amount than its number in the unit of its row; None where it shows that."""
    display = read_display_of(cell)
    if display is None:
        return None
    label = display.label if is_of_unit or is_same_kind(display.label, unit) else ""
    if agrees_with_unit(display.scale, label, unit):
        return None
    if display.label == "%" and (not unit or not is_of_unit or is_same_kind("%", unit)):
        return (
            say("value is {value} in a cell that shows a percentage", value=f"{cell.value:.15g}"),
            "the number as it is to be read",
            say("write {number} in a plain cell and % in the column of units", number=f"{cell.value * 100:.15g}"),
        )
    return (
        say(
            "the number format of the cell shows {shown!r}, the figure stored is {value}, and its unit is {unit}",
            shown=display.text,
            value=f"{cell.value:,.15g}",
            unit=unit,
        ),
        say("a plain number in {unit}", unit=unit),
        "format the cell as a number, see that the figure is right in its unit, or choose the unit that is shown",
    )


def is_same_kind(one: str, other: str) -> bool:
    """Return whether two units measure the same; a text that is no unit measures nothing."""
    try:
        find_factor(remove_price_year(one), remove_price_year(other))
    except UnitError:
        return False
    return True
