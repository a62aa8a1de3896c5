"""Booked transfers between public budgets: postings, what is paid, steps, parties; amounts in fen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gep.records import dataclass
from gep.store.rows import fetch_rows
from gep.store.settled import OPEN, SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from gep.store.questions import Question
    from gep.store.rows import Connection


@dataclass(frozen=True)
class Posting:
    """A posting that stands, in whole fen, with the run that booked it."""

    transfer_run: int
    scheme: str
    scheme_version: str
    title_zh: str
    voucher: str
    payer: str
    payee: str
    payer_name: str | None
    payee_name: str | None
    amount_fen: int
    operation: str
    reason: str
    clause: str
    due_on: date
    scheme_sha256: str
    made_at: datetime


@dataclass(frozen=True)
class Side:
    """A posting as a county sees it: `sign` 1 where it is paid, -1 where it pays; `paid_fen` is what was paid of it so far."""

    sign: int
    posting: int
    transfer_run: int
    scheme: str
    scheme_version: str
    title_zh: str
    year: int
    payer: str
    payer_name: str | None
    payee: str
    payee_name: str | None
    subject_from: str
    subject_to: str
    amount_fen: int
    operation: str
    posting_kind: str
    period: str
    part: int
    parts: int
    reason: str
    clause: str
    fund_notice: str
    voucher: str
    due_on: date
    paid_fen: int
    held_fen: int = 0
    """What a deduction withholds of it; never due."""


@dataclass(frozen=True)
class TransferStep:
    """A step of the computation of a booked run: an exact value, as text, in its unit."""

    stage: str
    step_name: str
    value_exact: str
    unit: str
    note: str


@dataclass(frozen=True)
class BookedYear:
    """A scheme and year of which a booked run stands."""

    scheme: str
    year: int


@dataclass(frozen=True)
class CarriedFund:
    """A fund that took in what the year before put aside: `taken` in yuan, as text, as its run has it; `aside_fen` as it is now."""

    scheme: str
    year: int
    fund: str
    taken: str
    aside_fen: int


@dataclass(frozen=True)
class OtherRun:
    """A standing run of another scheme: what is booked beside a run that is to be booked."""

    transfer_run: int
    scheme: str
    scheme_version: str
    scheme_text: str
    made_at: datetime

    def find_title(self, fund: str) -> str:
        """Return the title of a fund as the scheme's text has it; its name where it has none."""
        name = fund.rpartition(":")[2]
        return str(json.loads(self.scheme_text).get("funds", {}).get(name, {}).get("title") or name)


@dataclass(frozen=True)
class Move:
    """A standing posting of a run: who pays whom, in whole fen, and the notice that brought the money."""

    payer: str
    payer_name: str | None
    payee: str
    amount_fen: int
    fund_notice: str


@dataclass(frozen=True)
class RestsOn:
    """Standing postings of a run that rest on an account whose approval has fallen: how many, which account, and what happened.

    Attributes
    ----------
    state  : of review of the run they rest on, as it is now
    later  : the run that took its place, None if none did
    fallen : when that happened, or when the sign-off was taken back
    """

    transfer_run: int
    scheme: str
    year: int
    postings: int
    county: str
    of_year: int
    run: int
    state: str
    later: int | None
    fallen: datetime | None


def list_other_runs(connection: Connection, scheme: str, year: int) -> list[OtherRun]:
    """Return the standing runs of a year of all schemes but one, the oldest first."""
    found = fetch_rows(
        connection,
        "SELECT transfer_run, scheme, scheme_version, scheme_text, made_at FROM transfer_standing_run WHERE year = ? AND scheme <> ? ORDER BY transfer_run",
        [year, scheme],
    )
    return [OtherRun(*row) for row in found]


def list_moves(connection: Connection, run: int) -> list[Move]:
    """Return the standing postings of a transfer run; amounts in fen."""
    found = fetch_rows(
        connection,
        "SELECT payer, payer_name, payee, amount_fen, fund_notice FROM transfer_standing WHERE transfer_run = ? ORDER BY posting",
        [run],
    )
    return [Move(*row) for row in found]


@dataclass(frozen=True)
class DuePosting:
    """A standing posting that was due before a day, in fen, with the days and fen of its payments and the text of its scheme.

    What a deduction withholds of it is not due. Payments on what it took the place of in a correction are its own.
    """

    voucher: str
    payer: str
    payee: str
    due_on: date
    amount_fen: int
    scheme_text: str
    payments: tuple[tuple[date, int], ...]


def list_due(connection: Connection, day: date) -> list[DuePosting]:
    """Return the standing postings that somebody had to pay before a day: another party, or a fund to a party, or a party to a fund."""
    found = fetch_rows(
        connection,
        f"WITH RECURSIVE {SETTLED} SELECT s.posting, s.voucher, coalesce(s.payer_name, s.payer), coalesce(s.payee_name, s.payee), s.due_on, "  # noqa: S608 - our own words
        "s.amount_fen - coalesce(h.held_fen, 0), r.scheme_text FROM transfer_standing s JOIN transfer_run r USING (transfer_run) "
        f"LEFT JOIN held h USING (posting) WHERE s.due_on < ? AND {OPEN} ORDER BY s.due_on, s.posting",
        [day],
    )
    paid: dict[int, list[tuple[date, int]]] = {}
    payments = f"WITH RECURSIVE {SETTLED} SELECT posting, paid_on, amount_fen FROM made ORDER BY ALL"  # noqa: S608 - our own words
    for posting, on, fen in fetch_rows(connection, payments):
        paid.setdefault(posting, []).append((on, int(fen)))
    return [
        DuePosting(voucher, payer, payee, due_on, fen, text, tuple(paid.get(posting, ())))
        for posting, voucher, payer, payee, due_on, fen, text in found
    ]


def list_fallen(connection: Connection, county: str = "", year: int | None = None) -> list[RestsOn]:
    """Return the standing postings that rest on accounts whose approval has fallen, by transfer run and account.

    Counted are those of the county itself; where it neither pays nor receives, all of the run.

    Parameters
    ----------
    county : six-digit code of the account; empty: all
    year   : of the account; None: all
    """
    found = fetch_rows(
        connection,
        """WITH rests AS (
  SELECT DISTINCT f.transfer_run, f.place, CAST(f.period AS INTEGER) AS of_year, CAST(regexp_extract(f.address, 'store run ([0-9]+)', 1) AS BIGINT) AS run
  FROM transfer_fact f WHERE f.address LIKE 'store run %' AND f.period NOT LIKE '%-%' AND f.period NOT LIKE '%Q%')
SELECT t.transfer_run, t.scheme, t.year, (SELECT coalesce(nullif(count(*) FILTER (r.place IN (p.payer, p.payee)), 0), count(*)) FROM transfer_standing p WHERE p.transfer_run = t.transfer_run),
  r.place, r.of_year, r.run, s.state, s.superseded_by, coalesce((SELECT made_at FROM run WHERE run.run = s.superseded_by), s.signed_at)
FROM rests r JOIN transfer_standing_run t USING (transfer_run) JOIN account_state s ON s.run = r.run AND s.county = r.place AND s.year = r.of_year
WHERE (s.state <> 'approved' OR (s.superseded_by IS NOT NULL AND s.kept_in IS NULL)) AND ($county = '' OR r.place = $county)
  AND ($year IS NULL OR r.of_year = $year) ORDER BY ALL""",
        {"county": county, "year": year},
    )
    return [RestsOn(*row) for row in found]


def list_postings(connection: Connection, county: str, year: int) -> list[Posting]:
    """Return the postings of a year that stand and in which a county pays or is paid; amounts in fen.

    Parameters
    ----------
    county : six-digit code, or id of a party
    """
    if not fetch_rows(connection, "SELECT 1 FROM transfer_posting WHERE payer = ? OR payee = ? LIMIT 1", [county, county]):
        return []  # most counties: what stands of nothing need not be worked out
    found = fetch_rows(
        connection,
        "SELECT s.transfer_run, s.scheme, s.scheme_version, s.title_zh, s.voucher, s.payer, s.payee, s.payer_name, s.payee_name, s.amount_fen, s.operation, s.reason, s.clause, "
        "s.due_on, r.scheme_sha256, r.made_at FROM transfer_standing s JOIN transfer_run r USING (transfer_run) WHERE s.year = ? AND (s.payer = ? OR s.payee = ?) "
        "ORDER BY s.scheme, s.transfer_run, s.posting",
        [year, county, county],
    )
    return [Posting(*row) for row in found]


def count_postings(connection: Connection, year: int) -> tuple[int, int | None]:
    """Return how many postings of a year stand, and the number of the last."""
    count, last = fetch_rows(connection, "SELECT count(*), max(posting) FROM transfer_standing WHERE year = ?", [year])[0]
    return int(count), last


def list_sides(connection: Connection, counties: Iterable[str], year: int | None, scheme: str) -> list[Side]:
    """Return what counties get and owe, by year, scheme and posting; amounts in fen.

    Parameters
    ----------
    counties : codes or ids of parties
    year     : None: all years
    scheme   : id; empty: all
    """
    found = fetch_rows(
        connection,
        f"""WITH RECURSIVE {SETTLED} SELECT s.sign, s.posting, s.transfer_run, s.scheme, s.scheme_version, s.title_zh, s.year, s.payer, s.payer_name, s.payee,
  s.payee_name, s.account_from, s.account_to, s.amount_fen, s.operation, s.posting_kind, s.period, s.part, s.parts, s.reason, s.clause, s.fund_notice,
  s.voucher, s.due_on, coalesce(paid.fen, 0), coalesce(held.held_fen, 0) FROM (
  SELECT 1 AS sign, * FROM owed WHERE payee IN (SELECT unnest($counties))
  UNION ALL SELECT -1, * FROM owed WHERE payer IN (SELECT unnest($counties))) s LEFT JOIN paid USING (posting) LEFT JOIN held USING (posting)
WHERE ($year IS NULL OR s.year = $year) AND ($scheme = '' OR s.scheme = $scheme) ORDER BY s.year, s.scheme, s.posting, sign""",  # noqa: S608 - our own names
        {"counties": list(counties), "year": year, "scheme": scheme},
    )
    return [Side(*row) for row in found]


def list_notices(connection: Connection, run: int, fund: str) -> list[str]:
    """Return the numbers of the notices that brought the money of a fund in a run.

    Parameters
    ----------
    run : number of a transfer run
    """
    found = fetch_rows(
        connection,
        "SELECT DISTINCT fund_notice FROM transfer_posting WHERE transfer_run = ? AND payee = ? AND fund_notice <> '' ORDER BY ALL",
        [run, fund],
    )
    return [str(row[0]) for row in found]


def list_steps(connection: Connection, side: Side) -> list[TransferStep]:
    """Return the steps of the operation of a posting that concern its payer or payee, in their order."""
    found = fetch_rows(
        connection,
        "SELECT stage, step_name, value_exact, unit, note FROM transfer_step WHERE transfer_run = ? AND operation = ? AND period = ? "
        "AND place IN (?, ?) ORDER BY step",
        [side.transfer_run, side.operation, side.period, side.payer, side.payee],
    )
    return [TransferStep(*row) for row in found]


def list_booked(connection: Connection) -> list[BookedYear]:
    """Return the schemes and years of which a booked run stands."""
    found = fetch_rows(connection, "SELECT DISTINCT scheme, year FROM transfer_standing_run ORDER BY ALL")
    return [BookedYear(*row) for row in found]


def list_parties(connection: Connection) -> set[str]:
    """Return the ids of all parties that anything was ever booked for."""
    return {str(row[0]) for row in fetch_rows(connection, "SELECT DISTINCT party FROM transfer_party")}


def list_booked_facts(connection: Connection, scheme: str, year: int) -> list[tuple[Any, ...]]:
    """Return the facts of the booked run of a scheme and year that stands; nothing without one.

    Parameters
    ----------
    scheme : id

    Returns
    -------
    indicator, place, period, value and unit as given, status, source, note, address
    """
    return fetch_rows(
        connection,
        "SELECT DISTINCT indicator, place, period, value_given, unit_given, fact_status, source, note, address FROM transfer_fact "
        "WHERE transfer_run IN (SELECT transfer_run FROM transfer_standing_run WHERE scheme = ? AND year = ? "
        "QUALIFY transfer_run = max(transfer_run) OVER (PARTITION BY scheme_version)) ORDER BY ALL",
        [scheme, year],
    )


def list_carried(connection: Connection) -> list[CarriedFund]:
    """Return the funds of booked years that took in money from a year before that is booked too; yuan as text, and fen."""
    found = fetch_rows(
        connection,
        """SELECT r.scheme, r.year, s.place, s.value_exact, coalesce((SELECT sum(p.amount_fen) FROM transfer_standing p
  WHERE p.year < r.year AND p.payee = 'fund:' || r.scheme || ':' || r.year || ':' || replace(s.place, 'fund:', '')), 0)
FROM transfer_step s JOIN transfer_standing_run r USING (transfer_run) WHERE s.stage = 'fund' AND s.step_name = 'carried in from last year'
  AND EXISTS (SELECT 1 FROM transfer_run b WHERE b.scheme = r.scheme AND b.year = r.year - 1) ORDER BY ALL""",
    )
    return [CarriedFund(scheme, year, fund, taken, int(aside)) for scheme, year, fund, taken, aside in found]


def answer_question(
    connection: Connection, question: Question, *, counties: list[str], year: int | None = None, scheme: str = "", as_of: str = ""
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of a question, narrowed to what its columns allow.

    Parameters
    ----------
    counties : codes or ids of parties; empty: all
    as_of    : day up to which it was booked, YYYY-MM-DD; empty: to this day
    """
    found = connection.execute(f"SELECT * FROM ({question.sql}) LIMIT 0")  # noqa: S608 - our own queries
    columns = [column[0] for column in found.description or []]
    wheres: list[str] = []
    values: list[object] = []
    sides = [column for column in question.county if column in columns]
    if counties and sides:
        wheres.append(" OR ".join(f"{column} IN (SELECT unnest(?))" for column in sides))
        values += [counties] * len(sides)
    for column, value in (("year", year), ("scheme", scheme or None)):
        if value is not None and column in columns:
            wheres.append(f"{column} = ?")
            values.append(value)
    if as_of and "booked_at" in columns:
        wheres.append("CAST(booked_at AS DATE) <= ?")
        values.append(as_of)
    where = f" WHERE {' AND '.join(f'({one})' for one in wheres)}" if wheres else ""
    return columns, fetch_rows(connection, f"SELECT * FROM ({question.sql}){where}", values)  # noqa: S608 - our own queries


@dataclass(frozen=True)
class BookedRun:
    """A booked run: what it settled, when, why, which run it replaced, and whether its postings still stand."""

    transfer_run: int
    scheme: str
    scheme_version: str
    year: int
    made_at: datetime
    reason: str
    replaces: int | None
    scheme_sha256: str
    results_sha256: str
    stands: bool


@dataclass(frozen=True)
class Booking:
    """A posting of a run, reversals left out: amount in fen, budget subjects, notice, period, due day, and what was paid of it."""

    posting: int
    voucher: str
    payer: str
    payer_name: str
    payee: str
    payee_name: str
    subject_from: str
    subject_to: str
    amount_fen: int
    operation: str
    posting_kind: str
    period: str
    reason: str
    clause: str
    fund_notice: str
    due_on: date
    paid_fen: int


def list_booked_runs(
    connection: Connection, scheme: str = "", year: int | None = None, run: int | None = None
) -> list[BookedRun]:
    """Return booked runs that have postings of their own, the newest first; runs that only reverse are left out.

    Parameters
    ----------
    scheme : id; empty: all
    year   : None: all
    run    : number of one run; None: all
    """
    found = fetch_rows(
        connection,
        "SELECT r.transfer_run, r.scheme, r.scheme_version, r.year, r.made_at, r.reason, r.replaces, r.scheme_sha256, r.results_sha256, "
        "r.transfer_run IN (SELECT transfer_run FROM transfer_standing) FROM transfer_run r "
        "WHERE EXISTS (SELECT 1 FROM transfer_posting p WHERE p.transfer_run = r.transfer_run AND p.reverses IS NULL) "
        "AND ($scheme = '' OR r.scheme = $scheme) AND ($year IS NULL OR r.year = $year) AND ($run IS NULL OR r.transfer_run = $run) "
        "ORDER BY r.transfer_run DESC",
        {"scheme": scheme, "year": year, "run": run},
    )
    return [BookedRun(*row) for row in found]


def list_bookings(connection: Connection, runs: Iterable[int]) -> list[Booking]:
    """Return the postings of runs, reversals left out, in the order they were booked."""
    found = fetch_rows(
        connection,
        f"""WITH RECURSIVE {SETTLED} SELECT p.posting, p.voucher, p.payer, coalesce(f.party_name, p.payer), p.payee, coalesce(t.party_name, p.payee), p.account_from,
  p.account_to, p.amount_fen, p.operation, p.posting_kind, p.period, p.reason, p.clause, p.fund_notice, p.due_on, coalesce(paid.fen, 0)
FROM transfer_posting p LEFT JOIN transfer_party f ON f.transfer_run = p.transfer_run AND f.party = p.payer
LEFT JOIN transfer_party t ON t.transfer_run = p.transfer_run AND t.party = p.payee LEFT JOIN paid ON paid.posting = p.posting
WHERE p.transfer_run IN (SELECT unnest(?)) AND p.reverses IS NULL ORDER BY p.posting""",  # noqa: S608 - our own names
        [list(runs)],
    )
    return [Booking(*row) for row in found]


@dataclass(frozen=True)
class OnAccount:
    """What rests on an account: a booked run that took a figure of it, or an entry of the register.

    Attributes
    ----------
    kind   : `transfer` or `register`
    number : of the transfer run, or of the entry
    figure : what was taken of the account, as it was taken, in `unit`
    run    : of the account that it was taken from; `state` is its state of review now
    postings, amount_fen : of the county in that run, what it gets less what it pays
    """

    kind: str
    number: int
    scheme: str
    year: int
    indicator: str
    figure: str
    unit: str
    run: int
    state: str
    postings: int
    amount_fen: int


def list_on_account(connection: Connection, county: str, year: int) -> list[OnAccount]:
    """Return what rests on the accounts of a county and year: standing bookings and standing entries of the register.

    Parameters
    ----------
    county : six-digit code
    """
    found = fetch_rows(
        connection,
        """WITH rests AS (
  SELECT DISTINCT f.transfer_run, f.indicator, f.value_given, f.unit_given, CAST(regexp_extract(f.address, 'store run ([0-9]+)', 1) AS BIGINT) AS run
  FROM transfer_fact f WHERE f.address LIKE 'store run %' AND f.place = $county AND f.period = CAST($year AS VARCHAR))
SELECT 'transfer', t.transfer_run, t.scheme, t.year, r.indicator, r.value_given, r.unit_given, r.run, coalesce(s.state, ''),
  (SELECT count(*) FROM transfer_standing p WHERE p.transfer_run = t.transfer_run AND $county IN (p.payer, p.payee)),
  (SELECT CAST(coalesce(sum(CASE WHEN p.payee = $county THEN p.amount_fen ELSE -p.amount_fen END), 0) AS BIGINT) FROM transfer_standing p
   WHERE p.transfer_run = t.transfer_run AND $county IN (p.payer, p.payee))
FROM rests r JOIN transfer_standing_run t USING (transfer_run)
LEFT JOIN account_state s ON s.run = r.run AND s.county = $county AND s.year = $year
UNION ALL
SELECT 'register', e.encumbrance, e.document, e.year, coalesce(e.service, e.line, ''), coalesce(CAST(e.held_quantity AS VARCHAR), ''), coalesce(e.quantity_unit, ''),
  e.run, coalesce(s.state, ''), 0, 0
FROM encumbrance_state e LEFT JOIN account_state s ON s.run = e.run AND s.county = $county AND s.year = $year
WHERE e.county = $county AND e.year = $year AND e.run IS NOT NULL AND e.released_by IS NULL
ORDER BY ALL""",
        {"county": county, "year": year},
    )
    return [OnAccount(*row) for row in found]
