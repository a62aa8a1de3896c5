"""Plausible bands of figures, as they stand or per km², per head or per sown area, each with its source."""

from __future__ import annotations

from functools import cache

from gep.files.lists import read_list
from gep.paths import LISTS
from gep.records import dataclass


@dataclass(frozen=True)
class Band:
    """The range in which a figure is plausible; outside it a finding asks for a word.

    Attributes
    ----------
    per    : variable whose total the figure is divided by first (land area, population, sown area); empty: as it stands
    low, high : bounds, in `unit`
    region : two to six digits of a code, or CN
    grade  : of the finding, A to D
    mark   : how far the band is known
    """

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
    """Return the shipped plausible bands; where several regions hold, the narrower region's band replaces the wider one's."""
    rows = read_list(LISTS / "plausibility.csv")
    return tuple(Band(low=float(row.pop("low")), high=float(row.pop("high")), **row) for row in rows)
