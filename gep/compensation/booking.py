"""Books computed schemes in the store: immutable double entries; a correction is a reversal plus new entries, in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any, NoReturn

import pyarrow as pa

from gep.compensation.bridge import Bridge, compute_bridge
from gep.compensation.facts import ACCOUNT, OF_INDICATORS, Fact, Facts, gather
from gep.compensation.in_year import find_differences
from gep.compensation.members import name_party
from gep.compensation.reading import check_document as as_scheme
from gep.compensation.run_rows import KeptRun, end_of, tabulate
from gep.compensation.scheme import FUND, NEXT_YEAR
from gep.compensation.twice import find_doubles
from gep.files.written_names import clean_reason
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import join_list, say
from gep.store.opening import insert, open_to_read, open_to_write
from gep.store.rows import fetch_records
from gep.units.money import parse_decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import duckdb

    from gep.compensation.band import Band
    from gep.compensation.binding import ReadAccountFigures
    from gep.compensation.compute import Result
    from gep.compensation.scheme import Input
    from gep.store.rows import Connection


class NothingToBook(Problems):
    """A run books nothing new: it has no postings, or they are booked already."""


if TYPE_CHECKING:
    Beside = Callable[[duckdb.DuckDBPyConnection, int, list[int]], None]
BRIDGED = 200
"""Members with changed inputs up to which each gets a bridge of its own when a run is booked: one run more a member."""


@dataclass(frozen=True)
class Booked:
    """A run that was committed."""

    transfer_run: int
    postings: int
    replaced: int | None
    reversed: int
    notes: tuple[str, ...] = ()
    """What could not be done beside the booking: the bridge from the year before, and why."""


def make_carried_lookup(path: Path, scheme: str, year: int) -> Callable[[str], int | None]:
    """Return a lookup: fund → fen carried forward by last year's booked run, None if nothing was booked.

    Parameters
    ----------
    path   : file of the store; it need not be there yet
    scheme : id
    year   : the year that is computed
    """

    def carried(fund: str) -> int | None:
        if not path.exists():
            return None
        with open_to_read(path) as connection:
            runs = connection.execute(
                "SELECT count(*) FROM transfer_standing_run WHERE scheme = ? AND year = ?", [scheme, year - 1]
            ).fetchall()
            if not runs[0][0]:
                return None
            rows = connection.execute(
                "SELECT coalesce(sum(amount_fen), 0) FROM transfer_standing WHERE payee = ? AND year < ?",
                [f"{FUND}{scheme}:{year}:{fund}", year],
            ).fetchall()
            return int(rows[0][0])

    return carried


def make_booked_lookup(path: Path, scheme: str) -> Callable[[str, int], dict[str, int] | None]:
    """Return a lookup: operation and year → party → fen it was given less what it paid, as booked; None where nothing is.

    Parameters
    ----------
    path   : file of the store; it need not be there yet
    scheme : id
    """

    def booked(operation: str, year: int) -> dict[str, int] | None:
        if not path.exists():
            return None
        with open_to_read(path) as connection:
            return read_booked(connection, scheme, operation, year)

    return booked


def read_booked(connection: Connection, scheme: str, operation: str, year: int) -> dict[str, int] | None:
    """Return party → fen that an operation gave it less what it took, as booked; None where nothing of the year is.

    Parameters
    ----------
    scheme : id
    """
    if not connection.execute("SELECT 1 FROM transfer_standing WHERE scheme = ? AND year = ? LIMIT 1", [scheme, year]).fetchall():
        return None
    rows = connection.execute(
        "SELECT party, sum(fen) FROM (SELECT payee AS party, amount_fen AS fen, scheme, year, operation FROM transfer_standing UNION ALL "
        "SELECT payer, -amount_fen, scheme, year, operation FROM transfer_standing) WHERE scheme = ? AND year = ? AND operation = ? GROUP BY party",
        [scheme, year, operation],
    ).fetchall()
    return {str(party): int(fen) for party, fen in rows}


def book(
    result: Result,
    facts: Facts,
    path: Path,
    reason: str = "",
    figures: ReadAccountFigures | None = None,
    despite: str = "",
    beside: Beside | None = None,
) -> Booked:
    """Book a result as double entries; a correction is a reversal plus new entries, in one transaction.

    Parameters
    ----------
    reason  : why an earlier run of the same scheme and year is replaced; needed if there is one
    figures : reads figures of approved accounts, for the bridge to the year before
    despite : why it is right although another scheme seems to have booked the same money; needed if one has
    beside  : what else is done in the same transaction: gets the connection, the number of the run, and those it replaces

    Raises
    ------
    Problems : a simulation, a run without postings, one that is already booked unchanged or would be replaced without a reason,
               or money that another scheme has booked for the year
    """
    with open_to_write(path) as connection:
        booked = book_within(connection, result, facts.sha256, reason, despite, beside)
        notes = _insert_bridge(connection, result, facts, booked.transfer_run, figures)
    return replace(booked, notes=notes)


def book_within(
    connection: duckdb.DuckDBPyConnection,
    result: Result | KeptRun,
    inputs_sha256: str,
    reason: str = "",
    despite: str = "",
    beside: Beside | None = None,
) -> Booked:
    """Book a run inside a transaction, without a bridge to the year before.

    Parameters
    ----------
    inputs_sha256 : hash of the files of facts; the others as in `book`

    Raises
    ------
    Problems : as `book`
    """
    reason = clean_reason(reason)
    before, rows = check_booking(connection, result, reason, despite)
    number = int(connection.execute("SELECT nextval('transfer_run_number')").fetchall()[0][0])
    replaced = int(before[0][0]) if before else None
    reversals = sum(_reverse(connection, int(run), number, result.ready.scheme.id, result.year) for run, _, _ in before)
    _insert_run(connection, result, inputs_sha256, number, "; ".join(filter(None, (reason, despite))), replaced)
    postings = _insert_postings(connection, result, number, rows)
    if beside is not None:
        beside(connection, number, [int(run) for run, _, _ in before])
    return Booked(number, postings, replaced, reversals)


def is_bridged(connection: Connection, scheme: str, year: int) -> bool:
    """Return whether the year before a year of a scheme is booked, so that its run gets a bridge."""
    found = connection.execute(
        "SELECT 1 FROM transfer_standing_run WHERE scheme = ? AND year = ? LIMIT 1", [scheme, year - 1]
    ).fetchall()
    return bool(found)


def check_booking(
    connection: duckdb.DuckDBPyConnection, result: Result | KeptRun, reason: str = "", despite: str = ""
) -> tuple[list[tuple[Any, ...]], list[dict[str, Any]]]:
    """Return the standing run that a booking would correct and the postings it would book: beyond what in-year runs have booked.

    Raises
    ------
    Problems : why it cannot be booked, as `book` says
    """
    scheme = result.ready.scheme
    if result.what_if:
        refuse_one(
            "--post",
            say("the run supposes {supposed}: it is a simulation", supposed=join_list(result.what_if)),
            "a run without --what-if",
            "simulations are never booked",
        )
    if not result.postings:
        _refuse_empty(
            say("nobody pays anything in {id} {year}: there is nothing to book", id=scheme.id, year=result.year),
            "a run with postings",
            "if an earlier run was wrong, gep transfers --reverse RUN takes it back",
        )
    if not despite:
        refuse(find_doubles(connection, result, end_of))
    before, earlier = _find_runs(connection, result)
    for run, digest, made_at in before:
        if digest == result.sha256:
            _refuse_empty(
                say(
                    "{id} {year} is already booked as run {run} of {made_at:%Y-%m-%d}, with the same postings",
                    id=scheme.id,
                    year=result.year,
                    run=run,
                    made_at=made_at,
                ),
                "a run that differs",
            )
        if not reason:
            refuse_one(
                "--post",
                say(
                    "{id} {year} is booked as run {run} of {made_at:%Y-%m-%d}, with other postings",
                    id=scheme.id,
                    year=result.year,
                    run=run,
                    made_at=made_at,
                ),
                "--reason TEXT",
                "the earlier postings are then reversed and the new ones booked",
            )
    rows = _list_rows(connection, result, earlier)
    if not rows:
        _refuse_empty(
            say("nothing is left to settle beyond run {run}", run=earlier[-1]),
            "a run that differs",
            say("gep transfers --reverse {run} takes it back", run=before[0][0]) if before else "",
        )
    return before, rows


def _refuse_empty(found: str, expected: str, hint: str = "") -> NoReturn:
    raise NothingToBook([Problem("--post", 0, found, expected, hint)])


def _find_runs(connection: duckdb.DuckDBPyConnection, result: Result | KeptRun) -> tuple[list[tuple[Any, ...]], list[int]]:
    """Return the standing run of the very days of a result, which it corrects, and the in-year runs before it, which it settles.

    Raises
    ------
    Problems : days that a later run has settled, or that lie across those of another run
    """
    span = result.span
    found = connection.execute(
        "SELECT transfer_run, results_sha256, made_at, coalesce(first_day, make_date(year, 1, 1)), coalesce(last_day, make_date(year, 12, 31)) "
        "FROM transfer_standing_run LEFT JOIN transfer_days USING (transfer_run) WHERE scheme = ? AND year = ? ORDER BY transfer_run",
        [result.ready.scheme.id, result.year],
    ).fetchall()
    same, earlier = [], []
    for run, digest, made_at, first, last in found:
        if (first, last) == (span.first, span.last):
            same.append((run, digest, made_at))
        elif first == span.first and last < span.last:
            earlier.append(int(run))
        elif first <= span.last and last >= span.first:
            refuse_one(
                "--post",
                say(
                    "run {run} has settled {id} {year} from {first} to {last}",
                    run=run,
                    id=result.ready.scheme.id,
                    year=result.year,
                    first=first,
                    last=last,
                ),
                say("a run from {first} on to a later day than {last}", first=first, last=last),
                say("gep transfers --reverse {run} takes it back", run=run),
            )
    return same, earlier


def reverse(path: Path, run: int, reason: str, beside: Beside | None = None) -> int:
    """Take a booked run back by reversals, and return how many postings were reversed.

    Parameters
    ----------
    run    : number of the run
    reason : why; it may not be empty
    beside : what else is done in the same transaction, as in `book`

    Raises
    ------
    Problems : no such run, one without standing postings, or no reason
    """
    reason = clean_reason(reason)
    with open_to_write(path) as connection:
        head = check_reversal(connection, run, reason)
        number = int(connection.execute("SELECT nextval('transfer_run_number')").fetchall()[0][0])
        head.update(transfer_run=number, made_at=datetime.now(UTC).replace(tzinfo=None), reason=reason, replaces=run)
        insert(connection, "transfer_run", pa.Table.from_pylist([head], schema=_RUN))
        if beside is not None:
            beside(connection, number, [run])
        return _reverse(connection, run, number, str(head["scheme"]), int(head["year"]))


def check_reversal(connection: duckdb.DuckDBPyConnection, run: int, reason: str) -> dict[str, Any]:
    """Return the row of a run that can be taken back.

    Raises
    ------
    Problems : no such run, one without standing postings, one that a later run has settled, or no reason
    """
    if not clean_reason(reason):
        refuse_one("--reverse", say("no reason is given for the reversal of run {run}", run=run), "--reason TEXT")
    found = fetch_records(connection, "SELECT * FROM transfer_standing_run WHERE transfer_run = ?", [run])
    if not found:
        refuse_one(
            "--reverse",
            say("there is no booked run {run} with standing postings", run=run),
            "a number from gep query transfers-as-of",
        )
    _refuse_settled(connection, run)
    return found[0]


def sum_standing(connection: Connection, run: int) -> tuple[int, int]:
    """Return how many postings of a run stand, and their sum in fen."""
    count, fen = connection.execute(
        "SELECT count(*), coalesce(sum(amount_fen), 0) FROM transfer_standing WHERE transfer_run = ?", [run]
    ).fetchall()[0]
    return int(count), int(fen)


def _refuse_settled(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Refuse to take back an in-year run beyond which a later one has settled the difference."""
    later = connection.execute(
        "SELECT max(l.transfer_run) FROM transfer_days e JOIN transfer_run r USING (transfer_run) JOIN transfer_standing_run s "
        "ON s.scheme = r.scheme AND s.year = r.year JOIN transfer_days l ON l.transfer_run = s.transfer_run "
        "WHERE e.transfer_run = ? AND l.first_day = e.first_day AND l.last_day > e.last_day",
        [run],
    ).fetchall()
    if later[0][0] is not None:
        refuse_one(
            "--reverse",
            say("run {later} has settled the difference to run {run}", later=later[0][0], run=run),
            say("run {later} first", later=later[0][0]),
        )


def _reverse(connection: duckdb.DuckDBPyConnection, run: int, by: int, scheme: str, year: int) -> int:
    done = connection.execute(
        """INSERT INTO transfer_posting SELECT nextval('posting_number'), ?, ? || lpad(CAST(row_number() OVER (ORDER BY posting) AS VARCHAR), 5, '0'), payee, payer,
           account_to, account_from, amount_fen, operation, posting_kind, period, 'reversal of ' || voucher || ': ' || reason, clause, fund_notice, due_on, part, parts, posting
           FROM transfer_standing WHERE transfer_run = ? ORDER BY posting""",
        [by, f"{scheme}-{year}-{by}-R", run],
    ).fetchall()
    return int(done[0][0])


_RUN = pa.schema(
    [
        ("transfer_run", pa.int64()),
        ("made_at", pa.timestamp("us")),
        ("program", pa.string()),
        ("scheme", pa.string()),
        ("scheme_version", pa.string()),
        ("year", pa.int32()),
        ("title_zh", pa.string()),
        ("scheme_sha256", pa.string()),
        ("scheme_text", pa.string()),
        ("inputs_sha256", pa.string()),
        ("results_sha256", pa.string()),
        ("reason", pa.string()),
        ("marks", pa.string()),
        ("replaces", pa.int64()),
    ]
)


def _insert_run(
    connection: duckdb.DuckDBPyConnection,
    result: Result | KeptRun,
    inputs_sha256: str,
    number: int,
    reason: str,
    replaced: int | None,
) -> None:
    scheme = result.ready.scheme
    head = {
        "transfer_run": number,
        "made_at": datetime.now(UTC).replace(tzinfo=None),
        "program": metadata.version("gep"),
        "scheme": scheme.id,
        "scheme_version": scheme.version,
        "year": result.year,
        "title_zh": scheme.title.zh,
        "scheme_sha256": result.ready.sha256,
        "scheme_text": json.dumps(result.ready.document.content, ensure_ascii=False),
        "inputs_sha256": inputs_sha256,
        "results_sha256": result.sha256,
        "reason": reason,
        "marks": json.dumps(result.marks, ensure_ascii=False),
        "replaces": replaced,
    }
    insert(connection, "transfer_run", pa.Table.from_pylist([head], schema=_RUN))
    days = {"transfer_run": number, "first_day": result.span.first, "last_day": result.span.last}
    insert(connection, "transfer_days", pa.Table.from_pylist([days]))
    laws = [
        {
            "transfer_run": number,
            "law_title": one.title,
            "law_number": one.number,
            "issuer": one.issuer,
            "issued": one.date,
            "locator": one.locator,
            "mark": one.mark,
            "in_force_from": scheme.effective.from_,
            "in_force_to": scheme.effective.to,
        }
        for one in scheme.legal
    ]
    insert(connection, "transfer_law", pa.Table.from_pylist(laws))
    tables = result.tables if isinstance(result, KeptRun) else tabulate(result)
    for name, rows in tables.items():
        insert(connection, name, rows.add_column(0, "transfer_run", pa.repeat(pa.scalar(number, pa.int64()), rows.num_rows)))
    parties = {party: name_party(scheme, party) for party in {end for one in result.postings for end in (one.source, one.target)}}
    insert(
        connection,
        "transfer_party",
        pa.Table.from_pylist(
            [
                {"transfer_run": number, "party": end_of(result, party), "party_name": name_fund(result, party) or name}
                for party, name in sorted(parties.items())
            ]
            or [{"transfer_run": number, "party": "", "party_name": ""}]
        ),
    )
    sections = [
        {"transfer_run": number, "section": name, "section_name": one.name, "county": end_of(result, one.member)}
        for name, one in scheme.sections.items()
    ]
    if sections:
        insert(connection, "transfer_section", pa.Table.from_pylist(sections))


def name_fund(result: Result | KeptRun, end: str) -> str:
    """Return the title of a fund; empty for parties.

    Parameters
    ----------
    end : as flows name it: the id of a party, or `fund:NAME`
    """
    if not end.startswith(FUND):
        return ""
    name, _, later = end.removeprefix(FUND).partition(":")
    return f"{result.ready.scheme.funds[name].title or name} {result.year + (later == NEXT_YEAR)}"


def _list_rows(connection: duckdb.DuckDBPyConnection, result: Result | KeptRun, earlier: list[int]) -> list[dict[str, Any]]:
    """Return the postings of a result as rows, less what earlier runs of the year have booked."""
    rows: list[dict[str, Any]] = [
        {
            "payer": end_of(result, one.source),
            "payee": end_of(result, one.target),
            "account_from": one.subject_from,
            "account_to": one.subject_to,
            "amount_fen": one.fen,
            "operation": one.operation,
            "posting_kind": one.kind,
            "period": one.period,
            "reason": one.reason,
            "clause": one.clause,
            "fund_notice": one.notice,
            "due_on": date.fromisoformat(one.due),
            "part": one.part,
            "parts": one.parts,
            "reverses": None,
        }
        for one in result.postings
    ]
    if earlier:
        booked = connection.execute(
            "SELECT payer, payee, account_from, account_to, amount_fen, operation, posting_kind, period, reason, clause, fund_notice, due_on, part, parts, "
            "CAST(NULL AS BIGINT) AS reverses FROM transfer_standing WHERE transfer_run IN (SELECT unnest(?)) ORDER BY posting",
            [earlier],
        )
        columns = [column[0] for column in booked.description or []]
        rows = find_differences(rows, [dict(zip(columns, row, strict=True)) for row in booked.fetchall()])
    return rows


def _insert_postings(
    connection: duckdb.DuckDBPyConnection, result: Result | KeptRun, number: int, rows: list[dict[str, Any]]
) -> int:
    """Book postings of a result and return how many they are."""
    numbers = connection.execute("SELECT nextval('posting_number') FROM range(?)", [len(rows)]).fetchall()
    first = min(int(row[0]) for row in numbers)
    voucher = f"{result.ready.scheme.id}-{result.year}-{number}"
    rows = [
        {"posting": first + at, "transfer_run": number, "voucher": f"{voucher}-{at + 1:05d}", **row}
        for at, row in enumerate(rows)
    ]
    table = pa.Table.from_pylist(rows)
    insert(
        connection,
        "transfer_posting",
        table.set_column(table.column_names.index("reverses"), "reverses", pa.nulls(len(rows), pa.int64())),
    )
    return len(rows)


def _insert_bridge(
    connection: duckdb.DuckDBPyConnection, result: Result, facts: Facts, number: int, figures: ReadAccountFigures | None
) -> tuple[str, ...]:
    """Store the bridge from the year before; money that is due is booked without one if a mixture of both years cannot be computed.

    A run of a part of the year has none: it would compare months with a year.
    """
    if not result.span.is_whole:
        return ()

    def booked(operation: str, year: int) -> dict[str, int] | None:
        return read_booked(connection, result.ready.scheme.id, operation, year)  # the file is held to be written

    try:
        earlier = recompute_stored_result(connection, result.ready.scheme.id, result.year - 1, figures)
        bridges = [] if earlier is None else compute_bridge(earlier, result, facts, figures, most=BRIDGED, booked=booked)
    except Problems as error:
        return (say("no bridge from {year} is booked: {found}", year=result.year - 1, found=error.problems[0].found),)
    rows = [
        {
            "transfer_run": number,
            "party": end_of(result, one.party),
            "bridge_part": part,
            "amount_fen": fen,
            "before_fen": one.before,
            "after_fen": one.after,
        }
        for one in bridges
        for part, fen in one.parts.items()
    ]
    if rows:
        insert(connection, "transfer_bridge", pa.Table.from_pylist(rows))
    return ()


def recompute_stored_result(
    connection: Connection, scheme: str, year: int, figures: ReadAccountFigures | None
) -> tuple[Result, Facts] | None:
    """Return the standing run of a scheme and year, computed again from the text and facts it was booked with; None without one.

    Parameters
    ----------
    scheme  : id
    figures : reads figures of approved accounts, for inputs that name one

    Raises
    ------
    Problems : the run does not come to the same postings any more
    """
    runs = connection.execute(
        "SELECT transfer_run, scheme_text, scheme_version, inputs_sha256, results_sha256, first_day, last_day FROM transfer_standing_run "
        "LEFT JOIN transfer_days USING (transfer_run) WHERE scheme = ? AND year = ? ORDER BY transfer_run DESC",
        [scheme, year],
    ).fetchall()
    if not runs or len({row[5] for row in runs}) > 1:  # two versions settled it, each its own days
        return None
    row = max(runs, key=lambda row: row[6] or date(year, 12, 31))
    return _recompute(connection, row[:5] + row[6:], scheme, year, figures)


def recompute_run(connection: Connection, run: int) -> tuple[Result, Facts]:
    """Return a booked run, replaced or not, computed again from what was booked with it, the figures of accounts included.

    Raises
    ------
    Problems : there is no such run, or it does not come to the same postings any more
    """
    found = connection.execute(
        "SELECT transfer_run, scheme_text, scheme_version, inputs_sha256, results_sha256, last_day, scheme, year FROM transfer_run "
        "LEFT JOIN transfer_days USING (transfer_run) WHERE transfer_run = ?",
        [run],
    ).fetchall()
    if not found:
        refuse_one("RUN", say("there is no booked run {run}", run=run), "a number from gep query transfers-as-of")
    return _recompute(connection, found[0][:6], str(found[0][6]), int(found[0][7]), None)


def _recompute(
    connection: Connection, row: tuple[Any, ...], scheme: str, year: int, figures: ReadAccountFigures | None
) -> tuple[Result, Facts]:
    """Return a run computed again; figures: None: those that were booked with it."""
    from gep.compensation.compute import compute
    from gep.files.yaml_lines import Document

    run, text, version, inputs, digest, last = row
    ready = as_scheme(Document(f"{scheme} {version} of run {run}", str(text), {**json.loads(text), "extends": ""}, {}))
    rows = connection.execute(
        "SELECT indicator, place, period, value_given, unit_given, fact_status, source, note, address FROM transfer_fact WHERE transfer_run = ?",
        [run],
    ).fetchall()
    facts = make_facts(rows, str(inputs))
    steps = connection.execute(
        "SELECT place, value_exact FROM transfer_step WHERE transfer_run = ? AND stage = 'fund' AND step_name = 'carried in from last year'",
        [run],
    ).fetchall()
    held = {str(place).removeprefix(FUND): int(parse_decimal(value) * 100) for place, value in steps}
    result = compute(
        ready,
        facts,
        year,
        figures=figures or _read_booked_figures(facts),
        carried=held.get,
        through=last,
        booked=lambda operation, of: read_booked(connection, scheme, operation, of),
    )
    if result.sha256 != digest:
        refuse_one(
            "STORE",
            say(
                "run {run} of {scheme} {year} does not come to its postings again: {digest} is now {sha256}",
                run=run,
                scheme=scheme,
                year=year,
                digest=digest[:12],
                sha256=result.sha256[:12],
            ),
            "the same postings",
        )
    return result, facts


def _read_booked_figures(facts: Facts) -> ReadAccountFigures:
    """Return a reader of the figures of accounts that were booked among the facts of a run."""

    def read(name: str, one: Input, codes: Mapping[str, str], year: int, now: int) -> dict[str, Fact] | list[Problem]:  # noqa: ARG001 - what readers take
        of = facts.of(name) or facts.of(one.account.of if one.account is not None else "")  # what it went by in older runs
        return {member: of[code, year, ""] for member, code in codes.items() if (code, year, "") in of}

    return read


def compute_bridge_of(
    connection: Connection, scheme: str, year: int, county: str, figures: ReadAccountFigures | None
) -> Bridge | None:
    """Return the bridge of one party between the standing runs of two years; None where one is not booked.

    Parameters
    ----------
    scheme : id
    year   : the later of the two years
    county : code or id of the party

    Raises
    ------
    Problems : a run does not come to the same postings any more
    """
    before, after = (recompute_stored_result(connection, scheme, of, figures) for of in (year - 1, year))
    if before is None or after is None:
        return None
    party = next((party for party in after[0].places.codes if end_of(after[0], party) == county), county)
    return next(iter(compute_bridge(before, after[0], after[1], figures, [party])), None)


def make_facts(rows: Iterable[tuple[Any, ...]], sha256: str) -> Facts:
    """Return facts from rows of the store.

    Parameters
    ----------
    rows   : indicator, place, period, value and unit as given, status, source, note, address
    sha256 : hash of the files they came from
    """
    from gep.compensation.facts import parse_period, parse_value

    found = []
    for indicator, place, period, value, unit, status, source, note, address in rows:
        year, part = parse_period(period)
        found.append(Fact(indicator, place, year, part, parse_value(value, unit), value, unit, status, source, note, address, 0))
    on: dict[tuple[str, int], list[Fact]] = {}
    for one in found:
        if one.indicator.startswith(ACCOUNT):
            on.setdefault((one.place, one.year), []).append(one)
    if rests := {at: tuple(facts) for at, facts in on.items()}:
        found = [
            one._replace(rests_on=rests.get((one.place, one.year), ())) if one.file.startswith(OF_INDICATORS) else one
            for one in found
        ]
    return gather(found, sha256, [])


def keep_simulation(path: Path, base: Result, what_if: Result, band: Band | None = None) -> int:
    """Keep a what-if run beside the postings, marked as a simulation, with its band if it has one; return its number.

    Parameters
    ----------
    path     : file of the store
    base     : the result as it is
    what_if  : the what-if run

    Raises
    ------
    Problems : the store cannot be written
    """
    now, then = base.net(), what_if.net()
    scheme = base.ready.scheme
    with open_to_write(path) as connection:
        number = int(connection.execute("SELECT nextval('simulation_number')").fetchall()[0][0])
        rows = [
            {
                "simulation": number,
                "made_at": datetime.now(UTC).replace(tzinfo=None),
                "scheme": scheme.id,
                "scheme_version": scheme.version,
                "year": base.year,
                "supposed": json.dumps(what_if.what_if, ensure_ascii=False),
                "party": end_of(base, party),
                "party_name": name_party(scheme, party),
                "before_fen": now.get(party, 0),
                "after_fen": then.get(party, 0),
                "amount_fen": then.get(party, 0) - now.get(party, 0),
            }
            for party in sorted({*now, *then})
        ]
        insert(connection, "transfer_simulation", pa.Table.from_pylist(rows))
        if band is not None:
            ranges = [
                {
                    "simulation": number,
                    "party": end_of(base, party),
                    "off_by": band.share,
                    "low_fen": low,
                    "high_fen": band.high[party],
                }
                for party, low in sorted(band.low.items())
            ]
            insert(connection, "transfer_simulation_band", pa.Table.from_pylist(ranges))
    return number
