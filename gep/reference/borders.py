"""Which counties touch, and over how many kilometres; a table made from polygons that covers some provinces only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gep.files.lists import read_list
from gep.paths import LISTS


@dataclass(frozen=True)
class Border:
    """A common border of two counties.

    Attributes
    ----------
    county, neighbour : six-digit codes; an empty neighbour: the length that touches no county of the table
    border_km : its length in km
    source    : key of `coefficients/sources.yaml`
    """

    county: str
    neighbour: str
    border_km: float
    source: str


@cache
def _borders() -> dict[str, tuple[Border, ...]]:
    found: dict[str, tuple[Border, ...]] = {}
    for row in read_list(LISTS / "adjacency.csv"):
        one = Border(row["county"], row["neighbour"], float(row["border_km"]), row["source"])
        found[one.county] = (*found.get(one.county, ()), one)
    return found


def find_borders(county: str) -> tuple[Border, ...] | None:
    """Return a county's borders in order of the neighbour's code; None if the table does not know the county.

    Parameters
    ----------
    county : six-digit code
    """
    return _borders().get(county)
