"""Who pays whom by the first case that holds, for every party, section and period."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.ledger import convert_to_raw_fen
from gep.compensation.scheme import FUND
from gep.compensation.step_notes import make_code
from gep.compensation.steps import Step
from gep.formula.exact import Column, join_axes, list_keys, make_reader, map_alike
from gep.formula.nodes import PARTY, SECTION, TIMES
from gep.messages.texts import say
from gep.units.allocation import allocate
from gep.units.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.compensation.ledger import Ledger
    from gep.compensation.scheme import Pay

ZERO = Fraction(0)
Due = tuple[str, str, Fraction, str, str, str, str]
"""Who pays whom, exact yuan, period, reason, part of the year, and the place of its step."""
ALWAYS = Column((), {(): Fraction(1)})


def pay(one: Pay, path: tuple[str, ...], ledger: Ledger) -> None:
    """Pay by the first case that holds; a cell that a skipped input leaves open pays nothing and is written down.

    Parameters
    ----------
    path : where the operation stands in the document

    Raises
    ------
    Problems : a negative amount
    """
    outer = ledger.column(*path, "when") or ALWAYS
    conditions = [ledger.column(*path, "cases", str(at), "when") or ALWAYS for at in range(len(one.cases))]
    cases = list(zip(conditions, _read_amounts(one, path, ledger, (outer, *conditions)), strict=True))
    columns = [outer, *(column for case in cases for column in case)]
    axes = join_axes(columns)
    whole = sorted(list_keys(axes, columns))
    time = next((axis for axis in TIMES if axis in axes), "")
    keys = {key[axes.index(time)] for key in whole} if time else set()
    shares = {key: ledger.find_share(key, path) for key in sorted(keys)}
    names = {key: ledger.values.span.name_part(key) for key in keys}
    pending: list[Due] = []
    counts, ways = (
        make_reader(outer, axes),
        [(make_reader(condition, axes), make_reader(amount, axes)) for condition, amount in cases],
    )
    at = {axis: axes.index(axis) for axis in axes}
    others = [axis for axis in axes if axis != PARTY]
    for key in whole:
        if not counts(key):
            continue
        for case, (holds, amount_of) in zip(one.cases, ways, strict=True):
            held = holds(key)
            if held == 0:
                continue
            yuan_due = amount_of(key)
            if held is None or yuan_due is None:
                break
            member = key[at[PARTY]] if PARTY in at else ""
            part_of_year = key[at[time]] if time else ""
            if part_of_year and (share := shares[part_of_year]) != 1:
                yuan_due *= share
            period = " ".join(names[key[at[axis]]] if axis == time else key[at[axis]] for axis in others)
            section = key[at[SECTION]] if SECTION in at else ""
            source, target = ledger.end(case.from_, member, section), ledger.end(case.to, member, section)
            if one.flip == "yes" and yuan_due < 0:
                source, target, yuan_due = target, source, -yuan_due
            pending.append((source, target, yuan_due, period, case.reason, part_of_year, member or source))
            break
    _add_steps(one, pending, ledger)
    known = ledger.codes if one.within else {}
    codes = {f"{at:06d}": f"{known.get(row[1], row[1])} {row[3]} {at:06d}" for at, row in enumerate(pending)}
    fens = _scaled(one, path, ledger, [row[2] for row in pending], codes)
    raws = [*map(Fraction, fens)] if one.within else map_alike(convert_to_raw_fen, [row[2] for row in pending])
    for (source, target, _, period, reason, part, _), fen, raw in zip(pending, fens, raws, strict=True):
        ledger.move(one, one.kind, source, target, fen, raw, period=period, part=part, reason=reason)


def _add_steps(one: Pay, pending: list[Due], ledger: Ledger) -> None:
    def write() -> Iterator[Step]:
        for source, target, due, period, reason, _, place in pending:
            yield Step("payment", one.name, place, period, f"{source} → {target}", due, "元", reason)

    ledger.steps.add_lines(len(pending), write)


def _read_amounts(one: Pay, path: tuple[str, ...], ledger: Ledger, conditions: tuple[Column, ...]) -> list[Column]:
    """Return the amount of each case: of a part of the year where a condition runs over them, otherwise of the year."""
    by_part = any(set(TIMES) & set(column.axes) for column in conditions)
    found = []
    for at in range(len(one.cases)):
        where = (*path, "cases", str(at), "amount")
        tree = ledger.ready.tree(*where)
        found.append((ledger.values.of(tree) if by_part and tree is not None else ledger.column(*where)) or ALWAYS)
    return found


def _scaled(one: Pay, path: tuple[str, ...], ledger: Ledger, amounts: list[Fraction], codes: dict[str, str]) -> list[int]:
    """Return amounts in fen; within a fund that cannot bear them they are scaled down to all it holds."""
    for amount in amounts:
        if amount < 0:
            raise ledger.refused(
                path,
                say(
                    "{name} of {year} comes to a negative amount: {amount} yuan",
                    name=one.name,
                    year=ledger.year,
                    amount=format_yuan(ledger.rounded(amount)),
                ),
                "an amount from 0 up",
                "a payment the other way is a case of its own",
            )
    fens = [ledger.rounded(amount) for amount in amounts]
    if not one.within or sum(fens) <= ledger.balance.get(one.within, 0):
        return fens
    held = ledger.balance.get(one.within, 0)
    if held < 0:
        raise ledger.refused(
            path,
            say("{name} of {year}: the fund {fund} is overdrawn", name=one.name, year=ledger.year, fund=one.within),
            "payments within the fund",
        )
    found = allocate(
        held, {f"{at:06d}": amount for at, amount in enumerate(amounts)}, unit=ledger.unit, ties=ledger.ties, codes=codes
    )
    ledger.step(
        one,
        "limit",
        FUND + one.within,
        "scaled down to the fund",
        Fraction(held, 100),
        "元",
        make_code("due", format_yuan(sum(fens))),
    )
    return [found.amounts[f"{at:06d}"] for at in range(len(amounts))]
