"""Statements of carbon: stocks, their change, and credits of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.carbon.formulas import POOL_TITLES
from gep.messages.numbers import format_fixed
from gep.messages.tables import SUM, Row
from gep.messages.texts import say_in
from gep.reference.marks import UNVERIFIED
from gep.statements.statement import Statement, Teller

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.carbon.change import Difference, Flows
    from gep.carbon.inventory import Stock, Stratum
    from gep.carbon.project import Project
    from gep.messages.tables import Table


def tell_stocks(found: Sequence[Stock], lang: str) -> Statement:
    """Return the stock of each year by stratum and pool, t of carbon."""
    tell = Teller(lang)
    weak = tell.say("* rests on figures or statements that are not verified")
    tables = tuple(_tell_stock(one, tell) for one in found)
    marked = any(str(row.cells[0]).endswith(" *") for table in tables for row in table.rows)
    return Statement(
        lang,
        tell.say("carbon stock of {year}, t of carbon", year=tell.join(str(one.year) for one in found)),
        ((tell.say("what is meant"), tell.say("a stock; neither the carbon of a year in GEP nor credits of a project")),),
        tables,
        (weak,) if marked else (),
        tuple(part for stock in found for one in stock.strata for pool in one.pools for part in one.calculation.explain(pool)),
    )


def _tell_stock(stock: Stock, tell: Teller) -> Table:
    pools, total = list(POOL_TITLES), stock.total
    english = tell.lang == "en"
    sums = [stock.pool(pool) for pool in pools]
    count = len(stock.strata)
    rows = [Row((_name(one), one.area.value, *(one.stock(pool) for pool in pools))) for one in stock.strata]
    whole = [None if len(lacking) == count else value for value, lacking in sums]
    rows.append(Row((tell.say("total"), sum(one.area.value for one in stock.strata), *whole), SUM))
    note = [
        tell.say(
            "all surveyed pools: {carbon} t of carbon, {dioxide} t of CO2 (x 44/12)",
            carbon=format_fixed(total.value("stock"), 1),
            dioxide=format_fixed(total.value("stock_co2"), 1),
        )
    ]
    for pool, (_, lacking) in zip(pools, sums, strict=True):
        if lacking:
            text = "{pool} not surveyed, not in the total: {names}"
            note.append(tell.say(text, pool=POOL_TITLES[pool][english], names=tell.join(lacking)))
    text = "{stratum}: {text}; a stand that crosses the edge of a class jumps"
    note += [tell.say(text, stratum=one.name, text=each) for one in stock.strata for each in one.classes]
    columns = (
        tell.name("stratum"),
        tell.number("area", "hm^2", 1),
        *(tell.number(pool, "t", 1, POOL_TITLES[pool][english]) for pool in pools),
    )
    return tell.table(tell.say("carbon stock of {year}, t of carbon", year=stock.year), columns, rows, note)


def _name(one: Stratum) -> str:
    """Return the name of a stratum, with a star where it rests on what nobody has verified."""
    origins = (origin for pool in one.pools for part in one.calculation.explain(pool) for origin in part.origins)
    weak = any(origin.mark in UNVERIFIED for origin in origins)
    return " ".join(filter(None, (one.name, one.species, one.age_class))) + (" *" if weak else "")


def tell_difference(found: Difference, lang: str) -> Statement:
    """Return the yearly change of every stratum beside the change of its area."""
    tell = Teller(lang)
    cases = range(len(found.calculation.cases))
    columns = (
        tell.name("stratum"),
        tell.number("area", "hm^2/a", 1),
        tell.number("carbon", "t/a", 1),
        tell.number("carbon dioxide", "t/a", 1),
        tell.number("carbon of a hectare", "t/(hm^2*a)", 3),
    )
    names = ("area_change_hm2_a", "change_t_C_a", "change_t_CO2_a", "rate_t_C_hm2_a")
    rows = [(say_in(found.calculation.cases[case], lang), *(found.row(case)[name] for name in names)) for case in cases]
    title = tell.say("stock-difference {one} to {other}", one=found.opening.year, other=found.closing.year)
    return Statement(
        lang,
        title,
        (),
        (tell.table(tell.say("change of every year"), columns, rows),),
        (tell.say("where areas change by reclassifying, a rate a hectare says little: look at the area beside it"),),
        tuple(part for rule in ("change_co2", "rate") for part in found.calculation.explain(rule, cases[-1])),
    )


def tell_flows(found: Sequence[Flows], lang: str) -> Statement:
    """Return gains, losses and what is left, year by year."""
    tell = Teller(lang)
    columns = (tell.name("item"), tell.number("carbon", "t", 1), tell.name("as given"), tell.name("address"), tell.name("source"))
    tables = []
    for one in found:
        rows = [
            Row((f"{sign} {name}", figure.value, figure.given, figure.address, say_in(figure.source, tell.lang)))
            for sign, items in (("+", one.gains), ("−", one.losses))
            for name, figure in items
        ]
        carbon, dioxide = (one.calculation.value(rule) for rule in ("gain_loss", "gain_loss_co2"))
        rows.append(Row((tell.say("change"), carbon, "", "", ""), SUM))
        text = "change: {carbon} t of carbon, {dioxide} t of CO2 (x 44/12)"
        note = tell.say(text, carbon=format_fixed(carbon, 1), dioxide=format_fixed(dioxide, 1))
        tables.append(tell.table(tell.say("gain-loss of {year}, t of carbon", year=one.year), columns, rows, (note,)))
    years = tell.join(str(one.year) for one in found)
    steps = tuple(part for one in found for part in one.calculation.explain("gain_loss_co2"))
    return Statement(lang, tell.say("gain-loss of {year}, t of carbon", year=years), (), tuple(tables), (), steps)


def tell_project(found: Project, lang: str) -> Statement:
    """Return what a project declares and what it comes to."""
    tell = Teller(lang)
    title = tell.say(
        "{project}, vintage {vintage}, {scheme}, {methodology}",
        project=found.name,
        vintage=found.vintage,
        scheme=found.scheme,
        methodology=found.methodology,
    )
    about = (
        (tell.say("what is meant"), tell.say("credits of a project; neither the carbon of a year in GEP nor a stock")),
        (tell.say("additionality"), found.additionality),
        (tell.say("source"), found.source),
    )
    whole = tell.say("{tonnes:,} whole t of CO2 can be registered", tonnes=found.issued)
    return Statement(lang, title, about, (), (whole,), tuple(found.calculation.explain("credits")))
