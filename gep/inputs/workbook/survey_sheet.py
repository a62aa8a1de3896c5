"""Writes the sheet of areas as the land survey has them: a row a class by its code, with the ecosystem type it is taken as."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from gep.files.lists import read_list
from gep.inputs.workbook.layout import list_absent_services, list_units, number_sheet, read_texts, show_member
from gep.paths import LISTS
from gep.reference.crosswalk import read_shipped_crosswalk
from gep.reference.members import read_ecosystems
from gep.reference.regions import list_chain
from gep.reference.survey_types import SURVEY
from gep.units.registry import find_factor
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import NATURAL_RESOURCES

if TYPE_CHECKING:
    from gep.inputs.workbook.last_year import LastYear

DEPARTMENT = NATURAL_RESOURCES
"""The department that has the land survey; the sheet follows its own."""
PREFIX = f"{SURVEY}:"
"""Begins the id of a row, before the code of the class."""


def list_classes(county: str) -> list[str]:
    """Return the codes of the classes that a county is asked for: those of the form but for what cannot be there."""
    within = ("", *list_chain(county))
    absent_services = list_absent_services(county)
    absent = {
        row["code"]
        for row in read_list(LISTS / "absent_classes.csv")
        if row["region"] in within and (not row["without_service"] or row["without_service"] in absent_services)
    }
    return [code for code in read_texts()["survey"]["codes"] if code not in absent]


def write_survey(book: Any, county: str, title: str, last: LastYear) -> None:
    """Write the sheet into a workbook under construction.

    Parameters
    ----------
    book   : as of `gep.inputs.workbook.write`
    county : six-digit code
    title  : stands above the sheet
    last   : whose areas stand beside the classes that make a type alone
    """
    words = read_texts()["survey"]
    name = read_texts()["sheets"]["survey"]
    columns = ("number", "class", "type", "unit", "value", "last", "source", "note", "id", "shipped")
    sheet = book.sheet(name, f"{number_sheet(name)}　{title}", words["hint"], columns)
    sheet.write_string(2, 1, words["class"], book.head)
    sheet.write_string(2, 2, words["type"], book.head)
    classes = read_shipped_crosswalk(SURVEY).by_code
    units = ["公顷", *(unit for unit in list_units(VARIABLES["area"]) if unit != "公顷")]
    codes = list_classes(county)
    alike = Counter(classes[code].ecosystem for code in codes)
    rows = [*codes, *[""] * int(words["rows"])]
    for at, code in enumerate(rows, start=3):
        found = classes.get(code)
        sheet.write_number(at, 0, at - 2, book.plain)
        sheet.write_string(at, 1, f"{code} {found.name}" if found else "", book.plain if found else book.text)
        open_type = found is None or found.ambiguous
        sheet.write_string(at, 2, show_member(found.ecosystem) if found else "", book.text if open_type else book.plain)
        if found is not None and open_type:
            book.check(sheet, at, 2, {"validate": "list", "source": _list_alike(found.ecosystem), "error_type": "warning"})
        sheet.write_string(at, 3, units[0], book.text)
        book.check(sheet, at, 3, {"validate": "list", "source": units, "error_type": "warning"})
        sheet.write_blank(at, 4, None, book.number)
        book.check(sheet, at, 4, {"validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True})
        before = last.rows.get(("area", show_member(found.ecosystem))) if found and alike[found.ecosystem] == 1 else None
        book.write_last(sheet, at, None if before is None else before.value / find_factor(units[0], VARIABLES["area"].unit))
        sheet.write_string(at, 6, "", book.text)
        sheet.write_string(at, 7, "", book.text)
        sheet.write_string(at, 8, f"{PREFIX}{code}" if code else "", book.code)
    book.count_needed(sheet, len(codes))
    cells = f"E4:E{3 + len(rows)}"
    sheet.write_formula(0, 7, words["total"].format(cells=cells), book.needed, "")


def _list_alike(ecosystem: str) -> list[str]:
    """Return the names of the types beside a type, which a class that others take otherwise may be taken as."""
    known = read_ecosystems()
    parent = known[ecosystem].parent
    return [show_member(name) for name, member in known.items() if (member.parent == parent and parent) or name == ecosystem]
