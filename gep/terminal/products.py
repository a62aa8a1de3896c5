"""Prints the catalogue of products and what is watched on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import lay_out_table, wrap_text
from gep.messages.texts import translate
from gep.products.catalogue import KINDS, sum_by_department
from gep.products.thresholds import SEVERITIES
from gep.reference.regions import name_region
from gep.terminal.trace import print_trace
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.products.catalogue import Product
    from gep.products.series import Series
    from gep.store.products import KeptAlert
    from gep.tasks.products import Watch


def print_catalogue(found: Sequence[Product], lang: str) -> Iterator[str]:
    """Yield the products by kind, negative ones apart, and how many each department answers for."""
    for kind, title in KINDS.items():
        rows = [
            [
                one.name,
                one.place,
                f"{one.amount.value:g} {print_unit_in(one.unit, lang)}",
                one.quality,
                f"{one.months[0]}-{one.months[-1]}",
                one.department,
            ]
            for one in found
            if one.kind == kind
        ]
        if not rows:
            continue
        yield translate(lang, "{kind}: {count} entries", kind=title[lang], count=len(rows))
        heads = [translate(lang, name) for name in ("product", "place", "amount", "quality grade", "months", "department")]
        yield from (f"  {line}" for line in lay_out_table(heads, rows))
    for department, count in sum_by_department(found).items():
        yield translate(lang, "{department} answers for {count}", department=department, count=count)
    yield from wrap_text(translate(lang, "amounts are of the time they were observed in; nothing is made a year's"), "", "  ")


def print_alerts(found: Sequence[KeptAlert], lang: str) -> Iterator[str]:
    """Yield alerts of a store, each with who has seen it."""
    if not found:
        yield translate(lang, "no alerts")
    for one in found:
        day = "" if one.seen_at is None else one.seen_at.date()
        state = (
            translate(lang, "seen by {by} on {day}: {note}", by=one.seen_by, day=day, note=one.note)
            if one.seen_by
            else translate(lang, "open")
        )
        what = f"{one.variable} {one.place} {one.period}  {one.when}  {one.title or one.threshold}, {one.basis}"
        yield from wrap_text(
            f"{one.alert}  {name_region(one.county)}  {SEVERITIES[one.severity][lang]}  {what}  {state}", "", "  "
        )


def print_series(found: Sequence[Series], lang: str) -> Iterator[str]:
    """Yield what is reported of each series, and what is not."""
    heads = [translate(lang, name) for name in ("series", "unit", "reports", "first", "last", "last value")]
    rows = [
        [
            f"{one.variable} {one.place}",
            print_unit_in(one.unit, lang),
            str(len(one.points)),
            one.name(min(one.points)),
            one.name(one.last),
            f"{one.points[one.last].value:.15g}",
        ]
        for one in found
    ]
    yield from lay_out_table(heads, rows)
    yield from _print_gaps(found, lang)


def _print_gaps(found: Sequence[Series], lang: str) -> Iterator[str]:
    for series in found:
        if series.missing:
            names = ", ".join(series.name(period) for period in series.missing[:12])
            yield from wrap_text(
                translate(
                    lang,
                    "{variable} {place}: {count} periods not reported: {names}",
                    variable=series.variable,
                    place=series.place,
                    count=len(series.missing),
                    names=names,
                ),
                "",
                "  ",
            )


def print_watch(found: Watch, lang: str) -> Iterator[str]:
    """Yield alerts, those that nobody has seen first, what cannot be judged, gaps in the series, and how each alert came about."""
    yield translate(
        lang,
        "{day}: {alerts} alerts, {open} not acknowledged; {count} thresholds on series watched",
        day=found.day,
        alerts=len(found.alerts),
        open=len(found.open),
        count=len(found.found),
    )
    for one in sorted(found.alerts, key=lambda one: one.id in found.acknowledged):
        seen = found.acknowledged.get(one.id)
        state = (
            translate(lang, "seen by {by} on {day}: {note}", by=seen.by, day=seen.day, note=seen.note)
            if seen
            else translate(lang, "open")
        )
        limit = one.threshold
        yield from wrap_text(
            f"{one.id}  {SEVERITIES[limit.severity][lang]}  {limit.variable} {one.place} {one.period}  {limit.when} ({limit.unit})  {limit.title or limit.id}, {limit.basis}  {state}",
            "",
            "  ",
        )
    for one in found.found:
        if one.passed is None:
            why = translate(lang, "no report by this day") if one.series is None else translate(lang, "a divisor of 0")
            names = ", ".join(one.unknown) or why
            yield from wrap_text(
                translate(
                    lang,
                    "{id} on {variable} {place} cannot be judged: not known is {names}",
                    id=one.threshold.id,
                    variable=one.threshold.variable,
                    place=one.place,
                    names=names,
                ),
                "? ",
                "  ",
            )
    yield from _print_gaps(found.series, lang)
    yield ""
    for one in found.open:
        yield from print_trace(one.calculation.explain("alert"), lang)
