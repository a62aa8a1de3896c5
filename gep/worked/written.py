"""Reads figures that people wrote in tables and documents: a number with its unit, converted once, with the place it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator

from gep.files.table import read_table
from gep.files.written_numbers import NUMBER, narrow_digits
from gep.messages.problems import Problem, refuse
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, mark_word, say
from gep.units.registry import UnitError, find_factor, parse_unit, scale_number
from gep.worked.calculation import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_AMOUNT = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*(\S.*)?")
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

    @property
    def at(self) -> str:
        """Where the row stands."""
        return f"{self.file}:{self.line}"

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
        required, optional : columns
        """
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
        text = row[column]
        return self.amount(row.file, row.line, column, text, wanted, unit=unit, least=least, most=most, above=above)

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
        if found is None or (unit and found[2] not in {None, unit}) or not NUMBER.fullmatch(found[1]):
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
        self.tell(row.file, row.line, say("{name} is {text!r}", name=column, text=row[column]), expected)
        return None

    def day(self, row: WrittenRow, column: str) -> date | None:
        """Return a day of the calendar; None where it is none, which is kept."""
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", row[column]):
                return date.fromisoformat(row[column])
        except ValueError:
            pass
        expected = say("a day of the calendar, as YYYY-MM-DD")
        self.tell(row.file, row.line, say("{name} is {text!r}", name=column, text=row[column]), expected)
        return None

    def word(self, row: WrittenRow, column: str, known: Iterable[str]) -> str:
        """Return a word of a closed list; empty where it is none of them, which is kept."""
        names = list(known)
        if row[column] in names:
            return row[column]
        expected = say("one of {names}", names=join_list(names))
        found = say("{name} is {text!r}", name=column, text=row[column])
        self.tell(row.file, row.line, found, expected, suggest_nearest(row[column], names))
        return ""

    def text(self, row: WrittenRow, column: str) -> str:
        """Return a text that must be there; its lack is kept."""
        if not _LETTER.search(row[column]):
            self.tell(row.file, row.line, say("{key} is missing", key=column), mark_word("a text"))
        return row[column]

    def once(self, rows: Sequence[WrittenRow], columns: Sequence[str]) -> None:
        """Keep a problem for each row whose cells in some columns stood in an earlier one."""
        seen: dict[tuple[str, ...], int] = {}
        for row in rows:
            key = tuple(row[column] for column in columns)
            if key in seen:
                found = say("{what} stands twice", what=", ".join(filter(None, key)))
                self.tell(row.file, row.line, found, say("once; first on line {line}", line=seen[key]))
            seen.setdefault(key, row.line)


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
