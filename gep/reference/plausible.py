"""Plausible bands of figures, as they stand or per km², per head or per sown area, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gep.files.lists import read_list
from gep.paths import LISTS


@dataclass(frozen=True)
class Band:
    """Between `low` and `high` a figure, divided by the total of `per` if that is named, needs no word."""

    variable: str
    product: str
    per: str
    region: str
    low: float
    high: float
    unit: str
    grade: str
    source: str
    locator: str
    mark: str
    note: str


@cache
def read_bands() -> tuple[Band, ...]:
    """Return the shipped bands; where several regions hold, the narrower region's band replaces the wider one's."""
    rows = read_list(LISTS / "plausibility.csv")
    return tuple(Band(low=float(row.pop("low")), high=float(row.pop("high")), **row) for row in rows)
