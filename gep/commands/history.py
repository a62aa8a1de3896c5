"""gep history and diff: what happened to a county-year, and what two runs have differently."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import find, format_option, print_json, standard_option, store_option


@click.command()
@click.argument("county")
@click.argument("year", type=int)
@standard_option
@store_option
@format_option
def history(county: str, year: int, standard: str | None, store: str, format: str) -> None:
    """List the runs of a county and year: when, why, in which state, which superseded which."""
    from dataclasses import asdict

    from gep.history import history as entries_of
    from gep.regions import regions
    from gep.store import reading
    from gep.text import history_lines

    with reading(Path(store)) as connection:
        place = find(connection, county, year, standard)
        found = entries_of(connection, place, standard)
    if format == "json":
        print_json([asdict(one) for one in found])
        return
    for text in history_lines(found, f"{place.county} {regions()[place.county].name_zh} {place.year}"):
        click.echo(text)


@click.command()
@click.argument("run", type=int)
@click.argument("other", type=int)
@click.option("--county", help="Only this county, by code or name.")
@store_option
@format_option
def diff(run: int, other: int, county: str | None, store: str, format: str) -> None:
    """Show what two runs have differently: inputs, coefficients, rules, results."""
    from dataclasses import asdict

    from gep.history import diff as changes_of
    from gep.query import county_code
    from gep.store import reading
    from gep.text import diff_lines

    with reading(Path(store)) as connection:
        found = changes_of(connection, run, other, county_code(county) if county else None)
    if format == "json":
        print_json([asdict(one) for one in found])
        return
    for text in diff_lines(found, run, other):
        click.echo(text)
