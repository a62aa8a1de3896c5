"""Fixtures and worked examples as tables: a case is a folder with case.yaml, facts.csv and expected.csv; adding one needs no Python."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from gep.compensation.compute import Result, compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.units.money import format_exact, format_plain_yuan

CASES = ROOT / "tests" / "cases" / "compensation"


def computed(folder: Path) -> Result:
    case = yaml.safe_load((folder / "case.yaml").read_text("utf-8"))
    scheme = case["scheme"] if case["scheme"] != "scheme.yaml" else str(folder / "scheme.yaml")
    return compute(find_scheme(scheme, case["year"]), read_facts([folder / "facts.csv"]), case["year"])


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_case(name: str) -> None:
    folder = CASES / name
    result = computed(folder)
    net = result.net()
    with (folder / "expected.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        if row["kind"] == "net":
            found = format_plain_yuan(net[row["place"]]) if row["place"] in net else ""
        elif row["kind"] == "sum":
            found = format_plain_yuan(sum(flow.fen for flow in result.flows if flow.operation == row["name"]))
        else:
            found = next(
                format_exact(step.value)
                for step in result.steps
                if (f"{step.name} {step.period}".strip(), step.place) == (row["name"], row["place"])
            )
        assert found == row["value"], row


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_every_fund_closes_and_postings_are_the_flows(name: str) -> None:
    result = computed(CASES / name)
    funds: dict[str, int] = {}
    for flow in result.flows:
        assert flow.fen > 0
        for end, sign in ((flow.source, -1), (flow.target, 1)):
            funds[end] = funds.get(end, 0) + sign * flow.fen
    carried = {step.place: int(step.value * 100) for step in result.steps if step.name == "carried in from last year"}
    for fund, fen in carried.items():
        funds[fund] = funds.get(fund, 0) + fen
    assert {end: fen for end, fen in funds.items() if end.startswith("fund:") and not end.endswith("next_year") and fen} == {}
    booked = dict(carried)
    for posting in result.postings:
        assert posting.fen > 0
        assert posting.source != posting.target
        for end, sign in ((posting.source, -1), (posting.target, 1)):
            booked[end] = booked.get(end, 0) + sign * posting.fen
    assert {end: fen for end, fen in booked.items() if fen} == {end: fen for end, fen in funds.items() if fen}


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_the_order_of_rows_does_not_count(name: str, tmp_path: Path) -> None:
    folder = CASES / name
    head, *rows = (folder / "facts.csv").read_text("utf-8").splitlines()
    (tmp_path / "facts.csv").write_text("\n".join([head, *sorted(rows, reverse=True)]) + "\n", "utf-8")
    case = yaml.safe_load((folder / "case.yaml").read_text("utf-8"))
    scheme = case["scheme"] if case["scheme"] != "scheme.yaml" else str(folder / "scheme.yaml")
    again = compute(find_scheme(scheme, case["year"]), read_facts([tmp_path / "facts.csv"]), case["year"])
    assert again.sha256 == computed(folder).sha256
