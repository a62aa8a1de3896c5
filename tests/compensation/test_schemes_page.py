"""docs/schemes.md: every example runs as it stands and pays what it says; every mistake gets the message it says, alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Program
from languages import check_both
from toy_schemes import write_facts, write_scheme

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.compensation.operations.catalogue import OPERATIONS
from gep.compensation.reading import read_scheme
from gep.messages.problems import Problems
from gep.units.money import format_plain_yuan

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "schemes.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```\n```csv\n(.*?)```\n```text\n(.*?)```", PAGE, re.DOTALL)
MISTAKES = re.findall(r"^\| `(.+?)` \| (.+?) \|$", PAGE.partition("## 五")[2], re.MULTILINE)
BODY = (
    "inputs: {{score: {{by: party, unit: score}}}}\nconstants: {{limit: {{value: '0.2', unit: mg/L, mark: D}}}}\n"
    "values: {{v: '{}'}}\nrule: [{{op: pay, name: a, cases: [{{when: v > 0, from: province, to: self, amount: '1'}}, {{when: limit > 0 and score > 0, from: self, to: province, amount: '1'}}]}}]\n"
)


def test_every_operation_has_an_example() -> None:
    assert set(OPERATIONS) <= {name for body, _, _ in EXAMPLES for name in re.findall(r"op: (\w+)", body)}
    assert len(EXAMPLES) >= len(OPERATIONS)


@pytest.mark.parametrize("at", range(len(EXAMPLES)))
def test_an_example_pays_what_it_says(at: int, tmp_path: Path) -> None:
    body, rows, expected = EXAMPLES[at]
    scheme = write_scheme(tmp_path / "s.yaml", body)
    result = compute(find_scheme(str(scheme), 2021), read_facts([write_facts(tmp_path / "f.csv", *rows.split())]), 2021)
    net = result.net()
    assert expected.splitlines() == [
        f"{name} {format_plain_yuan(net.get(name, 0))}" for name in re.findall(r"^\w+", expected, re.MULTILINE)
    ]
    assert sum(net.values()) == sum(net[name] for name in re.findall(r"^\w+", expected, re.MULTILINE) if name in net)


@pytest.mark.parametrize(("formula", "said"), MISTAKES)
def test_a_mistake_gets_its_message_and_no_other(formula: str, said: str, tmp_path: Path) -> None:
    scheme = write_scheme(tmp_path / "s.yaml", BODY.format(formula))
    with pytest.raises(Problems) as refused:
        read_scheme(scheme)
    assert [problem for problem in refused.value.problems if said not in problem.found] == []
    check_both(refused.value)


def test_a_new_scheme_is_a_commented_one_that_can_be_computed(gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "my-pool.yaml"
    gep("scheme", "new", "my-pool", "-o", str(path))
    told = gep("scheme", "check", str(path)).stdout
    assert "my-pool 1 can be computed" in told
    assert "printed by their ids" not in told
    assert path.read_text("utf-8").count("#") > 10
    for name, said in (
        ("My_Pool", "'My_Pool' cannot be an id"),
        ("lushui", "lushui is the id of a shipped scheme"),
        ("my-pool", "is there"),
    ):
        assert said in gep("scheme", "new", name, "-o", str(path), code=2).stderr
