"""Writes workbooks of transfers: the payment table with its steps, and the answers to questions. A frontier to XlsxWriter."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from gep.compensation.booking import name_fund
from gep.compensation.members import name_party
from gep.compensation.run_rows import end_of
from gep.compensation.step_notes import say_note
from gep.compensation.stored_words import name_columns, say_cell, say_reason, say_step_name, say_stored, say_unit
from gep.compensation.summary import sum_parties
from gep.compensation.titles import find_title, name_operation
from gep.files.sheet_pages import SPARE, UPRIGHT, fit_widths, set_height, set_page
from gep.files.writing import write_file
from gep.messages.layout import measure_width
from gep.messages.problems import refuse_one
from gep.messages.texts import mark_word, say, say_in
from gep.units.money import format_exact, write_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gep.compensation.answers import Answer
    from gep.compensation.compute import Result
    from gep.store.questions import Question

MONEY_FORMAT = "#,##0.00"
LONGEST_NAME = 31
WIDEST, BROADEST_HEAD = 44.0, 16
"""Characters of a column of words, and of its head on one line."""
HEAD = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}


def write_sheet(result: Result, target: Path) -> None:
    """Write a result as a workbook: 资金分配表, 分录, 计算步骤, 说明.

    Amounts are yuan with two decimals; a spreadsheet keeps 15 digits, enough for every fen below 10 万亿元.

    Raises
    ------
    Problems : a target that does not end in .xlsx, or cannot be written
    """
    scheme = result.ready.scheme
    title = f"{'模拟（不入账） ' if result.what_if else ''}{scheme.title.zh} {result.year} 年"
    parties = [
        (
            row["code"],
            row["name"],
            Decimal(row["received"]) / 100,
            Decimal(row["paid"]) / 100,
            Decimal(row["net"]) / 100,
            write_in_words(row["net"]),
        )
        for row in sum_parties(result)
    ]
    postings = [
        (
            end_of(result, one.source),
            _name(result, one.source),
            end_of(result, one.target),
            _name(result, one.target),
            say_stored("subject", one.subject_from, "zh"),
            say_stored("subject", one.subject_to, "zh"),
            Decimal(one.fen) / 100,
            say_reason(one.reason, "zh"),
            one.clause,
            one.notice,
            one.due,
        )
        for one in result.postings
    ]
    steps = [
        (
            say_stored("stage", one.stage, "zh"),
            name_operation(scheme, one.operation, "zh"),
            one.place,
            one.period,
            say_step_name(find_title(scheme, one.name) if one.stage in {"input", "value", "constant"} else one.name, "zh"),
            format_exact(one.value, 6),
            say_unit(one.unit, "zh"),
            say_note(one.note, "zh"),
        )
        for one in result.steps
    ]
    notes = [
        (f"补偿办法 {scheme.id} {scheme.version}",),
        (f"结果 {result.sha256}",),
        *((say_in(mark, "zh"),) for mark in result.marks),
    ]
    _write(
        target,
        [
            ("资金分配表", title, ("代码", "名称", "应收（元）", "应付（元）", "净额（元）", "大写"), parties),
            (
                "分录",
                title,
                ("付方", "付方名称", "收方", "收方名称", "支出科目", "收入科目", "金额（元）", "事由", "条款", "文号", "应付日"),
                postings,
            ),
            ("计算步骤", title, ("环节", "运算", "地点", "期间", "名称", "数值", "单位", "说明"), steps),
            ("说明", title, ("未核实或文本未定的事项",), notes),
        ],
    )


def _name(result: Result, end: str) -> str:
    return name_fund(result, end) or name_party(result.ready.scheme, end)


def write_answers(answers: Iterable[Answer], target: Path, lang: str) -> None:
    """Write answers to questions as a workbook, one sheet a question.

    Raises
    ------
    Problems : a target that does not end in .xlsx, or cannot be written
    """
    sheets = [
        (
            f"{question.number:02d} {_name_sheet(question, lang)}",
            f"{question.number}. {question.zh if lang == 'zh' else question.en}",
            tuple(name_columns(columns, lang)),
            [[say_cell(column, cell, lang) for column, cell in zip(columns, row, strict=True)] for row in rows],
        )
        for question, columns, rows in answers
    ]
    _write(target, sheets)


def write_export(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], check: Sequence[tuple[str, Decimal]], target: Path
) -> None:
    """Write vouchers for a system of the budget as a workbook whose first sheet is the table alone; the sums stand on a second.

    Raises
    ------
    Problems : a target that does not end in .xlsx, or cannot be written
    """
    _write(target, [("凭证", "", tuple(columns), rows), ("核对", "核对（元）", ("项目", "金额（元）"), check)])


def _name_sheet(question: Question, lang: str) -> str:
    """Return what a sheet is called: the beginning of the question, or its name."""
    return re.split("[：，、（]", question.zh)[0] if lang == "zh" else question.name.removeprefix("transfers-")


def _write(target: Path, sheets: Sequence[tuple[str, str, Sequence[str], Sequence[Sequence[Any]]]]) -> None:
    if target.suffix.lower() != ".xlsx":
        refuse_one(
            str(target),
            say("workbooks are not written as {shown}", shown=target.suffix or mark_word("a file without ending")),
            ".xlsx",
        )
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no clock in a file that is compared
        money, bold = book.add_format({"num_format": MONEY_FORMAT, "valign": "top"}), book.add_format(HEAD)
        words = book.add_format({"text_wrap": True, "valign": "top"})
        for name, title, columns, rows in sheets:
            sheet = book.add_worksheet(name[:LONGEST_NAME])
            top = 1 if title else 0
            if title:
                sheet.write_string(0, 0, title, book.add_format({"bold": True}))
            shown = [[_show(cell) for cell in row] for row in rows]
            asked = [_measure(column, [row[at] for row in shown]) for at, column in enumerate(columns)]
            widths = fit_widths(asked, [at for at in range(len(columns)) if not any(_is_number(row[at]) for row in rows)])
            for at, column in enumerate(columns):
                sheet.write_string(top, at, column, bold)
                sheet.set_column(at, at, widths[at])
            set_height(sheet, top, zip(columns, widths, strict=True))
            for line, row in enumerate(rows, start=top + 1):
                for at, cell in enumerate(row):
                    if isinstance(cell, Decimal):
                        sheet.write_number(line, at, float(cell), money)
                    elif isinstance(cell, int):
                        sheet.write_number(line, at, cell)
                    elif cell is not None:
                        sheet.write_string(line, at, shown[line - top - 1][at], words)
                set_height(sheet, line, zip(shown[line - top - 1], widths, strict=True))
            sheet.freeze_panes(top + 1, 0)
            if rows:
                sheet.autofilter(top, 0, len(rows) + top, len(columns) - 1)
            set_page(sheet, len(rows) + top, len(columns) - 1, lying=sum(widths) > UPRIGHT, heads=top + 1)
    write_file(target, content.getvalue(), "transfer workbook")


def _show(cell: Any) -> str:
    """Return a cell as it is seen."""
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, Decimal | int)


def _measure(column: str, shown: Sequence[str]) -> float:
    """Return how many characters wide a column is: its longest number or word, and never more than what a page can hold."""
    longest = max((measure_width(text) for text in shown), default=0)
    return min(max(longest, min(measure_width(column), BROADEST_HEAD)) + SPARE, WIDEST)
