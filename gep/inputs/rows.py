"""Validated inputs: one row a figure, in the unit of computation, as given, and with its address."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from gep.records import dataclass
from gep.reference.periods import FIRST, LAST

if TYPE_CHECKING:
    import pandas as pd

    from gep.messages.findings import Finding

FIRST_YEAR, LAST_YEAR = FIRST, LAST
"""Accounting years that are taken."""

COLUMNS = ("county", "year", "variable", "value", "unit", "source")
OPTIONAL = ("ecosystem", "pollutant", "product", "note")

CELLS = ("cell", "cell_unit", "cell_id", "cell_member")
"""Columns of rows that came from workbooks: where the figure, its unit, its id and its member stand."""

AS_TEXT = ("variable", "ecosystem", "pollutant", "product", "unit_given", "source", "note", "file")


@dataclass(frozen=True)
class Inputs:
    """Everything that was read.

    Attributes
    ----------
    accounts : one row an account, sorted: county, year; its position is the account's number
    rows     : one row a figure: account, variable, ecosystem, pollutant, product, value (in the variable's unit; money in
               yuan of `price_year`), price_year (0: not money), value_given, unit_given, source, note, file, line
    inapplicable : one row a statement that a service or line does not apply: account, id, reason, file, line
    files    : file → sha256 of its bytes
    findings : what is doubtful in the files as files; the checks across cells come on top
    explanations : file, code, place and text of a finding → what the county wrote about it
    standards, price_years : what covers of workbooks ask for
    departments : (county, year) → departments whose sheets were given, for those that came as workbooks
    """

    accounts: pd.DataFrame
    rows: pd.DataFrame
    inapplicable: pd.DataFrame
    files: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    explanations: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    standards: dict[str, str] = field(default_factory=dict)
    price_years: dict[str, str] = field(default_factory=dict)
    departments: dict[tuple[str, int], set[str]] = field(default_factory=dict)
