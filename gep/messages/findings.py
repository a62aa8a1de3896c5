"""What a check finds, graded as statistics bureaus do: A must be corrected, B explained in writing, C confirmed, D is information."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gep.messages.texts import in_chinese

if TYPE_CHECKING:
    from gep.messages.problems import Problem

GRADES = {
    "A": ("必须更正", "must be corrected"),
    "B": ("须书面说明", "must be explained in writing"),
    "C": ("可疑，请确认", "suspicious, please confirm"),
    "D": ("提示", "information"),
}


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found: where, the rule it breaks, and how to repair it."""

    grade: str
    code: str
    file: str
    line: int
    cell: str
    found: str
    rule: str
    repair: str = ""
    county: str = ""
    year: int = 0
    explanation: str = ""
    """What the county wrote about it."""

    @property
    def where(self) -> str:
        """`file!sheet!cell` or `file:line`."""
        return f"{self.file}!{self.cell}" if self.cell else f"{self.file}:{self.line}" if self.line else self.file

    def as_dict(self) -> dict[str, object]:
        """The same as plain values; texts also in Chinese."""
        return {"where": self.where, **asdict(self), **in_chinese(self, ("found", "rule", "repair"))}


def of_problem(problem: Problem) -> Finding:
    """Return what stops a run, as a finding of grade A."""
    return Finding("A", "input", problem.file, problem.line, problem.cell, problem.found, problem.expected, problem.hint)
