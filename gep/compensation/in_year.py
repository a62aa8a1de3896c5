"""An in-year run and those after it: a later run of the year settles what it comes to beyond what the earlier ones booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.units.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = dict[str, Any]

SETTLEMENT = "settlement"
"""Kind of a posting that takes back what an earlier run of the year booked too much."""
_KEY = ("payer", "payee", "account_from", "account_to", "operation", "period")
_TURNED = ("payee", "payer", "account_to", "account_from", "operation", "period")


def find_differences(rows: Iterable[Row], booked: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return the postings that bring what is booked of a year to what it comes to now; in fen.

    Parameters
    ----------
    rows   : all postings of the year as it is computed now
    booked : postings of its earlier runs that stand
    """
    standing: dict[tuple[str, ...], int] = {}
    patterns: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for row in booked:
        turned = row["posting_kind"] == SETTLEMENT
        key = tuple(str(row[name]) for name in (_TURNED if turned else _KEY))
        standing[key] = standing.get(key, 0) + (-row["amount_fen"] if turned else row["amount_fen"])
        patterns.setdefault(key, row)
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(str(row[name]) for name in _KEY), []).append(row)
    found: list[Row] = []
    for key, group in groups.items():
        before = standing.pop(key, 0)
        if before == 0:
            found += group
            continue
        due = sum(row["amount_fen"] for row in group)
        last = {**group[-1], "part": 1, "parts": 1}
        found += _differ(last, due - before, f"{last['reason']}：应为 {format_yuan(due)} 元，年内已入账 {format_yuan(before)} 元")
    for key, before in standing.items():
        if before:
            row = dict(patterns[key])
            row.update(zip(_KEY, key, strict=True))
            last = {**row, "part": 1, "parts": 1}
            found += _differ(last, -before, f"{row['reason']}：应为 0.00 元，年内已入账 {format_yuan(before)} 元")
    return found


def _differ(row: Row, fen: int, reason: str) -> list[Row]:
    if fen == 0:
        return []
    if fen > 0:
        return [{**row, "amount_fen": fen, "reason": reason}]
    turned = {name: row[other] for name, other in zip(_KEY, _TURNED, strict=True)}
    return [{**row, **turned, "amount_fen": -fen, "reason": reason, "posting_kind": SETTLEMENT}]
