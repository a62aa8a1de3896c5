"""Prints findings of a check on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.findings import GRADES
from gep.messages.layout import get_colon, get_comma, wrap_text
from gep.messages.texts import join_list, say_in, translate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.messages.findings import Finding
    from gep.messages.many_findings import Findings


def print_findings(found: Sequence[Finding], lang: str) -> Iterator[str]:
    """Yield findings in full, worst first, and how many there are of each grade; those that say the same are one, with all places.

    Parameters
    ----------
    lang : zh or en
    """
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for one in found:
        said = (one.problem.found, one.problem.expected, one.problem.hint, one.explanation)
        alike.setdefault((one.grade, one.code, one.problem.file, *(say_in(text, lang) for text in said)), []).append(one)
    for one, *others in alike.values():
        where = f"{one.grade} {one.where}" + ("  " if one.where else "")
        yield from wrap_text(say_in(one.problem.found, lang), where, "  ")
        if others:
            places = join_list(str(other.problem.cell or other.problem.line or other.where) for other in others)
            text = translate(lang, "also at {places} ({count} in all)", places=say_in(places, lang), count=len(others) + 1)
            yield from wrap_text(text, "    ", "      ")
        if one.problem.expected:
            yield from wrap_text(f"{translate(lang, 'rule')}  {say_in(one.problem.expected, lang)}", "    ", "      ")
        if one.problem.hint:
            yield from wrap_text(f"{translate(lang, 'repair')}  {say_in(one.problem.hint, lang)}", "    ", "      ")
        if one.explanation:
            yield from wrap_text(f"{translate(lang, 'explained')}  {one.explanation}", "    ", "      ")
    counts = [(grade, sum(one.grade == grade for one in found)) for grade in GRADES]
    said_counts = get_comma(lang).join(
        translate(lang, "{count} {grade} ({meaning})", count=count, grade=grade, meaning=GRADES[grade][lang])
        for grade, count in counts
        if count
    )
    yield from wrap_text(said_counts or (translate(lang, "nothing found")), "", "  ")


COVERS = 5
"""Figures found from a part of their area that a run names."""


def print_run_findings(found: Findings, lang: str) -> Iterator[str]:
    """Yield what a run reports of its findings: departments that are missing, and how many findings are open."""
    for one in found.list_of("department"):
        yield from wrap_text(say_in(one.problem.found, lang), "", "  ")
    covers = found.list_of("cover")
    for one in covers[:COVERS]:
        text = f"{one.county} {one.year}{get_colon(lang)}{say_in(one.problem.found, lang)}"
        yield from wrap_text(text, "", "  ")
    if len(covers) > COVERS:
        more = len(covers) - COVERS
        text = translate(lang, "{more} more figures were found from a part of their area; gep check lists them", more=more)
        yield from wrap_text(text, "", "  ")
    counts = found.count_open()
    b, c = counts.get("B", 0), counts.get("C", 0)
    if b or c:
        text = translate(lang, "checks: {b} B to be explained, {c} C to be confirmed; gep check lists them", b=b, c=c)
        yield from wrap_text(text, "", "  ")
