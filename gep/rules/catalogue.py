"""SERVICES: every service this program can account for, in the order of the report, with its rules and their leaves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gep.formula.nodes import Coefficient, Leaf, Observed, Rule
from gep.formula.walk import list_leaves, list_rules_named
from gep.rules import (
    agricultural_products,
    air_purification,
    bioenergy,
    carbon_sequestration,
    climate_regulation,
    coastal_protection,
    fishery_products,
    flood_mitigation,
    forestry_products,
    freshwater_supply,
    hydropower,
    landscape_premium,
    leisure_recreation,
    livestock_products,
    local_additions,
    negative_ions,
    noise_reduction,
    other_cultural,
    other_material,
    other_regulating,
    oxygen_release,
    pest_control,
    sand_fixation,
    soil_retention,
    species_conservation,
    tourism_health,
    water_conservation,
    water_purification,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.rules.service import Service

SERVICES: dict[str, Service] = {
    module.SERVICE.id: module.SERVICE
    for module in (
        agricultural_products,
        forestry_products,
        livestock_products,
        fishery_products,
        bioenergy,
        freshwater_supply,
        hydropower,
        water_conservation,
        soil_retention,
        sand_fixation,
        coastal_protection,
        flood_mitigation,
        air_purification,
        water_purification,
        carbon_sequestration,
        oxygen_release,
        climate_regulation,
        noise_reduction,
        pest_control,
        species_conservation,
        negative_ions,
        tourism_health,
        leisure_recreation,
        landscape_premium,
        local_additions,
        other_material,
        other_regulating,
        other_cultural,
    )
}


def list_rules(service: Service) -> list[Rule]:
    """Return all rules that a service may need, in whatever variant, each after the rules it names."""
    found: dict[str, Rule] = {}

    def visit(rule: Rule) -> None:
        if rule.id in found:
            return
        for variant in rule.variants.values():
            for part in list_rules_named(variant.expression):
                visit(part)
        found.setdefault(rule.id, rule)

    for line in service.lines:
        for rule in (*line.quantities, *line.prices, line.value, line.detail):
            if isinstance(rule, Rule):
                visit(rule)
    return list(found.values())


RULES: dict[str, Rule] = {rule.id: rule for service in SERVICES.values() for rule in list_rules(service)}
_LEAVES: dict[str, Leaf] = {
    leaf.id: leaf for rule in RULES.values() for variant in rule.variants.values() for leaf in list_leaves(variant.expression)
}
COEFFICIENTS: dict[str, Coefficient] = {name: leaf for name, leaf in _LEAVES.items() if isinstance(leaf, Coefficient)}
OBSERVED: dict[str, Observed] = {name: leaf for name, leaf in _LEAVES.items() if isinstance(leaf, Observed)}


@cache
def list_services_of() -> dict[str, list[str]]:
    """Return the ids of the services of the program that may need a variable or coefficient, by the id of that."""
    return list_services_reading(SERVICES.values())


def list_services_reading(services: Iterable[Service]) -> dict[str, list[str]]:
    """Return the ids of those of some services that may need a variable or coefficient, by the id of that."""
    found: dict[str, list[str]] = {}
    for service in services:
        for rule in list_rules(service):
            for variant in rule.variants.values():
                for leaf in list_leaves(variant.expression):
                    users = found.setdefault(leaf.id, [])
                    if service.id not in users:
                        users.append(service.id)
    return found
