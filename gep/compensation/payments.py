# ruff: noqa: S608 - the queries are put together from our own words only
"""Payments made on postings: recorded once, and still counted when a correction takes the place of the posting they were made on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from gep.files.no_source import names_no_source
from gep.files.written_days import find_today, read_day
from gep.files.written_names import check_name, clean_text, fold_name
from gep.files.written_numbers import narrow_digits
from gep.messages.problems import Problem, refuse
from gep.messages.texts import say
from gep.store.settled import SETTLED
from gep.units.money import FEN_PER_YUAN, format_yuan, read_amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from fractions import Fraction

    import duckdb

    from gep.store.rows import Connection


@dataclass(frozen=True)
class Payment:
    """A payment that may be recorded: on which posting, when, how much in fen, by which voucher of the treasury."""

    posting_voucher: str
    paid_on: date
    fen: int
    voucher: str
    note: str

    def write(self) -> dict[str, str]:
        """Return it as a row of text, as `check_payments` takes it."""
        amount = f"{self.fen // 100}.{self.fen % 100:02d}"
        return {
            "posting_voucher": self.posting_voucher,
            "paid_on": self.paid_on.isoformat(),
            "amount": amount,
            "voucher": self.voucher,
            "note": self.note,
        }


def check_payments(connection: Connection, rows: Iterable[Mapping[str, str]], shown: str, first: int = 2) -> list[Payment]:
    """Return the payments that a table states, none of them recorded yet.

    Parameters
    ----------
    rows  : posting_voucher, amount (decimal yuan), paid_on (YYYY-MM-DD), voucher and note of each payment, as text; `line` where
            it is not the next one
    shown : the table's name in messages
    first : line of the first row

    Raises
    ------
    Problems : every row that is not valid: a posting that does not stand or would be paid more than it is, a voucher that is
               lacking, has paid before or looks like one that has, a day to come
    """
    found_open = connection.execute(
        f"WITH RECURSIVE {SETTLED} SELECT voucher, CASE WHEN posting_kind = 'deduction' THEN 0 ELSE amount_fen - coalesce(fen, 0) - coalesce(held_fen, 0) END, year "
        "FROM transfer_standing LEFT JOIN paid USING (posting) LEFT JOIN held USING (posting)"
    ).fetchall()
    left = {str(voucher): fen for voucher, fen, _ in found_open}
    years = {str(voucher): int(year) for voucher, _, year in found_open}
    before = {
        fold_name(str(voucher)): (str(posting), day, int(fen), str(voucher))
        for voucher, posting, day, fen in connection.execute(
            "SELECT d.voucher, p.voucher, d.paid_on, d.amount_fen FROM transfer_paid d JOIN transfer_posting p USING (posting)"
        ).fetchall()
    }
    problems: list[Problem] = []
    found: list[Payment] = []
    today = find_today()
    for at, row in enumerate(rows, start=first):
        line = int(row.get("line") or at)
        posting, voucher = narrow_digits(clean_text(row.get("posting_voucher") or "")), clean_text(row.get("voucher") or "")
        wrong = _check_voucher(posting, row.get("voucher") or "", before, shown, line)
        twice = bool(wrong) and fold_name(voucher) in before
        fen, day = _read_fen(row.get("amount") or "", wrong, shown, line), _read_day(row.get("paid_on") or "", wrong, shown, line)
        if day is not None and day > today:
            told = say("{voucher} is paid on {day}, which has not come yet", voucher=posting, day=day)
            wrong.append(Problem(shown, line, told, "the day on which the treasury paid"))
        if day is not None and day.year < years.get(posting, day.year) - 1:
            told = say(
                "{voucher} of {year} is paid on {day}, long before its year", voucher=posting, year=years[posting], day=day
            )
            wrong.append(Problem(shown, line, told, say("a day from {year} on", year=years[posting] - 1)))
        if posting not in left:
            told = say("there is no standing posting {voucher!r}", voucher=posting)
            wrong.append(Problem(shown, line, told, "a voucher of gep query transfers-open"))
        elif fen is not None and (fen.denominator != 1 or fen <= 0 or (fen > left[posting] and not twice)):
            told = say("{voucher} is paid {amount} yuan", voucher=posting, amount=row.get("amount") or "")
            open_ = say("whole fen, at most the {amount} still open", amount=format_yuan(int(left[posting])))
            wrong.append(Problem(shown, line, told, open_))
        problems += wrong
        if not wrong and fen is not None and day is not None:
            found.append(Payment(posting, day, int(fen), voucher, clean_text(row.get("note") or "")))
            left[posting] -= int(fen)
            before[fold_name(voucher)] = (posting, day, int(fen), voucher)
    refuse(problems)
    return found


def record_paid(connection: duckdb.DuckDBPyConnection, payments: Iterable[Payment]) -> int:
    """Record payments that were checked, in the transaction of the connection, and return how many."""
    rows = list(payments)
    table = pa.table(
        {
            "turn": pa.array(range(len(rows)), pa.int64()),
            "of": pa.array([one.posting_voucher for one in rows], pa.string()),
            "paid_on": pa.array([one.paid_on for one in rows], pa.date32()),
            "fen": pa.array([one.fen for one in rows], pa.int64()),
            "treasury": pa.array([one.voucher for one in rows], pa.string()),
            "note": pa.array([one.note for one in rows], pa.string()),
        }
    )
    connection.register("incoming", table)
    connection.execute(
        "INSERT INTO transfer_paid SELECT posting, i.paid_on, i.fen, i.treasury, i.note "
        "FROM incoming i JOIN transfer_standing s ON s.voucher = i.of ORDER BY i.turn"
    )
    connection.unregister("incoming")
    return len(rows)


def _read_fen(written: str, wrong: list[Problem], shown: str, line: int) -> Fraction | None:
    try:
        return read_amount(clean_text(written)) * FEN_PER_YUAN
    except ValueError as error:
        wrong.append(Problem(shown, line, error.args[0], "amount as decimal yuan, paid_on as YYYY-MM-DD"))
    return None


def _read_day(written: str, wrong: list[Problem], shown: str, line: int) -> date | None:
    day = read_day(clean_text(written))
    if day is None:
        wrong.append(
            Problem(shown, line, say("{text!r} is not a day", text=written), "amount as decimal yuan, paid_on as YYYY-MM-DD")
        )
    return day


def _check_voucher(
    posting: str, written: str, before: Mapping[str, tuple[str, date, int, str]], shown: str, line: int
) -> list[Problem]:
    """Return what is wrong with the treasury's voucher of a payment: none, or one that paid before, this table included."""
    if names_no_source(clean_text(written)):
        return [
            Problem(
                shown,
                line,
                say("the payment on {posting} has no voucher", posting=posting),
                "the number of the treasury's voucher in the column voucher",
            )
        ]
    unseen = [
        Problem(shown, line, one.found, one.expected, one.hint) for one in check_name(shown, say("the voucher"), written.strip())
    ]
    if unseen or fold_name(written) not in before:
        return unseen
    other, day, fen, voucher = before[fold_name(written)]
    return [
        Problem(
            shown,
            line,
            say(
                "the voucher {voucher} has paid before: {amount} yuan on {day} for {posting}",
                voucher=voucher,
                amount=format_yuan(fen),
                day=day,
                posting=other,
            ),
            "a voucher that pays once",
        )
    ]
