"""Validated inputs: one row a figure, in the unit of computation, as given, and with its address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("county", "year", "variable", "value", "unit", "source")
OPTIONAL = ("ecosystem", "pollutant", "product", "note")

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
    """

    accounts: pd.DataFrame
    rows: pd.DataFrame
    inapplicable: pd.DataFrame
    files: dict[str, str] = field(default_factory=dict)
