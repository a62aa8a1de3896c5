"""Prints the result of verifying a certificate on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import get_colon, pad, wrap_text
from gep.messages.texts import say_in, translate
from gep.messages.words import STATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.certificate.verify import Verification

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
    if found.total is None:
        yield translate(lang, "  no service is accounted for")
    else:
        yield f"  GEP {found.total:,.2f} {translate(lang, 'CNY/yr')}"
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
