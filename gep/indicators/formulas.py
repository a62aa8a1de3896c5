"""Formulas of indicators, in the language of the rules: whether a target is met, the gap, the score, and their sum.

Nobody prints such formulas with the tables of plans, so they are this program's own; the set names the one it uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.formula.check import derive_factor
from gep.formula.evaluate import Step
from gep.formula.nodes import Coefficient, Constant, Observed, Rule, Sum, at_least_zero, if_at_most
from gep.indicators.indicator import LOWER
from gep.messages.title import Title
from gep.rules.service import declare_variant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.formula.nodes import Leaf, Node
    from gep.indicators.indicator import Indicator, Reading
    from gep.indicators.sets import IndicatorSet

ONE, ZERO, FULL_MARKS = Constant(1.0), Constant(0.0), Constant(100.0)
SCORES = {
    "attainment": Title("完成度", "share of the target reached, at most 1"),
    "progress": Title("进展度", "share of the way from base to target, from 0 to 1"),
    "met": Title("达标", "1 if the target is met, else 0"),
}
TOTAL = "score"


@dataclass(frozen=True)
class Formulas:
    """The steps of a set for one target year, in order, and which indicators the score counts."""

    steps: tuple[Step, ...]
    counted: tuple[Indicator, ...]


def make_met(reading: Reading, value: Node, target: Node) -> Node:
    """Return the formula that is 1 where the target is met and 0 where not; a strict sign is not met by the target itself."""
    match reading.sign:
        case ">=":
            return if_at_most(target, value, then=ONE, otherwise=ZERO)
        case ">":
            return if_at_most(value, target, then=ZERO, otherwise=ONE)
        case "<=":
            return if_at_most(value, target, then=ONE, otherwise=ZERO)
        case _:
            return if_at_most(target, value, then=ZERO, otherwise=ONE)


def make_gap(direction: str, value: Node, target: Node) -> Node:
    """Return the formula of how much is lacking, in the indicator's unit; 0 where the target is reached.

    Parameters
    ----------
    direction : whether more or less is better, as the indicator has it
    """
    return at_least_zero(value - target) if direction == LOWER else at_least_zero(target - value)


def make_attainment(direction: str, value: Node, target: Node) -> Node:
    """Return the formula of value over target (target over value where less is better), 1 where it is reached.

    Parameters
    ----------
    direction : whether more or less is better, as the indicator has it
    """
    if direction == LOWER:
        return if_at_most(value, target, then=ONE, otherwise=target / value)
    return if_at_most(target, value, then=ONE, otherwise=at_least_zero(value / target))


def make_progress(direction: str, value: Node, target: Node, base: Node) -> Node:
    """Return the formula of the way gone over the way to go; a target that is missed and lies not beyond the base gives 0.

    Parameters
    ----------
    direction : whether more or less is better, as the indicator has it
    """
    if direction == LOWER:
        way = if_at_most(base, target, then=ZERO, otherwise=at_least_zero((base - value) / (base - target)))
        return if_at_most(value, target, then=ONE, otherwise=way)
    way = if_at_most(target, base, then=ZERO, otherwise=at_least_zero((value - base) / (target - base)))
    return if_at_most(target, value, then=ONE, otherwise=way)


def make_leaves(indicator: Indicator) -> tuple[Leaf, Leaf, Leaf]:
    """Return the leaves of an indicator, in its unit: the figure, the target and the base figure."""
    return (
        Observed(indicator.id, "x", indicator.unit, (), indicator.title),
        Coefficient(f"{indicator.id}.target", "T", indicator.unit, (), Title("目标值", "target")),
        Coefficient(f"{indicator.id}.base", "x_0", indicator.unit, (), Title("基期值", "base figure")),
    )


def make_formulas(wanted: IndicatorSet, year: int, only: Sequence[str] | None = None) -> Formulas:
    """Return the checked steps that judge a set against the targets of a year.

    Parameters
    ----------
    only : ids the score is limited to; None: every indicator whose target is no text

    Raises
    ------
    RuleError : a formula whose units do not balance
    """
    steps = []
    parts: list[tuple[str, Node]] = []
    counted = []
    weights = 0.0
    for one in wanted.indicators:
        reading = one.readings[year]
        if reading.is_text:
            continue
        value, target, base = make_leaves(one)
        score = {
            "attainment": make_attainment(one.direction, value, target),
            "progress": make_progress(one.direction, value, target, base),
            "met": make_met(reading, value, target),
        }[wanted.score_rule]
        steps.append(_step(f"{one.id}.met", "m", "1", Title("是否达标", "met"), make_met(reading, value, target), wanted))
        steps.append(_step(f"{one.id}.gap", "g", one.unit, Title("差距", "gap"), make_gap(one.direction, value, target), wanted))
        scored = _step(f"{one.id}.score", "s", "1", SCORES[wanted.score_rule], score, wanted)
        steps.append(scored)
        if only is None or one.id in only:
            counted.append(one)
            weights += wanted.weight(one)
            parts.append((one.id, Constant(wanted.weight(one)) * scored.rule))
    if parts:
        total = FULL_MARKS * (Sum(tuple(parts)) / Constant(weights))
        steps.append(_step(TOTAL, "S", "1", Title("综合得分", "score, 0 to 100"), total, wanted))
    return Formulas(tuple(steps), tuple(counted))


def _step(identity: str, symbol: str, unit: str, title: Title, formula: Node, wanted: IndicatorSet) -> Step:
    way = declare_variant(formula, wanted.score_source, wanted.id, wanted.score_mark, title.zh, title.en)
    rule = Rule(identity, symbol, unit, (), title, {"own": way})
    return Step(rule, "own", formula, derive_factor(rule, formula))
