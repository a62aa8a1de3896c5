"""Every rule and variant of the program and of every shipped standard against a reckoning with fractions; `make fuzz` takes twenty counties."""

from __future__ import annotations

import random
from dataclasses import replace

import on_paper
import pytest
from conftest import tries

from gep.rules.catalogue import RULES
from gep.standards.plan import make_plan
from gep.standards.standard import list_shipped_standards, load_standard


def test_the_engine_and_paper_agree_for_every_rule_and_variant() -> None:
    compared, formulas, wrong = on_paper.main(tries(1, 5))
    assert wrong == []
    assert formulas == sum(len(rule.variants) for rule in RULES.values()) + len(list_shipped_standards())
    assert compared > 1500


def test_no_variant_and_no_standard_is_missing() -> None:
    chains = {name: {(step.rule.id, step.variant) for step in steps} for name, steps in on_paper.list_chains()}
    for rule in RULES.values():
        for variant in rule.variants:
            assert (rule.id, variant) in chains[f"{rule.id} {variant}"]
    for name, steps in on_paper.list_standard_steps():
        assert len(steps) == len(make_plan(load_standard(name)).steps) > 0


@pytest.mark.parametrize("wrong", [2.0, 1.0000001])
def test_paper_finds_a_factor_that_is_wrong(wrong: float) -> None:
    steps = dict(on_paper.list_chains())["water_conservation.volume_value priced"]
    spoiled = [replace(step, factor=step.factor * wrong) if step.factor != 1 else step for step in steps]
    assert on_paper.hold_together(steps, random.Random(1))[1] == []
    assert on_paper.hold_together(spoiled, random.Random(1))[1] != []
