"""The words of reports: one catalogue in two languages, and Chinese punctuation in full width.

A YAML file and no compiled catalogue: both languages stand side by side, a test holds their keys equal, and an office can
change a word by a file of its own in its templates folder.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Any

import yaml

from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.texts import say
from gep.paths import TEMPLATES
from gep.units.registry import printed_unit

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
        texts |= _own(own, lang, texts)
    return Words(lang, texts)


def _own(path: Path, lang: str, texts: dict[str, str]) -> dict[str, str]:
    """Return the user's own texts of a language; each may hold what the shipped one of its key is filled in with.

    Raises
    ------
    Problems : all texts that are not of the catalogue, or ask for what they cannot have, with their lines
    """
    found, problems = _read(path).get(lang) or {}, []
    lines = _lines(path, lang)
    if not isinstance(found, dict):
        refuse_one(str(path), say("{lang}: has no texts", lang=lang), "keys and texts below it", line=lines.get("", 0))
    for key, text in found.items():
        at = lines.get(str(key), 0)
        if key not in texts:
            problems.append(Problem(str(path), at, say("there is no text {key!r}", key=key), "a key of templates/texts.yaml"))
            continue
        allowed = _slots(texts[key])
        try:
            unknown = sorted(_slots(str(text)) - allowed)
        except ValueError as error:
            problems.append(
                Problem(
                    str(path),
                    at,
                    say("{key} cannot be filled in: {error}", key=key, error=error),
                    "braces in pairs, a brace itself doubled",
                )
            )
            continue
        if unknown:
            names = say("of {names}", names=", ".join(sorted(allowed))) if allowed else "no braces"
            problems.append(
                Problem(str(path), at, say("{key} cannot have {unknown!r} in braces", key=key, unknown=unknown[0]), names)
            )
    if problems:
        raise Problems(problems)
    return {key: str(text) for key, text in found.items()}


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _lines(path: Path, lang: str) -> dict[str, int]:
    """Return the line of each key of a language, and under the empty key that of the language."""
    root = yaml.compose(utf8(path), Loader=yaml.SafeLoader)
    for name, below in root.value if isinstance(root, yaml.MappingNode) else []:
        if name.value == lang:
            inside = below.value if isinstance(below, yaml.MappingNode) else []
            return {"": name.start_mark.line + 1} | {key.value: key.start_mark.line + 1 for key, _ in inside}
    return {}


def utf8(path: Path) -> str:
    """Return the text of a file of the user's.

    Raises
    ------
    Problems : it is not UTF-8, with the line
    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        refuse_one(str(path), "the file is not UTF-8", "UTF-8", "save it again as UTF-8", line=line)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(utf8(path))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        refuse_one(str(path), say("the texts cannot be read: {why}", why=error.problem), "YAML", line=line)
    if not isinstance(found, dict):
        refuse_one(str(path), "the texts cannot be read", "zh: and en:, each with keys and texts")
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
