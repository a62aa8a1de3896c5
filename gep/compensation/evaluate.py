"""Evaluates the values of a scheme exactly, for one year and those before it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.binding import bind
from gep.compensation.columns import PARTY, Column, along, constant, fold, join
from gep.compensation.expressions import Call, Literal, Name, Node
from gep.compensation.scheme import REQUIRED
from gep.compensation.types import COMPARE
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.units.exact import to_base
from gep.units.money import decimal, exact

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.compensation.binding import Bound, Figures
    from gep.compensation.checked import CheckedScheme
    from gep.compensation.facts import Facts
    from gep.compensation.members import Places

ZERO, ONE = Fraction(0), Fraction(1)
_FOLDS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "total": lambda cells: sum(cells, ZERO),
    "mean": lambda cells: sum(cells, ZERO) / len(cells),
    "most": max,
    "least": min,
    "sum": lambda cells: sum(cells, ZERO),
    "max": max,
    "min": min,
}
_COMPARED: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "le": lambda one, other: one <= other,
    "lt": lambda one, other: one < other,
    "ge": lambda one, other: one >= other,
    "gt": lambda one, other: one > other,
    "eq": lambda one, other: one == other,
}


class Values:
    """Columns by name and year, computed when they are asked for.

    Parameters
    ----------
    ready   : the scheme
    facts   : rows of inputs
    year    : the year that is computed
    changes : what-if: constant or input → value in its own unit; an input may be narrowed as name@place or name@place@part
    figures : reads figures of approved accounts
    """

    def __init__(
        self,
        ready: CheckedScheme,
        facts: Facts,
        year: int,
        places: Places,
        changes: dict[str, Fraction] | None = None,
        figures: Figures | None = None,
    ) -> None:
        self.ready, self.facts, self.year, self.places = ready, facts, year, places
        self.changes = changes or {}
        self.figures = figures
        self.bound: dict[int, Bound] = {}
        self._found: dict[tuple[str, int], Column] = {}
        self.constants = {
            name: self._constant(name)
            for name, one in ready.scheme.constants.items()
            if one.value != REQUIRED or name in self.changes
        }
        self.needed = [
            name for name, one in ready.scheme.inputs.items() if not one.needed_if or self.constants[one.needed_if].scalar != 0
        ]
        refuse(self._bind(year, self.needed).problems)

    def _constant(self, name: str) -> Column:
        one = self.ready.scheme.constants[name]
        factor = to_base(one.unit)
        if isinstance(one.value, str):
            return constant((self.changes[name] if name in self.changes else decimal(one.value)) * factor)
        return self._changed(
            name, Column((PARTY,), {(member,): decimal(text) * factor for member, text in one.value.items()}), factor
        )

    def _bind(self, year: int, names: list[str]) -> Bound:
        found = bind(self.ready, self.facts, year, names, self.figures, self.places, self.year)
        if year not in self.bound:
            self.bound[year] = found
        else:
            for part in ("used", "notes", "problems"):
                getattr(self.bound[year], part).extend(getattr(found, part))
            self.bound[year].columns.update(found.columns)
        for name in names:
            if year == self.year and name in found.columns:
                found.columns[name] = self._changed(name, found.columns[name], to_base(self.ready.scheme.inputs[name].unit))
        return found

    def _changed(self, name: str, column: Column, factor: Fraction) -> Column:
        cells = dict(column.cells)
        for change, number in self.changes.items():
            changed, *narrowed = change.split("@")
            if changed != name:
                continue
            wanted = [self.places.called.get(one, one) for one in narrowed]
            hit = [key for key in cells if all(one in key for one in wanted)]
            if not hit:
                refuse_one("--what-if", f"{change} meets no cell of {name}", f"{name}@PLACE or {name}@PLACE@PERIOD")
            cells.update(dict.fromkeys(hit, number * factor))
        return Column(column.axes, cells)

    def named(self, name: str, year: int) -> Column:
        """Return an input, constant or value of a year."""
        if name in self.constants:
            return self.constants[name]
        key = (name, year)
        if key not in self._found:
            if name in self.ready.scheme.inputs:
                if name not in self.needed:
                    self._found[key] = constant(ZERO)  # switched off by its constant, which multiplies it with zero
                else:
                    if year not in self.bound or name not in self.bound[year].columns:
                        refuse(self._bind(year, [name]).problems)
                    self._found[key] = self.bound[year].columns[name]
            else:
                self._found[key] = self.of(self.ready.trees["values", name], year)
        return self._found[key]

    def of(self, node: Node, year: int | None = None) -> Column:
        """Return what a tree evaluates to.

        Raises
        ------
        Problems : division by zero, a number no band or row holds, a share of nothing
        """
        year = self.year if year is None else year
        match node:
            case Literal():
                return constant(node.number)
            case Name():
                return self.named(node.name, year)
            case Call():
                return self._call(node, year)

    def _call(self, node: Call, year: int) -> Column:
        op = node.op
        if op == "previous":
            return self.of(node.args[0], year - 1)
        if op == "baseline":
            earlier = [self.of(node.args[0], year - back) for back in range(1, node.words[0] + 1)]
            return join(lambda *cells: sum(cells, ZERO) / len(cells), *earlier)
        if op == "delta":
            return join(lambda now, before: now - before, self.of(node.args[0], year), self.of(node.args[0], year - 1))
        if op == "member":
            return Column((PARTY,), {(member,): ONE if member == node.words[0] else ZERO for member in self.places.codes})
        args = [self.of(arg, year) for arg in node.args]
        if op in _SIMPLE:
            return join(_SIMPLE[op], *args)
        if op in COMPARE:
            compare = _COMPARED[op]
            return join(lambda one, other: ONE if compare(one, other) else ZERO, *args)
        if op in {"share", "minmax", "rank"} and PARTY not in args[0].axes:
            return args[0]  # an input that is switched off is a bare zero
        if op in {"total", "mean", "most", "least"}:
            if node.words[0] not in args[0].axes:
                return args[0]
            if not args[0].cells:
                return self._of_nothing(node, args[0])
            return fold(_FOLDS[op], args[0], node.words[0])
        if op == "div":
            return join(lambda one, other: self._divided(node, one, other), *args)
        if op == "weigh":
            pairs = [join(lambda weight, cell: weight * cell, *args[at : at + 2]) for at in range(0, len(args), 2)]
            weights = sum((column.scalar for column in args[::2]), ZERO)
            if weights != 1:
                raise self._refused(node, f"the weights sum to {exact(weights)}", "exactly 1")
            return join(lambda *cells: sum(cells, ZERO), *pairs)
        if op in {"share", "minmax", "rank"}:
            return along(getattr(self, f"_{op}")(node), args[0], PARTY)
        if op in {"bands", "table"}:
            return join(lambda cell, *rows: self._looked_up(node, cell, rows), *args)
        if op == "to_party":
            return self._to_party(args[0], node.words[0])
        return args[0]  # in: only the unit it is printed in

    def _of_nothing(self, node: Call, column: Column) -> Column:
        """Return the total of cells that were all skipped, which is 0; they have no mean, most or least."""
        rest = tuple(axis for axis in column.axes if axis != node.words[0])
        if node.op != "total":
            raise self._refused(node, f"every row is skipped: there is no {node.op} of nothing", "at least one row")
        return Column(rest, {}) if rest else constant(ZERO)

    def _divided(self, node: Call, one: Fraction, other: Fraction) -> Fraction:
        if other == 0:
            raise self._refused(node, "the divisor is zero", "a divisor other than 0")
        return one / other

    def _share(self, node: Call) -> Callable[[dict[str, Fraction]], dict[str, Fraction]]:
        def change(group: dict[str, Fraction]) -> dict[str, Fraction]:
            whole = sum(group.values(), ZERO)
            if whole == 0:
                raise self._refused(node, "the values sum to zero: there is no share of nothing", "at least one value above 0")
            return {member: cell / whole for member, cell in group.items()}

        return change

    def _minmax(self, node: Call) -> Callable[[dict[str, Fraction]], dict[str, Fraction]]:
        def change(group: dict[str, Fraction]) -> dict[str, Fraction]:
            low, high = min(group.values()), max(group.values())
            if low == high:
                raise self._refused(node, "all values are equal: there is no span to divide by", "values that differ")
            return {member: (cell - low) / (high - low) for member, cell in group.items()}

        return change

    def _rank(self, node: Call) -> Callable[[dict[str, Fraction]], dict[str, Fraction]]:  # noqa: ARG002 - as the others
        def change(group: dict[str, Fraction]) -> dict[str, Fraction]:
            ranked = sorted(group.values(), reverse=True)
            first = {cell: at for at, cell in reversed(list(enumerate(ranked, start=1)))}
            return {member: Fraction(first[cell]) for member, cell in group.items()}

        return change

    def _looked_up(self, node: Call, cell: Fraction, rows: tuple[Fraction, ...]) -> Fraction:
        if node.op == "table":
            for key, result in zip(node.words, rows, strict=True):
                if key == cell:
                    return result
            raise self._refused(
                node, f"no row of the table holds {exact(cell)}", f"one of {', '.join(exact(key) for key in node.words)}"
            )
        for at, result in enumerate(rows):
            if at >= len(node.words) or cell <= node.words[at]:
                return result
        raise self._refused(
            node, f"{exact(cell)} lies above the last band", f"at most {exact(node.words[-1])}", "a last row [above, ...]"
        )

    def _to_party(self, column: Column, how: str) -> Column:
        at = column.axes.index("section")
        groups: dict[tuple[str, ...], list[Fraction]] = {}
        for key, cell in column.cells.items():
            party = self.ready.scheme.sections[key[at]].party
            groups.setdefault((party, *(key[:at] + key[at + 1 :])), []).append(cell)
        axes = (PARTY, *(axis for axis in column.axes if axis != "section"))
        return Column(axes, {key: _FOLDS[how](cells) for key, cells in groups.items()})

    def _refused(self, node: Call, found: str, expected: str, hint: str = "") -> Problems:
        where = ".".join(node.path)
        return Problems(
            [Problem(self.ready.document.file, self.ready.document.line(node.path), f"{where}: {found}", expected, hint)]
        )


def _truth(cell: Fraction) -> bool:
    return cell != 0


_SIMPLE: dict[str, Callable[..., Fraction]] = {
    "sum": lambda *cells: sum(cells, ZERO),
    "sub": lambda one, other: one - other,
    "min": lambda *cells: min(cells),
    "max": lambda *cells: max(cells),
    "all": lambda *cells: ONE if all(map(_truth, cells)) else ZERO,
    "any": lambda *cells: ONE if any(map(_truth, cells)) else ZERO,
    "count_met": lambda *cells: Fraction(sum(map(_truth, cells))),
    "not": lambda cell: ZERO if cell else ONE,
    "positive": lambda cell: max(cell, ZERO),
    "clamp": lambda cell, low, high: min(max(cell, low), high),
    "deadband": lambda cell, band: ZERO if abs(cell) <= band else cell,
    "if": lambda when, then, other: then if when else other,
}


def _product(*cells: Fraction) -> Fraction:
    found = ONE
    for cell in cells:
        found *= cell
    return found


_SIMPLE["mul"] = _product
