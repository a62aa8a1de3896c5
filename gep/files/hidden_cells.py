"""What of a sheet nobody sees: rows and columns that are hidden, folded, filtered out or too narrow, and figures in the colour of their ground."""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING, Any

from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

NARROWEST = 1.0
"""Width of a column, in characters, below which nothing is seen in it."""
LOWEST = 4.0
"""Height of a row, in points, below which nothing is seen in it."""
LEAST_CONTRAST = 1.3
"""Contrast of a figure and its ground (WCAG 2.2, relative luminance) below which it is not seen; light grey on white is 1.4."""
_WHITE, _BLACK = "FFFFFF", "000000"
_OF_THEME = {0: _WHITE, 1: _BLACK}
_OF_PALETTE = {**dict.fromkeys((0, 8, 64), _BLACK), **dict.fromkeys((1, 9, 65), _WHITE)}
"""Numbers of the palette of Excel, and of what the system shows text and paper in."""


def find_hidden_columns(sheet: Any) -> frozenset[int]:
    """Return the columns of a sheet that nobody sees, counted from 1: hidden, folded in a group, or too narrow."""
    return frozenset(
        column
        for one in sheet.column_dimensions.values()
        if one.min and (one.hidden or (one.width is not None and one.width < NARROWEST))
        for column in range(one.min, min(one.max, sheet.max_column) + 1)
    )


def is_row_hidden(sheet: Any, line: int) -> bool:
    """Return whether nobody sees a row: hidden, folded in a group, filtered out, or too low."""
    one = sheet.row_dimensions.get(line)
    return one is not None and bool(one.hidden or (one.height is not None and one.height < LOWEST))


def is_invisible(cell: Any) -> bool:
    """Return whether a cell shows its content in the colour of its ground, or nearly."""
    if not cell.has_style or cell.font is None or cell.font.color is None:
        return False
    ground = cell.fill.fgColor if cell.fill is not None and cell.fill.fill_type == "solid" else None
    letters, behind = _find_colour(cell.font.color), _find_colour(ground) if ground is not None else _WHITE
    if letters is None or behind is None:
        return False
    lighter, darker = sorted((_measure(letters), _measure(behind)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05) < LEAST_CONTRAST


def judge_unseen(sheet: Any, cells: Iterable[Any], hidden: frozenset[int]) -> tuple[str, str, str] | None:
    """Return what is wrong with the first of some cells that nobody sees, what is expected and a hint; None where all are seen.

    Parameters
    ----------
    hidden : the hidden columns of their sheet, as of `find_hidden_columns`
    """
    found = next(filter(None, (_describe_unseen(sheet, cell, hidden) for cell in cells)), "")
    return (found, "what counts stands in the open", "show what is hidden, or take it out") if found else None


def _describe_unseen(sheet: Any, cell: Any, hidden: frozenset[int]) -> str:
    """Return why nobody sees a cell, empty where it is seen."""
    if cell.value is None:
        return ""
    if sheet.sheet_state != "visible":
        return say("the cell stands in a hidden sheet")
    if is_row_hidden(sheet, cell.row):
        return say("the cell stands in a hidden row")
    if cell.column in hidden:
        return say("the cell stands in a hidden column")
    return say("the cell is written in the colour of its ground") if is_invisible(cell) else ""


def _find_colour(colour: Any) -> str | None:
    """Return a colour as six hexadecimal digits, None where the file does not say which it is."""
    found = None
    if colour.type == "rgb" and isinstance(colour.rgb, str):
        found = colour.rgb[-6:]
    elif colour.type == "theme":
        found = _OF_THEME.get(colour.theme)
    elif colour.type == "indexed":
        found = _OF_PALETTE.get(colour.indexed)
    if found is None or not colour.tint:
        return found
    hue, light, full = colorsys.rgb_to_hls(*(int(found[at : at + 2], 16) / 255 for at in (0, 2, 4)))
    light = light * (1 + colour.tint) if colour.tint < 0 else light * (1 - colour.tint) + colour.tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, min(light, 1.0), full))


def _measure(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 to 1; without the straight part of sRGB near black."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (float(((one + 0.055) / 1.055) ** 2.4) for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
