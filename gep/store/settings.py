"""What an account was computed by when it was last stored: its standard and its price year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.records import dataclass
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.store.rows import Connection


@dataclass(frozen=True)
class Settings:
    """The newest run of a county, year and standard; `constant_year` is None where it has current prices only."""

    county: str
    year: int
    standard: str
    constant_year: int | None
    run: int


def list_settings(connection: Connection, counties: Sequence[str], years: Sequence[int]) -> list[Settings]:
    """Return the settings of accounts as they were last stored, under every standard they are kept under.

    Parameters
    ----------
    counties, years : of each account, six-digit code and accounting year; of one length
    """
    rows = fetch_rows(
        connection,
        "SELECT l.county, l.year, l.standard, r.constant_year, l.run FROM latest l JOIN run r USING (run) "
        "WHERE (l.county, l.year) IN (SELECT unnest(?), unnest(?)) ORDER BY ALL",
        [list(counties), list(years)],
    )
    return [Settings(*row) for row in rows]
