"""Guesses what the text of a mistaken cell was meant to be; for people only, never used in place of what was written."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from gep.files.dittos import say_written_out, stands_for_another
from gep.files.written_names import clean_text
from gep.files.written_numbers import NUMBER, find_false_digits, narrow_digits, normalise_text, split_number
from gep.messages.suggest import find_closest
from gep.messages.texts import join_list, name_id, say
from gep.reference.regions import find, find_retired, read_regions, suggest_divisions
from gep.units.registry import is_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from gep.messages.texts import Titled

_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}([, '][0-9]{3})+(\.[0-9]+)?")
_NOTHING = {"", "-", "--", "—", "——", "/", "无", "n/a", "na", "nan", "null", "none", "\\n"}
_DECIMAL_COMMA = re.compile(r"([+-]?(?:[0-9]+|[1-9][0-9]{0,2}(?:[ .][0-9]{3})+)),([0-9]+)")
"""A number with a decimal comma, its thousands parted by points or spaces or not at all."""
_POINTS = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3}){2,}")
_NOTED = re.compile(
    r"([+-]?(?:[0-9]+(?:\.[0-9]+)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?))\s*(?:[*#†‡]+|\[[0-9]+\]|\(注?[0-9]+\))"
)
"""A number and the mark of a note that is no digit: 212500*, 212500[1]."""
_SCALES = {"百", "千", "万", "十万", "百万", "千万", "亿", "万亿"}
_DASHES = str.maketrans("−–—﹣", "----")
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f\u2007\t", " ") | dict.fromkeys("’ʼ´`", "'"))
_LONGEST = 60


def cut(text: str) -> str:
    """Return a cell's text, cut after 60 letters."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def suggest_id(text: str, known: Mapping[str, Titled | None], fits: Callable[[str], bool] = lambda _: True) -> str:
    """Return a hint with the id that a text probably means, by its title in either language or by its spelling; empty if none.

    Parameters
    ----------
    known : id → what has its title, or None
    fits  : whether an id may stand where the text stands; one that is only like the text and does not fit is not proposed
    """
    if stands_for_another(text):
        return say_written_out(text)
    folded = _folded(text)
    meant: dict[str, str] = {}
    for identity, one in known.items():
        names = (one.title.zh, one.title.en) if one is not None else ()
        if folded and folded in {_folded(identity), *map(_folded, names)}:
            return say("write {text}", text=identity)
        if fits(identity):
            meant |= {identity: identity, **dict.fromkeys(names[:1], identity)}
    close = find_closest(text[:_LONGEST], meant)
    if not close:
        return ""
    identity = meant[close[0]]
    one = known[identity]
    return say("did you mean {name}?", name=name_id(identity, {identity: one}) if one is not None else identity)


def suggest_number(text: str, column: str = "unit", unit: str = "", fits: Callable[[str], bool] = lambda _: True) -> str:
    """Return a hint what to write in place of a text that is not a number; empty if nothing can be said.

    It never has digits that the text has not, and leaves none out.

    Parameters
    ----------
    column : what the column of units is called where the text stands
    unit   : that stands there now
    fits   : whether a unit may stand there
    """
    if stands_for_another(text):
        return say_written_out(text)
    if text.strip().lower() in _NOTHING:
        return "a figure that is not at hand: take the row out; a true zero: write 0"
    if NUMBER.fullmatch(text):
        return "no figure is as large as this"
    if _IN_WORDS.fullmatch(text.strip()) or _TURNED.search(text):
        return _PLAIN
    plain = _plain_number(text)
    if NUMBER.fullmatch(plain):
        return say("write {text}", text=plain)
    if _THOUSANDS.fullmatch(plain):
        return say("write {text}", text=re.sub("[, ']", "", plain))
    if found := _DECIMAL_COMMA.fullmatch(plain):
        return say("write {text} if the comma is the decimal mark", text=f"{re.sub('[ .]', '', found[1])}.{found[2]}")
    if _POINTS.fullmatch(plain):
        return say("write {text} if the points part thousands", text=plain.replace(".", ""))
    if found := _NOTED.fullmatch(plain):
        number = found[1] if NUMBER.fullmatch(found[1]) else re.sub("[, ']", "", found[1])
        return say("write {text}, without the mark of a note", text=number)
    grouped = _THOUSANDS.match(plain)
    number, behind = split_number(re.sub("[, ']", "", grouped.group()) + plain[grouped.end() :] if grouped else plain)
    if number and behind in _SCALES and _is_known_unit(behind + unit) and fits(behind + unit):
        return say("write {text} and put {unit} before the unit in the column {column}", text=number, unit=behind, column=column)
    if number and behind in _SCALES and unit.startswith(behind):
        return say("write {text} if the unit {unit} is meant", text=number, unit=unit)
    if number and _is_known_unit(behind) and fits(behind):
        return say("write {text} and put {unit} in the column {column}", text=number, unit=behind, column=column)
    return say_false_digits(text) or (_PLAIN if re.search("[0-9]", text) else "")


_IN_WORDS = re.compile(r"[约共]?[〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億廿卅点余多]{2,}[亩元吨人公顷整]*")
"""A number in words, 一万二千."""
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of writing: what is seen is not what is stored."""
_PLAIN = "write one number in plain digits, with a point before its decimals and nothing else"


def _plain_number(text: str) -> str:
    """Return a text without what surrounds a number in it: quotes, an equals sign, characters nobody sees; one kind of dash and space."""
    plain = clean_text(narrow_digits(text)).translate(_DASHES).translate(_SPACES)
    return plain.lstrip("=").strip().strip("'\"").strip()


def _is_known_unit(text: str) -> bool:
    """Return whether what follows a number is a unit; a letter that is taken for a digit (O, l) is none."""
    return is_unit(text) and (not re.match(r"[OolI]|.*[0-9]$", text) or re.search(r"[^\W\d_][23]$", text) is not None)


def say_false_digits(text: str) -> str:
    """Return a hint about raised, circled and other marks in a figure that are no digits; empty where there are none."""
    marks = find_false_digits(narrow_digits(text))
    if not marks:
        return ""
    return say(
        "{marks} is no digit: leave the mark of a note out; write a power or a fraction out in plain digits", marks=marks[:20]
    )


def suggest_county(text: str, years: Collection[int] = ()) -> str:
    """Return a hint with the code that an unknown county probably means, or codes near it.

    Parameters
    ----------
    years : of the accounts; what did not exist in all of them is not proposed as near
    """
    if stands_for_another(text):
        return say_written_out(text)
    code = re.fullmatch(r"([0-9]{6})(?:\.0+|000000)?", _bare(text))
    if code and code[1] in read_regions() and not find_retired(code[1]):
        return say("write {text}", text=code[1])
    called = find(text)
    if len(called) == 1:
        return say("write {text}", text=called[0].code)
    called = [one for one in called if one.existed_in(years)]
    if called:
        return say("near it: {near}", near=join_list(f"{one.code} {one.name_zh}" for one in called))
    return suggest_divisions(text[:_LONGEST], years) or "gep query regions lists all codes"


def suggest_year(text: str) -> str:
    """Return a hint with the year that a text probably means; empty if none."""
    if stands_for_another(text):
        return say_written_out(text)
    found = re.fullmatch(r"([0-9]{4})(?:\.0+|年.*|[-/][0-9]{1,2}([-/][0-9]{1,2})?( [0-9:.]+)?)?", _bare(text))
    return say("write {text}", text=found[1]) if found and found[1] != text else ""


def _bare(text: str) -> str:
    """Return a code without what spreadsheets put round it: full-width letters, quotes, an equals sign, spaces."""
    return re.sub(r"""[\s='"]""", "", normalise_text(text))


def _folded(text: str) -> str:
    return re.sub(r"[\s_·-]", "", unicodedata.normalize("NFKC", text).casefold())
