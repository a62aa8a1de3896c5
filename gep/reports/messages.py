"""The words of reports: one catalogue in two languages, and Chinese punctuation in full width.

A YAML file and no compiled catalogue: both languages stand side by side, a test holds their keys equal, and an office can
change a word by a file of its own in its templates folder.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from gep.messages import say
from gep.places import TEMPLATES
from gep.problems import Problem, Problems
from gep.units import printed_unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CATALOGUE = "texts.yaml"
_WIDE = {",": 0xFF0C, ";": 0xFF1B, ":": 0xFF1A, "?": 0xFF1F, "!": 0xFF01}
_YUAN, _YEAR = re.compile(r"\bCNY(?:_(\d{4}))?\b"), re.compile(r"\byr\b")
_OPEN, _CLOSE = chr(0xFF08), chr(0xFF09)
_HAN = re.compile("[一-鿿㐀-䶿《》“”、。（），；：]")


class Words:
    """The texts of one language, by key; `say` fills in what a sentence tells of."""

    def __init__(self, lang: str, texts: Mapping[str, str]) -> None:
        self.lang = lang
        self.texts = texts

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def __getattr__(self, key: str) -> str:
        try:
            return self.texts[key]
        except KeyError:
            raise AttributeError(key) from None

    def say(self, key: str, **parts: object) -> str:
        """Return a sentence with its parts; parts are put in as they are."""
        return self.texts[key].format(**parts)

    def join(self, parts: list[str]) -> str:
        """Return a list as it is written in a sentence."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def unit(self, text: str) -> str:
        """Return a unit for people, in the words of the language."""
        shown = printed_unit(text)
        return (
            _YUAN.sub(lambda found: f"元({found[1]})" if found[1] else "元", _YEAR.sub("年", shown))
            if self.lang == "zh"
            else shown
        )

    def wide(self, text: str) -> str:
        """Return a text of ours with the punctuation of the language."""
        return full_width(text) if self.lang == "zh" else text


@lru_cache(maxsize=8)
def words(lang: str, folder: Path | None = None) -> Words:
    """Return the texts of a language; a folder's own `texts.yaml` goes before the shipped ones.

    Raises
    ------
    Problems : the folder's catalogue is no catalogue, or has a key that no text has
    """
    shipped = _read(TEMPLATES / CATALOGUE)[lang]
    texts = {key: full_width(text) if lang == "zh" else text for key, text in shipped.items()}
    own = folder / CATALOGUE if folder else None
    if own is not None and own.exists():
        found = _read(own).get(lang) or {}
        unknown = sorted(set(found) - set(texts))
        if unknown:
            raise Problems(
                [Problem(str(own), 0, say("there is no text {key!r}", key=unknown[0]), "a key of templates/texts.yaml")]
            )
        texts |= {key: str(text) for key, text in found.items()}
    return Words(lang, texts)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Problems([Problem(str(path), line, say("the texts cannot be read: {why}", why=error.problem), "YAML")]) from None
    if not isinstance(found, dict):
        raise Problems([Problem(str(path), 0, "the texts cannot be read", "zh: and en:, each with keys and texts")])
    return found


def full_width(text: str) -> str:
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
