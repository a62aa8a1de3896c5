"""Present values by named conventions against published figures, on an account, and everything that is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Program
from doc_pages import run_examples
from languages import check_both

from gep.assets.present_value import FACTOR, VALUE, Flow, make_calculation
from gep.assets.valuation import read_conventions, read_valuation
from gep.messages.problems import Problems
from gep.paths import COEFFICIENTS

GROWTH = "1.6171046 %"
"""The growth of the Danish workbook: the one number at which all seven of its printed results come out."""
RENT = "rents: [{id: farmland, value: 238997 元/yr, source: workbook}]\n"


def write(folder: Path, how: str, growth: str = GROWTH, rents: str = RENT) -> Path:
    path = folder / "valuation.yaml"
    path.write_text(f"{how}\ngrowth: {growth}\nauthor: 王五\nbasis: 试算\n{rents}", "utf-8")
    return path


def value_of(path: Path) -> tuple[float, float]:
    how = read_valuation(path)
    found = make_calculation(how, [Flow(one.id, one.title, one.title, one.value) for one in how.rents])
    return found.value(FACTOR), found.value(VALUE)


@pytest.mark.parametrize(
    ("how", "million"),
    [
        ("convention: perpetuity-mid-year\nrates: [{rate: 6 %}]", 5.66),
        ("convention: perpetuity-mid-year\nrates: [{rate: 5 %}]", 7.30),
        ("convention: perpetuity-mid-year\nrates: [{rate: 3 %}]", 17.68),
        ("convention: declining-own-rate", 58.59),
    ],
)
def test_one_rent_is_worth_what_the_danish_workbook_prints(tmp_path: Path, how: str, million: float) -> None:
    assert value_of(write(tmp_path, how))[1] / 1e6 == pytest.approx(million, abs=0.005)


def test_the_declining_schedule_has_three_blocks_and_read_as_forward_rates_is_less_than_half(tmp_path: Path) -> None:
    how = read_valuation(write(tmp_path, "convention: declining-own-rate"))
    found = make_calculation(how, [Flow("x", "x", "x", how.rents[0].value)])
    assert [found.value(f"{FACTOR}_{at}") for at in (1, 2, 3)] == pytest.approx([24.41, 17.14, 203.58], abs=0.005)
    assert found.value(FACTOR) == pytest.approx(245.13, abs=0.005)
    assert value_of(write(tmp_path, "convention: declining-forward"))[0] == pytest.approx(108.44, abs=0.005)


@pytest.mark.parametrize("rates", [[("3 %", 100)], [("4 %", 7), ("3 %", 5), ("2.5 %", 30)]])
def test_a_finite_value_is_the_sum_of_its_years(tmp_path: Path, rates: list[tuple[str, int]]) -> None:
    """Each year by itself: sum v (1+g)^(t-1) / (1+r)^t, every block at its own rate from year 0."""
    listed = ", ".join(f"{{rate: {rate}, years: {years}}}" for rate, years in rates)
    factor, _ = value_of(write(tmp_path, f"convention: finite-year-end\nrates: [{listed}]", "1.5 %"))
    by_year = [float(rate.split()[0]) / 100 for rate, years in rates for _ in range(years)]
    assert factor == pytest.approx(sum(1.015 ** (t - 1) / (1 + r) ** t for t, r in enumerate(by_year, 1)), rel=1e-12)


def test_forward_rates_are_the_product_of_the_years_before(tmp_path: Path) -> None:
    factor, _ = value_of(write(tmp_path, "convention: declining-forward", "0.5 %"))
    whole, through = 0.0, 1.0
    for t in range(6000):
        rate = 0.04 if t < 36 else 0.03 if t < 71 else 0.02
        whole += 1.005 ** (t + 0.5) / (through * (1 + rate) ** 0.5)
        through *= 1 + rate
    assert factor == pytest.approx(whole, rel=1e-12)


def test_forest_assets_of_2010_have_a_hundred_years_at_the_rate_of_the_paper(tmp_path: Path) -> None:
    factor, _ = value_of(write(tmp_path, "convention: forest-assets-2010", "0 %"))
    assert factor == pytest.approx((1 - 1.0277**-100) / 0.0277, rel=1e-12)


def test_a_negative_rent_is_shown_and_not_clamped(gep: Program, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "convention: perpetuity-mid-year\nrates: [{rate: 6 %}]",
        "0 %",
        "rents: [{id: fishery, value: -3 万元/yr, source: survey}]\n",
    )
    found = json.loads(gep("assets", "value", "--valuation", str(path), "--format", "json").stdout)
    assert found["flows"][0]["asset_value"] == pytest.approx(-30000 * 1.06**0.5 / 0.06)
    assert found["total"] == found["flows"][0]["asset_value"]
    assert "−" in gep("assets", "value", "--valuation", str(path)).stdout


def test_services_of_an_account_are_valued_and_lead_to_their_cells(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "convention: finite-year-end\nrates: [{rate: 3 %, years: 30}]", "0 %", "")
    call = ("assets", "value", "361027", "2022", "--valuation", str(path), "--store", str(jinxi))
    found = json.loads(gep(*call, "--format", "json").stdout)
    shown = json.loads(gep("show", "361027", "2022", "--store", str(jinxi), "--format", "json").stdout)
    values = {one["service"]: one["value"] for one in shown["services"] if one["value"] is not None}
    assert {one["id"]: one["yearly"] for one in found["flows"]} == values
    factor = (1 - 1.03**-30) / 0.03
    assert found["total"] == pytest.approx(sum(values.values()) * factor)
    assert found["not_accounted"]
    water = next(one for one in found["flows"] if one["id"] == "water_conservation")
    assert any("precipitation" in cell or "climate" in cell or ":" in cell for cell in water["cells"])
    text = gep(*call).stdout
    for said in ("finite-year-end", "3 %", "chosen by: 王五", "grounds: 试算", "not in the total"):
        assert said in text


def test_the_number_of_a_result_is_the_arithmetic_that_is_printed(tmp_path: Path) -> None:
    how = read_valuation(write(tmp_path, "convention: declining-own-rate"))
    found = make_calculation(how, [Flow("x", "x", "x", how.rents[0].value)])
    parts = found.explain(VALUE)
    for part in parts:
        line = part.numbers.replace("×", "*").replace("−", "-").replace("^", "**").replace(",", "")
        assert eval(line) == pytest.approx(part.value, rel=1e-12)
    assert {one.address for part in parts for one in part.origins} > {"coefficients/assets/npv_conventions.csv:4"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("convention: perpetuity-mid-year\nrates: [{rate: 1.5 %}]", "the rate 1.5 % is not above the growth 1.6171046 %"),
        ("convention: perpetuity-mid-year\nrates: [{rate: 3}]", "a percentage with its sign"),
        ("convention: perpetuity-mid-year\nrates: [{rate: 3 %, years: 30}]", "has no end"),
        ("convention: finite-year-end\nrates: [{rate: 3 %}]", "years is missing"),
        ("convention: finite-year-end\nrates: [{rate: 3 %, years: 2.5}]", "whole years"),
        ("convention: finite-year-end\nrates: [{rate: 3 %, years: 5000}]", "between 1 and 1000"),
        ("convention: finite-year-end", "rates is missing"),
        ("convention: declining-own-rate\nrates: [{rate: 3 %}]", "fixes its rates"),
        ("convention: perpetuty", "there is no convention 'perpetuty'"),
        ("convention: perpetuity-mid-year\nrates: [{rate: 300 %}]", "between 0 and 1"),
        ("convention: perpetuity-mid-year\nrates: [{rate: three}]", "rate is 'three'"),
        ("convention: perpetuity-mid-year\nrates: [{rate: 3 kg}]", "unit of rate is 'kg'"),
        ("convention: perpetuity-mid-year\nrate: 3 %", "rate is not known here"),
        (
            "convention: perpetuity-mid-year\nrates: [{rate: 6 %}]\nrents: [{id: a, value: 1, source: s}]",
            "a number with a unit of CNY/yr",
        ),
        (
            "convention: perpetuity-mid-year\nrates: [{rate: 6 %}]\nrents: [{id: a, value: 1 元/yr, source: ''}]",
            "source is missing",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_in_both_languages(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        read_valuation(write(tmp_path, text, rents="" if "rents" in text else RENT))
    assert said in str(caught.value)
    check_both(caught.value)


def test_nothing_to_value_and_a_service_without_value_are_refused(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "convention: perpetuity-mid-year\nrates: [{rate: 6 %}]", rents="")
    assert "there is nothing to value" in gep("assets", "value", "--valuation", str(path), code=2).stderr
    call = ("assets", "value", "361027", "2022", "--valuation", str(path), "--store", str(jinxi))
    assert "no value of noise_reduction" in gep(*call, "--service", "noise_reduction", code=2).stderr


def test_conventions_have_sources_that_resolve() -> None:
    sources = yaml.safe_load((COEFFICIENTS / "sources.yaml").read_text("utf-8"))
    assert {one.source for one in read_conventions().values()} <= set(sources)
    assert (ROOT / "docs" / "assets.md").read_text("utf-8").count("declining-own-rate") > 0


def test_the_example_of_the_page_is_what_the_program_prints(gep: Program, tmp_path: Path) -> None:
    assert run_examples(gep, "assets.md", tmp_path) >= 1
