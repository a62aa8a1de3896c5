"""What the store holds of a place beside its account: the catalogue of its products, and alerts of what is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.numbers import format_digits
from gep.messages.tables import Column, Row, Table
from gep.messages.texts import translate
from gep.products.catalogue import KINDS
from gep.store.products import list_alerts as read_alerts
from gep.tasks.products import read_products

if TYPE_CHECKING:
    from gep.reports.words import Words
    from gep.store.keys import AccountKey
    from gep.store.store import Store


def list_products(store: Store, key: AccountKey, words: Words) -> Table:
    """Return the newest edition of the catalogue of a place and year; without rows where none is kept.

    Amounts are of the time they were observed in, as the form has them: nothing is made a year's.
    """
    edition, who, kept = read_products(store, key.county, key.year)
    rows = tuple(
        Row(
            (
                KINDS[one.kind][words.lang],
                one.name,
                one.place,
                f"{format_digits(one.amount.value)} {words.unit(one.unit)}",
                one.quality,
                f"{one.months[0]}–{one.months[-1]}",
                one.department,
                one.amount.address,
            )
        )
        for one in kept
    )
    names = ("category", "product", "place", "amount", "quality", "months", "department", "address")
    columns = tuple(Column(name, words[f"products_{name}"]) for name in names)
    note = words.say("products_note", edition=edition, who=who) if rows else ""
    return Table("products", "", words["products_table"], columns, rows, note, small=True)


def list_alerts(store: Store, key: AccountKey, words: Words) -> Table:
    """Return the alerts of a place on periods of a year in the store, what nobody has seen first; without rows where there are none."""
    with store:
        found = read_alerts(store, key.county, key.year)
    rows = tuple(
        Row(
            (
                translate(words.lang, one.severity),
                one.title or one.threshold,
                f"{one.variable} {one.place}",
                one.period,
                one.when,
                one.basis,
                words.say("alerts_seen", who=one.seen_by, note=one.note) if one.seen_by else words["alerts_open"],
            )
        )
        for one in found
    )
    names = ("severity", "threshold", "series", "period", "when", "basis", "state")
    columns = tuple(Column(name, words[f"alerts_{name}"]) for name in names)
    return Table("alerts", "", words["alerts_table"], columns, rows, small=True)
