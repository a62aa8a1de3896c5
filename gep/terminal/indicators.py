"""Prints status tables, scores and ranks of indicators on a terminal, and makes them plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gep.formula.show import show_equation
from gep.indicators.assess import EXACT, NO_FIGURE, NOT_MET, STATUS_TITLES, STATUSES
from gep.indicators.figures import FIGURE, TARGET
from gep.indicators.formulas import SCORES, make_formulas
from gep.indicators.indicator import ASSIGNED, BASE, HIGHER, LOWER, print_signs
from gep.messages.citing import say_cited
from gep.messages.layout import get_comma, pad, wrap_text
from gep.messages.texts import say_in, translate
from gep.messages.title import Title
from gep.reference.regions import read_regions
from gep.units.registry import print_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.indicators.assess import Assessed, Judged, Lack, Row
    from gep.indicators.indicator import Indicator, Reading
    from gep.indicators.sets import IndicatorSet

LACKS = {
    FIGURE: Title("{} 年数值", "figure of {}"),
    TARGET: Title("{} 年目标值", "target of {}"),
    EXACT: Title("{} 年确切数值", "exact figure of {}"),
}
ARROWS = {HIGHER: "↑", LOWER: "↓"}


def print_status(wanted: IndicatorSet, one: Assessed, target_year: int, places: int, lang: str) -> Iterator[str]:
    """Yield the status table of one place: every indicator with figure, targets, status and gap, in the indicator's unit.

    Parameters
    ----------
    places : how many were ranked
    lang   : zh or en
    """
    year = str(one.year) if one.year else (translate(lang, "base year"))
    yield f"{_place(one, lang)} {one.place}  {year}  {wanted.id}"
    yield from wrap_text(wanted.title[lang], "", "  ")
    yield ""
    for row in one.rows:
        yield from _row_lines(row, lang)
    yield ""
    for at, goal in enumerate(wanted.targets):
        counts = [
            (
                STATUS_TITLES[status][lang],
                sum(row.judged[at].status == status and row.judged[at].printed != "" for row in one.rows),
            )
            for status in STATUSES
        ]
        shown = get_comma(lang).join(f"{name} {count}" for name, count in counts if count)
        yield from wrap_text(translate(lang, "{goal}: {shown}", goal=goal, shown=shown), "", "  ")
    yield ""
    yield from _score_lines(wanted, one, target_year, places, lang)


def print_rank(wanted: IndicatorSet, found: Sequence[Assessed], target_year: int, lang: str, *, common: bool) -> Iterator[str]:
    """Yield scores and ranks of several places, and below them what those without a score lack.

    Parameters
    ----------
    common : whether scores count only the indicators known for every place
    lang   : zh or en
    """
    counted = len(found[0].counted)
    over = translate(lang, "that every place has") if common else ""
    head = translate(
        lang,
        "{id}  targets of {target_year}  {counted} indicators {over}",
        id=wanted.id,
        target_year=target_year,
        counted=counted,
        over=over,
    )
    yield head.rstrip()
    yield f"{pad(translate(lang, 'rank'), 6)}{pad(translate(lang, 'code'), 8)}{pad(translate(lang, 'place'), 20)}{pad(translate(lang, 'year'), 6)}{pad(translate(lang, 'score'), 10, right=True)}{pad(translate(lang, 'known'), 10, right=True)}"
    for one in sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.place)):
        score = "—" if one.score is None else f"{one.score:.4f}"
        rank = "—" if one.rank is None else str(one.rank)
        known = f"{len(one.counted) - len(one.lacking)}/{len(one.counted)}"
        yield f"{pad(rank, 6)}{one.place:<8}{pad(_place(one, lang), 20)}{one.year or '':<6}{score:>10}{known:>10}"
    lacking = [one for one in found if one.lacking]
    if lacking:
        yield ""
        yield translate(lang, "places that lack figures have no score; nothing is counted as zero:")
        for one in lacking:
            text = "; ".join(_lack_text(*lack, lang) for lack in one.lacking)
            yield from wrap_text(f"{one.place} {_place(one, lang)}: {text}", "  ", "    ")
    left_out = [one for one in wanted.indicators if not one.readings[target_year].is_text and one not in found[0].counted]
    if left_out:
        yield ""
        names = get_comma(lang).join(f"{one.number} {one.name(lang)}" for one in left_out)
        yield from wrap_text(translate(lang, "left out (not every place has them): {names}", names=names), "", "  ")
    yield ""
    yield from wrap_text(_method(wanted, lang), "", "  ")


def print_set(wanted: IndicatorSet, lang: str) -> Iterator[str]:
    """Yield the indicators of a set: number, id, name, unit, targets as printed and as read."""
    for one in wanted.indicators:
        yield f"{one.number:>3} {pad(one.id, 26)}{one.name(lang)} {ARROWS.get(one.direction, '')} {_unit(one.unit)}".rstrip()
        goals = [_goal_text(goal, one.printed[goal], one.readings[goal], lang) for goal in wanted.targets if one.printed[goal]]
        if one.formula:
            yield from wrap_text(f"= {one.formula}", "    ", "      ")
        yield from wrap_text("  ".join([f"{one.base_year}: {one.base or '—'}", *goals]), "    ", "    ")
        if one.note:
            yield from wrap_text(say_cited(one.note, lang), "    ", "    ")


def make_plain_set(wanted: IndicatorSet) -> list[dict[str, Any]]:
    """Return the indicators of a set as plain values: the base figure and the targets as printed, null where none is."""
    return [
        {
            "id": one.id,
            "number": one.number,
            "name": one.name(_LANGUAGE),
            "unit": one.unit,
            "direction": one.direction,
            "formula": one.formula or None,
            "base_year": one.base_year,
            "base": one.base or None,
            "mark": one.mark,
            "note": one.note or None,
            "targets": [{"year": goal, "printed": one.printed[goal] or None} for goal in wanted.targets],
        }
        for one in wanted.indicators
    ]


def make_plain_assessed(wanted: IndicatorSet, found: Sequence[Assessed], target_year: int, *, common: bool) -> dict[str, Any]:
    """Return the judged places as plain values, with the formulas and how far they are known.

    Parameters
    ----------
    common : whether scores count only the indicators known for every place
    """
    steps = make_formulas(wanted, target_year).steps
    return {
        "set": wanted.id,
        "title": asdict(wanted.title),
        "source": wanted.source,
        "target_year": target_year,
        "common": common,
        "score_rule": {
            "rule": wanted.score_rule,
            "weights": wanted.weights,
            "source": wanted.score_source,
            "mark": wanted.score_mark,
        },
        "formulas": {step.rule.id: show_equation(step.rule, step.formula) for step in steps if step.rule.id.endswith(".score")},
        "places": [_plain_place(one) for one in found],
    }


_LANGUAGE = "zh"


def _plain_place(one: Assessed) -> dict[str, Any]:
    return {
        "place": one.place,
        "name": _place(one, _LANGUAGE),
        "year": one.year or None,
        "score": one.score,
        "rank": one.rank,
        "counted": [of.id for of in one.counted],
        "lacking": [{"indicator": of.id, "lacks": [asdict(lack) for lack in lacks]} for of, lacks in one.lacking],
        "indicators": [_plain_row(row) for row in one.rows],
    }


def _plain_row(row: Row) -> dict[str, Any]:
    figure, one = row.figure, row.indicator
    return {
        "id": one.id,
        "number": one.number,
        "name": one.name(_LANGUAGE),
        "unit": one.unit,
        "direction": one.direction,
        "locator": one.locator,
        "mark": one.mark,
        "note": one.note,
        "figure": None
        if figure is None
        else {
            "year": figure.year,
            "value": figure.number,
            "bound": figure.bound,
            "given": figure.given,
            "unit_given": figure.unit,
            "source": figure.source,
            "address": figure.address,
        },
        "targets": [
            {
                "year": part.year,
                "printed": part.printed,
                "reading": part.reading,
                "target": part.target.value,
                "origin": part.target.origin,
                "status": part.status,
                "gap": part.gap,
                "score": part.score,
            }
            for part in row.judged
        ],
    }


def _row_lines(row: Row, lang: str) -> Iterator[str]:
    one, figure = row.indicator, row.figure
    yield from wrap_text(f"{one.name(lang)} {ARROWS.get(one.direction, '')}".rstrip(), f"{one.number:>3} ", "    ")
    if figure is None:
        shown = translate(lang, "no figure")
    elif figure.number is None:
        shown = figure.given
    else:
        shown = f"{print_signs(figure.bound)}{figure.number:g} {_unit(one.unit)}".strip() + f" ({figure.year})"
    parts = [shown, *(_judged_text(part, lang) for part in row.judged if part.printed)]
    yield from wrap_text("  ".join(parts), "      ", "        ")


def _judged_text(part: Judged, lang: str) -> str:
    word = STATUS_TITLES[part.status][lang]
    goal = f"{part.year} {print_signs(part.printed)}"
    operand = part.reading.removeprefix(part.sign)
    if part.target.value is not None and not (
        operand.isascii() and operand[:1].isdigit() and float(operand) == part.target.value
    ):
        goal += f" [{print_signs(part.sign)}{part.target.value:g}]"
    if part.status == NO_FIGURE:
        return goal
    if part.status == NOT_MET and part.gap:
        return f"{goal} {word}{translate(lang, ', short by ')}{part.gap:g}"
    return f"{goal} {word}"


def _goal_text(year: int, printed: str, reading: Reading, lang: str) -> str:
    """Return a target as printed, and as it is read where that says more."""
    goal = f"{year}: {print_signs(printed)}"
    if reading.is_text:
        return goal
    if reading.operand.startswith("target_"):
        meant = translate(lang, "target of {year}", year=reading.operand.removeprefix("target_"))
    else:
        meant = {ASSIGNED: translate(lang, "target assigned"), BASE: translate(lang, "base figure")}.get(
            reading.operand, reading.operand
        )
    told = f"{print_signs(reading.sign)}{meant}"
    return goal if told == print_signs(printed) else f"{goal} [{told}]"


def _lack_text(one: Indicator, lacks: Sequence[Lack], lang: str) -> str:
    what = (translate(lang, " and ")).join(LACKS[lack.kind][lang].format(lack.year) for lack in lacks)
    return f"{one.number} {one.name(lang)}: {what}"


def _score_lines(wanted: IndicatorSet, one: Assessed, target_year: int, places: int, lang: str) -> Iterator[str]:
    if one.score is None:
        missing = translate(lang, "{lacking} of {counted}", lacking=len(one.lacking), counted=len(one.counted))
        yield from wrap_text(
            translate(
                lang,
                "score (targets of {target_year}): none; {missing} indicators lack a figure or a target, and none counts as zero:",
                target_year=target_year,
                missing=missing,
            ),
            "",
            "  ",
        )
        for lack in one.lacking:
            yield from wrap_text(_lack_text(*lack, lang), "  ", "    ")
    else:
        rank = translate(lang, ", rank {rank} of {places}", rank=one.rank, places=places)
        yield from wrap_text(
            translate(
                lang, "score (targets of {target_year}): {score:.4f}{rank}", target_year=target_year, score=one.score, rank=rank
            ),
            "",
            "  ",
        )
    yield from wrap_text(_method(wanted, lang), "", "  ")


def _method(wanted: IndicatorSet, lang: str) -> str:
    rule = SCORES[wanted.score_rule]
    alike = "every number weighs the same" if wanted.weights == "equal_by_number" else "every indicator weighs the same"
    return translate(
        lang,
        "score: {rule}; {weights}; source {source} [{mark}]; reading of targets [{reading}]",
        rule=rule[lang],
        weights=say_in(alike, lang),
        source=wanted.score_source,
        mark=say_in(wanted.score_mark, lang),
        reading=say_in(wanted.reading_mark, lang),
    )


def _place(one: Assessed, lang: str) -> str:
    """Return what a place is called in the year of its figures."""
    return read_regions()[one.place].name(lang, one.year or None)


def _unit(text: str) -> str:
    return "" if text == "text" else print_unit(text)
