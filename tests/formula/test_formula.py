"""The rule language: what is refused, what is printed, and that the printed line is the computed one."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from arithmetic import recompute
from conftest import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from gep.formula import audit, show, stored
from gep.formula.check import derive_factor
from gep.formula.evaluate import Evaluation, EvaluationInputs, Step
from gep.formula.exponential_integral import exponential_integral
from gep.formula.nodes import (
    Constant,
    Function,
    Node,
    Observed,
    Rule,
    Sum,
    Variant,
    at_least_zero,
    exp,
    first_known,
    if_at_most,
    in_units,
    ln,
    smaller,
    total,
)
from gep.messages.problems import RuleError
from gep.messages.title import Title
from gep.rules.catalogue import RULES

FACTORS = {
    (rule.id, name): derive_factor(rule, variant.expression) for rule in RULES.values() for name, variant in rule.variants.items()
}
"""Every variant of every rule is checked here; a run derives only the factors of its own standard."""

T = Title("", "")


def leaf(symbol: str, unit: str, *axes: str, extent: bool = False) -> Observed:
    return Observed(symbol, symbol, unit, axes, T, extent=extent)


def rule(formula: Node, unit: str, *axes: str) -> Rule:
    return Rule("water.volume", "Q_wr", unit, axes, T, {"only": Variant(formula, "by hand", "", "V", T)})


A, P, R = leaf("A", "km^2", "ecosystem", extent=True), leaf("P", "mm/yr"), leaf("R", "mm/yr", "ecosystem")
ET = leaf("ET", "mm", "ecosystem")


@pytest.mark.parametrize(
    ("formula", "unit", "axes", "message"),
    [
        (
            total(A * (P - R - ET), over="ecosystem"),
            "m^3/yr",
            (),
            "rule water.volume: cannot put P − R_i [mm/a] and ET_i [mm] together\n  Q_wr = Σ_i A_i × (P − R_i − ET_i)",
        ),
        (
            total(A * (P - R), over="ecosystem"),
            "t/yr",
            (),
            "rule water.volume: the formula gives km²·mm/a, declared is t/yr\n  Q_wr = Σ_i A_i × (P − R_i)",
        ),
        (A * (P - R), "m^3/yr", (), "rule water.volume: varies over ecosystem, declared nothing\n  Q_wr = A_i × (P − R_i)"),
        (
            total(A * P, over="pollutant"),
            "m^3/yr",
            (),
            "rule water.volume: A_i × P does not vary over pollutant, so it cannot be summed over it\n  Q_wr = Σ_j A_i × P",
        ),
        (exp(P), "1", (), "rule water.volume: what exp is taken of must be a plain number, P is in mm/a\n  Q_wr = exp(P)"),
        (in_units(P, "m/yr"), "1", (), "rule water.volume: P is in mm/a; the formula was fitted in m/yr\n  Q_wr = {P in m/yr}"),
        (
            leaf("x", "1", "lake") * leaf("y", "1", "origin"),
            "1",
            ("lake",),
            "rule water.volume: lake and origin are different lists and cannot meet in x_k × y_k\n  Q_wr,k = x_k × y_k",
        ),
    ],
)
def test_what_cannot_be_right_is_refused(formula: Node, unit: str, axes: tuple[str, ...], message: str) -> None:
    with pytest.raises(RuleError) as caught:
        derive_factor(rule(formula, unit, *axes), formula)
    assert str(caught.value) == message


def test_a_formula_has_no_truth() -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(P)


def test_the_factor_is_derived() -> None:
    assert FACTORS["water_conservation.volume", "water_balance"] == 1000
    assert FACTORS["soil_retention.amount", "rusle"] == 100
    assert FACTORS["carbon_sequestration.amount", "area_rates"] == 100
    assert FACTORS["pest_control.area_value", "priced"] == 100
    assert FACTORS["climate_regulation.transpiration", "heat_table"] == pytest.approx(1e6 / 3600, rel=1e-15)


@pytest.mark.parametrize("key", sorted(FACTORS))
def test_every_formula_survives_being_stored(key: tuple[str, str]) -> None:
    one = RULES[key[0]]
    formula = one.variants[key[1]].expression
    written = json.dumps(stored.write(formula))
    again = stored.read(json.loads(written), RULES)
    assert show.show_text(again) == show.show_text(formula)
    assert derive_factor(one, again) == FACTORS[key]
    assert stored.read_rule(stored.write_rule(one)).unit == one.unit
    assert show.show_html_equation(one, formula).count("<span") == show.show_html_equation(one, formula).count("</span>")


numbers = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).map(lambda value: 0.0 if abs(value) < 1e-9 else value)
positive = st.floats(min_value=1e-6, max_value=1e9)


@settings(max_examples=tries(200, 5_000))
@given(
    area=st.lists(positive, min_size=3, max_size=3),
    rain=numbers,
    runoff=st.lists(numbers, min_size=3, max_size=3),
    cap=numbers,
    known=st.booleans(),
)
def test_the_printed_line_evaluates_to_the_result(
    area: list[float], rain: float, runoff: list[float], cap: float, known: bool
) -> None:
    measured, limit, x = leaf("M", "mm/yr", "ecosystem"), leaf("L", "m^3/yr"), leaf("x", "1")
    volume = rule(at_least_zero(A * (P - first_known(measured, R))), "m^3/yr", "ecosystem")
    capped = Rule("cap", "Q_c", "m^3/yr", (), T, {})
    formula = smaller(limit, total(volume, over="ecosystem"))
    chosen = Rule("choice", "Q_k", "m^3/yr", (), T, {})
    choice = if_at_most(
        limit,
        capped,
        then=capped * (Constant(1.0) - x / Constant(3.0)),
        otherwise=Sum((("a", limit), ("b", capped))) * exp(ln(Constant(2.0))),
    )
    steps = [
        Step(volume, "only", volume.variants["only"].expression, derive_factor(volume, volume.variants["only"].expression)),
        Step(capped, "only", formula, derive_factor(capped, formula)),
        Step(chosen, "only", choice, derive_factor(chosen, choice)),
    ]
    cells = np.array([np.nan, *area]).reshape(1, 4, 1, 1)
    bound = EvaluationInputs(
        1,
        {
            "A": cells,
            "P": np.full((1, 1, 1, 1), rain),
            "R": np.array([np.nan, *runoff]).reshape(1, 4, 1, 1),
            "L": np.full((1, 1, 1, 1), cap),
            "M": np.array([np.nan, 5.5 if known else np.nan, np.nan, np.nan]).reshape(1, 4, 1, 1),
            "x": np.full((1, 1, 1, 1), 0.25),
        },
        {"A": ~np.isnan(cells)},
    )
    evaluation = Evaluation(steps, bound)
    evaluation.run()
    for step in steps:
        for place in range(1, 4) if step.rule.axes else [0]:
            line = audit.print_audit_line(evaluation, step, (0, place, 0, 0))
            assert recompute(line.arithmetic) == pytest.approx(line.value, rel=1e-12, abs=1e-9)


def test_unknown_is_not_zero() -> None:
    volume = rule(total(A * P, over="ecosystem"), "m^3/yr")
    step = Step(volume, "only", volume.variants["only"].expression, 1000.0)

    def run(area: list[float], rain: float) -> float:
        cells = np.array([np.nan, *area]).reshape(1, 3, 1, 1)
        evaluation = Evaluation(
            [step], EvaluationInputs(1, {"A": cells, "P": np.full((1, 1, 1, 1), rain)}, {"A": ~np.isnan(cells)})
        )
        return float(evaluation.run()["water.volume"][0, 0, 0, 0])

    assert run([2.0, np.nan], 10.0) == 20_000
    assert run([2.0, 0.0], 10.0) == 20_000
    assert run([0.0, 0.0], 10.0) == 0  # stated: the county has none
    assert np.isnan(run([np.nan, np.nan], 10.0))  # nobody said
    assert np.isnan(run([2.0, np.nan], np.nan))


def test_the_exponential_integral_is_that_of_the_handbook() -> None:
    cells = np.array([0.1, 0.5, 1.0, 1.0000001, 2.0, 10.0, 50.0, 0.0, -1.0, np.nan])
    known = [1.8229239584, 0.5597735948, 0.2193839344, 0.2193838976, 0.0489005107, 4.156968930e-6, 3.783264030e-24]
    found = exponential_integral(cells)
    assert found[:7] == pytest.approx(known, rel=1e-8)
    assert math.isinf(found[7])
    assert np.isnan(found[8:]).all()


def test_functions_of_an_angle_take_degrees() -> None:
    angle = leaf("θ", "deg")
    parts = {"sin": angle, "cos": angle, "tan": angle, "log10": Constant(1000.0, "1")}
    steps = [Step(Rule(name, name, "1", (), T, {}), "only", Function(name, part), 1.0) for name, part in parts.items()]
    found = Evaluation(steps, EvaluationInputs(1, {"θ": np.full((1, 1, 1, 1), 30.0)})).run()
    expected = {"sin": 0.5, "cos": math.sqrt(3) / 2, "tan": 1 / math.sqrt(3), "log10": 3.0}
    assert {name: float(cells.item()) for name, cells in found.items()} == pytest.approx(expected)
    bare = Rule("bare", "b", "1", (), T, {"only": Variant(Function("cos", leaf("x", "1")), "s", "c", "V", T)})
    with pytest.raises(RuleError, match="cos is taken of an angle in degrees, x is in"):
        derive_factor(bare, bare.variants["only"].expression)
