"""Enters the price index of a year for all counties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.files.no_source import names_no_source
from gep.inputs.workbook.layout import find_index_end
from gep.messages.problems import refuse, refuse_one
from gep.messages.texts import say
from gep.office.drafts import LONGEST, Cell, save_cells
from gep.office.judging import judge_cells
from gep.office.price_index import EVERYWHERE, INDEX, read_index_years
from gep.variables.base import price_index

if TYPE_CHECKING:
    from gep.office.database import Office
    from gep.office.rights import Person

LAST = 2100
_ANYWHERE = "110101"
"""A county to judge the figure by; its bounds are the same everywhere."""


def write_index_year(
    office: Office, year: int, value: str, unit: str, source: str, seen: int, person: Person, address: str = ""
) -> None:
    """Keep the index of a year, previous year = 100 %; an empty value takes it back.

    Parameters
    ----------
    seen : version of the saving that the person saw; 0: none

    Raises
    ------
    Problems : a year of the shipped index or with a gap before it, no source, a value that is none, or somebody else's meanwhile
    """
    there, end = read_index_years(office), find_index_end(INDEX)
    if not end < year <= LAST or (value and year > there.next):
        refuse_one(
            "YEAR",
            say("year is {text!r}", text=str(year)),
            say("a year after {end}, without a gap: the next is {next}", end=end, next=there.next),
        )
    if value and (names_no_source(source) or len(source) > LONGEST):
        refuse_one("SOURCE", "the index has no source", "the publication it is taken from, with its date")
    cell = Cell(price_index.id, str(year), value, unit, source, version=seen)
    refuse(one.problem for found in judge_cells(_ANYWHERE, year, [cell]).values() for one in found if one.grade == "A")
    saved = save_cells(office, EVERYWHERE, 0, [cell], person, "typed", address)
    if saved.conflicts:
        other = saved.conflicts[0]
        refuse_one(
            "VALUE", say("{who} wrote {value} at {at}", who=other.shown, value=f"{other.value} {other.unit}".strip(), at=other.at)
        )
