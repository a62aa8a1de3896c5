"""Pictures of maps for print: amounts per square kilometre in classes, with all that a printed map has to say. A frontier to matplotlib."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import rasterio
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, ListedColormap

from gep.reference.members import find_member_title
from gep.reference.services import SERVICE_TITLES
from gep.space.maps.furniture import (
    BEHIND,
    HEAD,
    LINE,
    LONGEST,
    MAP_NOTE,
    MARGIN,
    NARROWEST,
    Place,
    draw_hatched,
    draw_north,
    draw_outlines,
    draw_scale,
    draw_swatch,
    fit_line,
    make_page,
    measure_sides,
    name_land_cover,
    save_figure,
    write_text,
)
from gep.space.maps.pixels import make_unit_per_area, name_picture
from gep.space.maps.sheet import NO_DATA, NOT_COUNTED, find_breaks, find_steps
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from gep.space.maps.pixels import Layer
    from gep.space.maps.sheet import Sheet
    from gep.space.raster.grid import Grid
    from gep.space.shapes.zones import Zones

    Floats = NDArray[np.float64]

RAMP = LinearSegmentedColormap.from_list("amounts", ["#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#225ea8", "#081d58"])
"""Pale to dark blue, in equal steps of lightness: readable in grey and by the colour-blind."""
HATCHES = {NO_DATA: ("////", "无数据"), NOT_COUNTED: ("....", "不计入")}
"""Two patterns, not two greys: they stay apart on any printer; close enough to mark a single pixel of a province."""
LEAST = 0.5
"""Km² without data from which a total says that it is without them."""
MONEY, WAN, YI = "CNY/yr", 1e4, 1e8


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
    totals: Sequence[tuple[float, float]],
    folder: Path,
) -> list[Picture]:
    """Write a picture of each of a map's bands, north up, as PNG and with outlines and letters as vectors in SVG; return the PNGs.

    Parameters
    ----------
    raster : the map's file of amounts over km²
    grid   : its grid
    sheet  : the places of the picture
    types  : class position + 2 → position of its ecosystem type
    totals : of each band the sum of all pixels, in the layer's unit, and the km² that count and have no data

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
        figure = _draw_figure(density, state, layer, band, zones, grid, sheet, caption, *total)
        path = folder / name_picture(layer, band)
        save_figure(figure, path)
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
    lacking: float,
) -> Figure:
    across, down = measure_sides(grid, sheet.window)
    north_up = -1 if grid.step_y > 0 else 1
    scale = LONGEST / max(across, down)
    width, height = across * scale, down * scale
    unit, by, whole = _name_units(layer.unit, total)
    shown = density / by
    steps = find_steps(shown)
    breaks = _bound_steps(steps) if steps else find_breaks(shown)
    labels = [*map(_shorten, steps)] or [f"{_shorten(low)} – {_shorten(high)}" for low, high in pairwise(breaks)]
    legend = max(len(breaks) - 1 + 2, 4) * LINE + 56
    figure, axes = make_page(max(width + 2 * MARGIN, NARROWEST), height + HEAD + legend)
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
    for kind, (pattern, _) in HATCHES.items():
        draw_hatched(axes, (state == kind)[::north_up], box, pattern)
    place = Place(sheet.window, (width, height), north_up)
    draw_outlines(axes, zones, place)
    of_band = f"（{find_member_title('pollutant', band).zh}）" if band else ""
    room = figure.get_figwidth() * 100 - 2 * MARGIN
    title = fit_line(f"{caption.place} {caption.year} 年 {name_layer(layer.title.zh, layer.service)}{of_band}", 20, room)
    write_text(axes, (MARGIN, 12), title, size=20)
    but = f"，不含无数据的 {lacking:,.0f} km²" if lacking >= LEAST else ""
    said = fit_line(f"合计 {whole}{but}；{layer.title.en}{' ' + band if band else ''}", 13, room)
    write_text(axes, (MARGIN, 42), said, size=13, colour="#333333")
    said = fit_line(f"核算标准 {caption.standard}；土地覆盖 {name_land_cover(caption.land_cover)}", 11, room)
    write_text(axes, (MARGIN, 64), said, size=11, colour="#555555")
    draw_north(axes, (MARGIN + width - 14, HEAD + 10))
    bottom = HEAD + height + 14
    _draw_legend(axes, (MARGIN, bottom), unit, labels, colours, state)
    draw_scale(axes, (MARGIN + max(width, NARROWEST - 2 * MARGIN) - 200, bottom), 1 / scale)
    how = "逐值" if steps else "各级像元数大致相等"
    write_text(axes, (MARGIN, bottom + legend - 40), f"分级：{how}。{MAP_NOTE}", size=10, colour="#555555")
    axes.set(xlim=(0, figure.get_figwidth() * 100), ylim=(figure.get_figheight() * 100, 0))
    return figure


def _name_units(unit: str, total: float) -> tuple[str, float, str]:
    """Return the legend's unit in Chinese, what amounts over km² are divided by for it, and the total with its unit."""
    if unit == MONEY:
        whole = f"{total / YI:,.2f} 亿元/年" if abs(total) >= YI else f"{total / WAN:,.2f} 万元/年"
        return "万元/km²·年（1 万元 = 10,000 元）", WAN, f"{whole}（{total:,.0f} 元/年）"
    shown = print_unit_in(unit, "zh")
    scale, word = (YI, "亿 ") if abs(total) >= YI else (WAN, "万 ") if abs(total) >= WAN else (1.0, "")
    return print_unit_in(make_unit_per_area(unit), "zh"), 1.0, f"{total / scale:,.2f} {word}{shown}"


def name_layer(title: str, service: str) -> str:
    """Return the Chinese title of a layer, after that of its service where it does not hold it: 土壤保持：减少泥沙淤积量.

    Parameters
    ----------
    service : id
    """
    of_service = SERVICE_TITLES[service][1].zh if service in SERVICE_TITLES else ""
    return title if of_service in title else f"{of_service}：{title}"


def _draw_legend(
    axes: Axes, at: tuple[float, float], unit: str, labels: Sequence[str], colours: ListedColormap, state: NDArray[np.uint8]
) -> None:
    """Draw the classes with their bounds or values, and the patterns that occur."""
    left, top = at
    write_text(axes, (left, top), unit)
    top += LINE
    for number, label in enumerate(labels):
        draw_swatch(axes, (left, top), colours(number), label)
        top += LINE
    top = at[1] + LINE
    for kind, (pattern, word) in HATCHES.items():
        if (state == kind).any():
            draw_swatch(axes, (left + 200, top), BEHIND, word, pattern)
            top += LINE


def _bound_steps(steps: Sequence[float]) -> Sequence[float]:
    """Return bounds between values, and one beyond either end."""
    beyond = max(abs(steps[0]), abs(steps[-1]), 1.0)
    return (steps[0] - beyond, *((one + two) / 2 for one, two in pairwise(steps)), steps[-1] + beyond)


def _shorten(value: float) -> str:
    return f"{float(f'{value:.3g}'):,.10g}"
