"""How a number may differ from the one that was used: six distributions, each with the condition under which it can be meant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.messages.numbers import format_digits
from gep.messages.texts import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.messages.texts import Text

KINDS = ("normal", "truncated", "lognormal", "triangular", "uniform", "beta")
BY_DEVIATION = ("normal", "truncated", "lognormal")
"""Kinds that have a standard deviation; the others have a range."""
ROUNDING = 1e-9
"""What an end may lie beyond a bound by conversion of its unit."""


@dataclass(frozen=True)
class Spread:
    """The distribution of a number around the value that was used, all in the same unit.

    Attributes
    ----------
    kind : normal, lognormal and truncated (a normal one cut at `low` and `high`, of which either may be without end) go by `sd`;
           triangular, uniform and beta (PERT: weight 4 on the value) by `low` and `high`
    value : what the account used: mean of normal, before it is cut also of truncated; median of lognormal, mode of the others
    low, high : bounds; of normal and lognormal 0
    sd   : standard deviation; of lognormal relative, that of the logarithm; else 0
    origin : where it is from: `table`, `stated`, `mark`
    """

    kind: str
    value: float
    low: float = 0.0
    high: float = 0.0
    sd: float = 0.0
    origin: str = "stated"

    def find_fault(self) -> Text | None:
        """Return what cannot be meant; None where all is right."""
        if self.kind not in KINDS:
            return say("the kind is {kind!r}", kind=self.kind)
        ends = () if self.kind == "truncated" else (self.low, self.high)
        if not all(map(math.isfinite, (*ends, self.sd))):
            return say("the numbers are {low!r}, {high!r}, {sd!r}", low=self.low, high=self.high, sd=self.sd)
        value, low, high = (format_digits(number) for number in (self.value, self.low, self.high))
        if self.kind == "lognormal" and self.value <= 0:
            return say("the value used, {value}, is not above 0", value=value)
        if self.kind in BY_DEVIATION and not self.sd > 0:
            return say("the standard deviation is {value}", value=self.sd)
        if self.kind in {"normal", "lognormal"}:
            return None
        if not self.low < self.high:
            return say("the range is {low} to {high}", low=low, high=high)
        if not self.low <= self.value <= self.high:
            return say("the value used, {value}, lies outside {low} to {high}", value=value, low=low, high=high)
        return None

    def find_share_below(self, bound: float) -> float:
        """Return how much of it lies below a bound, 0 to 1: of a range all or nothing."""
        if math.isinf(bound):
            return 0.0
        if self.kind not in {"normal", "lognormal"}:
            return float(self.low < bound - abs(bound) * ROUNDING)
        if self.kind == "lognormal":
            return 0.0 if bound <= 0 else _find_normal_share((math.log(bound) - math.log(self.value)) / self.sd)
        return _find_normal_share((bound - self.value) / self.sd)

    def find_share_above(self, bound: float) -> float:
        """Return how much of it lies above a bound, 0 to 1: of a range all or nothing."""
        if math.isinf(bound):
            return 0.0
        if self.kind not in {"normal", "lognormal"}:
            return float(self.high > bound + abs(bound) * ROUNDING)
        if self.kind == "lognormal":
            return 1.0 if bound <= 0 else _find_normal_share((math.log(self.value) - math.log(bound)) / self.sd)
        return _find_normal_share((self.value - bound) / self.sd)

    def find_quantiles(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the numbers below which the given shares (0 to 1) lie.

        Source: inverse distribution functions in closed form, those of the normal and the beta distribution by scipy.special.
        """
        from scipy import special

        low, width = self.low, self.high - self.low
        match self.kind:
            case "normal":
                found = self.value + self.sd * special.ndtri(shares)
            case "truncated":
                first, last = special.ndtr(np.divide([self.low - self.value, self.high - self.value], self.sd))
                found = np.clip(self.value + self.sd * special.ndtri(first + shares * (last - first)), self.low, self.high)
            case "lognormal":
                found = self.value * np.exp(self.sd * special.ndtri(shares))
            case "triangular":
                mode = self.value - low
                rising = low + np.sqrt(shares * width * mode)
                falling = self.high - np.sqrt((1 - shares) * width * (width - mode))
                found = np.where(shares * width < mode, rising, falling)
            case "uniform":
                found = low + shares * width
            case _:
                weight = 4 * (self.value - low) / width
                found = low + width * special.betaincinv(1 + weight, 5 - weight, shares)
        quantiles: NDArray[np.float64] = found
        return quantiles


def _find_normal_share(score: float) -> float:
    """Return how much of a standard normal distribution lies below a score."""
    return 0.5 * math.erfc(-score / math.sqrt(2))
