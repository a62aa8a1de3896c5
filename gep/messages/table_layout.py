"""Lays out tables that fit a terminal: in columns where there is room, else a row as a block of lines, a column each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import lay_out_table, measure_width, pad, print_plain_cell, wrap_text
from gep.messages.texts import translate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def fit_table(columns: Sequence[str], rows: Sequence[Sequence[object]], room: int, lang: str = "en") -> Iterator[str]:
    """Yield the lines of a table: in columns if none is wider than the room, else each row as a block with empty cells left out.

    Parameters
    ----------
    room : columns of the terminal
    lang : `zh` or `en`, for "- 1 of 12" above a block
    """
    lines = list(lay_out_table(columns, rows))
    if max(map(measure_width, lines)) <= room:
        yield from lines
        return
    names = max(map(measure_width, columns))
    room = max(room, names + 12)
    for number, row in enumerate(rows, 1):
        yield translate(lang, "- {number} of {count:,}", number=number, count=len(rows))
        texts = [print_plain_cell(cell) for cell in row]
        for line in lay_out_block(columns, texts, "  "):
            yield from _cut(line, room, " " * (names + 4))


def lay_out_block(columns: Sequence[str], cells: Sequence[str], indent: str = "") -> Iterator[str]:
    """Yield a row as lines, each column's name before its cell; empty cells are left out."""
    names = max(map(measure_width, columns))
    for name, cell in zip(columns, cells, strict=True):
        if cell:
            yield from wrap_text(cell, f"{indent}{pad(name, names)}  ", f"{indent}{' ' * names}  ")


def _cut(line: str, room: int, indent: str) -> Iterator[str]:
    """Yield a line in pieces that fit; a hash or a list without spaces has no place of its own to break at."""
    begun, width = 0, 0
    before, first = "", measure_width(indent)
    for at, letter in enumerate(line):
        wide = measure_width(letter)
        if width + wide > room and (not before or width > first):
            yield before + line[begun:at]
            begun, before, width = at, indent, first
        width += wide
    yield before + line[begun:]
