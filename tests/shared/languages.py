"""What a text in one language must not have of the other."""

from __future__ import annotations

import re

from gep.messages.problems import Problems
from gep.messages.texts import say_in

HAN = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three English words in a row: a sentence that nobody translated."""


def left_in_english(text: str) -> list[str]:
    return [found for found in ENGLISH.findall(text) if not found.startswith("gep ")]


def left_in_chinese(text: str) -> list[str]:
    """Chinese sentences of ours in an English text; names of places and titles of texts may be Chinese."""
    return re.findall(r"[\u4e00-\u9fff]+[，。；：]", text)


def check_both(refused: Problems) -> None:
    """Check that each text of a refusal is whole in both languages and has nothing of the other."""
    for one in refused.problems:
        chinese = [say_in(text, "zh") for text in (one.found, one.expected, one.hint) if text]
        assert all(HAN.search(text) for text in chinese[:1]), chinese
        assert not [left for text in chinese for left in left_in_english(text)], chinese
        assert not left_in_chinese(str(one)), str(one)
