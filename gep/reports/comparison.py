"""Changes since an earlier account, service by service, and what each comes from: the same split as `gep compare`, to the fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.compare.inputs import COEFFICIENT, COVERAGE, PRICE, QUANTITY, RULES
from gep.units.money import FEN_PER_YUAN

if TYPE_CHECKING:
    from gep.compare.years import Decomposition
    from gep.reports.stored import Stored


@dataclass(frozen=True)
class Change:
    """The change of one service between two years, CNY/yr of each year; parts are None where a year does not account for it."""

    service: str
    before: float | None
    after: float | None
    change: float | None
    quantity: float | None = None
    price: float | None = None
    coefficient: float | None = None
    coverage: float | None = None
    """What only one year knows, lists or counts, and other rules."""


def compare_with_last_year(stored: Stored) -> list[Change]:
    """Return the change of every service accounted in either year; `change` only where it is accounted in both."""
    if stored.earlier is None:
        return []
    return [_change(one) for one in stored.earlier.splits if one.name in {row.service for row in stored.services}]


def _change(one: Decomposition) -> Change:
    if one.one is None or one.other is None:
        return Change(one.name, _yuan(one.one), _yuan(one.other), None)
    quantity, price, coefficient, coverage, rules = (
        one.parts.get(cause, 0) for cause in (QUANTITY, PRICE, COEFFICIENT, COVERAGE, RULES)
    )
    return Change(
        one.name,
        _yuan(one.one),
        _yuan(one.other),
        one.change / FEN_PER_YUAN,
        quantity / FEN_PER_YUAN,
        price / FEN_PER_YUAN,
        coefficient / FEN_PER_YUAN,
        (coverage + rules) / FEN_PER_YUAN,
    )


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / FEN_PER_YUAN
