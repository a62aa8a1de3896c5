"""Spells out characters that no font of a report has (`[U+36C3]`), so that no page shows an empty box or another font."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.paths import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = (".ttf", ".otf")
FIRST_SELECTOR, LAST_SELECTOR = 0xFE00, 0xFE0F
FIRST_MORE, LAST_MORE = 0xE0100, 0xE01EF
"""Variation selectors: they choose a form of the character before them and have no shape."""


def find_own_fonts(templates: Path | None) -> list[Path]:
    """Return the font files in a folder of templates; they are used after the shipped ones."""
    return sorted(path for path in templates.iterdir() if path.suffix.lower() in ENDINGS) if templates else []


def spell_characters(text: str, templates: Path | None = None) -> str:
    """Return a text with every character that cannot be shown as its code; signs without a shape are left out.

    Parameters
    ----------
    templates : folder of the user's own templates, whose fonts count too

    Raises
    ------
    Problems : a font in the folder of templates is not a font
    """
    known = _known((*sorted((TEMPLATES / "fonts").glob("*.ttf")), *find_own_fonts(templates)))
    lacking = {letter for letter in set(text) if not letter.isspace() and ord(letter) not in known}
    return text.translate({ord(letter): "" if _shapeless(letter) else f"[U+{ord(letter):04X}]" for letter in lacking})


def _shapeless(letter: str) -> bool:
    code = ord(letter)
    return (
        unicodedata.category(letter) in {"Cf", "Cc"} or FIRST_SELECTOR <= code <= LAST_SELECTOR or FIRST_MORE <= code <= LAST_MORE
    )


@lru_cache(maxsize=4)
def _known(files: tuple[Path, ...]) -> frozenset[int]:
    from fontTools.ttLib import TTFont, TTLibError

    found: set[int] = set()
    for file in files:
        try:
            with file.open("rb") as source, TTFont(source, lazy=True) as font:
                found |= set(font.getBestCmap() or ())
        except TTLibError:
            refuse_one(str(file), "this is not a font", "a TrueType or OpenType font", "leave it out")
    return frozenset(found)
