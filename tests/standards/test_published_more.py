"""Published figures entered by the documented path: tables and a standard each; what is printed comes out within its digits."""

from __future__ import annotations

import csv
from functools import cache

import pytest
from conftest import CASES

from gep.account.account import Account
from gep.tasks.run import run_account

NAMES = ("invest-own", "invest-value-own", "china-water-own", "lianhua-2014-soil", "garze-2010-types")
PRINTED = [
    pytest.param(name, row, id=f"{name} {row['what']} {row['item']} {row['measure']}")
    for name in NAMES
    for row in csv.DictReader((CASES / name / "printed.csv").read_text("utf-8").splitlines())
]


@cache
def account_of(name: str) -> Account:
    return run_account([CASES / name / "figures.csv"], str(CASES / name / "standard.yaml"))


@pytest.mark.parametrize(("name", "row"), PRINTED)
def test_the_printed_figure_comes_out(name: str, row: dict[str, str]) -> None:
    account, what, item = account_of(name), row["what"], row["item"]
    match row["measure"]:
        case "shown":
            table = account.shown
            found = table[(table["figure"] == what) & (table["ecosystem"] == item)]["value"]
        case "type":
            table = account.by_ecosystem
            found = table[(table["service"] == what) & (table["ecosystem"] == item)]["value"]
        case "service":
            found = account.services[account.services["service"] == what]["value"]
        case "total":
            found = account.totals[account.totals["category"] == what]["value"]
        case measure:
            lines = account.lines
            found = lines[(lines["line"] == what) & (lines["item"] == item)][measure]
    assert float(found.item()) == pytest.approx(float(row["printed"]), abs=float(row["bound"]))


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_an_effect(name: str) -> None:
    assert not account_of(name).unread
