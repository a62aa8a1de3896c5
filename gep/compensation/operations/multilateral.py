"""Amounts of several parties that sum to zero, settled through a clearing party."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.messages.texts import say
from gep.units.allocation import allocate
from gep.units.money import format_exact

if TYPE_CHECKING:
    from gep.compensation.ledger import Ledger
    from gep.compensation.scheme import Clear


def clear(one: Clear, path: tuple[str, ...], ledger: Ledger) -> None:
    """Settle amounts: who is below zero pays, who is above receives, both sides the same to the fen.

    Parameters
    ----------
    path : where the operation stands in the document

    Raises
    ------
    Problems : amounts that do not sum to zero exactly
    """
    amounts = ledger.by_member(*path, "amount") or {}
    rest = sum(amounts.values(), Fraction(0))
    by_rounding = abs(rest) * 100 <= len(amounts) * ledger.unit
    if rest and by_rounding and one.residual:
        amounts[one.residual] = amounts.get(one.residual, Fraction(0)) - rest
        ledger.step(one, "rounding", one.residual, "residual of rounding", -rest, "元")
    elif rest:
        raise ledger.refused(
            (*path, "amount"),
            say("the amounts of {name} in {year} sum to {rest} yuan", name=one.name, year=ledger.year, rest=format_exact(rest)),
            "exactly 0",
            "if only roundings miss it, residual: PARTY says whose amount takes them up" if by_rounding else "",
        )
    total = ledger.rounded(sum((amount for amount in amounts.values() if amount > 0), Fraction(0)))
    if total == 0:
        return
    paying = {member: -amount for member, amount in amounts.items() if amount < 0}
    taking = {member: amount for member, amount in amounts.items() if amount > 0}
    payers, takers = (allocate(total, side, unit=ledger.unit, ties=ledger.ties, codes=ledger.codes) for side in (paying, taking))
    for member, fen in payers.amounts.items():
        ledger.step(one, "amount", member, "pays", Fraction(fen, 100), "元", format_exact(amounts[member]))
        if member != one.through:  # what the clearing party takes up itself moves nowhere
            ledger.move(one, "payment", member, one.through, fen, payers.raw[member])
    for member, fen in takers.amounts.items():
        ledger.step(one, "amount", member, "receives", Fraction(fen, 100), "元", format_exact(amounts[member]))
        if member != one.through:
            ledger.move(one, "payment", one.through, member, fen, takers.raw[member])
