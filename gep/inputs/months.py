"""Figures of single months in a table: the year's figure is their sum, of all twelve or none; never one of them times twelve."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from gep.files.written_numbers import NUMBER
from gep.messages.problems import Problem
from gep.messages.texts import join_list, name_id, say
from gep.units.registry import UnitError, find_factor
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY = ["county", "year", "variable", "ecosystem", "pollutant", "product"]
_MONTH = re.compile(r"(0?[1-9]|1[0-2])月?")
_PER_MONTH = re.compile(r"/ *(month|月)|month\^?-1")
PER_YEAR = "/yr"
MONTHS = range(1, 13)


def sum_months(frame: pd.DataFrame, months: Sequence[str], file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the rows of a table with those of single months added up to the year's, and what is wrong with these.

    Parameters
    ----------
    frame  : rows as text, with the line of each
    months : the month of each row; empty: its figure is of the year
    """
    of_month = pd.Series([text.strip() for text in months], index=frame.index)
    if not of_month.astype(bool).any():
        return frame, []
    single = frame[of_month != ""]
    records = single.astype({name: str for name in single.columns if name != "line"}).to_dict("records")
    sums, problems = group_months(list(zip(of_month[of_month != ""], records, strict=True)), file)
    left = frame[of_month == ""]
    if not sums:
        return left, problems
    whole = pd.concat(
        [left.astype({name: str for name in left.columns if name != "line"}), pd.DataFrame(sums)], ignore_index=True
    )
    return whole.astype({name: "category" for name in whole.columns if name not in {"line", "value"}}), problems


def group_months(rows: Sequence[tuple[str, dict[Any, Any]]], file: str) -> tuple[list[dict[Any, Any]], list[Problem]]:
    """Return one row for each figure whose months are given, of their sum, and what is wrong with them.

    Parameters
    ----------
    rows : month and row; values as text
    """
    problems: list[Problem] = []
    groups: dict[tuple[str, ...], list[tuple[str, dict[Any, Any]]]] = {}
    for month, row in rows:
        groups.setdefault(tuple(str(row[name]).strip() for name in KEY), []).append((month, row))
    return [made for of in groups.values() if (made := _add_up(of, file, problems)) is not None], problems


def _add_up(rows: list[tuple[str, dict[Any, Any]]], file: str, problems: list[Problem]) -> dict[Any, Any] | None:
    """Return the row of the year, or None with what is wrong."""
    first = rows[0][1]
    before = len(problems)
    leaf = VARIABLES.get(first["variable"].strip())

    def tell(row: dict[Any, Any], found: str, expected: str, hint: str = "") -> None:
        problems.append(Problem(file, int(row["line"]), found, expected, hint, str(row.get("cell") or "")))

    name = name_id(first["variable"].strip(), VARIABLES)
    if leaf is not None and not leaf.unit.endswith(PER_YEAR):
        tell(first, say("{variable} has no months", variable=name), say("a figure of the year, and no month"))
        return None
    taken: dict[int, float] = {}
    usual = Counter(row["unit"].strip() for _, row in rows).most_common(1)[0][0]
    for month, row in rows:
        if not _MONTH.fullmatch(month):
            tell(row, say("month is {text!r}", text=month), say("a month from 1 to 12, or nothing"))
        elif (number := int(month.removesuffix("月"))) in taken:
            tell(row, say("month {month} of {variable} stands twice", month=number, variable=name), say("each month once"))
        elif not NUMBER.fullmatch(row["value"].strip()):
            tell(row, say("value is {text!r}", text=row["value"]), "a number with a decimal point, without thousands marks")
        else:
            taken[number] = float(row["value"])
        if leaf is not None and not _measures_an_amount(row["unit"].strip(), leaf.unit.removesuffix(PER_YEAR)):
            tell(
                row,
                say("the unit of a month of {variable} is {unit!r}", variable=name, unit=row["unit"]),
                say("an amount in {unit}, of the month", unit=leaf.unit.removesuffix(PER_YEAR)),
            )
        elif row["unit"].strip() != usual:
            tell(row, say("the months of {variable} are in several units", variable=name), say("one unit, {unit}", unit=usual))
    absent = [month for month in MONTHS if month not in taken]
    if len(problems) > before:
        return None
    if absent:
        found = say(
            "{variable} of {county} {year} lacks the months {months}",
            variable=name,
            county=first["county"],
            year=first["year"],
            months=join_list(map(str, absent)),
        )
        tell(first, found, say("all twelve months, or the figure of the year"), "a missing month is never filled in")
        return None
    lines = [int(row["line"]) for _, row in rows]
    cells = [str(row.get("cell") or "") for _, row in rows]
    where = f"{file}!{cells[0]}…{cells[-1].rpartition('!')[2]}" if cells[0] else f"{file}:{min(lines)}-{max(lines)}"
    text = f"{_SAID}{where})"
    note = "; ".join(filter(None, (first["note"].strip(), text)))
    sources = "; ".join(dict.fromkeys(row["source"].strip() for _, row in rows))
    return {**first, "value": repr(math.fsum(taken.values())), "source": sources, "note": note, "line": min(lines)}


_SAID = "12 个月之和 | sum of 12 months ("


def read_months(note: str) -> str:
    """Return from which lines or cells of months a figure was added up, as its note says; empty where it was not."""
    found = next((part for part in note.split("; ") if part.startswith(_SAID)), "")
    return f"({found.replace(' | ', ' / ', 1)})" if found else ""


def _measures_an_amount(unit: str, wanted: str) -> bool:
    try:
        find_factor(unit, wanted)
    except UnitError:
        return False
    return True


def is_per_month(unit: str) -> bool:
    """Return whether a unit is a rate per month, which is no year's amount: months differ."""
    return bool(_PER_MONTH.search(unit))
