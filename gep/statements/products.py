"""Statements of products: the catalogue, monitored series, thresholds held against them, and the alerts that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.tables import GROUP, Row
from gep.messages.texts import say_in
from gep.products.catalogue import KINDS, sum_by_department
from gep.products.thresholds import SEVERITIES
from gep.reference.regions import name_region
from gep.statements.statement import Statement, Teller

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.messages.tables import Table
    from gep.products.catalogue import Product
    from gep.products.series import Series
    from gep.products.thresholds import Watched
    from gep.store.products import KeptAlert
    from gep.tasks.products import Watch

GAPS = 12
"""Periods without a report that are named."""
ALERT_HEADS = ("alert", "severity", "series", "time", "threshold", "basis", "state")


def tell_catalogue(found: Sequence[Product], lang: str, entered: str = "") -> Statement:
    """Return the products by kind, negative ones apart, and how many each department answers for.

    Parameters
    ----------
    entered : which edition it is and by whom; empty: it is not kept
    """
    tell = Teller(lang)
    columns = [
        tell.name(head)
        for head in ("product", "place", "amount of the product", "unit", "quality grade", "months", "department", "evidence")
    ]
    rows = []
    for kind, named in KINDS.items():
        several = [one for one in found if one.kind == kind]
        if several:
            said = tell.say("{kind}: {count} entries", kind=named[lang], count=len(several))
            rows.append(Row((said, *[""] * (len(columns) - 1)), GROUP))
        rows += [Row(_list_product(one, tell)) for one in several]
    notes = [
        tell.say("{department} answers for {count}", department=department, count=count)
        for department, count in sum_by_department(found).items()
    ]
    notes.append(tell.say("amounts are of the time they were observed in; nothing is made a year's"))
    about = ((tell.say("edition"), entered),) if entered else ()
    title = tell.say("catalogue of ecological products")
    return Statement(lang, title, about, (tell.table(title, columns, rows),), tuple(notes))


def _list_product(one: Product, tell: Teller) -> tuple[str, ...]:
    months = f"{one.months[0]}-{one.months[-1]}" if len(one.months) > 1 else str(one.months[0])
    amount = f"{one.amount.value:,.15g}"
    return (one.name, one.place, amount, tell.unit(one.unit), one.quality, months, one.department, one.evidence)


def tell_series(found: Sequence[Series], lang: str, entered: str = "") -> Statement:
    """Return what is reported of each series, and what is not."""
    tell = Teller(lang)
    title = tell.say("monitored series")
    about = ((tell.say("entered"), entered),) if entered else ()
    return Statement(lang, title, about, (_list_series(found, tell),), tuple(_say_gaps(found, tell)))


def _list_series(found: Sequence[Series], tell: Teller) -> Table:
    columns = [tell.name(head) for head in ("series", "unit")]
    columns += [tell.number("reports", decimals=0), *map(tell.name, ("first", "last")), tell.number("last value")]
    rows = [
        (
            f"{one.variable} {one.place}",
            tell.unit(one.unit),
            len(one.points),
            one.name(min(one.points)),
            one.name(one.last),
            one.points[one.last].value,
        )
        for one in found
    ]
    return tell.table(tell.say("monitored series"), columns, rows)


def _say_gaps(found: Sequence[Series], tell: Teller) -> Iterator[str]:
    for one in found:
        if one.missing:
            text = "{variable} {place}: {count} periods not reported: {names}"
            names = tell.join([*map(one.name, one.missing[:GAPS]), *(["…"] if len(one.missing) > GAPS else [])])
            yield tell.say(text, variable=one.variable, place=one.place, count=len(one.missing), names=names)


def tell_alerts(found: Sequence[KeptAlert], lang: str) -> Statement:
    """Return alerts of a store, each with who has seen it."""
    tell = Teller(lang)
    title = tell.say("alerts of watched series")
    if not found:
        return Statement(lang, title, notes=(tell.say("no alerts"),))
    columns = [tell.name(head) for head in ("alert", "county", *ALERT_HEADS[1:])]
    rows = []
    for one in found:
        day = "" if one.seen_at is None else one.seen_at.date()
        state = (
            tell.say("seen by {by} on {day}: {note}", by=one.seen_by, day=day, note=one.note)
            if one.seen_by
            else tell.say("not seen")
        )
        what = f"{one.title or one.threshold}{tell.colon}{one.when}"
        series = f"{one.variable} {one.place}"
        rows.append(
            (
                one.alert,
                say_in(name_region(one.county), lang),
                SEVERITIES[one.severity][lang],
                series,
                one.period,
                what,
                one.basis,
                state,
            )
        )
    return Statement(lang, title, (), (tell.table(title, columns, rows),))


def tell_watch(found: Watch, lang: str, entered: str = "") -> Statement:
    """Return alerts, those that nobody has seen first, what cannot be judged, the series with their gaps, and how each open alert came about."""
    tell = Teller(lang)
    title = tell.say(
        "{day}: {alerts} alerts, {open} not acknowledged; {count} thresholds on series watched",
        day=found.day,
        alerts=len(found.alerts),
        open=len(found.open),
        count=len(found.found),
    )
    alerts = [_list_alert(one, found, tell) for one in sorted(found.alerts, key=lambda one: one.id in found.acknowledged)]
    tables = [tell.table(tell.say("alerts of watched series"), map(tell.name, ALERT_HEADS), alerts)] if alerts else []
    tables.append(_list_series(found.series, tell))
    notes = [*(_say_unknown(one, tell) for one in found.found if one.passed is None), *_say_gaps(found.series, tell)]
    about = ((tell.say("entered"), entered),) if entered else ()
    steps = tuple(step for one in found.open for step in one.explain())
    return Statement(lang, title, about, tuple(tables), tuple(notes), steps)


def _list_alert(one: Watched, found: Watch, tell: Teller) -> tuple[str, ...]:
    seen, limit = found.acknowledged.get(one.id), one.threshold
    state = tell.say("seen by {by} on {day}: {note}", by=seen.by, day=seen.day, note=seen.note) if seen else tell.say("not seen")
    unit = "" if one.series is not None and one.series.unit == limit.unit else f" ({tell.unit(limit.unit)})"
    what = f"{limit.title or limit.id}{tell.colon}{limit.when}{unit}"
    series = f"{limit.variable} {one.place}"
    return (one.id, SEVERITIES[limit.severity][tell.lang], series, one.period, what, limit.basis, state)


def _say_unknown(one: Watched, tell: Teller) -> str:
    why = tell.say("no report by this day") if one.series is None else tell.say("a divisor of 0")
    text = "{id} on {variable} {place} cannot be judged: not known is {names}"
    names = tell.join(one.unknown) or why
    return tell.say(text, id=one.threshold.id, variable=one.threshold.variable, place=one.place, names=names)
