"""gep rank, neighbours and export; and what gep show prints of a city, a province or the nation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gep.commands.common import print_json

if TYPE_CHECKING:
    from pathlib import Path

    from gep.regions import Region


def show_place(
    connection: Any, place: Region, year: int, standard: str | None, shared: Path | None, lang: str, format: str
) -> None:
    """Print the sum of a place's accounts."""
    from dataclasses import asdict

    from gep.place_text import rollup_lines
    from gep.rollup import roll_up
    from gep.shared_waters import read_shares

    found = roll_up(connection, place, year, standard, read_shares(shared))
    if format == "json":
        print_json(asdict(found))
        return
    for text in rollup_lines(found, lang):
        click.echo(text)
