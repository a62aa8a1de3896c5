"""The price index of years after the shipped one, entered once for all counties; a run takes it where a county gives none of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.inputs.workbook.layout import find_index_end
from gep.office.drafts import Cell, read_draft
from gep.variables.base import price_index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.office.database import Office
    from gep.standards.model import Standard

INDEX = "cpi"
"""The shipped index that `price_index` goes on."""
EVERYWHERE = "CN"
"""What stands in place of a county."""


@dataclass(frozen=True)
class IndexYears:
    """What was entered: cell by year, and the first year that lacks one."""

    cells: dict[int, Cell]
    next: int


def read_index_years(office: Office) -> IndexYears:
    """Return what was entered of the years after the shipped index."""
    cells = {int(cell.member): cell for cell in read_draft(office, EVERYWHERE, 0).values() if cell.value}
    year = find_index_end(INDEX) + 1
    while year in cells:
        year += 1
    return IndexYears(dict(sorted(cells.items())), year)


def add_index(office: Office, year: int, cells: Iterable[Cell], standard: Standard) -> list[Cell]:
    """Return the cells of a draft, with the index of the years up to its own that it lacks and that was entered for all.

    Parameters
    ----------
    year     : of the account
    standard : that the account is computed by; one of quantities or of another index than was entered takes none of them
    """
    cells = list(cells)
    if standard.physical or standard.price_index != INDEX:
        return cells
    if any(one.variable == price_index.id and one.value.strip() for one in cells):
        return cells
    return [*cells, *(cell for of, cell in read_index_years(office).cells.items() if of <= year)]
