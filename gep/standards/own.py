"""What a standard of one's own may declare: figures, parameters with their values, formulas, lines and classes, as YAML."""

from __future__ import annotations

from pydantic import Field

from gep.files.schema import BilingualTitle, Part
from gep.formula.nodes import ECOSYSTEM, POLLUTANT
from gep.reference.marks import Mark  # noqa: TC001 - pydantic reads it
from gep.variables.declare import PRICES


class OwnVariable(Part):
    """A figure that a county reports, beside those of the glossary."""

    title: BilingualTitle
    unit: str
    """Of computation; money is CNY, yearly amounts end in /yr."""
    axes: tuple[str, ...] = ()
    """What it varies over: ecosystem, pollutant, or a list of the county's own under any name."""
    department: str = PRICES
    about: str = ""
    symbol: str = ""
    extent: bool = False
    """Whether its rows say which members the county has, as areas do."""
    whole: bool = False
    """Whether it may be given for the county as a whole, not allotted to members."""
    least: float | None = 0.0
    most: float | None = None


class OwnValue(Part):
    """A value of a coefficient, as a row of a coefficient table; empty members mean any."""

    value: float
    unit: str = ""
    """As printed in the source; empty: that of the coefficient. A price names its year, CNY_2014/t."""
    low: float | None = None
    high: float | None = None
    year: str = ""
    region: str = "CN"
    ecosystem: str = ""
    pollutant: str = ""
    product: str = ""
    applies_from: int | None = None
    applies_to: int | None = None
    source: str
    locator: str = ""
    mark: Mark
    note: str = ""


class OwnCoefficient(Part):
    """A parameter or price, beside those of the program."""

    title: BilingualTitle
    unit: str
    axes: tuple[str, ...] = ()
    symbol: str = ""
    least: float | None = None
    most: float | None = None
    values: tuple[OwnValue, ...] = ()
    """Empty: the county enters it with its figures."""


class OwnRule(Part):
    """A formula: of a rule of the program, which it replaces, or of a rule of its own, which others may name."""

    formula: str
    unit: str = ""
    """Needed for a rule of its own; a rule of the program has its unit."""
    title: BilingualTitle | None = None
    symbol: str = ""
    source: str = ""
    """Empty: the source of the standard."""
    clause: str = ""
    mark: Mark | None = None
    """None: the mark of the standard."""
    caution: BilingualTitle | None = None


class OwnLine(Part):
    """A line of a service: quantity × price = value, each a formula."""

    title: BilingualTitle
    quantity: str = ""
    unit: str = ""
    """Of the quantity."""
    price: str = ""
    price_unit: str = ""
    value: str = ""
    """Empty: quantity * price."""
    ecosystems: tuple[str, ...] = ()
    """Ecosystem types that the line counts, a type with all below it; empty: all that the service counts."""
    pollutants: tuple[str, ...] = ()
    """Pollutants that the line counts; empty: all that the service counts."""
    besides: tuple[str, ...] = ()
    """Lines that value the same flow in another respect, so that both count."""
    negative: bool = False
    """Whether the line may be below zero: a loss, a cost, a load."""
    symbol: str = ""
    source: str = ""
    clause: str = ""
    mark: Mark | None = None
    caution: BilingualTitle | None = None


class OwnShown(Part):
    """A figure that is only shown: a formula of results, which no total counts."""

    title: BilingualTitle
    formula: str
    unit: str
    """As it is printed: 万元/hm2, %, CNY/person."""
    symbol: str = ""
    source: str = ""
    clause: str = ""
    mark: Mark | None = None


class OwnParts(Part):
    """The part of a standard that declares what the program does not have, and what formulas in it take over from the whole."""

    source: str
    mark: Mark
    """How far the text of the standard is known."""
    physical: bool = False
    """Whether the standard accounts quantities only and knows no prices."""
    variables: dict[str, OwnVariable] = Field(default_factory=dict)
    coefficients: dict[str, OwnCoefficient] = Field(default_factory=dict)
    values: dict[str, tuple[OwnValue, ...]] = Field(default_factory=dict)
    """Coefficient of the program → values that go before those of the program."""
    rules: dict[str, OwnRule] = Field(default_factory=dict)
    lines: dict[str, OwnLine] = Field(default_factory=dict)
    """`service.name` → a line that the service counts besides its own."""
    shown: dict[str, OwnShown] = Field(default_factory=dict)
    """`gep.name` or `service.name` → a figure that is only shown."""
    classes: tuple[str, ...] = ()
    """Ecosystem types of one's own, each under a type of the program: `forest/杉木林`."""

    @property
    def limits(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return line → axis → the members it counts, of lines that count only some; a whole standard adds services."""
        stated = {name: {ECOSYSTEM: line.ecosystems, POLLUTANT: line.pollutants} for name, line in self.lines.items()}
        return {name: kept for name, axes in stated.items() if (kept := {axis: one for axis, one in axes.items() if one})}

    @property
    def declares(self) -> bool:
        """Return whether anything is declared here."""
        return bool(self.variables or self.coefficients or self.values or self.rules or self.lines or self.classes)
