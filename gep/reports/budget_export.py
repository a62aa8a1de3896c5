"""Writes vouchers for a system of the budget as CSV or Excel, and checks what was written against the store."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gep.compensation.budget_export import list_export_rows, read_written, write_csv
from gep.files.writing import write_file
from gep.messages.problems import refuse_one
from gep.messages.texts import mark_word, say
from gep.units.money import FEN_PER_YUAN, format_yuan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.compensation.budget_subjects import SubjectTable
    from gep.store.transfers import Side


def write_budget_export(
    sides: Sequence[Side], columns: Sequence[tuple[str, str]], subjects: SubjectTable, target: Path
) -> tuple[int, int]:
    """Write one row a voucher that the treasury pays, read the file again, and return how many rows and their sum in fen.

    Raises
    ------
    Problems : nothing to pay, another ending than .csv and .xlsx, a target that cannot be written, or a file whose sum is not that of
               the store
    """
    rows, total = list_export_rows(sides, columns, subjects)
    if not rows:
        refuse_one("--export", say("nothing that fits is booked"), "vouchers that the treasury pays")
    if target.suffix.lower() == ".csv":
        write_file(target, write_csv(columns, rows), "budget export")
    elif target.suffix.lower() == ".xlsx":
        from gep.reports.forms.transfer_workbook import write_export

        cells = [[Decimal(cell) / FEN_PER_YUAN if isinstance(cell, int) else cell for cell in row] for row in rows]
        write_export([head for head, _ in columns], cells, [("凭证合计", Decimal(total) / FEN_PER_YUAN)], target)
    else:
        shown = target.suffix or mark_word("a file without ending")
        refuse_one(str(target), say("exports are not written as {shown}", shown=shown), ".csv or .xlsx")
    count, written = read_written(target, columns)
    if (count, written) != (len(rows), total):
        found = say("the file holds {count} vouchers, {amount} yuan", count=count, amount=format_yuan(written))
        refuse_one(str(target), found, say("{count} vouchers, {amount} yuan", count=len(rows), amount=format_yuan(total)))
    return count, total
