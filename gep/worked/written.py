"""Reads figures that people wrote in tables and documents: a number with its unit, converted once, with the place it stands in."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator

from gep.files.dittos import find_dittos
from gep.files.folder import READ_AS_WORKBOOKS
from gep.files.hidden_cells import find_hidden_columns, judge_unseen
from gep.files.merged_cells import find_merged_rows
from gep.files.no_source import names_no_source
from gep.files.table import read_table
from gep.files.workbook_cells import find_headings, open_workbook, print_column_letters, read_cell_text
from gep.files.written_numbers import narrow_digits
from gep.messages.problems import Problem, refuse
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, mark_word, say
from gep.paths import print_path
from gep.units.figure_cells import judge_figure
from gep.units.registry import UnitError, find_factor, parse_unit, scale_number
from gep.worked.calculation import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


SEARCHED_ROWS = 20
"""Rows of a sheet in which the headings are looked for."""
HEADINGS: dict[str, tuple[str, ...]] = {
    "product": ("产品",),
    "kind": ("类别",),
    "place": ("地点",),
    "amount": ("数量",),
    "unit": ("单位",),
    "quality": ("质量等级",),
    "season": ("季节(月)", "季节"),
    "department": ("责任部门",),
    "evidence": ("依据",),
    "variable": ("指标",),
    "time": ("时间",),
    "value": ("数值",),
    "source": ("来源",),
}
"""Column → what its heading may be besides its name."""
_AMOUNT = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)\s*(\S.*)?")
_SOURCES = ("source", "evidence")
"""How columns end that name where a figure is from."""
_LETTER = re.compile(r"[^\s\x00-\x1f]")


def write_scalar(value: object) -> object:
    """Return a number of a document as the text it was, everything else as it is."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Written = Annotated[str, BeforeValidator(write_scalar)]
"""A number with its unit, or a bare number, as text."""


@dataclass(frozen=True)
class WrittenRow:
    """One row of a table as written; `at` is `file:line`."""

    file: str
    line: int
    cells: dict[str, str]
    letters: dict[str, str] = field(default_factory=dict)
    """Of a workbook: column → sheet and column letters, such as `sheet!E`; the line is the row of the sheet."""

    @property
    def at(self) -> str:
        """Where the row stands: `file:line`, or its first cell in a workbook."""
        file, line = self.where(next(iter(self.letters), ""))
        return f"{file}:{line}" if line else file

    def where(self, column: str) -> tuple[str, int]:
        """Return file and line of a cell; in a workbook `file!sheet!E7` and 0."""
        return (f"{self.file}!{self.letters[column]}{self.line}", 0) if column in self.letters else (self.file, self.line)

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass
class Reader:
    """Reads cells one after the other and keeps what is wrong with them, to be refused together."""

    problems: list[Problem] = field(default_factory=list)

    def rows(self, path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> list[WrittenRow]:
        """Return the rows of a table of text or Parquet; what is wrong with it as a table is kept.

        Parameters
        ----------
        required, optional : columns; of a workbook the row of headings is searched on every sheet
        """
        if path.suffix.lower() in READ_AS_WORKBOOKS:
            return self._without_dittos(self._sheets(path, required, optional))
        table, problems = read_table(path, required, optional)
        self.problems += problems
        if table is None:
            return []
        names = (*required, *optional)
        columns = {name: [str(cell or "").strip() for cell in table.columns[name].to_pylist()] for name in names}
        return [
            WrittenRow(table.file, line, {name: columns[name][at] for name in names})
            for at, line in enumerate(table.lines.to_pylist())
        ]

    def _without_dittos(self, rows: list[WrittenRow]) -> list[WrittenRow]:
        """Return the rows of sheets; none where cells stand for others (同上), which is kept."""
        found = []
        for (file, _), of in groupby(rows, lambda row: (row.file, sorted(row.letters.items()))):
            sheet = list(of)
            columns = {name: [row.cells[name] for row in sheet] for name in sheet[0].cells}
            found += find_dittos(file, columns, [row.line for row in sheet], sheet[0].letters)
        self.problems += found
        return [] if found else rows

    def _sheets(self, path: Path, required: Sequence[str], optional: Sequence[str]) -> list[WrittenRow]:
        """Return the rows of every sheet that has the headings; formulas count by their stored values."""
        shown = print_path(path)
        opened = open_workbook(path, shown)
        if isinstance(opened, Problem):
            self.problems.append(opened)
            return []
        names = {name: (name, *HEADINGS.get(name, ())) for name in (*required, *optional)}
        found = []
        for sheet in opened[0].worksheets:
            head, places = find_headings(sheet, names, SEARCHED_ROWS)
            if not set(required) <= set(places):
                continue
            self.problems += find_merged_rows(shown, sheet, head, [columns[-1] for columns in places.values()])
            hidden = find_hidden_columns(sheet)
            letters = {name: f"{sheet.title}!{print_column_letters(columns[-1])}" for name, columns in places.items()}
            for cells in sheet.iter_rows(min_row=head + 1):
                texts = {name: read_cell_text(cells[columns[-1] - 1].value) for name, columns in places.items()}
                texts = {name: _as_day(cells[places[name][-1] - 1].value) or text for name, text in texts.items()}
                if any(texts.values()):
                    row = WrittenRow(shown, cells[0].row, {**dict.fromkeys(names, ""), **texts}, letters)
                    found.append(row)
                    self._judge_cells(row, cells, opened[1][sheet.title], places)
                    for name, columns in places.items():
                        if unseen := judge_unseen(sheet, [cells[columns[-1] - 1]], hidden):
                            self.tell(*row.where(name), *unseen)
        if not found and not self.problems:
            expected = say("the columns {wanted}", wanted=join_list(names[name][-1] for name in required))
            self.tell(shown, 0, say("no sheet has the headings and a row"), expected)
        return found

    def _judge_cells(self, row: WrittenRow, cells: Sequence[Any], formulas: Any, places: dict[str, list[int]]) -> None:
        """Keep cells that show another number than they store: formulas without a value, raised marks, percentages."""
        unit = row.cells.get("unit", "")
        for name, columns in places.items():
            cell = cells[columns[-1] - 1]
            content = formulas.cell(cell.row, columns[-1]).value
            if fault := judge_figure(cell, content, unit, is_of_unit=name in {"value", "amount"}):
                self.tell(*row.where(name), *fault)

    def tell(self, file: str, line: int, found: str, expected: str = "", hint: str = "") -> None:
        """Keep a problem."""
        self.problems.append(Problem(file, line, found, expected, hint))

    def refuse(self) -> None:
        """Refuse everything that was found wrong so far.

        Raises
        ------
        Problems : all of it
        """
        refuse(self.problems)

    def number(
        self,
        row: WrittenRow,
        column: str,
        unit: str,
        wanted: str,
        *,
        least: float | None = 0.0,
        most: float | None = None,
        above: float | None = None,
    ) -> Figure | None:
        """Return the figure of a cell in the wanted unit; None where there is none or it is wrong, which is kept.

        Parameters
        ----------
        unit   : as written; where it is empty the cell itself may end with it
        wanted : unit of the result
        least, most : bounds in the wanted unit, both included; `above`: a bound that is not
        """
        return self.amount(*row.where(column), column, row[column], wanted, unit=unit, least=least, most=most, above=above)

    def amount(
        self,
        file: str,
        line: int,
        name: str,
        text: str,
        wanted: str,
        *,
        unit: str = "",
        least: float | None = 0.0,
        most: float | None = None,
        above: float | None = None,
    ) -> Figure | None:
        """Return a number with its unit, such as `3 %`, in the wanted unit; None where it is wrong, which is kept.

        Parameters
        ----------
        name   : of the key or column
        unit   : where it stands apart from the number
        least, most : bounds in the wanted unit, both included; `above`: a bound that is not
        """
        plain = narrow_digits(text)
        found = _AMOUNT.fullmatch(plain)
        if found is None or (unit and found[2] not in {None, unit}) or not math.isfinite(float(found[1])):
            expected = say("a number with a decimal point, without thousands marks")
            self.tell(file, line, say("{name} is {text!r}", name=name, text=text), expected)
            return None
        own = unit or (found[2] or "").strip()
        if not own and wanted != "1":
            self.tell(
                file, line, say("{name} is {text!r}", name=name, text=text), say("a number with a unit of {unit}", unit=wanted)
            )
            return None
        try:
            if parse_unit(own or "1").price_year is not None and parse_unit(wanted).price_year is None:
                self.tell(file, line, say("{name} is {text!r}", name=name, text=text), say("money without a price year"))
                return None
            value = scale_number(float(found[1]), find_factor(own or "1", wanted))
        except UnitError as error:
            told = say("unit of {name} is {unit!r}: {error}", name=name, unit=own, error=error.args[0])
            self.tell(file, line, told, say("a unit of {unit}", unit=wanted))
            return None
        low = (least is not None and value < least) or (above is not None and value <= above)
        if low or (most is not None and value > most):
            self.tell(file, line, say("{name} is {text!r}", name=name, text=text), _describe_bounds(least, most, above, wanted))
            return None
        given = f"{found[1]} {own}".strip()
        return Figure(value, given, f"{file}:{line}" if line else file)

    def whole(self, row: WrittenRow, column: str, least: int, most: int) -> int | None:
        """Return a whole number between two bounds; None where it is none, which is kept."""
        text = narrow_digits(row[column])
        if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
            return int(text)
        expected = say("a whole number from {least} to {most}", least=least, most=most)
        self.tell(*row.where(column), say("{name} is {text!r}", name=column, text=row[column]), expected)
        return None

    def day(self, row: WrittenRow, column: str) -> date | None:
        """Return a day of the calendar; None where it is none, which is kept."""
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", row[column]):
                return date.fromisoformat(row[column])
        except ValueError:
            pass
        expected = say("a day of the calendar, as YYYY-MM-DD")
        self.tell(*row.where(column), say("{name} is {text!r}", name=column, text=row[column]), expected)
        return None

    def past_day(self, row: WrittenRow, column: str) -> date | None:
        """Return a day on which something happened: none after today; None where it is none, which is kept."""
        found, today = self.day(row, column), datetime.now().astimezone().date()
        if found is not None and found > today:
            expected = say("a day on which it has happened, up to {day}", day=today)
            self.tell(*row.where(column), say("{name} is {text!r}", name=column, text=row[column]), expected)
            return None
        return found

    def word(self, row: WrittenRow, column: str, known: Iterable[str]) -> str:
        """Return a word of a closed list; empty where it is none of them, which is kept."""
        names = list(known)
        if row[column] in names:
            return row[column]
        expected = say("one of {names}", names=join_list(names))
        found = say("{name} is {text!r}", name=column, text=row[column])
        self.tell(*row.where(column), found, expected, suggest_nearest(row[column], names))
        return ""

    def text(self, row: WrittenRow, column: str) -> str:
        """Return a text that must be there; its lack is kept."""
        names_source = not column.endswith(_SOURCES) or not names_no_source(row[column])
        if not _LETTER.search(row[column]) or not names_source:
            self.tell(*row.where(column), say("{key} is missing", key=column), mark_word("a text"))
        return row[column]

    def once(self, rows: Sequence[WrittenRow], columns: Sequence[str]) -> None:
        """Keep a problem for each row whose cells in some columns stood in an earlier one."""
        seen: dict[tuple[str, ...], int] = {}
        for row in rows:
            key = tuple(row[column] for column in columns)
            if key in seen:
                found = say("{what} stands twice", what=", ".join(filter(None, key)))
                self.tell(*row.where(columns[0]), found, say("once; first on line {line}", line=seen[key]))
            seen.setdefault(key, row.line)


def _as_day(value: object) -> str:
    """Return a day that a cell holds as YYYY-MM-DD; empty where it holds none."""
    return value.date().isoformat() if isinstance(value, datetime) else ""


def find_half_digit(text: str) -> float:
    """Return half of the last digit a number is written with: how far it may be from the number before it was rounded."""
    found = re.match(r"[+-]?[0-9]+(?:\.([0-9]+))?", narrow_digits(text))
    return 0.5 * 10.0 ** -len(found[1] or "") if found else 0.0


def _describe_bounds(least: float | None, most: float | None, above: float | None, unit: str) -> str:
    low = above if above is not None else least
    shown = "" if unit == "1" else f" {unit}"
    if low is not None and most is not None:
        return say("between {low}{unit} and {high}{unit}", low=f"{low:g}", high=f"{most:g}", unit=shown)
    if above is not None:
        return say("above {low}{unit}", low=f"{above:g}", unit=shown)
    return (
        say("at least {low}{unit}", low=f"{low or 0:g}", unit=shown)
        if most is None
        else say("at most {low}{unit}", low=f"{most:g}", unit=shown)
    )
