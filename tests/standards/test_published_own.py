"""A published account that no shipped standard can express, entered by a standard of one's own: its printed values come out."""

from __future__ import annotations

import csv

import pytest
from conftest import ROOT

from gep.account.account import Account
from gep.tasks.run import run_account

FOLDER = ROOT / "tests/cases/lianhua-2014-own"
PRINTED = list(csv.DictReader((FOLDER / "printed.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def account() -> Account:
    return run_account([FOLDER / "figures.csv"], str(FOLDER / "standard.yaml"))


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: f"{row['what']} {row['ecosystem']}".strip())
def test_the_printed_value_comes_out(account: Account, row: dict[str, str]) -> None:
    if row["ecosystem"]:
        table = account.by_ecosystem
        found = table[(table["service"] == row["what"]) & (table["ecosystem"] == row["ecosystem"])]["value"]
    elif "." in row["what"]:
        found = account.lines[account.lines["line"] == row["what"]]["value"]
    else:
        found = account.services[account.services["service"] == row["what"]]["value"]
    assert float(found.item()) / 1e4 == pytest.approx(float(row["printed"]), abs=float(row["bound"]))


def test_classes_of_the_paper_add_up_to_their_groups(account: Account) -> None:
    table = account.by_ecosystem
    of_carbon = table[table["service"] == "carbon_sequestration"]["value"].sum()
    assert of_carbon == pytest.approx(account.services.set_index("service")["value"]["carbon_sequestration"])


def test_no_figure_of_the_paper_is_without_effect_but_its_areas(account: Account) -> None:
    assert {one.variable for one in account.unread} == {"area"}
