"""Every variable and coefficient has bounds; money of another year is no denominator; a number stays finite when it is converted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gep.inputs.row_units import find_bounds
from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

    from gep.formula.nodes import Coefficient, Observed

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source\n"
LEAVES = {**VARIABLES, **COEFFICIENTS}


@pytest.mark.parametrize("leaf", LEAVES.values(), ids=LEAVES)
def test_every_quantity_has_bounds(leaf: Observed | Coefficient) -> None:
    least, most = find_bounds(leaf)
    assert -1e16 < least < most < 1e16


@pytest.mark.parametrize("leaf", VARIABLES.values(), ids=VARIABLES)
def test_a_figure_beyond_them_is_refused(tmp_path: Path, gep: Program, leaf: Observed) -> None:
    least, most = find_bounds(leaf)
    file = tmp_path / "a.csv"
    ecosystem = "forest" if "ecosystem" in leaf.axes else ""
    pollutant = "SO2" if "pollutant" in leaf.axes else ""
    item = "all" if set(leaf.axes) - {"ecosystem", "pollutant"} else ""
    item = "2021" if leaf.id == "price_index" else item  # its members are years
    for value in (least - abs(least) * 0.01 - 1e-6, most * 1.01):
        file.write_text(f"{HEAD}361027,2022,{leaf.id},{ecosystem},{pollutant},{item},{value!r},{leaf.unit},s\n", "utf-8")
        said = gep("check", str(file), code=2)
        assert f"{leaf.id} is " in " ".join(said.stdout.split())
        assert "rule  at " in said.stdout


@pytest.mark.parametrize(
    ("variable", "value", "unit"),
    [
        ("gdp", "-1", "亿元"),
        ("gdp", "0", "亿元"),
        ("population", "0", "人"),
        ("population", "0", "万人"),
        ("land_area", "0", "km2"),
    ],
)
def test_what_others_are_divided_by_is_above_nothing(tmp_path: Path, gep: Program, variable: str, value: str, unit: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{HEAD}361027,2022,{variable},,,,{value},{unit},s\n", "utf-8")
    assert "rule  at least" in gep("check", str(file), code=2).stdout


@pytest.mark.parametrize("unit", ["亿元_2000", "CNY_2021", "万元_2023", "亿元_2000/yr"])
def test_gdp_at_prices_of_another_year_is_refused(tmp_path: Path, gep: Program, unit: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{HEAD}361027,2022,gdp,,,,1e6,{unit},s\n", "utf-8")
    said = gep("check", str(file), code=2).stdout
    assert "the account at those of 2022" in said
    file.write_text(f"{HEAD}361027,2022,gdp,,,,100,亿元_2022,s\n361027,2022,population,,,,30,万人,s\n", "utf-8")
    gep("check", str(file))


@pytest.mark.parametrize(
    ("variable", "value", "unit"),
    [
        ("agricultural_output_value", "1e305", "亿元"),
        ("agricultural_output_value", "9e307", "亿元"),
        ("reservoir_capacity", "1e301", "亿m3"),
    ],
)
def test_a_number_too_large_to_convert_is_refused(tmp_path: Path, gep: Program, variable: str, value: str, unit: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{HEAD}361027,2022,{variable},,,,{value},{unit},s\n", "utf-8")
    assert "a finite number" in gep("check", str(file), code=2).stdout
    assert "a finite number" in gep("run", str(file), "--store", str(tmp_path / "s.duckdb"), code=2).stderr


@pytest.mark.parametrize("variable", ["surface_runoff", "storm_rainfall", "storm_runoff"])
def test_a_runoff_coefficient_given_as_a_depth_is_a_finding(tmp_path: Path, gep: Program, variable: str) -> None:
    file = tmp_path / "a.csv"
    member = "" if variable == "storm_rainfall" else "forest"
    for value, told in (("0.4", True), ("0", False), ("720", False)):
        file.write_text(f"{HEAD}361027,2022,{variable},{member},,,{value},mm,s\n361027,2022,area,forest,,,9,km2,s\n", "utf-8")
        said = " ".join(gep.try_out("check", str(file)).stdout.split())
        assert (f"B {file}:2" in said and "is 0.4 mm/yr in the whole year, as a share of the rain is" in said) is told
