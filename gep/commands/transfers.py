"""gep scheme, compensate and transfers: money between public budgets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gep.commands.common import (
    STORE,
    begin_storing,
    choose_format,
    format_option,
    print_json,
    say_to_user,
    store_option,
    tell_all,
)
from gep.commands.language import get_language
from gep.messages.layout import pad
from gep.messages.texts import say_in, translate


@click.group()
def scheme() -> None:
    """List, show and check compensation schemes.

    A scheme is a YAML file: who pays whom by which rule, under which text. Those that come with the program lie in
    coefficients/schemes; one of your own may extend them.
    """


@scheme.command("list")
@format_option
def scheme_list(format: str) -> None:
    """List the shipped schemes with their days in force and what is REQUIRED."""
    from gep.compensation.find import list_shipped_schemes

    found = list_shipped_schemes()
    if format == "json":
        print_json(found)
        return
    lang = get_language()
    for one in found:
        click.echo(
            f"{one['id']:<20} {one['version']:<6} [{one['mark']}] {one['from']} – {pad(one['to'] or translate(lang, 'today'), 10)}  {one['title'][lang]}"
        )
        if one["required"]:
            click.echo(
                " " * 21
                + translate(
                    lang, "REQUIRED: {required}; {open} open points", required=len(one["required"]), open=len(one["open"])
                )
            )


@scheme.command("show")
@click.argument("identity", metavar="ID")
@format_option
def scheme_show(identity: str, format: str) -> None:
    """Show all versions of a scheme, or one as `ID VERSION`: text, marks, open points."""
    from gep.compensation.binding import list_required
    from gep.compensation.find import find_versions
    from gep.compensation.reading import describe_unknown_scheme, list_scheme_ids
    from gep.terminal.scheme_formulas import make_formula_values, print_formulas

    versions = find_versions(identity)
    if not versions:
        raise describe_unknown_scheme(identity, list_scheme_ids())
    if format == "json":
        print_json([{**one.document.content, "formulas": make_formula_values(one)} for one in versions])
        return
    for one in versions:
        click.echo(f"# {one.document.file}  sha256 {one.sha256[:16]}")
        click.echo(one.document.text.rstrip())
        for text in print_formulas(one):
            click.echo(text)
        for problem in list_required(one):
            click.echo(f"# {say_in(problem.found, get_language())}")
        click.echo("")


@scheme.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option
def scheme_check(files: tuple[Path, ...], format: str) -> None:
    """Check scheme files: everything that is not valid, with its line."""
    from gep.compensation.binding import list_required
    from gep.compensation.find import refuse_overlaps
    from gep.compensation.formulas import OLD_SPELLING
    from gep.compensation.reading import read_scheme
    from gep.messages.problems import Problem, Problems, refuse
    from gep.messages.texts import read_terminal_language, say_in

    read: list[Any] = []
    problems: list[Problem] = []
    for file in files:
        try:
            read.append(read_scheme(file))
        except Problems as error:
            problems += error.problems
    refuse(problems)
    for identity in {one.scheme.id for one in read}:
        refuse_overlaps([one for one in read if one.scheme.id == identity])
    if format == "json":
        print_json(
            [
                {
                    "file": str(one.document.file),
                    "id": one.scheme.id,
                    "version": one.scheme.version,
                    "required": [lack.found for lack in list_required(one)],
                }
                for one in read
            ]
        )
        return
    for one in read:
        say_to_user(
            "{file}: {scheme} {version} can be computed", file=one.document.file, scheme=one.scheme.id, version=one.scheme.version
        )
        if one.old_spelling:
            click.echo(f"  {say_in(OLD_SPELLING, read_terminal_language())}")
        for problem in list_required(one):
            click.echo(f"  {say_in(problem.found, get_language())}")


@scheme.command("new")
@click.argument("identity", metavar="ID")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.  [default: ID.yaml]")
def scheme_new(identity: str, output: Path | None) -> None:
    """Write the skeleton of a scheme of your own, every part of it explained."""
    from gep.compensation.beginning import write_new_scheme

    click.echo(f"{write_new_scheme(identity, output)}")


@click.command("compensate")
@click.argument("scheme", metavar="SCHEME")
@click.argument("year", type=int)
@click.option("--inputs", multiple=True, type=click.Path(path_type=Path), help="Tables of facts, or folders of them.")
@click.option(
    "--what-if",
    "what_if",
    multiple=True,
    metavar="NAME=VALUE",
    help="Suppose a constant or input: NAME, NAME@PLACE or NAME@PLACE@PERIOD.",
)
@click.option(
    "--band", metavar="SHARE", help="With --what-if: range of each amount if the county's own GEP figure is off by SHARE (0.1)."
)
@click.option(
    "--through", default="", metavar="MONTH", help="An in-year run to the end of this month (2020-06) or quarter (2020Q2)."
)
@click.option("--county", default="", help="Show the step table of this party, by id, code or name.")
@click.option("--post", is_flag=True, help="Book the result in the store.")
@click.option("--reason", default="", help="Why an earlier run of the same scheme and year is replaced.")
@click.option("--despite", default="", help="Why it is booked although another scheme seems to have booked the same money.")
@click.option("--keep", is_flag=True, help="Keep a what-if run in the store, as a simulation.")
@choose_format("text", "json", "xlsx", "pdf")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File for xlsx and pdf.  [default: outputs/SCHEME-YEAR.*]")
@store_option
def compensate_command(
    scheme: str,
    year: int,
    inputs: tuple[Path, ...],
    what_if: tuple[str, ...],
    band: str | None,
    through: str,
    county: str,
    *,
    post: bool,
    reason: str,
    despite: str,
    keep: bool,
    format: str,
    output: Path | None,
    store: str,
) -> None:
    """Compute SCHEME (an id, a file, or a folder of versions) for YEAR and show every step; book it with --post.

    The facts of a booked run are kept: without --inputs they are taken from the store. Versions that rule a part of the
    year each are computed one after the other, each for its days.
    """
    from gep.tasks.compensate import list_schemes_in_force

    if post or keep:
        begin_storing()
    versions = list_schemes_in_force(scheme, year)
    values = [
        _compensate(
            one,
            year,
            inputs,
            what_if,
            band,
            through,
            county,
            post=post,
            reason=reason,
            despite=despite,
            keep=keep,
            format=format,
            output=output if output is None or len(versions) == 1 else output.with_stem(f"{output.stem}-{at}"),
            store=store,
        )
        for at, one in enumerate(versions, start=1)
    ]
    if format == "json":
        print_json(values[0] if len(values) == 1 else values)


def _compensate(
    scheme: str,
    year: int,
    inputs: tuple[Path, ...],
    what_if: tuple[str, ...],
    band: str | None,
    through: str,
    county: str,
    *,
    post: bool,
    reason: str,
    despite: str,
    keep: bool,
    format: str,
    output: Path | None,
    store: str,
) -> dict[str, Any]:
    """Compute one version, print it but for JSON, and return its values for JSON."""
    from gep.store.store import Store
    from gep.tasks.compensate import book, compensate, estimate_band, find_party, keep_simulation, list_out_of_step
    from gep.terminal.scheme_result import make_result_values, print_result, print_simulation

    opened = Store(store)
    found = compensate(opened, scheme, year, inputs, what_if, through)
    base, supposed, result = found.base, found.simulated, found.result
    party = find_party(result, county) if county else ""
    spread = estimate_band(opened, found, band, party) if band is not None else None
    version = f"-{result.ready.scheme.version}" if not result.span.is_whole else ""
    target = output or Path("outputs") / f"{result.ready.scheme.id}-{year}{version}.{format}"
    if format == "pdf":
        from gep.reports.payment_notice import write_notice

        write_notice(result, target, opened.head() if opened.exists else None)
    elif format == "xlsx":
        from gep.reports.forms.transfer_workbook import write_sheet

        write_sheet(result, target)
    # Kept and booked before anything is printed: a reader that stops reading, such as head, stops the program too.
    if keep and supposed is not None:
        say_to_user("kept as simulation {number}", number=keep_simulation(opened, base, supposed, spread), err=True)
    if post:
        booked = book(opened, result, found.facts, reason, despite)
        say_to_user(
            "booked as run {run}: {postings} postings in {store}",
            run=booked.transfer_run,
            postings=booked.postings,
            store=store,
            err=True,
        )
        if booked.replaced is not None:
            say_to_user("{count} postings of run {run} reversed", count=booked.reversed, run=booked.replaced, err=True)
        tell_all((*booked.notes, *list_out_of_step(opened)), err=True)
    if format in {"xlsx", "pdf"}:
        click.echo(f"{target}")
    elif format == "json":
        return make_result_values(result, party, spread)
    else:
        for text in print_result(result, party, get_language()):
            click.echo(text)
        if supposed is not None:
            click.echo("")
            for text in print_simulation(base, supposed, spread, party, get_language()):
                click.echo(text)
    return {}


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
    "--paid", type=click.Path(path_type=Path), help="Record payments: a table posting_voucher,paid_on,amount,voucher,note."
)
@click.option("--late", is_flag=True, help="List what is or was paid late with its interest to --as-of, by the scheme's rate.")
@click.option("--reverse", "undone", type=int, metavar="RUN", help="Take a booked run back by reversals; needs --reason.")
@click.option("--reason", default="", help="Why a run is taken back.")
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
    late: bool,
    undone: int | None,
    reason: str,
    store: str,
    format: str,
) -> None:
    """Answer what finance staff ask about booked transfers.

    What a county gets and owes, by scheme and account, why, paid, due and withheld; who pays whom; failed months;
    deductions; reconciliation; claw-backs; the change from last year. Each question is a named query too.
    """
    from gep.compensation.answers import answer_questions, find_questions, list_questions
    from gep.store.rows import make_dicts
    from gep.store.store import Store
    from gep.tasks.compensate import list_out_of_step, record_payments, reverse
    from gep.tasks.fallen import list_fallen_approvals

    if list_them and format == "json":
        print_json([{"number": number, "name": name, "about": about} for number, name, about in list_questions()])
        return
    if list_them:
        for number, name, about in list_questions():
            click.echo(f"{number:>2}  {name:<24} {about.partition(' · ')[0 if get_language() == 'zh' else 2]}")
        return
    if paid is not None or undone is not None:
        begin_storing()
    if paid is not None:
        say_to_user("{count} payments recorded", count=record_payments(Store(store), paid))
        return
    if undone is not None:
        say_to_user("{count} postings reversed", count=reverse(Store(store), undone, reason))
        tell_all(list_out_of_step(Store(store)), err=True)
        return
    tell_all(list_fallen_approvals(Store(store)), err=True)
    if late:
        _print_late(store, as_of, format)
        return
    chosen = find_questions(question, everything=everything and excel is not None)
    answers = answer_questions(Store(store), chosen, county=county, other=other, year=year, scheme=scheme, as_of=as_of)
    if excel is not None:
        from gep.reports.forms.transfer_workbook import write_answers

        write_answers(answers, excel, get_language())
        click.echo(f"{excel}")
        return
    (_, columns, rows) = answers[0]
    if format == "json":
        print_json(make_dicts(columns, rows))
        return
    if county and chosen[0].number == 1:
        from gep.compensation.answers import find_parties
        from gep.terminal.county_transfers import print_county

        opened = Store(store)
        for text in print_county(opened, find_parties(opened, county), county, year, scheme, get_language()):
            click.echo(text)
        return
    from gep.terminal.answers import print_answer

    for text in print_answer(columns, rows, get_language()):
        click.echo(text)


def _print_late(store: str, as_of: str, format: str) -> None:
    """Print what is or was paid late, with the interest to a day."""
    from datetime import UTC, date, datetime
    from decimal import Decimal

    from gep.messages.problems import refuse_one
    from gep.messages.texts import say
    from gep.store.rows import make_dicts
    from gep.store.store import Store
    from gep.tasks.compensate import list_late
    from gep.terminal.answers import print_answer

    try:
        day = date.fromisoformat(as_of) if as_of else datetime.now(UTC).astimezone().date()
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
