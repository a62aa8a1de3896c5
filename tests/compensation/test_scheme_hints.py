"""Every hint about a scheme is followed to its end: the refused scheme, changed as the hint says, is a scheme."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from conftest import ROOT
from toy_schemes import write_scheme

from gep.cli import main

if TYPE_CHECKING:
    from pathlib import Path

WRONG = ROOT / "tests" / "wrong_schemes"
AGREEMENT = "agreement: {scope: 流域, goals: 水质, duties: 各方义务, mode: 资金, term: 三年, breach: 违约责任, other: 其他}\n"
REPAIRS: dict[str, list[tuple[str, str]]] = {
    "bare_number_beside_a_unit": [
        ("tp <= 0.2", "tp <= tp_limit"),
        ("constants:\n", 'constants:\n  tp_limit: {value: "0.2", unit: mg/L, mark: D}\n'),
    ],
    "chinese_brackets": [("（", "("), ("）", ")")],
    "comparisons_in_a_row": [("0 < water <= 60", "0 < water and water <= 60")],
    "days_overlap": [("to: 2023-12-31", "to: 2023-06-30")],
    "declared_and_not_used": [('  spare: {value: "1", mark: D}\n', "")],
    "deduction_from_a_later_operation": [("[sharing]", "[shared]")],
    "extends_nothing": [("extends: toy-pol", "extends: toy-pool.yaml")],
    "growth_at_current_prices": [("price: current", "price: constant")],
    "horizontal_without_the_seven_items": [("kind: horizontal\n", "kind: horizontal\n" + AGREEMENT)],
    "negative_pool": [('value: "-100"', 'value: "100"')],
    "power": [("water ** 2", "water * water")],
    "put_aside_and_never_taken_in": [("amount: money}]", "amount: money}, {carry_in: true}]")],
    "single_equals_sign": [("water = 60", "water == 60")],
    "unknown_expression": [("shares(", "share(")],
    "unknown_fund": [("fund: pol,", "fund: pool,")],
    "unknown_member": [("shangyu]", "shangyou]")],
    "unknown_name": [("watre", "water")],
    "unknown_party": [("provinse", "province")],
    "weight_runs_over_months": [("score * (tp <= tp_limit)", "score * months_met")],
}
"""Folder of tests/wrong_schemes → what its hints say, as changes of the text."""


def test_every_refused_scheme_with_a_hint_has_its_repair() -> None:
    hinted = {path.parent.name for path in WRONG.glob("*/message.txt") if "  hint " in path.read_text("utf-8")}
    assert set(REPAIRS) == hinted


@pytest.mark.parametrize("name", sorted(REPAIRS))
def test_what_the_hints_say_makes_a_scheme(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    shutil.copytree(WRONG / name, folder)
    path = folder / "scheme.yaml"
    text = path.read_text("utf-8")
    for old, new in REPAIRS[name]:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    if name == "extends_nothing":  # a scheme of one's own is a .yaml file beside it
        base = (WRONG / "days_overlap" / "scheme.yaml").read_text("utf-8")
        (folder / "toy-pool.yaml").write_text(base, "utf-8")
    files = [str(one) for one in sorted(folder.glob("scheme*.yaml"))]
    done = CliRunner().invoke(main, ["scheme", "check", *files])
    assert done.exit_code == 0, done.stderr


def test_a_formula_with_a_comma_and_without_quotes_is_told_to_have_them(tmp_path: Path) -> None:
    body = "inputs: {w: {by: party, unit: score}}\nconstants: {m: {value: '1', unit: 元, mark: D}}\nrule: [{op: pay, name: p, cases: [{from: province, to: self, amount: AMOUNT}]}]\n"
    formula = "m * share(w, over=party)"
    scheme = write_scheme(tmp_path / "s.yaml", body.replace("AMOUNT", formula))
    said = CliRunner().invoke(main, ["scheme", "check", str(scheme), "--lang", "en"])
    assert "a formula with a comma stands in quotes" in said.stderr
    write_scheme(scheme, body.replace("AMOUNT", f'"{formula}"'))
    assert CliRunner().invoke(main, ["scheme", "check", str(scheme)]).exit_code == 0
    write_scheme(scheme, body.replace("rule:", "values: {v: share(w, over=party)}\nrule:").replace("AMOUNT", "m * v"))
    said = CliRunner().invoke(main, ["scheme", "check", str(scheme), "--lang", "en"])
    assert "a formula with a comma stands in quotes" in said.stderr
    assert "1 problem" in said.stderr
