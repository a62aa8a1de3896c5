"""Formulas that a set of indicators declares, read into the tree of the rule language and checked for units."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from gep.formula.check import factor_of
from gep.formula.evaluate import Step
from gep.formula.nodes import Binary, Constant, Observed, Rule, at_least_zero, smaller
from gep.rules.service import published

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.formula.nodes import Node
    from gep.indicators.indicator import Indicator

SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
FUNCTIONS = {"smaller": (2, smaller), "at_least_zero": (1, at_least_zero)}


def parse(formula: str, known: Mapping[str, Indicator]) -> Node:
    """Return a formula of ids, numbers, + - * /, brackets, smaller(a, b) and at_least_zero(a) as a tree.

    Raises
    ------
    ValueError : what is no such formula, with the part that is not understood
    """
    try:
        body = ast.parse(formula, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{formula!r} is no formula") from error
    return _node(body, known)


def _node(part: ast.expr, known: Mapping[str, Indicator]) -> Node:
    match part:
        case ast.Name(id=name) if name in known:
            one = known[name]
            return Observed(name, name, one.unit, (), one.title)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Constant(float(value))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
            return Binary(SIGNS[type(sign)], _node(left, known), _node(right, known))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS and len(args) == FUNCTIONS[name][0]:
            made: Node = FUNCTIONS[name][1](*(_node(one, known) for one in args))  # type: ignore[operator]
            return made
    raise ValueError(f"{ast.unparse(part)!r} is no id of the set, number, sign or function of a formula")


def step_of(one: Indicator, known: Mapping[str, Indicator], source: str) -> Step:
    """Return the checked step that computes an indicator.

    Raises
    ------
    ValueError : no formula
    RuleError  : units that do not balance
    """
    formula = parse(one.formula, {name: other for name, other in known.items() if not other.formula and other.unit != "text"})
    rule = Rule(one.id, one.id, one.unit, (), one.title, {"own": published(formula, source, one.locator, one.mark, "", "")})
    return Step(rule, "own", formula, factor_of(rule, formula))
