"""gep damage: interim loss, virtual treatment cost, settlement."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import format_option, print_found
from gep.commands.language import get_language

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def damage() -> None:
    """Damage to ecosystems: interim loss, treatment cost, settlement to the fen."""


@damage.command("equivalency")
@click.argument("document", type=FILE)
@format_option
def equivalency(document: Path, format: str) -> None:
    """Compute what has to be restored for an interim loss (HEA, REA).

    Rate, recovery and the crediting inside the year stand in the document and are printed.
    """
    from gep.tasks.damage import find_equivalency
    from gep.terminal.damage import print_equivalency

    found = find_equivalency(document)
    print_found(found.as_dict(), print_equivalency(found, get_language()), format)


@damage.command("treatment")
@click.argument("table", type=FILE)
@format_option
def treatment(table: Path, format: str) -> None:
    """Compute the virtual treatment cost of discharges, pollutant by pollutant."""
    from gep.tasks.damage import find_treatment
    from gep.terminal.damage import print_treatment

    found = find_treatment(table)
    plain = {"total_fen": sum(one.fen for one in found), "pollutants": [one.as_dict() for one in found]}
    print_found(plain, print_treatment(found, get_language()), format)


@damage.command("settle")
@click.argument("document", type=FILE)
@format_option
def settle(document: Path, format: str) -> None:
    """Compute what a case comes to and what each liable party pays, exact to the fen."""
    from gep.tasks.damage import find_settlement
    from gep.terminal.damage import print_settlement

    found = find_settlement(document)
    print_found(found.as_dict(), print_settlement(found, get_language()), format)
