"""Prints carbon stocks, their change and project credits on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.carbon.formulas import POOL_TITLES
from gep.messages.layout import lay_out_table, wrap_text
from gep.messages.numbers import MISSING, format_fixed
from gep.messages.texts import say_in, translate
from gep.reference.marks import UNVERIFIED
from gep.terminal.trace import print_trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.carbon.change import Difference, Flows
    from gep.carbon.inventory import Stock
    from gep.carbon.project import Project


def print_stocks(found: Sequence[Stock], lang: str) -> Iterator[str]:
    """Yield the stock of each year by stratum and pool, classes and marks, and how each stratum was computed."""
    for stock in found:
        total = stock.total
        yield translate(lang, "carbon stock of {year}, t of carbon", year=stock.year)
        yield from wrap_text(translate(lang, "a stock; neither the carbon of a year in GEP nor credits of a project"), "  ", "  ")
        pools = list(POOL_TITLES)
        heads = [translate(lang, "stratum"), translate(lang, "area, hm2"), *(POOL_TITLES[pool][lang == "en"] for pool in pools)]
        rows = []
        for one in stock.strata:
            weak = any(
                UNVERIFIED.intersection({origin.mark for origin in part.origins})
                for pool in one.pools
                for part in one.calculation.explain(pool)
            )
            name = " ".join(filter(None, (one.name, one.species, one.age_class))) + (" *" if weak else "")
            rows.append([name, format_fixed(one.area.value, 1), *(_tonnes(one.stock(pool)) for pool in pools)])
        sums = [stock.pool(pool) for pool in pools]
        rows.append(
            [
                translate(lang, "total"),
                format_fixed(sum(one.area.value for one in stock.strata), 1),
                *(MISSING if len(lacking) == len(stock.strata) else _tonnes(value) for value, lacking in sums),
            ]
        )
        yield from lay_out_table(heads, rows)
        yield translate(
            lang,
            "all surveyed pools: {carbon} t of carbon, {dioxide} t of CO2 (x 44/12)",
            carbon=_tonnes(total.value("stock")),
            dioxide=_tonnes(total.value("stock_co2")),
        )
        for pool, (_, lacking) in zip(pools, sums, strict=True):
            if lacking:
                names = ("、" if lang == "zh" else ", ").join(lacking)
                yield from wrap_text(
                    translate(
                        lang, "{pool} not surveyed, not in the total: {names}", pool=POOL_TITLES[pool][lang == "en"], names=names
                    ),
                    "  ",
                    "    ",
                )
        for one in stock.strata:
            for text in one.classes:
                yield from wrap_text(
                    translate(
                        lang, "{stratum}: {text}; a stand that crosses the edge of a class jumps", stratum=one.name, text=text
                    ),
                    "  ",
                    "    ",
                )
        if any("*" in str(row[0]) for row in rows):
            yield translate(lang, "* rests on figures or statements that are not verified")
        yield ""
        for one in stock.strata:
            for pool in one.pools:
                yield from print_trace(one.calculation.explain(pool), lang)


def print_difference(found: Difference, lang: str) -> Iterator[str]:
    """Yield the change of every stratum beside the change of its area, and how the whole was computed."""
    one, other = found.opening.year, found.closing.year
    yield translate(lang, "stock-difference {one} to {other}", one=one, other=other)
    heads = [
        translate(lang, name)
        for name in ("stratum", "area, hm2 a year", "t of carbon a year", "t of CO2 a year", "t of carbon a hm2 and year")
    ]
    cases = range(len(found.calculation.cases))
    rows = []
    for case in cases:
        row = found.row(case)
        name = say_in(found.calculation.cases[case], lang)
        rows.append(
            [
                name,
                *(
                    MISSING if row[key] is None else format_fixed(row[key], digits)
                    for key, digits in (
                        ("area_change_hm2_a", 1),
                        ("change_t_C_a", 1),
                        ("change_t_CO2_a", 1),
                        ("rate_t_C_hm2_a", 3),
                    )
                ),
            ]
        )
    yield from lay_out_table(heads, rows)
    yield from wrap_text(
        translate(lang, "where areas change by reclassifying, a rate a hectare says little: look at the area beside it"), "", "  "
    )
    yield ""
    for rule in ("change_co2", "rate"):
        yield from print_trace(found.calculation.explain(rule, cases[-1]), lang)


def print_flows(found: Sequence[Flows], lang: str) -> Iterator[str]:
    """Yield gains, losses and what is left, year by year."""
    for one in found:
        yield translate(lang, "gain-loss of {year}, t of carbon", year=one.year)
        for sign, items in (("+", one.gains), ("−", one.losses)):
            for name, figure in items:
                yield from wrap_text(
                    f"{sign} {name}  {_tonnes(figure.value)}  ← {figure.given}  {figure.address}  {figure.source}", "  ", "    "
                )
        calculation = one.calculation
        yield translate(
            lang,
            "change: {carbon} t of carbon, {dioxide} t of CO2 (x 44/12)",
            carbon=_tonnes(calculation.value("gain_loss")),
            dioxide=_tonnes(calculation.value("gain_loss_co2")),
        )
        yield ""
        yield from print_trace(calculation.explain("gain_loss_co2"), lang)


def print_project(found: Project, lang: str) -> Iterator[str]:
    """Yield what a project declares and what it comes to."""
    yield translate(
        lang,
        "{project}, vintage {vintage}, {scheme}, {methodology}",
        project=found.name,
        vintage=found.vintage,
        scheme=found.scheme,
        methodology=found.methodology,
    )
    yield from wrap_text(translate(lang, "credits of a project; neither the carbon of a year in GEP nor a stock"), "  ", "  ")
    yield from wrap_text(translate(lang, "additionality: {text}", text=found.additionality), "  ", "    ")
    yield translate(lang, "{tonnes:,} whole t of CO2 can be registered", tonnes=found.issued)
    yield ""
    yield from print_trace(found.calculation.explain("credits"), lang)


def _tonnes(value: float | None) -> str:
    return MISSING if value is None else format_fixed(value, 1)
