"""Holds what was read of one workbook: its cover, its figures, and everything that is wrong or doubtful."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gep.messages.findings import Finding
from gep.messages.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.formula.nodes import Leaf


NO_TITLE = "a title that the list of the cell offers"
"""What is expected of a row whose title is that of no figure, service or line."""


@dataclass
class Book:
    """What was read of one workbook."""

    file: str
    known: Mapping[str, Leaf] = field(default_factory=dict)
    """What its rows may be about, beside the glossary and the coefficients, by id."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """county, year, variable, ecosystem, pollutant, product, value (text), unit, source, note, line, and the cells of each."""
    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    county: str = ""
    year: str = ""
    standard: str = ""
    price_year: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    """Fields of the cover → their cells."""
    departments: set[str] = field(default_factory=set)
    addresses: dict[str, str] = field(default_factory=dict)
    """Address → sha256, of figures that were typed and stand in no file."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What rows are called → their ids."""
    explanations: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Code, cell and what was found → what the county wrote on the sheet of findings."""

    def problem(self, cell: str, line: int, found: str, expected: str, hint: str = "") -> None:
        """Note what is wrong in a cell (`sheet!E7`; empty: the file as a whole)."""
        self.problems.append(Problem(self.file, line, found, expected, hint, cell))

    def finding(self, grade: str, code: str, cell: str, line: int, found: str, rule: str, repair: str = "") -> None:
        """Note what is doubtful in a cell (`sheet!E7`; empty: the file as a whole), with grade and code as in `Finding`."""
        self.findings.append(Finding(grade, code, Problem(self.file, line, found, rule, repair, cell)))
