"""The spelling of formulas before 2.0, one-key maps such as {sum: [a, b]}, read into the nodes that infix text gives.

Files may use it for one release; documents that booked runs keep in a store are read in it for good. What has no node of its own any
more is put together of others.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gep.formula.exact import AXES
from gep.formula.infix import ABOVE
from gep.formula.nodes import (
    PARTY,
    SECTION,
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
    Larger,
    Member,
    Not,
    Share,
    ShownIn,
    Smaller,
    Total,
    Weighted,
    deadband,
)
from gep.messages.texts import join_list, say
from gep.units.money import parse_decimal

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.formula.nodes import Node

Path = tuple[str, ...]


def _multiplied(one: Node, other: Node) -> Node:
    """Return a product; one with a quotient is written k * a / b, not k * (a / b)."""
    if isinstance(other, Binary) and other.sign == "/":
        return Binary("/", Binary("*", one, other.left), other.right)
    return Binary("*", one, other)


CHAINS: dict[str, Callable[[Node, Node], Node]] = {
    "sum": lambda one, other: Binary("+", one, other),
    "mul": _multiplied,
    "min": Smaller,
    "max": Larger,
    "count_met": lambda one, other: Binary("+", one, Not(Not(other))),
}
COMPARED = {"le": "<=", "lt": "<", "ge": ">=", "gt": ">", "eq": "=="}
TWO: dict[str, Callable[[Node, Node], Node]] = {
    "sub": lambda one, other: Binary("-", one, other),
    "div": lambda one, other: Binary("/", one, other),
    **{name: lambda one, other, sign=sign: Compare(sign, one, other) for name, sign in COMPARED.items()},  # type: ignore[misc]
}
ONE: dict[str, Callable[[Node], Node]] = {
    "not": Not,
    "positive": AtLeastZero,
    "share": lambda one: Share(one, PARTY),
    "previous": lambda one: Earlier(one, 1),
    "delta": lambda one: Binary("-", one, Earlier(one, 1)),
    "minmax": lambda one: Binary(
        "/", Binary("-", one, Fold(one, PARTY, "least")), Binary("-", Fold(one, PARTY, "most"), Fold(one, PARTY, "least"))
    ),
}
FOLDS = {"total": "sum", "mean": "mean", "most": "most", "least": "least"}
HOW = {"sum": "sum", "mean": "mean", "min": "least", "max": "most"}
PARTS = {
    "clamp": ("of", "low", "high"),
    "if": ("when", "then", "else"),
    "deadband": ("of", "band"),
    "in": ("unit", "of"),
    "baseline": ("of", "years"),
    "bands": ("of", "rows"),
    "to_party": ("of", "how"),
    **dict.fromkeys(FOLDS, ("of", "over")),
}
"""Operation → its parts, all of them needed."""
OPERATIONS = (*CHAINS, "all", "any", *TWO, *ONE, "weigh", "member", *PARTS)
GONE = ("rank", "table")
"""Operations that no scheme used and nothing replaces."""


class PrefixError(Exception):
    """A map that is no formula: where, what was found, what was expected."""

    def __init__(self, path: Path, found: str, expected: str, near: Any = None) -> None:
        self.path, self.found, self.expected, self.near = path, found, expected, near
        super().__init__(found)


def read(written: Any, path: Path, parse: Callable[[str], Node]) -> Node:
    """Return the node of a written expression.

    Parameters
    ----------
    parse : reads a text

    Raises
    ------
    PrefixError, FormulaError : it is no formula
    """
    if isinstance(written, str):
        return parse(written)
    if not isinstance(written, dict) or len(written) != 1:
        raise PrefixError(
            path, say("{written} is not a formula", written=_shown(written)), "names, numbers and signs, such as a * (b - c)"
        )
    op, body = next(iter(written.items()))
    inside = (*path, op)
    if op in GONE:
        raise PrefixError(
            inside, say("{op} is no longer an operation", op=op), "bands(x, [1, a], [2, b])" if op == "table" else "another rule"
        )
    if op not in OPERATIONS:
        raise PrefixError(
            inside,
            say("there is no operation {op!r}", op=op),
            say("one of {names}", names=join_list(sorted(OPERATIONS))),
            (op, OPERATIONS),
        )
    if op in PARTS:
        return _read_parts(op, body, inside, parse)
    if op in ONE:
        return ONE[op](read(body, inside, parse))
    if op == "member":
        if not isinstance(body, str):
            raise PrefixError(inside, say("member is {body}", body=_shown(body)), "the id of a member")
        return Member(body, PARTY)
    if op == "weigh":
        if not isinstance(body, list) or not all(isinstance(row, list) and len(row) == 2 for row in body):  # noqa: PLR2004 - a pair
            raise PrefixError(inside, "weigh is not a list of pairs", "a list of [weight, expression]")
        return Weighted(tuple((read(weight, inside, parse), read(part, inside, parse)) for weight, part in body))
    if not isinstance(body, list) or not body or (op in TWO and len(body) != 2):  # noqa: PLR2004 - two sides
        raise PrefixError(
            inside,
            say("{op} has {body}", op=op, body=_shown(body)),
            "a list of two expressions" if op in TWO else "a list of expressions",
        )
    return _read_several(op, [read(one, (*inside, str(at)), parse) for at, one in enumerate(body)])


def _read_several(op: str, parts: list[Node]) -> Node:
    if op in TWO:
        return TWO[op](*parts)
    if op in {"all", "any"}:
        several = tuple(parts) if len(parts) > 1 else (parts[0], parts[0])
        return AllOf(several) if op == "all" else AnyOf(several)
    made = Not(Not(parts[0])) if op == "count_met" else parts[0]
    for part in parts[1:]:
        made = CHAINS[op](made, part)
    return made


def _read_parts(op: str, body: Any, path: Path, parse: Callable[[str], Node]) -> Node:
    if not isinstance(body, dict) or set(body) != set(PARTS[op]):
        has = ", ".join(body) if isinstance(body, dict) else _shown(body)
        raise PrefixError(path, say("{op} has {has}", op=op, has=has), say("exactly {parts}", parts=join_list(PARTS[op])))

    def part(name: str) -> Node:
        return read(body[name], (*path, name), parse)

    if op == "if":
        return If(part("when"), part("then"), part("else"))
    if op == "deadband":
        return deadband(part("of"), part("band"))
    if op == "in":
        return ShownIn(part("of"), str(body["unit"]))
    if op == "clamp":
        return _clamped(part("of"), part("low"), part("high"), path)
    if op == "bands":
        return _banded(part("of"), body["rows"], (*path, "rows"), parse)
    if op == "baseline":
        years = str(body["years"])
        if not (years.isascii() and years.isdigit() and 1 <= int(years) <= 99):  # noqa: PLR2004 - years of a lifetime
            raise PrefixError(
                (*path, "years"), say("the baseline has {years!r} years", years=years), "a whole number from 1 to 99"
            )
        of = part("of")
        earlier = _read_several("sum", [Earlier(of, back) for back in range(1, int(years) + 1)])
        return Binary("/", earlier, Constant(float(years), "1", years))
    if op == "to_party":
        if body["how"] not in HOW:
            raise PrefixError(
                (*path, "how"),
                say("sections are not brought to parties by {how!r}", how=body["how"]),
                say("one of {names}", names=join_list(HOW)),
            )
        return Fold(part("of"), SECTION, HOW[body["how"]], PARTY)
    if body["over"] not in AXES:
        raise PrefixError(
            (*path, "over"), say("there is no axis {over!r}", over=body["over"]), say("one of {names}", names=join_list(AXES))
        )
    return Total(part("of"), body["over"]) if op == "total" else Fold(part("of"), body["over"], FOLDS[op])


def _clamped(of: Node, low: Node, high: Node, path: Path) -> Node:
    if isinstance(low, Constant) and isinstance(high, Constant) and low.value > high.value:
        raise PrefixError(path, say("clamp goes from {low} to {high}", low=low.text, high=high.text), "low below high")
    return Smaller(Larger(of, low), high)


def _banded(of: Node, rows: Any, path: Path, parse: Callable[[str], Node]) -> Node:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and len(row) == 2 for row in rows):  # noqa: PLR2004 - a pair
        raise PrefixError(path, "bands has no rows", "a list of [upper end, value]")
    limits = []
    for at, (limit, _) in enumerate(rows):
        if limit == ABOVE and at == len(rows) - 1:
            continue
        try:
            parse_decimal(str(limit))
        except ValueError:
            expected = say("a decimal, or {above} in the last row", above=ABOVE)
            raise PrefixError((*path, str(at)), say("the row begins with {limit!r}", limit=limit), expected) from None
        limits.append(str(limit))
    if any(parse_decimal(one) >= parse_decimal(other) for one, other in pairwise(limits)):
        raise PrefixError(path, "the bands do not rise", "each upper end above the one before")
    return Bands(of, tuple(limits), tuple(read(value, (*path, str(at), "1"), parse) for at, (_, value) in enumerate(rows)))


def _shown(written: Any) -> str:
    text = str(written)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - what fits a line
