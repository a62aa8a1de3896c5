"""gep uncertainty: how sure a stored account is."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import format_option, print_found, refuse_usage, run_option, store_option, stored_standard_option
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
@click.option(
    "--against", type=int, metavar="YEAR", help="An earlier year: is the change more than the accounts' own uncertainty?"
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
    against: int | None,
    *,
    variance: bool,
    run: int | None,
    standard: str | None,
    store: str,
    format: str,
) -> None:
    """Show how far an account may be off: many draws of its uncertain numbers, by its own rules.

    A coefficient is uncertain within the range of its sources; --spreads says more, --by-mark the rest. Nothing is assumed.

    Of a prefecture, a province or CN it shows how sure the order of its counties is.
    """
    from gep.regional.coverage import find_wider_place
    from gep.store.store import Store
    from gep.tasks.find import find_account
    from gep.tasks.uncertainty import find_change_band, find_rank_band, find_uncertainty
    from gep.terminal.uncertainty import print_change_band, print_rank_band, print_uncertainty

    opened, lang = Store(store), get_language()
    if find_wider_place(county) is not None:
        if variance or against is not None or run is not None:
            refuse_usage("--variance, --against and --run are of one county")
        order = find_rank_band(opened, county, year, standard, draws, seed, spreads, by_mark)
        print_found(order.as_dict(), print_rank_band(order, lang), format)
        return
    with opened:
        key = find_account(opened, county, year, standard, run)
        earlier = None if against is None else find_account(opened, county, against, standard)
    if earlier is not None:
        if variance:
            refuse_usage("--variance has no effect beside --against")
        change = find_change_band(opened, (earlier, key), draws, seed, spreads, by_mark)
        print_found(change.as_dict(), print_change_band(change, lang), format)
        return
    found = find_uncertainty(opened, key, draws, seed, spreads, by_mark, variance=variance)
    print_found(found.as_dict(), print_uncertainty(found, lang), format)
