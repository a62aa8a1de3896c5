"""Leads from the address of a typed figure to its cell in a form, and from a variable to the services that read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from gep.office.account_year import make_figure
from gep.office.drafts import list_savings
from gep.rules.catalogue import list_services_of
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from gep.office.database import Office


@dataclass(frozen=True)
class CellPlace:
    """Where a cell is: the form (Chinese name of the department), the variable and the member as the form shows it."""

    department: str
    variable: str
    member: str
    person: str
    at: str

    @property
    def form(self) -> str:
        """The form with the cell, after the address of the county's year."""
        return f"form/{quote(self.department)}#{name_cell(self.variable, self.member)}"

    @property
    def history(self) -> str:
        """The page of all savings of the cell, after the address of the county's year."""
        return f"form/{quote(self.department)}/history?variable={quote(self.variable)}&member={quote(self.member)}"


def name_cell(variable: str, member: str) -> str:
    """Return the name of a cell in its form, for links to it."""
    return quote(f"c-{variable}-{member}".replace(" ", "_"), safe="")


def find_cells(office: Office, county: str, year: int) -> dict[str, CellPlace]:
    """Return address → cell, of every saving of a county's year: an account may rest on an earlier one."""
    return {
        make_figure(one).address: CellPlace(VARIABLES[one.variable].department, one.variable, one.member, one.shown, one.at)
        for one in list_savings(office, county, year)
        if one.variable in VARIABLES
    }


def list_readers(variable: str) -> list[str]:
    """Return the ids of the services whose rules read a variable."""
    return list_services_of().get(variable, [])
