"""Makes a book of figures that were typed into the forms of the platform: the same rows as a workbook of the same figures gives."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.files.dittos import say_written_out, stands_for_another
from gep.inputs.workbook.book import Book
from gep.inputs.workbook.figure import read_number
from gep.inputs.workbook.layout import read_texts
from gep.inputs.workbook.read import name_members
from gep.messages.problems import Problem
from gep.messages.texts import say
from gep.reference.periods import as_year, is_period
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS, SERVICES
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

PLACE = "填报"
"""What addresses of typed figures begin with."""


TITLES = {
    **{name: titles[1] for name, titles in SERVICE_TITLES.items()},
    **{line.id: line.title for service in SERVICES.values() for line in service.lines if line.id not in SERVICE_TITLES},
}
"""Service or line → its title, as the form of applicability shows it."""


@dataclass(frozen=True)
class TypedFigure:
    """A figure as it was typed; `at` is the time as it is to be printed, `origin` the file and cell it was uploaded from, if it was."""

    variable: str
    member: str
    value: str
    unit: str
    source: str
    note: str
    shown: str
    at: str
    origin: str = ""

    @property
    def address(self) -> str:
        """Where the figure stands, as traces and certificates print it: 填报/气象局/降水量 (张三, 2026-03-02 10:14)."""
        form, title = find_form(self.variable)
        member = "" if self.member in {"", read_texts()["whole"]} else f" {self.member}"
        origin = f", {self.origin}" if self.origin else ""
        return f"{PLACE}/{form}/{title}{member} ({self.shown}, {self.at}{origin})"


def find_form(identity: str) -> tuple[str, str]:
    """Return the Chinese name of the form where a figure or statement stands, and its own."""
    if identity in VARIABLES:
        return VARIABLES[identity].department, VARIABLES[identity].title.zh
    sheets = read_texts()["sheets"]
    if identity in COEFFICIENTS:
        return str(sheets["coefficients"]), COEFFICIENTS[identity].title.zh
    return str(sheets["applicability"]), TITLES[identity].zh if identity in TITLES else identity


def make_book(
    county: str,
    year: int,
    figures: Iterable[TypedFigure],
    standard: str = "",
    price_year: str = "",
    explanations: dict[tuple[str, str, str], str] | None = None,
) -> Book:
    """Return typed figures as what is read of a workbook; a figure that is no number is a problem at its address.

    Parameters
    ----------
    county : six-digit code
    figures : those with an empty value are no figures
    standard, price_year : what was chosen for the account; empty: nothing
    explanations : code, address and what was found → what was written about it
    """
    book = Book(
        f"{PLACE}/{county}/{year}",
        county=county,
        year=str(year),
        standard=standard,
        price_year=price_year,
        explanations=explanations or {},
    )
    if is_period(year):
        book.year = f"{as_year(year)}年均"  # the forms ask for amounts of a year
    book.cells = {"standard": str(read_texts()["cover"]["standard"]), "price_year": str(read_texts()["cover"]["price_year"])}
    for one in figures:
        if not one.value.strip():
            continue
        place = one.address
        own = Book(place)
        value = read_number(own, one.value, "", 0, "a number without unit and words")
        book.problems += own.problems
        book.findings += own.findings
        if stands_for_another(one.source.strip()):
            found = say("the source is {text}", text=one.source.strip())
            book.problems.append(
                Problem(place, 0, found, "the document that the figure stands in", say_written_out(one.source.strip()))
            )
        given = json.dumps([one.variable, one.member, one.value, one.unit, one.source, one.note], ensure_ascii=False)
        book.addresses[place] = hashlib.sha256(given.encode()).hexdigest()
        if value is None:
            continue
        row = {
            "county": county,
            "year": book.year,
            "variable": one.variable,
            "value": value,
            "unit": one.unit,
            "source": one.source,
            "note": one.note,
            "line": 0,
            "file": place,
            **dict.fromkeys(("cell", "cell_unit", "cell_id", "cell_member"), ""),
            **name_members(one.variable, one.member),
        }
        book.rows.append(row)
        if one.variable in VARIABLES:
            book.departments.add(VARIABLES[one.variable].department)
    return book
