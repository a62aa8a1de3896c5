"""Statements of parcels: VEP, the ledger of restored plots, and lots for a trading platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.assets.parcel import MEANINGS
from gep.encumbrance.entries import format_decimal
from gep.messages.tables import SUM, Row
from gep.messages.texts import say_in
from gep.reference.regions import name_region
from gep.statements.statement import Statement, Teller
from gep.units.money import FEN_PER_YUAN, format_yuan, round_to_fen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.assets.lots import Lot
    from gep.assets.parcel import Parcel
    from gep.assets.quota import Ledger

PARTS = ("income", "expense", "net")


def tell_vep(found: Parcel, lang: str, sha256: str = "") -> Statement:
    """Return the meaning, the cash flow by year, the present value and loan cover, yuan to the fen.

    Parameters
    ----------
    sha256 : of a certificate that was computed again; empty: there is none
    """
    tell = Teller(lang)
    about = [
        (tell.say("what is meant"), MEANINGS[found.meaning][lang]),
        (tell.say("products"), tell.join(found.products)),
        (tell.say("rate"), found.rate),
        (tell.say("timing"), tell.say(found.timing)),
        (tell.say("chosen by"), found.author),
        (tell.say("grounds"), found.basis),
        *(((tell.say("certificate sha256"), sha256),) if sha256 else ()),
    ]
    parts = (*PARTS, *(("instalment",) if found.has_loan else ()))
    heads = ("realisable income", "cost", "net", *(("instalment",) if found.has_loan else ()))
    cover = (tell.number("cover", decimals=2),) if found.has_loan else ()
    rows = []
    for case in range(len(found.years)):
        year = found.year(case)
        money = [None if year.get(name) is None else round_to_fen(year[name]) / FEN_PER_YUAN for name in parts]
        rows.append((str(year["year"]), *money, *((year.get("cover"),) if found.has_loan else ())))
    notes = [tell.say("present value: {yuan} yuan", yuan=format_yuan(found.vep_fen))]
    if found.has_loan and found.loan_to_value is None:
        notes.append(tell.say("loan: nothing is left to lend on"))
    elif found.least_cover is not None:
        text = "loan: {share:.1%} of the present value; the poorest year covers its instalment {cover:.2f} times"
        notes.append(tell.say(text, share=found.loan_to_value or 0.0, cover=found.least_cover))
    notes.append(tell.say("no text prescribes formula or rate: another choice gives another value"))
    columns = (tell.name("year"), *map(tell.yuan, heads), *cover)
    return Statement(
        lang,
        tell.say(
            "VEP of parcel {parcel}, {county}: {title}", parcel=found.number, county=name_region(found.county), title=found.title
        ),
        tuple(about),
        (tell.table(tell.say("cash flow by year"), columns, rows),),
        tuple(notes),
        (*found.whole.explain("vep"), *found.yearly.explain("net", 0)),
    )


def tell_ledger(found: Ledger, lang: str) -> Statement:
    """Return every plot with its state and the entries that hold it, and hectares by kind and state."""
    tell = Teller(lang)
    rows: list[Row] = []
    held: list[Row] = []
    for plot in found.plots:
        row, name = found.row(plot), f"{name_region(plot.county)} {plot.number}"
        state = tell.say(row["state"])
        cells = (name, tell.say(plot.kind), plot.area.value, plot.grade, str(plot.accepted or ""), state, row["remaining"])
        rows.append(Row(cells))
        held += [
            Row((name, str(one["entry"]), one["area"], one["party"], str(one["since"]), one["document"]))
            for one in row["entries"]
        ]
    columns = (
        tell.name("plot"),
        tell.name("kind"),
        tell.number("area", "hm^2", 4),
        tell.name("grade"),
        tell.name("accepted"),
        tell.name("state"),
        tell.number("left", "hm^2", 4),
    )
    tables = [tell.table(tell.say("plots"), columns, rows)]
    if held:
        of_held = (
            tell.name("plot"),
            tell.name("entry"),
            tell.number("area", "hm^2", 4),
            tell.name("party"),
            tell.name("since"),
            tell.name("document"),
        )
        tables.append(tell.table(tell.say("who holds them"), of_held, held))
    sums = [
        Row((tell.say(kind), tell.say(state), area), SUM)
        for kind, states in found.sums().items()
        for state, area in states.items()
    ]
    tables.append(tell.table(tell.say("sums"), (tell.name("kind"), tell.name("state"), tell.number("area", "hm^2", 4)), sums))
    return Statement(lang, tell.say("ledger of restored plots"), (), tuple(tables))


def tell_lots(found: Sequence[Lot], lang: str) -> Statement:
    """Return every lot: how much there is, is held and is free, and the first letters of its hash."""
    tell = Teller(lang)
    rows = []
    for one in found:
        amounts = [format_decimal(value) for value in (one.amount, one.held, one.free)]
        rows.append((one.as_dict()["sha256"][:12], say_in(one.name, lang), tell.unit(one.subject.quantity_unit or ""), *amounts))
    columns = tuple(map(tell.name, ("lot", "what", "unit", "how much", "held", "free")))
    note = tell.say("what is free here is what is left when the lot is made; a sale is checked again when it is entered")
    return Statement(lang, tell.say("lots"), (), (tell.table(tell.say("lots"), columns, rows),), (note,))
