"""Where a comparison cannot say what was asked, it says so, or what does."""

from __future__ import annotations

from pathlib import Path

from conftest import Program


def test_a_difference_of_two_years_points_to_their_comparison(gep: Program, two_years: Path) -> None:
    said = gep("diff", "1", "2", "--store", str(two_years), code=2).stderr
    assert "  hint      gep compare 361027 2021 2022 says why the years differ\n" in said
    assert "hint" not in gep("diff", "1", "2", "--county", "360725", "--store", str(two_years), code=2).stderr


def test_standards_are_compared_in_prices_of_the_year_and_it_is_said(gep: Program, two_years: Path) -> None:
    standards = ("compare", "361027", "2022", "--standards", "ndrc-2022", "ndrc-2022", "--store", str(two_years))
    assert gep(*standards).stderr == ""
    assert "--price-year has no effect beside --standards" in gep(*standards, "--price-year", "2020").stderr
