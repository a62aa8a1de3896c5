"""A quantity of the account of the year before, as it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.reference.periods import find_before
from gep.reference.retired import list_codes_over_time
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from gep.store.rows import Connection


def read_quantity_before(
    connection: Connection, county: str, year: int, standard: str, name: str
) -> tuple[float, str, str, int, int] | None:
    """Return quantity, unit, code, year and run of the newest account before; None where there is none, or no such quantity.

    Parameters
    ----------
    year     : a year, or a period, before which lies one of the same length
    standard : key under which accounts are kept
    name     : id of a service, whose quantity is meant, or of a line
    """
    before = find_before(year)
    service = "." not in name
    table, column = ("service_result", "service") if service else ("line_result", "line")
    only = "" if service else "AND NOT s.detail AND coalesce(s.pollutant, '') = '' AND coalesce(s.item, '') = ''"
    found = fetch_rows(
        connection,
        f"SELECT s.quantity, s.quantity_unit, l.county, l.run FROM latest l JOIN {table} s USING (run, account) "  # noqa: S608 - our own names
        f"WHERE l.county IN (SELECT unnest(?)) AND l.year = ? AND l.standard = ? AND s.{column} = ? AND s.quantity IS NOT NULL {only}",
        [list(list_codes_over_time(county)), int(before), standard, name],
    )
    return (*found[0][:3], before, found[0][3]) if len(found) == 1 else None
