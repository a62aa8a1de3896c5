"""Says what of last year's account a new workbook shows beside its empty cells, and what it is filled in with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gep.formula.nodes import Coefficient, Observed
from gep.inputs.workbook.layout import SEPARATOR, Entry, list_units, read_texts, show_member
from gep.rules.catalogue import COEFFICIENTS
from gep.units.registry import print_unit
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gep.formula.nodes import Leaf
    from gep.inputs.given import GivenAccount, GivenAnswer, GivenRow
    from gep.standards.plan import Plan

KEPT = ("price_index",)
"""Variables whose figures say of what year they are: they stay true, and are filled in again."""


@dataclass(frozen=True)
class LastYear:
    """Last year's account, by what is looked up: variable or coefficient, and member as shown in the workbook."""

    year: int
    rows: Mapping[tuple[str, str], GivenRow] = field(default_factory=dict)
    answers: Mapping[str, GivenAnswer] = field(default_factory=dict)
    constant_year: int | None = None
    leaves: Mapping[str, Leaf] = field(default_factory=dict)
    """Variables and coefficients that the program or the standard knows, by id."""

    def list_kept(self) -> list[GivenRow]:
        """Return the rows that a new workbook is filled in with: own coefficients and prices, index rows."""
        return [row for row in self.rows.values() if not isinstance(self.leaves[row.variable], Observed) or row.variable in KEPT]


def arrange(account: GivenAccount, plan: Plan) -> LastYear:
    """Return an account laid out for a new workbook; rows of variables that the plan of its standard does not know are left out."""
    leaves: dict[str, Leaf] = {**COEFFICIENTS, **VARIABLES, **plan.coefficients, **plan.observed}
    rows = {(row.variable, _name_member(row, leaves[row.variable])): row for row in account.rows if row.variable in leaves}
    return LastYear(account.year, rows, {one.identity: one for one in account.answers}, account.constant_year, leaves)


def _name_member(row: GivenRow, leaf: Leaf) -> str:
    """Return what the column of members shows for a row: 全县 where it is of the whole county."""
    shown = SEPARATOR.join(show_member(name) for name in (row.ecosystem, row.pollutant, row.product) if name)
    return shown or (str(read_texts()["whole"]) if leaf.axes else "")


def add_entries(entries: Mapping[str, Sequence[Entry]], last: LastYear) -> dict[str, list[Entry]]:
    """Return the rows of the sheets, with a row for every figure of last year that they lack, beside rows of its kind."""
    found: dict[str, list[Entry]] = {name: list(entries.get(name, ())) for name in DEPARTMENTS}
    for variable, member in last.rows:
        leaf = last.leaves[variable]
        if isinstance(leaf, Observed):
            _insert(found[leaf.department], Entry(leaf, member, list_units(leaf)))
    return {name: rows for name, rows in found.items() if rows}


def add_filled(entries: Mapping[str, list[Entry]], filled: Iterable[tuple[str, str]]) -> dict[str, list[Entry]]:
    """Return the rows of the sheets, with a row for every figure that is filled in and that they lack.

    Parameters
    ----------
    filled : variable and member as shown
    """
    found = {name: list(rows) for name, rows in entries.items()}
    for variable, member in filled:
        leaf = VARIABLES.get(variable)
        if leaf is not None and leaf.department in found and (member or not leaf.axes):
            _insert(found[leaf.department], Entry(leaf, member, list_units(leaf)))
    return found


def list_added(leaf: Coefficient, shown: Iterable[str], given: Iterable[tuple[str, str]]) -> list[str]:
    """Return the members for which a county gave a coefficient of its own and that are not shown yet.

    Parameters
    ----------
    given : coefficient and member as shown, last year or now
    """
    known = set(shown)
    return [member for variable, member in dict.fromkeys(given) if variable == leaf.id and member not in known]


def list_added_coefficients(shown: Iterable[str], last: LastYear) -> list[Coefficient]:
    """Return the coefficients a county gave last year and that the standard does not ask for."""
    known = set(shown)
    return [
        COEFFICIENTS[name] for name in dict.fromkeys(name for name, _ in last.rows) if name in COEFFICIENTS and name not in known
    ]


def read_kept(row: GivenRow, leaf: Leaf) -> tuple[float, str]:
    """Return a row's figure and unit as they were written; in the unit of computation where that was no plain number."""
    try:
        return float(row.value_given), row.unit_given
    except ValueError:
        return row.value, print_unit(leaf.unit.replace("CNY", f"CNY_{row.price_year}") if row.price_year else leaf.unit)


def note_kept(row: GivenRow, year: int) -> str:
    """Return the note of a figure that is filled in from last year: its own, or that it was kept."""
    return row.note or str(read_texts()["kept"]).format(year=year)


def _insert(rows: list[Entry], new: Entry) -> None:
    of_kind = [at for at, one in enumerate(rows) if one.leaf.id == new.leaf.id]
    if any(rows[at].member == new.member for at in of_kind):
        return
    named = [at for at in of_kind if rows[at].member]
    rows.insert((named[-1] + 1) if named else of_kind[0] if of_kind else len(rows), new)
