"""Cells that mean their neighbour above: 同上, 〃; nothing about their meaning."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DITTOS = {"同上", "同上行", "同前", "上同", "〃", "″", '"', "“", "”", "''", "ditto", "do", "sameasabove", "asabove"} | {
    *("见上", "如上", "同上表", "同上栏", "同上一行", "同上列")
}


@lru_cache(maxsize=4096)
def is_ditto(text: str) -> bool:
    """Return whether a text stands for the cell above it."""
    plain = "".join(text.split()).casefold().strip("（）()。.-—")
    return plain in _DITTOS or (plain != "" and set(plain) <= {"〃", "″"})


def resolve_dittos(texts: Iterable[str]) -> Iterator[str | None]:
    """Yield each text of a column, a ditto as what it stands for; None for a ditto with nothing directly above it."""
    above = ""
    for text in texts:
        if not is_ditto(text):
            above = text
        yield above or None if is_ditto(text) else text
