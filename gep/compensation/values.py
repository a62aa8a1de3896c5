"""Values of the names of a scheme: inputs, constants and formulas by year, each computed when it is first asked for."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from gep.compensation.binding import bind, check_fact
from gep.compensation.builtin_names import compute_builtin
from gep.compensation.formulas import find_axis, measure_formula, sort_axes
from gep.compensation.periods import QUARTER_MONTHS
from gep.compensation.scheme import REQUIRED, Input
from gep.formula.exact import Column, evaluate, make_constant, make_reader
from gep.formula.nodes import MONTH, PARTY, RESULT, SECTION
from gep.formula.walk import walk_parts
from gep.formula.written import write
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import join_list, say
from gep.units.exact import convert_to_base
from gep.units.money import FEN_PER_YUAN, parse_decimal, write_decimal

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.compensation.binding import InputColumns, ReadAccountFigures
    from gep.compensation.checked import CheckedScheme
    from gep.compensation.facts import Facts
    from gep.compensation.members import Places
    from gep.compensation.periods import Span
    from gep.formula.nodes import Node


class Values:
    """Columns by name and year, computed when they are asked for.

    Parameters
    ----------
    ready   : the scheme
    facts   : rows of inputs
    span    : the days of the year that are computed
    changes : what-if: constant or input → value in its own unit; an input may be narrowed as name@place or name@place@part
    figures : reads figures of approved accounts
    """

    def __init__(
        self,
        ready: CheckedScheme,
        facts: Facts,
        span: Span,
        places: Places,
        changes: dict[str, Fraction] | None = None,
        figures: ReadAccountFigures | None = None,
    ) -> None:
        self.ready, self.facts, self.year, self.places = ready, facts, span.year, places
        self.span = span
        self.outcome: Callable[[str], Column] | None = None
        self.booked: Callable[[str, int], dict[str, int] | None] | None = None
        self.changes = changes or {}
        self.figures = figures
        self.bound: dict[int, InputColumns] = {}
        self._found: dict[tuple[str, int], Column] = {}
        self.constants = {
            name: self._constant(name)
            for name, one in ready.scheme.constants.items()
            if one.value != REQUIRED or name in self.changes
        }
        self.needed = [
            name for name, one in ready.scheme.inputs.items() if not one.needed_if or self.constants[one.needed_if].scalar != 0
        ]
        refuse(self._bind(self.year, self.needed).problems)

    def _constant(self, name: str) -> Column:
        one = self.ready.scheme.constants[name]
        factor = convert_to_base(one.unit)
        if isinstance(one.value, str):
            return make_constant((self.changes[name] if name in self.changes else parse_decimal(one.value)) * factor)
        return self._changed(
            name,
            Column(
                (find_axis(self.ready.scheme, one),),
                {(member,): parse_decimal(text) * factor for member, text in one.value.items()},
            ),
            factor,
        )

    def _bind(self, year: int, names: list[str]) -> InputColumns:
        span = self.find_span(year)
        found = bind(self.ready, self.facts, span, names, self.figures, self.places, self.year)
        if year not in self.bound:
            self.bound[year] = found
        else:
            for part in ("used", "rests", "notes", "problems"):
                getattr(self.bound[year], part).extend(getattr(found, part))
            self.bound[year].columns.update(found.columns)
        for name in names:
            if year == self.year and name in found.columns:
                found.columns[name] = self._changed(
                    name, found.columns[name], convert_to_base(self.ready.scheme.inputs[name].unit)
                )
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
                refuse_one(
                    "--what-if",
                    say("{change} meets no cell of {name}", change=change, name=name),
                    say("{name}@PLACE or {name}@PLACE@PERIOD", name=name),
                )
            self._refuse_out_of_range(change, number)
            cells.update(dict.fromkeys(hit, number * factor))
        return Column(column.axes, cells)

    def _refuse_out_of_range(self, change: str, number: Fraction) -> None:
        one = self.ready.scheme.inputs.get(change.split("@", maxsplit=1)[0])
        if one is None:
            return
        if one.range is not None and not parse_decimal(one.range[0]) <= number <= parse_decimal(one.range[1]):
            refuse_one(
                "--what-if",
                say("{change} supposes {number} {unit}", change=change, number=write_decimal(number), unit=one.unit),
                say("between {low} and {high} {unit}", low=one.range[0], high=one.range[1], unit=one.unit),
            )

    def _result(self, name: str, year: int) -> Column:
        """Return what an operation gave each member: so far in the year that is computed, or as an earlier year is booked."""
        operation = name.removeprefix(RESULT)
        if year == self.year and self.outcome is not None:
            return self.outcome(operation)
        known = self.booked(operation, year) if self.booked is not None else None
        if known is not None:
            codes = self.places.codes
            return Column((PARTY,), {(member,): Fraction(known.get(code, 0), FEN_PER_YUAN) for member, code in codes.items()})
        cells: dict[tuple[str, ...], Fraction] = {}
        for (place, of_year, part), fact in self.facts.of(name).items():
            member = self.places.called.get(place)
            if of_year == year and not part and member is not None:
                value = check_fact(self.ready, name, Input(unit="元"), fact, self.bound[self.year])
                if value is not None:
                    cells[(member,)] = value
        refuse(self.bound[self.year].problems)
        lacking = [member for member in self.places.codes if (member,) not in cells]
        if lacking:
            refuse_one(
                self.ready.document.file,
                say(
                    "what {operation} gave {names} in {year} is not known",
                    operation=operation,
                    names=join_list(lacking[:6]),
                    year=year,
                ),
                say("a posted run of {year}", year=year),
                say("or a row {name} of every member for {year}, in yuan", name=name, year=year),
            )
        return Column((PARTY,), cells)

    def find_span(self, year: int) -> Span:
        """Return the days of a year that formulas run over: those that are computed, and all of an earlier year."""
        return self.span if year == self.year else self.span.before(self.year - year)

    def named(self, name: str, year: int) -> Column:
        """Return an input, constant or value of a year, in its base unit.

        Raises
        ------
        Problems : facts of an input that are missing, not final, out of range or in a unit that does not fit
        """
        if name in self.constants:
            return self.constants[name]
        if name.startswith(RESULT):
            return self._result(name, year)
        key = (name, year)
        if key not in self._found:
            if name in self.ready.scheme.inputs:
                if name not in self.needed:
                    self._found[key] = make_constant(Fraction(0))  # switched off by its constant, which multiplies it with zero
                else:
                    if year not in self.bound or name not in self.bound[year].columns:
                        refuse(self._bind(year, [name]).problems)
                    self._found[key] = self.bound[year].columns[name]
            elif name in self.ready.scheme.values:
                self._found[key] = self.of(self.ready.trees["values", name], year)
            else:
                self._found[key] = compute_builtin(name, self.find_span(year))
        return self._found[key]

    def of(self, node: Node, year: int | None = None) -> Column:
        """Return the value of a formula, exact, over the axes it varies along.

        Parameters
        ----------
        year : None: the year that is computed

        Raises
        ------
        Problems : division by zero, a number no band holds, a share of nothing
        """
        return evaluate(node, self.year if year is None else year, self)

    def members(self, over: str) -> list[str]:
        """Return the members of an axis."""
        return list(self.places.codes) if over == PARTY else list(self.ready.scheme.sections)

    def spread(self, column: Column, node: Node, year: int) -> Column:
        """Return a column, the same for all members of the axes that a formula varies along besides; the formula is not computed."""
        axes = sort_axes(measure_formula(node, (), self.ready.meanings, _keep_silent).axes | {*column.axes})
        if axes == column.axes or not column.cells:
            return Column(axes, column.cells)
        parts = self.find_span(year).list_parts
        known = {axis: self.members(axis) if axis in {PARTY, SECTION} else [*parts(axis)] for axis in axes}
        read = make_reader(column, axes)
        found = ((key, read(key)) for key in product(*(known[axis] for axis in axes)))
        return Column(axes, {key: cell for key, cell in found if cell is not None})

    def belongs_to(self, member: str, over: str, by: str) -> str:
        """Return the party that a section speaks for, or the month or quarter that a day or month lies in."""
        if over == SECTION:
            return self.ready.scheme.sections[member].member
        month = member[:2]
        return month if by == MONTH else f"Q{(int(month) - 1) // QUARTER_MONTHS + 1}"

    def refused(self, node: Node, found: str, expected: str, hint: str = "") -> Problems:
        """Return, to be raised, the problem of a formula without a value, with the part of it that has none."""
        path = next((path for path, tree in self.ready.trees.items() if any(part is node for part in walk_parts(tree))), ())
        where = say("{where}, in {part}: {found}", where=".".join(path), part=write(node), found=found)
        return Problems([Problem(self.ready.document.file, self.ready.document.line(path), where, expected, hint)])


def _keep_silent(path: tuple[str, ...], found: str, expected: str = "", hint: str = "") -> None:
    """Take no notice of what a formula that was checked may be told for again."""
