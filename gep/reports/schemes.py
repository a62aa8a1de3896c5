"""Tables of what a county pays and receives under compensation schemes: the postings that stand, in exact yuan and fen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compensation.stored_words import say_reason
from gep.messages.tables import NUMBER, SUM, Cell, Column, Row, Table

if TYPE_CHECKING:
    from gep.reports.words import Words
    from gep.store.transfers import Posting

FEN = 100


def make_scheme_tables(postings: list[Posting], county: str, words: Words) -> tuple[Table, ...]:
    """Return a table a scheme: its postings, what the county receives and pays in all, and the balance; in yuan.

    Parameters
    ----------
    county : six-digit code
    """
    runs: dict[tuple[str, int], list[Posting]] = {}
    for row in postings:
        runs.setdefault((row.scheme, row.transfer_run), []).append(row)
    return tuple(_table(rows, at, county, words) for at, rows in enumerate(runs.values(), 1))


def _table(rows: list[Posting], at: int, county: str, words: Words) -> Table:
    received = sum(row.amount_fen for row in rows if row.payee == county)
    paid = sum(row.amount_fen for row in rows if row.payer == county)
    shown = [
        Row(
            (
                row.voucher,
                row.payer_name or row.payer,
                row.payee_name or row.payee,
                row.amount_fen / FEN,
                say_reason(row.reason, words.lang) or row.operation,
                row.clause,
                f"{row.due_on:%Y-%m-%d}",
            )
        )
        for row in rows
    ]
    for key, fen in (("t_received", received), ("t_paid", paid), ("t_balance", received - paid)):
        cells: tuple[Cell, ...] = (words[key], "", "", fen / FEN, "", "", "")
        shown.append(Row(cells, SUM))
    columns = (
        Column("voucher", words["t_voucher"]),
        Column("payer", words["t_payer"]),
        Column("payee", words["t_payee"]),
        Column("amount", words["t_amount"], NUMBER, words["t_yuan"], 2),
        Column("operation", words["t_operation"]),
        Column("clause", words["clause"]),
        Column("due", words["t_due"]),
    )
    first = rows[0]
    note = words.say(
        "t_note",
        scheme=first.scheme,
        version=first.scheme_version,
        run=first.transfer_run,
        at=f"{first.made_at:%Y-%m-%d %H:%M}",
        sha256=first.scheme_sha256,
    )
    return Table(f"scheme_{at}", f"T{at}", words.wide(first.title_zh), columns, tuple(shown), note, small=True)
