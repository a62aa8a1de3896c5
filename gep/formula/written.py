"""A formula as it is written by people: the text that `infix.parse` reads back into the same nodes."""

from __future__ import annotations

from gep.formula.infix import ABOVE
from gep.formula.nodes import (
    RESULT,
    AllOf,
    AnyOf,
    AtLeastZero,
    Bands,
    Binary,
    Compare,
    Constant,
    Earlier,
    Fold,
    If,
    InYear,
    Larger,
    Leaf,
    Member,
    Node,
    Not,
    Rank,
    RoundTo,
    Rule,
    Share,
    ShownIn,
    Since,
    Smaller,
    Total,
    Weighted,
)

_STRENGTH = {"+": 5, "-": 5, "*": 6, "/": 6}
_FOLDS = {"sum": "sum", "mean": "mean", "least": "min", "most": "max"}
_SINCE = {**_FOLDS, "product": "product"}
ATOM, COMPARED, NOT, AND, OR, IF = 9, 4, 3, 2, 1, 0


def write(node: Node) -> str:
    """Return a formula as people write it; `infix.parse` reads it back into the same nodes.

    Raises
    ------
    TypeError : a node that only rules of this program use (powers, logarithms)
    """
    return _write(node)[0]


def _write(node: Node) -> tuple[str, int]:
    match node:
        case Constant(value=value, text=text):
            return text or f"{value:g}", ATOM
        case Leaf(id=name) | Rule(id=name):
            return f"result({name.removeprefix(RESULT)})" if name.startswith(RESULT) else name, ATOM
        case Binary(sign=sign, left=left, right=right):
            strength = _STRENGTH[sign]
            return f"{_in(left, strength)} {sign} {_in(right, strength + 1)}", strength
        case Compare(sign=sign, left=left, right=right):
            return f"{_in(left, COMPARED + 1)} {sign} {_in(right, COMPARED + 1)}", COMPARED
        case AllOf(parts=parts):
            return " and ".join(_in(part, AND + 1) for part in parts), AND
        case AnyOf(parts=parts):
            return " or ".join(_in(part, OR + 1) for part in parts), OR
        case Not(argument=argument):
            return f"not {_in(argument, NOT)}", NOT
        case If(condition=condition, then=then, otherwise=otherwise):
            return f"{_in(then, OR)} if {_in(condition, OR)} else {_in(otherwise, IF)}", IF
        case Smaller():
            return f"min({', '.join(write(part) for part in _chain(node, Smaller))})", ATOM
        case Larger():
            return f"max({', '.join(write(part) for part in _chain(node, Larger))})", ATOM
        case AtLeastZero(argument=argument):
            return f"at_least_zero({write(argument)})", ATOM
        case Total(argument=argument, over=over):
            return f"sum({write(argument)}, over={over})", ATOM
        case Fold(argument=argument, over=over, how=how, by=by):
            return f"{_FOLDS[how]}({write(argument)}, over={over}{f', by={by}' if by else ''})", ATOM
        case Share(argument=argument, over=over):
            return f"share({write(argument)}, over={over})", ATOM
        case Rank(argument=argument, over=over, first=first):
            return f"rank_{first}({write(argument)}, over={over})", ATOM
        case Weighted(parts=parts):
            return f"weighted({', '.join(f'[{write(weight)}, {write(part)}]' for weight, part in parts)})", ATOM
        case Bands(argument=argument, limits=limits, values=values):
            ends = (*limits, ABOVE)
            rows = ", ".join(f"[{end}, {write(value)}]" for end, value in zip(ends, values, strict=False))
            return f"bands({write(argument)}, {rows})", ATOM
        case Earlier(argument=argument, years=years):
            return f"earlier({write(argument)}, years={years})", ATOM
        case InYear(argument=argument, year=year):
            return f"in_year({write(argument)}, {year})", ATOM
        case Since(argument=argument, first=first, how=how):
            return f"{_SINCE[how]}({write(argument)}, since={first})", ATOM
        case RoundTo(argument=argument, step=step, how=how):
            return f"{how}({write(argument)}, {write(step)})", ATOM
        case Member(id=name):
            return f"member({name})", ATOM
        case ShownIn(argument=argument, unit=unit):
            return f'shown_in({write(argument)}, "{unit}")', ATOM
    raise TypeError(node)


def _in(node: Node, least: int) -> str:
    text, strength = _write(node)
    return text if strength >= least else f"({text})"


def _chain(node: Node, kind: type[Smaller | Larger]) -> list[Node]:
    """Return the parts of min(min(a, b), c) as min(a, b, c)."""
    return [*_chain(node.left, kind), node.right] if isinstance(node, kind) else [node]
