"""Money that moves, and what operations gave each member and deductions took back: each flow is added up once."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTHING = Fraction(0)


class Flow(NamedTuple):
    """Money from one to another in whole fen, always above zero; `raw` is the exact amount in fen before the one rounding.

    A tuple: there may be millions.
    """

    operation: str
    kind: str
    source: str
    target: str
    fen: int
    raw: Fraction
    period: str
    reason: str
    clause: str
    subject_from: str
    subject_to: str
    notice: str
    part: str = ""
    """Month or quarter it is of; empty: the whole year."""


class Totals:
    """Sums of the flows up to the last that was looked at; those entered since are added when somebody asks.

    Parameters
    ----------
    cuts : deduction → operations that it takes from, in their order
    """

    def __init__(self, cuts: Mapping[str, tuple[str, ...]]) -> None:
        self._cuts = cuts
        self._seen = 0
        self._given: dict[str, dict[str, tuple[int, Fraction]]] = {}
        """Operation → target → fen, rounded and exact."""
        self._taken: dict[str, dict[str, int]] = {}
        """Operation → member → fen that deductions took of what it gave."""

    def sum_received(self, flows: Sequence[Flow], operations: tuple[str, ...]) -> dict[str, tuple[int, Fraction]]:
        """Return target → fen that operations gave it, rounded and exact.

        Parameters
        ----------
        flows : all that were entered so far, those of the call before first
        """
        self._add(flows)
        found: dict[str, tuple[int, Fraction]] = {}
        for name in dict.fromkeys(operations):
            for target, (fen, raw) in self._given.get(name, {}).items():
                before, exact = found.get(target, (0, NOTHING))
                found[target] = before + fen, exact + raw
        return found

    def sum_taken(self, flows: Sequence[Flow], operations: tuple[str, ...]) -> dict[str, int]:
        """Return member → fen that deductions took of what operations gave it; a deduction takes from one after the other.

        Parameters
        ----------
        flows : as in `sum_received`
        """
        self._add(flows)
        found: dict[str, int] = {}
        for name in dict.fromkeys(operations):
            for member, fen in self._taken.get(name, {}).items():
                found[member] = found.get(member, 0) + fen
        return found

    def _add(self, flows: Sequence[Flow]) -> None:
        for at in range(self._seen, len(flows)):
            flow = flows[at]
            given = self._given.setdefault(flow.operation, {})
            fen, raw = given.get(flow.target, (0, NOTHING))
            given[flow.target] = fen + flow.fen, raw + flow.raw
            if flow.operation in self._cuts:
                self._take(flow)
        self._seen = len(flows)

    def _take(self, flow: Flow) -> None:
        """Divide a deduction over the operations that it takes from, each down to nothing; one deduction is none of them."""
        left = flow.fen
        for name in self._cuts[flow.operation]:
            given = 0 if name in self._cuts else self._given.get(name, {}).get(flow.source, (0, NOTHING))[0]
            taken = self._taken.setdefault(name, {})
            part = min(left, given - taken.get(flow.source, 0))
            taken[flow.source] = taken.get(flow.source, 0) + part
            left -= part
