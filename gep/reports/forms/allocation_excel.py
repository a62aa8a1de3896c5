"""The allocation table as a workbook: the paper on one sheet, differences, calculation and postings behind it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from gep.compensation.step_notes import say_note
from gep.compensation.stored_words import say_stored, say_unit
from gep.compensation.titles import name_operation
from gep.files.sheet_pages import SPARE, fit_widths, set_height, set_page
from gep.messages.layout import measure_width
from gep.reports.allocation_table import COUNTY, UNITS, list_moves, read_moves
from gep.reports.payment_notice import name_place, name_step
from gep.units.money import format_exact

if TYPE_CHECKING:
    from gep.compensation.compute import Result
    from gep.compensation.issued import Booked
    from gep.reports.allocation_table import AllocationTable, Sheet

WIDTHS = {"序号": 6, "金额": 20, "单位": 18, "去处": 30, "依据": 34, "事由": 34, "资金或事由": 30, "资金文号": 26}

FEWEST, MOST, WIDEST = 8, 36.0, 44.0
"""Characters of a column of the paper at least, and at most of words there and in a list."""


def write_excel(result: Result, table: AllocationTable, decimals: int, booked: Booked | None) -> bytes:
    """Return the workbook: 分配表, 更正差额 where there is one, 计算步骤, 分录; amounts are numbers in the unit of the table."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1), "title": table.title})  # noqa: DTZ001 - no clock in a file that is compared
        pen = _Pen(book, table, decimals)
        pen.write_paper("分配表", list(table.sheets), whole=True)
        if table.difference is not None:
            pen.write_paper("更正差额", [table.difference], whole=False)
        steps = [
            (
                say_stored("stage", one.stage, "zh"),
                name_operation(result.ready.scheme, one.operation, "zh"),
                name_place(result, one.place),
                one.period,
                name_step(result, one),
                format_exact(one.value, 6),
                say_unit(one.unit, "zh"),
                say_note(one.note, "zh"),
            )
            for one in result.steps
        ]
        pen.write_list("计算步骤", ("环节", "运算", "地点", "期间", "名称", "数值", "单位", "说明"), steps, "单位见各行")
        moves = read_moves(booked.postings) if booked is not None else list_moves(result)
        postings = [
            (one.voucher or "—", one.source_name, one.target_name, one.fen, one.reason, one.clause, one.notice, one.due)
            for one in moves
        ]
        pen.write_list(
            "分录", ("凭证", "付方", "收方", "金额", "事由", "条款", "文号", "应付日"), postings, f"金额单位：{table.issue.unit}"
        )
    return content.getvalue()


class _Pen:
    """Writes sheets of one workbook in the formats of the paper."""

    def __init__(self, book: xlsxwriter.Workbook, table: AllocationTable, decimals: int) -> None:
        self.book, self.table, self.decimals = book, table, decimals
        number = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
        line = {"border": 1, "valign": "vcenter", "font_name": "宋体", "font_size": 10}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "font_name": "宋体"})
        self.plain = book.add_format({"font_name": "宋体", "font_size": 10})
        self.right = book.add_format({"font_name": "宋体", "font_size": 10, "align": "right"})
        self.bold = book.add_format({"font_name": "宋体", "font_size": 11, "bold": True})
        self.head = book.add_format({**line, "bold": True, "align": "center", "bg_color": "#F2F2F0", "text_wrap": True})
        self.cell = book.add_format({**line, "text_wrap": True})
        self.strong = book.add_format({**line, "bold": True, "text_wrap": True})
        self.money, self.strong_money = (
            book.add_format({**line, "num_format": number}),
            book.add_format({**line, "bold": True, "num_format": number}),
        )

    def write_paper(self, name: str, sheets: list[Sheet], *, whole: bool) -> None:
        """Write tables one below the other, with head and foot of the paper."""
        table, sheet = self.table, self._add(name)
        across = max(len(one.columns) for one in sheets) - 1
        sheet.write_string(0, 0, f"{table.issue.annex}{'（示例）' if table.example else ''}", self.plain)
        sheet.merge_range(1, 0, 1, across, table.title, self.title)
        sheet.set_row(1, 28)
        line = 2
        if table.issue.number:
            sheet.merge_range(
                line, 0, line, across, table.issue.number, self.book.add_format({"align": "center", "font_name": "宋体"})
            )
            line += 1
        for text in (f"状态：{table.state}", *table.details):
            sheet.write_string(line, 0, text, self.plain)
            line += 1
        widths = [float(FEWEST)] * (across + 1)
        for one in sheets:
            self._widen(one, widths)
        for at, one in enumerate(sheets):
            line += 1
            sheet.write_string(line, 0, one.title, self.bold)
            sheet.write_string(line, len(one.columns) - 1, f"单位：{table.issue.unit}", self.right)
            line = self._write_rows(sheet, line + 1, one, widths)
            if whole and at == 1:
                sheet.write_string(line, 0, f"下达合计大写：{table.words}", self.bold)
                line += 1
        for text in table.marks if whole else ():
            sheet.write_string(line, 0, text, self.plain)
            line += 1
        signs = f"编制：　　　　　复核：　　　　　分管负责人：　　　　　{table.issue.issuer or '印发单位'}（盖章）　　　{table.issue.dated or '　　年　　月　　日'}"
        sheet.write_string(line + 1, 0, signs, self.plain)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        self._set_page(sheet, line + 1, across)

    def write_list(self, name: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]], unit: str) -> None:
        """Write a plain table; `unit` says what its figures are in."""
        sheet = self._add(name)
        sheet.write_string(0, 0, f"{self.table.title}　{name}{'（示例）' if self.table.example else ''}　{unit}", self.bold)
        for at, column in enumerate(columns):
            sheet.write_string(1, at, column, self.head)
        asked = [
            min(max([self._measure(column), *(self._measure(row[at]) for row in rows)]) + SPARE, WIDEST)
            for at, column in enumerate(columns)
        ]
        words = [
            at for at, column in enumerate(columns) if column != "数值" and not any(isinstance(row[at], int) for row in rows)
        ]
        widths = fit_widths(asked, words)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        for line, row in enumerate(rows, start=2):
            for at, cell in enumerate(row):
                self._put(sheet, line, at, cell, bold=False)
            set_height(sheet, line, ((str(cell or ""), width) for cell, width in zip(row, widths, strict=True)))
        sheet.freeze_panes(2, 0)
        self._set_page(sheet, len(rows) + 1, len(columns) - 1, heads=2)

    def _add(self, name: str) -> Any:
        return self.book.add_worksheet(name)

    def _set_page(self, sheet: Any, last_row: int, last_column: int, heads: int = 0) -> None:
        """Set a page that lies, with what the paper says at its head and the number of the page at its foot."""
        set_page(sheet, last_row, last_column, lying=True, heads=heads)
        example = "示例　　" if self.table.example else ""
        sheet.set_header(f"&L{example}{self.table.issue.annex}&R{self.table.state}")
        sheet.set_footer("&C第 &P 页，共 &N 页")

    def _widen(self, one: Sheet, widths: list[float]) -> None:
        """Make columns as wide as what a table has in them: numbers whole, words up to what a page can hold."""
        for at, column in enumerate(one.columns):
            longest = max(self._measure(row.cells[at]) for row in one.rows) if one.rows else 0
            asked = max(WIDTHS.get(column, self._measure(column) + SPARE), longest + SPARE)
            widths[at] = max(widths[at], min(asked, MOST))

    def _write_rows(self, sheet: Any, line: int, one: Sheet, widths: list[float]) -> int:
        for at, column in enumerate(one.columns):
            sheet.write_string(line, at, column, self.head)
        set_height(sheet, line, zip(one.columns, widths, strict=False))
        for row in one.rows:
            line += 1
            for at, cell in enumerate(row.cells):
                self._put(sheet, line, at, cell, bold=row.kind != COUNTY)
            set_height(sheet, line, ((cell or "", widths[at]) for at, cell in enumerate(row.cells) if not isinstance(cell, int)))
        line += 1
        if one.note:
            sheet.write_string(line, 0, f"注：{one.note}", self.plain)
            line += 1
        return line

    def _put(self, sheet: Any, line: int, at: int, cell: Any, *, bold: bool) -> None:
        if isinstance(cell, int):
            scale = UNITS[self.table.issue.unit]
            sheet.write_number(line, at, cell / scale, self.strong_money if bold else self.money)
        else:
            sheet.write_string(line, at, str(cell or ""), self.strong if bold else self.cell)

    def _measure(self, cell: Any) -> int:
        """Return how wide a cell is, in letters; a Chinese letter counts two."""
        return measure_width(
            f"{cell / UNITS[self.table.issue.unit]:,.{self.decimals}f}" if isinstance(cell, int) else str(cell or "")
        )
