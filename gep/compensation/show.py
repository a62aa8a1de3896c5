"""How a computed scheme is printed: who gets and owes what, the step table, marks; text of 80 columns and plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.compensation.binding import name_of
from gep.compensation.booking import end_of
from gep.compensation.money import exact, in_words, plain_yuan, yuan
from gep.compensation.scheme import FUND
from gep.text import pad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.compensation.compute import Result

FEW = 4
"""Members up to which the step table is shown without asking."""


def result_lines(result: Result, county: str = "") -> Iterator[str]:
    """Yield a result: head, totals of parties, the step table of one party or of a small scheme, marks."""
    scheme = result.ready.scheme
    if result.supposed:
        yield f"SIMULATION · 模拟（不入账）: {', '.join(f'{name} = {value}' for name, value in result.supposed.items())}"
    yield f"{scheme.title.zh}  {scheme.id} {scheme.version}  {result.year}"
    yield f"results {result.sha256[:16]}  scheme {result.ready.sha256[:16]}"
    yield ""
    yield f"{pad('', 28)}{pad('received', 20, right=True)}{pad('paid', 20, right=True)}{pad('net', 20, right=True)}"
    for row in totals(result):
        if county and row["party"] != county:
            continue
        name = pad(f"{row['code']} {row['name']}" if row["code"] != row["name"] else row["name"], 28)
        yield f"{name}{pad(yuan(row['received']), 20, right=True)}{pad(yuan(row['paid']), 20, right=True)}{pad(yuan(row['net']), 20, right=True)}"
    yield ""
    yield from fund_lines(result)
    if county or len(result.places.codes) <= FEW:
        yield ""
        yield from step_lines(result, county)
    if result.marks:
        yield ""
        yield "not verified, or left open by the texts:"
        yield from (f"  {mark}" for mark in result.marks)


def totals(result: Result) -> list[dict[str, Any]]:
    """Return what every party receives, pays and nets, in fen."""
    received: dict[str, int] = {}
    paid: dict[str, int] = {}
    for flow in result.flows:
        received[flow.target] = received.get(flow.target, 0) + flow.fen
        paid[flow.source] = paid.get(flow.source, 0) + flow.fen
    parties = [party for party in sorted({*received, *paid}) if not party.startswith(FUND)]
    return [
        {"party": party, "code": end_of(result, party), "name": name_of(result.ready.scheme, party), "received": received.get(party, 0),
         "paid": paid.get(party, 0), "net": received.get(party, 0) - paid.get(party, 0)}
        for party in parties
    ]  # fmt: skip


def fund_lines(result: Result) -> Iterator[str]:
    """Yield one line a fund: what came in and where it went, which is the same to the fen."""
    for name, fund in result.ready.scheme.funds.items():
        came_in = sum(flow.fen for flow in result.flows if flow.target == FUND + name)
        came_in += sum(
            int(step.value * 100)
            for step in result.steps
            if step.place == FUND + name and step.name == "carried in from last year"
        )
        went_out = sum(flow.fen for flow in result.flows if flow.source == FUND + name)
        yield f"{pad(fund.title or name, 40)} in {yuan(came_in)} = out {yuan(went_out)}"


def step_lines(result: Result, party: str = "") -> Iterator[str]:
    """Yield the step table: of one party what concerns it, and what concerns all."""
    for step in result.steps:
        if party and step.place not in {"", party}:
            continue
        where = " ".join(part for part in (step.place, step.period) if part)
        yield (
            f"  {step.stage:<9} {pad(f'{step.operation} {step.name}', 40)} {pad(where, 14)} {exact(step.value)} {step.unit}".rstrip()
            + (f"  ({step.note})" if step.note else "")
        )


def as_values(result: Result, county: str = "") -> dict[str, Any]:
    """Return a result as plain values for JSON; money as decimal strings of yuan."""
    scheme = result.ready.scheme
    return {
        "simulation": bool(result.supposed), "supposed": result.supposed, "scheme": scheme.id, "version": scheme.version, "title": scheme.title.model_dump(),
        "year": result.year, "results_sha256": result.sha256, "scheme_sha256": result.ready.sha256,
        "parties": [
            {**row, "received": plain_yuan(row["received"]), "paid": plain_yuan(row["paid"]), "net": plain_yuan(row["net"]), "in_words": in_words(row["net"])}
            for row in totals(result) if not county or row["party"] == county
        ],
        "postings": [
            {"from": end_of(result, one.source), "to": end_of(result, one.target), "account_from": one.account_from, "account_to": one.account_to,
             "amount": plain_yuan(one.fen), "kind": one.kind, "operation": one.operation, "reason": one.reason, "clause": one.clause, "due": one.due}
            for one in result.postings if not county or county in {one.source, one.target}
        ],
        "steps": [
            {"stage": one.stage, "operation": one.operation, "place": one.place, "period": one.period, "name": one.name, "value": exact(one.value, 12), "unit": one.unit,
             "note": one.note}
            for one in result.steps if not county or one.place in {"", county}
        ],
        "marks": list(result.marks),
    }  # fmt: skip


def simulation_lines(base: Result, supposed: Result) -> Iterator[str]:
    """Yield who gains and who loses in a what-if run."""
    now, then = base.net(), supposed.net()
    yield f"SIMULATION · 模拟（不入账）: {', '.join(f'{name} = {value}' for name, value in supposed.supposed.items())}"
    yield f"{pad('', 28)}{pad('as it is', 20, right=True)}{pad('simulated', 20, right=True)}{pad('difference', 20, right=True)}"
    whole = 0
    for party in sorted({*now, *then}):
        before, after = now.get(party, 0), then.get(party, 0)
        whole += after - before
        if before != after:
            name = pad(f"{end_of(base, party)} {name_of(base.ready.scheme, party)}", 28)
            yield f"{name}{pad(yuan(before), 20, right=True)}{pad(yuan(after), 20, right=True)}{pad(yuan(after - before), 20, right=True)}"
    yield f"{pad('sum of all differences', 68)}{pad(yuan(whole), 20, right=True)}"
