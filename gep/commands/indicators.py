"""gep indicators: figures held against the targets of a plan, with scores and ranks."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import format_option, print_json, store_option, tell_all
from gep.commands.language import get_language


@click.command()
@click.argument("place", required=False)
@click.argument("year", type=int, required=False)
@click.option(
    "--set",
    "set_name",
    default="ganzhou-2035",
    show_default=True,
    metavar="ID|FILE",
    help="A shipped set, or a file of your own.",
)
@click.option(
    "--input",
    "inputs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Table of figures (.csv, .parquet, .xlsx); may be repeated.",
)
@click.option("--target", type=int, help="Target year of score and rank.  [default: the next one]")
@click.option("--common", is_flag=True, help="Score only on indicators that every place has.")
@click.option("--list", "list_them", is_flag=True, help="List the indicators of the set.")
@store_option
@format_option
def indicators(
    place: str | None,
    year: int | None,
    *,
    set_name: str,
    inputs: tuple[Path, ...],
    target: int | None,
    common: bool,
    list_them: bool,
    store: str,
    format: str,
) -> None:
    """Show status against targets, gap, score and rank (综合考核).

    Without PLACE all places of the figures are scored and ranked; without YEAR the one year that they are of. Without --input
    the figures are those that the set itself prints for its base year. A set may read indicators from approved accounts of the
    store; why one was not taken is told.
    """
    from gep.indicators.query import ask
    from gep.indicators.sets import load_set
    from gep.messages.texts import say
    from gep.store.store import Store
    from gep.tasks.account_figures import read_approved
    from gep.terminal.indicators import make_plain_assessed, make_plain_set, print_rank, print_set, print_status

    wanted = load_set(set_name)
    if list_them and format == "json":
        print_json(make_plain_set(wanted))
        return
    if list_them:
        for text in print_set(wanted, get_language()):
            click.echo(text)
        return
    asked = ask(wanted, inputs, place, year, target, common=common, accounts=read_approved(Store(store)))
    for _, problem in asked.not_taken:
        tell_all([say("not taken: {found}", found=problem.found)], err=True)
    shown = [one for one in asked.found if asked.place in {"", one.place}]
    if format == "json":
        print_json(make_plain_assessed(wanted, shown, asked.target_year, common=common))
        return
    lines = (
        print_status(wanted, shown[0], asked.target_year, len(asked.found), get_language())
        if asked.place
        else print_rank(wanted, shown, asked.target_year, get_language(), common=common)
    )
    for text in lines:
        click.echo(text)
