"""What every printed map has: a page, a place for its points, outlines, names, north, scale, swatches. A frontier to matplotlib."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Polygon, Rectangle

from gep.files.writing import write_whole
from gep.paths import TEMPLATES
from gep.reference.regions import read_regions
from gep.space.raster.grid import Window, measure_pixel_areas

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from gep.space.raster.grid import Grid
    from gep.space.shapes.zones import Zones

    Floats = NDArray[np.float64]

LONGEST = 900
"""Units of a picture's longer side, the margins not counted; a unit is a hundredth of an inch."""
SHARP = 2
"""Dots a unit: 200 dots an inch."""
MARGIN, HEAD, SWATCH, LINE = 24, 92, 14, 20
NARROWEST = 560 + 2 * MARGIN
"""Units that title and legend need beside the margins."""
MOST_COUNTIES = 14
"""Zones up to which each is named on the map; above it their cities are."""
MAP_NOTE = "核算示意图。公开使用前须依《地图管理条例》送审并标注审图号。"
KM_PER_DEGREE = 111.2
BEHIND = "#f4f4f4"
"""Colour behind a pattern."""
WIDE = 0x2E80
"""From here letters of Unicode are as wide as high."""
_STEPS = (1, 2, 5)
_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
"""The font has no subscripts."""


def save_figure(figure: Figure, path: Path) -> None:
    """Write a picture as PNG under a name and as SVG beside it.

    Raises
    ------
    Problems : the folder cannot be written
    """
    with write_whole(path, "picture") as temporary:
        figure.savefig(temporary, format="png", dpi=100 * SHARP, metadata={"Software": None})
    with write_whole(path.with_suffix(".svg"), "picture") as temporary:
        figure.savefig(temporary, format="svg", dpi=100 * SHARP, metadata={"Date": None, "Creator": None})


def draw_outlines(axes: Axes, zones: Zones, place: Place) -> None:
    """Draw the borders of zones and write their names."""
    pixels = place.window.columns / place.size[0]
    outlines = [place.move(part) for shape in zones.shapes for part in list_rings(shape, pixels)]
    axes.add_collection(LineCollection(outlines, colors="#444444", linewidths=0.6))
    name_places(axes, zones, place)


def measure_sides(grid: Grid, window: Window) -> tuple[float, float]:
    """Return width and height of a block on the ground, km, through its middle.

    Parameters
    ----------
    window : block of the grid
    """
    row, column = window.row + window.rows // 2, window.column + window.columns // 2
    area = float(measure_pixel_areas(grid, Window(row, column, 1, 1))[0, 0])
    ratio = abs(grid.step_y / grid.step_x)
    high = abs(grid.step_y) * KM_PER_DEGREE if is_geographic(grid) else float(np.sqrt(area * ratio))
    return area / high * window.columns, high * window.rows


@dataclass(frozen=True)
class Place:
    """From pixel coordinates (column, minus row) to units of the picture."""

    window: Window
    size: tuple[float, float]
    north_up: int

    def move(self, points: Floats) -> Floats:
        """Return points in units of the picture."""
        x = (points[:, 0] - self.window.column) / self.window.columns * self.size[0]
        y = (-points[:, 1] - self.window.row) / self.window.rows * self.size[1]
        return np.column_stack((MARGIN + x, HEAD + (y if self.north_up > 0 else self.size[1] - y)))


def list_rings(shape: shapely.Geometry, pixels: float) -> list[Floats]:
    """Return the rings of a polygon, corners of less than half a unit left out.

    Parameters
    ----------
    pixels : in a unit of the picture
    """
    parts = shapely.get_parts(shapely.simplify(shape, 0.5 * pixels))
    return [shapely.get_coordinates(ring) for part in parts for ring in (part.exterior, *part.interiors)]


def make_page(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a white picture and axes over all of it, in units from its upper left corner."""
    figure = Figure(figsize=(width / 100, height / 100), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    return figure, axes


def name_places(axes: Axes, zones: Zones, place: Place) -> None:
    """Write the names of the zones, or of the cities where there are many."""
    known = read_regions()
    groups: dict[str, list[shapely.Geometry]] = {}
    for code, shape in zip(zones.codes, zones.shapes, strict=True):
        whole = code if len(zones.codes) <= MOST_COUNTIES else f"{code[:4]}00"
        groups.setdefault(whole if whole in known else code, []).append(shape)
    for code, shapes in groups.items():
        point = shapely.point_on_surface(max(shapes, key=lambda one: one.area) if len(shapes) == 1 else shapely.union_all(shapes))
        if code not in known or point.is_empty:
            continue
        x, y = place.move(shapely.get_coordinates(point))[0]
        text = write_text(axes, (x, y - 7), known[code].name_zh, size=12, where="center")
        text.set_bbox({"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1})


def write_text(
    axes: Axes, at: tuple[float, float], text: str, *, size: float = 12, colour: str = "black", where: str = "left"
) -> Any:
    """Write a text below a point; the size is in units."""
    font = FontProperties(fname=TEMPLATES / "fonts" / "NotoSansSC-Regular.ttf", size=size * 0.72)
    return axes.text(*at, text.translate(_PLAIN), color=colour, fontproperties=font, ha=where, va="top")


def fit_line(text: str, size: float, room: float) -> str:
    """Return a line that has room: hashes of files cut short where it is too long, left out where that is not enough, and then its end.

    Parameters
    ----------
    size, room : of letters, and of the line, in units
    """
    if _measure(text, size) > room:
        text = re.sub(r"(sha256:[0-9a-f]{6})[0-9a-f]+", r"\1", text)
    if _measure(text, size) > room:
        text = re.sub(r" sha256:[0-9a-f]+", "", text)
    if _measure(text, size) > room:
        while _measure(f"{text}…", size) > room:
            text = text[:-1]
        text = f"{text}…"
    return text


def name_land_cover(cited: str) -> str:
    """Return how land cover is cited, and what divides it, as a picture prints it."""
    return cited.replace(", divided by ", "，细分用 ")


def _measure(text: str, size: float) -> float:
    """Return about how wide a line is: letters of Chinese are as wide as high, others a little more than half."""
    return sum(size * (1.0 if ord(one) >= WIDE else 0.58) for one in text)


def draw_swatch(axes: Axes, at: tuple[float, float], colour: object, text: str, pattern: str = "") -> None:
    """Draw a colour or pattern of the legend and what it means."""
    axes.add_patch(Rectangle(at, 2 * SWATCH, SWATCH, facecolor=colour, edgecolor="#444444", linewidth=0.6, hatch=pattern))
    write_text(axes, (at[0] + 2 * SWATCH + 8, at[1] - 1), text)


def draw_hatched(axes: Axes, where: NDArray[np.bool_], box: tuple[float, float, float, float], pattern: str) -> None:
    """Draw a pattern over some dots of a picture.

    Parameters
    ----------
    where : (rows, columns), from its upper left corner
    box   : left, right, bottom and top of the picture
    """
    if not where.any():
        return
    left, right, bottom, top = box
    height, width = where.shape
    x = left + (np.arange(width + 2) - 0.5) * (right - left) / width
    y = top + (np.arange(height + 2) - 0.5) * (bottom - top) / height
    axes.contourf(x, y, np.pad(where.astype(float), 1), levels=[0.5, 1.5], colors=[BEHIND], hatches=[pattern])


def draw_north(axes: Axes, at: tuple[float, float]) -> None:
    """Draw an arrow to the north."""
    x, y = at
    axes.add_patch(
        Polygon([(x, y), (x - 7, y + 24), (x, y + 18), (x + 7, y + 24)], facecolor="black", edgecolor="white", linewidth=0.8)
    )
    text = write_text(axes, (x, y + 26), "北", size=12, where="center")
    text.set_bbox({"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1})


def draw_scale(axes: Axes, at: tuple[float, float], kilometres: float) -> None:
    """Draw a bar of a round number of kilometres.

    Parameters
    ----------
    kilometres : of a unit of the picture
    """
    power = 10 ** np.floor(np.log10(kilometres * 180))
    length = max(step * power for step in _STEPS if step * power <= kilometres * 180)
    left, top = at
    right = left + length / kilometres
    axes.plot([left, left, right, right], [top, top + 5, top + 5, top], color="black", linewidth=1)
    write_text(axes, (left, top + 8), f"{length:,g} km")


def is_geographic(grid: Grid) -> bool:
    """Whether a grid is in degrees."""
    from pyproj import CRS

    return bool(CRS.from_wkt(grid.crs).is_geographic)
