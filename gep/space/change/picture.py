"""The picture of what land cover became: the largest changes of type in their own colours, for print. A frontier to matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.colors import ListedColormap

from gep.reference.members import find_member_title
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
from gep.space.raster.grid import Window
from gep.space.zonal.extract import UNCLASSIFIED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.space.change.files import Changes
    from gep.space.raster.grid import Grid
    from gep.space.shapes.zones import Zones

PICTURE = "change.png"
MOST = 6
"""Changes that have a colour of their own; more could not be told apart in grey."""
UNCHANGED, OTHERS = "#eeeeee", "#9a9a9a"
LACKING = "////"
"""Pattern of land that has data in one of the years only."""
COLOURS = "viridis"
"""Dark to bright in equal steps of lightness: for the colour-blind and in grey."""


def draw_change(
    read: Callable[[Window, tuple[int, int]], NDArray[np.floating]],
    changes: Changes,
    codes: dict[tuple[str, str], int],
    zones: Zones,
    grid: Grid,
    place: str,
    folder: Path,
) -> Path:
    """Write the picture of a change, north up, as PNG and SVG; return the PNG.

    Parameters
    ----------
    read   : gives the codes of changes in a block of the grid, in so many rows and columns, NaN outside the zones
    codes  : opening and closing type → code
    place  : name of what is shown

    Raises
    ------
    Problems : the folder cannot be written
    """
    areas: dict[tuple[str, str], float] = {}
    lacking = 0.0
    for (_, one, two), area in changes.of_types.items():
        if one != two and UNCLASSIFIED in {one, two}:
            lacking += area
        elif one != two:
            areas[one, two] = areas.get((one, two), 0.0) + area
    largest = sorted(areas, key=lambda pair: (-areas[pair], pair))[:MOST]
    colours = [mpl.colors.to_hex(one) for one in mpl.colormaps[COLOURS](np.linspace(0.0, 0.95, max(1, len(largest))))]
    window = _find_window(zones, grid)
    across, down = measure_sides(grid, window)
    scale = LONGEST / max(across, down)
    width, height = across * scale, down * scale
    size = max(1, min(window.rows, round(height))), max(1, min(window.columns, round(width)))
    stored = read(window, size)
    shown = np.full(size, np.nan)
    shown[stored == 0] = 0
    shown[stored > 0] = 1
    for at, pair in enumerate(largest):
        shown[stored == codes[pair]] = 2 + at
    none = np.isin(stored, [code for pair, code in codes.items() if UNCLASSIFIED in pair and pair[0] != pair[1]])
    shown[none] = np.nan
    north_up = -1 if grid.step_y > 0 else 1
    rows = 2 + (len(largest) + 1) // 2 + (lacking > 0)
    legend = max(rows, 4) * LINE + 56
    figure, axes = make_page(max(width + 2 * MARGIN, NARROWEST), height + HEAD + legend)
    box = (MARGIN, MARGIN + width, HEAD + height, HEAD)
    axes.imshow(
        np.ma.masked_invalid(shown)[::north_up],
        cmap=ListedColormap([UNCHANGED, OTHERS, *colours]),
        vmin=-0.5,
        vmax=1.5 + len(largest),
        interpolation="nearest",
        extent=box,
        aspect="auto",
    )
    draw_hatched(axes, none[::north_up], box, LACKING)
    draw_outlines(axes, zones, Place(window, (width, height), north_up))
    first, last = changes.years
    changed, whole = sum(areas.values()), sum(changes.of_types.values())
    write_text(axes, (MARGIN, 12), f"{place} {first}–{last} 年生态系统类型变化", size=20)
    share = f"占 {changed / whole:.2%}" if whole else ""
    write_text(axes, (MARGIN, 42), f"类型改变 {changed:,.2f} km²，{share}；change of ecosystem type", size=13, colour="#333333")
    cited = " → ".join(changes.cited.split(" | ")[:2])
    room = figure.get_figwidth() * 100 - 2 * MARGIN
    write_text(axes, (MARGIN, 64), fit_line(f"土地覆盖 {name_land_cover(cited)}", 11, room), size=11, colour="#555555")
    draw_north(axes, (MARGIN + width - 14, HEAD + 10))
    top = HEAD + height + 14
    for at, pair in enumerate(largest):
        spot = (MARGIN + at % 2 * 270, top + at // 2 * LINE)
        draw_swatch(axes, spot, colours[at], f"{' → '.join(map(_title, pair))}  {areas[pair]:,.2f} km²")
    low = top + (len(largest) + 1) // 2 * LINE
    draw_swatch(axes, (MARGIN, low), UNCHANGED, "未改变")
    if len(areas) > len(largest):
        rest = changed - sum(areas[pair] for pair in largest)
        draw_swatch(axes, (MARGIN + 270, low), OTHERS, f"其他 {len(areas) - len(largest)} 种变化  {rest:,.2f} km²")
    if lacking > 0:
        draw_swatch(axes, (MARGIN, low + LINE), BEHIND, f"只有一个年份有数据  {lacking:,.2f} km²", LACKING)
    bottom = HEAD + height + legend
    draw_scale(axes, (MARGIN + max(width, NARROWEST - 2 * MARGIN) - 200, bottom - 66), 1 / scale)
    write_text(axes, (MARGIN, bottom - 26), MAP_NOTE, size=10, colour="#555555")
    axes.set(xlim=(0, figure.get_figwidth() * 100), ylim=(figure.get_figheight() * 100, 0))
    path = folder / PICTURE
    save_figure(figure, path)
    return path


def _find_window(zones: Zones, grid: Grid) -> Window:
    """Return the block of the grid that the zones lie in, and a pixel around."""
    left, low, right, high = shapely.total_bounds(np.array(zones.shapes))
    row, column = max(0, int(np.floor(-high)) - 1), max(0, int(np.floor(left)) - 1)
    last_row, last_column = min(grid.height, int(np.ceil(-low)) + 1), min(grid.width, int(np.ceil(right)) + 1)
    return Window(row, column, max(1, last_row - row), max(1, last_column - column))


def _title(name: str) -> str:
    return find_member_title("ecosystem", name).zh
