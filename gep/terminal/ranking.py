"""Prints ranks, neighbours and the matrix of accounts on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import format_money, get_colon, name_money_unit, pad, wrap_text
from gep.messages.numbers import format_amount, format_quantity
from gep.messages.texts import translate
from gep.messages.title import Title
from gep.messages.words import RATIOS, STATE
from gep.reference.services import SERVICE_TITLES
from gep.regional.matrix import STATES
from gep.regional.ranking import QUANTITY
from gep.terminal.regional import list_names, print_left_out, say_services_covered
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.regional.matrix import Matrix, Row
    from gep.regional.ranking import CountyFigures, Neighbours, Ranking

BLOCK = 12
"""Years side by side in the matrix; more stand in a second block below."""

MARKS = {"approved": Title("准", "A"), "submitted": Title("送", "S"), "returned": Title("退", "R"), "draft": Title("稿", "D")}
NONE = "·"
TITLES = {
    "gep": Title("生态产品总值", "GEP"),
    "gep_per_km2": Title("单位面积 GEP", "GEP per km²"),
    "gep_per_head": Title("人均 GEP", "GEP per head"),
    "gep_per_gdp": Title("GEP/GDP", "GEP/GDP"),
}


def print_ranking(found: Ranking, lang: str) -> Iterator[str]:
    """Yield the counties of a ranking in order; those without a value and without an account stand below by name."""
    title = _title(found, lang)
    yield f"{getattr(found, f'name_{lang}')} {found.place}  {found.year}  {found.standard}  {title}"
    held = [one for one in found.counties if one.rank is not None and one.services_accounted is not None]
    if held and found.by in TITLES:
        counted = max(one.services_counted or 0 for one in held)
        yield from wrap_text(say_services_covered([one.services_accounted or 0 for one in held], counted, lang), "", "  ")
    yield ""
    head = (
        translate(lang, "rank"),
        translate(lang, "code"),
        translate(lang, "county"),
        translate(lang, "value"),
        translate(lang, "services"),
        translate(lang, "state"),
    )
    unit = print_unit_in(found.unit, lang) if found.by.endswith(QUANTITY) else _unit(found.by, lang)
    label = head[3] + (translate(lang, " ({unit})", unit=unit) if unit else "")
    yield f"{pad(head[0], 6, right=True)}  {pad(head[1], 8)}{pad(head[2], 22)}{pad(label, 22, right=True)}{pad(head[4], 10, right=True)}  {head[5]}"
    for one in found.counties:
        if one.rank is not None:
            yield (
                f"{one.rank:>6}  {pad(one.county, 8)}{pad(getattr(one, f'name_{lang}'), 22)}{pad(_figure(one.value, found.by), 22, right=True)}"
                f"{pad(_covered(one), 10, right=True)}  {STATE[one.state][lang]}"
            )
    without = [one.county for one in found.counties if one.rank is None]
    if without:
        yield from wrap_text(
            translate(
                lang,
                "accounts without this figure ({count}): {without}",
                count=len(without),
                without=list_names(without, lang=lang),
            ),
            "",
            "  ",
        )
    if found.unapproved:
        yield from print_left_out(found.unapproved, lang=lang)
    if found.missing:
        yield from wrap_text(
            translate(
                lang, "no account ({count}): {missing}", count=len(found.missing), missing=list_names(found.missing, lang=lang)
            ),
            "",
            "  ",
        )
    if without and found.quantities and found.by in TITLES:
        text = "services have quantities without values: --by SERVICE.quantity ranks them, as water_conservation.quantity"
        yield from wrap_text(translate(lang, text), "", "  ")
    if not found.comparable:
        yield from _caution(lang)


def _print_quantities(counties: list[CountyFigures], lang: str) -> Iterator[str]:
    """Yield the quantities of services without values, a service at a time; nothing where every quantity has a value."""
    held = [(one, quantity) for one in counties for quantity in one.quantities]
    if not held:
        return
    yield translate(lang, "quantities of services that have no price under this standard")
    for service in dict.fromkeys(quantity.service for _, quantity in held):
        yield f"  {SERVICE_TITLES[service][1][lang]}"
        for one, quantity in held:
            if quantity.service == service:
                shown = format_amount(quantity.quantity, print_unit_in(quantity.unit, lang), lang)
                yield f"    {pad(_name(one, lang), 40)}{pad(shown, 34, right=True)}"
    yield ""


def _name(one: CountyFigures, lang: str) -> str:
    return f"{one.county} {getattr(one, f'name_{lang}')}"


def _title(found: Ranking, lang: str) -> str:
    """Return what a ranking goes by; totals of equivalent factors are not called GEP."""
    if found.measures == "equivalents" and found.by in TITLES:
        called = translate(lang, "value by equivalent factors (not GEP)")
        return (
            called if found.by == "gep" else f"{called}{get_colon(lang)}{TITLES[found.by][lang].replace('GEP', '').strip(' /')}"
        )
    if found.by in TITLES:
        return TITLES[found.by][lang]
    service = SERVICE_TITLES[found.by.removesuffix(QUANTITY)][1][lang]
    return f"{service}{get_colon(lang)}{translate(lang, 'quantity')}" if found.by.endswith(QUANTITY) else service


def print_neighbours(found: Neighbours, lang: str) -> Iterator[str]:
    """Yield a county and its neighbours with the length of the common border in km."""
    own = found.county
    yield f"{getattr(own, f'name_{lang}')} {own.county}  {found.year}  {found.standard}"
    yield ""
    head = (
        translate(lang, "county"),
        translate(lang, "border"),
        translate(lang, "per km²"),
        translate(lang, "per head"),
        translate(lang, "services"),
    )
    units = ("", "km", name_money_unit(lang), _unit("gep_per_km2", lang), _unit("gep_per_head", lang))
    yield f"{pad(head[0], 24)}{pad(head[1], 9, right=True)}{pad('GEP', 13, right=True)}{pad(head[2], 13, right=True)}{pad(head[3], 12, right=True)}{pad(head[4], 9, right=True)}"
    yield f"{pad('', 24)}{pad(units[1], 9, right=True)}{pad(units[2], 13, right=True)}{pad(units[3], 13, right=True)}{pad(units[4], 12, right=True)}"
    for one in (own, *found.neighbours):
        name = f"{'' if one is own else '  '}{_name(one, lang)}"
        border = "" if one.border_km is None else f"{one.border_km:,.1f}"
        if not one.state:
            yield f"{pad(name, 24)}{pad(border, 9, right=True)}{pad(translate(lang, 'no account'), 13, right=True)}"
            continue
        yield (
            f"{pad(name, 24)}{pad(border, 9, right=True)}{pad(format_money(one.gep), 13, right=True)}"
            f"{pad(_figure(one.gep_per_km2, 'gep_per_km2'), 13, right=True)}{pad(_figure(one.gep_per_head, 'gep_per_head'), 12, right=True)}{pad(_covered(one), 9, right=True)}"
        )
    yield ""
    yield from _print_quantities([own, *found.neighbours], lang)
    if not found.known:
        text = translate(lang, "the table of borders does not have this county (it covers Jiangxi): its neighbours are unknown")
        yield from wrap_text(text, "", "  ")
        return
    if found.outside_km:
        text = translate(
            lang,
            "another {outside_km:,.1f} km of its border lie outside the table (other provinces or a coast): neighbours there are unknown",
            outside_km=found.outside_km,
        )
        yield from wrap_text(text, "", "  ")
    yield from wrap_text(translate(lang, "lengths of borders: {source} in sources.yaml", source=found.source), "", "  ")
    if not found.comparable:
        yield from _caution(lang)


def print_matrix(found: Matrix, lang: str) -> Iterator[str]:
    """Yield one line a county with a mark a year for its step of review, and how many there are of each."""
    marks = "  ".join(f"{MARKS[state][lang]} {STATE[state][lang]}" for state in STATES)
    legend = f"{marks}  {NONE} {translate(lang, 'none')}  ! {translate(lang, 'approval void by a new result')}"
    yield from wrap_text(f"{found.standard}   {legend}", "", "  ")
    for begin in range(0, len(found.years), BLOCK):
        years = found.years[begin : begin + BLOCK]
        yield ""
        yield f"{pad(translate(lang, 'code'), 7)}{pad(translate(lang, 'county'), 13)}" + "".join(
            pad(str(year), 5) for year in years
        )
        for row in found.rows:
            cells = "".join(pad(_mark(row, year, lang), 5) for year in years)
            yield f"{pad(row.county, 7)}{pad(_cut(getattr(row, f'name_{lang}'), 12), 13)}{cells}".rstrip()
        for state in STATES:
            counts = [sum(1 for row in found.rows if row.states.get(year) == state) for year in years]
            if any(counts):
                yield f"{pad('', 7)}{pad(STATE[state][lang], 13)}" + "".join(f"{count:<5}" for count in counts).rstrip()
        none = [sum(1 for row in found.rows if year not in row.states) for year in years]
        yield f"{pad('', 7)}{pad(translate(lang, 'none'), 13)}" + "".join(f"{count:<5}" for count in none).rstrip()
    if found.absent:
        text = translate(
            lang,
            "{absent} more counties of these provinces have no account in any year; --place CODE lists them",
            absent=found.absent,
        )
        yield ""
        yield from wrap_text(text, "", "  ")


def _mark(row: Row, year: int, lang: str) -> str:
    state = row.states.get(year)
    return NONE if state is None else MARKS[state][lang] + ("!" if year in row.voided and state != "approved" else "")


def _cut(text: str, columns: int) -> str:
    from gep.messages.layout import measure_width

    while measure_width(text) > columns:
        text = text[:-1]
    return text


def _covered(one: CountyFigures) -> str:
    return f"{one.services_accounted}/{one.services_counted}"


def _unit(by: str, lang: str) -> str:
    return RATIOS[by][2][lang] if by in RATIOS else name_money_unit(lang)


def _figure(value: float | None, by: str) -> str:
    scales = {"gep_per_km2": 1e4, "gep_per_head": 1.0, "gep_per_gdp": 1.0}
    if value is None:
        return "—"
    if by.endswith(QUANTITY):
        return format_quantity(value)
    shown = value / scales.get(by, 1e8)
    return f"{shown:,.2f}" if by in {"gep_per_km2", "gep_per_head"} else f"{shown:,.4f}"


def _caution(lang: str) -> Iterator[str]:
    yield ""
    text = translate(
        lang, "caution: the totals cover different services, so they do not compare; --by SERVICE compares one service"
    )
    yield from wrap_text(text, "", "  ")
