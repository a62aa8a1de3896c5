"""Works out what a standard asks for: the rules in order with their chosen formulas, and the leaves they need."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from gep.formula.check import derive_factor
from gep.formula.evaluate import Step
from gep.formula.nodes import Coefficient, Leaf, Observed, Rule
from gep.formula.walk import list_leaves, list_rules_named
from gep.records import dataclass
from gep.reference.services import CATEGORIES
from gep.rules.catalogue import SERVICES
from gep.rules.gep import make_account_value, make_category_value, make_service_value
from gep.rules.parts import not_priced
from gep.rules.service import SHOWN, STATED, declare_variant
from gep.standards.shown import list_roll_ups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.formula.nodes import Variant
    from gep.rules.service import Line, Service
    from gep.standards.model import Standard


NOT_PRICED = "not_priced"
UNPRICED = declare_variant(
    not_priced, source="this-project", clause="quantities only", mark="V", zh="只核算实物量", en="quantities only"
)
"""How the value of a line is reckoned in a standard of quantities: not at all."""


@dataclass(frozen=True)
class Counted:
    """A service as a standard counts it."""

    service: Service
    lines: tuple[Line, ...]
    value: Rule
    """The sum of its lines, or the value taken over."""


@dataclass(frozen=True)
class Plan:
    """A standard turned into steps.

    Attributes
    ----------
    steps    : every rule once, after the rules it names; the sums last
    counted  : service → its lines and its sum, in the order of the report
    published : rule → the published way it is computed (source, clause, mark, caution)
    observed, coefficients : the leaves of all steps
    """

    standard: Standard
    steps: tuple[Step, ...]
    counted: dict[str, Counted]
    published: dict[str, Variant]
    observed: dict[str, Observed]
    coefficients: dict[str, Coefficient]

    @cached_property
    def leaves_of(self) -> dict[str, list[Observed | Coefficient]]:
        """The leaves of the formula of each rule, by the rule's id."""
        return {step.rule.id: list_leaves(step.formula) for step in self.steps}


def make_plan(standard: Standard) -> Plan:
    """Return the plan of a standard: its rules in order of computation, their formulas and leaves.

    Raises
    ------
    RuleError : a formula does not give the unit or axes of its rule; a mistake of ours
    """
    steps: dict[str, Step] = {}
    published: dict[str, Variant] = {}
    unpriced: set[str] = set()

    def add(rule: Rule, variant: str, scope: str) -> None:
        if rule.id in steps:
            return
        chosen = UNPRICED if rule.id in unpriced else standard.known_rules.get(rule.id, rule).variants[variant]
        for named in list_rules_named(chosen.expression):
            if named.id in steps:
                continue
            add(named, standard.variant_of(named.id), _scope(named, scope))
        steps[rule.id] = Step(rule, variant, chosen.expression, derive_factor(rule, chosen.expression), scope)
        published[rule.id] = chosen

    counted: dict[str, Counted] = {}
    for identity, choice in standard.choices.items():
        service = standard.known_services[identity]
        wanted = set(standard.lines_of(identity))
        lines = () if choice.value == STATED else tuple(line for line in service.lines if line.id in wanted)
        for line in lines:
            if standard.physical:
                unpriced |= {rule.id for rule in (line.value, line.detail) if rule is not None}
            for rule in (*line.quantities, *(() if standard.physical else line.prices), line.value, line.detail):
                if isinstance(rule, Rule):
                    add(rule, NOT_PRICED if rule.id in unpriced else standard.variant_of(rule.id), _scope(rule, identity))
        value = make_service_value(service, wanted)
        add(value, choice.value, identity)
        counted[identity] = Counted(service, lines, value)
    categories = {}
    for category in CATEGORIES:
        values = {name: part.value for name, part in counted.items() if part.service.category == category}
        if values:
            categories[category] = make_category_value(category, values)
            add(categories[category], "accounted", "")
    add(make_account_value(categories, equivalents=standard.measures == "equivalents"), "accounted", "")
    roll_ups = list_roll_ups(standard)
    for rule in standard.shown_rules.values():
        for named in list_rules_named(rule.variants[SHOWN].expression):
            if named.id in roll_ups:
                add(roll_ups[named.id], "accounted", "")
        add(rule, SHOWN, _scope(rule, ""))
    needed = _leaves(steps.values())
    return Plan(
        standard,
        tuple(steps.values()),
        counted,
        published,
        {name: leaf for name, leaf in needed.items() if isinstance(leaf, Observed)},
        {name: leaf for name, leaf in needed.items() if isinstance(leaf, Coefficient)},
    )


def _scope(rule: Rule, asking: str) -> str:
    """Return the service whose counted members a rule goes by: its own, or for a shared rule the one that asks."""
    owner = rule.id.partition(".")[0]
    return owner if owner in SERVICES else asking


def _leaves(steps: Iterable[Step]) -> dict[str, Leaf]:
    found: dict[str, Leaf] = {}
    for step in steps:
        for leaf in list_leaves(step.formula):
            found.setdefault(leaf.id, leaf)
    return found
