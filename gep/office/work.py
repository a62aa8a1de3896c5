"""The work list: what waits for a person, county by county and year by year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from gep.office.drafts import find_due, read_deadlines
from gep.office.forms import choose_standard, find_form_of, list_asked
from gep.office.remarks import count_remarks
from gep.office.rights import cut_zeros
from gep.reference.regions import Region, read_divisions, read_regions
from gep.store.accounts import read_account_head
from gep.store.newest import read_newest
from gep.store.products import list_alerts
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.office.database import Office
    from gep.office.rights import Person
    from gep.office.touched import Touched
    from gep.store.accounts import AccountHead
    from gep.store.keys import AccountKey
    from gep.store.products import KeptAlert
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
    alerts: tuple[KeptAlert, ...] = ()
    """Alerts of watched series in the person's place that nobody has seen."""


def list_work(
    office: Office, store: Store, touched_at: Touched, person: Person, *, year: int | None, search: str, page: int, today: str
) -> WorkList:
    """Return a page of what a person has to do with; overdue first, then what was touched last.

    Parameters
    ----------
    year   : None: all years
    search : a part of a name or code; empty: all places
    page   : from 1
    today  : ISO date
    """
    store.know_units()
    regions = read_regions()
    touched = {key: at for key, at in touched_at.read(office).items() if person.sees(key[0]) and key[0] in regions}
    stored = store.remember(("stored", person.place), lambda: _find_stored(store, person))
    deadlines = read_deadlines(office)
    asked = {(code, at) for place, at, _ in deadlines for code in _list_counties(person, place)}
    dues = _Dues(deadlines, _read_handed_in(office, person.reach) if deadlines else {}, person, today)
    moved = {*touched, *asked}

    def is_asked_for(key: tuple[str, int]) -> bool:
        return (year is None or key[1] == year) and (not search or _matches(regions[key[0]], search))

    def rank(key: tuple[str, int]) -> tuple[object, ...]:
        due, late = dues.find(key)
        return not late, due or "9999" if late else "", -key[1], _reversed(touched.get(key, "")), key[0]

    first = sorted(filter(is_asked_for, moved), key=rank)
    rest = [key for key in stored.keys if key not in moved and is_asked_for(key)]
    pages = max(1, -(-(len(first) + len(rest)) // PAGE))
    page = min(page, pages)
    unmoved = ((True, "", -key[1], _reversed(""), key[0]) for key in rest)  # neither typed in nor due: in order already
    ranked = merge(zip(map(rank, first), first, strict=True), zip(unmoved, rest, strict=True), key=itemgetter(0))
    shown = [key for _, key in islice(ranked, (page - 1) * PAGE, page * PAGE)]
    files = _Files(
        _read_typed(office, [key for key in shown if key in touched]),
        stored.states,
        _read_handed_in(office, person.reach) if shown and not deadlines else dues.handed_in,
        count_remarks(office, person.reach),
        {key: choose_standard(office, store, *key) for key in shown},
    )
    rows = [_make_work(person, key, touched.get(key, ""), files, dues) for key in shown]
    years = tuple(sorted({*stored.years, *(key[1] for key in moved)}, reverse=True))
    return WorkList(tuple(rows), years, len(first) + len(rest), page, pages, stored.waiting, find_open_alerts(store, person))


def find_open_alerts(store: Store, person: Person) -> tuple[KeptAlert, ...]:
    """Return the alerts in a person's place that nobody has seen, the newest first."""
    if not store.path.exists():
        return ()

    def read() -> list[KeptAlert]:
        with store:
            return [one for one in list_alerts(store) if not one.seen_by]

    return tuple(one for one in store.remember("alerts", read) if person.sees(one.county))


def find_newest_head(store: Store, county: str, year: int, standard: str) -> AccountHead | None:
    """Return the newest account of a county and year: under a standard, else under any; None where there is none."""
    found = read_newest(store).get((county, year), ())
    if not found:
        return None
    key = max([one for one in found if one.standard == standard] or found, key=lambda one: one.run).key
    return store.remember(("newest head", key), lambda: _read_head(store, key))


def _read_head(store: Store, key: AccountKey) -> AccountHead:
    with store:
        return read_account_head(store, key.run, key.account)


@dataclass(frozen=True)
class _Stored:
    """The newest accounts that a person sees: state and run of each county's year; the latest years first, then by code.

    Attributes
    ----------
    waiting : how many wait for a reviewer
    """

    states: dict[tuple[str, int], tuple[str, int]]
    keys: tuple[tuple[str, int], ...]
    years: frozenset[int]
    waiting: int


def _find_stored(store: Store, person: Person) -> _Stored:
    last = {key: max(several, key=lambda one: one.run) for key, several in read_newest(store).items() if person.sees(key[0])}
    states = {key: (one.state, one.run) for key, one in last.items()}
    regions = read_regions()
    keys = sorted((key for key in states if key[0] in regions), key=lambda key: (-key[1], key[0]))
    waiting = sum(state == "submitted" for state, _ in states.values())
    return _Stored(states, tuple(keys), frozenset(year for _, year in keys), waiting)


def _matches(place: Region, search: str) -> bool:
    return search in place.code or search in place.name_zh or search.lower() in place.name_en.lower()


@dataclass(frozen=True)
class _Dues:
    """Until when forms are due, and which are handed in."""

    deadlines: dict[tuple[str, int, str], str]
    handed_in: dict[tuple[str, int], set[str]]
    person: Person
    today: str

    def find(self, key: tuple[str, int]) -> tuple[str, bool]:
        """Return the nearest date of the forms of an account that are not handed in, and whether one is late; empty: none is due."""
        if not self.deadlines:
            return "", False
        first = min((due for form in DEPARTMENTS if (due := self.find_form(key, form)[0])), default="")
        return first, bool(first) and first < self.today

    def find_form(self, key: tuple[str, int], form: str) -> tuple[str, bool]:
        """Return until when a form of the person's is due, empty where it is handed in or never due, and whether it is late."""
        if not self.deadlines or self.person.department not in {"", form} or form in self.handed_in.get(key, ()):
            return "", False
        due = find_due(self.deadlines, *key, form)
        return due, bool(due) and due < self.today


@dataclass(frozen=True)
class _Files:
    """What is read once for all rows of a page."""

    typed: dict[tuple[str, int], dict[str, set[tuple[str, str]]]]
    stored: dict[tuple[str, int], tuple[str, int]]
    handed_in: dict[tuple[str, int], set[str]]
    remarks: dict[tuple[str, int], dict[str, int]]
    standards: dict[tuple[str, int], str]


def _make_work(person: Person, key: tuple[str, int], touched: str, files: _Files, dues: _Dues) -> Work:
    county, year = key
    typed = files.typed.get(key, {})
    state, run = files.stored.get(key, ("typing", None))
    remarks: Counter[str] = Counter()
    for variable, count in files.remarks.get(key, {}).items():
        remarks[find_form_of(variable)] += count
    forms = []
    for form, asked in list_asked(files.standards[key], county, year).items():
        if person.department not in {"", form}:
            continue
        due, late = dues.find_form(key, form)
        if not touched and not due:
            continue
        there = typed.get(form, set())
        is_in = form in files.handed_in.get(key, ())
        forms.append(FormState(form, len(there), len(asked | there), is_in, due, late, remarks[form]))
    return Work(read_regions()[county].named_in(year), year, state, run, tuple(forms), touched)


def _list_counties(person: Person, place: str) -> list[str]:
    """Return the counties below a place that a person sees."""
    inside = cut_zeros(place)
    return [
        code
        for code, region in read_divisions().items()
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


def _read_typed(office: Office, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], dict[str, set[tuple[str, str]]]]:
    """Return county and year → form → variable and member of the figures that are typed."""
    found: dict[tuple[str, int], dict[str, set[tuple[str, str]]]] = {}
    for county, year in keys:
        rows = office.rows(
            "SELECT variable, member, value, max(version) FROM cell WHERE county = ? AND year = ? GROUP BY variable, member",
            (county, year),
        )
        forms = found.setdefault((county, year), {})
        for variable, member, value, _ in rows:
            if value.strip() and variable in VARIABLES:
                forms.setdefault(VARIABLES[variable].department, set()).add((variable, member))
    return found


def _reversed(at: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in at) or (0,)
