"""Prints a computed scheme: who gets and owes what, the step table, marks; text of 80 columns and plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.compensation.in_numbers import show_formula_of
from gep.compensation.members import name_party
from gep.compensation.periods import describe_span
from gep.compensation.run_rows import end_of
from gep.compensation.scheme import FUND
from gep.compensation.step_notes import say_note
from gep.compensation.stored_words import say_stored, say_unit
from gep.compensation.summary import FEW, sum_parties
from gep.compensation.titles import name_step
from gep.messages.layout import measure_width, pad, wrap_text
from gep.messages.texts import say, say_in, translate
from gep.units.money import format_exact, format_plain_yuan, format_yuan, separate_thousands, write_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.compensation.band import Band
    from gep.compensation.compute import Result

NAME, AMOUNT = 24, 18
"""Columns of a name and of an amount."""


def print_result(result: Result, county: str, lang: str) -> Iterator[str]:
    """Yield a result: head, totals of parties in yuan, the step table of one party or of a small scheme, marks.

    Parameters
    ----------
    county : id of the only party to be shown, with its steps; empty: all
    lang   : zh or en
    """
    scheme = result.ready.scheme
    if result.what_if:
        yield _simulation(result, lang)
    yield f"{scheme.title[lang]}  {scheme.id} {scheme.version}  {result.year}"
    yield translate(lang, "results {results}  scheme {scheme}", results=result.sha256[:16], scheme=result.ready.sha256[:16])
    if not result.span.is_whole or not result.span.is_calendar:
        yield say_in(say("settled: {days}", days=describe_span(result.span)), lang)
    yield ""
    yield from _columns("", *(translate(lang, head) for head in ("received", "paid", "net")))
    for row in sum_parties(result):
        if county and row["party"] != county:
            continue
        name = f"{row['code']} {row['name']}" if row["code"] != row["name"] else row["name"]
        yield from _columns(name, *(format_yuan(row[side]) for side in ("received", "paid", "net")))
    yield ""
    yield from print_funds(result, lang)
    if county or len(result.places.codes) <= FEW:
        yield ""
        yield from print_steps(result, county, lang)
    if result.marks:
        yield ""
        yield translate(lang, "not verified, or left open by the texts:")
        for mark in result.marks:
            yield from wrap_text(say_in(mark, lang), "  ", "    ")
    if unread := result.unread:
        yield ""
        yield translate(lang, "rows of facts without effect:")
        for text in unread:
            yield from wrap_text(say_in(text, lang), "  ", "    ")


def _simulation(result: Result, lang: str) -> str:
    what_if = ", ".join(f"{name} = {value}" for name, value in result.what_if.items())
    return translate(lang, "SIMULATION, not booked: {supposed}", supposed=what_if)


def _columns(name: str, *cells: str) -> Iterator[str]:
    """Yield a name and three amounts; a name that is too long has a line of its own."""
    if measure_width(name) >= NAME:
        yield name
        name = ""
    yield pad(name, NAME) + "".join(pad(cell, AMOUNT, right=True) for cell in cells)


def print_funds(result: Result, lang: str) -> Iterator[str]:
    """Yield one line a fund: what came in and where it went, which is the same to the fen."""
    for name, fund in result.ready.scheme.funds.items():
        came_in = sum(flow.fen for flow in result.flows if flow.target == FUND + name)
        came_in += sum(
            int(step.value * 100)
            for step in result.steps
            if step.place == FUND + name and step.name == "carried in from last year"
        )
        went_out = sum(flow.fen for flow in result.flows if flow.source == FUND + name)
        yield pad(fund.title or name, 40) + translate(
            lang, " in {came} = out {went}", came=format_yuan(came_in), went=format_yuan(went_out)
        )


def print_steps(result: Result, party: str, lang: str) -> Iterator[str]:
    """Yield the step table: of one party what concerns it, and what concerns all.

    Parameters
    ----------
    party : id; empty: all
    lang  : zh or en
    """
    for step in result.steps:
        if party and step.place not in {"", party}:
            continue
        where = " ".join(part for part in (step.place, step.period) if part)
        unit = say_unit(step.unit, lang)
        stage, operation = say_stored("stage", step.stage, lang), say_stored("operation", step.operation, lang)
        named = f"{'' if operation == stage else operation} {name_step(result.ready.scheme, step.stage, step.name, lang)}".strip()
        text = f"{pad(named, 38)} {pad(where, 12)} {separate_thousands(format_exact(step.value))} {unit}".rstrip()
        yield from wrap_text(
            text + (translate(lang, "  ({note})", note=say_note(step.note, lang)) if step.note else ""),
            f"  {pad(stage, 9)} ",
            " " * 14,
        )
        for line in show_formula_of(result, step):
            if line:
                yield from wrap_text(f"= {line}", " " * 14, " " * 16)


def make_result_values(result: Result, county: str = "", band: Band | None = None) -> dict[str, Any]:
    """Return a result as plain values for JSON; money as decimal strings of yuan, exact values as strings in their unit.

    Parameters
    ----------
    county : id of the only party whose money and steps are given; empty: all
    """
    scheme = result.ready.scheme
    in_full = bool(county) or len(result.places.codes) <= FEW
    return {
        "simulation": bool(result.what_if),
        "supposed": result.what_if,
        "scheme": scheme.id,
        "version": scheme.version,
        "title": scheme.title.model_dump(),
        "year": result.year,
        "results_sha256": result.sha256,
        "scheme_sha256": result.ready.sha256,
        "parties": [
            {
                **row,
                "received": format_plain_yuan(row["received"]),
                "paid": format_plain_yuan(row["paid"]),
                "net": format_plain_yuan(row["net"]),
                "in_words": write_in_words(row["net"]),
            }
            for row in sum_parties(result)
            if not county or row["party"] == county
        ],
        "postings": [
            {
                "from": end_of(result, one.source),
                "to": end_of(result, one.target),
                "account_from": one.subject_from,
                "account_to": one.subject_to,
                "amount": format_plain_yuan(one.fen),
                "kind": one.kind,
                "operation": one.operation,
                "reason": one.reason,
                "clause": one.clause,
                "due": one.due,
            }
            for one in result.postings
            if not county or county in {one.source, one.target}
        ],
        "steps": [
            {
                "stage": one.stage,
                "operation": one.operation,
                "place": one.place,
                "period": one.period,
                "name": one.name,
                "value": format_exact(one.value, 12),
                "unit": one.unit,
                "note": one.note,
                **dict(zip(("formula", "numbers"), show_formula_of(result, one) if in_full else ("", ""), strict=True)),
            }
            for one in result.steps
            if not county or one.place in {"", county}
        ],
        "marks": list(result.marks),
        "unread": list(result.unread),
        "band": None
        if band is None
        else {
            "off_by": band.share,
            "parties": [
                {"party": party, "low": format_plain_yuan(low), "high": format_plain_yuan(band.high[party])}
                for party, low in band.low.items()
            ],
        },
    }


def print_simulation(base: Result, what_if: Result, band: Band | None, county: str, lang: str) -> Iterator[str]:
    """Yield who gains and who loses in a what-if run, in yuan, and how far the amounts move within a band.

    Parameters
    ----------
    base    : the result as it is
    what_if : the what-if run
    county  : id of the only party to be shown; empty: all
    lang    : zh or en
    """
    now, then = base.net(), what_if.net()
    yield _simulation(what_if, lang)
    yield from _columns("", *(translate(lang, head) for head in ("as it is", "simulated", "difference")))
    whole = 0
    for party in sorted({*now, *then}):
        before, after = now.get(party, 0), then.get(party, 0)
        whole += after - before
        if county and party != county:
            continue
        if before != after or (band is not None and party in band.low):
            yield from _columns(
                f"{end_of(base, party)} {name_party(base.ready.scheme, party)}",
                format_yuan(before),
                format_yuan(after),
                format_yuan(after - before),
            )
            if band is not None and party in band.low:
                yield f"{pad(translate(lang, '  own figure ±{share}', share=band.share), NAME)}{pad(f'{format_yuan(band.low[party])} – {format_yuan(band.high[party])}', 2 * AMOUNT, right=True)}"
    yield from _columns(translate(lang, "sum of all differences"), "", "", format_yuan(whole))
