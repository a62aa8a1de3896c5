"""The command line: reads what is asked, calls one function, prints; contains no arithmetic. Heavy parts load where used."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

STORE = "outputs/gep.duckdb"
WRONG_INPUT, OUR_FAULT = 2, 1


class Commands(click.Group):
    """A group that turns problems into their text and exit code 2, and anything unforeseen into one sentence and 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; problems end with 2, our own faults with 1."""
        try:
            return super().invoke(ctx)
        except click.ClickException:
            raise
        except (click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except Exception as error:
            from gep.problems import Problems, RuleError

            if isinstance(error, Problems):
                if ctx.params.get("format") == "json" or "json" in sys.argv:
                    click.echo(
                        json.dumps({"problems": [one.as_dict() for one in error.problems]}, ensure_ascii=False, indent=1),
                        err=True,
                    )
                else:
                    click.echo(str(error), err=True)
                ctx.exit(WRONG_INPUT)
            if isinstance(error, RuleError):
                click.echo(f"a rule of this program cannot be right: {error}", err=True)
                ctx.exit(OUR_FAULT)
            if ctx.find_root().params.get("debug"):
                raise
            click.echo(
                f"gep failed, and the fault is ours: {type(error).__name__}: {error}\nRun gep --debug ... for details.", err=True
            )
            ctx.exit(OUR_FAULT)


store_option = click.option("--store", default=STORE, show_default=True, metavar="FILE", help="The DuckDB file runs are kept in.")
format_option = click.option("--format", "format", type=click.Choice(["text", "json"]), default="text", help="How to print.")
standard_option = click.option(
    "--standard", default=None, metavar="ID|FILE", help="A shipped standard, or a file of your own.  [default: ndrc-2022]"
)
lang_option = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="Language of names and texts.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.option("--debug", is_flag=True, hidden=True)
@click.version_option(package_name="gep")
def main(*, debug: bool) -> None:
    """Accounts of Gross Ecosystem Product (生态产品总值).

    Every number can be explained down to the cell it came from.
    """


@main.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@standard_option
@click.option("--price-year", type=click.IntRange(1978, 2100), help="Also value everything in the prices of this year.")
@store_option
@click.option(
    "--report", type=click.Path(path_type=Path), help="Also write the report (.pdf or .html); a folder for several counties."
)
@click.option("--reason", default="", help="Why this run replaces an earlier one.")
@lang_option
@format_option
def run(
    inputs: tuple[Path, ...],
    standard: str | None,
    price_year: int | None,
    store: str,
    report: Path | None,
    reason: str,
    lang: str,
    format: str,
) -> None:
    """Compute and store the accounts of all counties and years in INPUTS.

    INPUTS are CSV or Parquet tables, or folders of them.
    """
    from gep.run import run_account
    from gep.store import save

    progress = _progress()
    account = run_account(inputs, standard, price_year, progress)
    progress("storing")
    stored = save(account, Path(store), reason)
    progress("")
    from gep.query import shown_accounts
    from gep.store import reading

    with reading(Path(store)) as connection:
        found = shown_accounts(connection, stored.run)
    if format == "json":
        _json({"run": stored.run, "results_sha256": stored.results_sha256, "store": store, "accounts": found})
    elif len(found) == 1:
        _print_account(found[0], lang)
    else:
        _print_list(found, lang)
        click.echo(f"{len(found)} accounts stored in {store} as run {stored.run}")
    if report is not None:
        from gep.report import write_report

        with reading(Path(store)) as connection:
            for one in found:
                target = report if len(found) == 1 else report / f"{one['county']}-{one['year']}.pdf"
                write_report(connection, stored.run, int(one["account"]), target, lang)
                click.echo(f"report: {target}", err=True)


@main.command()
@click.argument("county")
@click.argument("year", type=int)
@standard_option
@store_option
@lang_option
@format_option
def show(county: str, year: int, standard: str | None, store: str, lang: str, format: str) -> None:
    """Show the account of a county and year."""
    from gep.query import shown_accounts
    from gep.store import reading

    with reading(Path(store)) as connection:
        place = _find(connection, county, year, standard)
        found = shown_accounts(connection, place.run, place.account)[0]
    if format == "json":
        _json(found)
    else:
        _print_account(found, lang)


@main.command("list")
@store_option
@lang_option
@format_option
def list_accounts(store: str, lang: str, format: str) -> None:
    """List the accounts in the store."""
    from gep.query import listed_accounts
    from gep.store import reading

    with reading(Path(store)) as connection:
        found = listed_accounts(connection)
    if format == "json":
        _json(found)
    else:
        _print_list(found, lang)


@main.command()
@click.argument("county")
@click.argument("year", type=int)
@click.argument("service", required=False)
@click.option("--cell", metavar="ECOSYSTEM", help="Only this ecosystem type.")
@standard_option
@store_option
@lang_option
@format_option
def trace(
    county: str, year: int, service: str | None, cell: str | None, standard: str | None, store: str, lang: str, format: str
) -> None:
    """Explain a value: formula, formula in numbers, origin of each number.

    SERVICE is a service id; without it the total is explained.
    """
    from dataclasses import asdict

    from gep.explain import explain, rebuild
    from gep.query import unknown_service
    from gep.store import reading

    with reading(Path(store)) as connection:
        place = _find(connection, county, year, standard)
        account = rebuild(connection, place.run, place.account)
    rule = "gep.total" if service is None else f"{service}.value"
    if rule not in account.evaluation.steps:
        raise unknown_service(service or "", account.evaluation.steps)
    parts = explain(account, rule, cell) if service else explain(account, rule, cell)[:4]
    if format == "json":
        _json({"county": county, "year": year, "run": place.run, "steps": [asdict(part) for part in parts]})
        return
    from gep.text import trace_lines

    for text in trace_lines(parts, lang):
        click.echo(text)


@main.command()
@click.argument("county")
@click.argument("year", type=int)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.  [default: outputs/COUNTY-YEAR.pdf]")
@click.option("--format", "format", type=click.Choice(["pdf", "html"]), default="pdf", help="PDF or one HTML file.")
@standard_option
@store_option
@lang_option
def report(county: str, year: int, output: Path | None, format: str, standard: str | None, store: str, lang: str) -> None:
    """Write the report of a county and year."""
    from gep.report import write_report
    from gep.store import reading

    with reading(Path(store)) as connection:
        place = _find(connection, county, year, standard)
        target = output or Path("outputs") / f"{place.county}-{place.year}.{format}"
        if target.suffix.lower() != f".{format}" and output is not None:
            format = target.suffix.lower().lstrip(".") or format  # noqa: A001
        write_report(connection, place.run, place.account, target, lang)
    click.echo(str(target))


@main.group(invoke_without_command=True)
@lang_option
@format_option
@click.pass_context
def standards(ctx: click.Context, lang: str, format: str) -> None:
    """List the standards, or compare two of them (standards diff A B)."""
    if ctx.invoked_subcommand:
        return
    from gep.compare import listed_standards

    found = listed_standards()
    if format == "json":
        _json(found)
        return
    for one in found:
        click.echo(f"{one['id']:<16} [{one['mark']}] {one['title'][lang]} {one['number']}")
        click.echo(f"{'':<16} {one['services']} services, {one['unverified']} statements unverified")


@standards.command("diff")
@click.argument("one")
@click.argument("other")
@format_option
def standards_diff(one: str, other: str, format: str) -> None:
    """Show line by line what differs between two standards."""
    from gep.compare import differences

    found = differences(one, other)
    if format == "json":
        _json(found)
        return
    width = max((len(part["what"]) for part in found), default=4)
    for part in found:
        click.echo(f"{part['what']:<{width}}  {part[one]}  →  {part[other]}" if one != other else part["what"])
    if not found:
        click.echo("no difference")


@main.command()
@click.argument("coefficient", required=False)
@click.option("--county", help="Code or name: show which row wins there.")
@click.option("--year", type=int, help="Accounting year for --county.")
@lang_option
@format_option
def coefficients(coefficient: str | None, county: str | None, year: int | None, lang: str, format: str) -> None:
    """List coefficients and prices, or the rows of one and which of them wins."""
    from gep.glossary import coefficient_list, coefficient_rows

    if coefficient is None:
        found = coefficient_list()
        if format == "json":
            _json(found)
            return
        for one in found:
            click.echo(f"{one['id']:<30} {one['unit']:<14} {one['rows']:>3} rows  {one['title'][lang]}")
        return
    rows = coefficient_rows(coefficient, county, year)
    if format == "json":
        _json(rows)
        return
    for one in rows:
        members = " ".join(filter(None, (one["ecosystem"], one["pollutant"], one["product"])))
        spread = f" ({one['low']:g}–{one['high']:g})" if one["low"] is not None and one["high"] is not None else ""
        click.echo(
            f"{one['status']:<7} {one['value']:g} {one['unit']}{spread}  {one['region']} {members} [{one['mark']}] set {one['set']}"
        )
        click.echo(f"        {one['source']}, {one['locator']}; {one['address']}{'; ' + one['note'] if one['note'] else ''}")
    if not rows:
        click.echo("no row is shipped; enter the county's own value under this id")


@main.command()
@click.argument("variable", required=False)
@standard_option
@format_option
def variables(variable: str | None, standard: str | None, format: str) -> None:
    """The glossary of inputs: id, name, unit, who has it, which service needs it."""
    from gep.glossary import variable_list

    found = variable_list(variable, standard)
    if format == "json":
        _json(found)
        return
    for one in found:
        axes = f" by {', '.join(one['axes'])}" if one["axes"] else ""
        click.echo(f"{one['id']}  [{one['unit']}]{axes}")
        click.echo(f"  {one['title']['zh']} · {one['title']['en']} · {one['department']}")
        if variable:
            click.echo(f"  {one['about']}")
        if one["services"]:
            click.echo(f"  {', '.join(one['services'])}")


@main.command()
@click.argument("query", required=False)
@click.option("--list", "list_them", is_flag=True, help="List the named queries and the views.")
@store_option
@format_option
def query(query: str | None, *, list_them: bool, store: str, format: str) -> None:
    """Run a named query or SQL on the store; it can only read."""
    from gep.query import NAMED, run_query
    from gep.store import reading

    if list_them or query is None:
        for name, (about, _) in NAMED.items():
            click.echo(f"{name:<22} {about}")
        return
    with reading(Path(store)) as connection:
        columns, rows = run_query(connection, query)
    if format == "json":
        _json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    _table(columns, rows)


def _find(connection: Any, county: str, year: int, standard: str | None) -> Any:
    from gep.query import find_account

    return find_account(connection, county, year, standard)


def _progress() -> Callable[[str], None]:
    """Return what tells the stage on standard error, on a terminal in one line."""

    def tell(stage: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{stage}", nl=False, err=True)

    return tell


def _json(found: object) -> None:
    from gep.text import plain

    click.echo(json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False))


def _print_account(found: dict[str, Any], lang: str) -> None:
    from gep.text import account_lines

    for text in account_lines(found, lang):
        click.echo(text)


def _print_list(found: Iterable[dict[str, Any]], lang: str) -> None:
    from gep.text import list_lines

    for text in list_lines(found, lang):
        click.echo(text)


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from gep.text import table_lines

    for text in table_lines(columns, rows):
        click.echo(text)
