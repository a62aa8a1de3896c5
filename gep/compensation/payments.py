# ruff: noqa: S608 - the queries are put together from our own words only
"""Payments made on postings: recorded once, and still counted when a correction takes the place of the posting they were made on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from gep.files.written_names import clean_text
from gep.messages.problems import Problem, refuse
from gep.messages.texts import say
from gep.store.opening import open_to_write
from gep.store.settled import SETTLED
from gep.units.money import format_yuan, parse_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb


def record_paid(path: Path, rows: Iterable[dict[str, str]], shown: str) -> int:
    """Record payments on postings, and return how many; refuse a posting that does not stand or is paid more than it is.

    Parameters
    ----------
    path  : file of the store
    rows  : posting_voucher, amount (decimal yuan) and paid_on (YYYY-MM-DD) of each payment, as text
    shown : the table's name in messages

    Raises
    ------
    Problems : every row that is not valid
    """
    problems: list[Problem] = []
    count = 0
    with open_to_write(path) as connection:
        for line, row in enumerate(rows, start=2):
            wrong = _check_voucher(connection, row, shown, line)
            if wrong is not None:
                problems.append(wrong)
                continue
            found = connection.execute(
                f"WITH {SETTLED} SELECT amount_fen - coalesce(fen, 0) FROM transfer_standing LEFT JOIN paid USING (posting) WHERE voucher = ?",
                [row["posting_voucher"]],
            ).fetchall()
            try:
                fen = parse_decimal(row["amount"]) * 100
                day = date.fromisoformat(row["paid_on"])
            except ValueError as error:
                problems.append(Problem(shown, line, str(error), "amount as decimal yuan, paid_on as YYYY-MM-DD"))
                continue
            if day > datetime.now(UTC).astimezone().date():
                problems.append(
                    Problem(
                        shown,
                        line,
                        say("{voucher} is paid on {day}, which has not come yet", voucher=row["posting_voucher"], day=day),
                        "the day on which the treasury paid",
                    )
                )
            elif not found:
                problems.append(
                    Problem(
                        shown,
                        line,
                        say("there is no standing posting {voucher!r}", voucher=row["posting_voucher"]),
                        "a voucher of gep query transfers-open",
                    )
                )
            elif fen.denominator != 1 or not 0 < fen <= found[0][0]:
                problems.append(
                    Problem(
                        shown,
                        line,
                        say("{voucher} is paid {amount} yuan", voucher=row["posting_voucher"], amount=row["amount"]),
                        say("whole fen, at most the {amount} still open", amount=format_yuan(int(found[0][0]))),
                    )
                )
            else:
                connection.execute(
                    "INSERT INTO transfer_paid SELECT posting, ?, ?, ?, ? FROM transfer_standing WHERE voucher = ?",
                    [
                        day,
                        int(fen),
                        clean_text(row.get("voucher") or ""),
                        clean_text(row.get("note") or ""),
                        row["posting_voucher"],
                    ],
                )
                count += 1
        refuse(problems)
    return count


def _check_voucher(connection: duckdb.DuckDBPyConnection, row: dict[str, str], shown: str, line: int) -> Problem | None:
    """Return what is wrong with the treasury's voucher of a payment: none, or one that paid before, this table included."""
    voucher = (row.get("voucher") or "").strip()
    if not voucher:
        return Problem(
            shown,
            line,
            say("the payment on {posting} has no voucher", posting=row["posting_voucher"]),
            "the number of the treasury's voucher in the column voucher",
        )
    before = connection.execute(
        "SELECT p.voucher, d.paid_on, d.amount_fen FROM transfer_paid d JOIN transfer_posting p USING (posting) WHERE trim(d.voucher) = ?",
        [voucher],
    ).fetchall()
    if not before:
        return None
    posting, day, fen = before[0]
    return Problem(
        shown,
        line,
        say(
            "the voucher {voucher} has paid before: {amount} yuan on {day} for {posting}",
            voucher=voucher,
            amount=format_yuan(int(fen)),
            day=day,
            posting=posting,
        ),
        "a voucher that pays once",
    )
