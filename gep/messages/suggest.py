"""The known names that a mistaken one is most like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

ALIKE = 0.6
"""Likeness, from 0 to 1, from which on a name is suggested: what `difflib` takes without being told."""


def find_closest(text: str, known: Iterable[str], *, count: int = 1, alike: float = ALIKE) -> list[str]:
    """Return the known names a text is most like, the likest first, at most so many and none less alike."""
    import difflib

    return difflib.get_close_matches(text, list(known), n=count, cutoff=alike)


def suggest_nearest(text: str, known: Iterable[str]) -> str:
    """Return which of the known names a text is most like, as a question; empty where it is like none."""
    close = find_closest(text, known)
    return say("did you mean {name}?", name=close[0]) if close else ""
