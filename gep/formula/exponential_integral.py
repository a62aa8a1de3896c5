"""The exponential integral E1(x), the area under e⁻ᵗ/t from x on: what the expected runoff of a month of storms asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TERMS = 60
"""Enough of both expansions for the last digit of a double."""


def exponential_integral(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return E1 of every cell: infinite at 0, unknown below.

    A power series up to 1, a continued fraction above (Abramowitz and Stegun, 5.1.11 and 5.1.22).
    """
    with np.errstate(all="ignore"):
        small = np.where(cells <= 1.0, cells, 1.0)
        series, term = -np.euler_gamma - np.log(small), np.full_like(small, -1.0)
        for order in range(1, _TERMS):
            term = term * -small / order
            series = series + term / order
        large = np.where(cells > 1.0, cells, 1.0)
        fraction = large
        for order in range(_TERMS, 0, -1):
            fraction = large + order / (1.0 + order / fraction)
        found = np.where(cells <= 1.0, series, np.exp(-large) / fraction)
        return np.where((cells < 0) | np.isnan(cells), np.nan, found)
