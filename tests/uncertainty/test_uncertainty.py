"""Draws of uncertain numbers against closed forms, and everything that is refused."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from conftest import Program

from gep.store.store import Store
from gep.tasks.uncertainty import Files, find_uncertainty
from gep.uncertainty.spread import Spread

HEAD = "id,member,kind,low,high,sd,unit,source\n"
PRICE = "reservoir_construction_cost"
STILL = "runoff_coefficient,,normal,,,0.0001,%,trial"
"""Whose rows have ranges in the table."""


def write(folder: Path, *lines: str) -> Path:
    path = folder / "spreads.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


def given(folder: Path, *lines: str) -> Files:
    return Files(write(folder, *lines))


def test_a_price_in_proportion_gives_its_own_spread(jinxi: Path, tmp_path: Path) -> None:
    """Water conservation is a volume times one price: its relative standard deviation is that of the price."""
    store = Store(jinxi)
    found = find_uncertainty(
        store, store.find("361027", 2022), 20_000, 7, given(tmp_path, STILL, f"{PRICE},,normal,,,10,%,trial")
    )
    band = next(one for one in found.services if one.id == "water_conservation")
    assert band.sd / band.value == pytest.approx(0.1, rel=0.02)
    assert band.mean == pytest.approx(band.value, rel=0.002)
    assert band.quantiles[0.05] == pytest.approx(band.value * (1 - 0.1 * 1.6449), rel=0.005)
    assert found.total.sd >= band.sd
    still = next(one for one in found.services if one.id == "agricultural_products")
    assert still.sd == pytest.approx(0.0, abs=1e-3)
    assert still.mean == pytest.approx(still.value)


def test_independent_numbers_add_in_variance(jinxi: Path, tmp_path: Path) -> None:
    """Rain and price move the same product: its relative variance is the sum of theirs, and their product."""
    store = Store(jinxi)
    key = store.find("361027", 2022)
    alone = find_uncertainty(
        store, key, 20_000, 1, given(tmp_path, STILL, "precipitation,,normal,,,2,%,trial", f"{PRICE},,normal,,,0.0001,%,trial")
    )
    both = find_uncertainty(
        store, key, 20_000, 1, given(tmp_path, STILL, "precipitation,,normal,,,2,%,trial", f"{PRICE},,normal,,,10,%,trial")
    )
    rain, joint = (
        next(one.sd / one.value for one in found.services if one.id == "water_conservation") for found in (alone, both)
    )
    assert joint == pytest.approx(math.sqrt(rain**2 + 0.1**2 + (rain * 0.1) ** 2), rel=0.03)


def test_the_same_seed_gives_the_same_draws_in_any_order(jinxi: Path, tmp_path: Path) -> None:
    store = Store(jinxi)
    key = store.find("361027", 2022)
    one = f"{PRICE},,normal,,,10,%,trial"
    other = "runoff_coefficient,mixed_forest,triangular,1,6,,%,trial"
    first = find_uncertainty(store, key, 2000, 3, given(tmp_path, one, other)).as_dict()
    assert find_uncertainty(store, key, 2000, 3, given(tmp_path, other, one)).as_dict() == first
    assert find_uncertainty(store, key, 2000, 4, given(tmp_path, one, other)).as_dict() != first


def test_shares_of_the_variance_add_to_one_for_a_product(jinxi: Path, tmp_path: Path) -> None:
    store = Store(jinxi)
    lines = (f"{PRICE},,normal,,,10,%,trial", "precipitation,,normal,,,2,%,trial")
    found = find_uncertainty(store, store.find("361027", 2022), 500, 1, given(tmp_path, *lines), variance=True)
    shares = [one for one in found.swings if one.first is not None and one.width > 0]
    assert sum(one.first or 0.0 for one in shares) == pytest.approx(1.0, abs=0.1)
    assert all((one.total or 0.0) >= (one.first or 0.0) - 0.05 for one in shares)


@pytest.mark.parametrize(
    ("spread", "mean", "sd"),
    [
        (Spread("normal", 5.0, sd=2.0), 5.0, 2.0),
        (Spread("truncated", 0.0, 0.0, math.inf, 2.0), 2.0 * math.sqrt(2 / math.pi), 2.0 * math.sqrt(1 - 2 / math.pi)),
        (Spread("lognormal", 3.0, sd=0.4), 3.0 * math.exp(0.08), 3.0 * math.exp(0.08) * math.sqrt(math.exp(0.16) - 1)),
        (Spread("triangular", 2.0, 1.0, 6.0), 3.0, math.sqrt((1 + 4 + 36 - 2 - 6 - 12) / 18)),
        (Spread("uniform", 2.0, 1.0, 7.0), 4.0, 6 / math.sqrt(12)),
        (Spread("beta", 2.0, 1.0, 7.0), (1 + 4 * 2 + 7) / 6, math.sqrt(((16 / 6 - 1) * (7 - 16 / 6)) / 7)),
    ],
    ids=lambda one: one.kind if isinstance(one, Spread) else "",
)
def test_a_distribution_has_the_mean_and_deviation_of_its_formula(spread: Spread, mean: float, sd: float) -> None:
    drawn = spread.find_quantiles((np.arange(200_000) + 0.5) / 200_000)
    assert drawn.mean() == pytest.approx(mean, rel=1e-3)
    assert drawn.std() == pytest.approx(sd, rel=3e-3)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{PRICE},,gaussian,,,10,%,trial", "the kind is 'gaussian'"),
        (f"{PRICE},,normal,,,10,%,", "there is no source"),
        (f"{PRICE},,normal,,,0,%,trial", "the standard deviation is 0"),
        (f"{PRICE},,triangular,8,9,,CNY_2022/m^3,trial", "lies outside"),
        (f"{PRICE},,uniform,9,8,,CNY_2022/m^3,trial", "the range is"),
        (f"{PRICE},,uniform,8,9,,CNY_2010/m^3,trial", "prices of 2010"),
        (f"{PRICE},,normal,,,1,km,trial", "km"),
        (f"{PRICE},,normal,,,500,%,trial", "42.07% of the spread lie below 0, beyond what reservoir_construction_cost can be"),
        ("precipitation,,normal,,,33,%,trial", "0.12% of the spread lie below 0"),
        (
            "agricultural_output_value,,uniform,-1,40,,亿元,trial",
            "the range is -100,000,000 to 4,000,000,000; agricultural_output_value ends at 0",
        ),
        ("runoff_coefficient,mixed_forest,triangular,1,160,,%,trial", "the range is 0.01 to 1.6; runoff_coefficient ends at 1"),
        ("runoff_coefficient,mixed_forest,lognormal,,,20,,trial", "of the spread lie above 1, beyond"),
        ("precipitaton,,normal,,,10,%,trial", "the account uses no number 'precipitaton'"),
        ("precipitation,mixed_forest,normal,,,10,%,trial", "the account uses no number 'precipitation mixed_forest'"),
        (f"{PRICE},,normal,,,ten,%,trial", "the numbers are"),
    ],
)
def test_what_cannot_be_meant_is_refused(gep: Program, jinxi: Path, tmp_path: Path, line: str, said: str) -> None:
    call = ("uncertainty", "361027", "2022", "--store", str(jinxi), "--spreads", str(write(tmp_path, line)))
    assert said in gep(*call, code=2).stderr


def test_draws_without_end_and_marks_without_a_share_are_refused(gep: Program, jinxi: Path) -> None:
    base = ("uncertainty", "361027", "2022", "--store", str(jinxi))
    assert "1,000,000,000 draws" in gep(*base, "--draws", "1000000000", code=2).stderr
    assert "the spread is 'K'" in gep(*base, "--by-mark", "K", code=2).stderr
    assert "the spread is 'K=-3%'" in gep(*base, "--by-mark", "K=-3%", code=2).stderr


def test_the_command_says_what_nothing_is_known_of(gep: Program, jinxi: Path) -> None:
    base = ("uncertainty", "361027", "2022", "--store", str(jinxi), "--draws", "500")
    said = gep(*base, "--by-mark", "K=30%", "--lang", "zh").stdout
    assert "其余数值的不确定性未知" in "".join(said.split())
    found = json.loads(gep(*base, "--by-mark", "K=30%", "--format", "json").stdout)
    assert found["bands"][0]["id"] == "gep"
    assert found["bands"][0]["p5"] < found["bands"][0]["p95"]
    assert 0 < found["parameters"] < found["numbers"]


def test_figures_only_shown_have_bands_in_their_own_units(gep: Program, tmp_path: Path) -> None:
    """Value a head is the total by the people: with people between 80 and 120 % its quantiles are those of the inverse."""
    kinds = Path("tests/cases/kinds")
    gep("run", str(kinds / "park.csv"), "--standard", str(kinds / "park.yaml"), "--store", gep.store)
    spreads = tmp_path / "people.csv"
    spreads.write_text("id,kind,low,high,unit,source\npopulation,uniform,80,120,%,trial\n", "utf-8")
    call = (
        "uncertainty",
        "360100",
        "2020",
        "--standard",
        str(kinds / "park.yaml"),
        "--spreads",
        str(spreads),
        "--store",
        gep.store,
        "--draws",
        "4000",
    )
    found = json.loads(gep(*call, "--format", "json").stdout)
    a_head = next(one for one in found["shown"] if one["id"] == "gep.per_resident")
    assert (a_head["unit"], found["covered"]) == ("元/人/yr", 0.0)
    assert a_head["p5"] == pytest.approx(a_head["value"] / 1.18, rel=0.003)
    assert a_head["p95"] == pytest.approx(a_head["value"] / 0.82, rel=0.003)
    still = next(one for one in found["shown"] if one["ecosystem"] == "urban_green/公园绿地")
    assert still["p5"] == pytest.approx(still["p95"])
    assert "431.00" in gep(*call).stdout
