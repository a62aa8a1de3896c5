"""Names that every scheme knows without declaring them: days and months of the year that is computed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from gep.formula.exact import Column, make_constant
from gep.formula.nodes import MONTH, QUARTER
from gep.units.exact import convert_to_base

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.compensation.periods import Span


@dataclass(frozen=True)
class Builtin:
    """A name with its unit and axis; `periodic`: money it makes is of the days that are computed already."""

    unit: str
    axis: str
    compute: Callable[[Span], Column]
    periodic: bool = True


def _days(number: int) -> Fraction:
    return Fraction(number) * convert_to_base("d")


def _days_of_parts(every: str) -> Callable[[Span], Column]:
    def compute(span: Span) -> Column:
        cells: dict[tuple[str, ...], Fraction] = {}
        for key, (year, _) in span.list_parts(every).items():
            begins, ends = span.find_days(key, year)
            cells[(key,)] = _days((ends - begins).days + 1)
        return Column((every,), cells)

    return compute


BUILTINS: dict[str, Builtin] = {
    "days_in_month": Builtin("d", MONTH, _days_of_parts("month")),
    "days_in_quarter": Builtin("d", QUARTER, _days_of_parts("quarter")),
    "days_in_year": Builtin("d", "", lambda span: make_constant(_days((span.ends - span.begins).days + 1)), periodic=False),
    "days_in_force": Builtin("d", "", lambda span: make_constant(_days(span.count_days()))),
    "months_in_force": Builtin("1", "", lambda span: make_constant(span.count_months())),
    "year": Builtin("1", "", lambda span: make_constant(Fraction(span.year)), periodic=False),
}
"""Name → what it is; an input, constant or value of the same name takes its place."""


def compute_builtin(name: str, span: Span) -> Column:
    """Return what a name comes to in a span, in base units.

    Raises
    ------
    KeyError : no such name; a mistake of ours
    """
    return BUILTINS[name].compute(span)
