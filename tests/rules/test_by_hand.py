"""Every way to compute a service against the arithmetic of an auditor: the tables in tests/cases/by_hand, through the public path."""

from __future__ import annotations

import ast
import csv
import math
import operator
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import CASES

from gep.reference.members import read_ecosystems, read_pollutants
from gep.reference.services import OPEN_SERVICES
from gep.rules.catalogue import SERVICES
from gep.tasks.run import run_account
from gep.units.registry import find_factor

FOLDER = CASES / "by_hand"
YEAR = 2023
INLAND, BY_THE_SEA = "360725", "330225"  # 崇义县; 象山县, since a county without a coast has no coastal protection
COLUMNS = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
INPUT = re.compile(r"(\w+)(?:\[(.+)\])? = (\S+) (.+)")
ROWS = [
    pytest.param(path.stem, row, id=f"{path.stem}-line{at}")
    for path in sorted(FOLDER.glob("*.csv"))
    for at, row in enumerate(csv.DictReader(path.read_text("utf-8").splitlines()), start=2)
]


def listed(cell: str) -> list[str]:
    """The parts of a cell, separated by semicolons."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def figure(written: str, county: str) -> tuple[object, ...]:
    """A figure of a cell as a row of inputs: `slope_factor[shrub] = 8 1`."""
    found = INPUT.fullmatch(written)
    assert found, f"{written!r} is not `variable[member] = number unit`"
    variable, member, value, unit = found.groups()
    columns = {"ecosystem": "", "pollutant": "", "product": ""}
    for one in (member or "").split(", "):
        columns["ecosystem" if one in read_ecosystems() else "pollutant" if one in read_pollutants() else "product"] = one
    return (county, YEAR, variable, *columns.values(), value, unit, "invented", "")


def write_figures(service: str, cell: str, path: Path) -> Path:
    county = BY_THE_SEA if service == "coastal_protection" else INLAND
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *(figure(one, county) for one in listed(cell))])
    return path


def write_standard(service: str, row: dict[str, str], path: Path) -> Path:
    """A standard that counts one service, computed in the way a row chooses."""
    counted = {name: members.split(", ") for name, _, members in (part.partition(": ") for part in listed(row["counted"]))}
    choice = dict(part.split(" = ") for part in listed(row["choice"]))
    text = {
        "id": "by-hand",
        "title": {"zh": "手算", "en": "By hand"},
        "source": "this-project",
        "mark": "K",
        "services": {service: {"mark": "K", "variants": choice, **counted}},
    }
    path.write_text(yaml.safe_dump(text, allow_unicode=True), "utf-8")
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
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(SERVICES) - set(OPEN_SERVICES)


SIGNS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
FUNCTIONS: dict[str, Callable[..., float]] = {"exp": math.exp, "min": min, "max": max}


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
