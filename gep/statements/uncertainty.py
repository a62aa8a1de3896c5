"""Statements of uncertainty: the bands of an account, of methods side by side, of a change between years, of an order of counties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import name_money_unit
from gep.messages.numbers import scale_of
from gep.messages.tables import MONEY, RATIO, SUM, Cell, Column, Row, Table
from gep.reference.members import find_member_title, is_ecosystem
from gep.reference.regions import name_region
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.statements.statement import Statement, Teller
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.tasks.uncertainty import MethodBands
    from gep.uncertainty.simulate import Band, Swing, Uncertainty
    from gep.uncertainty.together import ChangeBand, RankBand

SHARES = (0.05, 0.5, 0.95)


def tell_uncertainty(found: Uncertainty, lang: str) -> Statement:
    """Return the bands of the total and the services, the numbers that move the total most, and what nothing is known of."""
    tell = Teller(lang)
    title = tell.say(
        "{county} {year} {standard} run {run}: {draws:,} draws, seed {seed}",
        county=name_region(found.county),
        year=found.year,
        standard=found.standard,
        run=found.run,
        draws=found.draws,
        seed=found.seed,
    )
    scale = scale_of(found.total.value)
    tables = [_tell_bands(tell.say("bands by draws"), _name_bands(found, tell), tell, scale)]
    if found.shown:
        tables.append(_tell_shown(found, tell))
    if any(one.width for one in found.swings):
        tables.append(_tell_swings(found, tell, scale))
    text = "{known} of {all} numbers that have an effect have a known spread; services with at least one are {share:.0%} of the total. Of the others nothing is known: they stand still here, which makes the band too narrow."
    note = tell.say(text, known=found.parameters, all=found.numbers, share=found.covered)
    return Statement(lang, title, (), tuple(tables), (note,))


def tell_method_bands(found: MethodBands, lang: str) -> Statement:
    """Return the band of each run by its method, and how far the methods lie apart beside the widest band."""
    tell, first = Teller(lang), found.runs[0]
    text = "{county} {year}: {count} runs by different methods, {draws:,} draws of each, seed {seed}"
    title = tell.say(
        text, county=name_region(first.county), year=first.year, count=len(found.runs), draws=first.draws, seed=first.seed
    )
    scale = scale_of(first.total.value)
    tables = tuple(
        _tell_bands(tell.say("run {run}, {standard}", run=one.run, standard=one.standard), _name_bands(one, tell), tell, scale)
        for one in found.runs
    )
    text = "The stored totals lie {gap} apart; the widest middle 90 % of one method is {widest}. Methods are shown side by side and not pooled: no mean and no common band is made of them."
    unit = name_money_unit(lang, scale)
    gap, widest = (f"{one / scale:,.4f} {unit}" for one in (found.gap, found.widest))
    return Statement(lang, title, (), tables, (tell.say(text, gap=gap, widest=widest),))


def tell_change_band(found: ChangeBand, lang: str) -> Statement:
    """Return the totals of two years and their difference with bands, and whether the change is more than the uncertainty."""
    tell = Teller(lang)
    title = tell.say(
        "{county} {one} to {other} {standard}: {draws:,} draws, seed {seed}; {count} services that both years have",
        county=name_region(found.county),
        one=found.years[0],
        other=found.years[1],
        standard=found.standard,
        draws=found.draws,
        seed=found.seed,
        count=len(found.services),
    )
    titles = (*map(str, found.years), tell.say("difference"))
    scale = scale_of(found.totals[0].value)
    bands = zip(titles, (*found.totals, found.change), strict=True)
    sure = "The change is more than what the known uncertainty explains: 0 lies outside its middle 90 %."
    unsure = "The known uncertainty explains the change: 0 lies within its middle 90 %."
    text = "The total grows in {share:.1%} of the draws. Coefficients that both years use are drawn once for both."
    notes = (tell.say(sure if found.outside else unsure), tell.say(text, share=found.increase))
    return Statement(lang, title, (), (_tell_bands(tell.say("bands by draws"), bands, tell, scale),), notes)


def tell_rank_band(found: RankBand, lang: str) -> Statement:
    """Return the counties in the order of their GEP, the ranks that each takes, and how often it stands above the next."""
    tell = Teller(lang)
    title = tell.say(
        "{place} {year} {standard}: order by GEP, {draws:,} draws, seed {seed}",
        place=name_region(found.place),
        year=found.year,
        standard=found.standard,
        draws=found.draws,
        seed=found.seed,
    )
    scale = scale_of(found.counties[0].band.value)
    columns = (
        tell.number("rank", decimals=0),
        tell.name("county"),
        *_money_columns(tell, scale, ("as stored", "5 %", "95 %")),
        tell.name("ranks"),
        tell.percent("above next"),
    )
    rows = []
    for one in found.counties:
        numbers = (one.band.value, one.band.quantiles[0.05], one.band.quantiles[0.95])
        ranks = str(one.best) if one.best == one.worst else f"{one.best}–{one.worst}"
        name = one.name_zh if lang == "zh" else one.name_en
        rows.append((one.rank, name, *(each / scale for each in numbers), ranks, one.above_next))
    text = "Coefficients that counties share are drawn once for all of them: they move all and decide nothing between them."
    notes = [tell.say(text)]
    still = [one for one in found.counties if not one.uncertain]
    if still:
        text = "Of {count} counties no number has a known spread: they stand still here."
        notes.append(tell.say(text, count=len(still)))
    return Statement(lang, title, (), (tell.table(tell.say("order and ranks"), columns, rows),), tuple(notes))


def _name_bands(found: Uncertainty, tell: Teller) -> Iterable[tuple[str, Band]]:
    yield tell.say("GEP"), found.total
    for one in found.services:
        yield SERVICE_TITLES[one.id][1][tell.lang], one


def _tell_bands(title: str, bands: Iterable[tuple[str, Band]], tell: Teller, scale: float) -> Table:
    rows = []
    for name, band in bands:
        numbers = (band.value, band.mean, *(band.quantiles[share] for share in SHARES))
        rows.append(Row((name, *(one / scale for one in numbers)), SUM if band.id == "gep" else ""))
    columns = (tell.name("service"), *_money_columns(tell, scale, ("as stored", "mean", "5 %", "50 %", "95 %")))
    return tell.table(title, columns, rows)


def _tell_shown(found: Uncertainty, tell: Teller) -> Table:
    """Return the figures that the standard only shows, each in its own unit."""
    columns = (tell.name("indicator"), tell.name("unit"), *map(tell.number, ("as stored", "5 %", "50 %", "95 %")))
    rows: list[Row] = []
    for cell, band in found.shown:
        members = (
            find_member_title(axis, getattr(cell, axis))[tell.lang] for axis in ("ecosystem", "pollutant") if getattr(cell, axis)
        )
        name = " ".join(filter(None, (cell.title[tell.lang], *members, cell.item)))
        numbers = (band.value, *(band.quantiles[share] for share in SHARES))
        rows.append(Row((name, tell.unit(cell.unit), *numbers)))
    return tell.table(tell.say("only shown, in no total"), columns, rows)


def _tell_swings(found: Uncertainty, tell: Teller, scale: float) -> Table:
    """Return the numbers that move the total most, each alone; their shares of the variance where they were asked for."""
    swings = [one for one in found.swings if one.width]
    by_variance = any(one.first is not None for one in swings)
    columns = [tell.name("uncertain number"), *_money_columns(tell, scale, ("total at 5 %", "total at 95 %"))]
    if by_variance:
        columns += [Column(head, tell.say(head), RATIO, decimals=2) for head in ("first-order share", "total share")]
    rows = []
    for one in swings:
        cells: tuple[Cell, ...] = (_name_number(one, tell), one.at_low / scale, one.at_high / scale)
        rows.append((*cells, one.first, one.total) if by_variance else cells)
    title = tell.say("What moves the total most, each number alone from its 5 % to its 95 % quantile:").rstrip(":：")
    return tell.table(title, columns, rows)


def _money_columns(tell: Teller, scale: float, heads: Iterable[str]) -> tuple[Column, ...]:
    unit = name_money_unit(tell.lang, scale)
    return tuple(Column(head, tell.say(head), MONEY, unit, 4) for head in heads)


def _name_number(swing: Swing, tell: Teller) -> str:
    """Return a number that moves the total, with its member; all areas of the land as what they are drawn by."""
    parameter = swing.parameter
    if parameter.spread.kind == "maps":
        return tell.say("Land cover: choice between maps")
    if parameter.spread.kind == "confusion":
        return tell.say("Land cover: confusion matrix of the map")
    leaf = {**VARIABLES, **COEFFICIENTS}.get(parameter.leaf)
    members = " ".join(
        find_member_title("ecosystem" if is_ecosystem(name) else "product", name)[tell.lang] for name in parameter.member.split()
    )
    return f"{parameter.leaf if leaf is None else leaf.title[tell.lang]} {members}".strip()
