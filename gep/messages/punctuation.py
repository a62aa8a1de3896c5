"""Prints Chinese punctuation in full width, as bureaus do."""

from __future__ import annotations

import re

_WIDE = {",": 0xFF0C, ";": 0xFF1B, ":": 0xFF1A, "?": 0xFF1F, "!": 0xFF01}
_OPEN, _CLOSE = chr(0xFF08), chr(0xFF09)
_HAN = re.compile("[一-鿿㐀-䶿《》“”、。（），；：]")


def widen_punctuation(text: str) -> str:
    """Return a Chinese text with full-width punctuation wherever it touches a Chinese character; numbers keep theirs."""
    letters = list(text)
    opened: list[tuple[int, bool]] = []

    def han(at: int) -> bool:
        return 0 <= at < len(letters) and bool(_HAN.match(letters[at]))

    for at, letter in enumerate(letters):
        if letter == "(":
            wide = han(at - 1) or han(at + 1)
            opened.append((at, wide))
        elif letter == ")" and opened:
            start, wide = opened.pop()
            if wide or han(at - 1) or han(at + 1):
                letters[start], letters[at] = _OPEN, _CLOSE
        elif letter in _WIDE:
            before, after = letters[at - 1 : at], letters[at + 1 : at + 2]
            between = bool(before) and before[0].isdigit() and bool(after) and after[0].isdigit()
            address = letter == ":" and after == ["/"]
            if (
                not between
                and not address
                and (han(at - 1) or han(at + 1) or before == [")"] or (han(at + 2) and after == [" "]))
            ):
                letters[at] = chr(_WIDE[letter])
                if after == [" "]:
                    letters[at + 1] = ""
    return "".join(letters)
