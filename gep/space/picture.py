"""Pictures of maps for print: amounts per square kilometre in classes, with all that a printed map has to say. A frontier to matplotlib."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import rasterio
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Polygon, Rectangle

from gep.files.writing import write_whole
from gep.paths import TEMPLATES
from gep.reference.regions import read_regions
from gep.space.grid import Window, measure_pixel_areas
from gep.space.pixels import make_unit_per_area, name_picture
from gep.space.sheet import NO_DATA, NOT_COUNTED, find_breaks
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from gep.space.grid import Grid
    from gep.space.pixels import Layer
    from gep.space.sheet import Sheet
    from gep.space.zones import Zones

    Floats = NDArray[np.float64]

LONGEST = 900
"""Units of a picture's longer side, the margins not counted; a unit is a hundredth of an inch."""
SHARP = 2
"""Dots a unit: 200 dots an inch."""
MARGIN, HEAD, SWATCH, LINE = 24, 92, 14, 20
NARROWEST = 560 + 2 * MARGIN
"""Units that title and legend need beside the margins."""
RAMP = LinearSegmentedColormap.from_list("amounts", ["#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#225ea8", "#081d58"])
"""Pale to dark blue, in equal steps of lightness: readable in grey and by the colour-blind."""
HATCHES = {NO_DATA: ("////", "无数据"), NOT_COUNTED: ("..", "不计入")}
"""Two patterns, not two greys: they stay apart on any printer."""
MONEY, WAN, YI = "CNY/yr", 1e4, 1e8
MOST_COUNTIES = 14
"""Zones up to which each is named on the map; above it their cities are."""
MAP_NOTE = "核算示意图。公开使用前须依《地图管理条例》送审并标注审图号。"
_STEPS = (1, 2, 5)
_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
"""The font has no subscripts."""


@dataclass(frozen=True)
class Caption:
    """What stands on every picture of a run beside its service."""

    place: str
    year: int
    standard: str
    land_cover: str


@dataclass(frozen=True)
class Picture:
    """A picture and what it shows."""

    path: Path
    layer: Layer
    band: str


def draw(
    raster: Path,
    layer: Layer,
    zones: Zones,
    grid: Grid,
    sheet: Sheet,
    types: NDArray[np.int16],
    caption: Caption,
    totals: Sequence[float],
    folder: Path,
) -> list[Picture]:
    """Write a picture of each of a map's bands, north up, as PNG and with outlines and letters as vectors in SVG; return the PNGs.

    Parameters
    ----------
    raster : the map's file of amounts over km²
    grid   : its grid
    sheet  : the places of the picture
    types  : class position + 2 → position of its ecosystem type
    totals : sum of all pixels of each band, in the layer's unit

    Raises
    ------
    Problems : the folder cannot be written
    """
    height, width = sheet.zone.shape
    window = rasterio.windows.Window(sheet.window.column, sheet.window.row, sheet.window.columns, sheet.window.rows)
    drawn = []
    for at, (band, total) in enumerate(zip(layer.bands, totals, strict=True), start=1):
        with rasterio.open(raster) as source:
            average = rasterio.enums.Resampling.average
            density = source.read(at, window=window, out_shape=(height, width), resampling=average).astype(np.float64)
        state = sheet.judge(density, layer, types)
        density[sheet.zone < 0] = np.nan
        figure = _draw_figure(density, state, layer, band, zones, grid, sheet, caption, total)
        path = folder / name_picture(layer, band)
        with write_whole(path, "picture") as temporary:
            figure.savefig(temporary, format="png", dpi=100 * SHARP, metadata={"Software": None})
        with write_whole(path.with_suffix(".svg"), "picture") as temporary:
            figure.savefig(temporary, format="svg", dpi=100 * SHARP, metadata={"Date": None, "Creator": None})
        drawn.append(Picture(path, layer, band))
    return drawn


def _draw_figure(
    density: Floats,
    state: NDArray[np.uint8],
    layer: Layer,
    band: str,
    zones: Zones,
    grid: Grid,
    sheet: Sheet,
    caption: Caption,
    total: float,
) -> Figure:
    across, down = measure_sides(grid, sheet.window)
    north_up = -1 if grid.step_y > 0 else 1
    scale = LONGEST / max(across, down)
    width, height = across * scale, down * scale
    unit, by, whole = _name_units(layer.unit, total)
    shown = density / by
    breaks = find_breaks(shown)
    legend = max(len(breaks) - 1 + 2, 4) * LINE + 56
    figure, axes = _make_sheet(max(width + 2 * MARGIN, NARROWEST), height + HEAD + legend)
    box = (MARGIN, MARGIN + width, HEAD + height, HEAD)
    colours = ListedColormap(RAMP(np.linspace(0, 1, max(2, len(breaks) - 1)))[: len(breaks) - 1])
    axes.imshow(
        np.ma.masked_invalid(shown)[::north_up],
        cmap=colours,
        norm=BoundaryNorm(breaks, len(breaks) - 1, clip=True),
        interpolation="nearest",
        extent=box,
        aspect="auto",
    )
    _hatch(axes, state[::north_up], box)
    place = _Place(sheet.window, (width, height), north_up)
    outlines = [place.move(part) for shape in zones.shapes for part in _list_rings(shape, sheet.window.columns / width)]
    axes.add_collection(LineCollection(outlines, colors="#444444", linewidths=0.6))
    _name_places(axes, zones, place)
    of_band = f"（{band}）" if band else ""
    _write(axes, (MARGIN, 12), f"{caption.place} {caption.year} 年 {layer.title.zh}{of_band}", size=20)
    _write(axes, (MARGIN, 42), f"合计 {whole}；{layer.title.en}{' ' + band if band else ''}", size=13, colour="#333333")
    _write(axes, (MARGIN, 64), f"核算标准 {caption.standard}；土地覆盖 {caption.land_cover}", size=11, colour="#555555")
    _draw_north(axes, (MARGIN + width - 14, HEAD + 10))
    bottom = HEAD + height + 14
    _draw_legend(axes, (MARGIN, bottom), unit, breaks, colours, state)
    _draw_scale(axes, (MARGIN + max(width, NARROWEST - 2 * MARGIN) - 200, bottom), 1 / scale)
    _write(axes, (MARGIN, bottom + legend - 40), f"分级：各级像元数大致相等。{MAP_NOTE}", size=10, colour="#555555")
    axes.set(xlim=(0, figure.get_figwidth() * 100), ylim=(figure.get_figheight() * 100, 0))
    return figure


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


def _name_units(unit: str, total: float) -> tuple[str, float, str]:
    """Return the legend's unit in Chinese, what amounts over km² are divided by for it, and the total with its unit."""
    if unit == MONEY:
        whole = f"{total / YI:,.2f} 亿元/年" if abs(total) >= YI else f"{total / WAN:,.2f} 万元/年"
        return "万元/km²·年（1 万元 = 10,000 元）", WAN, f"{whole}（{total:,.0f} 元/年）"
    shown = print_unit_in(unit, "zh")
    scale, word = (YI, "亿 ") if abs(total) >= YI else (WAN, "万 ") if abs(total) >= WAN else (1.0, "")
    return print_unit_in(make_unit_per_area(unit), "zh"), 1.0, f"{total / scale:,.2f} {word}{shown}"


@dataclass(frozen=True)
class _Place:
    """From pixel coordinates (column, minus row) to units of the picture."""

    window: Window
    size: tuple[float, float]
    north_up: int

    def move(self, points: Floats) -> Floats:
        """Return points in units of the picture."""
        x = (points[:, 0] - self.window.column) / self.window.columns * self.size[0]
        y = (-points[:, 1] - self.window.row) / self.window.rows * self.size[1]
        return np.column_stack((MARGIN + x, HEAD + (y if self.north_up > 0 else self.size[1] - y)))


def _list_rings(shape: shapely.Geometry, pixels: float) -> list[Floats]:
    """Return the rings of a polygon, corners of less than half a unit left out.

    Parameters
    ----------
    pixels : in a unit of the picture
    """
    parts = shapely.get_parts(shapely.simplify(shape, 0.5 * pixels))
    return [shapely.get_coordinates(ring) for part in parts for ring in (part.exterior, *part.interiors)]


def _make_sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a white picture and axes over all of it, in units from its upper left corner."""
    figure = Figure(figsize=(width / 100, height / 100), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    return figure, axes


def _hatch(axes: Axes, state: NDArray[np.uint8], box: tuple[float, float, float, float]) -> None:
    """Draw the patterns of what has no data and what is not counted."""
    left, right, bottom, top = box
    height, width = state.shape
    x = left + (np.arange(width + 2) - 0.5) * (right - left) / width
    y = top + (np.arange(height + 2) - 0.5) * (bottom - top) / height
    for kind, (pattern, _) in HATCHES.items():
        mask = np.pad((state == kind).astype(float), 1)
        if mask.any():
            axes.contourf(x, y, mask, levels=[0.5, 1.5], colors=["#f4f4f4"], hatches=[pattern])


def _name_places(axes: Axes, zones: Zones, place: _Place) -> None:
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
        text = _write(axes, (x, y - 7), known[code].name_zh, size=12, where="center")
        text.set_bbox({"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1})


def _write(axes: Axes, at: tuple[float, float], text: str, *, size: float = 12, colour: str = "black", where: str = "left"):  # type: ignore[no-untyped-def]  # noqa: ANN202 - matplotlib's own class
    """Write a text below a point; the size is in units."""
    font = FontProperties(fname=TEMPLATES / "fonts" / "NotoSansSC-Regular.ttf", size=size * 0.72)
    return axes.text(*at, text.translate(_PLAIN), color=colour, fontproperties=font, ha=where, va="top")


def _draw_legend(
    axes: Axes, at: tuple[float, float], unit: str, breaks: Sequence[float], colours: ListedColormap, state: NDArray[np.uint8]
) -> None:
    """Draw the classes with their bounds, and the patterns that occur."""
    left, top = at
    _write(axes, (left, top), unit)
    top += LINE
    for number, (low, high) in enumerate(pairwise(breaks)):
        _swatch(axes, (left, top), colours(number), f"{_shorten(low)} – {_shorten(high)}")
        top += LINE
    top = at[1] + LINE
    for kind, (pattern, word) in HATCHES.items():
        if (state == kind).any():
            _swatch(axes, (left + 200, top), "#f4f4f4", word, pattern)
            top += LINE


def _swatch(axes: Axes, at: tuple[float, float], colour: object, text: str, pattern: str = "") -> None:
    axes.add_patch(Rectangle(at, 2 * SWATCH, SWATCH, facecolor=colour, edgecolor="#444444", linewidth=0.6, hatch=pattern))
    _write(axes, (at[0] + 2 * SWATCH + 8, at[1] - 1), text)


def _shorten(value: float) -> str:
    return f"{float(f'{value:.3g}'):,.10g}"


def _draw_north(axes: Axes, at: tuple[float, float]) -> None:
    x, y = at
    axes.add_patch(
        Polygon([(x, y), (x - 7, y + 24), (x, y + 18), (x + 7, y + 24)], facecolor="black", edgecolor="white", linewidth=0.8)
    )
    text = _write(axes, (x, y + 26), "北", size=12, where="center")
    text.set_bbox({"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1})


def _draw_scale(axes: Axes, at: tuple[float, float], kilometres: float) -> None:
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
    _write(axes, (left, top + 8), f"{length:,g} km")


KM_PER_DEGREE = 111.2


def is_geographic(grid: Grid) -> bool:
    """Whether a grid is in degrees."""
    from pyproj import CRS

    return bool(CRS.from_wkt(grid.crs).is_geographic)
