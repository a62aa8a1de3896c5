"""The desk end to end: Jiangxi's schemes on example tables and accounts, from computing to booking, questions and papers."""

from __future__ import annotations

import json
import re
import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from approving import approve
from conftest import ROOT, Program
from pypdf import PdfReader
from two_hands import book, post, record_payments, reverse

from gep.compensation import booking
from gep.compensation.answers import answer_questions, find_questions
from gep.compensation.bridge import PARTS, TOGETHER, compute_bridge
from gep.compensation.compute import Result, compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.messages.layout import WIDTH, measure_width
from gep.messages.problems import Problem, Problems
from gep.reports.payment_notice import render
from gep.store.opening import open_to_write
from gep.store.questions import NAMED
from gep.store.store import Store
from gep.tasks.compensate import compensate, keep_simulation
from gep.terminal.answers import print_answer
from gep.terminal.county_transfers import print_county
from gep.units.money import format_exact, format_yuan, write_in_words

EXAMPLE = ROOT / "inputs" / "jiangxi-transfers-example"
HEADER = "indicator,place,period,value,unit,status,source\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the basin pool of two years, the functional-area transfer and one pair are booked."""
    path = tmp_path_factory.mktemp("desk") / "gep.duckdb"
    desk = Store(path)
    for scheme, year, table in (
        ("jx-basin-pool", 2016, "basin_pool.csv"),
        ("jx-basin-pool", 2017, "basin_pool.csv"),
        ("jx-kefz", 2023, "kefz.csv"),
        (str(EXAMPLE / "pair-shangyou-nankang.yaml"), 2023, "pair.csv"),
    ):
        result, _, facts = compensate(desk, scheme, year, [EXAMPLE / table], [])
        book(desk, result, facts, "")
    return path


def ask(store: Path, question: str, **narrowed: object) -> list[dict[str, object]]:
    (_, columns, rows) = answer_questions(Store(store), find_questions(question), **narrowed)[0]  # type: ignore[arg-type]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def booked_pair(store: Path) -> tuple[Store, str, Result]:
    """A desk on which the pair of 2023 is booked, with the scheme's file and what was computed."""
    desk = Store(store)
    scheme = str(EXAMPLE / "pair-shangyou-nankang.yaml")
    result, _, facts = compensate(desk, scheme, 2023, [EXAMPLE / "pair.csv"], [])
    book(desk, result, facts, "")
    return desk, scheme, result


def test_transcript(gep: Program, tmp_path: Path) -> None:
    """What a finance officer types in a morning, and what must come back."""
    pool = (
        "compensate",
        "jx-basin-pool",
        "2016",
        "--inputs",
        "inputs/jiangxi-transfers-example/basin_pool.csv",
        "--store",
        gep.store,
    )
    shown = post(gep, *pool, "--county", "宁都县")
    assert "in 2,091,000,000.00 = out 2,091,000,000.00" in shown.stdout
    assert re.search(r"360730 宁都县 +24,132,396\.28 +9,652,958\.51 +14,479,437\.77", shown.stdout)
    assert "booked as run 1: 105 postings" in shown.stderr
    assert "is already booked as run 1" in post(gep, *pool, code=2).stderr
    assert "simulations are never booked" in post(gep, *pool, "--what-if", "w_forest=0.2", code=2).stderr
    pair = ("compensate", "inputs/jiangxi-transfers-example/pair-shangyou-nankang.yaml", "2023")
    said = json.loads(
        post(gep, *pair, "--inputs", "inputs/jiangxi-transfers-example/pair.csv", "--store", gep.store, "--format", "json").stdout
    )
    assert {one["name"]: one["net"] for one in said["parties"]} == {
        "上犹县": "6500000.00",
        "南康区": "-2500000.00",
        "江西省财政": "-4000000.00",
    }
    assert said["parties"][-1]["in_words"] == "人民币陆佰伍拾万元整"
    failed = gep("transfers", "-q", "7", "--county", "上犹县", "--store", gep.store).stdout
    for said in (r"section name +交接断面", r"period +04", r"test +met", r"value given +IV"):
        assert re.search(said, failed), failed
    told = gep("transfers", "--county", "宁都县", "--store", gep.store, "--lang", "zh").stdout
    for said in (
        "宁都县 360730  2016 年",
        "应收       24,132,396.28 元",
        "人民币壹仟肆佰肆拾柒万玖仟肆佰叁拾柒元柒角柒分",
        "份额 ≈1.154108%",
        "扣减 9,652,958.51 元（0.4 × 24,132,396.28）",
    ):
        assert said in told
    paid = gep("transfers", "--county", "上犹县", "--year", "2023", "--store", gep.store, "--lang", "zh").stdout
    assert "付方 南康区 360703" in paid
    assert "收入 1102102 生态保护补偿转移性" in paid
    for asked_for in ("宁都县", "360730"):
        nothing = gep("transfers", "--county", asked_for, "--year", "2031", "--store", gep.store, "--lang", "zh").stdout
        assert f"{asked_for} 2031 没有已入账的收付。" in nothing
    deducted = json.loads(gep("transfers", "-q", "9", "--store", gep.store, "--format", "json").stdout)
    assert [(one["county"], one["went_to"], str(one["amount"])) for one in deducted] == [
        ("360730", "fund:jx-basin-pool:2017:pool", "9652958.51")
    ]
    sheet = tmp_path / "answers.xlsx"
    gep("transfers", "--all", "--excel", str(sheet), "--store", gep.store)
    assert len(openpyxl.load_workbook(sheet).sheetnames) == len(NAMED)
    assert "transfers-received" in gep("query", "--list").stdout
    assert "24132396.28" in gep("query", "transfers-received", "--store", gep.store).stdout


def test_the_province_with_its_accounts(gep: Program, grids: Path) -> None:
    """The accounts of 100 counties, approved; then the functional-area transfer and a pool with a GEP factor."""
    shutil.copy(grids, gep.store)
    kefz = post(
        gep, "compensate", "jx-kefz", "2023", "--inputs", "inputs/jiangxi-transfers-example/kefz.csv", "--store", gep.store
    ).stdout
    assert re.search(r"其他重点区域补助 +in 2,280,000,000\.00 = out 2,280,000,000\.00", kefz)
    assert "note: residual = 0.1 亿元" in kefz
    pool = (
        "compensate",
        "inputs/jiangxi-transfers-example/gep-pool.yaml",
        "2019",
        "--inputs",
        "inputs/jiangxi-transfers-example/gep_pool.csv",
        "--store",
        gep.store,
    )
    assert "in 100,000,000.01 = out 100,000,000.01" in post(gep, *pool).stdout
    refused = gep(*pool, "--what-if", "w_gep=0.05", code=2).stderr
    assert "and 94 more 2019: the account under ndrc-2022 is draft, not approved" in refused
    approve(Path(gep.store))
    one = ("--what-if", "w_gep=0.05", "--keep", "--band", "0.1", "--county", "宁都县")
    simulated = gep(*pool, *one).stdout
    assert re.search(r"own figure ±0\.1 +1,206,057\.98 – 1,229,775\.86", simulated)
    banded = json.loads(gep("transfers", "-q", "14", "--county", "宁都县", "--store", gep.store, "--format", "json").stdout)
    assert [(one["low"], one["simulated"], one["high"]) for one in banded] == [("1206057.98", "1217945.75", "1229775.86")]
    assert "uses no figure of an account" in gep(*pool, "--band", "0.1", code=2).stderr
    assert "between 0 and 1" in gep(*pool, "--what-if", "w_gep=0.05", "--band", "10", code=2).stderr
    assert simulated.startswith("SIMULATION, not booked: w_gep = 0.05")
    assert re.search(r"sum of all differences +0\.00", simulated)
    answers = json.loads(gep("transfers", "-q", "14", "--store", gep.store, "--format", "json").stdout)
    assert len(answers) == 101  # 100 counties and the province
    assert sum(Fraction(str(one["difference"])) for one in answers) == 0


def test_every_unknown_is_named(gep: Program) -> None:
    said = gep("compensate", "lushui", "2020", "--store", gep.store, code=2).stderr
    assert "the constant monthly_sum of lushui is REQUIRED: the sum for a month was not found" in said
    assert "no version of lushui is in force for 2015" in gep("compensate", "lushui", "2015", "--store", gep.store, code=2).stderr
    assert "did you mean lushui?" in gep("compensate", "lushi", "2020", "--store", gep.store, code=2).stderr
    assert "is REQUIRED" in gep("compensate", "jx-county-pair", "2020", "--store", gep.store, code=2).stderr


def test_postings_sum_to_the_fund_and_the_deduction_is_next_years_money(store: Path) -> None:
    funds = {(one["scheme"], one["year"], one["fund"]): one for one in ask(store, "10")}
    assert all(one["still_in_the_fund"] == 0 for one in funds.values())
    before, after = funds["jx-basin-pool", 2016, "pool"], funds["jx-basin-pool", 2017, "pool"]
    assert str(before["came_in"]) == "2091000000.00"
    assert str(after["came_in"]) == "2698652958.51"  # 26.89 of new money and the 9,652,958.51 taken in 2016
    assert funds["jx-kefz", 2023, "yangtze"]["notices"] == "赣财预指〔2023〕70号"


def test_the_highest_class_only_and_the_cut_is_the_award(store: Path) -> None:
    overlap = ask(store, "15")
    taken = [one["county"] for one in overlap if one["note"] == "[highest]"]
    assert len(taken) == len(set(taken))
    assert len(overlap) > len(taken)  # some counties stand in two classes
    rows = ask(store, "1", year=2023, scheme="jx-kefz")
    cut = -sum(Fraction(str(one["amount"])) for one in rows if one["operation"] == "cut")
    award = sum(Fraction(str(one["amount"])) for one in rows if one["operation"] == "award" and one["county"] != "360000")
    assert cut > 0
    assert award == 50_000_000 + cut


def test_the_bridge_is_additive_to_the_fen(store: Path) -> None:
    rows = ask(store, "4")
    counties = {str(one["county"]) for one in rows}
    assert len(counties) == 100
    for county in counties:
        mine = [one for one in rows if one["county"] == county]
        whole = Fraction(str(mine[0]["this_year"])) - Fraction(str(mine[0]["year_before"]))
        assert sum(Fraction(str(one["amount"])) for one in mine) == whole
        rounding = next(Fraction(str(one["amount"])) for one in mine if one["bridge_part"] == "rounding")
        assert rounding == 0


def test_the_published_bridge(tmp_path: Path) -> None:
    """Bridge 6.1: pool, coefficient of C, own water and C's fall in water, exact."""
    ready = find_scheme(str(ROOT / "tests/cases/compensation/worked-a/scheme.yaml"), 2024)

    def year(name: int, pool: str, waters: tuple[int, int, int], last: str) -> Path:
        path = tmp_path / f"{name}.csv"
        scores = {"a": (waters[0], 70, 80, "1.5"), "b": (waters[1], 85, 60, "1.0"), "c": (waters[2], 60, 95, last)}
        rows = [f"money,,{name},{pool},元,final,toy"]
        for party, row in scores.items():
            for indicator, unit, value in zip(
                ("water", "forest", "resources", "coefficient"), ("score", "score", "score", "1"), row, strict=True
            ):
                rows.append(f"{indicator},{party},{name},{value},{unit},final,toy")
        path.write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
        return path

    old_facts, new_facts = (
        read_facts([year(2023, "90000000", (80, 75, 82), "1.0")]),
        read_facts([year(2024, "100000000", (90, 75, 78), "1.2")]),
    )
    old, new = compute(ready, old_facts, 2023), compute(ready, new_facts, 2024)
    found = compute_bridge((old, old_facts), new, new_facts, parties=["a"])[0]
    assert (format_yuan(found.before), format_yuan(found.after)) == ("38,780,756.52", "43,238,636.52")
    assert {part: format_yuan(fen) for part, fen in found.parts.items()} == {
        "pool": "4,308,972.94",
        "rule": "-2,360,838.29",
        "own inputs": "2,022,493.05",
        "others' inputs": "487,252.30",
        "events": "0.00",
        "rounding": "0.00",
    }


def test_a_correction_is_a_reversal_and_new_postings(tmp_path: Path) -> None:
    path = tmp_path / "gep.duckdb"
    desk, scheme, result = booked_pair(path)
    restated = tmp_path / "restated.csv"
    restated.write_text(HEADER + "section_class,handover,2023-04,III,water_class,restated,second sample\n", "utf-8")
    again, _, new_facts = compensate(desk, scheme, 2023, [EXAMPLE / "pair.csv", restated], [])
    assert again.net()["up"] == result.net()["up"] + 50_000_000  # twelve of twelve months: 2/12 of 3 million more
    with pytest.raises(Problems, match="--reason"):
        book(desk, again, new_facts, "")
    booked = book(desk, again, new_facts, "second sample of April")
    assert (booked.reversed, booked.replaced) == (2, 1)
    with Store(path) as connection:
        rows = connection.execute("SELECT payer, payee, amount_fen, reverses FROM transfer_posting ORDER BY posting").fetchall()
        standing = connection.execute("SELECT sum(amount_fen) FROM transfer_standing WHERE payee = '360724'").fetchall()[0][0]
    assert [row[3] for row in rows] == [None, None, 1, 2, None, None]
    assert all((rows[at][0], rows[at][1], rows[at][2]) == (rows[at + 2][1], rows[at + 2][0], rows[at + 2][2]) for at in range(2))
    assert standing == again.net()["up"]
    assert [one["indicator"] for one in ask(path, "8")] == ["section_class"]
    assert reverse(desk, booked.transfer_run, "agreement void") == 2
    assert ask(path, "1") == []
    assert len(ask(path, "18")) == 8
    with pytest.raises(Problems, match="no booked run"):
        reverse(desk, booked.transfer_run, "again")


def test_a_correction_names_the_later_year_that_it_puts_out_of_step(gep: Program, tmp_path: Path) -> None:
    """Without the accident of 2016 nothing is carried into 2017, which was booked with it; posted again it is in step."""
    whole = (EXAMPLE / "basin_pool.csv").read_text("utf-8")
    without = tmp_path / "without.csv"
    without.write_text(
        "".join(row for row in whole.splitlines(keepends=True) if "360730,2016,1,1," not in row and "accident_rate" not in row),
        "utf-8",
    )
    form = ("--store", gep.store, "--format", "json")
    for year in ("2016", "2017"):
        said = post(gep, "compensate", "jx-basin-pool", year, "--inputs", str(EXAMPLE / "basin_pool.csv"), *form).stderr
        assert "out of step" not in said
    corrected = post(
        gep, "compensate", "jx-basin-pool", "2016", "--inputs", str(without), *form, "--reason", "no accident"
    ).stderr
    assert "jx-basin-pool 2017 is out of step: its fund:pool took in 9,652,958.51 yuan, and 2016 now puts aside 0.00" in corrected
    again = post(
        gep, "compensate", "jx-basin-pool", "2017", "--inputs", str(without), *form, "--reason", "2016 was corrected"
    ).stderr
    assert "out of step" not in again


def test_money_that_is_due_is_booked_even_where_no_bridge_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Store(tmp_path / "gep.duckdb")
    for year in (2016, 2017):
        result, _, facts = compensate(desk, "jx-basin-pool", year, [EXAMPLE / "basin_pool.csv"], [])
        booked = book(desk, result, facts, "")
        assert booked.notes == (("no bridge from 2016 is booked: all values are equal",) if year == 2017 else ())

        def cannot(*_: object, **__: object) -> object:
            raise Problems([Problem("scheme.yaml", 1, "all values are equal")])

        monkeypatch.setattr(booking, "compute_bridge", cannot)
    assert ask(desk.path, "4") == []


def test_a_booked_run_comes_to_the_same_postings_from_the_store_alone(store: Path) -> None:
    with Store(store) as connection:
        for scheme, year in (("jx-basin-pool", 2017), ("jx-kefz", 2023), ("pair-shangyou-nankang", 2023)):
            again = booking.recompute_stored_result(connection, scheme, year, None)
            assert again is not None
            assert again[0].postings


def test_payments_leave_what_is_open(tmp_path: Path) -> None:
    path = tmp_path / "gep.duckdb"
    desk = Store(path)
    result, _, facts = compensate(desk, str(EXAMPLE / "pair-shangyou-nankang.yaml"), 2023, [EXAMPLE / "pair.csv"], [])
    book(desk, result, facts, "")
    voucher = ask(path, "16")[0]["voucher"]
    table = tmp_path / "paid.csv"
    table.write_text(f"posting_voucher,paid_on,amount,voucher,note\n{voucher},2024-02-01,1000000.01,国库-1,\n", "utf-8")
    assert record_payments(desk, table) == 1
    assert {str(one["unpaid"]) for one in ask(path, "16")} == {"1499999.99", "4000000.00"}
    rows = (f"{voucher},2024-03-01,1500000.00,国库-2", "none,2024-03-01,1,国库-3", f"{voucher},soon,1,国库-4")
    table.write_text("\n".join(["posting_voucher,paid_on,amount,voucher", *rows]) + "\n", "utf-8")
    with pytest.raises(Problems) as caught:
        record_payments(desk, table)
    assert len(caught.value.problems) == 3
    assert {str(one["unpaid"]) for one in ask(path, "16")} == {"1499999.99", "4000000.00"}


def test_a_payment_counts_for_the_posting_that_takes_the_place_of_the_one_it_was_made_on(tmp_path: Path) -> None:
    path = tmp_path / "gep.duckdb"
    desk, scheme, _ = booked_pair(path)
    paid = tmp_path / "paid.csv"
    paid.write_text(
        "posting_voucher,paid_on,amount,voucher\npair-shangyou-nankang-2023-1-00001,2024-02-01,1000000.00,国库-1\n",
        encoding="utf-8",
    )
    record_payments(desk, paid)
    for run, april, owed in ((2, "III", "2000000.00"), (3, "II", None)):
        restated = tmp_path / f"{april}.csv"
        text = (EXAMPLE / "pair.csv").read_text("utf-8").replace("2023-04,IV,", f"2023-04,{april},")
        if owed is None:  # every month fails: money goes the other way, and what was paid is owed back
            text = re.sub(r"(section_class,handover,2023-\d\d),I*,", r"\1,V,", text)
        restated.write_text(text, "utf-8")
        again, _, new_facts = compensate(desk, scheme, 2023, [restated], [])
        assert book(desk, again, new_facts, "checked again").transfer_run == run
        of_pair = [
            (str(one["amount"]), str(one["paid"]), str(one["unpaid"])) for one in ask(path, "16") if one["payer"] != "360000"
        ]
        if owed:
            assert of_pair == [("3000000.00", "1000000.00", owed)]
        else:
            assert sorted(of_pair) == [("0.00", "1000000.00", "-1000000.00"), ("3000000.00", "0.00", "3000000.00")]
        mine = [one for one in ask(path, "1", county="360724") if one["operation"] == "pair"]
        assert sum(Fraction(str(one["paid"])) for one in mine) == 1_000_000
    paid.write_text(
        "posting_voucher,paid_on,amount,voucher\npair-shangyou-nankang-2023-3-00001,2024-03-01,3000000.01,国库-2\n",
        encoding="utf-8",
    )
    with pytest.raises(Problems, match=r"at most the 3,000,000\.00"):
        record_payments(desk, paid)


def test_booking_does_not_hang_on_who_reads_the_output(gep: Program) -> None:
    """`gep compensate ... --post | head` books: the reader stops, the money does not."""
    import subprocess
    import sys

    arguments = [
        "compensate",
        "jx-basin-pool",
        "2016",
        "--inputs",
        str(EXAMPLE / "basin_pool.csv"),
        "--post",
        "--by",
        "张三",
        "--store",
        gep.store,
    ]
    gep("scheme", "register", "jx-basin-pool", "--by", "张三", "--store", gep.store)
    with subprocess.Popen(
        [sys.executable, "-m", "gep", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        running.stdout.close()
        running.wait()
    gep("transfers", "--confirm", "1", "--by", "李四", "--store", gep.store)
    assert len(ask(Path(gep.store), "18")) == 105


def test_what_if_gains_and_losses_sum_to_zero_and_are_never_booked(store: Path) -> None:
    desk = Store(store)
    base, what_if, facts = compensate(
        desk, "jx-basin-pool", 2017, [EXAMPLE / "basin_pool.csv"], ["water_quality_score@360730=100"]
    )
    assert what_if is not None
    difference = {party: what_if.net()[party] - base.net()[party] for party in base.net()}
    assert sum(difference.values()) == 0
    assert difference["360730"] > 0
    with pytest.raises(Problems, match="simulation"):
        book(desk, what_if, facts, "because")
    keep_simulation(desk, base, what_if)
    assert str(ask(store, "13")[0]["sum_of_all"]) == "0.00"
    assert ask(store, "5", county="360730")[0]["difference"] > 0  # type: ignore[operator]


def test_the_notice_says_what_was_computed(tmp_path: Path) -> None:
    desk = Store(tmp_path / "none.duckdb")
    result, _, _ = compensate(desk, "jx-kefz", 2023, [EXAMPLE / "kefz.csv"], [])
    html = render(result)
    for party, fen in result.net().items():
        assert format_yuan(fen) in html
        assert write_in_words(fen) in html, party
    assert "公布总额与分项之差（residual） = 0.1 亿元" in html
    from gep.reports.forms.transfer_workbook import write_sheet
    from gep.reports.payment_notice import write_notice

    write_notice(result, tmp_path / "notice.pdf")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "notice.pdf").pages)
    assert "资金分配表" in text
    assert "计算说明" in text
    write_sheet(result, tmp_path / "notice.xlsx")
    book = openpyxl.load_workbook(tmp_path / "notice.xlsx")
    assert book.sheetnames == ["资金分配表", "分录", "计算步骤", "说明"]
    nets = {row[0].value: round(Decimal(str(row[4].value)) * 100) for row in book["资金分配表"].iter_rows(min_row=3)}
    assert nets == {"360000" if party == "province" else party: fen for party, fen in result.net().items()}
    with pytest.raises(Problems, match=r"workbooks are not written as \.docx"):
        write_sheet(result, tmp_path / "notice.docx")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("section_class,handover,2020-03,III,water_class,provisional,toy", "is provisional"),
        ("section_class,handover,2020-03,III,water_class,disputed,toy", "is disputed"),
        ("section_class,handover,2020-03,7,water_class,final,toy", "between 1 and 6"),
        ("section_class,handover,2020-03,0.2,mg/L,final,toy", "a unit that fits water_class"),
        ("", "of handover 03 2020 has no row"),
        ("section_class,handover,2020-03,III,water_class,final,", "has no source"),
        ("section_class,handover,2020-13,III,water_class,final,toy", "2023, 2023Q1 or 2023-01"),
        ("section_class,handover,2020-03,good,water_class,final,toy", "a decimal number, or a class"),
        ("section_class,handover,2020-02,II,water_class,final,toy", "appears twice"),
    ],
)
def test_missing_provisional_disputed_and_out_of_range_inputs_are_refused(tmp_path: Path, row: str, said: str) -> None:
    rows = [f"section_class,handover,2020-{month:02d},III,water_class,final,toy" for month in range(1, 13) if month != 3]
    rest = [
        "section_class_year,handover,2020,II,water_class,final,toy",
        "section_class_year,handover,2019,II,water_class,final,toy",
        "top_up_before,,2020,0,元,final,toy",
    ]
    (tmp_path / "facts.csv").write_text(HEADER + "\n".join([*rows, *rest, *([row] if row else [])]) + "\n", "utf-8")
    with pytest.raises(Problems) as caught:
        compute(
            find_scheme(str(ROOT / "tests/cases/compensation/pair-met/scheme.yaml"), 2020),
            read_facts([tmp_path / "facts.csv"]),
            2020,
        )
    assert said in str(caught.value)


GROWTH = """id: growth-example
version: "example"
extends: gep-growth-award
effective: {from: 2020-01-01}
parties: {one: {code: "360725"}, other: {code: "360724"}}
members: [one, other]
constants: {dead_band: {value: "0.05", mark: D}, switched_on: {value: "1", mark: D}}
inputs: {gep_regulating: {account: {standard: ndrc-2022, coverage: any}}}
"""


def land(county: str, year: int, area: str, rain: str) -> str:
    return (
        f"{county},{year},area,mixed_forest,,,{area},km2,made up,\n{county},{year},precipitation,,,,{rain},mm,made up,\n"
        f"{county},{year},evapotranspiration,mixed_forest,,,700,mm,made up,\n"
    )


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store with accounts of two counties in two years at constant prices, none approved yet."""
    from gep.store.saving import save
    from gep.tasks.run import run_account

    folder = tmp_path_factory.mktemp("accounts")
    header = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
    table = folder / "inputs.csv"
    table.write_text(
        header
        + land("360725", 2021, "1500", "1500")
        + land("360725", 2022, "1500", "1700")
        + land("360724", 2021, "900", "1500")
        + land("360724", 2022, "900", "1510"),
        "utf-8",
    )
    save(run_account([table], None, 2020), folder / "gep.duckdb")
    (folder / "growth.yaml").write_text(GROWTH, "utf-8")
    (folder / "facts.csv").write_text(HEADER + "money,,2022,100,亿元,final,toy\n", "utf-8")
    return folder / "gep.duckdb", folder


def test_gep_is_an_input_only_as_approved_constant_price_figure_and_the_base_year_is_recomputed(
    accounts: tuple[Path, Path],
) -> None:
    store, folder = accounts
    desk = Store(store)
    growth = str(folder / "growth.yaml")
    with pytest.raises(Problems, match="is draft, not approved") as caught:
        compensate(desk, growth, 2022, [folder / "facts.csv"], [])
    assert "of 360725, 360724 2022" in str(caught.value)
    approve(store)
    result, _, facts = compensate(desk, growth, 2022, [folder / "facts.csv"], [])
    with Store(store) as connection:
        values = {
            (county, year): Fraction(repr(value))
            for county, year, value in connection.execute("SELECT county, year, regulating_constant FROM gep_account").fetchall()
        }
    gain = round(values["360725", 2022], 2) - round(values["360725", 2021], 2)
    expected = round(gain * Fraction("0.02") * 100)
    assert result.net()["one"] == expected
    assert "other" not in result.net()  # grew by less than the dead band of 5 %
    assert any("[again 2022]" in step.note for step in result.steps)
    assert book(desk, result, facts, "").postings > 0
    complete = folder / "complete.yaml"
    complete.write_text(GROWTH.replace(", coverage: any", ""), "utf-8")
    with pytest.raises(Problems, match="a complete account"):
        compensate(desk, str(complete), 2022, [folder / "facts.csv"], [])


def test_results_changed_after_approval_are_refused(accounts: tuple[Path, Path], tmp_path: Path) -> None:
    store, folder = accounts
    approve(store)
    copy = tmp_path / "gep.duckdb"
    copy.write_bytes(store.read_bytes())
    with open_to_write(copy) as connection:
        connection.execute("UPDATE service_result SET value_constant = value_constant * 2 WHERE account = 0")
    with pytest.raises(Problems, match="is not what was approved: its results were changed in the store"):
        compensate(Store(copy), str(folder / "growth.yaml"), 2022, [folder / "facts.csv"], [])


def test_the_gep_weight_is_zero_and_off_until_it_is_set(accounts: tuple[Path, Path]) -> None:
    store, folder = accounts
    scheme = folder / "pool.yaml"
    scheme.write_text(
        'id: pool-example\nversion: "1"\nextends: gep-weighted-pool\neffective: {from: 2019-01-01}\nparties: {one: {code: "360725"}, other: {code: "360724"}}\n'
        "members: [one, other]\ninputs: {gep_regulating: {account: {standard: ndrc-2022, coverage: any}}}\n",
        "utf-8",
    )
    scores = [
        f"{name},{county},2022,{value},score,final,toy"
        for name in ("water_quality_score", "water_task_score", "forest_score", "water_resource_score")
        for county, value in (("360725", 60), ("360724", 40))
    ]
    (folder / "scores.csv").write_text(HEADER + "\n".join(["money,,2022,100.00,元,final,toy", *scores]) + "\n", "utf-8")
    none = Store(folder / "no-store.duckdb")
    result, _, _ = compensate(none, str(scheme), 2022, [folder / "scores.csv"], [])
    assert {party: format_yuan(fen) for party, fen in result.net().items() if fen > 0} == {"one": "60.00", "other": "40.00"}
    with pytest.raises(Problems, match="there is no store"):
        compensate(none, str(scheme), 2022, [folder / "scores.csv"], ["w_gep=0.05"])
    approve(store)
    base, what_if, _ = compensate(Store(store), str(scheme), 2022, [folder / "scores.csv"], ["w_gep=0.05"])
    assert what_if is not None
    assert sum(what_if.net().values()) == sum(base.net().values()) == 0
    share = next(step.value for step in what_if.steps if step.name == "with_gep" and step.place == "one")
    assert format_exact(share, 4) != "0.6"


def test_run_off_names_what_the_contract_still_fixes(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text(HEADER + "delivered_class,,2023,II,water_class,final,toy\n", "utf-8")
    desk = Store(tmp_path / "gep.duckdb")
    result, _, facts = compensate(desk, "shankouyan", 2023, [tmp_path / "facts.csv"], [])
    book(desk, result, facts, "")
    rows = ask(tmp_path / "gep.duckdb", "19")
    assert {one["year"] for one in rows} == {2024, 2025}
    assert sum(Fraction(str(one["amount"])) for one in rows if one["payee"] == "360323") == 2 * 255_000


def test_all_questions_answer_on_an_empty_store_and_by_name(store: Path) -> None:
    assert [find_questions(str(number))[0].number for number in range(1, 20)] == list(range(1, 20))
    with pytest.raises(Problems, match="encumbrance register"):
        find_questions("20")
    assert (
        len(answer_questions(Store(store), find_questions("1", everything=True), county="宁都县", year=2016, as_of="2099-01-01"))
        == 19
    )
    with pytest.raises(Problems, match="there is no county"):
        answer_questions(Store(store), find_questions("1"), county="宁都懸")
    assert ask(store, "18", as_of="2020-01-01") == []
    assert "赣财预〔2023〕38号" in {one["law_number"] for one in ask(store, "12", scheme="jx-kefz")}
    beside = ask(store, "17", county="宁都县", other="金溪县", year=2017, scheme="jx-basin-pool")
    forest = next(one for one in beside if one["step_name"] == "forest_score")
    assert (forest["360730"], forest["361027"]) == ("94", "59")
    pairs = ask(store, "6", county="360724")
    assert {(one["payer"], str(one["net"])) for one in pairs if not str(one["payer"]).startswith("fund:")} == {
        ("360703", "2500000.00"),
        ("360000", "4000000.00"),
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_answer_fits_a_terminal(store: Path, lang: str) -> None:
    for narrowed in ({}, {"county": "宁都县"}, {"county": "上犹县", "year": 2023}):
        for question, columns, rows in answer_questions(Store(store), find_questions("1", everything=True), **narrowed):
            lines = list(print_answer(columns, rows, lang))
            assert max(map(measure_width, lines)) <= WIDTH, (question.name, max(lines, key=measure_width))
            assert len(lines) > len(rows) or not rows
    for county in ("360730", "360724", "360000"):
        assert max(map(measure_width, print_county(Store(store), [county], county, None, "", lang))) <= WIDTH


def test_a_bridge_of_any_size_is_told_apart_for_the_county_that_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit own and others' inputs are booked together; asked for one county they are computed, the same to the fen."""
    found: dict[str, list[dict[str, object]]] = {}
    for name, most in (("each", 200), ("together", 5)):
        monkeypatch.setattr(booking, "BRIDGED", most)
        desk = Store(tmp_path / f"{name}.duckdb")
        for year in (2016, 2017):
            result, _, facts = compensate(desk, "jx-basin-pool", year, [EXAMPLE / "basin_pool.csv"], [])
            book(desk, result, facts, "")
        found[name] = ask(desk.path, "4", county="宁都县")
        whole = ask(desk.path, "4")
        assert len({one["county"] for one in whole}) == 100
        assert {one["bridge_part"] for one in whole} == ({*PARTS} if name == "each" else {*PARTS[:2], TOGETHER, *PARTS[4:]})
    assert found["each"] == found["together"]
    assert [one["bridge_part"] for one in found["each"]] == list(PARTS)


def test_who_changed_nothing_needs_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two years in which only one county's score moved, the bridge is made in four runs and no more."""
    import gep.compensation.bridge as bridging

    rows = (EXAMPLE / "basin_pool.csv").read_text("utf-8").splitlines()
    first = [row for row in rows[1:] if ",2016," in row and "accident" not in row]
    second = [row.replace(",2016,", ",2017,") for row in first]
    second = [row.replace(",95,", ",90,") if row.startswith("forest_score,360730") else row for row in second]
    (tmp_path / "facts.csv").write_text("\n".join([rows[0], *first, *second]) + "\n", "utf-8")
    facts = read_facts([tmp_path / "facts.csv"])
    ready = find_scheme("jx-basin-pool", 2016)
    old, new = (compute(ready, facts, year, carried=lambda _: 0) for year in (2016, 2017))
    counted: list[int] = []

    def counting(*given: object, **named: object) -> object:
        counted.append(1)
        return compute(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(bridging, "compute", counting)
    found = compute_bridge((old, facts), new, facts)
    assert len(counted) == 4  # pool, rule, the one county by itself, all inputs
    assert {one.party for one in found if one.parts["own inputs"]} <= {"360730"}
    assert all(sum(one.parts.values()) == one.after - one.before for one in found)
