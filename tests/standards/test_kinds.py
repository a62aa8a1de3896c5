"""Accounts of kinds that papers publish, invented here and entered as docs/standards.md says: forest by species and age, a basin's water, a reserve, farmland, a city by value of a hectare."""

from __future__ import annotations

import pytest
from conftest import ROOT, Program

from gep.tasks.compute import compute, read_inputs

KINDS = ROOT / "tests" / "cases" / "kinds"
GROWN = 1200 * 6.2 + 3400 * 9.1 + 800 * 7.4  # t/yr of dry matter
BY_HAND = {
    "forest": GROWN * 0.4445 * 1200 + GROWN * 1.19 * 1000 + 5400 * 33200 * 0.15,
    "water": 3.5e8 * 0.8 - 4.3e8 * 0.3 - 20000 * 5000 - 300 * 12000,
    "reserve": 12e4 * (310 + 92) + 20e4 * (150 + 60) + 22400 * 7.87 * 3406.5,
    "harbour": 12.5e4 * 21300 + 34000 * 48750 + 8200 * 9400,
    "farm": (10e4 * 2600 - 3.1e8) + (1e4 * 6000 - 0.3e8) + 100 * 900,
}


@pytest.mark.parametrize("kind", BY_HAND)
def test_the_total_is_that_of_the_hand_calculation(kind: str) -> None:
    standard = str(KINDS / f"{kind}.yaml")
    account = compute(read_inputs([KINDS / f"{kind}.csv"], standard), standard)
    total = account.totals[account.totals["category"] == "gep"]["value"].iloc[0]
    assert total == pytest.approx(BY_HAND[kind], rel=1e-12)
    assert not account.unread


def test_quantities_of_own_lines_go_by_their_titles(gep: Program) -> None:
    files = (str(KINDS / "phys.csv"), "--standard", str(KINDS / "phys.yaml"))
    shown = gep("run", *files, "--store", gep.store, "--lang", "zh").stdout
    assert "    木材 杉木" in shown
    assert "12,000 m³/yr" in shown
    assert "    涵养水量" in shown
