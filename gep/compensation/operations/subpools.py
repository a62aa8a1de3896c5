"""Several funds by classes of members: who is in several gets the highest only, or the sum."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.operations.pool import write_steps
from gep.compensation.scheme import FUND
from gep.compensation.step_notes import make_code
from gep.formula.exact import add_up
from gep.messages.texts import say
from gep.units.allocation import CannotAllocate, allocate

if TYPE_CHECKING:
    from gep.compensation.ledger import Ledger
    from gep.compensation.scheme import Subpools

ZERO = Fraction(0)


def share_subpools(one: Subpools, path: tuple[str, ...], ledger: Ledger) -> None:
    """Share every fund out by its own weights.

    With `overlap: highest` a member stays only in the fund where its first claim `fund * x_i / sum x` is the highest (ties: the
    fund named first), and each fund is then shared among those who stay, so that every fund is spent and nobody is paid twice.

    Parameters
    ----------
    path : where the operation stands in the document

    Raises
    ------
    Problems : a fund with money and no member to share it

    Source: largest remainder, as in `gep.units.allocation`.
    """
    weights = {name: dict(ledger.by_member(*path, "funds", name) or {}) for name in one.funds}
    claims = {name: _claims(ledger.balance.get(name, 0), of) for name, of in weights.items()}
    place = {name: at for at, name in enumerate(one.funds)}
    for member in sorted({member for of in claims.values() for member in of}):
        mine = {name: of[member] for name, of in claims.items() if member in of}
        best = max(mine, key=lambda name: (mine[name], -place[name]))
        for name, claim in mine.items():
            taken = one.overlap == "sum" or name == best
            ledger.step(
                one,
                "overlap",
                member,
                say("claim on {name}", name=name),
                claim / 100,
                "元",
                make_code("highest") if taken else make_code("higher_is", best),
            )
            if not taken:
                weights[name][member] = ZERO
    for name, of in weights.items():
        total = ledger.balance.get(name, 0)
        present = {member: weight for member, weight in of.items() if weight}
        if not present and total == 0:
            continue
        try:
            found = allocate(total, present, unit=ledger.unit, ties=ledger.ties, codes=ledger.codes)
        except CannotAllocate as error:
            raise ledger.refused(
                (*path, "funds", name),
                say("{name} of {year}, fund {fund}: {error}", name=one.name, year=ledger.year, fund=name, error=error.args[0]),
                "at least one member in every fund",
            ) from None
        write_steps(one, found, present, ledger)
        for member, fen in found.amounts.items():
            ledger.move(
                one,
                "allocation",
                FUND + name,
                member,
                fen,
                found.raw[member],
                reason=f"{ledger.ready.scheme.funds[name].title or name}",
            )


def _claims(total: int, weights: dict[str, Fraction]) -> dict[str, Fraction]:
    whole = add_up(weights.values())
    return {member: total * weight / whole for member, weight in weights.items() if weight} if whole else {}
