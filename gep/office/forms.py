"""The forms of a county's year: what its account needs under its standard, with what is typed, last year's figures and references."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gep.coefficients.shipped import read_shipped_tables
from gep.formula.check import is_priced
from gep.formula.nodes import Observed
from gep.inputs.row_units import find_unit_step
from gep.inputs.workbook.layout import (
    SEPARATOR,
    find_index_end,
    is_used,
    list_absent_services,
    list_coefficient_entries,
    list_entries,
    list_reference_rows,
    list_statements,
    list_units,
    read_texts,
    show_member,
)
from gep.inputs.workbook.typed import find_form
from gep.office.drafts import Cell, read_choices
from gep.reference.county_references import find_county_reference
from gep.reference.periods import find_last_year
from gep.reference.regions import read_regions
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.plan import make_plan
from gep.standards.standard import list_shipped_standards, load_standard
from gep.store.inputs import list_figures
from gep.tasks.settings import expect_standard
from gep.units.currencies import show_money
from gep.units.registry import UnitError, print_unit
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gep.files.schema import BilingualTitle
    from gep.formula.nodes import Leaf
    from gep.messages.title import Title
    from gep.office.database import Office
    from gep.standards.plan import Plan
    from gep.store.store import Store

FIGURES, STATEMENTS, LOCAL = "figures", "statements", "local"
"""Kinds of forms: figures of a department, what does not apply, local parameters and prices."""


@dataclass(frozen=True)
class Reference:
    """The shipped figure that applies where the county has none of its own."""

    value: str
    unit: str
    source: str
    mark: str


@dataclass(frozen=True)
class Entry:
    """One row that a form offers, whatever is typed; `member` is empty where the county writes it."""

    id: str
    title: Title
    about: Title
    member: str
    units: tuple[str, ...]
    last_unit: str
    reference: Reference | None = None
    inside: bool = False
    """Whether it is a line of the service above it."""


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
    change : from last year's, as a share of it; None where one of the two is missing or last year's is zero
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
    change: float | None = None
    reference: Reference | None = None
    inside: bool = False

    @property
    def filled(self) -> bool:
        """Whether a figure is typed."""
        return bool(self.cell.value.strip())


@dataclass(frozen=True)
class Form:
    """A form: of a department (its Chinese name), of what does not apply, or of local parameters; `number` is that of the table (表号)."""

    department: str
    kind: str
    number: str
    rows: tuple[FormRow, ...]

    @property
    def filled(self) -> int:
        """How many figures are typed."""
        return sum(row.filled for row in self.rows)

    @property
    def wanted(self) -> int:
        """How many figures the form asks for, rows for the county's own members aside; none where each may stay empty."""
        return sum(not row.own or row.filled for row in self.rows) if self.kind == FIGURES else 0


def choose_standard(office: Office, store: Store, county: str, year: int) -> str:
    """Return the standard that a run of a draft is computed by: as chosen for the account, else as `expect_standard` has it."""
    return read_choices(office, county, year).get("standard") or expect_standard(store, county, year)


def make_plan_of(standard: str) -> Plan:
    """Return the plan of a standard, made once for each state of its file.

    Parameters
    ----------
    standard : id of a shipped one, or path of a YAML file
    """
    return _make_plan(standard, _find_state(standard))


def list_standard_titles(standard: str) -> dict[str, BilingualTitle]:
    """Return the standards that may be chosen with their titles: the shipped ones, and the one that is in force for an account."""
    return {name: make_plan_of(name).standard.title for name in dict.fromkeys([*list_shipped_standards(), standard])}


def _find_state(standard: str) -> int:
    """Return what changes when the file of a standard does; 0 for shipped ones."""
    path = Path(standard)
    return path.stat().st_mtime_ns if path.suffix.lower() in {".yaml", ".yml"} and path.exists() else 0


@lru_cache(maxsize=16)
def _make_plan(standard: str, _: int) -> Plan:
    return make_plan(load_standard(standard))


def list_form_entries(standard: str, county: str, year: int) -> dict[str, list[Entry]]:
    """Return the entries of the departments' forms under a standard, the same ones as in the workbook; do not change them."""
    asks_index = find_last_year(year) > find_index_end(make_plan_of(standard).standard.price_index)
    return _list_form_entries(standard, _find_state(standard), _find_like(county), asks_index)


@lru_cache(maxsize=64)
def _list_form_entries(standard: str, _: int, county: str, asks_index: bool) -> dict[str, list[Entry]]:  # noqa: FBT001 - a key of the cache
    of_workbook = list_entries(make_plan_of(standard), county, None if asks_index else 0)
    return {name: [_observed(one.leaf, one.member, one.units) for one in of_workbook[name]] for name in of_workbook}


def list_asked(standard: str, county: str, year: int) -> dict[str, frozenset[tuple[str, str]]]:
    """Return form → variable and member of every figure that the departments' forms of an account ask for."""
    asks_index = find_last_year(year) > find_index_end(make_plan_of(standard).standard.price_index)
    return _list_asked(standard, _find_state(standard), _find_like(county), asks_index)


@lru_cache(maxsize=64)
def _list_asked(standard: str, state: int, county: str, asks_index: bool) -> dict[str, frozenset[tuple[str, str]]]:  # noqa: FBT001 - a key of the cache
    entries = _list_form_entries(standard, state, county, asks_index)
    return {form: frozenset((one.id, one.member) for one in entries[form] if is_asked(one)) for form in entries}


@cache
def _find_like(county: str) -> str:
    """Return the first county in which the same services can exist, so that one list serves for all of them."""
    absent = list_absent_services(county)
    return next((code for code in read_regions() if list_absent_services(code) == absent), county)


def list_other_entries(standard: str, county: str, year: int) -> dict[str, list[Entry]]:
    """Return the entries of the two forms that are no department's: what does not apply, and local parameters and prices."""
    return _list_other_entries(standard, _find_state(standard), county, year)


@lru_cache(maxsize=512)
def _list_other_entries(standard: str, _: int, county: str, year: int) -> dict[str, list[Entry]]:
    plan, absent = make_plan_of(standard), list_absent_services(county)
    sheets = read_texts()["sheets"]
    statements, service = [], ""
    for name, title, inside in list_statements(plan):
        service = service if inside else name
        if service not in absent:
            statements.append(Entry(name, title, title, "", (), "", inside=inside))
    local = []
    for leaf in list_coefficient_entries(plan):
        if not is_used(leaf.id, plan, absent):
            continue
        units = list_units(leaf, find_last_year(year) if is_priced(leaf) else None)
        for member, row in list_reference_rows(leaf, plan, read_shipped_tables(), county, year):
            reference = (
                Reference(f"{row.value:g}", show_money(print_unit(row.unit), plan.standard.currency) or "1", row.source, row.mark)
                if row
                else None
            )
            local.append(Entry(leaf.id, leaf.title, leaf.title, member, units, print_unit(leaf.unit), reference))
    return {str(sheets["applicability"]): statements, str(sheets["coefficients"]): local}


def list_all_entries(standard: str, county: str, year: int) -> dict[str, list[Entry]]:
    """Return the entries of all forms, departments first."""
    return {**list_form_entries(standard, county, year), **list_other_entries(standard, county, year)}


def find_entries(standard: str, county: str, year: int, form: str) -> list[Entry] | None:
    """Return the entries of one form; those of departments do not wait for the county's references. None: there is no such form."""
    found = list_form_entries(standard, county, year).get(form)
    return found if found is not None else list_other_entries(standard, county, year).get(form)


def make_forms(office: Office, store: Store, county: str, year: int, draft: Mapping[tuple[str, str], Cell]) -> list[Form]:
    """Return the forms of a county and year, in the order of the workbook's sheets.

    Parameters
    ----------
    draft : newest saving of each cell
    """
    last = read_last(store, county, year)
    entries = list_all_entries(choose_standard(office, store, county, year), county, year)
    return [_make(name, offer_references(entries[name], county), draft, last, year) for name in entries]


def offer_references(entries: list[Entry], county: str) -> list[Entry]:
    """Return the entries, those whose figure is known of the county from elsewhere with that as their reference."""
    return [_offered(entry, county) for entry in entries]


def _offered(entry: Entry, county: str) -> Entry:
    if entry.reference is not None or entry.id not in VARIABLES:
        return entry
    found = find_county_reference(county, entry.id, () if entry.member in {"", read_texts()["whole"]} else (entry.member,))
    if found is None:
        return entry
    return replace(entry, reference=Reference(found.value, found.unit, found.stated_source, found.mark))


def make_form(
    office: Office, store: Store, county: str, year: int, name: str, draft: Mapping[tuple[str, str], Cell]
) -> Form | None:
    """Return one form by its Chinese name; None where the account has no such form."""
    entries = find_entries(choose_standard(office, store, county, year), county, year, name)
    return (
        _make(name, offer_references(entries, county), draft, read_last(store, county, year), year)
        if entries is not None
        else None
    )


def list_form_names(office: Office, store: Store, county: str, year: int) -> list[str]:
    """Return the Chinese names of an account's forms."""
    return list(list_all_entries(choose_standard(office, store, county, year), county, year))


def _make(
    name: str, entries: list[Entry], draft: Mapping[tuple[str, str], Cell], last: Mapping[tuple[str, str], float], year: int
) -> Form:
    rows = _rows([*entries, *_list_beside(name, entries, draft)], draft, last, year, kind_of(name))
    return Form(name, kind_of(name), number_of(name), tuple(rows))


def _list_beside(name: str, entries: list[Entry], draft: Mapping[tuple[str, str], Cell]) -> list[Entry]:
    """Return entries for figures of a form that the account does not ask for and that are in the draft: from a file, or of another standard."""
    known = {one.id for one in entries}
    found = []
    for (identity, member), cell in draft.items():
        leaf = VARIABLES.get(identity, COEFFICIENTS.get(identity))
        if leaf is not None and identity not in known and cell.value.strip() and find_form_of(identity) == name:
            units = list_units(leaf) if identity in VARIABLES else (cell.unit,)
            found.append(_observed(leaf, member, units))
    return found


@dataclass(frozen=True)
class FormCount:
    """How far a form is, without drawing it; `variables` are the ids it may hold."""

    filled: int
    wanted: int
    variables: frozenset[str]


def count_form(
    office: Office, store: Store, county: str, year: int, department: str, draft: Mapping[tuple[str, str], Cell]
) -> FormCount | None:
    """Return how many figures a form has and asks for; None where the account has no such form.

    Parameters
    ----------
    draft : newest saving of each cell
    """
    entries = find_entries(choose_standard(office, store, county, year), county, year, department)
    if entries is None:
        return None
    entries = [*entries, *_list_beside(department, entries, draft)]
    ids = frozenset(one.id for one in entries)
    asked = {(one.id, one.member) for one in entries if is_asked(one)}
    typed = {key for key, cell in draft.items() if key[0] in ids and cell.value.strip()}
    return FormCount(len(typed), len(asked | typed) if kind_of(department) == FIGURES else 0, ids)


def is_asked(entry: Entry) -> bool:
    """Whether a form asks for an entry: not a row for a member of the county's own."""
    return bool(entry.member) or not _has_axes(entry.id)


def kind_of(form: str) -> str:
    """Return the kind of a form by its Chinese name."""
    sheets = read_texts()["sheets"]
    return {sheets["applicability"]: STATEMENTS, sheets["coefficients"]: LOCAL}.get(form, FIGURES)


def number_of(form: str) -> str:
    """Return the number of a form's table (表号), the same under every standard."""
    sheets = read_texts()["sheets"]
    names = [*DEPARTMENTS, sheets["applicability"], sheets["coefficients"]]
    return f"GEP-{names.index(form) + 1:02}"


def find_form_of(variable: str) -> str:
    """Return the Chinese name of the form where a variable, coefficient or statement stands."""
    return find_form(variable)[0]


def measure_change(year: int, cell: Cell, last: float | None) -> float | None:
    """Return how far a figure is from last year's, as a share of it.

    Parameters
    ----------
    last : in the variable's own unit
    """
    leaf = VARIABLES.get(cell.variable)
    if leaf is None or not last:
        return None
    try:
        return float(cell.value) * find_unit_step(leaf, cell.unit, year)[0] / last - 1
    except (ValueError, UnitError, OverflowError):
        return None


def _has_axes(identity: str) -> bool:
    leaf: Leaf | None = VARIABLES.get(identity, COEFFICIENTS.get(identity))
    return leaf is not None and bool(leaf.axes)


def _observed(leaf: Leaf, member: str, units: tuple[str, ...]) -> Entry:
    about = leaf.about if isinstance(leaf, Observed) else leaf.title
    return Entry(leaf.id, leaf.title, about, member, units, leaf.unit.removesuffix("/yr"))


def _rows(
    entries: list[Entry], draft: Mapping[tuple[str, str], Cell], last: Mapping[tuple[str, str], float], year: int, kind: str
) -> Iterable[FormRow]:
    shown = {(one.id, one.member) for one in entries if one.member}
    number = 0
    for at, entry in enumerate(entries):
        own = kind != STATEMENTS and _has_axes(entry.id)
        if entry.member or not own:
            number += 1
            yield _row(number, entry, entry.member, draft, last, year, own=False)
        if not own or (at + 1 < len(entries) and entries[at + 1].id == entry.id):
            continue
        typed = [
            member
            for (identity, member), cell in draft.items()
            if identity == entry.id and (identity, member) not in shown and (cell.value or cell.source or cell.note)
        ]
        empty = sum(one.id == entry.id and not one.member for one in entries)
        for member in [*typed, *[""] * max(empty - len(typed), min(empty, 1))]:
            number += 1
            yield _row(number, entry, member, draft, last, year, own=True)


def _row(
    number: int,
    entry: Entry,
    member: str,
    draft: Mapping[tuple[str, str], Cell],
    last: Mapping[tuple[str, str], float],
    year: int,
    *,
    own: bool,
) -> FormRow:
    key = (entry.id, member)
    none = Cell(entry.id, member, unit=entry.units[0] if entry.units else "")
    cell = none if own and not member else draft.get(key, none)
    before = None if own and not member else last.get(key)
    return FormRow(
        number,
        entry.id,
        entry.title,
        entry.about,
        member,
        own,
        entry.units,
        cell,
        before,
        entry.last_unit,
        measure_change(year, cell, before),
        entry.reference if entry.member == member else None,
        entry.inside,
    )


def read_last(store: Store, county: str, year: int) -> dict[tuple[str, str], float]:
    """Return last year's figures by variable and member as shown, in the variables' own units; none where the store has none."""
    return store.remember(("last", county, year), lambda: _read_last(store, county, year)) if store.exists else {}


def _read_last(store: Store, county: str, year: int) -> dict[tuple[str, str], float]:
    with store:
        figures = list_figures(store, county, year - 1)
    found = {}
    for one in figures:
        member = SEPARATOR.join(show_member(name) for name in (one.ecosystem, one.pollutant, one.product) if name)
        found[one.variable, member or str(read_texts()["whole"])] = float(one.value)
        if not member:
            found[one.variable, ""] = float(one.value)
    return found
