"""Nitrogen and phosphorus that reach streams, pixel by pixel: NDR (Borselli 2008, Vigiak 2012), as InVEST 3.20 has it, on D8 or MFD.

NDR = (1 − retention) / (1 + exp((IC0 − IC) / k)), IC0 half way between the least and the largest IC; the retention grows on the way to the stream towards
the efficiency of the land it crosses, by 1 − exp(−5 step / critical length). Below ground 1 − efficiency (1 − exp(−5 way / critical length)) is delivered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.space.routing.drainage import COLUMNS, ROWS, TILE, compiled
from gep.space.routing.spread import Spread
from gep.space.routing.spread_delivery import FALL, retain_spread

if TYPE_CHECKING:
    from gep.space.routing.connectivity import Flags, Floats, Terrain
    from gep.space.routing.drainage import Way

PER_AREA = "kg/ha/yr"
SUMMED = ("surface_load", "surface_export", "subsurface_load", "subsurface_export", "total_export", "retained")
RATIOS = ("retention", "delivery_ratio", "subsurface_ratio")
TRACED = 1.0
"""As of sediment; InVEST 3.20 has another for nutrients."""


@dataclass(frozen=True)
class Land:
    """What land cover does to a nutrient, pixel by pixel.

    Attributes
    ----------
    load       : that leaves the pixel, kg/ha/yr, before the index of runoff
    efficiency : the largest share retained
    length     : critical length, metres
    below      : share of the load that goes below ground; None: none does
    """

    load: Floats
    efficiency: Floats
    length: Floats
    below: Floats | None


@dataclass(frozen=True)
class Subsurface:
    """What the ground retains: the largest share, and the critical length in metres."""

    efficiency: float
    length: float


def compute_nutrient(
    terrain: Terrain, connectivity: Floats, land: Land, runoff: Floats, k: float, ground: Subsurface | None
) -> dict[str, Floats]:
    """Return layers by name, loads, exports and what is retained in kg/ha/yr; NaN where a figure lacks and where no way leads to a stream.

    Parameters
    ----------
    connectivity : IC without weights
    runoff       : index, 1 in the mean
    k            : of calibration
    ground       : None: nothing goes below ground
    """
    drainage, streams = terrain.drainage, terrain.streams
    load = land.load * runoff
    efficiency, length = (np.where(streams, 0.0, one) for one in (land.efficiency, land.length))
    if isinstance(drainage, Spread):
        kept = retain_spread(drainage, streams, efficiency, length, terrain.size, published=terrain.published)
    else:
        step = drainage.length * terrain.size
        of_land = drainage.below, streams.ravel(), efficiency.ravel(), length.ravel(), step.ravel()
        kept = _retain(drainage.upward, *of_land) if terrain.published else _retain_as_invest(streams.shape, *of_land)
        kept = kept.reshape(streams.shape)
    known = connectivity[~np.isnan(connectivity)]
    middle = (known.min() + known.max()) / 2 if known.size else np.nan
    ratio = (1 - kept) / (1 + np.exp((middle - connectivity) / k))
    surface = load if land.below is None else load * (1 - land.below)
    found = {"surface_load": surface, "surface_export": surface * ratio, "retention": kept, "delivery_ratio": ratio}
    if ground is None or land.below is None:
        return {**found, "total_export": found["surface_export"], "retained": surface - found["surface_export"]}
    beneath = load * land.below
    ratio = 1 - ground.efficiency * (1 - np.exp(-FALL * terrain.find_distance() / ground.length))
    export = found["surface_export"] + beneath * ratio
    return {
        **found,
        "subsurface_load": beneath,
        "subsurface_export": beneath * ratio,
        "subsurface_ratio": ratio,
        "total_export": export,
        "retained": load - export,
    }


def index_runoff(runoff: Floats, inside: Flags, mean: float | None) -> Floats:
    """Return runoff over its mean; 1 where both are 0.

    Parameters
    ----------
    inside : pixels whose mean it is
    mean   : stated; None: that of the pixels
    """
    known = runoff[inside & ~np.isnan(runoff)]
    by = mean if mean is not None else float(known.mean()) if known.size else 0.0
    return runoff / by if by else runoff


@compiled
def _retain(upward: Way, below: Way, streams: Flags, efficiency: Floats, length: Floats, step: Floats) -> Floats:
    """Return the share retained between each pixel and the stream; 0 on streams, NaN where the land is not known on the way.

    Parameters
    ----------
    step : to the next pixel, metres
    """
    kept = np.full(len(below), np.nan)
    for at in upward:
        kept[at] = _retain_one(at, below[at], kept, streams, efficiency, length, step, np.nan)
    return kept


@compiled
def _retain_as_invest(
    shape: tuple[int, int], below: Way, streams: Flags, efficiency: Floats, length: Floats, step: Floats
) -> Floats:
    """Return the share retained, in the order in which InVEST 3.20 goes upward.

    It begins, tile by tile, at the pixels that drain out of the terrain, and also at those met after a pixel they drain to that it
    has begun at: these come before that pixel, of which nothing is known yet, and get a share of 0, as do pixels that drain to land of which nothing is known.
    """
    rows, columns = shape
    kept = np.full(len(below), np.nan)
    waiting = below >= 0
    todo = [0 for _ in range(0)]
    for top in range(0, rows, TILE):
        for left in range(0, columns, TILE):
            for row in range(top, min(rows, top + TILE)):
                for column in range(left, min(columns, left + TILE)):
                    at = row * columns + column
                    if waiting[at] and (below[at] == at or not waiting[below[at]]):
                        waiting[at] = False
                        todo.append(at)
            while len(todo) > 0:
                at = todo.pop()
                kept[at] = _retain_one(at, below[at], kept, streams, efficiency, length, step, 0.0)
                row, column = at // columns, at % columns
                for way in range(8):
                    r, c = row + ROWS[way], column + COLUMNS[way]
                    if 0 <= r < rows and 0 <= c < columns and waiting[r * columns + c] and below[r * columns + c] == at:
                        waiting[r * columns + c] = False
                        todo.append(r * columns + c)
    return kept


@compiled
def _retain_one(
    at: int, after: int, kept: Floats, streams: Flags, efficiency: Floats, length: Floats, step: Floats, beyond: float
) -> float:
    """Return the share retained from a pixel on, from that of the pixel it drains to.

    Parameters
    ----------
    beyond : the share where the way leads out of the terrain, or across land of which nothing is known
    """
    if streams[at]:
        return 0.0
    if np.isnan(efficiency[at]) or np.isnan(length[at]):
        return np.nan
    if after == at or np.isnan(kept[after]):
        return beyond
    through = np.exp(-FALL * step[at] / length[at]) if length[at] > 0 else 0.0
    if efficiency[at] > kept[after]:
        return float(kept[after] * through + efficiency[at] * (1 - through))
    return float(kept[after])
