"""Reads what a scheme says in its own words in each language: in both, `中文 (English)`, or one of the shipped texts in English alone."""

from __future__ import annotations

from functools import cache

from gep.files.lists import read_list
from gep.messages.texts import Name, read_both
from gep.paths import LISTS


def read_own(text: str) -> str:
    """Return a note of a scheme as a text that knows itself in Chinese and in English; one in one language stays as it is."""
    return Name(text, read_notes()[text]) if text in read_notes() else read_both(text)


def read_locator(text: str) -> str:
    """Return where a legal basis can be read as a text that knows itself in Chinese too, if a shipped scheme says it in English."""
    return Name(text, read_notes()[text]) if text in read_notes() else text


@cache
def read_notes() -> dict[str, str]:
    """Return the notes and locators of shipped schemes that stand there in English alone, with the same in Chinese; do not change them."""
    return {row["en"]: row["zh"] for row in read_list(LISTS / "scheme_notes.csv")}
