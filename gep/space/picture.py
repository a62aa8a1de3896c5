"""Quick-look pictures of maps: amounts per square kilometre, with county borders, legend and scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rasterio
import shapely
from PIL import Image, ImageDraw, ImageFont

from gep.files.writing import written
from gep.paths import TEMPLATES
from gep.space.grid import Window, pixel_areas
from gep.units.registry import printed_unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.space.grid import Grid
    from gep.space.pixels import Layer
    from gep.space.zones import Zones

LONGEST = 900
"""Pixels of a picture's longer side, the margins not counted."""
MARGIN, FOOT, HEAD = 24, 96, 56
RAMP = np.array([[255, 255, 217], [199, 233, 180], [65, 182, 196], [34, 94, 168], [8, 29, 88]], dtype=np.float64)
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
    """Write a picture of each of a map's bands, north up."""
    shrink = max(1.0, max(grid.width, grid.height) / LONGEST)
    width, height = max(1, round(grid.width / shrink)), max(1, round(grid.height / shrink))
    areas = _mean_areas(grid, width, height)
    up = -1 if grid.step_y > 0 else 1
    borders = [shapely.transform(one, lambda points: points * (1, up) - (0, grid.height * (up < 0))) for one in zones.shapes]
    drawn = []
    for at, band in enumerate(layer.bands, start=1):
        with rasterio.open(raster) as source:
            cells = source.read(at, out_shape=(height, width), resampling=rasterio.enums.Resampling.average).astype(np.float64)
        path = folder / (f"{layer.id}.{band}.png" if band else f"{layer.id}.png")
        image = _image((cells / areas)[::up], layer, band, borders, grid)
        with written(path, "picture") as temporary:
            image.save(temporary, optimize=True)
        drawn.append(Picture(path, layer, band))
    return drawn


def _mean_areas(grid: Grid, width: int, height: int) -> NDArray[np.float64]:
    """Return the areas of the raster's own pixels at the places of the picture's, km²: a mean is of its own pixels."""
    rows = np.minimum(((np.arange(height) + 0.5) * grid.height / height).astype(int), grid.height - 1)
    columns = np.minimum(((np.arange(width) + 0.5) * grid.width / width).astype(int), grid.width - 1)
    few = rows[:: max(1, height // 16)]
    areas = [pixel_areas(grid, Window(int(row), 0, 1, grid.width)) for row in few]
    at_columns = np.array([np.broadcast_to(one, (1, grid.width))[0, columns] for one in areas])
    found = np.empty((height, width))
    for column in range(width):
        found[:, column] = np.interp(rows, few, at_columns[:, column])
    return found


def _image(density: NDArray[np.float64], layer: Layer, band: str, borders: Sequence[shapely.Geometry], grid: Grid) -> Image.Image:
    size = density.shape[1], density.shape[0]
    known = density[np.isfinite(density)]
    low, high = (float(one) for one in np.percentile(known, (BELOW, ABOVE))) if known.size else (0.0, 0.0)
    if high <= low:
        low, high = min(low, 0.0), max(high, low + 1.0)
    share = np.clip((density - low) / (high - low), 0, 1)
    enlarge = max(1, LONGEST // max(size))
    width, height = size[0] * enlarge, size[1] * enlarge
    colours = np.full((*density.shape, 3), 235, dtype=np.uint8)
    colours[np.isfinite(density)] = _coloured(share[np.isfinite(density)])
    image = Image.new("RGB", (max(width, 360) + 2 * MARGIN, height + HEAD + FOOT), "white")
    image.paste(Image.fromarray(colours).resize((width, height), Image.Resampling.NEAREST), (MARGIN, HEAD))
    pen = ImageDraw.Draw(image)
    _borders(pen, borders, width / grid.width, height / grid.height)
    unit = printed_unit(layer.unit.replace("/yr", "/km^2/yr") if "/yr" in layer.unit else f"{layer.unit}/km^2")
    of_band = f" {band}" if band else ""
    pen.text(
        (MARGIN, 10), f"{layer.title.zh}{of_band}  {layer.title.en}{of_band}".translate(_PLAIN), fill="black", font=_font(17)
    )
    pen.text((MARGIN, 33), f"{unit} · {layer.rule} ({layer.variant})".translate(_PLAIN), fill="#555555", font=_font(12))
    _legend(pen, (MARGIN, height + HEAD + 14), (low, high), known.size > 0)
    _scale(pen, (MARGIN, height + HEAD + 62), grid, width)
    return image


def _coloured(share: NDArray[np.float64]) -> NDArray[np.uint8]:
    at = share * (len(RAMP) - 1)
    return np.column_stack([np.interp(at, np.arange(len(RAMP)), RAMP[:, one]) for one in range(3)]).astype(np.uint8)


def _borders(pen: ImageDraw.ImageDraw, shapes: Sequence[shapely.Geometry], across: float, down: float) -> None:
    for shape in shapes:
        for part in shapely.get_parts(shapely.simplify(shape, 0.5 / max(across, 1e-9))):
            points = shapely.get_coordinates(part.exterior)
            pen.line([(MARGIN + x * across, HEAD - y * down) for x, y in points], fill="#666666", width=1)


def _legend(pen: ImageDraw.ImageDraw, at: tuple[int, int], ends: tuple[float, float], has: bool) -> None:  # noqa: FBT001
    length = 260
    for step in range(length):
        colour = tuple(int(one) for one in _coloured(np.array([step / (length - 1)]))[0])
        pen.line([(at[0] + step, at[1]), (at[0] + step, at[1] + 14)], fill=colour)
    pen.rectangle([at[0], at[1], at[0] + length, at[1] + 14], outline="#666666")
    if not has:
        pen.text((at[0], at[1] + 18), "无数据 no data", fill="black", font=_font(12))
        return
    for place, value in ((0.0, ends[0]), (0.5, (ends[0] + ends[1]) / 2), (1.0, ends[1])):
        mark = {0.0: "≤ ", 0.5: "", 1.0: "≥ "}[place]
        pen.text(
            (at[0] + place * length, at[1] + 18),
            f"{mark}{float(f'{value:.3g}'):,.10g}",
            fill="black",
            font=_font(12),
            anchor=f"{'lmr'[int(place * 2)]}a",
        )
    pen.rectangle([at[0] + length + 16, at[1], at[0] + length + 30, at[1] + 14], fill="#ebebeb", outline="#666666")
    pen.text((at[0] + length + 36, at[1]), "不计或无数据 not counted or no data", fill="black", font=_font(12))


def _scale(pen: ImageDraw.ImageDraw, at: tuple[int, int], grid: Grid, width: int) -> None:
    """Draw a bar of a round number of kilometres, as long as it is in the middle of the map."""
    middle = float(pixel_areas(grid, Window(grid.height // 2, grid.width // 2, 1, 1))[0, 0])
    ratio = abs(grid.step_y / grid.step_x)
    pixel_height = np.sqrt(middle * ratio)
    if grid_is_geographic(grid):
        pixel_height = abs(grid.step_y) * KM_PER_DEGREE
    kilometres = middle / pixel_height * grid.width / width
    wanted = kilometres * width / 5
    power = 10 ** np.floor(np.log10(wanted))
    length = max(step * power for step in _STEPS if step * power <= wanted)
    right = at[0] + length / kilometres
    pen.line([(at[0], at[1] + 5), (at[0], at[1]), (right, at[1]), (right, at[1] + 5)], fill="black", width=1)
    pen.text((at[0], at[1] + 6), f"{length:,g} km", fill="black", font=_font(12))


KM_PER_DEGREE = 111.2


def grid_is_geographic(grid: Grid) -> bool:
    """Whether a grid is in degrees."""
    from pyproj import CRS

    return bool(CRS.from_wkt(grid.crs).is_geographic)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(TEMPLATES / "fonts" / "NotoSansSC-Regular.ttf"), size)
