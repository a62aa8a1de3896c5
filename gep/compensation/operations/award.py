"""Deductions from what members were given, sent exactly to where the scheme says: a fund of this year or the next, or others."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.ledger import convert_to_raw_fen
from gep.compensation.step_notes import make_code
from gep.messages.texts import say
from gep.units.allocation import allocate
from gep.units.money import format_exact, format_yuan, parse_decimal

if TYPE_CHECKING:
    from gep.compensation.ledger import Ledger
    from gep.compensation.scheme import Deduct


def deduct(one: Deduct, path: tuple[str, ...], ledger: Ledger) -> None:
    """Take a rate or an amount from what members received; never more than is left of it; the taker gets exactly that.

    A member whose rate, amount or cap a skipped input leaves open has nothing taken from it, and that is written down.

    Parameters
    ----------
    path : where the operation stands in the document

    Raises
    ------
    Problems : a rate outside 0 and 1
    """
    when = ledger.by_member(*path, "when")
    rates, amounts, caps = (ledger.by_member(*path, field) for field in ("rate", "amount", "cap"))
    received, taken = ledger.received(one.taken_from), ledger.deducted(one.taken_from)
    targets = list(one.to) if isinstance(one.to, dict) else []
    for member in sorted(when if when is not None else ledger.places.codes):
        if when is not None and not when.get(member):
            continue
        given, exact_given = received.get(member, (0, Fraction(0)))
        if any(found is not None and member not in found for found in (rates, amounts, caps)):
            ledger.step(one, "deduction", member, "deduction", 0, "元", make_code("skipped"))
            continue
        if rates is not None:
            rate = rates[member]
            if not 0 <= rate <= 1:
                raise ledger.refused(
                    (*path, "rate"),
                    say(
                        "the rate of {name} for {member} in {year} is {rate}",
                        name=one.name,
                        member=member,
                        year=ledger.year,
                        rate=format_exact(rate),
                    ),
                    "between 0 and 1",
                )
            raw, fen = exact_given * rate, ledger.rounded(Fraction(given, 100) * rate)
            note = f"{format_exact(rate)} × {format_yuan(given)}"
        else:
            due = (amounts or {})[member]
            raw, fen, note = convert_to_raw_fen(due), ledger.rounded(due), ""
        if caps is not None and fen > (limit := ledger.rounded(caps[member])):
            raw, fen, note = Fraction(limit), limit, f"{note} {make_code('capped')}".strip()
        left = given - taken.get(member, 0)
        if fen > left:
            raw, fen, note = (
                Fraction(left),
                left,
                f"{note} {make_code('at_most_left' if left < given else 'at_most_received')}".strip(),
            )
        ledger.step(one, "deduction", member, "deduction", Fraction(fen, 100), "元", f"{note} {one.clause}".strip())
        if not targets:
            ledger.move(one, "deduction", member, ledger.end(str(one.to), member), fen, raw)
            continue
        shares = {target: parse_decimal(share) for target, share in one.to.items()} if isinstance(one.to, dict) else {}
        found = allocate(fen, shares, unit=1, ties=ledger.ties, codes=ledger.codes)
        for target in targets:
            ledger.move(one, "deduction", member, target, found.amounts[target], raw * shares[target])
