"""`gep carbon`: stocks, their change, and credits of projects, each apart from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.carbon.change import Difference, Flows, make_difference, read_flows
from gep.carbon.inventory import Stock, make_stocks, read_inventory
from gep.carbon.project import Project, read_project
from gep.encumbrance.entries import CARBON, Entry, Subject
from gep.encumbrance.register import add
from gep.encumbrance.written import check_words, normalise_identity, parse_tonnes
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.paths import print_path
from gep.worked.written import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path


def find_stocks(inventories: Sequence[Path]) -> list[Stock]:
    """Return the carbon stocks of inventories by year.

    Raises
    ------
    Problems : what is wrong in a table
    """
    reader = Reader()
    strata = [one for path in inventories for one in read_inventory(path, reader)]
    reader.refuse()
    return make_stocks(strata)


def find_difference(inventories: Sequence[Path], opening: int, closing: int) -> Difference:
    """Return the change of the stock between two years of inventories.

    Raises
    ------
    Problems : what is wrong in a table, a year without an inventory, strata or pools that differ
    """
    stocks = {one.year: one for one in find_stocks(inventories)}
    where = "; ".join(map(print_path, inventories))
    for year in (opening, closing):
        if year not in stocks:
            refuse_one(
                where, say("there is no inventory of {year}", year=year), say("one of {names}", names=join_list(map(str, stocks)))
            )
    if opening >= closing:
        refuse_one(
            "YEAR", say("the opening is {one} and the closing {other}", one=opening, other=closing), say("the earlier year first")
        )
    return make_difference(stocks[opening], stocks[closing], where, Reader())


def find_flows(table: Path) -> list[Flows]:
    """Return gains and losses by year.

    Raises
    ------
    Problems : what is wrong in the table
    """
    return read_flows(table, Reader())


def find_project(document: Path) -> Project:
    """Return a project's credits.

    Raises
    ------
    Problems : what is wrong in the document
    """
    return read_project(document)


def register_credits(
    store: Path, document: Path, kind: str, tonnes: str, starts: date, party: str, paper: str, note: str = ""
) -> tuple[Project, Entry]:
    """Enter tonnes of a project in the register; its whole tonnes are what was issued, and none is entered twice.

    Parameters
    ----------
    store    : file of the store
    document : the project, YAML
    kind     : sold, pledged or compensated
    tonnes   : serial numbers, such as 1-700
    party, paper : to whom, by which contract

    Raises
    ------
    Problems : what is wrong in the document, tonnes beyond those issued, or held already
    """
    check_words(party, paper)
    project = read_project(document)
    first, last = parse_tonnes(tonnes)
    subject = Subject(
        CARBON,
        project=normalise_identity(project.name),
        vintage=project.vintage,
        first_tonne=first,
        last_tonne=last,
        issued_tonnes=project.issued,
    )
    return project, add(store, Entry(0, kind, subject, starts, None, party.strip(), paper.strip(), note))
