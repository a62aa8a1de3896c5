"""Prints scenarios beside the account they are of on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import format_money, get_colon, name_money_unit, pad, wrap_text
from gep.messages.numbers import format_digits
from gep.messages.texts import translate
from gep.reference.services import SERVICE_TITLES
from gep.scenario.outcome import CAUSES, LAND
from gep.units.money import FEN_PER_YUAN
from gep.units.registry import find_factor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.scenario.outcome import Effect, Outcome
    from gep.scenario.seek import Reach
    from gep.tasks.scenario import Answer

NAME, NUMBER = 22, 11


def print_scenarios(answer: Answer, lang: str) -> Iterator[str]:
    """Yield each scenario with its effects by cause and its effort; then what it takes to reach an amount, and the transfer."""
    found = answer.outcomes
    yield translate(
        lang,
        "{county} {year} {standard} run {run}: scenarios beside the account; nothing of them is stored",
        county=found.county,
        year=found.year,
        standard=found.standard,
        run=found.run,
    )
    for one in found.found:
        yield ""
        yield from _print_outcome(one, lang)
    if len(found.found) > 1:
        yield ""
        text = "These scenarios differ in effort and are not ranked; compare what each square kilometre or yuan brings, with its grounds."
        yield from wrap_text(translate(lang, text), "", "")
    if answer.reach is not None:
        yield ""
        yield from wrap_text(_say_reach(answer.reach, lang), "", "")
    if answer.transfer is not None:
        yield ""
        yield translate(
            lang,
            "{scheme} {year} would pay {party}, in yuan; a simulation, nothing is booked:",
            scheme=answer.transfer.scheme,
            year=answer.transfer.year,
            party=answer.transfer.party,
        )
        rows = [(translate(lang, "with the account as it is"), answer.transfer.base)]
        rows += [(one.scenario.title, fen) for one, fen in zip(found.found, answer.transfer.supposed, strict=True)]
        for title, fen in rows:
            yield f"{pad(title, 40)} {pad(f'{fen / FEN_PER_YUAN:,.2f}', 24, right=True)}"


def _print_outcome(one: Outcome, lang: str) -> Iterator[str]:
    scenario, colon = one.scenario, get_colon(lang)
    yield from wrap_text(scenario.title, "", "")
    yield from wrap_text(f"{translate(lang, 'author')}{colon}{scenario.author}", "  ", "  ")
    yield from wrap_text(f"{translate(lang, 'grounds')}{colon}{scenario.basis}", "  ", "  ")
    if scenario.moved:
        text = translate(lang, "land that changes its type: {area} km²", area=format_digits(scenario.moved))
        yield from wrap_text(text, "  ", "  ")
    heads = [translate(lang, name) for name in ("as stored", "supposed", "difference", "land", "intensity", "of prices")]
    yield f"  {translate(lang, 'unit')} {name_money_unit(lang)}"
    yield pad("", NAME - 10) + "".join(pad(head, NUMBER, right=True) for head in heads)
    moved = [effect for effect in one.services if any(effect.parts.values())]
    for effect in (one.total, *moved):
        yield from _print_effect(effect, lang)
    rest = len(one.services) - len(moved)
    if rest:
        yield "  " + translate(lang, "{count} other services do not change", count=rest)
    if one.still:
        names = "、" if lang == "zh" else ", "
        text = translate(
            lang,
            "Land has no effect on {names}: stated for the place or a type as a whole, they stay as they were.",
            names=names.join(SERVICE_TITLES[name][1][lang] for name in one.still),
        )
        yield from wrap_text(text, "  ", "  ")
    change = one.total.change / FEN_PER_YUAN
    if scenario.moved:
        per_hectare = one.total.parts[LAND] / FEN_PER_YUAN / (scenario.moved * find_factor("km^2", "hm^2"))
        text = "by land alone, a year for each hectare that changes: {yuan} yuan"
        yield "  " + translate(lang, text, yuan=f"{per_hectare:,.2f}")
    if scenario.cost:
        text = "cost {cost} yuan once; a year for each yuan of it: {yuan} yuan"
        yield "  " + translate(lang, text, cost=f"{scenario.cost:,.2f}", yuan=f"{change / scenario.cost:,.4f}")


def _print_effect(effect: Effect, lang: str) -> Iterator[str]:
    title = translate(lang, "GEP") if effect.name == "gep" else SERVICE_TITLES[effect.name][1][lang]
    numbers = (effect.base, effect.supposed, effect.change, *(effect.parts[cause] for cause in CAUSES))
    yield from wrap_text(title, "  ", "    ")
    yield pad("", NAME - 10) + "".join(pad(format_money(fen / FEN_PER_YUAN), NUMBER, right=True) for fen in numbers)


def _say_reach(reach: Reach, lang: str) -> str:
    name = (
        translate(lang, "GEP")
        if reach.of == "gep"
        else SERVICE_TITLES[reach.of][1][lang]
        if reach.of in SERVICE_TITLES
        else reach.of
    )
    return translate(
        lang,
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
