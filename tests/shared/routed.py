"""Small landscapes that water runs over, as real files, and what reaches their streams by the equations, cell by cell in plain Python."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from spaces import write_crosswalk, write_raster, write_zones

Floats = NDArray[np.float64]
Cell = tuple[int, int]

SIDE = 30
UTM = "EPSG:32650"
LEFT, TOP = 500000, 3200000
HEADER = "lucode,usle_c,usle_p,load_n,eff_n,crit_len_n,load_type_n,proportion_subsurface_n,load_p,eff_p,crit_len_p,load_type_p\n"
ROWS = (
    "1,0.0005,1,3,0.8,150,measured-runoff,0.1,0.2,0.7,150,measured-runoff\n"
    "2,0.2,0.8,60,0.25,30,application-rate,0.3,6,0.3,30,application-rate\n"
    "3,0.05,1,8,0.5,60,measured-runoff,0.2,0.8,0.5,60,measured-runoff\n"
    "4,0.6,0.9,20,0.05,0,application-rate,0,2,0.1,15,measured-runoff\n"
)
TYPES = {1: "evergreen_broadleaf_forest", 2: "paddy", 3: "tussock", 4: "residential"}
GROUND = {"length": 200.0, "efficiency": 0.8}
STREAMS = 25


def make_landscape(folder: Path, kind: str) -> Path:
    """Write a landscape: `rugged` has pits and holes, `stepped` whole metres and so level ground and lakes; two zones, outlets on all sides."""
    rows, columns = (38, 34) if kind == "rugged" else (60, 52)
    y, x = np.mgrid[:rows, :columns]
    rough = ((7919 * x + 104729 * y + 31 * x * y * (x + 2)) * 613 % 99991) / 99991
    height = 300 + 1.7 * np.abs(x - columns * 0.55) + 0.9 * np.abs(y - rows * 0.4) + 3.2 * rough + 0.15 * y
    if kind == "stepped":
        height = np.round(height)
        height[20:26, 30:38] = height[20:26, 30:38].min() - 3
    land = (1 + (x // 6 + y // 5) % 4).astype(np.uint8)
    erosivity, erodibility = 3000 + 20.0 * x + 10 * y, 0.02 + 0.0002 * y + 0.00005 * x
    rain = 1200 + 3.0 * x + 2 * y
    height[15:18, 20:24] = -9999
    land[5:7, 10:14] = 255
    erosivity[20:22, 30:33] = -1
    rain[25:27, 8:10] = -1
    place: dict[str, Any] = {"left": LEFT, "top": TOP, "step": SIDE, "crs": UTM}
    folder.mkdir(parents=True, exist_ok=True)
    write_raster(folder / "dem.tif", height.astype(np.float32), nodata=-9999, **place)
    write_raster(folder / "land.tif", land, nodata=255, **place)
    write_raster(folder / "R.tif", erosivity.astype(np.float32), nodata=-1, unit="MJ*mm/ha/h/yr", **place)
    write_raster(folder / "K.tif", erodibility.astype(np.float32), nodata=-1, unit="t*ha*h/ha/MJ/mm", **place)
    write_raster(folder / "P.tif", rain.astype(np.float32), nodata=-1, unit="mm/yr", **place)
    right, bottom, middle = LEFT + SIDE * columns, TOP - SIDE * rows, LEFT + SIDE * columns // 2 + 7
    zones = {"360725": shapely.box(LEFT + 40, bottom, middle, TOP), "360726": shapely.box(middle, bottom + 50, right, TOP)}
    write_zones(folder / "zones.gpkg", zones, crs=UTM)
    write_crosswalk(folder / "classes.csv", TYPES)
    (folder / "table.csv").write_text(HEADER + ROWS, "utf-8")
    return folder


def table(name: str) -> dict[int, float | str]:
    """A column of the table by class."""
    at = HEADER.strip().split(",").index(name)
    cells = {int(row.split(",")[0]): row.split(",")[at] for row in ROWS.split()}
    return {code: cell if name.startswith("load_type") else float(cell) for code, cell in cells.items()}


class Routed:
    """A terrain routed cell by cell: every quantity is a function of a cell, computed from its definition."""

    def __init__(self, heights: Floats, *, metres: bool) -> None:
        self.metres = metres
        self.height = {cell: float(heights[cell]) for cell in np.ndindex(heights.shape) if not np.isnan(heights[cell])}
        self.filled = self.fill()
        self.below = {cell: self.find_below(cell) for cell in self.filled}
        self.drain_level()
        self.above: dict[Cell, list[Cell]] = {cell: [] for cell in self.filled}
        for cell, below in self.below.items():
            if below is not None:
                self.above[below].append(cell)
        self.slope = {cell: self.find_slope(cell) for cell in self.filled}

    def around(self, cell: Cell) -> Iterator[tuple[Cell, float]]:
        """Neighbours and how far they are, from the east against the clock."""
        for eighth in range(8):
            down, across = -round(math.sin(eighth * math.pi / 4)), round(math.cos(eighth * math.pi / 4))
            if (there := (cell[0] + down, cell[1] + across)) in self.height:
                yield there, math.hypot(down, across)

    def fill(self) -> dict[Cell, float]:
        """The lowest surface from every cell of which a way that never rises leads out."""
        level = {cell: z if len(list(self.around(cell))) < 8 else math.inf for cell, z in self.height.items()}
        changed = True
        while changed:
            changed = False
            for cell, z in self.height.items():
                lowest = max(z, min((level[there] for there, _ in self.around(cell)), default=z))
                if lowest < level[cell]:
                    level[cell], changed = lowest, True
        return level

    def find_below(self, cell: Cell) -> Cell | None:
        """The neighbour of the steepest fall; of equals the first from the east against the clock."""
        falls = {there: (self.filled[cell] - self.filled[there]) / far for there, far in self.around(cell)}
        best = max(falls, key=falls.__getitem__, default=None)
        return best if best is not None and falls[best] > 0 else None

    def drain_level(self) -> None:
        """Level ground drains along the shortest way to a cell of it that falls, else over the border."""
        level = [cell for cell, below in self.below.items() if below is None]
        far = {cell: 0.0 for cell, below in self.below.items() if below is not None}
        for cell in [one for one in level if not self.reaches_fall(one) and len(list(self.around(one))) < 8]:
            far[cell] = 0.0
        todo = [one for one in level if one not in far]
        for _ in todo:
            for cell in todo:
                ways = [
                    (far[there] + step, there)
                    for there, step in self.around(cell)
                    if there in far and self.filled[there] == self.filled[cell]
                ]
                if ways and min(ways)[0] < far.get(cell, math.inf):
                    far[cell], self.below[cell] = min(ways)
        for cell in todo:
            equal = [
                there
                for there, step in self.around(cell)
                if self.filled[there] == self.filled[cell] and abs(far[there] + step - far[cell]) < 1e-9
            ]
            assert len(equal) == 1, "the landscape is to leave no choice"

    def reaches_fall(self, cell: Cell) -> bool:
        seen, todo = {cell}, [cell]
        while todo:
            one = todo.pop()
            if self.below[one] is not None:
                return True
            more = [there for there, _ in self.around(one) if self.filled[there] == self.filled[cell] and there not in seen]
            seen.update(more)
            todo += more
        return False

    def find_slope(self, cell: Cell) -> float:
        """Finite differences over eight neighbours; where one lacks, over what is left of its line."""
        row, column = cell
        z = self.filled
        here = z[cell]
        rises = []
        for line in ((0, 1), (1, 0)):
            fall, weight = 0.0, 0
            for beside in (-1, 0, 1):
                first, between, last = (
                    z.get((row + beside * line[1] + way * line[0], column + beside * line[0] + way * line[1]))
                    for way in (-1, 0, 1)
                )
                double = 2 if beside == 0 else 1
                if first is not None and last is not None:
                    fall, weight = fall + double * (first - last), weight + 2 * double
                elif beside and first is not None and between is not None:
                    fall, weight = fall + first - between, weight + 1
                elif beside and between is not None and last is not None:
                    fall, weight = fall + between - last, weight + 1
                elif first is not None:
                    fall, weight = fall + (first - here) * (2 if beside == 0 else math.sqrt(2)), weight + double
                elif last is not None:
                    fall, weight = fall + (here - last) * (2 if beside == 0 else math.sqrt(2)), weight + double
            rises.append(fall / (weight * SIDE) if weight else 0.0)
        return math.hypot(*rises)

    def upstream(self, cell: Cell) -> list[Cell]:
        found = [cell]
        for one in found:
            found += self.above[one]
        return found

    def is_stream(self, cell: Cell) -> bool:
        return len(self.upstream(cell)) > STREAMS

    def way(self, cell: Cell) -> list[tuple[Cell, float]] | None:
        """Cells on the way to the stream with the length of each step; None where the way leads elsewhere."""
        found = []
        at: Cell | None = cell
        while at is not None and not self.is_stream(at):
            below = self.below[at]
            if below is None:
                return None
            found.append((at, math.dist(at, below) * SIDE))
            at = below
        return found

    def connectivity(self, cell: Cell, weight: dict[Cell, float]) -> float | None:
        held = {one: min(max(self.slope[one], 0.005), 1.0) for one in self.slope}
        way, up = self.way(cell), self.upstream(cell)
        if not way:
            return None
        above = sum(weight[one] for one in up) / len(up) * sum(held[one] for one in up) / len(up) * SIDE * math.sqrt(len(up))
        below = sum((step if self.metres else 1.0) / (weight[one] * held[one]) for one, step in way)
        return math.log10(above / below)

    def slope_factor(self, cell: Cell) -> float:
        slope = self.slope[cell]
        sine, cosine = math.sin(math.atan(slope)), math.cos(math.atan(slope))
        steep = 10.8 * sine + 0.03 if slope < 0.09 else 16.8 * sine - 0.5
        beta = sine / 0.0896 / (3 * sine**0.8 + 0.56)
        m = (
            0.2
            if slope <= 0.01
            else 0.3
            if slope <= 0.035
            else 0.4
            if slope <= 0.05
            else 0.5
            if slope <= 0.09
            else beta / (1 + beta)
        )
        above = math.sqrt((len(self.upstream(cell)) - 1) * SIDE**2)
        length = ((above + SIDE**2) ** (m + 1) - above ** (m + 1)) / (SIDE ** (m + 2) * (sine + cosine) ** m * 22.13**m)
        return float(min(length, 122.0) * steep)


def route_sediment(
    routed: Routed, cover: dict[Cell, float], practice: dict[Cell, float], rk: dict[Cell, float]
) -> dict[str, dict[Cell, float]]:
    """Every layer, cell by cell; cells that are not there have no figure."""
    weight = {cell: max(c, 0.001) for cell, c in cover.items()}
    index = {cell: routed.connectivity(cell, weight) for cell in routed.filled}
    ratio = {cell: 0.8 / (1 + math.exp((0.5 - ic) / 2)) for cell, ic in index.items() if ic is not None}
    delivered = {**ratio, **{cell: 1.0 for cell in routed.filled if routed.is_stream(cell)}}
    potential = {cell: routed.slope_factor(cell) * rk[cell] for cell in routed.filled if not routed.is_stream(cell)}
    loss = {cell: one * cover[cell] * practice[cell] for cell, one in potential.items()}
    left = {cell: loss[cell] * (1 - ratio[cell]) if cell in ratio else 0.0 for cell in delivered}

    def settle(cell: Cell) -> tuple[float, float]:
        """What settles and what goes on."""
        arriving = sum(settle(one)[1] for one in routed.above[cell] if one in delivered)
        below = routed.below[cell]
        after = max(delivered[cell], delivered.get(below, 0.0) if below is not None else 0.0)
        share = 1.0 if delivered[cell] == 1 else (after - delivered[cell]) / (1 - delivered[cell])
        return share * arriving, (1 - share) * arriving + left[cell]

    settled = {cell: settle(cell)[0] for cell in delivered}
    avoided = {cell: potential[cell] - loss[cell] for cell in potential}
    return {
        "potential_loss": potential,
        "soil_loss": loss,
        "avoided_erosion": avoided,
        "sediment_export": {cell: loss[cell] * one for cell, one in ratio.items()},
        "sediment_deposition": settled,
        "avoided_export": {cell: avoided[cell] * one + settled[cell] for cell, one in ratio.items()},
    }


def route_nutrient(routed: Routed, land: dict[Cell, int], runoff: dict[Cell, float], of: str) -> dict[str, dict[Cell, float]]:
    """Every layer of n or p, cell by cell, by the published equations."""
    load, eff, length, kind = (table(f"{name}_{of}") for name in ("load", "eff", "crit_len", "load_type"))
    mean = sum(runoff.values()) / len(runoff)
    index = {cell: routed.connectivity(cell, dict.fromkeys(routed.filled, 1.0)) for cell in routed.filled}
    known = [ic for ic in index.values() if ic is not None]
    middle = (min(known) + max(known)) / 2
    sent = {}
    for cell, code in land.items():
        if cell in runoff:
            applied = 1 - float(eff[code]) if kind[code] == "application-rate" else 1.0
            sent[cell] = float(load[code]) * applied * runoff[cell] / mean

    def retain(cell: Cell) -> float:
        """The share retained; NaN where the way leads out or across land of which nothing is known."""
        below = routed.below[cell]
        if routed.is_stream(cell):
            return 0.0
        if cell not in land or below is None:
            return math.nan
        after, own = retain(below), float(eff[land[cell]])
        if math.isnan(after):
            return math.nan
        if own <= after:
            return after
        critical = float(length[land[cell]])
        through = math.exp(-5 * math.dist(cell, below) * SIDE / critical) if critical else 0.0
        return after * through + own * (1 - through)

    ratio = {
        cell: (1 - kept) / (1 + math.exp((middle - ic) / 2))
        for cell, ic in index.items()
        if ic is not None and not math.isnan(kept := retain(cell))
    }
    share = (
        {code: float(one) for code, one in table("proportion_subsurface_n").items()} if of == "n" else dict.fromkeys(TYPES, 0.0)
    )
    surface = {cell: one * (1 - share[land[cell]]) for cell, one in sent.items()}
    beneath = {cell: one * share[land[cell]] for cell, one in sent.items()}
    under = {}
    for cell in routed.filled:
        if (way := routed.way(cell)) is not None:
            far = sum(step if routed.metres else step / SIDE for _, step in way)
            under[cell] = 1 - GROUND["efficiency"] * (1 - math.exp(-5 * far / GROUND["length"]))
    found: dict[str, dict[Cell, float]] = {
        "surface_load": surface,
        "surface_export": {cell: surface[cell] * ratio[cell] for cell in ratio if cell in surface},
    }
    if of == "p":
        return found
    below_ground = {cell: beneath[cell] * under[cell] for cell in under if cell in beneath}
    both = found["surface_export"].keys() & below_ground.keys()
    total = {cell: found["surface_export"][cell] + below_ground[cell] for cell in both}
    retained = {cell: sent[cell] - one for cell, one in total.items()}
    return {**found, "subsurface_load": beneath, "subsurface_export": below_ground, "total_export": total, "retained": retained}
