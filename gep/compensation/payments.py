# ruff: noqa: S608 - the queries are put together from our own words only
"""Payments made on postings: recorded once, and still counted when a correction takes the place of the posting they were made on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, refuse
from gep.messages.texts import say
from gep.store.opening import open_to_write
from gep.store.settled import SETTLED
from gep.units.money import format_yuan, parse_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


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
            if not found:
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
                    [day, int(fen), row.get("voucher") or "", row.get("note") or "", row["posting_voucher"]],
                )
                count += 1
        refuse(problems)
    return count
