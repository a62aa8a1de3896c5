"""Facts of transfers: rows of indicator, place, period, value, unit, status and source, read with their addresses."""

from __future__ import annotations

import hashlib
import math
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gep.files.dittos import is_ditto, resolve_dittos
from gep.files.folder import READ_AS_WORKBOOKS, list_folder
from gep.files.no_source import names_no_source
from gep.files.table import read_table
from gep.files.written_names import clean_text
from gep.messages.problems import Problem, refuse
from gep.messages.texts import join_list, mark_word, say
from gep.paths import print_path
from gep.units.money import parse_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction
    from pathlib import Path

REQUIRED_COLUMNS = ("indicator", "place", "period", "value", "unit", "status", "source")
OPTIONAL_COLUMNS = ("note",)
SUFFIXES = (".csv", ".parquet", *READ_AS_WORKBOOKS)
STATUSES = ("final", "restated", "provisional", "disputed")
CLASSES = {
    "I": "1",
    "II": "2",
    "III": "3",
    "IV": "4",
    "V": "5",
    "劣V": "6",
    "Ⅰ": "1",
    "Ⅱ": "2",
    "Ⅲ": "3",
    "Ⅳ": "4",
    "Ⅴ": "5",
    "劣Ⅴ": "6",
}
"""Classes of surface water (GB 3838-2002) as numbers; 劣V is worse than V."""
OF_INDICATORS = "indicators "
"""Begins the address of a fact that was computed from indicators."""
ACCOUNT = "account:"
"""Begins the indicator of a figure of an account that another fact rests on; no input is called so."""
CLASS_UNITS = ("water_class", "类")
_PERIOD = re.compile(
    r"([0-9]{4})(?:-((?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)|(Q[1-4]|W(?:0[1-9]|[1-4][0-9]|5[0-3])))?"
)


class Fact(NamedTuple):
    """A row: what was found where and when, as given; `value` is exact, in the unit given. A tuple: there may be a million."""

    indicator: str
    place: str
    year: int
    part: str
    """Month (01-12), quarter (Q1-Q4), ISO week (W01-W53), day (05-31), or empty for the year."""
    value: Fraction
    text: str
    unit: str
    status: str
    source: str
    note: str
    file: str
    line: int
    rests_on: tuple[Fact, ...] = ()
    """Figures of accounts that it was computed from, kept beside it; empty for a row of a file."""

    @property
    def period(self) -> str:
        """The period as written."""
        return _write_period(self.year, self.part)

    @property
    def address(self) -> str:
        """The file and line of the row."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Facts:
    """All rows, by indicator, and the hash of the files they came from."""

    rows: dict[str, dict[tuple[str, int, str], Fact]]
    sha256: str

    def of(self, indicator: str) -> dict[tuple[str, int, str], Fact]:
        """Return the rows of an indicator by place, year and part of the year (empty: the whole year); none if there are none."""
        return self.rows.get(indicator, {})


def read_facts(paths: Iterable[Path]) -> Facts:
    """Return the facts in CSV or Parquet tables or workbooks, or in folders of them; values exact, in the units given.

    Raises
    ------
    Problems : everything wrong in any file: numbers, periods, statuses, rows that appear twice
    """
    problems: list[Problem] = []
    found: list[Fact] = []
    digest = hashlib.sha256()
    for path in _files(paths, problems):
        table, wrong = read_table(path, REQUIRED_COLUMNS, OPTIONAL_COLUMNS)
        problems += wrong
        if table is None:
            continue
        digest.update(path.read_bytes())
        columns = [table.columns[name].to_pylist() for name in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)]
        at = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS).index("source")
        if any(is_ditto(_text(cell)) for cell in set(columns[at])):
            columns[at] = [source or "" for source in resolve_dittos(_text(cell) for cell in columns[at])]
        found += _make_facts([_clean(column) for column in columns], table.file, table.lines.to_pylist(), problems)
    facts = gather(found, digest.hexdigest(), problems)
    refuse(problems)
    return facts


def tabulate_facts(facts: Sequence[Fact]) -> dict[str, list[str]]:
    """Return facts as columns of texts, under the names that a store keeps them by and in their order there."""
    return {
        "indicator": [one.indicator for one in facts],
        "place": [one.place for one in facts],
        "period": [_write_period(one.year, one.part) for one in facts],
        "value_given": [one.text for one in facts],
        "unit_given": [one.unit for one in facts],
        "fact_status": [one.status for one in facts],
        "source": [one.source for one in facts],
        "note": [one.note for one in facts],
        "address": [f"{one.file}:{one.line}" if one.line else one.file for one in facts],
    }


def _clean(column: list[object]) -> list[str]:
    """Return the cells of a column as clean texts; of what stands in many rows each text is cleaned once."""
    known: dict[object, str] = {}
    for cell in column:
        if cell not in known:
            known[cell] = clean_text(_text(cell))
    return [known[cell] for cell in column]


def _text(cell: object) -> str:
    """Return a cell of a table as text: a number of a Parquet column in plain decimals, an empty cell as an empty text."""
    if isinstance(cell, float):
        return "" if math.isnan(cell) else f"{Decimal(repr(cell)):f}".removesuffix(".0")
    return "" if cell is None else str(cell).strip()


def gather(found: Iterable[Fact], sha256: str, problems: list[Problem]) -> Facts:
    """Return facts by indicator; a restated row takes the place of the earlier one, other doubles are problems.

    Parameters
    ----------
    sha256   : hash of the files the facts came from
    problems : doubles are added to it
    """
    rows: dict[str, dict[tuple[str, int, str], Fact]] = {}
    for fact in found:
        group = rows.setdefault(fact.indicator, {})
        key = (fact.place, fact.year, fact.part)
        before = group.get(key)
        if before is None or (fact.status == "restated" and before.status != "restated"):
            group[key] = fact
        elif not (before.status == "restated" and fact.status != "restated"):
            problems.append(
                Problem(
                    fact.file,
                    fact.line,
                    say(
                        "{indicator} of {place} {period} appears twice",
                        indicator=fact.indicator,
                        place=fact.place or mark_word("the scheme"),
                        period=fact.period,
                    ),
                    say("once; first in {address}", address=before.address),
                    "a correction has the status restated",
                )
            )
    return Facts(rows, sha256)


def _files(paths: Iterable[Path], problems: list[Problem]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside, left_out = list_folder(path, SUFFIXES)
            problems += left_out
            if not inside:
                problems.append(Problem(print_path(path), 0, "the folder holds no table", "CSV or Parquet files"))
            files += inside
        elif path.exists():
            files.append(path)
        else:
            problems.append(
                Problem(print_path(path), 0, "there is no such file or folder", "a CSV or Parquet table, or a folder of them")
            )
    return files


def parse_period(text: str) -> tuple[int, str]:
    """Return the year of a period and its month (01-12), quarter (Q1-Q4), week (W01-W53), day (05-31), or an empty text for the year.

    Raises
    ------
    ValueError : the text is not a period; `read_facts` has refused such rows before
    """
    when = _PERIOD.fullmatch(text)
    if when is None:
        msg = say("{text!r} is not a period", text=text)
        raise ValueError(msg)
    return int(when[1]), when[2] or when[3] or ""


@lru_cache(maxsize=65536)
def parse_value(text: str, unit: str) -> Fraction:
    """Return the number of a value as given; classes of water by their number."""
    return parse_decimal(CLASSES.get(text, text) if unit in CLASS_UNITS else text)


@lru_cache(maxsize=4096)
def _write_period(year: int, part: str) -> str:
    return f"{year}{'-' if part[:1].isdigit() else ''}{part}"


@lru_cache(maxsize=4096)
def _read_period(period: str) -> tuple[int, str] | None:
    """Return the year and part of a written period; None: it is none, or not in the calendar."""
    return parse_period(period) if _PERIOD.fullmatch(period) and _is_in_calendar(period) else None


def _is_in_calendar(period: str) -> bool:
    """Return whether a day or week of a year is one."""
    try:
        if period.count("-") == 2:  # noqa: PLR2004 - year, month and day
            date.fromisoformat(period)
        if "W" in period:
            date.fromisocalendar(int(period[:4]), int(period[5:]), 1)
    except ValueError:
        return False
    return True


def _make_facts(columns: list[list[str]], file: str, lines: list[int], problems: list[Problem]) -> list[Fact]:
    """Return the facts of a table; what stands in many rows is judged once, and row by row only where something is wrong."""
    indicators, periods, statuses, sources = (set(columns[at]) for at in (0, 2, 5, 6))
    whens = {period: when for period in periods if (when := _read_period(period)) is not None}
    is_sound = all(indicators) and len(whens) == len(periods) and statuses <= set(STATUSES)
    if is_sound and not any(map(names_no_source, sources)):
        with suppress(ValueError):
            return [
                Fact(indicator, place, *whens[period], parse_value(text, unit), text, unit, status, source, note, file, line)
                for indicator, place, period, text, unit, status, source, note, line in zip(*columns, lines, strict=True)
            ]
    found = [_fact(list(cells), file, line, problems) for line, *cells in zip(lines, *columns, strict=True)]
    return [fact for fact in found if fact is not None]


def _fact(cells: list[str], file: str, line: int, problems: list[Problem]) -> Fact | None:
    indicator, place, period, text, unit, status, source, note = cells
    before = len(problems)

    def wrong(found: str, expected: str, hint: str = "") -> None:
        problems.append(Problem(file, line, found, expected, hint))

    when = _read_period(period)
    if when is None:
        found = say("the period of {indicator} is {period!r}", indicator=indicator, period=period)
        if _PERIOD.fullmatch(period):
            found = say(
                "the period of {indicator} is {period}, which the calendar does not have", indicator=indicator, period=period
            )
        wrong(found, "2023, 2023Q1 or 2023-01; a week 2023W07, a day 2023-01-31")
    if not indicator:
        wrong("the row names no indicator", "the id of an input of a scheme")
    value = None
    try:
        value = parse_value(text, unit)
    except ValueError:
        wrong(
            say("{indicator} of {place} {period} is {text!r}", indicator=indicator, place=place, period=period, text=text),
            "a decimal number, or a class I to V or 劣V in water_class",
            "a fact that is not known has no row; no zero, no blank",
        )
    if status not in STATUSES:
        wrong(
            say("the status of {indicator} is {status!r}", indicator=indicator, status=status),
            say("one of {names}", names=join_list(STATUSES)),
        )
    if names_no_source(source):
        wrong(
            say("{indicator} of {place} {period} has no source", indicator=indicator, place=place, period=period),
            "the paper, system or file it was taken from",
        )
    if len(problems) > before or when is None or value is None:
        return None
    return Fact(indicator, place, *when, value, text, unit, status, source, note, file, line)
