"""Extent accounts that balance or are refused, and asset tables whose lines have causes of their own and add up to the fen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import Program
from doc_pages import run_examples
from kept_stores import make_moved, make_once
from languages import check_both

from gep.messages.problems import Problems
from gep.tasks.asset_accounts import find_extent

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "from,to,area,unit,kind,source\n"
FIVE = "forest,forest,900,hm2,,survey\nforest,cropland,20,hm2,managed,survey\ncropland,cropland,300,hm2,,survey\ncropland,forest,5,hm2,natural,survey\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "transitions.csv"
    path.write_text(HEAD + text, "utf-8")
    return path


@pytest.fixture(scope="session")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_once(tmp_path_factory, "moved-areas", make_moved) / "gep.duckdb"


def test_a_matrix_is_an_account_by_itself(gep: Program, tmp_path: Path) -> None:
    found = json.loads(gep("assets", "extent", "--transitions", str(write(tmp_path, FIVE)), "--format", "json").stdout)
    rows = {one["type"]: one for one in found["types"]}
    forest, cropland = rows["forest"], rows["cropland"]
    assert [forest[name] for name in ("opening", "additions", "reductions", "net", "closing")] == [920, 5, 20, -15, 905]
    assert [cropland[name] for name in ("opening", "additions", "reductions", "net", "closing")] == [305, 20, 5, 15, 320]
    assert forest["by_kind"] == {"managed": {"additions": 0, "reductions": 20}, "natural": {"additions": 5, "reductions": 0}}
    closing = next(one for one in found["explained"] if one["rule"] == "closing")
    assert closing["numbers"] == "920 + 5 − 20"
    assert {one["address"].rpartition(":")[2] for one in found["transitions"]} == {"3", "5"}


def test_names_and_units_may_be_chinese(gep: Program, tmp_path: Path) -> None:
    text = FIVE.replace("forest,cropland,20,hm2", "森林,农田,300,亩") if "农田" else FIVE
    found = json.loads(gep("assets", "extent", "--transitions", str(write(tmp_path, text)), "--format", "json").stdout)
    assert next(one for one in found["types"] if one["type"] == "forest")["reductions"] == pytest.approx(20)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FIVE.replace("forest,forest,900,hm2,,survey\n", ""), "the matrix does not say what area stayed as it was"),
        (FIVE + "forest,cropland,20,hm2,managed,survey\n", "stands twice"),
        (FIVE.replace("managed", "planned"), "kind is 'planned'"),
        (FIVE.replace("cropland,forest,5", "cropland,woods,5"), "to is 'woods'"),
        (FIVE.replace(",900,", ",-900,"), "area is '-900'"),
        (FIVE.replace("900,hm2", "900,kg"), "unit of area is 'kg'"),
        (FIVE.replace("900,hm2", "900,"), "a number with a unit of hm^2"),
        (FIVE.replace("natural,survey", "natural,"), "source is missing"),
        (FIVE + "mixed_forest,mixed_forest,3,hm2,,survey\n", "is part of"),
        ("", "a header and no row"),
    ],
)
def test_a_matrix_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_extent(None, None, write(tmp_path, text))
    assert said in str(caught.value)
    check_both(caught.value)


def test_two_years_give_net_changes_and_a_matrix_the_gross_ones(gep: Program, moved: Path, tmp_path: Path) -> None:
    call = ("assets", "extent", "361027", "2021", "2022", "--store", str(moved))
    net = json.loads(gep(*call, "--format", "json").stdout)
    rows = {one["type"]: one for one in net["types"]}
    gained = next(name for name, one in rows.items() if one["net"] < -1)
    assert rows["mixed_forest"]["net"] == pytest.approx(200, abs=1e-3)
    assert rows[gained]["net"] == pytest.approx(-200, abs=1e-3)
    assert rows["mixed_forest"]["additions"] is None
    assert "only net changes" in gep(*call).stdout
    text = f"{gained},mixed_forest,2.5,km2,managed,survey\nmixed_forest,{gained},50,hm2,natural,survey\n"
    gross = json.loads(gep(*call, "--transitions", str(write(tmp_path, text)), "--format", "json").stdout)
    forest = next(one for one in gross["types"] if one["type"] == "mixed_forest")
    assert (forest["additions"], forest["reductions"]) == (pytest.approx(250), 50)
    assert forest["opening_from"].startswith(str(Path(forest["opening_from"]).parent))
    wrong = text.replace("2.5,km2", "2.6,km2")
    said = gep(*call, "--transitions", str(write(tmp_path, wrong)), code=2).stderr
    assert "come to" in said
    assert "transitions that add up" in said


def test_years_whose_areas_do_not_sum_to_the_same_are_refused(gep: Program, two_years: Path) -> None:
    call = ("assets", "extent", "361027", "2021", "2022", "--store", str(two_years))
    assert "the areas sum to" in gep(*call, code=2).stderr
    back = ("assets", "extent", "361027", "2022", "2021", "--store", str(two_years))
    assert "the earlier year first" in gep(*back, code=2).stderr
    assert "there is no extent" in gep("assets", "extent", code=2).stderr


VALUATION = "convention: finite-year-end\nrates: [{{rate: {rate}, years: 30}}]\ngrowth: 0 %\nauthor: 王五\nbasis: 试算\n"


@pytest.fixture
def table(gep: Program, two_years: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def make(*rates: str) -> dict[str, Any]:
        words = []
        for at, rate in enumerate(rates):
            path = tmp_path / f"valuation{at}.yaml"
            path.write_text(VALUATION.format(rate=rate), "utf-8")
            words += ["--closing-valuation" if at else "--valuation", str(path)]
        call = ("assets", "table", "361027", "2021", "2022", *words, "--store", str(two_years))
        assert "with no residual" in gep(*call).stdout
        found: dict[str, Any] = json.loads(gep(*call, "--format", "json").stdout)
        return found

    return make


def test_every_service_and_the_whole_add_up_to_the_fen(table: Callable[..., dict[str, Any]]) -> None:
    found = table("3 %")
    for one in found["services"]:
        assert (one["opening"] or 0) + sum(one["lines"].values()) == (one["closing"] or 0), one["service"]
    assert found["opening"] + sum(found["lines"].values()) == found["closing"]
    factor = (1 - 1.03**-30) / 0.03
    crops = next(one for one in found["services"] if one["service"] == "agricultural_products")
    assert set(crops["lines"]) == {"enhancement", "revaluation_price"}
    assert crops["net_change"] == pytest.approx(crops["closing"] * 0.1, rel=1e-6)
    water = next(one for one in found["services"] if one["service"] == "water_conservation")
    assert water["lines"]["enhancement"] > 0  # more rain in 2022
    assert water["lines"]["conversions_lost"] < 0  # and less mixed forest
    assert "conversions_gained" not in water["lines"]
    fish = next(one for one in found["services"] if one["service"] == "fishery_products")
    assert set(fish["lines"]) == {"degradation", "revaluation_price"}
    assert factor == pytest.approx(found["present_value_factors"][0])


def test_the_lines_are_those_of_compare_times_the_factor(
    gep: Program, two_years: Path, table: Callable[..., dict[str, Any]]
) -> None:
    """Area and intensity together are the quantity of gep compare, where nothing else moved them."""
    found = table("3 %")
    compared = json.loads(gep("compare", "361027", "2021", "2022", "--store", str(two_years), "--format", "json").stdout)
    rows = {one["name"]: one for one in compared["current"]}
    for one in found["services"]:
        moved_fen = sum(
            one["lines"].get(name, 0) for name in ("enhancement", "degradation", "conversions_gained", "conversions_lost")
        )
        expected = rows[one["service"]]["parts"].get("quantity", 0) * found["present_value_factors"][0]
        assert moved_fen == pytest.approx(expected, abs=100), one["service"]


def test_another_rate_at_the_closing_is_a_revaluation_of_its_own(table: Callable[..., dict[str, Any]]) -> None:
    found = table("3 %", "4 %")
    assert found["lines"]["revaluation_rate"] < 0
    assert found["opening"] + sum(found["lines"].values()) == found["closing"]
    assert table("3 %")["lines"]["revaluation_rate"] == 0


def test_a_matrix_of_other_types_than_the_accounts_is_one_problem(gep: Program, moved: Path, tmp_path: Path) -> None:
    """Groups in the matrix and types in the accounts: told once, with what the accounts have."""
    call = ("assets", "extent", "361027", "2021", "2022", "--store", str(moved), "--matrix")
    said = gep(*call, str(write(tmp_path, FIVE)), code=2).stderr
    assert "neither account has an area of 森林, 农田" in " ".join(said.split())
    assert "1 problem" in said


def test_the_examples_of_the_page_are_what_the_program_prints(gep: Program, tmp_path: Path) -> None:
    assert run_examples(gep, "assets.md", tmp_path) >= 2
