"""Prints how sure an account is on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import format_money, name_money_unit, pad, wrap_text
from gep.messages.texts import translate
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.uncertainty.simulate import Band, Uncertainty

NAME, NUMBER = 26, 12


def print_uncertainty(found: Uncertainty, lang: str) -> Iterator[str]:
    """Yield the bands of the total and the services, the numbers that move the total most, and what nothing is known of."""
    yield translate(
        lang,
        "{county} {year} {standard} run {run}: {draws:,} draws, seed {seed}",
        county=found.county,
        year=found.year,
        standard=found.standard,
        run=found.run,
        draws=found.draws,
        seed=found.seed,
    )
    yield f"{translate(lang, 'unit')} {name_money_unit(lang)}"
    heads = [translate(lang, name) for name in ("as stored", "mean", "5 %", "50 %", "95 %")]
    yield pad("", NAME) + "".join(pad(one, NUMBER, right=True) for one in heads)
    for band in (found.total, *found.services):
        yield _print_band(band, lang)
    yield ""
    yield translate(lang, "What moves the total most, each number alone from its 5 % to its 95 % quantile:")
    for one in found.swings:
        if not one.width:
            continue
        leaf = VARIABLES.get(one.parameter.leaf) or COEFFICIENTS.get(one.parameter.leaf)
        title = leaf.title[lang] if leaf is not None else one.parameter.leaf
        shares = "" if one.first is None or one.total is None else f"  S {one.first:.2f}  ST {one.total:.2f}"
        yield from wrap_text(f"{title} {one.parameter.member}".strip(), "  ", "    ")
        yield f"    {format_money(one.at_low)} … {format_money(one.at_high)}{shares}"
    yield ""
    yield from wrap_text(
        translate(
            lang,
            "{known} of {all} numbers that have an effect have a known spread; services with at least one are {share:.0%} of the total. Of the others nothing is known: they stand still here, which makes the band too narrow.",
            known=found.parameters,
            all=found.numbers,
            share=found.covered,
        ),
        "",
        "",
    )


def _print_band(band: Band, lang: str) -> str:
    title = translate(lang, "GEP") if band.id == "gep" else SERVICE_TITLES[band.id][1][lang]
    numbers = (band.value, band.mean, *(band.quantiles[share] for share in (0.05, 0.5, 0.95)))
    return pad(title, NAME) + "".join(pad(format_money(one), NUMBER, right=True) for one in numbers)
