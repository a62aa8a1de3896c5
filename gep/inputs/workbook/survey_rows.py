"""Turns the classes of the sheet of the land survey into areas of ecosystem types; each area keeps the cells it was added up from."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gep.formula.nodes import ECOSYSTEM
from gep.inputs.workbook.layout import list_known_members
from gep.inputs.workbook.survey_sheet import DEPARTMENT, PREFIX
from gep.messages.texts import say
from gep.reference.crosswalk import Crosswalk, read_shipped_crosswalk
from gep.reference.survey_types import SURVEY, turn_into_types
from gep.units.registry import UnitError, find_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.inputs.workbook.book import Book
    from gep.reference.survey_types import TypeArea

JOIN = "+"
"""Between the cells of an area that was added up: 土地调查!E7+E8."""
_CODE = re.compile(r"[0-9]{2}[0-9A-Za-z]{0,3}")
_LEAST_SHARE = Fraction(1, 1000)
"""Part of a class above others that may be lost in rounding its parts."""


def read_class_code(text: str) -> str:
    """Return the code of a land class that begins a text (0201 果园) as the id of its row; empty where none does."""
    found = _CODE.match(text.strip())
    return f"{PREFIX}{found[0].upper()}" if found else ""


def add_up_classes(book: Book, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of areas by ecosystem type that rows of land classes add up to; what is wrong is noted in the book.

    Parameters
    ----------
    rows : of one sheet, `variable` the prefix and the code of the class; `product` the type that the county takes it as
    """
    crosswalk = read_shipped_crosswalk(SURVEY)
    given: dict[str, dict[str, Any]] = {}
    areas: dict[str, Fraction] = {}
    for row in rows:
        code = row["variable"].removeprefix(PREFIX)
        if code in given:
            said = say("class {code} stands already in {cell}", code=code, cell=given[code]["cell"])
            book.problem(row["cell"], row["line"], said, "each class once")
            continue
        area = _read_area(book, row, code)
        if area is None:
            continue
        given[code], areas[code] = row, area
    crosswalk = _take_as(book, crosswalk, given)
    found = turn_into_types(crosswalk, areas)
    for code in found.unknown:
        row = given[code]
        said = say("there is no class {code} in the land survey", code=code)
        book.problem(row["cell"], row["line"], said, "a code of the third national land survey, such as 0201")
    for whole in found.wholes:
        row = given[whole.code]
        if abs(whole.area - whole.parts) > _LEAST_SHARE * whole.area:
            said = say(
                "class {code} is {area:,.4f} km2, the classes below it add up to {parts:,.4f} km2",
                code=whole.code,
                area=float(whole.area),
                parts=float(whole.parts),
            )
            book.problem(row["cell"], row["line"], said, "a class is the sum of those below it", "correct one of them")
    if found.types:
        book.departments.add(DEPARTMENT)
    return [_make_row(one, given) for one in found.types]


def _read_area(book: Book, row: dict[str, Any], code: str) -> Fraction | None:
    """Return the area of a row in km²; None where a problem was noted."""
    try:
        factor = Fraction(str(find_factor(row["unit"], "km^2")))
    except UnitError:
        book.problem(
            row["cell_unit"], row["line"], say("unit of class {code} is {unit!r}", code=code, unit=row["unit"]), "公顷, 亩, km²"
        )
        return None
    try:
        area = Fraction(row["value"]) * factor
    except ValueError:
        said = say("the area of class {code} is {value!r}", code=code, value=row["value"])
        book.problem(row["cell"], row["line"], said, "a number; 0 where the county has none")
        return None
    if area < 0:
        book.problem(
            row["cell"], row["line"], say("the area of class {code} is {value!r}", code=code, value=row["value"]), "0 or more"
        )
        return None
    return area


def _take_as(book: Book, crosswalk: Crosswalk, given: dict[str, dict[str, Any]]) -> Crosswalk:
    """Return the crosswalk with the types that the county chose on its rows."""
    changed = {one.code: one for one in crosswalk.classes}
    for code, row in given.items():
        found = crosswalk.find(code)
        text = row["product"]
        column, chosen = list_known_members().get(text, ("", ""))
        if found is None or not text or chosen == found.ecosystem:
            continue
        if column != ECOSYSTEM:
            said = say("class {code} is taken as {text!r}", code=code, text=text)
            book.problem(row["cell_member"], row["line"], said, "an ecosystem type", "choose one of the list")
            continue
        changed[code] = replace(found, code=code, ecosystem=chosen)
    return replace(crosswalk, classes=tuple(changed.values()))


def _make_row(one: TypeArea, given: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the row of a type: as it was written where one class makes it, else the sum, with every class in the note."""
    rows = [given[code] for _, code, _ in one.classes]
    first = rows[0]
    sheet = first["cell"].partition("!")[0]
    alone = len(rows) == 1 and one.area == Fraction(first["value"]) * Fraction(str(find_factor(first["unit"], "km^2")))
    units = {row["unit"] for row in rows}
    unit = units.pop() if len(units) == 1 else "km²"
    total = one.area / Fraction(str(find_factor(unit, "km^2")))
    classes = "，".join(f"{code} {found.name} {given[code]['value']} {given[code]['unit']}" for found, code, _ in one.classes)
    notes = "；".join(dict.fromkeys([classes, *(row["note"] for row in rows if row["note"])]))
    return {
        **first,
        "variable": "area",
        "ecosystem": one.ecosystem,
        "pollutant": "",
        "product": "",
        "value": first["value"] if alone else _print_exactly(total),
        "unit": unit,
        "source": "；".join(dict.fromkeys(row["source"] for row in rows if row["source"])),
        "note": notes,
        "cell": f"{sheet}!" + JOIN.join(row["cell"].partition("!")[2] for row in rows),
    }


def _print_exactly(number: Fraction) -> str:
    """Return a number as a decimal text: every digit where it ends, else the nearest float."""
    for digits in range(13):
        scaled = number * 10**digits
        if scaled.denominator == 1:
            text = f"{scaled.numerator:0{digits + 1}d}"
            return f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return repr(float(number))
