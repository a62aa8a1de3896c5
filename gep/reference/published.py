"""What published accounts say of totals: GEP against GDP and land, and the shares of services; each with place, year, source and mark."""

from __future__ import annotations

from functools import cache

from gep.files.lists import read_list
from gep.messages.title import Title
from gep.paths import LISTS
from gep.records import dataclass

GEP_TO_GDP, GEP_PER_KM2, SHARE = "gep_to_gdp", "gep_per_km2", "share"


@dataclass(frozen=True)
class Published:
    """One published figure.

    Attributes
    ----------
    measure  : gep_to_gdp, gep_per_km2 (CNY/km² of the year), or share (of the total, 0 to 1)
    of       : of a share, the category or service; else empty
    region   : of which counties it alone is about, two to six digits; empty: of all
    at_least : the figure is printed as "larger than", so that no upper end is published for the region
    """

    measure: str
    of: str
    place: Title
    region: str
    year: int
    value: float
    at_least: bool
    source: str
    locator: str
    mark: str


@cache
def read_published() -> tuple[Published, ...]:
    """Return the shipped figures of published accounts."""
    return tuple(
        Published(
            row["measure"],
            row["of"],
            Title(row["place_zh"], row["place_en"]),
            row["region"],
            int(row["year"]),
            float(row["value"]),
            bool(row["at_least"]),
            row["source"],
            row["locator"],
            row["mark"],
        )
        for row in read_list(LISTS / "published_totals.csv")
    )


def find_range(measure: str, of: str, county: str) -> tuple[Published, Published | None] | None:
    """Return the least and the largest published figure for a county; no largest where none is published; None where there are none.

    Parameters
    ----------
    of     : category or service of a share; else empty
    county : six-digit code
    """
    several = _list_of(measure, of)
    return _find_range(measure, of, tuple(one.region for one in several if one.region and county.startswith(one.region)))


@cache
def _list_of(measure: str, of: str) -> tuple[Published, ...]:
    return tuple(one for one in read_published() if (one.measure, one.of) == (measure, of))


@cache
def _find_range(measure: str, of: str, regions: tuple[str, ...]) -> tuple[Published, Published | None] | None:
    """Return what `find_range` does for a county that lies in these of the regions that have figures of their own."""
    several = _list_of(measure, of)
    own = [one for one in several if one.region in regions]
    known = [one for one in several if not one.region] + [one for one in own if not one.at_least]
    if not known:
        return None
    open_above = any(one.at_least for one in own)
    least, most = (pick(known, key=lambda one: one.value) for pick in (min, max))
    return least, None if open_above else most
