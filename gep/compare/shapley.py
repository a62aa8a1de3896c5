"""Shares a change out among its causes, exactly: Shapley's value in fractions.

Source: L. S. Shapley, "A value for n-person games", 1953; as an index decomposition: Ang, Liu & Chew 2003. Each cause gets
the mean, over all orders in which the causes may be put in one after the other, of what the result moves by when it is its
turn. No order is preferred and nothing is left over.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import factorial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

State = tuple[int, ...]
"""For each cause 0 (as it was) or 1 (as it is)."""


def list_states(causes: int) -> Iterator[State]:
    """Yield every combination of causes that are put in (1) or not (0): 2 ** causes of them."""
    yield from product((0, 1), repeat=causes)


def weigh_place(before: int, count: int) -> Fraction:
    """Return the share of orders of `count` causes in which certain `before` of them come before a certain one, and no other."""
    return Fraction(factorial(before) * factorial(count - before - 1), factorial(count))


def compute_shapley_shares(values: Mapping[State, Fraction]) -> list[Fraction]:
    """Return the share of each cause; they add up to the change from all 0 to all 1, exactly.

    Parameters
    ----------
    values : what the result is for every combination that `list_states` yields

    Returns
    -------
    One fraction a cause, in the unit of the values

    Source: Shapley 1953.
    """
    count = len(next(iter(values)))
    found = []
    for cause in range(count):
        share = Fraction(0)
        for state, value in values.items():
            if state[cause]:
                continue
            share += weigh_place(sum(state), count) * (values[(*state[:cause], 1, *state[cause + 1 :])] - value)
        found.append(share)
    return found


def list_block_states(blocks: Sequence[int]) -> Iterator[State]:
    """Yield the combinations that `compute_owen_shares` asks for: within one block any, of every other block all or none.

    Parameters
    ----------
    blocks : for each cause the number of the block it belongs to
    """
    names = sorted(set(blocks))
    seen = set()
    for block in names:
        inside = [at for at, one in enumerate(blocks) if one == block]
        for whole in product((0, 1), repeat=len(names) - 1):
            put = dict(zip((name for name in names if name != block), whole, strict=True))
            for part in product((0, 1), repeat=len(inside)):
                of = dict(zip(inside, part, strict=True))
                state = tuple(of[at] if one == block else put[one] for at, one in enumerate(blocks))
                if state not in seen:
                    seen.add(state)
                    yield state


def compute_owen_shares(values: Mapping[State, Fraction], blocks: Sequence[int]) -> list[Fraction]:
    """Return the share of each cause where causes form blocks: a block gets Shapley's share as one cause, and splits it alike.

    Parameters
    ----------
    values : what the result is for every combination that `list_block_states` yields
    blocks : for each cause the number of the block it belongs to

    Returns
    -------
    One fraction a cause, in the unit of the values

    Source: G. Owen, "Values of games with a priori unions", 1977.
    """
    names = sorted(set(blocks))
    found = []
    for cause, block in enumerate(blocks):
        inside = [at for at, one in enumerate(blocks) if one == block and at != cause]
        share = Fraction(0)
        for whole in product((0, 1), repeat=len(names) - 1):
            put = dict(zip((name for name in names if name != block), whole, strict=True))
            for part in product((0, 1), repeat=len(inside)):
                of = dict(zip(inside, part, strict=True))
                state = tuple(0 if at == cause else of[at] if one == block else put[one] for at, one in enumerate(blocks))
                weight = weigh_place(sum(whole), len(names)) * weigh_place(sum(part), len(inside) + 1)
                share += weight * (values[(*state[:cause], 1, *state[cause + 1 :])] - values[state])
        found.append(share)
    return found
