"""Figures that a standard only shows, over a place: how many accounts have each, the lowest and the highest. They are never added up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.reference.members import find_member_title
from gep.store.sums import read_shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gep.store.rows import Connection
    from gep.store.sums import Counted, ShownRow


@dataclass(frozen=True)
class ShownRange:
    """A figure only shown, over the accounts of a place, in `unit`.

    Attributes
    ----------
    accounts : that have a value, of all that the standard gives the figure
    low, high : the lowest and the highest value, and the codes of the units that have it; None where no account has one
    lacking  : codes of accounts that lack something for it
    """

    figure: str
    title_zh: str
    title_en: str
    ecosystem: str
    pollutant: str
    item: str
    unit: str
    accounts: int
    low: float | None
    low_code: str
    high: float | None
    high_code: str
    lacking: tuple[str, ...]

    def name(self, lang: str) -> str:
        """Return what it is called, with the member that it is of."""
        members = [find_member_title(axis, getattr(self, axis))[lang] for axis in ("ecosystem", "pollutant")]
        return " ".join(filter(None, (self.title_zh if lang == "zh" else self.title_en, *members, self.item)))


def list_ranges(
    connection: Connection, accounts: Sequence[Counted], codes: Mapping[tuple[int, int], str]
) -> tuple[ShownRange, ...]:
    """Return the figures only shown of some accounts, in the order of their standard.

    Parameters
    ----------
    codes : (run, account) → code of the unit
    """
    rows: dict[tuple[str, ...], list[ShownRow]] = {}
    lacking: dict[str, list[str]] = {}
    found = read_shown(connection, accounts)
    for one in found:
        if one.value is None or math.isnan(one.value):
            lacking.setdefault(one.figure, []).append(codes[one.run, one.account])
        else:
            rows.setdefault((one.figure, one.ecosystem, one.pollutant, one.item, one.unit), []).append(one)
    first = {one.figure: one for one in reversed(found)}
    order = {figure: at for at, figure in enumerate(dict.fromkeys(one.figure for one in found))}
    whole = [(figure, "", "", "", first[figure].unit) for figure in lacking if figure not in {key[0] for key in rows}]
    return tuple(
        _make_range(key, first[key[0]], rows.get(key, []), codes, sorted(lacking.get(key[0], ())))
        for key in sorted([*rows, *whole], key=lambda key: order[key[0]])
    )


def _make_range(
    key: tuple[str, ...], named: ShownRow, rows: Sequence[ShownRow], codes: Mapping[tuple[int, int], str], lacking: Sequence[str]
) -> ShownRange:
    figure, ecosystem, pollutant, item, unit = key
    ordered = sorted((float(one.value or 0), codes[one.run, one.account]) for one in rows)
    (low, low_code), (high, high_code) = (ordered[0], ordered[-1]) if ordered else ((None, ""), (None, ""))
    return ShownRange(
        figure,
        named.title_zh,
        named.title_en,
        ecosystem,
        pollutant,
        item,
        unit,
        len(rows),
        low,
        low_code,
        high,
        high_code,
        tuple(lacking),
    )
