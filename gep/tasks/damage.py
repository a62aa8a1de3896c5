"""`gep damage`: interim loss by equivalency, virtual treatment cost, and settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.assets.equivalency import Equivalency, read_equivalency
from gep.assets.settlement import Settlement, read_settlement
from gep.assets.treatment import Treated, read_treated
from gep.worked.written import Reader

if TYPE_CHECKING:
    from pathlib import Path


def find_equivalency(document: Path) -> Equivalency:
    """Return how much has to be restored for an interim loss.

    Raises
    ------
    Problems : what is wrong in the document
    """
    return read_equivalency(document)


def find_treatment(table: Path) -> list[Treated]:
    """Return the virtual treatment cost of every pollutant of a table.

    Raises
    ------
    Problems : what is wrong in the table
    """
    return read_treated(table, Reader())


def find_settlement(document: Path) -> Settlement:
    """Return what a case comes to, and what each party pays.

    Raises
    ------
    Problems : what is wrong in the document
    """
    return read_settlement(document)
