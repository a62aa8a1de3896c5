"""Administrative divisions: codes, names, which lies in which; codes are fixed in width and never cut as text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.messages.problems import refuse_one
from gep.messages.suggest import find_closest
from gep.messages.texts import Name, join_list, mark_word, say
from gep.paths import LISTS

if TYPE_CHECKING:
    from collections.abc import Callable

NATION = "CN"
PROVINCE_DIGITS, PREFECTURE_DIGITS = 2, 4


@dataclass(frozen=True)
class Region:
    """A province, prefecture or county.

    Attributes
    ----------
    code  : six digits, as in GB/T 2260
    level : province, prefecture or county
    """

    code: str
    name_zh: str
    name_en: str
    level: str
    parent: str

    def name(self, language: str) -> str:
        """Return the name of the division in a language (`zh` or `en`)."""
        return self.name_zh if language == "zh" else self.name_en


COUNTRY = Region(NATION, "全国", "China", "nation", "")
_COUNTRY_NAMES = {"cn", "china", "nation", "中国", "全国"}


@cache
def read_regions() -> dict[str, Region]:
    """Return every administrative division by its six-digit code."""
    return {row["code"]: Region(**row) for row in read_list(LISTS / "regions.csv")}


@dataclass(frozen=True)
class Retired:
    """A county that was abolished or renamed: its old code and name, the code of its successor, and the year of the change."""

    code: str
    name_zh: str
    successor: str
    year: int


@cache
def read_retired() -> tuple[Retired, ...]:
    """Return the counties of Jiangxi that became a district or a city since 2013; of other provinces none are known."""
    rows = read_list(LISTS / "retired_regions.csv")
    return tuple(Retired(row["code"], row["name_zh"], row["successor"], int(row["year"])) for row in rows)


@cache
def read_founded() -> dict[str, int]:
    """Return code → year of founding of the counties of Jiangxi that are no successor of one county and younger than 2013."""
    return {row["code"]: int(row["year"]) for row in read_list(LISTS / "founded_regions.csv")}


def find_retired(text: str) -> list[Retired]:
    """Return the abolished or renamed counties that a code or a name means; none that is in use today."""
    wanted = text.strip()
    return [one for one in read_retired() if wanted in {one.code, one.name_zh} and wanted not in read_regions()]


def list_chain(code: str) -> tuple[str, ...]:
    """Return the regions a county lies in, itself included, widest first, in the short form of the coefficient tables.

    Parameters
    ----------
    code : six-digit code of a county: 360725 gives CN, 36, 3607, 360725
    """
    return (NATION, code[:PROVINCE_DIGITS], code[:PREFECTURE_DIGITS], code)


def list_counties_within(code: str) -> list[Region]:
    """Return the counties of a province or city, by code; of a county itself."""
    start = shorten_code(code)
    return [one for one in read_regions().values() if one.level == "county" and one.code.startswith(start)]


def shorten_code(code: str) -> str:
    """Return a region in the short form: 360000 → 36, 360700 → 3607."""
    if code.endswith("0000"):
        return code[:PROVINCE_DIGITS]
    return code[:PREFECTURE_DIGITS] if code.endswith("00") else code


def find(text: str) -> list[Region]:
    """Return the divisions that a code, a Chinese name (with or without 县) or an English name means; none, one or several."""
    known = read_regions()
    wanted = text.strip()
    if wanted in known:
        return [known[wanted]]
    folded = _fold(wanted)
    exact = [
        region
        for region in known.values()
        if wanted == region.name_zh or folded in {_fold(region.name_en), _fold(region.name_en.replace("ü", "v"))}
    ]
    if exact:
        return exact
    return [region for region in known.values() if len(wanted) > 1 and region.name_zh[:-1] == wanted]


def means_the_nation(text: str) -> bool:
    """Return whether a text means the whole nation: CN, 全国."""
    return text.strip().casefold() in _COUNTRY_NAMES


def look_up_divisions(text: str, where: str = "COUNTY", *, level: str = "") -> list[Region]:
    """Return every division that a code or name means, at least one.

    Parameters
    ----------
    where : the argument or option that the text stands in, for the refusal
    level : province, prefecture or county; empty: any

    Raises
    ------
    Problems : no division is meant, with those nearest to it
    """
    meant = [one for one in find(text) if level in {"", one.level}]
    if meant:
        return meant
    if where == _ANY_LEVEL:
        refuse_one(where, say("there is no place {text!r}", text=text), "a code, a name, or CN", suggest_divisions(text))
    refuse_one(where, say("there is no county {county!r}", county=text), "a code or a name", suggest_divisions(text))


def look_up_division(
    text: str, where: str = "COUNTY", *, level: str = "", likely: Callable[[Region], bool] | None = None
) -> Region:
    """Return the one division that a code or name means.

    Parameters
    ----------
    where  : the argument or option that the text stands in, for the refusal
    level  : province, prefecture or county; empty: any
    likely : of several divisions those for which it holds count, where there are any

    Raises
    ------
    Problems : no division is meant, with those nearest to it; or several are
    """
    meant = look_up_divisions(text, where, level=level)
    meant = [one for one in meant if likely(one)] or meant if likely else meant
    if len(meant) == 1:
        return meant[0]
    several = join_list(
        say("{place} ({level})", place=f"{one.code} {one.name_zh}", level=mark_word(one.level)) for one in meant[:_SHOWN]
    )
    found = (
        say("{text} is several places: {several}", text=text, several=several)
        if where == _ANY_LEVEL
        else say("{county} is several counties: {several}", county=text, several=several)
    )
    refuse_one(where, found, "one of them", "give the code")


_ANY_LEVEL = "PLACE"
"""The argument that takes places of every level; all others ask for a county."""

_SHOWN = 10


def suggest_divisions(text: str) -> str:
    """Return the successor of a retired division as a hint, else the divisions nearest to an unknown one; empty if none is near."""
    for one in find_retired(text):
        new = f"{one.successor} {read_regions()[one.successor].name_zh}"
        return say("{old} is {new} since {year}", old=f"{one.code} {one.name_zh}", new=new, year=one.year)
    near = find_nearest(text)
    return say("near it: {near}", near=join_list(near)) if near else ""


def _fold(name: str) -> str:
    return name.casefold().replace("ü", "u").replace(" ", "").replace("'", "")


def find_nearest(text: str) -> list[str]:
    """Return names and codes close to an unknown one."""
    known = read_regions()
    if text[:PREFECTURE_DIGITS].isdigit():
        inside = [
            region
            for region in known.values()
            if region.code[:PREFECTURE_DIGITS] == text[:PREFECTURE_DIGITS] and region.level == "county"
        ]
        close = find_closest(text, [region.code for region in inside], count=3, alike=0)
        return [f"{code} {known[code].name_zh}" for code in close]
    names = {name: region for region in known.values() for name in (region.name_zh, region.name_en, region.code)}
    close = find_closest(text, names, count=3)
    return [f"{names[name].code} {names[name].name_zh}" for name in close]


def name_region(code: str) -> str:
    """Return the code of a division; in Chinese its name stands before it. A code that is not known stays as it is."""
    return Name(code, f"{read_regions()[code].name_zh}（{code}）") if code in read_regions() else code
