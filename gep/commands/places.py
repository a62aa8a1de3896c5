"""gep rank, neighbours and export; and what gep show prints of a city, a province or the nation."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gep.commands.common import (
    YEAR,
    approved_option,
    format_option,
    print_found,
    progress_teller,
    refuse_usage,
    store_option,
    stored_standard_option,
)
from gep.commands.language import get_language

if TYPE_CHECKING:
    from gep.store.store import Store


@click.command()
@click.argument("place")
@click.argument("year", type=YEAR)
@click.option(
    "--by", default="gep", show_default=True, metavar="FIGURE", help="gep, gep_per_km2, gep_per_head, gep_per_gdp or a service."
)
@approved_option
@click.option("--bands", is_flag=True, help="Also how sure the order by gep is, as gep uncertainty says.")
@stored_standard_option
@store_option
@format_option
def rank(place: str, year: int, by: str, *, approved: bool, bands: bool, standard: str | None, store: str, format: str) -> None:
    """Rank the counties of a place by a figure.

    PLACE is the code or name of a prefecture or province, or CN.
    """
    from dataclasses import asdict

    from gep.regional.coverage import find_place
    from gep.regional.ranking import rank_counties
    from gep.statements.uncertainty import tell_rank_band
    from gep.store.store import Store
    from gep.tasks.find import resolve_standard
    from gep.tasks.uncertainty import DRAWS, SEED, find_rank_band
    from gep.terminal.ranking import print_ranking
    from gep.terminal.statement import print_statement
    from gep.units.currencies import show_lines

    if bands and by != "gep":
        refuse_usage("--bands is of the order by gep")
    lang = get_language()
    with Store(store) as opened:
        found = rank_counties(opened, find_place(place), year, resolve_standard(opened, standard), by, approved=approved)
        given, lines = asdict(found), print_ranking(found, lang)
        if bands:
            order = find_rank_band(opened, place, year, found.standard, DRAWS // 10, SEED, approved=approved)
            given["band"] = order.as_dict()
            lines = chain(lines, [""], print_statement(tell_rank_band(order, lang)))
    print_found(given, show_lines(lines, found.standard), format)


@click.command()
@click.argument("county")
@click.argument("year", type=YEAR)
@stored_standard_option
@store_option
@format_option
def neighbours(county: str, year: int, standard: str | None, store: str, format: str) -> None:
    """Show a county beside the counties that touch it."""
    from dataclasses import asdict

    from gep.regional.ranking import compare_neighbours
    from gep.store.store import Store
    from gep.tasks.find import resolve_standard
    from gep.terminal.equivalents import find_equivalents, show_equivalents
    from gep.terminal.ranking import print_neighbours
    from gep.units.currencies import show_lines

    with Store(store) as opened:
        found = compare_neighbours(opened, county, year, resolve_standard(opened, standard))
        run, not_gep = opened.find(found.county.county, year, found.standard).run, find_equivalents(opened)
    lang = get_language()
    lines = show_equivalents(print_neighbours(found, lang), lang, [run], not_gep)
    print_found(asdict(found), show_lines(lines, found.standard), format)


def list_matrix(store: Store, place: str | None, standard: str | None, format: str) -> None:
    """Print counties × years × step of review."""
    from dataclasses import asdict

    from gep.regional.coverage import find_place
    from gep.regional.matrix import make_matrix
    from gep.tasks.find import resolve_standard
    from gep.terminal.ranking import print_matrix

    with store:
        found = make_matrix(store, find_place(place) if place else None, resolve_standard(store, standard))
    print_found(asdict(found), print_matrix(found, get_language()), format)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Write an export that is there already anew.")
@store_option
@format_option
def export(folder: Path, *, replace: bool, store: str, format: str) -> None:
    """Write accounts, services, inputs and coefficients as Parquet.

    Files stand in folders of province and year, for DuckDB, Polars, Spark,
    Trino, ClickHouse; README.txt in FOLDER has the schema.
    """
    from dataclasses import asdict

    from gep.store.store import Store
    from gep.terminal.regional import export_lines

    found = Store(store).export(folder, replace=replace, progress=progress_teller())
    print_found(asdict(found), export_lines(found, get_language()), format)
