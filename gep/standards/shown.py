"""Figures that a standard only shows: value of a hectare, share of GDP, sums of its own; formulas of results that no total counts."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Protocol

from gep.formula.infix import FormulaError
from gep.formula.nodes import Applying, Binary, Constant, If, Node, Rule, Variant, axes_of
from gep.formula.show import show_text
from gep.formula.walk import walk_parts
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.messages.title import Title
from gep.reference.services import CATEGORIES
from gep.rules.catalogue import SERVICES
from gep.rules.gep import ROLL_UP, TOTAL, make_account_value, make_category_value, make_roll_up_value, make_service_value
from gep.rules.parts import not_priced
from gep.rules.service import SHOWN
from gep.standards.own_leaves import NAME, make_members_leaf, make_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.files.schema import BilingualTitle
    from gep.reference.marks import Mark
    from gep.rules.service import Service
    from gep.standards.formulas import OwnFormulas
    from gep.standards.own import OwnLine, OwnShown
    from gep.standards.own_leaves import Tell

ACCOUNT = "gep"
"""What stands before the point in the id of a figure of the whole account; else it is a service."""


class RolledUp(Protocol):
    """What is read here of an indicator of several services."""

    @property
    def title(self) -> BilingualTitle:
        """Return what it is called."""
        ...

    @property
    def services(self) -> tuple[str, ...]:
        """Return the services it is made of."""
        ...


class Showing(Protocol):
    """What is read here of a standard."""

    source: str
    mark: Mark
    physical: bool
    measures: Literal["gep", "equivalents"]
    shown: dict[str, OwnShown]
    lines: dict[str, OwnLine]

    @property
    def own(self) -> OwnFormulas:
        """Return what it declares."""
        ...

    @property
    def roll_up(self) -> Mapping[str, RolledUp]:
        """Return its indicators of several services."""
        ...

    @property
    def choices(self) -> Mapping[str, object]:
        """Return the services that count."""
        ...

    @property
    def limits(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Return what counts only some types or pollutants: line or service → axis → members."""
        ...

    @property
    def known_services(self) -> dict[str, Service]:
        """Return all services with their lines."""
        ...

    @property
    def known_rules(self) -> dict[str, Rule]:
        """Return all rules."""
        ...

    def lines_of(self, service: str) -> list[str]:
        """Return the lines of a service that count."""
        ...


def make_shown(standard: Showing, tell: Tell) -> dict[str, Rule]:
    """Return the figures that a standard only shows, as rules by id; those that cannot stand are told and left out.

    Parameters
    ----------
    tell : takes keys from the outermost to the part, what was found there, what was expected and what to do
    """
    found: dict[str, Rule] = {}
    if not standard.shown:
        return found
    sums = _list_sums(standard)
    names: dict[str, Node] = {**{rule.id: rule for rule in standard.own.rules.values()}, **_list_quantities(standard), **sums}
    told = _Told()
    for line in set(standard.lines) - {one.id for lines in standard.own.lines.values() for one in lines}:
        told |= dict.fromkeys((line, f"{line}_value", f"{line}_price"), not_priced)
    for identity, written in standard.shown.items():
        made = _make(standard, identity, written, ChainMap(names, found, told, standard.own.names), tell)  # type: ignore[arg-type]  # nodes
        if made is not None:
            found[identity] = made
        else:
            told[identity] = not_priced
    return found


class _Told(dict[str, Node]):
    """Names of parts that cannot stand: what is wrong with them is told where they stand, and not again where they are named."""

    def __getitem__(self, name: str) -> Node:
        if name in self:
            raise FormulaError("", 0)
        raise KeyError(name)


def list_roll_ups(standard: Showing) -> dict[str, Rule]:
    """Return the indicators of several services as rules, by their ids in formulas."""
    made = {
        name: make_roll_up_value(
            name, Title(part.title.zh, part.title.en), [SERVICES[one] for one in part.services if one in SERVICES]
        )
        for name, part in standard.roll_up.items()
    }
    return {rule.id: rule for rule in made.values()}


def _list_sums(standard: Showing) -> dict[str, Node]:
    """Return what only such a figure may name: the values of services, 0 where one does not apply, categories, indicators and the total."""
    found: dict[str, Node] = {}
    for name in standard.choices:
        value = make_service_value(SERVICES[name], ())
        found[value.id] = Applying(((name, value),))
    for category in {SERVICES[name].category for name in standard.choices}:
        value = make_category_value(category, {})
        found[value.id] = value
    total = make_account_value({}, equivalents=standard.measures == "equivalents")
    return {**found, **list_roll_ups(standard), total.id: total}


def _list_quantities(standard: Showing) -> dict[str, Node]:
    """Return the lines that count and have one quantity, which a figure may name by the line."""
    return {
        line.id: line.quantities[0]
        for name in standard.choices
        for line in standard.known_services[name].lines
        if len(line.quantities) == 1 and line.id in standard.lines_of(name)
    }


def _make(standard: Showing, identity: str, written: OwnShown, names: Mapping[str, Node], tell: Tell) -> Rule | None:
    path = ("shown", identity)
    of, _, name = identity.partition(".")
    if of not in {ACCOUNT, *standard.choices} or not NAME.fullmatch(name):
        expected = say("gep.name, or service.name of a service that counts: {names}", names=join_list(standard.choices))
        tell(
            path,
            say("{id!r} cannot be the id of a figure that is only shown", id=identity),
            expected,
            suggest_nearest(of, standard.choices),
        )
        return None
    lines = {line.id for one in standard.known_services.values() for line in one.lines}
    if identity in {
        TOTAL,
        *(f"gep.{one}" for one in CATEGORIES),
        *(f"{one}.value" for one in SERVICES),
        *lines,
        *standard.known_rules,
    }:
        tell(path, say("{id} is already an id of the program or of the standard", id=identity), say("an id of its own"), "")
        return None
    node = standard.own.parsed((*path, "formula"), written.formula, _Counting(standard, names, of))
    if node is None or not _rests_on_what_counts(standard, identity, node, tell):
        return None
    axes = standard.own.checked(path, node, written.unit, None)
    if axes is None:
        return None
    title = Title(written.title.zh, written.title.en)
    clause = written.clause or ".".join(path)
    way = Variant(node, written.source or standard.source, clause, written.mark or standard.mark, title)
    return Rule(identity, written.symbol or make_symbol(name, "X"), written.unit, axes, title, {SHOWN: way})


def _rests_on_what_counts(standard: Showing, identity: str, node: Node, tell: Tell) -> bool:
    """Return whether a figure names only rules that the standard has; what it should not name is told."""
    path = ("shown", identity, "formula")
    for rule in (part for part in walk_parts(node) if isinstance(part, Rule)):
        owner = rule.id.partition(".")[0]
        if owner in SERVICES and owner not in standard.choices:
            found = say("{id} names {name}, of a service that the standard does not count", id=identity, name=rule.id)
            tell(path, found, say("one of {names}", names=join_list(standard.choices)), "")
            return False
        if (
            standard.physical
            and (owner == ACCOUNT or rule.id.startswith(ROLL_UP) or rule.unit == "CNY/yr")
            and rule.id not in standard.shown
        ):
            found = say("{id} names {name}, and the standard has no prices", id=identity, name=rule.id)
            tell(path, found, say("quantities of lines, and figures"), "")
            return False
    for part in walk_parts(node):
        if isinstance(part, Binary) and part.sign == "/" and _spreads_a_total(part):
            found = say(
                "{id} divides {one}, which is of the whole, by {other}, which varies over {axes}",
                id=identity,
                one=show_text(part.left),
                other=show_text(part.right),
                axes=join_list(sorted(axes_of(part.right))),
            )
            tell(path, found, say("both of the whole, or both by type"), "sum(area, over=ecosystem)")
            return False
    return True


def _spreads_a_total(part: Binary) -> bool:
    """Return whether a total of the account or of a service is divided by what varies: it would seem to be of each member."""
    of_whole = any(isinstance(one, Rule) and _is_total(one.id) for one in walk_parts(part.left))
    return of_whole and not axes_of(part.left) and bool(axes_of(part.right))


def _is_total(identity: str) -> bool:
    owner, _, name = identity.partition(".")
    return identity == TOTAL or identity.startswith(ROLL_UP) or (owner in SERVICES and name == "value") or identity in _CATEGORIES


_CATEGORIES = {f"{ACCOUNT}.{one}" for one in CATEGORIES}


class _Counting(Mapping[str, Node]):
    """What a figure may name; a result of another service that counts only some types or pollutants is 0 in all others."""

    def __init__(self, standard: Showing, names: Mapping[str, Node], of: str) -> None:
        self.standard, self.names, self.of = standard, names, of

    def __getitem__(self, name: str) -> Node:
        node = self.names[name]
        if not isinstance(node, Rule):
            return node
        owner = node.id.partition(".")[0]
        found: Node = node
        if owner in self.standard.choices and owner != self.of:
            for axis in self.standard.limits.get(owner, {}):
                if axis in node.axes:
                    leaf = self.standard.own.leaves[make_members_leaf(owner, axis).id]
                    found = If(leaf, found, Constant(0.0, node.unit))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
