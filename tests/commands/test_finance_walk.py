"""A finance bureau's two years in Chinese: registered, prepared, confirmed, issued, paid, corrected, reversed, closed; the transcript is kept."""

from __future__ import annotations

import csv
import os
import re
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner
from conftest import ROOT
from toy_schemes import write_facts, write_scheme

from gep.cli import main

KEPT = ROOT / "tests" / "kept" / "transcripts" / "finance-walk.txt"
MASKS = (
    (r"\b[0-9a-f]{64}\b", "<sha256>"),
    (r"\b[0-9a-f]{16}\b", "<sha256>"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\.\d+)?( UTC|Z)?", "<time>"),
    (r"编制时间 *<time>\n\n?", ""),  # over the table where all lie in one minute, else in each row
    (r"20(2[6-9]|[3-9]\d)-\d\d-\d\d", "<today>"),
    (r"(逾期|逾期天数)( *)\d+", r"\1\2<n>"),
    (r"\d[\d,]* 行，\d+ 张表", "<n> 行"),
    (r"第 \d+ 环", "第 <n> 环"),
    (r"共 [\d,]+ 环[^\n]*", "<links>"),
    (r"[\d,]+ 环，([\d,]+ 个表共 )?[\d,]+ 行[^\n]*", "<links>"),
)
BODY = (
    "funds: {pool: {title: 流域补偿资金, rest: next_year, sources: [{from: province, amount: money, notice: 赣财1号}, {carry_in: true}]}}\n"
    "inputs: {money: {unit: 万元, group: pool, title: 省级资金}, score: {by: party, unit: score, title: 水质得分}, "
    "accident: {by: party, unit: '1', title: 重大事故, missing: {as: '0', because: 没有登记}}}\n"
    "rule:\n  - {op: allocate, name: a, title: 因素分配, clause: 第三条, fund: pool, by: score}\n"
    "  - {op: deduct, name: d, title: 事故扣减, clause: 第九条, taken_from: [a], when: accident, rate: '0.3', to: 'fund:pool:next_year'}\n"
)
FIRST = (
    "carry_in,fund:pool,2020,0,元",
    "money,,2020,100,万元",
    "score,zhi,2020,80,score",
    "score,an,2020,90,score",
    "score,bo,2020,70,score",
    "accident,bo,2020,1,1",
)


def test_a_finance_bureau_from_registration_to_the_close_of_the_next_year(tmp_path: Path) -> None:
    said: list[str] = []

    def gep(*asked: str, code: int = 0) -> str:
        with chdir(tmp_path):
            done = CliRunner().invoke(main, [*asked, "--lang", "zh"], prog_name="gep", env={"COLUMNS": "80"})
        assert done.exit_code == code, done.output
        said.append(f"$ gep {' '.join(asked)}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def tell(text: str) -> None:
        said.append(f"# {text}\n")

    store = ("--store", "gep.duckdb")
    write_scheme(tmp_path / "办法.yaml", BODY)
    write_facts(tmp_path / "2020.csv", *FIRST)
    compute = ("compensate", "办法.yaml", "2020", "--inputs", "2020.csv")
    tell("登记办法，试算，编制；编制的人不能自己复核")
    gep(*compute, "--post", "--by", "张三", *store, code=2)
    gep("scheme", "register", "办法.yaml", "--by", "张三", *store)
    gep(*compute, "--official", "试算.html", *store)
    gep(*compute, "--post", "--by", "张三", *store)
    gep("transfers", "--confirm", "1", "--by", "张三", *store, code=2)
    gep("transfers", "--confirm", "1", "--by", "李四", *store)
    tell("印发分配表和通知，导出凭证")
    gep(
        "transfers",
        "--run",
        "1",
        "--official",
        "分配表.xlsx",
        "--notices",
        "通知.html",
        "--unit",
        "万元",
        "--number",
        "赣财资环〔2020〕1号",
        *store,
    )
    gep("transfers", "--export", "凭证.csv", "--year", "2020", *store)
    gep("transfers", "--county", "安远县", "--year", "2020", *store)
    tell("国库付了上犹县，退回了崇义县；结果回导，复核")
    pay(tmp_path / "凭证.csv", {"上犹县": "成功", "崇义县": "失败：户名不符"})
    gep("transfers", "--paid", "凭证.csv", "--by", "张三", *store)
    gep("transfers", "--confirm", "2", "--by", "李四", *store)
    gep("transfers", "--paid", "凭证.csv", "--by", "张三", *store, code=2)
    tell("水质得分重述：更正，差额表；已付的仍然算数")
    write_facts(tmp_path / "2020.csv", *(row.replace("an,2020,90", "an,2020,100") for row in FIRST))
    gep(*compute, "--post", "--by", "张三", *store, code=2)
    gep(*compute, "--post", "--by", "张三", "--reason", "崇义县得分重述", *store)
    gep("transfers", "--confirm", "3", "--by", "李四", *store)
    gep("transfers", "--run", "2", "--official", "更正.html", *store)
    assert "更正差额表" in (tmp_path / "更正.html").read_text("utf-8")
    gep("transfers", "-q", "16", "--county", "上犹县", *store)
    tell("误报冲销：退回；次年带着结转")
    gep("transfers", "--reverse", "2", "--reason", "误报", "--by", "李四", *store)
    gep("transfers", "--turn-down", "4", "--by", "张三", "--reason", "无误，不必冲销", *store)
    rows = ("money,,2021,110,万元", "score,zhi,2021,80,score", "score,an,2021,95,score", "score,bo,2021,85,score")
    write_facts(tmp_path / "2021.csv", *rows)
    gep("compensate", "办法.yaml", "2021", "--inputs", "2021.csv", "--post", "--by", "张三", *store)
    gep("transfers", "--confirm", "5", "--by", "李四", *store)
    gep("transfers", "-q", "4", "--county", "崇义县", "--year", "2021", *store)
    tell("结账：收支相符，编制与复核一览，链完整")
    gep("transfers", "-q", "10", *store)
    gep("transfers", "--prepared", *store)
    gep("scheme", "registered", *store)
    assert "各行均符合哈希链" in gep("verify", *store)
    transcript = "\n".join(said)
    for pattern, shown in MASKS:
        transcript = re.sub(pattern, shown, transcript)
    if os.environ.get("REWRITE_MESSAGES"):
        KEPT.write_text(transcript, "utf-8")
    assert transcript == KEPT.read_text("utf-8")


def pay(path: Path, results: dict[str, str]) -> None:
    """Fill in what the treasury did with the vouchers of some counties."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["收款单位"] in results:
            row |= {"付款日期": "2020-12-20", "实付金额（元）": row["金额（元）"], "国库凭证号": f"库{row['收款单位代码']}"}
            row["处理结果"] = results[row["收款单位"]]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
