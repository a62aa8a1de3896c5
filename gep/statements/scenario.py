"""The statement of scenarios beside the account they are of; nothing of them is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import name_money_unit
from gep.messages.numbers import format_digits, scale_of
from gep.messages.tables import MONEY, SUM, Cell, Column, Row
from gep.reference.regions import name_region
from gep.reference.services import SERVICE_TITLES
from gep.scenario.outcome import CAUSES, LAND
from gep.statements.statement import Statement, Teller
from gep.units.money import FEN_PER_YUAN
from gep.units.registry import find_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.messages.tables import Table
    from gep.scenario.outcome import Effect, Outcome
    from gep.scenario.seek import Reach
    from gep.tasks.scenario import Answer, Transfer

HEADS = ("as stored", "supposed", "difference", "land", "intensity", "of prices")


def tell_scenarios(answer: Answer, lang: str) -> Statement:
    """Return each scenario with its effects by cause, their effort side by side, what it takes to reach an amount, and the transfer."""
    tell, found = Teller(lang), answer.outcomes
    title = tell.say(
        "{county} {year} {standard} run {run}: scenarios beside the account; nothing of them is stored",
        county=name_region(found.county),
        year=found.year,
        standard=found.standard,
        run=found.run,
    )
    about = [
        (one.scenario.title, f"{tell.say('author')}{tell.colon}{one.scenario.author}{tell.semicolon}{one.scenario.basis}")
        for one in found.found
    ]
    called = tell.say("equivalent value") if found.measures == "equivalents" else tell.say("GEP")
    tables = [_tell_outcome(one, tell, scale_of(one.total.base / FEN_PER_YUAN), called) for one in found.found]
    tables.append(_tell_effort(found.found, tell))
    notes = []
    if found.measures == "equivalents":
        notes.append(tell.say("The totals are values by equivalent factors, not GEP."))
    if len(found.found) > 1:
        text = "These scenarios differ in effort and are not ranked; compare what each square kilometre or yuan brings, with its grounds."
        notes.append(tell.say(text))
    if answer.reach is not None:
        notes.append(_say_reach(answer.reach, tell, called))
    if answer.transfer is not None:
        tables.append(_tell_transfer(answer.transfer, found.found, tell))
    return Statement(lang, title, tuple(about), tuple(tables), tuple(notes))


def _tell_outcome(one: Outcome, tell: Teller, scale: float, called: str) -> Table:
    """Return the services that move and the total, in the money unit of the account."""
    unit = name_money_unit(tell.lang, scale)
    columns = (tell.name("service"), *(Column(head, tell.say(head), MONEY, unit, 4) for head in HEADS))
    moved = [effect for effect in one.services if any(effect.parts.values())]
    rows = [Row(_cells(effect, SERVICE_TITLES[effect.name][1][tell.lang], scale)) for effect in moved]
    rows.append(Row(_cells(one.total, called, scale), SUM))
    note = []
    rest = len(one.services) - len(moved)
    if rest:
        note.append(tell.say("{count} other services do not change", count=rest))
    if one.still:
        text = "Land has no effect on {names}: stated for the place or a type as a whole, they stay as they were."
        note.append(tell.say(text, names=tell.join(SERVICE_TITLES[name][1][tell.lang] for name in one.still)))
    return tell.table(one.scenario.title, columns, rows, note)


def _cells(effect: Effect, title: str, scale: float) -> tuple[Cell, ...]:
    fen = (effect.base, effect.supposed, effect.change, *(effect.parts[cause] for cause in CAUSES))
    return (title, *(one / FEN_PER_YUAN / scale for one in fen))


def _tell_effort(several: Sequence[Outcome], tell: Teller) -> Table:
    """Return what each scenario takes and what a unit of that brings in a year; empty where it takes none."""
    rows = []
    for one in several:
        area, cost = one.scenario.moved or None, one.scenario.cost or None
        by_land = one.total.parts[LAND] / FEN_PER_YUAN
        per_hectare = by_land / (area * find_factor("km^2", "hm^2")) if area else None
        per_yuan = one.total.change / FEN_PER_YUAN / cost if cost else None
        rows.append((one.scenario.title, area, per_hectare, cost, per_yuan))
    columns = (
        tell.name("scenario"),
        tell.number("land that changes its type", "km^2"),
        tell.number("by land alone, of each hectare", "CNY/(hm^2*a)", 2),
        tell.yuan("cost once"),
        tell.number("a year for each yuan of cost", "CNY/a", 4),
    )
    return tell.table(tell.say("effort"), columns, rows)


def _tell_transfer(transfer: Transfer, several: Sequence[Outcome], tell: Teller) -> Table:
    text = "{scheme} {year} would pay {party}, in yuan; a simulation, nothing is booked:"
    title = tell.say(text, scheme=transfer.scheme, year=transfer.year, party=transfer.party).rstrip(":：")
    rows = [(tell.say("with the account as it is"), transfer.base / FEN_PER_YUAN)]
    rows += [(one.scenario.title, fen / FEN_PER_YUAN) for one, fen in zip(several, transfer.supposed, strict=True)]
    return tell.table(title, (tell.name("scenario"), tell.yuan("amount")), rows)


def _say_reach(reach: Reach, tell: Teller, called: str) -> str:
    name = called if reach.of == "gep" else reach.of
    if reach.of in SERVICE_TITLES:
        name = SERVICE_TITLES[reach.of][1][tell.lang]
    return tell.say(
        "{name} reaches {target} yuan when change {number} is {amount} {unit} instead of {written} (tried from {least} to {most}).",
        name=name,
        target=f"{reach.target:,.2f}",
        number=reach.change,
        amount=format_digits(reach.amount),
        unit=reach.unit,
        written=format_digits(reach.written),
        least=format_digits(reach.least),
        most=format_digits(reach.most),
    ).replace("  ", " ")
