"""The sheet of the land survey: areas by class, the ecosystem types they add up to, and their way into the area cells of the draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from gep.files.written_numbers import NUMBER
from gep.inputs.row_conflicts import AREA_TOLERANCE
from gep.inputs.row_units import find_unit_step
from gep.inputs.workbook.book import Book
from gep.inputs.workbook.figure import read_number
from gep.inputs.workbook.layout import show_member
from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.texts import Name, say
from gep.office.drafts import Cell, read_draft, save_cells
from gep.reference.crosswalk import read_shipped_crosswalk
from gep.reference.members import name_member
from gep.reference.survey_types import SURVEY, turn_into_types
from gep.units.registry import UnitError
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.office.database import Office
    from gep.office.drafts import Saved
    from gep.office.rights import Person
    from gep.reference.crosswalk import Crosswalk, LandClass

AREA, LAND = "area", "land_area"
UNITS = ("公顷", "亩", "km²")
EMPTY = 5
"""Rows for classes of the county's own, such as those below a class of the sheet."""


@dataclass(frozen=True)
class SurveyRow:
    """A class and what is typed for it; `known` is its row of the crosswalk, None where the county writes the code."""

    code: str
    known: LandClass | None
    cell: Cell


@dataclass(frozen=True)
class Transfer:
    """An area cell of the draft as it is, and as the survey has it; an empty value where the survey has no such type any more."""

    now: Cell
    given: Cell


@dataclass(frozen=True)
class SurveySheet:
    """The sheet of a county and year.

    Attributes
    ----------
    total : sum of the classes that are counted, km²
    land  : land area in the draft, km²; None where none is typed
    problems : what stands in the way of taking the areas over
    doubts : what should be looked at: sums that differ
    """

    rows: tuple[SurveyRow, ...]
    transfers: tuple[Transfer, ...]
    same: int
    total: float
    land: float | None
    problems: tuple[Problem, ...]
    doubts: tuple[Problem, ...]


@cache
def read_survey_classes() -> Crosswalk:
    """Return the classes of the land survey and their ecosystem types, read once."""
    return read_shipped_crosswalk(SURVEY)


def read_survey(office: Office, county: str, year: int) -> SurveySheet:
    """Return the sheet: what is typed, what it adds up to, and what taking it over would change."""
    draft = read_draft(office, county, year)
    typed = {key[1]: cell for key, cell in draft.items() if key[0] == SURVEY}
    classes = read_survey_classes()
    none = Cell(SURVEY, "", unit=UNITS[0])
    own = [code for code, cell in typed.items() if code not in classes.by_code and any((cell.value, cell.source, cell.note))]
    rows = [SurveyRow(one.code, one, typed.get(one.code, replace(none, member=one.code))) for one in classes.classes]
    rows += [SurveyRow(code, None, typed[code]) for code in own] + [SurveyRow("", None, none)] * EMPTY
    areas, problems = _read_areas(typed)
    found = turn_into_types(classes, areas)
    problems += [
        Problem(
            _place(code),
            0,
            say("class {code} is no class of the land survey", code=code),
            "a code of the classes, or one that begins with it",
        )
        for code in found.unknown
    ]
    doubts = [
        Problem(
            _place(one.code),
            0,
            say(
                "class {code} is {area:,.2f} hm², the classes below it add up to {parts:,.2f} hm²",
                code=one.code,
                area=float(one.area) * 100,
                parts=float(one.parts) * 100,
            ),
            "a class and the classes below it of one sum",
            "the classes below it are counted",
        )
        for one in found.wholes
        if one.area != one.parts
    ]
    total = sum((one.area for one in found.types), Fraction())
    land = _read_land(draft)
    if land and abs(float(total) - land) / land > AREA_TOLERANCE and total:
        doubts.append(
            Problem(
                "",
                0,
                say("the classes add up to {total:,.2f} km², the land area is {land:,.2f} km²", total=float(total), land=land),
                say("a difference of at most {share:.1%}", share=AREA_TOLERANCE),
                "see whether a class is missing or stands twice",
            )
        )
    transfers, same = [], 0
    given = {show_member(one.ecosystem): _make_area(one.classes, typed, one.area) for one in found.types}
    for (variable, type_name), cell in draft.items():
        if variable == AREA and cell.way == "survey" and cell.value and type_name not in given:
            given[type_name] = Cell(AREA, type_name, "", cell.unit)
    for member, cell in given.items():
        now = draft.get((AREA, member), Cell(AREA, member))
        if now.content == cell.content:
            same += 1
        else:
            transfers.append(Transfer(now, replace(cell, version=now.version)))
    return SurveySheet(tuple(rows), tuple(transfers), same, float(total), land, tuple(problems), tuple(doubts))


def transfer_survey(office: Office, county: str, year: int, seen: Mapping[str, int], person: Person, address: str = "") -> Saved:
    """Save the areas of ecosystem types that the survey adds up to into the draft, each with the classes it was added up from.

    Parameters
    ----------
    seen : member → version of the area cell that was shown

    Returns
    -------
    Saved: cells that somebody changed since they were shown are as that person left them

    Raises
    ------
    Problems : a class that is no number or not known, or nothing to take over
    """
    sheet = read_survey(office, county, year)
    if sheet.problems:
        raise Problems(sheet.problems)
    cells = [replace(one.given, version=seen[one.given.member]) for one in sheet.transfers if one.given.member in seen]
    if not cells:
        refuse_one("SURVEY", "there is no area to take over", "areas of classes that differ from the draft")
    return save_cells(office, county, year, cells, person, "survey", address)


def judge_survey(cells: list[Cell]) -> dict[tuple[str, str], list[Problem]]:
    """Return what is wrong in cells of the sheet, by their keys."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for cell in cells:
        _, problems = _read_areas({cell.member: cell})
        if read_survey_classes().find(cell.member) is None and not any(
            one.code.startswith(cell.member) for one in read_survey_classes().classes
        ):
            problems.append(
                Problem(
                    _place(cell.member),
                    0,
                    say("class {code} is no class of the land survey", code=cell.member),
                    "a code of the classes, or one that begins with it",
                )
            )
        if problems:
            found[cell.key] = problems
    return found


def _read_areas(typed: Mapping[str, Cell]) -> tuple[dict[str, Fraction], list[Problem]]:
    """Return the areas of classes in km², and what cannot be read."""
    areas: dict[str, Fraction] = {}
    problems: list[Problem] = []
    for code, cell in typed.items():
        if not cell.value.strip():
            continue
        book = Book(_place(code))
        value = read_number(book, cell.value, "", 0, "a number without unit and words")
        problems += book.problems
        if value is None or not NUMBER.fullmatch(value):
            continue
        try:
            factor, _ = find_unit_step(VARIABLES[AREA], cell.unit)
        except UnitError:
            problems.append(Problem(book.file, 0, say("the unit is {unit!r}", unit=cell.unit), "a unit of area"))
            continue
        if Decimal(value) < 0:
            problems.append(Problem(book.file, 0, say("the area is {value}", value=value), "at least 0"))
            continue
        areas[code] = Fraction(Decimal(value)) * Fraction(factor).limit_denominator(10**9)
    return areas, problems


def _read_land(draft: Mapping[tuple[str, str], Cell]) -> float | None:
    cell = draft.get((LAND, ""))
    if cell is None or not NUMBER.fullmatch(cell.value):
        return None
    try:
        return float(cell.value) * find_unit_step(VARIABLES[LAND], cell.unit)[0]
    except UnitError:
        return None


def _make_area(classes: tuple[tuple[LandClass, str, Fraction], ...], typed: Mapping[str, Cell], area: Fraction) -> Cell:
    """Return the area cell of a type: in the unit of its classes where they have one, else in km²; with sources and classes."""
    cells = [typed[code] for _, code, _ in classes]
    units = {cell.unit for cell in cells}
    unit = units.pop() if len(units) == 1 else "km²"
    factor = Fraction(find_unit_step(VARIABLES[AREA], unit)[0]).limit_denominator(10**9)
    sources = "；".join(dict.fromkeys(cell.source for cell in cells if cell.source))
    parts = " + ".join(f"{code} {known.name} {float(part / factor):.15g} {unit}" for known, code, part in classes)
    member = show_member(classes[0][0].ecosystem)
    return Cell(AREA, member, f"{float(area / factor):.15g}", unit, sources, "", origin=f"三调 {parts}"[:600])


def _place(code: str) -> Name:
    return Name(f"land survey {code}", f"三调 {code}")


def name_type(known: LandClass) -> Name:
    """Return what the ecosystem type of a class is called."""
    return Name(str(name_member(known.ecosystem)), show_member(known.ecosystem))
