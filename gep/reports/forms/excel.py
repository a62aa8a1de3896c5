"""A report as a workbook: a sheet a table, numbers as numbers, text never a formula. The frontier to XlsxWriter."""

from __future__ import annotations

import io
import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from gep.files.sheet_pages import NARROWEST, UPRIGHT, fit_widths, set_height, set_page
from gep.messages.layout import measure_width
from gep.messages.numbers import is_known, shorten_numbers
from gep.messages.tables import GROUP, MONEY, NUMBER, NUMERIC, RATIO, SHARE, SUM, Cell, Column, Row, Table, print_cell
from gep.reports.mathematics import say_first_known
from gep.reports.model import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gep.reports.model import Method
    from gep.reports.words import Words
    from gep.reports.yearbook import Yearbook

FORMATS = {MONEY: "#,##0.0000", SHARE: "0.0%", RATIO: "0.0000"}
PAIRS = (26.0, 74.0)
"""Widths of a sheet of names and texts."""
BROADEST, NUMBER_WIDTH, PROVENANCE_WIDTH = 40.0, 13.0, 12.0
MOST_DECIMALS = 12
AUDIT_PRINTED = 10
"""Columns of the audit trail that go on paper; those behind them are for filtering."""
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
    book = begin_book(report, words)
    about = [
        (words["county"], f"{report.county} ({report.code})"),
        (words["year"], report.year),
        (f"{report.total.title} ({report.total.unit})", report.total.shown)
        if not report.tables["value"].rows
        else (f"{words['gep']} ({report.money_unit})", report.total.value and report.total.value / report.money_scale),
        (words["state"], report.state.sentence),
        *report.scope,
        (words["run"], report.run.run),
        (words["made_at"], report.run.made_at),
        (words["account_hash"], report.run.account_sha256),
        (words["chain"], f"{report.run.chain_sha256} ({report.run.chain_link})"),
        (words["hash_of_run"], report.run.results_sha256),
        (words["hash_inputs"], report.run.inputs_sha256),
        (words["hash_coefficients"], report.run.coefficients_sha256),
        (words["hash_rules"], report.run.rules_sha256),
        *((words["summary"], text) for text in report.summary),
        *((words["unverified"], f"{names} {text}".strip()) for names, text in report.statements),
        *((words.say("written_by", author=one.author), one.text) for one in report.texts),
    ]
    book.pairs(words["summary"], about)
    for table in (*report.tables.values(), *report.schemes):
        if table.rows:
            book.table(table)
    book.table(list_audits(((one.title, one.methods) for one in report.services), words), AUDIT_PRINTED)
    book.pairs(words["sources_title"], list(report.sources))
    return book.content()


def _yearbook(report: Yearbook, words: Words) -> bytes:
    """Return the tables of a yearbook, with one sheet of all counties' services."""
    book = begin_book(report, words)
    book.pairs(
        words["summary"],
        [
            (words["y_coverage_name"], report.coverage),
            *((words["summary"], text) for text in report.summary),
            (words["hash"], report.run.results_sha256),
            (words["chain"], f"{report.run.chain_sha256} ({report.run.chain_link})"),
        ],
    )
    for table in report.tables.values():
        if table.rows:
            book.table(table)
    columns = (Column("county", words["county"]), Column("code", words["code"]), *report.pages[0].table.columns)
    rows = tuple(Row((page.name, page.code, *row.cells), row.kind) for page in report.pages for row in page.table.rows)
    book.table(Table("counties", "", words["y_pages"], columns, rows))
    return book.content()


def begin_book(report: Report | Yearbook, words: Words) -> Book:
    """Return a workbook of a report, in which every row says which account it is of."""
    about = {
        "title": f"{report.county} {report.year} {report.title}",
        "author": f"gep {report.run.program}",
        "created": datetime.fromisoformat(report.run.made_at),
    }
    return Book(words, about, (report.code, report.year, report.standard.id, report.run.run))


class Book:
    """A workbook in which nothing that comes from inputs can become a formula or a link."""

    def __init__(self, words: Words, about: dict[str, Any], provenance: Sequence[Cell] = ()) -> None:
        """Begin a workbook.

        Parameters
        ----------
        about      : properties of the file: title, author, created
        provenance : code, year, standard and run of the account that all rows are of; none: they are of none
        """
        self.provenance = tuple(provenance)
        self.words = words
        self.target = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.target, SAFE)
        self.book.set_properties(about)
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.amount = self.book.add_format({"num_format": FORMATS[MONEY], "align": "left"})
        self.formats: dict[tuple[str, str], Any] = {}
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
        """Write a sheet of two columns, names and texts; a name is written once above the rows that it holds for."""
        sheet = self.sheet(title)
        above = ""
        for at, width in enumerate(PAIRS):
            sheet.set_column(at, at, width)
        for at, (name, value) in enumerate(rows):
            shown = name if name != above else ""
            above = name
            self._write(sheet, at, 0, shown, self.wrap)
            self._write(sheet, at, 1, value, self.amount if isinstance(value, float) else self.wrap)
            set_height(sheet, at, zip((shown, str(value)), PAIRS, strict=True))
        set_page(sheet, len(rows) - 1, 1, lying=False)

    def table(self, table: Table, printed: int = 0) -> None:
        """Write a table from the first row down, so that it can be filtered; notes stand below it.

        Parameters
        ----------
        printed : how many columns go on paper, the rest is for filtering; 0: all of the table
        """
        sheet = self.sheet(f"{table.code} {table.title}".strip())
        named = PROVENANCE if self.provenance else ()
        columns = (*table.columns, *(Column(name, self.words[f"of_{name}"]) for name in named))
        printed = min(printed or len(table.columns), len(table.columns))
        widths = [*_widths(table, printed), *(PROVENANCE_WIDTH for _ in named)]
        for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.write_string(0, at, _head(column), self.head)
            sheet.set_column(at, at, width)
        set_height(sheet, 0, ((_head(column), width) for column, width in zip(columns, widths, strict=True)))
        for line, row in enumerate(table.rows, 1):
            cells = (*row.cells, *([None] * (len(table.columns) - len(row.cells))), *self.provenance)
            for at, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                self._write(sheet, line, at, cell, self._format(cell, column, row.kind))
            if row.kind != GROUP:
                texts = zip(cells[:printed], widths, strict=False)
                set_height(sheet, line, ((cell, width) for cell, width in texts if isinstance(cell, str)))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(table.rows), len(columns) - 1)
        last = len(table.rows)
        if table.note:
            last += 2
            sheet.merge_range(last, 0, last, max(printed - 1, 1), table.note[:LONGEST_TEXT], self.wrap)
            set_height(sheet, last, [(table.note, sum(widths[: max(printed, 2)]))])
        set_page(sheet, last, printed - 1, lying=sum(widths[:printed]) > UPRIGHT, heads=1)

    def _format(self, cell: object, column: Column, kind: str) -> Any:
        """Return the format of a cell; the name of a group runs on over the empty cells beside it."""
        key = (_number_format(cell, column), kind if kind in {SUM, GROUP} else "")
        if key not in self.formats:
            words = {"text_wrap": kind != GROUP, "indent": 1 if column.kind not in NUMERIC and kind != GROUP else 0}
            look = {"num_format": key[0], "bold": bool(key[1]), "valign": "top", **(words if key[0] == "@" else {})}
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]

    def _write(self, sheet: Any, row: int, column: int, value: object, form: Any) -> None:
        """Write a number as a number, anything else as text; what is unknown stays an empty cell."""
        if is_known(value):
            sheet.write_number(row, column, value, form if not isinstance(value, int) else None)
        elif value is not None and value != "" and not isinstance(value, float):
            sheet.write_string(row, column, str(value)[:LONGEST_TEXT], form)


def _head(column: Column) -> str:
    return f"{column.title} ({column.unit})" if column.unit else column.title


def _widths(table: Table, printed: int) -> list[float]:
    """Return the width of each column in characters: numbers as wide as the longest, words as they need and the page has."""
    asked = []
    for at, column in enumerate(table.columns):
        shown = [_show(row.cells[at], column) for row in table.rows if at < len(row.cells) and row.kind != GROUP]
        longest = max((measure_width(text) for text in shown), default=0) + 3
        if column.kind in NUMERIC:
            asked.append(max(NUMBER_WIDTH, longest))
        else:
            asked.append(min(max(NARROWEST, longest, measure_width(column.title) / 2 + 2), BROADEST))
    words = [at for at in range(printed) if table.columns[at].kind not in NUMERIC]
    return [*fit_widths(asked[:printed], words), *asked[printed:]]


def _show(cell: Cell, column: Column) -> str:
    """Return a cell as a spreadsheet shows it, which writes all digits of the largest numbers."""
    if column.kind not in NUMERIC or not is_known(cell):
        return print_cell(cell, column)
    form = _number_format(cell, column)
    decimals = len(form.partition(".")[2].rstrip("%"))
    return f"{cell:.{decimals}%}" if form.endswith("%") else f"{cell:,.{decimals}f}"


def _number_format(cell: object, column: Column) -> str:
    """Return the number format of a cell: decimals as on paper, whole numbers whole."""
    if column.kind != NUMBER:
        return FORMATS.get(column.kind, "@")
    if column.decimals is not None:
        return "#,##0" + (f".{'0' * column.decimals}" if column.decimals else "")
    if not is_known(cell) or cell == int(cell):
        return "#,##0"
    decimals = 2 if abs(cell) >= 1 else min(3 - math.floor(math.log10(abs(cell))), MOST_DECIMALS)
    return f"#,##0.{'0' * decimals}"


def list_audits(methods: Iterable[tuple[str, Sequence[Method]]], words: Words) -> Table:
    """Return every audit line with the origin of each of its numbers, one row a number.

    Parameters
    ----------
    methods : what they are of, and the rules
    """
    rows = []
    for title, rules in methods:
        for rule in rules:
            for one in rule.audits:
                head = (title, one.members)
                tail = (
                    shorten_numbers(one.numbers),
                    one.value,
                    words.unit(one.unit),
                    say_first_known(rule.text, words),
                    rule.rule,
                    rule.variant,
                    rule.source,
                    rule.mark,
                )
                for origin in one.origins or (None,):
                    below: tuple[Cell, ...] = ("", None, "", "", "")
                    behind: tuple[Cell, ...] = ("", "", "")
                    if origin is not None:
                        below = (origin.title, origin.value, words.unit(origin.unit), words.unit(origin.given), origin.address)
                        behind = (origin.symbol, origin.source, origin.mark)
                    rows.append(Row((*head, *below, *tail, *behind)))
    names = (
        *("service", "members", "number", "used", "used_unit", "given", "address", "arithmetic", "value", "unit"),
        *("formula", "rule", "variant", "rule_source", "rule_mark", "symbol", "source", "mark"),
    )
    columns = tuple(Column(name, words[f"audit_{name}"], NUMBER if name in {"value", "used"} else "text") for name in names)
    return Table("audits", "", words["annex_c"], columns, tuple(rows))
