"""Numbers that are drawn together: one alone, or several that a stated correlation binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gep.uncertainty.parameters import Parameter

    Floats = NDArray[np.float64]

EXACT = 1e-9
"""What a correlation matrix may lack of being one by rounding."""


class Group(Protocol):
    """Numbers of an account that are drawn together; a stream of one name is the same in every account."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the streams of random shares that it is made of."""
        ...

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The numbers that come of them."""
        ...

    def find_numbers(self, shares: Floats) -> Floats:
        """Return numbers of shape (draws, parameters) for shares between 0 and 1 of shape (draws, keys)."""
        ...


@dataclass(frozen=True)
class Alone:
    """A number that nothing binds to another."""

    parameter: Parameter

    @property
    def keys(self) -> tuple[str, ...]:
        """Its own name."""
        return (self.parameter.key,)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The number."""
        return (self.parameter,)

    def find_numbers(self, shares: Floats) -> Floats:
        """Return its quantiles."""
        return self.parameter.spread.find_quantiles(shares)


@dataclass(frozen=True)
class Correlated:
    """Numbers whose normal scores have stated correlations (a Gaussian copula).

    Attributes
    ----------
    keys : of all numbers that are bound, those of other accounts too
    parameters : those of this account
    root : for each of these its row of the lower root of the correlation matrix of all
    """

    keys: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    root: Floats

    def find_numbers(self, shares: Floats) -> Floats:
        """Return the quantiles of correlated shares; summed in a fixed order, the same on any number of threads."""
        from scipy import special

        scores = np.einsum("dk,pk->dp", special.ndtri(shares), self.root)
        bound = special.ndtr(scores)
        return np.column_stack([one.spread.find_quantiles(bound[:, at]) for at, one in enumerate(self.parameters)])


def find_root(matrix: Floats) -> Floats | None:
    """Return the lower root of a correlation matrix, None where there is none: the correlations contradict each other.

    Source: Cholesky's decomposition by columns; a number wholly bound to those before it has no column of its own.
    """
    left = matrix.copy()
    root = np.zeros_like(matrix)
    for at in range(len(matrix)):
        if left[at, at] < -EXACT or (left[at, at] <= EXACT and np.abs(left[at:, at]).max() > np.sqrt(EXACT)):
            return None
        if left[at, at] > EXACT:
            root[at:, at] = left[at:, at] / np.sqrt(left[at, at])
            left -= np.outer(root[:, at], root[:, at])
    return root


def bind(pairs: Mapping[tuple[str, str], float]) -> list[tuple[tuple[str, ...], Floats]]:
    """Return the numbers that are bound to each other, directly or over others, with their correlation matrix.

    Parameters
    ----------
    pairs : two keys → their correlation; of pairs that are not named it is 0
    """
    above: dict[str, str] = {}

    def find(key: str) -> str:
        while above.setdefault(key, key) != key:
            key = above[key]
        return key

    for one, other in pairs:
        above[find(one)] = find(other)
    members: dict[str, list[str]] = {}
    for key in sorted(above):
        members.setdefault(find(key), []).append(key)
    found = []
    for keys in sorted(members.values()):
        place = {key: at for at, key in enumerate(keys)}
        matrix = np.eye(len(keys))
        for (one, other), value in pairs.items():
            if one in place:
                matrix[place[one], place[other]] = matrix[place[other], place[one]] = value
        found.append((tuple(keys), matrix))
    return found


def make_groups(parameters: Sequence[Parameter], bound: Sequence[tuple[tuple[str, ...], Floats]]) -> list[Group]:
    """Return the numbers of an account in the groups that they are drawn in.

    Parameters
    ----------
    bound : keys and the root of their matrix, as far as any are bound
    """
    by_key = {one.key: one for one in parameters}
    taken = {key for keys, _ in bound for key in keys}
    found: list[Group] = [Alone(one) for one in parameters if one.key not in taken]
    for keys, root in bound:
        own = [at for at, key in enumerate(keys) if key in by_key]
        if own:
            found.append(Correlated(keys, tuple(by_key[keys[at]] for at in own), root[own]))
    return found
