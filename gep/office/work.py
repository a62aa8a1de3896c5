"""The work list: what waits for a person, county by county and year by year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.office.drafts import find_due, read_deadlines
from gep.office.forms import find_form_of, is_asked, list_form_entries
from gep.office.remarks import count_remarks
from gep.office.rights import cut_zeros
from gep.reference.regions import Region, read_regions
from gep.standards.standard import DEFAULT
from gep.store.accounts import list_run
from gep.store.newest import list_newest
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from gep.office.database import Office
    from gep.office.rights import Person
    from gep.store.accounts import AccountHead
    from gep.store.store import Store

PAGE = 50
"""Rows on a page."""


@dataclass(frozen=True)
class FormState:
    """How far a department's form is: figures typed and asked for, handed in or not, ISO date until when, notes that wait."""

    department: str
    filled: int
    wanted: int
    handed_in: bool
    due: str
    overdue: bool
    remarks: int = 0


@dataclass(frozen=True)
class Work:
    """A county and year on the list.

    Attributes
    ----------
    state : `typing` where there is no account yet, else draft, submitted, approved or returned
    forms : those that the person has to do with
    touched : when something was last typed (UTC), empty where never
    """

    place: Region
    year: int
    state: str
    run: int | None
    forms: tuple[FormState, ...]
    touched: str

    @property
    def missing(self) -> int:
        """How many figures the forms still ask for."""
        return sum(max(0, form.wanted - form.filled) for form in self.forms if not form.handed_in)

    @property
    def due(self) -> str:
        """The nearest date until which a form that is not handed in is due; empty: none."""
        return min((form.due for form in self.forms if form.due and not form.handed_in), default="")

    @property
    def overdue(self) -> bool:
        """Whether a form is late."""
        return any(form.overdue for form in self.forms)


@dataclass(frozen=True)
class WorkList:
    """One page of the work list, with what the other pages have."""

    rows: tuple[Work, ...]
    years: tuple[int, ...]
    count: int
    page: int
    pages: int
    waiting: int
    """How many accounts wait for a reviewer."""


def list_work(office: Office, store: Store, person: Person, *, year: int | None, search: str, page: int, today: str) -> WorkList:
    """Return a page of what a person has to do with; overdue first, then what was touched last.

    Parameters
    ----------
    year   : None: all years
    search : a part of a name or code; empty: all places
    page   : from 1
    today  : ISO date
    """
    typed = _count_typed(office, person.prefix)
    touched = {key: at for key, (_, at) in typed.items()}
    stored: dict[tuple[str, int], tuple[str, int]] = {}
    if store.exists:
        codes = [code for code in read_regions() if person.sees(code)]
        with store:
            newest = list_newest(store, codes, year)
        for one in newest:
            stored[one.county, one.year] = max(
                stored.get((one.county, one.year), ("", -1)), (one.state, one.run), key=lambda pair: pair[1]
            )
    deadlines = read_deadlines(office)
    asked = {(code, at) for place, at, _ in deadlines for code in _list_counties(person, place)}
    keys = {key for key in (*touched, *stored, *asked) if (year is None or key[1] == year) and key[0] in read_regions()}
    keys = {
        key
        for key in keys
        if search in key[0]
        or search in read_regions()[key[0]].name_zh
        or search.lower() in read_regions()[key[0]].name_en.lower()
    }
    files = _Files(typed, stored, deadlines, _read_handed_in(office, person.prefix), count_remarks(office, person.prefix), today)
    rows = [_make_work(person, key, files) for key in keys]
    rows.sort(
        key=lambda one: (
            not one.overdue,
            one.due or "9999" if one.overdue else "",
            -one.year,
            _reversed(one.touched),
            one.place.code,
        )
    )
    pages = max(1, -(-len(rows) // PAGE))
    page = min(page, pages)
    years = tuple(sorted({key[1] for key in (*touched, *stored, *asked)}, reverse=True))
    waiting = sum(state == "submitted" for state, _ in stored.values())
    return WorkList(tuple(rows[(page - 1) * PAGE : page * PAGE]), years, len(rows), page, pages, waiting)


def find_newest_head(store: Store, county: str, year: int, standard: str) -> AccountHead | None:
    """Return the newest account of a county and year: under a standard, else under any; None where there is none."""
    if not store.exists:
        return None
    with store:
        found = list_newest(store, [county], year)
        if not found:
            return None
        of_standard = [one for one in found if one.standard == standard]
        key = max(of_standard or found, key=lambda one: one.run).key
        return list_run(store, key.run, key.account)[0]


@dataclass(frozen=True)
class _Files:
    """What is read once for all rows of a list."""

    typed: dict[tuple[str, int], tuple[Counter[str], str]]
    stored: dict[tuple[str, int], tuple[str, int]]
    deadlines: dict[tuple[str, int, str], str]
    handed_in: dict[tuple[str, int], set[str]]
    remarks: dict[tuple[str, int], dict[str, int]]
    today: str


def _make_work(person: Person, key: tuple[str, int], files: _Files) -> Work:
    county, year = key
    counts, touched = files.typed.get(key, (Counter(), ""))
    state, run = files.stored.get(key, ("typing", None))
    remarks: Counter[str] = Counter()
    for variable, count in files.remarks.get(key, {}).items():
        remarks[find_form_of(variable)] += count
    forms = []
    for department, entries in list_form_entries(DEFAULT).items():
        if person.department not in {"", department}:
            continue
        due = find_due(files.deadlines, county, year, department)
        if key not in files.typed and not due:
            continue
        wanted = sum(map(is_asked, entries))
        is_in = department in files.handed_in.get(key, ())
        late = bool(due) and due < files.today and not is_in
        forms.append(FormState(department, counts[department], wanted, is_in, due, late, remarks[department]))
    return Work(read_regions()[county], year, state, run, tuple(forms), touched)


def _list_counties(person: Person, place: str) -> list[str]:
    """Return the counties below a place that a person sees."""
    inside = cut_zeros(place)
    return [
        code
        for code, region in read_regions().items()
        if region.level == "county" and code.startswith(inside) and person.sees(code) and inside
    ]


def _read_handed_in(office: Office, prefix: str) -> dict[tuple[str, int], set[str]]:
    """Return county and year → departments whose forms are handed in."""
    found: dict[tuple[str, int], set[str]] = {}
    rows = office.rows(
        "SELECT county, year, department FROM step WHERE version IN (SELECT max(version) FROM step WHERE county >= ? AND county < ? "
        "GROUP BY county, year, department) AND step = 'filled'",
        (prefix, prefix + "\uffff"),
    )
    for county, year, department in rows:
        found.setdefault((county, year), set()).add(department)
    return found


def _count_typed(office: Office, prefix: str) -> dict[tuple[str, int], tuple[Counter[str], str]]:
    """Return county and year → figures typed by department, and when something was last typed."""
    rows = office.rows(
        "SELECT county, year, variable, sum(value <> ''), max(at) FROM cell WHERE version IN "
        "(SELECT max(version) FROM cell WHERE county >= ? AND county < ? GROUP BY county, year, variable, member) GROUP BY county, year, variable",
        (prefix, prefix + "\uffff"),
    )
    found: dict[tuple[str, int], tuple[Counter[str], str]] = {}
    for county, year, variable, count, at in rows:
        counts, last = found.get((county, year), (Counter(), ""))
        if variable in VARIABLES:
            counts[VARIABLES[variable].department] += count
        found[county, year] = (counts, max(last, at))
    return found


def _reversed(at: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in at) or (0,)
