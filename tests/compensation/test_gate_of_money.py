"""Every row of money passes one gate, and no money is spent, paid or carried twice."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from approving import approve
from conftest import ROOT, Program
from languages import check_both
from toy_schemes import write_facts, write_scheme, write_water_scheme
from two_hands import book, post, record_payments

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.compensation.late import compute_interest
from gep.messages.problems import Problems
from gep.store.store import Store
from gep.tasks.compensate import compensate
from gep.units.money import format_yuan

EXAMPLE = ROOT / "inputs" / "jiangxi-transfers-example"
POOL = "funds: {pool: {title: 资金池, sources: [{from: province, amount: money}, {carry_in: true}], rest: next_year}}\n"
MONEY = "  money: {unit: 元, group: pool}\n"
WEIGHED = "  weight: {by: party, unit: score, missing: skip}\n"


def weigh(year: int = 2021) -> list[str]:
    return [f"weight,{name},{year},1,score" for name in ("zhi", "an", "bo")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("carry_in,fund:pool,2021,-5.00,元", "fund:pool takes in -5 yuan"),
        ("carry_in,fund:pool,2021,0.009,元", "is 0.009 元"),
        ("carry_in,fund:pool,2021,1.00,万吨", "a unit that fits 元"),
        ("carry_in,fund:pool,2021,1.00,元,provisional", "is provisional"),
        ("carry_in,fund:pool,2021-03,1.00,元", "stands for 2021-03"),
        ("carry_in,fund:pol,2021,1.00,元", "did you mean fund:pool?"),
        ("carry_in,pool,2021,1.00,元", "did you mean fund:pool?"),
        ("carry_in,pool,2021,1.00,元", "takes nothing in"),
        ("ｃａｒｒｙ＿ｉｎ,fund:pool,2021,1.00,元", "carry_in, which it looks like"),
        ("result.aa,zhi,2020,1.00,元", "asks for no .result.aa."),
        ("money,,2021,100.005,元", "is 100.005 元"),
        ("money,,2021,0.00000000001,亿元", "is 0.00000000001 亿元"),
    ],
)
def test_a_row_that_no_fund_may_take_in_is_refused(row: str, said: str, tmp_path: Path) -> None:
    body = f"{POOL}inputs:\n{MONEY}{WEIGHED}rule: [{{op: allocate, name: a, fund: pool, by: weight}}]\n"
    scheme = write_scheme(tmp_path / "s.yaml", body)
    money = [] if row.startswith("money") else ["money,,2021,100,元"]
    facts = write_facts(tmp_path / "f.csv", *money, *weigh(), row)
    with pytest.raises(Problems, match=said) as refused:
        compute(find_scheme(str(scheme), 2021), read_facts([facts]), 2021, carried=lambda _: None)
    check_both(refused.value)


def test_what_is_carried_comes_from_the_booked_year_and_only_from_it(tmp_path: Path) -> None:
    desk = Store(tmp_path / "gep.duckdb")
    first, _, facts = compensate(desk, "jx-basin-pool", 2016, [EXAMPLE / "basin_pool.csv"])
    row = write_facts(tmp_path / "carry.csv", "carry_in,fund:pool,2017,3000000,元")
    unbooked, _, _ = compensate(desk, "jx-basin-pool", 2017, [EXAMPLE / "basin_pool.csv", row])
    assert any(fact.indicator == "carry_in" for fact in unbooked.used)
    book(desk, first, facts)
    with pytest.raises(Problems, match=r"takes in 3,000,000\.00 yuan by this row") as refused:
        compensate(desk, "jx-basin-pool", 2017, [EXAMPLE / "basin_pool.csv", row])
    assert "9,652,958.51 yuan, as 2016 is booked" in str(refused.value)
    check_both(refused.value)
    write_facts(row, "carry_in,fund:pool,2017,9652958.51,元")
    assert compensate(desk, "jx-basin-pool", 2017, [EXAMPLE / "basin_pool.csv", row]).base.postings


def test_floors_bases_and_deductions_hold_where_a_weight_or_rate_is_skipped(tmp_path: Path) -> None:
    """100 yuan; bo has no weight and a floor of 10: 90 remain for weights of 1 and 2, and half of 60 is taken from the second."""
    body = (
        f"{POOL}inputs:\n{MONEY}{WEIGHED}  rate: {{by: party, unit: '1', missing: skip}}\n"
        'rule:\n  - {op: allocate, name: a, fund: pool, by: weight, floor: "10"}\n'
        "  - {op: deduct, name: d, taken_from: [a], rate: rate, to: province}\n"
    )
    scheme = write_scheme(tmp_path / "s.yaml", body)
    facts = write_facts(
        tmp_path / "f.csv", "money,,2021,100,元", "weight,zhi,2021,1,score", "weight,an,2021,2,score", "rate,an,2021,0.5,1"
    )
    result = compute(find_scheme(str(scheme), 2021), read_facts([facts]), 2021, carried=lambda _: 0)
    net = result.net()
    assert {name: format_yuan(net[name]) for name in ("zhi", "an", "bo")} == {"zhi": "30.00", "an": "30.00", "bo": "10.00"}
    skipped = {step.place for step in result.steps if step.stage == "deduction" and step.note == "[skipped]"}
    assert skipped == {"zhi", "bo"}


def test_equal_claims_go_by_the_code_of_the_division_not_by_the_word_of_the_document(tmp_path: Path) -> None:
    """100.00 yuan in three: the odd fen is 360724's, which the document calls zhi, last of the three words."""
    body = f"{POOL}inputs:\n{MONEY}{WEIGHED}rule: [{{op: allocate, name: a, fund: pool, by: weight}}]\n"
    scheme = write_scheme(tmp_path / "s.yaml", body)
    facts = write_facts(tmp_path / "f.csv", "money,,2021,100,元", *weigh())
    net = compute(find_scheme(str(scheme), 2021), read_facts([facts]), 2021, carried=lambda _: 0).net()
    assert (net["zhi"], net["an"], net["bo"]) == (3334, 3333, 3333)


def test_a_supposition_out_of_range_is_refused(tmp_path: Path) -> None:
    desk = Store(tmp_path / "none.duckdb")
    with pytest.raises(Problems, match=r"water_quality_score@360730 supposes 1000 score") as refused:
        compensate(desk, "jx-basin-pool", 2016, [EXAMPLE / "basin_pool.csv"], ["water_quality_score@360730=1000"])
    check_both(refused.value)


LIMITED = (
    "funds: {pool: {title: 资金池, sources: [{from: province, amount: '100'}], rest: province}}\n"
    "inputs:\n  weight: {by: party, unit: score, missing: skip}\n  limit: {by: party, unit: 元, missing: skip}\n"
    "rule: [{op: allocate, name: a, fund: pool, by: weight, FIELDS}]\n"
)


@pytest.mark.parametrize(
    ("fields", "rows", "said"),
    [
        ("base: limit", ["limit,bo,2021,-1,元"], "the base of bo in 2021 is -1 yuan"),
        ("floor: limit", ["limit,bo,2021,-0.01,元"], "the floor of bo in 2021 is -0.01 yuan"),
        ("cap: limit", ["limit,an,2021,-20,元"], "the cap of an in 2021 is -20 yuan"),
        ("base: limit, cap: '30'", ["limit,bo,2021,40,元"], "a base of 40.00 yuan, above its cap of 30.00"),
        ("base: limit, amount: '-5'", ["limit,bo,2021,0,元"], "a shares out -5.00 yuan"),
        ("base: limit", ["Limit,bo,2021,1,元"], "toy asks for no 'Limit'"),
    ],
)
def test_limits_below_zero_and_bases_above_caps_are_refused(fields: str, rows: list[str], said: str, tmp_path: Path) -> None:
    scheme = write_scheme(tmp_path / "s.yaml", LIMITED.replace("FIELDS", fields))
    with pytest.raises(Problems, match=said) as refused:
        compute(find_scheme(str(scheme), 2021), read_facts([write_facts(tmp_path / "f.csv", *weigh(), *rows)]), 2021)
    check_both(refused.value)


@pytest.mark.parametrize(
    ("fields", "rows", "net"),
    [
        ("floor: limit", ["limit,zhi,2021,10,元", "limit,bo,2021,7.5,元"], {"zhi": 1000, "an": 0, "bo": 750}),
        ("base: limit", ["limit,zhi,2021,10,元", "limit,bo,2021,90,元"], {"zhi": 1000, "an": 0, "bo": 9000}),
        ("base: limit, floor: '20'", ["limit,zhi,2021,10,元", "limit,bo,2021,30,元"], {"zhi": 2000, "an": 2000, "bo": 3000}),
        (
            "floor: '10', when: limit > 0",
            [*weigh(), "limit,zhi,2021,1,元", "limit,an,2021,0,元"],
            {"zhi": 10000, "an": 0, "bo": 0},
        ),
        (
            "base: limit, when: weight > 0",
            ["weight,zhi,2021,1,score", "weight,an,2021,0,score", "limit,an,2021,7,元", "limit,bo,2021,8,元"],
            {"zhi": 10000, "an": 0, "bo": 0},
        ),
    ],
)
def test_floors_and_bases_hold_without_any_weight_and_only_for_those_that_the_operation_is_for(
    fields: str, rows: list[str], net: dict[str, int], tmp_path: Path
) -> None:
    scheme = write_scheme(tmp_path / "s.yaml", LIMITED.replace("FIELDS", fields))
    found = compute(find_scheme(str(scheme), 2021), read_facts([write_facts(tmp_path / "f.csv", *rows)]), 2021).net()
    assert {name: found.get(name, 0) for name in net} == net
    assert sum(found.values()) == 0


def test_rows_that_nothing_reads_are_said_with_their_address(tmp_path: Path, gep: Program) -> None:
    scheme = write_scheme(tmp_path / "s.yaml", LIMITED.replace("FIELDS", "cap: limit"))
    rows = ["limits_of,bo,2021,1,元", "limit,桐庐县,2021,1,元", "limit,bo,2020,1,元", "carry_in,fund:pool,2021,1,元"]
    facts = write_facts(tmp_path / "f.csv", *weigh(), *rows)
    said = json.loads(gep("compensate", str(scheme), "2021", "--inputs", str(facts), "--format", "json").stdout)["unread"]
    assert said == [
        f"1 rows of carry_in are read by nothing in toy: {facts}:8",
        "1 rows of limit are left out, as this scheme does not know 桐庐县",
        f"1 rows of limits_of are read by nothing in toy: {facts}:5",
    ]
    shown = gep("compensate", str(scheme), "2021", "--inputs", str(facts), "--lang", "zh").stdout
    assert "未计入的事实行：" in shown
    assert "limit 有 1 行未计入，本办法不认得：桐庐县" in shown


RATES = "rule: [{op: pay, name: a, cases: [{from: 'fund:pool', to: self, amount: 'money * share(weight, over=party)'}]}]\n"


@pytest.mark.parametrize(
    ("fund", "shares"),
    [
        ("residual: largest_remainder", {"zhi": 3334, "an": 3333, "bo": 3333}),
        ("residual: bo", {"zhi": 3333, "an": 3333, "bo": 3334}),
        ("residual: province", {"zhi": 3333, "an": 3333, "bo": 3333, "province": -9999}),
    ],
)
def test_the_residual_of_roundings_goes_where_the_scheme_says(fund: str, shares: dict[str, int], tmp_path: Path) -> None:
    refused = f"funds: {{pool: {{sources: [{{from: province, amount: money}}]}}}}\ninputs:\n{MONEY}{WEIGHED}{RATES}"
    facts = read_facts([write_facts(tmp_path / "f.csv", "money,,2021,100,元", *weigh())])
    scheme = write_scheme(tmp_path / "s.yaml", refused)
    with pytest.raises(Problems, match=r"keeps 0\.01 yuan that nothing takes out: 3 payments were each rounded to 0\.01") as told:
        compute(find_scheme(str(scheme), 2021), facts, 2021)
    assert all(way in str(told.value) for way in ("op: allocate", "residual: largest_remainder", "rest: next_year"))
    check_both(told.value)
    scheme = write_scheme(tmp_path / "s.yaml", refused.replace("money}]}}", f"money}}], {fund}}}}}"))
    net = compute(find_scheme(str(scheme), 2021), facts, 2021).net()
    assert {name: net[name] for name in shares} == shares
    assert sum(net.values()) == 0


def test_roundings_that_pay_out_a_fen_too_much_are_taken_back(tmp_path: Path) -> None:
    """200.00 yuan in three: 66.67 each is 200.01."""
    body = f"funds: {{pool: {{sources: [{{from: province, amount: money}}], residual: largest_remainder}}}}\ninputs:\n{MONEY}{WEIGHED}{RATES}"
    scheme = write_scheme(tmp_path / "s.yaml", body)
    facts = read_facts([write_facts(tmp_path / "f.csv", "money,,2021,200,元", *weigh())])
    assert sorted(compute(find_scheme(str(scheme), 2021), facts, 2021).net().values()) == [-20000, 6666, 6667, 6667]
    for way, net in (
        ("bo", {"zhi": 6667, "an": 6667, "bo": 6666, "province": -20000}),
        (
            "province",
            {"zhi": 6667, "an": 6667, "bo": 6667, "province": -20001},
        ),  # who is not paid by the fund bears what is lacking
    ):
        write_scheme(scheme, body.replace("residual: largest_remainder", f"residual: {way}"))
        assert compute(find_scheme(str(scheme), 2021), facts, 2021).net() == dict(sorted(net.items()))
    write_scheme(scheme, body.replace("residual: largest_remainder", "rest: province"))
    with pytest.raises(Problems, match="two ways out: op: allocate") as refused:
        compute(find_scheme(str(scheme), 2021), facts, 2021)
    assert "next_year" not in str(refused.value)
    check_both(refused.value)


def test_figures_that_miss_zero_by_a_rounding_are_taken_up_by_the_party_named(tmp_path: Path) -> None:
    body = "inputs:\n  change: {by: party, unit: 元}\nrule: [{op: clear, name: c, amount: change, through: province}]\n"
    facts = read_facts(
        [write_facts(tmp_path / "f.csv", "change,zhi,2021,10.01,元", "change,an,2021,-5,元", "change,bo,2021,-5,元")]
    )
    scheme = write_scheme(tmp_path / "s.yaml", body)
    with pytest.raises(Problems, match=r"sum to 0\.01 yuan") as refused:
        compute(find_scheme(str(scheme), 2021), facts, 2021)
    check_both(refused.value)
    scheme = write_scheme(tmp_path / "s.yaml", body.replace("through: province", "through: province, residual: bo"))
    assert compute(find_scheme(str(scheme), 2021), facts, 2021).net() == {"an": -500, "bo": -501, "province": 0, "zhi": 1001}
    scheme = write_scheme(tmp_path / "s.yaml", body.replace("through: province", "through: province, residual: province"))
    assert compute(find_scheme(str(scheme), 2021), facts, 2021).net() == {"an": -500, "bo": -500, "province": -1, "zhi": 1001}


def test_a_run_in_which_nobody_pays_is_not_booked(tmp_path: Path) -> None:
    body = f"inputs:\n{WEIGHED}rule: [{{op: pay, name: a, cases: [{{from: province, to: self, amount: weight * price}}]}}]\nconstants: {{price: {{value: '1', unit: 元, mark: D}}}}\n"
    body = body.replace("amount: weight * price", "when: weight > 0, amount: price")
    scheme = write_scheme(tmp_path / "s.yaml", body)
    desk = Store(tmp_path / "gep.duckdb")
    result, _, facts = compensate(desk, str(scheme), 2021, [write_facts(tmp_path / "f.csv", "other,,2021,1,元")])
    with pytest.raises(Problems, match="nobody pays anything in toy 2021") as refused:
        book(desk, result, facts)
    check_both(refused.value)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("id: other", "the fund 资金池 paid by 江西省 is spent twice"),
        ("notice", "the money of notice 财预1号 is spent twice"),
        ("supersedes", "other and toy are versions of one scheme"),
        ("payments", "the same payments are booked, such as 33.34 yuan from 360000 to 360725"),
        ("brackets", "the fund （江西省 资金池） paid by 江西省 is spent twice"),
        ("title", "the same payments are booked, such as 33.33 yuan from 360000 to 360725"),
        ("number", "the money of notice 赣财预〔2021〕8号 is spent twice"),
        ("payer", "the fund 资金池 paid by 省财政厅 is spent twice"),
        ("one more", "the same payments are booked, such as 33.34 yuan from 360000 to 360725"),
        ("quarters", "the same payments are booked, such as 100.00 yuan from 360000 to 360725"),
    ],
)
def test_money_that_another_scheme_has_booked_is_stopped_for_a_second_look(second: str, said: str, tmp_path: Path) -> None:
    source = "{from: province, amount: money}"
    body = f"{POOL}inputs:\n{MONEY}{WEIGHED}rule: [{{op: allocate, name: a, fund: pool, by: weight}}]\n"
    paid = f"inputs:\n{MONEY}{WEIGHED}rule: [{{op: charge, name: a, amount: money, by: weight, to: province}}]\n"
    pay = f"inputs:\n{MONEY}{WEIGHED}{RATES.replace('fund:pool', 'province')}"
    noticed = body.replace(source, "{from: province, amount: money, notice: 财预1号}")
    numbered = body.replace(source, "{from: province, amount: money, notice: '赣财预〔2021〕8号'}")
    more = f"inputs:\n{WEIGHED}" + "constants: {part: {value: '33.34', unit: 元, mark: D}}\nrule:\n"
    each = "  - {op: pay, name: NAME, cases: [{when: WHEN, from: province, to: self, amount: part}]}\n"
    two = more + each.replace("NAME", "a").replace("WHEN", "weight * (1 - member(bo)) > 0")
    whole = more.replace("33.34", "100") + each.replace("NAME", "a").replace("WHEN", "weight > 0")
    halves = more.replace("33.34", "50") + "".join(each.replace("NAME", name).replace("WHEN", "weight > 0") for name in "ab")
    first, other = {
        "id: other": (body, body.replace("{op: allocate", "{op: allocate, title: 另一项")),
        "notice": (noticed, noticed.replace("title: 资金池", "title: 别名")),
        "supersedes": (paid, paid.replace("inputs:", 'supersedes: ["toy 1"]\ninputs:')),
        "payments": (pay, pay),
        "brackets": (body, body.replace("title: 资金池", "title: （江西省 资金池）")),
        "title": (body, body.replace("title: 资金池", "title: 另一资金")),
        "number": (numbered, numbered.replace("title: 资金池", "title: 别名").replace("〔2021〕8号", "[2021] 第８号")),
        "payer": (body, body.replace("by: weight}", "by: weight * (1 + member(zhi))}")),
        "one more": (two, two.replace("weight * (1 - member(bo)) > 0", "weight > 0")),
        "quarters": (whole, halves),
    }[second]
    if second == "payments":
        said = said.replace("33.34", "33.33")
    desk = Store(tmp_path / "gep.duckdb")
    facts = write_facts(tmp_path / "f.csv", "money,,2021,100,元", *weigh(), "carry_in,fund:pool,2021,0,元")
    for name, text in (("toy", first), ("other", other)):
        scheme = write_scheme(tmp_path / f"{name}.yaml", text, id=name)
        if second == "payer" and name == "other":
            scheme.write_text(scheme.read_text("utf-8").replace('{code: "360000"}', '{code: "360000", name: 省财政厅}'), "utf-8")
        result, _, rows = compensate(desk, str(scheme), 2021, [facts])
        if name == "toy":
            book(desk, result, rows)
    with pytest.raises(Problems) as refused:
        book(desk, result, rows)
    assert said in str(refused.value)
    assert "run 1 of 2" in str(refused.value)
    check_both(refused.value)
    assert book(desk, result, rows, despite="两笔资金，文件分别下达").postings


def test_a_voucher_pays_once_and_not_tomorrow(tmp_path: Path) -> None:
    desk = Store(tmp_path / "gep.duckdb")
    body = f"{POOL}inputs:\n{MONEY}{WEIGHED}rule: [{{op: allocate, name: a, fund: pool, by: weight}}]\n"
    facts = write_facts(tmp_path / "f.csv", "money,,2020,100,元", *weigh(2020))
    result, _, rows = compensate(desk, str(write_scheme(tmp_path / "s.yaml", body)), 2020, [facts])
    book(desk, result, rows)
    paid = tmp_path / "paid.csv"
    head = "posting_voucher,paid_on,amount,voucher\n"
    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011 - the day where the program runs
    for text, said in (
        (f"toy-2020-1-00002,{tomorrow},1.00,A-1\n", "which has not come yet"),
        ("toy-2020-1-00002,2021-01-02,1.00, \n", "the payment on toy-2020-1-00002 has no voucher"),
        ("toy-2020-1-00002,2021-01-02,1.00,待补\n", "the payment on toy-2020-1-00002 has no voucher"),
        ("toy-2020-1-00002,2021-01-02,1.00,——\n", "the payment on toy-2020-1-00002 has no voucher"),
        ("toy-2020-1-00002,1999-01-02,1.00,A-1\n", "is paid on 1999-01-02, long before its year"),
        ("toy-2020-1-00002,44198,1.005,A-1\n", "(?s)44198' is not a day.*is paid 1.005 yuan|is paid 1.005 yuan.*is not a day"),
        (
            "toy-2020-1-00002,2021-01-02,1.00,A-1\ntoy-2020-1-00003,2021-01-02,1.00,A-1\n",
            "the voucher A-1 has paid before: 1.00 yuan on 2021-01-02 for toy-2020-1-00002",
        ),
    ):
        paid.write_text(head + text, "utf-8")
        with pytest.raises(Problems, match=said) as refused:
            record_payments(desk, paid)
        check_both(refused.value)
    paid.write_text(head + "toy-2020-1-00002,2021-01-02,1.00,A-1\n", "utf-8")
    assert record_payments(desk, paid) == 1
    with pytest.raises(Problems, match="the voucher A-1 has paid before"):
        record_payments(desk, paid)
    paid.write_text("posting_voucher,paid_on,amount\ntoy-2020-1-00002,2021-01-02,1.00\n", "utf-8")
    with pytest.raises(Problems, match="there is no column 'voucher'"):
        record_payments(desk, paid)


def test_a_county_that_was_merged_since_is_a_member_of_its_years(tmp_path: Path) -> None:
    """湾里区 (360105) was merged in 2019, 红谷滩区 (360113) founded then; 九江县 (360421) only got another code."""
    text = (EXAMPLE / "basin_pool.csv").read_text("utf-8")
    table = tmp_path / "pool.csv"
    table.write_text(text.replace(",360113,2016,", ",湾里区,2016,").replace(",360404,2016,", ",九江县,2016,"), "utf-8")
    desk = Store(tmp_path / "gep.duckdb")
    then, _, facts = compensate(desk, "jx-basin-pool", 2016, [table])
    now = compensate(desk, "jx-basin-pool", 2016, [EXAMPLE / "basin_pool.csv"]).base
    assert then.net()["360105"] == now.net()["360113"]
    assert then.net()["360404"] == now.net()["360404"]
    assert "360113" not in then.net()
    assert any("360105 湾里区" in mark for mark in now.marks)
    book(desk, then, facts)
    from gep.compensation.answers import find_parties

    assert find_parties(desk, "湾里区") == ["360105"]
    table.write_text(text.replace(",360113,2017,", ",湾里镇,2017,"), "utf-8")
    with pytest.raises(Problems, match="names a place that nobody knows"):
        compensate(desk, "jx-basin-pool", 2017, [table])
    party = 'parties: {province: {code: "360000"}, zhi: {code: "360105"}, an: {code: "360725"}, bo: {code: "360726"}}'
    scheme = tmp_path / "s.yaml"
    write_scheme(
        scheme,
        f"{POOL}inputs:\n{MONEY}{WEIGHED}rule: [{{op: allocate, name: a, fund: pool, by: weight}}]\n",
        effective="{from: 2016-01-01}",
    )
    scheme.write_text(
        scheme.read_text("utf-8").replace(
            'parties: {province: {code: "360000"}, zhi: {code: "360724"}, an: {code: "360725"}, bo: {code: "360726"}}', party
        ),
        "utf-8",
    )
    assert find_scheme(str(scheme), 2016)
    scheme.write_text(scheme.read_text("utf-8").replace("2016-01-01", "2020-01-01"), "utf-8")
    with pytest.raises(Problems, match="there is no division '360105'"):
        find_scheme(str(scheme), 2020)


@pytest.mark.parametrize(
    ("cuts", "open_fen"),
    [
        # bo gets 50 by a and 100 by b; a cut is withheld from the vouchers of the operations it is taken from, in their order
        ([("[b]", "0.3")], {"a": 5000, "b": 7000}),
        ([("[a, b]", "0.4")], {"a": 0, "b": 9000}),  # 60 of 150: 50 from a, 10 from b
        ([("[b, a]", "0.4")], {"a": 5000, "b": 4000}),
        ([("[b]", "0.3"), ("[b, a]", "0.6")], {"a": 3000, "b": 0}),  # 30, then 90: the 70 left of b, 20 of a
        ([("[b, a]", "0.8"), ("[a]", "0.5")], {"a": 500, "b": 0}),  # 120: 100 and 20; then 25 of the 30 left of a
    ],
)
def test_a_deduction_is_withheld_from_the_operations_it_is_taken_from(
    cuts: list[tuple[str, str]], open_fen: dict[str, int], gep: Program, tmp_path: Path
) -> None:
    deducted = "".join(
        f"  - {{op: deduct, name: d{at}, taken_from: {names}, when: bad, rate: '{rate}', to: province}}\n"
        for at, (names, rate) in enumerate(cuts)
    )
    body = (
        "funds: {one: {title: 甲, sources: [{from: province, amount: '150'}]}, two: {title: 乙, sources: [{from: province, amount: '300'}]}}\n"
        f"inputs:\n{WEIGHED.replace(', missing: skip', '')}  bad: {{by: party, unit: '1', missing: {{as: '0', because: 无}}}}\n"
        f"rule:\n  - {{op: allocate, name: a, fund: one, by: weight}}\n  - {{op: allocate, name: b, fund: two, by: weight}}\n{deducted}"
    )
    scheme = write_scheme(tmp_path / "s.yaml", body)
    facts = write_facts(tmp_path / "f.csv", *weigh(), "bad,bo,2021,1,1")
    post(gep, "compensate", str(scheme), "2021", "--inputs", str(facts))
    rows = json.loads(gep("transfers", "-q", "16", "--county", "安远县", "--format", "json", "--store", gep.store).stdout)
    found = {
        str(row["payer_name"])[0]: round(Fraction(str(row["unpaid"])) * 100) for row in rows if row["payee_name"] == "安远县"
    }
    assert {"a": found.get("甲", 0), "b": found.get("乙", 0)} == open_fen


@pytest.mark.parametrize(
    ("members", "year", "place", "got"),
    [
        ('{counties_of: "360000", dated: "yes"}', 2013, "南康市", "360703"),
        ('{counties_of: "360000", dated: "yes"}', 2012, "360782", "360703"),
        ('{counties_of: "360000"}', 2013, "360782", "360703"),
        ('{counties_of: "360000"}', 2019, "湾里区", "360105"),
        ("[zhi, an]", 2012, "南康市", "an"),
        ('{counties_of: "360000"}', 2014, "南康市", "360782 南康市 is 360703 南康区 since 2013"),
        ('{counties_of: "360000"}', 2020, "湾里区", "360105 湾里区 is 360112 新建区 since 2019"),
        ("[zhi, an]", 2021, "360782", "names a division of another time: 360782 南康市 is 360703 南康区 since 2013"),
    ],
)
def test_a_row_may_use_the_name_of_its_year_and_of_the_year_of_the_change(
    members: str, year: int, place: str, got: str, tmp_path: Path
) -> None:
    body = "inputs:\n  weight: {by: party, unit: score, missing: skip}\nrule: [{op: charge, name: c, amount: '10', by: weight, to: province}]\n"
    scheme = write_scheme(tmp_path / "s.yaml", body, effective="{from: 2010-01-01}")
    text = scheme.read_text("utf-8").replace("[zhi, an, bo]", members).replace('an: {code: "360725"}', 'an: {code: "360703"}')
    scheme.write_text(text.replace(', bo: {code: "360726"}', "") if members.startswith("[") else text, "utf-8")
    facts = read_facts([write_facts(tmp_path / "f.csv", f"weight,{place},{year},1,score")])
    if " " in got:
        with pytest.raises(Problems, match=got) as refused:
            compute(find_scheme(str(scheme), year), facts, year)
        check_both(refused.value)
    else:
        assert compute(find_scheme(str(scheme), year), facts, year).net() == {got: -1000, "province": 1000}


def test_money_on_an_account_whose_approval_has_fallen_is_flagged_everywhere(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    shutil.copy(jinxi, gep.store)
    approve(Path(gep.store))
    scheme = write_water_scheme(tmp_path / "s.yaml", "toy")
    post(gep, "compensate", str(scheme), "2022")
    assert gep("transfers", "--store", gep.store).stderr == ""
    for name in ("climate.csv", "land.csv"):
        (tmp_path / name).write_bytes((ROOT / "inputs/361027-2022" / name).read_bytes())
    land = (tmp_path / "land.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "land.csv").write_text(
        "".join(line for line in land if "mixed_forest" not in line and "land_area" not in line), "utf-8"
    )
    gep("run", str(tmp_path / "climate.csv"), str(tmp_path / "land.csv"), "--store", gep.store, "--reason", "less forest")
    said = "1 postings of toy 2022 (transfer run 1) rest on the account 361027 2022, run 1, voided on "
    for asked in (("transfers",), ("transfers", "-q", "10"), ("history", "金溪县", "2022"), ("review", "金溪县", "2022")):
        told = gep(*asked, "--store", gep.store).stderr
        assert said in told, asked
        assert "gep compensate toy 2022 --post --reason" in told
    chinese = gep("transfers", "--store", gep.store, "--lang", "zh").stderr
    assert "有 1 笔分录依据 金溪县（361027） 2022 年的核算结果" in chinese
    papers = {name: str(tmp_path / name) for name in ("table.html", "notices.html", "export.csv")}
    for written in (
        ("--run", "1", "--official", papers["table.html"]),
        ("--run", "1", "--notices", papers["notices.html"]),
        ("--export", papers["export.csv"]),
        ("--prepared",),
    ):
        assert said in gep("transfers", *written, "--store", gep.store).stderr, written
    for name, path in papers.items():
        assert "所依据的核算结果已失效，待更正" in Path(path).read_text("utf-8"), name
    for act, who in (("submit", "张三"), ("approve", "李四")):
        gep(act, "金溪县", "2022", "--by", who, "--note", "looked at", "--store", gep.store)
    corrected = post(gep, "compensate", str(scheme), "2022", "--reason", "less forest")
    assert "1 postings of run 1 reversed" in corrected.stderr
    gep("transfers", "--run", "2", "--official", papers["table.html"], "--store", gep.store, "--force")
    assert "失效" not in Path(papers["table.html"]).read_text("utf-8")
    assert gep("transfers", "--store", gep.store).stderr == ""


def test_a_booked_compensation_enters_the_register_where_the_scheme_says_so(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    """Booked, it is held as compensated; a second scheme for the same water is refused, and taken back it is free again."""
    shutil.copy(jinxi, gep.store)
    approve(Path(gep.store))
    one = write_water_scheme(tmp_path / "one.yaml", "toy", "register: {input: water}\n")
    other = write_water_scheme(tmp_path / "other.yaml", "other", "register: {input: water}\n")
    other.write_text(other.read_text("utf-8").replace("value: '0.01'", "value: '0.02'"), "utf-8")
    post(gep, "compensate", str(one), "2022")
    held = gep("encumber", "list", "--store", gep.store).stdout
    assert "compensated" in held
    assert "toy-2022-1" in held
    resting = json.loads(gep("transfers", "--account", "金溪县", "2022", "--store", gep.store, "--format", "json").stdout)
    assert [(found["resting"], found["indicator"], found["account_state"]) for found in resting] == [
        ("register", "water_conservation", "approved"),
        ("transfer", "water", "approved"),
    ]
    assert resting[1]["posting_count"] == 1
    assert float(resting[1]["amount"]) > 0
    chinese = gep("transfers", "--account", "361027", "2022", "--store", gep.store, "--lang", "zh").stdout
    assert "登记簿" in chinese
    assert gep("transfers", "--account", "361027", "soon", "--store", gep.store, code=2).stderr
    gep("scheme", "register", str(other), "--by", "张三", "--store", gep.store)
    refused = gep("compensate", str(other), "2022", "--post", "--by", "张三", "--store", gep.store, code=2).stderr
    assert "already encumbered: entry 1: compensated to 江西省" in refused
    assert "nothing was stored" in refused
    assert len(Path(gep.store).read_bytes()) > 0
    gep("transfers", "--reverse", "1", "--reason", "agreement void", "--by", "张三", "--store", gep.store)
    gep("transfers", "--confirm", "2", "--by", "李四", "--store", gep.store)
    gep("compensate", str(other), "2022", "--post", "--by", "张三", "--store", gep.store)
    gep("transfers", "--confirm", "3", "--by", "李四", "--store", gep.store)
    assert "released by 2" in gep("encumber", "list", "--store", gep.store).stdout
    write_water_scheme(one, "toy", "register: {input: price}\n")
    assert "price is no quantity of an account by party" in gep("scheme", "check", str(one), code=2).stderr


@pytest.mark.parametrize(
    ("payments", "day", "expected"),
    [
        ([], date(2021, 1, 10), (1_000_000, 10, 5_000)),  # 10,000 yuan, ten days at 0.0005 are 50 yuan
        ([(date(2021, 1, 5), 400_000)], date(2021, 1, 10), (600_000, 10, 4_000)),  # five days on all, five on 6,000
        ([(date(2020, 12, 30), 1_000_000)], date(2021, 1, 10), (0, 0, 0)),
        ([(date(2021, 1, 10), 1_000_000)], date(2021, 6, 1), (0, 10, 5_000)),
        ([(date(2021, 2, 1), 1_000_000)], date(2021, 1, 10), (1_000_000, 10, 5_000)),
    ],
)
def test_interest_is_by_the_day_on_what_is_open(
    payments: list[tuple[date, int]], day: date, expected: tuple[int, int, int]
) -> None:
    assert compute_interest(1_000_000, date(2020, 12, 31), payments, Fraction("0.0005"), day) == expected


def test_late_payment_is_listed_with_its_interest(gep: Program, tmp_path: Path) -> None:
    body = "constants: {sum: {value: '1', unit: 万元, mark: D}}\nrule: [{op: pay, name: a, cases: [{from: zhi, to: an, amount: sum}]}]\nlate: {rate: '0.0005', mark: D}\n"
    scheme = write_scheme(tmp_path / "s.yaml", body)
    facts = write_facts(tmp_path / "f.csv", "other,,2020,1,元")
    post(gep, "compensate", str(scheme), "2020", "--inputs", str(facts))
    asked = ("transfers", "--late", "--store", gep.store)
    found = json.loads(gep(*asked, "--as-of", "2021-01-10", "--format", "json").stdout)
    assert [(one["unpaid"], one["days_late"], one["late_interest"]) for one in found] == [("10000", 10, "50")]
    assert "滞纳金" in gep(*asked, "--lang", "zh").stdout
    assert gep(*asked, "--as-of", "soon", code=2).stderr.startswith("--as-of: 'soon' is not a day")
    assert json.loads(gep(*asked, "--as-of", "2020-12-31", "--format", "json").stdout) == []


def test_interest_is_on_what_is_due_and_a_correction_keeps_what_was_paid(gep: Program, tmp_path: Path) -> None:
    """A quota: who lacks pays into a fund, who has more is paid from it, and what is withheld is not due."""
    body = (
        "funds: {market: {title: 指标资金, sources: [{from: province, amount: '10'}]}}\n"
        "inputs: {lacking: {by: party, unit: 亩}, more: {by: party, unit: 亩}}\nconstants: {price: {value: '100', unit: 元/亩, mark: D}}\n"
        "rule:\n- {op: charge, name: buy, amount: 'sum(lacking, over=party) * price', by: lacking, to: 'fund:market'}\n"
        "- {op: allocate, name: sell, fund: market, by: more}\n"
        "- {op: deduct, name: held, taken_from: [sell], when: member(bo), rate: '0.5', to: province}\nlate: {rate: '0.001', mark: D}\n"
    )
    scheme = write_scheme(tmp_path / "s.yaml", body)
    rows = ["lacking,zhi,2020,9,亩", "lacking,an,2020,0,亩", "lacking,bo,2020,0,亩", "more,zhi,2020,0,亩", "more,an,2020,1,亩"]
    post(gep, "compensate", str(scheme), "2020", "--inputs", str(write_facts(tmp_path / "f.csv", *rows, "more,bo,2020,3,亩")))
    paid = tmp_path / "p.csv"
    paid.write_text("posting_voucher,paid_on,amount,voucher,note\ntoy-2020-1-00002,2021-01-05,400,国库1,\n", "utf-8")
    assert record_payments(Store(gep.store), paid) == 1

    def find_late() -> list[tuple[str, ...]]:
        found = json.loads(gep("transfers", "--late", "--as-of", "2021-01-10", "--format", "json", "--store", gep.store).stdout)
        return [(one["payer"], one["payee"], one["unpaid"], str(one["days_late"]), one["late_interest"]) for one in found]

    into, one, half = ("上犹县", "指标资金 2020", "500", "10", "7"), "崇义县", "安远县"
    assert find_late() == [into, ("指标资金 2020", one, "227.5", "10", "2.28"), ("指标资金 2020", half, "341.25", "10", "3.41")]
    again = write_facts(tmp_path / "g.csv", *rows, "more,bo,2020,1,亩")
    post(gep, "compensate", str(scheme), "2020", "--inputs", str(again), "--reason", "更正")
    assert find_late() == [into, ("指标资金 2020", one, "455", "10", "4.55"), ("指标资金 2020", half, "227.5", "10", "2.28")]
