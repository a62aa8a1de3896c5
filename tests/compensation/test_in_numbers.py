"""Why it is this amount: formulas of schemes as mathematics and in numbers, on the terminal and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from conftest import ROOT, Program

from gep.compensation.compute import Result, compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.compensation.in_numbers import show_formula_of

CASES = ROOT / "tests" / "cases" / "compensation"


def computed(name: str) -> Result:
    folder = CASES / name
    case = yaml.safe_load((folder / "case.yaml").read_text("utf-8"))
    scheme = str(folder / "scheme.yaml") if case["scheme"] == "scheme.yaml" else case["scheme"]
    return compute(find_scheme(scheme, case["year"]), read_facts([folder / "facts.csv"]), case["year"])


def lines(result: Result, name: str) -> list[tuple[str, str]]:
    return [show_formula_of(result, step) for step in result.steps if step.stage == "value" and step.name == name]


def test_a_value_is_shown_in_the_units_it_was_declared_in() -> None:
    assert lines(computed("worked-d-2012"), "p") == [
        (
            "k0 × (k_codmn × codmn / codmn_0 + k_nh3n × nh3n / nh3n_0 + k_tn × tn / tn_0 + k_tp × tp / tp_0)",
            "0.85 × (0.25 × 1.9 mg/L / 2 mg/L + 0.25 × 0.09 mg/L / 0.1 mg/L + 0.25 × 1.3 mg/L / 1.2 mg/L + 0.25 × 0.031 mg/L / 0.03 mg/L)",
        )
    ]


def test_a_sum_is_written_out_and_an_earlier_year_has_its_own_number() -> None:
    result = computed("pair-met")
    assert lines(result, "months_met") == [("Σ_s (Σ_m met)", "0 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1")]
    assert lines(result, "year_met_before") == [("year_met[t−1]", "1")]
    assert lines(result, "payment")[0][1] == "100 万元 × max(10; 0 − 10) / 12"


def test_every_value_of_every_case_has_its_line() -> None:
    for folder in CASES.iterdir():
        result = computed(folder.name)
        for step in result.steps:
            if step.stage == "value":
                shown, numbers = show_formula_of(result, step)
                assert shown, (folder.name, step)
                assert "nan" not in numbers
                assert "?" not in numbers, (folder.name, step, numbers)


def test_the_county_and_json_show_why(gep: Program, tmp_path: Path) -> None:
    asked = ("compensate", "jx-basin-pool", "2016", "--inputs", "inputs/jiangxi-transfers-example/basin_pool.csv")
    store = ("--store", str(tmp_path / "s.duckdb"), "--county", "宁都县")
    assert "= if(1; max(0.4; 0.3); 0)" in gep(*asked, *store).stdout
    found = json.loads(gep(*asked, *store, "--format", "json").stdout)
    (rate,) = [one for one in found["steps"] if one["name"] == "rate_taken"]
    assert rate["formula"] == "if(serious_accident; max(accident_rate; least_accident_rate); 0)"
    assert rate["numbers"] == "if(1; max(0.4; 0.3); 0)"
    assert {one["formula"] for one in found["steps"] if one["stage"] == "input"} == {""}


def test_a_scheme_is_shown_as_text_and_as_mathematics(gep: Program) -> None:
    shown = gep("scheme", "show", "xinanjiang 2012").stdout
    assert "  good: p <= p_limit and not accident" in shown
    assert "# good = p ≤ p_limit ∧ ¬accident" in shown
    (one,) = json.loads(gep("scheme", "show", "xinanjiang 2012", "--format", "json").stdout)
    assert {"path": "values.good", "written": "p <= p_limit and not accident", "shown": "p ≤ p_limit ∧ ¬accident"} in one[
        "formulas"
    ]
    yaml.safe_load(shown)
