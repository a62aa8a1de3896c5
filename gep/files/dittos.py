"""Cells that mean another cell: 同上, 〃, 同左; a source may be that of the row above, everything else is to be written out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gep.messages.problems import Problem
from gep.messages.texts import Text, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_DITTOS = {"同上", "同上行", "同前", "上同", "〃", "″", '"', "“", "”", "''", "ditto", "do", "sameasabove", "asabove"} | {
    *("见上", "如上", "同上表", "同上栏", "同上一行", "同上列")
}
_ELSEWHERE = re.compile(
    r"[同见如照](?:上|下|左|右|前|后)(?:[面一表栏行列格项年期月]*)|[同见如照](?:第?[0-9A-Za-z]+[行列格])|[←→↑↓]+"
)
"""What stands for a cell that is not the one above, or may not be."""
_MAYBE = re.compile(r"[〃″′\"“”'←→↑↓同上见如照]|^\W*(?:ditto|do|same|as)", re.IGNORECASE)
_PROSE = {"source", "note"}
"""Columns of which the program resolves a ditto, or reads nothing but its words."""


@lru_cache(maxsize=4096)
def is_ditto(text: str) -> bool:
    """Return whether a text stands for the cell above it."""
    plain = "".join(text.split()).casefold().strip("（）()。.-—")
    return plain in _DITTOS or (plain != "" and set(plain) <= {"〃", "″", "′"})


def resolve_dittos(texts: Iterable[str]) -> Iterator[str | None]:
    """Yield each text of a column, a ditto as what it stands for; None for a ditto with nothing directly above it."""
    above = ""
    for text in texts:
        if not is_ditto(text):
            above = text
        yield above or None if is_ditto(text) else text


@lru_cache(maxsize=4096)
def stands_for_another(text: str) -> bool:
    """Return whether a text stands for another cell, above it or elsewhere."""
    return _MAYBE.search(text) is not None and (is_ditto(text) or _ELSEWHERE.fullmatch("".join(text.split())) is not None)


def say_written_out(text: str) -> Text:
    """Return the hint for a cell that stands for another."""
    return say("{text} stands for another cell: write out in every row what it means, or fill it down", text=text)


def find_dittos(file: str, columns: Mapping[str, Sequence[str]], lines: Sequence[int], cells: Mapping[str, str]) -> list[Problem]:
    """Return a problem for every column, sources and notes apart, in which cells stand for others: the first, and how many.

    Parameters
    ----------
    columns : column → its texts, one a row
    lines   : the line of each row
    cells   : column → sheet and letters of a workbook, `Sheet1!B`; no entry in a table of text
    """
    problems = []
    for name in columns.keys() - _PROSE:
        known = {text for text in set(columns[name]) if text and stands_for_another(text)}
        at = [row for row, text in enumerate(columns[name]) if text in known] if known else []
        if at:
            text = columns[name][at[0]]
            found = say("{column} is {text!r} (rows that say so: {count})", column=name, text=text, count=len(at))
            cell = f"{cells[name]}{lines[at[0]]}" if name in cells else ""
            problems.append(Problem(file, lines[at[0]], found, "each row has its own words", say_written_out(text), cell))
    return problems
