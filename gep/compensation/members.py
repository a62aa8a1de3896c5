"""The members of a scheme in a year: their codes, their names, and what a row may call them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gep.compensation.scheme import CountiesOf
from gep.messages.texts import join_list, say
from gep.reference.regions import read_divisions, read_own_units, read_regions
from gep.reference.retired import RENAMED, find_latest, read_founded, read_retired

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gep.compensation.scheme import Scheme
    from gep.reference.retired import Retired

NATION = "100000"
"""Code of the whole country, above all provinces."""


@dataclass(frozen=True)
class Places:
    """Members of a scheme: id → code, id → name, and everything a row may call them by."""

    codes: dict[str, str]
    names: dict[str, str]
    called: dict[str, str]
    note: str = ""
    """What is to be said of members whose divisions changed since the year."""

    @cached_property
    def around(self) -> frozenset[str]:
        """The codes of the members and the beginnings of them that stand for the prefectures and provinces around them."""
        return frozenset(code[:length] for code in self.codes.values() for length in (2, 4, len(code)))


def find_members(scheme: Scheme, year: int, named: Collection[str] = ()) -> Places:
    """Return the members of a scheme in a year; a county's id is its code.

    Of counties that were renamed since, the id is today's code, and a row may use either. A county that was merged into
    another since, or in the year itself, is a member of its years as soon as a row names it, or where the scheme says `dated: yes`; a county that
    was founded later is then none.

    Parameters
    ----------
    named : codes and names of places that rows of the year stand for
    """
    if not isinstance(scheme.members, CountiesOf):
        codes = {member: scheme.parties[member].code or member for member in scheme.members}
        names = {member: name_party(scheme, member) for member in scheme.members}
        return Places(codes, names, {**_list_old_names(codes, year), **_called(codes, names)})
    above = scheme.members.counties_of
    if above in read_own_units():
        return _find_parts(above, year)
    width = 0 if above == NATION else 2 if above.endswith("0000") else 4
    inside = {
        one.code: one.name_zh for one in read_divisions().values() if one.level == "county" and one.code[:width] == above[:width]
    }
    named_then = [
        one
        for one in read_retired()
        if one.change != RENAMED and one.year >= year and one.code[:width] == above[:width] and not one.code.endswith("00")
    ]
    merged = [one for one in named_then if one.year > year or one.code in named or one.name_zh in named]
    younger = [code for code, founded in read_founded().items() if code in inside and founded > year]
    dated = scheme.members.dated == "yes" or any(one.code in named or one.name_zh in named for one in merged)
    if dated:
        inside |= {one.code: one.name_zh for one in merged}
        inside = {code: name for code, name in inside.items() if code not in younger or code in named or name in named}
    codes = {code: code for code in sorted(inside)}
    called = {**_called(codes, inside), **_list_old_names(codes, year)}
    return Places(codes, inside, called, "" if dated else _note(merged, younger, year))


def _find_parts(unit: str, year: int) -> Places:
    """Return the parts of a unit of somebody's own in a year, in whatever hierarchy they are parts of it."""
    found = {
        one.code: one.name_zh
        for one in read_regions().values()
        if any(member.parent == unit and member.holds_in(year) for member in one.memberships)
    }
    codes = {code: code for code in sorted(found)}
    return Places(codes, found, _called(codes, found))


def _called(codes: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    count = Counter(names.values())
    called = {name: member for member, name in names.items() if count[name] == 1}
    return called | {code: member for member, code in codes.items()} | {member: member for member in codes}


def _list_old_names(codes: dict[str, str], year: int) -> dict[str, str]:
    """Return old code or name → member of those that were renamed in the year or since, or only got another code."""
    member_of = {code: member for member, code in codes.items()}
    found: dict[str, str] = {}
    for one in read_retired():
        if one.change == RENAMED and one.year >= year and (latest := find_latest(one.successor)) in member_of:
            found |= {one.code: member_of[latest], one.name_zh: member_of[latest]}
    return found


def _note(merged: Iterable[Retired], younger: Iterable[str], year: int) -> str:
    gone = join_list(f"{one.code} {one.name_zh}" for one in merged)
    new = join_list(f"{code} {read_regions()[code].name_zh}" for code in younger)
    if not gone:
        return ""
    return say("the members are the counties of today; in {year} there was {gone}, and not {new}", year=year, gone=gone, new=new)


def name_party(scheme: Scheme, party: str) -> str:
    """Return the name of a party: as the document has it, otherwise that of its division.

    Parameters
    ----------
    party : id
    """
    code = party
    if party in scheme.parties:
        one = scheme.parties[party]
        if one.name:
            return one.name
        code = one.code
    if code in read_regions():
        return read_regions()[code].name_zh
    return next((one.name_zh for one in read_retired() if one.code == code), party)
