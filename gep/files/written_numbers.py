"""Numbers as people write them: which characters are digits, and which commas part thousands; nothing about their meaning."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
"""Groups of three digits after commas; none begins with 0, so that 0,856 is not taken for 856."""
DECIMAL_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]+)")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: ord(" "), 0x200B: None, 0xFEFF: None}
_DIGITS = {"Nd", "Nl", "No"}
_MARKS = {"No", "Nl"}
_BEFORE_A_POWER = "×*^·"


def narrow_digits(text: str) -> str:
    """Return a text with full-width letters and digits as plain ones, without zero-width marks and spaces round it.

    Raised, circled and other digits (², ①, ½) stay what they are: the mark of a note or a power is no digit of the number.
    """
    return text.translate(_FULL_WIDTH).strip()


def find_false_digits(text: str) -> str:
    """Return the characters of a text that look like digits and are none, such as ①, ², ½ and ٣; empty where there are none."""
    return "".join(letter for letter in text if letter not in "0123456789" and unicodedata.category(letter) in _DIGITS)


def normalise_text(text: str) -> str:
    """Return a text in its compatible form (NFKC), but for raised, circled and other marks, which would turn into digits."""
    if text.isascii():
        return text.strip()
    parts = groupby(text, lambda letter: unicodedata.category(letter) in _MARKS)
    return "".join("".join(part) if kept else unicodedata.normalize("NFKC", "".join(part)) for kept, part in parts).strip()


def split_number(text: str) -> tuple[str, str]:
    """Return the number a text begins with and what follows it, usually a unit; both empty where that would be a guess.

    It is one where no number stands first, or where a raised digit, another number or a power follows it.
    """
    found = re.match(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text)
    rest = text[found.end() :].strip() if found else ""
    if not found or not rest or rest[0] in f"0123456789.,{_BEFORE_A_POWER}" or find_false_digits(rest[0]):
        return "", ""
    return found.group(), rest


def is_year(text: str) -> bool:
    """Whether a text is a year that `int` reads: four plain digits."""
    return len(text) == 4 and text.isascii() and text.isdigit()  # noqa: PLR2004 - digits of a year
