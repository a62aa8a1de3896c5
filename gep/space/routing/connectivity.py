"""How well a pixel is joined to the streams: slope, streams and the index of connectivity, as SDR and NDR of InVEST 3.20 have them.

IC = log10(Dup / Ddn), Dup = mean weight × mean slope × √area above, Ddn the sum of 1 / (weight × slope) over the pixels on the way to the stream
(Borselli 2008; slope 0.005 to 1, Cavalli 2013). By the published equation each step on the way counts its length in metres; InVEST counts it as 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.space.routing.spread import Spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.space.routing.drainage import Drainage

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

FLATTEST, STEEPEST = 0.005, 1.0
DIAGONAL = 2**0.5


@dataclass(frozen=True)
class Terrain:
    """A terrain that water has found its way over.

    Attributes
    ----------
    drainage : where each pixel drains: to one, or spread over several
    slope    : rise over run, from the filled heights
    streams  : pixels through which more than a stated number of pixels drain, and those that the user says are streams
    size     : side of a pixel, metres
    published : whether ways to a stream count in metres and what is retained is followed from the stream, as published, or as InVEST 3.20 does
    """

    drainage: Drainage | Spread
    slope: Floats
    streams: Flags
    size: float
    published: bool

    def find_connectivity(self, weight: Floats | float) -> Floats:
        """Return IC; NaN on streams and where no way leads to one.

        Parameters
        ----------
        weight : of each pixel, such as the cover factor with a floor
        """
        drainage, held = self.drainage, np.clip(self.slope, FLATTEST, STEEPEST)
        weights = np.broadcast_to(weight, held.shape)
        with np.errstate(invalid="ignore", divide="ignore"):
            steepness, cover = drainage.gather(held) / drainage.count, drainage.gather(weights) / drainage.count
            above = cover * steepness * np.sqrt(drainage.count * self.size**2)
            below = drainage.weigh_way(self.streams, 1.0 / (weights * held), self.size if self.published else None)
            return np.where(below > 0, np.log10(above / below), np.nan)

    def find_distance(self) -> Floats:
        """Return the length of the way to the stream: metres, or widths of a pixel as InVEST has it; NaN where none leads to one."""
        return self.drainage.measure_way(self.streams) * (self.size if self.published else 1.0)


def find_streams(drainage: Drainage | Spread, most: float, traced: float, drained: Flags | None) -> Flags:
    """Return which pixels are streams.

    Parameters
    ----------
    most    : pixels through which more than so many pixels drain are streams; where water spreads, so many, joined to an outlet
    traced  : share of it that suffices between two of them where water spreads
    drained : further pixels from which water runs into a stream at once, such as ditches; None: there are none
    """
    streams = drainage.find_streams(most, traced) if isinstance(drainage, Spread) else drainage.count > most
    return streams if drained is None else streams | (drained & (drainage.count > 0))


def compute_slope_beside_gaps(heights: Floats, across: float, down: float) -> Floats:
    """Return rise over run by finite differences over eight neighbours (Horn 1981), at gaps and borders over those that are there.

    Parameters
    ----------
    heights : metres, NaN where there is none
    across, down : size of a pixel, metres

    Source: as pygeoprocessing 2.4 computes slopes, which InVEST takes.
    """
    around = np.pad(heights, 1, constant_values=np.nan)
    a, b, c = around[:-2, :-2], around[:-2, 1:-1], around[:-2, 2:]
    d, e, f = around[1:-1, :-2], around[1:-1, 1:-1], around[1:-1, 2:]
    g, h, i = around[2:, :-2], around[2:, 1:-1], around[2:, 2:]
    rise_x = _add_lines((_outer(a, b, c, e), _middle(d, e, f), _outer(g, h, i, e)), across)
    rise_y = _add_lines((_outer(a, d, g, e), _middle(b, e, h), _outer(c, f, i, e)), down)
    slope = np.hypot(rise_x, rise_y)
    slope[np.isnan(heights)] = np.nan
    return slope


def _add_lines(lines: tuple[tuple[Floats, Floats], ...], size: float) -> Floats:
    fall = lines[0][0] + lines[1][0] + lines[2][0]
    weight = lines[0][1] + lines[1][1] + lines[2][1]
    return np.where(weight > 0, fall / np.maximum(weight * size, np.finfo(float).tiny), 0.0)


def _outer(first: Floats, between: Floats, last: Floats, here: Floats) -> tuple[Floats, Floats]:
    """Return the fall along a line beside a pixel, and its weight: over two pixels, one, or along a diagonal."""
    one, two, three = ~np.isnan(first), ~np.isnan(between), ~np.isnan(last)
    when = [one & three, one & two, two & three, one, three]
    falls = [first - last, first - between, between - last, (first - here) * DIAGONAL, (here - last) * DIAGONAL]
    return np.select(when, falls, 0.0), np.select(when, [2.0, 1.0, 1.0, 1.0, 1.0], 0.0)


def _middle(first: Floats, here: Floats, last: Floats) -> tuple[Floats, Floats]:
    """Return twice the fall along the line through a pixel, and its weight."""
    one, three = ~np.isnan(first), ~np.isnan(last)
    when = [one & three, one, three]
    falls = [2 * (first - last), 2 * (first - here), 2 * (here - last)]
    return np.select(when, falls, 0.0), np.select(when, [4.0, 2.0, 2.0], 0.0)
