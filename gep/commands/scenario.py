"""gep scenario: what an account would come to under other land, inputs, coefficients or prices."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import (
    YEAR,
    format_option,
    paper_option,
    run_option,
    store_option,
    stored_standard_option,
    tell_statement,
)
from gep.commands.language import get_language


@click.command()
@click.argument("county")
@click.argument("year", type=YEAR)
@click.argument(
    "documents", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--reach", default="", metavar="AMOUNT", help="Find what it takes to reach an amount, such as '70 亿元'.")
@click.option(
    "--of", default="gep", show_default=True, metavar="SERVICE", help="What is to reach it: gep, a category or a service."
)
@click.option("--change", type=click.IntRange(min=1), help="The change that is varied, by its number in the file.")
@click.option("--scheme", default="", metavar="SCHEME", help="Also what this compensation scheme would pay; nothing is booked.")
@click.option(
    "--inputs", "facts", multiple=True, type=click.Path(path_type=Path, exists=True), help="Tables of facts of the scheme."
)
@run_option
@stored_standard_option
@store_option
@paper_option
@format_option
def scenario(
    county: str,
    year: int,
    documents: tuple[Path, ...],
    reach: str,
    of: str,
    change: int | None,
    scheme: str,
    facts: tuple[Path, ...],
    *,
    run: int | None,
    standard: str | None,
    store: str,
    format: str,
    report: Path | None,
) -> None:
    """Show what a stored account would come to under scenarios: other land, inputs, coefficients or prices. Nothing is stored.

    A scenario is a file with title, author, basis and changes (docs/scenarios.md); several stand side by side.
    """
    from gep.statements.scenario import tell_scenarios
    from gep.store.store import Store
    from gep.tasks.find import find_account
    from gep.tasks.scenario import find_outcomes

    opened = Store(store)
    with opened:
        key = find_account(opened, county, year, standard, run)
    found = find_outcomes(opened, key, documents, reach, of, change or 0, scheme, facts)
    tell_statement(found.as_dict(), tell_scenarios(found, get_language()), format, report)
