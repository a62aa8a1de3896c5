"""Prints sums of accounts and exports on a terminal of 80 columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gep.account.status import QUANTITY
from gep.messages.layout import format_money, get_colon, get_comma, name_money_unit, pad, put_in_brackets, wrap_text
from gep.messages.numbers import format_amount, format_quantity
from gep.messages.texts import translate
from gep.messages.title import Title
from gep.messages.words import CATEGORY_ORDER, RATIOS, STATE, STATUS, pick_language
from gep.reference.regions import read_regions
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.regional.overlaps import WATER_LINES
from gep.units.readable import print_unit_readable
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.regional.rollup import Difference, Member, RollUp, ServiceSum
    from gep.regional.shown import ShownRange
    from gep.store.export import Exported

SHOWN = 12
"""How many counties are named in a list on the terminal; JSON has all."""

PARTIAL = Title("部分县", "partial")


def print_rollup(found: RollUp, lang: str) -> Iterator[str]:
    """Yield the summary of a place: services, what they cover, ratios, and everything that is missing or in doubt."""
    name = getattr(found, f"name_{lang}")
    yield f"{name} {found.code}  {found.year}  {found.standard}"
    yield from wrap_text(_coverage(found, lang), "", "  ")
    held = [one for one in found.services if one.applies and one.status not in {"excluded", "not applicable"}]
    if held and found.covered:
        yield from wrap_text(say_services_covered([sum(1 for one in held if one.accounted)], len(held), lang), "", "  ")
    yield ""
    money = found.gep is not None or not any(one.status == QUANTITY or one.quantity is not None for one in found.services)
    head = (translate(lang, "service"), translate(lang, "status"), translate(lang, "accounts"), translate(lang, "quantity"))
    yield (
        f"{pad(head[0], 27)}{pad(head[1], 14)}{pad(head[2], 8, right=True)}"
        f"{pad(head[3], 19, right=True)}{pad(name_money_unit(lang) if money else '', 12, right=True)}".rstrip()
    )
    for category in CATEGORY_ORDER:
        services = [one for one in found.services if one.category == category and one.status != "excluded"]
        if services:
            worth = format_money(found.categories[category]) if money else ""
            yield f"{pad(CATEGORIES[category][lang], 64)}{pad(worth, 16, right=True)}".rstrip()
        for one in services:
            yield _service(one, lang, money=money)
    if money:
        yield f"{pad(translate(lang, 'GEP'), 64)}{pad(format_money(found.gep), 16, right=True)}"
    else:
        yield translate(lang, "  quantities only; the standard has no prices")
    if found.gep_constant is not None:
        label = translate(lang, "  in prices of {constant_year}", constant_year=found.constant_year)
        yield f"{pad(label, 64)}{pad(format_money(found.gep_constant), 16, right=True)}"
    for ratio in found.ratios:
        title, scale, unit = RATIOS[ratio.name]
        if ratio.value is None:
            continue
        over = translate(lang, "over {over} of {count} accounts", over=ratio.over, count=len(found.accounts))
        label = f"  {put_in_brackets(title[lang], over, lang)}"
        shown = format_quantity(ratio.value / scale)
        yield f"{pad(label, 60)}{pad(f'{shown} {unit[lang]}'.strip(), 20, right=True)}"
    yield from _shown(found.shown, lang)
    yield from _lacking(found, lang)
    yield from _doubts(found, lang)


def _shown(found: Sequence[ShownRange], lang: str) -> Iterator[str]:
    """Yield the figures that the standard only shows: how many accounts have each, and from which to which."""
    if found:
        yield translate(lang, "  only shown, in no total and never added up; lowest to highest of the accounts:")
    for one in found:
        unit, ends = (
            print_unit_readable(one.unit, lang),
            dict.fromkeys(format_quantity(end) for end in (one.low, one.high) if end is not None),
        )
        count = f"{one.accounts}/{one.accounts + len(one.lacking)}"
        amount = f"{' – '.join(ends)} {unit}" if one.accounts else translate(lang, "no data")
        yield f"    {pad(one.name(lang), 34)}{pad(count, 7, right=True)}{pad(amount, 35, right=True)}"
        if len(ends) > 1:
            names = (list_names([code], lang=lang) for code in (one.low_code, one.high_code))
            yield f"      {' – '.join(names)}"


def list_names(codes: Sequence[str], *, lang: str, shown: int = SHOWN) -> str:
    """Return the names of counties, the first of them if they are many, and how many more there are.

    Parameters
    ----------
    codes : six-digit codes
    lang  : zh or en
    shown : how many are named
    """
    known = read_regions()
    first = [known[code].name(lang) for code in codes[:shown]]
    more = len(codes) - len(first)
    text = get_comma(lang).join(first)
    if more:
        text += translate(lang, " and {more} more (--format json has all)", more=more)
    return text


def print_left_out(codes: Sequence[str], *, lang: str) -> Iterator[str]:
    """Yield that accounts which are not approved were left out, and of which counties.

    Parameters
    ----------
    codes : six-digit codes
    """
    yield from wrap_text(
        translate(
            lang,
            "accounts that are not approved and left out ({count}): {codes}",
            count=len(codes),
            codes=list_names(codes, lang=lang),
        ),
        "",
        "  ",
    )


def say_services_covered(accounted: Sequence[int], counted: int, lang: str) -> str:
    """Return how many of the services counted the totals hold: one number, or from the fewest to the most.

    Parameters
    ----------
    accounted : services accounted, a county each
    counted   : services that the standard counts and that apply
    """
    low, high = min(accounted), max(accounted)
    if low == high:
        return translate(lang, "the totals hold {accounted} of {counted} services", accounted=low, counted=counted)
    return translate(lang, "the totals hold {low} to {high} of {counted} services", low=low, high=high, counted=counted)


def _coverage(found: RollUp, lang: str) -> str:
    states = get_comma(lang).join(f"{STATE[state][lang]} {count}" for state, count in found.states.items())
    part = "" if not found.missing else (translate(lang, " (incomplete)"))
    known = read_regions()
    codes = [*(one.code for one in found.accounts), *found.missing]
    divided = all(known[code].level in {"county", "prefecture", "province"} for code in codes)
    counts = {"covered": found.covered, "counties": found.counties, "part": part, "states": states}
    if divided:
        return translate(lang, "covers {covered} of {counties} counties{part}; accounts: {states}", **counts)
    return translate(lang, "covers {covered} of {counties} units{part}; accounts: {states}", **counts)


def _service(one: ServiceSum, lang: str, *, money: bool) -> str:
    status = (PARTIAL if one.status == "partial" else STATUS[one.status])[lang]
    counts = f"{one.accounted}/{one.applies}" if one.applies else ""
    unit = print_unit_in(one.quantity_unit or "", lang)
    amount = "" if one.quantity is None else f" {format_amount(one.quantity, unit, lang)}"
    return (
        f"  {pad(SERVICE_TITLES[one.service][1][lang], 25)}{pad(status, 14)}{pad(counts, 8, right=True)}"
        f"{pad(amount, 19, right=True)}{pad(format_money(one.value) if money else '', 12, right=True)}"
    ).rstrip()


def _lacking(found: RollUp, lang: str) -> Iterator[str]:
    absent = [code for code in found.missing if code not in found.unapproved]
    if found.missing:
        yield ""
    if found.unapproved:
        yield from print_left_out(found.unapproved, lang=lang)
    if absent:
        yield from wrap_text(
            translate(
                lang, "counties without an account ({count}): {absent}", count=len(absent), absent=list_names(absent, lang=lang)
            ),
            "",
            "  ",
        )
    for code, others in found.elsewhere.items():
        text = f"{list_names([code], lang=lang)} {code}: "
        yield from wrap_text(
            text + (translate(lang, "has accounts under {others} only, which are never added", others=", ".join(others))),
            "  ",
            "    ",
        )
    physical = any(one.status == QUANTITY or (one.value is None and one.accounted) for one in found.services)
    empty = [] if physical else [one.code for one in found.accounts if one.gep is None]
    if empty:
        yield from wrap_text(
            translate(
                lang,
                "accounts without any service accounted ({count}): {empty}",
                count=len(empty),
                empty=list_names(empty, lang=lang),
            ),
            "",
            "  ",
        )
    lacking = [one for one in found.services if one.lacking]
    if lacking:
        yield ""
        yield translate(lang, "accounts that lack a service:")
        everywhere = [one for one in lacking if len(one.lacking) == len(found.accounts)]
        if everywhere:
            titles = get_comma(lang).join(SERVICE_TITLES[one.service][1][lang] for one in everywhere)
            yield from wrap_text(
                translate(lang, "all {count} of them: {titles}", count=len(found.accounts), titles=titles), "  ", "    "
            )
        for one in lacking:
            if one not in everywhere:
                title = SERVICE_TITLES[one.service][1][lang]
                yield from wrap_text(
                    put_in_brackets(title, str(len(one.lacking)), lang) + get_colon(lang) + list_names(one.lacking, lang=lang),
                    "  ",
                    "    ",
                )
    for ratio in found.ratios:
        if ratio.value is not None and ratio.lacking:
            label = RATIOS[ratio.name][0][lang]
            yield from wrap_text(
                translate(lang, "{label} leaves out: {lacking}", label=label, lacking=list_names(ratio.lacking, lang=lang)),
                "  ",
                "    ",
            )
    unsummed = [one for one in found.services if one.quantity_note]
    for one in unsummed:
        yield from wrap_text(f"{SERVICE_TITLES[one.service][1][lang]}: {pick_language(one.quantity_note, lang)}", "  ", "    ")


def _doubts(found: RollUp, lang: str) -> Iterator[str]:
    if found.taken:
        yield ""
        yield translate(lang, "shared waters and areas, counted once by declared shares:")
        for one in found.taken:
            county = list_names([one.county], lang=lang)
            yield from wrap_text(
                f"{one.water}, {county} {one.share:.2%}: −{format_money(one.value)} {name_money_unit(lang)} ({one.declared_in})",
                "  ",
                "    ",
            )
    if found.overlaps:
        yield ""
        yield (translate(lang, "possibly counted twice (no shares declared, nothing taken off; shared_waters.csv):"))
        for overlap in found.overlaps:
            where = SERVICE_TITLES[overlap.line.partition(".")[0]][1][lang] if overlap.line in WATER_LINES else overlap.line
            stake = (
                ""
                if overlap.at_stake is None or math.isnan(overlap.at_stake)
                else (
                    translate(
                        lang,
                        ", up to {at_stake} {unit} too much",
                        at_stake=format_money(overlap.at_stake),
                        unit=name_money_unit(lang),
                    )
                )
            )
            yield from wrap_text(
                f"{overlap.water} ({where}): {list_names(overlap.counties, lang=lang)}{stake}; {pick_language(overlap.why, lang)}",
                "  ",
                "    ",
            )
    if found.beside:
        yield ""
        for own in found.beside:
            yield from wrap_text(_beside(own, lang), "", "  ")
        for gap in found.differences:
            yield from wrap_text(_difference(gap, lang), "  ", "    ")
    for notice in found.notices:
        yield from wrap_text(pick_language(notice, lang), "", "  ")


def _beside(own: Member, lang: str) -> str:
    return translate(
        lang,
        "{name} {code} has an account of its own, {value} {unit} (run {run}), not added to its counties'",
        name=str(getattr(own, f"name_{lang}")),
        code=own.code,
        value=format_money(own.gep),
        unit=name_money_unit(lang),
        run=own.run,
    )


def _difference(one: Difference, lang: str) -> str:
    """Return how far a place's own account is from the sum of its parts; a sum of some of them is told as such."""
    part = (
        "" if one.covered == one.parts else translate(lang, " ({covered} of {parts} parts)", covered=one.covered, parts=one.parts)
    )
    if one.difference is None:
        return translate(
            lang, "{name}: own account or parts without a total, no difference", name=str(getattr(one, f"name_{lang}"))
        )
    return translate(
        lang,
        "{name}: own {own}, sum of its parts{part} {sum}, difference {gap} {unit}",
        name=str(getattr(one, f"name_{lang}")),
        own=format_money(one.gep),
        part=part,
        sum=format_money(one.sum_of_parts),
        gap=format_money(one.difference),
        unit=name_money_unit(lang),
    )


def export_lines(found: Exported, lang: str) -> Iterator[str]:
    """Yield what an export wrote."""
    for view, rows in found.rows.items():
        yield translate(lang, "{view:<24}{rows:>14,} rows", view=view, rows=rows)
    yield translate(
        lang, "{files} files, {size:,.1f} MB in {folder}", files=found.files, size=found.bytes / 1e6, folder=found.folder
    )
