"""The formulas of a scheme: where they stand, what their names mean, and by which customs units and axes are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.compensation.builtin_names import BUILTINS
from gep.compensation.prefix import PrefixError, read
from gep.formula.check import Customs, Meaning, measure
from gep.formula.exact import AXES
from gep.formula.infix import FormulaError, parse
from gep.formula.nodes import (
    PARTY,
    RESULT,
    SECTION,
    TIMES,
    AllOf,
    AnyOf,
    Coefficient,
    Compare,
    Earlier,
    InYear,
    Leaf,
    Not,
    Observed,
    Rule,
    ShownIn,
    children,
)
from gep.formula.walk import list_names, walk_parts
from gep.messages.texts import say
from gep.messages.title import Title
from gep.units.exact import MONEY, NUMBER, find_dimension, print_dimension
from gep.units.registry import UnitError, parse_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from gep.compensation.scheme import Constant, Scheme
    from gep.formula.nodes import Node
    from gep.units.exact import Dimension
    from gep.units.measure import Measure

    Path = tuple[str, ...]
    Tell = Callable[..., None]

BARE = (NUMBER, MONEY, find_dimension("water_class"), find_dimension("score"))
"""What a bare decimal may stand beside: its unit is plain (yuan, a class, points)."""
UNKNOWN = "there is no input, constant or value {name!r}"
OLD_SPELLING = say("formulas are in the old spelling, which the next version will not read; gep scheme show writes the new one")
CONDITIONS = Compare | AllOf | AnyOf | Not
"""Formulas that hold or do not, each the number 1 or 0."""
TRUE_OR_FALSE = "true or false"
"""Unit of a value that is a test: 1 it holds, 0 it does not."""
_BASE = {"[length]": "m", "[mass]": "kg", "[time]": "s", "[money]": "元"}
"""Base units of the kinds that quantities are made of; others go by the name of their kind."""
_IN_QUOTES = "a formula with a comma stands in quotes between braces"
_FIELDS = ("when", "by", "base", "floor", "cap", "amount", "rate", "total", "quantity", "unit_price", "floor_price")


def read_formulas(scheme: Scheme, tell: Tell) -> dict[Path, Node]:
    """Return the tree of every formula by the path it stands at.

    Parameters
    ----------
    tell : takes what is wrong as path, found, expected, hint
    """
    names = make_nodes(scheme)
    trees: dict[Path, Node] = {}
    for path, written in list_written_formulas(scheme):
        if not written and ")" in path[-1]:
            continue  # the rest of a formula that was torn at its comma, which is told
        torn = isinstance(written, str) and written.count("(") > written.count(")")
        try:
            trees[path] = read(written, path, lambda text: parse(text, names, UNKNOWN))
        except FormulaError as error:
            tell(path, error.text, error.expected, _IN_QUOTES if torn else error.hint)
        except PrefixError as error:
            tell(error.path, error.found, error.expected, near=error.near)
    return trees


def make_nodes(scheme: Scheme) -> dict[str, Node]:
    """Return name → node of a scheme: an input is observed, a constant given, a value a formula of its own."""
    found: dict[str, Node] = {
        name: Observed(name, name, one.unit, (one.axis,) if one.axis else (), Title(name, name)) for name, one in BUILTINS.items()
    }
    found |= {name: Observed(name, name, one.unit, (), Title(one.title, one.title)) for name, one in scheme.inputs.items()}
    found |= {name: Coefficient(name, name, one.unit, (), Title(one.note, one.note)) for name, one in scheme.constants.items()}
    return found | {name: Rule(name, name, "1", (), Title(name, name), {}) for name in scheme.values}


def list_written_formulas(scheme: Scheme) -> Iterator[tuple[Path, Any]]:
    """Yield every formula of a scheme as it is written, with the path it stands at."""
    for name, written in scheme.values.items():
        yield ("values", name), written
    for name, fund in scheme.funds.items():
        for at, source in enumerate(fund.sources):
            if source.amount is not None:
                yield ("funds", name, "sources", str(at), "amount"), source.amount
    for at, operation in enumerate(scheme.rule):
        yield from _of_operation(("rule", str(at)), operation)
    for at, invariant in enumerate(scheme.invariants):
        for side, written in enumerate(invariant.equal):
            yield ("invariants", str(at), "equal", str(side)), written


def _of_operation(path: Path, operation: Any) -> Iterator[tuple[Path, Any]]:
    for field in _FIELDS:
        written = getattr(operation, field, None)
        if written is not None:
            yield (*path, field), written
    if operation.op == "subpools":
        for name, written in operation.funds.items():
            yield (*path, "funds", name), written
    if operation.op == "pay":
        for at, case in enumerate(operation.cases):
            for field in ("when", "amount"):
                if getattr(case, field) is not None:
                    yield (*path, "cases", str(at), field), getattr(case, field)


def read_meanings(scheme: Scheme) -> dict[str, Meaning]:
    """Return unit and axes of the constants and inputs; one whose unit cannot be read, which is told elsewhere, is bare."""
    found = {name: Meaning(_measure(one.unit), frozenset({one.axis} if one.axis else ())) for name, one in BUILTINS.items()}
    found |= {
        name: Meaning(_measure(one.unit), frozenset({find_axis(scheme, one)} if isinstance(one.value, dict) else ()))
        for name, one in scheme.constants.items()
    }
    for name, one in scheme.inputs.items():
        place = {"party": {PARTY}, "section": {SECTION}, "": set()}[one.by]
        period = set() if one.every == "year" else {one.every}
        found[name] = Meaning(_measure(one.unit), frozenset(place | period))
    return found


def _find_two_times(axes: frozenset[str]) -> tuple[str, str] | None:
    """Return two lengths of periods that meet, None where at most one is there."""
    found = [time for time in reversed(TIMES) if time in axes]
    return (found[0], found[1]) if len(found) > 1 else None


def _measure(unit: str) -> Measure | None:
    try:
        return parse_unit(unit).measure
    except UnitError:
        return None


def measure_formula(tree: Node, path: Path, known: Mapping[str, Meaning], tell: Tell) -> Meaning:
    """Return unit and axes of a formula; kinds must be the same, and a bare decimal is yuan, a class or points.

    Parameters
    ----------
    path  : where it stands in the document
    known : unit and axes by name
    tell  : takes each problem as path, found, expected, hint
    """
    customs = Customs(
        same=lambda one, other: one.dimensions == other.dimensions,
        apart=_find_two_times,
        tell=lambda _, found, expected, hint: tell(path, found, expected, hint),
        name=lambda unit: print_dimension(unit.dimensions),
        plain=lambda unit: unit.dimensions in BARE,
        known=known,
        years=True,
    )
    return measure(tree, customs)


def list_value_units(trees: Mapping[Path, Node], order: Iterable[str], known: Mapping[str, Meaning]) -> dict[str, str]:
    """Return the unit that each value is printed in.

    It is the one its formula states, yuan for money, else that of the first figure of its kind in the formula, so that 17 亩 and
    23.7 亩 come to 亩; a quantity of a kind that no figure has, such as a load, is in base units. Empty for plain numbers.

    Parameters
    ----------
    order : names of values, each after those it uses
    known : unit and axes by name
    """
    found: dict[str, str] = {}
    for name in order:
        found[name] = _find_unit(trees["values", name], known[name].measured.dimensions, found)
    return found


def _find_unit(tree: Node, kind: Dimension, values: Mapping[str, str]) -> str:
    if isinstance(tree, ShownIn | Leaf):
        return tree.unit
    if isinstance(tree, CONDITIONS):
        return TRUE_OR_FALSE
    if kind in {NUMBER, MONEY}:
        return "元" if kind else ""
    for part in walk_parts(tree):
        unit = part.unit if isinstance(part, Leaf) else values[part.id] if isinstance(part, Rule) else ""
        if unit not in {"", TRUE_OR_FALSE} and find_dimension(unit) == kind:
            return unit
    over, under = ([_name_base(name, power) for name, power in kind if power * sign > 0] for sign in (1, -1))
    below = f"/({'·'.join(under)})" if len(under) > 1 else f"/{under[0]}" if under else ""
    return ("·".join(over) or "1") + below


def _name_base(kind: str, power: Fraction) -> str:
    return _BASE.get(kind, kind.strip("[]")) + (f"{abs(power)}" if abs(power) != 1 else "")


def sort_axes(axes: frozenset[str]) -> tuple[str, ...]:
    """Return axes in the order of keys."""
    return tuple(axis for axis in AXES if axis in axes)


def list_results(trees: Mapping[Path, Node], tree: Node) -> set[str]:
    """Return the operations of the year itself whose results a formula needs, through the values it names, each followed once."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Earlier | InYear):
            continue
        if isinstance(one, Leaf) and one.id.startswith(RESULT):
            found.add(one.id.removeprefix(RESULT))
        elif isinstance(one, Rule):
            inner = trees.get(("values", one.id)) if one.id not in seen else None
            seen.add(one.id)
            waiting += [inner] if inner is not None else []
        else:
            waiting += children(one)
    return found


def list_later(trees: Mapping[Path, Node], order: Sequence[str]) -> set[str]:
    """Return the values that need a result of the year itself, so that they are there only when the operations are done.

    Parameters
    ----------
    order : all values, each behind those it names
    """
    found: set[str] = set()
    alone = {path: tree for path, tree in trees.items() if path[0] != "values"}
    for name in order:
        tree = trees["values", name]
        named = {part.id for part in _walk_now(tree) if isinstance(part, Rule)}
        if named & found or list_results(alone, tree):
            found.add(name)
    return found


def _walk_now(tree: Node) -> Iterator[Node]:
    """Yield the parts of a formula that are of the year itself."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, Earlier | InYear):
            yield one
            waiting += children(one)


def find_axis(scheme: Scheme, constant: Constant) -> str:
    """Return the axis of a constant given for each of several: sections where its keys are sections, else parties."""
    return (
        SECTION if isinstance(constant.value, dict) and scheme.sections and set(constant.value) <= set(scheme.sections) else PARTY
    )


def list_names_in(tree: Node) -> list[str]:
    """Return the inputs, constants and values that a formula names, each once."""
    return [leaf.id for leaf in list_names(tree)]
