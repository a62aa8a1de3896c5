"""Every rule and variant computed once more, with fractions and units of its own, and held against the engine on random counties.

Nothing of the engine is used but the declared formulas: units are sized here, one number at a time is computed, in no arrays, and
exp, ln, powers and the exponential integral are taken to fifty digits. `make fuzz` runs many rounds.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation, localcontext
from fractions import Fraction

import numpy as np

from gep.formula.check import derive_factor
from gep.formula.evaluate import Evaluation, EvaluationInputs, Step
from gep.formula.nodes import (
    RANK,
    AtLeastZero,
    Bands,
    Binary,
    Constant,
    FirstKnown,
    Function,
    IfAtMost,
    InUnits,
    Larger,
    Leaf,
    Node,
    Observed,
    Power,
    Rule,
    ShownIn,
    Smaller,
    Sum,
    Total,
    array_axis,
    children,
)
from gep.formula.walk import list_leaves, list_rules_named
from gep.rules.catalogue import RULES
from gep.standards.plan import make_plan
from gep.standards.standard import list_shipped_standards, load_standard

SEED = 20261128
MEMBERS = 3
"""Members of every axis."""
DIGITS = 50
_DAY = Fraction(4, 1461)
_ONES = (
    "1",
    "CNY",
    "piece",
    "visit",
    "person",
    "tce",
    "ion",
    "dB_A",
    "deg_C",
    "yr",
    "t",
    "t_C",
    "t_CO2",
    "t_O2",
    "t_DM",
    "m",
    "kJ",
    "score",
)
UNITS: dict[str, Fraction] = {
    **dict.fromkeys(_ONES, Fraction(1)),
    "kg": Fraction(1, 10**3),
    "g": Fraction(1, 10**6),
    "ug": Fraction(1, 10**12),
    "g_C": Fraction(1, 10**6),
    "km": Fraction(10**3),
    "cm": Fraction(1, 100),
    "mm": Fraction(1, 1000),
    "ha": Fraction(10**4),
    "MJ": Fraction(10**3),
    "kWh": Fraction(3600),
    "d": _DAY,
    "h": _DAY / 24,
    "min": _DAY / 1440,
    "s": _DAY / 86400,
    "J": Fraction(1, 1000),
}
"""Sizes in metres, tonnes, kilojoules and years; each kind of tonne is its own."""
RANGES = {"curve_number": (40, 98), "rain_events": (1, 20), "hot_days": (1, 120), "deg_C": (1, 35), "1": (0.01, 0.99)}
"""Leaf or unit → what is drawn, where a formula is not meant for everything."""
At = Mapping[str, int]
"""Axis → member, from 1."""


def size(unit: str) -> Fraction:
    """How much a unit is."""
    found = Fraction(1)
    for at, part in enumerate(unit.split("/")):
        for factor in part.split("*"):
            name, _, exponent = factor.strip().partition("^")
            one = UNITS[name] ** int(exponent or 1)
            found = found / one if at else found * one
    return found


@dataclass
class Paper:
    """A county on paper.

    Attributes
    ----------
    figures : leaf and its members → number in the unit of the leaf; what is not there is unknown
    formulas : rule → the formula that is chosen for it
    """

    figures: dict[tuple[str, tuple[int, ...]], Fraction]
    formulas: Mapping[str, Node]
    known: dict[tuple[str, tuple[int, ...]], Fraction | None] = field(default_factory=dict)

    def rule(self, rule: Rule, at: At) -> Fraction | None:
        """The value of a rule in its unit; None is unknown."""
        key = (rule.id, tuple(at.get(axis, 0) for axis in rule.axes))
        if key not in self.known:
            value = self.value(self.formulas[rule.id], at)
            self.known[key] = None if value is None else value / size(rule.unit)
        return self.known[key]

    def value(self, node: Node, at: At) -> Fraction | None:
        """The size of what a formula gives for members of axes; None is unknown."""
        match node:
            case Constant(value=value, unit=unit, text=text):
                return (_ratio(text) or Fraction(repr(value))) * size(unit)
            case Rule(unit=unit):
                return _times(self.rule(node, at), size(unit))
            case Leaf(id=identity, unit=unit, axes=axes):
                return _times(self.figures.get((identity, tuple(at[axis] for axis in axes))), size(unit))
            case FirstKnown(options=options):
                return next((found for option in options if (found := self.value(option, at)) is not None), None)
            case Total(argument=argument, over=over):
                return self._sum(argument, over, at)
            case Sum(parts=parts):
                values = [self.value(part, at) for _, part in parts]
                return (
                    sum((one for one in values if one is not None), Fraction(0))
                    if None not in values or node.accounted_only
                    else None
                )
            case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
                one, two = self.value(left, at), self.value(right, at)
                return None if one is None or two is None else self.value(then if one <= two else otherwise, at)
            case InUnits(argument=argument, unit=unit):
                return _times(self.value(argument, at), 1 / size(unit))
            case ShownIn(argument=argument):
                return self.value(argument, at)
            case Bands(argument=argument, limits=limits, values=bands):
                one = self.value(argument, at)
                if one is None:
                    return None
                band = next((at for at, limit in enumerate(limits) if one <= Fraction(limit)), len(limits))
                return self.value(bands[band], at) if band < len(bands) else None
        values = [self.value(part, at) for part in children(node)]
        try:
            return None if None in values else _compute(node, [one for one in values if one is not None])
        except InvalidOperation:
            return None  # a broken power of what is below zero is no number

    def _sum(self, argument: Node, over: str, at: At) -> Fraction | None:
        if not self.varies(argument, over):
            return self.value(argument, at)  # one figure for all of them is added once
        found = Fraction(0)
        for member in range(1, MEMBERS + 1):
            value = self.value(argument, {**at, over: member})
            if value is None:
                return None
            found += value
        return found

    def varies(self, node: Node, over: str) -> bool:
        """Whether what a formula gives is another for each member of an axis."""
        match node:
            case Rule(id=identity):
                return self.varies(self.formulas[identity], over)
            case Leaf(axes=axes):
                return over in axes
            case Total(over=summed) if summed == over:
                return False
        return any(self.varies(part, over) for part in children(node))


def _times(value: Fraction | None, factor: Fraction) -> Fraction | None:
    return None if value is None else value * factor


def _ratio(text: str) -> Fraction | None:
    over, _, under = text.partition("/")
    return Fraction(int(over), int(under)) if over.isdigit() and under.isdigit() else None


def _compute(node: Node, values: list[Fraction]) -> Fraction:
    match node:
        case Binary(sign="+"):
            return values[0] + values[1]
        case Binary(sign="-"):
            return values[0] - values[1]
        case Binary(sign="*"):
            return values[0] * values[1]
        case Binary(sign="/"):
            return values[0] / values[1]
        case Smaller():
            return min(values)
        case Larger():
            return max(values)
        case AtLeastZero():
            return max(values[0], Fraction(0))
        case Power():
            return _precise(lambda base, exponent: base**exponent, *values)
        case Function(name="exp"):
            return _precise(Decimal.exp, *values)
        case Function(name="ln"):
            return _precise(Decimal.ln, *values)
        case Function(name="log10"):
            return _precise(Decimal.log10, *values)
        case Function(name="E1"):
            return _precise(exponential_integral, *values)
    raise TypeError(node)


def _precise(function: object, *values: Fraction) -> Fraction:
    with localcontext() as precise:
        precise.prec = DIGITS
        return Fraction(function(*(Decimal(one.numerator) / Decimal(one.denominator) for one in values)))  # type: ignore[operator]


EULER = Decimal("0.57721566490153286060651209008240243104215933593992359880576723488486772677766467093694706329")


def exponential_integral(number: Decimal) -> Decimal:
    """E1 by its series, with digits enough for what the terms take away from one another."""
    with localcontext() as precise:
        precise.prec = DIGITS + int(number) + 20
        found, term = -EULER - number.ln(), Decimal(1)
        for at in range(1, 40 + 5 * int(number) + 20):
            term *= -number / at
            found -= term / at
        return found


def draw_county(
    leaves: Mapping[str, Leaf], chance: random.Random, missing: frozenset[str]
) -> dict[tuple[str, tuple[int, ...]], Fraction]:
    """A figure for every member of every leaf, but for the leaves that are to be missing."""
    figures = {}
    for leaf in leaves.values():
        least, most = RANGES.get(leaf.id, RANGES.get(leaf.unit, (0.5, 2000)))
        for place in np.ndindex(*(MEMBERS for _ in leaf.axes)):
            number = Fraction(f"{chance.uniform(least, most):.6g}")
            if leaf.id not in missing:
                figures[leaf.id, tuple(one + 1 for one in place)] = number
    return figures


def compute(steps: list[Step], figures: Mapping[tuple[str, tuple[int, ...]], Fraction], leaves: Mapping[str, Leaf]) -> Evaluation:
    """What the engine makes of the same county."""
    arrays: dict[str, np.ndarray] = {}
    for leaf in leaves.values():
        shape = [1] * RANK
        for axis in leaf.axes:
            shape[array_axis(axis)] = MEMBERS + 1
        cells = np.full(shape, np.nan)
        for (identity, members), number in figures.items():
            if identity == leaf.id:
                place = [0] * RANK
                for axis, member in zip(leaf.axes, members, strict=True):
                    place[array_axis(axis)] = member
                cells[tuple(place)] = float(number)
        arrays[leaf.id] = cells
    listed = {leaf.id: ~np.isnan(arrays[leaf.id]) for leaf in leaves.values() if isinstance(leaf, Observed) and leaf.extent}
    counted = {}
    for axis in {axis for leaf in leaves.values() for axis in leaf.axes}:
        shape = [1] * RANK
        shape[array_axis(axis)] = MEMBERS + 1
        counted["", axis] = np.array([False] + [True] * MEMBERS).reshape(shape)
    evaluation = Evaluation(steps, EvaluationInputs(1, arrays, listed, counted))
    evaluation.run()
    return evaluation


def hold_together(steps: list[Step], chance: random.Random, missing: frozenset[str] = frozenset()) -> tuple[int, list[str]]:
    """Compute steps by the engine and on paper for a random county; how many numbers were compared, and what differs."""
    leaves: dict[str, Leaf] = {leaf.id: leaf for step in steps for leaf in list_leaves(step.formula)}
    figures = draw_county(leaves, chance, missing)
    evaluation = compute(steps, figures, leaves)
    paper = Paper(figures, {step.rule.id: step.formula for step in steps})
    compared, wrong = 0, []
    for step in steps:
        axes = [axis for axis in step.rule.axes if evaluation.results[step.rule.id].shape[array_axis(axis)] > 1]
        for place in np.ndindex(*(MEMBERS for _ in axes)):
            at = dict(zip(axes, (one + 1 for one in place), strict=True))
            spot = [0] * RANK
            for axis, member in at.items():
                spot[array_axis(axis)] = member
            given = float(evaluation.results[step.rule.id][tuple(spot)])
            wanted = paper.rule(step.rule, {**dict.fromkeys(step.rule.axes, 1), **at})
            compared += 1
            if (wanted is None) != bool(np.isnan(given)) or (wanted is not None and not _agree(given, wanted)):
                wrong.append(
                    f"{step.rule.id} {step.variant} {at}: {given!r}, on paper {None if wanted is None else float(wanted)!r}"
                )
    return compared, wrong


def _agree(given: float, wanted: Fraction) -> bool:
    """Whether two results agree to nine digits; differences of nearly equal numbers have fewer, so that what is tiny may be."""
    return abs(Fraction(given) - wanted) <= Fraction(1, 10**9) * abs(wanted) + Fraction(1, 10**6) * (
        abs(wanted) < Fraction(1, 10**3)
    )


def list_chains() -> Iterator[tuple[str, list[Step]]]:
    """For every rule and variant: its step after those of the rules it names, each of these in its first variant that is computed."""
    for rule in RULES.values():
        for variant in rule.variants:
            steps: dict[str, Step] = {}
            _add(rule, variant, steps)
            yield f"{rule.id} {variant}", list(steps.values())


def _add(rule: Rule, variant: str, steps: dict[str, Step]) -> None:
    formula = rule.variants[variant].expression
    for named in list_rules_named(formula):
        if named.id not in steps:
            _add(named, next(iter(named.variants)), steps)
    steps[rule.id] = Step(rule, variant, formula, derive_factor(rule, formula))


def list_standard_steps() -> Iterator[tuple[str, list[Step]]]:
    """The steps of every shipped standard."""
    for name in list_shipped_standards():
        yield name, [Step(one.rule, one.variant, one.formula, one.factor) for one in make_plan(load_standard(name)).steps]


def main(rounds: int) -> tuple[int, int, list[str]]:
    """Every rule and variant and every standard in so many random counties; numbers compared, formulas, and what differs."""
    compared, formulas, wrong = 0, 0, []
    for name, steps in [*list_chains(), *list_standard_steps()]:
        formulas += 1
        optional = sorted({leaf.id for step in steps for leaf in _list_options(step.formula)})
        for at in range(rounds):
            chance = random.Random(f"{SEED} {name} {at}")
            missing = frozenset(one for one in optional if at and chance.random() < 0.5)
            count, found = hold_together(steps, chance, missing)
            compared += count
            wrong += [f"{name}, round {at}: {text}" for text in found]
    return compared, formulas, wrong


def _list_options(node: Node) -> Iterator[Leaf]:
    """Leaves that are the first choice where several are offered."""
    if isinstance(node, FirstKnown):
        yield from (leaf for option in node.options[:-1] for leaf in list_leaves(option))
    for part in children(node):
        yield from _list_options(part)


if __name__ == "__main__":
    many, ways, differ = main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    said = [f"seed {SEED}: {ways} formulas and standards, {many:,} numbers on paper", *(differ or ["nothing that differs"])]
    sys.stdout.write("\n".join(said) + "\n")
    sys.exit(bool(differ))
