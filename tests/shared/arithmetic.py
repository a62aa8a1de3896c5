"""Reads a printed line as arithmetic: what proves that print and result agree."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable

_ALLOWED: dict[str, Callable[..., float]] = {"min": min, "max": max, "exp": math.exp, "ln": math.log}
_COMPARED: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.LtE: operator.le,
    ast.Lt: operator.lt,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.Eq: operator.eq,
}


def recompute(arithmetic: str) -> float:
    """The value of a printed line."""
    plain = arithmetic.replace("×", "*").replace("−", "-").replace("^", "**").replace(";", ",")
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    plain = re.sub(r"\bif\(", "choose(", plain).replace("≤", "<=").replace("≥", ">=")
    plain = re.sub(r"(?<![<>])=", "==", plain.replace("<=", "⩽").replace(">=", "⩾")).replace("⩽", "<=").replace("⩾", ">=")
    plain = plain.replace("∧", " and ").replace("∨", " or ").replace("¬", " not ")
    return _compute(ast.parse(plain.strip(), mode="eval").body)


def _compute(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=float() | int() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_compute(operand)
        case ast.BinOp(left=left, op=op, right=right):
            one, two = _compute(left), _compute(right)
            match op:
                case ast.Add():
                    return one + two
                case ast.Sub():
                    return one - two
                case ast.Mult():
                    return one * two
                case ast.Div():
                    return one / two
                case ast.Pow():
                    return float(one**two)
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _COMPARED:
            return float(_COMPARED[type(sign)](_compute(left), _compute(right)))
        case ast.BoolOp(op=ast.And(), values=values):
            return float(all(_compute(value) for value in values))
        case ast.BoolOp(values=values):
            return float(any(_compute(value) for value in values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return float(not _compute(operand))
        case ast.Call(func=ast.Name(id="choose"), args=[condition, then, otherwise]):
            return _compute(then) if _compute(condition) else _compute(otherwise)
        case ast.Call(func=ast.Name(id=name), args=args) if name in _ALLOWED:
            return float(_ALLOWED[name](*[_compute(arg) for arg in args]))
    msg = f"not arithmetic: {ast.dump(node)}"
    raise ValueError(msg)
