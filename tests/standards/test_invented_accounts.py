"""Two invented accounts of kinds that no published one here has, entered from docs/standards.md alone, against fractions computed here.

A lagoon in euro, with blue carbon by habitat and a fishery whose rent is below zero; the green of a ward in yen, as the mean of three years.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from gep.tasks.compute import compute, read_inputs

if TYPE_CHECKING:
    from conftest import Program

LAGOON, PARK = ROOT / "tests/cases/invented-lagoon", ROOT / "tests/cases/invented-park"


def test_a_lagoon_in_euro_with_a_fishery_below_zero() -> None:
    standard = str(LAGOON / "standard.yaml")
    account = compute(read_inputs([LAGOON / "figures.csv"], standard), standard)
    values = dict(account.services[["service", "value"]].to_numpy().tolist())
    held = {"meadow": Fraction("312.5"), "mangrove": Fraction("88.4"), "marsh": Fraction(410, 15)}
    buried = {"meadow": Fraction("1.38"), "mangrove": Fraction("2.26"), "marsh": Fraction("2.18")}
    blue = sum(held[name] * buried[name] * Fraction(44, 12) for name in held) * Fraction("52.5")
    coast = (Fraction("3.71") + Fraction("0.85")) * 41250
    fish = Fraction("286.4") * 3120 * Fraction("0.215") + Fraction("91.25") * 9400 * Fraction("-0.03")
    assert values["other_regulating"] == pytest.approx(float(blue + coast), rel=1e-12)
    assert values["other_material"] == pytest.approx(float(fish), rel=1e-12)
    assert values["other_cultural"] == pytest.approx(float(64230 * Fraction("17.3")), rel=1e-12)


def test_the_green_of_a_ward_in_yen_as_the_mean_of_three_years(gep: Program) -> None:
    standard = str(PARK / "standard.yaml")
    asked = ("--standard", standard, "--period", "2016-2018", "--price-year", "2018", "--store", gep.store)
    said = " ".join(gep("run", str(PARK / "figures.csv"), *asked).stdout.split())

    def mean(*years: str) -> Fraction:
        return sum(map(Fraction, years), Fraction(0)) / 3

    days = mean("61", "74", "68")
    power = (
        (mean("1200", "1210", "1220") * Fraction("0.82") + mean("3400", "3363", "3326") * Fraction("0.617"))
        * days
        * Fraction("27.4")
    )
    parks = (mean("81.25", "90.5", "77.9") * 412 + mean("12.4", "0", "13.31") * Fraction("655.5")) * 10**4
    people = mean("550.1", "552.84", "555.02") * 10**4
    assert f"{float((power + parks) / 10**8):.4f}" in said
    assert f"sum of the 3 years {float(3 * (power + parks) / 10**8):.4f}" in said
    assert f"{float((power + parks) / people):.4f} JPY/person/yr" in said
    assert f"{float(100 * parks / (power + parks)):.4f} %" in said
