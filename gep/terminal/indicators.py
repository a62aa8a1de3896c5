"""Status tables, scores and ranks of indicators as text for a terminal, and as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gep.formula.show import equation
from gep.indicators.assess import EXACT, IN_WORDS, MET, NO_FIGURE, NO_TARGET, NOT_MET, ONLY_BOUND, STATUSES
from gep.indicators.figures import FIGURE, TARGET
from gep.indicators.formulas import SCORES, make_formulas
from gep.indicators.indicator import HIGHER, LOWER
from gep.messages.layout import pad, wrapped
from gep.reference.regions import regions
from gep.units.registry import printed_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.indicators.assess import Assessed, Judged, Lack, Row
    from gep.indicators.indicator import Indicator
    from gep.indicators.sets import IndicatorSet

WORDS = {
    MET: ("达到", "met"),
    NOT_MET: ("未达到", "not met"),
    NO_FIGURE: ("缺数据", "no figure"),
    NO_TARGET: ("缺目标值", "no target"),
    ONLY_BOUND: ("只知界限", "only a bound is known"),
    IN_WORDS: ("由人判断", "for people to judge"),
}
LACKS = {
    FIGURE: ("{} 年数值", "figure of {}"),
    TARGET: ("{} 年目标值", "target of {}"),
    EXACT: ("{} 年确切数值", "exact figure of {}"),
}
ARROWS = {HIGHER: "↑", LOWER: "↓"}


def status_lines(wanted: IndicatorSet, one: Assessed, target_year: int, places: int, lang: str) -> Iterator[str]:
    """Yield the status table of one place: every indicator with figure, targets, status and gap."""
    zh = lang == "zh"
    year = str(one.year) if one.year else ("基期" if zh else "base year")
    yield f"{_place(one.place, lang)} {one.place}  {year}  {wanted.id}"
    yield from wrapped(wanted.title[lang], "", "  ")
    yield ""
    for row in one.rows:
        yield from _row_lines(row, lang)
    yield ""
    for at, goal in enumerate(wanted.targets):
        counts = [
            (
                WORDS[status][0 if zh else 1],
                sum(row.judged[at].status == status and row.judged[at].printed != "" for row in one.rows),
            )
            for status in STATUSES
        ]
        shown = ("、" if zh else ", ").join(f"{name} {count}" for name, count in counts if count)
        yield from wrapped(f"{goal}: {shown}" if not zh else f"{goal} 年目标:{shown}", "", "  ")
    yield ""
    yield from _score_lines(wanted, one, target_year, places, lang)


def rank_lines(wanted: IndicatorSet, found: Sequence[Assessed], target_year: int, lang: str, *, common: bool) -> Iterator[str]:
    """Yield scores and ranks of several places, and below what lacks for those without."""
    zh = lang == "zh"
    counted = len(found[0].counted)
    over = ("各地都有的" if common else "") if zh else ("that every place has" if common else "")
    head = (
        f"{wanted.id}  {target_year} 年目标  {over}{counted} 项指标"
        if zh
        else f"{wanted.id}  targets of {target_year}  {counted} indicators {over}"
    )
    yield head.rstrip()
    yield f"{pad('名次' if zh else 'rank', 6)}{pad('代码' if zh else 'code', 8)}{pad('地区' if zh else 'place', 20)}{pad('年' if zh else 'year', 6)}{pad('得分' if zh else 'score', 10, right=True)}{pad('已知' if zh else 'known', 10, right=True)}"
    for one in sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.place)):
        score = "—" if one.score is None else f"{one.score:.4f}"
        rank = "—" if one.rank is None else str(one.rank)
        known = f"{len(one.counted) - len(one.lacking)}/{len(one.counted)}"
        yield f"{pad(rank, 6)}{one.place:<8}{pad(_place(one.place, lang), 20)}{one.year or '':<6}{score:>10}{known:>10}"
    lacking = [one for one in found if one.lacking]
    if lacking:
        yield ""
        yield "缺数据的地区没有得分,不按零计:" if zh else "places that lack figures have no score; nothing is counted as zero:"
        for one in lacking:
            text = "; ".join(_lack_text(*lack, lang) for lack in one.lacking)
            yield from wrapped(f"{one.place} {_place(one.place, lang)}: {text}", "  ", "    ")
    left_out = [one for one in wanted.indicators if not one.readings[target_year].is_text and one not in found[0].counted]
    if left_out:
        yield ""
        names = ("、" if zh else ", ").join(f"{one.number} {one.name(lang)}" for one in left_out)
        yield from wrapped(f"不计(不是各地都有):{names}" if zh else f"left out (not every place has them): {names}", "", "  ")
    yield ""
    yield from wrapped(_method(wanted, lang), "", "  ")


def list_lines(wanted: IndicatorSet, lang: str) -> Iterator[str]:
    """Yield the indicators of a set: number, id, name, unit, targets as printed and as read."""
    for one in wanted.indicators:
        yield f"{one.number:>3} {pad(one.id, 26)}{one.name(lang)} {ARROWS.get(one.direction, '')} {_unit(one.unit)}".rstrip()
        goals = [
            f"{goal}: {one.printed[goal]}"
            + (f" [{reading.sign}{reading.operand}]" if not (reading := one.readings[goal]).is_text else "")
            for goal in wanted.targets
            if one.printed[goal]
        ]
        if one.formula:
            yield from wrapped(f"= {one.formula}", "    ", "      ")
        yield from wrapped("  ".join([f"{one.base_year}: {one.base or '—'}", *goals]), "    ", "    ")
        if one.note:
            yield from wrapped(one.note, "    ", "    ")


def plain_set(wanted: IndicatorSet) -> list[dict[str, Any]]:
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


def plain_assessed(wanted: IndicatorSet, found: Sequence[Assessed], target_year: int, *, common: bool) -> dict[str, Any]:
    """Return everything as plain values, with the formulas and how far they are known."""
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
        "formulas": {step.rule.id: equation(step.rule, step.formula) for step in steps if step.rule.id.endswith(".score")},
        "places": [_plain_place(one) for one in found],
    }


_LANGUAGE = "zh"


def _plain_place(one: Assessed) -> dict[str, Any]:
    return {
        "place": one.place,
        "name": _place(one.place, _LANGUAGE),
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
    zh = lang == "zh"
    one, figure = row.indicator, row.figure
    yield from wrapped(f"{one.name(lang)} {ARROWS.get(one.direction, '')}".rstrip(), f"{one.number:>3} ", "    ")
    if figure is None:
        shown = "缺数据" if zh else "no figure"
    elif figure.number is None:
        shown = figure.given
    else:
        shown = f"{_signs(figure.bound)}{figure.number:g} {_unit(one.unit)}".strip() + f" ({figure.year})"
    parts = [shown, *(_judged_text(part, lang) for part in row.judged if part.printed)]
    yield from wrapped("  ".join(parts), "      ", "        ")


def _judged_text(part: Judged, lang: str) -> str:
    zh = lang == "zh"
    word = WORDS[part.status][0 if zh else 1]
    goal = f"{part.year} {_signs(part.printed)}"
    operand = part.reading.removeprefix(part.sign)
    if part.target.value is not None and not (operand[:1].isdigit() and float(operand) == part.target.value):
        goal += f" [{_signs(part.sign)}{part.target.value:g}]"
    if part.status == NO_FIGURE:
        return goal
    if part.status == NOT_MET and part.gap:
        return f"{goal} {word},{' 差 ' if zh else ' short by '}{part.gap:g}"
    return f"{goal} {word}"


def _signs(text: str) -> str:
    return text.replace(">=", "≥").replace("<=", "≤")


def _lack_text(one: Indicator, lacks: Sequence[Lack], lang: str) -> str:
    zh = lang == "zh"
    what = ("、" if zh else " and ").join(LACKS[lack.kind][0 if zh else 1].format(lack.year) for lack in lacks)
    return f"{one.number} {one.name(lang)}: {what}"


def _score_lines(wanted: IndicatorSet, one: Assessed, target_year: int, places: int, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    if one.score is None:
        missing = f"{len(one.lacking)} of {len(one.counted)}" if not zh else f"{len(one.counted)} 项中 {len(one.lacking)} 项"
        yield from wrapped(
            f"综合得分({target_year} 年目标):无,计分的 {missing}缺数据或目标值,不按零计:"
            if zh
            else f"score (targets of {target_year}): none; {missing} indicators lack a figure or a target, and none counts as zero:",
            "",
            "  ",
        )
        for lack in one.lacking:
            yield from wrapped(_lack_text(*lack, lang), "  ", "    ")
    else:
        rank = f",{places} 个地区中第 {one.rank} 名" if zh else f", rank {one.rank} of {places}"
        yield from wrapped(
            f"综合得分({target_year} 年目标):{one.score:.4f}{rank}"
            if zh
            else f"score (targets of {target_year}): {one.score:.4f}{rank}",
            "",
            "  ",
        )
    yield from wrapped(_method(wanted, lang), "", "  ")


def _method(wanted: IndicatorSet, lang: str) -> str:
    rule = SCORES[wanted.score_rule]
    if lang == "zh":
        weights = "每个编号等权" if wanted.weights == "equal_by_number" else "各项等权"
        return (
            f"计分办法:{rule.zh},{weights};来源 {wanted.score_source} [{wanted.score_mark}];目标值的读法 [{wanted.reading_mark}]"
        )
    weights = "every number weighs the same" if wanted.weights == "equal_by_number" else "every indicator weighs the same"
    return f"score: {rule.en}; {weights}; source {wanted.score_source} [{wanted.score_mark}]; reading of targets [{wanted.reading_mark}]"


def _place(code: str, lang: str) -> str:
    return regions()[code].name(lang)


def _unit(text: str) -> str:
    return "" if text == "text" else printed_unit(text)
