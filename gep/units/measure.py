"""A unit multiplied out: which units it is made of, its exact size, and the dimensions it measures."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gep.records import dataclass

Powers = tuple[tuple[str, Fraction], ...]
"""Names with their powers, sorted by name, none of them 0."""


@dataclass(frozen=True)
class Measure:
    """What a unit is.

    Attributes
    ----------
    size       : how many base units (kg, m, s, yuan …) it is; a float only where a root made it irrational
    names      : the units it is written with, as pint calls them; `1000 m` and `1 km` have one size and other names
    dimensions : what it measures; () is a plain number
    """

    size: Fraction | float
    names: Powers
    dimensions: Powers

    def __mul__(self, other: Measure) -> Measure:
        return Measure(self.size * other.size, _joined(self.names, other.names, 1), _joined(self.dimensions, other.dimensions, 1))

    def __truediv__(self, other: Measure) -> Measure:
        return Measure(
            self.size / other.size, _joined(self.names, other.names, -1), _joined(self.dimensions, other.dimensions, -1)
        )


PLAIN = Measure(Fraction(1), (), ())
"""A plain number."""


def sort_powers(powers: Any) -> Powers:
    """Return the powers of a mapping of names, as exact numbers."""
    return tuple(sorted((str(name), Fraction(power)) for name, power in powers.items() if power))


def write_measure(measure: Measure) -> dict[str, Any]:
    """Return a measure as plain values for JSON; `read_measure` reads an exact size back exactly."""
    return {
        "size": str(measure.size),
        "names": {name: str(power) for name, power in measure.names},
        "dimensions": {name: str(power) for name, power in measure.dimensions},
    }


def read_measure(written: dict[str, Any]) -> Measure:
    """Return the measure that `write_measure` wrote."""
    return Measure(Fraction(written["size"]), sort_powers(written["names"]), sort_powers(written["dimensions"]))


def _joined(one: Powers, other: Powers, sign: int) -> Powers:
    powers = dict(one)
    for name, power in other:
        powers[name] = powers.get(name, Fraction(0)) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))
