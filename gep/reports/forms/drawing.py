"""Draws figures as SVG with live text in the shipped font, or as PNG. The frontier to matplotlib.

Colours differ in lightness, so that they stay apart in grey print and for the colour-blind; every number stands at its bar.
"""

from __future__ import annotations

import io
import math
import re
import threading
import unicodedata
from dataclasses import replace
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.messages.numbers import format_fixed, format_quantity
from gep.messages.tables import MONEY, Column, print_cell
from gep.paths import TEMPLATES
from gep.reference.regions import find_province
from gep.reports.maps import CORNERS, make_coarse, read_polygons, thin_ring
from gep.reports.waterfall import place_bars

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from gep.reports.model import Figure, Point

FONT = "Noto Sans SC"
PAGE_FONT = "Report"
"""What the pages call the shipped font; an installed font of the same name must not be taken instead."""
WIDE = 6.85
"""Inches between the margins of A4."""
CATEGORY = {"material": "#f0c24b", "regulating": "#3e8e6e", "cultural": "#1f3a6e"}
UP, DOWN, WHOLE, EDGE, INK = "#2f5d50", "#f0c24b", "#9a9a9a", "#333333", "#1a1a1a"
CLASSES = ("#f3f0d7", "#c9d8a0", "#85b98c", "#3e8e86", "#1d4d6b")
_MONEY = Column("", "", MONEY)
_LOCK = threading.Lock()
_BEYOND = {decimals: re.compile(rf"(?<=\d\.\d{{{decimals}}})\d+") for decimals in (1, 2, 6)}
"""Decimals → the digits of a number beyond them."""
_BEFORE_A_STEP = re.compile(r"\s*\n(?=[LCQz])")
_POWER = re.compile(r"10\^([−-]?\d+)([^<]*)")


def draw_figures(figures: dict[str, Figure], words: Any) -> dict[str, Figure]:
    """Return the figures with their drawings."""
    return {name: replace(figure, svg=draw_svg(figure, words)) for name, figure in figures.items()}


def draw_svg(figure: Figure, words: Any, *, outlined: bool = False) -> str:
    """Return a figure as an SVG element: the same bytes every time.

    Parameters
    ----------
    words    : texts of the report's language
    outlined : letters are drawn, for a picture on a page that cannot lend it the shipped font; else text stays text
    """
    from matplotlib import rc_context

    with _LOCK:
        canvas = _canvas(figure, words)
        if outlined:
            _raise_powers(canvas)
        target = io.StringIO()
        with rc_context({"svg.fonttype": "path" if outlined else "none"}):
            canvas.savefig(target, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = target.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", lambda tag: _short(tag[0], _decimals(tag[0], figure.id)), text)
    text = re.sub(r"\n\s*", "\n", text).replace(f"'{FONT}'", PAGE_FONT)
    text = _POWER.sub(r'10<tspan dy="-3" font-size="75%">\1</tspan><tspan dy="3">\2</tspan>', text)
    text = re.sub(r'(\bid="|href="#|url\(#)', lambda found: f"{found[1]}{figure.id}-", text)
    head, _, body = text.partition(">")
    head = head.replace("<svg", '<svg role="img"', 1)
    return f"{head}>\n<title>{escape(figure.alt)}</title>{body}"


def _decimals(tag: str, figure: str) -> int:
    """Return how many decimals the coordinates of a tag need: letters that are drawn are scaled down from large ones."""
    if "scale(" in tag:
        return 6
    return 1 if figure.startswith("map") else 2


def _short(tag: str, decimals: int) -> str:
    """Return a tag with its coordinates cut to a tenth or hundredth of a point; numbers in text are none of a tag's."""
    tag = _BEYOND[decimals].sub("", tag)
    tag = _BEFORE_A_STEP.sub("", tag) if "\n" in tag else tag
    return re.sub(r'style="([^"]*)"', lambda style: _attributes(style[1]), tag) if "style=" in tag else tag


def _attributes(style: str) -> str:
    """Return declarations as attributes: a page's style sheet has not to read them one by one."""
    pairs = [part.partition(":") for part in style.split(";") if ":" in part]
    return " ".join(f'{name.strip()}="{value.strip()}"' for name, _, value in pairs)


def draw_png(figure: Figure, words: Any, dots: int = 200) -> bytes:
    """Return a figure as a PNG, for forms that have no vector graphics.

    Parameters
    ----------
    words : texts of the report's language
    dots  : per inch
    """
    with _LOCK:
        canvas = _canvas(figure, words)
        _raise_powers(canvas)
        target = io.BytesIO()
        canvas.savefig(target, format="png", dpi=dots, metadata={"Software": None})
    return target.getvalue()


def _raise_powers(canvas: Canvas) -> None:
    """Write powers of ten as mathematics, where letters are drawn."""
    from matplotlib.text import Text

    for text in canvas.findobj(Text):
        text.set_text(_POWER.sub(r"10$^{\1}$\2", text.get_text()))


@cache
def _settings() -> dict[str, Any]:
    from matplotlib import font_manager, rcParams

    for name in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"):
        font_manager.fontManager.addfont(TEMPLATES / "fonts" / name)
    rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "gep",
            "font.family": FONT,
            "font.size": 8.0,
            "axes.unicode_minus": True,
            "path.simplify": True,
            "axes.linewidth": 0.6,
            "text.color": INK,
            "hatch.linewidth": 0.4,
        }
    )
    return {}


def _canvas(figure: Figure, words: Any) -> Canvas:
    _settings()
    match figure.id:
        case "shares":
            return _bars(figure, [CATEGORY.get(point.group, WHOLE) for point in figure.points], shares=True, words=words)
        case "ecosystems":
            return _bars(figure, [UP] * len(figure.points), shares=True, words=words)
        case "waterfall":
            return _waterfall(figure, words)
        case "series":
            return _series(figure)
    return _map(figure, words)


def _new(height: float) -> tuple[Canvas, Axes]:
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(WIDE, height))
    FigureCanvasSVG(canvas)
    return canvas, canvas.add_axes((0.0, 0.0, 1.0, 1.0))


def _label(value: float, unit: str) -> str:
    return format_fixed(value, 2) if unit == "km²" else print_cell(value, _MONEY)


def _width(text: str) -> float:
    """Return about how wide a text is in inches at the size of the figures."""
    return sum(0.111 if unicodedata.east_asian_width(letter) in "WF" else 0.062 for letter in text)


def _rows(names: list[str], *, extra: float = 0.0) -> tuple[Canvas, Axes]:
    """Return axes for one bar a row, names at the left."""
    height = 0.23 * len(names) + 0.12 + extra
    canvas, axes = _new(height)
    left = min(max(_width(name) for name in names) + 0.12, WIDE * 0.45)
    axes.set_position((left / WIDE, extra / height, 1 - left / WIDE, 1 - extra / height))
    axes.set_yticks(range(len(names)), [_shortened(name, left - 0.1) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(length=0)
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(EDGE)
    return canvas, axes


def _shortened(text: str, inches: float) -> str:
    """Return a text cut to a width."""
    if _width(text) <= inches:
        return text
    while text and _width(text) > inches - 0.11:
        text = text[:-1]
    return text + "…"


def _bars(figure: Figure, colours: list[str], *, shares: bool, words: Any) -> Canvas:
    names = [point.label for point in figure.points]
    groups = list(dict.fromkeys(point.group for point in figure.points if point.group))
    canvas, axes = _rows(names, extra=0.22 if len(groups) > 1 else 0.0)
    largest = max(abs(point.value) for point in figure.points) or 1.0
    lowest = min(0.0, *(point.value for point in figure.points)) / largest
    widths = [point.value / largest for point in figure.points]
    axes.barh(range(len(names)), widths, color=colours, edgecolor=EDGE, linewidth=0.4, height=0.68)
    whole = sum(point.value for point in figure.points)
    room = axes.get_position().width * WIDE
    longest = 0.0
    for at, point in enumerate(figure.points):
        text = _label(point.value, figure.unit)
        if shares and whole > 0 and lowest == 0:
            text += f"  ({print_cell(point.value / whole, Column('', '', 'share'))})"
        longest = max(longest, _width(text) + 0.1)
        _beside(axes, max(widths[at], 0.0), at, text)
    free = max(room - longest, room * 0.2)
    axes.set_xlim(lowest, max(room / free, 0.0) if lowest == 0 else 1 + (1 - lowest) * longest / free)
    if lowest < 0:
        axes.axvline(0, color=EDGE, linewidth=0.6)
    if len(groups) > 1:
        _legend(canvas, [(CATEGORY.get(group, WHOLE), _category(group, words)) for group in groups])
    return canvas


def _beside(axes: Axes, x: float, y: float, text: str) -> None:
    """Write a number to the right of a bar."""
    axes.annotate(text, (x, y), xytext=(3, 0), textcoords="offset points", va="center", ha="left", annotation_clip=False)


def _category(group: str, words: Any) -> str:
    from gep.reference.services import CATEGORIES

    return str(CATEGORIES[group][words.lang]) if group in CATEGORIES else group


def _legend(canvas: Canvas, entries: list[tuple[str, str]]) -> None:
    """Put a legend at the bottom, left to right; what is too wide for the page stands on a second line above."""
    from matplotlib.patches import Rectangle

    height = canvas.get_figheight()
    needed = [0.45 + _width(text) for _, text in entries]
    first = next((at for at in range(len(entries), 0, -1) if sum(needed[:at]) <= WIDE * 0.98), 1)
    for line, part in enumerate(filter(None, (entries[first:], entries[:first]))):
        x, y = 0.02, 0.045 + 0.17 * line
        for colour, text in part:
            canvas.add_artist(
                Rectangle(
                    (x, y / height),
                    0.14 / WIDE,
                    0.1 / height,
                    transform=canvas.transFigure,
                    facecolor=colour,
                    edgecolor=EDGE,
                    hatch="////" if colour == "#ffffff" else None,
                    linewidth=0.4,
                )
            )
            canvas.text(x + 0.19 / WIDE, (y + 0.05) / height, text, va="center", ha="left", fontsize=7.5)
            x += (0.45 + _width(text)) / WIDE


def _waterfall(figure: Figure, words: Any) -> Canvas:
    names = [point.label for point in figure.points]
    canvas, axes = _rows(names, extra=0.22)
    scale = max(abs(point.value) for point in figure.points) or 1.0
    base, bars = place_bars(figure.points)
    spans = [(bar.start / scale, bar.end / scale) for bar in bars]
    low, high = min(min(span) for span in spans), max(max(span) for span in spans)
    room = axes.get_position().width * WIDE
    longest = max(_width(_signed(point, figure.unit)) for point in figure.points) + 0.12
    width = (high - low or 1.0) * room / max(room - longest, room * 0.2)
    for at, (point, (start, end)) in enumerate(zip(figure.points, spans, strict=True)):
        colour = WHOLE if point.group == "whole" else UP if point.value >= 0 else DOWN
        axes.barh(at, end - start, left=start, color=colour, edgecolor=EDGE, linewidth=0.4, height=0.68)
        _beside(axes, max(start, end), at, _signed(point, figure.unit))
        if base and point.group == "whole":
            _cut_bar(axes, low + width * 0.03, at, width)
        if at + 1 < len(spans):
            axes.plot([end, end], [at + 0.34, at + 0.66], color=EDGE, linewidth=0.4)
    axes.set_xlim(low, low + width)
    _legend(canvas, [(WHOLE, words["whole_bar"]), (UP, words["up"]), (DOWN, words["down"])])
    return canvas


def _cut_bar(axes: Axes, x: float, y: float, width: float) -> None:
    """Draw two slanting strokes through a bar: what is left of them is not to scale."""
    for at in (0.0, 0.012):
        axes.plot(
            [x + (at - 0.004) * width, x + (at + 0.004) * width], [y + 0.42, y - 0.42], color="#ffffff", linewidth=1.6, zorder=3
        )


def _signed(point: Point, unit: str) -> str:
    text = _label(point.value, unit)
    return f"+{text}" if point.group != "whole" and point.value >= 0 else text


def _series(figure: Figure) -> Canvas:
    canvas, axes = _new(2.0)
    axes.set_position((0.02, 0.19, 0.96, 0.68))
    groups = list(dict.fromkeys(point.group for point in figure.points))
    years = sorted({point.label for point in figure.points}, key=_read_start)
    scale = max(abs(point.value) for point in figure.points) or 1.0
    styles = (("-", "o", UP, 8, "bottom"), ("--", "s", "#b5651d", -8, "top"))
    for group, (line, marker, colour, above, va) in zip(groups, styles, strict=False):
        points = [point for point in figure.points if point.group == group]
        x = [_read_start(point.label) for point in points]
        axes.plot(
            x,
            [point.value / scale for point in points],
            line,
            marker=marker,
            color=colour,
            linewidth=1.2,
            markersize=4,
            label=group,
        )
        every = max(math.ceil(len(points) / 8), 1)
        for at, point in enumerate(points):
            if at % every == 0 or at == len(points) - 1:
                axes.annotate(
                    _label(point.value, figure.unit),
                    (x[at], point.value / scale),
                    xytext=(0, above),
                    textcoords="offset points",
                    ha="center",
                    va=va,
                    fontsize=7,
                )
    axes.set_xticks([_read_start(year) for year in years], years)
    axes.margins(x=0.08, y=0.28)
    axes.set_yticks([])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=2)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False, borderaxespad=0.0, fontsize=7.5)
    return canvas


def _map(figure: Figure, words: Any) -> Canvas:
    """Draw the province by classes and, where a county is marked, that county with its neighbours."""
    values = {point.group: point.value for point in figure.points}
    own = figure.own
    province = find_province(next(iter(values)))
    breaks = _breaks(list(values.values()))
    canvas, axes = _new(3.7 if own else 3.3)
    axes.set_position((0.0, 0.13, 0.52, 0.87) if own else (0.1, 0.13, 0.8, 0.87))
    _draw(axes, make_coarse(province), values, breaks, own, width=0.3)
    if own:
        _zoom(canvas, province, values, breaks, own, words, figure.year)
    shown = [format_quantity(one) for one in breaks]
    used = [
        (CLASSES[at], shown[at] if shown[at] == shown[at + 1] else f"{shown[at]}–{shown[at + 1]}")
        for at in range(len(breaks) - 1)
    ]
    if any(code not in values for code in make_coarse(province)):
        used.append(("#ffffff", words["no_data"]))
    _legend(canvas, used)
    return canvas


def _breaks(values: list[float]) -> list[float]:
    """Return the borders of up to five classes of about as many counties each."""
    found = [float(one) for one in np.quantile(values, np.linspace(0, 1, len(CLASSES) + 1))]
    kept = [found[0]]
    for one in found[1:]:
        if one > kept[-1]:
            kept.append(one)
    return kept if len(kept) > 1 else [kept[0], kept[0]]


def _colour(value: float | None, breaks: list[float]) -> str:
    if value is None:
        return "#ffffff"
    if len(breaks) == 2 and breaks[0] == breaks[1]:  # noqa: PLR2004 - all counties have one value
        return CLASSES[0]
    return CLASSES[min(max(int(np.searchsorted(breaks, value, side="right")) - 1, 0), len(breaks) - 2)]


def _draw(axes: Axes, shapes: dict[str, Any], values: dict[str, float], breaks: list[float], own: str, *, width: float) -> None:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    def path(rings: list[Any]) -> Path:
        return (
            Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
            if len(rings) > 1
            else Path(rings[0], closed=True)
        )

    alike: dict[tuple[str, bool], list[Any]] = {}
    for code, rings in shapes.items():
        if rings:
            alike.setdefault((_colour(values.get(code), breaks), code in values), []).extend(rings)
    for (
        colour,
        has,
    ), rings in alike.items():  # a path of all that look alike: a page takes long over each path and each hatching
        axes.add_collection(
            PathCollection(
                [path(rings)], facecolors=colour, edgecolors="#555555", linewidths=width, hatch=None if has else "////"
            ),
            autolim=False,  # the frame is set below
        )
    if shapes.get(own):
        marked = PathCollection([path(shapes[own])], facecolors="none", edgecolors="#000000", linewidths=1.4)
        axes.add_collection(marked, autolim=False)
    points = np.concatenate([ring for rings in shapes.values() for ring in rings])
    _frame(axes, points.min(axis=0), points.max(axis=0))


def _frame(axes: Axes, low: Any, high: Any) -> None:
    pad = (high - low) * 0.02
    axes.set_xlim(low[0] - pad[0], high[0] + pad[0])
    axes.set_ylim(low[1] - pad[1], high[1] + pad[1])
    axes.set_aspect(1 / math.cos(math.radians(float(low[1] + high[1]) / 2)))
    axes.set_axis_off()


def _zoom(
    canvas: Canvas, province: str, values: dict[str, float], breaks: list[float], own: str, words: Any, year: int | None
) -> None:
    """Draw the county and those around it, with names and a scale bar."""
    from gep.reference.regions import read_regions

    axes = canvas.add_axes((0.55, 0.13, 0.45, 0.85))
    shapes = read_polygons(province)
    mine = np.concatenate(shapes[own])
    low, high = mine.min(axis=0), mine.max(axis=0)
    size = float((high - low).max()) * 0.35
    low, high = low - size, high + size
    near = {
        code: rings
        for code, rings in shapes.items()
        if any(np.any(np.all((ring >= low) & (ring <= high), axis=1)) for ring in rings)
    }
    step, beyond = float((high - low).max()) / 300, (high - low) / 10
    near = {
        code: [
            thinned for ring in rings if len(thinned := thin_ring(np.clip(ring, low - beyond, high + beyond), step)) >= CORNERS
        ]
        for code, rings in near.items()
    }
    _draw(axes, near, values, breaks, own, width=0.5)
    _frame(axes, low, high)
    axes.set_axis_on()
    axes.set_xticks([])
    axes.set_yticks([])
    for code, rings in near.items():
        if not rings:
            continue
        ring = max(rings, key=len)
        inside = ring[np.all((ring >= low) & (ring <= high), axis=1)]
        if not len(inside):
            continue
        centre = (inside.min(axis=0) + inside.max(axis=0)) / 2 if code != own else (mine.min(axis=0) + mine.max(axis=0)) / 2
        if not np.all((centre > low + (high - low) * 0.06) & (centre < high - (high - low) * 0.06)):
            continue
        name = read_regions()[code].name(words.lang, year)
        text = axes.text(centre[0], centre[1], name, ha="center", va="center", fontsize=8 if code == own else 6.5, clip_on=True)
        _halo(text)
    _scale_bar(axes, low, high)


def _halo(text: Any) -> None:
    text.set_bbox({"facecolor": "#ffffff", "alpha": 0.75, "edgecolor": "none", "boxstyle": "square,pad=0.1"})


def _scale_bar(axes: Axes, low: Any, high: Any) -> None:
    """Draw a bar of a round number of kilometres at the lower left."""
    degree = 111.32 * math.cos(math.radians(float(low[1])))
    wanted = float(high[0] - low[0]) * degree / 4
    length = max(one for one in (1, 2, 5, 10, 20, 50, 100, 200) if one <= max(wanted, 1))
    x, y = low[0] + (high[0] - low[0]) * 0.05, low[1] + (high[1] - low[1]) * 0.04
    axes.plot([x, x + length / degree], [y, y], color="#000000", linewidth=2, solid_capstyle="butt")
    axes.text(x + length / degree / 2, y + (high[1] - low[1]) * 0.015, f"{length} km", ha="center", va="bottom", fontsize=6.5)


def _read_start(label: str) -> int:
    """Return the year that a label means, or in which the period that it means begins: 2016 of 2016-2020."""
    return int(label.partition("-")[0])
