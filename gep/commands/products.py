"""gep products: the catalogue of ecological products, and series that are watched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gep.commands.common import format_option, print_found
from gep.commands.language import get_language
from gep.messages.texts import translate

if TYPE_CHECKING:
    from datetime import datetime

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
day_option = click.option(
    "--on", "day", type=click.DateTime(formats=["%Y-%m-%d"]), required=True, help="The day on which it is asked."
)
thresholds_option = click.option("--thresholds", type=FILE, required=True, help="Thresholds, as YAML.")


@click.group()
def products() -> None:
    """The catalogue of ecological products, and series watched by thresholds."""


@products.command("form")
@click.argument("county")
@click.argument("year", type=int)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Workbook to write.")
def form(county: str, year: int, output: Path) -> None:
    """Write the survey form of the catalogue as a workbook."""
    from gep.tasks.products import make_form

    make_form(county, year, output)
    click.echo(str(output))


@products.command("catalogue")
@click.argument("forms", nargs=-1, required=True, type=FILE)
@format_option
def catalogue(forms: tuple[Path, ...], format: str) -> None:
    """Read survey forms: what, where, how much, how good, when, who answers, by what evidence."""
    from gep.tasks.products import find_catalogue
    from gep.terminal.products import print_catalogue

    found = find_catalogue(forms)
    print_found([one.as_dict() for one in found], print_catalogue(found, get_language()), format)


@products.command("watch")
@click.argument("series", nargs=-1, required=True, type=FILE)
@thresholds_option
@day_option
@click.option("--log", type=click.Path(path_type=Path, dir_okay=False), help="Table of alerts that somebody has seen.")
@format_option
def watch(series: tuple[Path, ...], thresholds: Path, day: datetime, log: Path | None, format: str) -> None:
    """Hold thresholds against monitored series as they were known on a day."""
    from gep.tasks.products import find_watch
    from gep.terminal.products import print_watch

    found = find_watch(series, thresholds, day.date(), log)
    print_found(found.as_dict(), print_watch(found, get_language()), format)


@products.command("acknowledge")
@click.argument("alert")
@click.argument("series", nargs=-1, required=True, type=FILE)
@thresholds_option
@day_option
@click.option("--by", required=True, help="Who has seen it.")
@click.option("--note", required=True, help="What is done about it.")
@click.option(
    "--log", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Table of alerts that somebody has seen."
)
@format_option
def acknowledge(
    alert: str, series: tuple[Path, ...], thresholds: Path, day: datetime, by: str, note: str, log: Path, format: str
) -> None:
    """Note who has seen an alert and what is done about it."""
    from dataclasses import asdict

    from gep.tasks.products import acknowledge as note_seen
    from gep.tasks.products import find_watch

    found = find_watch(series, thresholds, day.date(), log)
    made = note_seen(found, alert, by, note, log)
    text = translate(get_language(), "seen by {by} on {day}: {note}", by=made.by, day=made.day, note=made.note)
    print_found(asdict(made), [f"{made.alert}  {text}"], format)
