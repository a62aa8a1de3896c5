"""A price for a delivered quantity, or a contract total, in instalments that close."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.ledger import Future
from gep.compensation.step_notes import make_code
from gep.formula.nodes import Leaf
from gep.messages.texts import say
from gep.units.allocation import spread
from gep.units.exact import convert_to_base
from gep.units.money import format_exact, format_yuan

if TYPE_CHECKING:
    from gep.compensation.ledger import Ledger
    from gep.compensation.scheme import Contract


def pay_contract(one: Contract, path: tuple[str, ...], ledger: Ledger) -> None:
    """Pay this year's instalment; a year outside the term pays nothing and says so.

    Parameters
    ----------
    path : where the operation stands in the document

    Raises
    ------
    Problems : a quantity that is not a whole number of its unit, or a unit price below its floor
    """
    if (when := ledger.column(*path, "when")) is not None and when.scalar == 0:
        ledger.step(one, "payment", one.to, "condition not met", 0, "元")
        return
    total = _total(one, path, ledger)
    parts = spread(ledger.rounded(total), one.instalments)
    at = ledger.year - one.first_year
    ledger.step(one, "amount", one.to, "contract total", Fraction(sum(parts), 100), "元")
    ledger.future += [
        Future(one.name, one.from_, one.to, one.first_year + later, parts[later])
        for later in range(max(at + 1, 0), one.instalments)
    ]
    if not 0 <= at < one.instalments:
        ledger.step(
            one, "payment", one.to, "no instalment in this year", 0, "元", make_code("term", one.first_year, one.instalments)
        )
        return
    fen = parts[at]
    note = f"instalment {at + 1} of {one.instalments}"
    ledger.step(
        one,
        "payment",
        one.to,
        "instalment",
        Fraction(fen, 100),
        "元",
        make_code("instalment", at + 1, one.instalments, format_yuan(sum(parts[at + 1 :]))),
    )
    ledger.move(one, "instalment", one.from_, one.to, fen, Fraction(fen), reason=f"{one.title or one.name}, {note}")


def _total(one: Contract, path: tuple[str, ...], ledger: Ledger) -> Fraction:
    stated = ledger.column(*path, "total")
    if stated is not None:
        return stated.scalar
    quantity, price = ledger.column(*path, "quantity"), ledger.column(*path, "unit_price")
    if quantity is None or price is None:
        return Fraction(0)
    tree = ledger.ready.tree(*path, "quantity")
    unit = "1"
    if isinstance(tree, Leaf):
        declared = ledger.ready.scheme.inputs.get(tree.id) or ledger.ready.scheme.constants.get(tree.id)
        unit = declared.unit if declared is not None else "1"
    count = quantity.scalar / convert_to_base(unit)
    if count.denominator != 1:
        raise ledger.refused(
            (*path, "quantity"),
            say("the quantity of {name} is {count} {unit}", name=one.name, count=format_exact(count), unit=unit),
            say("a whole number of {unit}", unit=unit),
        )
    floor = ledger.column(*path, "floor_price")
    if floor is not None and price.scalar < floor.scalar:
        raise ledger.refused(
            (*path, "unit_price"),
            say("the unit price of {name} lies below its floor", name=one.name),
            "a price from the floor up",
        )
    ledger.step(one, "input", one.to, "quantity", count, unit)
    return quantity.scalar * price.scalar
