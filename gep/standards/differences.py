"""Compares standards: what each counts, how, with which prices, and how far it is known."""

from __future__ import annotations

from typing import Any

from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import OWN, REFERENCE, Row, add_rows
from gep.messages.texts import Name, say
from gep.reference.marks import UNVERIFIED
from gep.reference.regions import NATION
from gep.rules.catalogue import SERVICES
from gep.standards.formulas import OWN as OWN_VARIANT
from gep.standards.plan import NOT_PRICED, Plan, make_plan
from gep.standards.standard import list_shipped_standards, load_standard


def list_standards() -> list[dict[str, Any]]:
    """Return the shipped standards as plain values: id, title, number, mark, services (how many), unverified (statements), notes.

    Raises
    ------
    Problems : as `load_standard`
    """
    found = []
    for name in list_shipped_standards():
        standard = load_standard(name)
        found.append(
            {
                "id": standard.id,
                "title": {"zh": standard.title.zh, "en": standard.title.en},
                "number": standard.number,
                "mark": standard.mark,
                "services": len(standard.choices),
                "unverified": len(_unverified(make_plan(standard))),
                "notes": list(standard.notes),
            }
        )
    return found


def list_differences(one: str, other: str) -> list[dict[str, str]]:
    """Return what differs between two standards, a map a line: `what`, and what each says under its own name; — for nothing.

    Parameters
    ----------
    one, other : ids of shipped standards, or paths of YAML files

    Raises
    ------
    Problems : as `load_standard`
    """
    plans = [make_plan(load_standard(name)) for name in (one, other)]
    views = [_view(plan) for plan in plans]
    keys = list(dict.fromkeys([*views[0], *views[1]]))
    order = {key: at for at, key in enumerate(sorted(keys, key=lambda key: (_GROUPS.index(key.split()[0]), keys.index(key))))}
    return [
        {"what": key, one: views[0].get(key, "—"), other: views[1].get(key, "—")}
        for key in sorted(keys, key=order.__getitem__)
        if views[0].get(key, "—") != views[1].get(key, "—")
        and not (key.startswith("ecosystems ") and {views[0].get(key, "—"), views[1].get(key, "—")} == {"all", "—"})
    ]


_GROUPS = (
    "service",
    "roll-up",
    "lines",
    "variant",
    "ecosystems",
    "pollutants",
    "set",
    "coefficient",
    "price",
    "index",
    "unverified",
)


def _view(plan: Plan) -> dict[str, str]:
    """Return everything a standard says, as lines that can be compared."""
    standard = plan.standard
    tables = add_rows(read_shipped_tables(), standard.own_rows)
    rules = standard.known_rules
    found: dict[str, str] = {}
    for service in SERVICES:
        choice = standard.choices.get(service)
        found[f"service {service}"] = f"in [{choice.mark}]" if choice else "out"
        if choice is None:
            continue
        found[f"lines {service}"] = ", ".join(standard.lines_of(service)) if choice.value == "lines" else "value as stated"
        found[f"ecosystems {service}"] = ", ".join(choice.ecosystems) or "all"
        if choice.pollutants:
            found[f"pollutants {service}"] = ", ".join(choice.pollutants)
    for step in plan.steps:
        if step.rule.id in rules and (len(rules[step.rule.id].variants) > 1 or step.variant == OWN_VARIANT):
            mark = standard.variants.get(step.rule.id, ("", "V"))[1]
            found[f"variant {step.rule.id}"] = f"{step.variant} [{mark}]"
    for name in plan.coefficients:
        if name == NOT_PRICED:
            continue
        kind = "price" if "CNY" in plan.coefficients[name].unit else "coefficient"
        chosen = standard.sets.get(name, REFERENCE)
        rows = [row for row in tables.by_id.get(name, ()) if row.set in {chosen, OWN}]
        found[f"{kind} {name}"] = f"set {chosen}" if rows else "no row shipped, to be entered"
        for row in rows:
            found[f"{kind} {name}: {_cell(row)}".removesuffix(": ")] = f"{_value(row)}, set {row.set}"
            if row.mark in UNVERIFIED:
                found[f"unverified {kind} {name}: {_cell(row)}".removesuffix(": ")] = f"[{row.mark}]"
    found["index prices"] = standard.price_index
    for roll_up in standard.roll_up.values():
        found[say("roll-up {name}", name=Name(roll_up.title.en, roll_up.title.zh))] = (
            f"{', '.join(roll_up.services)} [{roll_up.mark}]"
        )
    for text, known in _unverified(plan):
        found[f"unverified {text}"] = f"[{known}]"
    return found


def list_unverified_in_both(one: str, other: str) -> list[str]:
    """Return the statements that are unverified in two standards alike; `list_differences` has the others.

    Raises
    ------
    Problems : as `load_standard`
    """
    views = [_view(make_plan(load_standard(name))) for name in (one, other)]
    return [f"{key} {mark}" for key, mark in views[0].items() if key.startswith("unverified ") and views[1].get(key) == mark]


def _cell(row: Row) -> str:
    """Return what a row holds for: members, region, years."""
    years = f"{row.applies_from or ''}–{row.applies_to or ''}" if row.applies_from or row.applies_to else ""
    region = "" if row.region == NATION else row.region
    return " ".join(filter(None, (row.ecosystem, row.pollutant, row.product, region, years)))


def _value(row: Row) -> str:
    return f"{row.value:.10g} {row.unit} [{row.mark}]" if row.unit != "1" else f"{row.value:.10g} [{row.mark}]"


def _unverified(plan: Plan) -> list[tuple[str, str]]:
    standard = plan.standard
    found: list[tuple[str, str]] = [
        (f"{service} is counted", choice.mark) for service, choice in standard.choices.items() if choice.mark in UNVERIFIED
    ]
    for step in plan.steps:
        if step.rule.id not in standard.known_rules:
            continue
        mark = standard.variants.get(step.rule.id, ("", "V"))[1]
        if mark in UNVERIFIED:
            found.append((f"{step.rule.id} by {step.variant}", mark))
        own = plan.published[step.rule.id].mark
        if own in UNVERIFIED:
            found.append((f"formula of {step.rule.id}, {step.variant}", own))
    return found
