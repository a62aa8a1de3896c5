"""Thresholds on series, as documents in the language of formulas, and the alerts they raise on a day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from gep.files.schema import Part
from gep.files.yaml_lines import read_typed_document, validate_document
from gep.formula.check import derive_factor
from gep.formula.infix import FormulaError, parse
from gep.formula.nodes import AllOf, AnyOf, Binary, Compare, Fold, Not, Rule, Total, children
from gep.formula.walk import list_leaves
from gep.messages.problems import RuleError
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.messages.title import Title
from gep.rules.service import declare_variant
from gep.units.registry import UnitError, find_factor, scale_number
from gep.worked.calculation import Calculation, Figure, describe, give_members, give_one, make_leaf, make_rule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from gep.explain.explain import Explained
    from gep.formula.nodes import Node
    from gep.products.series import Series
    from gep.worked.calculation import Given
    from gep.worked.written import Reader

LEAVES = {
    "level": make_leaf("level", "x", "1", "最近一期数值", "last value"),
    "previous": make_leaf("previous", "x_0", "1", "上一期数值", "value of the period before"),
    "change": make_leaf("change", "dx", "1", "较上一期变化", "change from the period before"),
    "last_year": make_leaf("last_year", "x_y", "1", "上年同期数值", "value a year before"),
    "drift": make_leaf("drift", "x_d", "1", "较往年同期均值变化", "change from the mean of the same period in earlier years"),
    "trend": make_leaf("trend", "b", "1", "近十二期每期变化", "change a period over the last twelve"),
    "missing": make_leaf("missing", "m", "1", "缺报期数", "periods without a report up to the day"),
}
"""What a formula may name: numbers in the threshold's unit, `missing` in periods."""
TREND_PERIODS, FEWEST = 12, 3
"""A trend is over the reports of so many periods, and there must be so many of them."""
_make = partial(make_rule, source="this-project", clause="watching of series", mark="D")
_X = make_leaf("values", "x", "1", "各期数值", "values", ("time",))
_T = make_leaf("times", "t", "1", "各期序号", "periods", ("time",))
_T_OFF: Node = _T - Fold(_T, "time", "mean")
_TREND = _make(
    "trend",
    "b",
    "1",
    "每期变化",
    "change a period",
    Total(_T_OFF * (_X - Fold(_X, "time", "mean")), "time") / Total(_T_OFF * _T_OFF, "time"),
)
_MEAN = _make("mean", "x_m", "1", "往年同期均值", "mean of earlier years", Fold(_X, "time", "mean"))
SEVERITIES = {"notice": Title("提示", "notice"), "warning": Title("预警", "warning"), "alarm": Title("警报", "alarm")}
"""How much hangs on a threshold, the least first."""


class _Threshold(Part):
    id: str
    variable: str
    when: str
    unit: str
    basis: str
    place: str = ""
    severity: Literal["notice", "warning", "alarm"] = "warning"
    title: str = ""


class _Document(Part):
    author: str
    thresholds: tuple[_Threshold, ...]


@dataclass(frozen=True)
class Threshold:
    """A threshold that was read: on which series, in which unit, and the rule that is 1 where it is passed."""

    id: str
    title: str
    variable: str
    place: str
    when: str
    unit: str
    basis: str
    severity: str
    rule: Rule
    at: str

    @property
    def names(self) -> list[str]:
        """The names its formula uses."""
        return list(dict.fromkeys(leaf.id for leaf in list_leaves(self.rule.variants["own"].expression)))


@dataclass(frozen=True)
class Watched:
    """A threshold held against one series on a day; `passed` None: it cannot be judged, since `unknown` are not known."""

    threshold: Threshold
    series: Series | None
    place: str
    period: str
    passed: bool | None
    unknown: tuple[str, ...]
    calculation: Calculation

    @property
    def id(self) -> str:
        """What an alert is acknowledged by: the same for the same threshold, series and period."""
        named = [self.threshold.id, self.threshold.when, self.threshold.variable, self.place, self.period]
        return hashlib.sha256("\n".join(named).encode()).hexdigest()[:12]

    def explain(self) -> list[Explained]:
        """Return how it came about."""
        return self.calculation.explain(self.threshold.rule.id)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        one = self.threshold
        return {
            "alert": self.id,
            "threshold": one.id,
            "title": one.title,
            "variable": one.variable,
            "place": self.place,
            "period": self.period,
            "when": one.when,
            "unit": one.unit,
            "severity": one.severity,
            "basis": one.basis,
            "address": one.at,
            "passed": self.passed,
            "unknown": list(self.unknown),
            "explained": describe(self.explain()),
        }


def read_thresholds(path: Path, series: Sequence[Series], reader: Reader) -> list[Threshold]:
    """Return the thresholds of a YAML document; what is wrong is refused.

    Parameters
    ----------
    series : a threshold on a variable or place that none of them has is refused

    Raises
    ------
    Problems : an unknown variable, place, name or unit, a text that is no formula or no comparison, an id twice
    """
    document = read_typed_document(path, say("the file holds no thresholds"), say("a map with {keys}", keys="author, thresholds"))
    model = validate_document(_Document, document)
    found = []
    seen: set[str] = set()
    variables = list(dict.fromkeys(one.variable for one in series))
    for at, one in enumerate(model.thresholds):
        line = document.line(("thresholds", str(at)))
        tell = partial(reader.tell, document.file, line)
        if one.id in seen:
            tell(say("{what} stands twice", what=one.id), say("each threshold once"))
        seen.add(one.id)
        for key in ("basis", "unit"):
            if not getattr(one, key).strip():
                tell(say("{key} is missing", key=key), say("a text"))
        of = [other for other in series if other.variable == one.variable]
        if not of:
            expected = say("one of {names}", names=join_list(variables))
            tell(say("nobody reports {name!r}", name=one.variable), expected, suggest_nearest(one.variable, variables))
        elif one.place and one.place not in {other.place for other in of}:
            expected = say("one of {names}", names=join_list(other.place for other in of))
            tell(say("nobody reports {name!r} at {place}", name=one.variable, place=one.place), expected)
        for other in of:
            try:
                find_factor(other.unit, one.unit or "1")
            except UnitError as error:
                tell(
                    say("unit of {name} is {unit!r}: {error}", name=one.id, unit=one.unit, error=error.args[0]),
                    say("a unit of {unit}", unit=other.unit),
                )
                break
        try:
            formula = parse(one.when, LEAVES, axes=())
            way = declare_variant(formula, "this-project", one.basis, "D", one.title, one.title)
            if not isinstance(formula, Compare | AllOf | AnyOf | Not):
                tell(say("{text!r} compares nothing", text=one.when), say("a comparison such as level > 6"))
                continue
            rule = Rule(f"alert_{at}", "a", "1", (), Title(one.title or one.id, one.title or one.id), {"own": way})
            derive_factor(rule, formula)
        except FormulaError as error:
            reader.problems.append(error.problem(document.file, line))
            continue
        except RuleError as error:
            tell(str(error).splitlines()[0], say("a comparison such as level > 6"))
            continue
        found.append(
            Threshold(
                one.id,
                one.title,
                one.variable,
                one.place,
                one.when,
                one.unit,
                one.basis,
                one.severity,
                rule,
                f"{document.file}:{line}",
            )
        )
    reader.refuse()
    return found


def watch(thresholds: Sequence[Threshold], series: Sequence[Series], day: date) -> list[Watched]:
    """Return every threshold held against every series it is on, as known on a day."""
    return [
        _watch(one, other, day)
        for one in thresholds
        for other in series
        if other.variable == one.variable and one.place in {"", other.place}
    ]


def _watch(one: Threshold, whole: Series, day: date) -> Watched:
    known = whole.until(day)
    figures = {} if known is None else _find_figures(one, known, whole.find(day))
    givens: list[Given] = [give_one(LEAVES[name], figures.get(name)) for name in LEAVES]
    found = Calculation((one.rule,), tuple(givens), (f"{whole.variable} {whole.place}",))
    value = None if _divides_by_zero(one.rule.variants["own"].expression, found) else found.known(one.rule.id)
    unknown = tuple(name for name in one.names if name not in figures) if value is None else ()
    period = known.name(known.last) if known else ""
    return Watched(one, known, whole.place, period, None if value is None else value != 0, unknown, found)


def _divides_by_zero(node: Node, found: Calculation) -> bool:
    """Whether a divisor of a formula is zero: what is divided by nothing passes no threshold and keeps none."""
    if isinstance(node, Binary) and node.sign == "/" and not found.evaluation.value(node.right, "").all():
        return True
    return any(_divides_by_zero(part, found) for part in children(node))


def _find_figures(one: Threshold, known: Series, now: int) -> dict[str, Figure]:
    """Return what is known of a series, in the threshold's unit; what is not known is not among them."""
    factor = find_factor(known.unit, one.unit)
    points = {
        period: Figure(scale_number(figure.value, factor), figure.given, figure.address, figure.source)
        for period, figure in known.points.items()
    }
    last = known.last
    found = {"level": points[last]}
    if last - 1 in points:
        before = points[last - 1]
        found["previous"] = before
        found["change"] = _derive(
            points[last].value - before.value, f"{points[last].given} - {before.given}", points[last], before
        )
    years = []
    back = known.year_before(last)
    if back is not None and back in points:
        found["last_year"] = points[back]
    while back is not None and back >= min(points):
        if back in points:
            years.append(points[back])
        back = known.year_before(back)
    if years:
        mean = Calculation((_MEAN,), (give_members(_X, years),)).value("mean")
        found["drift"] = _derive(
            points[last].value - mean,
            f"{points[last].given} - mean({', '.join(year.given for year in years)})",
            points[last],
            *years,
        )
    recent = {period: figure for period, figure in sorted(points.items()) if period > last - TREND_PERIODS}
    if len(recent) >= FEWEST:
        times = [Figure(float(period), known.name(period), "") for period in recent]
        slope = Calculation((_TREND,), (give_members(_X, list(recent.values())), give_members(_T, times))).value("trend")
        found["trend"] = _derive(slope, f"n = {len(recent)}", *recent.values())
    found["missing"] = Figure(float(now - last), f"{known.name(now)} - {known.name(last)}", points[last].address)
    return found


def _derive(value: float, given: str, *parts: Figure) -> Figure:
    addresses = dict.fromkeys(one.address for one in parts)
    sources = dict.fromkeys(one.source for one in parts)
    return Figure(scale_number(value, 1.0), given, "; ".join(addresses), "; ".join(sources))
