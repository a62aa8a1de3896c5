"""Judges cells as they are typed: the sentences of `gep check` for each cell by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from gep.inputs.read import gather
from gep.inputs.row_units import find_bounds, find_unit_step
from gep.inputs.workbook.typed import make_book
from gep.messages.findings import Finding, grade_problem
from gep.office.account_year import make_figure
from gep.office.drafts import Cell
from gep.reference.regions import read_regions
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.units.registry import UnitError
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    if not _PLAIN.fullmatch(cell.value):
        return False
    limits = _find_limits(year, cell.variable, cell.member, cell.unit)
    return limits is not None and limits[0] <= float(cell.value) <= limits[1]


@lru_cache(maxsize=20_000)
def _find_limits(year: int, variable: str, member: str, unit: str) -> tuple[float, float] | None:
    """Return the least and largest figure that is right in a cell, in its unit, whatever the county; None: each is to be judged by itself."""
    leaf = VARIABLES.get(variable, COEFFICIENTS.get(variable))
    if leaf is None or not unit:
        return None
    try:
        factor, _ = find_unit_step(leaf, unit, year)
    except UnitError:
        return None
    least, most = find_bounds(leaf)
    if not factor > 0:
        return None
    inside = 0.0 if least <= 0 <= most else least / factor
    anywhere = next(code for code, region in read_regions().items() if region.level == "county")
    if _judge(anywhere, year, [Cell(variable, member, f"{inside:.15g}", unit)]):
        return None
    return least / factor * (1 + 1e-9), most / factor * (1 - 1e-9)
