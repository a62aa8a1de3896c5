"""The exchange with a system of the budget (预算管理一体化): one row a voucher under heads of one's own, and what was paid read back."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.scheme import FUND
from gep.compensation.stored_words import say_reason
from gep.files.folder import READ_AS_WORKBOOKS
from gep.files.reading import LARGEST_TABLE, read_bounded
from gep.files.sheet_tables import SEARCHED, read_sheet_rows
from gep.files.table import decode, read_table
from gep.files.written_days import read_day
from gep.files.written_names import clean_text
from gep.files.written_numbers import narrow_digits
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import join_list, say
from gep.units.money import FEN_PER_YUAN, format_exact, parse_decimal, read_amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gep.compensation.budget_subjects import SubjectTable
    from gep.store.transfers import Side

DEFAULT = (
    ("凭证编号", "voucher"),
    ("年度", "year"),
    ("补偿办法", "scheme"),
    ("付款单位代码", "payer"),
    ("付款单位", "payer_name"),
    ("收款单位代码", "payee"),
    ("收款单位", "payee_name"),
    ("金额（元）", "amount"),
    ("功能分类", "function_class"),
    ("经济分类", "economic_class"),
    ("资金性质", "fund_nature"),
    ("项目代码", "project_code"),
    ("指标文号", "indicator_number"),
    ("事由", "reason"),
    ("条款", "clause"),
    ("应付日期", "due_on"),
    ("已付金额（元）", "paid"),
    ("付款日期", "paid_on"),
    ("实付金额（元）", "paid_amount"),
    ("国库凭证号", "treasury_voucher"),
    ("处理结果", "result"),
    ("备注", "note"),
)
"""Heads of an export and the fields under them; those of the payment are empty and come back filled in."""
TO_FILL = ("paid_on", "paid_amount", "treasury_voucher", "result", "note")
FIELDS = tuple(field for _, field in DEFAULT)
MONEY_FIELDS = ("amount", "paid", "paid_amount")
_OTHER_UNIT = re.compile(r"[十百千万亿]+元|\([十百千万亿角分]+\)")
"""A unit of money in a head, other than the yuan that amounts are written in."""
TOTALS = frozenset({"合计", "总计", "小计", "共计", "合计数", "total", "sum"})
"""What stands in the place of a voucher where a system adds a row of sums."""
NEEDED = ("voucher", "paid_on", "paid_amount", "treasury_voucher")
"""Fields without which nothing that was paid can be read back."""
DONE = {
    "",
    "成功",
    "部分支付",
    "部分付款",
    "部分拨付",
    "已支付",
    "支付成功",
    "已付款",
    "付款成功",
    "已拨付",
    "拨付成功",
    "交易成功",
    "已入账",
    "paid",
    "done",
    "ok",
}
"""What a system says of a payment that was made; anything else was not."""


@dataclass(frozen=True)
class Returned:
    """What a system gave back: payments that were made, as rows of text, and vouchers that were not paid, with what it says."""

    rows: tuple[dict[str, str], ...]
    undone: tuple[tuple[str, str], ...]


def read_columns(path: Path | None) -> tuple[tuple[str, str], ...]:
    """Return heads and fields of an export: those of a table `head,field`, or the default ones.

    Raises
    ------
    Problems : a file that cannot be read, a field that is not known, a head that stands twice, or no column for the voucher or amount
    """
    if path is None:
        return DEFAULT
    table, problems = read_table(path, ("head", "field"))
    refuse(problems)
    if table is None:
        return DEFAULT
    pairs = [
        (str(head).strip(), str(field).strip())
        for head, field in zip(*(table.columns[name].to_pylist() for name in ("head", "field")), strict=True)
    ]
    shown = str(path)
    wrong = [
        Problem(shown, line, say("there is no field {name!r}", name=field), say("one of {names}", names=join_list(FIELDS)))
        for line, (_, field) in enumerate(pairs, start=2)
        if field not in FIELDS
    ]
    heads = [head for head, _ in pairs]
    wrong += [
        Problem(shown, line, say("the head {name!r} is empty or stands twice", name=head), "a head of its own for each column")
        for line, head in enumerate(heads, start=2)
        if not head or heads.count(head) > 1
    ]
    for line, (head, field) in enumerate(pairs, start=2):
        unit = _OTHER_UNIT.search(narrow_digits(head)) if field in MONEY_FIELDS else None
        if unit:
            said = say("the head {name!r} is in {unit}, and amounts are in yuan", name=head, unit=unit[0].strip("()"))
            wrong.append(Problem(shown, line, said, "a head without a unit, or in 元"))
    lacking = [name for name in ("voucher", "amount") if name not in {field for _, field in pairs}]
    if lacking and not wrong:
        wrong.append(Problem(shown, 0, say("no column is for {names}", names=join_list(lacking)), "voucher and amount"))
    refuse(wrong)
    return tuple(pairs)


def list_export_rows(
    sides: Iterable[Side], columns: Sequence[tuple[str, str]], subjects: SubjectTable
) -> tuple[list[tuple[str | int | None, ...]], int]:
    """Return one row a voucher that the treasury pays, a whole number being fen, and their sum in fen.

    Money that a fund takes in or keeps, and money that is withheld, is no payment of the treasury and has no row.
    """
    rows: list[tuple[str | int | None, ...]] = []
    total = 0
    for one in sides:
        due = one.amount_fen - one.held_fen
        if one.payee.startswith(FUND) or one.posting_kind == "deduction" or one.sign < 0 or due <= 0:
            continue
        own = subjects.find(one.operation, one.payee, one.payee_name or "")
        cells: dict[str, str | int | None] = {
            "voucher": one.voucher,
            "year": str(one.year),
            "scheme": one.title_zh,
            "payer": one.payer,
            "payer_name": one.payer_name or one.payer,
            "payee": one.payee,
            "payee_name": one.payee_name or one.payee,
            "amount": due,
            "function_class": own.function_class or ("" if one.subject_to in {"unstated", "fund"} else one.subject_to),
            "economic_class": own.economic_class,
            "fund_nature": own.fund_nature,
            "project_code": own.project_code,
            "indicator_number": own.indicator_number or one.fund_notice,
            "reason": say_reason(one.reason, "zh"),
            "clause": one.clause,
            "due_on": one.due_on.isoformat(),
            "paid": one.paid_fen,
            **dict.fromkeys(TO_FILL, ""),
        }
        rows.append(tuple(cells[field] for _, field in columns))
        total += due
    return rows, total


def write_csv(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """Return rows as CSV that spreadsheets open: UTF-8 with a mark, yuan with two decimals, no text that would be a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([head for head, _ in columns])
    for row in rows:
        writer.writerow([_write_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _write_cell(cell: str | int | None) -> str:
    if isinstance(cell, int):
        return f"{cell // FEN_PER_YUAN}.{cell % FEN_PER_YUAN:02d}"
    text = cell or ""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def read_returned(path: Path, columns: Sequence[tuple[str, str]]) -> Returned | None:
    """Return what a table that came back says was paid; None where it has no head of the columns: it is another table.

    Rows that say nothing of a payment are left out; rows whose result is none of DONE are told as not paid.

    Parameters
    ----------
    columns : heads and fields, as `read_columns` gives them

    Raises
    ------
    Problems : a file that cannot be read, lacks a head that is needed, or has a day that is none
    """
    own = {field: head for head, field in columns}
    shown = {field: own.get(field, head) for head, field in DEFAULT if field in own or head not in own.values()}
    heads = {field: _fold_head(head) for field, head in shown.items()}
    cells = _read_cells(path, shown["voucher"])
    begins = next((at for at, (_, row) in enumerate(cells[:SEARCHED]) if heads["voucher"] in map(_fold_head, row)), None)
    if begins is None:
        return None
    (_, written), *rest = cells[begins:]
    head = [_fold_head(one) for one in written]
    lacking = [shown.get(name, name) for name in NEEDED if heads.get(name) not in head]
    if lacking:
        told = say("no column is called {names}", names=join_list(lacking))
        refuse_one(str(path), told, "the columns as they were exported", line=cells[begins][0])
    at = {field: head.index(name) for field, name in heads.items() if name in head}
    rows: list[dict[str, str]] = []
    undone: list[tuple[str, str]] = []
    amounts: list[str] = []
    problems: list[Problem] = []
    for line, row in rest:
        found = {field: clean_text(row[place]) if place < len(row) else "" for field, place in at.items()}
        if _fold_head(found["voucher"]) in TOTALS:
            problems += _check_total(str(path), line, found["paid_amount"], amounts)
            continue
        if not found["voucher"] or not (found["paid_amount"] or found["treasury_voucher"] or found.get("result")):
            continue
        amounts.append(found["paid_amount"])
        if narrow_digits(found.get("result", "")).lower() not in DONE:
            undone.append((found["voucher"], found["result"]))
            continue
        day = read_day(found["paid_on"])
        if day is None:
            problems.append(Problem(str(path), line, say("{text!r} is not a day", text=found["paid_on"]), "YYYY-MM-DD"))
            continue
        rows.append(
            {
                "line": str(line),
                "posting_voucher": found["voucher"],
                "paid_on": day.isoformat(),
                "amount": found["paid_amount"],
                "voucher": found["treasury_voucher"],
                "note": found.get("note", ""),
            }
        )
    refuse(problems)
    return Returned(tuple(rows), tuple(undone))


def _check_total(shown: str, line: int, written: str, amounts: Sequence[str]) -> list[Problem]:
    """Return what is wrong with a row of sums: it is not the sum of what the rows above say was paid; nothing where it has no amount."""
    try:
        total = read_amount(written) if written else None
        whole = sum((read_amount(one) for one in amounts if one), Fraction(0))
    except ValueError:
        return []  # an amount that is none is told of its own row
    if total is None or total == whole:
        return []
    told = say("the total is {total}, and the rows above come to {whole}", total=written, whole=format_exact(whole))
    return [Problem(shown, line, told, "the sum of what was paid")]


def _fold_head(head: str) -> str:
    """Return a head as it is compared: programs that save a table again may change the width of its brackets and put spaces round it."""
    return "".join(narrow_digits(clean_text(head)).split())


def read_written(path: Path, columns: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Return how many vouchers a written export holds, and the sum of its amounts in fen.

    Raises
    ------
    Problems : the file cannot be read
    """
    rows = [row for _, row in _read_cells(path, columns[0][0])]
    at = [field for _, field in columns].index("amount")
    return len(rows) - 1, sum(round(parse_decimal(row[at]) * FEN_PER_YUAN) for row in rows[1:])


def _read_cells(path: Path, head: str) -> list[tuple[int, list[str]]]:
    """Return the cells of a CSV file, or of the sheet of a workbook that has a head, as text, with their lines."""
    if path.suffix.lower() in READ_AS_WORKBOOKS:
        rows, problems = read_sheet_rows(path, str(path), (head,))
        refuse(problems)
        return rows
    text = decode(read_bounded(path, LARGEST_TABLE))
    if text is None:
        refuse_one(str(path), "the file is no text", "a CSV table or a workbook")
    return [(line, row) for line, row in enumerate(csv.reader(io.StringIO(text)), 1) if any(row)]
