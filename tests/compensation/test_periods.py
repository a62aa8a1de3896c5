"""Periods: versions within a year, contract years, settling by the quarter, in-year runs and what later ones settle."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from languages import check_both
from toy_schemes import END, write_facts, write_scheme
from two_hands import book, post

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.messages.problems import Problems
from gep.store.store import Store
from gep.tasks.compensate import compensate
from gep.units.money import format_yuan

if TYPE_CHECKING:
    from conftest import Program

    from gep.compensation.compute import Result

MONTHLY = """inputs:
  grade: {by: party, every: month, unit: water_class, range: ["1", "6"], missing: skip}
constants:
  monthly_sum: {value: "SUM", unit: 万元, mark: D, group: pool}
rule:
  - {op: pay, name: m, cases: [{when: grade <= 3, from: province, to: self, amount: monthly_sum}, {from: self, to: province, amount: monthly_sum}]}
"""
NET = END.replace("compute: year, netting: gross", "compute: month, netting: net")


def months(year: int, classes: dict[int, str], place: str = "zhi") -> list[str]:
    return [f"grade,{place},{year}-{month:02d},{classes[month]},water_class" for month in sorted(classes)]


def version(path: Path, yuan: str, effective: str, end: str = NET) -> Path:
    return write_scheme(path, MONTHLY.replace("SUM", yuan), effective=effective, end=end)


def run(scheme: Path, facts: Path, year: int) -> Result:
    return compute(find_scheme(str(scheme), year), read_facts([facts]), year)


GOOD = dict.fromkeys(range(1, 13), "II")


def test_each_version_rules_its_own_days_of_a_year(gep: Program, tmp_path: Path) -> None:
    """1 million a month to June, 2 from July: 18 million in all, not 24; both are booked side by side."""
    folder = tmp_path / "versions"
    folder.mkdir()
    version(folder / "one.yaml", "100", "{from: 2020-01-01, to: 2020-06-30}")
    version(folder / "two.yaml", "200", "{from: 2020-07-01}")
    text = (folder / "two.yaml").read_text("utf-8").replace('version: "1"', 'version: "2"\nsupersedes: ["toy 1"]')
    (folder / "two.yaml").write_text(text, "utf-8")
    facts = write_facts(tmp_path / "f.csv", *months(2020, GOOD))
    asked = ("compensate", str(folder), "2020", "--inputs", str(facts), "--store", gep.store)
    found = json.loads(post(gep, *asked, "--format", "json").stdout)
    assert [one["parties"][0]["net"] for one in found] == ["-6000000.00", "-12000000.00"]
    said = gep("transfers", "--county", "360724", "--year", "2020", "--store", gep.store).stdout
    assert "18,000,000.00" in said
    assert "settled: 2020-07-01 to 2020-12-31" in gep(*asked).stdout
    assert "already booked as run 1" in post(gep, *asked, code=2).stderr
    (folder / "two.yaml").write_text(text.replace("2020-07-01", "2020-06-15"), "utf-8")
    assert "begins on 2020-06-15" in gep(*asked, code=2).stderr


@pytest.mark.parametrize(
    ("part", "first", "second"),
    [
        ("days", Fraction(2) + Fraction(15, 31), Fraction(9) + Fraction(16, 31)),
        ("months", Fraction(2), Fraction(10)),
        ("whole", Fraction(3), Fraction(10)),
    ],
)
def test_a_rule_that_changes_within_a_month_counts_as_it_says(
    part: str, first: Fraction, second: Fraction, tmp_path: Path
) -> None:
    facts = write_facts(tmp_path / "f.csv", *months(2020, GOOD))
    for effective, share in (("{from: 2020-01-01, to: 2020-03-15", first), ("{from: 2020-03-16", second)):
        scheme = version(tmp_path / "s.yaml", "100", effective + "}")
        with pytest.raises(Problems, match="a part of 2020-03") as refused:
            run(scheme, facts, 2020)
        check_both(refused.value)
        scheme = version(tmp_path / "s.yaml", "100", f"{effective}, part: {part}}}")
        assert abs(run(scheme, facts, 2020).net()["zhi"] - share * 100_000_000) < 1


def test_yearly_money_of_a_part_of_a_year_counts_as_the_scheme_says(tmp_path: Path) -> None:
    """366 yuan a year, in force from 2020-07-01, 184 of 366 days and 6 of 12 months; what the formula counts itself stays."""
    body = "constants: {sum: {value: '366', unit: 元, mark: D}}\nrule: [{op: pay, name: a, cases: [{from: province, to: zhi, amount: AMOUNT}]}]\n"
    facts = write_facts(tmp_path / "f.csv", "other,,2020,1,元")
    scheme = write_scheme(tmp_path / "s.yaml", body.replace("AMOUNT", "sum"), effective="{from: 2020-07-01}")
    with pytest.raises(Problems, match=r"in force from 2020-07-01 to 2020-12-31, a part of 2020\n") as refused:
        run(scheme, facts, 2020)
    check_both(refused.value)
    for part, fen in (("days", 18400), ("months", 18300), ("whole", 36600)):
        write_scheme(scheme, body.replace("AMOUNT", "sum"), effective=f"{{from: 2020-07-01, part: {part}}}")
        assert run(scheme, facts, 2020).net()["zhi"] == fen
    for formula, fen in (("sum * days_in_force / days_in_year", 18400), ("sum * months_in_force / 12", 18300)):
        write_scheme(scheme, body.replace("AMOUNT", formula), effective="{from: 2020-07-01}")
        assert run(scheme, facts, 2020).net()["zhi"] == fen
    write_scheme(scheme, body.replace("AMOUNT", "sum"), effective="{from: 2020-07-01, on: 12-31}")
    assert run(scheme, facts, 2020).net()["zhi"] == 36600  # the version of that day rules the whole year


def test_a_contract_of_three_years_loses_no_month(tmp_path: Path) -> None:
    """From 2019-07 to 2022-06: 36 months, by calendar years (6, 12, 12, 6) and by contract years (12, 12, 12)."""
    rows = [row for year in range(2019, 2023) for row in months(year, GOOD)]
    facts = write_facts(tmp_path / "f.csv", *rows)
    effective = "{from: 2019-07-01, to: 2022-06-30}"
    scheme = version(tmp_path / "s.yaml", "1", effective)
    assert [run(scheme, facts, year).net()["zhi"] for year in range(2019, 2023)] == [6_000_000, 12_000_000, 12_000_000, 6_000_000]
    by_contract = NET.replace("due: [", "year_begins: 07-01, due: [")
    scheme = version(tmp_path / "s.yaml", "1", effective, by_contract)
    found = [run(scheme, facts, year) for year in range(2019, 2022)]
    assert [one.net()["zhi"] for one in found] == [12_000_000] * 3
    assert [one.postings[0].due for one in found] == ["2020-12-31", "2021-12-31", "2022-12-31"]
    for year in (2018, 2022):
        with pytest.raises(Problems, match="is not in force in") as refused:
            run(scheme, facts, year)
        check_both(refused.value)
    gross = version(tmp_path / "s.yaml", "1", effective, by_contract.replace("netting: net", "netting: gross"))
    assert {one.period for one in run(gross, facts, 2019).postings} == {f"2019-{m:02d}" for m in range(7, 13)} | {
        f"2020-{m:02d}" for m in range(1, 7)
    }


def test_a_month_is_paid_after_its_own_quarter(tmp_path: Path) -> None:
    """Fines of March and December: due after the first and the last quarter, moved to a working day."""
    facts = write_facts(tmp_path / "f.csv", *months(2020, {**GOOD, 3: "V", 12: "V"}))
    end = NET.replace('due: [{day: "12-31"}]', 'settle: quarter, due: [{day: "15", months: 1}]')
    quarterly = run(version(tmp_path / "s.yaml", "1", "{from: 2020-01-01}", end), facts, 2020)
    assert [(one.period, one.due, format_yuan(one.fen), one.target) for one in quarterly.postings] == [
        ("Q1", "2020-04-15", "10,000.00", "zhi"),
        ("Q2", "2020-07-15", "30,000.00", "zhi"),
        ("Q3", "2020-10-15", "30,000.00", "zhi"),
        ("Q4", "2021-01-15", "10,000.00", "zhi"),
    ]
    moved = end.replace(
        "mark: D}\nrounding", 'working_days: {move: next, holidays: ["2020-04-15"], workdays: []}, mark: D}\nrounding'
    )
    assert (
        run(version(tmp_path / "s.yaml", "1", "{from: 2020-01-01}", moved.replace('"15"', '"18"')), facts, 2020).postings[1].due
        == "2020-07-20"
    )
    assert run(version(tmp_path / "s.yaml", "1", "{from: 2020-01-01}", moved), facts, 2020).postings[0].due == "2020-04-16"
    days = "due: [{day: 03-31}, {day: 06-30}, {day: 09-30}, {day: 12-31}]"
    by_days = run(
        version(tmp_path / "s.yaml", "1", "{from: 2020-01-01}", NET.replace('due: [{day: "12-31"}]', days)), facts, 2020
    )
    assert [(one.due, one.fen) for one in by_days.postings] == [
        ("2020-03-31", 10**6),
        ("2020-06-30", 3 * 10**6),
        ("2020-09-30", 3 * 10**6),
        ("2020-12-31", 10**6),
    ]
    later = NET.replace('due: [{day: "12-31"}]', "due: [{day: 03-31, year: 1}, {day: 06-30, year: 1}]")
    halves = run(version(tmp_path / "s.yaml", "1", "{from: 2020-01-01}", later), facts, 2020)
    assert [(one.due, one.fen) for one in halves.postings] == [("2021-03-31", 4 * 10**6), ("2021-06-30", 4 * 10**6)]


def test_what_operations_pay_each_other_is_netted_across_them(tmp_path: Path) -> None:
    body = "constants: {sum: {value: '5', unit: 元, mark: D}}\nrule:\n  - {op: pay, name: a, cases: [{from: province, to: zhi, amount: 3 * sum}]}\n  - {op: pay, name: b, cases: [{from: zhi, to: province, amount: sum}]}\n"
    facts = write_facts(tmp_path / "f.csv", "other,,2020,1,元")
    for netting, count in (("net", 2), ("all", 1)):
        scheme = write_scheme(tmp_path / "s.yaml", body, end=END.replace("gross", netting))
        result = run(scheme, facts, 2020)
        assert len(result.postings) == count
        assert result.net()["zhi"] == 1000


def test_an_in_year_run_is_no_correction_and_a_later_one_settles_the_difference(gep: Program, tmp_path: Path) -> None:
    classes = {**GOOD, 2: "V"}
    facts = write_facts(tmp_path / "f.csv", *months(2020, classes))
    scheme = version(tmp_path / "s.yaml", "1", "{from: 2020-01-01}")
    asked = ("compensate", str(scheme), "2020", "--inputs", str(facts), "--store", gep.store)
    assert "booked as run 1: 1 postings" in post(gep, *asked, "--through", "2020Q1").stderr
    assert "settled: 2020-01-01 to 2020-03-31" in gep(*asked, "--through", "2020-03").stdout
    second = post(gep, *asked, "--through", "2020-06").stderr
    assert "booked as run 2" in second
    assert "reversed" not in second
    write_facts(facts, *months(2020, {**classes, 1: "V"}))  # January was wrong, and the rest of the year is known now
    assert "booked as run 3" in post(gep, *asked).stderr
    rows = json.loads(gep("transfers", "-q", "18", "--store", gep.store, "--format", "json").stdout)
    zhi = {"360724": 1, "360000": -1}
    amounts = [int(Fraction(str(row["amount"]))) * zhi[row["payee"]] for row in rows]
    assert amounts == [10_000, 30_000, 40_000]  # 1 of 3 months net, then 4 of 6, then 8 of 12 with January lost
    assert {row["reverses"] for row in rows} == {None}
    assert "run 3 has settled toy 2020 from 2020-01-01 to 2020-12-31" in post(gep, *asked, "--through", "2020-06", code=2).stderr
    assert (
        "run 3 has settled the difference to run 1"
        in gep("transfers", "--reverse", "1", "--reason", "x", "--by", "张三", "--store", gep.store, code=2).stderr
    )
    for wrong in ("2020-06-15", "2020", "2021-01"):
        assert gep(*asked, "--through", wrong, code=2).stderr.startswith("--through: ")


def test_what_was_booked_too_much_within_the_year_is_taken_back(tmp_path: Path) -> None:
    desk = Store(tmp_path / "gep.duckdb")
    end = NET.replace("netting: net", "netting: gross")
    scheme = version(tmp_path / "s.yaml", "1", "{from: 2020-01-01}", end)
    facts = write_facts(tmp_path / "f.csv", *months(2020, GOOD))
    first, _, rows = compensate(desk, str(scheme), 2020, [facts], through="2020-02")
    assert book(desk, first, rows).postings == 2
    write_facts(facts, *months(2020, {**GOOD, 2: "V"}))
    whole, _, rows = compensate(desk, str(scheme), 2020, [facts])
    assert book(desk, whole, rows).postings == 12  # ten new months, February the other way, and what it had
    with Store(desk.path) as opened:
        net = opened.execute(
            "SELECT sum(CASE WHEN payee = '360724' THEN amount_fen ELSE -amount_fen END) FROM transfer_standing"
        ).fetchall()
        back = opened.execute(
            "SELECT payer, amount_fen, reason FROM transfer_standing WHERE posting_kind = 'settlement'"
        ).fetchall()
    assert net == [(whole.net()["zhi"],)]
    assert back == [("360724", 1_000_000, "m：应为 0.00 元，年内已入账 10,000.00 元")]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=12, max_size=12), st.integers(1, 11))
def test_a_year_by_months_is_the_year_where_the_rule_is_linear(
    tmp_path_factory: pytest.TempPathFactory, tonnes: list[int], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("linear")
    body = "inputs:\n  load: {by: party, every: month, unit: t, missing: skip}\nconstants: {price: {value: '1.37', unit: 元/t, mark: D}}\nrule: [{op: pay, name: a, cases: [{from: zhi, to: province, amount: 'AMOUNT'}]}]\n"
    facts = write_facts(folder / "f.csv", *(f"load,zhi,2021-{at:02d},{one},t" for at, one in enumerate(tonnes, start=1)))
    of_year = "price * sum(sum(load, over=month), over=party)"
    whole = run(write_scheme(folder / "s.yaml", body.replace("AMOUNT", of_year)), facts, 2021).net().get("province", 0)
    by_month = run(write_scheme(folder / "s.yaml", body.replace("AMOUNT", "price * sum(load, over=party)"), end=NET), facts, 2021)
    assert by_month.net().get("province", 0) == whole == 137 * sum(tonnes)
    ends = f"2021-{cut:02d}-28", f"2021-{cut + 1:02d}-01"
    halves = 0
    for effective in (f"{{from: 2021-01-01, to: {ends[0]}, part: months}}", f"{{from: {ends[1]}, part: months}}"):
        scheme = write_scheme(folder / "s.yaml", body.replace("AMOUNT", of_year), effective=effective)
        halves += run(scheme, facts, 2021).net().get("province", 0)
    lost = tonnes[cut - 1] * 137 if cut != 2 else 0  # the month whose last day nobody rules
    assert halves + lost == whole


def test_versions_are_prepared_all_or_none_and_nothing_is_prepared_that_cannot_be_booked(gep: Program, tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    folder.mkdir()
    facts = write_facts(tmp_path / "f.csv", *months(2020, GOOD))
    first, second = "{from: 2020-01-01, to: 2020-06-30}", "{from: 2020-07-01}"
    version(folder / "a.yaml", "1", first)
    text = MONTHLY.replace("SUM", "2")
    write_scheme(folder / "b.yaml", text, effective=second, end=NET, version="2")
    asked = ("compensate", str(folder), "2020", "--inputs", str(facts), "--store", gep.store)
    for name in ("a", "b"):
        gep("scheme", "register", str(folder / f"{name}.yaml"), "--by", "张三", "--reason", "新办法", "--store", gep.store)
    write_scheme(folder / "b.yaml", text, effective=second, end=NET, version="3")  # nobody registered this one
    assert "is not registered" in gep(*asked, "--post", "--by", "张三", code=2).stderr
    assert json.loads(gep("transfers", "--prepared", "--format", "json", "--store", gep.store).stdout) == []
    assert gep(*asked, "--through", "2020-06").stdout.count("settled: ") == 1  # the other one has not begun
    assert "prepared as number 1" in gep(*asked, "--through", "2020-06", "--post", "--by", "张三").stderr
    gep("transfers", "--confirm", "1", "--by", "李四", "--store", gep.store)
    again = gep(*asked, "--through", "2020-06", "--post", "--by", "张三", code=2).stderr
    assert "already booked as run 1" in again


def test_an_in_year_run_that_settles_nothing_is_not_prepared(gep: Program, tmp_path: Path) -> None:
    facts = write_facts(tmp_path / "f.csv", *months(2020, {**GOOD, 4: "V", 5: "V"}))
    scheme = version(tmp_path / "s.yaml", "1", "{from: 2020-01-01}")
    asked = ("compensate", str(scheme), "2020", "--inputs", str(facts), "--store", gep.store)
    assert "1 postings, 30,000.00 yuan" in post(gep, *asked, "--through", "2020-03").stderr
    assert "1 postings, 10,000.00 yuan" in post(gep, *asked, "--through", "2020-04").stderr  # the difference, not the whole
    refused = gep(*asked, "--through", "2020-06", "--post", "--by", "张三", code=2).stderr  # May V, June II: as in April
    assert "nothing is left to settle beyond run 2" in refused
    assert len(json.loads(gep("transfers", "--prepared", "--format", "json", "--store", gep.store).stdout)) == 2


def test_a_version_that_is_booked_as_it_is_does_not_stand_in_the_way_of_the_others(gep: Program, tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    folder.mkdir()
    facts = write_facts(tmp_path / "f.csv", *months(2020, GOOD))
    version(folder / "a.yaml", "1", "{from: 2020-01-01, to: 2020-04-30}")
    write_scheme(folder / "b.yaml", MONTHLY.replace("SUM", "2"), effective="{from: 2020-05-01}", end=NET, version="2")
    for name in ("a", "b"):
        gep("scheme", "register", str(folder / f"{name}.yaml"), "--by", "张三", "--reason", "新办法", "--store", gep.store)
    asked = ("compensate", str(folder), "2020", "--inputs", str(facts), "--store", gep.store, "--post", "--by", "张三")
    gep(*asked, "--through", "2020-06")
    gep("transfers", "--confirm", "1", "--by", "李四", "--store", gep.store)
    gep("transfers", "--confirm", "2", "--by", "李四", "--store", gep.store)
    made = gep(*asked).stderr  # the first version ends in April: all of it is booked; July to December are left of the second
    assert "left out: toy 2020 is already booked as run 1" in made
    assert "prepared as number 3" in made
    assert "prepared as number 4" not in made
    gep("transfers", "--confirm", "3", "--by", "李四", "--store", gep.store)
    with Store(Path(gep.store)) as store:
        booked = store.connection.execute(
            "SELECT transfer_run, sum(amount_fen) FROM transfer_posting GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert booked == [(1, 4 * 10**6), (2, 2 * 2 * 10**6), (3, 6 * 2 * 10**6)]
    assert "with the same postings" in gep(*asked, code=2).stderr  # nothing of either is left
