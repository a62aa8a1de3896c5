"""How a number may differ from the one that was used: five distributions, each with the condition under which it can be meant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.messages.texts import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.messages.texts import Text

KINDS = ("normal", "lognormal", "triangular", "uniform", "beta")


@dataclass(frozen=True)
class Spread:
    """The distribution of a number around the value that was used, all in the same unit.

    Attributes
    ----------
    kind : normal and lognormal go by `sd`; triangular, uniform and beta (PERT: weight 4 on the value) by `low` and `high`
    value : what the account used: mean of normal, median of lognormal, mode of triangular and beta
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
        if not all(map(math.isfinite, (self.low, self.high, self.sd))):
            return say("the numbers are {low!r}, {high!r}, {sd!r}", low=self.low, high=self.high, sd=self.sd)
        if self.kind in {"normal", "lognormal"}:
            if self.kind == "lognormal" and self.value <= 0:
                return say("the value used, {value}, is not above 0", value=self.value)
            return None if self.sd > 0 else say("the standard deviation is {value}", value=self.sd)
        if not self.low < self.high:
            return say("the range is {low} to {high}", low=self.low, high=self.high)
        if not self.low <= self.value <= self.high:
            return say("the value used, {value}, lies outside {low} to {high}", value=self.value, low=self.low, high=self.high)
        return None

    def find_quantiles(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the numbers below which the given shares (0 to 1) lie.

        Source: inverse distribution functions in closed form, those of the normal and the beta distribution by scipy.special.
        """
        from scipy import special

        low, width = self.low, self.high - self.low
        match self.kind:
            case "normal":
                found = self.value + self.sd * special.ndtri(shares)
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
