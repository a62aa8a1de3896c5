"""Writes the workbook that people fill in: a cover, a sheet a department, applicability, local coefficients, explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlsxwriter

from gep.files.written_numbers import NUMBER
from gep.formula.check import is_priced
from gep.formula.nodes import Observed
from gep.inputs.workbook.last_year import (
    KEPT,
    LastYear,
    add_entries,
    add_filled,
    list_added,
    list_added_coefficients,
    note_kept,
    read_kept,
)
from gep.inputs.workbook.layout import (
    list_coefficient_entries,
    list_entries,
    list_reference_rows,
    list_statements,
    list_units,
    read_texts,
)
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import list_services_of
from gep.units.registry import find_factor, print_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from io import BytesIO

    from gep.coefficients.tables import Tables
    from gep.formula.nodes import Leaf
    from gep.inputs.given import GivenRow
    from gep.inputs.workbook.layout import Entry
    from gep.reference.regions import Region
    from gep.standards.plan import Plan

Content = tuple[str, str, str, str]
"""Value, unit, source and note of a figure as written."""
HEADER_ROW = 2
"""Place of the header of a sheet of figures, counted from 0: a title and a hint stand above it."""
COLUMNS = ("title", "id", "member", "unit", "value", "last", "source", "note")
WIDTHS = {"title": 30, "id": 27, "member": 18, "unit": 14, "value": 16, "last": 14, "reference": 30, "source": 34, "note": 26}
_LONGEST_LIST = 255
"""Letters that a list of choices may have in a workbook."""


class _Book:
    """A workbook under construction with its few formats; cells for people are yellow and unlocked, the rest is protected."""

    def __init__(self, target: BytesIO) -> None:
        self.book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self._checks: dict[tuple[str, str], tuple[Any, dict[str, Any], list[list[int]]]] = {}
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        made = self.book.add_format
        self.plain = made({**base, "text_wrap": True, "border": 1, "border_color": "#BFBFBF"})
        self.small = made({**base, "font_size": 10, "font_color": "#595959", "text_wrap": True, "valign": "top"})
        self.code = made(
            {**base, "font_name": "Consolas", "font_size": 9, "font_color": "#595959", "border": 1, "border_color": "#BFBFBF"}
        )
        self.head = made(
            {
                **base,
                "bold": True,
                "bg_color": "#D9E2EC",
                "border": 1,
                "border_color": "#8C9BAB",
                "text_wrap": True,
                "align": "center",
            }
        )
        self.title = made({**base, "bold": True, "font_size": 14})
        field = {**base, "bg_color": "#FFF8DC", "border": 1, "border_color": "#BFBFBF", "locked": False}
        self.text = made({**field, "text_wrap": True, "num_format": "@"})
        self.number = made({**field, "num_format": "General"})
        self.last = made({**base, "font_color": "#7F7F7F", "border": 1, "border_color": "#BFBFBF", "num_format": "#,##0.####"})

    def sheet(self, name: str, title: str, hint: str, columns: Sequence[str]) -> Any:
        """Return a new protected sheet with its header frozen."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, title, self.title)
        sheet.set_row(0, 24)
        sheet.merge_range(1, 0, 1, max(len(columns) - 1, 1), hint, self.small)
        sheet.set_row(1, 32)
        for at, column in enumerate(columns):
            sheet.write_string(HEADER_ROW, at, read_texts()["columns"].get(column, column), self.head)
            sheet.set_column(at, at, WIDTHS.get(column, 20))
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)
        self.protect(sheet)
        return sheet

    def check(self, sheet: Any, row: int, column: int, options: dict[str, Any]) -> None:
        """Let a cell take what the options say; cells of a sheet with equal options share one check, since readers parse each."""
        _, _, cells = self._checks.setdefault((sheet.name, repr(options)), (sheet, options, []))
        if cells and cells[-1][1:] == [column, row - 1, column]:
            cells[-1][2] = row
        else:
            cells.append([row, column, row, column])

    def close(self) -> None:
        """Write the checks of all cells, and the file."""
        for sheet, options, (first, *others) in self._checks.values():
            sheet.data_validation(*first, {**options, "other_cells": others})
        self.book.close()

    @staticmethod
    def protect(sheet: Any) -> None:
        """Lock everything but the fields, without a password; rows may be added and columns widened."""
        sheet.protect("", {"format_columns": True, "format_rows": True, "insert_rows": True, "sort": True, "autofilter": True})


def write_workbook(
    target: BytesIO,
    plan: Plan,
    tables: Tables,
    county: Region,
    year: int,
    *,
    departments: Sequence[str] | None = None,
    last: LastYear | None = None,
    filled: Mapping[tuple[str, str], Content] | None = None,
) -> None:
    """Write the workbook that the departments of a county fill in for a year.

    Parameters
    ----------
    target : gets the bytes of the workbook
    plan : of the standard, for the figures that it needs
    tables : for the coefficients that apply to the county
    departments : Chinese names of the only departments whose sheets are written; None: all
    last : last year's account: its figures stand beside the empty cells, rows of its own, answers, coefficients, prices and
        index rows are filled in again
    filled : what is filled in already, by id and member as shown
    """
    book = _Book(target)
    filled = filled or {}
    last = last or LastYear(year - 1)
    _cover(book, plan, county, year, last)
    of_department = add_filled(add_entries(list_entries(plan), last), filled)
    chosen = [name for name in of_department if departments is None or name in departments]
    for name in chosen:
        _figures(book, name, of_department[name], last, filled, f"{county.name_zh} {year} 年 · {name}")
    if departments is None or read_texts()["sheets"]["coefficients"] in departments:
        _applicability(book, plan, last, filled)
        _local_coefficients(book, plan, tables, county, year, last, filled)
    _about(book, plan, {entry.leaf.id for name in chosen for entry in of_department[name]})
    book.close()


def _cover(book: _Book, plan: Plan, county: Region, year: int, last: LastYear) -> None:
    words = read_texts()["cover"]
    sheet = book.book.add_worksheet(read_texts()["sheets"]["cover"])
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 64)
    sheet.write_string(0, 0, words["title"], book.title)
    given = {"county": county.code, "county_name": county.name_zh, "year": str(year), "standard": plan.standard.id}
    fields = {"price_year": str(last.constant_year or "")}
    row = 2
    for name in ("county", "county_name", "year", "standard", "price_year", "office", "contact", "phone"):
        sheet.write_string(row, 0, words[name], book.head)
        sheet.write_string(row, 1, given.get(name, fields.get(name, "")), book.plain if name in given else book.text)
        row += 1
    for hint in words["hints"]:
        row += 1
        sheet.merge_range(row, 0, row, 1, hint, book.small)
        sheet.set_row(row, 34)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    book.protect(sheet)


def _figures(
    book: _Book, department: str, rows: Sequence[Entry], last: LastYear, filled: Mapping[tuple[str, str], Content], title: str
) -> None:
    sheet = book.sheet(department, title, read_texts()["cover"]["hints"][0], COLUMNS)
    for at, entry in enumerate(rows, start=HEADER_ROW + 1):
        leaf = entry.leaf
        sheet.write_string(at, 0, leaf.title.zh, book.plain)
        sheet.write_string(at, 1, leaf.id, book.code)
        sheet.write_string(at, 2, entry.member, book.plain if entry.member or not leaf.axes else book.text)
        _unit(sheet, at, 3, entry.units, book)
        sheet.write_blank(at, 4, None, book.number)
        _number(sheet, at, 4, leaf, book)
        before = last.rows.get((leaf.id, entry.member))
        if before is not None:
            own = leaf.unit.removesuffix("/yr") if entry.units[0] != "1" else leaf.unit
            sheet.write_number(at, 5, before.value / find_factor(entry.units[0], own), book.last)
        else:
            sheet.write_blank(at, 5, None, book.last)
        sheet.write_string(at, 6, "", book.text)
        sheet.write_string(at, 7, "", book.text)
        if before is not None and leaf.id in KEPT:
            _keep(book, sheet, at, before, leaf, last.year)
        _fill(book, sheet, at, filled.get((leaf.id, entry.member)))


def _fill(book: _Book, sheet: Any, row: int, content: Content | None) -> None:
    """Write what is filled in into the columns of value, unit, source and note; a figure as a number where it is one."""
    if content is None:
        return
    value, unit, source, note = content
    if NUMBER.fullmatch(value) and float(value) == float(f"{float(value):.15g}"):
        sheet.write_number(row, 4, float(value), book.number)
    elif value:
        sheet.write_string(row, 4, value, book.number)
    if unit:
        sheet.write_string(row, 3, unit, book.text)
    sheet.write_string(row, 6, source, book.text)
    sheet.write_string(row, 7, note, book.text)


def _keep(book: _Book, sheet: Any, at: int, row: GivenRow, leaf: Leaf, year: int) -> None:
    """Fill in a row as it was given last year."""
    value, unit = read_kept(row, leaf)
    sheet.write_string(at, 3, unit, book.text)
    sheet.write_number(at, 4, value, book.number)
    sheet.write_string(at, 6, row.source, book.text)
    sheet.write_string(at, 7, note_kept(row, year), book.text)


def _unit(sheet: Any, row: int, column: int, units: Sequence[str], book: _Book) -> None:
    sheet.write_string(row, column, units[0], book.text)
    choices = list(units)
    while len(",".join(choices)) > _LONGEST_LIST:
        choices.pop()
    book.check(
        sheet,
        row,
        column,
        {
            "validate": "list",
            "source": choices,
            "error_type": "warning",
            "error_title": "单位",
            "error_message": "这个单位不在列表里；其他写法由 gep check 检查。",
        },
    )


def _number(sheet: Any, row: int, column: int, leaf: Leaf, book: _Book) -> None:
    least = getattr(leaf, "least", None)
    book.check(
        sheet,
        row,
        column,
        {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0 if least is not None and least >= 0 else -1e300,
            "ignore_blank": True,
            "error_title": leaf.title.zh[:30],
            "error_message": "这里填一个数，不带单位、千分号和文字；没有数就留空。",
        },
    )


def _applicability(book: _Book, plan: Plan, last: LastYear, filled: Mapping[tuple[str, str], Content]) -> None:
    words = read_texts()["applicability"]
    sheet = book.sheet(
        read_texts()["sheets"]["applicability"], "适用性", words["hint"], ("title", "id", "value", "source", "note")
    )
    rows = [(f"　{title.zh}" if inside else title.zh, name) for name, title, inside in list_statements(plan)]
    listed = {identity for _, identity in rows}
    rows += [(identity, identity) for identity in last.answers if identity not in listed]
    for at, (title, identity) in enumerate(rows, start=HEADER_ROW + 1):
        sheet.write_string(at, 0, title, book.plain)
        sheet.write_string(at, 1, identity, book.code)
        answer = last.answers.get(identity)
        value, _, source, note = filled.get((identity, ""), (words["choice"] if answer else "", "", "", ""))
        sheet.write_string(at, 2, value, book.text)
        book.check(sheet, at, 2, {"validate": "list", "source": [words["choice"]]})
        sheet.write_string(at, 3, answer.source if answer else source, book.text)
        sheet.write_string(at, 4, answer.note if answer else note, book.text)


def _local_coefficients(
    book: _Book, plan: Plan, tables: Tables, county: Region, year: int, last: LastYear, filled: Mapping[tuple[str, str], Content]
) -> None:
    columns = ("title", "id", "member", "unit", "value", "reference", "source", "note")
    sheet = book.sheet(read_texts()["sheets"]["coefficients"], "本地参数与价格", read_texts()["coefficients"]["hint"], columns)
    at = HEADER_ROW
    asked = list_coefficient_entries(plan)
    for leaf in [*asked, *list_added_coefficients([one.id for one in asked], last)]:
        references = list_reference_rows(leaf, plan, tables, county.code, year)
        added = list_added(leaf, [member for member, _ in references], [*last.rows, *filled])
        for member, row in [*((one, None) for one in added), *references]:
            at += 1
            sheet.write_string(at, 0, leaf.title.zh, book.plain)
            sheet.write_string(at, 1, leaf.id, book.code)
            sheet.write_string(at, 2, member, book.plain if member or not leaf.axes else book.text)
            units = list_units(leaf, year if is_priced(leaf) else None)
            _unit(sheet, at, 3, units, book)
            sheet.write_blank(at, 4, None, book.number)
            _number(sheet, at, 4, leaf, book)
            sheet.write_string(
                at, 5, "" if row is None else f"{row.value:g} {print_unit(row.unit)} [{row.mark}] {row.source}", book.plain
            )
            sheet.write_string(at, 6, "", book.text)
            sheet.write_string(at, 7, "", book.text)
            before = last.rows.get((leaf.id, member))
            if before is not None:
                _keep(book, sheet, at, before, leaf, last.year)
            _fill(book, sheet, at, filled.get((leaf.id, member)))


def _about(book: _Book, plan: Plan, shown: set[str]) -> None:
    words = read_texts()["about"]
    sheet = book.sheet(read_texts()["sheets"]["about"], words["title"], read_texts()["cover"]["hints"][2], words["columns"])
    for column, wide in enumerate((27, 26, 16, 14, 34, 70)):
        sheet.set_column(column, column, wide)
    used = list_services_of()
    counted = set(plan.standard.choices)
    at = HEADER_ROW
    for rows in list_entries(plan).values():
        for leaf in dict.fromkeys(entry.leaf for entry in rows):
            if leaf.id not in shown or not isinstance(leaf, Observed):
                continue
            at += 1
            services = "、".join(SERVICE_TITLES[name][1].zh for name in used.get(leaf.id, []) if name in counted)
            for column, text in enumerate(
                (leaf.id, leaf.title.zh, leaf.department, print_unit(leaf.unit), services, leaf.about.zh)
            ):
                sheet.write_string(at, column, text, book.plain)
