"""What two standards differ in, as a page tells it: titles of services, rules, methods and parameters, and printed units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gep.messages.layout import get_colon
from gep.reference.members import find_member_title, read_ecosystems, read_pollutants
from gep.reference.regions import read_regions
from gep.reference.services import SERVICE_TITLES
from gep.standards.differences import list_differences
from gep.standards.standard import load_standard
from gep.terminal.knowledge import say_difference, say_statement
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gep.formula.nodes import Rule
    from gep.standards.model import Standard

_WAY = re.compile(r"(?:variant |unverified )?(?:formula of )?(?P<rule>[a-z_]+\.\w+)(?:(?:, | by )(?P<way>\w+))?")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.\w+)?")
_VALUE = re.compile(r"(?P<number>-?[\d.]+(?:e[+-]?\d+)?) (?P<unit>\S+) \[")
_BAND = re.compile(r"cover_(\d+)_(\d+)")
_PLACE = re.compile(r"(?<![\w–])\d{2,6}(?![\w–])")


def list_told_differences(one: str, other: str, lang: str) -> list[tuple[str, str, str]]:
    """Return what differs between two standards: a row of what, and what each says.

    Parameters
    ----------
    one, other : ids of shipped standards
    lang       : zh or en

    Raises
    ------
    Problems : as `load_standard`
    """
    if one == other:
        return []
    standards = [load_standard(name) for name in (one, other)]
    rules = {name: rule for standard in standards for name, rule in standard.known_rules.items()}
    titles = _list_titles(standards, rules, lang)
    rows = [(part["what"], part[one], part[other]) for part in list_differences(one, other)]
    return [
        (_tell_what(what, rules, titles, lang), _tell(what, left, rules, titles, lang), _tell(what, right, rules, titles, lang))
        for what, left, right in rows
    ]


def _list_titles(standards: Sequence[Standard], rules: Mapping[str, Rule], lang: str) -> dict[str, str]:
    """Return what services, lines, rules, parameters, ecosystem types and pollutants are called: id → title."""
    members = {"ecosystem": read_ecosystems(), "pollutant": read_pollutants()}
    named = {name: find_member_title(axis, name)[lang] for axis, known in members.items() for name in known}
    for standard in standards:
        named |= {name: leaf.title[lang] for name, leaf in standard.known_leaves.items()}
        named |= {line.id: line.title[lang] for service in standard.known_services.values() for line in service.lines}
    named |= {name: rule.title[lang] for name, rule in rules.items()}
    return named | {name: title[lang] for name, (_, title) in SERVICE_TITLES.items()}


def _tell_what(what: str, rules: Mapping[str, Rule], titles: Mapping[str, str], lang: str) -> str:
    """Return what differs, with titles in the place of ids."""
    said = say_difference(what, lang)
    if (found := _WAY.fullmatch(what)) and found["way"]:
        said = said.replace(found["way"], _name_way(rules, found["rule"], found["way"], lang))
    said = re.sub(r"（[a-z_]+）", "", said)
    whole, colon, of = said.partition(": ")
    named = _name(_name_of(of, lang), titles)
    return _name(whole, titles) + (f"{get_colon(lang)}{named}" if colon else "")


def _tell(what: str, stated: str, rules: Mapping[str, Rule], titles: Mapping[str, str], lang: str) -> str:
    """Return what one standard says, with titles and printed units."""
    if (found := _WAY.fullmatch(what)) and what.startswith("variant ") and stated != "—":
        way, _, mark = stated.partition(" ")
        return f"{_name_way(rules, found['rule'], way, lang)} {mark}"
    stated = _VALUE.sub(lambda value: f"{value['number']} {print_unit_in(value['unit'], lang)} [", stated)
    said = say_statement(stated, lang)
    return _name(said, titles) if what.startswith(("lines ", "ecosystems ", "pollutants ", "roll-up ")) else said


def _name_way(rules: Mapping[str, Rule], rule: str, way: str, lang: str) -> str:
    """Return the title of a way to compute a rule; its id where the program does not know it."""
    found = rules[rule].variants.get(way) if rule in rules else None
    return way if found is None else found.title[lang]


def _name(text: str, titles: Mapping[str, str]) -> str:
    return _ID.sub(lambda found: titles.get(found[0], found[0]), text)


def _name_of(text: str, lang: str) -> str:
    """Return what a row of a table holds for, with the names of places, and bands of cover in percent."""
    known = read_regions()

    def name(found: re.Match[str]) -> str:
        place = known.get(found[0].ljust(6, "0"))
        return found[0] if place is None else place.name(lang, None)

    return _BAND.sub(r"\1–\2 %", _PLACE.sub(name, text))
