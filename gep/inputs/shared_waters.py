"""Water bodies and border areas that several counties report: their declared shares, and which water a row names."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.files.folder import READ_AS_WORKBOOKS
from gep.files.table import decode, read_table
from gep.files.written_names import fold_name
from gep.inputs.row_units import find_unit_step, joins_days
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import say
from gep.paths import LISTS, print_path
from gep.reference.members import read_ecosystems
from gep.reference.regions import read_regions
from gep.units.registry import UnitError
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

SHIPPED = LISTS / "shared_waters.csv"
COLUMNS = ("water", "county", "share", "variable", "ecosystem", "amount", "unit", "source", "note")
_ROUNDING = 1e-9
_NAMED = re.compile(r"(?:shared|共享|跨界)\s*[:：]\s*([^;；,，|]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Share:
    """What of a shared water body or border area counts for a county that reports the whole of it.

    Attributes
    ----------
    share    : 0 < share <= 1
    variable : input whose figure contains the water; empty: the item of that name (a lake)
    amount   : how much of that figure is the water, in the variable's unit; 0 for an item
    """

    water: str
    county: str
    share: float
    variable: str
    ecosystem: str
    amount: float
    source: str
    note: str
    line: int


def fold(name: str) -> str:
    """Return the name of a water as names are compared: half width, small letters, no spaces."""
    return fold_name(name)


def find_named_water(note: str) -> str:
    """Return the water that a note says is shared (`shared: NAME`, `共享:NAME`); empty if it says none."""
    found = _NAMED.search(note)
    return found[1].strip() if found else ""


def read_shares(path: Path | None = None, year: int = 0) -> tuple[Share, ...]:
    """Return the declared shares of waters, in the order of the table.

    Parameters
    ----------
    path : a CSV file with the columns of `COLUMNS`; None: the shipped table
    year : the accounting year, over whose days an amount per day, hour or second is taken; 0: such an amount is refused

    Raises
    ------
    Problems : the file cannot be read or has other columns; unknown counties, variables or units, shares out of bounds or
               adding up to more than 1, doubled rows, no name or source
    """
    file = path or SHIPPED
    name = print_path(file)
    rows = _read_rows(file, name)
    problems: list[Problem] = []
    shares = [one for line, row in rows if (one := _share(name, line, row, year, problems))]
    problems += _together(name, shares)
    refuse(problems)
    return tuple(shares)


def _read_rows(file: Path, name: str) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a table of text or a workbook with their lines.

    Raises
    ------
    Problems : the file cannot be read or has other columns
    """
    if file.suffix.lower() in READ_AS_WORKBOOKS:
        table, problems = read_table(file, COLUMNS)
        refuse(problems)
        return [] if table is None else list(zip(table.lines.to_pylist(), table.columns.to_pylist(), strict=True))
    try:
        text = decode(file.read_bytes())
    except OSError as error:
        refuse_one(name, say("the table of shared waters cannot be read: {error}", error=error), "a CSV file in UTF-8")
    if text is None:
        refuse_one(name, "the file is not text in UTF-8 or GBK", "a CSV table")
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        found = ",".join(reader.fieldnames or ())
        refuse_one(name, say("the columns are {found!r}", found=found), ",".join(COLUMNS), line=1)
    return list(enumerate(reader, start=2))


def _share(name: str, line: int, row: dict[str, str], year: int, problems: list[Problem]) -> Share | None:
    count = len(problems)
    row = {key: (value or "").strip() for key, value in row.items() if key}

    def wrong(found: str, expected: str) -> None:
        problems.append(Problem(name, line, found, expected))

    for column in ("water", "source"):
        if not row[column]:
            wrong(
                say("{column} is empty", column=column),
                "the name of the water" if column == "water" else "who settled the shares, and where it stands",
            )
    if row["county"] not in read_regions():
        wrong(say("county is {text!r}", text=row["county"]), "a six-digit GB/T 2260 code")
    share = _number(row["share"])
    if not 0 < share <= 1:
        wrong(say("share is {text!r}", text=row["share"]), "a number above 0 and at most 1")
    amount = 0.0
    if row["variable"]:
        amount = _amount(row, year, wrong)
    elif row["ecosystem"] or row["amount"] or row["unit"]:
        wrong("ecosystem, amount or unit stands without a variable", "the variable whose figure contains the water")
    if len(problems) > count:
        return None
    return Share(row["water"], row["county"], share, row["variable"], row["ecosystem"], amount, row["source"], row["note"], line)


def _amount(row: dict[str, str], year: int, wrong: Callable[[str, str], None]) -> float:
    variable = VARIABLES.get(row["variable"])
    if variable is None:
        wrong(say("variable is {text!r}", text=row["variable"]), "the id of a variable; gep variables lists them")
        return 0.0
    if row["ecosystem"] and row["ecosystem"] not in read_ecosystems():
        wrong(say("{axis} is {text!r}", axis=say("ecosystem"), text=row["ecosystem"]), "the id of an ecosystem type")
    number = _number(row["amount"])
    if not number > 0:
        wrong(say("amount is {text!r}", text=row["amount"]), "how much of the county's figure is the shared water, above 0")
        return 0.0
    try:
        if not year and joins_days(variable, row["unit"]):
            raise UnitError(say("a rate per day has no year here"))
        found = number * find_unit_step(variable, row["unit"], year)[0]
    except UnitError as error:
        wrong(
            say("unit is {unit!r}: {error}", unit=row["unit"], error=error.args[0]),
            say("a unit that goes into {unit}", unit=variable.unit),
        )
        return 0.0
    if not math.isfinite(found):
        wrong(say("value is {value} {unit}", value=row["amount"], unit=row["unit"]), "a finite number")
        return 0.0
    return found


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        return math.nan
    return found if math.isfinite(found) else math.nan


def _together(name: str, shares: Iterable[Share]) -> list[Problem]:
    problems = []
    sums: dict[tuple[str, str, str], list[Share]] = {}
    seen: dict[tuple[str, str, str, str], int] = {}
    for one in shares:
        key = (fold(one.water), one.variable, one.ecosystem)
        if (before := seen.setdefault((*key, one.county), one.line)) != one.line:
            problems.append(
                Problem(
                    name,
                    one.line,
                    say("{water} in {county} stands already in line {before}", water=one.water, county=one.county, before=before),
                    "one row each",
                )
            )
        sums.setdefault(key, []).append(one)
    return problems + [
        Problem(
            name,
            parts[-1].line,
            say("the shares of {water} add up to {whole:.6g}", water=parts[-1].water, whole=whole),
            "at most 1: the whole once",
        )
        for parts in sums.values()
        if (whole := math.fsum(one.share for one in parts)) > 1 + _ROUNDING
    ]
