"""The register in the store: entries are read, added and released inside one transaction, so that of two at once one is refused."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from gep.encumbrance.entries import (
    CARBON,
    DIGITS,
    PARCEL,
    SERVICE,
    Entry,
    Parcels,
    Subject,
    find_conflict,
    find_peak,
    format_decimal,
    name_line,
)
from gep.encumbrance.written import normalise_identity, parse_amount
from gep.files.written_names import clean_text
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import Name, join_list, mark_word, say
from gep.reference.regions import name_region
from gep.reference.services import SERVICE_TITLES
from gep.store.keys import find_account
from gep.store.opening import open_to_read, open_to_write
from gep.store.signing import APPROVED, read_state
from gep.store.walk import refuse_forged

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    import duckdb

    from gep.store.keys import AccountKey
    from gep.store.rows import Connection

_OF_KEY = ("county", "parcel", "project", "vintage", "year", "line", "pollutant", "item")
_OF_SUBJECT = tuple(field.name for field in fields(Subject) if field.name != "kind")


@dataclass(frozen=True)
class ServiceSale:
    """What `add_service` is asked, as one value; `line` is the id of a line, `quantity` a decimal and its unit as written."""

    entry: Entry
    county: str
    year: int
    line: str
    member: str
    standard: str
    quantity: tuple[str, str]


def _list_keys(kind: str) -> tuple[str, ...]:
    """Return the fields of a subject in which entries agree that may concern each other."""
    return {PARCEL: (), CARBON: ("vintage",)}.get(kind, _OF_KEY)


def find_entries(connection: Connection, like: Subject | None = None, number: int | None = None) -> list[Entry]:
    """Return entries in the order they were made, released ones too.

    Parameters
    ----------
    like   : only those that may concern this subject: of a parcel all parcels, of tonnes all series of the vintage; None: all
    number : only the entry of this number
    """
    columns = (
        "encumbrance",
        "right_kind",
        "starts",
        "held_until",
        "party",
        "document",
        "note",
        "released_by",
        "subject",
        *_OF_SUBJECT,
    )
    where, values = "", []
    if like is not None:
        keys = _list_keys(like.kind)
        where = " WHERE subject = ?" + "".join(f" AND {name} IS NOT DISTINCT FROM ?" for name in keys)
        values = [like.kind, *(getattr(like, name) for name in keys)]
    elif number is not None:
        where, values = " WHERE encumbrance = ?", [number]
    sql = f"SELECT {', '.join(columns)} FROM encumbrance_state{where} ORDER BY encumbrance"  # noqa: S608 - our own names
    rows = connection.execute(sql, values).fetchall()
    return [Entry(row[0], row[1], Subject(*row[8:]), row[2], row[3], *row[4:8]) for row in rows]


def list_quantities(connection: Connection, place: AccountKey) -> list[Subject]:
    """Return all lines of an account that have a quantity, each with it; nothing of them is held yet."""
    rows = connection.execute(
        "SELECT service, line, coalesce(pollutant, ''), coalesce(item, ''), quantity, quantity_unit FROM line_result "
        "WHERE run = ? AND account = ? AND NOT detail AND quantity IS NOT NULL ORDER BY ALL",
        [place.run, place.account],
    ).fetchall()
    return [
        Subject(
            SERVICE,
            county=place.county,
            year=place.year,
            standard=place.standard,
            run=place.run,
            service=service,
            line=line,
            pollutant=pollutant,
            item=item,
            quantity_unit=unit,
            account_quantity=quantity,
        )
        for service, line, pollutant, item, quantity, unit in rows
    ]


def find_quantity(connection: Connection, county: str, year: int, named: str, member: str, standard: str | None) -> Subject:
    """Return the line of an account that a service or line id names, with its stored quantity; nothing of it is held yet.

    Parameters
    ----------
    county   : six-digit code, or a name
    named    : id of a service or line
    member   : pollutant or item; empty: the only one
    standard : id; None: the default one, or the only one there is

    Raises
    ------
    Problems : no such account or service, an account that is not approved, a service without a quantity, or one with several, which are listed
    """
    place = find_account(connection, county, year, standard)
    state = read_state(connection, place)
    if state.state != APPROVED or state.hash_matches is False:
        refuse_one(
            "--service",
            say(
                "the account of {county} {year} (run {run}) is {state}, not approved",
                county=name_region(place.county, place.year),
                year=place.year,
                run=place.run,
                state=mark_word(state.state),
            )
            if state.hash_matches is not False
            else say(
                "the account of {county} {year} (run {run}) is not what was approved",
                county=name_region(place.county, place.year),
                year=place.year,
                run=place.run,
            ),
            "an approved account",
            "gep approve signs it; a draft limits nothing",
        )
    service = named.partition(".")[0]
    held = [one for one in list_quantities(connection, place) if one.service == service]
    where = say(
        "{county} {year} ({standard}, run {run})",
        county=name_region(place.county, place.year),
        year=place.year,
        standard=place.standard,
        run=place.run,
    )
    if service not in SERVICE_TITLES:
        refuse_one(
            "--service",
            say("there is no service {service!r}", service=service),
            say("one of {names}", names=join_list(SERVICE_TITLES)),
        )
    if not held:
        refuse_one(
            "--service",
            say("the account of {where} has no physical quantity of {service}", where=where, service=name_service(service)),
            "a service with a quantity",
            say("gep show {county} {year}", county=place.county, year=place.year),
        )
    meant = [one for one in held if named in {service, one.line} and member in {"", one.pollutant, one.item}]
    if len(meant) != 1:
        choices = join_list(name_line(service, one.line or "", one.pollutant or "", one.item or "") for one in held)
        found = f"{named} {member}".strip()
        refuse_one(
            "--service",
            say("{found} of {where} is several quantities", found=found, where=where)
            if meant
            else say("{found} of {where} is not a quantity", found=found, where=where),
            say("one of {names}", names=choices),
            "--service LINE, and --member for what stands behind it",
        )
    return meant[0]


def add(path: Path, entry: Entry) -> Entry:
    """Add an entry for a parcel or tonnes, and return it with its number.

    Parameters
    ----------
    path : file of the store

    Raises
    ------
    Problems : it is already encumbered on some day of the period, or more tonnes were issued than before; names the first entry
    """
    with _open_unforged(path) as connection:
        return _add(connection, entry)


@contextmanager
def _open_unforged(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a store to write of which all that is money follows its chain.

    It is walked before the file is held, so that nobody waits for it; what was written in between is walked when it is.

    Raises
    ------
    Problems : the store was changed by another program; and as `open_to_write`
    """
    if path.exists():
        with open_to_read(path) as connection:
            refuse_forged(connection, path)
    with open_to_write(path) as connection:
        refuse_forged(connection, path)
        yield connection


Place = tuple[str, int]
"""File and line that asks for an entry."""


def add_all(path: Path, entries: Iterable[tuple[Place, Entry]]) -> list[Entry]:
    """Add entries for parcels or tonnes together, all or none, and return them with their numbers.

    Parameters
    ----------
    path    : file of the store
    entries : each with the row that asks for it

    Raises
    ------
    Problems : everything that stands in the way of any of them, at their rows
    """
    with _open_unforged(path) as connection:
        made, entered = _Together(), _Entered(connection)
        for place, one in entries:
            made.put(place, partial(_add, connection, one, entered))
        return made.finish()


def add_services(path: Path, sales: Iterable[tuple[Place, ServiceSale]]) -> list[Entry]:
    """Add entries for quantities of services together, all or none, and return them with their numbers.

    Parameters
    ----------
    path  : file of the store
    sales : each with the row that asks for it

    Raises
    ------
    Problems : everything that stands in the way of any of them, as in `add_service`, at their rows
    """
    with _open_unforged(path) as connection:
        made, entered = _Together(), _Entered(connection)
        for place, one in sales:
            asked = (one.county, one.year, one.line, one.member, one.standard), one.quantity
            made.put(place, partial(_hold_and_add, connection, one.entry, *asked, entered))
        return made.finish()


class _Entered:
    """What is entered, read once for all that are added in one transaction, which are added to it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._parcels: Parcels | None = None
        self._others: dict[tuple[object, ...], list[Entry]] = {}
        self._held: dict[tuple[object, ...], Decimal] = {}
        self.find_quantity = cache(partial(find_quantity, connection))

    def leaves(self, subject: Subject) -> bool:
        """Whether the account has what is wanted even if all that was ever held of its line held on one day.

        Where it has not, days have to be looked at; where it has, the entries need not be walked for each that is added.
        """
        if subject.kind != SERVICE or subject.account_quantity is None or subject.held_quantity is None:
            return False
        key = self._list_key(subject)
        with localcontext() as context:
            context.prec = 2 * DIGITS
            if key not in self._held:
                self._held[key] = sum((one.subject.held_quantity or Decimal(0) for one in self.find(subject)), Decimal(0))
            return self._held[key] + subject.held_quantity <= Decimal(repr(subject.account_quantity))

    def find(self, subject: Subject) -> list[Entry]:
        """Return the entries that may concern a subject, in the order they were made."""
        if subject.kind != PARCEL:
            key = self._list_key(subject)
            if key not in self._others:
                self._others[key] = find_entries(self._connection, subject)
            return self._others[key]
        if self._parcels is None:
            self._parcels = Parcels(find_entries(self._connection, subject))
        return self._parcels.find(subject)

    def add(self, subject: Subject, entry: Entry) -> None:
        """Add an entry for a subject that was looked for before."""
        if subject.kind != PARCEL:
            key = self._list_key(subject)
            self._others[key].append(entry)
            if key in self._held:
                with localcontext() as context:
                    context.prec = 2 * DIGITS
                    self._held[key] += entry.subject.held_quantity or Decimal(0)
        elif self._parcels is not None:
            self._parcels.add(entry)

    @staticmethod
    def _list_key(subject: Subject) -> tuple[object, ...]:
        return (subject.kind, *(getattr(subject, name) for name in _list_keys(subject.kind)))


class _Together:
    """Makes entries one after the other in a transaction that is open already; what is refused is told of the row that asked."""

    def __init__(self) -> None:
        self.made: list[Entry] = []
        self.problems: list[Problem] = []

    def put(self, place: Place, make: Callable[[], Entry]) -> None:
        try:
            self.made.append(make())
        except Problems as error:
            self.problems += [replace(one, file=place[0], line=place[1]) for one in error.problems]

    def finish(self) -> list[Entry]:
        refuse(self.problems)
        return self.made


def add_service(
    path: Path, entry: Entry, county: str, year: int, named: str, member: str, standard: str | None, quantity: tuple[str, str]
) -> Entry:
    """Add an entry for a quantity of a service, held against the account's stored quantity, and return it with its number.

    Parameters
    ----------
    path     : file of the store
    entry    : its subject is replaced by the line of the account
    county   : six-digit code, or a name
    named    : id of a service or line
    member   : pollutant or item; empty: the only one
    standard : id; None: the default one, or the only one there is
    quantity : decimal and unit, as written

    Raises
    ------
    Problems : no such account or quantity, or on some day more would be encumbered than the account has; names the first entry
    """
    with _open_unforged(path) as connection:
        return add_service_within(connection, entry, county, year, named, member, standard, quantity)


def add_service_within(
    connection: duckdb.DuckDBPyConnection,
    entry: Entry,
    county: str,
    year: int,
    named: str,
    member: str,
    standard: str | None,
    quantity: tuple[str, str],
) -> Entry:
    """Add an entry for a quantity of a service in a transaction that is open already; as `add_service`.

    Raises
    ------
    Problems : as `add_service`
    """
    return _hold_and_add(connection, entry, (county, year, named, member, standard), quantity)


def _hold_and_add(
    connection: duckdb.DuckDBPyConnection,
    entry: Entry,
    wanted: tuple[str, int, str, str, str | None],
    quantity: tuple[str, str],
    entered: _Entered | None = None,
) -> Entry:
    find = entered.find_quantity if entered is not None else partial(find_quantity, connection)
    return _add(connection, _hold(find(*wanted), entry, wanted, quantity), entered)


def find_service_conflict(
    connection: Connection,
    entry: Entry,
    county: str,
    year: int,
    named: str,
    member: str,
    standard: str | None,
    quantity: tuple[str, str],
    released: Collection[str] = (),
) -> Problem | None:
    """Return what stands against an entry for a quantity of a service, as `add_service_within` would find it; nothing is added.

    Parameters
    ----------
    released : notes of entries that would be released before
    """
    place = (county, year, named, member, standard)
    entry = _hold(find_quantity(connection, *place), entry, place, quantity)
    entries = [one for one in find_entries(connection, entry.subject) if one.note not in released]
    return find_conflict(entry, entries)


def _hold(subject: Subject, entry: Entry, place: tuple[str, int, str, str, str | None], quantity: tuple[str, str]) -> Entry:
    """Return an entry with the quantity of an account's line that it holds."""
    held = parse_amount(*quantity, subject.quantity_unit or "1", place[1])
    return replace(entry, subject=replace(subject, held_quantity=held))


def release_noted(connection: duckdb.DuckDBPyConnection, note: str, day: date, document: str) -> int:
    """Release every entry that was made with a note, in a transaction that is open already, and return how many.

    Parameters
    ----------
    day : first day on which they no longer hold
    """
    found = [one for one in find_entries(connection) if one.note == note and one.released_by is None]
    for one in found:
        row = {
            "act": "release",
            "right_kind": one.kind,
            "starts": max(day, one.starts),
            "party": one.party,
            "document": document,
            "note": note,
            "releases": one.number,
        }
        _insert(connection, {**row, **_subject(one.subject)})
    return len(found)


def release(path: Path, number: int, day: date, party: str, document: str, note: str) -> Entry:
    """End an entry from a day on, by a row of its own, and return the entry as it then stands.

    Parameters
    ----------
    number : of the entry
    day    : first day on which it no longer holds
    party, document, note : who releases it, by which document

    Raises
    ------
    Problems : no such entry, released before, or it ends before that day anyway
    """
    with _open_unforged(path) as connection:
        entries = {one.number: one for one in find_entries(connection)}
        one = entries.get(number)
        if one is None:
            has = (
                say("the register has entries {first} to {last} without its releases", first=min(entries), last=max(entries))
                if entries
                else "the register has no entry"
            )
            refuse_one("NUMBER", say("there is no entry {number}", number=number), has, "gep encumber list")
        if one.released_by is not None:
            refuse_one(
                "NUMBER",
                say("entry {number} was released before, by {released_by}", number=number, released_by=one.released_by),
                "an entry that holds",
                "gep encumber list",
            )
        if day < one.starts:
            refuse_one(
                "--on",
                say("entry {number} begins {starts}, after {day}", number=number, starts=one.starts, day=day),
                say("a day from {starts} on", starts=one.starts),
                "the day it begins, if it is annulled",
            )
        if normalise_identity(party) != normalise_identity(one.party):
            refuse_one(
                "--party",
                say("entry {number} is held by {holder}, not by {party}", number=number, holder=one.party, party=party),
                one.party,
                "who holds it releases it",
            )
        if one.until is not None and day > one.until:
            refuse_one(
                "--on",
                say("entry {number} ends {until}, before {day}", number=number, until=one.until, day=day),
                say("a day up to {until}", until=one.until),
            )
        row = {
            "act": "release",
            "right_kind": one.kind,
            "starts": day,
            "party": party,
            "document": document,
            "note": note,
            "releases": number,
        }
        by = _insert(connection, {**row, **_subject(one.subject)})
    return replace(one, until=day - timedelta(days=1), released_by=by)


def list_entries(path: Path, county: str | None, day: date | None) -> tuple[list[Entry], list[str]]:
    """Return entries, and sentences about those that accounts made later no longer cover.

    Parameters
    ----------
    path   : file of the store
    county : six-digit code; None: all
    day    : only those that hold on it; None: all

    Raises
    ------
    Problems : there is no store, or it cannot be read
    """
    with open_to_read(path) as connection:
        refuse_forged(connection, path)
        every = find_entries(connection)
        found = [
            one for one in every if (county is None or one.subject.county == county) and (day is None or one.holds_with(day, day))
        ]
        keys = dict.fromkeys(one.subject.key for one in found if one.subject.kind == SERVICE)
        held = group_by_subject(every)
        over = [text for key in keys if (text := _uncovered(connection, held[key]))]
    return found, over


def group_by_subject(entries: Iterable[Entry]) -> dict[tuple[object, ...], list[Entry]]:
    """Return the key of each subject → the entries of it, in the order given."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for one in entries:
        found.setdefault(one.subject.key, []).append(one)
    return found


def name_service(service: str) -> str:
    """Return the id of a service; in a Chinese message its name goes before it."""
    return Name(service, f"{SERVICE_TITLES[service][1].zh}（{service}）")


def _add(connection: duckdb.DuckDBPyConnection, entry: Entry, entered: _Entered | None = None) -> Entry:
    """Add an entry; entered: what is entered already, where many are added together: it is added to that."""
    subject = entry.subject
    fits = entered is not None and entered.leaves(subject)
    entries = [] if fits else find_entries(connection, subject) if entered is None else entered.find(subject)
    same = [one for one in entries if one.subject.key == subject.key]
    if subject.kind == CARBON:
        subject = _issued(subject, same)
    entry = replace(entry, subject=subject)
    problem = find_conflict(entry, same if entry.distinct else entries)
    refuse([problem] if problem else [])
    row = {
        "act": "add",
        "right_kind": entry.kind,
        "starts": entry.starts,
        "ends": entry.until,
        "party": entry.party,
        "document": entry.document,
        "note": "; ".join(filter(None, (entry.note, entry.distinct))),
    }
    made = replace(entry, number=_insert(connection, {**row, **_subject(subject)}))
    if entered is not None:
        entered.add(subject, find_entries(connection, number=made.number)[0])
    return made


def _issued(subject: Subject, entries: list[Entry]) -> Subject:
    """Return tonnes with the number issued, which the first entry of a project and vintage states for all."""
    first = next(iter(entries), None)
    name = f"{subject.project} {subject.vintage}"
    issued = first.subject.issued_tonnes if first else subject.issued_tonnes
    if issued is None:
        refuse_one(
            "--issued",
            say("nobody has said yet how many tonnes of {name} were issued", name=name),
            "the whole number that the registry issued",
        )
    if first and subject.issued_tonnes not in {None, issued}:
        refuse_one(
            "--issued",
            say("{issued_tonnes} tonnes of {name} are said to be issued", issued_tonnes=subject.issued_tonnes, name=name),
            say("{issued}, as in {told}", issued=issued, told=first.told),
        )
    if (subject.last_tonne or 0) > issued:
        refuse_one(
            "--tonnes",
            say("tonne {last_tonne} of {name} does not exist", last_tonne=subject.last_tonne, name=name),
            say("serial numbers from 1 to {issued}, the tonnes issued", issued=issued),
        )
    return replace(subject, issued_tonnes=issued)


def _subject(subject: Subject) -> dict[str, Any]:
    return {"subject": subject.kind, **{name: getattr(subject, name) for name in _OF_SUBJECT}}


def _insert(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> int:
    number = int(connection.execute("SELECT coalesce(max(encumbrance), 0) + 1 FROM encumbrance").fetchall()[0][0])
    whole = {"encumbrance": number, "entered_at": datetime.now(UTC).replace(tzinfo=None), "entered_by": getpass.getuser(), **row}
    whole |= {name: clean_text(str(whole[name])) for name in ("party", "document", "note")}
    places = ", ".join("?" for _ in whole)
    connection.execute(f"INSERT INTO encumbrance ({', '.join(whole)}) VALUES ({places})", list(whole.values()))  # noqa: S608 - our own names
    return number


def _uncovered(connection: duckdb.DuckDBPyConnection, entries: list[Entry]) -> str:
    """Return what is held beyond the newest account, or nothing: accounts are computed anew, contracts stay."""
    one = entries[0].subject
    place = find_account(connection, one.county or "", one.year or 0, one.standard)
    rows = connection.execute(
        "SELECT quantity FROM line_result WHERE run = ? AND account = ? AND line = ? AND coalesce(pollutant, '') = ? "
        "AND coalesce(item, '') = ? AND NOT detail AND quantity IS NOT NULL",
        [place.run, place.account, one.line, one.pollutant or "", one.item or ""],
    ).fetchall()
    held, day = find_peak(date.min, None, entries)
    has = Decimal(repr(rows[0][0])) if rows else None
    if has is not None and held <= has:
        return ""
    numbers = join_list(str(entry.number) for entry in entries if entry.holds_with(day, day))
    left = (
        say("only {has} {unit}", has=format_decimal(has), unit=one.quantity_unit)
        if has is not None
        else mark_word("no quantity of it any more")
    )
    return say(
        "{name}: entries {numbers} hold {held} {unit} on {day}, the newest account (run {run}) has {left}",
        name=one.name,
        numbers=numbers,
        held=format_decimal(held),
        unit=one.quantity_unit,
        day=day,
        run=place.run,
        left=left,
    )
