"""The forms of the departments: what a county's account needs under its standard, with what is typed, last year's figures and findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from gep.formula.nodes import Observed
from gep.inputs.workbook.layout import SEPARATOR, list_entries, read_texts, show_member
from gep.office.drafts import Cell, read_choices
from gep.standards.plan import make_plan
from gep.standards.standard import DEFAULT, load_standard
from gep.store.inputs import list_figures
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gep.inputs.workbook.layout import Entry
    from gep.messages.title import Title
    from gep.office.database import Office
    from gep.standards.plan import Plan
    from gep.store.store import Store


@dataclass(frozen=True)
class FormRow:
    """One row of a form.

    Attributes
    ----------
    number : serial number in the form
    member : as shown; empty where the county writes it
    own    : whether the county writes the member itself
    units  : that are offered, the first is filled in
    cell   : what is typed there, empty where nothing ever was
    last   : last year's figure in the variable's own unit, None where the store has none
    """

    number: int
    variable: str
    title: Title
    about: Title
    member: str
    own: bool
    units: tuple[str, ...]
    cell: Cell
    last: float | None
    last_unit: str

    @property
    def filled(self) -> bool:
        """Whether a figure is typed."""
        return bool(self.cell.value.strip())


@dataclass(frozen=True)
class Form:
    """The form of a department (its Chinese name)."""

    department: str
    rows: tuple[FormRow, ...]

    @property
    def filled(self) -> int:
        """How many figures are typed."""
        return sum(row.filled for row in self.rows)

    @property
    def wanted(self) -> int:
        """How many figures the form asks for, rows for the county's own members aside."""
        return sum(not row.own or row.filled for row in self.rows)


def choose_plan(office: Office, county: str, year: int) -> Plan:
    """Return the plan of the standard that was chosen for an account, else of the default one."""
    return make_plan_of(read_choices(office, county, year).get("standard") or DEFAULT)


@lru_cache(maxsize=8)
def make_plan_of(standard: str) -> Plan:
    """Return the plan of a shipped standard, made once."""
    return make_plan(load_standard(standard))


@lru_cache(maxsize=8)
def list_form_entries(standard: str) -> dict[str, list[Entry]]:
    """Return the entries of all forms under a shipped standard, made once; the same ones as in the workbook."""
    return list_entries(make_plan_of(standard))


def make_forms(office: Office, store: Store, county: str, year: int, draft: Mapping[tuple[str, str], Cell]) -> list[Form]:
    """Return the forms of a county and year, in the order of the workbook's sheets.

    Parameters
    ----------
    draft : newest saving of each cell
    """
    standard = read_choices(office, county, year).get("standard") or DEFAULT
    entries = list_form_entries(standard)
    last = _read_last(store, county, year)
    return [Form(name, tuple(_rows(entries[name], draft, last))) for name in DEPARTMENTS if name in entries]


def _rows(
    entries: Iterable[Entry], draft: Mapping[tuple[str, str], Cell], last: Mapping[tuple[str, str], float]
) -> Iterable[FormRow]:
    shown: set[tuple[str, str]] = set()
    entries = list(entries)
    number = 0
    for at, entry in enumerate(entries):
        identity = entry.leaf.id
        following = entries[at + 1].leaf.id if at + 1 < len(entries) else ""
        if entry.member:
            number += 1
            shown.add((identity, entry.member))
            yield _row(number, entry, entry.member, draft, last, own=False)
        if identity == following:
            continue
        typed = [key for key, cell in draft.items() if key[0] == identity and key not in shown and any(cell.content)]
        for _, member in typed:
            number += 1
            yield _row(number, entry, member, draft, last, own=True)
        empty = sum(not one.member for one in entries if one.leaf.id == identity)
        for _ in range(max(empty - len(typed), min(empty, 1))):
            number += 1
            yield _row(number, entry, "", draft, last, own=True)


def _row(
    number: int,
    entry: Entry,
    member: str,
    draft: Mapping[tuple[str, str], Cell],
    last: Mapping[tuple[str, str], float],
    *,
    own: bool,
) -> FormRow:
    leaf = entry.leaf
    key = (leaf.id, member)
    unit = leaf.unit.removesuffix("/yr") if isinstance(leaf, Observed) else leaf.unit
    cell = draft.get(key) or Cell(leaf.id, member, unit=entry.units[0] if entry.units else "")
    return FormRow(
        number,
        leaf.id,
        leaf.title,
        leaf.about if isinstance(leaf, Observed) else leaf.title,
        member,
        own,
        entry.units,
        cell,
        last.get(key),
        unit,
    )


def _read_last(store: Store, county: str, year: int) -> dict[tuple[str, str], float]:
    if not store.exists:
        return {}
    with store:
        figures = list_figures(store, county, year - 1)
    found = {}
    for one in figures:
        member = SEPARATOR.join(show_member(name) for name in (one.ecosystem, one.pollutant, one.product) if name)
        found[one.variable, member or str(read_texts()["whole"])] = float(one.value)
        if not member:
            found[one.variable, ""] = float(one.value)
    return found
