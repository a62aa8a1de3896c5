"""What a scheme says must hold is tried at every place; weights are summed in their units and for each member; values have units."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from languages import check_both
from toy_schemes import write_facts, write_scheme

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.compensation.in_numbers import show_formula_of
from gep.messages.problems import Problems

if TYPE_CHECKING:
    from pathlib import Path

    from gep.compensation.compute import Result

HEAD = "funds: {pool: {sources: [{from: province, amount: '100'}]}}\ninputs: {score: {by: party, unit: score}, two: {by: party, unit: score}}\n"
FACTS = (
    "score,zhi,2021,1,score",
    "score,an,2021,2,score",
    "score,bo,2021,1,score",
    "two,zhi,2021,4,score",
    "two,an,2021,2,score",
    "two,bo,2021,9,score",
)
ALLOCATE = "rule: [{op: allocate, name: a, fund: pool, by: x}]\n"


def computed(folder: Path, body: str, facts: tuple[str, ...] = FACTS) -> Result:
    scheme = find_scheme(str(write_scheme(folder / "s.yaml", body)), 2021)
    return compute(scheme, read_facts([write_facts(folder / "f.csv", *facts)]), 2021)


def refused(folder: Path, body: str, facts: tuple[str, ...] = FACTS) -> str:
    with pytest.raises(Problems) as found:
        computed(folder, body, facts)
    check_both(found.value)
    return str(found.value)


def test_a_condition_is_tried_at_every_place_and_names_where_it_fails(tmp_path: Path) -> None:
    body = HEAD + "values: {x: score + two}\n" + ALLOCATE + "invariants: [{equal: ['result(a) <= {most}', '1'], text: 超过}]\n"
    most = "result(a) <= 30"
    found = refused(tmp_path, body.replace("result(a) <= {most}", most))
    assert "超过: bo 安远县" in found
    assert "zhi" not in found
    assert computed(tmp_path, body.replace("{most}", "60")).net()["bo"] == 5263
    both = refused(tmp_path, body.replace("'result(a) <= {most}', '1'], text: 超过", "score, two]"))
    assert "what must be equal is 1 and 9: bo 安远县、zhi 上犹县" in both


def test_a_condition_by_section_and_month_names_both(tmp_path: Path) -> None:
    body = """sections: {hk: {name: 河口, upstream: zhi, downstream: an}, sk: {name: 石口, upstream: an, downstream: bo}}
inputs: {share: {by: section, every: month, unit: "1", missing: skip}}
constants: {ten: {value: "10", unit: 元, mark: D}}
rule: [{op: pay, name: p, cases: [{from: downstream, to: upstream, amount: "ten * sum(share, over=month)"}]}]
invariants: [{equal: [share <= 1, "1"], text: 份额超过一}]
"""
    rows = ("share,hk,2021-01,0.5,1", "share,sk,2021-02,1.25,1", "share,sk,2021-03,1,1")
    assert "份额超过一: sk 石口 02" in refused(tmp_path, body, rows)
    assert computed(tmp_path, body, rows[:1]).net()["zhi"] == 500


def test_weights_in_percent_and_a_rate_in_percent_are_what_they_say(tmp_path: Path) -> None:
    body = (
        HEAD
        + "constants: {w: {value: '70', unit: '%', mark: D}, v: {value: '30', unit: '%', mark: D}, r: {value: '30', unit: '%', mark: D}}\n"
        + "values: {x: 'weighted([w, score], [v, two])'}\n"
        + "rule: [{op: allocate, name: a, fund: pool, by: x}, {op: deduct, name: d, taken_from: [a], when: score == 2, rate: r, to: province}]\n"
        + "invariants: [{sum_is_one: [w, v]}]\n"
    )
    points = {
        place: Fraction(7, 10) * score + Fraction(3, 10) * two
        for place, (score, two) in {"zhi": (1, 4), "an": (2, 2), "bo": (1, 9)}.items()
    }
    shares = {place: 10000 * point / sum(points.values()) for place, point in points.items()}
    assert {place: int(share) for place, share in shares.items()} == {"zhi": 2602, "an": 2739, "bo": 4657}
    # 2602.74, 2739.73 and 4657.53: the two fen that floors leave go to zhi and an
    assert computed(tmp_path, body).net() == {"zhi": 2603, "an": 2740 - 822, "bo": 4657, "province": 822 - 10000}
    assert "sum to 1.1" in refused(
        tmp_path, body.replace("value: '30', unit: '%', mark: D}, r", "value: '40', unit: '%', mark: D}, r")
    )


def test_weights_of_each_member_sum_to_one_for_each(tmp_path: Path) -> None:
    body = (
        HEAD
        + "constants: {w: {value: {zhi: '0.5', an: '0.6', bo: '0.1'}, mark: D}, v: {value: {zhi: '0.5', an: '0.4', bo: '0.9'}, mark: D}}\n"
        + "values: {x: 'weighted([w, score], [v, two])'}\n"
        + ALLOCATE
    )
    assert computed(tmp_path, body).net() == {"zhi": 1968, "an": 1575, "bo": 6457, "province": -10000}
    assert "the weights sum to 1.1" in refused(tmp_path, body.replace("an: '0.4'", "an: '0.5'"))
    assert "w sum to 1.2" in refused(tmp_path, body + "invariants: [{sum_is_one: [w]}]\n")


def test_a_note_is_one_number(tmp_path: Path) -> None:
    assert "x varies over party" in refused(tmp_path, HEAD + "values: {x: score + two}\n" + ALLOCATE + "notes: {x: 某数}\n")


def test_a_value_is_printed_in_the_unit_of_its_figures(tmp_path: Path) -> None:
    body = """inputs: {planted: {by: party, unit: 亩}, lost: {by: party, unit: 公顷}, flow: {unit: m3/s}, over: {unit: mg/L}}
constants: {price: {value: "2500", unit: 元/亩, mark: D}}
values: {left: planted - lost, due: left * price, load: flow * over * days_in_year, per_flow: price / flow}
rule: [{op: pay, name: p, cases: [{when: per_flow >= 0 and load >= 0, from: province, to: self, amount: due}]}]
notes: {load: 年通量}
"""
    body = body.replace(" and load >= 0", "").replace("when: per_flow >= 0, ", "").replace(", per_flow: price / flow", "")
    rows = (
        "planted,zhi,2021,40.7,亩",
        "planted,an,2021,1.5,公顷",
        "planted,bo,2021,3,亩",
        *(f"lost,{place},2021,0.1,公顷" for place in ("zhi", "an", "bo")),
        "flow,,2021,2,m3/s",
        "over,,2021,0.1,mg/L",
    )
    result = computed(tmp_path, body, rows)
    found = {(step.name, step.place): (step.value, step.unit) for step in result.steps if step.stage == "value"}
    assert found["left", "zhi"] == (Fraction("39.2"), "亩")
    assert found["left", "an"] == (Fraction(21), "亩")
    assert found["due", "bo"] == (Fraction(3750), "元")
    assert found["load", ""] == (Fraction("6307.2"), "kg")
    due = next(step for step in result.steps if (step.name, step.place) == ("due", "zhi"))
    assert show_formula_of(result, due)[1] == "39.2 亩 × 2,500 元/亩"
    assert any("= 6307.2 kg" in str(mark) for mark in result.marks)
