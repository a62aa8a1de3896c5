"""The spelling of formulas before 2.0 is read for one release: the same tree, and the same money to the fen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Program

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.compensation.reading import read_scheme
from gep.formula import stored
from gep.messages.problems import Problems

KEPT = ROOT / "tests" / "kept" / "schemes"
NEW = ROOT / "coefficients" / "schemes"
CASES = ROOT / "tests" / "cases" / "compensation"
NAMES = sorted(path.name for path in KEPT.glob("*.yaml"))


def trees(path: Path) -> dict[str, str]:
    return {".".join(at): json.dumps(stored.write(tree)) for at, tree in read_scheme(path).trees.items()}


def test_every_shipped_scheme_is_kept() -> None:
    assert sorted(path.name for path in NEW.glob("*.yaml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_spellings_give_the_same_trees(name: str) -> None:
    assert trees(KEPT / name) == trees(NEW / name)


def test_shipped_schemes_are_in_the_new_spelling() -> None:
    folders = (NEW, ROOT / "inputs" / "jiangxi-transfers-example", *CASES.iterdir())
    for path in sorted(path for folder in folders for path in folder.glob("*.yaml") if path.name != "case.yaml"):
        assert not read_scheme(path).old_spelling, path
    assert read_scheme(KEPT / "xinanjiang-2012.yaml").old_spelling


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_both_spellings_give_the_same_money(name: str) -> None:
    case = yaml.safe_load((CASES / name / "case.yaml").read_text("utf-8"))
    if case["scheme"] == "scheme.yaml":
        return  # reads a shipped scheme and gives it numbers
    new = find_scheme(case["scheme"], case["year"])
    facts = read_facts([CASES / name / "facts.csv"])
    old = compute(read_scheme(KEPT / Path(new.document.file).name), facts, case["year"])
    assert old.sha256 == compute(new, facts, case["year"]).sha256


def test_the_old_spelling_is_told(gep: Program) -> None:
    done = gep("scheme", "check", "tests/kept/schemes/lushui-2019.yaml")
    assert "in the old spelling" in done.stdout
    assert "in the old spelling" not in gep("scheme", "check", "coefficients/schemes/lushui-2019.yaml").stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{count_met: [a, b]}", "(not not a) + (not not b)"),
        ("{clamp: {of: a, low: '0', high: '100'}}", "min(max(a, 0), 100)"),
        ("{baseline: {of: a, years: '2'}}", "(earlier(a, years=1) + earlier(a, years=2)) / 2"),
        ("{minmax: a}", "(a - min(a, over=party)) / (max(a, over=party) - min(a, over=party))"),
        ("{to_party: {of: a, how: max}}", "max(a, over=section, by=party)"),
        ("{most: {of: a, over: month}}", "max(a, over=month)"),
        ("{all: [a]}", "a and a"),
    ],
)
def test_operations_without_a_node_of_their_own_are_put_together(old: str, new: str) -> None:
    from gep.compensation.prefix import read
    from gep.formula.infix import parse
    from gep.formula.nodes import Observed
    from gep.messages.title import Title

    names = {name: Observed(name, name, "1", (), Title("", "")) for name in "ab"}
    tree = read(yaml.load(old, yaml.BaseLoader), (), lambda text: parse(text, names))
    assert stored.write(tree) == stored.write(parse(new, names))


def test_a_wrong_old_formula_names_its_line(tmp_path: Path) -> None:
    text = (KEPT / "lushui-2019.yaml").read_text("utf-8").replace("{le: [section_class, target_class]}", "{le: [section_class]}")
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(Problems) as caught:
        read_scheme(path)
    assert (22, "le has ['section_class']") in [(one.line, one.found) for one in caught.value.problems]


def test_what_was_told_is_read_as_notes() -> None:
    assert read_scheme(KEPT / "jx-kefz-2023.yaml").scheme.notes == read_scheme(NEW / "jx-kefz-2023.yaml").scheme.notes != {}
