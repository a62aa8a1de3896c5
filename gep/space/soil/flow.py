"""LS from the way water flows down a terrain: contributing area of every pixel by D8, on the flow library pyflwdir. A frontier to it.

L: Desmet and Govers 1996, L = ((A + D²)^(m+1) − A^(m+1)) / (D^(m+2) x^m 22.13^m): A area above the pixel, D its side, x 1 across and √2 along diagonals, all in metres; √A counts up to a longest slope length.
m = β / (1 + β), β = (sin θ / 0.089) / (3 sin^0.8 θ + 0.56); S: 10.8 sin θ + 0.03 below 5.14°, 16.8 sin θ − 0.5 to 10.20°, 21.9 sin θ − 0.96 to 28.81°, 9.5988 above (both HJ 1173-2021, A.2 [V]).
Slope: Horn 1981. Depressions are filled to where they run over (Wang and Liu 2006). Desmet and Govers recalled [K].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.messages.problems import refuse_one
from gep.messages.texts import Joined, say
from gep.space.raster.blocks import DEFAULT_MEMORY
from gep.space.raster.collect import look_at_one
from gep.space.raster.grid import Window, measure_pixel_areas
from gep.space.raster.sources import describe_wrong_file
from gep.space.raster.writing import Kind, ResultRasters
from gep.space.soil.marks import read_marks
from gep.space.soil.terrain import compute_slope, describe_written, look_at_terrain, measure_pixel_size, read_heights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.space.raster.sources import Raster

    Floats = NDArray[np.float64]

UNIT_PLOT = 22.13
LONGEST = 122.0
"""Metres of slope length beyond which water runs in channels, unless told: as in InVEST; recalled [K]."""
GENTLE, STEEP, STEEPEST, PLATEAU = 5.14, 10.20, 28.81, 9.5988
BYTES = 160
"""What a pixel takes while the whole terrain is in memory."""
NO_HEIGHT = -9999.0
LAYERS = ("slope_factor", "slope", "slope_length_factor", "slope_steepness_factor", "contributing_area")
UNITS = ("1", "degree", "1", "1", "km2")
METHOD = "S and m: HJ 1173-2021 A.2; L: Desmet and Govers 1996 on contributing area (D8, pyflwdir); slope: Horn 1981"


def write_flow_factors(
    dem: Path,
    output: Path,
    longest: float = LONGEST,
    memory: int = DEFAULT_MEMORY,
    progress: Callable[[str], None] = lambda _: None,
    *,
    parts: bool = False,
    barriers: Path | None = None,
) -> str:
    """Write LS of a terrain model by contributing area, and with `parts` slope, L, S and contributing area beside it; return what was done.

    Parameters
    ----------
    longest : metres of slope length that count at most
    memory  : megabytes for the whole process; the terrain is held in it as a whole
    barriers : raster of 1 where a slope length ends and another begins (terrace edges, roads, ditches), else 0; None: nothing stops one

    Raises
    ------
    Problems : a model that cannot be read or is larger than memory, heights that are not metres, barriers on another grid
    """
    raster = look_at_terrain(dem, output)
    grid = raster.grid
    need = grid.width * grid.height * BYTES >> 20
    if need > memory:
        refuse_one(
            "--memory",
            say("the way of water over {count:,} pixels takes {need:,} MB", count=grid.width * grid.height, need=need),
            say("at most {memory:,} MB", memory=memory),
            say("--memory {need} allows it; or take one basin, or a coarser model", need=need),
        )
    whole = Window(0, 0, grid.height, grid.width)
    progress("reading the terrain")
    heights = read_heights(raster, whole)
    stops, cited = _read_barriers(barriers, raster, heights)
    across, down = measure_pixel_size(grid, whole)
    areas = np.broadcast_to(measure_pixel_areas(grid, whole) * 1e6, (grid.height, grid.width))
    progress("following the water")
    found = compute_flow_factors(heights, across, down, areas, longest, stops)
    names = LAYERS if parts else LAYERS[:1]
    tags = {
        "METHOD": METHOD,
        "DEM": raster.cited,
        "LONGEST_SLOPE_M": f"{longest:g}",
        **({"BARRIERS": cited} if cited else {}),
        "MARK": "V; Desmet and Govers, longest slope K",
    }
    kinds = [
        Kind(output.stem if at == 0 else f"{output.stem}.{name}", (name,), unit, {"UNIT": unit, "RULE": name, **tags})
        for at, (name, unit) in enumerate(zip(names, UNITS, strict=False))
    ]
    with ResultRasters(output.parent, grid, kinds, 1) as files:
        for at in range(len(kinds)):
            files.write(at, whole, found[at].astype(np.float32)[None])
    told = describe_written(METHOD, files.targets[0], dem)
    if stops is None:
        return told
    return Joined(
        [told, say("slope lengths end at {count:,} pixels of {file}", count=int(stops.sum()), file=barriers)], "; ", "；"
    )


def _read_barriers(path: Path | None, dem: Raster, heights: Floats) -> tuple[NDArray[np.bool_] | None, str]:
    """Return the pixels that stop a slope length, and the file; heights become unknown where the file knows nothing.

    Raises
    ------
    Problems : the file does not lie on the grid of the terrain and cover it, marks nothing, or holds other numbers than 0 and 1
    """
    if path is None:
        return None, ""
    raster = look_at_one(str(path))
    on_it = dem.grid.find_on(raster.grid)
    if on_it is None:
        raise describe_wrong_file(
            path,
            say("it does not lie on the grid of {other}, or does not cover it", other=dem.name),
            say("0 or 1 for every pixel of it"),
            say("--barriers: gdal_rasterize -tap -tr -te makes one of lines, gdalwarp -r near brings one onto that grid"),
        )
    stops, lacking = read_marks(raster.crop(on_it), say("0, or 1 where a slope length ends"))
    if not stops.any():
        raise describe_wrong_file(
            path, say("no pixel is 1: nothing stops a slope length"), say("0, or 1 where a slope length ends")
        )
    heights[1:-1, 1:-1][lacking] = np.nan
    return stops, raster.cited


def compute_flow_factors(
    heights: Floats, across: Floats, down: Floats, areas: Floats, longest: float, stops: NDArray[np.bool_] | None = None
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return LS, slope (degrees), L, S and contributing area with the pixel itself (km²); NaN where a height is missing.

    Parameters
    ----------
    heights : metres, one row and column more on every side than the result, NaN where there is none
    across, down : size of a pixel, metres, shape (rows, 1)
    areas   : of pixels, m²
    longest : metres of slope length that count at most
    stops   : pixels at which a slope length ends: neither they nor those below have anything above them
    """
    import pyflwdir
    import pyflwdir.dem

    inner = heights[1:-1, 1:-1]
    unknown = np.isnan(inner)
    slope = compute_slope(heights, across, down)
    filled, flooded = pyflwdir.dem.fill_depressions(
        np.where(unknown, NO_HEIGHT, inner).astype(np.float32), nodata=NO_HEIGHT, outlets="edge"
    )
    codes = find_directions(np.where(unknown, np.nan, filled), across, down, flooded)
    ends = np.zeros(codes.shape, dtype=bool) if stops is None else stops
    flow = pyflwdir.from_array(np.where(ends, np.uint8(PIT), codes), ftype="d8", check_ftype=False)
    gathered = np.asarray(flow.accuflux(np.where(unknown, 0.0, areas)), dtype=np.float64)
    gathered = np.where(ends, areas, gathered)
    x = np.where(np.isin(codes, DIAGONAL), np.sqrt(2.0), 1.0)
    side = np.sqrt(areas)
    above = np.minimum(np.sqrt(np.maximum(gathered - areas, 0.0)), longest) ** 2
    sine = np.sin(slope)
    beta = (sine / 0.089) / (3.0 * sine**0.8 + 0.56)
    m = beta / (1 + beta)
    length = ((above + areas) ** (m + 1) - above ** (m + 1)) / (side ** (m + 2) * x**m * UNIT_PLOT**m)
    degrees = np.degrees(slope)
    steepness = np.select(
        [degrees < GENTLE, degrees < STEEP, degrees < STEEPEST],
        [10.8 * sine + 0.03, 16.8 * sine - 0.5, 21.9 * sine - 0.96],
        np.where(np.isnan(degrees), np.nan, PLATEAU),
    )
    return (length * steepness, degrees, length, steepness, np.where(unknown, np.nan, gathered / 1e6))


def find_directions(heights: Floats, across: Floats, down: Floats, flooded: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return where each pixel drains, in the codes of D8: to the neighbour of the steepest fall, on level ground as the depression ran over.

    Parameters
    ----------
    heights : metres, depressions filled, NaN where there is none
    across, down : size of a pixel, metres, shape (rows, 1)
    flooded : codes by which depressions were filled

    Source: O'Callaghan and Mark 1984.
    """
    around = np.pad(heights, 1, constant_values=np.nan)
    best = np.zeros(heights.shape)
    codes = flooded.copy()
    for code, (row, column) in DIRECTIONS.items():
        other = around[1 + row : 1 + row + heights.shape[0], 1 + column : 1 + column + heights.shape[1]]
        fall = (heights - other) / np.hypot(row * down, column * across)
        steeper = fall > best
        best = np.where(steeper, fall, best)
        codes[steeper] = code
    return codes


DIRECTIONS = {1: (0, 1), 2: (1, 1), 4: (1, 0), 8: (1, -1), 16: (0, -1), 32: (-1, -1), 64: (-1, 0), 128: (-1, 1)}
"""Code of D8 → rows down and columns to the right."""
DIAGONAL = (2, 8, 32, 128)
PIT = 0
"""Code of a pixel that drains nowhere."""
