"""Registers schemes, and books, reverses and pays by two people: one prepares, another confirms, and only then it is stored.

The one way into the postings of a store: the command line, a notebook and the platform call the same functions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gep.compensation import booking
from gep.compensation.budget_export import DEFAULT, read_returned
from gep.compensation.carried import CARRY_IN
from gep.compensation.compute import compute
from gep.compensation.facts import tabulate_facts
from gep.compensation.find import find_scheme, find_versions
from gep.compensation.members import name_party
from gep.compensation.payments import Payment, check_payments, record_paid
from gep.compensation.reading import describe_unknown_scheme, list_scheme_ids
from gep.compensation.registering import describe_registration, find_obstacles, find_registration, read_registered
from gep.compensation.run_rows import pack_run, rests_on_text_and_facts, unpack_facts, unpack_run
from gep.encumbrance.entries import COMPENSATED, SERVICE, Entry, Subject
from gep.encumbrance.register import add_service_within, find_service_conflict, release_noted
from gep.files.table import read_table
from gep.files.written_days import find_today
from gep.files.written_names import check_person, clean_reason, fold_name, tidy_person
from gep.formula.nodes import RESULT
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import join_list, say
from gep.store.signing import is_same_person
from gep.store.two_people import (
    BOOK,
    CONFIRMED,
    PAY,
    REFUSED,
    REVERSE,
    Prepared,
    add_decision,
    add_prepared,
    add_registration,
    find_prepared_run,
    list_prepared,
    list_prepared_facts,
    list_registrations,
    list_undecided,
)
from gep.store.walk import refuse_forged
from gep.tasks.account_figures import read_accounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import duckdb

    from gep.compensation.checked import CheckedScheme
    from gep.compensation.compute import Result
    from gep.compensation.facts import Facts
    from gep.store.rows import Connection
    from gep.store.store import Store
    from gep.store.two_people import Registration
    from gep.tasks.compensate import Compensation

    Held = tuple[str, int, str, str, "str | None", tuple[str, str]]
    """County, year, service, member, standard and (value, unit): what an entry in the register holds."""

PAID = ("posting_voucher", "paid_on", "amount", "voucher")
PERSON = "--by"


@dataclass(frozen=True)
class Confirmed:
    """What was stored: the act, its run (None for payments), how many postings or payments, and what was reversed or left undone."""

    act: str
    run: int | None
    count: int
    replaced: int | None = None
    reversed: int = 0
    notes: tuple[str, ...] = ()


def register_scheme(store: Store, scheme: str, who: str, reason: str = "") -> list[Registration]:
    """Register a scheme in the store, so that it may post, and return what was registered.

    Parameters
    ----------
    scheme : a file, a folder with the versions of one scheme, or the id of a shipped scheme: all its versions that are not registered yet, `ID VERSION` one of them
    who    : name of the person
    reason : why the text was changed; needed where a version takes the place of a registered one

    Raises
    ------
    Problems : everything wrong in the file, no name, an id of a shipped or similar scheme, a changed text under the same version
    """
    path = Path(scheme)
    if path.is_dir():
        files = sorted((*path.glob("*.yaml"), *path.glob("*.yml")))
        return [register(store, _read_own(one), who, reason) for one in files]
    if path.suffix.lower() in {".yaml", ".yml"}:
        return [register(store, _read_own(path), who, reason)]
    versions = find_versions(scheme)
    if not versions:
        raise describe_unknown_scheme(scheme, list_scheme_ids())
    with store.changing():
        known = {(one.scheme_version, one.scheme_sha256) for one in list_registrations(store, versions[0].scheme.id)}
        new = [one for one in versions if (one.scheme.version, one.sha256) not in known] or versions[-1:]
        return [register(store, one, who, reason) for one in new]


def register(store: Store, ready: CheckedScheme, who: str, reason: str = "") -> Registration:
    """Register a scheme that was read.

    Raises
    ------
    Problems : as `register_scheme`
    """
    who = name_person(who)
    with store.changing() as opened:
        refuse(find_obstacles(ready, list_registrations(opened), clean_reason(reason)))
        return add_registration(opened.connection, describe_registration(ready, who, _now(), clean_reason(reason)))


def prepare_booking(
    store: Store, found: Compensation, who: str, reason: str = "", despite: str = "", person: str = ""
) -> Prepared:
    """Keep a computed scheme for another person to confirm; nothing is booked yet.

    Parameters
    ----------
    who     : name of the person
    reason  : why an earlier run of the same scheme and year is replaced; needed if there is one
    despite : why it is right although another scheme seems to have booked the same money; needed if one has
    person  : account on the platform

    Raises
    ------
    Problems : no name, a scheme that is not registered with this text, a simulation, a run without postings, one that is already
               booked unchanged or would be replaced without a reason, money that another scheme has booked for the year
    """
    return prepare_bookings(store, [found], who, reason, despite, person)[0][0]


def prepare_bookings(
    store: Store, found: Sequence[Compensation], who: str, reason: str = "", despite: str = "", person: str = ""
) -> tuple[list[Prepared], list[Problem]]:
    """Keep several computed schemes, such as the versions that rule parts of a year; none is kept where one is refused.

    Returns
    -------
    what was kept, and why others were left out: their part of the year is booked as it is, or nobody pays anything in it

    Raises
    ------
    Problems : as `prepare_booking`, or all of them are left out
    """
    who = name_person(who)
    made: list[Prepared] = []
    left: list[Problem] = []
    with store.changing() as opened:
        refuse_forged(opened.connection, store.path)
        for one in found:
            try:
                made.append(_prepare(opened, one, who, clean_reason(reason), clean_reason(despite), person))
            except booking.NothingToBook as empty:
                left += empty.problems
        if not made:
            refuse(left)
    return made, left


def prepare_reversal(store: Store, run: int, reason: str, who: str, person: str = "") -> Prepared:
    """Keep a wish to take a booked run back, for another person to confirm.

    Raises
    ------
    Problems : no name, no such run, one without standing postings, one that a later run has settled, or no reason
    """
    who = name_person(who)
    with store.changing(new=False) as opened:
        refuse_forged(opened.connection, store.path)
        head = booking.check_reversal(opened.connection, run, reason)
        moves = booking.sum_standing(opened.connection, run)
        one = Prepared(
            0,
            REVERSE,
            str(head["scheme"]),
            int(head["year"]),
            None,
            "",
            "",
            *moves,
            None,
            clean_reason(reason),
            "",
            run,
            "",
            person,
            who,
            _now(),
        )
        return _find(opened, add_prepared(opened.connection, one))


def prepare_payments(
    store: Store, path: Path, who: str, person: str = "", columns: Sequence[tuple[str, str]] = DEFAULT
) -> tuple[Prepared, tuple[tuple[str, str], ...]]:
    """Keep payments of a table for another person to confirm; return them, and the vouchers that a system says were not paid.

    Parameters
    ----------
    path    : CSV with posting_voucher, paid_on, amount, voucher, note; or an export that came back filled in, CSV or Excel
    columns : heads and fields of that export

    Raises
    ------
    Problems : no name, a file that cannot be read, and every row that is not valid
    """
    back = read_returned(path, columns)
    if back is None:
        return prepare_paid_rows(store, read_payments(path), str(path), who, person), ()
    if not back.rows:
        told = [say("{voucher} was not paid: {result}", voucher=voucher, result=result) for voucher, result in back.undone]
        expected = "vouchers with a day, an amount and a voucher of the treasury"
        refuse(Problem(str(path), 0, found, expected) for found in told or [say("the table has no payments")])
    return prepare_paid_rows(store, back.rows, str(path), who, person), back.undone


def read_payments(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of payments, as text.

    Raises
    ------
    Problems : a file that cannot be read, or has no such columns or no rows
    """
    table, problems = read_table(path, PAID, ("note",))
    refuse(problems)
    names = (*PAID, "note")
    columns = (
        []
        if table is None
        else [["" if cell is None else str(cell) for cell in table.columns[name].to_pylist()] for name in names]
    )
    rows = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
    if not rows:
        refuse_one(str(path), "the table has no payments", say("the columns {wanted}", wanted=",".join(names)), line=1)
    return rows


def prepare_paid_rows(store: Store, rows: Iterable[Mapping[str, str]], shown: str, who: str, person: str = "") -> Prepared:
    """Keep payments for another person to confirm.

    Parameters
    ----------
    rows  : as `gep.compensation.payments.check_payments` takes them
    shown : what they came from, in messages

    Raises
    ------
    Problems : no name, and every row that is not valid
    """
    who = name_person(who)
    with store.changing(new=False) as opened:
        refuse_forged(opened.connection, store.path)
        found = check_payments(opened, rows, shown)
        _refuse_waiting(opened, found, shown)
        written = json.dumps([one.write() for one in found], ensure_ascii=False)
        fen = sum(one.fen for one in found)
        year = max(one.paid_on.year for one in found)
        one = Prepared(0, PAY, "", year, None, "", "", len(found), fen, None, "", "", None, written, person, who, _now())
        return _find(opened, add_prepared(opened.connection, one))


def _refuse_waiting(opened: Store, payments: Iterable[Payment], shown: str) -> None:
    """Refuse payments by vouchers of the treasury that stand in a preparation which waits to be confirmed."""
    waiting = {fold_name(row["voucher"]): one for one in list_undecided(opened, PAY) for row in json.loads(one.payments)}
    refuse(
        Problem(
            shown,
            0,
            say(
                "{voucher} stands in number {number} by {who}, which waits",
                voucher=paid.voucher,
                number=one.number,
                who=one.shown,
            ),
            "a voucher that nobody prepared yet",
            say("gep transfers --confirm {number} --by NAME", number=one.number),
        )
        for paid in payments
        if (one := waiting.get(fold_name(paid.voucher))) is not None
    )


def confirm(store: Store, number: int, who: str, person: str = "") -> Confirmed:
    """Store what another person prepared: checked again, and computed again unless its rows were kept and cannot have become others.

    Parameters
    ----------
    who    : name of the person, not the one who prepared it
    person : account on the platform, likewise

    Raises
    ------
    Problems : the same person prepared it, it is decided, it comes to other amounts now, or nothing like it may be stored any more
    """
    who = name_person(who)
    found = find_prepared(store, number)
    _refuse_own(found, who, person)

    def decide(connection: duckdb.DuckDBPyConnection, run: int | None) -> None:
        _refuse_decided(_find(connection, number))
        add_decision(connection, number, _now(), CONFIRMED, who, person, run=run)

    if found.act == REVERSE:
        run = found.of_run or 0
        count = booking.reverse(store.path, run, found.reason, _make_entries(None, decide))
        return Confirmed(REVERSE, run, count)
    if found.act == PAY:
        with store.changing(new=False) as opened:
            payments = check_payments(opened, json.loads(found.payments), say("number {number}", number=number), 1)
            decide(opened.connection, None)
            return Confirmed(PAY, None, record_paid(opened.connection, payments))
    kept = _book_kept(store, found, decide)
    if kept is not None:
        return _tell(kept)
    result, facts = recompute_prepared(store, found)
    if result.sha256 != found.sha256:
        refuse_one(
            "NUMBER",
            "the computation comes to another result now than when it was prepared",
            say("the result {hash}", hash=found.sha256[:16]),
            "turn it down, and prepare it again",
        )
    figures = read_accounts(store)
    booked = booking.book(result, facts, store.path, found.reason, figures, found.despite, _make_entries(result, decide))
    return _tell(booked)


def turn_down(store: Store, number: int, who: str, note: str, person: str = "") -> None:
    """Turn down what was prepared; who prepared it may take it back so.

    Raises
    ------
    Problems : no name, it is decided, or no note says why
    """
    who = name_person(who)
    if not clean_reason(note):
        refuse_one("--reason", "no note is given", "why it is turned down")
    with store.changing(new=False) as opened:
        _refuse_decided(_find(opened, number))
        add_decision(opened.connection, number, _now(), REFUSED, who, person, clean_reason(note))


def recompute_prepared(store: Store, found: Prepared) -> tuple[Result, Facts]:
    """Return a prepared booking computed again, from the registered text and the facts that were kept with it.

    Raises
    ------
    Problems : the store was changed by another program, the scheme may not post any more, or it cannot be computed now
    """
    with store:
        refuse_forged(store.connection, store.path)
        registration = list_registrations(store, registration=found.registration)[0]
        rows = list_prepared_facts(store, found.number) or unpack_facts(find_prepared_run(store, found.number))
        ready = read_registered(registration)
        find_registration(ready, list_registrations(store, found.scheme))
    facts = booking.make_facts(rows, found.inputs_sha256)
    result = compute(
        ready,
        facts,
        found.year,
        figures=read_accounts(store),
        carried=booking.make_carried_lookup(store.path, found.scheme, found.year),
        through=found.until,
        booked=booking.make_booked_lookup(store.path, found.scheme),
    )
    return result, facts


def find_prepared(store: Store, number: int) -> Prepared:
    """Return what was prepared under a number.

    Raises
    ------
    Problems : there is no such number, or no store
    """
    with store:
        return _find(store, number)


def list_waiting(store: Store, count: int = 50) -> list[Prepared]:
    """Return what was prepared, what waits first, then the newest; nothing where there is no store."""
    if not store.exists:
        return []
    with store:
        refuse_forged(store.connection, store.path)
        return list_prepared(store, count=count)


def list_registered(store: Store) -> list[Registration]:
    """Return the schemes that are registered in a store, the oldest first.

    Raises
    ------
    Problems : there is no store, or its money does not follow its chain
    """
    with store:
        refuse_forged(store.connection, store.path)
        return list_registrations(store)


def name_person(who: str) -> str:
    """Return the name of a person, spaces put in order.

    Raises
    ------
    Problems : there is none, or what is given is no name (`check_person`)
    """
    refuse(check_person(PERSON, who, "the name of the person who takes this step"))
    return tidy_person(who)


def _read_own(path: Path) -> CheckedScheme:
    from gep.compensation.reading import read_scheme

    ready = read_scheme(path)
    return find_scheme(str(path), ready.scheme.effective.from_.year)


def _tell(booked: booking.Booked) -> Confirmed:
    return Confirmed(BOOK, booked.transfer_run, booked.postings, booked.replaced, booked.reversed, booked.notes)


def _book_kept(
    store: Store, found: Prepared, decide: Callable[[duckdb.DuckDBPyConnection, int | None], None]
) -> booking.Booked | None:
    """Book the rows that were kept when a run was prepared; None where it has to be computed again.

    They were kept only where the run follows from the registered text and the facts alone (`rests_on_text_and_facts`). The
    chain says that nobody has changed text, facts or rows since; the same version of the program would make the same of
    them; and the hash of the postings that are booked is that of the result which was looked at.

    Raises
    ------
    Problems : the store was changed by another program, the scheme may not post any more, or the run may not be booked
    """
    with store.changing(new=False) as opened:
        text = find_prepared_run(opened, found.number)
        if not text or booking.is_bridged(opened, found.scheme, found.year):
            return None
        refuse_forged(opened.connection, store.path)
        ready = read_registered(list_registrations(opened, registration=found.registration)[0])
        find_registration(ready, list_registrations(opened, found.scheme))
        kept = unpack_run(ready, text, found.until)
        if kept is None or kept.sha256 != found.sha256:
            return None
        beside = _make_entries(None, decide)
        return booking.book_within(opened.connection, kept, found.inputs_sha256, found.reason, found.despite, beside)


def _prepare(opened: Store, found: Compensation, who: str, reason: str, despite: str, person: str) -> Prepared:
    result = found.result
    scheme = result.ready.scheme
    before, moves = booking.check_booking(opened.connection, result, reason, despite)
    _refuse_held(opened.connection, result, [int(run) for run, *_ in before])
    registration = find_registration(result.ready, list_registrations(opened, scheme.id))
    same = next(
        (
            one
            for one in list_undecided(opened, BOOK)
            if (one.scheme, one.year, one.sha256) == (scheme.id, result.year, result.sha256)
        ),
        None,
    )
    if same is not None:
        refuse_one(
            "--post",
            say("number {number} by {who} waits with the same postings", number=same.number, who=same.shown),
            "one preparation of a run",
            say("gep transfers --confirm {number} --by NAME", number=same.number),
        )
    wanted = {one.indicator or name for name, one in scheme.inputs.items()} | {CARRY_IN}
    wanted |= {name for name in found.facts.rows if name.startswith(RESULT)}
    rests = dict.fromkeys(rest for name in wanted for one in found.facts.of(name).values() for rest in one.rests_on)
    facts = [*(one for name in sorted(wanted) for one in found.facts.of(name).values()), *rests]
    one = Prepared(
        0,
        BOOK,
        scheme.id,
        result.year,
        registration.registration,
        result.sha256,
        found.facts.sha256,
        len(moves),
        sum(int(move["amount_fen"]) for move in moves),
        None if result.span.is_whole else result.span.last,
        reason,
        despite,
        None,
        "",
        person,
        who,
        _now(),
    )
    if scheme.register_ is None and rests_on_text_and_facts(result.ready):
        return _find(opened, add_prepared(opened.connection, one, content=pack_run(result, facts)))
    return _find(opened, add_prepared(opened.connection, one, tabulate_facts(facts)))


def _find(connection: Store | duckdb.DuckDBPyConnection, number: int) -> Prepared:
    rows = list_prepared(connection, number)
    if not rows:
        refuse_one(
            "NUMBER", say("nothing was prepared under number {number}", number=number), "a number of gep transfers --prepared"
        )
    return rows[0]


def _refuse_own(found: Prepared, who: str, person: str) -> None:
    _refuse_decided(found)
    if is_same_person(found.shown, who) or (person and person == found.person):
        refuse(
            [
                Problem(
                    PERSON,
                    0,
                    say("{person} prepared this and cannot confirm it", person=found.shown),
                    "another person of finance",
                    "one prepares, another confirms",
                )
            ]
        )


def _refuse_decided(found: Prepared) -> None:
    if found.decision:
        refuse_one(
            "NUMBER",
            say("number {number} was decided by {person} already", number=found.number, person=found.decided_by),
            "something that waits",
        )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _make_entries(result: Result | None, decide: Callable[[duckdb.DuckDBPyConnection, int | None], None]) -> booking.Beside:
    """Return what a booking does beside: it is decided, entries of replaced runs are released, those of the run are made."""

    def enter(connection: duckdb.DuckDBPyConnection, number: int, replaced: list[int]) -> None:
        decide(connection, number)
        today = find_today()
        for run in replaced:
            release_noted(connection, f"transfer run {run}", today, f"transfer run {number}")
        for entry, held in _list_entries(result, number):
            add_service_within(connection, entry, *held)

    return enter


def _refuse_held(connection: Connection, result: Result, replaced: Iterable[int]) -> None:
    """Refuse a run whose entries in the register would meet others; those of the runs it replaces would be released before."""
    notes = {f"transfer run {run}" for run in replaced}
    found = [find_service_conflict(connection, entry, *held, notes) for entry, held in _list_entries(result, 0)]
    refuse([one for one in found if one is not None])


def _list_entries(result: Result | None, number: int) -> list[tuple[Entry, Held]]:
    """Return the entries in the register that a run makes where its scheme says so, each with the quantity that it holds."""
    register = result.ready.scheme.register_ if result is not None else None
    if result is None or register is None:
        return []
    scheme, net = result.ready.scheme, result.net()
    account = scheme.inputs[register.input].account
    entries: list[tuple[Entry, Held]] = []
    for fact in result.used:
        member = result.places.called.get(fact.place)
        if account is None or fact.indicator != register.input or fact.year != result.year or net.get(member or "", 0) <= 0:
            continue
        payers = join_list(
            name_party(scheme, one) for one in dict.fromkeys(flow.source for flow in result.flows if flow.target == member)
        )
        entry = Entry(
            0,
            COMPENSATED,
            Subject(SERVICE),
            find_today(),
            None,
            payers,
            f"{scheme.id}-{result.year}-{number}",
            f"transfer run {number}",
        )
        code = result.places.codes[member or ""]
        entries.append((entry, (code, fact.year, account.of, "", account.standard, (fact.text, fact.unit))))
    return entries
