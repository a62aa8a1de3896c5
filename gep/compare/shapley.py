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
    from collections.abc import Iterator, Mapping

State = tuple[int, ...]
"""For each cause 0 (as it was) or 1 (as it is)."""


def list_states(causes: int) -> Iterator[State]:
    """Yield every combination of causes that are put in (1) or not (0): 2 ** causes of them."""
    yield from product((0, 1), repeat=causes)


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
            before = sum(state)
            weight = Fraction(factorial(before) * factorial(count - before - 1), factorial(count))
            share += weight * (values[(*state[:cause], 1, *state[cause + 1 :])] - value)
        found.append(share)
    return found
