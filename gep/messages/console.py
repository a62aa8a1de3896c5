"""Output on consoles that lack letters (GBK, cp437, Latin-1): what cannot be shown is written plainly, and nothing fails for it."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from io import TextIOWrapper

HANDLER = "gep-plain"
_PLAIN = {"−": "-", "–": "-", "—": "-", "…": "...", "≤": "<=", "≥": ">=", "×": "x", "·": "*", "÷": "/", "Σ": "sum", "→": "->"}


def write_plainly(text: str) -> str:
    """Return the nearest plain letters of a text, m2 for m²; a question mark for a letter that has none."""
    return "".join(
        _PLAIN.get(one) or unicodedata.normalize("NFKC", one).encode("ascii", "ignore").decode() or "?" for one in text
    )


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return write_plainly(error.object[error.start : error.end]), error.end


def spare_narrow_consoles() -> None:
    """Let output and errors of this process replace what their encoding lacks instead of failing."""
    codecs.register_error(HANDLER, _replace)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=HANDLER)
