"""Prints the result of verifying a certificate on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import get_colon, pad, wrap_text
from gep.messages.texts import say_in, translate
from gep.messages.words import STATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.certificate.against import Against
    from gep.certificate.verify import Verification
    from gep.store.walk import Walk

MOST_DIFFERENCES = 50


def print_verification(file: str, found: Verification, lang: str) -> Iterator[str]:
    """Yield the result of verifying a certificate: whether it holds, or every place where it does not.

    Parameters
    ----------
    file : name of the certificate's file
    lang : zh or en
    """
    if found.differences:
        yield from _difference_lines(file, found, lang)
        return
    about = found.about
    head = translate(lang, "run {run}", run=about["run"])
    yield f"{file}{get_colon(lang)}{translate(lang, 'equal')}"
    yield f"  {about['county']} {about['name_zh']} {about['year']}  {about['standard']}  {head}  gep {about['program']}"
    if about.get("superseded_by") is not None:
        yield translate(lang, "  superseded by run {run} when the certificate was made", run=about["superseded_by"])
    if found.measures == "quantities":
        yield translate(lang, "  quantities only; the standard has no prices")
    elif found.total is None:
        yield translate(lang, "  no service is accounted for")
    else:
        not_gep = found.measures == "equivalents"
        name = translate(lang, "value by equivalent factors (not GEP)") if not_gep else translate(lang, "GEP")
        yield f"  {name} {found.total:,.2f} {translate(lang, 'CNY/yr')}"
    checked = translate(
        lang,
        "{inputs:,} inputs and {coefficients:,} coefficients converted again, {rules:,} rules checked and evaluated",
        inputs=found.inputs,
        coefficients=found.coefficients,
        rules=found.rules,
    )
    exact = (
        translate(lang, "{count:,} of them to 12 digits", count=found.rounded)
        if found.rounded
        else translate(lang, "all to the last bit")
    )
    again = translate(lang, "{count:,} numbers of the results computed again, {exact}", count=found.numbers, exact=exact)
    yield f"  {checked}"
    yield f"  {again}"
    for one in found.events:
        signed = translate(
            lang, "{state} by {who} {at} UTC", state=STATE[one["kind"]][lang], who=one["who"], at=one["happened_at"][:16]
        )
        yield from wrap_text(signed + (f"{get_colon(lang)}{one['note']}" if one["note"] else ""), "  ", "    ")
    if not found.events:
        yield translate(lang, "  not signed")
    yield translate(lang, "  account sha256 {digest}", digest=found.account_sha256)
    yield translate(lang, "  whole {digest}", digest=found.whole)


def print_against(found: Against, lang: str) -> Iterator[str]:
    """Yield what a certificate was held against, what differs there, and what nobody asked.

    Parameters
    ----------
    lang : zh or en
    """
    for title, texts in (
        ("does not agree", found.differences),
        ("agrees beyond the file", found.checked),
        ("not checked", found.unchecked),
    ):
        if texts:
            yield f"  {translate(lang, title)}{get_colon(lang)}".rstrip()
        for text in texts:
            yield from wrap_text(say_in(text, lang), "    - ", "      ")


def print_walk(store: str, found: Walk, lang: str) -> Iterator[str]:
    """Yield whether a store follows its chain, or the first row of each table that does not, and what its head is.

    Parameters
    ----------
    store : name of the store's file
    lang  : zh or en
    """
    yield f"{store}{get_colon(lang)}" + (
        translate(lang, "every row follows the chain") if not found.broken else translate(lang, "the chain is broken")
    )
    for one in found.broken[:MOST_DIFFERENCES]:
        where = translate(lang, "link {link}", link=one.link) if one.link else translate(lang, "in no link")
        yield f"  {one.table} ({where})"
        for label, text in ((translate(lang, "found"), one.found), (translate(lang, "expected"), one.expected)):
            yield from wrap_text(pad(label, 15) + say_in(text, lang), "    ", " " * 19)
    yield "  " + translate(
        lang, "{links:,} links, {rows:,} rows in {tables} tables", links=found.links, rows=found.rows, tables=found.tables
    )
    if found.migrated_at is not None:
        text = translate(
            lang,
            "{rows:,} rows are older than the chain: they are linked as they stood on {at:%Y-%m-%d}; what was changed before is not seen",
            rows=found.migrated_rows,
            at=found.migrated_at,
        )
        yield from wrap_text(text, "  ", "    ")
    yield "  " + translate(lang, "head of the chain {digest} (link {link})", digest=found.head.sha256, link=found.head.link)
    printed = found.printed
    if printed is None:
        text = translate(
            lang, "not checked: whether this is the head that was printed; a chain made anew as a whole has another (--head)"
        )
    elif printed.link is None:
        text = translate(
            lang,
            "{digest} is no head of this chain: it was printed from another store, or this chain was made anew",
            digest=printed.sha256,
        )
    else:
        text = translate(
            lang,
            "the printed head is link {link}, of {at:%Y-%m-%d %H:%M} UTC: what was stored up to then is what it was printed from",
            link=printed.link,
            at=printed.linked_at,
        )
    yield from wrap_text(text, "  ", "    ")


def _difference_lines(file: str, found: Verification, lang: str) -> Iterator[str]:
    places = found.differences
    count = translate(lang, "differs at {count:,} places", count=len(places))
    yield f"{file}{get_colon(lang)}{count if len(places) != 1 else translate(lang, 'differs at 1 place')}"
    for place in places[:MOST_DIFFERENCES]:
        yield f"  {place.path or translate(lang, 'the whole file')}"
        right = translate(lang, "by recomputing") if place.kind == "recomputed" else translate(lang, "expected")
        for label, text in ((translate(lang, "found"), place.found), (right, place.expected)):
            yield from wrap_text(pad(label, 15) + say_in(text, lang), "    ", " " * 19)
    if len(places) > MOST_DIFFERENCES:
        more = len(places) - MOST_DIFFERENCES
        yield "  " + translate(lang, "... and {count:,} more; --format json lists all of them", count=more)
