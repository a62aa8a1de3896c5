"""Which units a place is made of: along one hierarchy whose parts are known not to overlap."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import Name, join_list, say
from gep.records import dataclass
from gep.reference.regions import (
    ADMINISTRATIVE,
    NATION,
    list_chain,
    list_hierarchies_of,
    list_parts,
    read_divisions,
    read_regions,
    read_retired_divisions,
    shorten_code,
)
from gep.reference.retired import list_codes_over_time, read_founded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.reference.regions import Region

DIVIDED = ("province", "prefecture", "county", "township", "village")
"""Kinds of which no two overlap unless one lies in the other."""
SMALL = ("county", "township", "village")
"""Kinds whose own account goes before the sum of its parts; of wider ones the parts' accounts go first."""


@dataclass(frozen=True)
class Part:
    """A unit and its parts in a hierarchy.

    Attributes
    ----------
    unit   : its code in the year
    small  : whether its kind is one of `SMALL`
    county : whether it counts as one whole
    parts  : what it is made of
    also   : codes that the same division had in other years, under which its account may stand too
    younger : whether it was founded after the year: it counts where it has an account, and is not missing where it has none
    apart  : units that lie in it by administration and may overlap its other parts, as reserves do: no sum has them
    """

    unit: str
    small: bool
    county: bool
    parts: tuple[Part, ...]
    also: tuple[str, ...] = ()
    younger: bool = False
    apart: tuple[str, ...] = ()

    def list_counted_leaves(self) -> tuple[str, ...]:
        """Return the codes that count as its parts: counties, and below a county that is the unit itself what lies in it."""
        if not self.parts:
            return (self.unit,)
        return tuple(
            leaf for one in self.parts for leaf in ((one.unit,) if one.county else one.list_counted_leaves()) if not one.younger
        )

    def list_codes(self) -> Iterator[str]:
        """Yield the codes of the unit and of all below it."""
        yield self.unit
        yield from self.also
        for one in self.parts:
            yield from one.list_codes()

    def list_apart(self) -> Iterator[str]:
        """Yield the codes of the units in it that no sum has, since they may overlap."""
        yield from self.apart
        for one in self.parts:
            yield from one.list_apart()


def has_parts(place: Region) -> bool:
    """Return whether a place is made of other units: the nation, a province, a prefecture, or one that somebody's own lie in."""
    return place.level in {"nation", "province", "prefecture"} or bool(list_hierarchies_of(place.code))


def make_parts(place: Region, year: int, hierarchy: str | None = None) -> Part:
    """Return a place with all that it is made of in a year.

    Parameters
    ----------
    hierarchy : name; None: the administrative one, or the only one in which it has parts

    Raises
    ------
    Problems : the place has no parts in the hierarchy, or has them in several; or the parts are not known not to overlap
    """
    chosen = _choose_hierarchy(place, hierarchy, year)
    found = _make_part(place.code, chosen, year)
    if chosen != ADMINISTRATIVE:
        _refuse_overlaps(found, chosen)
    return found


def make_every_part(place: Region, year: int) -> frozenset[str]:
    """Return the codes of a place and of all that it is made of in any hierarchy."""
    hierarchies = {ADMINISTRATIVE, *list_hierarchies_of(place.code)}
    return frozenset(code for one in hierarchies for code in _make_part(place.code, one, year).list_codes())


def _choose_hierarchy(place: Region, hierarchy: str | None, year: int) -> str:
    has = list_hierarchies_of(place.code)
    administrative = ADMINISTRATIVE in has or place.code in _list_children(year) or place.code in read_divisions()
    names = [*([ADMINISTRATIVE] if administrative else []), *(one for one in has if one != ADMINISTRATIVE)]
    if hierarchy in {"行政", "行政区划"}:
        hierarchy = ADMINISTRATIVE
    if hierarchy is not None and hierarchy not in names:
        refuse_one(
            "--hierarchy",
            say(
                "{unit} {name} has no parts in the hierarchy {hierarchy!r}",
                unit=place.code,
                name=place.name_zh,
                hierarchy=hierarchy,
            ),
            say("one of {names}", names=join_list(map(name_hierarchy, names))) if names else "",
        )
    if hierarchy is None and not administrative and len(names) > 1:
        refuse_one(
            "PLACE",
            say("{unit} {name} has parts in several hierarchies", unit=place.code, name=place.name_zh),
            say("one of {names}", names=join_list(names)),
            "--hierarchy",
        )
    return hierarchy or names[0]


def name_hierarchy(hierarchy: str) -> str:
    """Return the name of a hierarchy; in Chinese the administrative one is 行政区划."""
    return Name(hierarchy, "行政区划") if hierarchy == ADMINISTRATIVE else hierarchy


def _make_part(code: str, hierarchy: str, year: int) -> Part:
    inside = list_parts(code, hierarchy, year)
    if not inside and hierarchy != ADMINISTRATIVE:
        hierarchy, inside = ADMINISTRATIVE, list_parts(code, ADMINISTRATIVE, year)
    one = read_regions().get(code)
    apart: tuple[str, ...] = ()
    if hierarchy == ADMINISTRATIVE:
        undivided = tuple(part for part in inside if read_regions()[part].level not in DIVIDED)
        divisions = (*_list_children(year).get(code, ()), *(part for part in inside if part not in undivided))
        apart = undivided if divisions or one is None or not one.disjoint else ()
        inside = tuple(part for part in (*divisions, *undivided) if part not in apart)
    parts = tuple(_make_part(part, hierarchy, year) for part in sorted(set(inside)))
    level = one.level if one else ""
    also = tuple(other for other in list_codes_over_time(code) if other != code)
    return Part(code, level in SMALL, level == "county", parts, also, read_founded().get(code, year) > year, apart)


@cache
def _list_children(year: int) -> dict[str, tuple[str, ...]]:
    """Return the divisions that lay directly in each division in a year, by code: those of today, but for those that were others then."""
    today, old = read_divisions(), read_retired_divisions()
    then = {code: one for code, one in old.items() if one.valid_to is not None and year <= one.valid_to}
    gone = {code for code in today if any(before in then for before in list_codes_over_time(code) if before != code)}
    found: dict[str, list[str]] = {}
    for one in [*(one for code, one in today.items() if code not in gone), *then.values()]:
        parent = one.parent or NATION
        if one.code in then and parent not in today and parent not in then:
            parent = one.code[:2] + "0000"
        found.setdefault(parent, []).append(one.code)
    return {code: tuple(sorted(inside)) for code, inside in found.items()}


def _refuse_overlaps(place: Part, hierarchy: str) -> None:
    """Refuse parts of a hierarchy of somebody's own that may overlap.

    Raises
    ------
    Problems : one lies in another, or they are no divisions and nobody says that they do not overlap
    """
    known = read_regions()
    if not place.parts or not list_parts(place.unit, hierarchy):
        return
    chains = {part.unit: {shorten_code(code) for code in list_chain(part.unit)} for part in place.parts}
    name = known[place.unit].name_zh
    for part in place.parts:
        holder = next((one.unit for one in place.parts if one is not part and shorten_code(one.unit) in chains[part.unit]), None)
        if holder:
            refuse_one(
                "PLACE",
                say(
                    "{part} and {holder}, both parts of {unit} {name}, lie in each other",
                    part=part.unit,
                    holder=holder,
                    unit=place.unit,
                    name=name,
                ),
                say("parts that do not overlap"),
                "nothing is added up",
            )
    divided = all(known[part.unit].level in DIVIDED for part in place.parts)
    if not divided and not known[place.unit].disjoint:
        refuse_one(
            "PLACE",
            say(
                "the parts of {unit} {name} in the hierarchy {hierarchy} are not known not to overlap",
                unit=place.unit,
                name=name,
                hierarchy=hierarchy,
            ),
            say("yes in the column disjoint of its row in the table of units"),
            "nothing is added up",
        )
    for part in place.parts:
        _refuse_overlaps(part, hierarchy)
