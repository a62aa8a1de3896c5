"""What a text in one language must not have of the other."""

from __future__ import annotations

import re

HAN = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three English words in a row: a sentence that nobody translated."""


def left_in_english(text: str) -> list[str]:
    return [found for found in ENGLISH.findall(text) if not found.startswith("gep ")]
