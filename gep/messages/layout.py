"""Lays texts out in the columns of a terminal: widths of Chinese characters, padding, wrapping, plain tables, money."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

from gep.messages.numbers import MISSING, YI, format_digits, format_fixed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 80


class _Widths(dict[str, int]):
    """Letter → the columns it takes, looked up once."""

    def __missing__(self, letter: str) -> int:
        self[letter] = found = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        return found


_WIDTHS = _Widths()


def measure_width(text: str) -> int:
    """Return how many columns of a terminal a text takes; Chinese and other full-width characters take two."""
    if text.isascii():
        return len(text)
    return sum(map(_WIDTHS.__getitem__, text))


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return a text filled up with spaces to a number of columns, behind it or with `right` before it; a longer one as it is."""
    space = " " * max(columns - measure_width(text), 0)
    return space + text if right else text + space


def format_money(value: float | None) -> str:
    """Return money for people, with four decimals, in the unit of `name_money_unit`; a dash where it is not known.

    Parameters
    ----------
    value : yuan; None and NaN are not known
    """
    return MISSING if value is None or math.isnan(value) else format_fixed(value / YI, 4)


def name_money_unit(lang: str, scale: float = YI) -> str:
    """Return the unit in which `format_money` prints, 亿元 or 1e8 CNY, or that of another scale of `scale_of`."""
    if scale == YI:
        return "亿元" if lang == "zh" else "1e8 CNY"
    return "万元" if lang == "zh" else "1e4 CNY"


def get_comma(lang: str) -> str:
    """Return the sign between the names of a list."""
    return "、" if lang == "zh" else ", "


def get_colon(lang: str) -> str:
    """Return the sign after what a line is about."""
    return "：" if lang == "zh" else ": "


def put_in_brackets(text: str, about: str, lang: str) -> str:
    """Return a text with a second one in brackets after it, or the text alone where the second is empty."""
    if not about:
        return text
    return f"{text}（{about}）" if lang == "zh" else f"{text} ({about})"


_TOKENS = re.compile(r"\s|[（“《]*(?:(?<!\w)(?:[A-Za-z]:)?[/\\][^\s，。；：、）”》]+|[\x21-\x7e]+|\S)[，。；：、）”》]*")
"""Paths and runs of Latin letters, else single letters; no line begins with a closing sign or ends with an opening one."""


def wrap_head(text: str) -> list[str]:
    """Return a line that heads a screen as it is, or as several where names make it too long."""
    return [text] if measure_width(text) <= WIDTH else wrap_text(text, "", "  ")


def wrap_text(text: str, first: str, rest: str) -> list[str]:
    """Return a text as lines of at most 80 columns, broken at spaces or beside Chinese characters, never inside an id, number or path.

    Parameters
    ----------
    first : what the first line begins with
    rest  : what every other line begins with
    """
    lines, current, width = [], first, measure_width(first)
    for token in _TOKENS.findall(text):
        wide = measure_width(token)
        if width + wide > WIDTH and current.strip():
            lines.append(current.rstrip())
            current, width = rest, measure_width(rest)
        if token.isspace() and not current.strip():
            continue
        current += token
        width += wide
    lines.append(current.rstrip())
    return lines


def print_plain_cell(cell: object) -> str:
    """Return a cell of a table as text: numbers to six digits, nothing for None."""
    return "" if cell is None else format_digits(cell) if isinstance(cell, float) else str(cell)


def lay_out_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table in columns, the heads first; numbers to six digits, an empty cell for None."""
    shown = [[print_plain_cell(cell) for cell in row] for row in rows]
    widths = [min(max([measure_width(name), *(measure_width(row[at]) for row in shown)]), 40) for at, name in enumerate(columns)]
    yield "  ".join(pad(name, widths[at]) for at, name in enumerate(columns)).rstrip()
    for row in shown:
        yield "  ".join(pad(cell, widths[at]) for at, cell in enumerate(row)).rstrip()
