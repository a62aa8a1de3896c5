"""Exact allocation of whole fen: shares by weight between floors and caps, one rounding, largest remainder, published ties."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor, lcm
from typing import TYPE_CHECKING, Any

from gep.messages.texts import say
from gep.units.money import FEN_PER_YUAN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

DEFAULT_TIES = ("remainder_desc", "party_code_asc")
"""Who gets the last units where a scheme names no order; the order of the input never counts."""


class CannotAllocate(ValueError):
    """An amount that cannot be shared out as asked; its first argument says why, in both languages."""


@dataclass(frozen=True)
class Allocation:
    """Who gets what: the amounts in fen sum to the total; `raw` are the exact shares in fen before the one rounding."""

    total: int
    amounts: dict[str, int]
    raw: dict[str, Fraction]
    extra: dict[str, int]
    """Fen given above the whole units of the share, to those with the largest remainders."""
    pinned: dict[str, str]
    """Parties held at their floor or cap."""
    passes: int
    """How many times shares were recomputed until every floor and cap held."""


def allocate(
    total: int,
    weights: Mapping[str, Fraction],
    *,
    floors: Mapping[str, int] | None = None,
    caps: Mapping[str, int] | None = None,
    unit: int = 1,
    ties: Sequence[str] = DEFAULT_TIES,
    codes: Mapping[str, str] | None = None,
) -> Allocation:
    """Return an amount of money shared out by weight in whole fen, so that the parts sum to it exactly.

    Parameters
    ----------
    total   : fen to share out, not negative
    weights : party → weight, not negative, exact
    floors  : party → least fen
    caps    : party → most fen
    unit    : amounts are multiples of so many fen, but for what remains of the total below one unit, which goes to the first
              in the order of ties
    ties    : keys that order equal claims to the last units; the party's code decides in the end
    codes   : party → the code it is ordered by; a party that is not there is ordered by its own name

    Raises
    ------
    CannotAllocate : a negative amount or weight, nobody to share out to, weights that are all zero, floors above or caps
                     below the total, a floor or cap of somebody without a weight or that is not a multiple of the unit

    Source: largest remainder (Hamilton); floors and caps pin the side with the larger violation and share again, which ends
    at the one level λ where the clamped shares sum to the total.
    """
    low, high = dict(floors or {}), dict(caps or {})
    _check(total, weights, low, high, unit)
    whole = total - total % unit
    claims, pinned, passes = _level(whole, weights, low, high)
    common = lcm(*{claim.denominator for claim in claims.values()})
    down: dict[str, int] = {}
    remainder: dict[str, int] = {}
    for party, claim in claims.items():  # whole numbers over one denominator: a million fractions are slow to compare
        down[party], remainder[party] = divmod(claim.numerator * (common // claim.denominator), common * unit)
    order = sorted(weights, key=_order(remainder, weights, ties, codes or {}))
    able = [party for party in order if remainder[party] > 0]
    left = whole // unit - sum(down.values())
    for party in able[:left]:
        down[party] += 1
    amounts = {party: down[party] * unit for party in sorted(weights)}
    extra = dict.fromkeys(able[:left], unit)
    rest = total - whole
    if rest:
        first = next(party for party in (*able[left:], *able, *order) if amounts[party] + rest <= high.get(party, total))
        amounts[first] += rest
        extra[first] = extra.get(first, 0) + rest
    return Allocation(total, amounts, claims, extra, pinned, passes)


def round_together(parts: Sequence[Fraction], whole: int, order: Sequence[int] | None = None) -> list[int]:
    """Return parts rounded to whole numbers that add up to a whole: each down, then one more for each in an order until they do.

    Parameters
    ----------
    order : places of those that get one more, the first first; None: the largest remainders first, and where the parts come
            to more than the whole, one less for the smallest remainders first

    Source: largest remainder (Hamilton).
    """
    found = [floor(part) for part in parts]
    missing = whole - sum(found)
    if order is None:
        order = sorted(range(len(parts)), key=lambda at: (found[at] - parts[at], at))
        if missing < 0:
            order = order[::-1]
    for at in range(abs(missing)):
        found[order[at % len(order)]] += 1 if missing > 0 else -1
    return found


def round_parts_to_fen(yuan: Sequence[Fraction], whole: int) -> list[int]:
    """Return the parts of a change in whole fen that add up to it; with every sign turned they come out with every sign turned.

    Parameters
    ----------
    yuan  : the parts, exact
    whole : the change in fen
    """
    sign = -1 if (whole or next((part for part in yuan if part), 0)) < 0 else 1
    return [sign * one for one in round_together([sign * part * FEN_PER_YUAN for part in yuan], sign * whole)]


def spread(total: int, count: int) -> list[int]:
    """Return an amount in `count` equal whole parts that sum to it; what does not divide is added to the last."""
    part = total // count
    return [part] * (count - 1) + [total - part * (count - 1)]


def _check(total: int, weights: Mapping[str, Fraction], low: Mapping[str, int], high: Mapping[str, int], unit: int) -> None:
    if total < 0:
        raise CannotAllocate(say("the amount to share out is negative: {total} fen", total=total))
    if not weights:
        raise CannotAllocate("there is nobody to share out to")
    for party, weight in sorted(weights.items()):
        if weight < 0:
            raise CannotAllocate(say("the weight of {party} is negative: {weight}", party=party, weight=weight))
    for party in sorted({*low, *high}):
        if party not in weights:
            raise CannotAllocate(say("{party} has a floor or a cap and no weight", party=party))
        if low.get(party, 0) < 0 or low.get(party, 0) > high.get(party, total + low.get(party, 0)):
            raise CannotAllocate(say("the floor of {party} is negative or above its cap", party=party))
        if any(bound % unit for bound in (low.get(party, 0), high.get(party, 0))):
            raise CannotAllocate(
                say("the floor or cap of {party} is not a multiple of the unit of {unit} fen", party=party, unit=unit)
            )
    if sum(low.values()) > total:
        raise CannotAllocate(
            say("the floors sum to {low} fen, more than the {total} fen there are", low=sum(low.values()), total=total)
        )
    if all(party in high for party in weights) and sum(high.values()) < total:
        raise CannotAllocate(
            say("the caps sum to {high} fen, less than the {total} fen there are", high=sum(high.values()), total=total)
        )


def _level(
    whole: int, weights: Mapping[str, Fraction], low: Mapping[str, int], high: Mapping[str, int]
) -> tuple[dict[str, Fraction], dict[str, str], int]:
    """Return exact claims that hold every floor and cap and sum to the whole."""
    common = lcm(*(weight.denominator for weight in weights.values()))
    size = {party: weight.numerator * (common // weight.denominator) for party, weight in weights.items()}
    free = set(weights)
    claims: dict[str, Fraction] = {}
    pinned: dict[str, str] = {}
    passes = 0
    while free:
        passes += 1
        room = whole - sum(claims.values())
        scale = sum(size[party] for party in free)
        if scale == 0:
            if room:
                raise CannotAllocate("the weights are all zero: there is no share to divide by")
            claims.update({party: Fraction(0) for party in free})
            break
        share = {party: Fraction(room * size[party], scale) for party in free}
        short = {party for party in free if share[party] < low.get(party, 0)}
        over = {party for party in free if party in high and share[party] > high[party]}
        if not short and not over:
            claims.update(share)
            break
        lack = sum((low[party] - share[party] for party in short), Fraction(0))
        spare = sum((share[party] - high[party] for party in over), Fraction(0))
        if lack >= spare:
            claims.update({party: Fraction(low[party]) for party in short})
            pinned.update(dict.fromkeys(short, "floor"))
            free -= short
        if spare >= lack:
            claims.update({party: Fraction(high[party]) for party in over})
            pinned.update(dict.fromkeys(over, "cap"))
            free -= over
    return claims, pinned, passes


def _order(
    remainder: Mapping[str, int], weights: Mapping[str, Fraction], ties: Sequence[str], codes: Mapping[str, str]
) -> Callable[[str], tuple[Any, ...]]:
    def key(party: str) -> tuple[Any, ...]:
        parts: list[Any] = []
        code = codes.get(party, party)
        for name in ties:
            if name == "remainder_desc":
                parts.append(-remainder[party])
            elif name == "weight_desc":
                parts.append(-weights[party])
            elif name == "party_code_desc":
                parts.append(tuple(-ord(letter) for letter in code))
            else:
                parts.append(code)
        return (*parts, code, party)

    return key
