"""Whole standards and all rules as plain values: formulas as mathematics, what each reads, and where each comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import OWN, REFERENCE, add_rows
from gep.formula.nodes import Rule
from gep.formula.show import show_equation
from gep.formula.walk import list_leaves, list_rules_named
from gep.messages.problems import Problem, Problems
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import mark_word, say
from gep.rules.catalogue import RULES, SERVICES, list_rules
from gep.standards.plan import make_plan
from gep.standards.standard import load_standard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.formula.nodes import Leaf, Node, Variant
    from gep.messages.title import Title
    from gep.rules.service import Line, Service
    from gep.standards.plan import Plan


def describe_standard(name: str) -> dict[str, Any]:
    """Return a whole standard as plain values: its services with their formulas, figures and parameters, each with source and mark.

    Parameters
    ----------
    name : id of a shipped standard, or path of a YAML file

    Raises
    ------
    Problems : as `load_standard`
    """
    plan = make_plan(load_standard(name))
    standard = plan.standard
    return {
        "id": standard.id,
        "title": _both(standard.title),
        "number": standard.number,
        "source": standard.source,
        "mark": standard.mark,
        "measures": standard.measures,
        "currency": standard.currency,
        "physical": standard.physical,
        "price_index": standard.price_index,
        "notes": list(standard.notes),
        "classes": list(standard.classes),
        "services": [_service(plan, identity) for identity in plan.counted],
        "sums": [
            _rule(step.rule, step.formula, plan.published[step.rule.id], step.variant) for step in plan.steps if step.scope == ""
        ],
        "excluded": dict(standard.excluded),
        "variables": [_leaf(leaf) | {"department": leaf.department} for leaf in plan.observed.values()],
        "coefficients": _coefficients(plan),
    }


def _service(plan: Plan, identity: str) -> dict[str, Any]:
    choice, part = plan.standard.choices[identity], plan.counted[identity]
    return {
        "service": identity,
        "title": _both(part.service.title),
        "mark": choice.mark,
        "clause": choice.clause,
        "ecosystems": list(choice.ecosystems),
        "pollutants": list(choice.pollutants),
        "lines": [{"line": line.id, "title": _both(line.title), "negative": line.negative} for line in part.lines],
        "rules": [
            _rule(step.rule, step.formula, plan.published[step.rule.id], step.variant)
            for step in plan.steps
            if step.scope == identity
        ],
    }


def _rule(rule: Rule, formula: Node, way: Variant, variant: str) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "title": _both(rule.title),
        "formula": show_equation(rule, formula),
        "unit": rule.unit,
        "axes": list(rule.axes),
        "variant": variant,
        "way": _both(way.title),
        "source": way.source,
        "clause": way.clause,
        "mark": way.mark,
        "caution": way.caution,
        "reads": [leaf.id for leaf in list_leaves(formula)],
        "rests_on": [one.id for one in list_rules_named(formula)],
    }


def _leaf(leaf: Leaf) -> dict[str, Any]:
    return {"id": leaf.id, "symbol": leaf.symbol, "title": _both(leaf.title), "unit": leaf.unit, "axes": list(leaf.axes)}


def _coefficients(plan: Plan) -> list[dict[str, Any]]:
    tables = add_rows(read_shipped_tables(), plan.standard.own_rows)
    names = ("value", "unit", "region", "ecosystem", "pollutant", "product", "source", "locator", "mark", "address")
    found = []
    for leaf in plan.coefficients.values():
        chosen = plan.standard.sets.get(leaf.id, REFERENCE)
        rows = [row for row in tables.by_id.get(leaf.id, ()) if row.set in {chosen, OWN}]
        rows.sort(key=lambda row: row.set != OWN)
        found.append(_leaf(leaf) | {"set": chosen, "rows": [{key: getattr(row, key) for key in names} for row in rows]})
    return found


def list_all_rules(rule: str | None, standard: str | None) -> list[dict[str, Any]]:
    """Return services with their lines, rules and variants as plain values, and what each variant reads.

    Parameters
    ----------
    rule     : id of a rule, or of a service, of which only the rules are returned; None: all
    standard : id or file of a standard, whose own rules are among them and whose choices are marked; None: those of the program

    Raises
    ------
    Problems : there is no such rule or service, or as `load_standard`
    """
    chosen = load_standard(standard) if standard is not None else None
    services: Mapping[str, Service] = SERVICES if chosen is None else chosen.known_services
    known: Mapping[str, Rule] = RULES if chosen is None else chosen.known_rules
    taken = {} if chosen is None else {step.rule.id: step.variant for step in make_plan(chosen).steps}
    if rule is not None and rule not in services and rule not in known:
        options = [*services, *known]
        hint = suggest_nearest(rule, options) or say("gep {command}s lists them", command="rule")
        raise Problems([Problem("RULE", 0, say("there is no {kind} {name!r}", kind=mark_word("rule"), name=rule), "an id", hint)])
    found: list[dict[str, Any]] = []
    for identity, service in services.items():
        if found and rule in known:
            break  # a rule that several services share is shown once
        of = [known.get(one.id, one) for one in list_rules(service)]
        if rule is not None and rule != identity:
            of = [one for one in of if one.id == rule]
        if of:
            lines = [_line(line) for line in service.lines if rule in {None, identity} or rule in _parts(line)]
            found.append(
                {
                    "service": identity,
                    "title": _both(service.title),
                    "lines": lines,
                    "rules": [_ways(one, taken.get(one.id, "")) for one in of],
                }
            )
    return found


def _ways(rule: Rule, taken: str) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "title": _both(rule.title),
        "unit": rule.unit,
        "axes": list(rule.axes),
        "chosen": taken,
        "variants": [_rule(rule, way.expression, way, name) for name, way in rule.variants.items()],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "line": line.id,
        "title": _both(line.title),
        "quantities": [one.id for one in line.quantities],
        "prices": [one.id for one in line.prices if one is not None],
        "value": line.value.id,
        "negative": line.negative,
        "named_only": line.named_only,
        "instead_of": list(line.instead_of),
    }


def _parts(line: Line) -> set[str]:
    return {one.id for one in (*line.quantities, *line.prices, line.value, line.detail) if isinstance(one, Rule)}


def _both(title: Title | Any) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}
