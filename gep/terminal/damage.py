"""Prints damages on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import pad, wrap_text
from gep.messages.numbers import format_fixed
from gep.messages.texts import translate
from gep.terminal.trace import print_trace
from gep.units.money import format_yuan, round_to_fen
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.assets.equivalency import Equivalency
    from gep.assets.settlement import Settlement
    from gep.assets.treatment import Treated

NAME, NUMBER = 36, 24
ITEM_TITLES = {
    "clean_up": ("清污费用", "clean-up"),
    "restoration": ("修复费用", "restoration"),
    "interim": ("期间损害", "interim loss"),
    "survey": ("调查评估费用", "survey and assessment"),
}


def print_equivalency(found: Equivalency, lang: str) -> Iterator[str]:
    """Yield loss, gain and what has to be restored, with the choices that decide it, and how it was computed."""
    calculation, unit = found.calculation, print_unit_in(found.unit, lang)
    yield translate(lang, "equivalency, {kind}", kind=translate(lang, found.kind))
    yield translate(lang, "rate {rate}; crediting {crediting}", rate=found.rate, crediting=found.crediting)
    yield from wrap_text(translate(lang, "chosen by {author}: {basis}", author=found.author, basis=found.basis), "  ", "    ")
    yield translate(lang, "interim loss: {lost} {unit} x years", lost=format_fixed(calculation.value("lost"), 3), unit=unit)
    yield translate(lang, "gain of a unit restored: {gained} years", gained=format_fixed(calculation.value("gained"), 3))
    yield translate(lang, "to be restored: {needed} {unit}", needed=format_fixed(calculation.value("needed"), 3), unit=unit)
    if found.has_cost:
        yield translate(lang, "cost: {yuan} yuan", yuan=format_yuan(round_to_fen(calculation.value("cost"))))
    yield from wrap_text(
        translate(
            lang,
            "the result hangs on the assumed loss, the rate and the crediting inside the year; another choice gives another result",
        ),
        "",
        "  ",
    )
    yield ""
    yield from print_trace(calculation.explain("cost" if found.has_cost else "needed"), lang)


def print_treatment(found: Sequence[Treated], lang: str) -> Iterator[str]:
    """Yield the cost of every pollutant, the sum, and how each was computed."""
    yield translate(lang, "virtual treatment cost, yuan")
    for one in found:
        yield pad(one.pollutant, NAME) + pad(format_yuan(one.fen), NUMBER, right=True)
    yield pad(translate(lang, "total"), NAME) + pad(format_yuan(sum(one.fen for one in found)), NUMBER, right=True)
    yield from wrap_text(
        translate(
            lang,
            "the standard was not read; its factor of exceedance is from two public programs, alpha and omega are the user's",
        ),
        "",
        "  ",
    )
    yield ""
    for one in found:
        yield from print_trace(one.calculation.explain("cost"), lang)


def print_settlement(found: Settlement, lang: str) -> Iterator[str]:
    """Yield items, degree, the total and what each party pays, to the fen."""
    yield translate(lang, "settlement of {case}, yuan", case=found.case)
    for name, (value, at, source) in found.items.items():
        title = ITEM_TITLES[name][lang == "en"]
        yield pad(f"  {title}", NAME) + pad(format_yuan(round_to_fen(value)), NUMBER, right=True)
        yield from wrap_text(f"{at}  {source}", "      ", "      ")
    yield pad(f"  {translate(lang, 'degree')}", NAME) + pad(f"{float(found.degree * 100):g} %", NUMBER, right=True)
    yield pad(translate(lang, "total"), NAME) + pad(format_yuan(found.total), NUMBER, right=True)
    for party, fen in found.parties.items():
        yield pad(f"  {party}  {float(found.shares[party] * 100):g} %", NAME) + pad(format_yuan(fen), NUMBER, right=True)
