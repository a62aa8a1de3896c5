"""Finds what a standard counts twice: lines of one formula that do not keep to different ecosystem types or pollutants."""

from __future__ import annotations

import json
import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

from gep.formula.nodes import ECOSYSTEM, Node, Observed
from gep.formula.stored import write
from gep.messages.problems import Problem
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import say
from gep.records import dataclass
from gep.reference.members import list_types_above
from gep.rules.service import STATED
from gep.units.registry import UnitError, find_factor

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
    whole: str
    """What it comes to, however that is written: quantity × price of a line of one's own, or its value."""
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
        if one.worth == other.worth or (one.whole and one.whole == other.whole):
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
    written = [_simplify(_expand(standard, write(one))) if one is not None else None for one in (quantity, worth)]
    texts = [json.dumps(one, sort_keys=True) if one is not None else "" for one in written]
    own = standard.lines.get(line)
    whole = (
        _join("*", [(1, one) for one in (written[1:] if own.value else written) if one is not None])
        if own and worth is not None
        else None
    )
    flow = not (isinstance(quantity, Observed) and quantity.extent and not quantity.unit.endswith("/yr"))
    said = json.dumps(whole, sort_keys=True) if whole is not None else ""
    return _Counted(line, service, texts[0], texts[1], said, flow, *members, besides)


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


def _simplify(written: Any) -> Any:
    """Return a written formula so that a × b, b × a and a × b × 1 are one, and a sum over all types the sum that a line takes anyway."""
    if isinstance(written, list | tuple):
        return [_simplify(one) for one in written]
    if not isinstance(written, dict):
        return written
    if written.get("kind") == "Binary":
        signs = "*/" if written["sign"] in "*/" else "+-"
        turned = -1 if written["sign"] == signs[1] else 1
        return _join(signs[0], [(1, _simplify(written["left"])), (turned, _simplify(written["right"]))])
    if written.get("kind") == "Total" and written.get("over") == ECOSYSTEM:
        return _simplify(written["argument"])
    return {key: _simplify(value) for key, value in written.items()}


def _join(sign: str, parts: list[tuple[int, Any]]) -> Any:
    """Return factors or terms in one order, each with how often it stands there; those among them beside the others, and no one."""
    times: dict[str, int] = {}
    for turned, part in parts:
        inner = part["of"] if isinstance(part, dict) and part.get("kind") == sign else [(1, part)]
        for way, one in inner:
            if sign != "*" or not _is_one(one):
                text = json.dumps(one, sort_keys=True)
                times[text] = times.get(text, 0) + turned * way
    found = [(way, json.loads(text)) for text, way in sorted(times.items()) if way]
    return found[0][1] if len(found) == 1 and found[0][0] == 1 else {"kind": sign, "of": found}


def _is_one(written: Any) -> bool:
    if not (isinstance(written, dict) and written.get("kind") == "Constant"):
        return False
    try:
        return math.isclose(written["value"] * find_factor(written["unit"], "1"), 1)
    except UnitError:
        return False


def _is_twice(one: _Counted, other: _Counted) -> bool:
    """Return whether two lines count one thing: the same at one price, or a flow of one service that no line says to be valued twice."""
    if one.whole and one.whole == other.whole and _overlap(one, other):
        return True
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
