"""Turns what a standard declares of its own into leaves, rules and lines, and checks them as those of the program are."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace
from typing import TYPE_CHECKING

from gep.formula.check import RULES as CUSTOMS
from gep.formula.check import Customs, Meaning, measure
from gep.formula.infix import RULE_FUNCTIONS, FormulaError, parse
from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Coefficient, Constant, If, Leaf, Node, Observed, Rule, Total, Variant
from gep.formula.show import show_text
from gep.formula.walk import list_rules_named, walk_parts
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, mark_word, say
from gep.messages.title import Title
from gep.reference.members import is_ecosystem, read_ecosystems, read_pollutants
from gep.rules.catalogue import RULES, SERVICES
from gep.rules.parts import not_priced
from gep.rules.service import Line
from gep.standards.own_leaves import NAME, ORDER, make_members_leaf, make_own_leaves, make_symbol
from gep.units.registry import UnitError, count_years_between, parse_unit, remove_price_year, shorten_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gep.files.schema import BilingualTitle
    from gep.standards.own import OwnLine, OwnParts, OwnRule
    from gep.standards.own_leaves import Tell

OWN = "own"
"""Variant of a rule whose formula a standard gives."""
_LETTERS = {"quantity": "Q", "price": "p", "value": "V"}


class OwnFormulas:
    """The leaves, rules and lines that a standard declares.

    Attributes
    ----------
    leaves : own figures and parameters by id
    rules  : own rules, and rules of the program with the own formula as one more variant, by id
    lines  : service → its own lines
    worths : own line → the formulas of its quantity and of its price (or of its value, where that is written)
    """

    def __init__(self, standard: OwnParts, known: Mapping[str, Leaf], tell: Tell) -> None:
        self.standard, self.known, self.tell = standard, known, tell
        self.leaves: dict[str, Leaf] = make_own_leaves(standard, known, tell)
        self.rules: dict[str, Rule] = {}
        self.lines: dict[str, tuple[Line, ...]] = {}
        self.worths: dict[str, tuple[Node | None, Node | None]] = {}
        self._as_written: dict[tuple[str, str], Node] = {}
        self._under_way: list[str] = []
        axes = {axis for leaf in (*known.values(), *self.leaves.values()) for axis in leaf.axes}
        self.axes = (*ORDER, *sorted(axes - set(ORDER)))
        self.names = _Names(self)
        for identity in standard.rules:
            self._rule(identity)
        for identity in standard.lines:
            self._line(identity)
        self._refuse_circles()

    # --- rules -------------------------------------------------------------------------------------
    def _rule(self, identity: str) -> Rule | None:
        """Return a rule with the standard's formula, made when it is first named; None where it cannot be made."""
        if identity in self.rules:
            return self.rules[identity]
        path = ("rules", identity)
        written, shipped = self.standard.rules[identity], RULES.get(identity)
        service, _, name = identity.partition(".")
        if shipped is None and (service not in SERVICES or not NAME.fullmatch(name)):
            self.tell(
                path,
                say("{id!r} cannot be the id of a rule", id=identity),
                say("a rule of the program, or service.name"),
                _near(service),
            )
            return None
        if identity in self._under_way:
            self.tell(
                path,
                say("{id} rests on itself: {chain}", id=identity, chain=" → ".join([*self._under_way, identity])),
                say("a formula that does not name itself"),
                "",
            )
            return None
        unit = shipped.unit if shipped is not None else written.unit
        if not unit:
            self.tell(path, say("{id} does not say its unit", id=identity), "unit: t/yr", "")
            return None
        if shipped is not None and written.unit and written.unit != shipped.unit:
            self.tell((*path, "unit"), say("the unit of {id} is {unit!r}", id=identity, unit=written.unit), shipped.unit, "")
        self._under_way.append(identity)
        node = self.parsed((*path, "formula"), written.formula, self.names)
        self._under_way.pop()
        if node is None:
            return None
        title = _title(written.title) if written.title else shipped.title if shipped is not None else Title(name, name)
        return self._made(
            identity, path, node, unit, title, written, written.symbol or (shipped.symbol if shipped is not None else ""), shipped
        )

    def _made(
        self,
        identity: str,
        path: tuple[str, ...],
        node: Node,
        unit: str,
        title: Title,
        written: OwnRule | OwnLine,
        symbol: str,
        shipped: Rule | None = None,
    ) -> Rule | None:
        """Return a rule of a formula that was read, once its units and axes are right."""
        axes = self.checked(path, node, unit, shipped)
        if axes is None:
            return None
        caution = f"{written.caution.zh} | {written.caution.en}" if written.caution else ""
        own = Variant(
            node,
            written.source or self.standard.source,
            written.clause or ".".join(path[:2]),
            written.mark or self.standard.mark,
            title,
            caution,
        )
        if shipped is not None:
            rule = replace(shipped, variants={**shipped.variants, OWN: own})
        else:
            rule = Rule(
                identity,
                symbol
                or make_symbol(
                    identity.partition(".")[2].removesuffix("_price").removesuffix("_value"), _LETTERS.get(path[-1], "X")
                ),
                unit,
                axes,
                title,
                {OWN: own},
            )
        self.rules[identity] = rule
        return rule

    def checked(self, path: tuple[str, ...], node: Node, unit: str, shipped: Rule | None) -> tuple[str, ...] | None:
        """Return the axes of a formula, in their order; None, and told, where it does not measure what it should."""
        told = False

        def tell(_: Node, found: str, expected: str, hint: str) -> None:
            nonlocal told
            told = True
            self.tell(path, found, expected, hint)

        try:
            meaning = measure(node, _with(tell))
            wanted = parse_unit(unit)
        except UnitError as error:
            self.tell(path, error.args[0], say("a unit"), "")
            return None
        if told:
            return None
        if meaning.measured.dimensions != wanted.measure.dimensions:
            found = say(
                "the formula gives {unit}, declared is {declared}", unit=shorten_unit(meaning.measured) or "1", declared=unit
            )
            self.tell(path, found, say("a formula in {unit}", unit=unit), _unit_hint(meaning, unit))
            return None
        if count_years_between(meaning.measured, wanted.measure):
            found = say(
                "the formula gives {unit}, declared is {declared}: a year has 365 or 366 days, and the formula does not say whose",
                unit=shorten_unit(meaning.measured) or "1",
                declared=unit,
            )
            hint = say(
                "declare the variable by the year (kg/ha/yr; figures given by the day or hour are taken over the days of their year), or multiply by a variable of days or hours in d/yr or h/yr"
            )
            self.tell(path, found, say("a formula in {unit}", unit=unit), hint)
            return None
        if remove_price_year(unit) != unit or wanted.scale != 1:
            self.tell(
                path, say("the unit of {id} is {unit!r}", id=path[-1], unit=unit), say("a unit without scale and price year"), ""
            )
            return None
        spare = meaning.axes - set(shipped.axes) if shipped is not None else frozenset()
        if spare:
            found = say("the formula varies over {axes}", axes=join_list(sorted(spare)))
            self.tell(
                path,
                found,
                say("over {axes}", axes=join_list(shipped.axes)) if shipped is not None and shipped.axes else say("one figure"),
                say("sum it: sum(x, over={axis})", axis=min(spare)),
            )
            return None
        for part in walk_parts(node):
            if isinstance(part, Total) and part.over != POLLUTANT and not self._has_extent(part.argument, part.over):
                self._no_extent(path, part.over)
                return None
        return tuple(axis for axis in self.axes if axis in meaning.axes)

    def _no_extent(self, path: tuple[str, ...], axis: str) -> None:
        self.tell(
            path,
            say("nothing in the sum over {axis} says which members there are", axis=axis),
            say("a figure whose rows say so, as area does"),
            say("declare one with extent: true, or multiply by area; where only parameters have the list, write the terms out"),
        )

    def _has_extent(self, node: Node, axis: str) -> bool:
        for part in walk_parts(node):
            if isinstance(part, Observed) and part.extent and axis in part.axes:
                return True
            if isinstance(part, Rule):
                found = self.rules.get(part.id, part)
                if any(self._has_extent(one.expression, axis) for one in found.variants.values()):
                    return True
        return False

    def parsed(self, path: tuple[str, ...], text: str, names: Mapping[str, Node]) -> Node | None:
        """Return the tree of a formula; None, and told, where it cannot be read."""
        try:
            return parse(text, names, axes=self.axes, functions=RULE_FUNCTIONS)
        except FormulaError as error:
            if error.found:
                self.tell(path, error.text, error.expected, error.hint)
            return None

    # --- lines -------------------------------------------------------------------------------------
    def _line(self, identity: str) -> None:
        path, written = ("lines", identity), self.standard.lines[identity]
        service, _, name = identity.partition(".")
        if service not in SERVICES or not NAME.fullmatch(name):
            expected = say("service.name, the service one of {names}", names=join_list(SERVICES))
            self.tell(path, say("{id!r} cannot be the id of a line", id=identity), expected, _near(service))
            return
        if identity in RULES or identity in self.standard.rules or any(line.id == identity for line in SERVICES[service].lines):
            self.tell(path, say("{id} is already an id of the program", id=identity), say("an id of its own"), "")
            return
        title = _title(written.title)
        quantity = self._part(path, "quantity", written.quantity, written.unit, title, written)
        price_title = Title(f"{title.zh}单价", f"{title.en}, price")
        price = self._part(path, "price", written.price, written.price_unit, price_title, written)
        if (written.quantity and quantity is None) or (written.price and price is None):
            return
        value = self._value(path, written, quantity, price, title)
        if value is None:
            return
        for axis in value.axes:
            if axis != POLLUTANT and not self._has_extent(value, axis):  # which pollutants, the service says
                self._no_extent(path, axis)
                return
        made = Line(
            identity,
            title=title,
            quantities=(quantity,) if isinstance(quantity, Rule) else (),
            prices=(price,) if isinstance(quantity, Rule) else (),  # type: ignore[arg-type]  # a rule or a coefficient
            value=value,
            negative=written.negative,
        )
        self.lines[service] = (*self.lines.get(service, ()), made)

    def _part(self, path: tuple[str, ...], key: str, text: str, unit: str, title: Title, written: OwnLine) -> Node | None:
        """Return the quantity or price of a line: a rule or coefficient that is named, or a rule of its own."""
        if not text:
            return None
        node = self.parsed((*path, key), text, self.names)
        limited = key == "quantity" and bool(written.ecosystems or written.pollutants)
        if node is not None:
            self._as_written[path[-1], key] = node
        if (
            node is None
            or (isinstance(node, Rule) and not unit and not limited)
            or (key == "price" and isinstance(node, Coefficient))
        ):
            return node
        identity = path[-1] if key == "quantity" else f"{path[-1]}_price"
        unit = unit or (node.unit if isinstance(node, Leaf | Rule) else "")
        if not unit:
            self.tell(
                path,
                say("{id} does not say the unit of its {part}", id=path[-1], part=key),
                "unit: t/yr" if key == "quantity" else "price_unit: CNY/t",
                "",
            )
            return None
        limited_node = self._limited((*path, key), node, unit, title, written) if limited else node
        if limited_node is None:
            return None
        symbol = written.symbol if key == "quantity" else ""
        return self._made(identity, (*path, key), limited_node, unit, title, written, symbol)

    def _limited(self, path: tuple[str, ...], node: Node, unit: str, title: Title, written: OwnLine) -> Node | None:
        """Return a formula for the types and pollutants a line counts, 0 for all others; None, and told, where it knows none."""
        counted = {ECOSYSTEM: written.ecosystems, POLLUTANT: written.pollutants}
        known = {ECOSYSTEM: read_ecosystems(), POLLUTANT: read_pollutants()}
        for axis, members in counted.items():
            for name in members:
                if not (is_ecosystem(name) if axis == ECOSYSTEM else name in known[axis]):
                    found = say(
                        "{what} is {name!r}", what=mark_word("an ecosystem" if axis == ECOSYSTEM else "a pollutant"), name=name
                    )
                    expected, near = say("an id of a known {axis}", axis=axis), suggest_nearest(name, known[axis])
                    self.tell((*path[:2], f"{axis}s"), found, expected, near)
                    return None
        of_all = Title(f"{title.zh}(各类)", f"{title.en}, all types")
        made = self._made(f"{path[1]}_{path[2]}_of_all", path, node, unit, of_all, written, "")
        if made is None:
            return None
        found_node: Node = made
        for axis in (one for one, members in counted.items() if members):
            if axis not in made.axes:
                found = say("{text} does not vary over {axis}", text=show_text(node), axis=axis)
                by = say("a quantity by ecosystem type") if axis == ECOSYSTEM else say("a quantity by pollutant")
                self.tell((*path[:2], f"{axis}s"), found, by, "")
                return None
            found_node = If(self.leaves[make_members_leaf(path[1], axis).id], found_node, Constant(0.0, unit))
        return found_node

    def _value(
        self, path: tuple[str, ...], written: OwnLine, quantity: Node | None, price: Node | None, title: Title
    ) -> Rule | None:
        names = {key: node for key, node in (("quantity", quantity), ("price", price)) if node is not None}
        text = written.value or ("quantity * price" if len(names) == 2 else "")  # noqa: PLR2004 - both of them
        if not text and not (self.standard.physical and quantity is not None):
            expected = say("quantity and price, or value")
            self.tell(
                path, say("{id} has no value", id=path[-1]), expected, say("a standard of quantities only says physical: true")
            )
            return None
        identity, value_title = f"{path[-1]}_value", Title(f"{title.zh}价值", f"{title.en}, value")
        node: Node | None = not_priced if not text else self.parsed((*path, "value"), text, ChainMap(names, self.names))
        if node is not None:
            as_written = {key: self._as_written[path[-1], key] for key in names}
            worth = (
                self.parsed((*path, "value"), text, ChainMap(as_written, self.names))
                if written.value
                else as_written.get("price")
            )
            self.worths[path[-1]] = as_written.get("quantity"), worth
        if node is not None and text and (written.ecosystems or written.pollutants):
            node = self._limited((*path, "value"), node, "CNY/yr", value_title, written)
        if node is None:
            return None
        return self._made(identity, (*path, "value"), node, "CNY/yr", value_title, written, "")

    # --- circles -----------------------------------------------------------------------------------
    def _refuse_circles(self) -> None:
        """Refuse an own formula that comes back to its rule through rules of the program."""

        def follow(rule: Rule, chain: tuple[str, ...]) -> tuple[str, ...] | None:
            if rule.id in chain:
                return (*chain, rule.id)
            found = self.rules.get(rule.id, rule)
            chosen = [found.variants[OWN]] if OWN in found.variants else list(found.variants.values())
            for variant in chosen:
                for named in list_rules_named(variant.expression):
                    circle = follow(named, (*chain, rule.id))
                    if circle:
                        return circle
            return None

        for identity in self.standard.rules:
            circle = follow(self.rules[identity], ()) if identity in self.rules else None
            if circle:
                self.tell(
                    ("rules", identity, "formula"),
                    say("{id} rests on itself: {chain}", id=identity, chain=" → ".join(circle)),
                    say("a formula that does not name itself"),
                    "",
                )
                return


class _Names(dict[str, Node]):
    """Every name a formula may use; own rules are made when they are named."""

    def __init__(self, own: OwnFormulas) -> None:
        super().__init__({**own.known, **own.leaves, **RULES})
        self.own = own
        for identity in own.standard.rules:
            self.setdefault(identity, not_priced)  # its place; `__getitem__` has the rule
        self.wrong = {name for name in (*own.standard.variables, *own.standard.coefficients) if name not in self}
        self.update(dict.fromkeys(self.wrong, not_priced))

    def __getitem__(self, name: str) -> Node:
        if name in self.wrong:
            raise FormulaError("", 0)  # its declaration is refused, which is told where it stands
        if name in self.own.standard.rules:
            made = self.own._rule(name)  # noqa: SLF001 - one class in two parts
            if made is None:
                raise FormulaError("", 0)  # what is wrong with it is told where it stands
            return made
        return super().__getitem__(name)


def _with(tell: Callable[[Node, str, str, str], None]) -> Customs:
    return replace(CUSTOMS, tell=tell)


def _unit_hint(meaning: Meaning, unit: str) -> str:
    money = any(name.startswith("[money") for name, _ in meaning.measured.dimensions)
    return say("a yearly amount is in {unit}", unit=f"{unit}/yr") if money and not unit.endswith("/yr") else ""


def _near(service: str) -> str:
    return suggest_nearest(service, SERVICES)


def _title(written: BilingualTitle) -> Title:
    return Title(written.zh, written.en)
