"""The members of the closed axes: ecosystem types in two levels, and pollutants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gep.files.lists import read_list
from gep.messages.texts import name_id
from gep.messages.title import Title
from gep.paths import LISTS

WHOLE = ""
"""The member that stands for the county as a whole, not allotted to members."""


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


def list_with_children(identity: str) -> tuple[str, ...]:
    """Return the id of an ecosystem type and those of the types below it."""
    return (identity, *(member.id for member in read_ecosystems().values() if member.parent == identity))


def find_member_title(axis: str, identity: str) -> Title:
    """Return the title of an ecosystem type or pollutant; of an item, or an unknown id, the text itself in both languages."""
    members = {"ecosystem": read_ecosystems, "pollutant": read_pollutants}.get(axis)
    found = members().get(identity) if members else None
    return found.title if found else Title(identity, identity)


def name_member(identity: str) -> str:
    """Return the id of an ecosystem type or pollutant; in Chinese with its title. What a county calls its own item stays."""
    return name_id(identity, {**read_ecosystems(), **read_pollutants()})


def _read(name: str) -> dict[str, Member]:
    return {
        row["id"]: Member(row["id"], row.get("parent") or "", Title(row["name_zh"], row["name_en"]))
        for row in read_list(LISTS / name)
    }
