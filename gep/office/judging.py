"""Judges cells as they are typed: the sentences of `gep check` for each cell by itself."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gep.inputs.read import gather
from gep.inputs.workbook.typed import make_book
from gep.messages.findings import Finding, grade_problem
from gep.office.account_year import make_figure
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gep.office.drafts import Cell


def judge_cells(county: str, year: int, cells: Iterable[Cell]) -> Mapping[tuple[str, str], list[Finding]]:
    """Return what is wrong or doubtful in each cell taken by itself, by its key; cells that are right are not in it.

    What only shows across cells is found by `check_draft`.
    """
    figures = [(one.key, make_figure(one)) for one in cells]
    keys = {figure.address: key for key, figure in figures}
    book = make_book(county, year, [figure for _, figure in figures])
    inputs, problems = gather([], COEFFICIENTS, APPLICABLE, [book])
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for one in (*map(grade_problem, problems), *inputs.findings):
        if one.problem.file in keys:
            found[keys[one.problem.file]].append(one)
    return found
