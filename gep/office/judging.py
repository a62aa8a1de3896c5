"""Judges cells as they are typed: the sentences of `gep check` for each cell by itself."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from gep.files.dittos import stands_for_another
from gep.inputs.read import gather
from gep.inputs.row_units import find_bounds, find_unit_step
from gep.inputs.workbook.typed import make_book
from gep.messages.findings import Finding, grade_problem
from gep.office.account_year import make_figure
from gep.office.drafts import Cell
from gep.office.forms import list_form_entries
from gep.reference.regions import read_divisions
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.standards.standard import DEFAULT
from gep.units.registry import UnitError
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LISTING = threading.Lock()
_PLAIN = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")


def judge_cells(county: str, year: int, cells: Iterable[Cell]) -> Mapping[tuple[str, str], list[Finding]]:
    """Return what is wrong or doubtful in each cell taken by itself, by its key; cells that are right are not in it.

    What only shows across cells is found by `check_draft`. A plain number within its bounds, of a kind that was judged before, is
    right without being judged again.
    """
    return _judge(county, year, [one for one in cells if not _is_plainly_right(year, one)])


def _judge(county: str, year: int, cells: Iterable[Cell]) -> dict[tuple[str, str], list[Finding]]:
    figures = [(one.key, make_figure(one)) for one in cells]
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    if not figures:
        return found
    keys = {figure.address: key for key, figure in figures}
    book = make_book(county, year, [figure for _, figure in figures])
    inputs, problems = gather([], COEFFICIENTS, APPLICABLE, [book])
    for one in (*map(grade_problem, problems), *inputs.findings):
        if one.problem.file in keys:
            found[keys[one.problem.file]].append(one)
    return found


def _is_plainly_right(year: int, cell: Cell) -> bool:
    if not _PLAIN.fullmatch(cell.value) or stands_for_another(cell.source.strip()):
        return False
    known = list_limits(year)
    key = (cell.variable, cell.member, cell.unit)
    limits = known[key] if key in known else _find_limits(year, *key)
    return limits is not None and limits[0] <= float(cell.value) <= limits[1]


def warm_up(years: Iterable[int]) -> Iterator[None]:
    """Prepare judging the cells of some years, one after the other, before many people save at the same time."""
    for year in years:
        list_limits(year)
        yield


def list_limits(year: int) -> dict[tuple[str, str, str], tuple[float, float] | None]:
    """Return what `_list_limits` does; of several who ask at the same time one computes it."""
    with _LISTING:
        return _list_limits(year)


@lru_cache(maxsize=16)
def _list_limits(year: int) -> dict[tuple[str, str, str], tuple[float, float] | None]:
    """Return variable, member and unit of every row of the default standard's forms → what `_find_limits` has of it, judged all at once."""
    keys = list(
        dict.fromkeys(
            (entry.id, entry.member, unit)
            for entries in list_form_entries(DEFAULT, "", year).values()
            for entry in entries
            for unit in entry.units
        )
    )
    ranges = {key: found for key in keys if (found := _find_range(year, key[0], key[2])) is not None}
    counties = [code for code, region in read_divisions().items() if region.level == "county"]
    books = [
        make_book(code, year, [make_figure(Cell(*key[:2], f"{inside:.15g}", key[2], shown=str(at)))])
        for at, (code, (key, (inside, _, _))) in enumerate(zip(counties, ranges.items(), strict=False))
    ]  # a county each: nothing is judged beside another
    inputs, problems = gather([], COEFFICIENTS, APPLICABLE, books)
    told = {one.problem.file for one in (*map(grade_problem, problems), *inputs.findings)}
    limits: dict[tuple[str, str, str], tuple[float, float] | None] = {}
    for book, (key, (_, least, most)) in zip(books, ranges.items(), strict=False):
        limits[key] = None if told & set(book.addresses) else (least, most)
    return limits


def _find_range(year: int, variable: str, unit: str) -> tuple[float, float, float] | None:
    """Return a figure that is right for a variable in a unit, and the least and the largest; None: each is to be judged by itself."""
    leaf = VARIABLES.get(variable, COEFFICIENTS.get(variable))
    if leaf is None or not unit:
        return None
    try:
        factor, _ = find_unit_step(leaf, unit, year)
    except UnitError:
        return None
    if not factor > 0:
        return None
    least, most = find_bounds(leaf)
    inside = 0.0 if least <= 0 <= most else least / factor
    return inside, least / factor * (1 + 1e-9), most / factor * (1 - 1e-9)


@lru_cache(maxsize=20_000)
def _find_limits(year: int, variable: str, member: str, unit: str) -> tuple[float, float] | None:
    """Return the least and largest figure that is right in a cell, in its unit, whatever the county; None: each is to be judged by itself."""
    found = _find_range(year, variable, unit)
    if found is None:
        return None
    inside, least, most = found
    anywhere = next(code for code, region in read_divisions().items() if region.level == "county")
    return None if _judge(anywhere, year, [Cell(variable, member, f"{inside:.15g}", unit)]) else (least, most)
