"""Findings of checks, graded as statistics bureaus do: A is corrected, B explained in writing, C confirmed, D is information."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from gep.messages.texts import say_in
from gep.messages.title import Title
from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.messages.problems import Problem

GRADES = {
    "A": Title("必须更正", "must be corrected"),
    "B": Title("须书面说明", "must be explained in writing"),
    "C": Title("可疑，请确认", "suspicious, please confirm"),
    "D": Title("提示", "information"),
}


@dataclass(frozen=True)
class Finding:
    """A problem with its grade; the rule it breaks is the problem's `expected`, the repair its `hint`.

    Attributes
    ----------
    grade : A must be corrected, B explained in writing, C confirmed, D is information
    code  : the kind of finding, such as `band`, `balance`, `missing`
    county, year : six-digit code and accounting year of the account, empty and 0 where it is of a file as a whole
    """

    grade: str
    code: str
    problem: Problem
    county: str = ""
    year: int = 0
    explanation: str = ""
    """What the county wrote about it."""
    details: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)
    """What it names, one by one, as plain values."""

    def __lt__(self, other: Finding) -> bool:
        """Worst first, then by kind and place."""
        return self.order < other.order

    @property
    def order(self) -> tuple[object, ...]:
        """What findings are sorted by."""
        one = self.problem
        place = (one.file, one.line, one.cell, one.found, one.expected, one.hint)
        return self.grade, self.code, *place, self.county, self.year, self.explanation

    @property
    def where(self) -> str:
        """`file!sheet!cell`, `file:line`, or the file alone."""
        return self.problem.where

    def as_dict(self) -> dict[str, object]:
        """Return the finding as plain values for JSON; texts in English, and in Chinese under names that end in `_zh`."""
        one = self.problem
        texts = {"found": one.found, "rule": one.expected, "repair": one.hint}
        return {
            "where": one.where,
            "grade": self.grade,
            "code": self.code,
            "file": one.file,
            "line": one.line,
            "cell": one.cell,
            **texts,
            "county": self.county,
            "year": self.year,
            "explanation": self.explanation,
            **({"details": [dict(one) for one in self.details]} if self.details else {}),
            **{f"{name}_zh": say_in(text, "zh") for name, text in texts.items()},
        }


def grade_problem(problem: Problem) -> Finding:
    """Return a problem that stops a run as a finding of grade A."""
    return Finding("A", "input", problem)
