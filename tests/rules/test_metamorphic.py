"""What must not matter: units, order, kinds of files, groups, wholes, sizes; what must: every figure. `make fuzz` tries all cases, and rescaled."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from by_hand_cases import read_figures
from conftest import LONG
from metamorphic import ROWS, Found, Pair, judge, try_case

from gep.formula.walk import list_leaves
from gep.rules.catalogue import RULES
from gep.variables.catalogue import VARIABLES

CHOSEN = ROWS if LONG else ROWS[::6]


@pytest.mark.parametrize(("service", "row"), CHOSEN, ids=lambda one: one if isinstance(one, str) else "")
def test_a_county_said_in_another_way_is_the_same_county(service: str, row: dict[str, str], tmp_path: Path) -> None:
    tried, wrong = try_case(service, row, tmp_path)
    assert wrong == []
    assert tried["unit"] + tried["left out"] > 0


def test_every_variable_of_a_rule_is_among_the_cases() -> None:
    seen = Counter(one.variable for _, row in ROWS for one in read_figures(row["inputs"]))
    expressions = [variant.expression for rule in RULES.values() for variant in rule.variants.values()]
    needed = {leaf.id for one in expressions for leaf in list_leaves(one) if leaf.id in VARIABLES}
    assert len(needed) > 80
    assert needed - set(seen) == set()


def test_the_search_finds_what_does_not_hold() -> None:
    pair = Pair("unit", "rain in m", (), ())
    assert judge(pair, Found("accounted", 1.0), Found("accounted", 1.001))
    assert judge(pair, Found("accounted", 1.0), Found("no data", 0.0))
    assert not judge(pair, Found("accounted", 1.0), Found("accounted", 1.0 + 1e-12))
    without = Pair("left out", "rain", (), (), "differs")
    assert judge(without, Found("accounted", 1.0), Found("accounted", 1.0))
    assert not judge(without, Found("accounted", 1.0, True), Found("accounted", 1.0))
