"""Monitored series in a store: each report once, a correction beside what it corrects; rows are only added, and linked like all others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gep.files.written_names import clean_text, tidy_person
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.store.rows import Connection


@dataclass(frozen=True)
class KeptPoint:
    """A report of a period in a county, as it was last corrected.

    Attributes
    ----------
    given      : number and unit as written
    value      : in `unit`, the unit of the series' first report
    correction : 0, or how often it was corrected; then with the reason
    """

    county: str
    variable: str
    place: str
    period: str
    correction: int
    given: str
    value: float
    unit: str
    source: str
    address: str
    reason: str = ""
    who: str = ""


def add_points(connection: Connection, who: str, points: Sequence[KeptPoint]) -> None:
    """Add reports and corrections."""
    now = datetime.now(UTC).replace(tzinfo=None)
    for one in points:
        named = (one.variable, one.place, one.period)
        rest = (one.unit, one.source, one.address, one.reason)
        row = [one.county, *map(clean_text, named), one.correction, now, tidy_person(who), clean_text(one.given), one.value]
        row += map(clean_text, rest)
        connection.execute(f"INSERT INTO series_point VALUES ({', '.join('?' for _ in row)})", row)  # noqa: S608 - places only


def list_points(connection: Connection, county: str) -> list[KeptPoint]:
    """Return the reports of a county as last corrected, by variable, place and period."""
    rows = fetch_rows(
        connection,
        "SELECT county, variable, product_place, period, correction, value_given, point_value, unit_given, source, address, "
        "correction_reason, who FROM series_state WHERE county = ? ORDER BY variable, product_place, period",
        [county],
    )
    return [KeptPoint(*row) for row in rows]
