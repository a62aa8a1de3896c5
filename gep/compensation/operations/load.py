"""A bill, such as loads above the target times prices, shared among those who contributed to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compensation.operations.pool import write_steps
from gep.messages.texts import say
from gep.units.allocation import CannotAllocate, allocate

if TYPE_CHECKING:
    from gep.compensation.ledger import Ledger
    from gep.compensation.scheme import Charge


def charge(one: Charge, path: tuple[str, ...], ledger: Ledger) -> None:
    """Bill members: the whole bill is rounded once, and the shares of contribution sum to it to the fen.

    Parameters
    ----------
    path : where the operation stands in the document

    Raises
    ------
    Problems : contributions that the bill cannot be shared by

    Source: largest remainder, as in `gep.units.allocation`.
    """
    amount = ledger.column(*path, "amount")
    weights = ledger.by_member(*path, "by") or {}
    total = ledger.rounded(amount.scalar) if amount is not None else 0
    if total == 0:
        return
    try:
        found = allocate(total, weights, unit=ledger.unit, ties=ledger.ties, codes=ledger.codes)
    except CannotAllocate as error:
        raise ledger.refused(
            (*path, "by"),
            say("{name} of {year}: {error}", name=one.name, year=ledger.year, error=error.args[0]),
            "contributions that can be shared by",
        ) from None
    write_steps(one, found, weights, ledger)
    for member, fen in found.amounts.items():
        if ledger.end(one.to, member) != member:
            ledger.move(one, "charge", member, ledger.end(one.to, member), fen, found.raw[member])
