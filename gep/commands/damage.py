"""gep damage: interim loss, virtual treatment cost, settlement."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import format_option, paper_option, tell_statement
from gep.commands.language import get_language

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def damage() -> None:
    """Damage to ecosystems: interim loss, treatment cost, settlement to the fen."""


@damage.command("equivalency")
@click.argument("document", type=FILE)
@paper_option
@format_option
def equivalency(document: Path, format: str, report: Path | None) -> None:
    """Compute what has to be restored for an interim loss (HEA, REA).

    Rate, recovery and the crediting inside the year stand in the document and are printed.
    """
    from gep.statements.damage import tell_equivalency
    from gep.tasks.damage import find_equivalency

    found = find_equivalency(document)
    tell_statement(found.as_dict(), tell_equivalency(found, get_language()), format, report)


@damage.command("treatment")
@click.argument("table", type=FILE)
@paper_option
@format_option
def treatment(table: Path, format: str, report: Path | None) -> None:
    """Compute the virtual treatment cost of discharges, pollutant by pollutant."""
    from gep.statements.damage import tell_treatment
    from gep.tasks.damage import find_treatment

    found = find_treatment(table)
    plain = {"total_fen": sum(one.fen for one in found), "pollutants": [one.as_dict() for one in found]}
    tell_statement(plain, tell_treatment(found, get_language()), format, report)


@damage.command("settle")
@click.argument("document", type=FILE)
@paper_option
@format_option
def settle(document: Path, format: str, report: Path | None) -> None:
    """Compute what a case comes to and what each liable party pays, exact to the fen."""
    from gep.statements.damage import tell_settlement
    from gep.tasks.damage import find_settlement

    found = find_settlement(document)
    tell_statement(found.as_dict(), tell_settlement(found, get_language()), format, report)
