"""Interim loss against a fixture and a sum year by year, virtual treatment cost by bands, settlement to the fen, and what is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from conftest import Program
from doc_pages import run_examples
from hypothesis import given
from hypothesis import strategies as st
from languages import check_both

from gep.assets.treatment import read_tau
from gep.messages.problems import Problems
from gep.paths import COEFFICIENTS
from gep.tasks.damage import find_equivalency, find_settlement, find_treatment

MEADOW = {
    "kind": "habitat",
    "injured": "100 hm2",
    "loss": "50 %",
    "recovery": {"form": "linear", "years": 10},
    "restoration": {"start": 2, "maturity": 3, "life": 50, "uplift": "100 %"},
    "crediting": "mid-year",
    "rate": "3 %",
    "author": "王五",
    "basis": "试算",
    "source": "调查报告",
}


def write(folder: Path, content: object) -> Path:
    path = folder / "document.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


@pytest.mark.parametrize(
    ("rate", "crediting", "needed"),
    [
        ("3 %", "mid-year", 9.765),
        ("0 %", "mid-year", 5.155),
        ("5 %", "mid-year", 13.63),
        ("8 %", "mid-year", 20.21),
        ("3 %", "start-of-year", 10.91),
        ("3 %", "end-of-year", 8.67),
    ],
)
def test_what_has_to_be_restored_hangs_on_rate_and_crediting(tmp_path: Path, rate: str, crediting: str, needed: float) -> None:
    found = find_equivalency(write(tmp_path, {**MEADOW, "rate": rate, "crediting": crediting}))
    assert found.calculation.value("needed") == pytest.approx(needed, abs=0.005)


def test_loss_and_gain_are_those_of_the_fixture_and_of_a_sum_by_hand(tmp_path: Path) -> None:
    found = find_equivalency(write(tmp_path, {**MEADOW, "unit_cost": "12 万元/hm2"})).calculation
    assert found.value("lost") == pytest.approx(226.97, abs=0.005)
    assert found.value("gained") == pytest.approx(23.243, abs=0.0005)
    assert found.value("gained") == pytest.approx(sum(min(1, (k + 0.5) / 3) / 1.03 ** (2.5 + k) for k in range(50)), rel=1e-12)
    assert found.value("cost") == pytest.approx(found.value("needed") * 120000)


def test_without_recovery_the_loss_stays_for_the_years_that_are_stated(tmp_path: Path) -> None:
    found = find_equivalency(write(tmp_path, {**MEADOW, "recovery": {"form": "none", "years": 30}, "rate": "0 %"}))
    assert found.calculation.value("lost") == pytest.approx(100 * 0.5 * 30)


def test_a_resource_is_counted_in_its_own_unit(tmp_path: Path) -> None:
    found = find_equivalency(write(tmp_path, {**MEADOW, "kind": "resource", "injured": "500 head"}))
    assert found.unit == "head"
    assert found.calculation.value("needed") == pytest.approx(9.76506 * 5, rel=1e-5)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"loss": "0.5"}, "loss is '0.5'"),
        ({"loss": "150 %"}, "loss is '150 %'"),
        ({"rate": 3}, "rate is '3'"),
        ({"injured": "100"}, "injured is '100'"),
        ({"injured": "100 元"}, "injured is '100 元'"),
        ({"injured": "100 %"}, "injured is '100 %'"),
        ({"injured": "-5 hm2"}, "injured is '-5 hm2'"),
        ({"injured": "100 t"}, "an area, such as 100 hm2"),
        ({"crediting": "mid-month"}, "crediting"),
        ({"recovery": {"form": "linear", "years": 0}}, "recovery.years is '0'"),
        ({"restoration": {"start": 2, "maturity": 3, "life": 10**9, "uplift": "1 %"}}, "restoration.life is '1000000000'"),
        ({"restoration": {"start": 2, "maturity": 3, "life": 50, "uplift": "0 %"}}, "the restoration gains nothing"),
        ({"restoration": {"start": 2, "maturity": 60, "life": 50, "uplift": "1 %"}}, "matures in year 60 and lives 50 years"),
        ({"unit_cost": "12 万元/t"}, "unit of unit_cost"),
        ({"author": ""}, "author is missing"),
        ({"lost": "50 %"}, "lost is not known here"),
    ],
)
def test_an_equivalency_that_cannot_be_meant_is_refused(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_equivalency(write(tmp_path, {**MEADOW, **changed}))
    assert said in str(caught.value)
    check_both(caught.value)


HEAD = "pollutant,amount,unit_cost,measured,baseline,concentration_unit,alpha,alpha_source,omega,omega_source,source\n"


def discharge(measured: object = 33, baseline: object = 3) -> str:
    return f"COD,12 t,3000 元/t,{measured},{baseline},mg/L,1.5,表1,2,表5,监测报告\n"


def write_table(folder: Path, text: str) -> Path:
    path = folder / "discharges.csv"
    path.write_text(HEAD + text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("measured", "tau"), [(1, 1), (3, 1), (3.01, 1.25), (33, 1.25), (34, 1.5), (303, 1.5), (304, 1.75), (3003, 1.75), (3004, 2)]
)
def test_the_factor_of_exceedance_goes_by_bands(tmp_path: Path, measured: float, tau: float) -> None:
    """kappa = (Z - B) / B: up to 0, 10, 100, 1000 and above."""
    (found,) = find_treatment(write_table(tmp_path, discharge(measured)))
    assert found.calculation.value("tau") == tau
    assert found.fen == round(12 * 3000 * 1.5 * tau * 2 * 100)


def test_every_number_of_a_treatment_leads_to_its_row(tmp_path: Path) -> None:
    (found,) = find_treatment(write_table(tmp_path, discharge()))
    origins = {one.symbol: one for part in found.calculation.explain("cost") for one in part.origins}
    assert origins["alpha"].source == "表1"
    assert origins["tau_2"].address == "coefficients/damage/tau.csv:3"
    assert origins["tau_2"].mark == "V-c"
    assert origins["Z"].address.endswith("discharges.csv:2")
    sources = yaml.safe_load((COEFFICIENTS / "sources.yaml").read_text("utf-8"))
    assert {one.source.partition(",")[0] for _, one in read_tau()} <= set(sources)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("表1", "", "alpha_source is missing"),
        (",3,mg/L", ",0,mg/L", "baseline is '0'"),
        ("12 t", "12", "amount is '12'"),
        ("12 t", "12 元", "amount is '12 元'"),
        ("3000 元/t", "3000 元/m3", "unit of unit_cost"),
        ("33,3,mg/L", "33,3,m3", "unit of measured is 'm3'"),
        (",2,表5", ",,表5", "omega is ''"),
        ("12 t", "12吨吨", "amount is '12吨吨'"),
    ],
)
def test_a_discharge_that_cannot_be_meant_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_treatment(write_table(tmp_path, discharge().replace(old, new, 1)))
    assert said in str(caught.value)
    check_both(caught.value)


CASE = {
    "case": "某化工厂排污案",
    "clean_up": {"amount": "120000.55", "source": "发票"},
    "restoration": {"amount": "1171807.20", "source": "等值分析"},
    "interim": {"amount": "0", "source": "无"},
    "survey": {"amount": "35000", "source": "合同"},
    "degree": "70 %",
    "degree_source": "鉴定意见",
    "parties": [{"name": "甲厂", "share": "60 %"}, {"name": "乙厂", "share": "40 %"}],
}


def test_a_settlement_is_exact_to_the_fen(gep: Program, tmp_path: Path) -> None:
    found = json.loads(gep("damage", "settle", str(write(tmp_path, CASE)), "--format", "json").stdout)
    exact = (Fraction("120000.55") + Fraction("1171807.20") + 35000) * Fraction(7, 10)
    assert exact * 100 == Fraction("92876542.5")  # half a fen, away from zero as in payments
    assert found["total_fen"] == 92876543
    assert sum(found["parties"].values()) == found["total_fen"]
    assert found["parties"]["甲厂"] == 55725926


@given(st.lists(st.integers(1, 50), min_size=2, max_size=6), st.integers(0, 10**12), st.integers(1, 100))
def test_what_the_parties_pay_is_the_total(parts: list[int], fen: int, degree: int) -> None:
    import tempfile

    shares = [one * 100 // sum(parts) for one in parts]
    shares[0] += 100 - sum(shares)
    parties = [{"name": f"p{at}", "share": f"{share} %"} for at, share in enumerate(shares)]
    with tempfile.TemporaryDirectory() as folder:
        amount = {"amount": f"{fen // 100}.{fen % 100:02}", "source": "s"}
        found = find_settlement(write(Path(folder), {**CASE, "interim": amount, "degree": f"{degree} %", "parties": parties}))
    assert sum(found.parties.values()) == found.total


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"degree": "0.7"}, "degree is '0.7'"),
        ({"degree": "170 %"}, "degree is '170 %'"),
        ({"clean_up": {"amount": "1,200", "source": "s"}}, "clean_up.amount is '1,200'"),
        ({"clean_up": {"amount": "-1", "source": "s"}}, "clean_up.amount is '-1'"),
        ({"clean_up": {"amount": "1", "source": ""}}, "clean_up.source is missing"),
        ({"parties": [{"name": "甲厂", "share": "60 %"}]}, "sum to 60 %"),
        ({"parties": [{"name": "甲厂", "share": "60 %"}, {"name": "甲厂", "share": "40 %"}]}, "stands twice"),
        ({"interim": "0"}, "interim"),
    ],
)
def test_a_settlement_that_cannot_be_meant_is_refused(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_settlement(write(tmp_path, {**CASE, **changed}))
    assert said in str(caught.value)
    check_both(caught.value)


def test_the_examples_of_the_page_are_what_the_program_prints(gep: Program, tmp_path: Path) -> None:
    assert run_examples(gep, "damage.md", tmp_path) == 3
