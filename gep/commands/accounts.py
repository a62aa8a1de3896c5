"""gep run, show, list and trace."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from gep.commands.common import (
    YEAR,
    approved_option,
    begin_storing,
    choose_format,
    end_storing,
    format_option,
    print_found,
    print_or_write,
    progress_teller,
    refuse_usage,
    run_option,
    say_to_user,
    standard_option,
    store_option,
    stored_standard_option,
    tell_approved_only,
)
from gep.commands.language import get_language


@click.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@standard_option
@click.option("--price-year", type=click.IntRange(1978, 2100), help="Also value everything in the prices of this year.")
@click.option("--period", type=YEAR, metavar="YEAR-YEAR", help="Make the account of several years from the figures of its years.")
@click.option("--current-prices", is_flag=True, help="Current prices only, also where the run before had a price year.")
@store_option
@click.option(
    "--report", type=click.Path(path_type=Path), help="Also write the report (.pdf or .html); a folder for several counties."
)
@click.option("--reason", default="", help="Why this run replaces an earlier one.")
@format_option
def run(
    inputs: tuple[Path, ...],
    standard: str | None,
    price_year: int | None,
    *,
    period: int | None,
    current_prices: bool,
    store: str,
    report: Path | None,
    reason: str,
    format: str,
) -> None:
    """Compute and store the accounts of all counties and years in INPUTS.

    INPUTS are workbooks of gep new, CSV or Parquet tables, or folders of them.
    """
    from gep.messages.texts import say_in
    from gep.store.county_figures import count_quantities_only
    from gep.store.history import describe_unexplained
    from gep.store.store import Store
    from gep.tasks.run import run_files
    from gep.terminal.account import print_account, print_accounts
    from gep.terminal.equivalents import find_equivalents
    from gep.units.currencies import show_lines

    if price_year is not None and current_prices:
        refuse_usage("--price-year and --current-prices exclude each other")
    if report is not None and report.suffix:
        from gep.reports.writing import format_of

        format_of(report, None)
    begin_storing()
    opened = Store(store)
    made = run_files(opened, inputs, standard, price_year, reason, progress_teller(), current_only=current_prices, period=period)
    end_storing()
    stored, found, only = made.stored, made.accounts, made.only
    for kept in made.kept:
        click.echo(say_in(kept, get_language()), err=True)
    if made.superseded:
        click.echo(say_in(describe_unexplained(made.superseded, stored.run), get_language()), err=True)
    if only:
        lines = show_lines(print_account(only, get_language()), only.head.standard)
    else:
        with opened:
            quantities, not_gep = count_quantities_only(opened), find_equivalents(opened)
        lines = print_accounts(found, get_language(), quantities, not_gep)

    def make_json() -> dict[str, object]:
        accounts = [only.as_dict()] if only else [one.as_dict(kept=True) for one in found]
        head = {"run": stored.run, "results_sha256": stored.results_sha256, "store": store}
        return {**head, "accounts": accounts, "unread": list(made.unread)}

    print_found(make_json, lines, format)
    if format != "json" and only is None:
        say_to_user("{count} accounts stored in {store} as run {run}", count=len(found), store=store, run=stored.run)
    if made.unread and only is None:
        from gep.terminal.account import print_unread

        for text in print_unread(made.unread, get_language()):
            click.echo(text, err=True)
    if made.findings:
        from gep.terminal.findings import print_run_findings

        for text in print_run_findings(made.findings, get_language()):
            click.echo(text, err=True)
    if report is not None:
        from gep.files.writing import make_file_name
        from gep.reports.writing import write_report

        for one in found:
            target = report if len(found) == 1 and report.suffix else report / f"{make_file_name(one.county, one.year)}.pdf"
            write_report(opened, one.key, target, get_language())
            say_to_user("report: {file}", file=target, err=True)


@click.command("show")
@click.argument("county", metavar="PLACE")
@click.argument("year", type=YEAR)
@click.option("--shared", type=click.Path(path_type=Path), help="Shares of waters and areas that several counties report (CSV).")
@click.option("--hierarchy", metavar="NAME", help="Add the parts up along this hierarchy of the table of units.")
@click.option("--sum", "together", is_flag=True, help="The sum of its parts, also where the place has an account of its own.")
@approved_option
@stored_standard_option
@store_option
@format_option
def show_command(
    county: str,
    year: int,
    *,
    shared: Path | None,
    hierarchy: str | None,
    together: bool,
    approved: bool,
    standard: str | None,
    store: str,
    format: str,
) -> None:
    """Show the account of a county and year, or the sum over a place.

    PLACE is the code or name of a county, a prefecture, a province, CN, or of a
    unit of your own.
    """
    from gep.store.accounts import StoredAccount
    from gep.store.store import Store
    from gep.tasks.find import show
    from gep.units.currencies import show_lines

    found = show(Store(store), county, year, standard, shared, approved=approved, hierarchy=hierarchy, together=together)
    lang = get_language()
    if isinstance(found, StoredAccount):
        from gep.terminal.account import print_account

        print_found(found.as_dict(), show_lines(print_account(found, lang), found.head.standard), format)
    else:
        from gep.terminal.equivalents import find_equivalents, show_equivalents
        from gep.terminal.regional import print_rollup
        from gep.units.currencies import read_currency_of, show_money_in

        with Store(store) as opened:
            not_gep = find_equivalents(opened)
        print_found(
            show_money_in(found.as_dict(), read_currency_of(found.standard)),
            show_lines(
                show_equivalents(print_rollup(found, lang), lang, [one.run for one in found.accounts], not_gep), found.standard
            ),
            format,
        )


@click.command("list")
@approved_option
@click.option("--matrix", is_flag=True, help="Counties × years × step of review instead.")
@click.option("--place", metavar="PLACE", help="Of the matrix: all counties of this prefecture, province or CN.")
@stored_standard_option
@store_option
@format_option
def list_accounts(*, approved: bool, matrix: bool, place: str | None, standard: str | None, store: str, format: str) -> None:
    """List the accounts in the store, with their state of review."""
    from gep.store.county_figures import count_quantities_only
    from gep.store.store import Store
    from gep.terminal.account import print_accounts
    from gep.terminal.equivalents import find_equivalents

    if (place or standard) and not matrix:
        refuse_usage("--place and --standard go with --matrix")
    if approved and matrix:
        refuse_usage("--matrix shows every state; --approved goes without it")
    if matrix:
        from gep.commands.places import list_matrix

        list_matrix(Store(store), place, standard, format)
        return
    with Store(store) as opened:
        found = opened.accounts(approved=approved)
        told = opened.approved() if approved else None
        quantities, not_gep = count_quantities_only(opened), find_equivalents(opened)
    print_found([one.as_dict() for one in found], print_accounts(found, get_language(), quantities, not_gep), format)
    if told is not None:
        tell_approved_only(told)


@click.command("trace")
@click.argument("county")
@click.argument("year", type=YEAR)
@click.argument("service", required=False)
@click.option("--cell", metavar="ECOSYSTEM", help="Only this ecosystem type.")
@run_option
@stored_standard_option
@store_option
@choose_format("text", "json", "html")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write instead of printing.")
def trace_command(
    county: str,
    year: int,
    service: str | None,
    cell: str | None,
    run: int | None,
    standard: str | None,
    store: str,
    format: str,
    output: Path | None,
) -> None:
    """Explain a value: formula, formula in numbers, origin of each number.

    SERVICE is a service, by id or Chinese name; without it the total is
    explained.
    """
    from gep.explain.trace import explain_not_accounted, hash_lines, write_page
    from gep.messages.layout import wrap_text
    from gep.messages.plain import write_json_text
    from gep.store.store import Store
    from gep.tasks.explain import trace
    from gep.tasks.find import find_account
    from gep.terminal.trace import print_trace, print_unread
    from gep.units.currencies import show_lines

    form, source = format, click.get_current_context().get_parameter_source("format")
    if output is not None and source is ParameterSource.DEFAULT and output.suffix.lower() in {".html", ".json"}:
        form = output.suffix.lower()[1:]
    with Store(store) as opened:
        found = trace(opened, find_account(opened, county, year, standard, run), service, cell)
    if form == "html":
        text = write_page(found, get_language())
    elif form == "json":
        text = write_json_text(found.as_dict())
    else:
        lacking = (
            [*wrap_text(explain_not_accounted(found, get_language()), "", "  "), ""]
            if explain_not_accounted(found, get_language())
            else []
        )
        parts = [*show_lines([*print_trace(found.steps, get_language()), *print_unread(found, get_language())], found.standard)]
        text = "\n".join([*lacking, *parts, *hash_lines(found, get_language())])
    print_or_write(text, output, "trace")
