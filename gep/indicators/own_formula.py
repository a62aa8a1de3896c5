"""Formulas that a set of indicators declares, read by the one parser and checked for units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.check import derive_factor
from gep.formula.evaluate import Step
from gep.formula.infix import parse
from gep.formula.nodes import Observed, Rule
from gep.rules.service import declare_variant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.indicators.indicator import Indicator


def make_step(one: Indicator, known: Mapping[str, Indicator], source: str) -> Step:
    """Return the checked step that computes an indicator from others that have no formula, in the indicator's unit.

    Parameters
    ----------
    known  : indicators of the set by id
    source : the set, as the step cites it

    Raises
    ------
    FormulaError : the text is not a formula, or names what is not a figure of the set
    RuleError    : units that do not balance
    """
    names = {
        name: Observed(name, name, other.unit, (), other.title)
        for name, other in known.items()
        if not other.formula and other.unit != "text"
    }
    formula = parse(one.formula, names)
    rule = Rule(one.id, one.id, one.unit, (), one.title, {"own": declare_variant(formula, source, one.locator, one.mark, "", "")})
    return Step(rule, "own", formula, derive_factor(rule, formula))
