"""Totals of a result, and the stages that lead to its amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.compensation.members import name_party
from gep.compensation.run_rows import end_of
from gep.compensation.scheme import FUND

if TYPE_CHECKING:
    from gep.compensation.compute import Result

STAGES = ("base", "weight", "share", "exact", "rounding", "amount", "deduction", "payment", "overlap", "limit", "instalment")
"""Stages of steps that lead to an amount."""
FEW = 4
"""Members up to which the step table is shown without asking."""


def sum_parties(result: Result) -> list[dict[str, Any]]:
    """Return a row a party: party, code, name, and what it receives, pays and nets, in whole fen."""
    received: dict[str, int] = {}
    paid: dict[str, int] = {}
    for flow in result.flows:
        received[flow.target] = received.get(flow.target, 0) + flow.fen
        paid[flow.source] = paid.get(flow.source, 0) + flow.fen
    parties = [party for party in sorted({*received, *paid}) if not party.startswith(FUND)]
    return [
        {
            "party": party,
            "code": end_of(result, party),
            "name": name_party(result.ready.scheme, party),
            "received": received.get(party, 0),
            "paid": paid.get(party, 0),
            "net": received.get(party, 0) - paid.get(party, 0),
        }
        for party in parties
    ]
