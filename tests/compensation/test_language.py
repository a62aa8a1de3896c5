"""What schemes can say since periods and sections: results of operations, fixed years, steps, days and weeks, tables, netting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from languages import check_both
from toy_schemes import END, write_facts, write_scheme
from two_hands import book

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.compensation.in_numbers import show_formula_of
from gep.compensation.reading import read_scheme
from gep.formula.written import write
from gep.messages.problems import Problems
from gep.store.store import Store
from gep.tasks.compensate import compensate

if TYPE_CHECKING:
    from pathlib import Path

    from gep.compensation.compute import Result

CASES = ROOT / "tests" / "cases" / "compensation"


def run(scheme: Path, facts: Path, year: int) -> Result:
    return compute(find_scheme(str(scheme), year), read_facts([facts]), year)


def test_floors_at_last_years_amount(tmp_path: Path) -> None:
    """2020: 100 yuan by 1:2:2. 2021: 110 by 3:2:2, but nobody below four fifths of what 2020 gave, as it is booked."""
    body = (
        "funds: {pool: {sources: [{from: province, amount: money}]}}\n"
        "inputs:\n  money: {unit: 元, group: pool}\n  weight: {by: party, unit: score}\n"
        "values:\n  before: earlier(result(a), years=1)\n"
        "rule: [{op: allocate, name: a, fund: pool, by: weight, floor: before * 0.8}]\n"
    )
    scheme = write_scheme(tmp_path / "s.yaml", body, version="2")
    rows = ["money,,2021,110,元", "weight,zhi,2021,98,score", "weight,an,2021,1,score", "weight,bo,2021,1,score"]
    facts = write_facts(tmp_path / "f.csv", *rows)
    desk = Store(tmp_path / "gep.duckdb")
    with pytest.raises(Problems, match="what a gave zhi, an, bo in 2020 is not known") as refused:
        compensate(desk, str(scheme), 2021, [facts])
    check_both(refused.value)
    first = write_scheme(
        tmp_path / "first.yaml",
        body.replace("values:\n  before: earlier(result(a), years=1)\n", "").replace(", floor: before * 0.8", ""),
    )
    start = write_facts(
        tmp_path / "2020.csv", "money,,2020,100,元", "weight,zhi,2020,1,score", "weight,an,2020,2,score", "weight,bo,2020,2,score"
    )
    result, _, found = compensate(desk, str(first), 2020, [start])
    book(desk, result, found)
    result, _, found = compensate(desk, str(scheme), 2021, [facts])
    assert {name: result.net()[name] for name in ("zhi", "an", "bo")} == {"zhi": 4600, "an": 3200, "bo": 3200}
    assert book(desk, result, found).notes == ()  # the bridge from 2020 is booked too, and asks the store that is being written
    with desk:
        parts = desk.execute("SELECT party, sum(amount_fen) FROM transfer_bridge GROUP BY party ORDER BY party").fetchall()
    assert [fen for _, fen in parts] == [2600, -800, -800]
    stated = write_facts(
        tmp_path / "g.csv", *rows, *(f"result.a,{name},2020,{yuan},元" for name, yuan in (("zhi", 20), ("an", 40), ("bo", 40)))
    )
    assert run(scheme, stated, 2021).net() == result.net()


def test_the_result_of_an_operation_is_a_value_of_a_later_one(tmp_path: Path) -> None:
    body = (
        "funds: {pool: {sources: [{from: province, amount: '\"100\"'}]}}\n".replace("'\"100\"'", "'100'")
        + "inputs:\n  weight: {by: party, unit: score}\n"
        "values:\n  bonus: result(a) * 0.1\n"
        "rule:\n  - {op: allocate, name: a, fund: pool, by: weight}\n"
        "  - {op: pay, name: b, cases: [{from: province, to: self, amount: bonus}]}\n"
    )
    facts = write_facts(tmp_path / "f.csv", "weight,zhi,2021,1,score", "weight,an,2021,3,score", "weight,bo,2021,0,score")
    scheme = write_scheme(tmp_path / "s.yaml", body)
    assert run(scheme, facts, 2021).net() == {"an": 8250, "province": -11000, "zhi": 2750}
    for wrong, said in (
        ("result(b)", "the result of b is needed before it is there"),
        ("result(c)", "there is no operation 'c'"),
    ):
        write_scheme(scheme, body.replace("result(a)", wrong))
        with pytest.raises(Problems, match=said.replace("(", r"\(")) as refused:
            read_scheme(scheme)
        assert len(refused.value.problems) == 1
        check_both(refused.value)


@pytest.mark.parametrize(
    ("formula", "fen"),
    [
        ("ceil(x, 1000)", 300000),
        ("floor(x, 1000)", 200000),
        ("ceil(x, 10000)", 1000000),
        ("in_year(x, 2019)", 100000),
        ("x * product(1 + g, since=2020)", 231000 * 105 // 100),
        ("x * product(1 + g, since=2022)", 210000),
        ("sum(x, since=2019)", 100000 + 150000 + 210000),
        ("max(x, since=2020)", 210000),
        ("mean(x, since=2020)", 180000),
        ("x if year == 2021 else 0", 210000),
    ],
)
def test_steps_fixed_years_and_running_indices(formula: str, fen: int, tmp_path: Path) -> None:
    body = f"inputs:\n  x: {{unit: 元}}\n  g: {{unit: '%'}}\nvalues:\n  v: '{formula}'\n  unused: g\nrule: [{{op: pay, name: a, cases: [{{from: province, to: zhi, amount: v + 0 * unused}}]}}]\n"
    rows = [f"x,,{year},{yuan},元" for year, yuan in ((2019, 1000), (2020, 1500), (2021, 2100))]
    facts = write_facts(tmp_path / "f.csv", *rows, "g,,2020,10,%", "g,,2021,5,%")
    scheme = write_scheme(tmp_path / "s.yaml", body.replace("v + 0 * unused", "v + 0 * unused * v"))
    result = run(scheme, facts, 2021)
    assert result.net()["zhi"] == fen
    assert write(result.ready.trees["values", "v"]) == formula


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("ceil(x, 0)", "the step is 0"),
        ("in_year(x, 19)", "the year is '19'"),
        ("product(x, since=2020)", "must be a plain number"),
        ("product(x)", "does not have the right parts"),
        ("sum(x, over=month, by=party)", "month does not belong to party"),
        ("ceil(x)", "does not have the right parts"),
        ("result(1)", "is not the name of an operation"),
        ("min(x, since=2030)", "the first year is not reached yet"),
    ],
)
def test_one_wrong_expression_gives_one_message(formula: str, said: str, tmp_path: Path) -> None:
    body = f"inputs:\n  x: {{by: party, unit: 元, missing: skip}}\nvalues:\n  v: '{formula}'\nrule: [{{op: pay, name: a, cases: [{{when: v > 0, from: province, to: self, amount: v}}, {{from: self, to: province, amount: v}}]}}]\n"
    scheme = write_scheme(tmp_path / "s.yaml", body)
    facts = write_facts(tmp_path / "f.csv", "x,zhi,2021,1,元", "x,zhi,2020,1,元")
    with pytest.raises(Problems) as refused:
        run(scheme, facts, 2021)
    assert len(refused.value.problems) == 1, refused.value
    assert said in str(refused.value)
    check_both(refused.value)


@pytest.mark.parametrize(
    ("formula", "fen"),
    [
        ("a / b if b > 0 else 0", (200, 0, 250)),
        ("0 if b == 0 else a / b", (200, 0, 250)),
        ("a / b if b > 0 and a / b > 2 else 0", (0, 0, 250)),
        ("1 if b == 0 or a / b > 2 else 0", (0, 100, 100)),
        ("(a / b if a > 0 else 1) if b > 0 else 0", (200, 0, 250)),
        ("bands(a / b, [2, 1], [3, 2]) if not b == 0 else 0 * a / one", (100, 0, 200)),
        ("bands(b / one, [4, 1]) if b < 5 and a > 0 else 0", (0, 100, 100)),
        ("a / b if a > 0 else 0", None),
        ("share(a / b, over=party) if b > 0 else 0", None),
        ("bands(b / one, [4, 1]) if a > 0 else 0", None),
    ],
)
def test_a_branch_that_is_not_taken_needs_no_value(formula: str, fen: tuple[int, ...] | None, tmp_path: Path) -> None:
    """Only where the condition holds must a quotient or a band exist; what is put together over all parties needs all of them."""
    body = f"inputs: {{a: {{by: party, unit: 元}}, b: {{by: party, unit: 元}}}}\nconstants: {{one: {{value: '1', unit: 元, mark: D}}}}\nvalues: {{r: '{formula}'}}\nrule: [{{op: pay, name: p, cases: [{{from: province, to: self, amount: r * one + 0 * a}}]}}]\n"
    divisors = {"zhi": 5, "an": 0, "bo": 4}
    rows = [row for party, b in divisors.items() for row in (f"a,{party},2021,10,元", f"b,{party},2021,{b},元")]
    scheme, facts = write_scheme(tmp_path / "s.yaml", body), write_facts(tmp_path / "f.csv", *rows)
    if fen is None:
        with pytest.raises(Problems, match=r"the divisor is zero|above the last band"):
            run(scheme, facts, 2021)
    else:
        result = run(scheme, facts, 2021)
        assert tuple(result.net().get(party, 0) for party in divisors) == fen
        assert all(show_formula_of(result, step)[1] for step in result.steps if step.name == "r")


@pytest.mark.parametrize(
    ("formula", "fen"),
    [
        ("a if b > 0 else c", (1000, 0, 1000)),
        ("c if b == 0 else a", (1000, 0, 1000)),
        ("a if b > 0 or c > one else 0", (1000, 0, 1000)),
        ("0 if b == 0 and c > one else a", (1000, 0, 1000)),
        ("a if c > one or b > 0 else 0", (0, 0, 0)),
        ("a + 0 * c", (0, 0, 0)),
        ("a if whole > 0 else c", (1000, 1000, 1000)),
        ("c if whole < 0 else a", (1000, 1000, 1000)),
        ("one if whole > 0 else c", (100, 100, 100)),
        ("one if whole > 0 or c > one else a", (100, 100, 100)),
        ("a if whole < 0 and c > one else one", (100, 100, 100)),
        ("sum(one if whole > 0 else c, over=party) + 0 * a", (300, 300, 300)),
        ("sum(one if whole > 0 else m, over=month)", (1200, 1200, 1200)),
        ("one if whole > 0 else earlier(c, years=1)", (100, 100, 100)),
        ("one if whole > 0 else earlier(result(p), years=1)", (100, 100, 100)),
        ("earlier(result(p), years=1) if whole < 0 else a", (1000, 1000, 1000)),
        ("one if whole > 0 or earlier(result(p), years=1) > one else a", (100, 100, 100)),
        ("one if whole < 0 and in_year(result(p), 2019) > one else a", (1000, 1000, 1000)),
        ("one if b >= 0 else earlier(result(p), years=1)", None),
    ],
)
def test_what_a_branch_that_is_not_taken_lacks_is_not_asked_for(
    formula: str, fen: tuple[int, ...] | None, tmp_path: Path
) -> None:
    """A skipped cell, a figure or a result of an earlier year: where a condition of the whole scheme decides, nobody looks for them."""
    body = f"inputs: {{a: {{by: party, unit: 元}}, b: {{by: party, unit: 元}}, c: {{by: party, unit: 元, missing: skip}}, m: {{by: party, every: month, unit: 元, missing: skip}}, whole: {{unit: 元}}}}\nconstants: {{one: {{value: '1', unit: 元, mark: D}}}}\nvalues: {{r: '{formula}'}}\nrule:\n- {{op: pay, name: p, cases: [{{from: province, to: self, amount: r}}]}}\n- {{op: pay, name: q, when: whole < 0 * one, cases: [{{from: province, to: self, amount: 'a + b + c + sum(m, over=month)'}}]}}\n"
    divisors = {"zhi": 5, "an": 0, "bo": 4}
    rows = [row for party, b in divisors.items() for row in (f"a,{party},2021,10,元", f"b,{party},2021,{b},元")]
    scheme, facts = write_scheme(tmp_path / "s.yaml", body), write_facts(tmp_path / "f.csv", *rows, "whole,,2021,3,元")
    if fen is None:
        with pytest.raises(Problems, match="in 2020 is not known"):
            run(scheme, facts, 2021)
    else:
        assert tuple(run(scheme, facts, 2021).net().get(party, 0) for party in divisors) == fen


@pytest.mark.parametrize(
    ("cases", "fen"),
    [
        ("[{when: b > 0, from: province, to: self, amount: a}, {from: province, to: self, amount: c}]", (1000, 0, 1000)),
        (
            "[{when: b > 0, from: province, to: self, amount: a}, {when: c > a, from: province, to: self, amount: a}]",
            (1000, 0, 1000),
        ),
        ("[{when: c > a, from: province, to: self, amount: a}, {from: province, to: self, amount: a}]", (0, 0, 0)),
        ("[{when: b > 0, from: province, to: self, amount: c}, {from: province, to: self, amount: a}]", (0, 1000, 0)),
    ],
)
def test_a_case_that_does_not_hold_may_lack_its_figures(cases: str, fen: tuple[int, ...], tmp_path: Path) -> None:
    body = f"inputs: {{a: {{by: party, unit: 元}}, b: {{by: party, unit: 元}}, c: {{by: party, unit: 元, missing: skip}}}}\nrule:\n- {{op: pay, name: p, cases: {cases}}}\n- {{op: pay, name: q, cases: [{{when: b < 0, from: province, to: self, amount: a + c}}]}}\n"
    divisors = {"zhi": 5, "an": 0, "bo": 4}
    rows = [row for party, b in divisors.items() for row in (f"a,{party},2021,10,元", f"b,{party},2021,{b},元")]
    result = run(write_scheme(tmp_path / "s.yaml", body), write_facts(tmp_path / "f.csv", *rows), 2021)
    assert tuple(result.net().get(party, 0) for party in divisors) == fen


@pytest.mark.parametrize("wrong", ["x: {by: party, unit: 畦}", "x: {by: party, unit: 元/畦}"])
def test_a_unit_that_is_none_is_told_once(wrong: str, tmp_path: Path) -> None:
    body = f"inputs: {{{wrong}, y: {{by: party, unit: 户}}}}\nconstants: {{each: {{value: '2', unit: 元/户, mark: D}}, of: {{value: '2', unit: 元/亩, mark: D}}, area: {{value: '1', unit: 亩, mark: D}}}}\nvalues: {{v: x + y * each + area * of}}\nrule: [{{op: pay, name: a, cases: [{{from: province, to: self, amount: v}}]}}]\n"
    scheme = write_scheme(tmp_path / "s.yaml", body)
    with pytest.raises(Problems, match="is not a unit") as refused:
        read_scheme(scheme)
    assert len(refused.value.problems) == 1
    check_both(refused.value)
    write_scheme(scheme, body.replace(wrong, "x: {by: party, unit: 元}"))
    facts = write_facts(
        tmp_path / "f.csv", *(row for party in ("zhi", "an", "bo") for row in (f"x,{party},2021,1,元", f"y,{party},2021,3,户"))
    )
    assert run(scheme, facts, 2021).net()["zhi"] == 900


def test_days_and_weeks_are_axes(tmp_path: Path) -> None:
    """Three days above the limit in two months, at most two counted a month; one bad week of two."""
    body = (
        "inputs:\n  c: {by: party, every: day, unit: mg/L, missing: skip}\n  w: {by: party, every: week, unit: '1', missing: skip}\n"
        "constants: {limit: {value: '1', unit: mg/L, mark: D}, a_day: {value: '7', unit: 元, mark: D}}\n"
        "values:\n  counted: 'min(2, sum(c > limit, over=day, by=month))'\n"
        "rule: [{op: pay, name: a, cases: [{from: self, to: province, amount: 'a_day * (sum(counted, over=month) + sum(w, over=week))'}]}]\n"
    )
    scheme = write_scheme(tmp_path / "s.yaml", body)
    days = ("01-02", "01-03", "01-31", "02-28")
    facts = write_facts(
        tmp_path / "f.csv",
        *(f"c,zhi,2021-{day},2,mg/L" for day in days),
        "c,zhi,2021-03-01,1,mg/L",
        "w,zhi,2021W01,0,1",
        "w,zhi,2021W52,1,1",
    )
    assert run(scheme, facts, 2021).net()["zhi"] == -2800
    for wrong, told in (
        ("2021W53", "2021W53, which the calendar"),
        ("2021-02-30", "30, which the calendar"),
        ("2021-13", "'2021-13'"),
    ):
        write_facts(facts, f"c,zhi,{wrong},2,mg/L")
        with pytest.raises(Problems, match=f"the period of c is .*{told}") as refused:
            run(scheme, facts, 2021)
        check_both(refused.value)


def test_a_figure_of_the_whole_scheme_that_has_no_row_is_named_without_a_place(tmp_path: Path) -> None:
    body = "inputs: {rate: {unit: '%'}}\nrule: [{op: pay, name: a, cases: [{from: province, to: zhi, amount: m * rate}]}]\n"
    scheme = write_scheme(tmp_path / "s.yaml", f"{body}constants: {{m: {{value: '7', unit: 元, mark: D}}}}\n")
    with pytest.raises(Problems, match="rate 2021 has no row") as refused:
        run(scheme, write_facts(tmp_path / "f.csv", "rate,,2020,1,%"), 2021)
    check_both(refused.value)


def test_load_is_flow_times_excess_times_the_days_of_the_month(tmp_path: Path) -> None:
    """2 m3/s, 0.5 mg/L too much in February (28 days): 2.4192 t at 1,000 yuan."""
    body = (
        "inputs:\n  flow: {by: party, every: month, unit: m3/s, missing: skip}\n  c: {by: party, every: month, unit: mg/L, missing: skip}\n"
        "constants: {limit: {value: '1', unit: mg/L, mark: D}, price: {value: '1000', unit: 元/t, mark: D}}\n"
        "rule: [{op: pay, name: a, cases: [{from: self, to: province, amount: price * flow * days_in_month * at_least_zero(c - limit)}]}]\n"
    )
    scheme = write_scheme(tmp_path / "s.yaml", body)
    facts = write_facts(tmp_path / "f.csv", "flow,zhi,2021-02,2,m3/s", "c,zhi,2021-02,1.5,mg/L")
    assert run(scheme, facts, 2021).net()["zhi"] == -241920


SECTIONS = """sections: {table: pairs.csv}
inputs:
  grade: {by: section, every: month, unit: water_class, missing: skip}
constants:
  sum: {column: sum, unit: 万元, mark: D}
  target: {column: target, unit: water_class, mark: D}
values:
  met: grade <= target
rule:
  - {op: pay, name: pair, cases: [{when: met, from: downstream, to: upstream, amount: sum}, {from: upstream, to: downstream, amount: sum}]}
"""


def test_all_pairs_are_one_document_with_a_table(tmp_path: Path) -> None:
    """Three pairs of counties; net by pair, and booked again from the store alone."""
    table = tmp_path / "pairs.csv"
    head = "section,name,upstream,downstream,sum,target\n"
    table.write_text(
        head + "one,一断面,360724,360703,1.5,3\ntwo,二断面,360725,360724,2,2\nthree,三断面,360726,360725,0.25,3\n", "utf-8"
    )
    scheme = write_scheme(tmp_path / "s.yaml", SECTIONS, end=END.replace("gross", "net"))
    text = scheme.read_text("utf-8").replace("members: [zhi, an, bo]", 'members: {counties_of: "360000"}')
    text = text.replace(
        'parties: {province: {code: "360000"}, zhi: {code: "360724"}, an: {code: "360725"}, bo: {code: "360726"}}',
        'parties: {province: {code: "360000"}}',
    )
    scheme.write_text(text, "utf-8")
    facts = write_facts(
        tmp_path / "f.csv",
        *(f"grade,one,2021-{m:02d},{'II' if m < 10 else 'V'},water_class" for m in range(1, 13)),
        *(f"grade,two,2021-{m:02d},III,water_class" for m in range(1, 5)),
        "grade,three,2021-06,III,water_class",
    )
    desk = Store(tmp_path / "gep.duckdb")
    result, _, found = compensate(desk, str(scheme), 2021, [facts])
    assert result.net() == {
        "360703": -9_000_000,
        "360724": 9_000_000 + 8_000_000,
        "360725": -8_000_000 - 250_000,
        "360726": 250_000,
    }
    book(desk, result, found)
    from gep.compensation import booking

    with Store(desk.path) as opened:
        again = booking.recompute_stored_result(opened, "toy", 2021, None)
    assert again is not None
    assert again[0].sha256 == result.sha256
    for wrong, said in (
        (
            "one,一断面,360724,360703,1.5,3\none,x,360725,360724,2,2\n",
            r"pairs.csv:3: the section 'one' has no id or stands twice",
        ),
        ("one,一断面,360724,360703,abc,3\n", r"pairs.csv:2: 'abc' is not a decimal number"),
        ("one,一断面,360724,399999,1,3\n", "downstream of the section one is '399999'"),
        ("one,一断面,360724,360724,1,3\n", "the section one has the same party on both sides"),
        ("one,一断面,360724,,1,3\n", "the sections one state no downstream"),
    ):
        table.write_text(head + wrong, "utf-8")
        with pytest.raises(Problems, match=said) as refused:
            read_scheme(scheme)
        check_both(refused.value)
    table.write_text("section,name,upstream,downstream,sum\none,x,360724,360703,1\n", "utf-8")
    with pytest.raises(Problems, match="there is no column 'target'"):
        read_scheme(scheme)
    table.unlink()
    with pytest.raises(Problems, match="there is no table"):
        read_scheme(scheme)


def test_the_quarters_of_a_year_are_due_after_each(tmp_path: Path) -> None:
    """The fine of December is due in January, the award of March in April, each on a working day."""
    del tmp_path
    folder = CASES / "xian-quarterly"
    result = run(folder / "scheme.yaml", folder / "facts.csv", 2021)
    due = sorted({(one.period, one.due) for one in result.postings})
    assert due == [("Q1", "2021-04-20"), ("Q2", "2021-07-20"), ("Q3", "2021-10-20"), ("Q4", "2022-01-20")]


def test_members_of_a_table(tmp_path: Path) -> None:
    """Members from a table beside the scheme, as where there are too many for a document."""
    table = tmp_path / "members.csv"
    table.write_text("party,name,code\nfirst,甲村,\nsecond,,360725\n", "utf-8")
    body = "funds: {pool: {sources: [{from: province, amount: '100'}]}}\ninputs: {score: {by: party, unit: score}}\nrule: [{op: allocate, name: a, fund: pool, by: score}]\n"
    scheme = write_scheme(tmp_path / "s.yaml", body)
    text = scheme.read_text("utf-8")
    start, stop = text.index("parties:"), text.index("accounts:")
    scheme.write_text(
        f'{text[:start]}parties: {{province: {{code: "360000"}}}}\nmembers: {{table: members.csv}}\n{text[stop:]}', "utf-8"
    )
    facts = write_facts(tmp_path / "f.csv", "score,甲村,2021,1,score", "score,崇义县,2021,3,score")
    assert run(scheme, facts, 2021).net() == {"first": 2500, "province": -10000, "second": 7500}
    for wrong, said in (
        ("party,name\nfirst,a\nfirst,b\n", "the party 'first' has no id or stands twice"),
        ("name\na\n", "there is no column 'party'"),
    ):
        table.write_text(wrong, "utf-8")
        with pytest.raises(Problems, match=said) as refused:
            read_scheme(scheme)
        check_both(refused.value)
