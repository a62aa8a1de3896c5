"""gep transfers: questions about money between public budgets; bookings, reversals and payments by two people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gep.commands.common import STORE, begin_storing, format_option, print_json, refuse_usage, say_to_user, tell_all
from gep.commands.issuing import check_issued, issuing_options, take_issuing, write_issued
from gep.commands.language import get_language
from gep.units.money import format_yuan

if TYPE_CHECKING:
    from gep.commands.issuing import Issuing
    from gep.store.store import Store


@click.command()
@click.option("-q", "--question", default="transfers-received", help="Number (1-19) or name of a question.  [default: 1]")
@click.option("--list", "list_them", is_flag=True, help="List the questions.")
@click.option("--county", default="", help="Only this county or party, by code, name or id.")
@click.option("--with", "other", default="", help="Compare with this county (question 17).")
@click.option("--year", type=int, help="Only this year.")
@click.option("--scheme", default="", help="Only this scheme.")
@click.option("--as-of", "as_of", default="", metavar="DATE", help="Only what was booked up to this day (question 18).")
@click.option(
    "--excel", type=click.Path(path_type=Path), help="Write the answers to all questions, or to the one asked, to a workbook."
)
@click.option("--all", "everything", is_flag=True, help="With --excel: every question, one sheet each.")
@click.option(
    "--paid", type=click.Path(path_type=Path), help="Prepare payments: a table posting_voucher,paid_on,amount,voucher,note."
)
@click.option(
    "--export", type=click.Path(path_type=Path), help="Write one row a voucher for a system of the budget: .csv or .xlsx."
)
@click.option(
    "--columns",
    type=click.Path(path_type=Path),
    help="Table head,field: the columns of --export, and of what comes back with --paid.",
)
@click.option("--late", is_flag=True, help="List what is or was paid late with its interest to --as-of, by the scheme's rate.")
@click.option(
    "--reverse", "undone", type=int, metavar="RUN", help="Prepare to take a booked run back by reversals; needs --reason."
)
@click.option(
    "--account",
    "account",
    nargs=2,
    metavar="COUNTY YEAR",
    help="List the bookings and entries of the register that rest on an account.",
)
@click.option("--prepared", is_flag=True, help="List what was prepared: what waits first.")
@click.option("--confirm", "confirmed", type=int, metavar="NUMBER", help="Book, reverse or pay what another person prepared.")
@click.option("--turn-down", "turned_down", type=int, metavar="NUMBER", help="Turn down what was prepared; needs --reason.")
@click.option("--by", default="", metavar="NAME", help="Who prepares, confirms or turns down.")
@click.option("--reason", default="", help="Why a run is taken back, or something prepared is turned down.")
@click.option(
    "--run", type=int, metavar="RUN", help="The booked run whose table (--official) or notices (--notices) are written."
)
@issuing_options
@click.option("--store", default=STORE, show_default=True, metavar="FILE", help="The DuckDB file runs are kept in.")
@format_option
def transfers(
    question: str,
    *,
    list_them: bool,
    county: str,
    other: str,
    year: int | None,
    scheme: str,
    as_of: str,
    excel: Path | None,
    everything: bool,
    paid: Path | None,
    export: Path | None,
    columns: Path | None,
    late: bool,
    undone: int | None,
    account: tuple[str, str] | None,
    prepared: bool,
    confirmed: int | None,
    turned_down: int | None,
    by: str,
    reason: str,
    run: int | None,
    store: str,
    format: str,
    **issued: Any,
) -> None:
    """Answer what finance staff ask about booked transfers; prepare and confirm bookings, reversals and payments.

    What a county gets and owes, by scheme and account, why, paid, due and withheld; who pays whom; failed months;
    deductions; reconciliation; claw-backs; the change from last year. Each question is a named query too.
    """
    from gep.compensation.answers import answer_questions, find_parties, find_questions, list_questions
    from gep.store.rows import make_dicts
    from gep.store.store import Store
    from gep.tasks.account_figures import read_accounts
    from gep.tasks.fallen import list_fallen_approvals

    if list_them and format == "json":
        print_json([{"number": number, "name": name, "about": about} for number, name, about in list_questions()])
        return
    if list_them:
        for number, name, about in list_questions():
            click.echo(f"{number:>2}  {name:<24} {about.partition(' · ')[0 if get_language() == 'zh' else 2]}")
        return
    wanted = take_issuing(issued)
    check_issued(wanted)
    asked_for = {
        "--run": run is not None or wanted.official is not None or wanted.notices is not None,
        "--account": account is not None,
        "--prepared": prepared,
        "--paid": paid is not None,
        "--reverse": undone is not None,
        "--confirm": confirmed is not None,
        "--turn-down": turned_down is not None,
        "--export": export is not None,
        "--late": late,
        "--excel": excel is not None,
    }
    from gep.messages.texts import say

    if len(both := [option for option, asked in asked_for.items() if asked]) > 1:
        refuse_usage(say("{one} and {other} exclude each other", one=both[0], other=both[1]))
    if run is not None or wanted.official is not None or wanted.notices is not None:
        _issue(Store(store), run, wanted, county)
        return
    if account is not None:
        _print_account(store, *account, format)
        return
    if prepared:
        tell_all(list_fallen_approvals(Store(store)), err=True)
        _print_prepared(store, format)
        return
    if paid is not None or undone is not None or confirmed is not None or turned_down is not None:
        begin_storing()
        _act(Store(store), paid, columns, undone, confirmed, turned_down, by, reason)
        return
    if export is not None:
        _export(Store(store), export, columns, wanted, county, year, scheme)
        return
    tell_all(list_fallen_approvals(Store(store)), err=True)
    if late:
        _print_late(store, as_of, format)
        return
    chosen = find_questions(question, everything=everything and excel is not None)
    desk = Store(store)
    narrowed = {"county": county, "other": other, "scheme": scheme, "as_of": as_of}
    answers = answer_questions(desk, chosen, year=year, figures=read_accounts(desk), **narrowed)
    if excel is not None:
        from gep.reports.forms.transfer_workbook import write_answers

        write_answers(answers, excel, get_language())
        click.echo(f"{excel}")
        return
    (_, heads, rows) = answers[0]
    if format == "json":
        print_json(make_dicts(heads, rows))
        return
    if county and chosen[0].number == 1 and not any(code.endswith("00") for code in find_parties(Store(store), county)):
        from gep.terminal.county_transfers import print_county

        opened = Store(store)
        for text in print_county(opened, find_parties(opened, county), county, year, scheme, get_language()):
            click.echo(text)
        return
    from gep.terminal.answers import print_answer

    for text in print_answer(heads, rows, get_language()):
        click.echo(text)


def _act(
    store: Store,
    paid: Path | None,
    columns: Path | None,
    undone: int | None,
    confirmed: int | None,
    turned_down: int | None,
    by: str,
    reason: str,
) -> None:
    """Prepare payments or a reversal, confirm, or turn down, and say what was stored."""
    from gep.compensation.budget_export import read_columns
    from gep.store.two_people import BOOK, REVERSE
    from gep.tasks.compensate import list_out_of_step
    from gep.tasks.fallen import list_fallen_approvals
    from gep.tasks.two_people import confirm, prepare_payments, prepare_reversal, turn_down

    if turned_down is not None:
        turn_down(store, turned_down, by, reason)
        say_to_user("number {number} is turned down", number=turned_down)
        return
    if confirmed is None:
        undone_by_them: tuple[tuple[str, str], ...] = ()
        tell_all(list_fallen_approvals(store), err=True)
        if paid is not None:
            made, undone_by_them = prepare_payments(store, paid, by, columns=read_columns(columns))
        else:
            made = prepare_reversal(store, undone or 0, reason, by)
        for voucher, result in undone_by_them:
            say_to_user("{voucher} was not paid: {result}", voucher=voucher, result=result, err=True)
        say_to_user(
            "prepared as number {number}: {postings} payments or postings, {amount} yuan together; another person confirms it: gep transfers --confirm {number} --by NAME",
            number=made.number,
            postings=made.postings,
            amount=format_yuan(made.amount),
        )
        return
    done = confirm(store, confirmed, by)
    if done.act == BOOK:
        say_to_user("booked as run {run}: {postings} postings in {store}", run=done.run, postings=done.count, store=store.path)
        if done.replaced is not None:
            say_to_user("{count} postings of run {run} reversed", count=done.reversed, run=done.replaced)
        tell_all((*done.notes, *list_out_of_step(store)), err=True)
    elif done.act == REVERSE:
        say_to_user("{count} postings reversed", count=done.count)
        tell_all(list_out_of_step(store), err=True)
    else:
        say_to_user("{count} payments recorded", count=done.count)
        tell_all(list_fallen_approvals(store), err=True)


def _export(store: Store, target: Path, columns: Path | None, asked: Issuing, county: str, year: int | None, scheme: str) -> None:
    """Write the vouchers that the treasury pays, and say how many and how much."""
    from gep.compensation.answers import find_parties
    from gep.compensation.budget_export import read_columns
    from gep.compensation.budget_subjects import read_subject_table
    from gep.reports.budget_export import write_budget_export
    from gep.tasks.fallen import list_fallen_approvals
    from gep.tasks.issue import list_payable

    counties = find_parties(store, county) if county else []
    sides = list_payable(store, counties, year, scheme)
    subjects = read_subject_table(asked.subjects)
    count, fen = write_budget_export(sides, read_columns(columns), subjects, target)
    tell_all(subjects.list_unused((one.operation, one.payee, one.payee_name or "") for one in sides), err=True)
    tell_all(list_fallen_approvals(store), err=True)
    click.echo(f"{target}")
    say_to_user("{count} vouchers, {amount} yuan, as booked", count=count, amount=format_yuan(fen), err=True)


def _issue(store: Store, run: int | None, asked: Issuing, county: str) -> None:
    """Write the table or notices of a booked run."""
    from gep.compensation.run_rows import end_of
    from gep.tasks.compensate import find_party
    from gep.tasks.issue import read_booked_run

    if run is None or (asked.official is None and asked.notices is None):
        refuse_usage("--run RUN goes with --official FILE or --notices FILE")
    result, booked = read_booked_run(store, run)
    tell_all(booked.fallen, err=True)
    write_issued(result, asked, booked, end_of(result, find_party(result, county)) if county else "")


def _print_account(store: str, county: str, year: str, format: str) -> None:
    """Print what rests on an account, and of which the approval has fallen."""
    from decimal import Decimal

    from gep.messages.texts import mark_word, say_in
    from gep.store.rows import make_dicts
    from gep.store.store import Store
    from gep.tasks.fallen import list_fallen_approvals, list_resting_on
    from gep.terminal.answers import print_answer

    if not (year.isascii() and year.isdecimal()):
        refuse_usage("--account takes a county and a year, such as 360725 2022")
    code, found = list_resting_on(Store(store), county, int(year))
    tell_all(list_fallen_approvals(Store(store), code, int(year)), err=True)
    columns = [
        "resting",
        "number",
        "scheme",
        "year",
        "indicator",
        "value_given",
        "unit_given",
        "run",
        "account_state",
        "posting_count",
        "amount",
    ]
    rows = [
        (
            one.kind,
            one.number,
            one.scheme,
            one.year,
            one.indicator,
            one.figure,
            one.unit,
            one.run,
            one.state if format == "json" else say_in(mark_word(one.state), get_language()),
            one.postings,
            Decimal(one.amount_fen) / 100,
        )
        for one in found
    ]
    if format == "json":
        print_json(make_dicts(columns, rows))
        return
    for text in print_answer(columns, rows, get_language()):
        click.echo(text)


def _print_prepared(store: str, format: str) -> None:
    """Print what was prepared: what waits first."""
    from decimal import Decimal

    from gep.store.rows import make_dicts
    from gep.store.store import Store
    from gep.tasks.two_people import list_waiting
    from gep.terminal.answers import print_answer

    columns = [
        "prepared",
        "act",
        "scheme",
        "year",
        "posting_count",
        "amount",
        "who",
        "prepared_at",
        "decision",
        "decided_by",
        "transfer_run",
        "reason",
    ]
    rows = [
        (
            one.number,
            one.act,
            one.scheme,
            one.year,
            one.postings,
            Decimal(one.amount) / 100,
            one.shown,
            f"{one.at:%Y-%m-%d %H:%M}",
            one.decision or "waits",
            one.decided_by,
            one.run if one.run is not None else one.of_run,
            one.note or one.reason,
        )
        for one in list_waiting(Store(store))
    ]
    if format == "json":
        print_json(make_dicts(columns, rows))
        return
    for text in print_answer(columns, rows, get_language()):
        click.echo(text)


def _print_late(store: str, as_of: str, format: str) -> None:
    """Print what is or was paid late, with the interest to a day."""
    from datetime import date
    from decimal import Decimal

    from gep.files.written_days import find_today
    from gep.messages.problems import refuse_one
    from gep.messages.texts import say
    from gep.store.rows import make_dicts
    from gep.store.store import Store
    from gep.tasks.compensate import list_late
    from gep.terminal.answers import print_answer

    try:
        day = date.fromisoformat(as_of) if as_of else find_today()
    except ValueError:
        refuse_one("--as-of", say("{text!r} is not a day", text=as_of), "YYYY-MM-DD")
    columns = ["voucher", "payer", "payee", "due_on", "unpaid", "days_late", "late_rate", "late_interest"]
    rows = [
        (
            one.voucher,
            one.payer,
            one.payee,
            one.due_on,
            Decimal(one.open_fen) / 100,
            one.days,
            str(float(one.rate)),
            Decimal(one.interest_fen) / 100,
        )
        for one in list_late(Store(store), day)
    ]
    if format == "json":
        print_json(make_dicts(columns, rows))
        return
    for text in print_answer(columns, rows, get_language()):
        click.echo(text)
