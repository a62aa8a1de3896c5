"""Finds the known names that a mistaken one is most like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

ALIKE = 0.6
"""Likeness, from 0 to 1, from which on a name is suggested: what `difflib` takes without being told."""


def find_closest(text: str, known: Iterable[str], *, count: int = 1, alike: float = ALIKE) -> list[str]:
    """Return the known names that a text is most like, the likest first.

    Parameters
    ----------
    count : how many names at most
    alike : least likeness of a name, from 0 (nothing in common) to 1 (the same)
    """
    import difflib

    return difflib.get_close_matches(text, list(known), n=count, cutoff=alike)


def suggest_nearest(text: str, known: Iterable[str]) -> str:
    """Return "did you mean …?" with the known name a text is most like; an empty text where it is like none."""
    close = find_closest(text, known)
    return say("did you mean {name}?", name=close[0]) if close else ""
