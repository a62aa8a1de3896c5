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
    room = max(room, names + 12)
    for number, row in enumerate(rows, 1):
        yield f"- {number} of {len(rows):,}"
        for name, cell in zip(columns, row, strict=True):
            if cell is not None and cell != "":
                text = f"{cell:,.6g}" if isinstance(cell, float) else str(cell)
                for line in wrapped(text, f"  {pad(name, names)}  ", " " * (names + 4)):
                    yield from _cut(line, room, " " * (names + 4))


def _cut(line: str, room: int, indent: str) -> Iterator[str]:
    """Yield a line in pieces that fit; a hash or a list without spaces has no place of its own to break at."""
    while width(line) > room:
        at = next(at for at in range(len(line), len(indent), -1) if width(line[:at]) <= room)
        yield line[:at]
        line = indent + line[at:]
    yield line
