"""Prints answers to questions on 80 columns: what all rows share once, then a table, or a block a row where that is too wide."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gep.compensation.stored_words import name_columns, say_cell
from gep.messages.layout import WIDTH, measure_width, pad, wrap_text
from gep.messages.table_layout import lay_out_block
from gep.messages.texts import translate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def print_answer(columns: Sequence[str], rows: Sequence[Sequence[Any]], lang: str) -> Iterator[str]:
    """Yield the rows of an answer with money in yuan and two decimals; columns that say the same in every row stand above.

    Parameters
    ----------
    columns : their names, as in the query
    rows    : one value a column
    lang    : zh or en
    """
    if not rows:
        yield translate(lang, "nothing that fits is booked")
        return
    cells = [[_shown(say_cell(column, cell, lang)) for column, cell in zip(columns, row, strict=True)] for row in rows]
    columns = name_columns(columns, lang)
    same = [at for at in range(len(columns)) if len(rows) > 1 and len({row[at] for row in cells}) == 1]
    shared = ("；" if lang == "zh" else "; ").join(f"{columns[at]} {cells[0][at]}" for at in same if cells[0][at])
    if shared:
        yield from wrap_text(shared, "", "  ")
        yield ""
    left = [at for at in range(len(columns)) if at not in same]
    numbers = {at for at in left if all(isinstance(row[at], Decimal | int | None) for row in rows)}
    widths = {at: max(measure_width(columns[at]), *(measure_width(row[at]) for row in cells)) for at in left}
    if sum(widths.values()) + 2 * (len(left) - 1) <= WIDTH:
        for row in ([list(columns)] if left else []) + cells:
            yield "  ".join(pad(row[at], widths[at], right=at in numbers) for at in left).rstrip()
    else:
        for row in cells:
            yield from lay_out_block([columns[at] for at in left], [row[at] for at in left])
            yield ""
    yield translate(lang, "1 row") if len(rows) == 1 else translate(lang, "{count:,} rows", count=len(rows))


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    return str(cell)
