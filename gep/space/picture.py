"""Quick-look pictures of maps: amounts per square kilometre, with county borders, legend and scale. A frontier to matplotlib."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rasterio
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

from gep.files.writing import write_whole
from gep.paths import TEMPLATES
from gep.space.grid import Window, measure_pixel_areas
from gep.space.pixels import make_unit_per_area, name_picture
from gep.units.registry import print_unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from gep.space.grid import Grid
    from gep.space.pixels import Layer
    from gep.space.zones import Zones

LONGEST = 900
"""Units of a picture's longer side, the margins not counted; a unit is a hundredth of an inch."""
SHARP = 1.5
"""Dots a unit: letters and borders stay sharp on paper and on fine screens."""
MARGIN, FOOT, HEAD = 24, 96, 56
NARROWEST = 360 + 2 * MARGIN
"""Units that the legend needs beside its margins."""
LEGEND, SWATCH = 260, 14
RAMP = LinearSegmentedColormap.from_list("amounts", ["#ffffd9", "#c7e9b4", "#41b6c4", "#225ea8", "#081d58"]).with_extremes(
    bad="#ebebeb"
)
"""Pale to dark blue, in equal steps of lightness: readable in grey and by the colour-blind."""
BELOW, ABOVE = 2, 98
"""Percentiles between which the colours run."""
_STEPS = (1, 2, 5)
_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
"""The font has no subscripts."""


@dataclass(frozen=True)
class Picture:
    """A picture and what it shows."""

    path: Path
    layer: Layer
    band: str


def draw(raster: Path, layer: Layer, zones: Zones, grid: Grid, folder: Path) -> list[Picture]:
    """Write a picture of each of a map's bands as PNG, north up, in the layer's unit over km²; return what was written.

    Parameters
    ----------
    raster : the map's file
    grid   : its grid

    Raises
    ------
    Problems : the folder cannot be written
    """
    shrink = max(1.0, max(grid.width, grid.height) / LONGEST)
    width, height = max(1, round(grid.width / shrink)), max(1, round(grid.height / shrink))
    areas = _mean_areas(grid, width, height)
    up = -1 if grid.step_y > 0 else 1
    borders = [shapely.transform(one, lambda points: points * (1, up) - (0, grid.height * (up < 0))) for one in zones.shapes]
    drawn = []
    for at, band in enumerate(layer.bands, start=1):
        with rasterio.open(raster) as source:
            cells = source.read(at, out_shape=(height, width), resampling=rasterio.enums.Resampling.average).astype(np.float64)
        path = folder / name_picture(layer, band)
        image = _image((cells / areas)[::up], layer, band, borders, grid)
        with write_whole(path, "picture") as temporary:
            image.savefig(temporary, format="png", dpi=100 * SHARP, metadata={"Software": None})
        drawn.append(Picture(path, layer, band))
    return drawn


def _mean_areas(grid: Grid, width: int, height: int) -> NDArray[np.float64]:
    """Return the areas of the raster's own pixels at the places of the picture's, km²: a mean is of its own pixels."""
    rows = np.minimum(((np.arange(height) + 0.5) * grid.height / height).astype(int), grid.height - 1)
    columns = np.minimum(((np.arange(width) + 0.5) * grid.width / width).astype(int), grid.width - 1)
    few = rows[:: max(1, height // 16)]
    areas = [measure_pixel_areas(grid, Window(int(row), 0, 1, grid.width)) for row in few]
    at_columns = np.array([np.broadcast_to(one, (1, grid.width))[0, columns] for one in areas])
    found = np.empty((height, width))
    for column in range(width):
        found[:, column] = np.interp(rows, few, at_columns[:, column])
    return found


def _image(density: NDArray[np.float64], layer: Layer, band: str, borders: Sequence[shapely.Geometry], grid: Grid) -> Figure:
    known = density[np.isfinite(density)]
    low, high = (float(one) for one in np.percentile(known, (BELOW, ABOVE))) if known.size else (0.0, 0.0)
    if high <= low:
        low, high = min(low, 0.0), max(high, low + 1.0)
    enlarge = max(1, LONGEST // max(density.shape))
    height, width = density.shape[0] * enlarge, density.shape[1] * enlarge
    figure, axes = _sheet(max(width + 2 * MARGIN, NARROWEST), height + HEAD + FOOT)
    axes.imshow(
        np.ma.masked_invalid(density),
        cmap=RAMP,
        vmin=low,
        vmax=high,
        interpolation="nearest",
        extent=(MARGIN, MARGIN + width, HEAD + height, HEAD),
        aspect="auto",
    )
    axes.add_collection(
        LineCollection(_lines(borders, width / grid.width, height / grid.height), colors="#666666", linewidths=0.6)
    )
    unit = print_unit(make_unit_per_area(layer.unit))
    of_band = f" {band}" if band else ""
    _write(axes, (MARGIN, 10), f"{layer.title.zh}{of_band}  {layer.title.en}{of_band}", size=17)
    _write(axes, (MARGIN, 33), f"{unit} · {layer.rule} ({layer.variant})", colour="#555555")
    _legend(axes, (MARGIN, height + HEAD + 14), (low, high), has=known.size > 0)
    _scale(axes, (MARGIN, height + HEAD + 62), grid, width)
    axes.set(xlim=(0, figure.get_figwidth() * 100), ylim=(figure.get_figheight() * 100, 0))
    return figure


def _sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a white picture and axes over all of it, in units from its upper left corner."""
    figure = Figure(figsize=(width / 100, height / 100), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    return figure, axes


def _lines(shapes: Sequence[shapely.Geometry], across: float, down: float) -> list[NDArray[np.float64]]:
    """Return the outer rings of polygons in units of the picture, without corners that are less than half a unit."""
    parts = [part for shape in shapes for part in shapely.get_parts(shapely.simplify(shape, 0.5 / max(across, 1e-9)))]
    return [shapely.get_coordinates(part.exterior) * (across, -down) + (MARGIN, HEAD) for part in parts]


def _write(
    axes: Axes, at: tuple[float, float], text: str, *, size: float = 12, colour: str = "black", where: str = "left"
) -> None:
    """Write a text below a point; the size is in units."""
    font = FontProperties(fname=TEMPLATES / "fonts" / "NotoSansSC-Regular.ttf", size=size * 0.72)
    axes.text(*at, text.translate(_PLAIN), color=colour, fontproperties=font, ha=where, va="top")


def _legend(axes: Axes, at: tuple[float, float], ends: tuple[float, float], *, has: bool) -> None:
    left, top = at
    box = (left, left + LEGEND, top + SWATCH, top)
    axes.imshow(np.linspace(0, 1, LEGEND)[None], cmap=RAMP, extent=box, aspect="auto")
    axes.add_patch(Rectangle(at, LEGEND, SWATCH, fill=False, edgecolor="#666666", linewidth=0.7))
    if not has:
        _write(axes, (left, top + 18), "无数据 no data")
        return
    for share, mark, where in ((0.0, "≤ ", "left"), (0.5, "", "center"), (1.0, "≥ ", "right")):
        value = ends[0] if share == 0 else ends[1] if share == 1 else (ends[0] + ends[1]) / 2
        _write(axes, (left + share * LEGEND, top + 18), f"{mark}{float(f'{value:.3g}'):,.10g}", where=where)
    axes.add_patch(Rectangle((left + LEGEND + 16, top), SWATCH, SWATCH, facecolor="#ebebeb", edgecolor="#666666", linewidth=0.7))
    _write(axes, (left + LEGEND + 36, top - 1), "不计或无数据 not counted or no data")


def _scale(axes: Axes, at: tuple[float, float], grid: Grid, width: int) -> None:
    """Draw a bar of a round number of kilometres, as long as it is in the middle of the map."""
    middle = float(measure_pixel_areas(grid, Window(grid.height // 2, grid.width // 2, 1, 1))[0, 0])
    ratio = abs(grid.step_y / grid.step_x)
    pixel_height = np.sqrt(middle * ratio)
    if is_geographic(grid):
        pixel_height = abs(grid.step_y) * KM_PER_DEGREE
    kilometres = middle / pixel_height * grid.width / width
    wanted = kilometres * width / 5
    power = 10 ** np.floor(np.log10(wanted))
    length = max(step * power for step in _STEPS if step * power <= wanted)
    right = at[0] + length / kilometres
    left, top = at
    axes.plot([left, left, right, right], [top + 5, top, top, top + 5], color="black", linewidth=0.8)
    _write(axes, (left, top + 6), f"{length:,g} km")


KM_PER_DEGREE = 111.2


def is_geographic(grid: Grid) -> bool:
    """Whether a grid is in degrees."""
    from pyproj import CRS

    return bool(CRS.from_wkt(grid.crs).is_geographic)
