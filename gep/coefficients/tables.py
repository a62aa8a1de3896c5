"""Coefficient tables: the one value that applies to a county and year, why, and which rows it was preferred to."""

from __future__ import annotations

import csv
import hashlib
import math
from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from gep.files.lists import read_list
from gep.files.yaml_lines import load
from gep.formula.check import is_priced
from gep.formula.nodes import ECOSYSTEM, POLLUTANT
from gep.messages.problems import Problem, refuse
from gep.messages.texts import mark_word, say
from gep.paths import LISTS, print_path
from gep.records import dataclass
from gep.reference.marks import MARKS
from gep.reference.members import is_ecosystem, read_ecosystems, read_pollutants
from gep.reference.periods import find_first_year, find_last_year
from gep.reference.regions import NATION, list_chain, read_divisions, read_own_units, shorten_code
from gep.units.registry import UnitError, count_joined_years, find_factor, parse_unit, remove_price_year, scale_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gep.formula.nodes import Coefficient

REFERENCE, OWN = "reference", "own"
"""Sets of values: what applies unless a standard names another set, and what a standard gives itself, which goes before all."""


@dataclass(frozen=True)
class Row:
    """One row of a coefficient table.

    Attributes
    ----------
    value, low, high, unit : as printed in its source
    year   : of the value in its source, as written
    region : CN, or two, four or six digits of a code
    ecosystem, pollutant, product : what it is for; empty: any
    applies_from, applies_to : accounting years, both included; None: without bound
    source, locator : key of `coefficients/sources.yaml`, and where it stands there
    computed : the value in the coefficient's unit; money in yuan of `price_year`
    """

    id: str
    set: str
    value: float
    low: float | None
    high: float | None
    unit: str
    year: str
    region: str
    ecosystem: str
    pollutant: str
    product: str
    applies_from: int | None
    applies_to: int | None
    source: str
    locator: str
    mark: str
    note: str
    file: str
    line: int
    computed: float
    """The value in the coefficient's unit; money in yuan of `price_year`."""
    price_year: int
    """0 where the value is not money."""

    @property
    def address(self) -> str:
        """Return where the row stands, `file:line`."""
        return f"{self.file}:{self.line}"

    def applies(self, year: int) -> bool:
        """Return whether the row applies to an accounting year, or to all years of a period."""
        return (self.applies_from or 0) <= find_first_year(year) and find_last_year(year) <= (self.applies_to or 9999)

    @property
    def cell_key(self) -> tuple[str, ...]:
        """Return what two rows of one set cannot share: coefficient, region, members and time."""
        return (self.id, self.set, self.region, *self.cell, str(self.applies_from), str(self.applies_to))

    @property
    def cell(self) -> tuple[str, str, str]:
        """Return the ecosystem, pollutant and product that the row is for; empty: any."""
        return self.ecosystem, self.pollutant, self.product


@dataclass(frozen=True)
class Tables:
    """All coefficient rows, the price indices, and the sources.

    Attributes
    ----------
    by_id       : coefficient → its rows, in the order of the files
    price_index : index → year → its value
    inapplicable : services that cannot exist in a region
    sha256      : of all files that a result depends on
    """

    rows: tuple[Row, ...]
    by_id: Mapping[str, tuple[Row, ...]]
    price_index: Mapping[str, Mapping[int, IndexPoint]]
    sources: Mapping[str, Mapping[str, Any]]
    inapplicable: tuple[Inapplicable, ...]
    sha256: str

    def candidates(self, identity: str, county: str, year: int) -> list[Row]:
        """Return the rows of a coefficient, of every set, that apply to a county and year.

        Parameters
        ----------
        identity : id of the coefficient
        county   : six-digit code

        Returns
        -------
        rows by member, the reference set first, in a set the narrowest region first
        """
        within = list_chain(county)
        found = [row for row in self.by_id.get(identity, ()) if row.region in within and row.applies(year)]
        return sorted(found, key=lambda row: (row.cell, row.set != REFERENCE, row.set, -within.index(row.region)))


@dataclass(frozen=True)
class Inapplicable:
    """A service that cannot exist in a region, and why."""

    service: str
    region: str
    reason_zh: str
    reason_en: str
    source: str
    mark: str


@dataclass(frozen=True)
class IndexPoint:
    """A price index in one year.

    Attributes
    ----------
    value : the index, in the units of its base
    base  : what is set to 100 or 1, as written
    """

    index: str
    year: int
    value: float
    base: str
    region: str
    source: str
    locator: str
    mark: str
    note: str
    address: str


def read_tables(folder: Path, declared: Mapping[str, Coefficient]) -> Tables:
    """Return the coefficient tables of a folder.

    Parameters
    ----------
    folder   : holds the tables, `sources.yaml`, `units.txt` and `lists/`
    declared : the coefficients that rules ask for, by id; their units are the units of computation

    Raises
    ------
    Problems : every row that cannot be right (id, number, unit, bounds, source, locator, mark, region or member), every two
               rows of a set that hold for the same region, cell and time, and what is wrong with the price indices
    """
    problems: list[Problem] = []
    lists = folder / LISTS.name
    sources = load((folder / "sources.yaml").read_text("utf-8"))
    rows: list[Row] = []
    files = sorted(folder.glob("*.csv"))
    for path in files:
        rows += _read_rows(path, declared, sources, problems)
    problems += _ties(rows)
    points, found = _read_index(lists / "price_index.csv", sources)
    refuse([*problems, *found])
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        by_id.setdefault(row.id, []).append(row)
    inapplicable = tuple(Inapplicable(**row) for row in read_list(lists / "applicability.csv"))
    digest = hashlib.sha256()
    named = [folder / "sources.yaml", folder / "units.txt"]
    named += [lists / name for name in ("price_index.csv", "ecosystems.csv", "applicability.csv")]
    for path in sorted([*files, *named], key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return Tables(
        tuple(rows), {key: tuple(value) for key, value in by_id.items()}, points, sources, inapplicable, digest.hexdigest()
    )


def add_rows(tables: Tables, rows: tuple[Row, ...]) -> Tables:
    """Return tables with the values that a standard gives, which change their hash; the same tables without any."""
    if not rows:
        return tables
    added: dict[str, list[Row]] = {}
    for row in rows:
        added.setdefault(row.id, []).append(row)
    by_id = {**tables.by_id, **{name: (*tables.by_id.get(name, ()), *own) for name, own in added.items()}}
    digest = hashlib.sha256(tables.sha256.encode())
    for row in rows:
        digest.update(repr(row).encode())
    return replace(tables, rows=(*tables.rows, *rows), by_id=by_id, sha256=digest.hexdigest())


def make_rows(
    written: Iterable[tuple[dict[str, str], int]], shown: str, declared: Mapping[str, Coefficient]
) -> tuple[tuple[Row, ...], list[Problem]]:
    """Return rows that stand in another file than a table, and what is wrong with them; their sources are texts.

    Parameters
    ----------
    written  : the columns of a table as texts, and the line each row stands on
    shown    : the file, as people see it
    declared : coefficients by id
    """
    problems: list[Problem] = []
    found = [_read_row(row, shown, line, declared, {row["source"]: 1}, problems) for row, line in written]
    rows = [row for row in found if row is not None]
    return tuple(rows), [*problems, *_ties(rows)]


def _read_rows(
    path: Path, declared: Mapping[str, Coefficient], sources: Mapping[str, object], problems: list[Problem]
) -> list[Row]:
    shown = print_path(path)
    wanted = [part.name for part in fields(Row)][:17]
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != wanted:
            problems.append(
                Problem(shown, 1, say("the columns are {found}", found=",".join(reader.fieldnames or [])), ",".join(wanted))
            )
            return []
        for written in reader:
            row = _read_row(
                {key: (value or "").strip() for key, value in written.items()},
                shown,
                reader.line_num,
                declared,
                sources,
                problems,
            )
            if row:
                found.append(row)
    return found


def _read_row(
    written: dict[str, str],
    shown: str,
    line: int,
    declared: Mapping[str, Coefficient],
    sources: Mapping[str, object],
    problems: list[Problem],
) -> Row | None:
    def wrong(found: str, expected: str = "", hint: str = "") -> None:
        problems.append(Problem(shown, line, found, expected, hint))

    before = len(problems)
    leaf = declared.get(written["id"])
    if leaf is None:
        wrong(say("id is {id!r}", id=written["id"]), "a coefficient that a rule asks for", "gep coefficients lists them")
        return None
    numbers: dict[str, float | None] = {}
    for name in ("value", "low", "high"):
        try:
            numbers[name] = float(written[name]) if written[name] or name == "value" else None
        except ValueError:
            wrong(say("{name} of {id} is {text!r}", name=name, id=leaf.id, text=written[name]), "a number")
    if written["mark"] not in MARKS or written["mark"] == "K-":
        wrong(say("mark is {mark!r}", mark=written["mark"]), "one of V, VC, D, V-c, K")
    if written["source"] not in sources:
        wrong(say("source is {source!r}", source=written["source"]), "a key of coefficients/sources.yaml")
    if not written["locator"]:
        wrong("the locator is empty", "page, table or equation")
    if written["region"] != NATION and written["region"] not in _short_codes() and written["region"] not in read_own_units():
        wrong(
            say("region is {region!r}", region=written["region"]),
            "CN, a code of 2, 4 or 6 digits, or the id of an accounting unit of the inputs or the store",
        )
    for name, members in ((ECOSYSTEM, read_ecosystems()), (POLLUTANT, read_pollutants())):
        if written[name] and written[name] not in members and not (name == ECOSYSTEM and is_ecosystem(written[name])):
            wrong(
                say("{axis} is {text!r}", axis=mark_word(name), text=written[name]),
                say("an id of a known {axis}", axis=mark_word(name)),
            )
        if written[name] and name not in leaf.axes:
            wrong(
                say("{id} does not vary over {axis}", id=leaf.id, axis=mark_word(name)),
                say("an empty {axis}", axis=mark_word(name)),
            )
    computed, price_year = float("nan"), 0
    try:
        if count_joined_years(remove_price_year(written["unit"]), leaf.unit):
            raise UnitError(say("a rate per day has no year here"))
        computed = scale_number(numbers.get("value") or 0.0, find_factor(remove_price_year(written["unit"]), leaf.unit))
        price_year = parse_unit(written["unit"]).price_year or 0
        if is_priced(leaf) and not price_year:
            wrong(
                say("unit of {id} is {unit!r}", id=leaf.id, unit=written["unit"]), "money with its price year, such as CNY_2020"
            )
    except UnitError as error:
        wrong(
            say("unit of {id} is {unit!r}: {error}", id=leaf.id, unit=written["unit"], error=error.args[0]),
            say("a unit of {unit}", unit=leaf.unit),
            "write it by the year; by the day it may stand among the figures, where the days of the account's year count"
            if _is_by_day(written["unit"], leaf.unit)
            else "",
        )
    if math.isinf(computed):
        wrong(say("value is {value} {unit}", value=written["value"], unit=written["unit"]), "a finite number")
    elif (leaf.least is not None and computed < leaf.least) or (leaf.most is not None and computed > leaf.most):
        wrong(
            say("{id} is {value:g} {unit}", id=leaf.id, value=computed, unit=leaf.unit),
            say("at least {amount}", amount=f"{leaf.least:g}")
            if leaf.most is None
            else say("at most {amount}", amount=f"{leaf.most:g}")
            if leaf.least is None
            else say("between {least} and {most}", least=leaf.least, most=leaf.most),
        )
    if len(problems) > before:
        return None
    years = {name: int(written[name]) if written[name] else None for name in ("applies_from", "applies_to")}
    return Row(
        **{**written, **numbers, **years},  # type: ignore[arg-type]  # each column has the type of its field
        file=shown,
        line=line,
        computed=computed,
        price_year=price_year,
    )


def _is_by_day(given: str, wanted: str) -> bool:
    """Return whether a unit is that of another, by the day, hour or second instead of the year."""
    try:
        return count_joined_years(remove_price_year(given), wanted) != 0
    except UnitError:
        return False


@cache
def _short_codes() -> frozenset[str]:
    return frozenset(shorten_code(code) for code in read_divisions())


def _ties(rows: list[Row]) -> list[Problem]:
    problems = []
    seen: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        same = seen.setdefault((row.id, row.set, row.region, row.cell), [])
        problems += [
            Problem(
                row.file,
                row.line,
                say(
                    "{id} for {region} {cell} stands already in {address}",
                    id=row.id,
                    region=row.region,
                    cell=" ".join(filter(None, row.cell)),
                    address=other.address,
                ),
                "one row for a region and time in a set",
                "give one of them another set, or end its time",
            )
            for other in same
            if (row.applies_from or 0) <= (other.applies_to or 9999) and (other.applies_from or 0) <= (row.applies_to or 9999)
        ]
        same.append(row)
    return problems


def _read_index(path: Path, sources: Mapping[str, object]) -> tuple[dict[str, dict[int, IndexPoint]], list[Problem]]:
    problems = []
    points: dict[str, dict[int, IndexPoint]] = {}
    shown = print_path(path)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for written in reader:
            if written["source"] not in sources:
                problems.append(
                    Problem(
                        shown, reader.line_num, say("source is {source!r}", source=written["source"]), "a key of sources.yaml"
                    )
                )
            year = int(written["year"])
            of_index = points.setdefault(written["index"], {})
            if year in of_index:
                problems.append(
                    Problem(
                        shown,
                        reader.line_num,
                        say("{index} of {year} appears twice", index=written["index"], year=year),
                        "one value a year",
                    )
                )
            rest = {name: written[name] for name in ("index", "base", "region", "source", "locator", "mark", "note")}
            of_index[year] = IndexPoint(year=year, value=float(written["value"]), address=f"{shown}:{reader.line_num}", **rest)
    return points, problems
