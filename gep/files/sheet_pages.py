"""How sheets of a workbook look on paper: A4, as wide as one page, heads on every page, rows as high as their words.

Programs do not agree on who makes a row as high as its words; where nobody does they lie one over the other. So heights are written.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gep.messages.layout import measure_width

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

A4 = 9
UPRIGHT, LYING = 95, 150
"""Characters across a page of A4 in the size of the sheets; what is wider is made smaller by the printer."""
NARROWEST = 8.0
"""Characters of a column at least; columns of words that give way keep twice as many."""
LINE, HIGHEST = 15.0, 405.0
"""Points of a line; what a row can be high."""
SPARE = 2.0
"""Characters beside the words of a cell: its sides, and an indent."""


def set_page(sheet: Any, last_row: int, last_column: int, *, lying: bool, heads: int = 0) -> None:
    """Set A4, what is printed, as wide as one page and as high as it needs, the number of the page below.

    Parameters
    ----------
    last_row, last_column : of what is printed, from 0
    lying : whether the page lies
    heads : how many rows from the first are repeated on every page
    """
    sheet.set_paper(A4)
    if lying:
        sheet.set_landscape()
    sheet.print_area(0, 0, max(last_row, 0), max(last_column, 0))
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")
    if heads:
        sheet.repeat_rows(0, heads - 1)


def fit_widths(asked: Sequence[float], words: Collection[int]) -> list[float]:
    """Return the widths of columns, those of words so much narrower that the table fits a page that lies.

    Parameters
    ----------
    asked : characters that each column would like to have
    words : columns whose texts may be broken into lines
    """
    widths, over = list(asked), sum(asked) - LYING
    broad = [at for at in words if asked[at] > NARROWEST * 2]
    if over > 0 and broad:
        part = min(over / sum(asked[at] - NARROWEST * 2 for at in broad), 1.0)
        for at in broad:
            widths[at] -= part * (asked[at] - NARROWEST * 2)
    return widths


def set_height(sheet: Any, row: int, cells: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as its words need.

    Parameters
    ----------
    cells : each text that may be broken, and how many characters its column is wide
    """
    lines = max((count_lines(text, width) for text, width in cells), default=1)
    if lines > 1:
        sheet.set_row(row, min(LINE * lines, HIGHEST))


def count_lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of so many characters; lines broken between words hold a tenth less."""
    room = max(width - SPARE, 1)
    wide = [measure_width(line) for line in text.split("\n")]
    return sum(1 if one <= room else math.ceil(one * 1.1 / room) for one in wide)
