"""A report as a workbook: a sheet a table, numbers as numbers, text never a formula. The frontier to XlsxWriter."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from gep.reports.mathematics import say_first_known, shorten_numbers
from gep.reports.model import GROUP, MONEY, NUMBER, RATIO, SHARE, SUM, Column, Report, Row, Table
from gep.reports.numbers import is_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.reports.words import Words
    from gep.reports.yearbook import Yearbook

FORMATS = {MONEY: "#,##0.0000", NUMBER: "#,##0.######", SHARE: "0.0%", RATIO: "0.0000"}
LONGEST_TEXT, LONGEST_NAME = 32_767, 31
"""What a cell and the name of a sheet can hold."""
SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
    "default_date_format": "yyyy-mm-dd",
}
PROVENANCE = ("county_code", "account_year", "standard", "run")


def write_xlsx(report: Report | Yearbook, words: Words) -> bytes:
    """Return the tables of a report as .xlsx, each with columns that say which account its rows are of."""
    if not isinstance(report, Report):
        return _yearbook(report, words)
    book = Book(report, words)
    about = [
        (words["county"], f"{report.county} ({report.code})"),
        (words["year"], report.year),
        (words["gep"], report.facts["gep"]),
        (words["state"], report.state.sentence),
        *report.scope,
        (words["run"], report.run.run),
        (words["made_at"], report.run.made_at),
        (words["account_hash"], report.run.account_sha256),
        (words["hash_of_run"], report.run.results_sha256),
        (words["hash_inputs"], report.run.inputs_sha256),
        (words["hash_coefficients"], report.run.coefficients_sha256),
        (words["hash_rules"], report.run.rules_sha256),
        *((words["summary"], text) for text in report.summary),
        *((words["unverified"], f"{names} {text}".strip()) for names, text in report.statements),
    ]
    book.pairs(words["summary"], about)
    for table in (*report.tables.values(), *report.schemes):
        if table.rows:
            book.table(table)
    book.table(_audits(report, words))
    book.pairs(words["sources_title"], list(report.sources))
    return book.content()


def _yearbook(report: Yearbook, words: Words) -> bytes:
    """Return the tables of a yearbook, with one sheet of all counties' services."""
    book = Book(report, words)
    book.pairs(
        words["summary"],
        [
            (words["y_coverage_name"], report.coverage),
            *((words["summary"], text) for text in report.summary),
            (words["hash"], report.run.results_sha256),
        ],
    )
    for table in report.tables.values():
        if table.rows:
            book.table(table)
    columns = (Column("county", words["county"]), Column("code", words["code"]), *report.pages[0].table.columns)
    rows = tuple(Row((page.name, page.code, *row.cells), row.kind) for page in report.pages for row in page.table.rows)
    book.table(Table("counties", "", words["y_pages"], columns, rows))
    return book.content()


class Book:
    """A workbook in which nothing that comes from inputs can become a formula or a link."""

    def __init__(self, report: Report | Yearbook, words: Words) -> None:
        self.report = report
        self.words = words
        self.target = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.target, SAFE)
        made = datetime.fromisoformat(report.run.made_at)
        self.book.set_properties(
            {"title": f"{report.county} {report.year} {report.title}", "author": f"gep {report.run.program}", "created": made}
        )
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.formats: dict[tuple[str, bool], Any] = {}
        self.names: set[str] = set()

    def content(self) -> bytes:
        """Return the bytes of the file."""
        self.book.close()
        return self.target.getvalue()

    def sheet(self, title: str) -> Any:
        """Return a new sheet; its name is cut to what Excel takes and never doubled."""
        name = "".join("_" if letter in "[]:*?/\\'" else letter for letter in title)[:LONGEST_NAME]
        at = 2
        while name.casefold() in self.names:
            name = f"{name[: LONGEST_NAME - 3]} {at}"
            at += 1
        self.names.add(name.casefold())
        return self.book.add_worksheet(name)

    def pairs(self, title: str, rows: Sequence[tuple[str, object]]) -> None:
        """Write a sheet of two columns, names and texts."""
        sheet = self.sheet(title)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 110)
        for at, (name, value) in enumerate(rows):
            self._write(sheet, at, 0, name, self.wrap)
            self._write(sheet, at, 1, value, self.wrap)

    def table(self, table: Table) -> None:
        """Write a table from the first row down, so that it can be filtered; notes stand below it."""
        sheet = self.sheet(f"{table.code} {table.title}".strip())
        columns = (*table.columns, *(Column(name, self.words[f"of_{name}"]) for name in PROVENANCE))
        provenance = (self.report.code, self.report.year, self.report.standard.id, self.report.run.run)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, f"{column.title} ({column.unit})" if column.unit else column.title, self.head)
            sheet.set_column(at, at, 16 if column.kind in FORMATS else 22)
        for line, row in enumerate(table.rows, 1):
            cells = (*row.cells, *([None] * (len(table.columns) - len(row.cells))), *provenance)
            for at, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                self._write(sheet, line, at, cell, self._format(column.kind, strong=row.kind in {SUM, GROUP}))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(table.rows), len(columns) - 1)
        if table.note:
            sheet.write_string(len(table.rows) + 2, 0, table.note[:LONGEST_TEXT])

    def _format(self, kind: str, *, strong: bool) -> Any:
        key = (kind, strong)
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"num_format": FORMATS.get(kind, "@"), "bold": strong, "valign": "top"})
        return self.formats[key]

    def _write(self, sheet: Any, row: int, column: int, value: object, form: Any) -> None:
        """Write a number as a number, anything else as text; what is unknown stays an empty cell."""
        if is_known(value):
            sheet.write_number(row, column, value, form if not isinstance(value, int) else None)
        elif value is not None and value != "" and not isinstance(value, float):
            sheet.write_string(row, column, str(value)[:LONGEST_TEXT], form)


def _audits(report: Report, words: Words) -> Table:
    """Return every audit line with the origin of each of its numbers, one row a number."""
    rows = []
    for service in report.services:
        for rule in service.methods:
            for one in rule.audits:
                head = (
                    service.title,
                    rule.rule,
                    rule.variant,
                    say_first_known(rule.text, words),
                    one.members,
                    shorten_numbers(one.numbers),
                    one.value,
                    one.unit,
                    rule.source,
                    rule.mark,
                )
                for origin in one.origins or (None,):
                    below = (
                        ("", "", None, "", "", "", "", "")
                        if origin is None
                        else (
                            origin.symbol,
                            origin.title,
                            origin.value,
                            origin.unit,
                            origin.given,
                            origin.address,
                            origin.source,
                            origin.mark,
                        )
                    )
                    rows.append(Row((*head, *below)))
    names = (
        "service",
        "rule",
        "variant",
        "formula",
        "members",
        "arithmetic",
        "value",
        "unit",
        "rule_source",
        "rule_mark",
        "symbol",
        "number",
        "used",
        "used_unit",
        "given",
        "address",
        "source",
        "mark",
    )
    columns = tuple(Column(name, words[f"audit_{name}"], NUMBER if name in {"value", "used"} else "text") for name in names)
    return Table("audits", "", words["annex_c"], columns, tuple(rows))
