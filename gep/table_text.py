"""Tables that fit a terminal: in columns where there is room, else a row as a block of lines, a column each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.text import pad, table_lines, width, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def fitted_lines(columns: Sequence[str], rows: Sequence[Sequence[object]], room: int) -> Iterator[str]:
    """Yield a table in columns if no line is wider than `room`; else each row as a block, empty cells left out."""
    lines = list(table_lines(columns, rows))
    if max(map(width, lines)) <= room:
        yield from lines
        return
    names = max(map(width, columns))
    for number, row in enumerate(rows, 1):
        yield f"- {number} of {len(rows):,}"
        for name, cell in zip(columns, row, strict=True):
            if cell is not None and cell != "":
                text = f"{cell:,.6g}" if isinstance(cell, float) else str(cell)
                yield from wrapped(text, f"  {pad(name, names)}  ", " " * (names + 4))
