"""Published accounts of several places or years entered by the documented path: equivalents by class of land, losses, gains, willingness to pay."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from conftest import CASES

from gep.tasks.run import run_account

NAMES = ("altai", "guanzhong", "jingdian", "maqu", "nihegou", "shenzhen", "weihe")
KEYS = {"shown": "figure", "total": "category", "line": "line", "service": "service"}


@pytest.mark.parametrize("name", NAMES)
def test_all_printed_figures_come_out(name: str) -> None:
    folder = CASES / name
    tables = [path for path in sorted(folder.glob("*.csv")) if path.name != "printed.csv"]
    account = run_account(tables, str(folder / "standard.yaml"))
    frames = {"shown": account.shown, "total": account.totals, "line": account.lines, "service": account.services}
    accounts = account.inputs.accounts
    places = {
        (str(county), str(year)): at for at, (county, year) in enumerate(zip(accounts["county"], accounts["year"], strict=True))
    }
    rows = list(csv.DictReader((folder / "printed.csv").read_text("utf-8").splitlines()))
    assert rows
    wrong = []
    for row in rows:
        frame = frames[row["measure"]]
        found = frame[(frame["account"] == places[row["unit"], row["year"]]) & (frame[KEYS[row["measure"]]] == row["what"])]
        if row["measure"] == "shown":
            found = found[(found["item"] if row["item"].startswith("=") else found["ecosystem"]) == row["item"].removeprefix("=")]
        value = float(pd.Series(found["value"]).sum(min_count=1)) / float(row["scale"])
        if value != pytest.approx(float(row["printed"]), abs=float(row["bound"])):
            wrong.append((row, value))
    assert wrong == []
