"""gep uncertainty: how sure a stored account is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gep.commands.common import (
    YEAR,
    format_option,
    paper_option,
    refuse_uneven,
    refuse_usage,
    run_option,
    store_option,
    stored_standard_option,
    tell_statement,
)
from gep.commands.language import get_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.tasks.uncertainty import Files

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
OPTIONS = (
    click.option("--draws", type=int, default=10_000, show_default=True, help="How often all uncertain numbers are drawn."),
    click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same draws."),
    click.option("--spreads", type=FILE, help="Table of spreads: id, member, kind, low, high, sd, unit, source."),
    click.option(
        "--by-mark", multiple=True, metavar="MARK=SHARE", help="Standard deviation of coefficients with a mark, such as K=30%."
    ),
    click.option(
        "--correlations", type=FILE, help="Table of correlations: id, member, with_id, with_member, correlation, source."
    ),
    click.option(
        "--maps",
        type=FILE,
        help="Areas by several maps, of which each draw takes one: map, weight, ecosystem, area, unit, source.",
    ),
    click.option("--confusion", type=FILE, help="Confusion matrix of the map that was used: mapped, reference, count, source."),
)
"""What is known of uncertainty, and how often it is drawn: the same words in every command that draws."""


@dataclass(frozen=True)
class Drawing:
    """How often uncertain numbers are drawn, from which seed, and what is known of them, in the order of `Files`."""

    draws: int
    seed: int
    known: tuple[Path | None, tuple[str, ...], Path | None, Path | None, Path | None]

    @property
    def files(self) -> Files:
        """Where somebody wrote what is known."""
        from gep.tasks.uncertainty import Files

        return Files(*self.known)


def known_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what is known of uncertainty, as one `drawing`."""

    @wraps(function)
    def gather(
        draws: int,
        seed: int,
        spreads: Path | None,
        by_mark: tuple[str, ...],
        correlations: Path | None,
        maps: Path | None,
        confusion: Path | None,
        **others: Any,
    ) -> None:
        function(drawing=Drawing(draws, seed, (spreads, by_mark, correlations, maps, confusion)), **others)

    command: Callable[..., None] = gather
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("county")
@click.argument("year", type=YEAR)
@known_options
@click.option(
    "--beside",
    type=int,
    multiple=True,
    metavar="RUN",
    help="A run of the same county and year by another method: its own band, never pooled.",
)
@click.option(
    "--against", type=YEAR, metavar="YEAR", help="An earlier year: is the change more than the accounts' own uncertainty?"
)
@click.option("--variance", is_flag=True, help="Also the shares of the variance (Sobol), which takes longer.")
@run_option
@stored_standard_option
@store_option
@paper_option
@format_option
def uncertainty(
    county: str,
    year: int,
    beside: tuple[int, ...],
    against: int | None,
    *,
    drawing: Drawing,
    variance: bool,
    run: int | None,
    standard: str | None,
    store: str,
    format: str,
    report: Path | None,
) -> None:
    """Show how far an account may be off: many draws of its uncertain numbers, by its own rules.

    A coefficient is uncertain within the range of its sources; --spreads says more, --by-mark the rest. Nothing is assumed.

    Of a prefecture, a province or CN it shows how sure the order of its counties is;
    of an account of its own where none of its counties has one, or with --run.
    """
    from gep.account.totals_said import NOT_GEP
    from gep.regional.coverage import find_wider_place, is_shown_by_its_own
    from gep.statements.equivalents import tell_equivalents
    from gep.statements.uncertainty import tell_change_band, tell_method_bands, tell_rank_band, tell_uncertainty
    from gep.store.county_figures import has_notice, list_runs_with_notice
    from gep.store.store import Store
    from gep.tasks.find import find_account, resolve_standard
    from gep.tasks.uncertainty import find_change_band, find_method_bands, find_rank_band, find_uncertainty

    opened, lang = Store(store), get_language()
    draws, seed, files = drawing.draws, drawing.seed, drawing.files
    wider = None if run is not None else find_wider_place(county, year)
    if wider is not None:
        with opened:
            wider = None if is_shown_by_its_own(opened, wider, year, resolve_standard(opened, standard)) else wider
    if wider is not None:
        if variance or against is not None or beside:
            refuse_usage("--variance, --against and --beside are of one county")
        order = find_rank_band(opened, county, year, standard, draws, seed, files)
        with opened:
            are = [order.standard] if has_notice(opened, order.year, order.standard, NOT_GEP) else []
        tell_statement(order.as_dict(), tell_equivalents(tell_rank_band(order, lang), [order.standard], are), format, report)
        return
    if against is not None and (variance or beside):
        refuse_usage("--variance and --beside have no effect beside --against")
    with opened:
        key = find_account(opened, county, year, standard, run)
        earlier = None if against is None else find_account(opened, county, against, standard)
        others = [find_account(opened, county, year, None, one) for one in beside]
        if earlier is not None:
            refuse_uneven(earlier.year, year)
        not_gep = list_runs_with_notice(opened, NOT_GEP)
    runs = [key.run, *(one.run for one in others), *([earlier.run] if earlier is not None else [])]
    if earlier is not None:
        change = find_change_band(opened, (earlier, key), draws, seed, files)
        tell_statement(change.as_dict(), tell_equivalents(tell_change_band(change, lang), runs, not_gep), format, report)
    elif others:
        methods = find_method_bands(opened, (key, *others), draws, seed, files, variance=variance)
        tell_statement(methods.as_dict(), tell_equivalents(tell_method_bands(methods, lang), runs, not_gep), format, report)
    else:
        found = find_uncertainty(opened, key, draws, seed, files, variance=variance)
        tell_statement(found.as_dict(), tell_equivalents(tell_uncertainty(found, lang), runs, not_gep), format, report)
