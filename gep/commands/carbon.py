"""gep carbon: stocks, their change, and credits of projects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gep.commands.common import begin_storing, format_option, paper_option, print_found, store_option, tell_statement
from gep.commands.language import get_language

if TYPE_CHECKING:
    from datetime import datetime

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def carbon() -> None:
    """Carbon stocks and their change, apart from GEP's yearly carbon and from project credits."""


@carbon.command("stock")
@click.argument("inventories", nargs=-1, required=True, type=FILE)
@paper_option
@format_option
def stock(inventories: tuple[Path, ...], format: str, report: Path | None) -> None:
    """Compute the carbon stock of forest inventories by species, age class and pool."""
    from gep.statements.carbon import tell_stocks
    from gep.tasks.carbon import find_stocks

    found = find_stocks(inventories)
    tell_statement([one.as_dict() for one in found], tell_stocks(found, get_language()), format, report)


@carbon.command("change")
@click.argument("inventories", nargs=-1, required=True, type=FILE)
@click.option("--from", "opening", type=int, required=True, help="Year of the first inventory.")
@click.option("--to", "closing", type=int, required=True, help="Year of the second inventory.")
@paper_option
@format_option
def change(inventories: tuple[Path, ...], opening: int, closing: int, format: str, report: Path | None) -> None:
    """Compute the yearly change between two inventories, with the change of the area beside it."""
    from gep.statements.carbon import tell_difference
    from gep.tasks.carbon import find_difference

    found = find_difference(inventories, opening, closing)
    tell_statement(found.as_dict(), tell_difference(found, get_language()), format, report)


@carbon.command("flow")
@click.argument("flows", type=FILE)
@paper_option
@format_option
def flow(flows: Path, format: str, report: Path | None) -> None:
    """Compute the change of a year by gains and losses."""
    from gep.statements.carbon import tell_flows
    from gep.tasks.carbon import find_flows

    found = find_flows(flows)
    tell_statement([one.as_dict() for one in found], tell_flows(found, get_language()), format, report)


@carbon.command("project")
@click.argument("document", type=FILE)
@paper_option
@format_option
def project(document: Path, format: str, report: Path | None) -> None:
    """Compute a project's credits from baseline, leakage and buffer as it declares them."""
    from gep.statements.carbon import tell_project
    from gep.tasks.carbon import find_project

    found = find_project(document)
    tell_statement(found.as_dict(), tell_project(found, get_language()), format, report)


@carbon.command("register")
@click.argument("document", type=FILE)
@click.argument("kind", type=click.Choice(["sold", "pledged", "compensated"]))
@click.option("--tonnes", required=True, help="Serial numbers of tonnes of CO2, such as 1-740.")
@click.option("--from", "starts", type=click.DateTime(formats=["%Y-%m-%d"]), required=True, help="First day it holds.")
@click.option("--party", required=True, help="Buyer, lender or who compensates.")
@click.option("--document", "paper", required=True, help="Contract, certificate or notice.")
@click.option("--note", default="", help="Remark.")
@store_option
@format_option
def register(
    document: Path, kind: str, tonnes: str, starts: datetime, party: str, paper: str, note: str, store: str, format: str
) -> None:
    """Enter tonnes of a project in the register, with their vintage; no tonne twice."""
    from gep.messages.texts import say_in
    from gep.tasks.carbon import register_credits

    begin_storing()
    found, entry = register_credits(Path(store), document, kind, tonnes, starts.date(), party, paper, note)
    lines = [f"{say_in(entry.subject.name, get_language())}: {say_in(entry.told, get_language())}"]
    plain = {**found.as_dict(), "entry": entry.number, "tonnes": [entry.subject.first_tonne, entry.subject.last_tonne]}
    print_found(plain, lines, format)
