"""Prints the statement of a calculation on a terminal: about, tables, sentences, formulas down to the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import get_colon, lay_out_table, measure_width, pad, put_in_brackets, wrap_text
from gep.messages.table_layout import fit_table
from gep.messages.tables import MINOR, NUMERIC, print_cell
from gep.terminal.trace import print_trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.messages.tables import Table
    from gep.statements.statement import Statement

SCREEN = 80
"""Columns up to which units stand behind the heads; in a wider table they stand below."""
ROOM = 110
"""Columns up to which a table stays one."""


def print_statement(told: Statement) -> Iterator[str]:
    """Yield the lines of a statement, in its language."""
    yield from wrap_text(told.title, "", "  ")
    colon = get_colon(told.lang)
    for name, text in told.about:
        yield from wrap_text(f"{name}{colon}{text}", "  ", "    ")
    for table in told.tables:
        yield ""
        if table.title != told.title:
            yield table.title
        yield from _print_table(table, told.lang)
        for line in table.note.splitlines():
            yield from wrap_text(line, "  ", "    ")
    if told.notes:
        yield ""
    for note in told.notes:
        yield from wrap_text(note, "", "  ")
    if told.steps:
        yield ""
        yield from print_trace(told.steps, told.lang)


def _print_table(table: Table, lang: str) -> Iterator[str]:
    """Yield a table, its numbers to the right."""
    heads = [put_in_brackets(column.title, column.unit, lang) if column.unit else column.title for column in table.columns]
    rows = [[print_cell(cell, column) for cell, column in zip(row.cells, table.columns, strict=True)] for row in table.rows]
    for row, cells in zip(table.rows, rows, strict=True):
        if row.kind == MINOR:
            cells[0] = f"  {cells[0]}"
    lines = list(lay_out_table(*_push_numbers(table, heads, rows)))
    if max(map(measure_width, lines)) > SCREEN and any(column.unit for column in table.columns):
        titles, units = [column.title for column in table.columns], [column.unit for column in table.columns]
        lines = list(lay_out_table(*_push_numbers(table, titles, [units, *rows])))
    yield from lines if max(map(measure_width, lines)) <= ROOM else fit_table(heads, rows, ROOM, lang)


def _push_numbers(table: Table, heads: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Return heads and cells with those of numbers at the right of their columns."""
    across = [[head, *(cells[at] for cells in rows)] for at, head in enumerate(heads)]
    for at, column in enumerate(table.columns):
        if column.kind in NUMERIC:
            width = max(map(measure_width, across[at]))
            across[at] = [pad(cell, width, right=True) for cell in across[at]]
    down = [list(cells) for cells in zip(*across, strict=True)]
    return down[0], down[1:]
