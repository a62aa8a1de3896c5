"""A price per tonne of carbon is one per tonne of CO2, exactly by 44/12; an amount of carbon is turned into CO2 by a rule alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gep.tasks.run import run_account
from gep.units.registry import UnitError, find_factor

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"


@pytest.mark.parametrize(
    ("given", "wanted", "factor"),
    [
        ("CNY/t_C", "CNY/t_CO2", 12 / 44),
        ("CNY/t_CO2", "CNY/t_C", 44 / 12),
        ("元/kg_C", "CNY/t_CO2", 1000 * 12 / 44),
        ("万元/t C", "CNY/t_CO2", 10000 * 12 / 44),
    ],
)
def test_prices_convert(given: str, wanted: str, factor: float) -> None:
    assert find_factor(given, wanted) == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize(("given", "wanted"), [("t_C", "t_CO2"), ("CNY/t", "CNY/t_CO2"), ("CNY/t_O2", "CNY/t_CO2")])
def test_nothing_else_does(given: str, wanted: str) -> None:
    with pytest.raises(UnitError):
        find_factor(given, wanted)


def test_the_value_is_the_same_by_either_price_and_the_step_is_shown(gep: Program, tmp_path: Path) -> None:
    standard = tmp_path / "s.yaml"
    standard.write_text(
        "id: s\ntitle: {zh: a, en: b}\nsource: as-entered\nmark: V\nservices:\n"
        "  carbon_sequestration: {mark: V, variants: {carbon_sequestration.amount: stated}}\n",
        "utf-8",
    )
    for at, price in enumerate(("440,CNY_2022/t_C", "120,CNY_2022/t_CO2")):
        path = tmp_path / f"{at}.csv"
        rows = f"360321,2022,co2_sequestered,,,,1000,t_CO2,x,\n360321,2022,carbon_price,,,,{price},x,\n"
        path.write_text(HEAD + rows, "utf-8")
        account = run_account([path], str(standard))
        assert account.totals.set_index("category")["value"]["gep"] == pytest.approx(120_000, rel=1e-14)
    store = str(tmp_path / "s.duckdb")
    gep("run", str(tmp_path / "0.csv"), "--standard", str(standard), "--store", store)
    said = gep(
        "trace", "360321", "2022", "carbon_sequestration", "--standard", str(standard), "--store", store, "--lang", "en"
    ).stdout
    assert "440 CNY_2022/t C × 0.2727272727" in said
    assert "120,000 CNY/yr" in said
