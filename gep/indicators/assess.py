"""Judges figures against the targets of a set: status, gap, score and rank. Missing figures are named, never counted as zero."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.formula.evaluate import Evaluation, EvaluationInputs
from gep.indicators.figures import FIGURE, TARGET, Figure
from gep.indicators.formulas import TOTAL, make_formulas, make_leaves
from gep.indicators.indicator import ASSIGNED, BASE, HIGHER, TEXT
from gep.indicators.sets import parse_bound
from gep.messages.title import Title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.formula.evaluate import Floats
    from gep.indicators.figures import Figures
    from gep.indicators.formulas import Formulas
    from gep.indicators.indicator import Indicator
    from gep.indicators.sets import IndicatorSet

MET, NOT_MET, NO_FIGURE, NO_TARGET, ONLY_BOUND, IN_WORDS = "met", "not met", "no figure", "no target", "only a bound", "in words"
STATUSES = (MET, NOT_MET, NO_FIGURE, NO_TARGET, ONLY_BOUND, IN_WORDS)
STATUS_TITLES = {
    MET: Title("达到", "met"),
    NOT_MET: Title("未达到", "not met"),
    NO_FIGURE: Title("缺数据", "no figure"),
    NO_TARGET: Title("缺目标值", "no target"),
    ONLY_BOUND: Title("只知界限", "only a bound is known"),
    IN_WORDS: Title("由人判断", "for people to judge"),
}
"""Status → what it is called."""
EXACT = "exact"
"""A lack: only a bound was handed in where the exact figure decides."""
_DIGITS = 12
"""Digits of a gap; scores that agree to so many decimals share a rank."""


@dataclass(frozen=True)
class Lack:
    """Something nobody has handed in: a figure of a year, the target assigned for a year, or an exact figure for a bound."""

    kind: str
    year: int


@dataclass(frozen=True)
class Target:
    """The target a figure is judged against, and where it was printed or assigned; `value` is None where it is missing."""

    value: float | None
    origin: str = ""
    lack: Lack | None = None


@dataclass(frozen=True)
class Judged:
    """One indicator of a place against one target year; `gap` in the indicator's unit, `score` from 0 to 1."""

    year: int
    printed: str
    reading: str
    sign: str
    target: Target
    status: str
    gap: float | None
    score: float | None


@dataclass(frozen=True)
class Row:
    """One indicator of a place: its figure and what it comes to."""

    indicator: Indicator
    figure: Figure | None
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class Assessed:
    """A place in a year.

    Attributes
    ----------
    score   : 0 to 100; None if any indicator it counts is not known
    counted : the indicators the score counts
    lacking : the indicators among them that are not known, with what lacks
    rank    : 1 is best, equal scores share it; None without a score
    """

    place: str
    year: int
    rows: tuple[Row, ...]
    score: float | None
    counted: tuple[Indicator, ...]
    lacking: tuple[tuple[Indicator, tuple[Lack, ...]], ...]
    rank: int | None


def find_figure(figures: Figures, wanted: IndicatorSet, one: Indicator, place: str, year: int | None) -> Figure | None:
    """Return the figure handed in, or for the region itself the one the set prints; None where there is neither.

    Parameters
    ----------
    one   : the indicator
    place : six-digit code
    year  : None: the base year
    """
    at = one.base_year if year is None else year
    given = figures.get((place, at, one.id, FIGURE))
    if given or place != wanted.region or at != one.base_year or not one.base:
        return given
    bound, number = parse_bound(one.base) or ("", None)
    text = one.unit == TEXT
    return Figure(
        place,
        at,
        one.id,
        FIGURE,
        None if text else number,
        "" if text else bound,
        one.base,
        one.unit,
        wanted.source,
        one.note,
        one.address,
    )


def find_target(figures: Figures, wanted: IndicatorSet, one: Indicator, place: str, year: int) -> Target:
    """Return the target of a place: assigned to it, printed in the set, or its own base figure; or what lacks.

    Parameters
    ----------
    one   : the indicator; the target is in its unit
    place : six-digit code
    year  : target year
    """
    assigned = figures.get((place, year, one.id, TARGET))
    if assigned:
        return Target(assigned.number, assigned.address)
    reading = one.readings[year]
    if reading.number is not None:
        if place == wanted.region or not one.total:
            return Target(reading.number, wanted.id if place == wanted.region else f"{wanted.id}, {wanted.region}")
        return Target(None, lack=Lack(TARGET, year))
    if reading.operand == BASE:
        base = find_figure(figures, wanted, one, place, None)
        if base is None or base.number is None:
            return Target(None, lack=Lack(FIGURE, one.base_year))
        if base.bound:
            return Target(None, lack=Lack(EXACT, one.base_year))
        return Target(base.number, base.address)
    if reading.operand == ASSIGNED:
        return Target(None, lack=Lack(TARGET, year))
    return find_target(figures, wanted, one, place, int(reading.operand[-4:]))


def assess(
    figures: Figures, wanted: IndicatorSet, places: Sequence[str], year: int | None, target_year: int, *, common: bool = False
) -> tuple[Assessed, ...]:
    """Return every place judged against all targets, scored and ranked against those of `target_year`.

    Parameters
    ----------
    places : six-digit codes
    year   : year of the figures; None: the base year of each indicator
    common : score only on the indicators that are known for every place, so that all of them can be ranked

    Returns
    -------
    One Assessed a place: gaps in the indicator's unit, score 0 to 100

    Method: `gep.indicators.formulas`, evaluated for all places at once.
    """
    judged = {goal: _Judge(figures, wanted, places, year, goal) for goal in wanted.targets}
    chosen = judged[target_year]
    scores, counted = chosen.scores(common=common)
    ranks = _ranks(scores)
    found = []
    for at, place in enumerate(places):
        rows = tuple(
            Row(one, chosen.figures[place, one.id], tuple(judged[goal].of(one, at) for goal in wanted.targets))
            for one in wanted.indicators
        )
        score = None if math.isnan(scores[at]) else scores[at]
        lacking = tuple((one, lacks) for one in counted if (lacks := chosen.lacks(one, at)))
        found.append(Assessed(place, year or 0, rows, score, counted, lacking, ranks[at]))
    return tuple(found)


class _Judge:
    """The set evaluated for all places against one target year."""

    def __init__(self, figures: Figures, wanted: IndicatorSet, places: Sequence[str], year: int | None, goal: int) -> None:
        self.wanted, self.places, self.year, self.goal = wanted, places, year, goal
        self.figures = {
            (place, one.id): find_figure(figures, wanted, one, place, year) for place in places for one in wanted.indicators
        }
        self.targets = {
            (place, one.id): find_target(figures, wanted, one, place, goal)
            for place in places
            for one in wanted.indicators
            if not one.readings[goal].is_text
        }
        self.bases = {
            (place, one.id): find_figure(figures, wanted, one, place, None) for place in places for one in wanted.indicators
        }
        self.formulas = make_formulas(wanted, goal)
        arrays = self._arrays()
        first = _evaluate(self.formulas, len(places), arrays)
        self.by_bound: set[tuple[int, str]] = set()
        for one in self.formulas.counted:
            for at, place in enumerate(places):
                figure = self.figures[place, one.id]
                if figure and figure.bound and not self._decided(figure, one, first[f"{one.id}.met"][at]):
                    self.by_bound.add((at, one.id))
                    arrays[one.id][at] = np.nan
        self.arrays = arrays
        self.results = _evaluate(self.formulas, len(places), arrays) if self.by_bound else first

    def _arrays(self) -> dict[str, Floats]:
        arrays = {}
        for one in self.formulas.counted:
            value, target, base = make_leaves(one)
            bases = [self.bases[place, one.id] for place in self.places]
            for leaf, numbers in (
                (value, [figure.number if figure else None for figure in (self.figures[place, one.id] for place in self.places)]),
                (target, [self.targets[place, one.id].value for place in self.places]),
                (base, [figure.number if figure and not figure.bound else None for figure in bases]),
            ):
                arrays[leaf.id] = np.array([np.nan if number is None else number for number in numbers]).reshape(-1, 1, 1, 1)
        return arrays

    @staticmethod
    def _decided(figure: Figure, one: Indicator, is_met: Floats) -> bool:
        """Whether a bound is enough: at least 95 meets a target of 95, and says nothing about one of 98."""
        return figure.bound == (">=" if one.direction == HIGHER else "<=") and bool(is_met == 1)

    def of(self, one: Indicator, at: int) -> Judged:
        """Return one indicator of one place, judged."""
        place = self.places[at]
        reading = one.readings[self.goal]
        printed = one.printed[self.goal]
        if reading.is_text:
            return Judged(self.goal, printed, TEXT, "", Target(None), IN_WORDS, None, None)
        figure, target = self.figures[place, one.id], self.targets[place, one.id]
        results = {name: float(self.results[f"{one.id}.{name}"][at].item()) for name in ("met", "gap", "score")}
        if figure is None:
            status = NO_FIGURE
        elif target.value is None:
            status = NO_TARGET
        elif (at, one.id) in self.by_bound:
            status = ONLY_BOUND
        else:
            status = MET if results["met"] == 1 else NOT_MET
        known = status in {MET, NOT_MET}
        score = results["score"]
        return Judged(
            self.goal,
            printed,
            f"{reading.sign}{reading.operand}",
            reading.sign,
            target,
            status,
            float(f"{results['gap']:.{_DIGITS}g}") if known else None,
            None if math.isnan(score) else score,
        )

    def scores(self, *, common: bool) -> tuple[list[float], tuple[Indicator, ...]]:
        """Return the score of every place (NaN: not all is known) and the indicators it counts."""
        formulas, results = self.formulas, self.results
        if common:
            known = [one.id for one in formulas.counted if not np.isnan(results[f"{one.id}.score"]).any()]
            formulas = make_formulas(self.wanted, self.goal, known)
            results = _evaluate(formulas, len(self.places), self.arrays)
        if not formulas.counted:
            return [math.nan] * len(self.places), ()
        cells = np.broadcast_to(results[TOTAL], (len(self.places), 1, 1, 1)).reshape(-1)
        return [float(value) for value in cells], formulas.counted

    def lacks(self, one: Indicator, at: int) -> tuple[Lack, ...]:
        """Return what lacks for the score of an indicator; empty: nothing."""
        if not np.isnan(self.results[f"{one.id}.score"][at]).any():
            return ()
        place = self.places[at]
        figure, target, base = self.figures[place, one.id], self.targets[place, one.id], self.bases[place, one.id]
        found = []
        if figure is None:
            found.append(Lack(FIGURE, one.base_year if self.year is None else self.year))
        elif (at, one.id) in self.by_bound:
            found.append(Lack(EXACT, figure.year))
        if target.lack:
            found.append(target.lack)
        if not found:  # only the way from the base to the target lacks its beginning
            found.append(Lack(EXACT if base else FIGURE, one.base_year))
        return tuple(dict.fromkeys(found))


def _evaluate(formulas: Formulas, accounts: int, arrays: dict[str, Floats]) -> dict[str, Floats]:
    """Return the results of all steps, each one of shape (accounts, 1, 1, 1)."""
    results = Evaluation(formulas.steps, EvaluationInputs(accounts, arrays)).run()
    return {name: np.broadcast_to(cells, (accounts, 1, 1, 1)) for name, cells in results.items()}


def _ranks(scores: Sequence[float]) -> list[int | None]:
    rounded = [None if math.isnan(score) else round(score, _DIGITS) for score in scores]
    known = [score for score in rounded if score is not None]
    return [None if score is None else 1 + sum(other > score for other in known) for score in rounded]
