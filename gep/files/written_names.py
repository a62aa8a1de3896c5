"""Names, ids, products, codes and reasons as people write them: which characters nobody sees, and which letters look like others.

The one home of this question; what is invisible is asked of Unicode's own tables (`unicodedata`), what looks alike of its list of
confusables (UTS 39, as `confusable-homoglyphs` keeps it); traditional forms of a character of the tables of OpenCC.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from gep.files.written_numbers import normalise_text
from gep.messages.problems import Problem
from gep.messages.texts import say

_KEPT = "\n\t"
_UNSEEN_KINDS = {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}
_UNSEEN_NAMES = ("VARIATION SELECTOR", "FILLER", "GRAPHEME JOINER", "PATTERN BLANK", "VOWEL INHERENT")
"""Parts of the names of characters that are letters, marks or symbols by their kind, and yet show nothing."""
_HAN = "CJK UNIFIED IDEOGRAPH"
_LATIN = "LATIN"
LONGEST_PERSON = 100
"""Letters of the longest name of a person that is taken."""


def find_unseen(text: str) -> str:
    """Return the characters of a text that nobody sees: zero-width, direction and control marks, selectors, fillers, a braille blank."""
    return "" if text.isascii() and text.isprintable() else "".join(letter for letter in text if _is_unseen(letter))


def clean_text(text: str) -> str:
    """Return a text without characters nobody sees and without spaces round it, composed (NFC)."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", "".join(letter for letter in text if not _is_unseen(letter)))
    return text.strip()


def find_lookalike(text: str) -> str:
    """Return the first letter of another script that looks like a Latin one, in a text that has Latin letters; empty without one."""
    if text.isascii() or not any(_is_latin(letter) for letter in text):
        return ""
    return next((letter for letter in text if not letter.isascii() and letter.isalpha() and _imitates(letter)), "")


def fold_name(text: str) -> str:
    """Return what two names have in common that look alike: without case, width, spaces and unseen characters, letters as those they look like."""
    folded = "".join(normalise_text(clean_text(text)).casefold().split())
    return folded if folded.isascii() else "".join(map(_imitated, folded)).casefold()


def simplify(text: str) -> str:
    """Return a text with each Han character in its simplified form: 茶葉 is 茶叶, 張三 is 张三."""
    return text if text.isascii() else "".join(map(_simplify, text))


def fold_id(text: str) -> str:
    """Return what two ids or numbers have in common that look the same: `fold_name` of their letters and digits."""
    return fold_name("".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum()))


def check_name(where: str, what: str, text: str) -> list[Problem]:
    """Return why a name cannot be taken: it has characters that nobody sees, or letters that look like others.

    Parameters
    ----------
    where : the argument or option, as people see it
    what  : the name of what is entered, in a message
    """
    unseen, alike = find_unseen(text), find_lookalike(text)
    if unseen:
        found = say("{what} holds a character that nobody sees: {code}", what=what, code=show_code(unseen[0]))
        return [Problem(where, 0, found, "letters, digits and signs that can be seen", "type it again instead of copying it")]
    if alike:
        found = say("{what} holds {code}, which looks like {other}", what=what, code=show_code(alike), other=_imitated(alike))
        return [Problem(where, 0, found, "letters of one script", "type it again instead of copying it")]
    return []


def check_person(where: str, who: str, expected: str) -> list[Problem]:
    """Return why a text cannot be the name of a person: nobody sees it, it has no letter, or it is longer than a name.

    Parameters
    ----------
    where    : the argument or option, as people see it
    expected : whose name it should be
    """
    plain = clean_text(who)
    if not plain:
        return [Problem(where, 0, "no name is given", expected)]
    if found := check_name(where, say("the name"), who):
        return found
    if not any(letter.isalpha() for letter in plain):
        return [Problem(where, 0, say("{name!r} is no name: it has no letter", name=plain[:40]), expected)]
    if len(plain) > LONGEST_PERSON:
        return [
            Problem(where, 0, say("the name has {count} letters", count=len(plain)), say("at most {most}", most=LONGEST_PERSON))
        ]
    return []


def tidy_person(who: str) -> str:
    """Return the name of a person as it is kept: spaces in order, no characters that nobody sees."""
    return " ".join(clean_text(who).split())


def fold_person(who: str) -> str:
    """Return what two names of persons have in common that are one name: letters and digits of `fold_name`, without marks, in simplified characters."""
    plain = unicodedata.normalize("NFKD", fold_name(who))
    return simplify("".join(letter for letter in plain if letter.isalnum())) or fold_name(who)


def clean_reason(text: str) -> str:
    """Return a note or reason as `clean_text`, empty where it has no letter or digit: a dash or a dot says nothing."""
    plain = clean_text(text)
    return plain if any(letter.isalnum() for letter in plain) else ""


def show_code(letter: str) -> str:
    """Return a character as its code and its name in Unicode's table."""
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()


@cache
def _is_unseen(letter: str) -> bool:
    if letter in _KEPT or (letter.isascii() and letter.isprintable()):
        return False
    return unicodedata.category(letter) in _UNSEEN_KINDS or any(part in unicodedata.name(letter, "") for part in _UNSEEN_NAMES)


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and (letter.isascii() or unicodedata.name(letter, "").startswith(_LATIN))


def _imitates(letter: str) -> bool:
    other = _imitated(letter)
    return other != letter and other.isascii() and other.isalpha() and not _is_latin(letter)


@cache
def _simplify(letter: str) -> str:
    """Return the simplified form of a Han character (張 is 张); the character itself where it has none."""
    if not unicodedata.name(letter, "").startswith(_HAN):
        return letter
    return str(_open_characters().convert(letter))


@cache
def _open_characters() -> Any:
    """Return the converter of OpenCC: it reads its tables, so it is opened once, and only where a name needs it."""
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _imitated(letter: str) -> str:
    """Return the character that a character is listed to look like; itself for ASCII and Han characters, which are words of ours."""
    if letter.isascii() or unicodedata.name(letter, "").startswith(_HAN):
        return letter
    from confusable_homoglyphs.confusables import confusables_data  # half a second, and few texts need it

    others: list[str] = [one["c"] for one in confusables_data.get(letter, ()) if len(one["c"]) == 1]
    if len(others) != 1:
        return letter  # the one that others look like
    return min(others[0], letter) if len(confusables_data.get(others[0], ())) == 1 else others[0]
