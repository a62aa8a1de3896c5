"""The catalogue: every text in English and in Chinese side by side, as a gettext file that Poedit, Weblate and Babel read too."""

from __future__ import annotations

import re
from functools import cache

from gep.paths import TEMPLATES
from gep.records import dataclass

FILE = "zh.po"
"""msgid is the English template, msgstr the Chinese one; msgctxt is the key of a text that templates of reports ask for."""


@dataclass(frozen=True)
class Entry:
    """A text in both languages; braces are filled in and are the same on both sides."""

    key: str
    en: str
    zh: str
    line: int

    def __getitem__(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class CatalogueError(ValueError):
    """A file that is not a catalogue, with the line."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line}")


def parse_catalogue(text: str) -> list[Entry]:
    """Return the entries of a catalogue in the order of the file; those marked fuzzy or obsolete are left out.

    Parameters
    ----------
    text : what stands in a gettext `.po` file

    Raises
    ------
    CatalogueError : the text is not a gettext file, with the line
    """
    for number, line in enumerate(text.splitlines(), 1):
        if not _LINE.fullmatch(line):
            raise CatalogueError(number)
    try:
        return _read_entries(text)
    except OSError as error:
        found = re.search(r"line (\d+)", str(error))
        raise CatalogueError(int(found[1]) if found else 1) from None


_LINE = re.compile(r'\s*(?:#.*|(?:msgctxt |msgid |msgstr )?"(?:[^"\\]|\\.)*"\s*)?')
"""What a line may be; polib forgives more than that."""


def _read_entries(text: str) -> list[Entry]:
    import polib

    return [
        Entry(one.msgctxt or "", one.msgid, one.msgstr, one.linenum or 1)
        for one in polib.pofile(text)
        if not (one.obsolete or one.fuzzy)
    ]


@cache
def read_shipped_entries() -> tuple[Entry, ...]:
    """Return the entries of the shipped catalogue, read once."""
    return tuple(_read_entries((TEMPLATES / FILE).read_text("utf-8")))


@cache
def list_chinese() -> dict[str, str]:
    """Return the Chinese templates by their English ones, those without a key."""
    return {one.en: one.zh for one in read_shipped_entries() if not one.key}


@cache
def list_keyed() -> dict[str, Entry]:
    """Return the texts that are asked for by a key, key → entry."""
    return {one.key: one for one in read_shipped_entries() if one.key}
