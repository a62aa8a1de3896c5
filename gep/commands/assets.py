"""gep assets: what lies behind an account's yearly flows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gep.commands.common import format_option, print_found, refuse_usage, run_option, store_option, stored_standard_option
from gep.commands.language import get_language
from gep.messages.texts import say

if TYPE_CHECKING:
    from gep.store.keys import AccountKey
    from gep.store.store import Store

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


@assets.command("extent")
@click.argument("county", required=False)
@click.argument("opening", type=int, required=False)
@click.argument("closing", type=int, required=False)
@click.option("--transitions", type=FILE, help="Table of a transition matrix; docs/assets.md has its columns.")
@stored_standard_option
@store_option
@format_option
def extent(
    county: str | None,
    opening: int | None,
    closing: int | None,
    transitions: Path | None,
    standard: str | None,
    store: str,
    format: str,
) -> None:
    """Account areas: opening, additions and reductions, closing; it balances or is refused.

    Of two stored years, of a transition matrix, or of both, which then must agree.
    """
    from gep.tasks.asset_accounts import find_extent
    from gep.terminal.asset_accounts import print_extent

    opened, keys = _find_years(county, opening, closing, standard, store)
    found = find_extent(opened, keys, transitions)
    print_found(found.as_dict(), print_extent(found, get_language()), format)


@assets.command("table")
@click.argument("county")
@click.argument("opening", type=int)
@click.argument("closing", type=int)
@click.option("--valuation", type=FILE, required=True, help="Convention, rates, growth, author and basis, as YAML.")
@click.option("--closing-valuation", type=FILE, help="Another valuation at the closing; its effect is a line of its own.")
@stored_standard_option
@store_option
@format_option
def table(
    county: str,
    opening: int,
    closing: int,
    valuation: Path,
    closing_valuation: Path | None,
    standard: str | None,
    store: str,
    format: str,
) -> None:
    """Account the value of assets between two years: enhancement, degradation, conversions, revaluation.

    Each line has its own cause (area, physical flow a hectare, price, rate), and they add up to the fen.
    """
    from gep.tasks.asset_accounts import find_asset_table
    from gep.terminal.asset_accounts import print_asset_table

    opened, keys = _find_years(county, opening, closing, standard, store)
    if opened is None or keys is None:
        raise AssertionError
    found = find_asset_table(opened, keys, valuation, closing_valuation)
    print_found(found.as_dict(), print_asset_table(found, get_language()), format)


def _find_years(
    county: str | None, opening: int | None, closing: int | None, standard: str | None, store: str
) -> tuple[Store | None, tuple[AccountKey, AccountKey] | None]:
    """Return the store and the accounts of two years; nothing where no county is named."""
    from gep.store.store import Store
    from gep.tasks.find import find_account

    if county is None:
        return None, None
    if opening is None or closing is None:
        refuse_usage(say("a county stands without an opening and a closing year"))
    opened = Store(store)
    with opened:
        return opened, (find_account(opened, county, opening, standard), find_account(opened, county, closing, standard))
