"""What was handed in for an account, as it was handed in: a later year's workbook is made from it."""

from __future__ import annotations

from gep.records import dataclass


@dataclass(frozen=True)
class GivenRow:
    """A row of an account as it was handed in; `value` is in the variable's or coefficient's own unit, `price_year` 0 without one."""

    variable: str
    ecosystem: str
    pollutant: str
    product: str
    value: float
    price_year: int
    value_given: str
    unit_given: str
    source: str
    note: str


@dataclass(frozen=True)
class GivenAnswer:
    """A service or line that was said not to apply."""

    identity: str
    source: str
    note: str


@dataclass(frozen=True)
class GivenAccount:
    """Everything that was handed in for an account, and what it was computed by."""

    county: str
    year: int
    standard: str
    constant_year: int | None
    rows: tuple[GivenRow, ...]
    answers: tuple[GivenAnswer, ...]
