"""The expressions a scheme may write: a closed set of operations on names and decimal strings, read into a tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gep.compensation.columns import AXES
from gep.units.money import decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

Path = tuple[str, ...]

MANY = ("sum", "mul", "min", "max", "all", "any", "count_met")
TWO = ("sub", "div", "le", "lt", "ge", "gt", "eq")
ONE = ("not", "positive", "share", "minmax", "rank", "previous", "delta")
OVER = ("total", "mean", "most", "least")
PARTS = {
    "clamp": ("of", "low", "high"),
    "if": ("when", "then", "else"),
    "deadband": ("of", "band"),
    "in": ("unit", "of"),
    "baseline": ("of", "years"),
    "bands": ("of", "rows"),
    "table": ("of", "rows"),
    "to_party": ("of", "how"),
    **dict.fromkeys(OVER, ("of", "over")),
}
"""Operation → its parts, all of them needed."""
OPERATIONS = (*MANY, *TWO, *ONE, "weigh", "member", *PARTS)
HOW = ("sum", "mean", "min", "max")
_YEARS = re.compile(r"[1-9][0-9]?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER_LIKE = re.compile(r"[+-]?[\d.,．，]")
LAST = "above"
"""Upper end of the last band."""


@dataclass(frozen=True)
class Literal:
    """A decimal written in an expression."""

    number: Fraction
    path: Path


@dataclass(frozen=True)
class Name:
    """An input, a constant or another value."""

    name: str
    path: Path


@dataclass(frozen=True)
class Call:
    """An operation on expressions; `words` holds what is no expression (an axis, a unit, limits of bands)."""

    op: str
    args: tuple[Node, ...]
    path: Path
    words: tuple[Any, ...] = ()


Node = Literal | Name | Call
Tell = "Callable[[Path, str, str, str], None]"


def read(written: Any, path: Path, tell: Callable[..., None]) -> Node | None:
    """Return the tree of a written expression; what is wrong is told as (path, found, expected, hint) and gives None."""
    if isinstance(written, str):
        return _leaf(written, path, tell)
    if not isinstance(written, dict) or len(written) != 1:
        tell(path, f"{_shown(written)} is no expression", "a name, a decimal in quotes, or one operation such as {sum: [a, b]}")
        return None
    op, body = next(iter(written.items()))
    inside = (*path, op)
    if op not in OPERATIONS:
        tell(inside, f"there is no operation {op!r}", f"one of {', '.join(sorted(OPERATIONS))}", near=(op, OPERATIONS))
        return None
    if op in MANY or op in TWO:
        if not isinstance(body, list) or not body or (op in TWO and len(body) != 2):  # noqa: PLR2004
            tell(inside, f"{op} has {_shown(body)}", "a list of two expressions" if op in TWO else "a list of expressions")
            return None
        return _call(op, [read(one, (*inside, str(at)), tell) for at, one in enumerate(body)], inside)
    if op in ONE:
        return _call(op, [read(body, inside, tell)], inside)
    if op == "weigh":
        return _weigh(body, inside, tell)
    if op == "member":
        if not isinstance(body, str):
            tell(inside, f"member is {_shown(body)}", "the id of a member")
            return None
        return Call(op, (), inside, (body,))
    return _parts(op, body, inside, tell)


def _leaf(written: str, path: Path, tell: Callable[..., None]) -> Node | None:
    if _NUMBER_LIKE.match(written):
        try:
            return Literal(decimal(written), path)
        except ValueError:
            tell(path, f"{written!r} is not a decimal number", 'digits with at most one decimal point, such as "0.50"')
            return None
    if not _NAME.fullmatch(written):
        tell(path, f"{written!r} is no name", "small letters, digits and _")
        return None
    return Name(written, path)


def _weigh(body: Any, path: Path, tell: Callable[..., None]) -> Node | None:
    if not isinstance(body, list) or not all(isinstance(row, list) and len(row) == 2 for row in body):  # noqa: PLR2004
        tell(path, "weigh is no list of pairs", 'a list of [weight, expression], such as [["0.70", water], ["0.30", forest]]')
        return None
    parts = [read(one, (*path, str(at), str(side)), tell) for at, row in enumerate(body) for side, one in enumerate(row)]
    return _call("weigh", parts, path)


def _parts(op: str, body: Any, path: Path, tell: Callable[..., None]) -> Node | None:
    wanted = PARTS[op]
    if not isinstance(body, dict) or set(body) != set(wanted):
        has = ", ".join(body) if isinstance(body, dict) else _shown(body)
        tell(path, f"{op} has {has}", f"exactly {', '.join(wanted)}")
        return None
    if op in {"bands", "table"}:
        return _rows(op, body, path, tell)
    words: tuple[Any, ...] = ()
    if op in OVER:
        if body["over"] not in AXES:
            tell((*path, "over"), f"there is no axis {body['over']!r}", f"one of {', '.join(AXES)}")
            return None
        words = (body["over"],)
    elif op == "to_party":
        if body["how"] not in HOW:
            tell((*path, "how"), f"sections are not brought to parties by {body['how']!r}", f"one of {', '.join(HOW)}")
            return None
        words = (body["how"],)
    elif op == "in":
        words = (body["unit"],)
    elif op == "baseline":
        if not _YEARS.fullmatch(str(body["years"])):
            tell((*path, "years"), f"the baseline has {body['years']!r} years", "a whole number from 1 to 99")
            return None
        words = (int(body["years"]),)
    names = [name for name in wanted if name not in {"over", "how", "unit", "years"}]
    return _call(op, [read(body[name], (*path, name), tell) for name in names], path, words)


def _rows(op: str, body: dict[str, Any], path: Path, tell: Callable[..., None]) -> Node | None:
    rows = body["rows"]
    inside = (*path, "rows")
    pairs = list(rows.items()) if isinstance(rows, dict) else rows if isinstance(rows, list) else []
    if not pairs or not all(isinstance(row, list | tuple) and len(row) == 2 for row in pairs):  # noqa: PLR2004
        tell(inside, f"{op} has no rows", "a list of [upper end, value]" if op == "bands" else "a map of number: value")
        return None
    limits = []
    for at, (limit, _) in enumerate(pairs):
        place = (*inside, str(at) if op == "bands" else str(limit))
        if op == "bands" and limit == LAST and at == len(pairs) - 1:
            continue
        try:
            limits.append(decimal(str(limit)))
        except ValueError:
            tell(place, f"the row begins with {limit!r}", f"a decimal{f', or {LAST} in the last row' if op == 'bands' else ''}")
            return None
    if op == "bands" and any(one >= other for one, other in pairwise(limits)):
        tell(inside, "the bands do not rise", "each upper end above the one before")
        return None
    results = [
        read(result, (*inside, *((str(at), "1") if op == "bands" else (str(limit),))), tell)
        for at, (limit, result) in enumerate(pairs)
    ]
    return _call(op, [read(body["of"], (*path, "of"), tell), *results], path, tuple(limits))


def _call(op: str, args: list[Node | None], path: Path, words: tuple[Any, ...] = ()) -> Node | None:
    found = tuple(arg for arg in args if arg is not None)
    return Call(op, found, path, words) if len(found) == len(args) else None


def names_in(node: Node) -> Iterator[Name]:
    """Yield every name in a tree."""
    match node:
        case Name():
            yield node
        case Call():
            for arg in node.args:
                yield from names_in(arg)


def _shown(written: Any) -> str:
    text = str(written)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004
