"""Sediment that reaches streams, pixel by pixel: SDR (Borselli 2008, Vigiak 2012), as InVEST 3.20 has it, on D8 or MFD.

SDR = SDRmax / (1 + exp((IC0 − IC) / k)); exported is soil loss × SDR, the rest settles on the way where SDR rises. Soil loss is R K LS C P, with L of Desmet
and Govers 1996 on √area above, at most a stated L; exponents and S as InVEST's user's guide has them. Nothing erodes on streams.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.space.routing.drainage import compiled
from gep.space.routing.spread import Spread
from gep.space.routing.spread_delivery import settle_spread

if TYPE_CHECKING:
    from gep.space.routing.connectivity import Flags, Floats, Terrain
    from gep.space.routing.drainage import Way

LEAST_COVER = 0.001
TRACED = 0.7
"""Share of the pixels that make a stream which suffices between two pixels of it, where water spreads: as in InVEST 3.20."""
UNIT_PLOT = 22.13
STEEP = 0.09
"""Slope from which S and the exponent of L have other formulas."""
GENTLE, POWERS, POWER = (0.01, 0.035, 0.05), (0.2, 0.3, 0.4), 0.5
PER_AREA = "t/ha/yr"
LAYERS = {
    "potential_loss": PER_AREA,
    "soil_loss": PER_AREA,
    "avoided_erosion": PER_AREA,
    "sediment_export": PER_AREA,
    "sediment_deposition": PER_AREA,
    "avoided_export": PER_AREA,
    "delivery_ratio": "1",
    "connectivity": "1",
    "slope_factor": "1",
    "streams": "1",
}
"""Layer → unit; the first six are added up by zone."""
SUMMED = 6


@dataclass(frozen=True)
class SedimentSettings:
    """What SDR is calibrated with: k, IC0, the largest SDR, the largest L."""

    k: float = 2.0
    ic0: float = 0.5
    most: float = 0.8
    longest: float = 122.0


def compute_sediment(
    terrain: Terrain, cover: Floats, practice: Floats, erosivity: Floats, erodibility: Floats, settings: SedimentSettings
) -> dict[str, Floats]:
    """Return layers by name, in the units of LAYERS; NaN where a figure lacks, where no way leads to a stream, and of losses on streams.

    Parameters
    ----------
    cover, practice : C and P of each pixel
    erosivity, erodibility : R and K of each pixel, MJ mm/(ha h yr) and t ha h/(ha MJ mm)
    """
    drainage, streams = terrain.drainage, terrain.streams
    slope_factor = compute_slope_length(terrain, settings.longest)
    potential = np.where(streams, np.nan, slope_factor * erosivity * erodibility)
    loss = potential * cover * practice
    connectivity = terrain.find_connectivity(np.maximum(cover, LEAST_COVER))
    ratio = settings.most / (1 + np.exp((settings.ic0 - connectivity) / settings.k))
    delivered = np.where(streams, 1.0, ratio)
    left = np.where(streams, 0.0, loss * (1 - ratio))
    if isinstance(drainage, Spread):
        settled = settle_spread(drainage, delivered, left)
    else:
        settled = _settle(drainage.upward, drainage.below, delivered.ravel(), left.ravel()).reshape(streams.shape)
    avoided = potential - loss
    return {
        "potential_loss": potential,
        "soil_loss": loss,
        "avoided_erosion": avoided,
        "sediment_export": loss * ratio,
        "sediment_deposition": settled,
        "avoided_export": avoided * ratio + settled,
        "delivery_ratio": delivered,
        "connectivity": connectivity,
        "slope_factor": slope_factor,
        "streams": np.where(drainage.count > 0, streams.astype(np.float64), np.nan),
    }


def compute_slope_length(terrain: Terrain, longest: float) -> Floats:
    """Return LS, without a unit.

    Parameters
    ----------
    longest : L counts up to so much

    Source: Desmet and Govers 1996, equation for L, with √area as the area above, as InVEST 3.20 documents it.
    """
    slope, side = terrain.slope, terrain.size
    angle = np.arctan(slope)
    sine = np.sin(angle)
    steepness = np.where(slope < STEEP, 10.8 * sine + 0.03, 16.8 * sine - 0.5)
    beta = (sine / 0.0896) / (3 * sine**0.8 + 0.56)
    power = np.select([slope <= most for most in GENTLE], POWERS, np.where(slope > STEEP, beta / (1 + beta), POWER))
    above = np.sqrt(np.maximum(terrain.drainage.count - 1, 0) * side**2)
    facing = np.abs(sine) + np.abs(np.cos(angle))
    length = ((above + side**2) ** (power + 1) - above ** (power + 1)) / (side ** (power + 2) * facing**power * UNIT_PLOT**power)
    return np.asarray(np.minimum(length, longest) * steepness)


@compiled
def _settle(upward: Way, below: Way, delivered: Floats, left: Floats) -> Floats:
    """Return what settles on each pixel of what was left above: the share by which the ratio rises to the next pixel; all of it on a stream.

    Parameters
    ----------
    delivered : delivery ratio, 1 on streams, NaN where no way leads to one
    left      : what is lost and not delivered, per area
    """
    settled = np.full(len(below), np.nan)
    arriving = np.zeros(len(below))
    for at in upward[::-1]:
        own = delivered[at]
        if np.isnan(own) or np.isnan(left[at]):
            continue
        following = own
        if below[at] != at and delivered[below[at]] > own:
            following = delivered[below[at]]
        share = 1.0 if own == 1.0 else (following - own) / (1.0 - own)
        settled[at] = share * arriving[at]
        if below[at] != at:
            arriving[below[at]] += (1.0 - share) * arriving[at] + left[at]
    return settled


def is_known(layers: dict[str, Floats], streams: Flags) -> Flags:
    """Return the pixels of which everything is known; on streams nothing erodes, which is known."""
    return streams | ~np.isnan(layers["avoided_export"])
