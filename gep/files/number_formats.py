"""Number formats of cells: what a cell shows of the number stored in it, where the format scales it or writes words beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<wide>.)|\*(?P<filled>.)|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]'
    r"|\[(?P<condition>(?:<=|>=|<>|<|>|=)[^\]]*)\]|\[[^\]]*\]|(?P<general>General|G/通用格式)|(?P<power>[eE][+-])"
    r"|(?P<digit>[0#?])|(?P<mark>[.,%;@/])|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_NEUTRAL = " \u00a0()（）+-–—"
_POINTS = ".·"
_TESTS = {"<": "__lt__", ">": "__gt__", "=": "__eq__", "<=": "__le__", ">=": "__ge__", "<>": "__ne__"}


@dataclass(frozen=True)
class Display:
    """What a cell shows of its number.

    Attributes
    ----------
    text  : as it stands on the screen, about
    scale : the number shown is the number stored times this; 0 where no number is shown
    label : words beside the number, `亿元`, `‰` or `%`; empty where there are none
    """

    text: str
    scale: float
    label: str


@dataclass(frozen=True)
class _Section:
    """One part of a format: its condition, the words before, within and after the digits, and how these are scaled."""

    condition: str
    before: str
    after: str
    within: str
    digits: bool
    decimals: int
    grouped: bool
    general: bool
    thousands: int
    percents: int
    shifted: int
    """Digits behind a point that is only written: 0!.0 shows 12345 as 1234.5."""


def read_display(value: float, code: str) -> Display:
    """Return what a cell with a number format shows of a number."""
    sections = _parse(code)
    at = _choose(value, sections)
    one = sections[at]
    scale = 100.0**one.percents / 1000.0**one.thousands / 10.0**one.shifted
    label = "".join(text.strip(_NEUTRAL) for text in (one.before, one.within, one.after))
    if not one.digits:
        text = (one.before + one.after).strip()
        return Display(text, 1.0 if value == 0 and text.strip(_NEUTRAL) == "" and text else 0.0, label)
    shown = abs(value) if at and len(sections) > 1 and value < 0 and not sections[at].condition else value
    number = (
        f"{shown * scale:.15g}" if one.general else f"{shown * scale:{',' if one.grouped else ''}.{one.decimals + one.shifted}f}"
    )
    return Display(f"{one.before}{number}{one.within}{one.after}".strip(), scale, label)


def _choose(value: float, sections: tuple[_Section, ...]) -> int:
    if any(one.condition for one in sections):
        for at, one in enumerate(sections):
            test = re.fullmatch(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)", one.condition)
            if not one.condition or (test and getattr(float(value), _TESTS[test[1]])(float(test[2]))):
                return at
        return 0
    if value < 0 and len(sections) > 1:
        return 1
    return 2 if value == 0 and len(sections) > 2 else 0  # noqa: PLR2004 - positive; negative; zero


@cache
def _parse(code: str) -> tuple[_Section, ...]:
    parts: list[list[tuple[str, str]]] = [[]]
    for found in _TOKEN.finditer(code or "General"):
        kind = found.lastgroup or ""
        text = found[kind] if kind else ""
        if kind == "mark" and text == ";":
            parts.append([])
        elif kind == "filled" and text.isdigit():  # a digit that fills the cell is seen as one of the number
            parts[-1].append(("other", text))
        elif kind not in {"", "filled"}:
            parts[-1].append((kind, text))
    return tuple(_section(part) for part in parts)


def _section(tokens: list[tuple[str, str]]) -> _Section:
    places = [at for at, (kind, text) in enumerate(tokens) if kind in {"digit", "general"} or text == "@"]
    first, last = (places[0], places[-1]) if places else (len(tokens), len(tokens))
    point = next((at for at, token in enumerate(tokens) if token == ("mark", ".")), len(tokens))
    general = any(kind in {"general", "power"} or token_text in {"@", "/"} for kind, token_text in tokens if kind not in _WORDS)
    words = ["", "", ""]
    thousands = percents = shifted = 0
    grouped = False
    for at, (kind, text) in enumerate(tokens):
        behind = sum(first <= place < point and place > at for place in places)
        if kind in _WORDS or (kind == "mark" and text == "%"):
            written = " " if kind == "wide" else text
            percents += kind == "mark"
            if first < at < last and text in _POINTS and kind in {"escaped", "quoted", "other"}:
                shifted = behind
            else:
                words[0 if at < first else 1 if at < last else 2] += written
        elif kind == "mark" and text == ",":
            scaling = at > first and (behind == 0 or at > last)
            thousands += scaling
            grouped |= not scaling
    decimals = sum(place > point for place in places)
    return _Section(
        next((text for kind, text in tokens if kind == "condition"), ""),
        words[0],
        words[2],
        words[1],
        bool(places),
        decimals,
        grouped,
        general,
        thousands,
        percents,
        shifted,
    )


_WORDS = {"quoted", "escaped", "wide", "currency", "other"}


def read_display_of(cell: Any) -> Display | None:
    """Return what a cell shows, None where it holds no number or shows it as it is."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    found = read_display(value, cell.number_format or "General")
    return None if found.scale == 1 and not found.label else found
