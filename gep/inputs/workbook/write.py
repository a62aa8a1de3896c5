"""Writes the workbook that people fill in: a cover, a sheet a department, applicability, local coefficients, explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlsxwriter

from gep.files.sheet_pages import set_height
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
    is_used,
    list_absent_services,
    list_coefficient_entries,
    list_entries,
    list_reference_rows,
    list_statements,
    list_units,
    number_sheet,
    read_texts,
    split_entries,
    title_line,
)
from gep.inputs.workbook.survey_sheet import DEPARTMENT, write_survey
from gep.messages.texts import say_in
from gep.reference.county_references import WORD, find_county_reference
from gep.reference.periods import find_before, find_last_year, is_period
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import list_services_of
from gep.standards.gaps import has_value
from gep.units.currencies import show_money
from gep.units.registry import find_factor, print_unit_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from io import BytesIO

    from gep.coefficients.tables import Row, Tables
    from gep.formula.nodes import Coefficient, Leaf
    from gep.inputs.given import GivenRow
    from gep.inputs.workbook.layout import Entry
    from gep.reference.regions import Region
    from gep.standards.plan import Plan

Content = tuple[str, str, str, str]
"""Value, unit, source and note of a figure as written."""
HEADER_ROW = 2
"""Place of the header of a sheet of figures, counted from 0: a title and a hint stand above it."""
COLUMNS = ("number", "title", "member", "unit", "value", "last", "source", "note", "id", "shipped")
"""The id and the figures of last year as they came stand last and are hidden: people go by the title, and change the others."""
_HIDDEN = ("id", "shipped")
WIDTHS = {
    "number": 6,
    "title": 30,
    "class": 30,
    "id": 27,
    "member": 20,
    "unit": 18,
    "value": 16,
    "last": 14,
    "reference": 44,
    "source": 34,
    "note": 26,
}
_VALUE, _ID = COLUMNS.index("value"), COLUMNS.index("id")
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
        self.needed = made({**base, "bold": True, "font_color": "#9C2A1C"})
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
            sheet.set_column(at, at, WIDTHS.get(column, 20), None, {"hidden": column in _HIDDEN and "number" in columns})
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

    def write_last(self, sheet: Any, row: int, value: float | None) -> None:
        """Write a figure of last year, and again into the hidden column that says what the workbook came with."""
        for column in (COLUMNS.index("last"), COLUMNS.index("shipped")):
            if value is None:
                sheet.write_blank(row, column, None, self.last)
            else:
                sheet.write_number(row, column, value, self.last)

    def count_needed(self, sheet: Any, rows: int) -> None:
        """Write how many of the first rows of figures are still empty, as a formula, beside the title."""
        first, last = HEADER_ROW + 2, HEADER_ROW + 1 + rows
        words = read_texts()["needed"]
        said = words["formula"].format(cells=f"E{first}:E{last}", count=rows)
        sheet.write_formula(0, 6, said, self.needed, words["shown"].format(count=rows))

    def spare_rows(self, sheet: Any, first: int, count: int, source: str, columns: int) -> None:
        """Write rows whose title people choose; `source` is the list of titles, as a reference."""
        for row in range(first, first + count):
            for column in range(columns):
                if column == _VALUE:
                    sheet.write_blank(row, column, None, self.number)
                else:
                    sheet.write_string(row, column, "", self.plain if column in {0, 5} or column >= _ID else self.text)
            self.check(sheet, row, 1, {"validate": "list", "source": source})

    def close(self) -> None:
        """Write the checks of all cells, and the file."""
        for sheet, options, (first, *others) in self._checks.values():
            sheet.data_validation(*first, {**options, "other_cells": others})
        for sheet in self.book.worksheets():
            sheet.print_area(0, 0, sheet.dim_rowmax, sheet.dim_colmax)
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
    book, county = _Book(target), county.named_in(year)
    filled = filled or {}
    last = last or LastYear(find_before(year))
    _cover(book, plan, county, year, last)
    of_department = add_filled(add_entries(list_entries(plan, county.code, year), last), filled)
    chosen = [name for name in of_department if departments is None or name in departments]
    rows_of_about = _list_explained([of_department[name] for name in chosen])
    survey = DEPARTMENT in chosen and "area" in {entry.leaf.id for entry in of_department[DEPARTMENT]}
    for name in chosen:
        titled = f"{county.name_zh} {year} 年 · {name}"
        _figures(book, name, of_department[name], last, filled, titled, plan, rows_of_about, county.code)
        if survey and name == DEPARTMENT:
            write_survey(book, county.code, f"{county.name_zh} {year} 年 · {read_texts()['survey']['title']}", last)
    if departments is None or read_texts()["sheets"]["coefficients"] in departments:
        _applicability(book, plan, list_absent_services(county.code), last, filled)
        _local_coefficients(book, plan, tables, county, year, last, filled)
    _about(book, plan, rows_of_about)
    book.close()


def _list_explained(sheets: Sequence[Sequence[Entry]]) -> list[Observed]:
    """Return the variables of sheets, once, in their order; so they stand on the sheet that explains them."""
    leaves = dict.fromkeys(entry.leaf for rows in sheets for entry in rows)
    return [leaf for leaf in leaves if isinstance(leaf, Observed)]


def _cover(book: _Book, plan: Plan, county: Region, year: int, last: LastYear) -> None:
    words = read_texts()["cover"]
    sheet = book.book.add_worksheet(read_texts()["sheets"]["cover"])
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 64)
    sheet.write_string(0, 0, words["title"], book.title)
    given = {
        "county": county.code,
        "county_name": county.name_zh,
        "year": f"{year}年均" if is_period(year) else str(year),
        "standard": plan.standard.id,
    }
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
    book: _Book,
    department: str,
    rows: Sequence[Entry],
    last: LastYear,
    filled: Mapping[tuple[str, str], Content],
    title: str,
    plan: Plan,
    explained: Sequence[Observed],
    county: str,
) -> None:
    sheet = book.sheet(department, f"{number_sheet(department)}　{title}", read_texts()["cover"]["hints"][0], COLUMNS)
    asked, spare = split_entries(rows, plan, last.rows, filled)
    at = HEADER_ROW
    for number, entry in enumerate(asked, start=1):
        at += 1
        leaf = entry.leaf
        sheet.write_number(at, 0, number, book.plain)
        sheet.write_string(at, 1, leaf.title.zh, book.plain)
        sheet.write_string(at, 2, entry.member, book.plain if entry.member or not leaf.axes else book.text)
        _unit(sheet, at, 3, entry.units, book)
        sheet.write_blank(at, 4, None, book.number)
        if not _offer(book, sheet, at, leaf, county, entry.member):
            _number(sheet, at, 4, leaf, book)
        before = last.rows.get((leaf.id, entry.member))
        own = leaf.unit.removesuffix("/yr") if entry.units[0] != "1" else leaf.unit
        book.write_last(sheet, at, None if before is None else before.value / find_factor(entry.units[0], own))
        sheet.write_string(at, 6, "", book.text)
        sheet.write_string(at, 7, "", book.text)
        sheet.write_string(at, 8, leaf.id, book.code)
        if before is not None and leaf.id in KEPT:
            _keep(book, sheet, at, before, leaf, last.year)
        _fill(book, sheet, at, filled.get((leaf.id, entry.member)))
    book.count_needed(sheet, len(asked))
    if spare or any(entry.leaf.axes for entry in asked):
        places = [row for row, leaf in enumerate(explained, start=HEADER_ROW + 2) if leaf.department == department]
        about = read_texts()["sheets"]["about"]
        count = read_texts()["spare_rows"].get(department, read_texts()["empty_rows"])
        book.spare_rows(sheet, at + 1, count, f"='{about}'!$B${places[0]}:$B${places[-1]}", len(COLUMNS))


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


def _offer(book: _Book, sheet: Any, row: int, leaf: Leaf, county: str, member: str) -> bool:
    """Say beside a cell which reference value there is, and let the cell take the word for it; return whether there is one."""
    found = find_county_reference(county, leaf.id, () if member in {"", read_texts()["whole"]} else (member,))
    if found is None:
        return False
    sheet.write_comment(row, 4, say_in(found.describe(), "zh") + read_texts()["take_over"], {"x_scale": 2.4, "y_scale": 1.2})
    cell = f"E{row + 1}"
    formula = f'=OR(ISNUMBER({cell}),{cell}="{WORD}")'
    message = str(read_texts()["number_or_reference"])
    rule = {
        "validate": "custom",
        "value": formula,
        "ignore_blank": True,
        "error_title": leaf.title.zh[:30],
        "error_message": message,
    }
    book.check(sheet, row, 4, rule)
    return True


def _applicability(
    book: _Book, plan: Plan, absent: Collection[str], last: LastYear, filled: Mapping[tuple[str, str], Content]
) -> None:
    """Write the sheet on which the county says what does not apply: rows to choose in, beside the list of what is counted."""
    words = read_texts()["applicability"]
    name = read_texts()["sheets"]["applicability"]
    columns = ("number", "title", "value", "source", "note", "id")
    sheet = book.sheet(name, f"{number_sheet(name)}　{words['title']}", words["hint"], columns)
    titles: list[tuple[str, str]] = []
    service = ""
    for identity, title, inside in list_statements(plan):
        service = service if inside else identity
        if service not in absent:
            titles.append((title_line(SERVICE_TITLES[service][1], title) if inside else title.zh, identity))
    beside = len(columns) + 1
    sheet.write_string(HEADER_ROW, beside, words["list"], book.head)
    sheet.set_column(beside, beside, 40)
    for at, (named_so, _) in enumerate(titles, start=HEADER_ROW + 1):
        sheet.write_string(at, beside, named_so, book.plain)
    named = {identity: title for title, identity in titles}
    given: dict[str, Content] = {one.identity: (words["choice"], "", one.source, one.note) for one in last.answers.values()}
    stated = {identity for identity, _, _ in list_statements(plan)}
    given |= {identity: content for (identity, _), content in filled.items() if identity in stated}
    rows = [*given.items(), *[("", ("", "", "", ""))] * int(words["rows"])]
    for at, (identity, (value, _, source, note)) in enumerate(rows, start=HEADER_ROW + 1):
        sheet.write_number(at, 0, at - HEADER_ROW, book.plain)
        sheet.write_string(at, 1, named.get(identity, identity), book.text)
        book.check(sheet, at, 1, {"validate": "list", "source": f"=$H${HEADER_ROW + 2}:$H${HEADER_ROW + 1 + len(titles)}"})
        sheet.write_string(at, 2, value, book.text)
        book.check(sheet, at, 2, {"validate": "list", "source": [words["choice"]]})
        sheet.write_string(at, 3, source, book.text)
        sheet.write_string(at, 4, note, book.text)
        sheet.write_string(at, 5, identity, book.code)


def _local_coefficients(
    book: _Book, plan: Plan, tables: Tables, county: Region, year: int, last: LastYear, filled: Mapping[tuple[str, str], Content]
) -> None:
    """Write the sheet of local parameters: open rows where the tables have no value, the values that apply, spare rows for own ones."""
    columns = ("number", "title", "member", "unit", "value", "reference", "source", "note", "id")
    name = read_texts()["sheets"]["coefficients"]
    words = read_texts()["coefficients"]
    sheet = book.sheet(name, f"{number_sheet(name)}　{words['title']}", words["hint"], columns)
    absent = list_absent_services(county.code)
    known: list[tuple[Coefficient, str, Row]] = []
    listed = list_coefficient_entries(plan)
    asked: list[tuple[Coefficient, str]] = []
    given = [*last.rows, *filled]
    for leaf in [*listed, *list_added_coefficients([one.id for one in listed], last)]:
        if not is_used(leaf.id, plan, absent) and not list_added(leaf, [], given):
            continue
        rows = list_reference_rows(leaf, plan, tables, county.code, year)
        known += [(leaf, member, row) for member, row in rows if row is not None]
        asked += [(leaf, member) for member in list_added(leaf, [], given)]
        lacking = leaf.id not in words["spare_only"] and not has_value(leaf, plan, tables, county.code, year)
        if lacking and (leaf.axes or (leaf, "") not in asked):
            asked.append((leaf, ""))
    shown = {(leaf.id, member): _print_reference(row, plan.standard.currency) for leaf, member, row in known}
    for at, (leaf, member) in enumerate(asked, start=HEADER_ROW + 1):
        sheet.write_number(at, 0, at - HEADER_ROW, book.plain)
        sheet.write_string(at, 1, leaf.title.zh, book.plain)
        sheet.write_string(at, 2, member, book.text if leaf.axes else book.plain)
        units = list_units(leaf, find_last_year(year) if is_priced(leaf) else None)
        _unit(sheet, at, 3, tuple(show_money(unit, plan.standard.currency) for unit in units), book)
        sheet.write_blank(at, 4, None, book.number)
        _number(sheet, at, 4, leaf, book)
        sheet.write_string(at, 5, shown.get((leaf.id, member), ""), book.plain)
        sheet.write_string(at, 6, "", book.text)
        sheet.write_string(at, 7, "", book.text)
        sheet.write_string(at, 8, leaf.id, book.code)
        before = last.rows.get((leaf.id, member))
        if before is not None:
            _keep(book, sheet, at, before, leaf, last.year)
        _fill(book, sheet, at, filled.get((leaf.id, member)))
    at = HEADER_ROW + len(asked)
    book.count_needed(sheet, at - HEADER_ROW)
    first = at + 1 + int(words["rows"])
    beside = len(columns) + 1
    offered = [leaf for leaf in listed if is_used(leaf.id, plan, absent)]
    for row, leaf in enumerate(offered, start=HEADER_ROW + 1):
        sheet.write_string(row, beside, leaf.title.zh, book.small)
    sheet.set_column(beside, beside, 20, None, {"hidden": True})
    source = f"=$K${HEADER_ROW + 2}:$K${HEADER_ROW + 1 + len(offered)}"
    book.spare_rows(sheet, at + 1, int(words["rows"]), source, len(columns))
    locked = [(leaf, member) for leaf, member, _ in known if (leaf, member) not in asked]
    for row, (leaf, member) in enumerate(locked, start=first):
        sheet.write_string(row, 0, "", book.plain)
        sheet.write_string(row, 1, leaf.title.zh, book.plain)
        sheet.write_string(row, 2, member, book.plain)
        for column in (3, 4, 6, 7):
            sheet.write_string(row, column, "", book.plain)
        sheet.write_string(row, 5, shown[leaf.id, member], book.plain)
        set_height(sheet, row, ((leaf.title.zh, WIDTHS["title"]), (member, WIDTHS["member"])))
        sheet.write_string(row, 8, leaf.id, book.code)


def _print_reference(row: Row, currency: str) -> str:
    """Return a value of the tables, of which only the standard's own are money where that is in another currency."""
    unit = show_money(print_unit_in(row.unit, "zh"), currency)
    return " ".join(filter(None, (f"{row.value:g}", unit, f"[{row.mark}]", row.source)))


def _about(book: _Book, plan: Plan, explained: Sequence[Observed]) -> None:
    words = read_texts()["about"]
    sheet = book.sheet(read_texts()["sheets"]["about"], words["title"], read_texts()["cover"]["hints"][2], words["columns"])
    widths = (27, 26, 16, 20, 34, 70)
    for column, wide in enumerate(widths):
        sheet.set_column(column, column, wide)
    used = list_services_of()
    counted = set(plan.standard.choices)
    for at, leaf in enumerate(explained, start=HEADER_ROW + 1):
        services = "、".join(SERVICE_TITLES[name][1].zh for name in used.get(leaf.id, []) if name in counted)
        for column, text in enumerate(
            (leaf.id, leaf.title.zh, leaf.department, print_unit_in(leaf.unit, "zh"), services, leaf.about.zh)
        ):
            sheet.write_string(at, column, text, book.plain)
        set_height(sheet, at, ((services, widths[4]), (leaf.about.zh, widths[5])))
