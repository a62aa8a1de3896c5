"""The subjects of the budget that transfers name: the shipped table, and a bureau's own of classes, natures, projects and notices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.files.table import read_table
from gep.messages.problems import refuse
from gep.messages.texts import join_list, say
from gep.paths import COEFFICIENTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OWN = ("operation", "payee", "function_class", "economic_class", "fund_nature", "project_code", "indicator_number")
"""Columns of a table of one's own; `operation` and `payee` (a code or name) say where a row holds, empty: everywhere."""


HEADS = ("事项", "单位", "功能分类", "经济分类", "资金性质", "项目代码", "指标文号")
"""The same columns as a bureau heads them."""


@dataclass(frozen=True)
class BudgetSubjects:
    """What a bureau writes beside money: 功能分类、经济分类、资金性质、项目代码、指标文号; any code, as it is written."""

    function_class: str = ""
    economic_class: str = ""
    fund_nature: str = ""
    project_code: str = ""
    indicator_number: str = ""


@dataclass(frozen=True)
class SubjectTable:
    """Rows of a bureau's own table: operation and payee where they hold, and the subjects."""

    rows: tuple[tuple[str, str, BudgetSubjects], ...] = ()

    def find(self, operation: str, *payee: str) -> BudgetSubjects:
        """Return the subjects of a posting: of the row that names operation and payee, then one of them, then none.

        Parameters
        ----------
        payee : its code and name
        """
        at = self._find_row(operation, payee)
        return BudgetSubjects() if at is None else self.rows[at][2]

    def list_unused(self, postings: Iterable[tuple[str, ...]]) -> list[str]:
        """Return a sentence for each row that holds for no posting: a name that is misspelt has no effect, and is told.

        Parameters
        ----------
        postings : operation, and code and name of the payee
        """
        used = {self._find_row(operation, tuple(payee)) for operation, *payee in postings}
        return [
            say(
                "entry {at} of the budget subjects ({names}) holds for no posting",
                at=at + 1,
                names=join_list([one for one in row[:2] if one]) or "—",
            )
            for at, row in enumerate(self.rows)
            if at not in used
        ]

    def _find_row(self, operation: str, payee: tuple[str, ...]) -> int | None:
        """Return the place of the row that holds for a posting, None without one."""
        ranked = sorted(
            (
                (bool(named) + 2 * bool(place), at)
                for at, (named, place, _) in enumerate(self.rows)
                if named in {"", operation} and place in {"", *payee}
            ),
            key=lambda one: (-one[0], one[1]),
        )
        return ranked[0][1] if ranked else None


@cache
def read_budget_subjects() -> dict[str, dict[str, str]]:
    """Return the subjects of the budget that come with the program: code → the row of the table, by column."""
    return {row["code"]: row for row in read_list(COEFFICIENTS / "schemes" / "accounts.csv")}


def read_subject_table(path: Path | None) -> SubjectTable:
    """Return a bureau's own table of budget subjects; an empty one where none is given.

    Raises
    ------
    Problems : a file that cannot be read or has other columns than OWN or HEADS, of which all may be left out but one
    """
    if path is None:
        return SubjectTable()
    table, problems = read_table(path, (), (*OWN, *HEADS))
    refuse(problems)
    if table is None:
        return SubjectTable()
    given = table.columns
    columns = [
        [str(one or other or "").strip() for one, other in zip(given[name].to_pylist(), given[head].to_pylist(), strict=True)]
        for name, head in zip(OWN, HEADS, strict=True)
    ]
    rows = zip(*columns, strict=True)
    return SubjectTable(tuple((operation, payee, BudgetSubjects(*subjects)) for operation, payee, *subjects in rows))
