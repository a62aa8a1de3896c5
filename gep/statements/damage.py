"""Statements of damage: interim loss, virtual treatment cost, settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.tables import SUM, Row
from gep.messages.texts import say_in
from gep.statements.statement import Statement, Teller
from gep.units.money import FEN_PER_YUAN, round_to_fen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.assets.equivalency import Equivalency
    from gep.assets.settlement import Settlement
    from gep.assets.treatment import Treated

ITEM_TITLES = {
    "clean_up": ("清污费用", "clean-up"),
    "restoration": ("修复费用", "restoration"),
    "interim": ("期间损害", "interim loss"),
    "survey": ("调查评估费用", "survey and assessment"),
}


def tell_equivalency(found: Equivalency, lang: str) -> Statement:
    """Return loss, gain and what has to be restored, with the choices that decide it."""
    tell, calculation = Teller(lang), found.calculation
    rows: list[tuple[str, float, str]] = [
        (tell.say("interim loss"), calculation.value("lost"), tell.unit(f"{found.unit}*a")),
        (tell.say("gain of a unit restored"), calculation.value("gained"), tell.unit("a")),
        (tell.say("to be restored"), calculation.value("needed"), tell.unit(found.unit)),
    ]
    about = (
        (tell.say("rate"), found.rate),
        (tell.say("crediting"), tell.say(found.crediting)),
        (tell.say("chosen by"), found.author),
        (tell.say("grounds"), found.basis),
    )
    columns = (tell.name("item"), tell.number("how much", decimals=3), tell.name("unit"))
    tables = [tell.table(tell.say("loss and restoration"), columns, rows)]
    if found.has_cost:
        cost = round_to_fen(calculation.value("cost")) / FEN_PER_YUAN
        of_cost = (tell.name("item"), tell.yuan("amount"))
        tables.append(tell.table(tell.say("cost"), of_cost, [(tell.say("cost of restoration"), cost)]))
    text = "the result hangs on the assumed loss, the rate and the crediting inside the year; another choice gives another result"
    return Statement(
        lang,
        tell.say("equivalency, {kind}", kind=tell.say(found.kind)),
        about,
        tuple(tables),
        (tell.say(text),),
        tuple(calculation.explain("cost" if found.has_cost else "needed")),
    )


def tell_treatment(found: Sequence[Treated], lang: str) -> Statement:
    """Return the cost of every pollutant and the sum, yuan to the fen."""
    tell = Teller(lang)
    rows = [Row((one.pollutant, one.fen / FEN_PER_YUAN)) for one in found]
    rows.append(Row((tell.say("total"), sum(one.fen for one in found) / FEN_PER_YUAN), SUM))
    columns = (tell.name("pollutant"), tell.yuan("cost"))
    text = "the standard was not read; its factor of exceedance is from two public programs, alpha and omega are the user's"
    return Statement(
        lang,
        tell.say("virtual treatment cost"),
        (),
        (tell.table(tell.say("by pollutant"), columns, rows),),
        (tell.say(text),),
        tuple(part for one in found for part in one.calculation.explain("cost")),
    )


def tell_settlement(found: Settlement, lang: str) -> Statement:
    """Return items, degree, the total and what each party pays, to the fen."""
    tell = Teller(lang)
    share = tell.percent("share")
    items = [
        Row((ITEM_TITLES[name][lang == "en"], round_to_fen(value) / FEN_PER_YUAN, at, say_in(source, lang)))
        for name, (value, at, source) in found.items.items()
    ]
    parties = [Row((party, float(found.shares[party]), fen / FEN_PER_YUAN)) for party, fen in found.parties.items()]
    parties.append(Row((tell.say("total"), None, found.total / FEN_PER_YUAN), SUM))
    degree = tell.say("degree")
    return Statement(
        lang,
        tell.say("settlement of {case}", case=found.case),
        ((degree, f"{float(found.degree * 100):g} %"),),
        (
            tell.table(
                tell.say("what the damage comes to"),
                (tell.name("item"), tell.yuan("amount"), tell.name("address"), tell.name("source")),
                items,
            ),
            tell.table(tell.say("who pays"), (tell.name("liable party"), share, tell.yuan("amount")), parties),
        ),
    )
