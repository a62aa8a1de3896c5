"""Settles what a computation moved: netted within a settling period, in parts, each posting with its period and its due day."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from gep.compensation.periods import MONTHS, QUARTER_MONTHS, list_months
from gep.compensation.scheme import FUND
from gep.formula.exact import add_up
from gep.units.allocation import spread

if TYPE_CHECKING:
    from gep.compensation.flows import Flow
    from gep.compensation.ledger import Ledger
    from gep.compensation.periods import Span
    from gep.compensation.scheme import Due, Settlement, WorkingDays

NETTED = "netted"
"""Operation of a posting that nets several."""
SATURDAY = 5


class Posting(NamedTuple):
    """A double entry to be booked: from, to, budget subjects, whole fen above zero, and why."""

    source: str
    target: str
    subject_from: str
    subject_to: str
    fen: int
    operation: str
    kind: str
    period: str
    reason: str
    clause: str
    notice: str
    due: str
    part: int
    parts: int


def hash_postings(postings: tuple[Posting, ...]) -> str:
    """Return the hash by which a result is known: of all its postings, in their order."""
    return hashlib.sha256(json.dumps(postings, ensure_ascii=False).encode()).hexdigest()


def settle(ledger: Ledger) -> tuple[Posting, ...]:
    """Return postings: flows as they are, or what two parties owe each other netted to one; then in parts by due day.

    What is settled by the quarter or month is netted within it and due after it; a flow of no month belongs to the last.
    """
    scheme, span = ledger.ready.scheme, ledger.values.span
    settlement = scheme.settlement
    slots: dict[str, list[Flow]] = {}
    for flow in ledger.flows:
        slots.setdefault(_find_slot(settlement, span, flow.part), []).append(flow)
    postings = []
    for slot, flows in slots.items():
        days = [day.isoformat() for day in _list_due_days(settlement, span, slot)]
        named = span.name_part(slot) if settlement.settle in {"quarter", "month"} else ""
        for flow in _net(flows, settlement.netting, named) if settlement.netting != "gross" else flows:
            for at, (fen, day) in enumerate(zip(spread(flow.fen, len(days)), days, strict=True), start=1):
                if fen:
                    postings.append(_post(flow, fen, day, at, len(days)))
    return tuple(postings)


def _post(flow: Flow, fen: int, due: str, part: int, parts: int) -> Posting:
    return Posting(
        flow.source,
        flow.target,
        flow.subject_from,
        flow.subject_to,
        fen,
        flow.operation,
        flow.kind,
        flow.period,
        flow.reason,
        flow.clause,
        flow.notice,
        due,
        part,
        parts,
    )


def _find_slot(settlement: Settlement, span: Span, part: str) -> str:
    """Return the period that a flow of a part of the year is settled in: a month, a quarter, a due day, or (empty) the year."""
    if settlement.settle in {"quarter", "month"}:
        parts = list(span.list_parts(settlement.settle))
        if not part:
            return parts[-1]
        month = span.find_month(part)
        return part if part in parts else month if month in parts else f"Q{(int(month) - 1) // QUARTER_MONTHS + 1}"
    if part and settlement.settle == "" and len(settlement.due) > 1:
        days = _list_due_days(settlement, span, "")
        if days[0] <= span.ends:
            ends = span.find_days(part, span.find_year(part))[1]
            return next((day for day in days if day >= ends), days[-1]).isoformat()
    return ""


def _list_due_days(settlement: Settlement, span: Span, slot: str) -> list[date]:
    if "-" in slot:
        return [date.fromisoformat(slot)]
    return [_move(_find_due_day(due, span, slot), settlement.working_days) for due in settlement.due]


def _find_due_day(due: Due, span: Span, slot: str) -> date:
    if not slot:
        return date.fromisoformat(f"{span.ends.year + due.year}-{due.day}")
    last = list_months(slot)[1] + due.months
    year, month = span.find_year(slot) + (last - 1) // MONTHS, (last - 1) % MONTHS + 1
    return date(year, month, monthrange(year, month)[1] if due.day == "last" else int(due.day))


def _move(day: date, rule: WorkingDays | None) -> date:
    """Return a day, or the next or previous working day where it is none."""
    step = timedelta(days=0 if rule is None else 1 if rule.move == "next" else -1)
    while rule is not None and (day in rule.holidays or (day.weekday() >= SATURDAY and day not in rule.workdays)):
        day += step
    return day


def _net(flows: list[Flow], netting: str, named: str) -> list[Flow]:
    """Return one flow for each operation (or for all) and pair of parties; money to and from funds stays as it is."""
    kept: list[Flow] = []
    groups: dict[tuple[str, str, str], list[Flow]] = {}
    for flow in flows:
        if flow.source.startswith(FUND) or flow.target.startswith(FUND):
            kept.append(flow)
        else:
            one, other = sorted((flow.source, flow.target))
            groups.setdefault(("" if netting == "all" else flow.operation, one, other), []).append(flow)
    for (_, one, other), group in groups.items():
        forth = sum(flow.fen if flow.source == one else -flow.fen for flow in group)
        if forth == 0:
            continue
        source, target = (one, other) if forth > 0 else (other, one)
        kept.append(_sum_up(group, source, target, abs(forth), named))
    return kept


def _sum_up(group: list[Flow], source: str, target: str, fen: int, named: str) -> Flow:
    """Return a group of flows between two parties as one."""
    there = [flow for flow in group if flow.source == source]
    back = len(group) - len(there)
    pattern = there[0]
    raw = add_up(flow.raw for flow in there) - add_up(flow.raw for flow in group if flow.source != source)
    operations = list(dict.fromkeys(flow.operation for flow in group))
    if len(operations) > 1:
        texts = dict.fromkeys(f"{flow.reason}{'' if flow.source == source else '（减）'}" for flow in group)
        return pattern._replace(
            operation=NETTED, kind="payment", fen=fen, raw=raw, target=target, period=named, reason="；".join(texts)
        )
    reason, period = pattern.reason, pattern.period
    if len(group) > 1:
        period = named
        reason = f"{reason}：{len(there)} 期" + (f"，减去相反方向 {back} 期" if back else "")
    return pattern._replace(target=target, fen=fen, raw=raw, period=period, reason=reason)
