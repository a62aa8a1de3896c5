"""Reads rows of figures from CSV, Parquet and workbooks: text by column with its place; nothing about their meaning."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from gep.files.dittos import find_dittos
from gep.files.folder import READ_AS_TABLES, READ_AS_WORKBOOKS
from gep.files.hidden_cells import find_hidden_columns, judge_unseen
from gep.files.merged_cells import find_merged_rows
from gep.files.table import read_table
from gep.files.workbook_cells import find_headings, open_workbook, print_cell_address, print_column_letters, read_unit_text
from gep.files.written_names import clean_text
from gep.messages.problems import Problem
from gep.messages.texts import Name, join_list, mark_word, say
from gep.paths import print_path
from gep.units.figure_cells import judge_figure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = ("place", "year", "indicator", "value", "unit", "source")
OPTIONAL = ("scope", "kind", "note")
SUFFIXES = (*READ_AS_TABLES, *READ_AS_WORKBOOKS)
HEADINGS = {
    "place": ("place", "行政区划代码", "地区代码", "代码"),
    "year": ("year", "年份", "年度"),
    "indicator": ("indicator", "指标", "指标名称"),
    "value": ("value", "数值", "值"),
    "unit": ("unit", "单位", "计量单位"),
    "source": ("source", "数据来源", "来源"),
    "scope": ("scope", "范围", "口径"),
    "kind": ("kind", "类型"),
    "note": ("note", "备注", "说明"),
}
"""Column → what its heading in a workbook may be."""
_SEARCHED_ROWS = 10


@dataclass(frozen=True)
class TextRow:
    """One row as it was written; `cell` is the cell of the value in a workbook."""

    file: str
    line: int
    cell: str
    texts: dict[str, str]

    @property
    def address(self) -> str:
        """`file:line`, or `file!sheet!cell`."""
        return f"{self.file}!{self.cell}" if self.cell else f"{self.file}:{self.line}"


def read_rows(path: Path) -> tuple[list[TextRow], list[Problem]]:
    """Return the rows of a table or workbook, and what is wrong with the file as such."""
    shown = print_path(path)
    if not path.is_file():
        return [], [Problem(shown, 0, "there is no such file", "a table of figures")]
    if path.suffix.lower() not in SUFFIXES:
        return [], [
            Problem(
                shown, 0, say("files in {suffix} are not read", suffix=path.suffix or mark_word("no format")), join_list(SUFFIXES)
            )
        ]
    if path.suffix.lower() in READ_AS_WORKBOOKS:
        return _read_workbook(path, shown)
    table, problems = read_table(path, COLUMNS, OPTIONAL)
    if table is None:
        return [], problems
    lines, rows = table.lines.to_pylist(), table.columns.to_pylist()
    return [
        TextRow(shown, line, "", {name: _clean(cell) for name, cell in row.items()})
        for line, row in zip(lines, rows, strict=True)
    ], problems


def _clean(value: object) -> str:
    if value is None:
        return ""
    text = repr(value) if isinstance(value, float) else str(value)
    return clean_text(text)


def _read_workbook(path: Path, shown: str) -> tuple[list[TextRow], list[Problem]]:
    """Return the rows of every sheet that has the headings; formulas count by their stored values."""
    opened = open_workbook(path, shown)
    if isinstance(opened, Problem):
        return [], [opened]
    rows: list[TextRow] = []
    problems: list[Problem] = []
    heads = [(sheet, found) for sheet in opened[0].worksheets if (found := _head(sheet))]
    if not heads:
        names = join_list(Name(f"{name} ({HEADINGS[name][1]})", HEADINGS[name][1]) for name in COLUMNS)
        return [], [
            Problem(shown, 0, "no sheet has the headings of a table of figures", say("the columns {wanted}", wanted=names))
        ]
    for sheet, (line, places) in heads:
        written = list(_sheet_rows(sheet, opened[1][sheet.title], line, places, shown, problems))
        problems += find_merged_rows(shown, sheet, line, places.values())
        columns = {name: [row.texts[name] for row in written] for name in places}
        letters = {name: f"{sheet.title}!{print_column_letters(column)}" for name, column in places.items()}
        problems += find_dittos(
            shown, columns, [int(row.cell.rpartition("!")[2].lstrip(ascii_uppercase)) for row in written], letters
        )
        rows += written
    if not rows and not problems:
        problems.append(Problem(shown, 0, "the workbook has headings and no row", "at least one row"))
    return rows, problems


def _head(sheet: Any) -> tuple[int, dict[str, int]] | None:
    """Return the line of the headings and the place of each column, if the sheet has all that are needed."""
    line, places = find_headings(sheet, HEADINGS, _SEARCHED_ROWS)
    return (line, {name: columns[-1] for name, columns in places.items()}) if set(COLUMNS) <= set(places) else None


def _sheet_rows(
    sheet: Any, formulas: Any, head: int, places: dict[str, int], shown: str, problems: list[Problem]
) -> Iterator[TextRow]:
    hidden = find_hidden_columns(sheet)
    for row in sheet.iter_rows(min_row=head + 1):
        cells = {name: row[column - 1] for name, column in places.items()}
        texts = {name: _cell_text(cell.value) for name, cell in cells.items()}
        texts["unit"] = unicodedata.normalize("NFC", read_unit_text(cells["unit"].value))
        if not any(texts.values()):
            continue
        place = print_cell_address(sheet, row[0].row, places["value"])
        if unseen := judge_unseen(sheet, cells.values(), hidden):
            problems.append(Problem(shown, row[0].row, *unseen, place))
            continue
        if wrong := judge_figure(cells["value"], formulas.cell(row[0].row, places["value"]).value, texts["unit"]):
            problems.append(Problem(shown, row[0].row, *wrong, place))
            continue
        yield TextRow(shown, row[0].row, place, {**dict.fromkeys((*COLUMNS, *OPTIONAL), ""), **texts})


def _cell_text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else _clean(value)
