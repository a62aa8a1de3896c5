"""The members of a scheme: their codes, their names, and what a row may call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.compensation.scheme import CountiesOf
from gep.reference.regions import read_regions

if TYPE_CHECKING:
    from gep.compensation.scheme import Scheme

NATION = "100000"
"""Code of the whole country, above all provinces."""


@dataclass(frozen=True)
class Places:
    """Members of a scheme: id → code, id → name, and everything a row may call them by."""

    codes: dict[str, str]
    names: dict[str, str]
    called: dict[str, str]


def find_members(scheme: Scheme) -> Places:
    """Return the members of a scheme; a county's id is its code."""
    known = read_regions()
    if isinstance(scheme.members, CountiesOf):
        above = scheme.members.counties_of
        width = 0 if above == NATION else 2 if above.endswith("0000") else 4
        inside = [one for one in known.values() if one.level == "county" and one.code[:width] == above[:width]]
        codes = {one.code: one.code for one in sorted(inside, key=lambda one: one.code)}
        names = {one.code: one.name_zh for one in inside}
    else:
        codes = {member: scheme.parties[member].code or member for member in scheme.members}
        names = {member: name_party(scheme, member) for member in scheme.members}
    called = {name: member for member, name in names.items() if list(names.values()).count(name) == 1}
    called |= {code: member for member, code in codes.items()} | {member: member for member in codes}
    return Places(codes, names, called)


def name_party(scheme: Scheme, party: str) -> str:
    """Return the name of a party: as the document has it, otherwise that of its division.

    Parameters
    ----------
    party : id
    """
    if party in scheme.parties:
        one = scheme.parties[party]
        return one.name or (read_regions()[one.code].name_zh if one.code in read_regions() else party)
    return read_regions()[party].name_zh if party in read_regions() else party
