"""Makes a book of figures that were typed into the forms of the platform: the same rows as a workbook of the same figures gives."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.inputs.workbook.book import Book
from gep.inputs.workbook.figure import read_number
from gep.inputs.workbook.layout import read_texts
from gep.inputs.workbook.read import name_members
from gep.messages.title import Title
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

PLACE = "填报"
"""What addresses of typed figures begin with."""


@dataclass(frozen=True)
class TypedFigure:
    """A figure as it was typed; `at` is the time as it is to be printed."""

    variable: str
    member: str
    value: str
    unit: str
    source: str
    note: str
    shown: str
    at: str

    @property
    def address(self) -> str:
        """Where the figure stands, as traces and certificates print it: 填报/气象局/降水量 (张三, 2026-03-02 10:14)."""
        leaf = VARIABLES.get(self.variable)
        title = leaf.title if leaf is not None else Title(self.variable, self.variable)
        form = leaf.department if leaf is not None else str(read_texts()["sheets"]["coefficients"])
        member = "" if self.member in {"", read_texts()["whole"]} else f" {self.member}"
        return f"{PLACE}/{form}/{title.zh}{member} ({self.shown}, {self.at})"


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
    book.cells = {"standard": str(read_texts()["cover"]["standard"]), "price_year": str(read_texts()["cover"]["price_year"])}
    for one in figures:
        if not one.value.strip():
            continue
        place = one.address
        own = Book(place)
        value = read_number(own, one.value, "", 0, "a number without unit and words")
        book.problems += own.problems
        book.findings += own.findings
        given = json.dumps([one.variable, one.member, one.value, one.unit, one.source, one.note], ensure_ascii=False)
        book.addresses[place] = hashlib.sha256(given.encode()).hexdigest()
        if value is None:
            continue
        row = {
            "county": county,
            "year": str(year),
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
