"""Finds what a standard counts twice: lines of one formula that do not keep to different ecosystem types or pollutants."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from gep.formula.nodes import Node, Observed
from gep.formula.stored import write
from gep.messages.problems import Problem
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import say
from gep.reference.members import list_types_above
from gep.rules.service import STATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.files.yaml_lines import Document
    from gep.standards.model import Standard


@dataclass(frozen=True)
class _Counted:
    """A line that counts: what it counts by, each formula down to its leaves, and which members."""

    id: str
    service: str
    quantity: str
    worth: str
    flow: bool
    """Whether the quantity is a flow, which one service has once; an area may be valued in many respects."""
    ecosystems: tuple[str, ...]
    pollutants: tuple[str, ...]
    besides: tuple[str, ...]


def list_counted_twice(standard: Standard, document: Document) -> Iterator[Problem]:
    """Yield the own lines that count what another line counts, and lines that they name and that do not count."""
    counted = [
        _describe(standard, service, line)
        for service, choice in standard.choices.items()
        if choice.value != STATED
        for line in standard.lines_of(service)
    ]
    known = [one.id for one in counted]
    for one in counted:
        for name in one.besides:
            if name not in known or name == one.id:
                found = say("{line} counts besides {name!r}, which does not count", line=one.id, name=name)
                place = document.line(("lines", one.id, "besides"))
                yield Problem(document.file, place, found, say("a line that counts"), suggest_nearest(name, known))
    for one, other in combinations(counted, 2):
        if not {one.id, other.id} & set(standard.lines) or not _is_twice(one, other):
            continue
        own = other if other.id in standard.lines else one
        found = say("{service} counts one thing twice: {one} and {other}", service=own.service, one=one.id, other=other.id)
        if one.worth == other.worth:
            hint = say("ecosystems: or pollutants: says which each counts")
        else:
            hint = say(
                "ecosystems: or pollutants: says which each counts; besides: [{other}], that one flow is valued in two respects",
                other=one.id,
            )
        yield Problem(
            document.file, document.line(("lines", own.id)), found, say("types or pollutants that do not overlap"), hint
        )


def _describe(standard: Standard, service: str, line: str) -> _Counted:
    choice, own = standard.choices[service], standard.lines.get(line)
    if own is not None:
        quantity, worth = standard.own.worths.get(line, (None, None))
        members = own.ecosystems or choice.ecosystems, own.pollutants or choice.pollutants
        return _make(standard, line, service, quantity, worth, members, own.besides)
    of = next(one for one in standard.known_services[service].lines if one.id == line)
    quantity = of.quantities[0] if of.quantities else of.value
    worth = of.prices[0] if of.prices else None
    return _make(standard, line, service, quantity, worth, (choice.ecosystems, choice.pollutants), ())


def _make(
    standard: Standard,
    line: str,
    service: str,
    quantity: Node | None,
    worth: Node | None,
    members: tuple[tuple[str, ...], tuple[str, ...]],
    besides: tuple[str, ...],
) -> _Counted:
    texts = [json.dumps(_expand(standard, write(one)), sort_keys=True) if one is not None else "" for one in (quantity, worth)]
    flow = not (isinstance(quantity, Observed) and quantity.extent and not quantity.unit.endswith("/yr"))
    return _Counted(line, service, texts[0], texts[1], flow, *members, besides)


def _expand(standard: Standard, written: Any, above: tuple[str, ...] = ()) -> Any:
    """Return a written formula with every rule in it replaced by the formula that the standard computes it by."""
    if isinstance(written, dict) and written.get("kind") == "Rule" and written["id"] in standard.known_rules:
        identity = str(written["id"])
        way = standard.known_rules[identity].variants.get(standard.variant_of(identity))
        if way is None or identity in above:  # a circle is told where it stands
            return written
        return _expand(standard, write(way.expression), (*above, identity))
    if isinstance(written, dict):
        return {key: _expand(standard, value, above) for key, value in written.items()}
    return [_expand(standard, one, above) for one in written] if isinstance(written, list | tuple) else written


def _is_twice(one: _Counted, other: _Counted) -> bool:
    """Return whether two lines count one thing: the same at one price, or a flow of one service that no line says to be valued twice."""
    same_worth = one.worth == other.worth
    if (one.quantity or one.worth) == "" or one.quantity != other.quantity or not (_overlap(one, other)):
        return False
    if not one.quantity or same_worth:
        return same_worth
    said = other.id in one.besides or one.id in other.besides
    return one.flow and one.service == other.service and not said


def _overlap(one: _Counted, other: _Counted) -> bool:
    kinds = not one.pollutants or not other.pollutants or bool(set(one.pollutants) & set(other.pollutants))
    return kinds and (not one.ecosystems or not other.ecosystems or _types_overlap(one.ecosystems, other.ecosystems))


def _types_overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(a in list_types_above(b) or b in list_types_above(a) for a in one for b in other)
