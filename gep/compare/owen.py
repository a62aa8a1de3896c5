"""Shares the part of one cause out among the inputs that make it up: Owen's value, and below each input its cells.

Source: G. Owen, "Values of games with a priori unions", 1977: the orders of Shapley's value in which the inputs of a cause come
one after the other. An input's share is the mean over those orders; the shares of a cause's inputs add up to its Shapley value.
Where there are too many inputs, and for the cells of one input (types, pollutants, products), two places in the order stand for
all: the first and the last. That is Shapley's value as long as no three of them act on each other; what three do together is
added in proportion. Turned round (the later account first), every share turns its sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import fsum
from typing import TYPE_CHECKING

from gep.compare.shapley import list_states, weigh_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_COALITIONS = 6000
"""Coalitions of inputs, times states of the other causes, up to which every order is gone through."""
NONE, ALL = 0, 1
Coalition = tuple[int, ...]
"""For each input: NONE, ALL, `only(cell)` or `all_but(cell)`."""


@dataclass(frozen=True)
class Move:
    """An input, or a cell of it, that is put in: from one coalition to another, with its weight."""

    player: int
    cell: int | None
    before: Coalition
    after: Coalition
    weight: Fraction


def only(cell: int) -> int:
    """Return the code of an input of which one cell alone is as it is."""
    return 2 + 2 * cell


def all_but(cell: int) -> int:
    """Return the code of an input of which one cell alone is as it was."""
    return 3 + 2 * cell


def weigh_states(causes: int) -> dict[tuple[int, ...], Fraction]:
    """Return the weight of every state of the other causes when a cause is put in; the weights add up to 1."""
    return {state: weigh_place(sum(state), causes + 1) for state in list_states(causes)}


def list_moves(counts: Sequence[int], contexts: int) -> list[Move]:
    """Return the moves whose weighted differences are the shares of inputs and of their cells.

    Parameters
    ----------
    counts   : how many cells each input has
    contexts : how many states of the other causes each coalition is put together with
    """
    inputs = len(counts)
    every_order = 2 ** max(inputs - 1, 0) * sum(2 * count + 2 for count in counts) * contexts <= MOST_COALITIONS
    found = []
    for player, count in enumerate(counts):
        if every_order:
            others = weigh_states(inputs - 1)
        else:
            others = {(NONE,) * (inputs - 1): Fraction(1, 2), (ALL,) * (inputs - 1): Fraction(1, 2)}
        for other, weight in others.items():

            def put(code: int, other: Coalition = other, player: int = player) -> Coalition:
                return (*other[:player], code, *other[player:])

            found.append(Move(player, None, put(NONE), put(ALL), weight))
            for cell in range(count if count > 1 else 0):
                found.append(Move(player, cell, put(NONE), put(only(cell)), weight / 2))
                found.append(Move(player, cell, put(all_but(cell)), put(ALL), weight / 2))
    return found


def share_out(
    counts: Sequence[int],
    moves: Sequence[Move],
    contexts: Mapping[tuple[int, ...], Fraction],
    values: Mapping[tuple[tuple[int, ...], Coalition], float],
) -> list[list[Fraction]]:
    """Return for each input the share of each of its cells; all of them add up to the share of the cause.

    Parameters
    ----------
    counts   : how many cells each input has
    moves    : as `list_moves` makes them
    contexts : weight of every state of the other causes
    values   : the result for every state of the other causes with every coalition of the moves

    Source: Owen 1977.
    """
    terms: dict[tuple[int, int | None], dict[Fraction, list[float]]] = {}
    for move in moves:
        of = terms.setdefault((move.player, move.cell), {})
        for state, weight in contexts.items():
            of.setdefault(weight * move.weight, []).extend((values[state, move.after], -values[state, move.before]))
    share = {key: _add(of) for key, of in terms.items()}
    whole: dict[Fraction, list[float]] = {}
    for state, weight in contexts.items():
        full, empty = (ALL,) * len(counts), (NONE,) * len(counts)
        whole.setdefault(weight, []).extend((values[state, full], -values[state, empty]))
    inputs = _complete([share[player, None] for player in range(len(counts))], _add(whole))
    return [
        [inputs[player]] if count == 1 else _complete([share[player, cell] for cell in range(count)], inputs[player])
        for player, count in enumerate(counts)
    ]


def _add(of: Mapping[Fraction, Sequence[float]]) -> Fraction:
    return sum((weight * Fraction(fsum(values)) for weight, values in of.items()), Fraction(0))


def _complete(shares: Sequence[Fraction], whole: Fraction) -> list[Fraction]:
    """Return shares that add up to a whole: what they lack is added in proportion to their size."""
    lacking = whole - sum(shares)
    size = sum(abs(share) for share in shares)
    if not lacking:
        return list(shares)
    return [share + lacking * (abs(share) / size if size else Fraction(1, len(shares))) for share in shares]
