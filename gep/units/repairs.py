"""Says what to write in place of a text that is no unit: a spelling that is read, or the unit a figure has to be turned into."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.messages.texts import Text, say
from gep.paths import LISTS
from gep.units.names import find_instead, list_known_names, strip_numeral

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SPACES = re.compile(r"\s+")
_LABEL = re.compile(r"^(?:计量)?单位\s*:?\s*")
_REMARK = re.compile(r"^(.+?)\s*[(\[【]([^()\]】]*)[)\]】]$")
"""What stands behind a unit in brackets: 万元(当年价), 万头(只)."""
_CURRENT = re.compile(r"(?:按)?(?:当年|当年价|当年价格|现价|现行价格)(?:计算)?")
_PRICES = re.compile(r"(?:按)?((?:19|20)[0-9]{2})年?(?:不变|可比)?(?:价|价格)?(?:计算)?")
_YEAR_FIRST = re.compile(r"^((?:19|20)[0-9]{2})年?(?:不变价|可比价|价)?\s*(.+)$")
_MONEY = re.compile(r"^(?:千万|百万|[百千万亿])?元$")
_UNDER = re.compile(r"^([^/()]+)/([^/()]+[·*.][^/()]+)$")
"""One line of division, and more than one unit behind it: 元/亩·年."""
_WORD = re.compile(r"[^\W\d_]+")


def say_no_unit(text: str, refusal: Text, name: str, is_read: Callable[[str], bool]) -> Text:
    """Return the refusal of a text that is no unit, with what to write where that is known.

    Parameters
    ----------
    refusal : what is said where nothing is known
    name    : the name in it that the list of units does not have; empty where it is refused for something else
    is_read : whether a text is a unit
    """
    others, bare = read_other_units(), strip_numeral(name)
    if into := next((others[one] for one in (name, bare, re.sub(r"[23]$", "", bare)) if one in others), ""):
        return say(
            "{text!r} is not a unit: {name!r} is none here, turn the figure into {into} and write that unit",
            text=text,
            name=name,
            into=into,
        )
    if instead := find_instead(name):
        return say(
            "{text!r} is not a unit: {name!r} can be read in several ways, write {instead}", text=text, name=name, instead=instead
        )
    if repaired := suggest_unit(text, is_read):
        return say("{text!r} is not a unit: write {unit}", text=text, unit=repaired)
    return refusal


def suggest_unit(text: str, fits: Callable[[str], bool]) -> str:
    """Return the unit that a text probably is another spelling of; empty where none of those tried fits.

    Parameters
    ----------
    fits : whether a unit may stand where the text stands
    """
    return next((one for one in _list_spellings(text) if one and one != text and fits(one)), "")


@cache
def read_other_units() -> dict[str, str]:
    """Return the units that are none here because a figure in them has to be turned into another first: name → into which."""
    return {row["name"]: row["into"] for row in read_list(LISTS / "other_units.csv")}


def _list_spellings(text: str) -> Iterator[str]:
    bare, remark = _LABEL.sub("", unicodedata.normalize("NFKC", text).strip()), ""
    if found := _REMARK.match(bare):
        bare, remark = found[1], found[2].strip()
    if remark and (priced := _PRICES.fullmatch(remark)) and _MONEY.match(bare):
        yield f"{bare}_{priced[1]}"
    if (dated := _YEAR_FIRST.match(bare)) and _MONEY.match(dated[2]):
        yield f"{dated[2]}_{dated[1]}"
    if remark and not _CURRENT.fullmatch(remark) and remark not in list_known_names():
        return
    yield from (bare, _SPACES.sub("", bare))
    if under := _UNDER.match(bare):
        yield f"{under[1]}/({under[2]})"
    yield _WORD.sub(lambda found: _spell(found.group()), bare)


def _spell(word: str) -> str:
    """Return what is to be written in place of a name, where that is one thing only; capital letters are never guessed: Mt is no mt."""
    instead = find_instead(word)
    return word if not instead or re.search(", | or ", instead) else instead
