"""A change shared out among its causes, exactly: Shapley's value in fractions, then whole fen by largest remainder.

Source: L. S. Shapley, "A value for n-person games", 1953; as an index decomposition: Ang, Liu & Chew 2003. Each cause gets
the mean, over all orders in which the causes may be put in one after the other, of what the result moves by when it is its
turn. No order is preferred and nothing is left over.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import factorial, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

State = tuple[int, ...]
"""For each cause 0 (as it was) or 1 (as it is)."""
FEN = 100


def states(causes: int) -> Iterator[State]:
    """Yield every combination of causes that are put in or not."""
    yield from product((0, 1), repeat=causes)


def shapley(values: Mapping[State, Fraction]) -> list[Fraction]:
    """Return the share of each cause; they add up to the change from all 0 to all 1, exactly."""
    count = len(next(iter(values)))
    found = []
    for cause in range(count):
        share = Fraction(0)
        for state, value in values.items():
            if state[cause]:
                continue
            before = sum(state)
            weight = Fraction(factorial(before) * factorial(count - before - 1), factorial(count))
            share += weight * (values[(*state[:cause], 1, *state[cause + 1 :])] - value)
        found.append(share)
    return found


def fen(value: float | Fraction) -> int:
    """Return yuan as whole fen, half to even."""
    return round(Fraction(value) * FEN)


def in_fen(parts: Sequence[Fraction], whole: int) -> list[int]:
    """Return parts in yuan as whole fen that add up to `whole`: rounded down, then the largest remainders first."""
    exact = [part * FEN for part in parts]
    found = [floor(part) for part in exact]
    missing = whole - sum(found)
    order = sorted(range(len(parts)), key=lambda at: (found[at] - exact[at], at))
    step = 1 if missing > 0 else -1
    if step < 0:
        order.reverse()
    for at in range(abs(missing)):
        found[order[at % len(order)]] += step
    return found
