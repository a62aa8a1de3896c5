"""An account of a county and year from its draft: checked, run and signed, by somebody who is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gep.inputs.workbook.typed import TypedFigure, make_book
from gep.messages.problems import refuse_one
from gep.office.drafts import read_choices, read_draft, read_explanations
from gep.office.forms import choose_standard, make_plan_of
from gep.office.journal import note_act
from gep.office.price_index import add_index
from gep.reference.survey_types import SURVEY
from gep.tasks.check import check_files
from gep.tasks.run import run_files
from gep.tasks.sign import sign_account

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gep.inputs.workbook.book import Book
    from gep.messages.findings import Finding
    from gep.office.database import Office
    from gep.office.drafts import Cell
    from gep.office.rights import Person
    from gep.store.signing import Event
    from gep.store.store import Store
    from gep.tasks.run import Run


def make_draft_book(office: Office, store: Store, county: str, year: int) -> Book:
    """Return a draft, the newest saving of each cell of a county and year, as what is read of a workbook."""
    choices = read_choices(office, county, year)
    standard = make_plan_of(choose_standard(office, store, county, year)).standard
    taken = (one for one in read_draft(office, county, year).values() if one.variable != SURVEY)
    return make_book(
        county,
        year,
        map(make_figure, add_index(office, year, taken, standard)),
        choices.get("standard", ""),
        choices.get("price_year", ""),
        read_explanations(office, county, year),
    )


def make_figure(cell: Cell) -> TypedFigure:
    """Return a saved cell as a figure of a book."""
    return TypedFigure(
        cell.variable, cell.member, cell.value, cell.unit, cell.source, cell.note, cell.shown, print_minute(cell.at), cell.origin
    )


def check_draft(office: Office, store: Store, county: str, year: int) -> list[Finding]:
    """Return all findings of a draft, A first: the same as `gep check` has of a workbook with these figures."""
    return check_files([], None, store, [make_draft_book(office, store, county, year)])


@dataclass(frozen=True)
class FindingGroup:
    """Findings that say the same of many cells: one line with a count; each place with its cell, where the draft has it."""

    finding: Finding
    places: tuple[tuple[str, Cell | None], ...]

    @property
    def count(self) -> int:
        """How many findings it is."""
        return len(self.places)


def group_findings(findings: Iterable[Finding], department: str, draft: Mapping[tuple[str, str], Cell]) -> list[FindingGroup]:
    """Return findings with those that say the same in one group, in their order.

    Parameters
    ----------
    department : Chinese name; findings of other departments' cells are left out; empty: all
    draft : newest saving of each cell, to lead to the cell
    """
    cells = {make_figure(one).address: one for one in draft.values()}
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        if department and f"/{department}/" not in one.where:
            continue
        groups.setdefault((one.grade, one.code, one.problem.found, one.problem.expected), []).append(one)
    return [FindingGroup(group[0], tuple((one.where, cells.get(one.problem.file)) for one in group)) for group in groups.values()]


def run_draft(office: Office, store: Store, county: str, year: int, person: Person, reason: str = "", address: str = "") -> Run:
    """Compute, check and store the account of a draft.

    Parameters
    ----------
    reason : why it takes the place of an earlier account; required where that one is approved

    Raises
    ------
    Problems : everything that is wrong in the draft, and what `run_files` refuses; nothing is stored
    """
    book = make_draft_book(office, store, county, year)
    if not book.rows and not book.problems:
        refuse_one(book.file, "no figure is typed yet", "figures in the forms of the departments", "open a form and fill it in")
    done = run_files(store, [], reason=reason, typed=[book])
    with office.changing() as connection:
        note_act(connection, person.name, address, "run", f"{county} {year}", f"run {done.stored.run}")
    return done


def sign_draft(
    office: Office,
    store: Store,
    county: str,
    year: int,
    step: str,
    person: Person,
    note: str = "",
    expected: str = "",
    address: str = "",
    standard: str | None = None,
) -> Event:
    """Add a step of review in the name of the account that is logged in.

    Parameters
    ----------
    step : submitted, approved or returned
    expected : the first digits of the hash that the person looked at
    standard : id; None: the default one, or the only one there is

    Raises
    ------
    Problems : what `sign_account` refuses
    """
    event = sign_account(store, county, year, step, f"{person.shown}({person.name})", note, standard, expected=expected)
    with office.changing() as connection:
        note_act(
            connection,
            person.name,
            address,
            step,
            f"{county} {year}",
            f"run {event.run} {event.account_sha256[:12]} {note}".strip(),
        )
    return event


def print_minute(at: str) -> str:
    """Return a stored time (UTC) as date and minute on the clock of the server, as addresses of figures have it."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M") if at else ""
