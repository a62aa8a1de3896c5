"""Tables of a yearbook with the figures that the standard only shows: from which county to which, and those of a county."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.numbers import is_known
from gep.messages.tables import NUMBER, Column, Row, Table
from gep.messages.words import STATUS
from gep.regional.shown import list_ranges
from gep.store.sums import read_shown
from gep.units.readable import print_unit_readable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gep.reports.words import Words
    from gep.store.county_figures import YearbookRow
    from gep.store.store import Store


def list_shown_ranges(store: Store, rows: Sequence[YearbookRow], name: Callable[[str], str], words: Words) -> Table | None:
    """Return the figures only shown with the lowest and the highest of the counties; None where the standard shows none.

    Parameters
    ----------
    rows : an account each
    name : gives the name of a county by its code
    """
    found = list_ranges(store, rows, {(row.run, row.account): row.county for row in rows})
    if not found:
        return None
    columns = (
        Column("figure", words["index_name"]),
        Column("counties", words["y_counties_with"], NUMBER),
        Column("low", words["y_lowest"], NUMBER),
        Column("low_county", words["y_lowest_in"]),
        Column("high", words["y_highest"], NUMBER),
        Column("high_county", words["y_highest_in"]),
        Column("unit", words["unit"]),
    )
    lines = tuple(
        Row(
            (
                one.name(words.lang),
                one.accounts,
                one.low,
                name(one.low_code) if one.low_code else "",
                one.high,
                name(one.high_code) if one.high_code else "",
                print_unit_readable(one.unit, words.lang),
            )
        )
        for one in found
    )
    return Table("shown", "", words["shown"], columns, lines, words["y_shown_note"], small=True)


def list_shown_by_county(store: Store, rows: Sequence[YearbookRow], words: Words) -> dict[str, Table]:
    """Return county → the figures that the standard only shows of it; nothing of counties without any."""
    county = {(row.run, row.account): row.county for row in rows}
    lines: dict[str, list[Row]] = {}
    for one in read_shown(store, rows):
        known = is_known(one.value)
        unit = print_unit_readable(one.unit, words.lang) if known else STATUS["no data"][words.lang]
        lines.setdefault(county[one.run, one.account], []).append(Row((one.name(words.lang), one.value if known else None, unit)))
    columns = (Column("figure", words["shown"]), Column("value", words["value"], NUMBER), Column("unit", words["unit"]))
    return {code: Table(f"shown_{code}", "", "", columns, tuple(found)) for code, found in lines.items()}
