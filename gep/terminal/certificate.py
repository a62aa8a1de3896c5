"""What came out of verifying a certificate, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.certificate.verify import Verification

MOST_DIFFERENCES = 50


def verification_lines(file: str, found: Verification) -> Iterator[str]:
    """Yield what came out of verifying a certificate."""
    places = found.differences
    if places:
        yield f"{file}: differs at {len(places):,} place{'s' if len(places) != 1 else ''}"
        for place in places[:MOST_DIFFERENCES]:
            yield f"  {place.path or 'the whole file'}"
            said = "by recomputing" if place.kind == "recomputed" else "expected"
            yield from wrapped(f"{'found':<15}{place.found}", "    ", " " * 19)
            yield from wrapped(f"{said:<15}{place.expected}", "    ", " " * 19)
        if len(places) > MOST_DIFFERENCES:
            yield f"  ... and {len(places) - MOST_DIFFERENCES:,} more; --format json lists all of them"
        return
    about = found.about
    yield f"{file}: equal"
    yield f"  {about['county']} {about['name_zh']} {about['year']}  {about['standard']}  run {about['run']}  gep {about['program']}"
    if about.get("superseded_by") is not None:
        yield f"  superseded by run {about['superseded_by']} when the certificate was made"
    yield f"  GEP {found.total:,.2f} CNY/yr" if found.total is not None else "  no service is accounted for"
    yield f"  {found.inputs:,} inputs and {found.coefficients:,} coefficients converted again, {found.rules:,} rules checked and evaluated"
    exact = "all to the last bit" if not found.rounded else f"{found.rounded:,} of them to 12 digits"
    yield f"  {found.numbers:,} numbers of the results computed again, {exact}"
    for one in found.events:
        note = f": {one['note']}" if one["note"] else ""
        yield from wrapped(f"{one['kind']} by {one['who']} {one['happened_at'][:16]} UTC{note}", "  ", "    ")
    if not found.events:
        yield "  not signed"
    yield f"  account sha256 {found.account_sha256}"
    yield f"  whole {found.whole}"
