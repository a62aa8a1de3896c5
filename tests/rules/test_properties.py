"""What must not matter: the units people use, who else is in the batch, how a class of land is split."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, tries
from hypothesis import given, settings
from hypothesis import strategies as st

from gep.account.account import Account
from gep.account.binding import NO_ROW
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "county,year,variable,ecosystem,pollutant,product,value,unit,source\n"


def write(path: Path, rows: Sequence[tuple[object, ...]]) -> Path:
    path.write_text(HEADER + "".join(",".join(str(cell) for cell in row) + ",made up\n" for row in rows), "utf-8")
    return path


def rows_of(
    area: float,
    unit: str,
    scale: float,
    rain: float,
    types: tuple[str, ...] = ("mixed_forest",),
    county: str = "360725",
    year: int = 2020,
) -> list[tuple[object, ...]]:
    land = [(county, year, "area", name, "", "", repr(area * scale / len(types)), unit) for name in types]
    return [
        *land,
        (county, year, "precipitation", "", "", "", rain, "mm"),
        (county, year, "evapotranspiration", "", "", "", 700, "mm"),
        *((county, year, "runoff_coefficient", name, "", "", 3.5, "%") for name in types),
        (county, year, "reservoir_construction_cost", "", "", "", 7.06, "CNY_2010/m^3"),
    ]


def value(account: Account, service: str = "water_conservation") -> float:
    return float(account.services[account.services["service"] == service]["value"].iloc[0])


def values(account: Account, counties: list[str], service: str = "water_conservation") -> list[float]:
    """The values of one service in counties, in their order."""
    of_account = account.inputs.accounts["county"].tolist()
    found = account.services[account.services["service"] == service]
    by_county = {of_account[at]: float(one) for at, one in zip(found["account"], found["value"], strict=True)}
    return [by_county[county] for county in counties]


several = settings(max_examples=tries(8, 300))


@several
@given(area=st.floats(1, 5000), rain=st.floats(800, 3000))
def test_units_do_not_matter(tmp_path: Path, area: float, rain: float) -> None:
    units = {"360725": ("km2", 1), "360724": ("ha", 100), "360730": ("亩", 1500), "361027": ("万亩", 0.15), "360733": ("m2", 1e6)}
    rows = [row for county, (unit, scale) in units.items() for row in rows_of(area, unit, scale, rain, county=county)]
    reference, *others = values(run_account([write(tmp_path / "units.csv", rows)]), list(units))
    assert others == pytest.approx([reference] * 4, rel=1e-12)


@several
@given(area=st.floats(1, 5000), rain=st.floats(800, 3000))
def test_splitting_a_class_changes_nothing(tmp_path: Path, area: float, rain: float) -> None:
    split = ("mixed_forest", "bamboo_forest", "meadow")
    rows = [*rows_of(area, "km2", 1, rain), *rows_of(area, "km2", 1, rain, split, county="360724")]
    whole, parts = values(run_account([write(tmp_path / "both.csv", rows)]), ["360725", "360724"])
    assert parts == pytest.approx(whole, rel=1e-12)


def test_together_or_one_by_one_is_the_same_to_the_last_bit(tmp_path: Path) -> None:
    with (ROOT / "inputs/jiangxi-2019-grids/inputs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    together = run_account([ROOT / "inputs/jiangxi-2019-grids"])
    counties = together.inputs.accounts["county"].tolist()
    values = together.services[together.services["service"] == "water_conservation"]["value"].tolist()
    for at in (0, 17, 63, 99):
        path = tmp_path / "alone.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(row for row in rows if row["county"] == counties[at])
        alone = value(run_account([path]))
        assert alone == values[at] or (alone != alone and values[at] != values[at])


def test_adding_lakes_or_a_missing_figure_never_becomes_a_zero(tmp_path: Path) -> None:
    rows = rows_of(100, "km2", 1, 1700)
    without_rain = [row for row in rows if row[2] != "precipitation"]
    account = run_account([write(tmp_path / "x.csv", without_rain)])
    row = account.services[account.services["service"] == "water_conservation"].iloc[0]
    assert row["status"] == "no data"
    assert row["missing"] == "precipitation"
    assert row["value"] != row["value"]


def test_a_price_without_an_index_is_refused_by_name(tmp_path: Path) -> None:
    rows = [(*row[:1], 2050, *row[2:]) for row in rows_of(100, "km2", 1, 1700)]
    account = run_account([write(tmp_path / "x.csv", rows)])
    row = account.services[account.services["service"] == "water_conservation"].iloc[0]
    assert (row["status"], row["missing"]) == ("no data", "reservoir_construction_cost@index")


def test_the_county_s_own_value_beats_every_table(tmp_path: Path) -> None:
    rows = [row for row in rows_of(100, "km2", 1, 1700) if row[2] != "runoff_coefficient"]
    shipped = run_account([write(tmp_path / "a.csv", rows)])
    own = run_account(
        [write(tmp_path / "b.csv", [*rows, ("360725", 2020, "runoff_coefficient", "mixed_forest", "", "", 10, "%")])]
    )
    expected = 100 * 1e3 * (1700 - 170 - 700)
    assert own.lines[own.lines["line"] == "water_conservation.volume"]["quantity"].iloc[0] == pytest.approx(expected)
    assert shipped.lines[shipped.lines["line"] == "water_conservation.volume"]["quantity"].iloc[0] == pytest.approx(
        100 * 1e3 * (1700 * (1 - 0.0352) - 700)
    )


def test_not_applicable_is_neither_zero_nor_missing(tmp_path: Path) -> None:
    rows = [
        ("360725", 2020, "reservoir_capacity", "", "", "", 1000, "m3"),
        ("360725", 2020, "reservoir_construction_cost", "", "", "", 2, "CNY_2020/m^3"),
        *(("360725", 2020, f"flood_mitigation.{name}", "", "", "", "不适用", "") for name in ("vegetation", "lake", "marsh")),
    ]
    account = run_account([write(tmp_path / "x.csv", rows)])
    assert value(account, "flood_mitigation") == pytest.approx(700)
    statuses = dict(zip(account.lines["line"], account.lines["status"], strict=True))
    assert statuses["flood_mitigation.lake"] == "not applicable"
    assert statuses["flood_mitigation.reservoir"] == "accounted"


def test_rows_of_items_that_nobody_listed_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("county,year,variable,value,unit,source\n360725,2022,land_area,2206,km2,s\n", "utf-8")
    account = run_account([tmp_path / "a.csv"], "mee-2020")
    choice = account.binding.choices["species_unit_value"]
    assert len(choice.rows) == 7
    assert (choice.winner == NO_ROW).all()
