"""gep history, diff and compare: what happened to a county, and why two runs, years or standards differ."""

from __future__ import annotations

from itertools import chain

import click

from gep.commands.common import (
    YEAR,
    format_option,
    print_found,
    refuse_usage,
    say_to_user,
    store_option,
    stored_standard_option,
    tell_all,
)
from gep.commands.language import get_language


@click.command()
@click.argument("county")
@click.argument("year", type=YEAR)
@stored_standard_option
@store_option
@format_option
def history(county: str, year: int, standard: str | None, store: str, format: str) -> None:
    """List the runs of a county and year: when, why, in which state, which superseded which."""
    from dataclasses import asdict

    from gep.reference.regions import read_regions
    from gep.store.store import Store
    from gep.tasks.fallen import list_fallen_approvals
    from gep.tasks.find import find_account
    from gep.terminal.equivalents import find_equivalents
    from gep.terminal.history import print_history

    with Store(store) as opened:
        place = find_account(opened, county, year, standard)
        found = opened.history(place, place.standard if standard else None)
        not_gep = find_equivalents(opened)
    of = f"{place.county} {read_regions()[place.county].name(get_language(), place.year)} {place.year}"
    tell_all(list_fallen_approvals(Store(store), place.county, place.year), err=True)
    print_found([asdict(one) for one in found], print_history(found, of, get_language(), not_gep), format)


@click.command()
@click.argument("run", type=int)
@click.argument("other", type=int)
@click.option("--county", help="Only this county, by code or name.")
@store_option
@format_option
def diff(run: int, other: int, county: str | None, store: str, format: str) -> None:
    """Show what two runs have differently: inputs, coefficients, rules, results."""
    from dataclasses import asdict

    from gep.reference.regions import look_up_division
    from gep.store.store import Store
    from gep.terminal.equivalents import find_equivalents
    from gep.terminal.history import print_diff

    code = look_up_division(county, "--county", likely=lambda one: one.level == "county").code if county else None
    with Store(store) as opened:
        found = opened.differences(run, other, code)
        not_gep = find_equivalents(opened)
    print_found([asdict(one) for one in found], print_diff(found, run, other, get_language(), not_gep), format)


@click.command()
@click.argument("county")
@click.argument("year", type=YEAR)
@click.argument("other_year", type=YEAR, required=False, metavar="[YEAR2]")
@click.option(
    "--standards", nargs=2, default=None, metavar="A B", help="Compare the year under two standards, ids or files, instead."
)
@stored_standard_option
@click.option(
    "--price-year",
    type=click.IntRange(1978, 2100),
    help="Price year of the second series.  [default: that of both runs, else YEAR]",
)
@click.option(
    "--bands", is_flag=True, help="Also whether the change is more than the known uncertainty, as gep uncertainty says."
)
@store_option
@format_option
def compare(
    county: str,
    year: int,
    other_year: int | None,
    standards: tuple[str, str] | None,
    standard: str | None,
    price_year: int | None,
    *,
    bands: bool,
    store: str,
    format: str,
) -> None:
    """Show why two years of a county differ, or one year under two standards.

    Every change is shared out to the fen among quantity, price, coefficients and
    coverage; under two standards among formula, coefficients and members counted.
    """
    from dataclasses import asdict

    from gep.commands.common import refuse_uneven
    from gep.compare.standards import compare_standards
    from gep.compare.years import compare_years
    from gep.reference.regions import name_in_years
    from gep.statements.uncertainty import tell_change_band
    from gep.store.store import Store
    from gep.tasks.find import find_account, follow_code
    from gep.tasks.uncertainty import DRAWS, SEED, find_change_band
    from gep.terminal.comparison import print_comparison, print_contrast
    from gep.terminal.equivalents import find_equivalents, show_equivalents
    from gep.terminal.statement import print_statement
    from gep.units.currencies import show_lines

    lang = get_language()
    if (other_year is None) == (standards is None):
        refuse_usage("give a second year, or --standards A B")
    if standards is not None and bands:
        refuse_usage("--bands is of two years")
    if standards is not None and price_year is not None:
        said = "--price-year has no effect beside --standards: both accounts are of one year and stand in its prices"
        say_to_user(said, err=True)
    with Store(store) as opened:
        if standards is not None:
            under = [find_account(opened, county, year, one) for one in standards]
            contrasts = compare_standards(opened, under[0], under[1])
            found, lines = (
                asdict(contrasts),
                print_contrast(contrasts, name_in_years(contrasts.county, [contrasts.year], lang), lang),
            )
        else:
            before, after = (find_account(opened, follow_code(county), of, standard) for of in (year, int(other_year or 0)))
            refuse_uneven(before.year, after.year)
            comparison = compare_years(opened, before, after, price_year)
            name = name_in_years(comparison.county, comparison.years, lang)
            found, lines = asdict(comparison), print_comparison(comparison, name, lang)
            if bands:
                change = find_change_band(opened, (before, after), DRAWS, SEED)
                found["band"] = change.as_dict()
                lines = chain(lines, [""], print_statement(tell_change_band(change, lang)))
        lines = show_equivalents(lines, lang, found["runs"], find_equivalents(opened))
    print_found(found, show_lines(lines, str(found["standard"]) if "standard" in found else ""), format)
