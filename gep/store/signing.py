"""Review and sign-off: who submitted, approved or returned exactly which result. Events are only ever added."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gep.files.written_names import check_person, clean_reason, fold_person, tidy_person
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import Name, mark_word, say
from gep.records import dataclass
from gep.store.results import SHOWN_TABLE
from gep.store.rows import fetch_records, fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gep.store.keys import AccountKey
    from gep.store.rows import Connection

DRAFT, SUBMITTED, APPROVED, RETURNED = "draft", "submitted", "approved", "returned"
ALLOWED = {SUBMITTED: (DRAFT, RETURNED), APPROVED: (SUBMITTED,), RETURNED: (SUBMITTED,)}
"""Step → the states it may be taken from; approved is final, only a later run with a reason goes past it."""

RESULT_TABLES = ("ecosystem_result", "line_result", "service_result", SHOWN_TABLE, "total_result")
"""What a sign-off is for; notices of the whole run depend on the other counties in it and stand apart."""


@dataclass(frozen=True)
class Event:
    """One step of review, as it was stored."""

    event: int
    kind: str
    run: int
    county: str
    year: int
    standard: str
    account_sha256: str
    who: str
    note: str


@dataclass(frozen=True)
class ReviewState:
    """The state of review of an account of a run; `hash_matches`: whether its results are still those signed, None if unsigned."""

    run: int
    account: int
    county: str
    year: int
    standard: str
    state: str
    signed_by: str | None
    signed_at: datetime | None
    signed_note: str | None
    signed_sha256: str | None
    superseded_by: int | None
    voided_run: int | None
    voided_by: int | None
    kept_from: int | None
    kept_in: int | None
    hash_matches: bool | None = None


def hash_results(county: str, year: int, standard: str, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> str:
    """Return the hash of one account's results: sha256 over its key and every row of every result table.

    Parameters
    ----------
    tables : name of a result table → its rows, a list, without run and account, in any order; numbers as 64-bit floats

    A row is JSON with sorted keys, numbers in their shortest exact form, empty text the same as none; rows are sorted.
    """
    digest = hashlib.sha256(json.dumps([county, year, standard], ensure_ascii=False).encode())
    for name in sorted(tables):
        if name == SHOWN_TABLE and not tables[name]:  # accounts signed before there were such figures keep their hash
            continue
        rows = sorted(
            json.dumps({key: None if value == "" else value for key, value in row.items()}, ensure_ascii=False, sort_keys=True)
            for row in tables[name]
        )
        digest.update(f"\n{name} {len(rows)}\n".encode() + "\n".join(rows).encode())
    return digest.hexdigest()


def hash_account(connection: Connection, run: int, account: int) -> str:
    """Return the hash of exactly the stored results of one account, whoever else is in the run, as `hash_results` makes it.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run
    """
    return hash_accounts(connection, [(run, account)])[run, account]


def hash_accounts(connection: Connection, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return (run, account) → hash of its stored results, for each account wanted.

    Parameters
    ----------
    wanted : run and number in the run of each account
    """
    runs, accounts = [run for run, _ in wanted], [account for _, account in wanted]
    heads = connection.execute(
        "SELECT a.run, a.account, a.county, a.year, r.standard FROM (SELECT DISTINCT unnest(?) AS run, unnest(?) AS account) "
        "JOIN account a USING (run, account) JOIN run r USING (run)",
        [runs, accounts],
    ).fetchall()
    tables: dict[tuple[int, int], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: {name: [] for name in RESULT_TABLES})
    for name in RESULT_TABLES:
        for row in fetch_records(
            connection,
            f"SELECT t.* FROM (SELECT DISTINCT unnest(?) AS run, unnest(?) AS account) JOIN {name} t USING (run, account)",  # noqa: S608 - our own names
            [runs, accounts],
        ):
            tables[row.pop("run"), row.pop("account")][name].append(row)
    return {
        (run, account): hash_results(county, year, standard, tables[run, account])
        for run, account, county, year, standard in heads
    }


def read_state(connection: Connection, key: AccountKey) -> ReviewState:
    """Return the state of review of an account, and whether its results are still what was signed."""
    columns = ", ".join(field.name for field in fields(ReviewState) if field.name != "hash_matches")
    row = fetch_rows(connection, f"SELECT {columns} FROM account_state WHERE run = ? AND account = ?", [key.run, key.account])[0]  # noqa: S608 - our own names
    state = ReviewState(*row)
    if state.signed_sha256 is None:
        return state
    return replace(state, hash_matches=hash_account(connection, key.run, key.account) == state.signed_sha256)


def state_in_words(state: ReviewState) -> tuple[str, str]:
    """Return the state of review as a sentence in Chinese and in English, with what voided it and whether its hash holds."""
    who, note, run = state.signed_by, state.signed_note, state.run
    day = f"{state.signed_at:%Y-%m-%d}" if state.signed_at is not None else ""
    zh, en = {
        DRAFT: (f"草稿：第 {run} 次核算尚未送审", f"draft: run {run} was never submitted"),
        SUBMITTED: (f"已送审，待批准：{who} {day}", f"submitted by {who} on {day}, not yet approved"),
        APPROVED: (f"已批准：{who} {day}", f"approved by {who} on {day}"),
        RETURNED: (f"已退回：{who} {day}，{note}", f"returned by {who} on {day}: {note}"),
    }[state.state]
    if state.kept_from is not None:
        zh += f"，第 {state.kept_from} 次核算签署，本次结果相同"
        en += f", as run {state.kept_from}, of which this is the same result"
    if state.kept_in is not None:
        zh += f"，在第 {state.kept_in} 次核算中继续有效"
        en += f", and stands in run {state.kept_in}"
    elif state.superseded_by is not None:
        zh += f"，被第 {state.superseded_by} 次核算{'作废' if state.state == APPROVED else '取代'}"
        en += f", {'voided' if state.state == APPROVED else 'superseded'} by run {state.superseded_by}"
    elif state.voided_run is not None and state.state != APPROVED:
        zh += f"；第 {state.voided_run} 次核算已批准，被第 {state.voided_by} 次核算作废"
        en += f"; run {state.voided_run} had been approved and was voided by run {state.voided_by}"
    if state.hash_matches is False:
        zh += f"；哈希不符：库中结果与签署的 {(state.signed_sha256 or '')[:16]} 不同"
        en += f"; the hash does not match: the stored results are not those signed as {(state.signed_sha256 or '')[:16]}"
    return zh, en


def sign(connection: Connection, place: AccountKey, kind: str, who: str, note: str = "", expected: str = "") -> Event:
    """Add one step of review of an account, in the transaction of the connection, and return it as stored.

    Parameters
    ----------
    kind : submitted, approved or returned
    who  : name of the person
    expected : the first digits of the hash that the person looked at; empty: not asked
    note : of approval and return required; of a submission it answers findings that are not explained

    Raises
    ------
    Problems : the step does not follow from the state, maker and checker are one, findings stand in the way, or the
               results are not what was submitted
    """
    refuse(check_person("--by", who, "the name of the person who signs"))
    who, note = tidy_person(who), clean_reason(note)
    state = read_state(connection, place)
    named = say("{account}, run {run}", account=f"{place.county} {place.year} ({place.standard})", run=place.run)
    refuse(_out_of_order(named, kind, state, note))
    digest = hash_account(connection, place.run, place.account)
    if not digest.startswith(expected.strip().lower()):
        refuse_one(
            "--sha256",
            say("{named} has the hash {digest}", named=named, digest=digest),
            say("the hash {expected}", expected=expected),
            "gep review shows it",
        )
    if kind == SUBMITTED:
        refuse(_open_findings(connection, place, note))
    else:
        refuse(_wrong_checker(named, kind, state, who, digest))
    now = datetime.now(UTC).replace(tzinfo=None)
    refuse(_before_submission(named, kind, state, now))
    event = connection.execute("SELECT nextval('event_number')").fetchall()[0][0]
    connection.execute(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [event, now, kind, place.run, place.account, place.county, place.year, place.standard, digest, who, note],
    )
    return Event(int(event), kind, place.run, place.county, place.year, place.standard, digest, who, note)


def refuse_without_reason(connection: Connection, run: int, reason: str) -> None:
    """Refuse a run that would supersede approved accounts and gives no reason; asked inside the run's own transaction.

    A sign-off that the run lets stand (`gep.store.carry_over`) is not in the way.

    Parameters
    ----------
    run : number of the new run

    Raises
    ------
    Problems : every approved account that would be superseded
    """
    if clean_reason(reason):
        return
    approved = connection.execute(
        "SELECT old.county, old.year, old.standard, old.run, old.signed_by FROM account_state new JOIN account_state old "
        "ON old.superseded_by = new.run AND old.county = new.county AND old.year = new.year AND old.standard = new.standard "
        "WHERE new.run = ? AND old.state = 'approved' AND old.kept_in IS NULL ORDER BY ALL",
        [run],
    ).fetchall()
    refuse(
        Problem(
            "--reason",
            0,
            say(
                "{county} {year} ({standard}) is approved, run {old}, by {who}",
                county=county,
                year=year,
                standard=standard,
                old=old,
                who=who,
            ),
            "a reason, because this run would void that approval",
            'gep run ... --reason "..."',
        )
        for county, year, standard, old, who in approved
    )


def is_same_person(one: str, two: str) -> bool:
    """Whether two names are written alike, apart from width, case, spaces, signs, what nobody sees and letters that look like others."""
    return fold_person(one) == fold_person(two)


def list_open_findings(connection: Connection, place: AccountKey) -> list[Problem]:
    """Return a problem for each finding of grade A, and of grade B without a written explanation, of an account."""
    return _open_findings(connection, place, "")


def _out_of_order(named: str, kind: str, state: ReviewState, note: str) -> list[Problem]:
    now = state.state
    if now not in ALLOWED[kind]:
        hints = {
            DRAFT: "gep submit comes first",
            SUBMITTED: "gep approve or gep return comes next",
            APPROVED: "approved is final; gep run --reason makes a later run",
            RETURNED: "gep submit, or a new gep run, comes next",
        }
        found = say("{named} is {now} and cannot be {kind}", named=named, now=mark_word(now), kind=mark_word(kind))
        before = [mark_word(state) for state in ALLOWED[kind]]
        allowed = (
            say("an account that is {one} or {other}", one=before[0], other=before[1])
            if len(before) > 1
            else say("an account that is {state}", state=before[0])
        )
        return [Problem("STATE", 0, found, allowed, hints[now])]
    if not note and (kind != SUBMITTED or now == RETURNED):
        lacking = "submitting what was returned needs a note" if kind == SUBMITTED else "this step needs a note"
        return [Problem("--note", 0, lacking, "why, in a sentence")]
    return []


def _open_findings(connection: Connection, place: AccountKey, note: str) -> list[Problem]:
    found_rows = connection.execute(
        "SELECT check_code, grade, address, found, coalesce(found_zh, found), explanation FROM explanation "
        "WHERE run = ? AND account IN (-1, ?) AND grade IN ('A', 'B') ORDER BY ALL",
        [place.run, place.account],
    ).fetchall()
    problems = []
    for code, grade, address, found, found_zh, explanation in found_rows:
        what = say("{code}: {found}", code=code, found=Name(found, found_zh))
        if grade == "A":
            problems.append(Problem(address, 0, what, "a corrected figure (grade A)", "correct it, then gep run again"))
        elif not explanation.strip() and not note:
            hint = "explain it in the workbook and run again, or --note TEXT"
            problems.append(Problem(address, 0, what, "a written explanation (grade B)", hint))
    return problems


def _before_submission(named: str, kind: str, state: ReviewState, now: datetime) -> list[Problem]:
    if state.signed_at is None or now >= state.signed_at:
        return []
    found = say("{named} would be {kind} at {now:%Y-%m-%d %H:%M:%S} UTC", named=named, kind=mark_word(kind), now=now)
    expected = say(
        "a time after {at:%Y-%m-%d %H:%M:%S} UTC, when it was {state}", at=state.signed_at, state=mark_word(state.state)
    )
    return [Problem("STATE", 0, found, expected, "the clock of this machine is behind; set it right")]


def _wrong_checker(named: str, kind: str, state: ReviewState, who: str, digest: str) -> list[Problem]:
    if is_same_person(who, state.signed_by or ""):
        return [
            Problem(
                "--by",
                0,
                say("{named} was submitted by {who}", named=named, who=state.signed_by or ""),
                say("another person, so that it is {kind} by a checker", kind=mark_word(kind)),
            )
        ]
    if digest != state.signed_sha256:
        found = say("the results of {named} were changed in the store after they were submitted", named=named)
        return [
            Problem(
                "STORE",
                0,
                found,
                say("results of hash {signed}, found {digest}", signed=(state.signed_sha256 or "")[:16], digest=digest[:16]),
                "run and submit again",
            )
        ]
    return []
