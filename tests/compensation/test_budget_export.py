"""The exchange with a system of the budget: one row a voucher, sums checked, what was paid read back; questions for a city."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Program
from kept_stores import copy_once
from toy_schemes import write_facts, write_scheme
from two_hands import CHECKER, MAKER, post

BODY = (
    "funds: {pool: {title: 资金, sources: [{from: province, amount: money, notice: 赣财1号}]}}\n"
    "inputs: {money: {unit: 元, group: pool}, weight: {by: party, unit: score}}\n"
    "rule:\n  - {op: allocate, name: a, title: 因素分配, fund: pool, by: weight}\n"
    "  - {op: deduct, name: d, taken_from: [a], when: weight == 2, rate: '0.3', to: province}\n"
)
ROWS = ("money,,2021,100.01,元", "weight,zhi,2021,1,score", "weight,an,2021,2,score", "weight,bo,2021,4,score")


def make_booked(folder: Path) -> None:
    scheme = write_scheme(folder / "toy.yaml", BODY)
    asked = ("compensate", str(scheme), "2021", "--inputs", str(write_facts(folder / "f.csv", *ROWS)))
    post(Program(str(folder / "gep.duckdb")), *asked)


@pytest.fixture
def booked(gep: Program, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    copy_once(tmp_path_factory, "budget", make_booked, tmp_path)
    return gep


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_one_row_a_voucher_and_what_comes_back_is_recorded_once(booked: Program, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    done = booked("transfers", "--export", str(target), "--year", "2021", "--store", booked.store)
    assert "3 vouchers, 91.44 yuan, as booked" in done.stderr
    rows = sorted(read(target), key=lambda row: row["收款单位代码"])
    assert [(row["收款单位"], row["金额（元）"], row["指标文号"]) for row in rows] == [
        ("上犹县", "14.29", ""),
        ("崇义县", "20.00", ""),
        ("安远县", "57.15", ""),
    ]
    for row, amount, result in zip(rows, ("14.29", "15.00", ""), ("成功", "部分支付", "失败：账号有误"), strict=True):
        row |= {
            "付款日期": "2022年1月5日",
            "实付金额（元）": amount,
            "国库凭证号": f"库{row['收款单位代码']}",
            "处理结果": result,
        }
    with target.open("w", encoding="gbk", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    asked = ("transfers", "--paid", str(target), "--by", MAKER, "--store", booked.store)
    said = booked(*asked)
    assert f"{rows[2]['凭证编号']} was not paid: 失败：账号有误" in said.stderr
    assert "2 payments or postings, 29.29 yuan together" in said.stdout
    booked("transfers", "--confirm", "2", "--by", CHECKER, "--store", booked.store)
    assert "has paid before" in booked(*asked, code=2).stderr
    open_ = json.loads(booked("transfers", "-q", "16", "--store", booked.store, "--format", "json").stdout)
    assert {one["county"]: str(one["unpaid"]) for one in open_ if one["county"].startswith("3607")} == {
        "360725": "5.00",
        "360726": "57.15",
    }


def test_columns_of_ones_own_in_a_workbook_and_back(booked: Program, tmp_path: Path) -> None:
    columns = tmp_path / "columns.csv"
    columns.write_text(
        "head,field\n单号,voucher\n户名,payee_name\n支付金额,amount\n支付日,paid_on\n实付,paid_amount\n回单号,treasury_voucher\n",
        "utf-8",
    )
    target = tmp_path / "out.xlsx"
    booked("transfers", "--export", str(target), "--columns", str(columns), "--county", "赣州市", "--store", booked.store)
    book = openpyxl.load_workbook(target)
    sheet = book["凭证"]
    assert [cell.value for cell in sheet[1]] == ["单号", "户名", "支付金额", "支付日", "实付", "回单号"]
    assert book["核对"]["B3"].value == 91.44
    sheet["D2"], sheet["E2"], sheet["F2"] = date(2022, 1, 5), 14.29, "库1"
    book.save(tmp_path / "back.xlsx")
    asked = (
        "transfers",
        "--paid",
        str(tmp_path / "back.xlsx"),
        "--columns",
        str(columns),
        "--by",
        MAKER,
        "--store",
        booked.store,
    )
    assert "1 payments or postings, 14.29 yuan together" in booked(*asked).stdout


def test_the_workbook_comes_back_as_offices_fill_it_in(booked: Program, tmp_path: Path) -> None:
    """The default columns, amounts and days as texts, full-width figures, a real day, spaces, a time behind the day."""
    target = tmp_path / "out.xlsx"
    booked("transfers", "--export", str(target), "--store", booked.store)
    book = openpyxl.load_workbook(target)
    sheet = book["凭证"]
    at = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
    assert "实付金额（元）" in at
    paid: dict[str, tuple[Any, ...]] = {
        "360724": ("2022/1/5", "１４.２９ ", "库１", "已付款"),
        "360725": (date(2022, 1, 5), "￥20.00", "库 2 ", "成功 "),
        "360726": ("2022-01-05 10:22:33", "57.15元", 2022003, "支付成功"),
    }
    for line in (2, 3, 4):
        for head, cell in zip(
            ("付款日期", "实付金额（元）", "国库凭证号", "处理结果"),
            paid[str(sheet.cell(line, at["收款单位代码"]).value)],
            strict=True,
        ):
            sheet.cell(line, at[head]).value = cell
    book.save(tmp_path / "back.xlsx")
    asked = ("transfers", "--paid", str(tmp_path / "back.xlsx"), "--by", MAKER, "--store", booked.store)
    said = booked(*asked)
    assert "3 payments or postings, 91.44 yuan together" in said.stdout
    assert "was not paid" not in said.stderr
    booked("transfers", "--confirm", "2", "--by", CHECKER, "--store", booked.store)
    assert "has paid before" in booked(*asked, code=2).stderr


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("head,field\n单号,voucher\n金额,amounts\n", "there is no field 'amounts'"),
        ("head,field\n单号,voucher\n单号,amount\n", "'单号' is empty or stands twice"),
        ("head,field\n单号,voucher\n", "no column is for amount"),
    ],
)
def test_columns_that_are_wrong_are_told(booked: Program, tmp_path: Path, columns: str, said: str) -> None:
    (tmp_path / "c.csv").write_text(columns, "utf-8")
    asked = ("transfers", "--export", str(tmp_path / "o.csv"), "--columns", str(tmp_path / "c.csv"), "--store", booked.store)
    done = booked(*asked, code=2)
    assert said in done.stderr
    assert "1 problem" in done.stderr or "2 problems" in done.stderr


def test_questions_are_answered_for_a_city_and_a_province_with_units_and_short_numbers(booked: Program) -> None:
    def ask(*more: str) -> list[dict[str, str]]:
        found = json.loads(booked("transfers", *more, "--store", booked.store, "--format", "json").stdout)
        assert isinstance(found, list)
        return found

    of_city = {one["county"] for one in ask("--county", "赣州市")}
    assert of_city == {"360724", "360725", "360726"}
    assert {one["county"] for one in ask("--county", "江西省")} == of_city | {"360000"}
    assert ask("-q", "16", "--county", "南昌市") == []
    shown = booked("transfers", "--county", "赣州市", "--store", booked.store, "--lang", "zh").stdout
    assert "金额（元）" in shown
    steps = booked("transfers", "-q", "3", "--county", "360724", "--store", booked.store).stdout
    assert "≈0.142857" in steps
    assert "1/7" not in steps
    assert "amount (yuan)" in booked("transfers", "--county", "赣州市", "--store", booked.store, "--lang", "en").stdout


def fill_in(booked: Program, folder: Path, columns: str = "", name: str = "out.csv") -> tuple[list[str], list[list[str]]]:
    """Export the vouchers; return heads and rows, with what was paid filled in where there is a column for it."""
    (folder / "columns.csv").write_text(columns, "utf-8")
    own = ("--columns", str(folder / "columns.csv")) if columns else ()
    booked("transfers", "--export", str(folder / name), *own, "--store", booked.store)
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    amount = next(head.index(one) for one in ("金额（元）", "金额") if one in head)
    for at, row in enumerate(rows):
        made = {"付款日期": "2022-01-05", "实付金额（元）": row[amount], "国库凭证号": f"库{at}", "处理结果": "成功"}
        for place, one in enumerate(head):
            row[place] = row[place] or made.get(one, "")
    return head, rows


def give_back(booked: Program, path: Path, rows: list[list[str]], *more: str, code: int = 0) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    done = booked("transfers", "--paid", str(path), "--by", MAKER, "--store", booked.store, *more, code=code)
    return str(done.stdout + done.stderr)


def test_a_title_above_the_heads_and_a_row_of_sums_below_are_what_they_are(booked: Program, tmp_path: Path) -> None:
    head, rows = fill_in(booked, tmp_path)
    total = ["合计" if one == "凭证编号" else "91.44" if one == "实付金额（元）" else "" for one in head]
    assert "3 payments or postings, 91.44 yuan" in give_back(booked, tmp_path / "a.csv", [["支付结果"], [], head, *rows, total])
    total[head.index("实付金额（元）")] = "91.45"
    said = give_back(booked, tmp_path / "b.csv", [head, *rows, total], code=2)
    assert "b.csv:5: the total is 91.45, and the rows above come to 91.44" in said


def test_a_head_of_another_unit_is_no_head_of_yuan(booked: Program, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("head,field\n单号,voucher\n金额（万元）,amount\n实付（分）,paid_amount\n", "utf-8")
    asked = ("transfers", "--export", str(tmp_path / "o.csv"), "--columns", str(tmp_path / "c.csv"), "--store", booked.store)
    said = booked(*asked, code=2).stderr
    assert "c.csv:3: the head '金额（万元）' is in 万元" in said
    assert "c.csv:4: the head '实付（分）' is in 分" in said


def test_the_day_that_money_is_due_is_not_the_day_it_was_paid(booked: Program, tmp_path: Path) -> None:
    columns = "head,field\n单号,voucher\n金额,amount\n付款日期,due_on\n实付金额（元）,paid_amount\n国库凭证号,treasury_voucher\n"
    head, rows = fill_in(booked, tmp_path, columns)
    said = give_back(booked, tmp_path / "b.csv", [head, *rows], "--columns", str(tmp_path / "columns.csv"), code=2)
    assert "no column is called paid_on" in said


def test_what_came_back_undone_is_listed_even_where_all_of_it_did_and_lines_are_those_of_the_file(
    booked: Program, tmp_path: Path
) -> None:
    head, rows = fill_in(booked, tmp_path)
    at = head.index("处理结果")
    for row in rows:
        row[at] = "已退回"
    said = give_back(booked, tmp_path / "a.csv", [head, *rows], code=2)
    assert all(f"{row[0]} was not paid: 已退回" in said for row in rows)
    rows[2][at], rows[2][head.index("国库凭证号")] = "成功", ""
    assert "b.csv:4: the payment on" in give_back(booked, tmp_path / "b.csv", [head, *rows], code=2)
