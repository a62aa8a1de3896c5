"""The table a finance bureau issues: cities with subtotals, withheld money apart, exact amounts in its unit, one content in four forms."""

from __future__ import annotations

import html
import re
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from conftest import ROOT, Program
from kept_stores import copy_once
from toy_schemes import write_facts, write_scheme
from two_hands import post

from gep.compensation.builtin_names import BUILTINS
from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.formula.exact import AXES
from gep.formula.infix import FUNCTIONS
from gep.reports.allocation_forms import IN_WORDS
from gep.reports.allocation_table import count_decimals, format_amount
from gep.reports.payment_notice import describe_calculation

BODY = (
    "funds: {pool: {title: 示例资金, sources: [{from: province, amount: money, notice: 赣财资环〔2021〕1号}]}}\n"
    "inputs: {money: {unit: 元, group: pool}, weight: {by: party, unit: score}, bad: {by: party, unit: '1', missing: {as: '0', because: 没有登记}}}\n"
    "rule:\n  - {op: allocate, name: a, title: 因素分配, fund: pool, by: weight}\n"
    "  - {op: deduct, name: d, title: 事故扣减, clause: 第九条, taken_from: [a], when: bad, rate: '0.3', to: province}\n"
)
ROWS = (
    "money,,2021,1000000.01,元",
    "weight,zhi,2021,1,score",
    "weight,an,2021,2,score",
    "weight,bo,2021,2,score",
    "bad,bo,2021,1,1",
)
SUBJECTS = "事项,单位,功能分类,经济分类,资金性质,项目代码,指标文号\n,,2110402 生态保护,51301 转移性支出,一般公共预算,Z1351,赣财指1号\na,360725,2110499 其他,,,,\n"


def make_booked(folder: Path) -> None:
    """A scheme booked with a deduction, and corrected: the weight of 崇义县 is 3."""
    gep = Program(str(folder / "gep.duckdb"))
    scheme = write_scheme(folder / "toy.yaml", BODY)
    asked = ("compensate", str(scheme), "2021", "--inputs", str(write_facts(folder / "f.csv", *ROWS)))
    post(gep, *asked)
    write_facts(folder / "f.csv", *(row.replace("an,2021,2", "an,2021,3") for row in ROWS))
    post(gep, *asked, "--reason", "崇义县数据更正")
    (folder / "subjects.csv").write_text(SUBJECTS, "utf-8")


@pytest.fixture
def booked(gep: Program, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """That scheme and its store, to write to."""
    copy_once(tmp_path_factory, "corrected", make_booked, tmp_path)
    return gep


def words_of(page: Path) -> str:
    return re.sub(r"<(style|script).*?</\1>|<[^>]+>|\s+", " ", page.read_text("utf-8"), flags=re.DOTALL)


def test_the_table_of_a_booked_run_has_everything_that_a_bureau_prints(booked: Program, tmp_path: Path) -> None:
    target = tmp_path / "t.html"
    asked = ("--annex", "附件2", "--number", "赣财资环〔2022〕7号", "--issuer", "江西省财政厅", "--dated", "2022年1月5日")
    more = ("--subjects", str(tmp_path / "subjects.csv"), "--store", booked.store)
    booked("transfers", "--run", "1", "--official", str(target), "--unit", "万元", *asked, *more)
    text = " ".join(words_of(target).split())
    for said in (
        "附件2",
        "赣财资环〔2022〕7号",
        "单位：万元",
        "江西省财政厅（盖章）",
        "2022年1月5日",
        "编制：张三",
        "复核：李四",
        "已冲销：第 1 次入账",
        "赣州市小计 100.000001 12.000000 88.000001",
        "1 上犹县 20.000000 — 20.000000",
        "2 崇义县 40.000001 — 40.000001",
        "3 安远县 40.000000 12.000000 28.000000",
        "江西省 示例资金 2021 赣财资环〔2021〕1号 100.000001",
        "安远县 暂扣（不拨付） 转入：江西省 第九条 12.000000",
        "2110402 生态保护 51301 转移性支出 一般公共预算 Z1351 赣财指1号",
        "2110499 其他 — —",
        "toy-2021-1-00001 至 toy-2021-1-00005，共 5 张",
        "链头",
    ):
        assert said in text, said
    assert text.count("人民币") == 1
    assert "下达合计：88.000001 万元（人民币捌拾捌万元零壹分）" in text
    assert "更正差额表" not in text
    booked("transfers", "--run", "2", "--official", str(target), "--store", booked.store)
    text = " ".join(words_of(target).split())
    for said in (
        "已入账：第 2 次入账",
        "取代第 1 次入账，事由：崇义县数据更正",
        "崇义县 400,000.01 500,000.00 99,999.99",
        "单位：元",
    ):
        assert said in text, said
    assert not re.search(r"\b(payment|deduction|allocation|trial|booked|withheld)\b", text)


def test_a_trial_says_so_and_an_example_says_so_on_every_page(gep: Program, tmp_path: Path) -> None:
    scheme = write_scheme(tmp_path / "toy.yaml", BODY)
    facts = write_facts(tmp_path / "f.csv", *ROWS)
    asked = ("compensate", str(scheme), "2021", "--inputs", str(facts), "--store", gep.store)
    gep(*asked, "--official", str(tmp_path / "t.html"))
    assert "试算（未入账）" in words_of(tmp_path / "t.html")
    assert "示例</div>" not in (tmp_path / "t.html").read_text("utf-8")
    facts.write_text(facts.read_text("utf-8").replace(",toy", ",虚构数据"), "utf-8")
    gep(*asked, "--official", str(tmp_path / "t.html"))
    page = (tmp_path / "t.html").read_text("utf-8")
    assert '<div class="example">示例</div>' in page
    assert page.count("（示例）") == 2, "in the head of the first page and of all others"
    gep(*asked, "--official", str(tmp_path / "t.xlsx"), "--unit", "万元")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert all("示例" in str(sheet.oddHeader.left.text) for sheet in book.worksheets if sheet.oddHeader)
    paper = [[cell for cell in row if cell is not None] for row in book["分配表"].iter_rows(values_only=True)]
    assert ["1", "上犹县", 20, 0, 20] in paper
    gep(*asked, "--official", str(tmp_path / "t.docx"))
    with ZipFile(tmp_path / "t.docx") as parts:
        assert "（示例）" in parts.read("word/header1.xml").decode()
        body = re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())
    assert "赣州市小计" in body
    assert "试算（未入账）" in body
    gep(*asked, "--what-if", "money=1", "--official", str(tmp_path / "w.html"))
    assert "模拟（不入账）" in words_of(tmp_path / "w.html")


def test_values_and_constants_are_printed_by_their_titles(gep: Program, tmp_path: Path) -> None:
    """The calculation behind the table has no id in Latin letters where the scheme gives a title; the check names those without."""
    body = BODY.replace("by: weight}\n", "by: share_of}\n", 1) + (
        "values: {share_of: 'ratio * share(weight, over=party)'}\nconstants: {ratio: {value: '2', mark: D}}\n"
    )
    scheme = write_scheme(tmp_path / "toy.yaml", body)
    assert "printed by their ids, as titles names none of them: share_of" in gep("scheme", "check", str(scheme)).stdout
    write_scheme(tmp_path / "toy.yaml", body + "titles: {share_of: 综合份额, ratio: 调节系数}\n")
    asked = ("compensate", str(scheme), "2021", "--inputs", str(write_facts(tmp_path / "f.csv", *ROWS)))
    gep(*asked, "--official", str(tmp_path / "t.html"), "--store", gep.store)
    told = words_of(tmp_path / "t.html")
    assert "综合份额" in told
    assert "调节系数" in told
    assert "share_of" not in told
    write_scheme(tmp_path / "toy.yaml", body + "titles: {share_off: 综合份额}\n")
    assert "'share_off' has a title and is no value or constant" in gep("scheme", "check", str(scheme), code=2).stderr


def test_a_county_gets_one_page_with_what_is_withheld_and_the_net_indicator(booked: Program, tmp_path: Path) -> None:
    target = tmp_path / "n.html"
    booked("transfers", "--run", "2", "--notices", str(target), "--county", "安远县", "--store", booked.store)
    text = " ".join(words_of(target).split())
    for said in ("安远县 （360726）：", "暂扣（不拨付）", "净下达指标", "净下达指标大写：", "不拨付", "资金下达通知"):
        assert said in text, said
    assert "上犹县" not in text
    booked("transfers", "--run", "2", "--notices", str(target), "--store", booked.store)
    assert target.read_text("utf-8").count('<section class="told">') == 3
    pdf = tmp_path / "n.pdf"
    booked("transfers", "--run", "2", "--notices", str(pdf), "--store", booked.store)
    assert len(re.findall(rb"/Type /Page\b", pdf.read_bytes())) in {0, 3}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--run", "9", "--official", "{t}.pdf"), "there is no booked run 9"),
        (("--run", "1", "--official", "{t}.odt"), "allocation tables are not written as .odt"),
        (("--run", "1", "--official", "{t}.html", "--unit", "亿元"), "the unit is '亿元'"),
        (("--run", "1", "--notices", "{t}.html", "--county", "南昌县"), "has no party '南昌县'"),
        (("--run", "1", "--official", "{t}.html", "--subjects", "{t}.nix"), "{t}.nix"),
        (("--official", "{t}.html"), "--run RUN goes with"),
    ],
)
def test_what_cannot_be_issued_is_said(booked: Program, asked: tuple[str, ...], said: str, tmp_path: Path) -> None:
    target = str(tmp_path / "t")
    done = booked("transfers", *(one.format(t=target) for one in asked), "--store", booked.store, code=2)
    assert said.format(t=target) in done.stderr


@pytest.mark.parametrize(
    ("amounts", "unit", "expected"),
    [
        ([100, 250_000_000], "元", ["1.00", "2,500,000.00"]),
        ([1_000_000, 50_000_000], "万元", ["1.00", "50.00"]),
        ([1, 1_000_000], "万元", ["0.000001", "1.000000"]),
        ([-1_050_000, 0], "万元", ["-1.05", "—"]),
    ],
)
def test_amounts_are_exact_in_the_unit_of_the_table(amounts: list[int], unit: str, expected: list[str]) -> None:
    decimals = count_decimals(amounts, unit)
    assert [format_amount(one, unit, decimals) for one in amounts] == expected


def test_the_shipped_example_is_printed_as_pdf(gep: Program, tmp_path: Path) -> None:
    facts = ROOT / "inputs" / "jiangxi-transfers-example" / "pair.csv"
    scheme = ROOT / "inputs" / "jiangxi-transfers-example" / "pair-shangyou-nankang.yaml"
    gep("compensate", str(scheme), "2023", "--inputs", str(facts), "--official", str(tmp_path / "t.pdf"), "--store", gep.store)
    assert (tmp_path / "t.pdf").read_bytes().startswith(b"%PDF")


TWO_WAYS = (
    "funds:\n  pool: {title: 示例资金, sources: [{from: province, amount: '100'}, {carry_in: true}]}\n"
    "  award: {title: 奖惩资金, rest: province}\n"
    "inputs: {weight: {by: party, unit: score, title: 得分}, bad: {by: party, every: month, unit: '1', missing: skip, title: 超标}}\n"
    "constants: {most: {value: '9', mark: D}}\ntitles: {months_bad: 超标月数, most: 上限}\n"
    "values: {months_bad: 'min(most, ceil(sum(bad, over=month), 1)) if year > 2000 else most'}\n"
    "rule:\n  - {op: allocate, name: a, title: 因素分配, fund: pool, by: 'share(weight, over=party) * (1 - member(bo))'}\n"
    "  - {op: deduct, name: d, title: 当年扣减, taken_from: [a], when: months_bad >= 1, rate: '0.1', to: 'fund:award'}\n"
    "  - {op: deduct, name: n, title: 次年扣减, taken_from: [a], when: months_bad >= 2, amount: result(a) * 0.2, to: 'fund:pool:next_year'}\n"
)


def test_money_that_stays_in_the_year_is_not_said_to_be_carried_over_and_formulas_stand_in_words(
    gep: Program, tmp_path: Path
) -> None:
    scheme = write_scheme(tmp_path / "toy.yaml", TWO_WAYS)
    bad = [
        f"bad,{one},2021-{month:02d},1,1" for one, months in (("zhi", 1), ("an", 2), ("bo", 0)) for month in range(1, months + 1)
    ]
    weights = [f"weight,{one},2021,1,score" for one in ("zhi", "an", "bo")]
    rows = ("carry_in,fund:pool,2021,0,元", *weights, *bad, "bad,bo,2021-01,0,1")
    post(gep, "compensate", str(scheme), "2021", "--inputs", str(write_facts(tmp_path / "f.csv", *rows)))
    target = tmp_path / "t.html"
    gep("transfers", "--run", "1", "--official", str(target), "--store", gep.store)
    text = html.unescape(" ".join(words_of(target).split()))
    for said in (
        "示例资金：出资 100",
        "崇义县 暂扣（不拨付） 转入：奖惩资金 2021",
        "崇义县 暂扣（不拨付） 结转下年：示例资金 2022",
        "奖惩资金 2021 退回 转入：江西省",
        "取小(上限, 进整(合计(超标, 沿=月份), 1)) 若 年份 > 2000 否则 上限",
        "占比(得分, 沿=各单位) * (1 - 仅限(安远县))",
        "因素分配",
    ):
        assert said in text, (said, text)
    assert "结转下年：奖惩资金" not in text


def test_every_word_of_the_language_of_formulas_has_one_on_paper() -> None:
    assert {*FUNCTIONS, *BUILTINS, *AXES} <= set(IN_WORDS)


def test_the_sheets_of_the_workbook_say_the_unit_of_their_own_figures(booked: Program, tmp_path: Path) -> None:
    target = tmp_path / "t.xlsx"
    booked("transfers", "--run", "1", "--official", str(target), "--unit", "万元", "--store", booked.store)
    book = openpyxl.load_workbook(target)
    assert str(book["分录"]["A1"].value).endswith("金额单位：万元")
    steps = book["计算步骤"]
    assert str(steps["A1"].value).endswith("单位见各行"), "what is computed stands there in yuan"
    rows = list(steps.iter_rows(min_row=3, values_only=True))
    assert any(row[6] == "元" for row in rows)
    assert {"因素分配", "事故扣减", "示例资金"} <= {row[1] for row in rows}
    assert not [row for row in rows if row[1] in {"a", "d", "fund_pool"}]


def test_operations_called_like_functions_zero_members_and_months_stand_right_on_the_sheet(gep: Program, tmp_path: Path) -> None:
    body = (
        "sections: {hk: {name: 河口, upstream: zhi, downstream: an}}\n"
        "funds: {pool: {title: 示例资金, sources: [{from: province, amount: money}]}}\n"
        "inputs: {money: {unit: 元, group: pool}, weight: {title: 得分, by: party, unit: score}, grade: {by: section, every: month, unit: water_class, missing: skip}}\n"
        "constants: {limit: {value: '3', unit: water_class, mark: D}}\n"
        "values: {w: 'share(weight, over=party)'}\n"
        "rule:\n  - {op: allocate, name: share, title: 因素分配, fund: pool, by: w}\n"
        "  - op: pay\n    name: sum\n    title: 断面补偿\n    cases: [{when: grade <= limit, from: downstream, to: upstream, amount: '100.01'}, {from: upstream, to: downstream, amount: '50'}]\n"
    )
    rows = ("money,,2021,300,元", "weight,zhi,2021,1,score", "weight,an,2021,2,score", "weight,bo,2021,0,score")
    grades = [f"grade,hk,2021-{month:02d},{2 if month < 4 else 5},water_class" for month in range(1, 6)]
    more = ("weight,long,2021,0,score", "weight,ding,2021,0,score")
    scheme, facts = write_scheme(tmp_path / "toy.yaml", body), write_facts(tmp_path / "f.csv", *rows, *more, *grades)
    six = scheme.read_text("utf-8").replace(
        'bo: {code: "360726"}}', 'bo: {code: "360726"}, long: {code: "360727"}, ding: {code: "360728"}}'
    )
    scheme.write_text(six.replace("members: [zhi, an, bo]", "members: [zhi, an, bo, long, ding]"), "utf-8")
    subjects, target = tmp_path / "s.csv", tmp_path / "t.html"
    subjects.write_text("事项,单位,功能分类\nshare,,2110402\nshar,,2110499\nshare,崇义,2110499\n", "utf-8")
    done = gep(
        "compensate",
        str(scheme),
        "2021",
        "--inputs",
        str(facts),
        "--official",
        str(target),
        "--subjects",
        str(subjects),
        "--lang",
        "zh",
    )
    assert "科目表第 2 条（shar）没有凭证用到\n科目表第 3 条（share、崇义）没有凭证用到" in done.stderr
    assert "科目表第 1 条" not in done.stderr
    text = " ".join(words_of(target).split())
    for said in (
        "占比(得分, 沿=各单位)",
        "断面补偿：第 1 种情形条件",
        "断面补偿：第 2 种情形金额",
        "安远县 — — —",
        "断面补偿 崇义县 -200.03 上犹县 200.03",
        "[D] limit = 3 类",
        "下达合计＝分配额。",
    ):
        assert said in text, said
    assert "zhi 上犹县" not in text
    assert "water_class" not in text


def test_the_calculation_sheet_names_sections_and_what_was_carried_in() -> None:
    folder = ROOT / "tests" / "cases" / "compensation" / "wetland-quota-like"
    result = compute(find_scheme(str(folder / "scheme.yaml"), 2023), read_facts([folder / "facts.csv"]), 2023)
    steps = describe_calculation(result)["steps"].rows
    assert ("支付", "指标价款：某高速公路公司 → 吉水县", "某高速公路公司 吉水甲", "1,637,946.945", "元", "先补后占") in steps
    assert any(row[:2] == ("输入", "上年结转") for row in steps)
    assert ("计算", "售出面积", "南丰县", "40.7", "亩", "") in steps
