"""A fund shared out by weight, over a base, between floor and cap; a fund divided into funds."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from gep.compensation.ledger import convert_to_raw_fen
from gep.compensation.scheme import FUND
from gep.compensation.step_notes import make_code
from gep.formula.exact import add_up
from gep.messages.texts import mark_word, say
from gep.units.allocation import CannotAllocate, allocate
from gep.units.money import FEN_PER_YUAN, format_exact, format_yuan, parse_decimal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.compensation.ledger import Ledger
    from gep.compensation.scheme import Allocate, Split
    from gep.compensation.steps import Columns
    from gep.units.allocation import Allocation

ZERO = Fraction(0)
MEMBERS_AT_ONCE = 10_000
"""Members whose steps are written at a time."""


def allocate_fund(one: Allocate, path: tuple[str, ...], ledger: Ledger) -> None:
    """Share a fund out: `A_i = base_i + (fund - sum of bases) * weight_i / sum of weights`, floors and caps on A_i.

    Parameters
    ----------
    path : where the operation stands in the document

    Raises
    ------
    Problems : more than the fund holds, bases above the fund, or weights, floors and caps that it cannot be shared by

    Source: largest remainder, as in `gep.units.allocation`.
    """
    weights = ledger.by_member(*path, "by") or {}
    chosen = ledger.by_member(*path, "when")
    if chosen is not None:
        weights = {member: weight for member, weight in weights.items() if chosen.get(member)}
    if one.amount is None:
        total = ledger.balance.get(one.fund, 0)
    else:
        amount = ledger.column(*path, "amount")
        total = ledger.rounded(amount.scalar) if amount is not None else 0
        if total < 0:
            shared = say("{name} shares out {total} yuan", name=one.name, total=format_yuan(total))
            raise ledger.refused((*path, "amount"), shared, "an amount from 0 up")
        if total > ledger.balance.get(one.fund, 0):
            raise ledger.refused(
                path,
                say(
                    "{name} shares out {total} yuan, and the fund {fund} holds {held}",
                    name=one.name,
                    total=format_yuan(total),
                    fund=one.fund,
                    held=format_yuan(ledger.balance.get(one.fund, 0)),
                ),
                "no more than the fund holds",
            )
    base, floors, caps = (_read_limits(field, path, chosen, ledger) for field in ("base", "floor", "cap"))
    weights = {**dict.fromkeys((*base, *floors), ZERO), **weights}
    _refuse_bases_above_caps(one, path, base, caps, ledger)
    kept = sum(base.values())
    if kept > total:
        raise ledger.refused(
            (*path, "base"),
            say(
                "the bases sum to {kept} yuan, more than the {total} there are", kept=format_yuan(kept), total=format_yuan(total)
            ),
            "bases within the fund",
        )
    more = {member: max(floor - base.get(member, 0), 0) for member, floor in floors.items()}
    if not any(weights.values()) and ledger.ready.scheme.funds[one.fund].rest != "refuse":
        # nobody has a share of what is above bases and floors: that stays in the fund, which says where it goes
        ledger.step(one, "amount", f"{FUND}{one.fund}", "nobody has a share", ZERO, "元", make_code("fund_goes_to_rest"))
        total, weights = min(total, kept + sum(more.values())), {**weights, **{m: Fraction(fen) for m, fen in more.items()}}
        if not kept and not total:
            return
        if total == kept:
            weights = dict.fromkeys(weights, Fraction(1))
    try:
        found = allocate(
            total - kept,
            weights,
            floors=more,
            caps={member: max(cap - base.get(member, 0), 0) for member, cap in caps.items() if member in weights},
            unit=ledger.unit,
            ties=ledger.ties,
            codes=ledger.codes,
        )
    except CannotAllocate as error:
        raise ledger.refused(
            (*path, "by"),
            say("{name} of {year}: {error}", name=one.name, year=ledger.year, error=error.args[0]),
            "weights that can be shared by",
        ) from None
    write_steps(one, found, weights, ledger)
    fund = FUND + one.fund
    for member, fen in found.amounts.items():
        held, raw = base.get(member, 0), found.raw[member]
        if held:
            ledger.step(one, "base", member, "base", Fraction(held, 100), "元")
            fen, raw = fen + held, raw + held  # noqa: PLW2901 - a million parties without a base keep one number, not two
        ledger.move(one, "allocation", fund, member, fen, raw, reason=_reason(one, found, member))


def _read_limits(field: str, path: tuple[str, ...], chosen: dict[str, Fraction] | None, ledger: Ledger) -> dict[str, int]:
    """Return the base, floor or cap of the members that the operation is for, in fen.

    Raises
    ------
    Problems : one below zero
    """
    found = ledger.by_member(*path, field) or {}
    if chosen is not None:
        found = {member: amount for member, amount in found.items() if chosen.get(member)}
    for member, amount in sorted(found.items()):
        if amount < 0:
            text = say(
                "the {field} of {member} in {year} is {amount} yuan",
                field=mark_word(field),
                member=member,
                year=ledger.year,
                amount=format_exact(amount),
            )
            raise ledger.refused((*path, field), text, "an amount from 0 up")
    return {member: ledger.rounded(amount) for member, amount in found.items()}


def _refuse_bases_above_caps(
    one: Allocate, path: tuple[str, ...], base: dict[str, int], caps: dict[str, int], ledger: Ledger
) -> None:
    for member, held in sorted(base.items()):
        if held > caps.get(member, held):
            text = say(
                "{name} of {year} gives {member} a base of {base} yuan, above its cap of {cap}",
                name=one.name,
                year=ledger.year,
                member=member,
                base=format_yuan(held),
                cap=format_yuan(caps[member]),
            )
            raise ledger.refused((*path, "cap"), text, "a cap from the base up")


def _reason(one: Allocate, found: Allocation, member: str) -> str:
    return f"{one.title or one.name} ({found.pinned[member]})" if member in found.pinned else one.title or one.name


def write_steps(one: Any, found: Allocation, weights: Mapping[str, Fraction], ledger: Ledger) -> None:
    """Enter weight, share, exact amount, rounding and result of every member as steps.

    Parameters
    ----------
    weights : of all members that share; not changed any more
    """
    whole = add_up(weights.values())
    name, passes = one.name, make_code("passes", found.passes) if found.pinned else ""
    down = make_code("rounded_down")
    kinds = [("weight", "weight", ""), ("share", "share of the weights", "")][: 2 if whole else 1]
    kinds += [("exact", "exact amount", "元"), ("rounding", "rounding", "元"), ("amount", "amount", "元")]

    def write_member(member: str) -> tuple[Fraction, ...]:
        weight, fen, (over, under) = weights[member], found.amounts[member], found.raw[member].as_integer_ratio()
        shares = (weight / whole,) if whole else ()
        rest = Fraction(fen * under - over, under * FEN_PER_YUAN)
        return weight, *shares, Fraction(over, under * FEN_PER_YUAN), rest, Fraction(fen, FEN_PER_YUAN)

    def note_member(member: str) -> tuple[str, ...]:
        given = found.extra.get(member, 0)
        shares = (_pinned(found, member),) if whole else ()
        return "", *shares, passes, make_code("largest_remainder", given) if given else down, ""

    def write(members: list[str]) -> Columns:
        places = [member for member in members for _ in kinds]
        values = [value for member in members for value in write_member(member)]
        notes = [note for member in members for note in note_member(member)]
        stages, names, units = ([*column] * len(members) for column in zip(*kinds, strict=True))
        return stages, [name] * len(places), places, [""] * len(places), names, values, units, notes

    members = iter(found.amounts)
    while some := [*islice(members, MEMBERS_AT_ONCE)]:
        ledger.steps.add_columns(len(some) * len(kinds), partial(write, some))


def _pinned(found: Allocation, member: str) -> str:
    return make_code(found.pinned[member]) if member in found.pinned else ""


def split(one: Split, path: tuple[str, ...], ledger: Ledger) -> None:
    """Divide all a fund holds into funds by shares that sum to 1; the parts sum to the whole to the fen.

    Parameters
    ----------
    path : where the operation stands in the document

    Raises
    ------
    Problems : the fund cannot be divided by these shares

    Source: largest remainder, as in `gep.units.allocation`.
    """
    total = ledger.balance.get(one.fund, 0)
    shares = {name: parse_decimal(share) for name, share in one.into.items()}
    try:
        found = allocate(total, shares, unit=ledger.unit, ties=ledger.ties, codes=ledger.codes)
    except CannotAllocate as error:
        raise ledger.refused(
            path, say("{name} of {year}: {error}", name=one.name, year=ledger.year, error=error.args[0])
        ) from None
    for name in one.into:
        fen = found.amounts[name]
        ledger.step(one, "amount", f"{FUND}{name}", "part of the fund", Fraction(fen, 100), "元", one.into[name])
        ledger.move(one, "split", FUND + one.fund, FUND + name, fen, convert_to_raw_fen(Fraction(total, 100) * shares[name]))
