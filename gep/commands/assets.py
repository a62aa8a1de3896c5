"""gep assets: what lies behind an account's yearly flows."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import format_option, print_found, refuse_usage, run_option, store_option, stored_standard_option
from gep.commands.language import get_language
from gep.messages.texts import say

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def assets() -> None:
    """Assets behind the flows: extent, value, and what changed them."""


@assets.command("value")
@click.argument("county", required=False)
@click.argument("year", type=int, required=False)
@click.option("--valuation", type=FILE, required=True, help="Convention, rates, growth, author and basis, as YAML.")
@click.option("--service", "services", multiple=True, help="Only this service; may be repeated.")
@run_option
@stored_standard_option
@store_option
@format_option
def value(
    county: str | None,
    year: int | None,
    valuation: Path,
    services: tuple[str, ...],
    run: int | None,
    standard: str | None,
    store: str,
    format: str,
) -> None:
    """Show the present value of an account's services, or of the rents a valuation states.

    Rates, horizon, timing and growth are the user's choice and are printed with the result.
    """
    from gep.store.store import Store
    from gep.tasks.assets import value_assets
    from gep.tasks.find import find_account
    from gep.terminal.assets import print_valued

    if county is not None and year is None:
        refuse_usage(say("a county stands without a year"))
    key = opened = None
    if county is not None and year is not None:
        opened = Store(store)
        with opened:
            key = find_account(opened, county, year, standard, run)
    found = value_assets(opened, key, valuation, services)
    print_found(found.as_dict(), print_valued(found, get_language()), format)
