"""Prints how sure an account is on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import format_money, name_money_unit, pad, wrap_head, wrap_text
from gep.messages.texts import translate
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.tasks.uncertainty import MethodBands
    from gep.uncertainty.simulate import Band, Swing, Uncertainty
    from gep.uncertainty.together import ChangeBand, RankBand

NAME, NUMBER = 25, 11


def print_uncertainty(found: Uncertainty, lang: str) -> Iterator[str]:
    """Yield the bands of the total and the services, the numbers that move the total most, and what nothing is known of."""
    yield from wrap_head(
        translate(
            lang,
            "{county} {year} {standard} run {run}: {draws:,} draws, seed {seed}",
            county=found.county,
            year=found.year,
            standard=found.standard,
            run=found.run,
            draws=found.draws,
            seed=found.seed,
        )
    )
    yield from _print_heads(lang)
    for band in (found.total, *found.services):
        yield _print_band(band, lang)
    yield ""
    yield translate(lang, "What moves the total most, each number alone from its 5 % to its 95 % quantile:")
    for one in found.swings:
        if not one.width:
            continue
        title = name_number(one, lang)
        shares = "" if one.first is None or one.total is None else f"  S {one.first:.2f}  ST {one.total:.2f}"
        yield from wrap_text(title, "  ", "    ")
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


def name_number(swing: Swing, lang: str) -> str:
    """Return a number that moves the total, with its member; all areas of the land as what they are drawn by."""
    parameter = swing.parameter
    if parameter.spread.kind == "maps":
        return translate(lang, "Land cover: choice between maps")
    if parameter.spread.kind == "confusion":
        return translate(lang, "Land cover: confusion matrix of the map")
    leaf = {**VARIABLES, **COEFFICIENTS}.get(parameter.leaf)
    return f"{parameter.leaf if leaf is None else leaf.title[lang]} {parameter.member}".strip()


def print_method_bands(found: MethodBands, lang: str) -> Iterator[str]:
    """Yield the band of each run by its method, and how far the methods lie apart beside the widest band."""
    first = found.runs[0]
    text = "{county} {year}: {count} runs by different methods, {draws:,} draws of each, seed {seed}"
    yield translate(lang, text, county=first.county, year=first.year, count=len(found.runs), draws=first.draws, seed=first.seed)
    yield from _print_heads(lang)
    for one in found.runs:
        yield translate(lang, "run {run}, {standard}", run=one.run, standard=one.standard)
        for band in (one.total, *one.services):
            yield _print_band(band, lang)
    yield ""
    text = "The stored totals lie {gap} apart; the widest middle 90 % of one method is {widest}. Methods are shown side by side and not pooled: no mean and no common band is made of them."
    yield from wrap_text(translate(lang, text, gap=format_money(found.gap), widest=format_money(found.widest)), "", "")


def print_change_band(found: ChangeBand, lang: str) -> Iterator[str]:
    """Yield the totals of two years and their difference with bands, and whether the change is more than the uncertainty."""
    yield translate(
        lang,
        "{county} {one} to {other} {standard}: {draws:,} draws, seed {seed}; {count} services that both years have",
        county=found.county,
        one=found.years[0],
        other=found.years[1],
        standard=found.standard,
        draws=found.draws,
        seed=found.seed,
        count=len(found.services),
    )
    yield from _print_heads(lang)
    for title, band in zip((*map(str, found.years), translate(lang, "difference")), (*found.totals, found.change), strict=True):
        yield pad(title, NAME) + _print_numbers(band)
    yield ""
    sure = "The change is more than what the known uncertainty explains: 0 lies outside its middle 90 %."
    unsure = "The known uncertainty explains the change: 0 lies within its middle 90 %."
    yield from wrap_text(translate(lang, sure if found.outside else unsure), "", "")
    text = "The total grows in {share:.1%} of the draws. Coefficients that both years use are drawn once for both."
    yield from wrap_text(translate(lang, text, share=found.increase), "", "")


def print_rank_band(found: RankBand, lang: str) -> Iterator[str]:
    """Yield the counties in the order of their GEP, the ranks that each takes, and how often it stands above the next."""
    yield translate(
        lang,
        "{place} {year} {standard}: order by GEP, {draws:,} draws, seed {seed}",
        place=found.place,
        year=found.year,
        standard=found.standard,
        draws=found.draws,
        seed=found.seed,
    )
    yield f"{translate(lang, 'unit')} {name_money_unit(lang)}"
    heads = [translate(lang, name) for name in ("as stored", "5 %", "95 %", "ranks", "above next")]
    yield pad("", 6) + pad(translate(lang, "county"), 20) + "".join(pad(one, 11, right=True) for one in heads)
    for one in found.counties:
        name = one.name_zh if lang == "zh" else one.name_en
        numbers = [format_money(band) for band in (one.band.value, one.band.quantiles[0.05], one.band.quantiles[0.95])]
        ranks = str(one.best) if one.best == one.worst else f"{one.best}–{one.worst}"
        above = "" if one.above_next is None else f"{one.above_next:.0%}"
        cells = (*numbers, ranks, above)
        yield f"{one.rank:>4}  " + pad(name, 20) + "".join(pad(cell, 11, right=True) for cell in cells)
    still = [one for one in found.counties if not one.uncertain]
    yield ""
    text = "Coefficients that counties share are drawn once for all of them: they move all and decide nothing between them."
    yield from wrap_text(translate(lang, text), "", "")
    if still:
        text = "Of {count} counties no number has a known spread: they stand still here."
        yield from wrap_text(translate(lang, text, count=len(still)), "", "")


def _print_heads(lang: str) -> Iterator[str]:
    yield f"{translate(lang, 'unit')} {name_money_unit(lang)}"
    heads = [translate(lang, name) for name in ("as stored", "mean", "5 %", "50 %", "95 %")]
    yield pad("", NAME) + "".join(pad(one, NUMBER, right=True) for one in heads)


def _print_numbers(band: Band) -> str:
    numbers = (band.value, band.mean, *(band.quantiles[share] for share in (0.05, 0.5, 0.95)))
    return "".join(pad(format_money(one), NUMBER, right=True) for one in numbers)


def _print_band(band: Band, lang: str) -> str:
    title = translate(lang, "GEP") if band.id == "gep" else SERVICE_TITLES[band.id][1][lang]
    return pad(title, NAME) + _print_numbers(band)
