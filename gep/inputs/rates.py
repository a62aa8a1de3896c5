"""The currency of accounts, and the sourced rates by which other money comes into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.records import dataclass
from gep.units.currencies import YUAN

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency was in that of the account in a year, with its source, date and mark."""

    currency: str
    year: int
    value: float
    said: str


@dataclass(frozen=True)
class Money:
    """The currency of an account, and the rates by which other currencies come into it."""

    currency: str = YUAN
    rates: tuple[Rate, ...] = ()

    def find_rate(self, currency: str, year: int) -> Rate | None:
        """Return the rate of a currency in a year; None where nobody stated it."""
        return next((one for one in self.rates if (one.currency, one.year) == (currency, year)), None)


def list_rates(stated: Sequence[object]) -> tuple[Rate, ...]:
    """Return the rates that a standard states."""
    return tuple(
        Rate(one.currency, one.year, one.value, f"{one.source}, {one.date} [{one.mark}]")  # type: ignore[attr-defined]
        for one in stated
    )
