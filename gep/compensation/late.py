"""Interest on what is paid late: by the day, on what was open on it, at the rate that the scheme states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.units.money import round_to_unit_fen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from fractions import Fraction


@dataclass(frozen=True)
class Late:
    """A posting that is or was paid late: what is open of it in fen, for how many days, and the interest in fen up to a day."""

    voucher: str
    payer: str
    payee: str
    due_on: date
    open_fen: int
    days: int
    rate: Fraction
    interest_fen: int


def compute_interest(
    amount: int, due: date, payments: Iterable[tuple[date, int]], rate: Fraction, day: date
) -> tuple[int, int, int]:
    """Return what is open of an amount on a day, how many days late it is or was, and the interest; money in fen.

    Every day after the due day on whose morning something is open bears interest on it; the day of payment bears it too.

    Parameters
    ----------
    amount   : in fen
    payments : day and fen of each
    rate     : of interest a day
    day      : up to which interest is computed

    Returns
    -------
    open fen, days late, interest in fen, rounded once
    """
    balance, last, days, weighed = amount, due, 0, 0
    for paid_on, fen in sorted(payments):
        if paid_on > day:
            break
        if paid_on > last and balance > 0:
            weighed += balance * (paid_on - last).days
            days += (paid_on - last).days
            last = paid_on
        balance -= fen
    if balance > 0 and day > last:
        weighed += balance * (day - last).days
        days += (day - last).days
    return balance, days, round_to_unit_fen(weighed * rate / 100)
