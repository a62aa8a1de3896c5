"""A standard is data: which services count, by which variants, which members, under which clause, and how far that is known."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import Field, PrivateAttr

from gep.coefficients.tables import Row  # noqa: TC001 - pydantic reads it
from gep.files.schema import BilingualTitle, Part
from gep.formula.nodes import ECOSYSTEM, POLLUTANT
from gep.messages.problems import RuleError
from gep.reference.marks import Mark  # noqa: TC001 - pydantic reads it
from gep.rules.catalogue import COEFFICIENTS, RULES, SERVICES
from gep.standards.formulas import OWN, OwnFormulas
from gep.standards.own import OwnParts
from gep.standards.shown import make_shown
from gep.units.currencies import YUAN, mark_key
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from gep.formula.nodes import Leaf, Rule
    from gep.rules.service import Service

OWN_KEY, KEY_DIGITS = "+", 12
"""Between the id of a standard of the user's own and the beginning of its hash, in the key of its accounts."""
OWN_MARK = "(自定 own)"
"""Beside a mark that the user gave."""
LEAVES = {**VARIABLES, **COEFFICIENTS}
"""What a formula of one's own may name, beside rules and what the standard declares."""


class Choice(Part):
    """What a standard says of one service."""

    mark: Mark
    """How far it is known that the standard counts the service."""
    clause: str = ""
    value: Literal["lines", "stated"] = "lines"
    lines: tuple[str, ...] = ()
    """Lines of the service that count; empty: all."""
    variants: dict[str, str] = Field(default_factory=dict)
    """Rule → variant, for every rule with more than one and no usual one."""
    variant_marks: dict[str, Mark] = Field(default_factory=dict)
    """Rule → how far it is known that the standard means this variant; else the service's mark."""
    ecosystems: tuple[str, ...] = ()
    """Ecosystem types that count; a type stands for those below it; empty: all."""
    pollutants: tuple[str, ...] = ()
    note: str = ""


class OwnSource(Part):
    """A source that a standard of the user's own names: what it is, so that a reader finds it."""

    title: str = Field(min_length=2)
    number: str = ""
    issued_by: str = ""
    date: str = ""
    url: str = ""


class RollUp(Part):
    """Services that a standard reports as one indicator."""

    title: BilingualTitle
    services: tuple[str, ...]
    mark: Mark
    clause: str = ""


class OwnRate(Part):
    """What one unit of another currency is in that of the standard, in a year."""

    currency: str
    value: float = Field(gt=0)
    year: int
    """Of the money that is converted, and of the money it becomes."""
    source: str
    date: str
    """Of the statement."""
    mark: Mark


class Standard(OwnParts):
    """A method profile: which services count, how they are computed, and how far that is known; read from YAML."""

    id: str
    title: BilingualTitle
    number: str = ""
    extends: str = ""
    price_index: str = "cpi"
    measures: Literal["gep", "equivalents"] = "gep"
    """What its totals are; those of equivalent factors are not GEP, and say so."""
    services: dict[str, Choice | None] = Field(default_factory=dict)
    """Service → what is said of it; in a standard that extends another, null takes a service out, and none need be named."""
    excluded: dict[str, str] = Field(default_factory=dict)
    """Service → why the standard leaves it out."""
    roll_up: dict[str, RollUp] = Field(default_factory=dict)
    sets: dict[str, str] = Field(default_factory=dict)
    """Coefficient → the parameter set chosen for it; else `reference`."""
    notes: tuple[str, ...] = ()
    """Statements about the standard as a whole that a reader of the report must know."""

    earlier: dict[str, str] = Field(default_factory=dict)
    """Figure → service or line whose quantity in last year's stored account it is, where the county states none itself."""
    currency: str = YUAN
    """Of all money of its accounts; prices and figures name its year (USD_2020)."""
    exchange_rates: tuple[OwnRate, ...] = ()
    """Rates by which figures in other currencies are converted; without one nothing is."""

    sources: dict[str, OwnSource] = Field(default_factory=dict)
    """Sources of a standard of the user's own that `coefficients/sources.yaml` does not have."""
    own_sha256: str = ""
    """Of a standard that does not come with the program: the hash of its text and of the texts it extends; never read from it."""

    _own_rows: tuple[Row, ...] = PrivateAttr(default=())

    @property
    def key(self) -> str:
        """Return what accounts under the standard are kept by."""
        own = f"{self.id}{OWN_KEY}{self.own_sha256[:KEY_DIGITS]}"
        return mark_key(own, self.currency) if self.own_sha256 else self.id

    @property
    def shown_mark(self) -> str:
        """Return the mark as it is printed; of a standard of the user's own it is the user's statement, and says so."""
        return f"{self.mark} {OWN_MARK}" if self.own_sha256 else self.mark

    @property
    def choices(self) -> dict[str, Choice]:
        """Return the services that count, in the order of the report, each with what is said of it."""
        return {name: choice for name in SERVICES if (choice := self.services.get(name)) is not None}

    @property
    def limits(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return what counts only some types or pollutants: lines, and services that figures of others which are only shown name."""
        found = super().limits
        for service, choice in self.choices.items():
            named = re.compile(rf"\b{service}\.\w")
            axes = {axis: one for axis, one in ((ECOSYSTEM, choice.ecosystems), (POLLUTANT, choice.pollutants)) if one}
            if axes and any(named.search(one.formula) for name, one in self.shown.items() if name.partition(".")[0] != service):
                found[service] = axes
        return found

    @property
    def own_rows(self) -> tuple[Row, ...]:
        """Return the values of coefficients that its file gives, with their lines there; none in a standard out of a store."""
        return self._own_rows

    @cached_property
    def own(self) -> OwnFormulas:
        """Return what it declares of its own, as leaves, rules and lines."""
        return OwnFormulas(self, LEAVES, _fail)

    @cached_property
    def known_services(self) -> dict[str, Service]:
        """Return all services, each with the lines that the standard adds to it."""
        own = self.own.lines
        return {
            name: replace(service, lines=(*service.lines, *own[name])) if name in own else service
            for name, service in SERVICES.items()
        }

    @cached_property
    def known_rules(self) -> dict[str, Rule]:
        """Return all rules of the program and of the standard, by id."""
        return {**RULES, **self.own.rules}

    @cached_property
    def known_leaves(self) -> dict[str, Leaf]:
        """Return the coefficients of the program, and the figures and coefficients of the standard, by id."""
        return {**COEFFICIENTS, **self.own.leaves}

    @cached_property
    def shown_rules(self) -> dict[str, Rule]:
        """Return the figures that it only shows, by id, each after those it names."""
        return make_shown(self, _fail)

    @property
    def applicable(self) -> frozenset[str]:
        """Return the ids of services and lines that a row may state not to apply."""
        return frozenset(self.known_services) | {line.id for one in self.known_services.values() for line in one.lines}

    def lines_of(self, service: str) -> list[str]:
        """Return the ids of the lines of a service of the standard that count, in their order."""
        choice = self.choices[service]
        return [
            line.id
            for line in self.known_services[service].lines
            if (line.id in choice.lines if choice.lines else not line.named_only)
        ]

    @cached_property
    def variants(self) -> dict[str, tuple[str, Mark]]:
        """Return the chosen variants: rule → variant and its mark; what is stated at any service holds for all."""
        found: dict[str, tuple[str, Mark]] = {}
        for choice in self.choices.values():
            for rule, variant in choice.variants.items():
                found.setdefault(rule, (variant, choice.variant_marks.get(rule, choice.mark)))
        found.update({name: (OWN, rule.variants[OWN].mark) for name, rule in self.own.rules.items()})  # type: ignore[misc]  # a Mark
        return found

    def variant_of(self, rule: str) -> str:
        """Return the variant by which a rule is computed: the one that was chosen, or else the usual or only one."""
        if rule in self.variants:
            return self.variants[rule][0]
        return self.known_rules[rule].usual or next(iter(self.known_rules[rule].variants))


def _fail(path: tuple[str, ...], found: str, expected: str, hint: str) -> None:
    msg = f"{'.'.join(path)}: {found}; {expected} {hint}"
    raise RuleError(msg)
