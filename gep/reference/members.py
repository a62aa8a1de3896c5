"""The members of the closed axes: ecosystem types in two levels, and pollutants."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import product
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import Name, name_id, say
from gep.messages.title import Title
from gep.paths import LISTS
from gep.records import dataclass
from gep.reference.products import find_product_title

if TYPE_CHECKING:
    from collections.abc import Iterable

WHOLE = ""
"""The member that stands for the county as a whole, not allotted to members."""

Members = tuple[str, str, str]
"""Ecosystem, pollutant and product; an empty one is none, or all."""

_LONGEST = 80


@dataclass(frozen=True)
class Member:
    """An ecosystem type or a pollutant.

    Attributes
    ----------
    parent : the ecosystem type of level I that holds it; empty for level I and for pollutants
    """

    id: str
    parent: str
    title: Title


@cache
def read_ecosystems() -> dict[str, Member]:
    """Return the ecosystem types by id in their fixed order, each type of level I before its types of level II."""
    return _read("ecosystems.csv")


@cache
def read_pollutants() -> dict[str, Member]:
    """Return the pollutants by id in their fixed order."""
    return _read("pollutants.csv")


UNDER = "/"
"""Between a type of the list and a class of somebody's own under it: `forest/杉木林`."""


def list_with_children(identity: str) -> tuple[str, ...]:
    """Return the id of an ecosystem type and those of the types below it that the list has."""
    return (identity, *(member.id for member in read_ecosystems().values() if member.parent == identity))


@lru_cache(maxsize=4096)
def list_types_above(identity: str) -> tuple[str, ...]:
    """Return an ecosystem type or class and the types that hold it, the narrowest first; an unknown id alone."""
    group, _, own = identity.rpartition(UNDER)
    above = group if own and group else ""
    known = read_ecosystems()
    if not above and identity in known:
        above = known[identity].parent
    return (identity, *(list_types_above(above) if above else ()))


def list_wider(identity: str) -> list[str]:
    """Return a member and all that hold it, the narrowest first: types above, and at last all."""
    return [*list_types_above(identity), WHOLE] if identity else [WHOLE]


def list_groups_of(members: Members) -> list[Members]:
    """Return every group that holds some members: themselves, and with all, or a type above, in the place of each; empty is all."""
    ecosystem, pollutant, item = map(list_wider, members)
    return list(product(ecosystem, pollutant, item))


def find_ecosystem(identity: str) -> Member | None:
    """Return an ecosystem type of the list, or a class of somebody's own under one; None where there is no such."""
    known = read_ecosystems()
    if identity in known or UNDER not in identity:
        return known.get(identity)
    if describe_wrong_class(identity):
        return None
    group, _, own = identity.partition(UNDER)
    return Member(identity, known[group].parent or group, Title(own, own))


def is_ecosystem(identity: str) -> bool:
    """Return whether a text is an ecosystem type of the list, or a class of somebody's own under one."""
    return find_ecosystem(identity) is not None


def describe_wrong_class(identity: str) -> tuple[str, str, str] | None:
    """Return what is wrong with a class of somebody's own: found, expected, what to do; None where nothing is."""
    group, _, own = identity.partition(UNDER)
    if not own or any(sign.isspace() for sign in own) or UNDER in own or ";" in own or len(identity) > _LONGEST:
        return (
            say("{name!r} is no class of one's own", name=identity),
            say("a type of the list, a slash and a name: forest/杉木林"),
            say("a class without a group has no place in the totals"),
        )
    if group not in read_ecosystems():
        return (
            say("{name!r} lies under no known type", name=identity),
            say("a type of the list, a slash and a name: forest/杉木林"),
            suggest_nearest(group, read_ecosystems()),
        )
    if own in read_ecosystems():
        return say("{name!r} bears the name of a type of the list", name=identity), say("a name of its own"), ""
    return None


def order_ecosystems(used: Iterable[str]) -> tuple[str, ...]:
    """Return ecosystem types in their fixed order, classes of somebody's own behind the type that holds them."""
    place = {name: at for at, name in enumerate(read_ecosystems())}
    return tuple(
        sorted(
            (name for name in used if name),
            key=lambda name: (place.get(name.partition(UNDER)[0], len(place)), name.partition(UNDER)[2]),
        )
    )


def find_member_title(axis: str, identity: str) -> Title:
    """Return the title of an ecosystem type, pollutant or common product; of another item, or an unknown id, the text itself in both."""
    if axis == "product":
        return find_product_title(identity)
    found = find_ecosystem(identity) if axis == "ecosystem" else read_pollutants().get(identity) if axis == "pollutant" else None
    return found.title if found else Title(identity, identity)


def name_member(identity: str) -> str:
    """Return the id of an ecosystem type or pollutant; in Chinese with its title. What a county calls its own item stays."""
    group, under, own = identity.partition(UNDER)
    if under and group in read_ecosystems():
        return Name(identity, f"{read_ecosystems()[group].title.zh}{UNDER}{own}")
    return name_id(identity, {**read_ecosystems(), **read_pollutants()})


def _read(name: str) -> dict[str, Member]:
    return {
        row["id"]: Member(row["id"], row.get("parent") or "", Title(row["name_zh"], row["name_en"]))
        for row in read_list(LISTS / name)
    }
