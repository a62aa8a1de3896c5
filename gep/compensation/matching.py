"""Finds the rows of facts that an input means: a row of its indicator is used, belongs to somebody else, or is refused."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from gep.files.written_numbers import normalise_text
from gep.formula.nodes import RESULT
from gep.messages.problems import Problem
from gep.messages.suggest import find_closest, suggest_nearest
from gep.messages.texts import mark_word, say
from gep.reference.regions import describe_retired, find, find_retired, read_regions
from gep.reference.retired import find_latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.compensation.checked import CheckedScheme
    from gep.compensation.facts import Fact, Facts
    from gep.compensation.members import Places
    from gep.compensation.periods import Span
    from gep.compensation.scheme import Input

Rows = dict[tuple[str, str], "Fact"]
"""(member, part of the year) → row."""

ALIKE = 0.9
"""How alike two indicators are before one is taken for a misspelling of the other."""
WRITTEN = {"year": "2023", "quarter": "2023Q1", "month": "2023-01", "week": "2023W07", "day": "2023-01-31"}


def match_rows(
    ready: CheckedScheme, name: str, one: Input, facts: Facts, span: Span, places: Places
) -> tuple[Rows, list[Problem]]:
    """Return the rows of a span by member and part of the year, and those that are not valid; other parts belong to other runs.

    A row of another division or another scheme belongs to somebody else and is left out. A place nobody knows, one above the
    members, a period of another length and a second row of the same cell under another spelling are refused: were they
    left out, what a scheme makes of a missing row would be paid instead.

    Parameters
    ----------
    name : of the input `one`
    """
    problems: list[Problem] = []
    rows: Rows = {}
    wanted = {when: key for key, when in span.list_parts(one.every).items()}
    years = {span.year, *(year for year, _ in wanted)}
    members = _list_members(ready, one, places)
    for (place, of_year, part), fact in facts.of(one.indicator or name).items():
        if of_year not in years:
            continue
        member = members.get(place)
        if member is None:
            wrong = _stray(ready, one, place, places)
            if wrong:
                problems.append(_told(fact, wrong, _asked(one)))
            continue
        if (of_year, part) not in wanted:
            if _length(part) == one.every or of_year != span.year:
                continue
            problems.append(
                _told(
                    fact,
                    say("stands for a {part}", part=mark_word(_length(part))),
                    say("a {every}, such as {written}", every=mark_word(one.every), written=WRITTEN[one.every]),
                )
            )
            continue
        before = rows.get((member, part))
        if before is None or (fact.status == "restated" and before.status != "restated"):
            rows[member, part] = fact
        elif not (before.status == "restated" and fact.status != "restated"):
            problems.append(
                _told(
                    fact,
                    say(
                        "appears twice, in {address} as {place}",
                        address=before.address,
                        place=before.place or mark_word("the scheme"),
                    ),
                    "one row of a place and period",
                    "a correction has the status restated",
                )
            )
    return rows, problems


def find_misspelt(ready: CheckedScheme, facts: Facts) -> list[Problem]:
    """Return a problem for every indicator of the facts that looks like an input of the scheme and is not one."""
    carries = any(source.carry_in for fund in ready.scheme.funds.values() for source in fund.sources)
    inputs = (one.indicator or name for name, one in ready.scheme.inputs.items())
    results = (f"{RESULT}{one.name}" for one in ready.scheme.rule)
    known = sorted({*inputs, *results, *(["carry_in"] if carries else [])})
    folded = {_fold(name): name for name in known}
    problems = []
    for indicator, rows in facts.rows.items():
        if indicator in known or not rows:
            continue
        near = [folded[_fold(indicator)]] if _fold(indicator) in folded else find_closest(indicator, known, alike=ALIKE)
        if near:
            fact = next(iter(rows.values()))
            problems.append(
                Problem(
                    fact.file,
                    fact.line,
                    say("{id} asks for no {indicator!r}", id=ready.scheme.id, indicator=indicator),
                    say("{near}, which it looks like", near=near[0]),
                )
            )
    return problems


def _fold(indicator: str) -> str:
    """Return an indicator without case, width, spaces and joining marks, which nobody means anything by."""
    return re.sub(r"[\W_]+", "", normalise_text(indicator)).casefold()


def _list_members(ready: CheckedScheme, one: Input, places: Places) -> Mapping[str, str]:
    """Return what a row may have as its place → the member it means, empty for the scheme."""
    if one.by == "party":
        return places.called
    return {name: name for name in ready.scheme.sections} if one.by == "section" else {"": "", ready.scheme.id: ""}


def _stray(ready: CheckedScheme, one: Input, place: str, places: Places) -> str:
    """Return what is wrong with a place that is no member, empty if its row belongs to somebody else."""
    scheme = ready.scheme
    if one.by == "":
        own = place in places.called or place in scheme.parties or place in scheme.sections
        return say("names a place, and is one figure for the whole scheme") if own else ""
    if one.by == "section":
        named = {section.name for section in scheme.sections.values()}
        if place == "" or place in named or place in places.called:
            return say("does not name a section by its id")
        hint = suggest_nearest(place, scheme.sections)
        return say("names a section that {id} does not have; {hint}", id=scheme.id, hint=hint) if hint else ""
    if place == "":
        return say("names no place")
    if place in scheme.parties:
        return say("names a party that is not a member")
    old = find_retired(place)
    if any(one.successor and find_latest(one.successor) in places.codes.values() for one in old):
        return say("names a division of another time: {old}", old=describe_retired(old[0]))
    codes = _codes(place)
    if not codes:
        return say("names a place that nobody knows")
    if any(code.removesuffix("00").removesuffix("00") in places.around for code in codes):
        return say("names no single member")
    return ""


@cache
def _codes(place: str) -> tuple[str, ...]:
    return (place,) if place in read_regions() else tuple(region.code for region in find(place))


def _length(part: str) -> str:
    return "year" if not part else "day" if "-" in part else {"Q": "quarter", "W": "week"}.get(part[0], "month")


def _asked(one: Input) -> str:
    by = {
        "party": "a member by its code or name",
        "section": "the id of a section",
        "": "an empty place, or the id of the scheme",
    }
    return by[one.by]


def _told(fact: Fact, found: str, expected: str, hint: str = "") -> Problem:
    what = say(
        "{indicator} of {place} {period}",
        indicator=fact.indicator,
        place=fact.place or mark_word("the scheme"),
        period=fact.period,
    )
    return Problem(fact.file, fact.line, say("{what} {found}", what=what, found=found), expected, hint)
