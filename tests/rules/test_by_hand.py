"""Every way to compute a service against the arithmetic of an auditor: the tables in tests/cases/by_hand, through the public path."""

from __future__ import annotations

import ast
import csv
import math
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from by_hand_cases import BY_THE_SEA, CASES, COLUMNS, FOLDER, INLAND, YEAR, listed, read_figures, write_standard

from gep.reference.services import OPEN_SERVICES
from gep.rules.catalogue import RULES, SERVICES
from gep.tasks.run import run_account
from gep.units.registry import find_factor

WITHOUT_A_CASE: set[str] = set()
ROWS = [pytest.param(service, row, id=f"{service}-line{at}") for service, at, row in CASES]


def write_figures(service: str, cell: str, path: Path) -> Path:
    county = BY_THE_SEA if service == "coastal_protection" else INLAND
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *(one.row(county) for one in read_figures(cell))])
    return path


@pytest.mark.parametrize(("service", "row"), ROWS)
def test_a_service_is_worth_what_paper_says(service: str, row: dict[str, str], tmp_path: Path) -> None:
    inputs = write_figures(service, row["inputs"], tmp_path / "inputs.csv")
    found = run_account([inputs], str(write_standard(service, row, tmp_path / "standard.yaml"))).services
    result = found[found["service"] == service].iloc[0]
    assert result["status"] == "accounted", result["missing"]
    assert result["value"] == pytest.approx(float(row["expected"]) * find_factor(row["unit"], f"CNY_{YEAR}"), rel=1e-9)


@pytest.mark.parametrize(("service", "row"), ROWS)
def test_what_is_expected_is_the_arithmetic_that_stands_beside_it(service: str, row: dict[str, str]) -> None:
    assert row["from"], f"{service}: a row says where its expected number is from"
    if row["from"].startswith("by hand: "):
        assert arithmetic(row["from"].removeprefix("by hand: ")) == pytest.approx(float(row["expected"]), rel=1e-12)


def test_every_service_has_its_table() -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(SERVICES) - {
        name for name in OPEN_SERVICES if not SERVICES[name].lines
    }


def test_every_way_to_compute_is_among_them() -> None:
    chosen = {part for _, row in ((service, row) for service, _, row in CASES) for part in listed(row["choice"])}
    ways = {f"{rule.id} = {name}" for rule in RULES.values() if len(rule.variants) > 1 for name in rule.variants}
    usual = {f"{rule.id} = {rule.usual}" for rule in RULES.values() if rule.usual}
    assert len(ways) > 100
    assert ways - chosen - usual == WITHOUT_A_CASE


def test_every_line_that_a_standard_must_name_is_among_them() -> None:
    counted = " ".join(row["counted"] for _, _, row in CASES)
    named = {line.id for service in SERVICES.values() for line in service.lines if line.named_only}
    assert len(named) > 8
    assert {line for line in named if line not in counted} == set()


SIGNS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
FUNCTIONS: dict[str, Callable[..., float]] = {"exp": math.exp, "ln": math.log, "min": min, "max": max}


def arithmetic(text: str) -> float:
    """What a line of numbers, signs, brackets, exp, min and max comes to."""

    def value(node: Any) -> float:
        if isinstance(node, ast.BinOp):
            return SIGNS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp):
            return SIGNS[type(node.op)](value(node.operand))
        if isinstance(node, ast.Call):
            return FUNCTIONS[node.func.id](*map(value, node.args))  # type: ignore[attr-defined]
        return float(node.value)

    return value(ast.parse(text, mode="eval").body)
