"""gep uncertainty: how sure a stored account is."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import format_option, print_found, run_option, store_option, stored_standard_option
from gep.commands.language import get_language


@click.command()
@click.argument("county")
@click.argument("year", type=int)
@click.option("--draws", type=int, default=10_000, show_default=True, help="How often all uncertain numbers are drawn.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same draws.")
@click.option(
    "--spreads",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Table of spreads: id, member, kind, low, high, sd, unit, source.",
)
@click.option(
    "--by-mark", multiple=True, metavar="MARK=SHARE", help="Standard deviation of coefficients with a mark, such as K=30%."
)
@click.option("--variance", is_flag=True, help="Also the shares of the variance (Sobol), which takes longer.")
@run_option
@stored_standard_option
@store_option
@format_option
def uncertainty(
    county: str,
    year: int,
    draws: int,
    seed: int,
    spreads: Path | None,
    by_mark: tuple[str, ...],
    *,
    variance: bool,
    run: int | None,
    standard: str | None,
    store: str,
    format: str,
) -> None:
    """Show how far an account may be off: many draws of its uncertain numbers, by its own rules.

    A coefficient is uncertain within the range of its sources; --spreads says more, --by-mark the rest. Nothing is assumed.
    """
    from gep.store.store import Store
    from gep.tasks.find import find_account
    from gep.tasks.uncertainty import find_uncertainty
    from gep.terminal.uncertainty import print_uncertainty

    opened = Store(store)
    with opened:
        key = find_account(opened, county, year, standard, run)
    found = find_uncertainty(opened, key, draws, seed, spreads, by_mark, variance=variance)
    print_found(found.as_dict(), print_uncertainty(found, get_language()), format)
