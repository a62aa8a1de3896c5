"""A scenario as a document: who supposes what, on which grounds, and what each change is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from gep.files.table import read_table
from gep.files.yaml_lines import read_typed_document, validate_document
from gep.messages.problems import Problem, refuse
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.reference.members import Members, is_ecosystem, list_wider, read_ecosystems
from gep.rules.catalogue import COEFFICIENTS
from gep.units.registry import UnitError, find_factor
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


KEYS = "title, author, basis, cost, changes, transitions"
MOST = 2000
"""Changes of one document."""
SHOWN = 6
AREA = "area"


@dataclass(frozen=True)
class Change:
    """One thing that a scenario supposes.

    Attributes
    ----------
    file, line : where it stands
    variable : id of an input or coefficient; of a transition, `area`
    members : ecosystem, pollutant and product it is of; empty: all
    factor, value, unit : what its figures are multiplied by, or what they are
    origin, target, area : of a transition: from which type to which, km²
    """

    file: str
    line: int
    variable: str
    members: tuple[str, str, str] = ("", "", "")
    factor: float | None = None
    value: float | None = None
    unit: str = ""
    origin: str = ""
    target: str = ""
    area: float = 0.0

    @property
    def is_transition(self) -> bool:
        """Whether it moves land from one type to another."""
        return bool(self.origin)


@dataclass(frozen=True)
class Scenario:
    """A named set of changes with its author, its grounds, and what it would cost (CNY, None: not said).

    `matrix` has all rows of its table of transitions, those of land that stays too.
    """

    file: str
    title: str
    author: str
    basis: str
    cost: float | None
    changes: tuple[Change, ...]
    matrix: tuple[Change, ...] = ()

    @property
    def moved(self) -> float:
        """The land that changes its type, km²."""
        return math.fsum(one.area for one in self.changes)


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    variable: str = ""
    ecosystem: str = ""
    pollutant: str = ""
    product: str = ""
    factor: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = None
    value: str = ""
    origin: Annotated[str, Field(alias="from")] = ""
    to: str = ""
    area: str = ""


class _Scenario(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    title: Annotated[str, Field(min_length=1, max_length=200)]
    author: Annotated[str, Field(min_length=1, max_length=200)]
    basis: Annotated[str, Field(min_length=1, max_length=2000)]
    cost: str = ""
    changes: Annotated[list[_Change], Field(max_length=MOST)] = []
    transitions: str = ""


def read_scenario(path: Path, county: str = "", within: Path | None = None) -> Scenario:
    """Return the scenario in a YAML file, its transitions also from the table it names.

    Parameters
    ----------
    path : a map with title, author, basis, changes; `transitions` is a CSV beside it with from, to, area, unit and, if need be, county
    county : of the account; rows of other counties of a matrix are not its own
    within : folder that the table must lie in, where the document comes from elsewhere; None: any

    Raises
    ------
    Problems : everything that is wrong in the document and the table, each with its line
    """
    document = read_typed_document(path, "the file holds no scenario", KEYS)
    read = validate_document(_Scenario, document)
    problems: list[Problem] = []
    changes = [
        change
        for at, one in enumerate(read.changes)
        if (change := _read_change(one, document.file, document.line(("changes", str(at))), problems)) is not None
    ]
    beside = path.parent / read.transitions
    if read.transitions and within is not None and not beside.resolve().is_relative_to(within.resolve()):
        found = say("transitions is {text!r}", text=read.transitions[:80])
        expected = "the name of a table that is sent with the scenario"
        refuse([Problem(document.file, document.line(("transitions",)), found, expected)])
    matrix = _read_transitions(beside, county, problems) if read.transitions else []
    changes += [one for one in matrix if one.origin != one.target]  # what stays is no transition; a matrix has it on its diagonal
    cost = _read_amount(read.cost, "CNY", document.file, document.line(("cost",)), problems) if read.cost else None
    if not changes and not problems:
        expected = "a list of changes, or a table of transitions"
        problems.append(Problem(document.file, document.line(("changes",)), "the scenario changes nothing", expected))
    problems += find_overlaps(changes)
    refuse(problems)
    return Scenario(document.file, read.title, read.author, read.basis, cost, tuple(changes), tuple(matrix))


def _read_change(one: _Change, file: str, line: int, problems: list[Problem]) -> Change | None:
    """Return a change, or None with what is wrong with it added to the problems."""
    land = bool(one.origin or one.to or one.area)
    if land == bool(one.variable):
        expected = "from, to and area; or variable with factor or value"
        problems.append(Problem(file, line, "the change is neither of land nor of one variable", expected))
        return None
    if land:
        if one.factor is not None or one.value or one.ecosystem or one.pollutant or one.product:
            problems.append(Problem(file, line, "the change of land has other keys too", "from, to and area"))
            return None
        return _make_transition(one.origin, one.to, one.area, file, line, problems)
    known = {**VARIABLES, **COEFFICIENTS}
    leaf = known.get(one.variable)
    if leaf is None:
        hint = suggest_nearest(one.variable, known)
        found = say("variable is {text!r}", text=one.variable)
        problems.append(Problem(file, line, found, "an id as gep trace shows it", hint))
        return None
    if one.variable == AREA:
        expected = "from, to and area, so that the land of the place stays what it is"
        problems.append(Problem(file, line, "the change is of the area itself", expected))
        return None
    if (one.factor is None) == (not one.value):
        problems.append(Problem(file, line, "the change has not one of factor and value", "one of them"))
        return None
    members = (one.ecosystem, one.pollutant, one.product)
    if one.ecosystem and not is_ecosystem(one.ecosystem):
        _refuse_type(one.ecosystem, file, line, problems)
        return None
    if one.factor is not None:
        return Change(file, line, one.variable, members, factor=one.factor)
    number, unit = _split(one.value)
    if number is None:
        found = say("value is {text!r}", text=one.value[:60])
        problems.append(Problem(file, line, found, say("a number and its unit, such as 1600 {unit}", unit=leaf.unit)))
        return None
    return Change(file, line, one.variable, members, value=number, unit=unit)


def _make_transition(origin: str, target: str, area: str, file: str, line: int, problems: list[Problem]) -> Change | None:
    before = len(problems)
    for name in (origin, target):
        if not is_ecosystem(name):
            _refuse_type(name, file, line, problems)
    if origin == target and origin:
        problems.append(Problem(file, line, say("land of {name} becomes {name}", name=origin), "two different types"))
    amount = _read_amount(area, "km^2", file, line, problems)
    if amount is not None and amount <= 0:
        problems.append(Problem(file, line, say("the area is {text}", text=area), "an area above 0"))
    if len(problems) > before or amount is None:
        return None
    return Change(file, line, AREA, origin=origin, target=target, area=amount)


def _refuse_type(name: str, file: str, line: int, problems: list[Problem]) -> None:
    hint = suggest_nearest(name, read_ecosystems())
    problems.append(Problem(file, line, say("ecosystem is {text!r}", text=name), "an id of an ecosystem type", hint))


def _read_transitions(path: Path, county: str, problems: list[Problem]) -> list[Change]:
    """Return the rows of a matrix that are of a county; types by their ids or Chinese names."""
    names = ("from", "to", "area", "unit")
    table, found = read_table(path, names, ("source", "county"))
    problems += found
    if table is None:
        return []
    columns = [[str(one or "").strip() for one in table.columns[name].to_pylist()] for name in (*names, "county")]
    rows = list(zip(*columns, table.lines.to_pylist(), strict=True))
    zones = list(dict.fromkeys(row[4] for row in rows if row[4]))
    if zones and county:
        rows = [row for row in rows if row[4] in {"", county}]
        if not rows:
            expected = say("one of {names}", names=join_list(zones[:SHOWN]))
            problems.append(Problem(table.file, 0, say("no row is of {zone}", zone=county), expected))
    if len(rows) > MOST:
        problems.append(Problem(table.file, 0, say("the table has {count:,} rows", count=len(rows)), f"≤ {MOST:,}"))
        return []
    by_title = {one.title.zh: name for name, one in read_ecosystems().items()}
    made: list[Change] = []
    seen: dict[tuple[str, str], int] = {}
    for origin, target, area, unit, _, line in rows:
        ends = (by_title.get(origin, origin), by_title.get(target, target))
        if ends in seen:
            what = say("{what} stands twice", what=", ".join(ends))
            problems.append(Problem(table.file, line, what, say("once; first on line {line}", line=seen[ends])))
        seen.setdefault(ends, line)
        if float_or_nan(area) == 0:
            continue  # a pair of types that a matrix lists and nothing moves between
        if ends[0] == ends[1] and is_ecosystem(ends[0]):
            amount = _read_amount(f"{area} {unit}", "km^2", table.file, line, problems)
            made.append(Change(table.file, line, AREA, origin=ends[0], target=ends[1], area=amount or 0.0))
            continue
        if (moved := _make_transition(*ends, f"{area} {unit}", table.file, line, problems)) is not None:
            made.append(moved)
    return made


def float_or_nan(text: str) -> float:
    """Return a number as written, NaN where it is none."""
    value, _ = _split(text)
    return math.nan if value is None else value


def _read_amount(text: str, unit: str, file: str, line: int, problems: list[Problem]) -> float | None:
    """Return an amount with its unit in another unit; None with what is wrong added to the problems."""
    number, given = _split(text)
    if number is None or not given:
        expected = say("a number and its unit, such as 100 {unit}", unit=unit)
        problems.append(Problem(file, line, say("the amount is {text!r}", text=text[:60]), expected))
        return None
    try:
        return number * find_factor(given, unit)
    except UnitError as error:
        problems.append(Problem(file, line, error.args[0], unit))
        return None


def _split(text: str) -> tuple[float | None, str]:
    number, _, unit = text.strip().partition(" ")
    try:
        value = float(number) if number.isascii() and "_" not in number else math.nan
    except ValueError:
        value = math.nan
    return (value if math.isfinite(value) else None), unit.strip()


def find_overlaps(changes: list[Change]) -> Iterator[Problem]:
    """Yield every change of figures that an earlier one of the same scenario changes already."""
    first: dict[object, int] = {}
    for at, one in enumerate(changes):
        if one.is_transition:
            continue
        named, met = _list_places(one.members)
        if earlier := [first[one.variable, place] for place in met if (one.variable, place) in first]:
            found = say("{name} is changed here and on line {line}", name=one.variable, line=changes[min(earlier)].line)
            yield Problem(one.file, one.line, found, "one change of a figure", "leave one of the two out")
        for place in named:
            first.setdefault((one.variable, place), at)


def _list_places(members: Members) -> tuple[list[object], list[object]]:
    """Return where members are noted, and where those that they have one in common with are: equal, above, or below on each axis.

    A member is noted as itself and as something below each one above it; it meets who is noted as itself or above, and who is below it.
    """
    axes = [list_wider(one) for one in members]
    named = product(*([(own, False), *((above, True) for above in wider)] for own, *wider in axes))
    met = product(*([(axis[0], True), *((name, False) for name in axis)] for axis in axes))
    return list(named), list(met)
